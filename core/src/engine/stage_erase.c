/* Erase: the sectors that need it, each by its own command. */
#include "engine/stage_flash.h"

enum { TRIES_MAX = 2 };

static bool find_sector_to_erase(const struct rlk_session *session, struct rlk_sector *sector)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    uint32_t count = rlk_layout_sector_count(flash);
    for (uint32_t i = session->stage_cursor; i < count; i++) {
        if (rlk_sector_must_be_erased(session, i)) {
            return rlk_layout_sector_by_index(flash, i, sector);
        }
    }
    return false;
}

static void enter_erase(struct rlk_session *session)
{
    session->stage_cursor = 0;
    session->tries = 0;
    session->gate.may_write_flash = true;
    rlk_progress_begin(session, rlk_sectors_to_erase_count(session));
}

static void issue_erase_sector(struct rlk_session *session)
{
    struct rlk_sector sector;
    if (find_sector_to_erase(session, &sector)) {
        session->stage_cursor = sector.index;
        rlk_issue_erase(session, &sector);
    } else {
        session->evidence.content = RLK_CONTENT_READY;
        rlk_stage_end(session);
    }
}

static void on_erase_sector(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_sector sector;
    if (result->verdict == RLK_VERDICT_OK) {
        session->stage_cursor++;
        session->tries = 0;
        rlk_progress_step(session);
        return;
    }
    /* After an erase errVENDOR may mean any failure (ST's usbd_dfu.c, 2.11.2): once more. */
    session->tries++;
    if (result->verdict == RLK_VERDICT_REFUSED && session->tries < TRIES_MAX) {
        return;
    }
    uint32_t addr = find_sector_to_erase(session, &sector) ? sector.start_addr : 0;
    bool is_refusal = result->verdict == RLK_VERDICT_REFUSED || result->verdict == RLK_VERDICT_BAD_TARGET;
    rlk_stage_fail(session, is_refusal ? RLK_E_ERASE_REFUSED : rlk_verdict_error(result->verdict), addr);
}

static const struct rlk_step erase_steps[] = {
    {rlk_flash_issue_record, rlk_flash_on_record},
    {rlk_issue_idle, rlk_step_expect_ok},
    {issue_erase_sector, on_erase_sector},
};

const struct rlk_stage_script rlk_stage_erase = {erase_steps, enter_erase};
