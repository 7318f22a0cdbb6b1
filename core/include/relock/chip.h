/*
 * The chip table: one row per family, and recognition, which returns candidates with reasons.
 */
#ifndef RELOCK_CHIP_H
#define RELOCK_CHIP_H

#include "relock/descriptors.h"
#include "relock/error.h"
#include "relock/layout.h"
#include "relock/quirk.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Families, one row each. The order is the table's: by tier, and within a tier so that of candidates that fit the same
 * device the most usual comes first.
 */
enum rlk_family {
    RLK_FAMILY_UNKNOWN,
    /* full */
    RLK_FAMILY_STM32F04X, /* F042, F048, F070x6 */
    RLK_FAMILY_STM32F07X, /* F072, F078, F070xB */
    RLK_FAMILY_STM32F105, /* F105, F107 */
    RLK_FAMILY_STM32F30X, /* F302, F303 */
    RLK_FAMILY_STM32F37X, /* F373 */
    RLK_FAMILY_STM32F405, /* F405, F407, F415, F417 */
    RLK_FAMILY_STM32F412,
    RLK_FAMILY_STM32F2,   /* F205, F207, F215, F217 */
    RLK_FAMILY_STM32F401, /* F401, F411, F446 */
    RLK_FAMILY_STM32F413, /* F413, F423 */
    RLK_FAMILY_STM32F42X, /* F427, F429, F437, F439, F469, F479: two option blocks */
    RLK_FAMILY_STM32F72X, /* F72x, F73x */
    RLK_FAMILY_STM32F74X, /* F745, F746, F750, F756 */
    RLK_FAMILY_STM32F76X, /* F765, F767, F769, F777, F779 */
    RLK_FAMILY_STM32L4,   /* L41x/42x, L43x/44x, L45x/46x, L49x/4Ax: with empty check */
    RLK_FAMILY_STM32L47X, /* L47x, L48x: without empty check, two option blocks */
    /* experimental */
    RLK_FAMILY_STM32G431, /* G431, G441 */
    RLK_FAMILY_STM32G47X, /* G471, G473, G474, G483, G484 */
    RLK_FAMILY_STM32G49X, /* G491, G4A1 */
    RLK_FAMILY_STM32L4PLUS,
    RLK_FAMILY_STM32L07X, /* L072, L073, L082, L083 */
    RLK_FAMILY_STM32L1,   /* categories 3 to 5 */
    RLK_FAMILY_STM32H74X, /* H742 to H757 */
    RLK_FAMILY_STM32H72X, /* H723 to H735 */
    RLK_FAMILY_STM32H7A3, /* H7A3, H7B0, H7B3 */
    RLK_FAMILY_STM32L5,
    RLK_FAMILY_STM32U5,
    RLK_FAMILY_STM32U3,
    RLK_FAMILY_STM32WBA6,
    RLK_FAMILY_STM32U0,   /* U073, U083 */
    RLK_FAMILY_STM32WB55, /* WB55, WB35 */
    RLK_FAMILY_STM32C071,
    RLK_FAMILY_STM32G0B1, /* G0B1, G0C1, G0B0 */
    /* write-only */
    RLK_FAMILY_GD32,
    RLK_FAMILY_AT32,
    RLK_FAMILY_APM32,
    RLK_FAMILY_DFUSE, /* a product's own DfuSe bootloader */
    /* refused */
    RLK_FAMILY_STM32H5,
    RLK_FAMILY_STM32H7RS,
    RLK_FAMILY_STM32C5,
    RLK_FAMILY_STM32N6,
    RLK_FAMILY_COUNT
};

/* What the code may do with a family. The order is from free to forbidden. */
enum rlk_tier {
    RLK_TIER_FULL,
    RLK_TIER_EXPERIMENTAL, /* only if the family was named, and only by a host that allows it */
    RLK_TIER_WRITE_ONLY,   /* protection is never touched */
    RLK_TIER_REFUSED       /* protection is never touched; `refusal` says why */
};

/* How option bytes stand in the block, and what makes them safe against damage. */
enum rlk_option_form {
    RLK_OPTION_FORM_BYTES,          /* the values alone; flash keeps complements of its own (F2, F4, F7) */
    RLK_OPTION_FORM_BYTE_PAIRS,     /* byte at an even offset, its complement at the next odd one (F0, F1, F3) */
    RLK_OPTION_FORM_HALFWORD_PAIRS, /* 16-bit value, then its 16-bit complement (L0, L1) */
    RLK_OPTION_FORM_WORD_PAIRS,     /* 32-bit word, then its 32-bit complement (L4, G4, G0, C0, WB) */
    RLK_OPTION_FORM_REGISTERS,      /* an image of registers, without complements (L5, U5, U3, WBA, U0) */
    RLK_OPTION_FORM_REGISTER_PAIRS  /* the word in force, then the word to program (H7) */
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
    const char *name; /* what --family takes, e.g. "STM32F405" */
    enum rlk_tier tier;
    enum rlk_error refusal; /* why protection is never touched; RLK_OK for full and experimental rows */
    uint8_t evidence;       /* enum rlk_evidence_kind mask */
    rlk_quirk_mask quirks;  /* where this ROM departs from AN3156 (relock/quirk.h) */
    enum rlk_rom_generation generation;
    enum rlk_early_poll early_poll;

    uint32_t flash_addr;
    uint32_t ram_addr;      /* for the vector table check */
    uint32_t ram_bytes_max; /* largest SRAM of the family, in bytes */
    uint8_t erased_value;   /* 0xFF */
    uint8_t program_bytes;  /* alignment of writes */

    uint32_t options_addr;  /* 0: no option block that may be read or written */
    uint16_t options_bytes; /* length to read; where the announced length varies, the device's own after settling */
    uint16_t options_write_bytes; /* length to write: the block, or the part of it before key registers */
    uint8_t rdp_read_offset;
    uint8_t rdp_write_offset;
    uint8_t rdp_level0; /* 0xAA; 0xA5 on F1 */
    uint8_t rdp_level1; /* canonical: 0xBB; 0xDC where 0x55 is a level of its own */
    enum rlk_option_form option_form;
    uint32_t options2_addr; /* a second block, which is judged but left alone; 0 if none */

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
};

/* The most main flash that any device of the family has, in bytes, as far as its memory layouts are known; 0 where
 * nothing is (a product's own bootloader). */
uint32_t rlk_chip_flash_bytes_max(enum rlk_family family);

/* The row of a family; NULL for RLK_FAMILY_UNKNOWN and beyond. */
const struct rlk_chip *rlk_chip_row(enum rlk_family family);
/* For people: "STM32F405, F407, F415, F417"; "" for RLK_FAMILY_UNKNOWN and beyond. */
const char *rlk_chip_devices(enum rlk_family family);
/* The documents and sections that a row comes from; "" as above. */
const char *rlk_chip_sources(enum rlk_family family);
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
typedef uint64_t rlk_family_mask;
#define RLK_FAMILY_BIT(family) ((rlk_family_mask)1 << (family))

/*
 * Which rows fit: USB ids, a bcdDevice of the row's ROM generation (G431 would otherwise pass for L4), a flash layout
 * of one of the family's shapes at flash_addr, and the option-byte alternate that the family announces. Pure; never
 * fails: an empty mask means unknown.
 */
rlk_family_mask rlk_chip_candidates(const struct rlk_fingerprint *fingerprint);

/* The families that a device of this one could be taken for by all that it announces. Nothing but a claim tells them
 * apart. */
rlk_family_mask rlk_chip_lookalikes(enum rlk_family family);

/* The length that the device's option block has by its own announcement, if the row's family fits it; 0 if it is not
 * announced. */
uint32_t rlk_fingerprint_options_bytes(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip);

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
