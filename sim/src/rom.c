/*
 * The ROM's DFU state machine (AN3156). It is ST's old one (generation A); where a generation departs from it, the word
 * is in sim_generation() or in a knob.
 *
 * A DNLOAD only stores its block. The GETSTATUS after it is answered dfuDNBUSY and then carries the block out; while
 * that lasts, any further request is held (OTG core) or stalled (FS device core). The GETSTATUS after that tells the
 * result. Knobs move the work: into the first GETSTATUS (B), behind the DNLOAD (C) or into it (C5).
 *
 * A request that is not legal in the present state is stalled and changes nothing (C: makes an error), except that
 * CLRSTATUS outside dfuERROR makes an error of its own.
 *
 * dfuERROR has an inner state on B: GETSTATE tells it, and the first CLRSTATUS does not take it for an error.
 */
#include "internal.h"

#include <string.h>

#define DIRECTION_IN 0x80U

static bool can_download(const struct sim_device *device)
{
    return device->state == DFU_STATE_IDLE || device->state == DFU_STATE_DNLOAD_IDLE;
}

static void go(struct sim_device *device, uint8_t state, uint8_t status)
{
    device->state = state;
    device->status = status;
}

/* A request out of place. */
static enum sim_outcome stray(struct sim_device *device)
{
    if (sim_generation(device)->strays_are_errors != 0) {
        device->state = DFU_STATE_ERROR;
    }
    return SIM_STALL;
}

/* Knobs that do not wait for a GETSTATUS: C works in a thread, C5 before it answers the DNLOAD. */
static void start_at_download(struct sim_device *device)
{
    const struct sim_knobs *knobs = &device->knobs;
    if (knobs->work_at_download != 0 || knobs->no_busy != 0) {
        device->is_polled = 0;
        sim_command_start(device);
    }
    if (knobs->work_at_download != 0) {
        device->state = DFU_STATE_DNBUSY;
    }
}

static void begin_leaving(struct sim_device *device)
{
    static const uint8_t states[] = {[SIM_LEAVE_MANIFEST] = DFU_STATE_MANIFEST,
                                     [SIM_LEAVE_WAIT_RESET] = DFU_STATE_WAIT_RESET,
                                     [SIM_LEAVE_QUIET] = DFU_STATE_DNLOAD_IDLE};
    uint32_t habit = device->knobs.leave_answer;
    device->state = states[habit <= SIM_LEAVE_QUIET ? habit : SIM_LEAVE_MANIFEST];
    device->is_leaving = device->knobs.leave_is_ignored == 0 ? 1U : 0U;
    device->leave_at_us = device->now_us + 1000U;
}

/* A DNLOAD of nothing. */
static void request_leave(struct sim_device *device)
{
    go(device, DFU_STATE_MANIFEST_SYNC, DFU_STATUS_OK);
    if (device->knobs.leave_at_download != 0) {
        begin_leaving(device);
    }
}

static enum sim_outcome download(struct sim_device *device, struct sim_transfer *transfer)
{
    const struct sim_setup *setup = transfer->setup;
    if (setup->length > sim_row(device)->transfer_bytes) {
        sim_judge_hex(device, "DNLOAD longer than wTransferSize: ", setup->length, 4);
        return stray(device);
    }
    if (!can_download(device)) {
        return stray(device);
    }
    if (setup->length == 0) {
        request_leave(device);
        return SIM_OK;
    }
    if (device->knobs.transfer_limit != 0 && setup->length > device->knobs.transfer_limit) {
        go(device, DFU_STATE_ERROR, DFU_STATUS_ERR_STALLED_PACKET);
        return SIM_STALL;
    }
    memcpy(device->block, transfer->data, setup->length);
    device->block_number = setup->value;
    device->block_length = setup->length;
    device->has_block = 1;
    sim_judge_download(device);
    go(device, DFU_STATE_DNLOAD_SYNC, DFU_STATUS_OK);
    start_at_download(device);
    return SIM_OK;
}

static void answer(struct sim_transfer *transfer, const uint8_t *bytes, size_t length)
{
    transfer->actual = length < transfer->setup->length ? length : transfer->setup->length;
    memcpy(transfer->data, bytes, transfer->actual);
}

/* C5 fills what was asked for; what follows the list means nothing. */
static enum sim_outcome upload_get(struct sim_device *device, struct sim_transfer *transfer)
{
    static const uint8_t commands[] = {0x00, 0x21, 0x41, 0x92};
    bool is_short = device->knobs.get_list_short != 0 || sim_row(device)->lacks_unprotect != 0;
    answer(transfer, commands, is_short ? 3U : 4U);
    if (sim_generation(device)->get_fills != 0) {
        memset(transfer->data + transfer->actual, 0xFF, transfer->setup->length - transfer->actual);
        transfer->actual = transfer->setup->length;
    }
    device->state = transfer->setup->length > 3 ? DFU_STATE_IDLE : DFU_STATE_UPLOAD_IDLE;
    return SIM_OK;
}

static enum sim_outcome refuse_upload(struct sim_device *device, struct sim_transfer *transfer, uint8_t status)
{
    uint32_t habit = device->knobs.refused_upload;
    go(device, habit == SIM_REFUSAL_VENDOR_STATE ? DFU_STATE_STALLED_PACKET : DFU_STATE_ERROR, status);
    device->inner_state = device->knobs.double_clear != 0 ? status : 0U;
    transfer->actual = 0;
    return habit == SIM_REFUSAL_EMPTY ? SIM_OK : SIM_STALL;
}

static bool may_read(const struct sim_device *device, uint32_t address)
{
    enum sim_area area = sim_area_of(device, address);
    bool is_proprietary = sim_is_all_pcrop(device) || address >= sim_pcrop_start(device);
    if (area == SIM_AREA_FLASH && is_proprietary) {
        return false;
    }
    return device->level == 0 || device->knobs.bootloader_in_flash != 0 ||
           (area == SIM_AREA_OPTIONS && device->knobs.options_readable_rdp1 != 0);
}

static enum sim_outcome upload_memory(struct sim_device *device, struct sim_transfer *transfer)
{
    uint32_t offset = ((uint32_t)transfer->setup->value - 2U) * sim_row(device)->transfer_bytes;
    uint32_t address = device->pointer + offset;
    if (!may_read(device, address)) {
        return refuse_upload(device, transfer, DFU_STATUS_ERR_VENDOR);
    }
    const uint8_t *bytes = sim_area_bytes(device, address);
    if (bytes == NULL) {
        return refuse_upload(device, transfer, DFU_STATUS_ERR_TARGET);
    }
    answer(transfer, bytes, sim_area_rest(device, address));
    device->state = DFU_STATE_UPLOAD_IDLE;
    return SIM_OK;
}

static enum sim_outcome upload_nothing(struct sim_device *device)
{
    if (sim_generation(device)->strays_are_errors == 0) {
        device->state = DFU_STATE_IDLE;
        return SIM_OK;
    }
    return device->state == DFU_STATE_IDLE ? stray(device) : SIM_OK;
}

static enum sim_outcome upload(struct sim_device *device, struct sim_transfer *transfer)
{
    const struct sim_setup *setup = transfer->setup;
    if (setup->length > sim_row(device)->transfer_bytes) {
        sim_judge_hex(device, "UPLOAD longer than wTransferSize: ", setup->length, 4);
        return stray(device);
    }
    if (device->state != DFU_STATE_IDLE && device->state != DFU_STATE_UPLOAD_IDLE) {
        return stray(device);
    }
    if (setup->length == 0) {
        return upload_nothing(device);
    }
    if (setup->value == 0) {
        return upload_get(device, transfer);
    }
    if (setup->value == 1) {
        sim_judge(device, "UPLOAD of block 1");
        device->state = DFU_STATE_STALLED_PACKET;
        return SIM_STALL;
    }
    return upload_memory(device, transfer);
}

static uint32_t announced_ms(const struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    bool is_erase = device->block_number == 0 && device->block[0] == 0x41;
    if (device->knobs.announced_ms != 0) {
        return device->knobs.announced_ms & 0xFFFFFFU;
    }
    return is_erase ? row->announced_erase_ms : row->announced_other_ms;
}

uint32_t sim_poll_ms(const struct sim_device *device)
{
    switch (device->state) {
    case DFU_STATE_DNBUSY:
        return announced_ms(device);
    case DFU_STATE_MANIFEST:
    case DFU_STATE_WAIT_RESET:
        return 1;
    case DFU_STATE_ERROR:
        return sim_generation(device)->error_poll_ms;
    default:
        return 0;
    }
}

static void step_status(struct sim_device *device)
{
    if (device->state == DFU_STATE_DNLOAD_SYNC && device->has_block != 0) {
        sim_command_start(device);
        device->state = DFU_STATE_DNBUSY;
        device->announced_us = device->now_us + 1000U * (uint64_t)announced_ms(device);
    } else if (device->state == DFU_STATE_DNLOAD_SYNC) {
        device->state = DFU_STATE_DNLOAD_IDLE;
    } else if (device->state == DFU_STATE_MANIFEST_SYNC) {
        begin_leaving(device);
    }
}

/* Stuck in an unknown command (C), stalled after it (B), or asked again while its thread works (C). */
static bool stalls_status(struct sim_device *device)
{
    bool was_polled = device->is_polled != 0;
    bool works = device->knobs.work_at_download != 0 && sim_is_busy(device);
    device->is_polled = works ? 1U : 0U;
    return device->is_deaf != 0 || (works && was_polled);
}

static enum sim_outcome get_status(struct sim_device *device, struct sim_transfer *transfer)
{
    if (stalls_status(device)) {
        return SIM_STALL;
    }
    step_status(device);
    if (device->stalls_next != 0) {
        device->stalls_next = 0;
        return SIM_STALL;
    }
    uint32_t poll = sim_poll_ms(device);
    const uint8_t bytes[6] = {device->status,
                              (uint8_t)(poll & 0xFFU),
                              (uint8_t)((poll >> 8) & 0xFFU),
                              (uint8_t)((poll >> 16) & 0xFFU),
                              device->state,
                              0};
    answer(transfer, bytes, sizeof bytes);
    return SIM_OK;
}

/* States from which CLRSTATUS is the only way out, though they are not dfuERROR. */
static bool needs_clear(const struct sim_device *device)
{
    return device->state == DFU_STATE_DNBUSY || device->state == DFU_STATE_STALLED_PACKET || device->inner_state != 0;
}

static enum sim_outcome clear_status(struct sim_device *device, struct sim_transfer *transfer)
{
    (void)transfer;
    if (device->state == DFU_STATE_ERROR && device->inner_state == 0) {
        go(device, DFU_STATE_IDLE, DFU_STATUS_OK);
        return SIM_OK;
    }
    if (!needs_clear(device)) {
        sim_judge_hex(device, "CLRSTATUS outside dfuERROR, in state ", device->state, 2);
    }
    device->has_block = 0;
    device->inner_state = 0;
    if (device->knobs.strict_clear != 0) {
        device->state = DFU_STATE_ERROR;
        return SIM_STALL;
    }
    go(device, DFU_STATE_ERROR, DFU_STATUS_ERR_UNKNOWN);
    return SIM_OK;
}

static enum sim_outcome get_state(struct sim_device *device, struct sim_transfer *transfer)
{
    if (device->state == DFU_STATE_DNBUSY && sim_generation(device)->state_in_busy_stalls != 0) {
        return SIM_STALL;
    }
    answer(transfer, device->inner_state != 0 ? &device->inner_state : &device->state, 1);
    return SIM_OK;
}

static enum sim_outcome abort_transfer(struct sim_device *device, struct sim_transfer *transfer)
{
    const struct sim_generation *generation = sim_generation(device);
    uint8_t state = device->state;
    (void)transfer;
    if (!can_download(device) && state != DFU_STATE_UPLOAD_IDLE) {
        sim_judge_hex(device, "ABORT in state ", state, 2);
    }
    if (((generation->abort_states >> state) & 1U) != 0) {
        device->has_block = 0;
        go(device, DFU_STATE_IDLE, DFU_STATUS_OK);
        return SIM_OK;
    }
    return generation->abort_stalls != 0 ? stray(device) : SIM_OK;
}

enum sim_outcome sim_class_request(struct sim_device *device, struct sim_transfer *transfer)
{
    static const struct {
        uint8_t request;
        uint8_t direction;
        enum sim_outcome (*handle)(struct sim_device *, struct sim_transfer *);
    } requests[] = {{1, 0, download},     {2, DIRECTION_IN, upload},    {3, DIRECTION_IN, get_status},
                    {4, 0, clear_status}, {5, DIRECTION_IN, get_state}, {6, 0, abort_transfer}};
    const struct sim_setup *setup = transfer->setup;
    if (setup->index != 0) {
        sim_judge_hex(device, "DFU request to interface ", setup->index, 4);
        return SIM_STALL;
    }
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (requests[i].request == setup->request && requests[i].direction == (setup->request_type & DIRECTION_IN)) {
            return requests[i].handle(device, transfer);
        }
    }
    return SIM_STALL;
}
