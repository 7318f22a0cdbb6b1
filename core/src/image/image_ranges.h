/*
 * Exact address ranges that a file fills: sorted, disjoint, neighbours merged. Private to the image loaders.
 */
#ifndef RELOCK_IMAGE_RANGES_H
#define RELOCK_IMAGE_RANGES_H

#include "relock/image.h"
#include <stddef.h>
#include <stdint.h>

/* Many more than segments: files may be out of order, and gaps below 16 bytes still count here. 16 KiB of stack. */
#define RLK_RANGES_MAX 2048U

/* Both ends belong to it, so that the last byte of the address space can be said. */
struct rlk_range {
    uint32_t first;
    uint32_t last;
};

struct rlk_ranges {
    size_t count;
    size_t cursor; /* the range that was touched last: most records continue it */
    uint64_t bytes;
    struct rlk_range at[RLK_RANGES_MAX];
};

/* Empties `ranges`. */
void rlk_ranges_init(struct rlk_ranges *ranges);

/*
 * Adds [added.first, added.last]. Fails with RLK_E_IMAGE_OVERLAP and the first address given twice in `*addr`, with
 * RLK_E_FILE_TOO_LARGE beyond RLK_IMAGE_PAYLOAD_BYTES_MAX, or with RLK_E_IMAGE_TOO_SCATTERED; `ranges` is then as
 * before.
 */
enum rlk_error rlk_ranges_add(struct rlk_ranges *ranges, struct rlk_range added, uint32_t *addr);

/*
 * Lays out segments over sorted ranges: widened to multiples of 16, merged where they then touch. `segments` holds
 * RLK_IMAGE_SEGMENTS_MAX. `*bytes` is the buffer they need. Fails with RLK_E_IMAGE_EMPTY, RLK_E_IMAGE_TOO_SCATTERED,
 * RLK_E_FILE_TOO_LARGE.
 */
enum rlk_error rlk_ranges_lay_out(const struct rlk_ranges *ranges, struct rlk_segment *segments, size_t *segment_count,
                                  size_t *bytes);

#endif
