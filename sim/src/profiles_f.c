/* The simulated F1, F2, F3, F4 and F7. What the values rest on: profiles.h. */
#include "profiles.h"

/* F1: A5 and its complement [ST]; the rest as F0's [INF]. */
static const uint8_t factory_f1[16] = {0xA5, 0x5A, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00,
                                       0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00};
/* F7: OPTCR 0xFFFFAAFD [INF]; BOOT_ADD0 0x0080, BOOT_ADD1 0x0040 [SEEN rusefi 3597]; values in the low half of 8-byte
 * slots, the rest erased [INF]. F72x: PCROP none, PCROP_RDP set [INF]. */
static const uint8_t factory_f7[48] = {0xFD, 0xAA, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                       0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                       0x40, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0xFF, 0xFF, 0xFF,
                                       0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

#define BOOT_F7                                                                                                        \
    {                                                                                                                  \
        .pin_select = SIM_NO_BIT, .n_boot0 = SIM_NO_BIT, .n_boot1 = SIM_NO_BIT, .way = SIM_BOOT_ADDRESS_F7,            \
        .address_0 = 0x10, .address_1 = 0x18                                                                           \
    }

/* F105: 52.5 us a half-word, pages 40 ms (F103's data sheet [ST]); 13.7 s with an 8 MHz crystal, the ROM tries 25 MHz
 * first [ST AN2606]; an OTG core. */
#define COMMON_F1                                                                                                      \
    .option_address = 0x1FFFF800U, .option_bytes = 16, .transfer_bytes = 2048, .option_style = SIM_OPTIONS_BYTE_PAIRS, \
    .rdp = RDP_F1, .program_unit_bytes = 4, .timed_unit_bytes = 2, .program_unit_us_tenths = 525,                      \
    .mass_erase_us = 40U * MS, .option_write_us = 41U * MS, .start_us = 13700U * MS, .announced_erase_ms = 50,         \
    .announced_other_ms = 55, .boot = BOOT_PIN, .factory_options = factory_f1, .factory_bytes = 16
#define BOOT_F3                                                                                                        \
    {                                                                                                                  \
        .pin_select = SIM_NO_BIT, .n_boot0 = SIM_NO_BIT, .n_boot1 = 4, .user = 2                                       \
    }
/* F7: F745 at most 6.6 us a byte [SEEN], so taken; 32 KiB 350 ms, 128 KiB 2 s [SEEN F745], 256 KiB double [INF]; mass
 * erase as F4 at x8 [HARD]. ROM start + USB: F72 320 ms, F74 230 ms [ST AN2606]. Alignment 8 [ST AN2606 table 7]. */
#define COMMON_F7                                                                                                      \
    .option_address = 0x1FFF0000U, .bcd_device = 0x2200, .transfer_bytes = 2048, .option_style = SIM_OPTIONS_PLAIN,    \
    .rdp = RDP_AT(1), .program_unit_bytes = 8, .timed_unit_bytes = 1, .program_unit_us_tenths = 66,                    \
    .mass_erase_us = 16000U * MS, .option_write_us = 400U * MS, .announced_erase_ms = 100, .announced_other_ms = 104,  \
    .boot = BOOT_F7, .factory_options = factory_f7

/* F413 has 15 bits of nWRP. */
static const uint8_t factory_f413[16] = {0xED, 0xAA, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                         0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static const struct sim_profile rows[] = {
    {.name = "stm32f105",
     .title = "STM32F105, 256 KiB, ROM 2.2, 8 MHz crystal",
     .serial = "STM32", /* on every unit [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/128*002Kg", OPTIONS_F0},
     .sectors = {{128, 2U * KIB, 40U * MS}},
     .flash_bytes = 256U * KIB,
     .bcd_device = 0x2200,
     .knobs = {KNOBS_F1(0), .jump_hangs_rdp1 = 1}, /* works by the pins at level 1, by a jump at level 0 only [SEEN] */
     COMMON_F1},
    /* ROMs 1.0 to 2.1: the option bytes claim to be erasable, and the poll times are wrong [ST]; how is [HARD]. */
    {.name = "stm32f105_v1",
     .title = "STM32F105, 256 KiB, ROM 2.0, 8 MHz crystal",
     .serial = "STM32",
     .alternates = {"@Internal Flash  /0x08000000/128*002Kg", "@Option Bytes  /0x1FFFF800/01*016 g"},
     .sectors = {{128, 2U * KIB, 40U * MS}},
     .flash_bytes = 256U * KIB,
     .bcd_device = 0x2000,
     .knobs = {KNOBS_F1(0), .announced_ms = 1, .jump_hangs_rdp1 = 1},
     COMMON_F1},
    {.name = "stm32f303",
     .title = "STM32F303, 256 KiB, ROM 2.2",
     .serial = "205B3597564B",
     .alternates = {"@Internal Flash  /0x08000000/128*0002Kg", OPTIONS_F0},
     .sectors = {{128, 2U * KIB, 40U * MS}},
     .flash_bytes = 256U * KIB,
     .boot = BOOT_F3,
     .knobs = {KNOBS_F1(1)},
     COMMON_F0},
    {.name = "stm32f373", /* strings as the F303's [INF] */
     .title = "STM32F373, 256 KiB, ROM 2.2",
     .serial = "205B3597564C",
     .alternates = {"@Internal Flash  /0x08000000/128*0002Kg", OPTIONS_F0},
     .sectors = {{128, 2U * KIB, 40U * MS}},
     .flash_bytes = 256U * KIB,
     .boot = BOOT_F3,
     .knobs = {KNOBS_F1(1)},
     COMMON_F0},
    {.name = "stm32f205", /* no listing of an F2 is known: F405's [INF] */
     .title = "STM32F205, 1 MiB, ROM 2.2",
     .serial = "3573365D3434",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(7)},
     .flash_bytes = 1024U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4},
    /* SPRMOD survives a regression of F401xB/C [ST AN2606 table 78]: pcrop_sectors says how much. */
    {.name = "stm32f401",
     .title = "STM32F401, 512 KiB, ROM 2.2",
     .serial = "3573365D3435",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(3)},
     .flash_bytes = 512U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4},
    {.name = "stm32f411",
     .title = "STM32F411, 512 KiB, ROM 2.2",
     .serial = "3573365D3436",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(3)},
     .flash_bytes = 512U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4},
    {.name = "stm32f412",
     .title = "STM32F412, 1 MiB, ROM 2.2",
     .serial = "3573365D3437",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(7)},
     .flash_bytes = 1024U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4},
    {.name = "stm32f413",
     .title = "STM32F413, 1.5 MiB, ROM 2.2",
     .serial = "3573365D3438",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,011*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(11)},
     .flash_bytes = 1536U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4_WITH(factory_f413)},
    {.name = "stm32f446",
     .title = "STM32F446, 512 KiB, ROM 2.2",
     .serial = "3573365D3439",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(3)},
     .flash_bytes = 512U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4},
    /* Two option blocks in one alternate, and erases of the second bank that do nothing [ST AN2606, V7.0 to V9.1]. */
    {.name = "stm32f427",
     .title = "STM32F427, 2 MiB, ROM 2.2",
     .serial = "3573365D3440",
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg",
                    "@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e",
                    "@OTP Memory /0x1FFF7800/01*512 e,01*016 e/0x1FFE7800/01*512 e,01*016 e", FEATURE},
     .sectors = {SECTORS_F4(7), SECTORS_F4(7)},
     .flash_bytes = 2048U * KIB,
     .second_option_address = 0x1FFEC000U,
     .second_is_writable = 1,
     .knobs = {KNOBS_F4, .second_bank_kept = 1},
     COMMON_F4},
    {.name = "stm32f722",
     .title = "STM32F722, 512 KiB, ROM 2.2",
     .serial = "STM32FxSTM32", /* on every unit [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*64Kg,03*128Kg", "@Option Bytes  /0x1FFF0000/01*048 e",
                    "@OTP Memory /0x1FF07800/01*528e", FEATURE},
     .sectors = {SECTORS_F4(3)},
     .flash_bytes = 512U * KIB,
     .otp_address = 0x1FF07800U,
     .otp_bytes = 528,
     .feature_address = 0xFFFF0000U,
     .option_bytes = 48,
     .factory_bytes = 48,
     .start_us = 394U * MS,
     .knobs = {KNOBS_F4},
     COMMON_F7},
    /* Length of the option block: 32 is expected, CubeProgrammer uses 44 [INF]: 32 are announced, both are taken. */
    {.name = "stm32f745",
     .title = "STM32F745, 1 MiB, ROM 2.2",
     .serial = "00000008FFFF", /* the UID was not read [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/04*032Kg,01*128Kg,03*256Kg", "@Option Bytes  /0x1FFF0000/01*032 e",
                    FEATURE},
     .sectors = {{4, 32U * KIB, 350U * MS}, {1, 128U * KIB, 2000U * MS}, {3, 256U * KIB, 4000U * MS}},
     .flash_bytes = 1024U * KIB,
     .feature_address = 0xFFFF0000U,
     .option_bytes = 44,
     .option_write_min = 32,
     .factory_bytes = 44,
     .start_us = 304U * MS,
     .knobs = {KNOBS_F4},
     COMMON_F7},
    {.name = "stm32f767",
     .title = "STM32F767, 2 MiB, ROM 2.2",
     .serial = "200364500000",
     .alternates = {"@Internal Flash  /0x08000000/04*032Kg,01*128Kg,07*256Kg", "@Option Bytes  /0x1FFF0000/01*032 e",
                    FEATURE},
     .sectors = {{4, 32U * KIB, 350U * MS}, {1, 128U * KIB, 2000U * MS}, {7, 256U * KIB, 4000U * MS}},
     .flash_bytes = 2048U * KIB,
     .feature_address = 0xFFFF0000U,
     .option_bytes = 44,
     .option_write_min = 32,
     .factory_bytes = 44,
     .start_us = 304U * MS,
     .knobs = {KNOBS_F4},
     COMMON_F7},
};

const struct sim_profile_table sim_profiles_f = {rows, sizeof rows / sizeof rows[0]};
