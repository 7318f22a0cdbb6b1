/*
 * The layout of a simulated device: one plain value, no pointers, no padding surprises, so that it may be copied,
 * kept in a file or mapped from one. Include sim/sim.h; the fields are the simulator's own.
 *
 * Every change happens inside a call of the simulator and is complete when that call returns: a host that is killed
 * between two calls leaves a sound device behind.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include "sim/sim.h"

#define SIM_DEVICE_MAGIC   0x4B4C5253U /* "SRLK" in memory */
#define SIM_DEVICE_VERSION 3U
#define SIM_BLOCK_BYTES    2048U
#define SIM_OTP_MAX_BYTES  1024U

/* What runs in the chip. */
enum sim_run {
    SIM_RUN_OFF,         /* no power */
    SIM_RUN_STARTING,    /* the ROM started and is not on the bus yet */
    SIM_RUN_ROM,         /* the ROM is on the bus */
    SIM_RUN_APPLICATION, /* bootable flash runs */
    SIM_RUN_CRASHED,     /* blank or unreadable memory was started: nothing answers until a reset */
    SIM_RUN_DEAD,        /* sealed in this power session: nothing answers until power-on */
    SIM_RUNS
};

/* The operation that a GETSTATUS started and that is not finished yet. */
enum sim_work_kind {
    SIM_WORK_NONE,
    SIM_WORK_COMMAND, /* anything without an effect on memory: set address, a refusal, a dropped write */
    SIM_WORK_PROGRAM,
    SIM_WORK_ERASE,
    SIM_WORK_OPTIONS,
    SIM_WORK_REGRESS,
    SIM_WORK_CLEAR_RAM, /* 0x92 at level 0 */
    SIM_WORK_FAILED,    /* an erase or write that changes nothing and fails */
    SIM_WORK_KINDS
};

struct sim_work {
    uint64_t start_us;
    uint64_t end_us;
    uint32_t kind;    /* enum sim_work_kind */
    uint32_t address; /* of the first byte */
    uint32_t length;  /* bytes that will be changed */
    uint8_t status;   /* DFU status when it is done */
    uint8_t cut;      /* 1: power fails half way */
    uint16_t skip;    /* bytes of the block before the first that is programmed */
};

struct sim_device {
    uint32_t magic;
    uint32_t version;
    uint32_t size; /* sizeof(struct sim_device) */
    uint32_t profile;

    uint64_t now_us;
    uint64_t on_bus_at_us; /* while SIM_RUN_STARTING */
    uint64_t leave_at_us;  /* while leaving */
    uint64_t announced_us; /* until when the last announced poll time lasts */
    struct sim_work work;

    struct sim_knobs knobs;
    struct sim_counters counters;
    struct sim_fault faults[SIM_FAULTS_MAX];
    uint32_t fault_count;
    uint32_t fault_transfers; /* transfers since the faults were cleared */
    uint32_t fault_writes;    /* flash and option operations since then */
    uint32_t arrival;
    uint32_t pointer; /* DfuSe address pointer */
    uint16_t block_number;
    uint16_t block_length;

    uint8_t run; /* enum sim_run */
    uint8_t boot0;
    uint8_t level;          /* RDP level in force */
    uint8_t reload_pending; /* 0: none, else 1 + enum sim_reload */
    uint8_t empty_latched;  /* the empty check's result */
    uint8_t dead;           /* sealed in this power session */
    uint8_t state;          /* DFU bState */
    uint8_t status;         /* DFU bStatus */
    uint8_t has_block;      /* a DNLOAD waits for its GETSTATUS */
    uint8_t is_leaving;
    uint8_t misaligned; /* a misaligned write happened: programs fail until reset */
    uint8_t alternate;
    uint8_t configuration;
    uint8_t inner_state; /* not 0: the state as GETSTATE tells it, while GETSTATUS says dfuERROR */
    uint8_t is_polled;   /* work_at_download: the one early poll that is answered was made */
    uint8_t stalls_next; /* the answer to the command is a STALL, after the fact */
    uint8_t is_deaf;     /* nothing but a reset helps: stuck in an unknown command */
    uint8_t serial[SIM_SERIAL_DIGITS + 1U];
    uint8_t reserved[2];

    char violations[SIM_VIOLATIONS_MAX][SIM_VIOLATION_TEXT_BYTES];
    uint8_t options[SIM_OPTIONS_MAX_BYTES];        /* what is stored */
    uint8_t loaded[SIM_OPTIONS_MAX_BYTES];         /* what is in force */
    uint8_t second_options[SIM_OPTIONS_MAX_BYTES]; /* the second block of dual-bank parts */
    uint8_t allowed_mask[SIM_OPTIONS_MAX_BYTES];   /* option bits that may change besides RDP, and to what */
    uint8_t allowed_value[SIM_OPTIONS_MAX_BYTES];
    uint8_t otp[SIM_OTP_MAX_BYTES];
    uint8_t block[SIM_BLOCK_BYTES];
    uint8_t flash[SIM_FLASH_MAX_BYTES];
};

#endif
