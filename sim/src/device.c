/* Making a device, looking at it, and telling whether stored bytes are one. */
#include "internal.h"

#include <string.h>

/* One step of a 32-bit xorshift: the old application need only look random and be the same each time. */
static uint32_t next_random(uint32_t value)
{
    value ^= value << 13;
    value ^= value >> 17;
    value ^= value << 5;
    return value;
}

static void put_word(uint8_t *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)((word >> (8U * i)) & 0xFFU);
    }
}

/* The old application fills half of the flash; the rest is erased, as in most products. */
static void fill_flash(struct sim_device *device, const struct sim_profile *row)
{
    uint32_t random = 0x52454C4BU;
    memset(device->flash, sim_erased_byte(device), row->flash_bytes);
    for (uint32_t at = 0; at < row->flash_bytes / 2U; at += 4U) {
        random = next_random(random);
        put_word(device->flash + at, random);
    }
    if (row->flash_bytes != 0) {
        put_word(device->flash, 0x20001000U);
        put_word(device->flash + 4, SIM_FLASH_BASE + 0x199U);
    }
}

/* The protection byte of that level, or of the next lower one that the chip has. */
static uint8_t rdp_of_level(const struct sim_profile *row, unsigned rdp_level)
{
    const struct sim_rdp *rdp = &row->rdp;
    if (rdp_level >= 2 && rdp->forever != 0) {
        return rdp->forever;
    }
    return rdp_level >= 1 && rdp->canonical != 0 ? rdp->canonical : rdp->open;
}

static void fill_options(struct sim_device *device, const struct sim_profile *row, unsigned rdp_level)
{
    sim_options_of_product(row, device->options);
    memcpy(device->second_options, device->options, sizeof device->second_options);
    sim_options_set_rdp(row, device->options, rdp_of_level(row, rdp_level));
}

void sim_init(struct sim_device *device, const struct sim_profile *profile, unsigned rdp_level, bool boot0_high)
{
    memset(device, 0, sizeof *device);
    device->magic = SIM_DEVICE_MAGIC;
    device->version = SIM_DEVICE_VERSION;
    device->size = (uint32_t)sizeof *device;
    device->profile = sim_profile_index(profile);
    device->knobs = profile->knobs;
    device->boot0 = boot0_high ? 1U : 0U;
    (void)sim_set_serial(device, profile->serial);
    memset(device->otp, 0xFF, sizeof device->otp);
    fill_flash(device, profile);
    fill_options(device, profile, rdp_level);
    sim_boot(device, SIM_BOOT_POWER_ON);
    if (device->run == SIM_RUN_STARTING) {
        sim_advance(device, device->on_bus_at_us);
    }
}

bool sim_set_serial(struct sim_device *device, const char *serial)
{
    size_t length = strlen(serial);
    if (length > SIM_SERIAL_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (serial[i] <= ' ' || serial[i] > '~') {
            return false;
        }
    }
    memset(device->serial, 0, sizeof device->serial);
    memcpy(device->serial, serial, length);
    return true;
}

const char *sim_serial(const struct sim_device *device)
{
    bool is_shared = device->serial[0] != '\0' && device->knobs.serial_shared != 0;
    return is_shared ? "FFFFFFFEFFFF" : (const char *)device->serial;
}

struct sim_knobs *sim_knobs(struct sim_device *device)
{
    return &device->knobs;
}

unsigned sim_rdp_level(const struct sim_device *device)
{
    return device->level;
}

unsigned sim_stored_rdp_level(const struct sim_device *device)
{
    return sim_level_of(sim_row(device), device->options);
}

const uint8_t *sim_flash(const struct sim_device *device, uint32_t *size)
{
    *size = sim_row(device)->flash_bytes;
    return device->flash;
}

uint8_t *sim_flash_mutable(struct sim_device *device, uint32_t *size)
{
    *size = sim_row(device)->flash_bytes;
    return device->flash;
}

const uint8_t *sim_options(const struct sim_device *device, uint32_t *size)
{
    *size = sim_row(device)->option_bytes;
    return device->options;
}

uint8_t *sim_options_mutable(struct sim_device *device, uint32_t *size)
{
    *size = sim_row(device)->option_bytes;
    return device->options;
}

const struct sim_counters *sim_counters(const struct sim_device *device)
{
    return &device->counters;
}

size_t sim_device_size(void)
{
    return sizeof(struct sim_device);
}

static bool texts_end(const struct sim_device *device)
{
    for (size_t i = 0; i < SIM_VIOLATIONS_MAX; i++) {
        if (device->violations[i][SIM_VIOLATION_TEXT_BYTES - 1U] != '\0') {
            return false;
        }
    }
    return device->serial[SIM_SERIAL_DIGITS] == '\0';
}

/* Work that was under way is finished later with these numbers: they must stay inside the arrays. */
static bool work_fits(const struct sim_device *device)
{
    const struct sim_work *work = &device->work;
    uint32_t flash_bytes = sim_row(device)->flash_bytes;
    uint32_t offset = work->address - SIM_FLASH_BASE;
    if (work->kind >= SIM_WORK_KINDS || (work->kind != SIM_WORK_NONE && work->end_us <= work->start_us)) {
        return false;
    }
    if (work->kind == SIM_WORK_PROGRAM && (uint32_t)work->skip + work->length > SIM_BLOCK_BYTES) {
        return false;
    }
    if (work->kind == SIM_WORK_REGRESS && work->length > flash_bytes) {
        return false;
    }
    if (work->kind == SIM_WORK_OPTIONS && device->block_length > sim_row(device)->option_bytes) {
        return false;
    }
    if (work->kind == SIM_WORK_PROGRAM || work->kind == SIM_WORK_ERASE) {
        return offset <= flash_bytes && work->length <= flash_bytes - offset;
    }
    return true;
}

bool sim_device_is_sound(const void *bytes, size_t size)
{
    const struct sim_device *device = bytes;
    if (size != sizeof *device || device->magic != SIM_DEVICE_MAGIC || device->version != SIM_DEVICE_VERSION ||
        device->size != sizeof *device) {
        return false;
    }
    return device->profile < sim_every_profile_count() && device->run < SIM_RUNS &&
           device->fault_count <= SIM_FAULTS_MAX && device->block_length <= SIM_BLOCK_BYTES && texts_end(device) &&
           work_fits(device);
}
