/* Blank: read before writing. What is equal is not written, what is blank is not erased. */
#include "engine/stage_flash.h"

enum { BLANK_SELECT, BLANK_IDLE, BLANK_ADDRESS, BLANK_FETCH, BLANK_READ };

static bool is_blank(const struct rlk_session *session, const uint8_t *data, size_t bytes)
{
    size_t i = 0;
    while (i < bytes && data[i] == session->findings.chip.erased_value) {
        i++;
    }
    return i == bytes;
}

static void enter_blank(struct rlk_session *session)
{
    rlk_blocks_forget(session);
    rlk_cursor_begin(session);
    session->repairs = 0;
    session->gate.may_write_flash = false;
    rlk_progress_begin(session, session->block_count);
}

static void end_blank(struct rlk_session *session)
{
    rlk_blocks_settle(session);
    session->evidence.content = rlk_sectors_to_erase_count(session) > 0 ? RLK_CONTENT_NEEDS_ERASE : RLK_CONTENT_READY;
    rlk_stage_end(session);
}

static enum rlk_block_class classify(const struct rlk_session *session, const uint8_t *data, size_t bytes)
{
    if (memcmp(session->buffer, data, bytes) == 0) {
        return RLK_BLOCK_EQUAL;
    }
    return is_blank(session, data, bytes) ? RLK_BLOCK_BLANK : RLK_BLOCK_OTHER;
}

/* After our own regression, and before anything was written, whatever is not blank is another device's: even the very
 * image, which a second device of the batch may hold. */
static bool must_be_empty(const struct rlk_session *session)
{
    return session->evidence.consent == RLK_CONSENT_SPENT && !session->has_programmed;
}

/* A sector that will be erased is written whole, so what else it holds need not be read. */
static bool next_to_read(struct rlk_session *session, const struct rlk_block *read)
{
    if (rlk_block_class_get(session, session->cursor.index) == RLK_BLOCK_OTHER) {
        rlk_sectors_mark(session, read);
    }
    while (rlk_cursor_next(session)) {
        struct rlk_block block = rlk_cursor_block(session);
        if (!rlk_block_will_be_erased(session, &block)) {
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
    bool is_empty = is_blank(session, result->outcome->data, block.length);
    if (!is_empty && must_be_empty(session)) {
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

static const struct rlk_step blank_steps[] = {
    [BLANK_SELECT] = {rlk_flash_issue_select, rlk_flash_on_select},
    [BLANK_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [BLANK_ADDRESS] = {rlk_flash_issue_address, rlk_flash_on_address},
    [BLANK_FETCH] = {rlk_flash_issue_fetch, rlk_flash_on_fetch},
    [BLANK_READ] = {rlk_flash_issue_upload, on_blank_read},
};

const struct rlk_stage_script rlk_stage_blank = {blank_steps, enter_blank};
