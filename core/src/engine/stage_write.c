/* Write: the blocks, of the image and of what is kept, that are not there yet; in smaller pieces after a failed verify,
 * and where long ones are refused. What goes where a block must be written is blank by now, so a block that is to be
 * blank is there: on chips with ECC it could not be written again. */
#include "engine/stage_flash.h"

/* The pieces that a block goes in after a failed verify: early L43x ROMs corrupt longer ones (AN2606, known limitations
 * of the L43x bootloader). Early ones, too, announce 2048 and take 1024. */
enum { SMALL_CHUNK_BYTES = 256, LARGE_CHUNK_BYTES = 1024, FIRST_DATA_BLOCK = 2 };

enum {
    WRITE_RECORD,
    WRITE_SELECT,
    WRITE_IDLE,
    WRITE_NEXT,
    WRITE_ADDRESS,
    WRITE_FETCH,
    WRITE_BLOCK,
    WRITE_SMALL_ADDRESS,
    WRITE_SMALL
};

/* The block with the vector table goes last: until then a chip with the empty check still counts as empty and comes
 * back, and no chip ever starts half a firmware. */
enum { FIRST_BLOCK_IN_TURN, FIRST_BLOCK_WAITS, FIRST_BLOCK_NOW, FIRST_BLOCK_WAS_LAST };

static bool is_first_block(const struct rlk_session *session)
{
    return rlk_cursor_block(session).addr == session->findings.chip.flash_addr;
}

/* It is the image's first one, or one that is kept. False if it is neither. */
static bool cursor_to_first_block(struct rlk_session *session)
{
    bool is_there = rlk_cursor_begin(session);
    while (is_there && !is_first_block(session)) {
        is_there = rlk_cursor_next(session);
    }
    return is_there;
}

static bool first_block_must_be_written(struct rlk_session *session)
{
    if (!cursor_to_first_block(session)) {
        return false;
    }
    struct rlk_block first = rlk_cursor_block(session);
    return rlk_block_must_be_written(session, &first, session->cursor.index);
}

static void enter_write(struct rlk_session *session)
{
    session->gate.may_write_flash = true;
    session->first_block = first_block_must_be_written(session) ? FIRST_BLOCK_WAITS : FIRST_BLOCK_IN_TURN;
    rlk_cursor_begin(session);
    rlk_progress_begin(session, rlk_blocks_to_write_count(session));
}

static bool writes_small(const struct rlk_session *session)
{
    return session->repairs > 0 || session->piece_bytes != 0;
}

static uint32_t chunk_bytes_max(const struct rlk_session *session)
{
    return session->repairs > 0 ? SMALL_CHUNK_BYTES : session->piece_bytes;
}

/* What was not taken goes once more in smaller pieces, and so does all that follows. False if there are none smaller.
 */
static bool take_smaller_pieces(struct rlk_session *session, uint32_t refused_bytes)
{
    if (refused_bytes <= SMALL_CHUNK_BYTES) {
        return false;
    }
    session->piece_bytes = refused_bytes > LARGE_CHUNK_BYTES ? LARGE_CHUNK_BYTES : SMALL_CHUNK_BYTES;
    return true;
}

/* Back to the first block; the pointer still stands there if nothing but its segment was written. */
static void take_first_block(struct rlk_session *session)
{
    (void)cursor_to_first_block(session);
    session->cursor.address_is_set =
        session->gate.pointer_is_known && session->gate.pointer_addr == session->findings.chip.flash_addr;
    session->first_block = FIRST_BLOCK_NOW;
}

static bool find_work(struct rlk_session *session)
{
    if (session->first_block == FIRST_BLOCK_WAS_LAST) {
        return false;
    }
    bool is_there = rlk_cursor_to_work(session);
    if (is_there && session->first_block == FIRST_BLOCK_WAITS && is_first_block(session)) {
        rlk_cursor_next(session);
        is_there = rlk_cursor_to_work(session);
    }
    if (is_there) {
        return true;
    }
    if (session->first_block != FIRST_BLOCK_WAITS) {
        return false;
    }
    take_first_block(session);
    return true;
}

static void issue_next_work(struct rlk_session *session)
{
    if (find_work(session)) {
        rlk_issue_nothing(session);
    } else {
        session->evidence.content = RLK_CONTENT_WRITTEN;
        rlk_stage_end(session);
    }
}

static void on_next_work(struct rlk_session *session, const struct rlk_result *result)
{
    (void)result;
    rlk_step_to(session, writes_small(session) ? WRITE_FETCH : WRITE_ADDRESS);
}

static void issue_write_block(struct rlk_session *session)
{
    struct rlk_block block = rlk_cursor_block(session);
    session->has_programmed = true; /* from the moment that it is sent: it may be cut off half done */
    rlk_issue_download(session, block.number, session->buffer, block.length);
}

static void fail_write(struct rlk_session *session, const struct rlk_result *result, uint32_t addr)
{
    bool is_refusal = result->verdict == RLK_VERDICT_REFUSED || result->verdict == RLK_VERDICT_BAD_TARGET;
    rlk_stage_fail(session, is_refusal ? RLK_E_WRITE_REFUSED : rlk_verdict_error(result->verdict), addr);
}

static void block_is_written(struct rlk_session *session)
{
    rlk_progress_step(session);
    if (session->first_block == FIRST_BLOCK_NOW) {
        session->first_block = FIRST_BLOCK_WAS_LAST;
    } else {
        rlk_cursor_next(session);
    }
    rlk_step_to(session, WRITE_NEXT);
}

static void on_write_fetch(struct rlk_session *session, const struct rlk_result *result)
{
    rlk_flash_on_fetch(session, result);
    if (session->stage_is_over) {
        return;
    }
    if (rlk_flash_is_blank(session, session->buffer, rlk_cursor_block(session).length)) {
        block_is_written(session);
    } else if (writes_small(session)) {
        rlk_step_to(session, WRITE_SMALL_ADDRESS);
    }
}

static void on_write_block(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_block block = rlk_cursor_block(session);
    if (result->verdict == RLK_VERDICT_OK) {
        block_is_written(session);
    } else if (result->verdict == RLK_VERDICT_NOT_TAKEN && take_smaller_pieces(session, block.length)) {
        rlk_step_to(session, WRITE_SMALL_ADDRESS);
    } else {
        fail_write(session, result, block.addr);
    }
}

static void issue_small_address(struct rlk_session *session)
{
    rlk_issue_set_address(session, rlk_cursor_block(session).addr + session->cursor.chunk);
}

static uint32_t small_chunk_bytes(const struct rlk_session *session)
{
    uint32_t left = rlk_cursor_block(session).length - session->cursor.chunk;
    return left < chunk_bytes_max(session) ? left : chunk_bytes_max(session);
}

static void issue_write_small(struct rlk_session *session)
{
    rlk_issue_download(session, FIRST_DATA_BLOCK, &session->buffer[session->cursor.chunk],
                       (uint16_t)small_chunk_bytes(session));
}

static void on_write_small(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_block block = rlk_cursor_block(session);
    if (result->verdict == RLK_VERDICT_NOT_TAKEN && take_smaller_pieces(session, small_chunk_bytes(session))) {
        rlk_step_to(session, WRITE_SMALL_ADDRESS);
        return;
    }
    if (result->verdict != RLK_VERDICT_OK) {
        fail_write(session, result, block.addr + session->cursor.chunk);
        return;
    }
    session->cursor.chunk += small_chunk_bytes(session);
    if (session->cursor.chunk < block.length) {
        rlk_step_to(session, WRITE_SMALL_ADDRESS);
    } else {
        block_is_written(session);
    }
}

static const struct rlk_step write_steps[] = {
    [WRITE_RECORD] = {rlk_flash_issue_record, rlk_flash_on_record},
    [WRITE_SELECT] = {rlk_flash_issue_select, rlk_flash_on_select},
    [WRITE_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [WRITE_NEXT] = {issue_next_work, on_next_work},
    [WRITE_ADDRESS] = {rlk_flash_issue_address, rlk_flash_on_address},
    [WRITE_FETCH] = {rlk_flash_issue_fetch, on_write_fetch},
    [WRITE_BLOCK] = {issue_write_block, on_write_block},
    [WRITE_SMALL_ADDRESS] = {issue_small_address, rlk_step_expect_ok},
    [WRITE_SMALL] = {issue_write_small, on_write_small},
};

const struct rlk_stage_script rlk_stage_write = {write_steps, enter_write};
