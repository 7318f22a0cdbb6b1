/*
 * What a family's ROM announces: USB ids, protocol version, flash and option bytes. Internal to core.
 */
#ifndef RELOCK_CHIP_SHAPES_H
#define RELOCK_CHIP_SHAPES_H

#include "relock/chip.h"

#define RLK_SHAPE_GROUPS_MAX 3U
#define RLK_SHAPE_COUNTS_MAX 7U
#define RLK_ANY_ID           0xFFFFU

/* How a ROM's bcdDevice begins: 20.00 to 22.xx is generation A, 02.xx B and C; foreign ones say anything. */
enum rlk_shape_version { RLK_VERSION_A, RLK_VERSION_B, RLK_VERSION_ANY };

/* Which alternates with option bytes there are. */
enum rlk_shape_options {
    RLK_SHAPE_ONE_BLOCK,        /* at options_addr */
    RLK_SHAPE_TWO_BLOCKS,       /* and at options2_addr */
    RLK_SHAPE_ONE_OR_TWO,       /* the second is not announced by all */
    RLK_SHAPE_NO_OPTIONS,       /* no alternate but that of the flash */
    RLK_SHAPE_EQUAL_ALTERNATES, /* G0B1: each alternate repeats the string of the flash */
    RLK_SHAPE_ANY_OPTIONS       /* whatever else there is does not matter */
};

/* What main flash looks like in the memory layout. */
enum rlk_shape_flash {
    RLK_FLASH_PAGES,       /* equal pages: one of `counts`, or at most `pages_max` */
    RLK_FLASH_GROUPS,      /* exactly these groups, `repeats` times */
    RLK_FLASH_ANY,         /* anything at flash_addr */
    RLK_FLASH_BEHIND_HEAD, /* a head that cannot be written, then what can: a bootloader that protects itself */
    RLK_FLASH_NONE         /* no alternate lies in main flash, and all of them could be read */
};

struct rlk_chip_shape {
    enum rlk_family family;
    uint16_t vendor_id, product_id; /* 0: ST's; RLK_ANY_ID: any */
    enum rlk_shape_version version;
    enum rlk_shape_flash flash;
    uint32_t page_bytes;
    uint32_t pages_max;
    uint16_t counts[RLK_SHAPE_COUNTS_MAX];
    struct {
        uint32_t count;
        uint32_t sector_bytes;
    } groups[RLK_SHAPE_GROUPS_MAX];
    uint8_t repeats;
    enum rlk_shape_options options;
    uint32_t options_addr; /* of the announced block; 0: the row's */
    uint16_t options_bytes_min, options_bytes_max;
};

/* A family may have several. Those of the last kind count only if nothing else fits. */
extern const struct rlk_chip_shape rlk_chip_shapes[];
extern const size_t rlk_chip_shape_count;

#endif
