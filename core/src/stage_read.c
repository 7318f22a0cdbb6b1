/* Read: the range that was asked for, handed to the host block by block. */
#include "stage_flash.h"

enum { FIRST_DATA_BLOCK = 2 };

enum { READ_SELECT, READ_IDLE, READ_ADDRESS, READ_BLOCK, READ_STORE };

static void enter_read(struct rlk_session *session)
{
    uint32_t transfer_bytes = session->findings.transfer_bytes;
    session->stage_cursor = 0;
    rlk_progress_begin(session, (session->wish.read_bytes + transfer_bytes - 1U) / transfer_bytes);
}

static void issue_read_address(struct rlk_session *session)
{
    rlk_issue_set_address(session, session->wish.read_addr);
}

static uint16_t read_bytes_now(const struct rlk_session *session)
{
    uint32_t left = session->wish.read_bytes - session->stage_cursor;
    return (uint16_t)(left < session->findings.transfer_bytes ? left : session->findings.transfer_bytes);
}

static void issue_read_block(struct rlk_session *session)
{
    uint32_t number = FIRST_DATA_BLOCK + session->stage_cursor / session->findings.transfer_bytes;
    /* AN3156 §4.1: no transfer of a single byte. */
    rlk_issue_upload(session, (uint16_t)number, (uint16_t)(read_bytes_now(session) + read_bytes_now(session) % 2U));
}

static void on_read_block(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_READ_REFUSED, session->wish.read_addr + session->stage_cursor);
        return;
    }
    session->buffer_bytes = read_bytes_now(session);
    memcpy(session->buffer, result->outcome->data, session->buffer_bytes);
    rlk_step_next(session);
}

static void issue_store_block(struct rlk_session *session)
{
    rlk_issue_store(session, session->stage_cursor, session->buffer, (uint32_t)session->buffer_bytes);
}

static void on_store_block(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind != RLK_OUTCOME_OK) {
        rlk_stage_fail(session, RLK_E_FILE_NOT_WRITTEN, 0);
        return;
    }
    session->stage_cursor += (uint32_t)session->buffer_bytes;
    rlk_progress_step(session);
    if (session->stage_cursor < session->wish.read_bytes) {
        rlk_step_to(session, READ_BLOCK);
    } else {
        session->evidence.is_read = true;
        rlk_stage_end(session);
    }
}

static const struct rlk_step read_steps[] = {
    [READ_SELECT] = {rlk_flash_issue_select, rlk_flash_on_select},
    [READ_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [READ_ADDRESS] = {issue_read_address, rlk_step_expect_ok},
    [READ_BLOCK] = {issue_read_block, on_read_block},
    [READ_STORE] = {issue_store_block, on_store_block},
};

const struct rlk_stage_script rlk_stage_read = {read_steps, enter_read};
