/* Confirm: what must be refused is refused here, before anything is lost; then the person is asked, and the intent is
 * recorded durably. Look-again: a device that the journal knows as finished is offered a look first. */
#include "engine/stage.h"

#include <string.h>

enum { OPCODE_READ_UNPROTECT = 0x92 };
enum { STEP_ODD_IMAGE, STEP_CONFIRM, STEP_RECORD };

static bool offers_unprotect(const struct rlk_findings *findings)
{
    return memchr(findings->opcodes, OPCODE_READ_UNPROTECT, findings->opcode_count) != NULL;
}

/* One of the candidates has the empty check, another has not: the worst is assumed until the family is named. */
static bool may_have_empty_check(const struct rlk_session *session)
{
    bool may_have = false;
    for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
        bool is_candidate = (session->findings.candidates & RLK_FAMILY_BIT(family)) != 0;
        may_have = may_have || (is_candidate && rlk_chip_row((enum rlk_family)family)->has_empty_check);
    }
    return may_have && session->wish.family == RLK_FAMILY_UNKNOWN;
}

/* Where there can be TrustZone, a block that was read says whether it is off; without one, the maker. */
static bool may_have_trustzone(const struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    struct rlk_option_field field = {.name = NULL};
    bool is_off = (findings->chip.quirks & RLK_QUIRK_BIT(TRUSTZONE)) == 0 ||
                  (!findings->options_were_read && session->wish.trustzone_is_off);
    for (size_t i = 0; !is_off && findings->options_were_read && findings->options_bytes > 0 &&
                       rlk_options_field(&findings->chip, findings->options, i, &field);
         i++) {
        is_off = strcmp(field.name, "TZEN") == 0 && field.value == 0;
    }
    return !is_off;
}

/* What was said of the way back, whatever the level: what would not lead back after this 0x92 would not after the next
 * one either. */
static enum rlk_error refuse_way_back(const struct rlk_session *session)
{
    const enum rlk_way_back way_back = session->wish.way_back;
    if (way_back == RLK_WAY_BACK_NONE) {
        return RLK_E_WAY_BACK_IS_NONE;
    }
    if (way_back == RLK_WAY_BACK_EMPTY_CHECK && !session->findings.chip.has_empty_check) {
        return may_have_empty_check(session) ? RLK_E_AMBIGUOUS_CHIP : RLK_E_NO_EMPTY_CHECK;
    }
    /* What is not sent away now need not come back: of an open device nothing must be said, and BOOT0 is taken. */
    const bool is_unsaid = way_back == RLK_WAY_BACK_UNSAID && session->evidence.protection != RLK_PROTECTION_LEVEL_1;
    const bool is_known = way_back == RLK_WAY_BACK_BOOT0 || way_back == RLK_WAY_BACK_EMPTY_CHECK || is_unsaid;
    return is_known ? RLK_OK : RLK_E_NO_WAY_BACK;
}

/* Where this bootloader cannot remove the protection, it is not set either. */
static enum rlk_error refuse_without_unprotect(const struct rlk_findings *findings)
{
    if (findings->opcode_count == 0) {
        return RLK_E_TRANSPORT_UNSTABLE;
    }
    return offers_unprotect(findings) ? RLK_OK : RLK_E_NO_READ_UNPROTECT;
}

/* Chips that 0x92 is never sent to. */
static enum rlk_error refuse_chip(const struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    if (chip->tier > RLK_TIER_EXPERIMENTAL) {
        return chip->refusal;
    }
    return may_have_trustzone(session) ? RLK_E_CHIP_TRUSTZONE : RLK_OK;
}

/* Promise 5: a job that was begun to end protected is never gone on with to end open. A write leaves the level as it
 * is, and what the begun one has kept must get back first. */
static bool is_weaker_than_begun(const struct rlk_session *session)
{
    const struct rlk_journal_entry *entry = session->wish.journal;
    bool is_under_way = entry != NULL && entry->phase != RLK_JOURNAL_NONE && entry->phase != RLK_JOURNAL_PROVEN;
    return is_under_way && entry->end_protected && !session->goal.end_protected && session->goal.job != RLK_JOB_WRITE;
}

/* Promise 8, before anything is lost: what the wished fields alone make sure of, what the regression would leave, and
 * what they make of the block where that could be read. Without wished fields a protected device has the block of which
 * it was sealed. */
static enum rlk_error refuse_options(struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    const struct rlk_chip *chip = &session->findings.chip;
    const char **field = &session->fault.field;
    const bool is_protected = session->evidence.protection == RLK_PROTECTION_LEVEL_1;
    enum rlk_error error = RLK_OK;
    if (wish->option_count > 0 && session->goal.job == RLK_JOB_UPDATE) {
        error = rlk_options_judge_wish(chip, wish->options, wish->option_count, wish->way_back, field);
    }
    if (error == RLK_OK && is_protected) {
        error = rlk_options_judge_lost(chip, NULL, wish->options, wish->option_count, field);
    }
    const bool is_judged = session->findings.options_bytes > 0 && (!is_protected || wish->option_count > 0);
    return error == RLK_OK && is_judged ? rlk_options_prepare(session) : error;
}

/* Promise 1: without a known way back, 0x92 would strand the device; and so would a protection that cannot be removed.
 */
static enum rlk_error refuse(struct rlk_session *session)
{
    const bool is_protected = session->evidence.protection == RLK_PROTECTION_LEVEL_1;
    const bool seals = session->goal.end_protected;
    const bool judges_options = seals || session->goal.job == RLK_JOB_OPTIONS;
    if (is_weaker_than_begun(session)) {
        return RLK_E_WEAKER_THAN_BEGUN;
    }
    enum rlk_error error = is_protected ? refuse_chip(session) : RLK_OK;
    if (error == RLK_OK && (is_protected || judges_options)) {
        error = refuse_way_back(session);
    }
    if (error == RLK_OK && (is_protected || seals)) {
        error = refuse_without_unprotect(&session->findings);
    }
    return error == RLK_OK && judges_options ? refuse_options(session) : error;
}

static void enter(struct rlk_session *session)
{
    const enum rlk_error error = refuse(session);
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
    }
}

static void issue_odd_image(struct rlk_session *session)
{
    if (session->wish.accept_any_image || rlk_session_image_is_plausible(session)) {
        rlk_step_next(session);
    } else {
        rlk_issue_ask(session, RLK_QUESTION_ODD_IMAGE);
    }
}

/* The yes is to what was asked, and what was asked about is still what is here: image, device, plan. */
static bool is_yes(const struct rlk_session *session, const struct rlk_result *result)
{
    return result->outcome->kind == RLK_OUTCOME_OK && result->outcome->is_yes &&
           result->outcome->digest == session->operation.digest &&
           rlk_session_digest(session, session->operation.question) == session->operation.digest;
}

static void on_odd_image(struct rlk_session *session, const struct rlk_result *result)
{
    if (is_yes(session, result)) {
        session->wish.accept_any_image = true;
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_IMAGE_NOT_BOOTABLE, session->wish.image->segments[0].addr);
    }
}

static void issue_confirm(struct rlk_session *session)
{
    rlk_issue_ask(session, RLK_QUESTION_CONFIRM_PLAN);
}

static void on_confirm(struct rlk_session *session, const struct rlk_result *result)
{
    const struct rlk_outcome *outcome = result->outcome;
    if (is_yes(session, result)) {
        rlk_step_next(session);
    } else if (outcome->kind == RLK_OUTCOME_OK && outcome->is_yes) {
        rlk_stage_fail(session, RLK_E_STALE_ANSWER, 0);
    } else {
        rlk_stage_fail(session, RLK_E_NO_CONSENT, 0);
    }
}

static void give_consent(struct rlk_session *session)
{
    session->evidence.consent = RLK_CONSENT_GIVEN;
    rlk_stage_end(session);
}

static void issue_record(struct rlk_session *session)
{
    /* An open device is recorded when its flash is about to change, not before: it may hold the image already. */
    if (session->evidence.protection == RLK_PROTECTION_LEVEL_1) {
        rlk_issue_record(session, RLK_JOURNAL_ERASING);
    } else {
        give_consent(session);
    }
}

static void on_record(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind == RLK_OUTCOME_OK) {
        give_consent(session);
    } else {
        rlk_stage_fail(session, RLK_E_JOURNAL_FAILED, 0);
    }
}

static const struct rlk_step steps[] = {
    [STEP_ODD_IMAGE] = {issue_odd_image, on_odd_image},
    [STEP_CONFIRM] = {issue_confirm, on_confirm},
    [STEP_RECORD] = {issue_record, on_record},
};

const struct rlk_stage_script rlk_stage_confirm = {steps, enter};

/* Where whole families share a serial, only a person can say that this is the very device. */
static void issue_look_again(struct rlk_session *session)
{
    bool is_unique = rlk_serial_is_unique(session->findings.fingerprint.serial);
    rlk_issue_ask(session, is_unique ? RLK_QUESTION_LOOK_AGAIN : RLK_QUESTION_SAME_DEVICE);
}

static void on_look_again(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind != RLK_OUTCOME_OK) {
        rlk_stage_fail(session, RLK_E_NO_CONSENT, 0);
        return;
    }
    session->evidence.past = is_yes(session, result) ? RLK_PAST_LOOK_ACCEPTED : RLK_PAST_DECLINED;
    rlk_stage_end(session);
}

static const struct rlk_step look_again_steps[] = {{issue_look_again, on_look_again}};

const struct rlk_stage_script rlk_stage_look_again = {look_again_steps, NULL};
