/*
 * One control transfer as the host controller sees it: wire time, a busy ROM, faults, then the request itself.
 *
 * It goes through phases, each of which begins at `wake_us`: it ARRIVES, is HELD by a busy ROM, is on the WIRE, waits
 * for the WORK that it started (generation B), and is CONCLUDED as the planned fault wants it. Nothing is known to the
 * device before the WIRE ends: up to there a host may drop a transfer, and it never was. Faults that keep it from the
 * device lead to its END at once.
 */
#include "internal.h"

/* A setup, a status stage and the host's own delays; and 2048 bytes in about 3 ms, as seen on an F745. */
#define TRANSFER_US        200U
#define BYTE_NS            1400U
#define POWER_REMAINS_US   1000U
#define DIRECTION_IN       0x80U
#define REQUEST_TYPE_MASK  0x60U
#define REQUEST_TYPE_CLASS 0x20U
#define REQUEST_DNLOAD     1U
#define REQUEST_GETSTATUS  3U
/* Three quarters of the five seconds that hosts usually wait: what is LATE for a host of unknown patience. */
#define LATE_US 3750000U

enum phase { PHASE_ARRIVE, PHASE_HELD, PHASE_WIRE, PHASE_WORK, PHASE_CONCLUDE, PHASE_PULL, PHASE_END, PHASES };

static bool is_in(const struct sim_setup *setup)
{
    return (setup->request_type & DIRECTION_IN) != 0;
}

static bool is_class(const struct sim_setup *setup)
{
    return (setup->request_type & REQUEST_TYPE_MASK) == REQUEST_TYPE_CLASS;
}

static bool is_poll(const struct sim_setup *setup)
{
    return is_class(setup) && setup->request == REQUEST_GETSTATUS;
}

static bool is_download(const struct sim_setup *setup)
{
    return is_class(setup) && setup->request == REQUEST_DNLOAD;
}

/* Does the work keep the ROM from answering? C works in a thread. */
static bool is_occupied(const struct sim_device *device)
{
    return sim_is_busy(device) && device->knobs.work_at_download == 0 && !sim_is_unawaited(device);
}

static void enter(struct sim_transfer *transfer, enum phase phase, uint64_t at_us)
{
    transfer->phase = phase;
    transfer->wake_us = at_us;
}

static void end(struct sim_transfer *transfer, uint64_t at_us, enum sim_outcome outcome)
{
    transfer->outcome = outcome;
    enter(transfer, PHASE_END, at_us);
}

static void conclude(struct sim_transfer *transfer, uint64_t at_us, enum sim_outcome outcome)
{
    transfer->outcome = outcome;
    enter(transfer, PHASE_CONCLUDE, at_us);
}

/* A transfer that is held up does not outlive the device's departure, even if the device is back before the deadline.
 */
static bool has_left(const struct sim_device *device, const struct sim_transfer *transfer)
{
    return !sim_is_on_bus(device) || device->arrival != transfer->arrival;
}

static void wait_until(struct sim_transfer *transfer, enum phase phase, uint64_t end_us)
{
    enter(transfer, phase, end_us < transfer->deadline_us ? end_us : transfer->deadline_us);
}

static void go_on_wire(const struct sim_device *device, struct sim_transfer *transfer)
{
    uint64_t end_us = device->now_us + TRANSFER_US + (uint64_t)transfer->setup->length * BYTE_NS / 1000U;
    if (end_us > transfer->deadline_us) {
        conclude(transfer, transfer->deadline_us, SIM_TIMEOUT);
    } else {
        enter(transfer, PHASE_WIRE, end_us);
    }
}

static void count_early_poll(struct sim_device *device, const struct sim_setup *setup)
{
    if (is_poll(setup) && (sim_is_busy(device) || device->now_us < device->announced_us)) {
        device->counters.early_polls++;
    }
}

/* Generation A works in its USB interrupt: meanwhile the OTG core answers NAK, the FS device core STALL. */
static void arrive(struct sim_device *device, struct sim_transfer *transfer)
{
    if (has_left(device, transfer)) {
        conclude(transfer, device->now_us, SIM_GONE);
        return;
    }
    count_early_poll(device, transfer->setup);
    if (!is_occupied(device)) {
        go_on_wire(device, transfer);
    } else if (device->knobs.early_poll_stalls != 0) {
        conclude(transfer, device->now_us + TRANSFER_US, SIM_STALL);
    } else {
        wait_until(transfer, PHASE_HELD, device->work.end_us);
    }
}

static void be_held(struct sim_device *device, struct sim_transfer *transfer)
{
    if (has_left(device, transfer)) {
        conclude(transfer, device->now_us, SIM_GONE);
    } else if (sim_is_busy(device)) {
        conclude(transfer, device->now_us, SIM_TIMEOUT);
    } else {
        go_on_wire(device, transfer);
    }
}

static bool data_stage_dies(const struct sim_device *device, const struct sim_setup *setup)
{
    return device->knobs.level1_looks_dead_on_usb3 != 0 && is_class(setup) && setup->length != 0;
}

static bool stalls_this_time(const struct sim_device *device, const struct sim_setup *setup)
{
    uint32_t every = device->knobs.stalls_every;
    return every != 0 && is_class(setup) && device->counters.transfers % every == 0;
}

static enum sim_outcome handle(struct sim_device *device, struct sim_transfer *transfer)
{
    if (data_stage_dies(device, transfer->setup) || stalls_this_time(device, transfer->setup)) {
        return SIM_STALL;
    }
    if (is_class(transfer->setup)) {
        return sim_class_request(device, transfer);
    }
    device->counters.standard_requests++;
    return sim_standard_request(device, transfer);
}

/* Generation B: the first GETSTATUS waits for the end of the work, and is lost if the work resets the chip. C5: so does
 * the DNLOAD. */
static bool waits_for_work(const struct sim_device *device, const struct sim_setup *setup)
{
    bool in_poll = is_poll(setup) && device->knobs.work_in_first_poll != 0;
    bool in_download = is_download(setup) && device->knobs.no_busy != 0;
    return (in_poll || in_download) && is_occupied(device);
}

static bool waits_for_departure(const struct sim_device *device, const struct sim_setup *setup)
{
    return is_poll(setup) && device->is_leaving != 0 && device->knobs.leave_loses_status != 0;
}

static void leave_wire(struct sim_device *device, struct sim_transfer *transfer)
{
    if (has_left(device, transfer)) {
        conclude(transfer, device->now_us, SIM_GONE);
        return;
    }
    enum sim_outcome outcome = handle(device, transfer);
    if (outcome == SIM_OK && waits_for_work(device, transfer->setup)) {
        wait_until(transfer, PHASE_WORK, device->work.end_us);
    } else if (outcome == SIM_OK && waits_for_departure(device, transfer->setup)) {
        wait_until(transfer, PHASE_WORK, device->leave_at_us);
    } else {
        conclude(transfer, device->now_us, outcome);
    }
}

static void await_work(struct sim_device *device, struct sim_transfer *transfer)
{
    if (has_left(device, transfer)) {
        conclude(transfer, device->now_us, SIM_GONE);
    } else {
        bool is_late = is_occupied(device) || waits_for_departure(device, transfer->setup);
        conclude(transfer, device->now_us, is_late ? SIM_TIMEOUT : SIM_OK);
    }
}

static void count_bytes(struct sim_device *device, const struct sim_transfer *transfer)
{
    if (is_in(transfer->setup)) {
        device->counters.bytes_in += (uint32_t)transfer->actual;
    } else {
        device->counters.bytes_out += transfer->setup->length;
    }
}

static void spoil_answer(struct sim_device *device, struct sim_transfer *transfer)
{
    if (transfer->fault == SIM_FAULT_SHORT) {
        transfer->actual /= 2U;
    } else if (transfer->fault == SIM_FAULT_FLIP_ONE) {
        sim_fault_flip(device, transfer->data, transfer->actual, 1);
    } else if (transfer->fault == SIM_FAULT_FLIP_TWO) {
        sim_fault_flip(device, transfer->data, transfer->actual, 2);
    }
}

/* Faults of the answer. Power does not vanish with the cable: what was started goes on for a moment. */
static void come_to_end(struct sim_device *device, struct sim_transfer *transfer)
{
    enum sim_outcome outcome = transfer->outcome;
    if (outcome == SIM_OK) {
        count_bytes(device, transfer);
    }
    if (transfer->fault == SIM_FAULT_TIMEOUT_AFTER) {
        end(transfer, transfer->deadline_us, SIM_TIMEOUT);
    } else if (transfer->fault == SIM_FAULT_GONE_AFTER) {
        enter(transfer, PHASE_PULL, device->now_us + POWER_REMAINS_US);
    } else {
        spoil_answer(device, transfer);
        end(transfer, device->now_us, transfer->fault == SIM_FAULT_STALL_AFTER ? SIM_STALL : outcome);
    }
}

static void pull(struct sim_device *device, struct sim_transfer *transfer)
{
    sim_unplug(device);
    end(transfer, device->now_us, SIM_GONE);
}

static bool hits_before(uint32_t fault)
{
    return fault == SIM_FAULT_STALL || fault == SIM_FAULT_TIMEOUT || fault == SIM_FAULT_GONE ||
           fault == SIM_FAULT_FAILED;
}

/* Faults that keep the transfer from the device. */
static void fail_before(struct sim_device *device, struct sim_transfer *transfer)
{
    if (transfer->fault == SIM_FAULT_TIMEOUT) {
        end(transfer, transfer->deadline_us, SIM_TIMEOUT);
    } else if (transfer->fault == SIM_FAULT_GONE) {
        sim_unplug(device);
        end(transfer, device->now_us, SIM_GONE);
    } else {
        end(transfer, device->now_us + TRANSFER_US, transfer->fault == SIM_FAULT_STALL ? SIM_STALL : SIM_FAILED);
    }
}

static void begin(struct sim_device *device, struct sim_transfer *transfer, uint64_t late_us)
{
    sim_options_set_knobs(device);
    transfer->fault = sim_fault_take(device);
    transfer->arrival = device->arrival;
    device->counters.transfers++;
    if (!sim_is_on_bus(device)) {
        end(transfer, device->now_us + TRANSFER_US, SIM_GONE);
    } else if (hits_before(transfer->fault)) {
        fail_before(device, transfer);
    } else {
        enter(transfer, PHASE_ARRIVE, device->now_us + (transfer->fault == SIM_FAULT_LATE ? late_us : 0U));
    }
}

void sim_transfer_begin(struct sim_device *device, struct sim_transfer *transfer, const struct sim_setup *setup,
                        uint8_t *data)
{
    *transfer = (struct sim_transfer){.setup = setup, .deadline_us = SIM_NEVER};
    transfer->data = data;
    begin(device, transfer, LATE_US);
}

bool sim_transfer_step(struct sim_device *device, struct sim_transfer *transfer)
{
    static void (*const steps[PHASES])(struct sim_device *, struct sim_transfer *) = {
        [PHASE_ARRIVE] = arrive,   [PHASE_HELD] = be_held,         [PHASE_WIRE] = leave_wire,
        [PHASE_WORK] = await_work, [PHASE_CONCLUDE] = come_to_end, [PHASE_PULL] = pull,
    };
    while (device->now_us >= transfer->wake_us && transfer->phase != PHASE_END) {
        steps[transfer->phase](device, transfer);
    }
    if (transfer->phase != PHASE_END || device->now_us < transfer->wake_us) {
        return false;
    }
    transfer->actual = transfer->outcome == SIM_OK ? transfer->actual : 0U;
    return true;
}

enum sim_outcome sim_control(struct sim_device *device, const struct sim_setup *setup, uint8_t *data, size_t *actual,
                             uint32_t timeout_ms)
{
    uint64_t timeout_us = 1000U * (uint64_t)timeout_ms;
    struct sim_transfer transfer = {.setup = setup, .deadline_us = device->now_us + timeout_us};
    transfer.data = data;
    begin(device, &transfer, timeout_us / 4U * 3U);
    do {
        sim_advance(device, transfer.wake_us);
    } while (!sim_transfer_step(device, &transfer));
    if (actual != NULL) {
        *actual = transfer.actual;
    }
    return transfer.outcome;
}
