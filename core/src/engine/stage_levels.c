/* The stages that change the protection level or let the chip load it: unprotect, options, power-cycle; and leave,
 * which shares their one trait: the device is meant to go. */
#include "engine/stage.h"

#include <string.h>

enum { TRIES_MAX = 3 };

/* The device has gone on purpose; it comes back with everything to be found out anew. */
static void expect_return(struct rlk_session *session, enum rlk_reopen_reason reason)
{
    session->evidence.is_open = false;
    session->evidence.protection = RLK_PROTECTION_UNKNOWN;
    if (session->goal.job == RLK_JOB_OPTIONS) {
        session->evidence.content = RLK_CONTENT_UNKNOWN;
    }
    session->reopen_reason = reason;
    rlk_stage_end(session);
}

/* --- unprotect --- */

enum { UNPROTECT_IDLE, UNPROTECT_SEND };

static void issue_unprotect(struct rlk_session *session)
{
    /* One yes, one 0x92: it is spent by sending, whatever becomes of it. */
    session->evidence.consent = RLK_CONSENT_SPENT;
    session->gate.may_unprotect = true;
    rlk_issue_unprotect(session);
}

static void on_unprotect(struct rlk_session *session, const struct rlk_result *result)
{
    session->gate.may_unprotect = false;
    if (result->verdict == RLK_VERDICT_LOST || result->verdict == RLK_VERDICT_LOST_EARLY) {
        session->was_emptied = true;
        session->evidence.content = RLK_CONTENT_UNKNOWN;
        session->evidence.is_power_cycled = false;
        expect_return(session, RLK_REOPEN_AFTER_UNPROTECT);
    } else if (result->verdict == RLK_VERDICT_STILL_HERE) {
        rlk_stage_fail(session, RLK_E_UNPROTECT_REFUSED, 0);
    } else {
        rlk_stage_fail(session, rlk_verdict_error(result->verdict), 0);
    }
}

static const struct rlk_step unprotect_steps[] = {
    [UNPROTECT_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [UNPROTECT_SEND] = {issue_unprotect, on_unprotect},
};

const struct rlk_stage_script rlk_stage_unprotect = {unprotect_steps, NULL};

/* --- options --- */

enum {
    OPTIONS_SELECT,
    OPTIONS_IDLE,
    OPTIONS_ADDRESS,
    OPTIONS_READ,
    OPTIONS_READ_AGAIN,
    OPTIONS_SECOND_ADDRESS,
    OPTIONS_SECOND_READ,
    OPTIONS_SECOND_READ_AGAIN,
    OPTIONS_BUILD,
    OPTIONS_READY,
    OPTIONS_ADDRESS_AGAIN,
    OPTIONS_WRITE
};

static void enter_options(struct rlk_session *session)
{
    session->tries = 0;
}

static void issue_select_options(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    rlk_issue_select_alternate(session, rlk_fingerprint_options_alternate(&findings->fingerprint, &findings->chip));
}

static void on_select_options(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind == RLK_OUTCOME_OK) {
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_OPTIONS_UNREADABLE, 0);
    }
}

static void issue_options_address(struct rlk_session *session)
{
    rlk_issue_set_address(session, session->findings.chip.options_addr);
}

static void on_options_read(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict == RLK_VERDICT_OK) {
        memcpy(session->first_read, result->outcome->data, session->findings.chip.options_bytes);
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_OPTIONS_UNREADABLE, session->findings.chip.options_addr);
    }
}

/* Where the block is all that is changed, the yes was to a change of the very block that was shown. */
static bool is_other_than_shown(const struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    bool was_shown = findings->options_bytes == findings->chip.options_bytes;
    return session->goal.job != RLK_JOB_UPDATE && was_shown &&
           memcmp(session->first_read, findings->options, findings->options_bytes) != 0;
}

/* What is read is written back, so it must be read the same twice: not every family has complements. */
static void on_options_read_again(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    size_t bytes = findings->chip.options_bytes;
    bool is_same = result->verdict == RLK_VERDICT_OK && memcmp(session->first_read, result->outcome->data, bytes) == 0;
    session->tries++;
    if (is_same && is_other_than_shown(session)) {
        rlk_stage_fail(session, RLK_E_STALE_ANSWER, findings->chip.options_addr);
    } else if (is_same) {
        memcpy(findings->options, session->first_read, bytes);
        findings->options_bytes = bytes;
        rlk_step_next(session);
    } else if (result->verdict == RLK_VERDICT_OK && session->tries < TRIES_MAX) {
        rlk_step_to(session, OPTIONS_READ);
    } else {
        rlk_stage_fail(session, RLK_E_OPTIONS_UNREADABLE, findings->chip.options_addr);
    }
}

static bool has_second_block(const struct rlk_session *session)
{
    return rlk_findings_announce_second_block(&session->findings);
}

static void issue_second_address(struct rlk_session *session)
{
    session->findings.second_options_were_read = false;
    if (has_second_block(session)) {
        rlk_issue_set_address(session, session->findings.chip.options2_addr);
    } else {
        rlk_issue_nothing(session);
    }
}

static void issue_second_read(struct rlk_session *session)
{
    if (has_second_block(session)) {
        rlk_issue_upload_options(session);
    } else {
        rlk_issue_nothing(session);
    }
}

static void on_second_read(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    if (has_second_block(session) && result->verdict != RLK_VERDICT_OK) {
        rlk_stage_fail(session, RLK_E_OPTIONS_UNREADABLE, findings->chip.options2_addr);
        return;
    }
    if (has_second_block(session)) {
        memcpy(findings->second_options, result->outcome->data, findings->chip.options_bytes);
    }
    rlk_step_next(session);
}

static void on_second_read_again(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    const size_t bytes = findings->chip.options_bytes;
    if (has_second_block(session) &&
        (result->verdict != RLK_VERDICT_OK || memcmp(findings->second_options, result->outcome->data, bytes) != 0)) {
        rlk_stage_fail(session, RLK_E_OPTIONS_UNREADABLE, findings->chip.options2_addr);
        return;
    }
    findings->second_options_were_read = has_second_block(session);
    rlk_step_next(session);
}

/* Reading the second block has moved the pointer. */
static void issue_address_again(struct rlk_session *session)
{
    if (has_second_block(session)) {
        issue_options_address(session);
    } else {
        rlk_issue_nothing(session);
    }
}

/* With the byte that Relock writes and the wished fields: another job's block is written over, as long as level 0 is
 * still in force. */
static bool is_sealed_already(const struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    const struct rlk_wish *wish = &session->wish;
    return session->goal.end_protected &&
           findings->options[findings->chip.rdp_read_offset] == findings->chip.rdp_level1 &&
           rlk_options_hold(&findings->chip, findings->options, wish->options, wish->option_count);
}

static void issue_build(struct rlk_session *session)
{
    enum rlk_error error = rlk_options_prepare(session);
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, session->findings.chip.options_addr);
        return;
    }
    memcpy(session->planned_options, session->buffer, session->findings.chip.options_bytes);
    if (session->goal.end_protected) {
        rlk_issue_record(session, RLK_JOURNAL_SEALING);
    } else {
        rlk_issue_nothing(session);
    }
}

static void on_sealing_recorded(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind != RLK_OUTCOME_OK) {
        bool is_written = session->goal.job == RLK_JOB_UPDATE;
        rlk_stage_fail(session, is_written ? RLK_E_SEAL_NOT_RECORDED : RLK_E_JOURNAL_FAILED, 0);
    } else if (is_sealed_already(session)) {
        /* Written already, but not loaded yet: a power cycle is what is missing, not a second write. */
        session->evidence.seal = RLK_SEAL_WRITTEN;
        session->evidence.is_power_cycled = false;
        rlk_stage_end(session);
    } else {
        rlk_step_next(session);
    }
}

static void issue_write_options(struct rlk_session *session)
{
    session->gate.options = session->planned_options;
    session->gate.may_write_options = true;
    session->seal_was_sent = true;
    rlk_issue_write_options(session);
}

static void on_write_options(struct rlk_session *session, const struct rlk_result *result)
{
    session->gate.may_write_options = false;
    if (result->verdict == RLK_VERDICT_LOST || result->verdict == RLK_VERDICT_LOST_EARLY) {
        session->evidence.seal = RLK_SEAL_WRITTEN;
        session->evidence.is_power_cycled = false;
        expect_return(session, RLK_REOPEN_AFTER_SEAL);
    } else {
        rlk_stage_fail(session, RLK_E_OPTIONS_REFUSED, session->findings.chip.options_addr);
    }
}

static const struct rlk_step options_steps[] = {
    [OPTIONS_SELECT] = {issue_select_options, on_select_options},
    [OPTIONS_IDLE] = {rlk_issue_idle, rlk_step_expect_ok},
    [OPTIONS_ADDRESS] = {issue_options_address, rlk_step_expect_ok},
    [OPTIONS_READ] = {rlk_issue_upload_options, on_options_read},
    [OPTIONS_READ_AGAIN] = {rlk_issue_upload_options, on_options_read_again},
    [OPTIONS_SECOND_ADDRESS] = {issue_second_address, rlk_step_expect_ok},
    [OPTIONS_SECOND_READ] = {issue_second_read, on_second_read},
    [OPTIONS_SECOND_READ_AGAIN] = {issue_second_read, on_second_read_again},
    [OPTIONS_BUILD] = {issue_build, on_sealing_recorded},
    [OPTIONS_READY] = {rlk_issue_idle, rlk_step_expect_ok},
    [OPTIONS_ADDRESS_AGAIN] = {issue_address_again, rlk_step_expect_ok},
    [OPTIONS_WRITE] = {issue_write_options, on_write_options},
};

const struct rlk_stage_script rlk_stage_options = {options_steps, enter_options};

/* --- power-cycle --- */

static void enter_power_cycle(struct rlk_session *session)
{
    session->evidence.is_power_cycled = true;
    expect_return(session, RLK_REOPEN_POWER_CYCLE);
}

const struct rlk_stage_script rlk_stage_power_cycle = {NULL, enter_power_cycle};

/* --- leave --- */

enum { LEAVE_RECORD, LEAVE_IDLE, LEAVE_ADDRESS, LEAVE_SEND };

/* The job is over as far as the journal is concerned: nothing is left to be gone on with. */
static void issue_record_end(struct rlk_session *session)
{
    rlk_issue_record(session, RLK_JOURNAL_PROVEN);
}

static void on_end_recorded(struct rlk_session *session, const struct rlk_result *result)
{
    (void)result;
    rlk_step_next(session);
}

static void issue_leave_address(struct rlk_session *session)
{
    rlk_issue_set_address(session, session->findings.chip.flash_addr);
}

/* AN3156 §5.5: the answer may fail although the device left. All is compared by now; a device that stays is no loss. */
static void on_leave(struct rlk_session *session, const struct rlk_result *result)
{
    session->evidence.has_left = true;
    session->has_stayed = result->verdict != RLK_VERDICT_LOST && result->verdict != RLK_VERDICT_LOST_EARLY;
    rlk_stage_end(session);
}

static void on_leave_prepared(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict == RLK_VERDICT_OK) {
        rlk_step_next(session);
    } else {
        on_leave(session, result);
    }
}

static const struct rlk_step leave_steps[] = {
    [LEAVE_RECORD] = {issue_record_end, on_end_recorded},
    [LEAVE_IDLE] = {rlk_issue_idle, on_leave_prepared},
    [LEAVE_ADDRESS] = {issue_leave_address, on_leave_prepared},
    [LEAVE_SEND] = {rlk_issue_leave, on_leave},
};

const struct rlk_stage_script rlk_stage_leave = {leave_steps, NULL};
