#include "sim/usbip_wire.h"
#include <string.h>

#define VERSION         0x0111U
#define OP_REQ_DEVLIST  0x8005U
#define OP_REP_DEVLIST  0x0005U
#define OP_REQ_IMPORT   0x8003U
#define OP_REP_IMPORT   0x0003U
#define CMD_SUBMIT      1U
#define CMD_UNLINK      2U
#define RET_SUBMIT      3U
#define RET_UNLINK      4U
#define OPERATION_BYTES 8U
#define IMPORT_BYTES    (OPERATION_BYTES + USBIP_BUS_ID_BYTES)
#define PATH_BYTES      256U
#define SPEED_FULL      2U
#define REFUSED         1U
#define DIRECTION_IN    1U
#define NO_ISO_PACKETS  0xFFFFFFFFU
#define ENDPOINT_MAX    15U
#define SETUP_AT        40U
#define SETUP_DIRECTION 0x80U

static uint32_t get_16(const uint8_t *bytes)
{
    return ((uint32_t)bytes[0] << 8) | bytes[1];
}

static uint32_t get_32(const uint8_t *bytes)
{
    return (get_16(bytes) << 16) | get_16(bytes + 2);
}

static void put_16(uint8_t *out, uint32_t value)
{
    out[0] = (uint8_t)((value >> 8) & 0xFFU);
    out[1] = (uint8_t)(value & 0xFFU);
}

static void put_32(uint8_t *out, uint32_t value)
{
    put_16(out, value >> 16);
    put_16(out + 2, value & 0xFFFFU);
}

static void put_text(uint8_t *out, size_t room, const char *text)
{
    size_t length = strlen(text);
    memset(out, 0, room);
    memcpy(out, text, length < room ? length : room - 1U);
}

static const char *parse_operation(const uint8_t *bytes, size_t length, struct usbip_request *request)
{
    if (length < OPERATION_BYTES) {
        return NULL;
    }
    uint32_t code = get_16(bytes + 2);
    if (get_16(bytes) != VERSION) {
        return "not USB/IP, or another version than 1.1.1";
    }
    if (code == OP_REQ_DEVLIST) {
        request->kind = USBIP_LIST;
        request->bytes = OPERATION_BYTES;
        return NULL;
    }
    if (code != OP_REQ_IMPORT) {
        return "neither a request for the list nor for a device";
    }
    if (length >= IMPORT_BYTES) {
        request->kind = USBIP_IMPORT;
        request->bytes = IMPORT_BYTES;
        memcpy(request->bus_id, bytes + OPERATION_BYTES, USBIP_BUS_ID_BYTES);
    }
    return NULL;
}

/* On endpoint 0 header and setup must agree: a host that contradicts itself is not one that can be served. */
static const char *judge_submit(const struct usbip_request *request, const uint8_t *bytes)
{
    uint32_t packets = get_32(bytes + 32);
    uint32_t setup_length = request->setup[6] | ((uint32_t)request->setup[7] << 8);
    bool setup_is_in = (request->setup[0] & SETUP_DIRECTION) != 0;
    if (packets != 0 && packets != NO_ISO_PACKETS) {
        return "an isochronous transfer";
    }
    if (request->length > USBIP_DATA_MAX_BYTES) {
        return "a transfer longer than 65535 bytes";
    }
    if (request->endpoint != 0) {
        return NULL;
    }
    if (setup_length != 0 && setup_is_in != request->is_in) {
        return "a transfer whose header and setup differ in direction";
    }
    if (!request->is_in && setup_length != request->length) {
        return "a transfer whose header and setup differ in length";
    }
    return NULL;
}

static const char *parse_submit(const uint8_t *bytes, size_t length, struct usbip_request *request)
{
    request->kind = USBIP_SUBMIT;
    request->length = get_32(bytes + 24);
    request->setup = bytes + SETUP_AT;
    request->data = bytes + USBIP_COMMAND_BYTES;
    const char *problem = judge_submit(request, bytes);
    size_t needed = USBIP_COMMAND_BYTES + (request->is_in ? 0U : (size_t)request->length);
    if (problem == NULL && length >= needed) {
        request->bytes = needed;
    }
    return problem;
}

static const char *parse_command(const uint8_t *bytes, size_t length, struct usbip_request *request)
{
    if (length < USBIP_COMMAND_BYTES) {
        return NULL;
    }
    uint32_t command = get_32(bytes);
    uint32_t direction = get_32(bytes + 12);
    request->sequence = get_32(bytes + 4);
    request->device = get_32(bytes + 8);
    request->endpoint = get_32(bytes + 16);
    request->is_in = direction == DIRECTION_IN;
    if (direction > DIRECTION_IN || request->endpoint > ENDPOINT_MAX) {
        return "a direction or an endpoint that does not exist";
    }
    if (command == CMD_SUBMIT) {
        return parse_submit(bytes, length, request);
    }
    if (command != CMD_UNLINK) {
        return "neither a transfer nor the end of one";
    }
    request->kind = USBIP_UNLINK;
    request->bytes = USBIP_COMMAND_BYTES;
    request->unlinked_sequence = get_32(bytes + 20);
    return NULL;
}

const char *usbip_parse(const uint8_t *bytes, size_t length, bool is_imported, struct usbip_request *request)
{
    memset(request, 0, sizeof *request);
    return is_imported ? parse_command(bytes, length, request) : parse_operation(bytes, length, request);
}

uint32_t usbip_device_number(const struct usbip_device *device)
{
    return (device->bus_number << 16) | device->device_number;
}

static void put_operation(uint8_t *out, uint32_t code, uint32_t status)
{
    put_16(out, VERSION);
    put_16(out + 2, code);
    put_32(out + 4, status);
}

void usbip_put_list(uint8_t *out, uint32_t device_count)
{
    put_operation(out, OP_REP_DEVLIST, 0);
    put_32(out + OPERATION_BYTES, device_count);
}

void usbip_put_device(uint8_t *out, const struct usbip_device *device)
{
    /* Class in the interface; configuration 1 is set, of one, with one interface. */
    static const uint8_t tail[6] = {0, 0, 0, 1, 1, 1};
    put_text(out, PATH_BYTES, device->path);
    out += PATH_BYTES;
    put_text(out, USBIP_BUS_ID_BYTES, device->bus_id);
    out += USBIP_BUS_ID_BYTES;
    put_32(out, device->bus_number);
    put_32(out + 4, device->device_number);
    put_32(out + 8, SPEED_FULL);
    put_16(out + 12, device->vendor);
    put_16(out + 14, device->product);
    put_16(out + 16, device->bcd_device);
    memcpy(out + 18, tail, sizeof tail);
}

void usbip_put_interface(uint8_t *out)
{
    static const uint8_t dfu_mode[USBIP_INTERFACE_BYTES] = {0xFE, 0x01, 0x02, 0};
    memcpy(out, dfu_mode, sizeof dfu_mode);
}

void usbip_put_import(uint8_t *out, bool is_granted)
{
    put_operation(out, OP_REP_IMPORT, is_granted ? 0U : REFUSED);
}

static void put_return(uint8_t *out, uint32_t command, uint32_t sequence, int32_t status)
{
    memset(out, 0, USBIP_COMMAND_BYTES);
    put_32(out, command);
    put_32(out + 4, sequence);
    put_32(out + 20, (uint32_t)status);
}

void usbip_put_submitted(uint8_t *out, uint32_t sequence, int32_t status, uint32_t actual)
{
    put_return(out, RET_SUBMIT, sequence, status);
    put_32(out + 24, actual);
}

void usbip_put_unlinked(uint8_t *out, uint32_t sequence, int32_t status)
{
    put_return(out, RET_UNLINK, sequence, status);
}
