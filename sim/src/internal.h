/* What the simulator's own files share. Not part of its API. */
#ifndef SIM_INTERNAL_H
#define SIM_INTERNAL_H

#include "sim/sim.h"

#define SIM_FLASH_BASE     0x08000000U
#define SIM_ALTERNATES_MAX 4U
#define SIM_SECTOR_RUNS    6U
#define SIM_NO_BIT         0xFFU
#define SIM_SECOND_BANK    0x08100000U /* of the 2 MiB parts */

/* DFU 1.1 bState and bStatus, as they are on the wire. */
enum {
    DFU_STATE_IDLE = 2,
    DFU_STATE_DNLOAD_SYNC = 3,
    DFU_STATE_DNBUSY = 4,
    DFU_STATE_DNLOAD_IDLE = 5,
    DFU_STATE_MANIFEST_SYNC = 6,
    DFU_STATE_MANIFEST = 7,
    DFU_STATE_WAIT_RESET = 8,
    DFU_STATE_UPLOAD_IDLE = 9,
    DFU_STATE_ERROR = 10,
    DFU_STATE_STALLED_PACKET = 15 /* no state of DFU: some ROMs write the error code errSTALLEDPKT into it */
};
enum {
    DFU_STATUS_OK = 0x00,
    DFU_STATUS_ERR_TARGET = 0x01,
    DFU_STATUS_ERR_FIRMWARE = 0x0A,
    DFU_STATUS_ERR_VENDOR = 0x0B,
    DFU_STATUS_ERR_UNKNOWN = 0x0E,
    DFU_STATUS_ERR_STALLED_PACKET = 0x0F
};

/* Whose code the ROM looks like; generations.c says what that means. */
enum sim_generation_name {
    SIM_GENERATION_A,     /* FS-library lineage */
    SIM_GENERATION_B_OLD, /* Cube DFU class up to 2.10 */
    SIM_GENERATION_B_NEW, /* Cube DFU class from 2.11.2 on */
    SIM_GENERATION_C,     /* USBX, as OpenBL of U5 and H5 */
    SIM_GENERATION_C5,    /* USBX, as OpenBL of C5 */
    SIM_GENERATIONS
};

/* What becomes of an opcode that the ROM does not know. */
enum sim_unknown_command {
    SIM_UNKNOWN_IGNORED,
    SIM_UNKNOWN_STALLS,      /* its GETSTATUS is stalled after the fact */
    SIM_UNKNOWN_LONG_STALLS, /* the same, but one byte alone is ignored */
    SIM_UNKNOWN_DEAF         /* busy until the next reset: GETSTATUS is stalled */
};

/* What the opcode 0x41 alone does. */
enum sim_mass_erase { SIM_MASS_ERASE_WORKS, SIM_MASS_ERASE_UNKNOWN, SIM_MASS_ERASE_SOME_PAGE };

/* What a generation does that no knob changes. */
struct sim_generation {
    const char *product;
    uint16_t bcd_usb;
    uint16_t abort_states; /* bit n: ABORT in state n leads to dfuIDLE */
    uint8_t configuration_string;
    uint8_t first_interface_string;
    uint8_t functional_alone;  /* 1: the functional descriptor is answered on its own too */
    uint8_t strays_are_errors; /* 1: a request out of its state is stalled and makes an error; 0: it changes nothing */
    uint8_t abort_stalls;      /* 1: so does ABORT elsewhere; 0: it is acknowledged and has no effect */
    uint8_t drops_failures;    /* 1: an erase or write never reports a failure */
    uint8_t get_fills;         /* 1: GET returns as many bytes as were asked for */
    uint8_t error_poll_ms;     /* bwPollTimeout in dfuERROR */
    uint8_t unknown_command;   /* enum sim_unknown_command */
    uint8_t mass_erase;        /* enum sim_mass_erase */
    uint8_t state_in_busy_stalls; /* 1: GETSTATE is stalled in dfuDNBUSY */
};

/* How a family keeps its option bytes. */
enum sim_option_style {
    SIM_OPTIONS_PLAIN,          /* no complement in the image */
    SIM_OPTIONS_BYTE_PAIRS,     /* byte, complement */
    SIM_OPTIONS_HALFWORD_PAIRS, /* 16-bit value, 16-bit complement */
    SIM_OPTIONS_WORD_PAIRS,     /* 32-bit word, 32-bit complement */
    SIM_OPTIONS_REGISTERS,      /* an image of registers: what a short write does not reach stays */
    SIM_OPTIONS_REGISTER_PAIRS  /* of each register the word in force and the word to program */
};

/* Offsets of the two words of a register. */
struct sim_register_pair {
    uint16_t current;
    uint16_t program;
};

/* What the readout protection byte means. */
struct sim_rdp {
    uint16_t read;     /* offset of the byte in force */
    uint16_t write;    /* offset of the byte that a write changes */
    uint8_t open;      /* level 0 */
    uint8_t canonical; /* the level 1 byte that a host should write; 0: there is no level 1 */
    uint8_t forever;   /* level 2; 0: there is none */
    uint8_t half;      /* level 0.5 of TrustZone parts; 0: there is none */
};

/* Bits of one option byte. */
struct sim_option_bits {
    uint16_t offset;
    uint8_t mask; /* 0: none */
};

struct sim_sector_run {
    uint32_t count;
    uint32_t bytes;
    uint32_t erase_us;
};

/* How the memory to start from is chosen. */
enum sim_boot_way {
    SIM_BOOT_BITS,            /* nBOOT1 tells system memory from SRAM */
    SIM_BOOT_ADDRESS_F7,      /* BOOT_ADD0 or BOOT_ADD1, 16 bits in units of 16 KiB, each in a slot of its own */
    SIM_BOOT_ADDRESS_H7,      /* the same in units of 64 KiB, both in one word */
    SIM_BOOT_ADDRESS_REGISTER /* NSBOOTADD0 or NSBOOTADD1, bits 31 to 7 */
};

/* Where what chooses the boot memory is; SIM_NO_BIT if the family lacks it. Bits are of the word at `user`. */
struct sim_boot_bits {
    uint8_t pin_select; /* 1: the BOOT0 pin decides, 0: nBOOT0 does; the other way round with `pin_select_inverted` */
    uint8_t n_boot0;
    uint8_t n_boot1; /* 1: system memory, 0: SRAM */
    uint8_t user;    /* offset of the user word, or byte */
    uint8_t pin_select_inverted;
    uint8_t way;                 /* enum sim_boot_way */
    uint16_t address_0;          /* offset of the boot address with BOOT0 low */
    uint16_t address_1;          /* and with BOOT0 high */
    struct sim_option_bits lock; /* BOOT_LOCK: always flash */
};

/* One row. Zero is the usual value of what is not named. */
struct sim_profile {
    const char *name;
    const char *title;
    const char *serial;
    const char *alternates[SIM_ALTERNATES_MAX]; /* NULL after the last */
    const char *product;                        /* NULL: the generation's */
    struct sim_sector_run sectors[SIM_SECTOR_RUNS];
    uint32_t flash_bytes;
    uint32_t option_address;        /* 0: the chip has options, and the bootloader does not reach them */
    uint32_t second_option_address; /* 0: none */
    uint32_t otp_address;           /* 0: none */
    uint32_t feature_address;       /* 0: none */
    uint16_t option_bytes;          /* of the block; 0: no options at all */
    uint16_t option_write_min;      /* shortest write that is taken; 0: the whole block */
    uint16_t otp_bytes;
    uint16_t bcd_device;
    uint16_t vendor_id;  /* 0: ST's */
    uint16_t product_id; /* 0: ST's */
    uint16_t transfer_bytes;
    uint8_t generation;         /* enum sim_generation_name */
    uint8_t option_style;       /* enum sim_option_style */
    uint8_t second_is_writable; /* 1: the second option block is announced, and may be written */
    uint8_t has_product_state;  /* 1: the protection byte is a product state: open, or closed for good */
    uint8_t lacks_unprotect;    /* 1: 0x92 is no command, and GET does not list it */
    uint8_t erased;             /* what an erased byte reads as, inverted: 0 for 0xFF, 0xFF for 0x00 */
    uint8_t program_unit_bytes; /* a write's address and length are multiples of it */
    uint8_t timed_unit_bytes;   /* what is programmed in program_unit_us */
    uint32_t program_unit_us_tenths;
    uint32_t mass_erase_us;
    uint32_t option_write_us;
    uint32_t start_us; /* reset to being on the bus */
    uint32_t announced_erase_ms;
    uint32_t announced_other_ms;
    struct sim_rdp rdp;
    struct sim_boot_bits boot;
    struct sim_option_bits oem_keys; /* offset of the first OEM key byte, and how many bytes (not bits) */
    struct sim_option_bits tzen;
    struct sim_option_bits wprmod;         /* 1: sectors that are not write-protected are PCROP */
    struct sim_option_bits product_clears; /* what products clear of the factory's options: else BOOT0 is ignored */
    uint8_t has_empty_check;
    const struct sim_register_pair *pairs; /* of SIM_OPTIONS_REGISTER_PAIRS; ends with {0, 0} */
    const uint8_t *factory_options;
    uint16_t factory_bytes; /* of factory_options; the rest of the block is 0 */
    struct sim_knobs knobs;
};

/* A file's rows. */
struct sim_profile_table {
    const struct sim_profile *rows;
    size_t count;
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

/* profiles.c, and the tables of the other profiles_*.c */
const struct sim_profile *sim_row(const struct sim_device *device);
uint32_t sim_profile_index(const struct sim_profile *profile);
extern const struct sim_profile_table sim_profiles_f;
extern const struct sim_profile_table sim_profiles_l;
extern const struct sim_profile_table sim_profiles_g;
extern const struct sim_profile_table sim_profiles_u;
extern const struct sim_profile_table sim_profiles_other;

/* generations.c */
const struct sim_generation *sim_generation(const struct sim_device *device);

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
uint8_t sim_erased_byte(const struct sim_device *device);
/* What a write or erase leaves alone: sectors that are write-protected at the start, or PCROP's at the end. */
uint32_t sim_protected_end(const struct sim_device *device); /* address after the last one at the start */
uint32_t sim_pcrop_start(const struct sim_device *device);   /* address of the first one at the end */
bool sim_is_all_pcrop(const struct sim_device *device);      /* the options in force say so */
bool sim_is_bootable(const struct sim_device *device, uint32_t address);
uint32_t sim_word(const uint8_t *bytes);

/* work.c */
void sim_work_begin(struct sim_device *device, struct sim_work work, uint64_t typical_us);
void sim_work_finish(struct sim_device *device);
void sim_work_interrupt(struct sim_device *device);     /* power or reset: what was done so far stays */
bool sim_is_unawaited(const struct sim_device *device); /* what goes on keeps nobody waiting, and is not reported */

/* options.c */
unsigned sim_level_of(const struct sim_profile *row, const uint8_t *options);
/* The options as a load of them understands them: values with a wrong complement become all ones. */
void sim_options_loaded(const struct sim_profile *row, const uint8_t *stored, uint8_t *loaded);
bool sim_options_consistent(const struct sim_profile *row, const uint8_t *options, uint32_t length);
bool sim_options_is_complement(const struct sim_profile *row, uint32_t offset);
/* Sets a byte, and its complement or second word where the family's image has them. */
void sim_options_set_byte(const struct sim_profile *row, uint8_t *options, uint32_t offset, uint8_t value);
void sim_options_set_rdp(const struct sim_profile *row, uint8_t *options, uint8_t rdp);
void sim_options_of_product(const struct sim_profile *row, uint8_t *options);
/* The whole block as a write of its first `length` bytes will leave it. */
void sim_options_merge(const struct sim_device *device, const uint8_t *block, uint32_t length, uint8_t *merged);
void sim_options_after_regression(const struct sim_device *device, uint8_t *options);
void sim_options_set_knobs(struct sim_device *device);          /* what knobs say that the options hold */
bool sim_resets_after_options(const struct sim_device *device); /* does an option write end in a reset? */
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
void sim_judge_second_options(struct sim_device *device, const uint8_t *options, uint32_t length);

#endif
