/* Standard requests and the descriptors of the ROM: what its generation and its row say. */
#include "internal.h"

#include <string.h>

#define DESCRIPTOR_DEVICE        1U
#define DESCRIPTOR_CONFIGURATION 2U
#define DESCRIPTOR_STRING        3U
#define DESCRIPTOR_DFU           0x21U
#define SERIAL_STRING            3U
#define INTERFACE_BYTES          9U
#define CONFIGURATION_MAX_BYTES  (9U + INTERFACE_BYTES * SIM_ALTERNATES_MAX + 9U)
#define STRING_MAX_BYTES         254U

static uint8_t alternate_count(const struct sim_device *device)
{
    const struct sim_profile *row = sim_row(device);
    uint8_t count = 0;
    while (count < SIM_ALTERNATES_MAX && row->alternates[count] != NULL) {
        count++;
    }
    return count;
}

static uint8_t low(uint16_t value)
{
    return (uint8_t)(value & 0xFFU);
}

static uint8_t high(uint16_t value)
{
    return (uint8_t)(value >> 8);
}

static enum sim_outcome answer(struct sim_transfer *transfer, const uint8_t *bytes, size_t length)
{
    transfer->actual = length < transfer->setup->length ? length : transfer->setup->length;
    memcpy(transfer->data, bytes, transfer->actual);
    return SIM_OK;
}

/* A device that was made without a serial number names no string for it. */
static uint8_t serial_index(const struct sim_device *device)
{
    return device->serial[0] != '\0' ? SERIAL_STRING : 0U;
}

static void put_half(uint8_t *out, uint16_t value)
{
    out[0] = low(value);
    out[1] = high(value);
}

static enum sim_outcome device_descriptor(const struct sim_device *device, struct sim_transfer *transfer)
{
    uint8_t bytes[18] = {18, DESCRIPTOR_DEVICE, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 1, 2, serial_index(device), 1};
    put_half(bytes + 2, sim_generation(device)->bcd_usb);
    put_half(bytes + 8, sim_vendor_id(device));
    put_half(bytes + 10, sim_product_id(device));
    put_half(bytes + 12, sim_bcd_device(device));
    return answer(transfer, bytes, sizeof bytes);
}

/* bmAttributes 0x0B: download, upload, will detach; not manifestation tolerant. */
static size_t put_functional(const struct sim_device *device, uint8_t *out)
{
    uint16_t size = sim_row(device)->transfer_bytes;
    const uint8_t bytes[9] = {9, DESCRIPTOR_DFU, 0x0B, 0xFF, 0x00, low(size), high(size), 0x1A, 0x01};
    memcpy(out, bytes, sizeof bytes);
    return sizeof bytes;
}

static enum sim_outcome configuration_descriptor(const struct sim_device *device, struct sim_transfer *transfer)
{
    uint8_t bytes[CONFIGURATION_MAX_BYTES] = {9, DESCRIPTOR_CONFIGURATION, 0, 0, 1, 1, 0, 0xC0, 0x32};
    const struct sim_generation *generation = sim_generation(device);
    size_t length = 9;
    bytes[6] = generation->configuration_string;
    for (uint8_t i = 0; i < alternate_count(device); i++) {
        uint8_t string = (uint8_t)(generation->first_interface_string + i);
        const uint8_t interface[INTERFACE_BYTES] = {INTERFACE_BYTES, 4, 0, i, 0, 0xFE, 0x01, 0x02, string};
        memcpy(bytes + length, interface, sizeof interface);
        length += sizeof interface;
    }
    length += put_functional(device, bytes + length);
    bytes[2] = (uint8_t)length;
    return answer(transfer, bytes, length);
}

static const char *string_text(const struct sim_device *device, unsigned index)
{
    const struct sim_profile *row = sim_row(device);
    const struct sim_generation *generation = sim_generation(device);
    const char *product = row->product != NULL ? row->product : generation->product;
    const char *const fixed[] = {NULL, "STMicroelectronics", product, sim_serial(device)};
    if (index < sizeof fixed / sizeof fixed[0]) {
        return fixed[index];
    }
    unsigned alternate = index - generation->first_interface_string;
    return alternate < SIM_ALTERNATES_MAX ? row->alternates[alternate] : NULL;
}

static enum sim_outcome string_descriptor(const struct sim_device *device, struct sim_transfer *transfer)
{
    static const uint8_t languages[4] = {4, DESCRIPTOR_STRING, 0x09, 0x04};
    unsigned index = transfer->setup->value & 0xFFU;
    if (index == 0) {
        return answer(transfer, languages, sizeof languages);
    }
    const char *text = string_text(device, index);
    if (text == NULL || text[0] == '\0') {
        return SIM_STALL;
    }
    uint8_t bytes[STRING_MAX_BYTES] = {0, DESCRIPTOR_STRING};
    size_t length = 2;
    for (size_t i = 0; text[i] != '\0' && length + 2U <= sizeof bytes; i++) {
        bytes[length] = (uint8_t)text[i];
        length += 2U;
    }
    bytes[0] = (uint8_t)length;
    return answer(transfer, bytes, length);
}

static enum sim_outcome get_descriptor(struct sim_device *device, struct sim_transfer *transfer)
{
    uint8_t type = high(transfer->setup->value);
    if (type == DESCRIPTOR_STRING) {
        return string_descriptor(device, transfer);
    }
    if (low(transfer->setup->value) != 0) {
        return SIM_STALL;
    }
    if (type == DESCRIPTOR_DEVICE) {
        return device_descriptor(device, transfer);
    }
    return type == DESCRIPTOR_CONFIGURATION ? configuration_descriptor(device, transfer) : SIM_STALL;
}

static enum sim_outcome get_interface_descriptor(struct sim_device *device, struct sim_transfer *transfer)
{
    uint8_t bytes[9];
    if (high(transfer->setup->value) != DESCRIPTOR_DFU || sim_generation(device)->functional_alone == 0) {
        return SIM_STALL;
    }
    return answer(transfer, bytes, put_functional(device, bytes));
}

static enum sim_outcome set_interface(struct sim_device *device, struct sim_transfer *transfer)
{
    const struct sim_setup *setup = transfer->setup;
    if (setup->index != 0 || setup->value >= alternate_count(device)) {
        sim_judge_hex(device, "SET_INTERFACE to alternate ", setup->value, 4);
        return SIM_STALL;
    }
    device->alternate = (uint8_t)setup->value;
    return SIM_OK;
}

static enum sim_outcome get_interface(struct sim_device *device, struct sim_transfer *transfer)
{
    return answer(transfer, &device->alternate, 1);
}

static enum sim_outcome get_configuration(struct sim_device *device, struct sim_transfer *transfer)
{
    return answer(transfer, &device->configuration, 1);
}

static enum sim_outcome set_configuration(struct sim_device *device, struct sim_transfer *transfer)
{
    if (transfer->setup->value > 1) {
        return SIM_STALL;
    }
    device->configuration = (uint8_t)transfer->setup->value;
    device->alternate = 0;
    return SIM_OK;
}

static enum sim_outcome usb_status(struct sim_device *device, struct sim_transfer *transfer)
{
    static const uint8_t self_powered[2] = {1, 0};
    (void)device;
    return answer(transfer, self_powered, sizeof self_powered);
}

static enum sim_outcome zero_status(struct sim_device *device, struct sim_transfer *transfer)
{
    static const uint8_t nothing[2] = {0, 0};
    (void)device;
    return answer(transfer, nothing, sizeof nothing);
}

/* The control endpoint cannot be halted, so there is nothing to clear. */
static enum sim_outcome clear_halt(struct sim_device *device, struct sim_transfer *transfer)
{
    (void)device;
    bool is_control_endpoint = (transfer->setup->index & 0x7FU) == 0;
    return is_control_endpoint && transfer->setup->value == 0 ? SIM_OK : SIM_STALL;
}

enum sim_outcome sim_standard_request(struct sim_device *device, struct sim_transfer *transfer)
{
    static const struct {
        uint8_t request_type;
        uint8_t request;
        enum sim_outcome (*handle)(struct sim_device *, struct sim_transfer *);
    } requests[] = {{0x80, 0, usb_status},        {0x81, 0, zero_status},       {0x82, 0, zero_status},
                    {0x02, 1, clear_halt},        {0x80, 6, get_descriptor},    {0x81, 6, get_interface_descriptor},
                    {0x80, 8, get_configuration}, {0x00, 9, set_configuration}, {0x81, 10, get_interface},
                    {0x01, 11, set_interface}};
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (requests[i].request_type == transfer->setup->request_type &&
            requests[i].request == transfer->setup->request) {
            return requests[i].handle(device, transfer);
        }
    }
    return SIM_STALL;
}
