/* What a GETSTATUS carries out: the command or the data block that the last DNLOAD left behind. */
#include "internal.h"

static void refuse(struct sim_device *device, uint8_t status)
{
    sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_COMMAND, .status = status}, 0);
}

static void acknowledge(struct sim_device *device, uint64_t typical_us)
{
    sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_COMMAND}, typical_us);
}

static void set_address(struct sim_device *device)
{
    uint32_t address = sim_word(device->block + 1);
    if (device->level != 0 && device->knobs.set_address_refused != 0) {
        refuse(device, DFU_STATUS_ERR_VENDOR);
    } else if (sim_area_of(device, address) == SIM_AREA_NONE) {
        refuse(device, DFU_STATUS_ERR_TARGET);
    } else {
        device->pointer = address;
        acknowledge(device, 0);
    }
}

/* The protection is looked at before the address, as ST's published relatives do. */
static void erase(struct sim_device *device)
{
    uint32_t address = sim_word(device->block + 1);
    uint32_t start = 0;
    struct sim_sector_run sector = {0, 0, 0};
    if (device->level != 0) {
        refuse(device, DFU_STATUS_ERR_VENDOR);
        return;
    }
    if (!sim_sector_at(device, address, &start, &sector)) {
        sim_judge_hex(device, "erase outside flash at ", address, 8);
        refuse(device, DFU_STATUS_ERR_TARGET);
        return;
    }
    if (address != start) {
        sim_judge_hex(device, "erase of no sector start: ", address, 8);
    }
    device->pointer = address;
    if (device->knobs.drops_writes != 0) {
        acknowledge(device, sector.erase_us);
        return;
    }
    sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_ERASE, .address = start, .length = sector.bytes},
                   sector.erase_us);
}

/* AN3156 5.2: 0x41 alone. Our promises forbid it to our own engine, which the judge holds; the chip carries it out. */
static void mass_erase(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    if (device->level != 0) {
        refuse(device, DFU_STATUS_ERR_VENDOR);
    } else if (device->knobs.drops_writes != 0) {
        acknowledge(device, row->mass_erase_us);
    } else {
        sim_work_begin(device,
                       (struct sim_work){.kind = SIM_WORK_ERASE, .address = SIM_FLASH_BASE, .length = row->flash_bytes},
                       row->mass_erase_us);
    }
}

static void read_unprotect(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    if (device->level == 0) {
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_CLEAR_RAM}, 0);
    } else if (device->knobs.unprotect_refused != 0) {
        refuse(device, DFU_STATUS_ERR_UNKNOWN);
    } else {
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_REGRESS},
                       (uint64_t)row->mass_erase_us + row->option_write_us);
    }
}

static void start_block_zero(struct sim_device *device)
{
    static const struct {
        uint8_t opcode;
        uint8_t length;
        void (*start)(struct sim_device *);
    } commands[] = {{0x21, 5, set_address}, {0x41, 5, erase}, {0x41, 1, mass_erase}, {0x92, 1, read_unprotect}};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].opcode == device->block[0] && commands[i].length == device->block_length) {
            commands[i].start(device);
            return;
        }
    }
    acknowledge(device, 0); /* generation A ignores what it does not know */
}

/* How many bytes can be programmed before the first unit that is not erased. */
static uint32_t programmable(struct sim_device *device, uint32_t address)
{
    uint32_t unit = sim_row(device)->program_unit_bytes;
    uint32_t length = device->block_length;
    for (uint32_t done = 0; done < length; done += unit) {
        if (!sim_is_blank(device, address + done, unit)) {
            sim_judge_hex(device, "program of non-erased byte at ", address + done, 8);
            return done;
        }
    }
    return length;
}

static void program_flash(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    if (device->block_length > sim_area_rest(device, address)) {
        sim_judge_hex(device, "block beyond the end of flash at ", address, 8);
        refuse(device, DFU_STATUS_ERR_TARGET);
        return;
    }
    if (address % row->program_unit_bytes != 0 || device->block_length % row->program_unit_bytes != 0) {
        sim_judge_hex(device, "misaligned write at ", address, 8);
        device->misaligned = 1;
    }
    if (device->misaligned != 0) {
        refuse(device, DFU_STATUS_ERR_VENDOR);
        return;
    }
    uint64_t typical_us = (uint64_t)(device->block_length / row->timed_unit_bytes) * row->program_unit_us_tenths / 10U;
    if (device->knobs.drops_writes != 0) {
        acknowledge(device, typical_us);
        return;
    }
    uint32_t length = programmable(device, address);
    uint8_t status = length < device->block_length ? DFU_STATUS_ERR_VENDOR : DFU_STATUS_OK;
    sim_work_begin(device,
                   (struct sim_work){.kind = SIM_WORK_PROGRAM, .address = address, .length = length, .status = status},
                   typical_us);
}

static void write_options(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    if (address != row->option_address) {
        sim_judge_hex(device, "option write not at the block's start: ", address, 8);
        refuse(device, DFU_STATUS_ERR_TARGET);
        return;
    }
    if (device->block_length != row->option_bytes) {
        sim_judge_hex(device, "option write of wrong length ", device->block_length, 4);
        refuse(device, DFU_STATUS_ERR_VENDOR);
        return;
    }
    if (!sim_options_consistent(row, device->block)) {
        sim_judge_hex(device, "option write with a wrong complement at ", address, 8);
    }
    if (device->knobs.drops_writes != 0) {
        acknowledge(device, row->option_write_us);
        return;
    }
    sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_OPTIONS, .address = address, .length = row->option_bytes},
                   row->option_write_us);
}

static void start_data(struct sim_device *device)
{
    uint32_t offset = ((uint32_t)device->block_number - 2U) * sim_row(device)->transfer_bytes;
    uint32_t address = device->pointer + offset;
    enum sim_area area = sim_area_of(device, address);
    if (device->level != 0 || device->block_length == 1) {
        refuse(device, DFU_STATUS_ERR_VENDOR);
    } else if (area == SIM_AREA_FLASH) {
        program_flash(device, address);
    } else if (area == SIM_AREA_OPTIONS) {
        write_options(device, address);
    } else {
        refuse(device, DFU_STATUS_ERR_TARGET);
    }
}

void sim_command_start(struct sim_device *device)
{
    device->has_block = 0;
    if (device->block_number == 0) {
        start_block_zero(device);
    } else if (device->block_number == 1) {
        acknowledge(device, 0); /* generation A: acknowledged, nothing done */
    } else {
        start_data(device);
    }
}
