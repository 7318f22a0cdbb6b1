/*
 * A strict model of ST's USB DFU ROM bootloader, seen from the device's side.
 *
 * It is a witness: written from the published facts, stricter than the chip, and it judges its host. It knows
 * nothing of the engine. No allocation, no I/O, no globals, no wall clock: time is virtual, in microseconds,
 * and only passes when the host sleeps (sim_sleep), when a transfer is on the wire, or when the ROM holds one.
 *
 * A device is one plain value without pointers: it may be copied, kept in a file, or mapped from one.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_SERIAL_DIGITS        12U
#define SIM_FLASH_MAX_BYTES      (2048U * 1024U)
#define SIM_OPTIONS_MAX_BYTES    304U
#define SIM_FAULTS_MAX           4U
#define SIM_VIOLATIONS_MAX       8U
#define SIM_VIOLATION_TEXT_BYTES 96U

/* How a transfer ended, as a USB host controller would know it. */
enum sim_outcome {
    SIM_OK,      /* data stage and status stage completed */
    SIM_STALL,   /* the device answered with a STALL handshake */
    SIM_TIMEOUT, /* nothing happened within timeout_ms of virtual time */
    SIM_GONE,    /* the device left the bus before or during the transfer */
    SIM_FAILED   /* the host controller reports an unspecified failure (only by SIM_FAULT_FAILED) */
};

/* When an RDP change that was written to the option bytes takes effect (a knob: the facts leave it open). */
enum sim_reload {
    SIM_RELOAD_AT_ONCE,    /* the write itself launches the reload: the reset already sees the new level */
    SIM_RELOAD_AT_RESET,   /* any reset loads the new options */
    SIM_RELOAD_AT_POWER_ON /* only removing and restoring power loads them */
};

/* How an UPLOAD that is refused ends (ST's published DFU classes differ). GETSTATUS then has the reason. */
enum sim_refusal {
    SIM_REFUSAL_STALL,       /* STALL, dfuERROR: generation A, and the USBX class */
    SIM_REFUSAL_EMPTY,       /* a reply of zero bytes, dfuERROR: Cube class up to 2.10 */
    SIM_REFUSAL_VENDOR_STATE /* STALL, and bState 0x0F: Cube class from 2.11.2 on */
};

/* What the GETSTATUS that carries out the leave request says. */
enum sim_leave_answer {
    SIM_LEAVE_MANIFEST,   /* dfuMANIFEST (7) */
    SIM_LEAVE_WAIT_RESET, /* dfuMANIFEST-WAIT-RESET (8): C5 */
    SIM_LEAVE_QUIET       /* the idle state that it was in: OpenBL of U5 and H5 */
};

/* What a host-side or device-side fault does to the one operation it hits. */
enum sim_fault_kind {
    SIM_FAULT_NONE,
#define SIM_FAULT_KIND(constant, name, what) SIM_FAULT_##constant,
#include "sim/fault_list.h"
    SIM_FAULT_KINDS
};

/* One planned fault. `at` counts transfers from 0 since sim_init or sim_faults_clear, except for POWER_CUT, which
 * counts flash programs, flash erases and option writes. */
struct sim_fault {
    uint32_t kind; /* enum sim_fault_kind */
    uint32_t at;
};

/* What the device did, by its own count. */
struct sim_counters {
    uint32_t transfers;         /* every control transfer, standard requests and SET_INTERFACE included */
    uint32_t standard_requests; /* of those: standard ones */
    uint32_t bytes_in;
    uint32_t bytes_out;
    uint32_t blocks_programmed;
    uint32_t sectors_erased;
    uint32_t sectors_erased_blank; /* of those: were blank already (a needless erase) */
    uint32_t early_polls;          /* GETSTATUS that came before the announced time or while busy */
    uint32_t regressions;          /* level 1 -> 0 carried out */
    uint32_t option_writes;
    uint32_t resets;
    uint32_t power_cycles;
    uint32_t violations;
};

/* Knobs of one device; sim_init sets the profile's own. They may be changed between transfers. */
struct sim_knobs {
#define SIM_KNOB(type, name, what) type name;
#include "sim/knob_list.h"
};

struct sim_profile; /* one row of sim/src/profiles*.c */

/* A simulated device. All fields are the simulator's; use the functions below. */
struct sim_device; /* the definition is in sim/device.h, included at the end: callers need its size only */

/* Everything a control transfer carries. */
struct sim_setup {
    uint8_t request_type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length;
};

#define SIM_NEVER UINT64_MAX /* a time that does not come */

/* One control transfer under way, for a host that has other things to do meanwhile (sim_transfer_begin). */
struct sim_transfer {
    uint64_t wake_us;         /* the device's time at which it goes on; SIM_NEVER: not by itself */
    size_t actual;            /* when it has ended: bytes of an IN data stage */
    enum sim_outcome outcome; /* when it has ended */
    /* The simulator's own: */
    const struct sim_setup *setup;
    uint8_t *data;
    uint64_t deadline_us;
    uint32_t fault;
    uint32_t arrival;
    unsigned phase;
};

/* Profiles have stable lower-case names such as "stm32f405". The basic ones, by index: ROMs of generation A without
 * surprises, which any host must bring through a locked update. NULL beyond the last. */
size_t sim_profile_count(void);
const char *sim_profile_name(size_t index);
const char *sim_profile_title(size_t index); /* e.g. "STM32F405, 1 MiB, ROM 2.2" */

/* All of them, the basic ones first: every family, and some devices that are none. */
size_t sim_every_profile_count(void);
const char *sim_every_profile_name(size_t index);
const char *sim_every_profile_title(size_t index);
const struct sim_profile *sim_profile_find(const char *name); /* of all; NULL if unknown */

/* Makes a device: powered, BOOT0 as `boot0_high`, flash holding a pseudo-random "old application" (with a plausible
 * vector table), options as a product has them with the RDP byte of `rdp_level` (0, 1 or 2), booted accordingly. A
 * level that the chip does not have is taken as the next lower one. */
void sim_init(struct sim_device *device, const struct sim_profile *profile, unsigned rdp_level, bool boot0_high);

/* Gives it this serial number: at most SIM_SERIAL_DIGITS printable ASCII characters, "" for none; else false. A
 * profile's own is one of its family's, and on some families the same on every unit. */
bool sim_set_serial(struct sim_device *device, const char *serial);
const char *sim_serial(const struct sim_device *device); /* what it shows: serial_shared counts */

/* Enters the ROM as an application would, by a jump: BOOT0 stays as it is. Only possible while powered. */
void sim_enter_rom_by_jump(struct sim_device *device);

/* One control transfer. OUT: `data` holds setup->length bytes. IN: `data` has room for setup->length bytes and
 * *actual is set. SET_INTERFACE is request_type 0x01, request 0x0B. Returns as a host controller would know it.
 * Virtual time passes as the ROM's generation demands; never more than timeout_ms in one transfer. */
enum sim_outcome sim_control(struct sim_device *device, const struct sim_setup *setup, uint8_t *data, size_t *actual,
                             uint32_t timeout_ms);

/* The same in steps, for a host whose time is not the device's alone. Begins a transfer at the device's present time;
 * `setup` and `data` (as for sim_control) stay the caller's and must outlive it. There is no deadline: the host's
 * patience is its own. A LATE one comes after 3.75 s. */
void sim_transfer_begin(struct sim_device *device, struct sim_transfer *transfer, const struct sim_setup *setup,
                        uint8_t *data);
/* Goes on as far as the device's present time allows. True: it has ended, `outcome` and `actual` are set. False: call
 * again when the device's time has come to `wake_us`. It may be dropped at any time, as a host does that gives up: what
 * the device has seen of it then remains. */
bool sim_transfer_step(struct sim_device *device, struct sim_transfer *transfer);

/* The host sleeps; pending device work (erase, reset, re-enumeration) goes on meanwhile. */
void sim_sleep(struct sim_device *device, uint32_t duration_ms);
void sim_sleep_until(struct sim_device *device, uint64_t until_us); /* a time passed already: nothing; not SIM_NEVER */
uint64_t sim_now_us(const struct sim_device *device);

/* When something will happen by itself: work ends, the ROM comes on the bus or leaves it. SIM_NEVER: nothing will. */
uint64_t sim_next_event_us(const struct sim_device *device);

/* bwPollTimeout that a GETSTATUS in the present state announces; not 0 only while the ROM says that it is busy. */
uint32_t sim_poll_ms(const struct sim_device *device);

/* Is the ROM on the bus, and what it is doing ends in its departure: a reset, or the start of the application? */
bool sim_is_departing(const struct sim_device *device);

/* Is the ROM on the bus now, and which arrival is it (1, 2, …)? A host's handle is dead once this number has moved. */
bool sim_is_on_bus(const struct sim_device *device);
uint32_t sim_arrival(const struct sim_device *device);

/* Virtual time until the ROM will be on the bus if nobody touches it; UINT32_MAX if it never will. */
uint32_t sim_ms_until_on_bus(const struct sim_device *device);

/* The person: BOOT0, cable (which is power), reset button. */
void sim_set_boot0(struct sim_device *device, bool high);
bool sim_boot0(const struct sim_device *device);
void sim_unplug(struct sim_device *device);
void sim_plug(struct sim_device *device);
void sim_press_reset(struct sim_device *device);

/* Faults and knobs. */
bool sim_fault_add(struct sim_device *device, struct sim_fault fault); /* false if SIM_FAULTS_MAX are planned */
void sim_faults_clear(struct sim_device *device);                      /* and restarts the transfer count of `at` */
const char *sim_fault_kind_name(unsigned kind);                        /* NULL beyond the last */
struct sim_knobs *sim_knobs(struct sim_device *device);
const char *sim_knob_name(size_t index); /* the field's name; NULL beyond the last */
/* Sets the knob of that name; false if there is none. What does not fit its field is cut. */
bool sim_knob_set(struct sim_device *device, const char *name, uint32_t value);

/* What only the simulator can know: truth, counters, judgement. */
unsigned sim_rdp_level(const struct sim_device *device);        /* the level in force */
unsigned sim_stored_rdp_level(const struct sim_device *device); /* the level the stored option bytes mean */
const uint8_t *sim_flash(const struct sim_device *device, uint32_t *size);
uint8_t *sim_flash_mutable(struct sim_device *device, uint32_t *size); /* to damage or preload it */
const uint8_t *sim_options(const struct sim_device *device, uint32_t *size);
uint8_t *sim_options_mutable(struct sim_device *device, uint32_t *size);
const struct sim_counters *sim_counters(const struct sim_device *device);
/* Declares which option bits may change besides RDP: those of `mask` in the byte at `offset` of the block, and to the
 * ones in `value` only. Without such a declaration every change is a violation. It is the tests', or a person's, from
 * what the device's maker wishes: never the judged host's. Several for one byte add up. False beyond the block, and for
 * a bit of the RDP byte or of a complement: those follow their bytes. */
bool sim_allow_option_bits(struct sim_device *device, uint32_t offset, uint8_t mask, uint8_t value);
const char *sim_violation(const struct sim_device *device, size_t index); /* NULL beyond the last kept */
uint16_t sim_bcd_device(const struct sim_device *device); /* of its device descriptor, as the two that follow */
uint16_t sim_vendor_id(const struct sim_device *device);
uint16_t sim_product_id(const struct sim_device *device);
const char *sim_profile_of(const struct sim_device *device);      /* its profile's name */
bool sim_is_running_application(const struct sim_device *device); /* left DFU and its flash is bootable */
bool sim_is_stranded(const struct sim_device *device); /* no way back into the ROM by BOOT0, replug or reset remains */

/* A device that was kept in a file: is this really one, of this version and size? */
size_t sim_device_size(void);
bool sim_device_is_sound(const void *bytes, size_t size);

#include "sim/device.h"

#endif
