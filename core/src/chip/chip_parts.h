/*
 * What rows of the chip table share: memories, option blocks, times and quirks of a scheme. Internal to core.
 *
 * Nothing here was tried on silicon; each number names its source, and how sure it is:
 *   [ST]     written in an ST document           [SEEN]  a log or report of a real device
 *   [XML]    ST's CubeProgrammer database, interface "Bootloader": what ST's own tool uses over USB
 *   [CODE]   ST's published relatives of the ROM [DS]    data sheet, or code that quotes it
 *   [MEM]    general knowledge, not checked      [SAFE]  unknown: the side that costs time, not a device
 * Evidence counts [XML], the HAL headers and [CODE] as ST code.
 *
 * Maxima bound what a device may announce or take. None is below the longest time that the lineage of ROMs is known to
 * announce for a short operation: an honest device is not cut short.
 *
 * Return times: AN2606 tables 227 and 229, USB connection plus start-up [ST]. The maximum is what every host tool waits
 * for a device to come back on the bus after its erase: 20 s (betaflight-configurator's usbdfu.js).
 */
#ifndef RELOCK_CHIP_PARTS_H
#define RELOCK_CHIP_PARTS_H

#include "relock/chip.h"

#define POLL_TIME_SEEN_A_MS 104U  /* F401, F745 [SEEN] */
#define POLL_TIME_SEEN_B_MS 1000U /* H743 [SEEN] */
#define RETURN_MAX_MS       20000U

#define KIB(n)   ((n)*1024U)
#define Q(quirk) RLK_QUIRK_BIT(quirk)

#define EVIDENCE_WITH_REPORTS (RLK_EVIDENCE_ST_DOCUMENT | RLK_EVIDENCE_ST_CODE | RLK_EVIDENCE_FIELD_REPORT)
#define EVIDENCE_ON_PAPER     (RLK_EVIDENCE_ST_DOCUMENT | RLK_EVIDENCE_ST_CODE)

#define IDENTITY(family_, name_) .family = (family_), .name = (name_)

/* Cortex-M memory map; RAM sizes are the largest of the family, from its memory map [ST] unless it says [MEM]. */
#define MEMORY(ram_bytes, program)                                                                                     \
    .flash_addr = 0x08000000U, .ram_addr = 0x20000000U, .ram_bytes_max = (ram_bytes), .erased_value = 0xFF,            \
    .program_bytes = (program)
#define MEMORY_ERASED_TO_ZERO(ram_bytes, program)                                                                      \
    .flash_addr = 0x08000000U, .ram_addr = 0x20000000U, .ram_bytes_max = (ram_bytes), .erased_value = 0x00,            \
    .program_bytes = (program)

/* --- generations --- */

/* Descriptor marks 2x00, 2048, "STM32  BOOTLOADER"; starts in dfuERROR/errFIRMWARE. OTG core: an early poll is held. */
#define GENERATION_A_OTG .generation = RLK_ROM_A_OTG, .early_poll = RLK_EARLY_POLL_HELD
#define QUIRKS_A_OTG     (Q(FIRST_CONTACT_ERROR) | Q(STATUS_HELD) | Q(ERASE_MOVES_POINTER) | Q(WRITE_PROTECTION_IS_SILENT))
/* The same on the FS device core, which stalls an early poll. */
#define GENERATION_A_FS .generation = RLK_ROM_A_FS, .early_poll = RLK_EARLY_POLL_UNSAFE
#define QUIRKS_A_FS                                                                                                    \
    (Q(FIRST_CONTACT_ERROR) | Q(EARLY_POLL_STALLS) | Q(ERASE_MOVES_POINTER) | Q(WRITE_PROTECTION_IS_SILENT))
/* bcdDevice 02.00, 1024, "DFU in FS Mode"; starts in dfuIDLE. */
#define GENERATION_B .generation = RLK_ROM_B, .early_poll = RLK_EARLY_POLL_HELD
#define QUIRKS_B                                                                                                       \
    (Q(FIRST_STATUS_LASTS) | Q(BUSY_FOR_EVER) | Q(DOUBLE_CLRSTATUS) | Q(VENDOR_ERROR_FOR_ALL) | Q(BLOCKS_OF_1024) |    \
     Q(LEAVES_IN_OTHER_STATES) | Q(WRITE_PROTECTION_IS_SILENT))
/* USBX lineage: an early poll is stalled. */
#define GENERATION_C .generation = RLK_ROM_C, .early_poll = RLK_EARLY_POLL_UNSAFE
#define QUIRKS_C                                                                                                       \
    (Q(EARLY_POLL_STALLS) | Q(STRICT_STATES) | Q(BLOCKS_OF_1024) | Q(ERASE_MOVES_POINTER) |                            \
     Q(LEAVES_IN_OTHER_STATES) | Q(WRITE_PROTECTION_IS_SILENT))

/* --- option blocks --- */

/*
 * F0, F1, F3: "01*016 e" [SEEN], RDP at 0 [XML], complements [ST]. Any RDP byte but level 0's (and CC) is level 1; BB
 * is CubeProgrammer's [XML].
 */
#define OPTIONS_F1(level0)                                                                                             \
    .options_addr = 0x1FFFF800U, .options_bytes = 16, .options_write_bytes = 16, .rdp_level0 = (level0),               \
    .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_BYTE_PAIRS
/*
 * F2, F4: 16 bytes [SEEN on F4], 12 in CubeProgrammer for F2; USER is byte 0, RDP byte 1 [XML]. Flash keeps its own
 * complements; the tool writes the low half-words only [XML]. Level 1: the HAL writes 55, CubeProgrammer BB.
 */
#define OPTIONS_F4(second)                                                                                             \
    .options_addr = 0x1FFFC000U, .options_bytes = 16, .options_write_bytes = 16, .rdp_read_offset = 1,                 \
    .rdp_write_offset = 1, .rdp_level0 = 0xAA, .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_BYTES,               \
    .options2_addr = (second)
/* F7: 48 bytes on F72x [SEEN]; on F74x and F76x not seen, 44 in CubeProgrammer: as announced. */
#define OPTIONS_F7                                                                                                     \
    .options_addr = 0x1FFF0000U, .options_bytes = 48, .options_write_bytes = 48, .rdp_read_offset = 1,                 \
    .rdp_write_offset = 1, .rdp_level0 = 0xAA, .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_BYTES
/* L4, L4+, G4, G0, C0, WB: OPTR first; the upper word of each 64-bit slot is the complement [ST]. */
#define OPTIONS_L4(addr, second, read, write)                                                                          \
    .options_addr = (addr), .options_bytes = (read), .options_write_bytes = (write), .rdp_level0 = 0xAA,               \
    .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_WORD_PAIRS, .options2_addr = (second)
/* L0, L1: 16-bit value and complement, which must be supplied [ST]. */
#define OPTIONS_L0(second)                                                                                             \
    .options_addr = 0x1FF80000U, .options_bytes = 32, .options_write_bytes = 32, .rdp_level0 = 0xAA,                   \
    .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_HALFWORD_PAIRS, .options2_addr = (second)
/* H7: the word in force at 0, the word to program at 4 [XML]. */
#define OPTIONS_H7(bytes, write)                                                                                       \
    .options_addr = 0x5200201CU, .options_bytes = (bytes), .options_write_bytes = (write), .rdp_read_offset = 1,       \
    .rdp_write_offset = 5, .rdp_level0 = 0xAA, .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_REGISTER_PAIRS
/* L5, U5, U3, WBA: registers; 55 is level 0.5 with TrustZone, so level 1 is CubeProgrammer's DC [XML]. */
#define OPTIONS_U5(bytes)                                                                                              \
    .options_addr = 0x40022040U, .options_bytes = (bytes), .options_write_bytes = 48, .rdp_level0 = 0xAA,              \
    .rdp_level1 = 0xDC, .option_form = RLK_OPTION_FORM_REGISTERS

#define NO_POWER_CYCLE .power_cycle_after_seal = RLK_POWER_CYCLE_NO, .power_cycle_after_unprotect = RLK_POWER_CYCLE_NO
/* Power-on or OBL_LAUNCH loads the options (RM0091); which of them the ROM uses is unknown [SAFE]. */
#define MAYBE_POWER_CYCLE                                                                                              \
    .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE, .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE
/* L433 and L496 neither run nor answer before [SEEN]; the same flash controller elsewhere. */
#define POWER_CYCLE_AFTER_SEAL                                                                                         \
    .power_cycle_after_seal = RLK_POWER_CYCLE_YES, .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE

/* --- times --- */

/* F0, F1, F3: half-words of 53.5 us, at most 70; pages and mass erase 20-40 ms [DS]; announced: not seen. */
#define TIMES_HALFWORDS                                                                                                \
    .mass_erase_typical_ms = 30, .mass_erase_max_ms = POLL_TIME_SEEN_A_MS, .sector_erase_typical_ms_per_16k = 30,      \
    .sector_erase_max_ms = POLL_TIME_SEEN_A_MS, .program_typical_us_per_byte_x16 = 428,                                \
    .program_max_ms_per_block = POLL_TIME_SEEN_A_MS
/*
 * F2, F4: byte by byte, the ROM's default (AN2606 4.4 [ST]): 16 us a byte, at most 100; sectors of 16 KiB in 0.25-0.4
 * s, of 128 KiB in 2 s, at most 4; mass erase 16 s, at most 32 [DS], for which dfu-util and OpenOCD wait 35 s [SEEN].
 * Announced 104 and 100: F401 and F745 [SEEN], the rest by lineage; of F405 itself only "about 100 ms" for a mass
 * erase.
 */
#define TIMES_BYTES                                                                                                    \
    .mass_erase_typical_ms = 16000, .mass_erase_max_ms = 35000, .sector_erase_typical_ms_per_16k = 250,                \
    .sector_erase_max_ms = 4000, .program_typical_us_per_byte_x16 = 256, .program_max_ms_per_block = 205,              \
    .announced_program_ms = 104, .announced_erase_ms = 100
/* F7: as F4, with sectors of up to 256 KiB in about twice the time [MEM]. F745 is not byte by byte: at most 6.6 us a
 * byte [SEEN]; the others may be. */
#define TIMES_F7                                                                                                       \
    .mass_erase_typical_ms = 16000, .mass_erase_max_ms = 35000, .sector_erase_typical_ms_per_16k = 250,                \
    .sector_erase_max_ms = 8000, .program_typical_us_per_byte_x16 = 256, .program_max_ms_per_block = 205,              \
    .announced_program_ms = 104, .announced_erase_ms = 100
/* L4: double words of 82 us, at most 91; pages 22 ms, at most 24.5, L496 needed 30 [DS] [SEEN]. */
#define TIMES_L4(announced_ms)                                                                                         \
    .mass_erase_typical_ms = 22, .mass_erase_max_ms = POLL_TIME_SEEN_A_MS, .sector_erase_typical_ms_per_16k = 22,      \
    .sector_erase_max_ms = POLL_TIME_SEEN_A_MS, .program_typical_us_per_byte_x16 = 164,                                \
    .program_max_ms_per_block = POLL_TIME_SEEN_A_MS, .announced_program_ms = (announced_ms)
/* The same flash behind a ROM of generation B: G4, G0, C0, L5, U0, WB. G0: 85 us, at most 125; pages up to 40 ms [DS].
 * G431 announced 131 ms, OpenBL 244 [SEEN] [CODE]. */
#define TIMES_DOUBLE_WORDS_B                                                                                           \
    .mass_erase_typical_ms = 40, .mass_erase_max_ms = POLL_TIME_SEEN_B_MS, .sector_erase_typical_ms_per_16k = 22,      \
    .sector_erase_max_ms = POLL_TIME_SEEN_B_MS, .program_typical_us_per_byte_x16 = 170,                                \
    .program_max_ms_per_block = POLL_TIME_SEEN_B_MS
/* U5, U3, WBA, H5, H7R, C5: 16 bytes in about 118 us, 8 KiB in 3 ms, 0.3 s a bank [MEM], so generous [SAFE]. */
#define TIMES_QUAD_WORDS                                                                                               \
    .mass_erase_typical_ms = 600, .mass_erase_max_ms = 5000, .sector_erase_typical_ms_per_16k = 6,                     \
    .sector_erase_max_ms = POLL_TIME_SEEN_B_MS, .program_typical_us_per_byte_x16 = 118,                                \
    .program_max_ms_per_block = POLL_TIME_SEEN_B_MS
/* H7: 32 bytes in 100 to 290 us; 128 KiB in 1 to 2 s, by bytes up to 4; seconds a bank [DS] [MEM]. */
#define TIMES_H7(sector_typical_ms)                                                                                    \
    .mass_erase_typical_ms = 8000, .mass_erase_max_ms = 40000, .sector_erase_typical_ms_per_16k = (sector_typical_ms), \
    .sector_erase_max_ms = 4000, .program_typical_us_per_byte_x16 = 145,                                               \
    .program_max_ms_per_block = POLL_TIME_SEEN_B_MS, .announced_erase_ms = 1000
/* L0, L1: 3.28 ms, at most 3.94, a page, and a half page or a word [MEM]; the maximum is that of words [SAFE]. */
#define TIMES_L0                                                                                                       \
    .mass_erase_typical_ms = 500, .mass_erase_max_ms = 8000, .sector_erase_typical_ms_per_16k = 4,                     \
    .sector_erase_max_ms = POLL_TIME_SEEN_A_MS, .program_typical_us_per_byte_x16 = 820,                                \
    .program_max_ms_per_block = 2100
/* Nothing is known of foreign ROMs [SAFE]. */
#define TIMES_FOREIGN                                                                                                  \
    .mass_erase_typical_ms = 1000, .mass_erase_max_ms = 35000, .sector_erase_typical_ms_per_16k = 100,                 \
    .sector_erase_max_ms = 8000, .program_typical_us_per_byte_x16 = 256, .program_max_ms_per_block = 1000

#define RETURN(typical_ms) .return_typical_ms = (typical_ms), .return_max_ms = RETURN_MAX_MS

/* The rows by tier; the families in the order of enum rlk_family. */
extern const struct rlk_chip rlk_chip_rows_full[];
extern const struct rlk_chip rlk_chip_rows_experimental[];
extern const struct rlk_chip rlk_chip_rows_hands_off[];

#endif
