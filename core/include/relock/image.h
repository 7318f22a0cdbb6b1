/*
 * A firmware image as sorted segments over a buffer that the caller owns.
 *
 * Invariants after a successful load: segments are sorted, do not touch or overlap, start and end on multiples of 16
 * (padded with `erased_value`), and data of segment i is bytes[offset .. offset + length). Sectors of all known chips
 * are multiples of 16 bytes, so padding never leaves a segment's first or last sector. Which bytes are padding is noted
 * cell by cell: on an open device something else may be there, which is not the firmware's to destroy.
 */
#ifndef RELOCK_IMAGE_H
#define RELOCK_IMAGE_H

#include "relock/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_IMAGE_SEGMENTS_MAX      256U
#define RLK_IMAGE_PARTIAL_CELLS_MAX 512U
#define RLK_IMAGE_ALIGNMENT_BYTES   16U
#define RLK_IMAGE_FILE_BYTES_MAX    (32U * 1024U * 1024U)
#define RLK_IMAGE_PAYLOAD_BYTES_MAX (8U * 1024U * 1024U)

/* What a file is, by its content. The order is the one in which it is asked: a raw binary is what nothing else fits. */
enum rlk_image_format {
    RLK_IMAGE_BY_CONTENT, /* of a file that is to be loaded: find out */
    RLK_IMAGE_HEX,        /* Intel HEX (Intel, "Hexadecimal Object File Format Specification", 1988) */
    RLK_IMAGE_SREC,       /* Motorola S-records: S0 to S3, S5 to S9 */
    RLK_IMAGE_ELF,        /* a linked 32-bit little-endian program for ARM: its PT_LOADs by physical address */
    RLK_IMAGE_DFUSE,      /* ST's .dfu (UM0391), with its suffix */
    RLK_IMAGE_UF2,        /* Microsoft's UF2 (github.com/microsoft/uf2) */
    RLK_IMAGE_GZIP,       /* named so that hosts can inflate it; the core does not */
    RLK_IMAGE_OTHER,      /* an archive or a document: known to be no firmware */
    RLK_IMAGE_DFU_BINARY, /* a raw binary with a DFU suffix (USB DFU 1.1, appendix B), which is checked and left out */
    RLK_IMAGE_BINARY,
    RLK_IMAGE_FORMATS
};

/* A file, or a part of one, that is to be loaded. */
struct rlk_image_file {
    const uint8_t *bytes; /* the caller's */
    size_t length;
    enum rlk_image_format format;
    bool has_addr; /* raw binaries need an address; all others carry theirs, and this one is not looked at */
    uint32_t addr;
};

/* What a file says besides its data. Hints for people and for checks, never a reason to erase or to write. */
struct rlk_image_about {
    enum rlk_image_format format;
    bool has_entry; /* of HEX, S-records and ELF: where the program begins, as the linker has it */
    uint32_t entry;
    bool has_family_id; /* UF2: relock/image_family.h */
    uint32_t family_id;
    bool has_dfu_suffix; /* 0xFFFF: any */
    uint16_t vendor_id, product_id, bcd_device;
};

struct rlk_segment {
    uint32_t addr;
    uint32_t length; /* > 0, multiple of 16 */
    uint32_t offset; /* into bytes[] */
};

/* An aligned cell of 16 bytes of which the file gives some only. */
struct rlk_partial_cell {
    uint32_t addr;
    uint16_t given; /* bit i: the byte at addr + i is the file's; the others are padding */
};

struct rlk_image {
    uint8_t *bytes;  /* caller's */
    size_t capacity; /* of bytes, in bytes */
    size_t size;     /* used */
    uint8_t erased_value;
    uint64_t digest; /* FNV-1a 64 over addresses, lengths and bytes: names the image in questions and journal */
    uint32_t crc32;  /* CRC-32 (zlib's) over the bytes */
    struct rlk_image_about about;
    size_t segment_count;
    struct rlk_segment segments[RLK_IMAGE_SEGMENTS_MAX];
    size_t partial_cell_count;
    bool has_more_partial_cells; /* than are noted: of the others all bytes pass for the file's */
    struct rlk_partial_cell partial_cells[RLK_IMAGE_PARTIAL_CELLS_MAX]; /* sorted */
};

/* Where a file is wrong. */
struct rlk_image_place {
    uint32_t line;   /* from 1; 0 if not a text file */
    uint32_t addr;   /* the device address concerned, 0 if none */
    uint32_t offset; /* the byte of the file, from 0; 0 in text */
    bool has_addr;   /* one is concerned */
};

/* Empties `image` over the caller's buffer. erased_value is that of the family: what fills the padding. */
void rlk_image_init(struct rlk_image *image, uint8_t *bytes, size_t capacity, uint8_t erased_value);

/* What the bytes are; RLK_IMAGE_BINARY if nothing else. Looks at the beginning and at the last 16 bytes, and checks
 * little: loading does. Never fails. */
enum rlk_image_format rlk_image_recognise(const uint8_t *bytes, size_t length);

/* Does loading such a file need an address? */
bool rlk_image_needs_addr(enum rlk_image_format format);

/* "intel-hex", "s-record", "elf", "dfuse", "uf2", "gzip", "other", "dfu-binary", "binary"; "" beyond. */
const char *rlk_image_format_name(enum rlk_image_format format);

/*
 * The bytes of buffer that a file needs as an image: call it first where memory is to be allocated to measure. Scans
 * and checks the whole file. `*needed` is at most RLK_IMAGE_PAYLOAD_BYTES_MAX. Same errors as rlk_image_load. Uses
 * about 30 KiB of stack.
 */
enum rlk_error rlk_image_measure(const struct rlk_image_file *file, size_t *needed, struct rlk_image_place *place);

/*
 * Loads a file. Pieces closer than 16 bytes are merged; both ends of each piece are padded to multiples of 16. `place`
 * may be NULL. A raw binary may lie anywhere inside the buffer, all others outside of it. May fail with
 * RLK_E_FILE_EMPTY, FILE_TOO_LARGE (also: larger than the buffer), FILE_UNKNOWN_FORMAT (of OTHER), FILE_TRUNCATED,
 * FILE_COMPRESSED, BINARY_WITHOUT_ADDRESS, FILE_PAST_END (a binary past 2^32), HEX_*, SREC_*, ELF_*, DFU_*, UF2_*,
 * IMAGE_OVERLAP, IMAGE_EMPTY, IMAGE_PAST_END, IMAGE_HITS_OPTION_BYTES (of DfuSe), IMAGE_TOO_SCATTERED (also: more than
 * 2048 pieces on the way, gaps of single bytes counted); the image is then empty. Uses about 20 KiB of stack.
 */
enum rlk_error rlk_image_load(struct rlk_image *image, const struct rlk_image_file *file,
                              struct rlk_image_place *place);

/*
 * Adds what `other` holds: several files become one image, the same in whichever order they are added. Each was loaded
 * or, for `image`, initialised and still empty; buffers may not overlap. Neighbours that touch become one segment.
 * What both say of themselves alike is kept, the rest forgotten; but the family id of one stays.
 * Fails with RLK_E_IMAGE_OVERLAP (also where both touch the same 16 bytes), IMAGE_TOO_SCATTERED, FILE_TOO_LARGE (also:
 * larger than the buffer), UF2_FAMILY (two ids); `image` is then as it was. Never keeps a pointer into `other`. Uses
 * about 8 KiB of stack.
 */
enum rlk_error rlk_image_add(struct rlk_image *image, const struct rlk_image *other);

/* The segment that holds `addr`, padding or not; NULL if none does. */
const struct rlk_segment *rlk_image_segment_at(const struct rlk_image *image, uint32_t addr);

/* Which bytes of the aligned 16 around `addr` are the file's, as in struct rlk_partial_cell; and whether the byte at
 * `addr` is. None are outside of the segments. */
uint16_t rlk_image_cell_given(const struct rlk_image *image, uint32_t addr);
bool rlk_image_gives(const struct rlk_image *image, uint32_t addr);

/* The digest of what the image holds now; image->digest is that of what was loaded. */
uint64_t rlk_image_digest(const struct rlk_image *image);

#endif
