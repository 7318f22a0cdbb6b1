/* Option bytes: what they mean, how they are stored, when they are loaded. */
#include "internal.h"

#include <string.h>

#define WORD_BYTES    4U
#define ADDRESS_BYTES 2U /* of a boot address of F7 */

static uint8_t complement(uint8_t byte)
{
    return (uint8_t)(byte ^ 0xFFU);
}

/* Bytes of one value in the image, which its complement follows; 0 if the family's image has no complements. */
static uint32_t pair_bytes(const struct sim_profile *row)
{
    static const uint32_t bytes[] = {
        [SIM_OPTIONS_PLAIN] = 0,      [SIM_OPTIONS_BYTE_PAIRS] = 1, [SIM_OPTIONS_HALFWORD_PAIRS] = 2,
        [SIM_OPTIONS_WORD_PAIRS] = 4, [SIM_OPTIONS_REGISTERS] = 0,  [SIM_OPTIONS_REGISTER_PAIRS] = 0};
    return bytes[row->option_style];
}

static bool is_last(const struct sim_register_pair *pair)
{
    return pair->current == 0 && pair->program == 0;
}

static const struct sim_register_pair *first_pair(const struct sim_profile *row)
{
    static const struct sim_register_pair none = {0, 0};
    return row->option_style == SIM_OPTIONS_REGISTER_PAIRS ? row->pairs : &none;
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

bool sim_options_consistent(const struct sim_profile *row, const uint8_t *options, uint32_t length)
{
    uint32_t bytes = pair_bytes(row);
    for (uint32_t at = 0; bytes != 0 && at + 2U * bytes <= length; at += 2U * bytes) {
        if (!pair_matches(options + at, bytes)) {
            return false;
        }
    }
    return true;
}

/* A value whose complement is wrong is loaded as all ones (RM0091, RM0365; on L0 that is level 1 and WPRMOD, RM0367).
 */
void sim_options_loaded(const struct sim_profile *row, const uint8_t *stored, uint8_t *loaded)
{
    uint32_t bytes = pair_bytes(row);
    memcpy(loaded, stored, row->option_bytes);
    for (uint32_t at = 0; bytes != 0 && at + 2U * bytes <= row->option_bytes; at += 2U * bytes) {
        if (!pair_matches(stored + at, bytes)) {
            memset(loaded + at, 0xFF, bytes);
            memset(loaded + at + bytes, 0x00, bytes);
        }
    }
}

unsigned sim_level_of(const struct sim_profile *row, const uint8_t *options)
{
    uint8_t loaded[SIM_OPTIONS_MAX_BYTES] = {0};
    sim_options_loaded(row, options, loaded);
    uint8_t rdp = loaded[row->rdp.read];
    if (row->option_bytes == 0 || rdp == row->rdp.open) {
        return 0;
    }
    if (row->has_product_state != 0) {
        return 2; /* nothing that this bootloader offers leads back */
    }
    return row->rdp.forever != 0 && rdp == row->rdp.forever ? 2U : 1U;
}

bool sim_options_is_complement(const struct sim_profile *row, uint32_t offset)
{
    for (const struct sim_register_pair *pair = first_pair(row); !is_last(pair); pair++) {
        if (offset - pair->program < WORD_BYTES) {
            return true;
        }
    }
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
    for (const struct sim_register_pair *pair = first_pair(row); !is_last(pair); pair++) {
        if (offset - pair->current < WORD_BYTES) {
            options[pair->program + (offset - pair->current)] = value;
        }
    }
}

/* With the byte the whole value is made consistent, as the byte's complement covers all of it. */
void sim_options_set_rdp(const struct sim_profile *row, uint8_t *options, uint8_t rdp)
{
    if (row->option_bytes == 0) {
        return;
    }
    sim_options_set_byte(row, options, row->rdp.read, rdp);
    uint32_t bytes = pair_bytes(row);
    for (uint32_t i = 0; i < bytes; i++) {
        options[bytes + i] = complement(options[i]);
    }
}

static void factory(const struct sim_profile *row, uint8_t *options)
{
    memset(options, 0, SIM_OPTIONS_MAX_BYTES);
    if (row->factory_bytes != 0) {
        memcpy(options, row->factory_options, row->factory_bytes);
    }
    for (const struct sim_register_pair *pair = first_pair(row); !is_last(pair); pair++) {
        memcpy(options + pair->program, options + pair->current, WORD_BYTES);
    }
}

void sim_options_of_product(const struct sim_profile *row, uint8_t *options)
{
    const struct sim_option_bits *bits = &row->product_clears;
    factory(row, options);
    if (bits->mask != 0) {
        sim_options_set_byte(row, options, bits->offset, (uint8_t)(options[bits->offset] & ~bits->mask));
    }
}

/* What is programmed is what stands in the words to program, whether the host meant it or not. */
static void merge_pairs(const struct sim_profile *row, const uint8_t *block, uint32_t length, uint8_t *merged)
{
    for (const struct sim_register_pair *pair = first_pair(row); !is_last(pair); pair++) {
        if (pair->program + WORD_BYTES <= length) {
            memcpy(merged + pair->current, block + pair->program, WORD_BYTES);
            memcpy(merged + pair->program, block + pair->program, WORD_BYTES);
        }
    }
}

/* Key registers are never read back. Fewer than four bytes are taken for the whole first register (OpenBL). */
static void merge_registers(const struct sim_profile *row, const uint8_t *block, uint32_t length, uint8_t *merged)
{
    bool has_keys = row->oem_keys.mask != 0 && length > row->oem_keys.offset;
    if (length < WORD_BYTES) {
        memset(merged, 0, WORD_BYTES);
        merged[0] = block[0];
    } else {
        memcpy(merged, block, has_keys ? row->oem_keys.offset : length);
    }
}

void sim_options_merge(const struct sim_device *device, const uint8_t *block, uint32_t length, uint8_t *merged)
{
    const struct sim_profile *row = sim_row(device);
    memcpy(merged, device->options, SIM_OPTIONS_MAX_BYTES);
    if (row->option_style == SIM_OPTIONS_REGISTER_PAIRS) {
        merge_pairs(row, block, length, merged);
    } else if (row->option_style == SIM_OPTIONS_REGISTERS) {
        merge_registers(row, block, length, merged);
    } else {
        memcpy(merged, block, length);
    }
}

void sim_options_set_knobs(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    if (device->knobs.tzen != 0 && row->tzen.mask != 0) {
        device->options[row->tzen.offset] |= row->tzen.mask;
        device->loaded[row->tzen.offset] |= row->tzen.mask;
    }
    for (const struct sim_register_pair *pair = first_pair(row); !is_last(pair); pair++) {
        if (device->knobs.program_words_stale != 0) {
            memset(device->options + pair->program, 0xFF, WORD_BYTES);
        } else {
            memcpy(device->options + pair->program, device->options + pair->current, WORD_BYTES);
        }
    }
}

void sim_options_load(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    sim_options_loaded(row, device->options, device->loaded);
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
    reload(device, device->knobs.option_launch_broken != 0 ? SIM_RELOAD_AT_POWER_ON : device->knobs.seal_reload);
}

/* The controller writes what it has loaded, so pairs that were broken before are whole afterwards. */
void sim_options_after_regression(const struct sim_device *device, uint8_t *options)
{
    const struct sim_profile *row = sim_row(device);
    uint8_t from[SIM_OPTIONS_MAX_BYTES];
    memcpy(from, device->options, sizeof from);
    if (device->knobs.options_reset_by_regression != 0) {
        factory(row, from);
    }
    memset(options, 0, SIM_OPTIONS_MAX_BYTES);
    sim_options_loaded(row, from, options);
    sim_options_set_rdp(row, options, row->rdp.open);
    if (device->knobs.boot_add_lost != 0 && row->boot.way == SIM_BOOT_ADDRESS_F7) {
        memset(options + row->boot.address_0, 0xFF, ADDRESS_BYTES);
        memset(options + row->boot.address_1, 0xFF, ADDRESS_BYTES);
    }
    if (device->knobs.options_invalid_after_regress != 0 && row->option_bytes > WORD_BYTES) {
        memset(options + WORD_BYTES, 0, row->option_bytes - WORD_BYTES);
    }
}

void sim_options_regress(struct sim_device *device)
{
    uint8_t options[SIM_OPTIONS_MAX_BYTES];
    sim_options_after_regression(device, options);
    memcpy(device->options, options, sizeof device->options);
    device->counters.regressions++;
    reload(device, device->knobs.regression_reload);
}

/* Power failed while options were written: the first eight bytes, RDP and USER among them, are left erased. Of register
 * images only what that means is known: the protection byte loads as no known value. */
void sim_options_spoil(struct sim_device *device, const uint8_t *wanted)
{
    const struct sim_profile *row = sim_row(device);
    memcpy(device->options, wanted, row->option_bytes);
    if (row->option_style == SIM_OPTIONS_REGISTERS || row->option_style == SIM_OPTIONS_REGISTER_PAIRS) {
        sim_options_set_byte(row, device->options, row->rdp.read, 0xFF);
    } else {
        memset(device->options, 0xFF, 8);
    }
    bool only_power_on = device->knobs.seal_reload == SIM_RELOAD_AT_POWER_ON;
    reload(device, only_power_on ? SIM_RELOAD_AT_POWER_ON : SIM_RELOAD_AT_RESET);
}

/* Parts with a product state start the change without a reset (OpenBL of H5 and C5). */
bool sim_resets_after_options(const struct sim_device *device)
{
    return sim_row(device)->has_product_state == 0 && device->knobs.option_launch_broken == 0;
}
