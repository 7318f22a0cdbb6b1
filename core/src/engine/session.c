/*
 * The session: runs the stage that the director names, and the exchange or operation that the stage asks for.
 *
 * Invariants: exactly one operation is pending at any time; every DNLOAD passes the gate before it becomes an
 * operation; a lost device is answered here, never by a stage, except where the stage meant to lose it; the first fault
 * sticks.
 */
#include "relock/session.h"

#include "engine/exchange_machine.h"
#include "engine/stage.h"

#include <string.h>

enum { LOSSES_MAX = 2, OPERATIONS_MAX = 2000000, DFU_DNLOAD = 1, CLASS_OUT = 0x21, OPCODE_SET_ADDRESS = 0x21 };

_Static_assert(sizeof(struct rlk_session) <= 10240U, "a session is a small value");

static const struct rlk_stage_script *const scripts[RLK_STAGE_COUNT] = {
    [RLK_STAGE_OPEN] = &rlk_stage_open,
    [RLK_STAGE_IDENTIFY] = &rlk_stage_identify,
    [RLK_STAGE_PROBE] = &rlk_stage_probe,
    [RLK_STAGE_CONFIRM] = &rlk_stage_confirm,
    [RLK_STAGE_LOOK_AGAIN] = &rlk_stage_look_again,
    [RLK_STAGE_UNPROTECT] = &rlk_stage_unprotect,
    [RLK_STAGE_BLANK] = &rlk_stage_blank,
    [RLK_STAGE_ERASE] = &rlk_stage_erase,
    [RLK_STAGE_WRITE] = &rlk_stage_write,
    [RLK_STAGE_VERIFY] = &rlk_stage_verify,
    [RLK_STAGE_OPTIONS] = &rlk_stage_options,
    [RLK_STAGE_POWER_CYCLE] = &rlk_stage_power_cycle,
    [RLK_STAGE_PROVE] = &rlk_stage_probe,
    [RLK_STAGE_READ] = &rlk_stage_read,
    [RLK_STAGE_LEAVE] = &rlk_stage_leave,
};

static const struct rlk_outcome nothing_happened = {.kind = RLK_OUTCOME_OK};

static bool needs_image(enum rlk_job job)
{
    return job == RLK_JOB_WRITE || job == RLK_JOB_UPDATE || job == RLK_JOB_VERIFY;
}

/* So that no stage is misled by what its job is not about. */
static void leave_out_what_is_not_asked(struct rlk_wish *wish)
{
    if (!needs_image(wish->job) && wish->job != RLK_JOB_LOOK) {
        wish->image = NULL;
    }
    if (wish->job != RLK_JOB_UPDATE && wish->job != RLK_JOB_OPTIONS) {
        wish->option_count = 0;
    }
}

static enum rlk_error judge_wish(const struct rlk_wish *wish)
{
    if (needs_image(wish->job) && (wish->image == NULL || wish->image->segment_count == 0)) {
        return RLK_E_IMAGE_EMPTY;
    }
    if (wish->job == RLK_JOB_OPTIONS && wish->option_count == 0) {
        return RLK_E_OPTION_FIELD_UNKNOWN;
    }
    /* In an update options are written once, with the protection byte, and never without it. */
    bool is_contradiction = wish->job == RLK_JOB_UPDATE && !wish->end_protected && wish->option_count > 0;
    return is_contradiction ? RLK_E_OPTION_WISH_CONTRADICTORY : RLK_OK;
}

void rlk_session_init(struct rlk_session *session, const struct rlk_wish *wish)
{
    memset(session, 0, sizeof *session);
    session->wish = *wish;
    leave_out_what_is_not_asked(&session->wish);
    session->goal.job = wish->job;
    session->goal.end_protected = (wish->job == RLK_JOB_UPDATE && wish->end_protected) || wish->job == RLK_JOB_PROTECT;
    session->reopen_reason = RLK_REOPEN_FIRST;
    session->fault.dfu_state = 0xFF;
    session->fault.dfu_status = 0xFF;
    session->stage = RLK_STAGE_OPEN;
    session->stage_is_over = true;
    session->image_digest = session->wish.image == NULL ? 0 : wish->image->digest;
    rlk_exchange_reset(&session->exchange, 0);
    enum rlk_error error = judge_wish(&session->wish);
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
    }
}

static void set_done(struct rlk_session *session, enum rlk_stage ending)
{
    session->stage = ending;
    session->operation.kind = RLK_OPERATION_DONE;
    session->operation.ending = ending;
    session->operation.error = session->fault.error;
    session->operation_is_ready = true;
}

static void enter_stage(struct rlk_session *session, enum rlk_stage stage)
{
    session->stage = stage;
    session->step = 0;
    session->stage_is_over = false;
    rlk_progress_stage_begins(session);
    if (scripts[stage]->enter != NULL) {
        scripts[stage]->enter(session);
    }
}

static void take_next_stage(struct rlk_session *session)
{
    const enum rlk_stage stage = rlk_next_stage(&session->evidence, &session->goal);
    const enum rlk_error error = rlk_next_error(&session->evidence, &session->goal);
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
    }
    if (stage >= RLK_STAGE_COUNT) {
        set_done(session, stage);
    } else {
        enter_stage(session, stage);
    }
}

/* All but SET ADDRESS and leave. */
static bool changes_device(const struct rlk_operation *operation)
{
    return operation->length > 0 && (operation->value != 0 || operation->data[0] != OPCODE_SET_ADDRESS);
}

/* The gate sees every DNLOAD on its way out. */
static void pass_gate(struct rlk_session *session)
{
    const struct rlk_operation *operation = &session->operation;
    bool is_dnload = operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == DFU_DNLOAD &&
                     operation->request_type == CLASS_OUT;
    if (!is_dnload) {
        return;
    }
    if (rlk_gate_judge(&session->gate, operation->value, operation->data, operation->length) != RLK_OK) {
        session->is_in_exchange = false;
        session->operation_is_ready = false;
        rlk_stage_fail(session, RLK_E_GATE_VETO, 0);
        return;
    }
    session->has_begun = session->has_begun || changes_device(operation);
}

static void prepare_exchange_operation(struct rlk_session *session)
{
    rlk_exchange_operation(&session->exchange, &session->operation);
    session->operation_is_ready = true;
    pass_gate(session);
}

/* Issues what the step asks for, until there is an operation for the host. */
static void prepare(struct rlk_session *session)
{
    while (!session->operation_is_ready) {
        memset(&session->operation, 0, sizeof session->operation);
        if (session->is_in_exchange) {
            prepare_exchange_operation(session);
        } else if (session->stage_is_over) {
            take_next_stage(session);
        } else {
            scripts[session->stage]->steps[session->step].issue(session);
        }
    }
    session->operation.index = session->operation_count;
}

const struct rlk_operation *rlk_session_next(struct rlk_session *session)
{
    if (!session->operation_is_ready) {
        prepare(session);
    }
    return &session->operation;
}

/* Whatever was known only through an open device is forgotten; an unplugged device takes its yes with it. */
static void forget_device(struct rlk_session *session)
{
    session->evidence.is_open = false;
    session->evidence.protection = RLK_PROTECTION_UNKNOWN;
    session->evidence.content = RLK_CONTENT_UNKNOWN;
    session->gate.may_unprotect = false;
    session->gate.may_write_flash = false;
    session->gate.may_write_options = false;
    if (session->evidence.consent == RLK_CONSENT_GIVEN) {
        session->evidence.consent = RLK_CONSENT_NONE;
    }
    if (session->evidence.past == RLK_PAST_LOOK_ACCEPTED) {
        session->evidence.past = RLK_PAST_FINISHED;
    }
}

static void on_loss(struct rlk_session *session)
{
    session->losses++;
    forget_device(session);
    session->reopen_reason = RLK_REOPEN_LOST;
    rlk_stage_end(session);
    if (session->losses > LOSSES_MAX) {
        rlk_stage_fail(session, RLK_E_TRANSPORT_UNSTABLE, 0);
    }
}

static bool is_transfer(const struct rlk_operation *operation)
{
    return operation->kind == RLK_OPERATION_CONTROL_IN || operation->kind == RLK_OPERATION_CONTROL_OUT ||
           operation->kind == RLK_OPERATION_SELECT_ALTERNATE;
}

static void resume(struct rlk_session *session, enum rlk_verdict verdict, const struct rlk_outcome *outcome)
{
    struct rlk_result result = {.verdict = verdict, .outcome = outcome};
    scripts[session->stage]->steps[session->step].resume(session, &result);
}

/* The gate took note of a SET ADDRESS as if it had been carried out. */
static void forget_pointer_if_unsure(struct rlk_session *session, enum rlk_verdict verdict)
{
    if (verdict != RLK_VERDICT_NONE && verdict != RLK_VERDICT_OK) {
        rlk_gate_forget_pointer(&session->gate);
    }
}

/* A device that goes before it has taken what would reset it was not sent away by us. Generation C carries a DNLOAD out
 * at once, so there an early loss may be the reset. Leaving is the last thing; whatever happens there is no loss. */
static bool is_unexpected_loss(const struct rlk_session *session, enum rlk_verdict verdict)
{
    bool is_early = verdict == RLK_VERDICT_LOST_EARLY && session->findings.chip.generation != RLK_ROM_C;
    bool is_meant = session->stage == RLK_STAGE_LEAVE || (session->is_resetting && !is_early);
    return (verdict == RLK_VERDICT_LOST || verdict == RLK_VERDICT_LOST_EARLY) && !is_meant;
}

static void complete_exchange(struct rlk_session *session, const struct rlk_outcome *outcome)
{
    rlk_exchange_outcome(&session->exchange, outcome);
    session->polled_too_early = session->polled_too_early || session->exchange.was_odd;
    enum rlk_verdict verdict = session->exchange.verdict;
    forget_pointer_if_unsure(session, verdict);
    if (verdict == RLK_VERDICT_NONE) {
        return;
    }
    session->is_in_exchange = false;
    if (is_unexpected_loss(session, verdict)) {
        on_loss(session);
    } else {
        resume(session, verdict, outcome);
    }
}

static void complete_operation(struct rlk_session *session, const struct rlk_outcome *outcome)
{
    bool is_lost =
        is_transfer(&session->operation) && outcome->kind != RLK_OUTCOME_OK && outcome->kind != RLK_OUTCOME_STALL;
    if (is_lost) {
        on_loss(session);
    } else {
        resume(session, RLK_VERDICT_NONE, outcome);
    }
}

/* What a host may hand in, cut to what was asked for: never more bytes, and none without data. */
static struct rlk_outcome sane(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct rlk_outcome result = *outcome;
    size_t asked = operation->kind == RLK_OPERATION_FETCH ? operation->bytes : operation->length;
    result.bytes = result.data == NULL ? 0 : result.bytes;
    result.bytes = result.bytes < asked ? result.bytes : asked;
    return result;
}

void rlk_session_complete(struct rlk_session *session, const struct rlk_outcome *reported)
{
    if (!session->operation_is_ready || session->operation.kind == RLK_OPERATION_DONE) {
        return;
    }
    struct rlk_outcome cut = sane(&session->operation, reported);
    const struct rlk_outcome *outcome = &cut;
    session->operation_is_ready = false;
    session->operation_count++;
    session->stage_elapsed_ms += outcome->elapsed_ms;
    if (session->is_in_exchange) {
        complete_exchange(session, outcome);
    } else {
        complete_operation(session, outcome);
    }
    if (session->operation_count > OPERATIONS_MAX) {
        rlk_stage_fail(session, RLK_E_INTERNAL, 0);
    }
}

void rlk_step_to(struct rlk_session *session, uint8_t step)
{
    session->step = step;
}

void rlk_step_next(struct rlk_session *session)
{
    session->step++;
}

void rlk_stage_end(struct rlk_session *session)
{
    if (!session->stage_is_over) {
        rlk_progress_stage_ends(session);
    }
    session->stage_is_over = true;
}

static void fail(struct rlk_session *session, enum rlk_error error, bool has_addr, uint32_t addr)
{
    if (session->fault.error == RLK_OK) {
        session->fault.error = error;
        session->fault.stage = session->stage;
        session->fault.has_addr = has_addr;
        session->fault.addr = addr;
        session->fault.dfu_state = session->exchange.rom_state;
        session->fault.dfu_status = session->exchange.rom_status;
    }
    session->evidence.is_faulty = true;
    session->is_in_exchange = false;
    session->stage_is_over = true;
}

void rlk_stage_fail(struct rlk_session *session, enum rlk_error error, uint32_t addr)
{
    fail(session, error, addr != 0, addr);
}

void rlk_stage_fail_at(struct rlk_session *session, enum rlk_error error, uint32_t addr)
{
    fail(session, error, true, addr);
}

enum rlk_error rlk_verdict_error(enum rlk_verdict verdict)
{
    static const enum rlk_error errors[] = {
        [RLK_VERDICT_NONE] = RLK_E_INTERNAL,
        [RLK_VERDICT_OK] = RLK_OK,
        [RLK_VERDICT_REFUSED] = RLK_E_DEVICE_NONSENSE,
        [RLK_VERDICT_BAD_TARGET] = RLK_E_DEVICE_NONSENSE,
        [RLK_VERDICT_LOST] = RLK_E_DEVICE_LOST,
        [RLK_VERDICT_LOST_EARLY] = RLK_E_DEVICE_LOST,
        [RLK_VERDICT_STILL_HERE] = RLK_E_DEVICE_NONSENSE,
        [RLK_VERDICT_STUCK] = RLK_E_DEVICE_STUCK,
        [RLK_VERDICT_NOT_TAKEN] = RLK_E_WRITE_REFUSED,
        [RLK_VERDICT_NONSENSE] = RLK_E_DEVICE_NONSENSE,
    };
    return errors[verdict];
}

void rlk_step_expect_ok(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict == RLK_VERDICT_OK) {
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, rlk_verdict_error(result->verdict), 0);
    }
}

void rlk_issue_nothing(struct rlk_session *session)
{
    resume(session, RLK_VERDICT_OK, &nothing_happened);
}
