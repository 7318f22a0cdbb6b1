/*
 * USB descriptors of a DFU device, from raw bytes (USB 2.0 §9.6, DFU 1.1 §4.1, AN3156).
 */
#ifndef RELOCK_DESCRIPTORS_H
#define RELOCK_DESCRIPTORS_H

#include "relock/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_ALTERNATES_MAX    8U
#define RLK_CONFIG_BYTES_MAX  512U /* the longest configuration descriptor that is read */
#define RLK_STRING_TEXT_BYTES 128U

struct rlk_device_descriptor {
    uint16_t vendor_id;
    uint16_t product_id;
    uint16_t bcd_device;
    uint8_t serial_string;  /* index, 0 = none */
    uint8_t product_string; /* index, 0 = none */
};

/* The one DFU interface of a configuration. */
struct rlk_dfu_interface {
    uint8_t configuration_value;
    uint8_t interface_number;
    uint8_t alternate_count;
    uint8_t alternate_string[RLK_ALTERNATES_MAX]; /* iInterface by alternate setting number, 0 = none */
    bool is_dfu_mode;                             /* protocol 2 (DFU mode), not 1 (run time) */
    bool has_functional;                          /* a DFU functional descriptor was there */
    uint8_t attributes;                           /* bmAttributes, 0 if none */
    uint16_t transfer_bytes;                      /* wTransferSize, 0 if none */
    uint16_t dfu_version;                         /* bcdDFUVersion, 0x011A = DfuSe; 0 if none */
};

/* Both fail with RLK_E_DESCRIPTOR_BAD (too short, lengths that lie) or, for the second, RLK_E_DESCRIPTOR_NO_DFU. */
enum rlk_error rlk_device_descriptor_parse(struct rlk_device_descriptor *device, const uint8_t *bytes, size_t length);
enum rlk_error rlk_dfu_interface_parse(struct rlk_dfu_interface *dfu, const uint8_t *bytes, size_t length);

/* wTotalLength out of the first 9 bytes of a configuration descriptor; 0 if they are not that. */
uint16_t rlk_configuration_total_length(const uint8_t *bytes, size_t length);

/*
 * A string descriptor as printable ASCII; what is not printable becomes '?', and U+0000 ends it. Always NUL-terminates
 * `text`, which has RLK_STRING_TEXT_BYTES. Fails with RLK_E_DESCRIPTOR_BAD; `text` is then empty.
 */
enum rlk_error rlk_string_descriptor_parse(char *text, const uint8_t *bytes, size_t length);

#endif
