#include "image/image_cells.h"
#include <string.h>

enum { CELL_BYTES = RLK_IMAGE_ALIGNMENT_BYTES, LAST_BYTE = CELL_BYTES - 1, WHOLE_CELL = 0xFFFF };

static uint32_t cell_addr(uint32_t addr)
{
    return addr & ~(uint32_t)LAST_BYTE;
}

/* Bits first to last. */
static uint16_t bits(uint32_t first, uint32_t last)
{
    return (uint16_t)((uint32_t)WHOLE_CELL >> (LAST_BYTE - last) & (uint32_t)WHOLE_CELL << first);
}

static void add_cell(struct rlk_image *image, uint32_t addr, uint16_t given)
{
    struct rlk_partial_cell *last = &image->partial_cells[image->partial_cell_count];
    if (image->partial_cell_count > 0 && last[-1].addr == addr) {
        last[-1].given |= given;
    } else if (image->partial_cell_count == RLK_IMAGE_PARTIAL_CELLS_MAX) {
        image->has_more_partial_cells = true;
    } else {
        *last = (struct rlk_partial_cell){addr, given};
        image->partial_cell_count++;
    }
}

static void add_if_partial(struct rlk_image *image, uint32_t addr, uint16_t given)
{
    if (given != WHOLE_CELL) {
        add_cell(image, addr, given);
    }
}

void rlk_cells_note(struct rlk_image *image, const struct rlk_ranges *ranges)
{
    image->partial_cell_count = 0;
    image->has_more_partial_cells = false;
    for (size_t i = 0; i < ranges->count; i++) {
        const struct rlk_range range = ranges->at[i];
        const uint32_t head = cell_addr(range.first);
        const uint32_t tail = cell_addr(range.last);
        add_if_partial(image, head, bits(range.first - head, head == tail ? range.last - head : LAST_BYTE));
        if (head != tail) {
            add_if_partial(image, tail, bits(0, range.last - tail));
        }
    }
}

void rlk_cells_merge(struct rlk_image *image, const struct rlk_image *other)
{
    struct rlk_partial_cell merged[RLK_IMAGE_PARTIAL_CELLS_MAX];
    size_t count = 0;
    size_t mine = 0;
    size_t others = 0;
    while (mine < image->partial_cell_count || others < other->partial_cell_count) {
        const bool is_mine =
            others == other->partial_cell_count ||
            (mine < image->partial_cell_count && image->partial_cells[mine].addr < other->partial_cells[others].addr);
        const struct rlk_partial_cell cell = is_mine ? image->partial_cells[mine++] : other->partial_cells[others++];
        if (count < RLK_IMAGE_PARTIAL_CELLS_MAX) {
            merged[count++] = cell;
        } else {
            image->has_more_partial_cells = true;
        }
    }
    image->has_more_partial_cells = image->has_more_partial_cells || other->has_more_partial_cells;
    image->partial_cell_count = count;
    memcpy(image->partial_cells, merged, count * sizeof merged[0]);
}

static const struct rlk_partial_cell *find_cell(const struct rlk_image *image, uint32_t addr)
{
    size_t low = 0;
    size_t high = image->partial_cell_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2U;
        if (image->partial_cells[middle].addr < addr) {
            low = middle + 1U;
        } else {
            high = middle;
        }
    }
    return low < image->partial_cell_count && image->partial_cells[low].addr == addr ? &image->partial_cells[low]
                                                                                     : NULL;
}

const struct rlk_segment *rlk_image_segment_at(const struct rlk_image *image, uint32_t addr)
{
    size_t i = 0;
    while (i < image->segment_count &&
           (addr < image->segments[i].addr || addr - image->segments[i].addr >= image->segments[i].length)) {
        i++;
    }
    return i < image->segment_count ? &image->segments[i] : NULL;
}

uint16_t rlk_image_cell_given(const struct rlk_image *image, uint32_t addr)
{
    const struct rlk_partial_cell *cell = find_cell(image, cell_addr(addr));
    if (cell != NULL) {
        return cell->given;
    }
    return rlk_image_segment_at(image, addr) != NULL ? WHOLE_CELL : 0;
}

bool rlk_image_gives(const struct rlk_image *image, uint32_t addr)
{
    return ((uint32_t)rlk_image_cell_given(image, addr) >> (addr % CELL_BYTES) & 1U) != 0;
}
