#include "engine/blocks.h"

#include <string.h>

enum { FIRST_DATA_BLOCK = 2, CLASSES_PER_BYTE = 4, CLASS_BITS = 2, CLASS_MASK = 3 };

const struct rlk_layout *rlk_session_flash_layout(const struct rlk_session *session)
{
    int alternate = rlk_fingerprint_flash_alternate(&session->findings.fingerprint, &session->findings.chip);
    return &session->findings.fingerprint.layouts[alternate < 0 ? 0 : alternate];
}

static uint32_t segment_blocks(const struct rlk_segment *segment, uint16_t transfer_bytes)
{
    return (segment->length + transfer_bytes - 1U) / transfer_bytes;
}

uint32_t rlk_blocks_count(const struct rlk_image *image, uint16_t transfer_bytes)
{
    uint32_t count = 0;
    for (size_t i = 0; i < image->segment_count && count <= RLK_BLOCKS_MAX; i++) {
        count += segment_blocks(&image->segments[i], transfer_bytes);
    }
    return count <= RLK_BLOCKS_MAX ? count : RLK_BLOCKS_MAX + 1U;
}

bool rlk_kept_is_patch(const struct rlk_session *session, const struct rlk_segment *range)
{
    const uint32_t unit_addr = range->addr - range->addr % session->findings.chip.program_bytes;
    return rlk_image_segment_at(session->wish.image, unit_addr) != NULL;
}

const uint8_t *rlk_kept_byte(const struct rlk_session *session, uint32_t addr)
{
    size_t i = 0;
    while (i < session->keep.count && (addr < session->keep.ranges[i].addr ||
                                       addr - session->keep.ranges[i].addr >= session->keep.ranges[i].length)) {
        i++;
    }
    const struct rlk_segment *range = &session->keep.ranges[i];
    return i < session->keep.count ? &session->wish.keep_room[range->offset + (addr - range->addr)] : NULL;
}

uint32_t rlk_blocks_count_with(const struct rlk_session *session, size_t kept_ranges)
{
    const uint16_t transfer_bytes = session->findings.transfer_bytes;
    uint32_t count = rlk_blocks_count(session->wish.image, transfer_bytes);
    for (size_t i = 0; i < kept_ranges && count <= RLK_BLOCKS_MAX; i++) {
        const struct rlk_segment *range = &session->keep.ranges[i];
        count += rlk_kept_is_patch(session, range) ? 0U : segment_blocks(range, transfer_bytes);
    }
    return count <= RLK_BLOCKS_MAX ? count : RLK_BLOCKS_MAX + 1U;
}

uint32_t rlk_group_blocks_count(const struct rlk_session *session, const struct rlk_sector_group *group)
{
    uint64_t bytes = (uint64_t)group->count * group->sector_bytes;
    return (uint32_t)((bytes + session->findings.transfer_bytes - 1U) / session->findings.transfer_bytes);
}

uint32_t rlk_blank_blocks_count(const struct rlk_session *session)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    uint32_t count = session->block_count;
    for (size_t i = 0; session->wish.image == NULL && i < flash->group_count; i++) {
        count += rlk_group_blocks_count(session, &flash->groups[i]);
    }
    return count;
}

bool rlk_cursor_begin(struct rlk_session *session)
{
    memset(&session->cursor, 0, sizeof session->cursor);
    return session->block_count > 0;
}

bool rlk_cursor_is_in_kept(const struct rlk_session *session)
{
    return session->cursor.segment >= session->wish.image->segment_count;
}

const struct rlk_segment *rlk_cursor_segment(const struct rlk_session *session)
{
    const struct rlk_image *image = session->wish.image;
    const uint32_t segment = session->cursor.segment;
    return rlk_cursor_is_in_kept(session) ? &session->keep.ranges[segment - image->segment_count]
                                          : &image->segments[segment];
}

static void next_segment(struct rlk_session *session)
{
    const size_t end = session->wish.image->segment_count + session->keep.count;
    do {
        session->cursor.segment++;
    } while (session->cursor.segment < end && rlk_cursor_is_in_kept(session) &&
             rlk_kept_is_patch(session, rlk_cursor_segment(session)));
}

bool rlk_cursor_next(struct rlk_session *session)
{
    struct rlk_cursor *cursor = &session->cursor;
    const struct rlk_segment *segment = rlk_cursor_segment(session);
    cursor->index++;
    cursor->block++;
    cursor->chunk = 0;
    cursor->is_second_look = false;
    if (cursor->block >= segment_blocks(segment, session->findings.transfer_bytes)) {
        cursor->block = 0;
        next_segment(session);
        cursor->address_is_set = false;
    }
    return cursor->index < session->block_count;
}

struct rlk_block rlk_cursor_block(const struct rlk_session *session)
{
    const struct rlk_segment *segment = rlk_cursor_segment(session);
    uint32_t transfer_bytes = session->findings.transfer_bytes;
    uint32_t begin = session->cursor.block * transfer_bytes;
    uint32_t left = segment->length - begin;
    uint32_t image_bytes = left < transfer_bytes ? left : transfer_bytes;
    uint32_t unit = session->findings.chip.program_bytes;
    struct rlk_block block = {
        .addr = segment->addr + begin,
        .image_offset = segment->offset + begin,
        .length = (uint16_t)((image_bytes + unit - 1U) / unit * unit),
        .image_bytes = (uint16_t)image_bytes,
        .number = (uint16_t)(FIRST_DATA_BLOCK + session->cursor.block),
    };
    return block;
}

bool rlk_cursor_to_work(struct rlk_session *session)
{
    while (session->cursor.index < session->block_count) {
        struct rlk_block block = rlk_cursor_block(session);
        if (rlk_block_must_be_written(session, &block, session->cursor.index)) {
            return true;
        }
        rlk_cursor_next(session);
    }
    return false;
}

enum rlk_block_class rlk_block_class_get(const struct rlk_session *session, uint32_t index)
{
    uint32_t shift = index % CLASSES_PER_BYTE * CLASS_BITS;
    return (enum rlk_block_class)(session->block_classes[index / CLASSES_PER_BYTE] >> shift & CLASS_MASK);
}

void rlk_block_class_set(struct rlk_session *session, uint32_t index, enum rlk_block_class block_class)
{
    uint32_t shift = index % CLASSES_PER_BYTE * CLASS_BITS;
    uint8_t *byte = &session->block_classes[index / CLASSES_PER_BYTE];
    *byte = (uint8_t)((*byte & ~((uint32_t)CLASS_MASK << shift)) | (uint32_t)block_class << shift);
}

void rlk_blocks_forget(struct rlk_session *session)
{
    memset(session->block_classes, 0, sizeof session->block_classes);
    memset(session->sectors_to_erase, 0, sizeof session->sectors_to_erase);
}

bool rlk_sector_must_be_erased(const struct rlk_session *session, uint32_t sector_index)
{
    return ((uint32_t)session->sectors_to_erase[sector_index / 8U] & 1U << (sector_index % 8U)) != 0;
}

bool rlk_sectors_mark(struct rlk_session *session, const struct rlk_block *block)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    struct rlk_sector sector;
    uint32_t addr = block->addr;
    bool is_new = false;
    while (addr < block->addr + block->length && rlk_layout_sector_at(flash, addr, &sector)) {
        is_new = is_new || !rlk_sector_must_be_erased(session, sector.index);
        session->sectors_to_erase[sector.index / 8U] |= (uint8_t)(1U << (sector.index % 8U));
        addr = sector.start_addr + sector.bytes;
    }
    return is_new;
}

static bool touches_erased_sector(const struct rlk_session *session, const struct rlk_block *block)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    struct rlk_sector sector;
    uint32_t addr = block->addr;
    while (addr < block->addr + block->length && rlk_layout_sector_at(flash, addr, &sector)) {
        if (rlk_sector_must_be_erased(session, sector.index)) {
            return true;
        }
        addr = sector.start_addr + sector.bytes;
    }
    return false;
}

bool rlk_block_will_be_erased(const struct rlk_session *session, const struct rlk_block *block)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    struct rlk_sector sector;
    uint32_t addr = block->addr;
    while (addr < block->addr + block->length && rlk_layout_sector_at(flash, addr, &sector) &&
           rlk_sector_must_be_erased(session, sector.index)) {
        addr = sector.start_addr + sector.bytes;
    }
    return addr >= block->addr + block->length;
}

bool rlk_block_must_be_written(const struct rlk_session *session, const struct rlk_block *block, uint32_t index)
{
    return rlk_block_class_get(session, index) != RLK_BLOCK_EQUAL || touches_erased_sector(session, block);
}

/* One pass over all blocks; true if it marked a sector. A block across two sectors carries the erase of one over to the
 * other, unless it is blank and can be written as it is. */
static bool settle_once(struct rlk_session *session)
{
    bool is_changed = false;
    bool is_there = rlk_cursor_begin(session);
    while (is_there) {
        struct rlk_block block = rlk_cursor_block(session);
        enum rlk_block_class block_class = rlk_block_class_get(session, session->cursor.index);
        bool is_written = rlk_block_must_be_written(session, &block, session->cursor.index);
        if (is_written && block_class != RLK_BLOCK_BLANK) {
            is_changed = rlk_sectors_mark(session, &block) || is_changed;
        }
        is_there = rlk_cursor_next(session);
    }
    return is_changed;
}

void rlk_blocks_settle(struct rlk_session *session)
{
    /* Each pass that goes on has marked a sector more, and sectors are finite. */
    while (settle_once(session)) {
    }
    rlk_cursor_begin(session);
}

uint32_t rlk_sectors_to_erase_count(const struct rlk_session *session)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < RLK_LAYOUT_SECTORS_MAX; i++) {
        count += rlk_sector_must_be_erased(session, i) ? 1U : 0U;
    }
    return count;
}

uint32_t rlk_blocks_to_write_count(struct rlk_session *session)
{
    struct rlk_cursor kept = session->cursor;
    uint32_t count = 0;
    rlk_cursor_begin(session);
    while (rlk_cursor_to_work(session)) {
        count++;
        rlk_cursor_next(session);
    }
    session->cursor = kept;
    return count;
}

uint32_t rlk_sectors_touched_count(const struct rlk_session *session)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    const struct rlk_image *image = session->wish.image;
    uint32_t count = 0;
    uint32_t last_index = UINT32_MAX;
    for (size_t i = 0; image != NULL && i < image->segment_count; i++) {
        uint64_t addr = image->segments[i].addr;
        uint64_t end = addr + image->segments[i].length;
        struct rlk_sector sector;
        while (addr < end && rlk_layout_sector_at(flash, (uint32_t)addr, &sector)) {
            count += sector.index != last_index ? 1U : 0U;
            last_index = sector.index;
            addr = (uint64_t)sector.start_addr + sector.bytes;
        }
    }
    return count;
}
