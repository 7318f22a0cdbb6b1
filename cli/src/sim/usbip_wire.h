/*
 * The packets of USB/IP, protocol version 1.1.1 (the kernel's Documentation/usb/usbip_protocol.rst), from the side of
 * the one who has the devices. Bytes in, bytes out: no I/O, no state, nothing is trusted.
 */
#ifndef RELOCK_CLI_USBIP_WIRE_H
#define RELOCK_CLI_USBIP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USBIP_BUS_ID_BYTES    32U
#define USBIP_DATA_MAX_BYTES  65535U /* wLength cannot say more */
#define USBIP_COMMAND_BYTES   48U
#define USBIP_REQUEST_BYTES   (USBIP_COMMAND_BYTES + USBIP_DATA_MAX_BYTES) /* no request is longer */
#define USBIP_LIST_BYTES      12U
#define USBIP_IMPORT_BYTES    8U
#define USBIP_DEVICE_BYTES    312U
#define USBIP_INTERFACE_BYTES 4U

/* Linux's errno values, as they are on the wire on every system. */
enum { USBIP_DONE = 0, USBIP_EPIPE = -32, USBIP_EPROTO = -71, USBIP_ECONNRESET = -104 };

enum usbip_kind { USBIP_LIST, USBIP_IMPORT, USBIP_SUBMIT, USBIP_UNLINK };

struct usbip_request {
    enum usbip_kind kind;
    size_t bytes;                         /* how many bytes it has */
    char bus_id[USBIP_BUS_ID_BYTES + 1U]; /* IMPORT */
    uint32_t sequence;                    /* SUBMIT, UNLINK */
    uint32_t device;                      /* SUBMIT, UNLINK: as usbip_device_number */
    uint32_t unlinked_sequence;           /* UNLINK */
    uint32_t endpoint;                    /* SUBMIT, UNLINK: without its direction */
    bool is_in;                           /* SUBMIT */
    uint32_t length;                      /* SUBMIT: room of an IN transfer, data of an OUT transfer */
    const uint8_t *setup;                 /* SUBMIT: 8 bytes, inside the parsed ones */
    const uint8_t *data;                  /* SUBMIT, OUT: `length` bytes, inside the parsed ones */
};

/* Reads one request from the beginning of `bytes`. Before a device was imported these are USBIP_LIST and USBIP_IMPORT,
 * afterwards USBIP_SUBMIT and USBIP_UNLINK (`is_imported`). NULL: `request` is set if `request->bytes` is not 0, and
 * else more bytes are needed (never more than USBIP_REQUEST_BYTES in all). Not NULL: what is wrong with them, for
 * people; nothing that follows can be understood. */
const char *usbip_parse(const uint8_t *bytes, size_t length, bool is_imported, struct usbip_request *request);

/* A device as it is listed. One configuration with one interface, DFU mode; full speed. */
struct usbip_device {
    const char *path;   /* any name, cut to 255 bytes */
    const char *bus_id; /* "1-1" */
    uint32_t bus_number, device_number;
    uint16_t vendor, product, bcd_device;
};

/* What SUBMIT and UNLINK carry to name it. */
uint32_t usbip_device_number(const struct usbip_device *device);

/* Writers: `out` has room for the length in their name. */
void usbip_put_list(uint8_t *out, uint32_t device_count);               /* USBIP_LIST_BYTES, then for each: */
void usbip_put_device(uint8_t *out, const struct usbip_device *device); /* USBIP_DEVICE_BYTES, */
void usbip_put_interface(uint8_t *out);                                 /* and USBIP_INTERFACE_BYTES */
void usbip_put_import(uint8_t *out, bool is_granted); /* USBIP_IMPORT_BYTES, and USBIP_DEVICE_BYTES if so */
/* USBIP_COMMAND_BYTES, then the data of an IN transfer. `status` is one of USBIP_DONE and the negative values. */
void usbip_put_submitted(uint8_t *out, uint32_t sequence, int32_t status, uint32_t actual);
void usbip_put_unlinked(uint8_t *out, uint32_t sequence, int32_t status); /* USBIP_COMMAND_BYTES */

#endif
