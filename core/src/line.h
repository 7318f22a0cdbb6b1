/*
 * One line of text, built piece by piece into the caller's buffer: always NUL-terminated, cut where it ends.
 * Internal to core.
 */
#ifndef RELOCK_LINE_H
#define RELOCK_LINE_H

#include <stddef.h>
#include <stdint.h>

struct rlk_line {
    char *text;      /* caller's */
    size_t capacity; /* of text, in bytes; may be 0 */
    size_t length;   /* without the NUL; never more than capacity - 1 */
};

/* Starts an empty line over the caller's buffer. `text` may be NULL if `capacity` is 0. */
void rlk_line_init(struct rlk_line *line, char *text, size_t capacity);

/* Append text, a decimal number, or a number as exactly `digits` upper- or lower-case hexadecimal digits (1 to 16). */
void rlk_line_add(struct rlk_line *line, const char *text);
void rlk_line_add_number(struct rlk_line *line, uint32_t value);
void rlk_line_add_hex(struct rlk_line *line, uint64_t value, unsigned digits, char letter_a);

#endif
