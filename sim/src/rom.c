/*
 * The ROM's DFU state machine, generation A (ST's FS device library lineage; AN3156).
 *
 * A DNLOAD only stores its block. The GETSTATUS after it is answered dfuDNBUSY and then carries the block out; while
 * that lasts, any further request is held (OTG core) or stalled (FS device core). The GETSTATUS after that tells the
 * result. With the knob work_in_first_poll (generation B) the first GETSTATUS lasts as long as the work.
 *
 * A request that is not legal in the present state is stalled and changes nothing, except that CLRSTATUS outside
 * dfuERROR makes an error of its own.
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

static enum sim_outcome stall(void)
{
    return SIM_STALL;
}

static enum sim_outcome download(struct sim_device *device, struct sim_transfer *transfer)
{
    const struct sim_setup *setup = transfer->setup;
    if (setup->length > sim_row(device)->transfer_bytes) {
        sim_judge_hex(device, "DNLOAD longer than wTransferSize: ", setup->length, 4);
        return stall();
    }
    if (!can_download(device)) {
        return stall();
    }
    if (setup->length == 0) {
        go(device, DFU_STATE_MANIFEST_SYNC, DFU_STATUS_OK);
        return SIM_OK;
    }
    memcpy(device->block, transfer->data, setup->length);
    device->block_number = setup->value;
    device->block_length = setup->length;
    device->has_block = 1;
    sim_judge_download(device);
    go(device, DFU_STATE_DNLOAD_SYNC, DFU_STATUS_OK);
    return SIM_OK;
}

static void answer(struct sim_transfer *transfer, const uint8_t *bytes, size_t length)
{
    transfer->actual = length < transfer->setup->length ? length : transfer->setup->length;
    memcpy(transfer->data, bytes, transfer->actual);
}

static enum sim_outcome upload_get(struct sim_device *device, struct sim_transfer *transfer)
{
    static const uint8_t commands[] = {0x00, 0x21, 0x41, 0x92};
    size_t length = device->knobs.get_list_short != 0 ? 3U : 4U;
    answer(transfer, commands, length);
    device->state = transfer->setup->length > 3 ? DFU_STATE_IDLE : DFU_STATE_UPLOAD_IDLE;
    return SIM_OK;
}

static enum sim_outcome refuse_upload(struct sim_device *device, uint8_t status)
{
    go(device, DFU_STATE_ERROR, status);
    return SIM_STALL;
}

static enum sim_outcome upload_memory(struct sim_device *device, struct sim_transfer *transfer)
{
    uint32_t offset = ((uint32_t)transfer->setup->value - 2U) * sim_row(device)->transfer_bytes;
    uint32_t address = device->pointer + offset;
    enum sim_area area = sim_area_of(device, address);
    bool may_read = device->level == 0 || (area == SIM_AREA_OPTIONS && device->knobs.options_readable_rdp1 != 0);
    if (!may_read) {
        return refuse_upload(device, DFU_STATUS_ERR_VENDOR);
    }
    const uint8_t *bytes = sim_area_bytes(device, address);
    if (bytes == NULL) {
        return refuse_upload(device, DFU_STATUS_ERR_TARGET);
    }
    answer(transfer, bytes, sim_area_rest(device, address));
    device->state = DFU_STATE_UPLOAD_IDLE;
    return SIM_OK;
}

static enum sim_outcome upload(struct sim_device *device, struct sim_transfer *transfer)
{
    const struct sim_setup *setup = transfer->setup;
    if (setup->length > sim_row(device)->transfer_bytes) {
        sim_judge_hex(device, "UPLOAD longer than wTransferSize: ", setup->length, 4);
        return stall();
    }
    if (device->state != DFU_STATE_IDLE && device->state != DFU_STATE_UPLOAD_IDLE) {
        return stall();
    }
    if (setup->length == 0) {
        device->state = DFU_STATE_IDLE;
        return SIM_OK;
    }
    if (setup->value == 0) {
        return upload_get(device, transfer);
    }
    if (setup->value == 1) {
        sim_judge(device, "UPLOAD of block 1");
        device->state = DFU_STATE_BLOCK_ONE;
        return stall();
    }
    return upload_memory(device, transfer);
}

static uint32_t announced_ms(const struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    bool is_erase = device->block_number == 0 && device->block[0] == 0x41;
    return is_erase ? row->announced_erase_ms : row->announced_other_ms;
}

uint32_t sim_poll_ms(const struct sim_device *device)
{
    if (device->state == DFU_STATE_DNBUSY) {
        return announced_ms(device);
    }
    return device->state == DFU_STATE_MANIFEST ? 1U : 0U;
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
        device->state = DFU_STATE_MANIFEST;
        device->is_leaving = 1;
        device->leave_at_us = device->now_us + 1000U;
    }
}

static enum sim_outcome get_status(struct sim_device *device, struct sim_transfer *transfer)
{
    step_status(device);
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

static enum sim_outcome clear_status(struct sim_device *device, struct sim_transfer *transfer)
{
    (void)transfer;
    if (device->state == DFU_STATE_ERROR) {
        go(device, DFU_STATE_IDLE, DFU_STATUS_OK);
        return SIM_OK;
    }
    if (device->state != DFU_STATE_DNBUSY) {
        sim_judge_hex(device, "CLRSTATUS outside dfuERROR, in state ", device->state, 2);
    }
    device->has_block = 0;
    go(device, DFU_STATE_ERROR, DFU_STATUS_ERR_UNKNOWN);
    return SIM_OK;
}

static enum sim_outcome get_state(struct sim_device *device, struct sim_transfer *transfer)
{
    answer(transfer, &device->state, 1);
    return SIM_OK;
}

static enum sim_outcome abort_transfer(struct sim_device *device, struct sim_transfer *transfer)
{
    uint8_t state = device->state;
    bool is_legal = can_download(device) || state == DFU_STATE_UPLOAD_IDLE;
    bool has_effect = is_legal || state == DFU_STATE_DNLOAD_SYNC || state == DFU_STATE_MANIFEST_SYNC;
    (void)transfer;
    if (!is_legal) {
        sim_judge_hex(device, "ABORT in state ", state, 2);
    }
    if (has_effect) {
        device->has_block = 0;
        go(device, DFU_STATE_IDLE, DFU_STATUS_OK);
    }
    return SIM_OK;
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
        return stall();
    }
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (requests[i].request == setup->request && requests[i].direction == (setup->request_type & DIRECTION_IN)) {
            return requests[i].handle(device, transfer);
        }
    }
    return stall();
}
