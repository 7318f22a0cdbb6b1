/* Operations that take time: how they start, end, or are cut off in the middle. */
#include "internal.h"

#include <string.h>

/* Even a command without an effect keeps the ROM from answering for a moment. */
#define COMMAND_US 100U

void sim_work_begin(struct sim_device *device, struct sim_work work, uint64_t typical_us)
{
    uint64_t duration_us = typical_us * device->knobs.typical_percent / 100U;
    bool changes_memory = work.kind == SIM_WORK_PROGRAM || work.kind == SIM_WORK_ERASE ||
                          work.kind == SIM_WORK_OPTIONS || work.kind == SIM_WORK_REGRESS;
    work.start_us = device->now_us;
    work.end_us = device->now_us + COMMAND_US + duration_us;
    work.cut = changes_memory && sim_fault_cuts_write(device) ? 1U : 0U;
    device->work = work;
}

static const uint8_t *data_of(const struct sim_device *device, const struct sim_work *work)
{
    return device->block + work->skip;
}

static void program(struct sim_device *device, const struct sim_work *work, uint32_t length)
{
    memcpy(device->flash + (work->address - SIM_FLASH_BASE), data_of(device, work), length);
}

static void fill_erased(struct sim_device *device, uint32_t address, uint32_t length)
{
    memset(device->flash + (address - SIM_FLASH_BASE), sim_erased_byte(device), length);
}

static void finish_program(struct sim_device *device, const struct sim_work *work)
{
    program(device, work, work->length);
    device->counters.blocks_programmed++;
}

static void count_erased(struct sim_device *device, uint32_t start, uint32_t bytes)
{
    device->counters.sectors_erased++;
    if (sim_is_blank(device, start, bytes)) {
        device->counters.sectors_erased_blank++;
    }
}

/* One sector, or all of them: each is counted. */
static void finish_erase(struct sim_device *device, const struct sim_work *work)
{
    uint32_t end = work->address + work->length;
    uint32_t start = work->address;
    struct sim_sector_run sector = {0, 0, 0};
    while (start < end && sim_sector_at(device, start, &start, &sector)) {
        count_erased(device, start, sector.bytes);
        start += sector.bytes;
    }
    fill_erased(device, work->address, work->length);
}

static bool is_second_block(const struct sim_device *device, const struct sim_work *work)
{
    const struct sim_profile *row = sim_row(device);
    return row->second_option_address != 0 && work->address == row->second_option_address;
}

/* Whether a ROM takes keys by this way is not known: that it does is the harder. */
static void set_key(struct sim_device *device)
{
    const struct sim_option_bits *keys = &sim_row(device)->oem_keys;
    if (keys->mask != 0 && device->block_length > keys->offset) {
        device->knobs.oem1_key = 1;
    }
}

static void finish_options(struct sim_device *device, const struct sim_work *work)
{
    uint8_t options[SIM_OPTIONS_MAX_BYTES];
    if (is_second_block(device, work)) {
        sim_judge_second_options(device, device->block, device->block_length);
        memcpy(device->second_options, device->block, device->block_length);
        device->counters.option_writes++;
    } else {
        sim_options_merge(device, device->block, device->block_length, options);
        sim_options_written(device, options);
        set_key(device);
    }
    if (sim_resets_after_options(device)) {
        sim_boot(device, SIM_BOOT_RESET);
    }
}

static void finish_regress(struct sim_device *device, const struct sim_work *work)
{
    fill_erased(device, SIM_FLASH_BASE, work->length);
    sim_options_regress(device);
    sim_boot(device, SIM_BOOT_REGRESSION);
}

static void finish_clear_ram(struct sim_device *device, const struct sim_work *work)
{
    (void)work;
    sim_boot(device, SIM_BOOT_RESET);
}

/* A failure that the Cube class up to 2.10 does not report: its dfuDNBUSY stays. */
static bool is_stuck(const struct sim_device *device, const struct sim_work *work)
{
    bool changes_flash =
        work->kind == SIM_WORK_PROGRAM || work->kind == SIM_WORK_ERASE || work->kind == SIM_WORK_FAILED;
    return device->knobs.busy_after_failure != 0 && changes_flash && work->status != DFU_STATUS_OK;
}

static void report(struct sim_device *device, const struct sim_work *work)
{
    if (is_stuck(device, work)) {
        return;
    }
    device->status = work->status;
    device->state = work->status == DFU_STATUS_OK ? DFU_STATE_DNLOAD_SYNC : DFU_STATE_ERROR;
    if (work->status != DFU_STATUS_OK && device->knobs.double_clear != 0) {
        device->inner_state = work->status;
    }
}

/* The second bank of an H743: the ROM answers while it erases, and never learns that it is done. */
bool sim_is_unawaited(const struct sim_device *device)
{
    bool is_there = device->work.kind == SIM_WORK_ERASE && device->work.address >= SIM_SECOND_BANK;
    return is_there && device->knobs.second_bank_wedge != 0;
}

void sim_work_finish(struct sim_device *device)
{
    static void (*const finish[SIM_WORK_KINDS])(struct sim_device *, const struct sim_work *) = {
        [SIM_WORK_PROGRAM] = finish_program,     [SIM_WORK_ERASE] = finish_erase,
        [SIM_WORK_OPTIONS] = finish_options,     [SIM_WORK_REGRESS] = finish_regress,
        [SIM_WORK_CLEAR_RAM] = finish_clear_ram,
    };
    struct sim_work work = device->work;
    bool is_awaited = device->state == DFU_STATE_DNBUSY || device->state == DFU_STATE_DNLOAD_SYNC;
    if (is_awaited && !sim_is_unawaited(device)) {
        report(device, &work);
    }
    device->work.kind = SIM_WORK_NONE;
    if (finish[work.kind] != NULL) {
        finish[work.kind](device, &work);
    }
}

static uint32_t done_bytes(const struct sim_device *device, const struct sim_work *work, uint32_t length)
{
    uint64_t elapsed_us = device->now_us - work->start_us;
    uint64_t duration_us = work->end_us - work->start_us;
    return (uint32_t)(length * elapsed_us / duration_us);
}

/* The unit that was being programmed when power failed holds neither the old nor the new value. */
static void interrupt_program(struct sim_device *device, const struct sim_work *work)
{
    uint32_t unit = sim_row(device)->program_unit_bytes;
    uint32_t done = done_bytes(device, work, work->length) / unit * unit;
    program(device, work, done);
    for (uint32_t i = done; i < done + unit && i < work->length; i++) {
        device->flash[work->address - SIM_FLASH_BASE + i] = (uint8_t)(data_of(device, work)[i] | 0x5AU);
    }
}

static void interrupt_erase(struct sim_device *device, const struct sim_work *work)
{
    uint32_t done = done_bytes(device, work, work->length);
    fill_erased(device, work->address, done);
}

/* A second block is just as it would have been: what it holds is not protection. */
static void interrupt_options(struct sim_device *device, const struct sim_work *work)
{
    uint8_t wanted[SIM_OPTIONS_MAX_BYTES];
    if (!is_second_block(device, work)) {
        sim_options_merge(device, device->block, device->block_length, wanted);
        sim_options_spoil(device, wanted);
    }
}

static void interrupt_regress(struct sim_device *device, const struct sim_work *work)
{
    uint8_t wanted[SIM_OPTIONS_MAX_BYTES];
    memcpy(wanted, device->options, sizeof wanted);
    fill_erased(device, SIM_FLASH_BASE, done_bytes(device, work, work->length));
    sim_options_spoil(device, wanted);
}

void sim_work_interrupt(struct sim_device *device)
{
    static void (*const interrupt[SIM_WORK_KINDS])(struct sim_device *, const struct sim_work *) = {
        [SIM_WORK_PROGRAM] = interrupt_program,
        [SIM_WORK_ERASE] = interrupt_erase,
        [SIM_WORK_OPTIONS] = interrupt_options,
        [SIM_WORK_REGRESS] = interrupt_regress,
    };
    struct sim_work work = device->work;
    device->work.kind = SIM_WORK_NONE;
    if (interrupt[work.kind] != NULL) {
        interrupt[work.kind](device, &work);
    }
}
