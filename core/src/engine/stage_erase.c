/* Erase: the sectors that need it, each by its own command, once what else is in them is kept (stage_keep.c). Where
 * erases are known to end early, never, or without effect, the beginning of each sector is read before it counts as
 * erased. */
#include "engine/stage_flash.h"
#include "engine/stage_keep.h"

enum { TRIES_MAX = 2, FIRST_DATA_BLOCK = 2 };
enum { ERASE_RECORD = RLK_KEEP_STEPS, ERASE_IDLE, ERASE_SECTOR, ERASE_ADDRESS, ERASE_READ };

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
    rlk_keep_begin(session);
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

static bool must_be_looked_at(const struct rlk_session *session)
{
    return (session->findings.chip.quirks & RLK_QUIRK_BIT(SECOND_BANK_ERASE)) != 0;
}

static void sector_is_erased(struct rlk_session *session)
{
    session->stage_cursor++;
    session->tries = 0;
    rlk_progress_step(session);
    rlk_step_to(session, ERASE_SECTOR);
}

static void fail_erase(struct rlk_session *session, enum rlk_error error)
{
    struct rlk_sector sector;
    rlk_stage_fail(session, error, find_sector_to_erase(session, &sector) ? sector.start_addr : 0);
}

static void on_erase_sector(struct rlk_session *session, const struct rlk_result *result)
{
    bool may_be_done = result->verdict == RLK_VERDICT_OK || result->verdict == RLK_VERDICT_STUCK;
    if (may_be_done && must_be_looked_at(session)) {
        rlk_step_next(session);
        return;
    }
    if (result->verdict == RLK_VERDICT_OK) {
        sector_is_erased(session);
        return;
    }
    /* After an erase errVENDOR may mean any failure (ST's usbd_dfu.c, 2.11.2): once more. */
    session->tries++;
    if (result->verdict == RLK_VERDICT_REFUSED && session->tries < TRIES_MAX) {
        return;
    }
    bool is_refusal = result->verdict == RLK_VERDICT_REFUSED || result->verdict == RLK_VERDICT_BAD_TARGET;
    fail_erase(session, is_refusal ? RLK_E_ERASE_REFUSED : rlk_verdict_error(result->verdict));
}

static void issue_sector_address(struct rlk_session *session)
{
    struct rlk_sector sector = {0};
    (void)find_sector_to_erase(session, &sector);
    rlk_issue_set_address(session, sector.start_addr);
}

static void issue_sector_read(struct rlk_session *session)
{
    struct rlk_sector sector = {0};
    (void)find_sector_to_erase(session, &sector);
    uint16_t transfer_bytes = session->findings.transfer_bytes;
    rlk_issue_upload(session, FIRST_DATA_BLOCK,
                     sector.bytes < transfer_bytes ? (uint16_t)sector.bytes : transfer_bytes);
}

static void on_sector_read(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict != RLK_VERDICT_OK) {
        fail_erase(session, RLK_E_READ_REFUSED);
        return;
    }
    if (rlk_flash_is_blank(session, result->outcome->data, result->outcome->bytes)) {
        sector_is_erased(session);
        return;
    }
    session->tries++;
    if (session->tries < TRIES_MAX) {
        rlk_step_to(session, ERASE_SECTOR);
    } else {
        fail_erase(session, RLK_E_ERASE_REFUSED);
    }
}

static const struct rlk_step erase_steps[] = {
    [RLK_KEEP_NEXT] = {rlk_keep_issue_next, rlk_keep_on_next},
    [RLK_KEEP_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [RLK_KEEP_ADDRESS] = {rlk_keep_issue_address, rlk_step_expect_ok},
    [RLK_KEEP_READ] = {rlk_keep_issue_read, rlk_keep_on_read},
    [RLK_KEEP_HOLD] = {rlk_keep_issue_hold, rlk_keep_on_hold},
    [ERASE_RECORD] = {rlk_flash_issue_record, rlk_flash_on_record},
    [ERASE_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [ERASE_SECTOR] = {issue_erase_sector, on_erase_sector},
    [ERASE_ADDRESS] = {issue_sector_address, rlk_step_expect_ok},
    [ERASE_READ] = {issue_sector_read, on_sector_read},
};

const struct rlk_stage_script rlk_stage_erase = {erase_steps, enter_erase};
