/*
 * One DFU transaction at a time.
 *
 *   STATUS --error--> CLEAR --> STATUS          OUT --ok--> EXECUTE --busy--> WAIT --> RESULT --busy--> WAIT
 *   STATUS --other idle--> ABORT --> (OUT|IN)   OUT --stall--> JUDGE --harmless--> (OUT again, once)
 *   STATUS --idle--> (OUT | IN | end)           IN --stall or short--> JUDGE --harmless--> (IN again, twice)
 *
 * Invariants: CLRSTATUS is sent only from dfuERROR (or to leave a dfuDNBUSY that outlived its worst case), at most
 * three times; ABORT only from dfuDNLOAD-IDLE or dfuUPLOAD-IDLE; after a lost transfer nothing is sent; every wait is
 * clamped to twice the worst case of what was asked for, and waiting ends after that long, or a few STALLs later; only
 * the first wait may be shorter than announced, and none after an odd answer.
 *
 * Sources: AN3156 §4, §5; ST's usbd_dfu.c and usb_prop.c for the generations; dfu-util's dfuse.c for STALL retries.
 */
#include "engine/exchange_machine.h"

#include <string.h>

enum {
    STATE_IDLE = 2,
    STATE_DNLOAD_SYNC = 3,
    STATE_DNBUSY = 4,
    STATE_DNLOAD_IDLE = 5,
    STATE_MANIFEST_SYNC = 6,
    STATE_MANIFEST = 7,
    STATE_MANIFEST_WAIT_RESET = 8,
    STATE_UPLOAD_IDLE = 9,
    STATE_ERROR = 10,
    STATE_VENDOR_ERROR = 15, /* not of DFU: ST's usbd_dfu.c 2.11.2 */
    STATE_UNKNOWN = 0xFF
};
enum { STATUS_OK = 0x00, STATUS_ERR_TARGET = 0x01, STATUS_ERR_VENDOR = 0x0B, STATUS_ERR_STALLED_PACKET = 0x0F };
enum { DFU_DNLOAD = 1, DFU_UPLOAD = 2, DFU_GETSTATUS = 3, DFU_CLRSTATUS = 4, DFU_ABORT = 6 };
enum { CLASS_OUT = 0x21, CLASS_IN = 0xA1, STATUS_BYTES = 6 };

enum { CLEARS_MAX = 3, LOOKS_MAX = 100, STALLS_MAX = 5, OUT_RETRIES_MAX = 1, IN_RETRIES_MAX = 2 };
enum { TRANSFER_TIMEOUT_MS = 5000, WAIT_MIN_MS = 5 };

enum step {
    STEP_STATUS,
    STEP_CLEAR,
    STEP_ABORT,
    STEP_OUT,
    STEP_EXECUTE,
    STEP_WAIT,
    STEP_RESULT,
    STEP_IN,
    STEP_JUDGE,
    STEP_COUNT
};

static bool is_out(const struct rlk_exchange *x)
{
    return x->request.kind == RLK_EXCHANGE_WRITE || x->request.kind == RLK_EXCHANGE_RESETTING;
}

/* dfuERROR, or one of the values that relatives of the ROM store there by mistake (their own error codes). */
static bool is_error_state(uint8_t state)
{
    return state == STATE_ERROR || state < STATE_IDLE || (state > STATE_ERROR && state != STATE_UNKNOWN);
}

static bool is_busy_state(uint8_t state)
{
    return state == STATE_DNBUSY || state == STATE_DNLOAD_SYNC;
}

static void end(struct rlk_exchange *x, enum rlk_verdict verdict)
{
    x->verdict = verdict;
}

/* The step that does what was asked for, once the ROM is ready for it. */
static void begin_work(struct rlk_exchange *x)
{
    if (x->is_stuck) {
        end(x, RLK_VERDICT_STUCK);
    } else if (x->request.kind == RLK_EXCHANGE_IDLE) {
        end(x, RLK_VERDICT_OK);
    } else {
        x->step = is_out(x) ? STEP_OUT : STEP_IN;
    }
}

/* From a state that is believed, the shortest legal way to the work. */
static void approach(struct rlk_exchange *x)
{
    bool is_ready = x->rom_state == STATE_IDLE || (x->rom_state == STATE_DNLOAD_IDLE && is_out(x)) ||
                    (x->rom_state == STATE_UPLOAD_IDLE && x->request.kind == RLK_EXCHANGE_READ);
    if (is_ready) {
        begin_work(x);
    } else if (x->rom_state == STATE_DNLOAD_IDLE || x->rom_state == STATE_UPLOAD_IDLE) {
        x->step = STEP_ABORT;
    } else {
        x->step = is_error_state(x->rom_state) ? STEP_CLEAR : STEP_STATUS;
    }
}

static enum rlk_verdict verdict_of_error(const struct rlk_exchange *x)
{
    if (x->request.kind == RLK_EXCHANGE_RESETTING) {
        return RLK_VERDICT_STILL_HERE;
    }
    /* Exactly dfuERROR with errVENDOR; other states with that status are left-overs of relatives' own error codes, but
     * for the one that some families are known to leave. */
    bool is_refusal_state =
        x->rom_state == STATE_ERROR || (x->rom_state == STATE_VENDOR_ERROR && x->request.refusal_may_be_state_15);
    if (x->rom_status == STATUS_ERR_VENDOR && is_refusal_state) {
        return RLK_VERDICT_REFUSED;
    }
    return x->rom_status == STATUS_ERR_TARGET ? RLK_VERDICT_BAD_TARGET : RLK_VERDICT_NONSENSE;
}

static bool is_lost(const struct rlk_outcome *outcome)
{
    return outcome->kind != RLK_OUTCOME_OK && outcome->kind != RLK_OUTCOME_STALL;
}

/* Takes a GETSTATUS answer; false if it was stalled or too short to mean anything. */
static bool take_status(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    if (outcome->kind != RLK_OUTCOME_OK || outcome->bytes < STATUS_BYTES) {
        return false;
    }
    uint32_t announced =
        (uint32_t)outcome->data[1] | (uint32_t)outcome->data[2] << 8 | (uint32_t)outcome->data[3] << 16;
    uint32_t clamp = 2U * x->request.busy_max_ms;
    x->rom_status = outcome->data[0];
    x->rom_state = outcome->data[4];
    x->announced_ms = announced < clamp ? announced : clamp;
    x->poll_ms = x->announced_ms;
    return true;
}

/* Waits grow with the time already spent, so that even a ROM that announces 0 for ever is asked a bounded number of
 * times. */
static uint32_t next_wait_ms(const struct rlk_exchange *x)
{
    uint32_t growing = x->waited_ms / 8U;
    uint32_t wait = x->poll_ms > growing ? x->poll_ms : growing;
    return wait > WAIT_MIN_MS ? wait : WAIT_MIN_MS;
}

static bool has_waited_enough(const struct rlk_exchange *x)
{
    return x->waited_ms > 2U * x->request.busy_max_ms;
}

static void wait_then(struct rlk_exchange *x, enum step step)
{
    x->after_wait = (uint8_t)step;
    x->step = STEP_WAIT;
}

/* A GETSTATUS that brought nothing: the same again after a pause, a few times; while the ROM works, until its worst
 * case is over, because FS device cores stall an early poll. */
static void ask_again(struct rlk_exchange *x)
{
    bool may_be_working = x->step == STEP_EXECUTE || x->step == STEP_RESULT;
    x->stalls++;
    if (x->stalls > STALLS_MAX && (!may_be_working || has_waited_enough(x))) {
        end(x, RLK_VERDICT_NONSENSE);
    } else {
        wait_then(x, (enum step)x->step);
    }
}

static void on_status(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    x->looks++;
    if (!take_status(x, outcome)) {
        ask_again(x);
    } else if (x->rom_state == STATE_IDLE || x->rom_state == STATE_DNLOAD_IDLE || x->rom_state == STATE_UPLOAD_IDLE) {
        approach(x);
    } else if (is_busy_state(x->rom_state) && !has_waited_enough(x)) {
        wait_then(x, STEP_STATUS);
    } else if ((is_error_state(x->rom_state) || is_busy_state(x->rom_state)) && x->clears < CLEARS_MAX) {
        x->step = STEP_CLEAR;
    } else {
        end(x, x->clears > 0 ? RLK_VERDICT_STUCK : RLK_VERDICT_NONSENSE);
    }
    if (x->looks > LOOKS_MAX) {
        end(x, RLK_VERDICT_NONSENSE);
    }
}

static void on_clear(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    (void)outcome; /* acknowledged or stalled, the next status tells */
    x->clears++;
    x->rom_state = STATE_UNKNOWN;
    x->step = STEP_STATUS;
}

static void on_abort(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    x->rom_state = outcome->kind == RLK_OUTCOME_OK ? STATE_IDLE : STATE_UNKNOWN;
    approach(x);
}

static void on_out(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    x->rom_state = STATE_UNKNOWN;
    x->step = outcome->kind == RLK_OUTCOME_OK ? STEP_EXECUTE : STEP_JUDGE;
}

/* A state that does not exist is a garbled answer, not a refusal: it is asked for again. */
static bool is_garbled(const struct rlk_exchange *x)
{
    return is_error_state(x->rom_state) && x->rom_state != STATE_ERROR;
}

static uint32_t first_wait_ms(const struct rlk_exchange *x)
{
    const struct rlk_exchange_request *request = &x->request;
    bool comes_early = request->expected_ms > 0 && request->expected_ms < x->announced_ms && !x->was_odd;
    if (comes_early) {
        return request->expected_ms;
    }
    return x->announced_ms > request->busy_typical_ms ? x->announced_ms : request->busy_typical_ms;
}

/* The first GETSTATUS starts the work. Generation B answers only when it is done; C5 without dfuDNBUSY. */
static void on_execute(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    if (!take_status(x, outcome) || is_garbled(x)) {
        ask_again(x);
    } else if (x->rom_state == STATE_ERROR) {
        end(x, verdict_of_error(x));
    } else if (x->request.kind == RLK_EXCHANGE_WRITE && x->rom_state == STATE_DNLOAD_IDLE) {
        x->was_done_at_once = true;
        end(x, RLK_VERDICT_OK);
    } else {
        x->poll_ms = first_wait_ms(x);
        wait_then(x, STEP_RESULT);
    }
}

static void on_wait(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    (void)outcome;
    x->waited_ms += next_wait_ms(x);
    x->step = x->after_wait;
}

static void on_result(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    if (!take_status(x, outcome) || is_garbled(x)) {
        ask_again(x);
    } else if (is_busy_state(x->rom_state) && has_waited_enough(x)) {
        /* A failed erase or write leaves generation B in dfuDNBUSY for ever; two CLRSTATUS are the only exit. */
        x->step = STEP_CLEAR;
        x->is_stuck = true;
    } else if (is_busy_state(x->rom_state)) {
        wait_then(x, STEP_RESULT);
    } else if (x->rom_state == STATE_ERROR) {
        end(x, verdict_of_error(x));
    } else if (x->request.kind == RLK_EXCHANGE_RESETTING) {
        end(x, RLK_VERDICT_STILL_HERE);
    } else {
        end(x, x->rom_state == STATE_DNLOAD_IDLE || x->rom_state == STATE_IDLE ? RLK_VERDICT_OK : RLK_VERDICT_NONSENSE);
    }
}

/* A list may be shorter than asked for; a reading may not. */
static bool is_complete(const struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    size_t least = x->request.kind == RLK_EXCHANGE_LIST ? 1U : x->request.length;
    return outcome->kind == RLK_OUTCOME_OK && outcome->bytes >= least;
}

static void on_in(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    if (is_complete(x, outcome)) {
        /* After a short answer some are in dfuIDLE: a read may follow in both, and ABORT is legal in both. */
        x->rom_state = STATE_UPLOAD_IDLE;
        end(x, RLK_VERDICT_OK);
    } else {
        x->rom_state = STATE_UNKNOWN;
        x->step = STEP_JUDGE;
    }
}

/* What ROMs say to a block that is longer than they take (G4, field report). A GETSTATUS before this one may have
 * started it. */
static bool is_not_taken(const struct rlk_exchange *x)
{
    return x->request.kind == RLK_EXCHANGE_WRITE && x->request.block > 0 && x->stalls == 0 &&
           x->rom_state == STATE_ERROR && x->rom_status == STATUS_ERR_STALLED_PACKET;
}

/* Why was it stalled or short? Without an error the transfer itself went wrong, and is tried again; but never one that
 * resets the chip: whoever asked for it must ask anew. */
static void on_judge(struct rlk_exchange *x, const struct rlk_outcome *outcome)
{
    if (!take_status(x, outcome)) {
        ask_again(x);
        return;
    }
    uint8_t retries_max = is_out(x) ? OUT_RETRIES_MAX : IN_RETRIES_MAX;
    /* A GETSTATUS whose answer was lost may have started it, or it began by itself: no block is programmed twice. */
    bool is_unclear = x->stalls > 0 || x->was_done_at_once || x->request.first_status_may_be_last;
    bool may_be_done = x->request.kind == RLK_EXCHANGE_WRITE && x->request.block > 0 && is_unclear;
    if (is_error_state(x->rom_state)) {
        end(x, is_not_taken(x) ? RLK_VERDICT_NOT_TAKEN : verdict_of_error(x));
    } else if (is_out(x) && is_busy_state(x->rom_state)) {
        wait_then(x, STEP_RESULT); /* it was taken all the same, and this GETSTATUS has started it */
    } else if (x->request.kind == RLK_EXCHANGE_RESETTING || may_be_done || x->retries >= retries_max) {
        end(x, RLK_VERDICT_NONSENSE);
    } else {
        x->retries++;
        approach(x);
    }
}

static void (*const on_outcome[STEP_COUNT])(struct rlk_exchange *, const struct rlk_outcome *) = {
    [STEP_STATUS] = on_status, [STEP_CLEAR] = on_clear,     [STEP_ABORT] = on_abort,
    [STEP_OUT] = on_out,       [STEP_EXECUTE] = on_execute, [STEP_WAIT] = on_wait,
    [STEP_RESULT] = on_result, [STEP_IN] = on_in,           [STEP_JUDGE] = on_judge,
};

/* A ROM that holds an early poll takes the DNLOAD, says dfuDNBUSY once and then dfuDNLOAD-IDLE. Whatever else happens
 * to such an exchange, a lost transfer too, may come from the early poll. */
static bool is_usual(const struct rlk_exchange *x, enum step step, const struct rlk_outcome *outcome)
{
    static const uint8_t usual_states[STEP_COUNT] = {[STEP_EXECUTE] = STATE_DNBUSY, [STEP_RESULT] = STATE_DNLOAD_IDLE};
    uint8_t state = usual_states[step];
    return outcome->kind == RLK_OUTCOME_OK && (state == 0 || (outcome->bytes >= STATUS_BYTES && x->rom_state == state));
}

static void note_oddity(struct rlk_exchange *x, enum step step, const struct rlk_outcome *outcome)
{
    bool is_concerned = x->request.expected_ms > 0 && step >= STEP_OUT;
    if (is_concerned && !is_usual(x, step, outcome)) {
        x->was_odd = true;
        x->poll_ms = x->announced_ms;
    }
}

static void fill_control(struct rlk_operation *operation, uint8_t request_type, uint8_t request, uint16_t length)
{
    operation->kind = request_type == CLASS_IN ? RLK_OPERATION_CONTROL_IN : RLK_OPERATION_CONTROL_OUT;
    operation->request_type = request_type;
    operation->request = request;
    operation->length = length;
    operation->timeout_ms = TRANSFER_TIMEOUT_MS;
}

static void fill_status(const struct rlk_exchange *x, struct rlk_operation *operation)
{
    fill_control(operation, CLASS_IN, DFU_GETSTATUS, STATUS_BYTES);
    operation->content = RLK_DATA_STATUS;
    /* Generation B holds the first GETSTATUS until the work is done, generation A the second. After a DNLOAD that was
     * stalled and taken all the same, the one that judges it is the first. */
    bool may_be_held = x->step == STEP_EXECUTE || x->step == STEP_RESULT || (x->step == STEP_JUDGE && is_out(x));
    operation->timeout_ms += may_be_held ? x->request.busy_max_ms : 0U;
}

static void fill_clear(const struct rlk_exchange *x, struct rlk_operation *operation)
{
    (void)x;
    fill_control(operation, CLASS_OUT, DFU_CLRSTATUS, 0);
}

static void fill_abort(const struct rlk_exchange *x, struct rlk_operation *operation)
{
    (void)x;
    fill_control(operation, CLASS_OUT, DFU_ABORT, 0);
}

static enum rlk_content_kind content_of(const struct rlk_exchange *x)
{
    if (x->request.block == 0) {
        return RLK_DATA_COMMAND;
    }
    return x->request.data_is_options ? RLK_DATA_OPTIONS : RLK_DATA_FIRMWARE;
}

static void fill_out(const struct rlk_exchange *x, struct rlk_operation *operation)
{
    fill_control(operation, CLASS_OUT, DFU_DNLOAD, x->request.length);
    operation->value = x->request.block;
    operation->content = content_of(x);
    operation->data = x->request.data;
}

static void fill_in(const struct rlk_exchange *x, struct rlk_operation *operation)
{
    fill_control(operation, CLASS_IN, DFU_UPLOAD, x->request.length);
    operation->value = x->request.block;
    operation->content = content_of(x);
}

static void fill_wait(const struct rlk_exchange *x, struct rlk_operation *operation)
{
    operation->kind = RLK_OPERATION_SLEEP;
    operation->duration_ms = next_wait_ms(x);
}

static void (*const fill[STEP_COUNT])(const struct rlk_exchange *, struct rlk_operation *) = {
    [STEP_STATUS] = fill_status, [STEP_CLEAR] = fill_clear,    [STEP_ABORT] = fill_abort,
    [STEP_OUT] = fill_out,       [STEP_EXECUTE] = fill_status, [STEP_WAIT] = fill_wait,
    [STEP_RESULT] = fill_status, [STEP_IN] = fill_in,          [STEP_JUDGE] = fill_status,
};

void rlk_exchange_reset(struct rlk_exchange *exchange, uint8_t interface_number)
{
    memset(exchange, 0, sizeof *exchange);
    exchange->interface_number = interface_number;
    exchange->rom_state = STATE_UNKNOWN;
    exchange->rom_status = STATE_UNKNOWN;
}

void rlk_exchange_begin(struct rlk_exchange *exchange, const struct rlk_exchange_request *request)
{
    exchange->request = *request;
    exchange->clears = 0;
    exchange->looks = 0;
    exchange->stalls = 0;
    exchange->retries = 0;
    exchange->announced_ms = 0;
    exchange->poll_ms = 0;
    exchange->waited_ms = 0;
    exchange->is_stuck = false;
    exchange->was_odd = false;
    exchange->verdict = RLK_VERDICT_NONE;
    approach(exchange);
}

void rlk_exchange_operation(const struct rlk_exchange *exchange, struct rlk_operation *operation)
{
    fill[exchange->step](exchange, operation);
    operation->windex = operation->kind == RLK_OPERATION_SLEEP ? 0 : exchange->interface_number;
}

void rlk_exchange_outcome(struct rlk_exchange *exchange, const struct rlk_outcome *outcome)
{
    enum step step = (enum step)exchange->step;
    if (step != STEP_WAIT && is_lost(outcome)) {
        exchange->rom_state = STATE_UNKNOWN;
        end(exchange, step <= STEP_OUT ? RLK_VERDICT_LOST_EARLY : RLK_VERDICT_LOST);
    } else {
        on_outcome[step](exchange, outcome);
    }
    note_oddity(exchange, step, outcome);
}
