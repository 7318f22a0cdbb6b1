#include "engine/stage_keep.h"

#include "engine/stage_flash.h"

/* Block numbers are 16 bits wide; and no range is longer than a session can track. */
enum { TRIES_MAX = 2, FIRST_DATA_BLOCK = 2, PIECE_BLOCKS_MAX = RLK_BLOCKS_MAX };

static struct rlk_segment *last_range(struct rlk_session *session)
{
    return &session->keep.ranges[session->keep.found - 1U];
}

/* The cursor and the gate go by what is complete. */
static void use_ranges(struct rlk_session *session)
{
    session->block_count = rlk_blocks_count_with(session, session->keep.count);
    session->gate.kept = session->keep.ranges;
    session->gate.kept_count = session->keep.count;
    session->gate.kept_bytes = session->wish.keep_room;
}

void rlk_keep_review(struct rlk_session *session)
{
    if (session->wish.image != NULL && (!session->has_begun || session->evidence.consent == RLK_CONSENT_SPENT)) {
        memset(&session->keep, 0, sizeof session->keep);
        use_ranges(session);
    }
}

void rlk_keep_begin(struct rlk_session *session)
{
    session->keep.found = session->keep.count;
    session->keep.end = 0;
    session->keep.tries = 0;
}

/* --- which piece --- */

static bool was_seen(const struct rlk_session *session, uint32_t sector_index)
{
    return ((uint32_t)session->keep.seen_sectors[sector_index / 8U] & 1U << (sector_index % 8U)) != 0;
}

/* All ranges of a sector are found once it was looked at to its end. */
static void sector_is_seen(struct rlk_session *session, uint32_t sector_index)
{
    session->keep.seen_sectors[sector_index / 8U] |= (uint8_t)(1U << (sector_index % 8U));
    session->keep.count = session->keep.found;
}

/* After our own regression all else is blank. */
static bool may_lose_all(const struct rlk_session *session)
{
    return session->wish.erases_whole_sectors || session->evidence.consent == RLK_CONSENT_SPENT;
}

static bool find_sector(const struct rlk_session *session, struct rlk_sector *sector)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    const uint32_t count = rlk_layout_sector_count(flash);
    uint32_t i = 0;
    while (i < count && (!rlk_sector_must_be_erased(session, i) || was_seen(session, i))) {
        i++;
    }
    return i < count && rlk_layout_sector_by_index(flash, i, sector);
}

/* What is programmed at once, and no less than what segments are multiples of. */
static uint64_t unit_bytes(const struct rlk_session *session)
{
    const uint64_t unit = session->findings.chip.program_bytes;
    return unit > RLK_IMAGE_ALIGNMENT_BYTES ? unit : RLK_IMAGE_ALIGNMENT_BYTES;
}

static bool is_whole_unit(const struct rlk_session *session, uint64_t addr)
{
    return addr % unit_bytes(session) == 0;
}

static uint64_t end_of_unit(const struct rlk_session *session, uint64_t addr)
{
    const uint64_t unit = unit_bytes(session);
    return (addr + unit - 1U) / unit * unit;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The next stretch of [begin, end) that lies outside the image's segments, which are sorted. */
static void find_stretch(const struct rlk_session *session, uint64_t *begin, uint64_t *end)
{
    const struct rlk_image *image = session->wish.image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const uint64_t segment_end = (uint64_t)image->segments[i].addr + image->segments[i].length;
        if (image->segments[i].addr > *begin) {
            *end = lesser(*end, image->segments[i].addr);
        } else if (segment_end > *begin) {
            *begin = segment_end;
        }
    }
    *end = lesser(*end, *begin + (uint64_t)PIECE_BLOCKS_MAX * session->findings.transfer_bytes);
    if (!is_whole_unit(session, *begin)) {
        /* The image has begun this unit of programming: a piece of its own, which goes back with the image's block. */
        *end = lesser(*end, end_of_unit(session, *begin));
    }
}

/* The next cell from `addr` on of which the image gives a part only; `otherwise` if there is none. */
static uint64_t next_partial_cell(const struct rlk_image *image, uint64_t addr, uint64_t otherwise)
{
    size_t i = 0;
    while (i < image->partial_cell_count && image->partial_cells[i].addr < addr) {
        i++;
    }
    return i < image->partial_cell_count ? image->partial_cells[i].addr : otherwise;
}

/* The next piece of the sector that is not, or not wholly, of the image. */
static bool find_piece(struct rlk_session *session, const struct rlk_sector *sector)
{
    struct rlk_keep *keep = &session->keep;
    const uint64_t from = keep->end > sector->start_addr ? keep->end : sector->start_addr;
    const uint64_t sector_end = (uint64_t)sector->start_addr + sector->bytes;
    const uint64_t cell = next_partial_cell(session->wish.image, from, sector_end);
    keep->begin = from;
    keep->end = sector_end;
    find_stretch(session, &keep->begin, &keep->end);
    if (cell < keep->begin && cell < sector_end) {
        keep->begin = cell;
        keep->end = cell + RLK_IMAGE_ALIGNMENT_BYTES;
    }
    return keep->begin < keep->end;
}

static void begin_reading(struct rlk_session *session, bool is_second)
{
    struct rlk_keep *keep = &session->keep;
    keep->is_second_reading = is_second;
    keep->pass_begin = is_second ? last_range(session)->addr : keep->begin;
    keep->at = keep->pass_begin;
}

void rlk_keep_issue_next(struct rlk_session *session)
{
    struct rlk_sector sector;
    while (!may_lose_all(session) && find_sector(session, &sector)) {
        if (session->wish.image->has_more_partial_cells) {
            rlk_stage_fail(session, RLK_E_SECTOR_SHARED, sector.start_addr); /* it cannot be said what else there is */
            return;
        }
        if (find_piece(session, &sector)) {
            session->keep.has_range = false;
            begin_reading(session, false);
            rlk_issue_nothing(session);
            return;
        }
        sector_is_seen(session, sector.index);
        session->keep.end = 0;
    }
    rlk_step_to(session, RLK_KEEP_HOLD);
}

void rlk_keep_on_next(struct rlk_session *session, const struct rlk_result *result)
{
    (void)result;
    rlk_step_next(session);
}

/* --- reading it --- */

void rlk_keep_issue_address(struct rlk_session *session)
{
    rlk_issue_set_address(session, (uint32_t)session->keep.pass_begin);
}

static uint64_t reading_end(struct rlk_session *session)
{
    const struct rlk_keep *keep = &session->keep;
    return keep->is_second_reading ? (uint64_t)last_range(session)->addr + last_range(session)->length : keep->end;
}

static uint16_t bytes_now(struct rlk_session *session)
{
    return (uint16_t)lesser(reading_end(session) - session->keep.at, session->findings.transfer_bytes);
}

void rlk_keep_issue_read(struct rlk_session *session)
{
    const struct rlk_keep *keep = &session->keep;
    uint64_t block = FIRST_DATA_BLOCK + (keep->at - keep->pass_begin) / session->findings.transfer_bytes;
    rlk_issue_upload(session, (uint16_t)block, bytes_now(session));
}

/* How many bytes there are before the first that would be lost; all of them if none would. */
static uint32_t bytes_before_loss(const struct rlk_session *session, const uint8_t *data, uint16_t bytes)
{
    uint32_t i = 0;
    while (i < bytes && (rlk_flash_is_blank(session, &data[i], 1) ||
                         rlk_image_gives(session->wish.image, (uint32_t)session->keep.at + i))) {
        i++;
    }
    return i;
}

/* The first block of the piece that is not blank. False if one range more cannot be kept. */
static bool add_range(struct rlk_session *session, uint32_t lost_addr)
{
    struct rlk_keep *keep = &session->keep;
    uint32_t used = keep->found == 0 ? 0 : last_range(session)->offset + last_range(session)->length;
    keep->lost_addr = lost_addr;
    if (keep->found == RLK_KEPT_RANGES_MAX) {
        return false;
    }
    keep->ranges[keep->found] = (struct rlk_segment){.addr = (uint32_t)keep->at, .offset = used};
    keep->found++;
    keep->has_range = true;
    return true;
}

/* Blank blocks between others are kept as such. */
static bool extend_range(struct rlk_session *session, const uint8_t *data, uint16_t bytes)
{
    struct rlk_segment *range = last_range(session);
    uint8_t *room = session->wish.keep_room;
    uint32_t before = (uint32_t)(session->keep.at - range->addr);
    uint32_t length = before + bytes;
    bool is_uneven = !rlk_kept_is_patch(session, range) && !is_whole_unit(session, length);
    if (length > session->wish.keep_room_bytes - range->offset || is_uneven) {
        return false;
    }
    memset(&room[range->offset + range->length], session->findings.chip.erased_value, before - range->length);
    memcpy(&room[range->offset + before], data, bytes);
    range->length = length;
    return rlk_blocks_count_with(session, session->keep.found) <= RLK_BLOCKS_MAX;
}

static bool take(struct rlk_session *session, const uint8_t *data, uint16_t bytes)
{
    const uint32_t before = bytes_before_loss(session, data, bytes);
    if (before == bytes) {
        return true;
    }
    return (session->keep.has_range || add_range(session, (uint32_t)session->keep.at + before)) &&
           extend_range(session, data, bytes);
}

/* What would be written back for ever must not rest on one reading. */
static void unconfirmed(struct rlk_session *session)
{
    struct rlk_keep *keep = &session->keep;
    keep->tries++;
    if (keep->tries == TRIES_MAX) {
        rlk_stage_fail(session, RLK_E_TRANSPORT_UNSTABLE, (uint32_t)keep->at);
        return;
    }
    keep->found--;
    keep->has_range = false;
    begin_reading(session, false);
    rlk_step_to(session, RLK_KEEP_ADDRESS);
}

static void end_reading(struct rlk_session *session)
{
    struct rlk_keep *keep = &session->keep;
    if (keep->has_range && !keep->is_second_reading) {
        begin_reading(session, true);
        rlk_step_to(session, RLK_KEEP_ADDRESS);
    } else {
        keep->tries = 0;
        rlk_step_to(session, RLK_KEEP_NEXT);
    }
}

static bool is_confirmed(struct rlk_session *session, const uint8_t *data, uint16_t bytes)
{
    const struct rlk_segment *range = last_range(session);
    return memcmp(&session->wish.keep_room[range->offset + (session->keep.at - range->addr)], data, bytes) == 0;
}

void rlk_keep_on_read(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_keep *keep = &session->keep;
    const uint8_t *data = result->outcome->data;
    uint16_t bytes = bytes_now(session);
    if (result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_READ_REFUSED, (uint32_t)keep->at);
    } else if (keep->is_second_reading && !is_confirmed(session, data, bytes)) {
        unconfirmed(session);
    } else if (!keep->is_second_reading && !take(session, data, bytes)) {
        rlk_stage_fail(session, RLK_E_SECTOR_SHARED, keep->lost_addr);
    } else {
        keep->at += bytes;
        if (keep->at == reading_end(session)) {
            end_reading(session);
        }
    }
}

/* --- what was found --- */

void rlk_keep_issue_hold(struct rlk_session *session)
{
    use_ranges(session);
    if (session->keep.count == session->keep.held) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_keep(session);
    }
}

void rlk_keep_on_hold(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind == RLK_OUTCOME_OK) {
        session->keep.held = session->keep.count;
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_JOURNAL_FAILED, 0);
    }
}
