/* Knobs by name: for command lines, wasm and tests. */
#include "internal.h"

#include <string.h>

/* The width is that of the field: some knobs are bytes, some are words. */
#define KNOB(field)                                                                                                    \
    {                                                                                                                  \
#field, offsetof(struct sim_knobs, field), sizeof(((struct sim_knobs *)0)->field)                              \
    }

static const struct {
    const char *name;
    size_t offset;
    size_t bytes;
} knobs[] = {
    KNOB(seal_reload),
    KNOB(regression_reload),
    KNOB(dead_after_seal),
    KNOB(empty_check_at_reset),
    KNOB(set_address_refused),
    KNOB(options_readable_rdp1),
    KNOB(first_contact_error),
    KNOB(early_poll_stalls),
    KNOB(get_list_short),
    KNOB(unprotect_refused),
    KNOB(drops_writes),
    KNOB(options_reset_by_regression),
    KNOB(level1_looks_dead_on_usb3),
    KNOB(work_in_first_poll),
    KNOB(boot0_fixed),
    KNOB(serial_changes),
    KNOB(typical_percent),
    KNOB(announced_ms),
    KNOB(refused_upload),
    KNOB(leave_answer),
    KNOB(transfer_limit),
    KNOB(busy_after_failure),
    KNOB(vendor_for_any_failure),
    KNOB(double_clear),
    KNOB(no_busy),
    KNOB(work_at_download),
    KNOB(strict_clear),
    KNOB(leave_loses_status),
    KNOB(leave_is_ignored),
    KNOB(leave_at_download),
    KNOB(stalls_every),
    KNOB(erase_moves_pointer),
    KNOB(protected_sectors),
    KNOB(pcrop_sectors),
    KNOB(protected_erase_fails),
    KNOB(protection_blocks_regress),
    KNOB(drops_writes_rdp1),
    KNOB(odd_blocks_corrupt),
    KNOB(second_bank_wedge),
    KNOB(second_bank_kept),
    KNOB(bootloader_in_flash),
    KNOB(options_served),
    KNOB(boot_add_lost),
    KNOB(options_invalid_after_regress),
    KNOB(program_words_stale),
    KNOB(option_launch_broken),
    KNOB(tzen),
    KNOB(oem1_key),
    KNOB(empty_flag_cleared),
    KNOB(reset_after_power_on),
    KNOB(silent_at_level1),
    KNOB(jump_bounces),
    KNOB(jump_hangs_rdp1),
    KNOB(serial_shared),
};

#define KNOB_COUNT (sizeof knobs / sizeof knobs[0])

const char *sim_knob_name(size_t index)
{
    return index < KNOB_COUNT ? knobs[index].name : NULL;
}

bool sim_knob_set(struct sim_device *device, const char *name, uint32_t value)
{
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        if (strcmp(knobs[i].name, name) == 0) {
            const uint8_t byte = (uint8_t)value;
            const void *from = knobs[i].bytes == sizeof byte ? (const void *)&byte : (const void *)&value;
            memcpy((uint8_t *)&device->knobs + knobs[i].offset, from, knobs[i].bytes);
            return true;
        }
    }
    return false;
}
