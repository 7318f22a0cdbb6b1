/*
 * What the session keeps through the erases, for a page that stores it: read byte by byte, while it is offered (KEEP).
 */
#include "relock_glue.h"

static const struct rlk_segment *range_at(uint32_t index)
{
    return rlk_session_kept(glue_session(), index);
}

/* What is in a flash word of the firmware goes with the firmware's part of it, unless the range before ends with that:
 * no chip takes the rest of a word alone. */
static uint32_t begun_bytes(uint32_t index)
{
    const struct rlk_segment *range = range_at(index);
    const struct rlk_segment *before = index > 0 ? range_at(index - 1U) : NULL;
    const bool follows = before != NULL && before->addr + before->length == range->addr;
    return follows ? 0 : range->addr % glue_findings()->chip.program_bytes;
}

static uint32_t firmware_byte(uint32_t addr)
{
    const struct rlk_image *image = glue_image();
    uint32_t byte = 0;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (addr >= segment->addr && addr - segment->addr < segment->length) {
            byte = image->bytes[segment->offset + (addr - segment->addr)];
        }
    }
    return byte;
}

READOUT_AT(uint32_t, rlk_glue_kept_addr, range_at(index)->addr - begun_bytes(index))
/* 0 beyond the last range. */
READOUT_AT(uint32_t, rlk_glue_kept_bytes, range_at(index) == NULL ? 0U : begun_bytes(index) + range_at(index)->length)

RLK_EXPORT uint32_t rlk_glue_kept_byte(uint32_t index, uint32_t offset);

uint32_t rlk_glue_kept_byte(uint32_t index, uint32_t offset)
{
    const struct rlk_segment *range = range_at(index);
    const uint32_t begun = begun_bytes(index);
    const uint32_t addr = range->addr - begun + offset;
    return offset < begun || rlk_image_gives(glue_image(), addr)
               ? firmware_byte(addr)
               : glue_wish()->keep_room[range->offset + (offset - begun)];
}
