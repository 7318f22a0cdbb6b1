/* Blank: read before writing. What is equal is not written, what is blank is not erased. A job without an image asks
 * whether all of the flash is blank. */
#include "engine/stage_flash.h"
#include "engine/stage_keep.h"

enum { BLANK_SELECT, BLANK_IDLE, BLANK_ADDRESS, BLANK_FETCH, BLANK_READ, WHOLE_ADDRESS, WHOLE_READ, WHOLE_RECORD };
enum { FIRST_DATA_BLOCK = 2, BLOCKS_PER_ADDRESS = 4096 };

static void enter_blank(struct rlk_session *session)
{
    rlk_blocks_forget(session);
    rlk_keep_review(session);
    rlk_cursor_begin(session);
    session->repairs = 0;
    session->gate.may_write_flash = false;
    rlk_progress_begin(session, rlk_blank_blocks_count(session));
}

static void on_blank_idle(struct rlk_session *session, const struct rlk_result *result)
{
    rlk_step_expect_ok(session, result);
    if (!session->stage_is_over && session->wish.image == NULL) {
        rlk_step_to(session, WHOLE_ADDRESS);
    }
}

static void end_blank(struct rlk_session *session)
{
    rlk_blocks_settle(session);
    session->evidence.content = rlk_sectors_to_erase_count(session) > 0 ? RLK_CONTENT_NEEDS_ERASE : RLK_CONTENT_READY;
    rlk_stage_end(session);
}

static enum rlk_block_class classify(const struct rlk_session *session, const uint8_t *data, size_t bytes)
{
    if (rlk_flash_equal_bytes(session, data) == rlk_cursor_block(session).length) {
        return RLK_BLOCK_EQUAL;
    }
    return rlk_flash_is_blank(session, data, bytes) ? RLK_BLOCK_BLANK : RLK_BLOCK_OTHER;
}

/* After our own regression, and before anything was written, whatever is not blank is another device's: even the very
 * image, which a second device of the batch may hold. */
static bool must_be_empty(const struct rlk_session *session)
{
    return session->evidence.consent == RLK_CONSENT_SPENT && !session->has_programmed;
}

/* Programming changes bits one way only: has it changed no other than those of what is kept? */
static bool may_become(uint8_t byte, uint8_t kept, uint8_t erased)
{
    return ((unsigned)(byte ^ erased) & ~(unsigned)(kept ^ erased)) == 0;
}

/* What was kept before the connection was lost is there, is blank by now, or was cut off on its way back: anything else
 * is another device's. */
static bool holds_other_than_kept(const struct rlk_session *session, const struct rlk_block *block, const uint8_t *data)
{
    const uint8_t erased = session->findings.chip.erased_value;
    for (uint32_t i = 0; i < block->length; i++) {
        const uint8_t *kept = rlk_kept_byte(session, block->addr + i);
        if (kept != NULL && !may_become(data[i], *kept, erased) &&
            !rlk_image_gives(session->wish.image, block->addr + i)) {
            return true;
        }
    }
    return false;
}

static bool has_kept(const struct rlk_session *session, const struct rlk_block *block)
{
    uint32_t i = 0;
    while (i < block->length && rlk_kept_byte(session, block->addr + i) == NULL) {
        i++;
    }
    return i < block->length;
}

/* A sector that will be erased is written whole, so what else it holds need not be read, but to know the device again.
 */
static bool next_to_read(struct rlk_session *session, const struct rlk_block *read)
{
    if (rlk_block_class_get(session, session->cursor.index) == RLK_BLOCK_OTHER) {
        rlk_sectors_mark(session, read);
    }
    while (rlk_cursor_next(session)) {
        struct rlk_block block = rlk_cursor_block(session);
        if (!rlk_block_will_be_erased(session, &block) || has_kept(session, &block)) {
            return true;
        }
        rlk_block_class_set(session, session->cursor.index, RLK_BLOCK_OTHER);
        rlk_progress_step(session);
    }
    return false;
}

static void on_blank_read(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_block block = rlk_cursor_block(session);
    if (result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_READ_REFUSED, block.addr);
        return;
    }
    enum rlk_block_class block_class = classify(session, result->outcome->data, block.length);
    bool is_empty = rlk_flash_is_blank(session, result->outcome->data, block.length);
    if ((!is_empty && must_be_empty(session)) || holds_other_than_kept(session, &block, result->outcome->data)) {
        bool was_seen_before = session->cursor.is_second_look;
        session->cursor.is_second_look = true;
        if (was_seen_before) {
            rlk_stage_fail(session, RLK_E_WRONG_DEVICE, block.addr);
        }
        return;
    }
    rlk_block_class_set(session, session->cursor.index, block_class);
    rlk_progress_step(session);
    if (next_to_read(session, &block)) {
        rlk_step_to(session, BLANK_ADDRESS);
    } else {
        end_blank(session);
    }
}

/* --- all of the flash --- */

/* The cursor counts groups of sectors for segments. */
static struct rlk_block whole_block(const struct rlk_session *session)
{
    const struct rlk_sector_group *group = &rlk_session_flash_layout(session)->groups[session->cursor.segment];
    uint32_t transfer_bytes = session->findings.transfer_bytes;
    uint32_t begin = session->cursor.block * transfer_bytes;
    uint64_t left = (uint64_t)group->count * group->sector_bytes - begin;
    return (struct rlk_block){
        .addr = group->start_addr + begin,
        .length = (uint16_t)(left < transfer_bytes ? left : transfer_bytes),
        .number = (uint16_t)(FIRST_DATA_BLOCK + session->cursor.block % BLOCKS_PER_ADDRESS),
    };
}

static void issue_whole_address(struct rlk_session *session)
{
    if (session->cursor.address_is_set) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_set_address(session, whole_block(session).addr);
    }
}

static void issue_whole_read(struct rlk_session *session)
{
    struct rlk_block block = whole_block(session);
    rlk_issue_upload(session, block.number, block.length);
}

/* False: that was the last block. */
static bool next_whole_block(struct rlk_session *session)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    struct rlk_cursor *cursor = &session->cursor;
    cursor->block++;
    cursor->is_second_look = false;
    if (cursor->block >= rlk_group_blocks_count(session, &flash->groups[cursor->segment])) {
        cursor->segment++;
        cursor->block = 0;
    }
    cursor->address_is_set = cursor->block % BLOCKS_PER_ADDRESS != 0;
    return cursor->segment < flash->group_count;
}

static void on_whole_read(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_block block = whole_block(session);
    if (result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_READ_REFUSED, block.addr);
        return;
    }
    bool is_blank = rlk_flash_is_blank(session, result->outcome->data, block.length);
    if (!is_blank && !session->cursor.is_second_look) {
        session->cursor.is_second_look = true;
        return;
    }
    if (!is_blank && must_be_empty(session)) {
        rlk_stage_fail(session, RLK_E_WRONG_DEVICE, block.addr);
        return;
    }
    rlk_progress_step(session);
    session->evidence.content = is_blank ? RLK_CONTENT_READY : RLK_CONTENT_NEEDS_ERASE;
    rlk_step_to(session, is_blank && next_whole_block(session) ? WHOLE_ADDRESS : WHOLE_RECORD);
}

/* The job is over as far as the journal is concerned, and open is what it wanted: nothing to be gone on with. */
static void issue_whole_record(struct rlk_session *session)
{
    rlk_issue_record(session, RLK_JOURNAL_PROVEN);
}

static void on_whole_record(struct rlk_session *session, const struct rlk_result *result)
{
    (void)result;
    rlk_stage_end(session);
}

static const struct rlk_step blank_steps[] = {
    [BLANK_SELECT] = {rlk_flash_issue_select, rlk_flash_on_select},
    [BLANK_IDLE] = {rlk_issue_idle, on_blank_idle},
    [BLANK_ADDRESS] = {rlk_flash_issue_address, rlk_flash_on_address},
    [BLANK_FETCH] = {rlk_flash_issue_fetch, rlk_flash_on_fetch},
    [BLANK_READ] = {rlk_flash_issue_upload, on_blank_read},
    [WHOLE_ADDRESS] = {issue_whole_address, rlk_flash_on_address},
    [WHOLE_READ] = {issue_whole_read, on_whole_read},
    [WHOLE_RECORD] = {issue_whole_record, on_whole_record},
};

const struct rlk_stage_script rlk_stage_blank = {blank_steps, enter_blank};
