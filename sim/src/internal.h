/* What the simulator's own files share. Not part of its API. */
#ifndef SIM_INTERNAL_H
#define SIM_INTERNAL_H

#include "sim/sim.h"

#define SIM_FLASH_BASE     0x08000000U
#define SIM_ALTERNATES_MAX 4U
#define SIM_SECTOR_RUNS    3U
#define SIM_NO_BIT         0xFFU
#define SIM_RDP_OPEN       0xAAU
#define SIM_RDP_CANONICAL  0xBBU
#define SIM_RDP_FOREVER    0xCCU

/* DFU 1.1 bState and bStatus, as they are on the wire. */
enum {
    DFU_STATE_IDLE = 2,
    DFU_STATE_DNLOAD_SYNC = 3,
    DFU_STATE_DNBUSY = 4,
    DFU_STATE_DNLOAD_IDLE = 5,
    DFU_STATE_MANIFEST_SYNC = 6,
    DFU_STATE_MANIFEST = 7,
    DFU_STATE_UPLOAD_IDLE = 9,
    DFU_STATE_ERROR = 10,
    DFU_STATE_BLOCK_ONE = 15 /* generation A writes an error code into the state after UPLOAD of block 1 */
};
enum {
    DFU_STATUS_OK = 0x00,
    DFU_STATUS_ERR_TARGET = 0x01,
    DFU_STATUS_ERR_FIRMWARE = 0x0A,
    DFU_STATUS_ERR_VENDOR = 0x0B,
    DFU_STATUS_ERR_UNKNOWN = 0x0E
};

/* How a family keeps its option bytes consistent. */
enum sim_option_style {
    SIM_OPTIONS_PLAIN,      /* no complement in the image */
    SIM_OPTIONS_BYTE_PAIRS, /* byte, complement */
    SIM_OPTIONS_WORD_PAIRS  /* 32-bit word, 32-bit complement */
};

struct sim_sector_run {
    uint32_t count;
    uint32_t bytes;
    uint32_t erase_us;
};

/* Where the bits that choose the boot memory are in the family's user word; SIM_NO_BIT if the family lacks one. */
struct sim_boot_bits {
    uint8_t pin_select; /* 1: the BOOT0 pin decides, 0: nBOOT0 does */
    uint8_t n_boot0;
    uint8_t n_boot1; /* 1: system memory, 0: SRAM */
};

struct sim_profile {
    const char *name;
    const char *title;
    const char *serial;
    const char *alternates[SIM_ALTERNATES_MAX]; /* NULL after the last */
    struct sim_sector_run sectors[SIM_SECTOR_RUNS];
    uint32_t flash_bytes;
    uint32_t option_address;
    uint32_t second_option_address; /* 0: none */
    uint32_t otp_address;           /* 0: none */
    uint32_t feature_address;       /* 0: none */
    uint16_t option_bytes;
    uint16_t otp_bytes;
    uint16_t bcd_device;
    uint16_t transfer_bytes;
    uint8_t option_style; /* enum sim_option_style */
    uint8_t rdp_offset;
    uint8_t program_unit_bytes; /* a write's address and length are multiples of it */
    uint8_t timed_unit_bytes;   /* what is programmed in program_unit_us */
    uint32_t program_unit_us_tenths;
    uint32_t mass_erase_us;
    uint32_t option_write_us;
    uint32_t start_us; /* reset to being on the bus */
    uint32_t announced_erase_ms;
    uint32_t announced_other_ms;
    struct sim_boot_bits boot;
    uint8_t has_empty_check;
    uint8_t factory_options[SIM_OPTIONS_MAX_BYTES];
    struct sim_knobs knobs;
};

enum sim_area {
    SIM_AREA_NONE,
    SIM_AREA_FLASH,
    SIM_AREA_OPTIONS,
    SIM_AREA_SECOND_OPTIONS,
    SIM_AREA_OTP,
    SIM_AREA_FEATURE
};

enum sim_boot_cause { SIM_BOOT_POWER_ON, SIM_BOOT_RESET, SIM_BOOT_REGRESSION };

/* profiles.c */
const struct sim_profile *sim_row(const struct sim_device *device);

/* clock.c */
void sim_advance(struct sim_device *device, uint64_t until_us); /* lets events happen up to `until_us` */
bool sim_is_busy(const struct sim_device *device);

/* descriptors.c */
enum sim_outcome sim_standard_request(struct sim_device *device, struct sim_transfer *transfer);

/* rom.c */
enum sim_outcome sim_class_request(struct sim_device *device, struct sim_transfer *transfer);

/* commands.c: starts what the waiting DNLOAD asks for */
void sim_command_start(struct sim_device *device);

/* memory.c */
enum sim_area sim_area_of(const struct sim_device *device, uint32_t address);
uint32_t sim_area_rest(const struct sim_device *device, uint32_t address);        /* bytes to the end of its area */
const uint8_t *sim_area_bytes(const struct sim_device *device, uint32_t address); /* NULL if not readable */
bool sim_sector_at(const struct sim_device *device, uint32_t address, uint32_t *start, struct sim_sector_run *sector);
bool sim_is_blank(const struct sim_device *device, uint32_t address, uint32_t length);
bool sim_is_bootable(const struct sim_device *device, uint32_t address);
uint32_t sim_word(const uint8_t *bytes);

/* work.c */
void sim_work_begin(struct sim_device *device, struct sim_work work, uint64_t typical_us);
void sim_work_finish(struct sim_device *device);
void sim_work_interrupt(struct sim_device *device); /* power or reset: what was done so far stays */

/* options.c */
unsigned sim_level_of(const struct sim_profile *row, const uint8_t *options);
uint32_t sim_user_word(const struct sim_profile *row, const uint8_t *options);
bool sim_options_consistent(const struct sim_profile *row, const uint8_t *options);
bool sim_options_is_complement(const struct sim_profile *row, uint32_t offset);
/* Sets a byte, and its complement where the family's image has them. */
void sim_options_set_byte(const struct sim_profile *row, uint8_t *options, uint32_t offset, uint8_t value);
void sim_options_set_rdp(const struct sim_profile *row, uint8_t *options, uint8_t rdp);
void sim_options_load(struct sim_device *device);
void sim_options_written(struct sim_device *device, const uint8_t *options);
void sim_options_regress(struct sim_device *device);
void sim_options_spoil(struct sim_device *device, const uint8_t *wanted);

/* boot.c */
void sim_boot(struct sim_device *device, enum sim_boot_cause cause);
void sim_leave(struct sim_device *device);
bool sim_returns_after_regression(const struct sim_device *device);
bool sim_boot0_reaches_rom(const struct sim_profile *row, const uint8_t *options);

/* faults.c */
uint32_t sim_fault_take(struct sim_device *device); /* the fault of this transfer; counts the transfer */
bool sim_fault_cuts_write(struct sim_device *device);
void sim_fault_flip(struct sim_device *device, uint8_t *data, size_t length, unsigned bits);

/* judge.c */
void sim_judge(struct sim_device *device, const char *text);
void sim_judge_hex(struct sim_device *device, const char *text, uint32_t value, unsigned digits);
void sim_judge_download(struct sim_device *device);
void sim_judge_options(struct sim_device *device, const uint8_t *options); /* what is about to be stored */

#endif
