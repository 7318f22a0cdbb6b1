#include "relock/descriptors.h"
#include <string.h>

enum {
    TYPE_DEVICE = 1,
    TYPE_CONFIGURATION = 2,
    TYPE_STRING = 3,
    TYPE_INTERFACE = 4,
    TYPE_DFU_FUNCTIONAL = 0x21,
    DEVICE_BYTES = 18,
    CONFIGURATION_BYTES = 9,
    INTERFACE_BYTES = 9,
    FUNCTIONAL_BYTES_1_0 = 7, /* DFU 1.0 has no bcdDFUVersion */
    FUNCTIONAL_BYTES_1_1 = 9,
    CLASS_APPLICATION_SPECIFIC = 0xFE,
    SUBCLASS_DFU = 1,
    PROTOCOL_RUN_TIME = 1,
    PROTOCOL_DFU_MODE = 2
};

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

enum rlk_error rlk_device_descriptor_parse(struct rlk_device_descriptor *device, const uint8_t *bytes, size_t length)
{
    memset(device, 0, sizeof *device);
    if (length < DEVICE_BYTES || bytes[0] != DEVICE_BYTES || bytes[1] != TYPE_DEVICE) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    device->vendor_id = read_u16(&bytes[8]);
    device->product_id = read_u16(&bytes[10]);
    device->bcd_device = read_u16(&bytes[12]);
    device->product_string = bytes[15];
    device->serial_string = bytes[16];
    return RLK_OK;
}

uint16_t rlk_configuration_total_length(const uint8_t *bytes, size_t length)
{
    if (length < CONFIGURATION_BYTES || bytes[0] != CONFIGURATION_BYTES || bytes[1] != TYPE_CONFIGURATION) {
        return 0;
    }
    const uint16_t total = read_u16(&bytes[2]);
    return total >= CONFIGURATION_BYTES ? total : 0;
}

struct walk {
    struct rlk_dfu_interface *dfu;
    uint8_t protocol;    /* of the DFU interface, once one was seen */
    uint32_t alternates; /* a bit for each alternate setting number seen */
    bool inside_dfu;     /* what comes now belongs to the DFU interface */
};

/* Refuses a second DFU interface, and alternates that disagree: nobody could say which one is meant. */
static enum rlk_error visit_dfu_alternate(struct walk *walk, const uint8_t *bytes)
{
    const uint8_t number = bytes[2];
    const uint8_t alternate = bytes[3];
    const uint8_t protocol = bytes[7];
    const bool is_first = walk->alternates == 0;
    if (alternate >= RLK_ALTERNATES_MAX || (walk->alternates >> alternate & 1U) != 0 ||
        (protocol != PROTOCOL_RUN_TIME && protocol != PROTOCOL_DFU_MODE)) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    if (!is_first && (number != walk->dfu->interface_number || protocol != walk->protocol)) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    walk->dfu->interface_number = number;
    walk->dfu->is_dfu_mode = protocol == PROTOCOL_DFU_MODE;
    walk->dfu->alternate_string[alternate] = bytes[8];
    walk->dfu->alternate_count++;
    walk->protocol = protocol;
    walk->alternates |= 1U << alternate;
    return RLK_OK;
}

static enum rlk_error visit_interface(struct walk *walk, const uint8_t *bytes)
{
    if (bytes[0] < INTERFACE_BYTES) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    walk->inside_dfu = bytes[5] == CLASS_APPLICATION_SPECIFIC && bytes[6] == SUBCLASS_DFU;
    return walk->inside_dfu ? visit_dfu_alternate(walk, bytes) : RLK_OK;
}

/* HID uses the same descriptor type, so only what follows a DFU interface counts. ST's ROMs have it once, after the
 * last alternate; should there be one after each, the first counts. */
static enum rlk_error visit_functional(struct walk *walk, const uint8_t *bytes)
{
    struct rlk_dfu_interface *dfu = walk->dfu;
    if (!walk->inside_dfu || dfu->has_functional) {
        return RLK_OK;
    }
    if (bytes[0] < FUNCTIONAL_BYTES_1_0) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    dfu->has_functional = true;
    dfu->attributes = bytes[2];
    dfu->transfer_bytes = read_u16(&bytes[5]);
    dfu->dfu_version = bytes[0] >= FUNCTIONAL_BYTES_1_1 ? read_u16(&bytes[7]) : 0;
    return RLK_OK;
}

static enum rlk_error visit(struct walk *walk, const uint8_t *bytes)
{
    switch (bytes[1]) {
    case TYPE_INTERFACE:
        return visit_interface(walk, bytes);
    case TYPE_DFU_FUNCTIONAL:
        return visit_functional(walk, bytes);
    default:
        return RLK_OK;
    }
}

static enum rlk_error walk_all(struct walk *walk, const uint8_t *bytes, size_t total)
{
    size_t at = CONFIGURATION_BYTES;
    while (at < total) {
        if (total - at < 2U || bytes[at] < 2U || bytes[at] > total - at) {
            return RLK_E_DESCRIPTOR_BAD;
        }
        const enum rlk_error error = visit(walk, &bytes[at]);
        if (error != RLK_OK) {
            return error;
        }
        at += bytes[at];
    }
    if (walk->alternates == 0) {
        return RLK_E_DESCRIPTOR_NO_DFU;
    }
    const bool is_gapless = (walk->alternates & (walk->alternates + 1U)) == 0;
    return is_gapless ? RLK_OK : RLK_E_DESCRIPTOR_BAD;
}

enum rlk_error rlk_dfu_interface_parse(struct rlk_dfu_interface *dfu, const uint8_t *bytes, size_t length)
{
    memset(dfu, 0, sizeof *dfu);
    const size_t total = rlk_configuration_total_length(bytes, length);
    if (total == 0 || total > length) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    struct walk walk = {.dfu = dfu};
    const enum rlk_error error = walk_all(&walk, bytes, total);
    if (error != RLK_OK) {
        memset(dfu, 0, sizeof *dfu);
        return error;
    }
    dfu->configuration_value = bytes[5];
    return RLK_OK;
}

enum rlk_error rlk_string_descriptor_parse(char *text, const uint8_t *bytes, size_t length)
{
    text[0] = '\0';
    if (length < 2U || bytes[0] < 2U || bytes[0] % 2U != 0 || bytes[0] > length || bytes[1] != TYPE_STRING) {
        return RLK_E_DESCRIPTOR_BAD;
    }
    size_t used = 0;
    for (size_t at = 2; at < bytes[0]; at += 2) {
        const uint16_t unit = read_u16(&bytes[at]);
        if (unit == 0) {
            break;
        }
        text[used++] = (char)(unit >= ' ' && unit <= '~' ? unit : '?');
    }
    text[used] = '\0';
    return RLK_OK;
}
