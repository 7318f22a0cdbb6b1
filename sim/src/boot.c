/* Power, reset, the boot decision, and the person who holds cable, BOOT0 and the reset button. */
#include "internal.h"

enum boot_target { TARGET_FLASH, TARGET_ROM, TARGET_SRAM };

static bool bit_is_set(uint32_t word, uint8_t bit)
{
    return bit == SIM_NO_BIT || ((word >> bit) & 1U) == 1U;
}

/* BOOT0 as the options see it: the pin, or the inverse of nBOOT0 (AN2606, RM0091, RM0394). */
static enum boot_target pin_target(const struct sim_profile *row, const uint8_t *options, bool pin)
{
    uint32_t user = sim_user_word(row, options);
    bool boot0 = bit_is_set(user, row->boot.pin_select) ? pin : !bit_is_set(user, row->boot.n_boot0);
    if (!boot0) {
        return TARGET_FLASH;
    }
    return bit_is_set(user, row->boot.n_boot1) ? TARGET_ROM : TARGET_SRAM;
}

bool sim_boot0_reaches_rom(const struct sim_profile *row, const uint8_t *options)
{
    return pin_target(row, options, true) == TARGET_ROM;
}

static enum boot_target boot_target(const struct sim_device *device)
{
    enum boot_target target = pin_target(sim_row(device), device->loaded, device->boot0 != 0);
    if (device->level == 2) {
        return TARGET_FLASH; /* level 2 boots user flash only */
    }
    return target == TARGET_FLASH && device->empty_latched != 0 ? TARGET_ROM : target;
}

static bool first_word_is_blank(const struct sim_device *device)
{
    return sim_word(device->flash) == 0xFFFFFFFFU;
}

static void latch_empty(struct sim_device *device)
{
    device->empty_latched = sim_row(device)->has_empty_check != 0 && first_word_is_blank(device) ? 1U : 0U;
}

static void start_rom(struct sim_device *device)
{
    device->run = SIM_RUN_STARTING;
    device->on_bus_at_us = device->now_us + sim_row(device)->start_us;
    device->state = device->knobs.first_contact_error != 0 ? DFU_STATE_ERROR : DFU_STATE_IDLE;
    device->status = device->knobs.first_contact_error != 0 ? DFU_STATUS_ERR_FIRMWARE : DFU_STATUS_OK;
    device->pointer = SIM_FLASH_BASE;
    device->has_block = 0;
    device->is_leaving = 0;
    device->misaligned = 0;
    device->alternate = 0;
    device->configuration = 1;
    device->announced_us = 0;
}

static void start_flash(struct sim_device *device)
{
    device->run = sim_is_bootable(device, SIM_FLASH_BASE) ? SIM_RUN_APPLICATION : SIM_RUN_CRASHED;
}

static void load_what_is_due(struct sim_device *device, enum sim_boot_cause cause)
{
    bool due_at_reset = device->reload_pending == 1U + SIM_RELOAD_AT_RESET;
    if (cause == SIM_BOOT_POWER_ON || due_at_reset) {
        sim_options_load(device);
    }
}

void sim_boot(struct sim_device *device, enum sim_boot_cause cause)
{
    load_what_is_due(device, cause);
    if (cause == SIM_BOOT_POWER_ON) {
        device->dead = 0;
        latch_empty(device);
    } else {
        device->counters.resets++;
    }
    if (cause == SIM_BOOT_REGRESSION && device->knobs.empty_check_at_reset != 0) {
        latch_empty(device);
    }
    device->work.kind = SIM_WORK_NONE;
    enum boot_target target = boot_target(device);
    if (device->dead != 0) {
        device->run = SIM_RUN_DEAD;
    } else if (target == TARGET_ROM) {
        start_rom(device);
    } else if (target == TARGET_FLASH) {
        start_flash(device);
    } else {
        device->run = SIM_RUN_CRASHED;
    }
}

/* The end of manifestation: the ROM jumps through the pointer, or resets if nothing there can run (AN3156 5.5). A jump
 * into flash that level 1 protects from this very ROM session ends in a fault. */
void sim_leave(struct sim_device *device)
{
    device->is_leaving = 0;
    if (!sim_is_bootable(device, device->pointer)) {
        sim_boot(device, SIM_BOOT_RESET);
    } else {
        device->run = device->level == 0 ? SIM_RUN_APPLICATION : SIM_RUN_CRASHED;
    }
}

bool sim_returns_after_regression(const struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    bool resets_options = device->knobs.options_reset_by_regression != 0;
    const uint8_t *options = resets_options ? row->factory_options : device->options;
    enum boot_target target = pin_target(row, options, device->boot0 != 0);
    return target == TARGET_ROM || (target == TARGET_FLASH && row->has_empty_check != 0);
}

void sim_enter_rom_by_jump(struct sim_device *device)
{
    if (device->run == SIM_RUN_APPLICATION && device->level < 2) {
        start_rom(device);
    }
}

void sim_set_boot0(struct sim_device *device, bool high)
{
    if (device->knobs.boot0_fixed == 0) {
        device->boot0 = high ? 1U : 0U;
    }
}

bool sim_boot0(const struct sim_device *device)
{
    return device->boot0 != 0;
}

void sim_unplug(struct sim_device *device)
{
    sim_work_interrupt(device);
    device->run = SIM_RUN_OFF;
}

void sim_plug(struct sim_device *device)
{
    if (device->run == SIM_RUN_OFF) {
        device->counters.power_cycles++;
        sim_boot(device, SIM_BOOT_POWER_ON);
    }
}

void sim_press_reset(struct sim_device *device)
{
    if (device->run != SIM_RUN_OFF) {
        sim_work_interrupt(device);
        sim_boot(device, SIM_BOOT_RESET);
    }
}

bool sim_is_running_application(const struct sim_device *device)
{
    return device->run == SIM_RUN_APPLICATION;
}

/* Would power-on with this BOOT0 lead to the ROM? On a board without a reachable BOOT0 the application is the way. */
static bool replug_helps(const struct sim_device *device, bool pin)
{
    const struct sim_profile *row = sim_row(device);
    enum boot_target target = pin_target(row, device->options, pin);
    if (target != TARGET_FLASH) {
        return target == TARGET_ROM;
    }
    bool is_empty = row->has_empty_check != 0 && first_word_is_blank(device);
    return is_empty || (device->knobs.boot0_fixed != 0 && sim_is_bootable(device, SIM_FLASH_BASE));
}

bool sim_is_stranded(const struct sim_device *device)
{
    if (device->level == 2 || sim_stored_rdp_level(device) == 2) {
        return true;
    }
    if (device->run == SIM_RUN_ROM || device->run == SIM_RUN_STARTING) {
        return false;
    }
    bool pin = device->boot0 != 0;
    return !replug_helps(device, pin) && (device->knobs.boot0_fixed != 0 || !replug_helps(device, !pin));
}
