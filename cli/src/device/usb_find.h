/*
 * Which STM32 ROM bootloaders are on the bus, and which of them is meant.
 */
#ifndef RELOCK_CLI_USB_FIND_H
#define RELOCK_CLI_USB_FIND_H

#include "relock/descriptors.h"
#include "relock/error.h"
#include <libusb.h>

#define USB_FOUND_MAX  16U
#define USB_PORT_BYTES 32U

struct usb_found {
    libusb_device *device; /* referenced: usb_found_free gives it back */
    uint8_t address;       /* changes whenever the device leaves and returns */
    uint8_t interface_number;
    uint8_t serial_string, product_string; /* indices, 0 = none */
    char port[USB_PORT_BYTES];             /* "1-2.3": bus, then the ports on the way; stays with the socket */
    char serial[RLK_STRING_TEXT_BYTES];
    char product[RLK_STRING_TEXT_BYTES];
    enum rlk_error
        error; /* after usb_read_strings: why it cannot be opened: RLK_E_NO_PERMISSION, RLK_E_DEVICE_TAKEN; or RLK_OK */
};

/* All devices 0483:DF11 that are in DFU mode, without a word to any of them: one may be erasing itself, another may be
 * at work with somebody else. Returns how many (at most USB_FOUND_MAX). */
size_t usb_find_all(libusb_context *context, struct usb_found *found);
/* Opens a device for a moment to read serial number and product. */
void usb_read_strings(struct usb_found *found);
void usb_found_free(struct usb_found *found, size_t count);

/* RLK_E_NO_PERMISSION, RLK_E_DEVICE_TAKEN or RLK_E_DEVICE_LOST. */
enum rlk_error usb_open_error(int libusb_code);

#endif
