/* Identify: which chip, what is offered, and does the wish fit it at all. No transfer; everything is read already. */
#include "engine/blocks.h"
#include "engine/stage.h"
#include "relock/image_family.h"
#include "relock/image_fit.h"

#include <string.h>

enum { TRANSFER_BYTES_MIN = 64 };

/* No word of the user's makes firmware for one chip of ST's fit another. */
static enum rlk_error judge_family(const struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    const enum rlk_error error = rlk_image_judge_family(wish->image, session->findings.candidates);
    const bool is_accepted = error == RLK_E_IMAGE_OF_UNKNOWN_FAMILY && wish->accept_any_image;
    return is_accepted || session->goal.job == RLK_JOB_VERIFY ? RLK_OK : error;
}

static bool check_image(struct rlk_session *session)
{
    const struct rlk_image *image = session->wish.image;
    const struct rlk_findings *findings = &session->findings;
    const enum rlk_error error = judge_family(session);
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
        return false;
    }
    const struct rlk_misfit misfit = rlk_image_misfit(image, &findings->chip, &findings->fingerprint);
    if (misfit.error != RLK_OK) {
        rlk_stage_fail_at(session, misfit.error, misfit.addr);
        return false;
    }
    session->block_count = rlk_blocks_count(image, findings->transfer_bytes);
    if (session->block_count > RLK_BLOCKS_MAX) {
        rlk_stage_fail(session, RLK_E_IMAGE_TOO_SCATTERED, 0);
        return false;
    }
    return true;
}

static bool check_read_range(struct rlk_session *session)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    if (session->wish.read_bytes == 0 ||
        !rlk_layout_covers(flash, session->wish.read_addr, session->wish.read_bytes, RLK_SECTOR_READABLE)) {
        rlk_stage_fail_at(session, RLK_E_READ_OUTSIDE_FLASH, session->wish.read_addr);
        return false;
    }
    return true;
}

static bool check_wish(struct rlk_session *session)
{
    if (session->goal.job == RLK_JOB_READ) {
        return check_read_range(session);
    }
    return session->wish.image == NULL || session->goal.job == RLK_JOB_LOOK || check_image(session);
}

/* SEALING is written when all was compared equal. If the device is protected now, it is our block that went out: level
 * 1 does not come by itself. */
static bool was_finished(const struct rlk_journal_entry *entry)
{
    return entry->phase == RLK_JOURNAL_SEALING || entry->phase == RLK_JOURNAL_PROVEN;
}

/* The journal speaks of this job if image or job, wished option fields, end state and serial are the same, and the
 * family where the serial may be many units'. One bit of a layout string that was misread makes another family; to look
 * is safe. */
static bool is_of_this_job(const struct rlk_session *session, const struct rlk_journal_entry *entry)
{
    char serial[RLK_JOURNAL_SERIAL_BYTES];
    const struct rlk_image *image = session->wish.image;
    const char *read_serial = session->findings.fingerprint.serial;
    rlk_journal_clean_serial(serial, read_serial);
    return (entry->family == session->findings.chip.family || rlk_serial_is_unique(read_serial)) &&
           entry->image_digest == rlk_session_job_digest(session) &&
           entry->image_bytes == (image == NULL ? 0U : (uint32_t)image->size) &&
           entry->end_protected == session->goal.end_protected && strcmp(entry->serial, serial) == 0;
}

static void recall(struct rlk_session *session)
{
    const struct rlk_journal_entry *entry = session->wish.journal;
    const enum rlk_job job = session->goal.job;
    if (entry == NULL || entry->phase == RLK_JOURNAL_NONE || !is_of_this_job(session, entry)) {
        return;
    }
    if (job == RLK_JOB_UPDATE && session->goal.end_protected && was_finished(entry)) {
        session->evidence.past = RLK_PAST_FINISHED;
    }
    bool is_of_levels = job == RLK_JOB_UNPROTECT || job == RLK_JOB_PROTECT;
    if (is_of_levels && entry->phase != RLK_JOURNAL_PROVEN) {
        session->evidence.past = RLK_PAST_BEGUN;
    }
}

static enum rlk_error settle_chip(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    const struct rlk_wish *wish = &session->wish;
    findings->candidates = rlk_chip_candidates(&findings->fingerprint);
    bool is_known = findings->candidates != 0;
    if (wish->families != 0 && is_known && (findings->candidates & wish->families) == 0) {
        /* What it is all the same, for people, if that can be said. */
        if (rlk_chip_settle(&findings->chip, findings->candidates, RLK_FAMILY_UNKNOWN) != RLK_OK) {
            findings->chip.family = RLK_FAMILY_UNKNOWN;
        }
        return RLK_E_WRONG_CHIP;
    }
    if (wish->families != 0) {
        findings->candidates &= wish->families; /* settled by the release */
    }
    enum rlk_error error = rlk_chip_settle(&findings->chip, findings->candidates, wish->family);
    if (error != RLK_OK) {
        findings->chip.family = RLK_FAMILY_UNKNOWN;
    } else if (wish->family != RLK_FAMILY_UNKNOWN) {
        findings->candidates = RLK_FAMILY_BIT(wish->family); /* settled by the claim */
    }
    return error;
}

/* What varies within a family is as the device announces it: whole slots, never more than the row knows. */
static void take_options_length(struct rlk_findings *findings)
{
    struct rlk_chip *chip = &findings->chip;
    uint32_t announced = rlk_fingerprint_options_bytes(&findings->fingerprint, chip);
    if (announced != 0 && announced < chip->options_bytes) {
        announced -= announced % (chip->option_form == RLK_OPTION_FORM_WORD_PAIRS ? 8U : 4U);
        chip->options_bytes = (uint16_t)announced;
        chip->options_write_bytes =
            chip->options_write_bytes < announced ? chip->options_write_bytes : (uint16_t)announced;
    }
}

static bool is_harmless(enum rlk_job job)
{
    return job == RLK_JOB_LOOK || job == RLK_JOB_READ || job == RLK_JOB_VERIFY;
}

static bool touches_options(enum rlk_job job)
{
    return !is_harmless(job) && job != RLK_JOB_WRITE;
}

/* Looking and reading harm nothing. An experimental family is changed only if it was named, where that may be said, and
 * its options never for their own sake. */
static enum rlk_error judge_tier(const struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    const struct rlk_wish *wish = &session->wish;
    const enum rlk_job job = session->goal.job;
    if (chip->refusal == RLK_E_CHIP_HAS_NO_FLASH) {
        return RLK_E_CHIP_HAS_NO_FLASH;
    }
    if (chip->tier == RLK_TIER_EXPERIMENTAL && job == RLK_JOB_OPTIONS) {
        return RLK_E_OPTIONS_NOT_SETTABLE;
    }
    if (chip->tier == RLK_TIER_EXPERIMENTAL && !is_harmless(job) &&
        !(wish->allow_experimental && wish->family != RLK_FAMILY_UNKNOWN)) {
        return RLK_E_CHIP_EXPERIMENTAL;
    }
    return touches_options(job) ? chip->refusal : RLK_OK;
}

static bool is_wished_layout(const struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    bool is_one = wish->layout_count == 0;
    for (size_t i = 0; !is_one && i < wish->layout_count; i++) {
        is_one = strcmp(wish->layouts[i], session->findings.fingerprint.flash_string) == 0;
    }
    return is_one;
}

static enum rlk_error check_device(const struct rlk_session *session)
{
    const char *wished_serial = session->wish.serial;
    if (!is_wished_layout(session)) {
        return RLK_E_WRONG_LAYOUT;
    }
    if (wished_serial != NULL && strcmp(wished_serial, session->findings.fingerprint.serial) != 0) {
        return RLK_E_WRONG_SERIAL;
    }
    const uint16_t transfer_bytes = session->findings.transfer_bytes;
    bool is_usable = transfer_bytes <= RLK_BLOCK_BYTES_MAX && transfer_bytes >= TRANSFER_BYTES_MIN &&
                     transfer_bytes % RLK_IMAGE_ALIGNMENT_BYTES == 0;
    return is_usable ? RLK_OK : RLK_E_UNKNOWN_CHIP;
}

/* Every family that the device can be must have the wished fields; where they are all that is changed, at the same
 * places. */
static enum rlk_error check_options(struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    bool is_ambiguous =
        session->goal.job == RLK_JOB_OPTIONS && !rlk_options_fields_are_alike(session->findings.candidates);
    enum rlk_error error = is_ambiguous ? RLK_E_AMBIGUOUS_CHIP : RLK_OK;
    for (unsigned family = 1; family < RLK_FAMILY_COUNT && error == RLK_OK; family++) {
        uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
        if ((session->findings.candidates & RLK_FAMILY_BIT(family)) != 0) {
            error = rlk_options_apply(rlk_chip_row((enum rlk_family)family), wish->options, wish->option_count, block,
                                      &session->fault.field);
        }
    }
    return error;
}

static void enter(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    findings->transfer_bytes = findings->fingerprint.dfu.transfer_bytes;
    enum rlk_error error = settle_chip(session);
    if (error == RLK_OK) {
        take_options_length(findings);
        error = judge_tier(session);
    }
    if (error == RLK_OK) {
        error = check_device(session);
    }
    if (error == RLK_OK && session->wish.option_count > 0) {
        error = check_options(session);
    }
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
        return;
    }
    if (!check_wish(session)) {
        return;
    }
    session->gate.chip = &findings->chip;
    session->gate.flash = rlk_session_flash_layout(session);
    session->gate.image = session->wish.image;
    session->gate.transfer_bytes = findings->transfer_bytes;
    recall(session);
    session->evidence.is_known = true;
    rlk_stage_end(session);
}

const struct rlk_stage_script rlk_stage_identify = {NULL, enter};

bool rlk_session_image_is_plausible(const struct rlk_session *session)
{
    const struct rlk_image *image = session->wish.image;
    const struct rlk_chip *chip = &session->findings.chip;
    return image == NULL || chip->family == RLK_FAMILY_UNKNOWN ||
           rlk_image_wrong_vector(image, chip, rlk_session_flash_layout(session)) == RLK_VECTOR_NONE;
}
