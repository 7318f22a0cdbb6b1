#include "sim_host.h"

enum { SET_INTERFACE_TYPE = 0x01, SET_INTERFACE = 0x0B, POLL_MS = 100, STEP_MAX_MS = 1000 };

static void after(struct sim_transport *transport)
{
    if (transport->after_operation != NULL) {
        transport->after_operation(transport->after_context, sim_now_us(transport->device));
    }
}

static enum rlk_outcome_kind outcome_of(enum sim_outcome outcome)
{
    static const enum rlk_outcome_kind kinds[] = {[SIM_OK] = RLK_OUTCOME_OK,
                                                  [SIM_STALL] = RLK_OUTCOME_STALL,
                                                  [SIM_TIMEOUT] = RLK_OUTCOME_TIMEOUT,
                                                  [SIM_GONE] = RLK_OUTCOME_GONE,
                                                  [SIM_FAILED] = RLK_OUTCOME_FAILED};
    return kinds[outcome];
}

/* A handle dies with the device's departure, even if it is back by now. */
static bool handle_is_alive(const struct sim_transport *transport)
{
    return transport->is_open && sim_arrival(transport->device) == transport->arrival;
}

static void transfer(struct sim_transport *transport, const struct sim_setup *setup, uint8_t *data, size_t *actual,
                     uint32_t timeout_ms, struct rlk_outcome *outcome)
{
    uint64_t before_us = sim_now_us(transport->device);
    if (handle_is_alive(transport)) {
        outcome->kind = outcome_of(sim_control(transport->device, setup, data, actual, timeout_ms));
    } else {
        outcome->kind = RLK_OUTCOME_GONE;
    }
    outcome->elapsed_ms = (uint32_t)((sim_now_us(transport->device) - before_us) / 1000U);
    after(transport);
}

static void copy_out(uint8_t *buffer, const struct rlk_operation *operation)
{
    for (size_t i = 0; i < operation->length; i++) {
        buffer[i] = operation->data[i];
    }
}

void sim_transport_control(void *context, const struct rlk_operation *operation, uint8_t *buffer,
                           struct rlk_outcome *outcome)
{
    struct sim_transport *transport = context;
    struct sim_setup setup = {.request_type = operation->request_type,
                              .request = operation->request,
                              .value = operation->value,
                              .index = operation->windex,
                              .length = operation->length};
    size_t actual = 0;
    if (operation->kind == RLK_OPERATION_CONTROL_OUT) {
        copy_out(buffer, operation);
    }
    transfer(transport, &setup, buffer, &actual, operation->timeout_ms, outcome);
    if (operation->kind == RLK_OPERATION_CONTROL_IN && outcome->kind == RLK_OUTCOME_OK) {
        outcome->data = buffer;
        outcome->bytes = actual;
    }
}

void sim_transport_select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct sim_transport *transport = context;
    struct sim_setup setup = {
        .request_type = SET_INTERFACE_TYPE, .request = SET_INTERFACE, .value = operation->alternate};
    size_t actual = 0;
    uint8_t nothing[1] = {0};
    transfer(transport, &setup, nothing, &actual, operation->timeout_ms, outcome);
}

void sim_transport_sleep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct sim_transport *transport = context;
    sim_sleep(transport->device, operation->duration_ms);
    outcome->kind = RLK_OUTCOME_OK;
    outcome->elapsed_ms = operation->duration_ms;
    after(transport);
}

static void replug(struct sim_device *device)
{
    sim_unplug(device);
    sim_sleep(device, STEP_MAX_MS);
    sim_plug(device);
}

/* By BOOT0; on a board without it, by the application, if one runs. */
static void enter_dfu(struct sim_device *device)
{
    sim_set_boot0(device, true);
    replug(device);
    if (sim_is_running_application(device)) {
        sim_enter_rom_by_jump(device);
    }
}

void sim_person_do(struct sim_device *device, enum rlk_action action)
{
    switch (action) {
    case RLK_ACTION_HOLD_BOOT0_AND_REPLUG:
    case RLK_ACTION_HOLD_BOOT0_REPLUG_AND_RUN_AGAIN:
        sim_set_boot0(device, true);
        replug(device);
        break;
    case RLK_ACTION_ENTER_DFU:
    case RLK_ACTION_ENTER_DFU_AND_RUN_AGAIN:
        enter_dfu(device);
        break;
    case RLK_ACTION_RELEASE_BOOT0_AND_REPLUG:
        sim_set_boot0(device, false);
        replug(device);
        break;
    case RLK_ACTION_REPLUG:
    case RLK_ACTION_REPLUG_AND_RUN_AGAIN:
    case RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN:
    case RLK_ACTION_USE_USB2_HUB:
        replug(device);
        break;
    default:
        break;
    }
}

/* Is it there? One that was sent away must have gone and come back, not just be still here. */
static bool is_there(const struct sim_transport *transport, enum rlk_reopen_reason reason)
{
    bool must_be_new = reason != RLK_REOPEN_FIRST && reason != RLK_REOPEN_LOST;
    return sim_is_on_bus(transport->device) && (!must_be_new || sim_arrival(transport->device) != transport->arrival);
}

/* Waits for at most so long. A device that will never come is waited for all the same. */
static bool wait_for_device(struct sim_transport *transport, enum rlk_reopen_reason reason, uint32_t patience_ms)
{
    uint32_t waited_ms = 0;
    while (!is_there(transport, reason) && waited_ms < patience_ms) {
        sim_sleep(transport->device, POLL_MS);
        waited_ms += POLL_MS;
        after(transport);
    }
    return is_there(transport, reason);
}

static bool is_back(struct sim_transport *transport, const struct rlk_operation *operation)
{
    if (wait_for_device(transport, operation->reason, operation->patience_ms)) {
        return true;
    }
    if (transport->person == SIM_PERSON_ABSENT) {
        return false;
    }
    sim_person_do(transport->device, operation->action);
    uint32_t coming_ms = sim_ms_until_on_bus(transport->device);
    return coming_ms != UINT32_MAX && wait_for_device(transport, operation->reason, coming_ms + POLL_MS);
}

void sim_transport_reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct sim_transport *transport = context;
    uint64_t before_us = sim_now_us(transport->device);
    transport->is_open = is_back(transport, operation);
    transport->arrival = sim_arrival(transport->device);
    outcome->kind = transport->is_open ? RLK_OUTCOME_OK : RLK_OUTCOME_TIMEOUT;
    outcome->elapsed_ms = (uint32_t)((sim_now_us(transport->device) - before_us) / 1000U);
    after(transport);
}
