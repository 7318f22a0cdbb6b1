/* Families whose scheme is simple and documented. */
#include "chip/chip_parts.h"

/* AN2606 Rev 70 names the first three for hosts that are too fast for the ROM's USB [ST]. */
#define QUIRKS_F0 (QUIRKS_A_FS | Q(SLOW_HOSTS_ONLY) | Q(SHARED_SERIAL) | Q(OPTIONS_RESET_BY_UNPROTECT))
#define QUIRKS_F3 (QUIRKS_A_FS | Q(SLOW_HOSTS_ONLY) | Q(NO_EMPTY_CHECK))
#define QUIRKS_F4                                                                                                      \
    (QUIRKS_A_OTG | Q(SET_ADDRESS_REFUSED) | Q(MASS_ERASE_UNDERSTATED) | Q(RDP_AT_OFFSET_1) |                          \
     Q(WRITE_PROTECTION_STOPS_UNPROTECT) | Q(NO_EMPTY_CHECK))
#define QUIRKS_F7                                                                                                      \
    (QUIRKS_A_OTG | Q(MASS_ERASE_UNDERSTATED) | Q(RDP_AT_OFFSET_1) | Q(WRITE_PROTECTION_STOPS_UNPROTECT) |             \
     Q(BOOT_ADD_LOST) | Q(NO_EMPTY_CHECK))
#define QUIRKS_L4 (Q(DEAD_UNTIL_POWER_CYCLE) | Q(PCROP_SURVIVES) | Q(UNEVEN_BLOCKS_CORRUPTED))

const struct rlk_chip rlk_chip_rows_full[] = {
    {
        IDENTITY(RLK_FAMILY_STM32F04X, "STM32F04x"), .evidence = EVIDENCE_WITH_REPORTS, /* many F042 reports [SEEN] */
        GENERATION_A_FS,
        .quirks = QUIRKS_F0 | Q(SET_ADDRESS_REFUSED), /* an F042 updater detects protection by it [SEEN] */
        MEMORY(KIB(6U), 4),                           /* hardware 2 (RM0091), AN2606 table 7 says 4: the larger [ST] */
        OPTIONS_F1(0xAA), .has_empty_check = true,    /* ST article "Empty check mechanism on STM32" [ST] */
        MAYBE_POWER_CYCLE, TIMES_HALFWORDS,
        RETURN(550), /* no F04x figure: F072's 320 plus F070's start-up of up to 230 [ST] */
    },
    {
        IDENTITY(RLK_FAMILY_STM32F07X, "STM32F07x"),
        .evidence = EVIDENCE_WITH_REPORTS, /* F072 keyboards; early polls stalled: openmv issue 1508 [SEEN] */
        GENERATION_A_FS, .quirks = QUIRKS_F0 | Q(NO_EMPTY_CHECK), /* not in ST's empty check article [ST] */
        MEMORY(KIB(16U), 4), OPTIONS_F1(0xAA), MAYBE_POWER_CYCLE, TIMES_HALFWORDS,
        RETURN(550), /* F072 320 plus F070's start-up of up to 230 without a crystal [ST] */
    },
    {
        IDENTITY(RLK_FAMILY_STM32F105, "STM32F105"),
        .evidence = EVIDENCE_WITH_REPORTS, /* dfu-util's F107 log, dapboot issue 4 [SEEN] */
        GENERATION_A_OTG,
        .quirks = QUIRKS_A_OTG | Q(LEVEL_0_IS_A5) | Q(OPTIONS_TYPED_ERASABLE) | Q(SHARED_SERIAL) | Q(SLOW_RETURN) |
                  Q(NO_EMPTY_CHECK),
        MEMORY(KIB(64U), 4), /* hardware 2, AN2606 table 7 says 4 [ST] */
        OPTIONS_F1(0xA5),    /* AN2662, CubeProgrammer 0x418; the HAL's level 1 is 00 */
        NO_POWER_CYCLE,      /* a system reset loads the options; no report of a need */
        TIMES_HALFWORDS,
        .return_typical_ms = 13700, /* 13.7 s with a crystal of 8 MHz, 4.5 s with 14.7456 [ST] */
        .return_max_ms = 35000,
    },
    {
        IDENTITY(RLK_FAMILY_STM32F30X, "STM32F30x"),
        .evidence = EVIDENCE_WITH_REPORTS, /* Betaflight's F303 boards [SEEN] */
        GENERATION_A_FS, .quirks = QUIRKS_F3, MEMORY(KIB(64U), 4), OPTIONS_F1(0xAA),
        MAYBE_POWER_CYCLE,            /* "loaded after system reset" in the RM, but the ROM's way is unknown [SAFE] */
        TIMES_HALFWORDS, RETURN(530), /* 300, F303xD and xE 100; start-up as F070 [ST] */
    },
    {
        IDENTITY(RLK_FAMILY_STM32F37X, "STM32F37x"),
        .evidence = EVIDENCE_ON_PAPER, /* no report that names an F373 ROM */
        GENERATION_A_FS,
        .quirks = QUIRKS_F3,
        MEMORY(KIB(32U), 4),
        OPTIONS_F1(0xAA),
        MAYBE_POWER_CYCLE,
        TIMES_HALFWORDS,
        RETURN(530),
    },
    {
        IDENTITY(RLK_FAMILY_STM32F405, "STM32F405"),
        .evidence = EVIDENCE_WITH_REPORTS, /* dfu-util's device log, betaflight-configurator 200 and 350 [SEEN] */
        GENERATION_A_OTG,                  /* starts in dfuERROR/errFIRMWARE, OTG core [SEEN] */
        .quirks = QUIRKS_F4 | Q(OPTIONS_TYPED_ERASABLE), /* "01*016 g" on an older ROM [SEEN] */
        MEMORY(KIB(128U), 4),                            /* contiguous SRAM1 and SRAM2 */
        OPTIONS_F4(0), NO_POWER_CYCLE, /* AN3156 figures 7 and 10, explicit reset [ST]; no report of a need */
        TIMES_BYTES, RETURN(460),      /* USB 200-380 plus start-up 74 [ST] */
    },
    {
        IDENTITY(RLK_FAMILY_STM32F412, "STM32F412"),
        .evidence = EVIDENCE_ON_PAPER,
        GENERATION_A_OTG,
        .quirks = QUIRKS_F4,
        MEMORY(KIB(256U), 4),
        OPTIONS_F4(0),
        NO_POWER_CYCLE,
        TIMES_BYTES,
        RETURN(460),
    },
    {
        IDENTITY(RLK_FAMILY_STM32F2, "STM32F2"), .evidence = EVIDENCE_ON_PAPER, /* no listing of an F2 was found */
        GENERATION_A_OTG, .quirks = QUIRKS_F4, MEMORY(KIB(128U), 4), OPTIONS_F4(0),
        NO_POWER_CYCLE,           /* AN3156 figure 10 [ST] */
        TIMES_BYTES, RETURN(460), /* USB 270 [ST], start-up as F4 */
    },
    {
        IDENTITY(RLK_FAMILY_STM32F401, "STM32F401"),
        .evidence = EVIDENCE_WITH_REPORTS, /* F401: modm's log; F411: zmk issue 1711 [SEEN] */
        GENERATION_A_OTG,
        .quirks = QUIRKS_F4 | Q(PCROP_SURVIVES), /* F401xB/C: SPRMOD stays after a regression, AN2606 table 78 [ST] */
        MEMORY(KIB(128U), 4),
        OPTIONS_F4(0),
        NO_POWER_CYCLE,
        TIMES_BYTES,
        RETURN(460),
    },
    {
        IDENTITY(RLK_FAMILY_STM32F413, "STM32F413"),
        .evidence = EVIDENCE_ON_PAPER, /* only its memory layout was seen */
        GENERATION_A_OTG,
        .quirks = QUIRKS_F4,
        MEMORY(KIB(320U), 4),
        OPTIONS_F4(0),
        NO_POWER_CYCLE,
        TIMES_BYTES,
        RETURN(460),
    },
    {
        IDENTITY(RLK_FAMILY_STM32F42X, "STM32F42x"),
        .evidence = EVIDENCE_WITH_REPORTS, /* ArduPilot's listing, an F429 board [SEEN] */
        GENERATION_A_OTG,
        .quirks = QUIRKS_F4 | Q(TWO_OPTION_BLOCKS) | Q(SECOND_BANK_ERASE), /* AN2606 tables 92, 94 [ST] */
        MEMORY(KIB(320U), 4),
        OPTIONS_F4(0x1FFEC000U),
        NO_POWER_CYCLE,
        TIMES_BYTES,
        RETURN(460),
    },
    {
        IDENTITY(RLK_FAMILY_STM32F72X, "STM32F72x"),
        .evidence = EVIDENCE_WITH_REPORTS, /* Betaflight's F722 boards [SEEN] */
        GENERATION_A_OTG, .quirks = QUIRKS_F7 | Q(SHARED_SERIAL) | Q(PCROP_SURVIVES), /* STM32FxSTM32 on F723 [SEEN] */
        MEMORY(KIB(256U), 8), OPTIONS_F7,
        NO_POWER_CYCLE,        /* AN3156 figure 10: explicit reset on some F7 [ST]; no report of a need */
        TIMES_F7, RETURN(460), /* USB 230 [ST], start-up as F4 */
    },
    {
        IDENTITY(RLK_FAMILY_STM32F74X, "STM32F74x"),
        /* F745 polled after 5 ms answered at 14 ms (fwupd 1944); ST's own tool ignores the announced time there. */
        .evidence = EVIDENCE_WITH_REPORTS,
        .generation = RLK_ROM_A_OTG,
        .early_poll = RLK_EARLY_POLL_USUAL,
        .quirks = QUIRKS_F7 | Q(SHARED_SERIAL), /* 00000008FFFF [SEEN] */
        MEMORY(KIB(320U), 8),
        OPTIONS_F7,
        NO_POWER_CYCLE,
        TIMES_F7,
        RETURN(460),
    },
    {
        IDENTITY(RLK_FAMILY_STM32F76X, "STM32F76x"),
        .evidence = EVIDENCE_WITH_REPORTS, /* dfu-util ticket 231, rusefi issue 3597 [SEEN] */
        GENERATION_A_OTG,
        .quirks = QUIRKS_F7,
        MEMORY(KIB(512U), 8),
        OPTIONS_F7,
        NO_POWER_CYCLE,
        TIMES_F7,
        RETURN(460),
    },
    {
        IDENTITY(RLK_FAMILY_STM32L4, "STM32L4"),
        .evidence = EVIDENCE_WITH_REPORTS, /* L412, L43x, L45x, L496 reports [SEEN] */
        /* Small ones have the FS device core, L496 the OTG core: the one that early polls can upset [SAFE]. */
        GENERATION_A_FS, /* stalled: dfu-util ticket 40 [SEEN] */
        .quirks = QUIRKS_A_FS | QUIRKS_L4 | Q(SHORT_POLL_TIMES) | Q(TWO_OPTION_BLOCKS) | Q(LONG_BLOCKS_REFUSED),
        MEMORY(KIB(320U), 8),                         /* L496: 256 + 64 KiB, contiguous */
        OPTIONS_L4(0x1FFF7800U, 0x1FFFF800U, 40, 40), /* "01*040 e" [SEEN]; the second on L496 and L4A6 [XML] */
        .has_empty_check = true,                      /* ST article "Empty check mechanism on STM32" [ST] */
        /* Explicit reset on L41x-L46x, option load elsewhere (AN3156 figure 10 [ST]); no report either way [SAFE] */
        POWER_CYCLE_AFTER_SEAL, TIMES_L4(21), /* L43x [SEEN]; too short for its own page erase */
        RETURN(820),                          /* L412 and L43x; L45x and L496 300-430 [ST] */
    },
    {
        IDENTITY(RLK_FAMILY_STM32L47X, "STM32L47x"),
        .evidence = EVIDENCE_ON_PAPER, /* no report that names an L47x or L48x ROM */
        GENERATION_A_OTG,              /* 2048, 2x00 by descriptor, OTG core; no log of this ROM */
        .quirks = QUIRKS_A_OTG | QUIRKS_L4 | Q(SLOW_RETURN) | Q(TWO_OPTION_BLOCKS) | Q(NO_EMPTY_CHECK),
        MEMORY(KIB(96U), 8),                               /* SRAM1; SRAM2 lies elsewhere */
        OPTIONS_L4(0x1FFF7800U, 0x1FFFF800U, 40, 40),      /* 40 on 512 KiB parts, which one is not recorded [SEEN] */
        POWER_CYCLE_AFTER_SEAL, TIMES_L4(0), RETURN(2990), /* start-up of 2560 without LSE, USB 430 [ST] */
    },
};
