/*
 * DfuSe memory layout strings: "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg".
 * Grammar: protocol of AN3156 and ST's UM0424, with what real descriptors add (dfu-util's dfuse_mem.c).
 */
#ifndef RELOCK_LAYOUT_H
#define RELOCK_LAYOUT_H

#include "relock/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_LAYOUT_NAME_BYTES  32U
#define RLK_LAYOUT_GROUPS_MAX  16U
#define RLK_LAYOUT_SECTORS_MAX 2048U /* per layout; a device with more is unusable */

/* What the type letter a..g allows: a bit mask. */
enum rlk_sector_access { RLK_SECTOR_READABLE = 1, RLK_SECTOR_ERASABLE = 2, RLK_SECTOR_WRITABLE = 4 };

/* Equal neighbours: `count` sectors of `sector_bytes`, the first at `start_addr`. Never past 2^32. */
struct rlk_sector_group {
    uint32_t start_addr;
    uint32_t count;
    uint32_t sector_bytes;
    uint8_t access; /* enum rlk_sector_access mask */
};

struct rlk_layout {
    char name[RLK_LAYOUT_NAME_BYTES]; /* printable ASCII, trimmed, cut, NUL-terminated: "Internal Flash" */
    size_t group_count;
    struct rlk_sector_group groups[RLK_LAYOUT_GROUPS_MAX];
};

struct rlk_sector {
    uint32_t index; /* counted over the whole layout */
    uint32_t start_addr;
    uint32_t bytes;
    uint8_t access;
};

/*
 * Parses one string. `text` need not be NUL-terminated; a NUL ends it. On failure `*place` (may be NULL) is the
 * offset in `text` of the first character that is wrong, and `layout` is empty (group_count 0).
 * May fail with RLK_E_LAYOUT_*. Never reads past `length`.
 */
enum rlk_error rlk_layout_parse(struct rlk_layout *layout, const char *text, size_t length, size_t *place);

uint32_t rlk_layout_sector_count(const struct rlk_layout *layout);
uint64_t rlk_layout_total_bytes(const struct rlk_layout *layout);

/* The sector that holds `addr`, or the index-th; false if there is none. */
bool rlk_layout_sector_at(const struct rlk_layout *layout, uint32_t addr, struct rlk_sector *sector);
bool rlk_layout_sector_by_index(const struct rlk_layout *layout, uint32_t index, struct rlk_sector *sector);

/* True if every byte of [addr, addr + bytes) lies in sectors that have all bits of `access`. bytes > 0. */
bool rlk_layout_covers(const struct rlk_layout *layout, uint32_t addr, uint32_t bytes, uint8_t access);

#endif
