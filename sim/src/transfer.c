/* One control transfer as the host controller sees it: wire time, a busy ROM, faults, then the request itself. */
#include "internal.h"

/* A setup, a status stage and the host's own delays; and 2048 bytes in about 3 ms, as seen on an F745. */
#define TRANSFER_US        200U
#define BYTE_NS            1400U
#define POWER_REMAINS_US   1000U
#define DIRECTION_IN       0x80U
#define REQUEST_TYPE_MASK  0x60U
#define REQUEST_TYPE_CLASS 0x20U
#define REQUEST_GETSTATUS  3U

static bool is_in(const struct sim_setup *setup)
{
    return (setup->request_type & DIRECTION_IN) != 0;
}

static bool is_class(const struct sim_setup *setup)
{
    return (setup->request_type & REQUEST_TYPE_MASK) == REQUEST_TYPE_CLASS;
}

static enum sim_outcome time_out(struct sim_device *device, const struct sim_transfer *transfer)
{
    sim_advance(device, transfer->deadline_us);
    return SIM_TIMEOUT;
}

static void count_early_poll(struct sim_device *device, const struct sim_setup *setup)
{
    bool is_poll = is_class(setup) && setup->request == REQUEST_GETSTATUS;
    if (is_poll && (sim_is_busy(device) || device->now_us < device->announced_us)) {
        device->counters.early_polls++;
    }
}

/* Generation A works in its USB interrupt: meanwhile the OTG core answers NAK, the FS device core STALL. */
static enum sim_outcome wait_while_busy(struct sim_device *device, const struct sim_transfer *transfer)
{
    if (!sim_is_busy(device)) {
        return SIM_OK;
    }
    if (device->knobs.early_poll_stalls != 0) {
        sim_advance(device, device->now_us + TRANSFER_US);
        return SIM_STALL;
    }
    uint64_t end_us = device->work.end_us;
    sim_advance(device, end_us < transfer->deadline_us ? end_us : transfer->deadline_us);
    if (!sim_is_on_bus(device)) {
        return SIM_GONE;
    }
    return sim_is_busy(device) ? SIM_TIMEOUT : SIM_OK;
}

static bool data_stage_dies(const struct sim_device *device, const struct sim_setup *setup)
{
    return device->knobs.level1_looks_dead_on_usb3 != 0 && is_class(setup) && setup->length != 0;
}

static enum sim_outcome handle(struct sim_device *device, struct sim_transfer *transfer)
{
    if (data_stage_dies(device, transfer->setup)) {
        return SIM_STALL;
    }
    if (is_class(transfer->setup)) {
        return sim_class_request(device, transfer);
    }
    device->counters.standard_requests++;
    return sim_standard_request(device, transfer);
}

static void count_bytes(struct sim_device *device, const struct sim_transfer *transfer)
{
    if (is_in(transfer->setup)) {
        device->counters.bytes_in += (uint32_t)transfer->actual;
    } else {
        device->counters.bytes_out += transfer->setup->length;
    }
}

static enum sim_outcome execute(struct sim_device *device, struct sim_transfer *transfer)
{
    if (!sim_is_on_bus(device)) {
        return SIM_GONE;
    }
    count_early_poll(device, transfer->setup);
    enum sim_outcome outcome = wait_while_busy(device, transfer);
    if (outcome != SIM_OK) {
        return outcome;
    }
    uint64_t end_us = device->now_us + TRANSFER_US + (uint64_t)transfer->setup->length * BYTE_NS / 1000U;
    if (end_us > transfer->deadline_us) {
        return time_out(device, transfer);
    }
    sim_advance(device, end_us);
    if (!sim_is_on_bus(device)) {
        return SIM_GONE;
    }
    outcome = handle(device, transfer);
    if (outcome == SIM_OK) {
        count_bytes(device, transfer);
    }
    return outcome;
}

/* A transfer that is held up does not outlive the device's departure, even if the device is back before the deadline.
 */
static enum sim_outcome execute_in_time(struct sim_device *device, struct sim_transfer *transfer, uint64_t delay_us)
{
    uint32_t arrival = device->arrival;
    sim_advance(device, device->now_us + delay_us);
    return device->arrival == arrival ? execute(device, transfer) : SIM_GONE;
}

/* Faults that keep the transfer from the device. */
static enum sim_outcome fail_before(struct sim_device *device, const struct sim_transfer *transfer, uint32_t fault)
{
    if (fault == SIM_FAULT_TIMEOUT) {
        return time_out(device, transfer);
    }
    if (fault == SIM_FAULT_GONE) {
        sim_unplug(device);
        return SIM_GONE;
    }
    sim_advance(device, device->now_us + TRANSFER_US);
    return fault == SIM_FAULT_STALL ? SIM_STALL : SIM_FAILED;
}

/* Faults of the answer. Power does not vanish with the cable: what was started goes on for a moment. */
static enum sim_outcome fail_after(struct sim_device *device, struct sim_transfer *transfer, uint32_t fault,
                                   enum sim_outcome outcome)
{
    if (fault == SIM_FAULT_TIMEOUT_AFTER) {
        return time_out(device, transfer);
    }
    if (fault == SIM_FAULT_GONE_AFTER) {
        sim_advance(device, device->now_us + POWER_REMAINS_US);
        sim_unplug(device);
        return SIM_GONE;
    }
    if (fault == SIM_FAULT_STALL_AFTER) {
        return SIM_STALL;
    }
    if (fault == SIM_FAULT_SHORT) {
        transfer->actual /= 2U;
    } else if (fault == SIM_FAULT_FLIP_ONE) {
        sim_fault_flip(device, transfer->data, transfer->actual, 1);
    } else if (fault == SIM_FAULT_FLIP_TWO) {
        sim_fault_flip(device, transfer->data, transfer->actual, 2);
    }
    return outcome;
}

static bool hits_before(uint32_t fault)
{
    return fault == SIM_FAULT_STALL || fault == SIM_FAULT_TIMEOUT || fault == SIM_FAULT_GONE ||
           fault == SIM_FAULT_FAILED;
}

enum sim_outcome sim_control(struct sim_device *device, const struct sim_setup *setup, uint8_t *data, size_t *actual,
                             uint32_t timeout_ms)
{
    uint64_t timeout_us = 1000U * (uint64_t)timeout_ms;
    struct sim_transfer transfer = {.setup = setup, .deadline_us = device->now_us + timeout_us};
    uint32_t fault = sim_fault_take(device);
    enum sim_outcome outcome = SIM_GONE;
    transfer.data = data;
    device->counters.transfers++;
    if (!sim_is_on_bus(device)) {
        sim_advance(device, device->now_us + TRANSFER_US);
    } else if (hits_before(fault)) {
        outcome = fail_before(device, &transfer, fault);
    } else {
        outcome = execute_in_time(device, &transfer, fault == SIM_FAULT_LATE ? timeout_us / 4U * 3U : 0U);
        outcome = fail_after(device, &transfer, fault, outcome);
    }
    if (actual != NULL) {
        *actual = outcome == SIM_OK ? transfer.actual : 0U;
    }
    return outcome;
}
