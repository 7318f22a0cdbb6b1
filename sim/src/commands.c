/* What a GETSTATUS carries out: the command or the data block that the last DNLOAD left behind. */
#include "internal.h"

#define ODD_BLOCK_BYTES                                                                                                \
    256U /* longer ones that are no multiple of ODD_UNIT_BYTES are the ones that L43x and L47x spoil */
#define ODD_UNIT_BYTES 8U

static void refuse(struct sim_device *device, uint8_t status)
{
    sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_COMMAND, .status = status}, 0);
}

static void acknowledge(struct sim_device *device, uint64_t typical_us)
{
    sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_COMMAND}, typical_us);
}

static uint8_t status_of_change(const struct sim_device *device, uint8_t status)
{
    return device->knobs.vendor_for_any_failure != 0 ? (uint8_t)DFU_STATUS_ERR_VENDOR : status;
}

/* An erase or write that is not tried. */
static void refuse_change(struct sim_device *device, uint8_t status)
{
    if (sim_generation(device)->drops_failures != 0) {
        acknowledge(device, 0);
    } else {
        refuse(device, status_of_change(device, status));
    }
}

/* An erase or write that the flash does not carry out. */
static void fail_change(struct sim_device *device)
{
    if (sim_generation(device)->drops_failures != 0) {
        acknowledge(device, 0);
    } else {
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_FAILED, .status = DFU_STATUS_ERR_VENDOR}, 0);
    }
}

static bool is_refused_by_level(const struct sim_device *device)
{
    return device->level != 0 && device->knobs.bootloader_in_flash == 0 && device->knobs.drops_writes_rdp1 == 0;
}

static bool is_dropped(const struct sim_device *device)
{
    return device->knobs.drops_writes != 0 || (device->level != 0 && device->knobs.drops_writes_rdp1 != 0);
}

static void ignore_unknown(struct sim_device *device)
{
    uint8_t habit = sim_generation(device)->unknown_command;
    device->stalls_next = habit == SIM_UNKNOWN_STALLS || (habit == SIM_UNKNOWN_LONG_STALLS && device->block_length > 1);
    device->is_deaf = habit == SIM_UNKNOWN_DEAF;
    acknowledge(device, 0);
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

static bool is_protected(const struct sim_device *device, uint32_t address)
{
    return address < sim_protected_end(device) || address >= sim_pcrop_start(device) || sim_is_all_pcrop(device);
}

static bool is_kept(const struct sim_device *device, uint32_t address)
{
    bool is_beyond_reach = device->knobs.second_bank_kept != 0 && address >= SIM_SECOND_BANK;
    return is_dropped(device) || is_protected(device, address) || is_beyond_reach;
}

static void erase_sector(struct sim_device *device, uint32_t start, const struct sim_sector_run *sector)
{
    if (is_protected(device, start) && device->knobs.protected_erase_fails != 0) {
        fail_change(device);
    } else if (is_kept(device, start)) {
        acknowledge(device, sector->erase_us);
    } else {
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_ERASE, .address = start, .length = sector->bytes},
                       sector->erase_us);
    }
}

/* The protection is looked at before the address, as ST's published relatives do. */
static void erase(struct sim_device *device)
{
    uint32_t address = sim_word(device->block + 1);
    uint32_t start = 0;
    struct sim_sector_run sector = {0, 0, 0};
    if (is_refused_by_level(device)) {
        refuse_change(device, DFU_STATUS_ERR_VENDOR);
        return;
    }
    if (!sim_sector_at(device, address, &start, &sector)) {
        sim_judge_hex(device, "erase outside flash at ", address, 8);
        refuse_change(device, DFU_STATUS_ERR_TARGET);
        return;
    }
    if (address != start) {
        sim_judge_hex(device, "erase of no sector start: ", address, 8);
    }
    if (device->knobs.erase_moves_pointer != 0) {
        device->pointer = address;
    }
    erase_sector(device, start, &sector);
}

static void erase_all(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t start = sim_protected_end(device);
    uint32_t end = sim_pcrop_start(device);
    if (is_refused_by_level(device)) {
        refuse_change(device, DFU_STATUS_ERR_VENDOR);
    } else if (is_dropped(device) || start >= end || sim_is_all_pcrop(device)) {
        acknowledge(device, row->mass_erase_us);
    } else {
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_ERASE, .address = start, .length = end - start},
                       row->mass_erase_us);
    }
}

/* AN3156 5.2: 0x41 alone. Our promises forbid it to our own engine, which the judge holds; the chip carries it out, if
 * it knows it. A class that does not look at the length takes what an earlier command left behind for the address. */
static void mass_erase(struct sim_device *device)
{
    uint8_t habit = sim_generation(device)->mass_erase;
    if (habit == SIM_MASS_ERASE_WORKS) {
        erase_all(device);
    } else if (habit == SIM_MASS_ERASE_SOME_PAGE) {
        erase(device);
    } else {
        ignore_unknown(device);
    }
}

static bool refuses_regression(const struct sim_device *device)
{
    const struct sim_knobs *knobs = &device->knobs;
    bool is_write_protected = knobs->protected_sectors != 0 && knobs->protection_blocks_regress != 0;
    return knobs->unprotect_refused != 0 || knobs->tzen != 0 || knobs->oem1_key != 0 || is_write_protected;
}

static void read_unprotect(struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    if (row->lacks_unprotect != 0) {
        ignore_unknown(device);
    } else if (device->level == 0) {
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_CLEAR_RAM}, 0);
    } else if (refuses_regression(device)) {
        refuse_change(device, DFU_STATUS_ERR_UNKNOWN);
    } else {
        uint32_t end = sim_pcrop_start(device);
        sim_work_begin(device, (struct sim_work){.kind = SIM_WORK_REGRESS, .length = end - SIM_FLASH_BASE},
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
    ignore_unknown(device);
}

/* How many bytes can be programmed before the first unit that is not erased. */
static uint32_t programmable(struct sim_device *device, uint32_t address, uint32_t length)
{
    uint32_t unit = sim_row(device)->program_unit_bytes;
    for (uint32_t done = 0; done < length; done += unit) {
        if (!sim_is_blank(device, address + done, length - done < unit ? length - done : unit)) {
            sim_judge_hex(device, "program of non-erased byte at ", address + done, 8);
            return done;
        }
    }
    return length;
}

/* L43x and L47x: such a block is programmed, but not as it came. */
static bool spoil_odd_block(struct sim_device *device)
{
    bool is_odd = device->block_length > ODD_BLOCK_BYTES && device->block_length % ODD_UNIT_BYTES != 0;
    if (!is_odd || device->knobs.odd_blocks_corrupt == 0) {
        return false;
    }
    for (uint32_t i = ODD_BLOCK_BYTES; i < device->block_length; i++) {
        device->block[i] = (uint8_t)(device->block[i] & 0x0FU);
    }
    return true;
}

/* A program that the alignment forbids fails, and so do all after it (AN2606 4.4). */
static bool is_misaligned(struct sim_device *device, uint32_t address)
{
    uint32_t unit = sim_row(device)->program_unit_bytes;
    if (address % unit == 0 && device->block_length % unit == 0) {
        return device->misaligned != 0;
    }
    sim_judge_hex(device, "misaligned write at ", address, 8);
    device->misaligned = address % unit != 0 || !spoil_odd_block(device) ? 1U : 0U;
    return device->misaligned != 0;
}

/* What is protected is left out without a word. */
static void program_flash(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    if (device->block_length > sim_area_rest(device, address)) {
        sim_judge_hex(device, "block beyond the end of flash at ", address, 8);
        refuse_change(device, DFU_STATUS_ERR_TARGET);
        return;
    }
    if (is_misaligned(device, address)) {
        fail_change(device);
        return;
    }
    uint64_t units = (device->block_length + row->timed_unit_bytes - 1U) / row->timed_unit_bytes;
    uint64_t typical_us = units * row->program_unit_us_tenths / 10U;
    uint32_t start = address > sim_protected_end(device) ? address : sim_protected_end(device);
    uint32_t end = address + device->block_length;
    end = end < sim_pcrop_start(device) ? end : sim_pcrop_start(device);
    if (is_dropped(device) || start >= end || sim_is_all_pcrop(device)) {
        acknowledge(device, typical_us);
        return;
    }
    uint32_t length = programmable(device, start, end - start);
    bool is_failed = length < end - start && sim_generation(device)->drops_failures == 0;
    sim_work_begin(device,
                   (struct sim_work){.kind = SIM_WORK_PROGRAM,
                                     .address = start,
                                     .length = length,
                                     .skip = (uint16_t)(start - address),
                                     .status = is_failed ? DFU_STATUS_ERR_VENDOR : DFU_STATUS_OK},
                   typical_us);
}

static bool takes_option_length(const struct sim_device *device, uint32_t length)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t most = sim_area_rest(device, row->option_address);
    uint32_t least = row->option_write_min != 0 ? row->option_write_min : most;
    return length >= least && length <= most;
}

static void judge_option_image(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    if (!sim_options_consistent(row, device->block, device->block_length)) {
        sim_judge_hex(device, "option write with a wrong complement at ", address, 8);
    }
    if (row->option_style == SIM_OPTIONS_REGISTERS && device->block_length < 4U) {
        sim_judge(device, "option write shorter than its first register");
    }
}

static void write_options(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    bool is_second = row->second_option_address != 0 && address == row->second_option_address;
    if (address != row->option_address && !is_second) {
        sim_judge_hex(device, "option write not at the block's start: ", address, 8);
        refuse_change(device, DFU_STATUS_ERR_TARGET);
        return;
    }
    if (!takes_option_length(device, device->block_length)) {
        sim_judge_hex(device, "option write of wrong length ", device->block_length, 4);
        refuse_change(device, DFU_STATUS_ERR_VENDOR);
        return;
    }
    judge_option_image(device, address);
    if (is_dropped(device)) {
        acknowledge(device, row->option_write_us);
        return;
    }
    sim_work_begin(device,
                   (struct sim_work){.kind = SIM_WORK_OPTIONS, .address = address, .length = device->block_length},
                   row->option_write_us);
}

static void start_data(struct sim_device *device)
{
    uint32_t offset = ((uint32_t)device->block_number - 2U) * sim_row(device)->transfer_bytes;
    uint32_t address = device->pointer + offset;
    enum sim_area area = sim_area_of(device, address);
    bool has_second = area == SIM_AREA_SECOND_OPTIONS && sim_row(device)->second_is_writable != 0;
    if (is_refused_by_level(device) || device->block_length == 1) {
        refuse_change(device, DFU_STATUS_ERR_VENDOR);
    } else if (area == SIM_AREA_FLASH) {
        program_flash(device, address);
    } else if (area == SIM_AREA_OPTIONS || has_second) {
        write_options(device, address);
    } else {
        refuse_change(device, DFU_STATUS_ERR_TARGET);
    }
}

void sim_command_start(struct sim_device *device)
{
    device->has_block = 0;
    sim_work_interrupt(device); /* an erase that nobody waited for */
    if (device->block_number == 0) {
        start_block_zero(device);
    } else if (device->block_number == 1) {
        acknowledge(device, 0); /* generation A: acknowledged, nothing done */
    } else {
        start_data(device);
    }
}
