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
    const struct area_row areas[] = {
        {SIM_AREA_FLASH, SIM_FLASH_BASE, row->flash_bytes},
        {SIM_AREA_OPTIONS, row->option_address, row->option_bytes},
        {SIM_AREA_SECOND_OPTIONS, row->second_option_address, row->second_option_address != 0 ? row->option_bytes : 0U},
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
    return found.area == SIM_AREA_NONE ? 0U : found.bytes - (address - found.start);
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

bool sim_is_blank(const struct sim_device *device, uint32_t address, uint32_t length)
{
    const uint8_t *bytes = device->flash + (address - SIM_FLASH_BASE);
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] != 0xFF) {
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
