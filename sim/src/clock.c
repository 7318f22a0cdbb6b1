/* Virtual time: the events of a device in their order. */
#include "internal.h"

bool sim_is_busy(const struct sim_device *device)
{
    return device->work.kind != SIM_WORK_NONE;
}

uint64_t sim_now_us(const struct sim_device *device)
{
    return device->now_us;
}

bool sim_is_on_bus(const struct sim_device *device)
{
    return device->run == SIM_RUN_ROM;
}

uint32_t sim_arrival(const struct sim_device *device)
{
    return device->arrival;
}

uint64_t sim_next_event_us(const struct sim_device *device)
{
    if (device->run == SIM_RUN_STARTING) {
        return device->on_bus_at_us;
    }
    if (sim_is_busy(device)) {
        uint64_t duration_us = device->work.end_us - device->work.start_us;
        return device->work.cut != 0 ? device->work.start_us + duration_us / 2U : device->work.end_us;
    }
    return device->run == SIM_RUN_ROM && device->is_leaving != 0 ? device->leave_at_us : SIM_NEVER;
}

/* A serial number "may differ from what it was under other conditions" (field reports of F723, F072, F74x): one digit.
 */
static void change_serial(struct sim_device *device)
{
    uint8_t *digit = &device->serial[0];
    if (*digit != '\0') {
        *digit = *digit >= '0' && *digit < '9' ? (uint8_t)(*digit + 1U) : '0';
    }
}

static void arrive(struct sim_device *device)
{
    device->run = SIM_RUN_ROM;
    device->arrival++;
    if (device->knobs.serial_changes != 0) {
        change_serial(device);
    }
}

static void happen(struct sim_device *device)
{
    if (device->run == SIM_RUN_STARTING) {
        arrive(device);
    } else if (sim_is_busy(device) && device->work.cut != 0) {
        sim_unplug(device);
    } else if (sim_is_busy(device)) {
        sim_work_finish(device);
    } else {
        sim_leave(device);
    }
}

void sim_advance(struct sim_device *device, uint64_t until_us)
{
    for (uint64_t event_us = sim_next_event_us(device); event_us <= until_us; event_us = sim_next_event_us(device)) {
        device->now_us = event_us > device->now_us ? event_us : device->now_us;
        happen(device);
    }
    device->now_us = until_us > device->now_us ? until_us : device->now_us;
}

void sim_sleep(struct sim_device *device, uint32_t duration_ms)
{
    sim_advance(device, device->now_us + 1000U * (uint64_t)duration_ms);
}

void sim_sleep_until(struct sim_device *device, uint64_t until_us)
{
    sim_advance(device, until_us);
}

bool sim_is_departing(const struct sim_device *device)
{
    uint32_t kind = device->work.kind;
    bool resets_by_options = kind == SIM_WORK_OPTIONS && sim_resets_after_options(device);
    bool will_reset = resets_by_options || kind == SIM_WORK_REGRESS || kind == SIM_WORK_CLEAR_RAM;
    return device->run == SIM_RUN_ROM && (will_reset || device->is_leaving != 0);
}

uint32_t sim_ms_until_on_bus(const struct sim_device *device)
{
    if (device->run == SIM_RUN_ROM) {
        return 0;
    }
    if (device->run != SIM_RUN_STARTING) {
        return UINT32_MAX;
    }
    return (uint32_t)((device->on_bus_at_us - device->now_us + 999U) / 1000U);
}
