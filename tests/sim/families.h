/* What the published facts say of each simulated device, written down once more: the model is held to this. */
#ifndef TESTS_SIM_FAMILIES_H
#define TESTS_SIM_FAMILIES_H

#include "support.h"

enum form { FORM_NONE, FORM_PLAIN, FORM_BYTES, FORM_HALFWORDS, FORM_WORDS, FORM_REGISTERS, FORM_TWO_WORDS };

struct family {
    const char *name;
    uint32_t option_addr;  /* 0: the bootloader does not reach them */
    uint16_t option_bytes; /* to write */
    uint16_t transfer_bytes;
    uint16_t usb; /* bcdUSB */
    uint8_t alternates;
    uint8_t form;
    uint8_t open;      /* the protection byte of level 0 */
    uint8_t canonical; /* of level 1; 0: there is none */
    uint8_t forever;   /* of level 2; 0: there is none, or all that is not open */
    uint8_t erased;
    uint8_t unit;            /* alignment of writes */
    uint32_t writable_addr;  /* a sector that may be written; 0: there is no flash */
    uint32_t vendor_product; /* 0: ST's */
};

extern const struct family families[];
extern const size_t family_count;

/* Puts the protection byte into an image that was read, as a host should. */
void family_set_rdp(const struct family *family, uint8_t *image, uint8_t rdp);

/* DNLOAD, then GETSTATUS as patient hosts do: announced sleeps, a STALL is asked again, until no dfuDNBUSY is left. */
struct answer carry_out(struct sim_device *device, uint16_t block, const uint8_t *data, uint16_t length);
struct answer carry_out_at(struct sim_device *device, uint8_t opcode, uint32_t address);
struct answer wait_while_busy(struct sim_device *device);
/* CLRSTATUS or ABORT, up to three times, until dfuIDLE. */
void clear_all(struct sim_device *device);
/* UPLOAD of block 2 from there. */
enum sim_outcome fetch(struct sim_device *device, uint32_t address, uint8_t *data, uint16_t length, size_t *actual);
/* Power off and on with BOOT0 held, and the wait for it. */
void replug_into_rom(struct sim_device *device);

#endif
