/* Read: the range that was asked for, handed to the host block by block. */
#include "engine/stage_flash.h"

#define WIDTH_BYTES 4U

enum { FIRST_DATA_BLOCK = 2 };

enum { READ_SELECT, READ_IDLE, READ_ADDRESS, READ_BLOCK, READ_STORE };

/* What goes over the wire is widened to multiples of four: AN3156 §4.1 knows no transfer of a single byte, and the
 * flash begins and ends on such a multiple. The cursor counts from here. */
static uint32_t wide_begin(const struct rlk_session *session)
{
    return session->wish.read_addr & ~(WIDTH_BYTES - 1U);
}

static uint32_t wide_bytes(const struct rlk_session *session)
{
    uint32_t lead = session->wish.read_addr - wide_begin(session);
    return (lead + session->wish.read_bytes + WIDTH_BYTES - 1U) & ~(WIDTH_BYTES - 1U);
}

static void enter_read(struct rlk_session *session)
{
    uint32_t transfer_bytes = session->findings.transfer_bytes;
    session->stage_cursor = 0;
    rlk_progress_begin(session, (wide_bytes(session) + transfer_bytes - 1U) / transfer_bytes);
}

static void issue_read_address(struct rlk_session *session)
{
    rlk_issue_set_address(session, wide_begin(session));
}

static uint16_t bytes_now(const struct rlk_session *session)
{
    uint32_t left = wide_bytes(session) - session->stage_cursor;
    return (uint16_t)(left < session->findings.transfer_bytes ? left : session->findings.transfer_bytes);
}

static void issue_read_block(struct rlk_session *session)
{
    uint32_t number = FIRST_DATA_BLOCK + session->stage_cursor / session->findings.transfer_bytes;
    rlk_issue_upload(session, (uint16_t)number, bytes_now(session));
}

static void on_read_block(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_READ_REFUSED, wide_begin(session) + session->stage_cursor);
        return;
    }
    session->buffer_bytes = bytes_now(session);
    memcpy(session->buffer, result->outcome->data, session->buffer_bytes);
    rlk_step_next(session);
}

/* Only what was asked for is handed over: the first block begins with the lead, the last one ends where the range ends.
 */
static void issue_store_block(struct rlk_session *session)
{
    uint32_t lead = session->wish.read_addr - wide_begin(session);
    uint32_t skip = session->stage_cursor == 0 ? lead : 0U;
    uint32_t offset = session->stage_cursor + skip - lead;
    uint32_t left = session->wish.read_bytes - offset;
    uint32_t have = (uint32_t)session->buffer_bytes - skip;
    rlk_issue_store(session, offset, &session->buffer[skip], have < left ? have : left);
}

static void on_store_block(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind != RLK_OUTCOME_OK) {
        rlk_stage_fail(session, RLK_E_FILE_NOT_WRITTEN, 0);
        return;
    }
    session->stage_cursor += (uint32_t)session->buffer_bytes;
    rlk_progress_step(session);
    if (session->stage_cursor < wide_bytes(session)) {
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
