/* Power, reset, the boot decision, and the person who holds cable, BOOT0 and the reset button. */
#include "internal.h"

enum boot_target { TARGET_FLASH, TARGET_ROM, TARGET_SRAM };

static bool bit_is_set(uint32_t word, uint8_t bit)
{
    return bit == SIM_NO_BIT || ((word >> bit) & 1U) == 1U;
}

static uint32_t half_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | ((uint32_t)bytes[1] << 8);
}

/* What a boot address leads to: system memory and flash have several addresses on some parts (AN2606 table 226, RM0385,
 * RM0433, RM0438). */
static enum boot_target target_of_address(const struct sim_profile *row, uint32_t address)
{
    static const struct {
        uint32_t start;
        uint32_t bytes;
        uint8_t way;
        enum boot_target target;
    } places[] = {
        {0x00100000U, 0x10000U, SIM_BOOT_ADDRESS_F7, TARGET_ROM}, /* on the ITCM bus */
        {0x1FF00000U, 0x10000U, SIM_BOOT_ADDRESS_F7, TARGET_ROM},
        {0x00200000U, 0x200000U, SIM_BOOT_ADDRESS_F7, TARGET_FLASH}, /* on the ITCM bus */
        {0x1FF00000U, 0x20000U, SIM_BOOT_ADDRESS_H7, TARGET_ROM},
        {0x0BF80000U, 0x20000U, SIM_BOOT_ADDRESS_REGISTER, TARGET_ROM},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i].way == row->boot.way && address - places[i].start < places[i].bytes) {
            return places[i].target;
        }
    }
    return address - SIM_FLASH_BASE < row->flash_bytes ? TARGET_FLASH : TARGET_SRAM;
}

static uint32_t boot_address(const struct sim_profile *row, const uint8_t *options, bool boot0)
{
    const uint8_t *bytes = options + (boot0 ? row->boot.address_1 : row->boot.address_0);
    if (row->boot.way == SIM_BOOT_ADDRESS_REGISTER) {
        return sim_word(bytes) & 0xFFFFFF80U;
    }
    return half_word(bytes) << (row->boot.way == SIM_BOOT_ADDRESS_F7 ? 14U : 16U);
}

static bool is_locked(const struct sim_profile *row, const uint8_t *options)
{
    const struct sim_option_bits *lock = &row->boot.lock;
    return lock->mask != 0 && (options[lock->offset] & lock->mask) != 0;
}

static bool pin_decides(const struct sim_profile *row, uint32_t user)
{
    bool is_set = bit_is_set(user, row->boot.pin_select);
    return row->boot.pin_select == SIM_NO_BIT || is_set != (row->boot.pin_select_inverted != 0);
}

/* The word with the boot bits; a byte where the image has bytes. */
static uint32_t user_word(const struct sim_profile *row, const uint8_t *options)
{
    const uint8_t *user = options + row->boot.user;
    return row->option_style == SIM_OPTIONS_BYTE_PAIRS ? *user : sim_word(user);
}

/* BOOT0 as the options see it: the pin, or the inverse of nBOOT0 (AN2606, RM0091, RM0394, RM0444). */
static enum boot_target pin_target(const struct sim_profile *row, const uint8_t *stored, bool pin)
{
    uint8_t options[SIM_OPTIONS_MAX_BYTES] = {0};
    sim_options_loaded(row, stored, options);
    uint32_t user = user_word(row, options);
    bool boot0 = pin_decides(row, user) ? pin : !bit_is_set(user, row->boot.n_boot0);
    if (is_locked(row, options)) {
        return TARGET_FLASH;
    }
    if (row->boot.way != SIM_BOOT_BITS) {
        return target_of_address(row, boot_address(row, options, boot0));
    }
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
    return sim_is_blank(device, SIM_FLASH_BASE, 4);
}

static void latch_empty(struct sim_device *device)
{
    device->empty_latched = sim_row(device)->has_empty_check != 0 && first_word_is_blank(device) ? 1U : 0U;
}

static void start_rom(struct sim_device *device)
{
    if (device->level != 0 && device->knobs.silent_at_level1 != 0) {
        device->run = SIM_RUN_CRASHED;
        return;
    }
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
    device->inner_state = 0;
    device->is_deaf = 0;
    device->stalls_next = 0;
    if (device->knobs.empty_flag_cleared != 0) {
        device->empty_latched = 0;
    }
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

/* Starts what the boot decision leads to. */
static void start(struct sim_device *device, enum sim_boot_cause cause)
{
    enum boot_target target = boot_target(device);
    bool is_mute = cause == SIM_BOOT_POWER_ON && device->knobs.reset_after_power_on != 0;
    if (device->dead != 0) {
        device->run = SIM_RUN_DEAD;
    } else if (target == TARGET_FLASH) {
        start_flash(device);
    } else if (target == TARGET_ROM && !is_mute) {
        start_rom(device);
    } else {
        device->run = SIM_RUN_CRASHED;
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
    start(device, cause);
}

/* The end of manifestation: the ROM jumps through the pointer, or resets if nothing there can run (AN3156 5.5). A jump
 * into flash that level 1 protects from this very ROM session ends in a fault. */
void sim_leave(struct sim_device *device)
{
    device->is_leaving = 0;
    if (!sim_is_bootable(device, device->pointer)) {
        sim_boot(device, SIM_BOOT_RESET);
    } else {
        bool may_run = device->level == 0 || device->knobs.bootloader_in_flash != 0;
        device->run = may_run ? SIM_RUN_APPLICATION : SIM_RUN_CRASHED;
    }
}

bool sim_returns_after_regression(const struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    uint8_t options[SIM_OPTIONS_MAX_BYTES];
    sim_options_after_regression(device, options);
    enum boot_target target = pin_target(row, options, device->boot0 != 0);
    return target == TARGET_ROM || (target == TARGET_FLASH && row->has_empty_check != 0);
}

void sim_enter_rom_by_jump(struct sim_device *device)
{
    if (device->run != SIM_RUN_APPLICATION || device->level == 2 || device->knobs.jump_bounces != 0) {
        return;
    }
    if (device->level == 1 && device->knobs.jump_hangs_rdp1 != 0) {
        device->run = SIM_RUN_CRASHED;
    } else {
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
