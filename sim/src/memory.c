/* The memories of a device: areas, sectors, blankness. */
#include "internal.h"

struct area_row {
    enum sim_area area;
    uint32_t start;
    uint32_t bytes;
};

static bool contains(uint32_t start, uint32_t bytes, uint32_t address)
{
    return address - start < bytes;
}

static struct area_row find_area(const struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t options = row->option_address != 0 ? row->option_bytes : 0U;
    const struct area_row areas[] = {
        {SIM_AREA_FLASH, SIM_FLASH_BASE, row->flash_bytes},
        {SIM_AREA_OPTIONS, row->option_address, options},
        {SIM_AREA_SECOND_OPTIONS, row->second_option_address, row->second_option_address != 0 ? options : 0U},
        {SIM_AREA_OTP, row->otp_address, row->otp_bytes},
        {SIM_AREA_FEATURE, row->feature_address, row->feature_address != 0 ? 4U : 0U},
    };
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        if (contains(areas[i].start, areas[i].bytes, address)) {
            return areas[i];
        }
    }
    return (struct area_row){SIM_AREA_NONE, 0, 0};
}

enum sim_area sim_area_of(const struct sim_device *device, uint32_t address)
{
    return find_area(device, address).area;
}

uint32_t sim_area_rest(const struct sim_device *device, uint32_t address)
{
    struct area_row found = find_area(device, address);
    uint32_t served = device->knobs.options_served;
    bool is_cut = found.area == SIM_AREA_OPTIONS && served != 0 && served < found.bytes;
    uint32_t bytes = is_cut ? served : found.bytes;
    uint32_t offset = address - found.start;
    return found.area == SIM_AREA_NONE || offset > bytes ? 0U : bytes - offset;
}

const uint8_t *sim_area_bytes(const struct sim_device *device, uint32_t address)
{
    struct area_row found = find_area(device, address);
    uint32_t offset = address - found.start;
    switch (found.area) {
    case SIM_AREA_FLASH:
        return device->flash + offset;
    case SIM_AREA_OPTIONS:
        return device->options + offset;
    case SIM_AREA_SECOND_OPTIONS:
        return device->second_options + offset;
    case SIM_AREA_OTP:
        return device->otp + offset;
    case SIM_AREA_FEATURE:
    case SIM_AREA_NONE:
    default:
        return NULL;
    }
}

bool sim_sector_at(const struct sim_device *device, uint32_t address, uint32_t *start, struct sim_sector_run *sector)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t run_start = SIM_FLASH_BASE;
    for (size_t i = 0; i < SIM_SECTOR_RUNS; i++) {
        const struct sim_sector_run *run = &row->sectors[i];
        uint32_t run_bytes = run->count * run->bytes;
        if (contains(run_start, run_bytes, address)) {
            *start = address - (address - run_start) % run->bytes;
            *sector = *run;
            return true;
        }
        run_start += run_bytes;
    }
    return false;
}

static uint32_t sectors_of(const struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t sectors = 0;
    for (size_t i = 0; i < SIM_SECTOR_RUNS; i++) {
        sectors += row->sectors[i].count;
    }
    return sectors;
}

/* Where the sector of that number begins; the end of flash for any beyond the last. */
static uint32_t start_of(const struct sim_device *device, uint32_t number)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t start = SIM_FLASH_BASE;
    for (size_t i = 0; i < SIM_SECTOR_RUNS; i++) {
        uint32_t count = number < row->sectors[i].count ? number : row->sectors[i].count;
        start += count * row->sectors[i].bytes;
        number -= count;
    }
    return start;
}

uint32_t sim_protected_end(const struct sim_device *device)
{
    return start_of(device, device->knobs.protected_sectors);
}

uint32_t sim_pcrop_start(const struct sim_device *device)
{
    uint32_t sectors = sectors_of(device);
    uint32_t kept = device->knobs.pcrop_sectors;
    return start_of(device, kept < sectors ? sectors - kept : 0U);
}

bool sim_is_all_pcrop(const struct sim_device *device)
{
    const struct sim_option_bits *wprmod = &sim_row(device)->wprmod;
    return wprmod->mask != 0 && (device->loaded[wprmod->offset] & wprmod->mask) != 0;
}

uint8_t sim_erased_byte(const struct sim_device *device)
{
    return (uint8_t)(sim_row(device)->erased ^ 0xFFU);
}

bool sim_is_blank(const struct sim_device *device, uint32_t address, uint32_t length)
{
    const uint8_t *bytes = device->flash + (address - SIM_FLASH_BASE);
    uint8_t erased = sim_erased_byte(device);
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] != erased) {
            return false;
        }
    }
    return true;
}

uint32_t sim_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
}

/* A Cortex-M starts from here: a stack pointer in RAM, a Thumb entry in flash. */
bool sim_is_bootable(const struct sim_device *device, uint32_t address)
{
    if (sim_area_of(device, address) != SIM_AREA_FLASH || sim_area_rest(device, address) < 8U) {
        return false;
    }
    const uint8_t *vectors = device->flash + (address - SIM_FLASH_BASE);
    uint32_t stack = sim_word(vectors);
    uint32_t entry = sim_word(vectors + 4);
    bool stack_in_ram = (stack >> 24) == 0x20U || (stack >> 24) == 0x10U;
    return stack_in_ram && (stack & 3U) == 0U && (entry & 1U) == 1U && sim_area_of(device, entry) == SIM_AREA_FLASH;
}
