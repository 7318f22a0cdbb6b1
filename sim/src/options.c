/* Option bytes: what they mean, how they are stored, when they are loaded. */
#include "internal.h"

#include <string.h>

static uint8_t complement(uint8_t byte)
{
    return (uint8_t)(byte ^ 0xFFU);
}

/* Bytes of one value in the image, which its complement follows; 0 if the family's image has no complements. */
static uint32_t pair_bytes(const struct sim_profile *row)
{
    static const uint32_t bytes[] = {
        [SIM_OPTIONS_PLAIN] = 0, [SIM_OPTIONS_BYTE_PAIRS] = 1, [SIM_OPTIONS_WORD_PAIRS] = 4};
    return bytes[row->option_style];
}

static bool pair_matches(const uint8_t *pair, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        if (pair[bytes + i] != complement(pair[i])) {
            return false;
        }
    }
    return true;
}

bool sim_options_consistent(const struct sim_profile *row, const uint8_t *options)
{
    uint32_t bytes = pair_bytes(row);
    for (uint32_t at = 0; bytes != 0 && at < row->option_bytes; at += 2U * bytes) {
        if (!pair_matches(options + at, bytes)) {
            return false;
        }
    }
    return true;
}

/* A value whose complement is wrong is loaded as all ones (RM0091, RM0365). */
static void load_pairs(const struct sim_profile *row, const uint8_t *stored, uint8_t *loaded)
{
    uint32_t bytes = pair_bytes(row);
    memcpy(loaded, stored, row->option_bytes);
    for (uint32_t at = 0; bytes != 0 && at < row->option_bytes; at += 2U * bytes) {
        if (!pair_matches(stored + at, bytes)) {
            memset(loaded + at, 0xFF, bytes);
            memset(loaded + at + bytes, 0x00, bytes);
        }
    }
}

unsigned sim_level_of(const struct sim_profile *row, const uint8_t *options)
{
    uint8_t loaded[SIM_OPTIONS_MAX_BYTES];
    load_pairs(row, options, loaded);
    uint8_t rdp = loaded[row->rdp_offset];
    if (rdp == SIM_RDP_FOREVER) {
        return 2;
    }
    return rdp == SIM_RDP_OPEN ? 0U : 1U;
}

uint32_t sim_user_word(const struct sim_profile *row, const uint8_t *options)
{
    uint8_t loaded[SIM_OPTIONS_MAX_BYTES];
    load_pairs(row, options, loaded);
    return row->option_style == SIM_OPTIONS_BYTE_PAIRS ? loaded[2] : sim_word(loaded);
}

bool sim_options_is_complement(const struct sim_profile *row, uint32_t offset)
{
    uint32_t bytes = pair_bytes(row);
    return bytes != 0 && offset / bytes % 2 != 0;
}

void sim_options_set_byte(const struct sim_profile *row, uint8_t *options, uint32_t offset, uint8_t value)
{
    uint32_t bytes = pair_bytes(row);
    options[offset] = value;
    if (bytes != 0) {
        options[offset + bytes] = complement(value);
    }
}

void sim_options_set_rdp(const struct sim_profile *row, uint8_t *options, uint8_t rdp)
{
    options[row->rdp_offset] = rdp;
    uint32_t bytes = pair_bytes(row);
    for (uint32_t i = 0; i < bytes; i++) {
        options[bytes + i] = complement(options[i]);
    }
}

void sim_options_load(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    load_pairs(row, device->options, device->loaded);
    device->level = (uint8_t)sim_level_of(row, device->options);
    device->reload_pending = 0;
}

static void reload(struct sim_device *device, uint32_t when)
{
    if (when == SIM_RELOAD_AT_ONCE) {
        sim_options_load(device);
    } else {
        device->reload_pending = (uint8_t)(1U + when);
    }
}

void sim_options_written(struct sim_device *device, const uint8_t *options)
{
    const struct sim_profile *row = sim_row(device);
    unsigned before = sim_level_of(row, device->options);
    sim_judge_options(device, options);
    memcpy(device->options, options, row->option_bytes);
    unsigned after = sim_level_of(row, device->options);
    if (before == 0 && after != 0 && device->knobs.dead_after_seal != 0) {
        device->dead = 1;
    }
    device->counters.option_writes++;
    reload(device, device->knobs.seal_reload);
}

/* The controller writes what it has loaded, so pairs that were broken before are whole afterwards. */
void sim_options_regress(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    const uint8_t *from = device->knobs.options_reset_by_regression != 0 ? row->factory_options : device->options;
    uint8_t options[SIM_OPTIONS_MAX_BYTES];
    load_pairs(row, from, options);
    sim_options_set_rdp(row, options, SIM_RDP_OPEN);
    memcpy(device->options, options, row->option_bytes);
    device->counters.regressions++;
    reload(device, device->knobs.regression_reload);
}

/* Power failed while options were written: the first eight bytes, RDP and USER among them, are left erased. */
void sim_options_spoil(struct sim_device *device, const uint8_t *wanted)
{
    memcpy(device->options, wanted, sim_row(device)->option_bytes);
    memset(device->options, 0xFF, 8);
    bool only_power_on = device->knobs.seal_reload == SIM_RELOAD_AT_POWER_ON;
    reload(device, only_power_on ? SIM_RELOAD_AT_POWER_ON : SIM_RELOAD_AT_RESET);
}
