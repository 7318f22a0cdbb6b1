#include "device/usb_find.h"
#include "output/text.h"
#include <stdio.h>
#include <string.h>

#define VENDOR_ID  0x0483U
#define PRODUCT_ID 0xDF11U

/* DFU 1.1 §4.2.3: the interface of a device in DFU mode. */
#define DFU_CLASS         0xFEU
#define DFU_SUBCLASS      0x01U
#define DFU_MODE_PROTOCOL 0x02U

#define PORT_DEPTH_MAX 7

enum rlk_error usb_open_error(int libusb_code)
{
    if (libusb_code == LIBUSB_ERROR_ACCESS) {
        return RLK_E_NO_PERMISSION;
    }
    return libusb_code == LIBUSB_ERROR_BUSY ? RLK_E_DEVICE_TAKEN : RLK_E_DEVICE_LOST;
}

static bool is_dfu_mode(const struct libusb_interface_descriptor *setting)
{
    return setting->bInterfaceClass == DFU_CLASS && setting->bInterfaceSubClass == DFU_SUBCLASS &&
           setting->bInterfaceProtocol == DFU_MODE_PROTOCOL;
}

static bool find_interface(libusb_device *device, uint8_t *interface_number)
{
    struct libusb_config_descriptor *configuration = NULL;
    if (libusb_get_config_descriptor(device, 0, &configuration) != 0) {
        return false;
    }
    bool is_found = false;
    for (uint8_t i = 0; i < configuration->bNumInterfaces && !is_found; i++) {
        const struct libusb_interface *entry = &configuration->interface[i];
        is_found = entry->num_altsetting > 0 && is_dfu_mode(&entry->altsetting[0]);
        *interface_number = is_found ? entry->altsetting[0].bInterfaceNumber : 0;
    }
    libusb_free_config_descriptor(configuration);
    return is_found;
}

static void name_port(struct usb_found *found)
{
    uint8_t ports[PORT_DEPTH_MAX];
    int depth = libusb_get_port_numbers(found->device, ports, PORT_DEPTH_MAX);
    int used = snprintf(found->port, sizeof found->port, "%u", libusb_get_bus_number(found->device));
    for (int i = 0; i < depth && used < (int)sizeof found->port; i++) {
        used += snprintf(found->port + used, sizeof found->port - (size_t)used, "%c%u", i == 0 ? '-' : '.', ports[i]);
    }
}

static void read_string(libusb_device_handle *handle, uint8_t index, char *text)
{
    unsigned char raw[RLK_STRING_TEXT_BYTES];
    text[0] = '\0';
    if (index != 0 && libusb_get_string_descriptor_ascii(handle, index, raw, sizeof raw) > 0) {
        raw[sizeof raw - 1] = '\0';
        text_clean(text, RLK_STRING_TEXT_BYTES, (const char *)raw);
    }
}

void usb_read_strings(struct usb_found *found)
{
    libusb_device_handle *handle = NULL;
    int code = libusb_open(found->device, &handle);
    if (code != 0) {
        found->error = usb_open_error(code);
        return;
    }
    read_string(handle, found->serial_string, found->serial);
    read_string(handle, found->product_string, found->product);
    libusb_close(handle);
}

static bool take_note(struct usb_found *found, libusb_device *device)
{
    struct libusb_device_descriptor descriptor;
    *found = (struct usb_found){.device = device, .address = libusb_get_device_address(device)};
    if (libusb_get_device_descriptor(device, &descriptor) != 0 || descriptor.idVendor != VENDOR_ID ||
        descriptor.idProduct != PRODUCT_ID || !find_interface(device, &found->interface_number)) {
        return false;
    }
    found->serial_string = descriptor.iSerialNumber;
    found->product_string = descriptor.iProduct;
    name_port(found);
    libusb_ref_device(device);
    return true;
}

size_t usb_find_all(libusb_context *context, struct usb_found *found)
{
    libusb_device **devices = NULL;
    ssize_t count = libusb_get_device_list(context, &devices);
    size_t found_count = 0;
    for (ssize_t i = 0; i < count && found_count < USB_FOUND_MAX; i++) {
        if (take_note(&found[found_count], devices[i])) {
            found_count++;
        }
    }
    if (count >= 0) {
        libusb_free_device_list(devices, 1);
    }
    return found_count;
}

void usb_found_free(struct usb_found *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        libusb_unref_device(found[i].device);
    }
}
