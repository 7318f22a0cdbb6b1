/* The simulated L0, L1 and L4+. What the values rest on: profiles.h. */
#include "profiles.h"

/* Word 0 is AA 00 55 FF [SEEN L151]; L0's word 1 0x8070 with nBOOT1 [INF]; no write protection is 0 [ST]. */
static const uint8_t factory_l0[32] = {0xAA, 0x00, 0x55, 0xFF, 0x70, 0x80, 0x8F, 0x7F, 0x00, 0x00, 0xFF,
                                       0xFF, 0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00,
                                       0xFF, 0xFF, 0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00, 0xFF, 0xFF};

/*
 * Erased flash is 0x00 [ST]. 3.28 ms for a half page and for an erase [HARD, of data sheets by memory]; alignment 8
 * [ST AN2606 table 7]. When options are loaded is not known: at power-on [HARD]. The data EEPROM is announced, and all
 * that goes there is refused.
 */
#define COMMON_L0                                                                                                      \
    .option_address = 0x1FF80000U, .option_bytes = 32, .bcd_device = 0x2200, .transfer_bytes = 2048,                   \
    .option_style = SIM_OPTIONS_HALFWORD_PAIRS, .rdp = RDP_AT(0), .erased = 0xFF, .program_unit_bytes = 8,             \
    .program_unit_us_tenths = 32800, .mass_erase_us = 10U * MS, .option_write_us = 4U * MS,                            \
    .factory_options = factory_l0, .factory_bytes = 32
#define KNOBS_L0(stalls)                                                                                               \
    .seal_reload = SIM_RELOAD_AT_POWER_ON, .regression_reload = SIM_RELOAD_AT_POWER_ON, .first_contact_error = 1,      \
    .early_poll_stalls = (stalls), .erase_moves_pointer = 1, .typical_percent = 100

static const struct sim_profile rows[] = {
    {.name = "stm32l072",
     .title = "STM32L072, 192 KiB",
     .serial = "205B3597564D",
     .alternates = {"@Internal Flash  /0x08000000/1536*128g", "@Option Bytes  /0x1FF80000/01*032 e",
                    "@DATA Memory /0x08080000/2*3Ke"},
     .sectors = {{1536, 128, 3280}},
     .flash_bytes = 192U * KIB,
     .timed_unit_bytes = 64,
     .start_us = 140U * MS,
     .announced_erase_ms = 50, /* ST's FS library [CODE] */
     .announced_other_ms = 50,
     .boot = {.pin_select = SIM_NO_BIT, .n_boot0 = SIM_NO_BIT, .n_boot1 = 15, .user = 4},
     .wprmod = {1, 0x01}, /* no WRP bit set then means PCROP [ST RM0367] */
     .knobs = {KNOBS_L0(1)},
     COMMON_L0},
    {.name = "stm32l152",
     .title = "STM32L152, 256 KiB",
     .serial = "205B3597564E",
     .alternates = {"@Internal Flash  /0x08000000/1024*256 g", "@Option Bytes  /0x1FF80000/01*032 e",
                    "@DATA Memory /0x08080000/02*004Ke"},
     .sectors = {{1024, 256, 3280}},
     .flash_bytes = 256U * KIB,
     .timed_unit_bytes = 128,
     .start_us = 849U * MS,
     .announced_erase_ms = 100, /* the L1 branch of ST's FS library [CODE] */
     .announced_other_ms = 104,
     .boot = BOOT_PIN,
     .knobs = {KNOBS_L0(1), .options_invalid_after_regress = 1},
     COMMON_L0},
    /* Two option blocks in one alternate [SEEN]. Start as L496's class [ST AN2606]. */
    {.name = "stm32l4r5",
     .title = "STM32L4R5, 2 MiB",
     .serial = "205B3597564F",
     .alternates = {"@Internal Flash  /0x08000000/512*0004Kg",
                    "@Option Bytes  /0x1FF00000/01*040 e/0x1FF01000/01*040 e", OTP_L4},
     .sectors = {{512, 4U * KIB, 22U * MS}},
     .flash_bytes = 2048U * KIB,
     .option_address = 0x1FF00000U,
     .second_option_address = 0x1FF01000U,
     .second_is_writable = 1,
     .otp_address = 0x1FFF7000U,
     .otp_bytes = 1024,
     .option_bytes = 40,
     .bcd_device = 0x2200,
     .transfer_bytes = 2048,
     .option_style = SIM_OPTIONS_WORD_PAIRS,
     .rdp = RDP_AT(0),
     .program_unit_bytes = 8,
     .timed_unit_bytes = 8,
     .program_unit_us_tenths = 820,
     .mass_erase_us = 44U * MS,
     .option_write_us = 23U * MS,
     .start_us = 430U * MS,
     .announced_erase_ms = 21,
     .announced_other_ms = 21,
     .boot = BOOT_L4,
     .has_empty_check = 1,
     .factory_options = sim_factory_l4,
     .factory_bytes = 40,
     .knobs = {KNOBS_L4(0)}},
};

const struct sim_profile_table sim_profiles_l = {rows, sizeof rows / sizeof rows[0]};
