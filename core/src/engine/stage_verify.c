/* Verify: all that was to be written, what is kept among it, is read back and compared, whatever was written or
 * skipped. Where comparing is the whole job, the first difference ends it. */
#include "engine/stage_flash.h"
#include "relock/digest.h"

enum { VERIFY_SELECT, VERIFY_IDLE, VERIFY_ADDRESS, VERIFY_FETCH, VERIFY_READ };

static void enter_verify(struct rlk_session *session)
{
    session->gate.may_write_flash = false;
    session->differing_addr = 0;
    rlk_digest_init(&session->fetched_digest);
    rlk_blocks_forget(session);
    rlk_cursor_begin(session);
    rlk_progress_begin(session, session->block_count);
}

/* Promise 10: what is compared must be the image that was consented to, not what its buffer holds by now. */
static void on_verify_fetch(struct rlk_session *session, const struct rlk_result *result)
{
    const struct rlk_segment *segment = rlk_cursor_segment(session);
    rlk_flash_on_fetch(session, result);
    if (session->stage_is_over || rlk_cursor_is_in_kept(session)) {
        return;
    }
    if (session->cursor.block == 0) {
        rlk_digest_add_u32(&session->fetched_digest, segment->addr);
        rlk_digest_add_u32(&session->fetched_digest, segment->length);
    }
    rlk_digest_add_bytes(&session->fetched_digest, result->outcome->data, result->outcome->bytes);
}

/* All is read; what differed, read twice, is erased and written once more in smaller pieces, then it is over. */
static void end_verify(struct rlk_session *session)
{
    if (session->fetched_digest != session->image_digest) {
        rlk_stage_fail(session, RLK_E_IMAGE_CHANGED, 0);
    } else if (session->differing_addr == 0) {
        session->evidence.content = RLK_CONTENT_EQUAL;
        rlk_stage_end(session);
    } else if (session->repairs > 0) {
        rlk_stage_fail(session, RLK_E_VERIFY_DIFFERS, session->differing_addr);
    } else {
        session->repairs++;
        rlk_blocks_settle(session);
        session->evidence.content = RLK_CONTENT_NEEDS_ERASE;
        rlk_stage_end(session);
    }
}

static void on_verify_read(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_block block = rlk_cursor_block(session);
    if (result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_READ_REFUSED, block.addr);
        return;
    }
    const uint32_t equal_bytes = rlk_flash_equal_bytes(session, result->outcome->data);
    const bool is_equal = equal_bytes == block.length;
    if (!is_equal && !session->cursor.is_second_look) {
        session->cursor.is_second_look = true;
        return;
    }
    if (!is_equal && session->goal.job == RLK_JOB_VERIFY) {
        rlk_stage_fail(session, RLK_E_FLASH_DIFFERS, block.addr + equal_bytes);
        return;
    }
    rlk_block_class_set(session, session->cursor.index, is_equal ? RLK_BLOCK_EQUAL : RLK_BLOCK_OTHER);
    if (!is_equal && session->differing_addr == 0) {
        session->differing_addr = block.addr + equal_bytes;
    }
    rlk_progress_step(session);
    if (rlk_cursor_next(session)) {
        rlk_step_to(session, VERIFY_ADDRESS);
    } else {
        end_verify(session);
    }
}

static const struct rlk_step verify_steps[] = {
    [VERIFY_SELECT] = {rlk_flash_issue_select, rlk_flash_on_select},
    [VERIFY_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [VERIFY_ADDRESS] = {rlk_flash_issue_address, rlk_flash_on_address},
    [VERIFY_FETCH] = {rlk_flash_issue_fetch, on_verify_fetch},
    [VERIFY_READ] = {rlk_flash_issue_upload, on_verify_read},
};

const struct rlk_stage_script rlk_stage_verify = {verify_steps, enter_verify};
