/*
 * A firmware image as sorted segments over a buffer that the caller owns.
 *
 * Invariants after a successful load: segments are sorted, do not touch or overlap, start and end on multiples of 16
 * (padded with `erased_value`), and data of segment i is bytes[offset .. offset + length). Sectors of all known chips
 * are multiples of 16 bytes, so padding never leaves a segment's first or last sector.
 */
#ifndef RELOCK_IMAGE_H
#define RELOCK_IMAGE_H

#include "relock/error.h"
#include <stddef.h>
#include <stdint.h>

#define RLK_IMAGE_SEGMENTS_MAX      256U
#define RLK_IMAGE_ALIGNMENT_BYTES   16U
#define RLK_IMAGE_FILE_BYTES_MAX    (32U * 1024U * 1024U)
#define RLK_IMAGE_PAYLOAD_BYTES_MAX (8U * 1024U * 1024U)

struct rlk_segment {
    uint32_t addr;
    uint32_t length; /* > 0, multiple of 16 */
    uint32_t offset; /* into bytes[] */
};

struct rlk_image {
    uint8_t *bytes;  /* caller's */
    size_t capacity; /* of bytes, in bytes */
    size_t size;     /* used */
    uint8_t erased_value;
    uint64_t digest; /* FNV-1a 64 over addresses, lengths and bytes: names the image in questions and journal */
    uint32_t crc32;  /* CRC-32 (zlib's) over the bytes */
    size_t segment_count;
    struct rlk_segment segments[RLK_IMAGE_SEGMENTS_MAX];
};

/* Where a file is wrong. */
struct rlk_image_place {
    uint32_t line; /* from 1; 0 if not a text file */
    uint32_t addr; /* the device address concerned, 0 if none */
};

/* Empties `image` over the caller's buffer. erased_value is 0xFF for the families known so far. */
void rlk_image_init(struct rlk_image *image, uint8_t *bytes, size_t capacity, uint8_t erased_value);

/*
 * The bytes of buffer that an Intel HEX text needs: call it first where memory is to be allocated to measure. Scans and
 * checks the whole text. `*needed` is at most RLK_IMAGE_PAYLOAD_BYTES_MAX. Same errors as rlk_image_load_hex.
 */
enum rlk_error rlk_image_measure_hex(const char *text, size_t length, size_t *needed, struct rlk_image_place *place);

/*
 * Loads Intel HEX (record types 00 to 05; LF, CRLF or CR; records in any order). Segments closer than 16 bytes are
 * merged. `place` may be NULL. May fail with RLK_E_FILE_EMPTY, FILE_TOO_LARGE (also: larger than the buffer), HEX_*,
 * IMAGE_OVERLAP, IMAGE_EMPTY, IMAGE_TOO_SCATTERED (also: more than 2048 pieces on the way, gaps of single bytes
 * counted); the image is then empty. Uses about 20 KiB of stack.
 */
enum rlk_error rlk_image_load_hex(struct rlk_image *image, const char *text, size_t length,
                                  struct rlk_image_place *place);

/*
 * Loads a raw binary that belongs at `addr`. The buffer needs room for the padding too: up to 15 bytes at each end.
 * `data` may lie anywhere inside it. `place` may be NULL. May fail with RLK_E_FILE_EMPTY, FILE_TOO_LARGE (also: larger
 * than the buffer), FILE_PAST_END (past 2^32); the image is then empty.
 */
enum rlk_error rlk_image_load_binary(struct rlk_image *image, const uint8_t *data, size_t length, uint32_t addr,
                                     struct rlk_image_place *place);

/*
 * Adds what `other` holds: several files become one image, the same in whichever order they are added. Each was loaded
 * or, for `image`, initialised and still empty; buffers may not overlap. Neighbours that touch become one segment.
 * Fails with RLK_E_IMAGE_OVERLAP (also where both touch the same 16 bytes), IMAGE_TOO_SCATTERED, FILE_TOO_LARGE (also:
 * larger than the buffer); `image` is then as it was. Never keeps a pointer into `other`. Uses about 3 KiB of stack.
 */
enum rlk_error rlk_image_add(struct rlk_image *image, const struct rlk_image *other);

/* The digest of what the image holds now; image->digest is that of what was loaded. */
uint64_t rlk_image_digest(const struct rlk_image *image);

/* True if the text looks like Intel HEX: its first character that is not white space is ':' followed by a record. */
int rlk_image_looks_like_hex(const char *text, size_t length);

#endif
