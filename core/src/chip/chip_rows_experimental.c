/*
 * Families about which too much is inferred: only for who names the family, on the command line.
 */
#include "chip/chip_parts.h"

#define QUIRKS_G4        (QUIRKS_B | Q(DEAD_UNTIL_POWER_CYCLE) | Q(PCROP_SURVIVES))
#define QUIRKS_H7        (QUIRKS_B | Q(SPLIT_REGISTERS) | Q(NO_EMPTY_CHECK))
#define QUIRKS_TRUSTZONE (Q(TRUSTZONE) | Q(NO_EMPTY_CHECK))
/* U5 is of generation C by its code, and of B by its descriptors: what B has besides C. */
#define QUIRKS_B_TOO (Q(FIRST_STATUS_LASTS) | Q(BUSY_FOR_EVER) | Q(DOUBLE_CLRSTATUS) | Q(VENDOR_ERROR_FOR_ALL))
/* AN2606 Rev 70 on L07x V4.1 and L1 [ST]; RM0367 and an L151's dump for the rest. */
#define QUIRKS_L0 (QUIRKS_A_FS | Q(SLOW_HOSTS_ONLY) | Q(ERASED_IS_ZERO) | Q(NO_EMPTY_CHECK))

/* H7's AXI SRAM lies at 24000000, above its DTCM: one range from the one to the end of the other. */
#define RAM_TO_AXI_BYTES 0x04100000U

const struct rlk_chip rlk_chip_rows_experimental[] = {
    {
        IDENTITY(RLK_FAMILY_STM32G431, "STM32G431"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* siliconwitchery/web-stm32-updater 3; ST thread 574815 [SEEN] */
        GENERATION_B,
        .quirks = QUIRKS_G4 | Q(OPTIONS_SHORTER_THAN_ANNOUNCED) | Q(NO_EMPTY_CHECK),
        MEMORY(KIB(32U), 8),
        OPTIONS_L4(0x1FFF7800U, 0, 40, 40), /* "01*40Be"; 48 by another report, of which 40 are taken [SEEN] */
        POWER_CYCLE_AFTER_SEAL, /* G4: OBL_LAUNCH after an RDP change needs power-on (zephyr 83561) [SEEN] */
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32G47X, "STM32G47x"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* Betaflight's G474 boards [SEEN] */
        GENERATION_B,
        .quirks = QUIRKS_G4 | Q(TWO_OPTION_BLOCKS) | Q(NO_EMPTY_CHECK),
        MEMORY(KIB(128U), 8),
        OPTIONS_L4(0x1FFF7800U, 0x1FFFF800U, 48, 48),
        POWER_CYCLE_AFTER_SEAL,
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32G49X, "STM32G49x"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_ON_PAPER,
        GENERATION_B,
        .quirks = QUIRKS_G4 | Q(NO_EMPTY_CHECK),
        MEMORY(KIB(112U), 8),
        OPTIONS_L4(0x1FFF7800U, 0, 48, 48), /* OpenBL of G491; a second area is accepted and ignored [CODE] */
        POWER_CYCLE_AFTER_SEAL,
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32L4PLUS, "STM32L4Plus"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* zephyr's swan_r5, an inertial-sense product [SEEN] */
        GENERATION_A_OTG,
        .quirks = QUIRKS_A_OTG | Q(DEAD_UNTIL_POWER_CYCLE) | Q(PCROP_SURVIVES) | Q(TWO_OPTION_BLOCKS),
        MEMORY(KIB(640U), 8),
        OPTIONS_L4(0x1FF00000U, 0x1FF01000U, 40, 40),
        .has_empty_check = false, /* L4R and L4S have it, L4P and L4Q are not in ST's article [SAFE] */
        POWER_CYCLE_AFTER_SEAL,
        TIMES_L4(0),
        RETURN(430),
    },
    {
        IDENTITY(RLK_FAMILY_STM32L07X, "STM32L07x"), .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_ON_PAPER, /* only its memory layout was seen */
        GENERATION_A_FS, .quirks = QUIRKS_L0,
        MEMORY_ERASED_TO_ZERO(KIB(20U), 8), /* hardware 4 (RM0367), AN2606 table 7 says 8: the larger [ST] */
        OPTIONS_L0(0), MAYBE_POWER_CYCLE, TIMES_L0, RETURN(370), /* USB 140 [ST], start-up as F070 */
    },
    {
        IDENTITY(RLK_FAMILY_STM32L1, "STM32L1"), .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* an L151's option bytes after a regression [SEEN] */
        GENERATION_A_FS, .quirks = QUIRKS_L0 | Q(OPTIONS_INVALID_AFTER_UNPROTECT), MEMORY_ERASED_TO_ZERO(KIB(80U), 8),
        OPTIONS_L0(0x1FF80080U), MAYBE_POWER_CYCLE, TIMES_L0, RETURN(1080), /* USB 849 [ST], start-up as F070 */
    },
    {
        IDENTITY(RLK_FAMILY_STM32H74X, "STM32H74x"), .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* dfu-util ticket 88, ST threads 234209 and 255371 [SEEN] */
        GENERATION_B, .quirks = QUIRKS_H7 | Q(SECOND_BANK_ERASE) | Q(SHARED_SERIAL),
        MEMORY(RAM_TO_AXI_BYTES, 32), /* flash words of 256 bits [MEM] */
        OPTIONS_H7(128, 128),         /* announced; 134h in CubeProgrammer, which adds the second bank */
        .power_cycle_after_seal = RLK_POWER_CYCLE_YES, /* H742: the CPU stalls until power-on (thread 127568) [SEEN] */
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE, TIMES_H7(125),
        RETURN(600), /* 54 [ST]; "extra reset needed" on V9.0 */
    },
    {
        IDENTITY(RLK_FAMILY_STM32H72X, "STM32H72x"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* an H723 board's listing [SEEN] */
        GENERATION_B,
        .quirks = QUIRKS_H7,
        MEMORY(RAM_TO_AXI_BYTES, 32),
        OPTIONS_H7(88, 88), /* announced; 5Ch in CubeProgrammer */
        .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE,
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
        TIMES_H7(125),
        RETURN(600),
    },
    {
        IDENTITY(RLK_FAMILY_STM32H7A3, "STM32H7A3"), .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* a listing [SEEN] */
        GENERATION_B, .quirks = QUIRKS_H7,
        MEMORY(RAM_TO_AXI_BYTES, 32), /* flash words of 128 bits, some say 256: the larger */
        OPTIONS_H7(297, 296),         /* announced; an odd length cannot be written (AN3156 5.1) */
        .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE, .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
        TIMES_H7(20), RETURN(600), /* start-up 545, USB 54 [ST] */
    },
    {
        IDENTITY(RLK_FAMILY_STM32L5, "STM32L5"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* dfu-util ticket 132 [SEEN] */
        GENERATION_B,
        .quirks = QUIRKS_B | QUIRKS_TRUSTZONE,
        MEMORY(KIB(256U), 16),
        OPTIONS_U5(48),
        .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE, /* V13.0: option launch does not work (AN2606 table 180) */
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32U5, "STM32U5"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* inertial-sense-sdk 1182 and 1186; zephyr's b_u585i_iot02a [SEEN] */
        GENERATION_C,
        .quirks = QUIRKS_C | QUIRKS_B_TOO | QUIRKS_TRUSTZONE | Q(DROPS_WRITES_AT_LEVEL_1) | Q(KEYS_IN_THE_BLOCK),
        MEMORY(0x00400000U, 16), /* up to U5Gx's [MEM] */
        OPTIONS_U5(64),          /* announced; the last 16 bytes are OEM keys */
        .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE,
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
        TIMES_QUAD_WORDS,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32U3, "STM32U3"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_ON_PAPER, /* no listing found */
        GENERATION_C,
        .quirks = QUIRKS_C | QUIRKS_TRUSTZONE,
        MEMORY(KIB(640U), 16),
        OPTIONS_U5(48),
        .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE,
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
        TIMES_QUAD_WORDS,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32WBA6, "STM32WBA6"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_ON_PAPER, /* that its ROM offers USB is inferred from AN3156's list of series */
        GENERATION_C,
        .quirks = QUIRKS_C | QUIRKS_TRUSTZONE,
        MEMORY(KIB(512U), 16),
        OPTIONS_U5(48),
        .power_cycle_after_seal = RLK_POWER_CYCLE_MAYBE,
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_MAYBE,
        TIMES_QUAD_WORDS,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32U0, "STM32U0"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* a U083's listing [SEEN] */
        GENERATION_B,
        .quirks =
            QUIRKS_B | Q(REFUSAL_IN_STATE_15) | Q(KEYS_IN_THE_BLOCK) | Q(BOOT0_IGNORED) | Q(DEAD_UNTIL_POWER_CYCLE),
        MEMORY(KIB(40U), 8),
        .options_addr = 0x40022020U,
        .options_bytes = 136,       /* announced; the last 32 bytes are OEM keys */
        .options_write_bytes = 100, /* as CubeProgrammer */
        .rdp_level0 = 0xAA,
        .rdp_level1 = 0xBB,
        .option_form = RLK_OPTION_FORM_REGISTERS,
        .has_empty_check = true,
        POWER_CYCLE_AFTER_SEAL,
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32WB55, "STM32WB55"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* qFlipper; ST thread 311243 [SEEN] */
        GENERATION_B,
        .quirks = QUIRKS_B | Q(UNPROTECT_NEEDS_POWER_CYCLE) | Q(DEAD_UNTIL_POWER_CYCLE) | Q(PCROP_SURVIVES),
        MEMORY(KIB(256U), 8),
        OPTIONS_L4(0x1FFF8000U, 0, 128, 8), /* OPTR alone: the tail belongs to the second CPU */
        .has_empty_check = true,
        .power_cycle_after_seal = RLK_POWER_CYCLE_YES,
        .power_cycle_after_unprotect = RLK_POWER_CYCLE_YES, /* V13.5, AN2606 table 184 [ST] */
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32C071, "STM32C071"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_ON_PAPER, /* no listing found */
        GENERATION_B,
        /* Its listing is not known: it may lie as G0B1's does. */
        .quirks = QUIRKS_B | Q(REFUSAL_IN_STATE_15) | Q(EQUAL_ALTERNATES) | Q(BOOT0_IGNORED) |
                  Q(DEAD_UNTIL_POWER_CYCLE) | Q(PCROP_SURVIVES),
        MEMORY(KIB(24U), 8),
        OPTIONS_L4(0x1FFF7800U, 0, 120, 120), /* 74h in CubeProgrammer, to the end of that 64-bit slot */
        .has_empty_check = true,
        POWER_CYCLE_AFTER_SEAL,
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32G0B1, "STM32G0B1"),
        .tier = RLK_TIER_EXPERIMENTAL,
        .evidence = EVIDENCE_WITH_REPORTS, /* ST threads 839156, 870241, 899414 [SEEN] */
        GENERATION_B,
        .quirks = QUIRKS_B | Q(EQUAL_ALTERNATES) | Q(OPTIONS_NOT_ANNOUNCED) | Q(EMPTY_FLAG_CLEARED) | Q(BOOT0_IGNORED) |
                  Q(DEAD_UNTIL_POWER_CYCLE) | Q(PCROP_SURVIVES) | Q(SECOND_BANK_ERASE),
        MEMORY(KIB(144U), 8),
        OPTIONS_L4(0x1FFF7800U, 0, 120, 120), /* OpenBL takes 128 bytes with this pitch; 74h in CubeProgrammer */
        .has_empty_check = true,
        POWER_CYCLE_AFTER_SEAL, /* thread 870241 [SEEN] */
        TIMES_DOUBLE_WORDS_B,
        RETURN(300),
    },
};
