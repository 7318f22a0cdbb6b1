/*
 * How the loaders read files: a walker per format gives the file's data piece by piece, in the file's order, over the
 * bytes that the caller holds. Private to the image loaders.
 *
 * Invariant: the bytes are const and a reader keeps no state outside itself, so two walks give the same pieces.
 */
#ifndef RELOCK_IMAGE_WALK_H
#define RELOCK_IMAGE_WALK_H

#include "relock/image.h"

/* The longest line of HEX or S-records as bytes: 255 and what stands around them. */
#define RLK_RECORD_BYTES_MAX 260U

/* What one piece fills; length 0 after the last. */
struct rlk_chunk {
    uint32_t addr;
    uint32_t length;
    const uint8_t *data; /* in the file or in the reader */
};

struct rlk_image_reader {
    const struct rlk_image_file *file;
    const uint8_t *bytes; /* the file's */
    size_t length;
    size_t at;
    uint32_t line; /* 0 in files that are no text */
    bool has_addr; /* one is concerned now, for error messages */
    uint32_t addr; /* 0 if none is */
    bool has_ended;
    struct rlk_image_about about;
    union {
        struct {
            uint32_t base;
            bool is_segmented; /* base comes from record 02: offsets wrap at 64 KiB */
        } hex;
        struct {
            uint32_t records;
            bool is_counted; /* the count record was there */
        } srec;
        struct {
            uint32_t programs_left, sections; /* program headers to come; section headers in all */
            uint32_t section;                 /* where to go on in the program header of now */
            bool has_section;                 /* one was found in it */
        } elf;
        struct {
            uint32_t targets_left, elements_left;
            size_t target_end, end;
        } dfuse;
        struct {
            bool has_flash_block; /* the first one says for which family */
        } uf2;
    } of;
    uint8_t record[RLK_RECORD_BYTES_MAX];
};

struct rlk_image_walker {
    const char *name;
    /* Is it this format? The first walker that says so has it. */
    bool (*looks_like)(const uint8_t *bytes, size_t length);
    /* Reads what stands before the data; NULL if nothing does. */
    enum rlk_error (*begin)(struct rlk_image_reader *reader);
    /* The next piece. On failure `at`, `line` and `addr` are where. */
    enum rlk_error (*next)(struct rlk_image_reader *reader, struct rlk_chunk *chunk);
    bool needs_addr;
};

extern const struct rlk_image_walker rlk_walk_hex;
extern const struct rlk_image_walker rlk_walk_srec;
extern const struct rlk_image_walker rlk_walk_elf;
extern const struct rlk_image_walker rlk_walk_dfuse;
extern const struct rlk_image_walker rlk_walk_uf2;
extern const struct rlk_image_walker rlk_walk_dfu_binary;
extern const struct rlk_image_walker rlk_walk_other;

/* Numbers as these formats have them, the lowest byte first. */
uint32_t rlk_le16(const uint8_t *bytes);
uint32_t rlk_le32(const uint8_t *bytes);

/* Which device address is concerned from now on; none. */
void rlk_reader_is_at(struct rlk_image_reader *reader, uint32_t addr);
void rlk_reader_is_nowhere(struct rlk_image_reader *reader);

/* Gives `length` bytes of the file from `offset` on, which the caller knows to lie in it, as a piece at `addr`. Fails
 * with RLK_E_IMAGE_PAST_END. */
enum rlk_error rlk_chunk_take(struct rlk_image_reader *reader, struct rlk_chunk *chunk, uint32_t addr, size_t offset,
                              uint32_t length);

/* Gives the file's first `length` bytes as the one piece of a raw binary. Fails with RLK_E_FILE_TOO_LARGE,
 * FILE_PAST_END. */
enum rlk_error rlk_take_raw(struct rlk_image_reader *reader, struct rlk_chunk *chunk, size_t length);

#endif
