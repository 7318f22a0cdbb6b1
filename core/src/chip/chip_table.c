#include "relock/chip.h"

/*
 * One row per family. Nothing here was tried on silicon; each number names its source, and how sure it is:
 *   [ST]     written in an ST document           [SEEN]  a log or report of a real device
 *   [XML]    ST's CubeProgrammer database, interface "Bootloader": what ST's own tool uses over USB
 *   [DS]     data sheet, or code that quotes it  [SAFE]  unknown: the side that costs time, not a device
 * Evidence counts [XML], the HAL headers and ST's published relatives of the ROM as ST code.
 *
 * Maxima bound what a device may announce or take. On generation A no maximum is below POLL_TIME_SEEN_MS, the longest
 * time that lineage of ROMs is known to announce for a short operation [SEEN]: an honest device is not cut short.
 *
 * Return times: AN2606 tables 227 and 229, USB connection plus start-up [ST]. The maximum is what every host tool waits
 * for a device to come back on the bus after its erase: 20 s (betaflight-configurator's usbdfu.js).
 */
#define POLL_TIME_SEEN_MS 104U
#define RETURN_MAX_MS     20000U
#define RAM_ADDR          0x20000000U /* Cortex-M memory map; all families here */

#define KIB(n) ((n)*1024U)

#define EVIDENCE_WITH_REPORTS (RLK_EVIDENCE_ST_DOCUMENT | RLK_EVIDENCE_ST_CODE | RLK_EVIDENCE_FIELD_REPORT)
#define EVIDENCE_ON_PAPER     (RLK_EVIDENCE_ST_DOCUMENT | RLK_EVIDENCE_ST_CODE)

static const struct rlk_chip rows[RLK_FAMILY_COUNT] = {
    [RLK_FAMILY_STM32F04X] =
        {
            .family = RLK_FAMILY_STM32F04X,
            .name = "STM32F04x",
            .devices = "STM32F042, F048, F070x6",
            .tier = RLK_TIER_FULL,
            .evidence = EVIDENCE_WITH_REPORTS, /* many F042 reports [SEEN] */
            .generation = RLK_ROM_A_FS,        /* descriptor marks 2x00, 2048, FS device core [SEEN] */
            .early_poll = RLK_EARLY_POLL_UNSAFE,
            .flash_addr = 0x08000000U,
            .ram_addr = RAM_ADDR,
            .ram_bytes_max = KIB(6U), /* RM0091 memory map [ST] */
            .erased_value = 0xFF,
            .program_bytes = 4,          /* hardware 2 (RM0091), AN2606 table 7 says 4: the larger [ST] */
            .options_addr = 0x1FFFF800U, /* [SEEN] [XML] */
            .options_bytes = 16,         /* [SEEN] "01*016 e" */
            .rdp_read_offset = 0,        /* [XML] RM0091 */
            .rdp_write_offset = 0,
            .rdp_level0 = 0xAA,                      /* RM0091 [ST] [XML] */
            .rdp_level1 = 0xBB,                      /* any other value is level 1; this is CubeProgrammer's [XML] */
            .complement = RLK_COMPLEMENT_BYTE_PAIRS, /* RM0091 [ST] */
            .options2_addr = 0,
            .has_empty_check = true, /* ST article "Empty check mechanism on STM32" [ST] */
            /* RM0091: option bytes are loaded by power-on or OBL_LAUNCH; which of them the ROM uses is unknown [SAFE]
             */
            .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE,
            .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
            .mass_erase_typical_ms = 30, /* 20-40 ms [DS] */
            .mass_erase_max_ms = POLL_TIME_SEEN_MS,
            .sector_erase_typical_ms_per_16k = 30, /* per 1 KiB page, 20-40 ms [DS] */
            .sector_erase_max_ms = POLL_TIME_SEEN_MS,
            .program_typical_us_per_byte_x16 = 428,        /* 8 half-words of 53.5 us [DS] */
            .program_max_ms_per_block = POLL_TIME_SEEN_MS, /* 1024 half-words of 70 us (F1's maximum [DS]) are 72 ms */
            .announced_program_ms = 0,                     /* not seen on this ROM */
            .announced_erase_ms = 0,
            .return_typical_ms = 550, /* no F04x figure: F072's 320 plus F070's start-up of up to 230 [ST] */
            .return_max_ms = RETURN_MAX_MS,
            .sources = "RM0091; AN3156; AN2606 tables 7, 31 and 227; ST's empty check article; CubeProgrammer 0x445",
        },
    [RLK_FAMILY_STM32F07X] =
        {
            .family = RLK_FAMILY_STM32F07X,
            .name = "STM32F07x",
            .devices = "STM32F072, F078, F070xB",
            .tier = RLK_TIER_FULL,
            .evidence = EVIDENCE_WITH_REPORTS, /* F072 keyboards, pydfu on F072 [SEEN] */
            .generation = RLK_ROM_A_FS,        /* early polls stalled: openmv issue 1508 [SEEN] */
            .early_poll = RLK_EARLY_POLL_UNSAFE,
            .flash_addr = 0x08000000U,
            .ram_addr = RAM_ADDR,
            .ram_bytes_max = KIB(16U), /* RM0091 memory map [ST] */
            .erased_value = 0xFF,
            .program_bytes = 4,          /* hardware 2 (RM0091), AN2606 table 7 says 4: the larger [ST] */
            .options_addr = 0x1FFFF800U, /* [SEEN] [XML] */
            .options_bytes = 16,         /* [SEEN] "01*016 e" */
            .rdp_read_offset = 0,        /* [XML] RM0091 */
            .rdp_write_offset = 0,
            .rdp_level0 = 0xAA,                      /* RM0091 [ST] [XML] */
            .rdp_level1 = 0xBB,                      /* any other value is level 1; this is CubeProgrammer's [XML] */
            .complement = RLK_COMPLEMENT_BYTE_PAIRS, /* RM0091 [ST] */
            .options2_addr = 0,
            .has_empty_check = false, /* not in ST's empty check article [ST] */
            /* As F04x: power-on or OBL_LAUNCH [SAFE] */
            .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE,
            .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
            .mass_erase_typical_ms = 30, /* 20-40 ms [DS] */
            .mass_erase_max_ms = POLL_TIME_SEEN_MS,
            .sector_erase_typical_ms_per_16k = 30, /* per 2 KiB page, 20-40 ms [DS] */
            .sector_erase_max_ms = POLL_TIME_SEEN_MS,
            .program_typical_us_per_byte_x16 = 428,        /* 8 half-words of 53.5 us [DS] */
            .program_max_ms_per_block = POLL_TIME_SEEN_MS, /* 1024 half-words of 70 us (F1's maximum [DS]) are 72 ms */
            .announced_program_ms = 0,                     /* not seen on this ROM */
            .announced_erase_ms = 0,
            .return_typical_ms = 550, /* F072 320 plus F070's start-up of up to 230 without a crystal [ST] */
            .return_max_ms = RETURN_MAX_MS,
            .sources = "RM0091; AN3156; AN2606 tables 7, 31 and 227; CubeProgrammer 0x448",
        },
    [RLK_FAMILY_STM32F405] =
        {
            .family = RLK_FAMILY_STM32F405,
            .name = "STM32F405",
            .devices = "STM32F405, F407, F415, F417",
            .tier = RLK_TIER_FULL,
            .evidence = EVIDENCE_WITH_REPORTS, /* dfu-util's device log, betaflight-configurator 200 and 350 [SEEN] */
            .generation = RLK_ROM_A_OTG,       /* starts in dfuERROR/errFIRMWARE, OTG core [SEEN] */
            /* usb_prop.c on an OTG core: NAK until the work is done; seen on F745, not on F405 itself */
            .early_poll = RLK_EARLY_POLL_HELD,
            .flash_addr = 0x08000000U,
            .ram_addr = RAM_ADDR,
            .ram_bytes_max = KIB(128U), /* contiguous SRAM1 and SRAM2, RM0090 memory map [ST] */
            .erased_value = 0xFF,
            .program_bytes = 4,          /* AN2606 table 7 [ST] */
            .options_addr = 0x1FFFC000U, /* [SEEN] [XML] */
            .options_bytes = 16,         /* [SEEN] "01*016 e", "01*016 g" on an older ROM */
            .rdp_read_offset = 1,        /* USER is byte 0 [XML] */
            .rdp_write_offset = 1,
            .rdp_level0 = 0xAA, /* RM0402 [ST] [XML] */
            .rdp_level1 = 0xBB, /* any other value is level 1; the HAL writes 0x55, CubeProgrammer this [XML] */
            .complement = RLK_COMPLEMENT_NONE, /* flash keeps its own; the tool writes the low half-words only [XML] */
            .options2_addr = 0,
            .has_empty_check = false, /* not in ST's empty check article; runs blank flash: dapboot issue 4 [SEEN] */
            .power_cycle_after_seal = RLK_POWER_CYCLE_NO, /* AN3156 figure 7, explicit reset; no report of a need */
            .power_cycle_after_unprotect = RLK_POWER_CYCLE_NO, /* AN3156 figure 10 [ST] */
            .mass_erase_typical_ms = 16000,         /* byte parallelism is the ROM's default (AN2606 4.4 [ST]) */
            .mass_erase_max_ms = 35000,             /* 32 s [DS]; dfu-util and OpenOCD wait 35 s [SEEN] */
            .sector_erase_typical_ms_per_16k = 250, /* 128 KiB in 2 s, 16 KiB in 0.25-0.4 s [DS] */
            .sector_erase_max_ms = 4000,            /* 128 KiB by bytes [DS] */
            .program_typical_us_per_byte_x16 = 256, /* 16 us a byte [DS] */
            .program_max_ms_per_block = 205,        /* 100 us a byte [DS] */
            /* Seen on F401 and F745, which share this lineage; of F405 itself only "about 100 ms" for a mass erase. */
            .announced_program_ms = 104,
            .announced_erase_ms = 100,
            .return_typical_ms = 460, /* USB 200-380 plus start-up 74 [ST] */
            .return_max_ms = RETURN_MAX_MS,
            .sources =
                "RM0090; RM0402; AN3156; AN2606 4.4 and tables 7, 227; dfu-util's device log; CubeProgrammer 0x413",
        },
    [RLK_FAMILY_STM32L4] =
        {
            .family = RLK_FAMILY_STM32L4,
            .name = "STM32L4",
            .devices = "STM32L412, L422, L43x, L44x, L45x, L46x, L496, L4A6",
            .tier = RLK_TIER_FULL,
            .evidence = EVIDENCE_WITH_REPORTS, /* L412, L43x, L45x, L496 reports [SEEN] */
            /* Small ones have the FS device core, L496 the OTG core: the one that early polls can upset [SAFE] */
            .generation = RLK_ROM_A_FS,
            .early_poll = RLK_EARLY_POLL_UNSAFE, /* stalled: dfu-util ticket 40 [SEEN] */
            .flash_addr = 0x08000000U,
            .ram_addr = RAM_ADDR,
            .ram_bytes_max = KIB(320U), /* L496: 256 + 64 KiB, contiguous, RM0351 memory map [ST] */
            .erased_value = 0xFF,
            .program_bytes = 8,          /* AN2606 table 7 [ST] */
            .options_addr = 0x1FFF7800U, /* [SEEN] [XML] */
            .options_bytes = 40,         /* [SEEN] "01*040 e" */
            .rdp_read_offset = 0,        /* [XML] */
            .rdp_write_offset = 0,
            .rdp_level0 = 0xAA,                      /* RM0394 [ST] [XML] */
            .rdp_level1 = 0xBB,                      /* any other value is level 1; this is CubeProgrammer's [XML] */
            .complement = RLK_COMPLEMENT_WORD_PAIRS, /* upper word of each 64-bit slot [ST] */
            .options2_addr = 0x1FFFF800U,            /* L496 and L4A6 [XML] */
            .has_empty_check = true,                 /* ST article "Empty check mechanism on STM32" [ST] */
            .power_cycle_after_seal = RLK_POWER_CYCLE_YES, /* L433 and L496: neither runs nor answers before [SEEN] */
            /* Explicit reset on L41x-L46x, option load elsewhere (AN3156 figure 10 [ST]); no report either way [SAFE]
             */
            .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
            .mass_erase_typical_ms = 22, /* per bank [DS] */
            .mass_erase_max_ms = POLL_TIME_SEEN_MS,
            .sector_erase_typical_ms_per_16k = 22, /* per 2 KiB page; 24.5 at most, L496 needed 30 [DS] [SEEN] */
            .sector_erase_max_ms = POLL_TIME_SEEN_MS,
            .program_typical_us_per_byte_x16 = 164,        /* two double words of 82 us [DS] */
            .program_max_ms_per_block = POLL_TIME_SEEN_MS, /* 256 double words of 91 us are 23.3 ms [DS] */
            .announced_program_ms = 21,                    /* L43x [SEEN]; too short for its own page erase */
            .announced_erase_ms = 0,                       /* not seen */
            .return_typical_ms = 820,                      /* L412 and L43x; L45x and L496 300-430 [ST] */
            .return_max_ms = RETURN_MAX_MS,
            .sources = "RM0351; RM0394; AN3156; AN2606 tables 7, 227, 229; ST's empty check article; CubeProgrammer "
                       "0x464, 0x435, 0x462, 0x461",
        },
    [RLK_FAMILY_STM32L47X] =
        {
            .family = RLK_FAMILY_STM32L47X,
            .name = "STM32L47x",
            .devices = "STM32L47x, L48x",
            .tier = RLK_TIER_FULL,
            .evidence = EVIDENCE_ON_PAPER,     /* no report that names an L47x or L48x ROM */
            .generation = RLK_ROM_A_OTG,       /* 2048, 2x00 by descriptor, OTG core */
            .early_poll = RLK_EARLY_POLL_HELD, /* by its core and lineage; no log of this ROM */
            .flash_addr = 0x08000000U,
            .ram_addr = RAM_ADDR,
            .ram_bytes_max = KIB(96U), /* SRAM1; SRAM2 lies elsewhere, RM0351 memory map [ST] */
            .erased_value = 0xFF,
            .program_bytes = 8,          /* AN2606 table 7 [ST] */
            .options_addr = 0x1FFF7800U, /* [XML] */
            .options_bytes = 40,         /* [SEEN] on 512 KiB parts, which one is not recorded */
            .rdp_read_offset = 0,        /* [XML] */
            .rdp_write_offset = 0,
            .rdp_level0 = 0xAA,                      /* RM0351 [ST] [XML] */
            .rdp_level1 = 0xBB,                      /* any other value is level 1; this is CubeProgrammer's [XML] */
            .complement = RLK_COMPLEMENT_WORD_PAIRS, /* upper word of each 64-bit slot [ST] */
            .options2_addr = 0x1FFFF800U,            /* [XML] */
            .has_empty_check = false,                /* not in ST's empty check article [ST] */
            .power_cycle_after_seal = RLK_POWER_CYCLE_YES, /* the same flash controller as L433 and L496 [SEEN] */
            .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE, /* as L4 [SAFE] */
            .mass_erase_typical_ms = 22,                          /* per bank [DS] */
            .mass_erase_max_ms = POLL_TIME_SEEN_MS,
            .sector_erase_typical_ms_per_16k = 22, /* per 2 KiB page, 24.5 at most [DS] */
            .sector_erase_max_ms = POLL_TIME_SEEN_MS,
            .program_typical_us_per_byte_x16 = 164,        /* two double words of 82 us [DS] */
            .program_max_ms_per_block = POLL_TIME_SEEN_MS, /* 256 double words of 91 us are 23.3 ms [DS] */
            .announced_program_ms = 0,                     /* not seen on this ROM */
            .announced_erase_ms = 0,
            .return_typical_ms = 2990, /* start-up of 2560 without LSE, USB 430 [ST] */
            .return_max_ms = RETURN_MAX_MS,
            .sources = "RM0351; AN3156; AN2606 tables 7, 227 and 229; CubeProgrammer 0x415",
        },
};

const struct rlk_chip *rlk_chip_row(enum rlk_family family)
{
    const bool is_known = (unsigned)family > RLK_FAMILY_UNKNOWN && (unsigned)family < RLK_FAMILY_COUNT;
    return is_known ? &rows[family] : NULL;
}
