/*
 * The chip table: one row per family, and recognition, which returns candidates with reasons.
 */
#ifndef RELOCK_CHIP_H
#define RELOCK_CHIP_H

#include "relock/descriptors.h"
#include "relock/error.h"
#include "relock/layout.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Families so far. The order is the table's. */
enum rlk_family {
    RLK_FAMILY_UNKNOWN,
    RLK_FAMILY_STM32F04X, /* F042, F048, F070x6 */
    RLK_FAMILY_STM32F07X, /* F072, F078, F070xB */
    RLK_FAMILY_STM32F405, /* F405, F407, F415, F417 */
    RLK_FAMILY_STM32L4,   /* L41x/42x, L43x/44x, L45x/46x, L49x/4Ax: with empty check */
    RLK_FAMILY_STM32L47X, /* L47x, L48x: without empty check, two option blocks */
    RLK_FAMILY_COUNT
};

enum rlk_tier { RLK_TIER_FULL, RLK_TIER_EXPERIMENTAL, RLK_TIER_WRITE_ONLY, RLK_TIER_REFUSED };

/* How an option byte is made safe against damage. */
enum rlk_complement {
    RLK_COMPLEMENT_NONE,       /* the value alone (F2, F4) */
    RLK_COMPLEMENT_BYTE_PAIRS, /* byte at an even offset, its complement at the next odd one (F0, F3) */
    RLK_COMPLEMENT_WORD_PAIRS  /* 32-bit word, then its 32-bit complement (L4) */
};

/* ROM generations (ST's published relatives): which GETSTATUS blocks, and what polling early does. */
enum rlk_rom_generation { RLK_ROM_A_OTG, RLK_ROM_A_FS, RLK_ROM_B, RLK_ROM_C };

/* Whether GETSTATUS may come at the time that the work is expected to take, before the announced time is over. The
 * order is from the most careful on. */
enum rlk_early_poll {
    RLK_EARLY_POLL_UNSAFE, /* FS device core (an early poll is stalled), or nothing known: as announced */
    RLK_EARLY_POLL_HELD,   /* OTG core or generation B: held until the work is done; where it is asked for */
    RLK_EARLY_POLL_USUAL   /* a transcript of this ROM shows it, or ST's own tool ignores its announced time: always */
};

/* How strongly a row is known. Nothing here claims silicon. */
enum rlk_evidence_kind {
    RLK_EVIDENCE_ST_DOCUMENT = 1,
    RLK_EVIDENCE_ST_CODE = 2,
    RLK_EVIDENCE_FIELD_REPORT = 4,
    RLK_EVIDENCE_TRANSCRIPT = 8
};

enum rlk_power_cycle { RLK_POWER_CYCLE_NO, RLK_POWER_CYCLE_MAYBE, RLK_POWER_CYCLE_YES };

struct rlk_chip {
    enum rlk_family family;
    const char *name;    /* what --family takes, e.g. "STM32F405" */
    const char *devices; /* for people: "STM32F405, F407, F415, F417" */
    enum rlk_tier tier;
    uint8_t evidence; /* enum rlk_evidence_kind mask */
    enum rlk_rom_generation generation;
    enum rlk_early_poll early_poll;

    uint32_t flash_addr;
    uint32_t ram_addr;      /* for the vector table check */
    uint32_t ram_bytes_max; /* largest SRAM of the family, in bytes */
    uint8_t erased_value;   /* 0xFF */
    uint8_t program_bytes;  /* alignment of writes */

    uint32_t options_addr;
    uint8_t options_bytes; /* length to read and to write */
    uint8_t rdp_read_offset;
    uint8_t rdp_write_offset;
    uint8_t rdp_level0; /* 0xAA */
    uint8_t rdp_level1; /* canonical: 0xBB */
    enum rlk_complement complement;
    uint32_t options2_addr; /* a second block that is left alone; 0 if none */

    bool has_empty_check;
    enum rlk_power_cycle power_cycle_after_seal;
    enum rlk_power_cycle power_cycle_after_unprotect;

    /* Data-sheet times in ms: typical for the estimate, maximum for deadlines. */
    uint32_t mass_erase_typical_ms, mass_erase_max_ms;
    uint32_t sector_erase_typical_ms_per_16k; /* per started 16 KiB of a sector, or per page if smaller */
    uint32_t sector_erase_max_ms;
    uint32_t program_typical_us_per_byte_x16; /* microseconds per 16 bytes */
    uint32_t program_max_ms_per_block;        /* one transfer of 2048 bytes */
    uint32_t announced_program_ms;            /* what this ROM announces for all but erase; 0 = unknown */
    uint32_t announced_erase_ms;
    uint32_t return_typical_ms; /* reset to on the bus */
    uint32_t return_max_ms;
    const char *sources; /* documents and sections the row comes from */
};

/* The row of a family; NULL for RLK_FAMILY_UNKNOWN and beyond. */
const struct rlk_chip *rlk_chip_row(enum rlk_family family);
/* By name, case-insensitive ("stm32f405"); NULL if there is none. */
const struct rlk_chip *rlk_chip_find(const char *name);

/* What a device shows of itself before anything is read from its memory. */
struct rlk_fingerprint {
    struct rlk_device_descriptor device;
    struct rlk_dfu_interface dfu;
    size_t layout_count; /* alternates; a layout that could not be parsed has group_count 0 */
    struct rlk_layout layouts[RLK_ALTERNATES_MAX];
    char flash_string[RLK_STRING_TEXT_BYTES]; /* of the alternate that begins where flash does, as it was read;
                                                 printable ASCII, '?' for anything else; "" if there is none */
    char product[RLK_STRING_TEXT_BYTES];
    char serial[RLK_STRING_TEXT_BYTES];
};

/* Candidates as a bit mask: bit f is set if family f fits. */
typedef uint32_t rlk_family_mask;

/*
 * Which rows fit: VID:PID 0483:DF11, a bcdDevice of the row's ROM generation (20.00 to 22.xx; G431 would otherwise pass
 * for L4), a flash layout of the family's shape at flash_addr, and an option-byte alternate at options_addr of
 * options_bytes. Pure; never fails: an empty mask means unknown.
 */
rlk_family_mask rlk_chip_candidates(const struct rlk_fingerprint *fingerprint);

/*
 * Settles candidates and a claim (RLK_FAMILY_UNKNOWN if none) to one effective row in `*chip`. Candidates that differ
 * only in way back, waiting and times are merged to their worst (no empty check, longest times, power cycle sooner, no
 * early poll); `*chip` then carries the family of the first candidate and the names of all in rlk_chip_label.
 * Fails with RLK_E_UNKNOWN_CHIP, RLK_E_AMBIGUOUS_CHIP, RLK_E_CHIP_CONTRADICTS_CLAIM.
 */
enum rlk_error rlk_chip_settle(struct rlk_chip *chip, rlk_family_mask candidates, enum rlk_family claim);

/* Main flash and option layouts of a fingerprint: the alternate number, or -1 if there is none or more than one. */
int rlk_fingerprint_flash_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip);
int rlk_fingerprint_options_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip);

#define RLK_CHIP_TEXT_BYTES 96U /* enough for any line of the two functions below */

/* The families of a mask for people, "STM32L4 or STM32L47x"; "" for an empty mask. Always NUL-terminates `text` (of
 * `capacity` > 0 bytes) and cuts what does not fit. Returns the length without the NUL. */
size_t rlk_chip_label(rlk_family_mask families, char *text, size_t capacity);

/* The index-th reason why `fingerprint` was taken for `chip`, one short English line. Text as rlk_chip_label; 0 beyond
 * the last, and for a chip that does not fit. */
size_t rlk_chip_reason(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip, size_t index, char *text,
                       size_t capacity);

/* A serial number that can tell two devices apart: not empty, not one of the known dummies (FFFFFFFEFFFF, 00000008FFFF,
 * STM32, STM32FxSTM32, 200364500000), 8 to 32 alphanumeric characters. */
bool rlk_serial_is_unique(const char *serial);

const char *rlk_tier_name(enum rlk_tier tier);

#endif
