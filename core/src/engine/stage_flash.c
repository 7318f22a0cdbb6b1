#include "engine/stage_flash.h"

bool rlk_flash_is_blank(const struct rlk_session *session, const uint8_t *data, size_t bytes)
{
    size_t i = 0;
    while (i < bytes && data[i] == session->findings.chip.erased_value) {
        i++;
    }
    return i == bytes;
}

static uint32_t segment_addr(const struct rlk_session *session)
{
    return rlk_cursor_segment(session)->addr;
}

void rlk_flash_issue_select(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    rlk_issue_select_alternate(session, rlk_fingerprint_flash_alternate(&findings->fingerprint, &findings->chip));
}

void rlk_flash_on_select(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind == RLK_OUTCOME_OK) {
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_DEVICE_NONSENSE, 0);
    }
}

static bool changes_flash(struct rlk_session *session)
{
    return session->stage == RLK_STAGE_ERASE || rlk_blocks_to_write_count(session) > 0;
}

void rlk_flash_issue_record(struct rlk_session *session)
{
    enum rlk_journal_phase phase =
        session->evidence.consent == RLK_CONSENT_SPENT ? RLK_JOURNAL_EMPTY : RLK_JOURNAL_ERASING;
    bool is_recorded = session->journal_phase == phase;
    if (session->goal.job != RLK_JOB_UPDATE || is_recorded || !changes_flash(session)) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_record(session, phase);
    }
}

/* Where 0x92 was sent, its own entry says enough to resume: a failing journal must not stop the rescue of an empty
 * device. */
void rlk_flash_on_record(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind == RLK_OUTCOME_OK || session->evidence.consent == RLK_CONSENT_SPENT) {
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_JOURNAL_FAILED, 0);
    }
}

/* One set-address per segment: block numbers count from there (ST's usbd_dfu.c: the fixed transfer size). */
void rlk_flash_issue_address(struct rlk_session *session)
{
    if (session->cursor.address_is_set) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_set_address(session, segment_addr(session));
    }
}

void rlk_flash_on_address(struct rlk_session *session, const struct rlk_result *result)
{
    session->cursor.address_is_set = result->verdict == RLK_VERDICT_OK;
    rlk_step_expect_ok(session, result);
}

void rlk_flash_issue_fetch(struct rlk_session *session)
{
    struct rlk_block block = rlk_cursor_block(session);
    if (rlk_cursor_is_in_kept(session)) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_fetch(session, block.image_offset, block.image_bytes);
    }
}

static uint8_t kept_or_erased(const struct rlk_session *session, uint32_t addr)
{
    const uint8_t *kept = rlk_kept_byte(session, addr);
    return kept != NULL ? *kept : session->findings.chip.erased_value;
}

/* A cell before the block is far behind it, as a difference. */
static void patch_cell(struct rlk_session *session, const struct rlk_block *block, uint32_t cell_addr)
{
    for (uint32_t addr = cell_addr; addr != cell_addr + RLK_IMAGE_ALIGNMENT_BYTES; addr++) {
        const uint32_t at = addr - block->addr;
        if (at < block->image_bytes && !rlk_image_gives(session->wish.image, addr)) {
            session->buffer[at] = kept_or_erased(session, addr);
        }
    }
}

/* Padding, between and behind the image's own bytes: what is kept there, or as if it were still erased. */
static void patch_block(struct rlk_session *session, const struct rlk_block *block)
{
    const struct rlk_image *image = session->wish.image;
    for (size_t i = 0; i < image->partial_cell_count; i++) {
        patch_cell(session, block, image->partial_cells[i].addr);
    }
    for (uint32_t at = block->image_bytes; at < block->length; at++) {
        session->buffer[at] = kept_or_erased(session, block->addr + at);
    }
}

static void take_block(struct rlk_session *session, const uint8_t *data, size_t bytes)
{
    const struct rlk_block block = rlk_cursor_block(session);
    memset(session->buffer, session->findings.chip.erased_value, block.length);
    memcpy(session->buffer, data, bytes);
    if (!rlk_cursor_is_in_kept(session)) {
        patch_block(session, &block);
    }
    session->buffer_bytes = bytes;
    rlk_step_next(session);
}

void rlk_flash_on_fetch(struct rlk_session *session, const struct rlk_result *result)
{
    const struct rlk_outcome *outcome = result->outcome;
    if (rlk_cursor_is_in_kept(session)) {
        const struct rlk_block block = rlk_cursor_block(session);
        take_block(session, &session->wish.keep_room[block.image_offset], block.image_bytes);
    } else if (outcome->kind != RLK_OUTCOME_OK || outcome->bytes != session->operation.bytes) {
        rlk_stage_fail(session, RLK_E_IMAGE_FETCH_FAILED, 0);
    } else {
        take_block(session, outcome->data, outcome->bytes);
    }
}

uint32_t rlk_flash_equal_bytes(const struct rlk_session *session, const uint8_t *data)
{
    const struct rlk_block block = rlk_cursor_block(session);
    uint32_t i = 0;
    while (i < block.length &&
           (session->buffer[i] == data[i] || (!rlk_image_gives(session->wish.image, block.addr + i) &&
                                              rlk_kept_byte(session, block.addr + i) == NULL))) {
        i++;
    }
    return i;
}

void rlk_flash_issue_upload(struct rlk_session *session)
{
    struct rlk_block block = rlk_cursor_block(session);
    rlk_issue_upload(session, block.number, block.length);
}
