/*
 * Writes Intel HEX for tests: records as told, with right checksums.
 */
#ifndef RELOCK_TESTS_HEX_WRITER_H
#define RELOCK_TESTS_HEX_WRITER_H

#include <stddef.h>
#include <stdint.h>

#define HEX_TEXT_BYTES (1024U * 1024U)

struct hex_text {
    size_t length;
    char text[HEX_TEXT_BYTES];
};

enum { HEX_DATA, HEX_END, HEX_SEGMENT, HEX_SEGMENT_START, HEX_LINEAR, HEX_LINEAR_START };

/* Empties `hex`. */
void hex_clear(struct hex_text *hex);

/* Appends text as it is. */
void hex_add_text(struct hex_text *hex, const char *text);

/* Appends one record and a newline; `data` has `length` bytes. */
void hex_add(struct hex_text *hex, unsigned type, uint16_t offset, const uint8_t *data, uint8_t length);

/* Appends a record of type 02 or 04. */
void hex_add_base(struct hex_text *hex, unsigned type, uint16_t base);

/* Appends `length` bytes at `addr`: a type 04 record and a data record. They must not cross 64 KiB. */
void hex_add_at(struct hex_text *hex, uint32_t addr, const uint8_t *data, uint8_t length);

/* Appends the end record. */
void hex_add_end(struct hex_text *hex);

#endif
