/* Time left: estimates from the data-sheet times of the row, corrected by the measured rate of the stage under way. */
#include "engine/blocks.h"
#include "engine/stage.h"

enum {
    STEP_MS = 5,
    OPEN_MS = 60,
    PROBE_MS = 80,
    TRANSFER_MS = 3,
    BYTES_PER_MS = 700,
    PERMILLE = 1000,
    SIXTEEN = 16,
    SIXTEEN_KIB = 16384,
    POWER_CYCLE_MS = 5000
};

static uint32_t read_ms(const struct rlk_session *session, uint32_t blocks)
{
    return blocks * (TRANSFER_MS + session->findings.transfer_bytes / BYTES_PER_MS);
}

static uint32_t write_ms_per_block(const struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    uint32_t program_ms = session->findings.transfer_bytes / SIXTEEN * chip->program_typical_us_per_byte_x16 / 1000U;
    bool waits_as_announced = !rlk_session_polls_early(session) && chip->announced_program_ms > program_ms;
    uint32_t wait_ms = waits_as_announced ? chip->announced_program_ms : program_ms;
    return wait_ms + 3U * TRANSFER_MS + session->findings.transfer_bytes / BYTES_PER_MS;
}

uint32_t rlk_sector_erase_typical_ms(const struct rlk_chip *chip, uint32_t sector_bytes)
{
    return (sector_bytes + SIXTEEN_KIB - 1U) / SIXTEEN_KIB * chip->sector_erase_typical_ms_per_16k;
}

/* The sectors that will be erased, or all that the image touches while that is not known. */
static uint32_t erase_ms(const struct rlk_session *session)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    bool is_known = session->evidence.content == RLK_CONTENT_NEEDS_ERASE;
    uint32_t count = is_known ? rlk_sectors_to_erase_count(session) : rlk_sectors_touched_count(session);
    struct rlk_sector sector;
    bool is_there =
        session->block_count > 0 && rlk_layout_sector_at(flash, session->wish.image->segments[0].addr, &sector);
    return count * rlk_sector_erase_typical_ms(&session->findings.chip, is_there ? sector.bytes : 1U);
}

uint32_t rlk_stage_estimate_ms(const struct rlk_session *session, enum rlk_stage stage)
{
    const struct rlk_chip *chip = &session->findings.chip;
    switch (stage) {
    case RLK_STAGE_OPEN:
        return OPEN_MS;
    case RLK_STAGE_PROBE:
    case RLK_STAGE_PROVE:
        return PROBE_MS;
    case RLK_STAGE_UNPROTECT:
        return chip->mass_erase_typical_ms + chip->return_typical_ms;
    case RLK_STAGE_ERASE:
        return erase_ms(session);
    case RLK_STAGE_BLANK:
        return read_ms(session, rlk_blank_blocks_count(session));
    case RLK_STAGE_VERIFY:
        return read_ms(session, session->block_count);
    case RLK_STAGE_READ:
        return read_ms(session, session->wish.read_bytes / (session->findings.transfer_bytes | 1U) + 1U);
    case RLK_STAGE_WRITE:
        return session->wish.image_is_blank ? 0U : session->block_count * write_ms_per_block(session);
    case RLK_STAGE_OPTIONS:
        return PROBE_MS + chip->return_typical_ms;
    case RLK_STAGE_POWER_CYCLE:
        return POWER_CYCLE_MS;
    default:
        return STEP_MS;
    }
}

static uint32_t stage_left_ms(const struct rlk_session *session, uint32_t estimate_ms)
{
    if (session->stage_total == 0 || session->stage_done > session->stage_total) {
        return estimate_ms;
    }
    uint32_t to_do = session->stage_total - session->stage_done;
    if (session->stage_done == 0) {
        return estimate_ms;
    }
    return (uint32_t)((uint64_t)session->stage_elapsed_ms * to_do / session->stage_done);
}

static uint32_t left_ms(const struct rlk_session *session)
{
    enum rlk_stage stages[RLK_PLAN_STAGES_MAX];
    size_t count = rlk_plan_make(stages, &session->evidence, &session->goal);
    uint32_t left = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t estimate_ms = rlk_stage_estimate_ms(session, stages[i]);
        left += i == 0 ? stage_left_ms(session, estimate_ms) : estimate_ms;
    }
    return left;
}

/* Never falls: a repair or a reopening adds work, but a bar that runs backwards frightens people. */
static void show(struct rlk_session *session)
{
    uint64_t past = session->past_estimate_ms;
    uint64_t total = past + left_ms(session);
    uint32_t permille = total == 0 ? 0U : (uint32_t)(past * PERMILLE / total);
    if (permille > session->shown_permille) {
        session->shown_permille = permille;
    }
}

void rlk_progress_begin(struct rlk_session *session, uint32_t total)
{
    session->stage_done = 0;
    session->stage_total = total;
    session->stage_elapsed_ms = 0;
    session->stage_past_ms = session->past_estimate_ms;
}

void rlk_progress_step(struct rlk_session *session)
{
    uint32_t estimate_ms = rlk_stage_estimate_ms(session, session->stage);
    session->stage_done++;
    if (session->stage_total > 0) {
        session->past_estimate_ms =
            session->stage_past_ms + (uint32_t)((uint64_t)estimate_ms * session->stage_done / session->stage_total);
    }
    show(session);
}

void rlk_progress_stage_begins(struct rlk_session *session)
{
    rlk_progress_begin(session, 0);
    show(session);
}

void rlk_progress_stage_ends(struct rlk_session *session)
{
    session->past_estimate_ms = session->stage_past_ms + rlk_stage_estimate_ms(session, session->stage);
}

struct rlk_progress rlk_session_progress(const struct rlk_session *session)
{
    bool awaits_person = session->operation_is_ready &&
                         (session->operation.kind == RLK_OPERATION_ASK ||
                          (session->operation.kind == RLK_OPERATION_REOPEN && session->operation.patience_ms == 0));
    bool is_done = session->operation_is_ready && session->operation.kind == RLK_OPERATION_DONE;
    bool is_good = is_done && session->fault.error == RLK_OK;
    struct rlk_progress progress = {
        .stage = session->stage,
        .done_permille = is_good ? PERMILLE : session->shown_permille,
        .stage_done = session->stage_done,
        .stage_total = session->stage_total,
        .left_ms = awaits_person ? UINT32_MAX
                   : is_done     ? 0U
                                 : left_ms(session),
    };
    return progress;
}

static bool plan_has(const struct rlk_plan *plan, enum rlk_stage stage)
{
    size_t i = 0;
    while (i < plan->stage_count && plan->stages[i] != stage) {
        i++;
    }
    return i < plan->stage_count;
}

void rlk_session_plan(const struct rlk_session *session, struct rlk_plan *plan)
{
    const struct rlk_chip *chip = &session->findings.chip;
    *plan = (struct rlk_plan){0};
    plan->stage_count = rlk_plan_make(plan->stages, &session->evidence, &session->goal);
    for (size_t i = 0; i < plan->stage_count; i++) {
        plan->estimate_ms += rlk_stage_estimate_ms(session, plan->stages[i]);
    }
    bool unprotects = plan_has(plan, RLK_STAGE_UNPROTECT);
    bool seals = plan_has(plan, RLK_STAGE_OPTIONS);
    plan->image_bytes = session->wish.image == NULL ? 0 : (uint32_t)session->wish.image->size;
    plan->sectors_touched = session->block_count == 0 ? 0 : rlk_sectors_touched_count(session);
    plan->loses_everything = unprotects;
    bool erases_sectors = !unprotects && plan_has(plan, RLK_STAGE_ERASE);
    plan->loses_sectors = erases_sectors && session->wish.erases_whole_sectors;
    plan->keeps_rest = erases_sectors && !session->wish.erases_whole_sectors;
    plan->ends_protected = seals && session->goal.end_protected;
    plan->options = seals ? session->wish.options : NULL;
    plan->option_count = seals ? session->wish.option_count : 0;
    plan->needs_person_after_unprotect = unprotects && session->wish.way_back == RLK_WAY_BACK_EMPTY_CHECK;
    plan->needs_power_cycle_after_seal = seals && chip->power_cycle_after_seal != RLK_POWER_CYCLE_NO;
}
