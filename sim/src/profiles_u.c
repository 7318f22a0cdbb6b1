/* The simulated parts with TrustZone or a product state: L5, U3, U5, WBA, H5, H7S, C5, N6. See profiles.h. */
#include "profiles.h"

/* OPTR with nSWBOOT0 and nBOOT0 set and TZEN clear [INF]; NSBOOTADD0 flash, NSBOOTADD1 the ROM [ST]; no write
 * protection: start above end [INF]. */
static const uint8_t factory_u5[48] = {0xAA, 0xF8, 0xEF, 0x1F, 0x7F, 0x00, 0x00, 0x08, 0x7F, 0x00, 0xF9, 0x0B,
                                       0x7C, 0x00, 0x00, 0x0C, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                       0xFF, 0x00, 0x00, 0x00, 0xFF, 0x00, 0x00, 0x00, 0xFF, 0x00, 0x00, 0x00,
                                       0x00, 0x00, 0x00, 0x00, 0xFF, 0x00, 0x00, 0x00, 0xFF, 0x00, 0x00, 0x00};
/* Product state open, TZEN off (C3) at 0x23 of H5 [ST by CubeProgrammer]; the rest [INF]. */
static const uint8_t factory_h5[0x40] = {
    0xF0, 0xED, 0xEF, 0x00, [0x20] = 0x10, [0x23] = 0xC3, [0x30] = 0x00, [0x33] = 0x08};
static const uint8_t factory_h7s[4] = {0xF0, 0x39, 0x00, 0x00};

/* The words to program stand 4 behind those in force [CODE OpenBL H573]. */
static const struct sim_register_pair pairs_h5[] = {{0x00, 0x04}, {0x20, 0x24}, {0x30, 0x34}, {0, 0}};

#define OTP_U5     "@OTP Memory   /0x0BFA0000/01*512 e"
#define OPTIONS_U5 "@Option Bytes   /0x40022040/01*64 e"
#define BOOT_U5(locks)                                                                                                 \
    {                                                                                                                  \
        .pin_select = 26, .n_boot0 = 27, .n_boot1 = SIM_NO_BIT, .way = SIM_BOOT_ADDRESS_REGISTER, .address_0 = 4,      \
        .address_1 = 8, .lock = {                                                                                      \
            0x0C,                                                                                                      \
            (locks)                                                                                                    \
        }                                                                                                              \
    }

/* Alignment 16 [ST AN2606 table 7]; 118 us a quad word, 3 ms a page, 300 ms in all [HARD, by memory]; announced 244 ms
 * for all [CODE OpenBL U5]; USB after 300 ms [ST AN2606]. */
#define COMMON_U5                                                                                                      \
    .option_address = 0x40022040U, .option_write_min = 1, .option_style = SIM_OPTIONS_REGISTERS, .rdp = RDP_TRUSTZONE, \
    .tzen = {3, 0x80}, .otp_address = 0x0BFA0000U, .otp_bytes = 512, .bcd_device = 0x0200, .transfer_bytes = 1024,     \
    .program_unit_bytes = 16, .timed_unit_bytes = 16, .program_unit_us_tenths = 1180, .mass_erase_us = 300U * MS,      \
    .option_write_us = 10U * MS, .start_us = 300U * MS, .factory_options = factory_u5, .factory_bytes = 48
#define COMMON_C                                                                                                       \
    COMMON_U5, .generation = SIM_GENERATION_C, .option_bytes = 64, .oem_keys = {0x30, 0x10}, .boot = BOOT_U5(0x01),    \
               .announced_erase_ms = 244, .announced_other_ms = 244

/* Protection is a product state here, which nothing that a bootloader host sends may change. */
#define COMMON_STATE                                                                                                   \
    .has_product_state = 1, .lacks_unprotect = 1, .bcd_device = 0x0200, .transfer_bytes = 1024,                        \
    .program_unit_bytes = 16, .timed_unit_bytes = 16, .program_unit_us_tenths = 1180, .mass_erase_us = 300U * MS,      \
    .option_write_us = 10U * MS, .start_us = 300U * MS, .boot = BOOT_PIN

static const struct sim_profile rows[] = {
    {.name = "stm32l552",
     .title = "STM32L552, 512 KiB, TrustZone off",
     .serial = "2067386E4751",
     .alternates = {"@Internal Flash /0x08000000/256*02Kg", "@Option Bytes   /0x40022040/01*48 e", OTP_U5},
     .sectors = {{256, 2U * KIB, 22U * MS}},
     .flash_bytes = 512U * KIB,
     .option_bytes = 48,
     .generation = SIM_GENERATION_B_OLD,
     .announced_erase_ms = 50,
     .announced_other_ms = 50,
     .boot = BOOT_U5(0x00),
     .knobs = {KNOBS_B_OLD},
     COMMON_U5},
    {.name = "stm32u585",
     .title = "STM32U585, 2 MiB, TrustZone off",
     .serial = "2067386E4752",
     .alternates = {"@Internal Flash   /0x08000000/256*08Kg", OPTIONS_U5, OTP_U5},
     .sectors = {{256, 8U * KIB, 3U * MS}},
     .flash_bytes = 2048U * KIB,
     .knobs = {KNOBS_C},
     COMMON_C},
    /* No listing is known: U5's, with 4 KiB pages, its keys behind the options as well [HARD]. */
    {.name = "stm32u375",
     .title = "STM32U375, 1 MiB, TrustZone off",
     .serial = "2067386E4753",
     .alternates = {"@Internal Flash   /0x08000000/256*04Kg", OPTIONS_U5, OTP_U5},
     .sectors = {{256, 4U * KIB, 3U * MS}},
     .flash_bytes = 1024U * KIB,
     .knobs = {KNOBS_C},
     COMMON_C},
    {.name = "stm32wba65", /* No listing is known: U5's [HARD]. */
     .title = "STM32WBA65, 2 MiB, TrustZone off",
     .serial = "2067386E4754",
     .alternates = {"@Internal Flash   /0x08000000/256*08Kg", OPTIONS_U5, OTP_U5},
     .sectors = {{256, 8U * KIB, 3U * MS}},
     .flash_bytes = 2048U * KIB,
     .knobs = {KNOBS_C},
     COMMON_C},
    /* Only the flash is known to be announced; options are registers that anybody may read [CODE]. */
    {.name = "stm32h563",
     .title = "STM32H563, 2 MiB, product state open",
     .serial = "2067386E4755",
     .alternates = {"@Internal Flash   /0x08000000/256*08Kg"},
     .sectors = {{256, 8U * KIB, 3U * MS}},
     .flash_bytes = 2048U * KIB,
     .option_address = 0x40022050U,
     .option_bytes = 176,
     .option_write_min = 8,
     .generation = SIM_GENERATION_C,
     .option_style = SIM_OPTIONS_REGISTER_PAIRS,
     .rdp = PRODUCT_STATE(0xED, 0x72),
     .pairs = pairs_h5,
     .factory_options = factory_h5,
     .factory_bytes = sizeof factory_h5,
     .announced_erase_ms = 25, /* OpenBL H5F5 [CODE] */
     .announced_other_ms = 5,
     .knobs = {KNOBS_C},
     COMMON_STATE},
    {.name = "stm32h7s3", /* no listing is known: the flash alone [INF]; where its options are is not used */
     .title = "STM32H7S3, 64 KiB, product state open",
     .serial = "2067386E4756",
     .alternates = {"@Internal Flash   /0x08000000/8*08Kg"},
     .sectors = {{8, 8U * KIB, 3U * MS}},
     .flash_bytes = 64U * KIB,
     .option_bytes = 4,
     .generation = SIM_GENERATION_B_NEW,
     .rdp = PRODUCT_STATE(0x39, 0),
     .factory_options = factory_h7s,
     .factory_bytes = sizeof factory_h7s,
     .announced_erase_ms = 50,
     .announced_other_ms = 50,
     .knobs = {KNOBS_B_NEW},
     COMMON_STATE},
    /* One alternate [SEEN]; the option registers are those of ST's OpenBL for C5, keys at 0x54 [CODE]. */
    {.name = "stm32c562",
     .title = "STM32C562, 512 KiB",
     .serial = "2067386E4757",
     .alternates = {"@Internal Flash /0x08000000/64*08Kg"},
     .sectors = {{64, 8U * KIB, 3U * MS}},
     .flash_bytes = 512U * KIB,
     .option_address = 0x40022050U,
     .option_bytes = 120,
     .option_write_min = 8,
     .generation = SIM_GENERATION_C5,
     .option_style = SIM_OPTIONS_REGISTER_PAIRS,
     .rdp = PRODUCT_STATE(0xED, 0x72),
     .oem_keys = {0x54, 0x24},
     .pairs = pairs_h5,
     .factory_options = factory_h5,
     .factory_bytes = sizeof factory_h5,
     .knobs = {KNOBS_C5},
     COMMON_STATE},
    /* No flash; its ROM loads a signed program by another protocol under the same identity. The string is [INF]. */
    {.name = "stm32n657",
     .title = "STM32N657, no flash",
     .serial = "2067386E4758",
     .alternates = {"@FSBL /0x01/1*1Me"},
     .generation = SIM_GENERATION_B_NEW,
     .announced_erase_ms = 50,
     .announced_other_ms = 50,
     .knobs = {KNOBS_B_NEW},
     COMMON_STATE},
};

const struct sim_profile_table sim_profiles_u = {rows, sizeof rows / sizeof rows[0]};
