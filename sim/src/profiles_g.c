/* The simulated ROMs of ST's Cube DFU class: C0, G0, G4, H7, U0, WB. What the values rest on: profiles.h. */
#include "profiles.h"

/* G4: OPTR 0xFFEFF8AA [ST RM0440]; PCROP and WRP areas empty, PCROP_RDP set, BOOT_LOCK clear [INF]. */
static const uint8_t factory_g4[48] = {WORD_PAIR(0xAA, 0xF8, 0xEF, 0xFF), WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF),
                                       WORD_PAIR(0x00, 0x00, 0xFF, 0xFF), WORD_PAIR(0xFF, 0xFF, 0x00, 0xFF),
                                       WORD_PAIR(0xFF, 0xFF, 0x00, 0xFF), WORD_PAIR(0x00, 0x00, 0x00, 0x00)};
/* G0, C0: OPTR 0xFFFFFEAA [SEEN G071]; slots as OpenBL's G0C1 has them [CODE], areas empty, BOOT_LOCK clear [INF]. */
static const uint8_t factory_g0[128] = {
    WORD_PAIR(0xAA, 0xFE, 0xFF, 0xFF), WORD_PAIR(0xFF, 0x01, 0x00, 0x00), WORD_PAIR(0x00, 0x00, 0x00, 0x80),
    WORD_PAIR(0xFF, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0x01, 0x00, 0x00),
    WORD_PAIR(0x00, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0x01, 0x00, 0x00), WORD_PAIR(0x00, 0x00, 0x00, 0x00),
    WORD_PAIR(0xFF, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0x01, 0x00, 0x00),
    WORD_PAIR(0x00, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF), WORD_PAIR(0x00, 0x00, 0x00, 0x00),
    WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF)};
/* WB: OPTR, PCROP, WRP as L4's [INF]; from 0x68 on the second core's, of which nothing is known [INF]. */
static const uint8_t factory_wb[128] = {
    WORD_PAIR(0xAA, 0xF1, 0xFF, 0x3D | 0x80), WORD_PAIR(0xFF, 0x01, 0x00, 0x00), WORD_PAIR(0x00, 0x00, 0x00, 0x80),
    WORD_PAIR(0xFF, 0x00, 0x00, 0x00),        WORD_PAIR(0xFF, 0x00, 0x00, 0x00), WORD_PAIR(0xFF, 0x01, 0x00, 0x00),
    WORD_PAIR(0x00, 0x00, 0x00, 0x00),        WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF), WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF),
    WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF),        WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF), WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF),
    WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF),        WORD_PAIR(0x00, 0x40, 0x00, 0x00), WORD_PAIR(0xCB, 0x10, 0x00, 0x00),
    WORD_PAIR(0x00, 0x28, 0x03, 0x28)};
/* U0: OPTR as G0's [INF]; an image of registers: WRP1A at 0x0C, WRP1B at 0x10, SECR at 0x60. */
static const uint8_t factory_u0[20] = {0xAA, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 0, 0, 0, 0x7F, 0, 0, 0};
/* H7: words in force; those to program follow them. OPTSR [INF]; PRAR and SCAR empty, start above end; WPSN all ones,
 * no sector protected [CODE that quotes RM0433]; BOOT_ADD0 0x0800 and BOOT_ADD1 0x1FF0 [ST AN2606]. */
#define FACTORY_H7(wpsn_rest)                                                                                          \
    [0x00] = 0xF0, [0x01] = 0xAA, [0x02] = 0xC6, [0x03] = 0x1B, [0x0C] = 0xFF, [0x14] = 0xFF, [0x1C] = 0xFF,           \
    [0x1D] = (wpsn_rest), [0x1E] = (wpsn_rest), [0x1F] = (wpsn_rest), [0x25] = 0x08, [0x26] = 0xF0, [0x27] = 0x1F
static const uint8_t factory_h7[0x2C] = {FACTORY_H7(0x00)};
/* WPSN has 32 groups of sectors here, and the second bank's registers are in the block. */
static const uint8_t factory_h7a3[0x120] = {
    FACTORY_H7(0xFF), [0x10C] = 0xFF, [0x114] = 0xFF, [0x11C] = 0xFF, [0x11D] = 0xFF, [0x11E] = 0xFF, [0x11F] = 0xFF};

static const struct sim_register_pair pairs_h7[] = {{0x00, 0x04}, {0x0C, 0x10}, {0x14, 0x18},
                                                    {0x1C, 0x20}, {0x24, 0x28}, {0, 0}};
/* 297 bytes reach the second bank's protection registers. */
static const struct sim_register_pair pairs_h7a3[] = {{0x00, 0x04},   {0x0C, 0x10},   {0x14, 0x18},
                                                      {0x1C, 0x20},   {0x24, 0x28},   {0x10C, 0x110},
                                                      {0x114, 0x118}, {0x11C, 0x120}, {0, 0}};

/* 82 us a double word, 22 ms a page as L4 [INF]; announced 50 ms for all [CODE DFU_Standalone]; USB after 300 ms
 * [ST AN2606]; alignment 8 [ST AN2606 table 7]. */
#define COMMON_G                                                                                                       \
    .bcd_device = 0x0200, .transfer_bytes = 1024, .option_style = SIM_OPTIONS_WORD_PAIRS, .rdp = RDP_AT(0),            \
    .program_unit_bytes = 8, .timed_unit_bytes = 8, .program_unit_us_tenths = 820, .mass_erase_us = 44U * MS,          \
    .option_write_us = 23U * MS, .start_us = 300U * MS, .announced_erase_ms = 50, .announced_other_ms = 50
#define COMMON_G4                                                                                                      \
    COMMON_G, .generation = SIM_GENERATION_B_OLD, .option_address = 0x1FFF7800U, .option_bytes = 48,                   \
              .otp_address = 0x1FFF7000U, .otp_bytes = 1024, .factory_options = factory_g4, .factory_bytes = 48,       \
              .boot = {.pin_select = 26, .n_boot0 = 27, .n_boot1 = 23, .lock = {0x2A, 0x01}}
/* The option bytes are there and nobody announces them. From the factory BOOT0 is ignored: products clear nBOOT_SEL. */
#define COMMON_G0                                                                                                      \
    COMMON_G, .option_address = 0x1FFF7800U, .option_bytes = 128, .option_write_min = 8, .boot = BOOT_G0(0x72),        \
              .product_clears = {3, 0x01}, .has_empty_check = 1, .factory_options = factory_g0, .factory_bytes = 128
/* H7: a flash word is 256 bits, 100 us of it at x64 [HARD, by memory]; mass erase 8 s [HARD]. Shared serial [SEEN]. */
#define COMMON_H7(factory)                                                                                             \
    .generation = SIM_GENERATION_B_OLD, .serial = "200364500000", .option_address = 0x5200201CU,                       \
    .option_write_min = 0x2C, .option_style = SIM_OPTIONS_REGISTER_PAIRS, .rdp = RDP_H7, .bcd_device = 0x0200,         \
    .transfer_bytes = 1024, .program_unit_bytes = 32, .timed_unit_bytes = 32, .program_unit_us_tenths = 1000,          \
    .mass_erase_us = 8000U * MS, .option_write_us = 1000U * MS, .announced_other_ms = 50,                              \
    .factory_options = (factory), .factory_bytes = sizeof(factory),                                                    \
    .boot = {.pin_select = SIM_NO_BIT,                                                                                 \
             .n_boot0 = SIM_NO_BIT,                                                                                    \
             .n_boot1 = SIM_NO_BIT,                                                                                    \
             .way = SIM_BOOT_ADDRESS_H7,                                                                               \
             .address_0 = 0x24,                                                                                        \
             .address_1 = 0x26}

#define FLASH_G0 "@Internal Flash   /0x08000000/256*02Kg"
#define FLASH_C0 "@Internal Flash   /0x08000000/64*02Kg"

static const struct sim_profile rows[] = {
    /* 48 option bytes announced, 40 read and written [SEEN]; another listing announces 40 as "01*40Be". */
    {.name = "stm32g431",
     .title = "STM32G431, 128 KiB",
     .serial = "2057386E4752",
     .alternates = {"@Internal Flash   /0x08000000/64*02Kg", "@Option Bytes   /0x1FFF7800/01*048 e",
                    "@OTP Memory   /0x1FFF7000/01*01Ke"},
     .sectors = {{64, 2U * KIB, 22U * MS}},
     .flash_bytes = 128U * KIB,
     .option_write_min = 40,
     .knobs = {KNOBS_B_OLD, .options_served = 40},
     COMMON_G4},
    {.name = "stm32g474",
     .title = "STM32G474, 512 KiB",
     .serial = "2057386E4753",
     .alternates = {"@Internal Flash   /0x08000000/256*02Kg",
                    "@Option Bytes   /0x1FFF7800/01*048 e/0x1FFFF800/01*048 e", "@OTP Memory   /0x1FFF7000/01*1024 e"},
     .sectors = {{256, 2U * KIB, 22U * MS}},
     .flash_bytes = 512U * KIB,
     .second_option_address = 0x1FFFF800U,
     .second_is_writable = 1,
     .knobs = {KNOBS_B_OLD},
     COMMON_G4},
    {.name = "stm32g491", /* strings as the G431's [INF] */
     .title = "STM32G491, 512 KiB",
     .serial = "2057386E4754",
     .alternates = {"@Internal Flash   /0x08000000/256*02Kg", "@Option Bytes   /0x1FFF7800/01*048 e",
                    "@OTP Memory   /0x1FFF7000/01*01Ke"},
     .sectors = {{256, 2U * KIB, 22U * MS}},
     .flash_bytes = 512U * KIB,
     .knobs = {KNOBS_B_OLD},
     COMMON_G4},
    /* Three alternates with the string of the flash [SEEN]; EMPTY is cleared when the ROM starts [ST AN2606]. */
    {.name = "stm32g0b1",
     .title = "STM32G0B1, 512 KiB",
     .serial = "2057386E4755",
     .alternates = {FLASH_G0, FLASH_G0, FLASH_G0},
     .sectors = {{256, 2U * KIB, 22U * MS}},
     .flash_bytes = 512U * KIB,
     .generation = SIM_GENERATION_B_OLD,
     .knobs = {KNOBS_B_OLD, .empty_flag_cleared = 1},
     COMMON_G0},
    /* No listing is known: G0B1's defect is taken [HARD]. */
    {.name = "stm32c071",
     .title = "STM32C071, 128 KiB",
     .serial = "2057386E4756",
     .alternates = {FLASH_C0, FLASH_C0, FLASH_C0},
     .sectors = {{64, 2U * KIB, 22U * MS}},
     .flash_bytes = 128U * KIB,
     .generation = SIM_GENERATION_B_NEW,
     .knobs = {KNOBS_B_NEW},
     COMMON_G0},
    /* The announced 136 option bytes end in the OEM keys. */
    {.name = "stm32u083",
     .title = "STM32U083, 256 KiB",
     .serial = "2057386E4757",
     .alternates = {"@Internal Flash    /0x08000000/128*02Kg", "@OB Bytes          /0x40022020/01*136 e",
                    "@OTP Memory        /0x1FFF6800/01*1024 e", "@ENGI Bytes        /0x1FFF6C00/01*1024.e"},
     .sectors = {{128, 2U * KIB, 22U * MS}},
     .flash_bytes = 256U * KIB,
     .option_address = 0x40022020U,
     .option_bytes = 136,
     .option_write_min = 1,
     .otp_address = 0x1FFF6800U,
     .otp_bytes = 1024,
     .bcd_device = 0x0220,
     .transfer_bytes = 1024,
     .generation = SIM_GENERATION_B_NEW,
     .option_style = SIM_OPTIONS_REGISTERS,
     .rdp = RDP_AT(0),
     .oem_keys = {0x68, 0x20},
     .product_clears = {3, 0x01},
     .program_unit_bytes = 8,
     .timed_unit_bytes = 8,
     .program_unit_us_tenths = 820,
     .mass_erase_us = 22U * MS,
     .option_write_us = 23U * MS,
     .start_us = 300U * MS,
     .announced_erase_ms = 50,
     .announced_other_ms = 50,
     .boot = BOOT_G0(0x62),
     .has_empty_check = 1,
     .factory_options = factory_u0,
     .factory_bytes = sizeof factory_u0,
     .knobs = {KNOBS_B_NEW}},
    /* 0x92 takes effect at power-on only [ST AN2606 table 184]. Length of the option block by qFlipper [CODE]. */
    {.name = "stm32wb55",
     .title = "STM32WB55, 1 MiB",
     .serial = "2057386E4758",
     .alternates = {"@Internal Flash   /0x08000000/256*04Kg", "@Option Bytes   /0x1FFF8000/01*128 e",
                    "@OTP Memory   /0x1FFF7000/01*1024 e"},
     .sectors = {{256, 4U * KIB, 22U * MS}},
     .flash_bytes = 1024U * KIB,
     .option_address = 0x1FFF8000U,
     .option_bytes = 128,
     .option_write_min = 8,
     .otp_address = 0x1FFF7000U,
     .otp_bytes = 1024,
     .generation = SIM_GENERATION_B_OLD,
     .boot = BOOT_L4,
     .has_empty_check = 1,
     .factory_options = factory_wb,
     .factory_bytes = 128,
     .knobs = {KNOBS_B_OLD_LOADED(SIM_RELOAD_AT_POWER_ON)},
     COMMON_G},
    /* Silicon V: erases of the second bank end in a dfuDNBUSY that stays [SEEN]. */
    {.name = "stm32h743",
     .title = "STM32H743, 2 MiB, revision V",
     .alternates = {"@Internal Flash   /0x08000000/16*128Kg", "@Option Bytes   /0x5200201C/01*128 e"},
     .sectors = {{16, 128U * KIB, 900U * MS}},
     .flash_bytes = 2048U * KIB,
     .option_bytes = 128,
     .announced_erase_ms = 1000, /* [SEEN] */
     .start_us = 54U * MS,
     .pairs = pairs_h7,
     .knobs = {KNOBS_B_OLD, .second_bank_wedge = 1, .program_words_stale = 1},
     COMMON_H7(factory_h7)},
    {.name = "stm32h723",
     .title = "STM32H723, 1 MiB",
     .alternates = {"@Internal Flash   /0x08000000/8*128Kg", "@Option Bytes   /0x5200201C/01*88 e"},
     .sectors = {{8, 128U * KIB, 900U * MS}},
     .flash_bytes = 1024U * KIB,
     .option_bytes = 88,
     .announced_erase_ms = 1000,
     .start_us = 54U * MS,
     .pairs = pairs_h7,
     .knobs = {KNOBS_B_OLD, .program_words_stale = 1},
     COMMON_H7(factory_h7)},
    {.name = "stm32h7a3",
     .title = "STM32H7A3, 2 MiB",
     .alternates = {"@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x5200201C/01*297 e",
                    "@OTP Memory   /0x08FFF000/01*1024 e"},
     .sectors = {{256, 8U * KIB, 10U * MS}},
     .flash_bytes = 2048U * KIB,
     .otp_address = 0x08FFF000U,
     .otp_bytes = 1024,
     .option_bytes = 297,
     .announced_erase_ms = 50,
     .start_us = 545U * MS,
     .pairs = pairs_h7a3,
     .knobs = {KNOBS_B_OLD, .program_words_stale = 1},
     COMMON_H7(factory_h7a3)},
};

const struct sim_profile_table sim_profiles_g = {rows, sizeof rows / sizeof rows[0]};
