#include "image/image_ranges.h"
#include <stdbool.h>
#include <string.h>

#define CELL_MASK (RLK_IMAGE_ALIGNMENT_BYTES - 1U)

void rlk_ranges_init(struct rlk_ranges *ranges)
{
    ranges->count = 0;
    ranges->cursor = 0;
    ranges->bytes = 0;
}

/* Is the place for `addr` right behind the cursor's range? */
static bool cursor_fits(const struct rlk_ranges *ranges, uint32_t addr)
{
    const size_t next = ranges->cursor + 1U;
    return ranges->cursor < ranges->count && ranges->at[ranges->cursor].first <= addr &&
           (next == ranges->count || ranges->at[next].first > addr);
}

/* How many ranges begin at or below `addr`. */
static size_t count_up_to(const struct rlk_ranges *ranges, uint32_t addr)
{
    if (cursor_fits(ranges, addr)) {
        return ranges->cursor + 1U;
    }
    size_t low = 0;
    size_t high = ranges->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2U;
        if (ranges->at[middle].first <= addr) {
            low = middle + 1U;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum rlk_error insert(struct rlk_ranges *ranges, size_t index, struct rlk_range added)
{
    if (ranges->count == RLK_RANGES_MAX) {
        return RLK_E_IMAGE_TOO_SCATTERED;
    }
    memmove(&ranges->at[index + 1U], &ranges->at[index], (ranges->count - index) * sizeof added);
    ranges->at[index] = added;
    ranges->count++;
    ranges->cursor = index;
    return RLK_OK;
}

static void remove_at(struct rlk_ranges *ranges, size_t index)
{
    ranges->count--;
    memmove(&ranges->at[index], &ranges->at[index + 1U], (ranges->count - index) * sizeof ranges->at[0]);
}

/* `index` is where `added`, which overlaps nothing, belongs. */
static enum rlk_error join(struct rlk_ranges *ranges, size_t index, struct rlk_range added)
{
    const bool joins_before = index > 0 && ranges->at[index - 1U].last + 1U == added.first;
    const bool joins_after = index < ranges->count && added.last + 1U == ranges->at[index].first;
    if (!joins_before && !joins_after) {
        return insert(ranges, index, added);
    }
    if (!joins_before) {
        ranges->at[index].first = added.first;
        ranges->cursor = index;
        return RLK_OK;
    }
    ranges->cursor = index - 1U;
    ranges->at[index - 1U].last = joins_after ? ranges->at[index].last : added.last;
    if (joins_after) {
        remove_at(ranges, index);
    }
    return RLK_OK;
}

enum rlk_error rlk_ranges_add(struct rlk_ranges *ranges, struct rlk_range added, uint32_t *addr)
{
    const size_t index = count_up_to(ranges, added.first);
    const uint64_t bytes = (uint64_t)added.last - added.first + 1U;
    if (index > 0 && ranges->at[index - 1U].last >= added.first) {
        *addr = added.first;
        return RLK_E_IMAGE_OVERLAP;
    }
    if (index < ranges->count && ranges->at[index].first <= added.last) {
        *addr = ranges->at[index].first;
        return RLK_E_IMAGE_OVERLAP;
    }
    if (ranges->bytes + bytes > RLK_IMAGE_PAYLOAD_BYTES_MAX) {
        return RLK_E_FILE_TOO_LARGE;
    }
    const enum rlk_error error = join(ranges, index, added);
    if (error == RLK_OK) {
        ranges->bytes += bytes;
    }
    return error;
}

enum rlk_error rlk_ranges_lay_out(const struct rlk_ranges *ranges, struct rlk_segment *segments, size_t *segment_count,
                                  size_t *bytes)
{
    size_t count = 0;
    uint64_t end = 0; /* of the last segment, as an address */
    uint64_t total = 0;
    for (size_t i = 0; i < ranges->count; i++) {
        const uint64_t start = ranges->at[i].first & ~CELL_MASK;
        const uint64_t stop = (uint64_t)(ranges->at[i].last | CELL_MASK) + 1U;
        const bool touches = count > 0 && start <= end;
        if (!touches && count == RLK_IMAGE_SEGMENTS_MAX) {
            return RLK_E_IMAGE_TOO_SCATTERED;
        }
        if (!touches) {
            segments[count++] = (struct rlk_segment){(uint32_t)start, 0, (uint32_t)total};
            end = start;
        }
        segments[count - 1U].length += (uint32_t)(stop - end);
        total += stop - end;
        end = stop;
    }
    if (total > RLK_IMAGE_PAYLOAD_BYTES_MAX) {
        return RLK_E_FILE_TOO_LARGE;
    }
    *segment_count = count;
    *bytes = (size_t)total;
    return count > 0 ? RLK_OK : RLK_E_IMAGE_EMPTY;
}
