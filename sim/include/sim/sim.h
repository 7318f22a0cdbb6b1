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
    SIM_FAULT_STALL,         /* the transfer is answered with STALL and not executed */
    SIM_FAULT_TIMEOUT,       /* the transfer is lost before the device sees it; the host waits its timeout */
    SIM_FAULT_TIMEOUT_AFTER, /* the device executes the transfer, the answer is lost; the host waits its timeout */
    SIM_FAULT_GONE,          /* the cable is pulled (power too) before the transfer */
    SIM_FAULT_GONE_AFTER,    /* the cable is pulled (power too) right after the device executed the transfer */
    SIM_FAULT_FAILED,        /* the host controller reports an unspecified failure; the device saw nothing */
    SIM_FAULT_SHORT,         /* an IN transfer returns half of its bytes */
    SIM_FAULT_FLIP_ONE,      /* one bit of the data of an IN transfer is flipped */
    SIM_FAULT_FLIP_TWO,      /* two bits are flipped */
    SIM_FAULT_LATE,          /* the answer comes after 3/4 of the host's timeout */
    SIM_FAULT_POWER_CUT,     /* power fails in the middle of the n-th flash or option write (place counts those) */
    SIM_FAULT_STALL_AFTER,   /* the device executes the transfer, then answers with STALL */
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

/* Knobs of one device; sim_init sets the profile's own. They may be changed between transfers. 1 unless said otherwise:
 * the device behaves so. Sources: chips and ROMs as named; CODE is ST's published relatives of the ROMs. */
struct sim_knobs {
    uint32_t seal_reload;          /* enum sim_reload: when a written RDP level takes effect */
    uint32_t regression_reload;    /* enum sim_reload: when the regression's level 0 takes effect */
    uint8_t dead_after_seal;       /* 1: neither ROM nor application answers after sealing until power-on (L4) */
    uint8_t empty_check_at_reset;  /* 1: the regression's own reset evaluates the empty check too, not only power-on */
    uint8_t set_address_refused;   /* 1: SET ADDRESS POINTER itself answers errVENDOR at level 1 (seen on F4) */
    uint8_t options_readable_rdp1; /* 1: option bytes stay readable at level 1 */
    uint8_t first_contact_error;   /* 1: state after reset is dfuERROR/errFIRMWARE (generation A) */
    uint8_t early_poll_stalls;     /* 1: an early GETSTATUS is stalled (FS device core); 0: it is held (OTG core) */
    uint8_t get_list_short;        /* 1: GET answers without 0x92 */
    uint8_t unprotect_refused;     /* 1: 0x92 answers dfuERROR (write protection or a key) */
    uint8_t drops_writes;          /* 1: writes are acknowledged and dropped */
    uint8_t options_reset_by_regression; /* 1: regression restores factory options, 0: only the RDP byte changes */
    uint8_t level1_looks_dead_on_usb3;   /* 1: every class-request data stage fails: the false sign of protection */
    uint8_t work_in_first_poll;          /* 1: generation B: the first GETSTATUS lasts as long as the operation */
    uint8_t boot0_fixed;                 /* 1: nobody can reach the BOOT0 pin: sim_set_boot0 does nothing */
    uint8_t serial_changes;              /* 1: each arrival on the bus shows another serial number */
    uint32_t typical_percent;            /* 100: typical flash times of the data sheet; 200: twice as long … */

    /* The DFU state machine. */
    uint32_t announced_ms;      /* not 0: bwPollTimeout of each operation, whatever it is; 0xFFFFFF is the largest */
    uint32_t refused_upload;    /* enum sim_refusal */
    uint32_t leave_answer;      /* enum sim_leave_answer */
    uint32_t transfer_limit;    /* not 0: longer blocks fail, whatever is announced (early L43x: 1024 of 2048) */
    uint8_t busy_after_failure; /* an erase or write that fails leaves dfuDNBUSY for ever (Cube class up to 2.10) */
    uint8_t vendor_for_any_failure; /* each failed erase or write reports errVENDOR (Cube class from 2.11.2 on) */
    uint8_t double_clear;           /* after a refusal one CLRSTATUS leads to dfuERROR/errUNKNOWN (Cube class) */
    uint8_t no_busy;                /* the work is done before the DNLOAD is answered, never dfuDNBUSY (C5) */
    uint8_t work_at_download;       /* the work begins with the DNLOAD; a second early poll is stalled (USBX class) */
    uint8_t strict_clear;           /* CLRSTATUS outside dfuERROR is stalled, and makes an error (USBX class, C5) */
    uint8_t leave_loses_status;     /* the chip leaves before that GETSTATUS is answered (Cube class; seen on WB55) */
    uint8_t leave_is_ignored;       /* the leave request is acknowledged, and the ROM stays (L5 V9.0: AN2606) */
    uint8_t leave_at_download;      /* the chip leaves with the leave request, before any GETSTATUS (GD32: dfu-util) */
    uint32_t stalls_every;          /* not 0: each so-manyth class request is stalled, not executed (L43x: AN2606) */
    uint8_t erase_moves_pointer;    /* an erase moves the address pointer (all but Cube class from 2.11.2 on, and C5) */
    /* Writing, erasing and write protection. */
    uint32_t protected_sectors;        /* so many sectors from the start keep their bytes; writes answer OK (AN3156) */
    uint32_t pcrop_sectors;            /* so many at the end: not readable, kept by all, by a regression too */
    uint8_t protected_erase_fails;     /* erasing a protected sector reports a failure; 0: it answers OK (G0 CODE) */
    uint8_t protection_blocks_regress; /* 0x92 fails while sectors are protected (F4: RM0402 3.6.4) */
    uint8_t drops_writes_rdp1;         /* writes and erases are acknowledged and dropped at level 1 only (seen on U5) */
    uint8_t odd_blocks_corrupt;        /* blocks over 256 bytes, no multiple of 8: wrong bytes (L43x, L47x: AN2606) */
    uint8_t second_bank_wedge;         /* an erase from 0x08100000 on is done, and dfuDNBUSY stays (seen on H743) */
    uint8_t second_bank_kept;          /* an erase from 0x08100000 on answers OK and does nothing (F42x: AN2606) */
    uint8_t bootloader_in_flash;       /* RDP is no hindrance: the bootloader is part of the application's flash */
    /* Option bytes. */
    uint32_t options_served;               /* not 0: so many bytes of those announced are read and written (G431: 40) */
    uint8_t boot_add_lost;                 /* a regression leaves the boot addresses erased (F7: rusefi 3597) */
    uint8_t options_invalid_after_regress; /* a regression leaves all words but the first 0, complements too (L151) */
    uint8_t program_words_stale;           /* the words to program read as all ones, not as those in force (H7) */
    uint8_t option_launch_broken; /* an option write neither resets nor loads: power-on does (L5 V13.0: AN2606) */
    uint8_t tzen;                 /* TrustZone is on: 0x92 is refused (L5, U5, U3, WBA) */
    uint8_t oem1_key;             /* an OEM1 key is set: 0x92 is refused (U0, U3, U5, WBA) */
    /* Power, start, identity. */
    uint8_t empty_flag_cleared;   /* the ROM's start clears EMPTY: a later reset while blank crashes (G0B1: AN2606) */
    uint8_t reset_after_power_on; /* nothing answers after power-on until a reset (H74x V9.0: AN2606) */
    uint8_t silent_at_level1;     /* the ROM does not come on the bus at level 1 (one report of an F303) */
    uint8_t jump_bounces;         /* a jump into the ROM starts the application again (F04x, F070x6: AN2606) */
    uint8_t jump_hangs_rdp1;      /* a jump into the ROM at level 1 crashes (reports of F105, F072) */
    uint8_t serial_shared;        /* shows FFFFFFFEFFFF, as many units do */
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
