/*
 * sim.wasm: one simulated device as flat functions for sim.js. Apart from relock.wasm, so that a visitor who brings a
 * real device never loads it, and so that the witness shares no memory with what it judges.
 */
#include "readout.h"
#include "sim/sim.h"
#include <string.h>

#define TRANSFER_BYTES_MAX 4096U

static struct sim_device device;
static uint8_t transfer[TRANSFER_BYTES_MAX];
static size_t transferred;

READOUT_AT(const char *, sim_glue_profile_name, index < sim_profile_count() ? sim_profile_name(index) : NULL)
READOUT_AT(const char *, sim_glue_profile_title, index < sim_profile_count() ? sim_profile_title(index) : NULL)
READOUT_AT(const char *, sim_glue_every_profile_name, sim_every_profile_name(index))

RLK_EXPORT void sim_glue_init(uint32_t profile, uint32_t rdp_level, uint32_t boot0_high);
RLK_EXPORT void sim_glue_set_boot0(uint32_t high);
RLK_EXPORT void sim_glue_unplug(void);
RLK_EXPORT void sim_glue_plug(void);
RLK_EXPORT void sim_glue_press_reset(void);
RLK_EXPORT void sim_glue_jump(void);
RLK_EXPORT void sim_glue_sleep(uint32_t duration_ms);

/* The profile by its index among all of them. */
void sim_glue_init(uint32_t profile, uint32_t rdp_level, uint32_t boot0_high)
{
    sim_init(&device, sim_profile_find(sim_every_profile_name(profile)), rdp_level, boot0_high != 0);
}

void sim_glue_set_boot0(uint32_t high)
{
    sim_set_boot0(&device, high != 0);
}

void sim_glue_unplug(void)
{
    sim_unplug(&device);
}

void sim_glue_plug(void)
{
    sim_plug(&device);
}

void sim_glue_jump(void)
{
    sim_enter_rom_by_jump(&device);
}

void sim_glue_press_reset(void)
{
    sim_press_reset(&device);
}

void sim_glue_sleep(uint32_t duration_ms)
{
    sim_sleep(&device, duration_ms);
}

READOUT(uint8_t *, sim_glue_transfer, transfer)
READOUT(uint32_t, sim_glue_transferred, (uint32_t)transferred)

RLK_EXPORT const char *sim_glue_control(uint32_t request_type, uint32_t request, uint32_t value, uint32_t windex,
                                        uint32_t length, uint32_t timeout_ms);

/* One control transfer over the transfer buffer: "ok", "stall", "timeout", "gone" or "failed". */
const char *sim_glue_control(uint32_t request_type, uint32_t request, uint32_t value, uint32_t windex, uint32_t length,
                             uint32_t timeout_ms)
{
    static const char *const names[] = {
        [SIM_OK] = "ok", [SIM_STALL] = "stall", [SIM_TIMEOUT] = "timeout", [SIM_GONE] = "gone", [SIM_FAILED] = "failed",
    };
    const uint32_t fitting = length < TRANSFER_BYTES_MAX ? length : TRANSFER_BYTES_MAX;
    const struct sim_setup setup = {
        .request_type = (uint8_t)request_type,
        .request = (uint8_t)request,
        .value = (uint16_t)value,
        .index = (uint16_t)windex,
        .length = (uint16_t)fitting,
    };
    transferred = 0;
    return names[sim_control(&device, &setup, transfer, &transferred, timeout_ms)];
}

RLK_EXPORT uint32_t sim_glue_fault_add(uint32_t kind, uint32_t at);
RLK_EXPORT void sim_glue_knob_set(uint32_t index, uint32_t value);
RLK_EXPORT uint32_t sim_glue_allow_option_bits(uint32_t offset, uint32_t mask, uint32_t value);

uint32_t sim_glue_fault_add(uint32_t kind, uint32_t at)
{
    return sim_fault_add(&device, (struct sim_fault){.kind = kind, .at = at});
}

/* The index is that of a name which sim_glue_knob_name gave. */
void sim_glue_knob_set(uint32_t index, uint32_t value)
{
    (void)sim_knob_set(&device, sim_knob_name(index), value);
}

uint32_t sim_glue_allow_option_bits(uint32_t offset, uint32_t mask, uint32_t value)
{
    return sim_allow_option_bits(&device, offset, (uint8_t)mask, (uint8_t)value);
}

static const uint8_t *flash(void)
{
    uint32_t size = 0;
    return sim_flash(&device, &size);
}

READOUT_AT(const char *, sim_glue_fault_kind_name, sim_fault_kind_name(index))
READOUT_AT(const char *, sim_glue_knob_name, sim_knob_name(index))
READOUT(double, sim_glue_now_ms, (double)sim_now_us(&device) / 1000.0)
READOUT(uint32_t, sim_glue_is_on_bus, sim_is_on_bus(&device))
READOUT(uint32_t, sim_glue_arrival, sim_arrival(&device))
READOUT(uint32_t, sim_glue_ms_until_on_bus, sim_ms_until_on_bus(&device))
READOUT(uint32_t, sim_glue_boot0, sim_boot0(&device))
READOUT(uint32_t, sim_glue_rdp_level, sim_rdp_level(&device))
READOUT(uint32_t, sim_glue_is_stranded, sim_is_stranded(&device))
READOUT(uint32_t, sim_glue_is_running_application, sim_is_running_application(&device))
READOUT(uint32_t, sim_glue_regressions, sim_counters(&device)->regressions)
READOUT(uint32_t, sim_glue_transfers, sim_counters(&device)->transfers)
READOUT(uint32_t, sim_glue_violations, sim_counters(&device)->violations)
READOUT_AT(const char *, sim_glue_violation, sim_violation(&device, index))
READOUT(const uint8_t *, sim_glue_flash, flash())
