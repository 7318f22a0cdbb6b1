/*
 * The simulated families. Each value names its source:
 *   [ST] an ST document, [SEEN] a log of a real ROM, [CODE] ST's published relatives of the ROM, [INF] inferred,
 *   [HARD] not known: the value that is harder for a host was taken.
 */
#include "internal.h"

#include <string.h>

#define KIB 1024U
#define MS  1000U

/* Alternates: dfu-util device logs, AN3156; L432's count is that of its 256 KiB [INF]. */
#define OPTIONS_F0 "@Option Bytes  /0x1FFFF800/01*016 e"
#define OPTIONS_F4 "@Option Bytes  /0x1FFFC000/01*016 e"
#define OPTIONS_L4 "@Option Bytes  /0x1FFF7800/01*040 e"
#define OTP_F4     "@OTP Memory /0x1FFF7800/01*512 e,01*016 e"
#define OTP_L4     "@OTP Memory /0x1FFF7000/01*0001Ke"
#define FEATURE    "@Device Feature/0xFFFF0000/01*004 e"

/* F0: first word 0x00FF55AA [ST RM0091], then pairs of FF and its complement [INF]. */
#define FACTORY_F0                                                                                                     \
    {                                                                                                                  \
        0xAA, 0x55, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00                 \
    }
/* F405: register form 0x0FFFAAED; the reserved bytes of the image are not known, erased ones are taken [INF]. */
#define FACTORY_F4                                                                                                     \
    {                                                                                                                  \
        0xED, 0xAA, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF                 \
    }
/* L4: OPTR 0xFFFFF8AA [SEEN]; PCROP and WRP areas empty (start above end), PCROP_RDP set [INF]. */
#define FACTORY_L4                                                                                                     \
    {                                                                                                                  \
        0xAA, 0xF8, 0xFF, 0xFF, 0x55, 0x07, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,    \
            0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0xFF, 0xFF, 0x00, 0xFF, 0x00, 0x00, 0xFF, 0x00, 0xFF, 0xFF, 0x00,      \
            0xFF, 0x00, 0x00, 0xFF, 0x00                                                                               \
    }

/*
 * F405: a written level is loaded by a reset (RM0402 class) and regression keeps the other options [ST]. Set address is
 * refused at level 1 on F4 [SEEN, against AN3156 table 4]. OTG core: an early poll is held [CODE, SEEN on F7].
 */
#define KNOBS_F4                                                                                                       \
    {                                                                                                                  \
        .seal_reload = SIM_RELOAD_AT_RESET, .regression_reload = SIM_RELOAD_AT_ONCE, .set_address_refused = 1,         \
        .first_contact_error = 1, .typical_percent = 100                                                               \
    }
/*
 * F0: options are loaded by POR or OBL_LAUNCH, not by a system reset [ST RM0091], and the ROM makes an explicit system
 * reset on some F0 [ST AN3156 fig. 7, 10]: only power-on loads them [HARD]. Changing RDP erases the whole block
 * [ST RM0091], so the other options return to defaults [ST AN3156 table 4 note 3].
 */
#define KNOBS_F0(refuses_set_address)                                                                                  \
    {                                                                                                                  \
        .seal_reload = SIM_RELOAD_AT_POWER_ON, .regression_reload = SIM_RELOAD_AT_POWER_ON,                            \
        .set_address_refused = (refuses_set_address), .first_contact_error = 1, .early_poll_stalls = 1,                \
        .options_reset_by_regression = 1, .typical_percent = 100                                                       \
    }
/* L4: options are launched (OBL), and after sealing nothing answers until power-on [SEEN L433, L496]. */
#define KNOBS_L4(stalls)                                                                                               \
    {                                                                                                                  \
        .seal_reload = SIM_RELOAD_AT_ONCE, .regression_reload = SIM_RELOAD_AT_ONCE, .dead_after_seal = 1,              \
        .first_contact_error = 1, .early_poll_stalls = (stalls), .typical_percent = 100                                \
    }

/*
 * Times. F405: byte-wise programming, 16 us a byte, sectors and 16 s mass erase at x8 (data sheet class values);
 * announced 100/104 ms [SEEN F401]; ROM start 74 ms + USB 380 ms [ST AN2606]. Option write like the smallest sector
 * [INF]. F0: 53.5 us a half-word, page and mass erase up to 40 ms [SEEN]; announced 50 ms for an erase as in ST's FS
 * library, and else just what a full block takes: dfu-util works on an F072 [SEEN], and it never asks again after an
 * early poll of a block, which this core stalls; start 230 ms without HSE + USB 300 ms [ST, of F070 and F3].
 * L4: 82 us a double word, page and mass erase 22 ms; announced 21 ms [SEEN L43x] for everything [HARD]; USB 820 ms on
 * L43, 430 ms on L45; L47x without LSE 2560 ms + 300 ms [ST AN2606].
 * Write alignment: multiples of 4 on F0 and F4, of 8 on L4 [ST AN2606 table 7, AN3156 5.1].
 */
#define COMMON_F4                                                                                                      \
    .option_address = 0x1FFFC000U, .option_bytes = 16, .otp_address = 0x1FFF7800U, .otp_bytes = 528,                   \
    .feature_address = 0xFFFF0000U, .bcd_device = 0x2200, .transfer_bytes = 2048, .option_style = SIM_OPTIONS_PLAIN,   \
    .rdp_offset = 1, .program_unit_bytes = 4, .timed_unit_bytes = 1, .program_unit_us_tenths = 160,                    \
    .mass_erase_us = 16000U * MS, .option_write_us = 400U * MS, .start_us = 454U * MS, .announced_erase_ms = 100,      \
    .announced_other_ms = 104, .boot = {SIM_NO_BIT, SIM_NO_BIT, SIM_NO_BIT}, .factory_options = FACTORY_F4,            \
    .knobs = KNOBS_F4
#define COMMON_F0                                                                                                      \
    .option_address = 0x1FFFF800U, .option_bytes = 16, .bcd_device = 0x2200, .transfer_bytes = 2048,                   \
    .option_style = SIM_OPTIONS_BYTE_PAIRS, .program_unit_bytes = 4, .timed_unit_bytes = 2,                            \
    .program_unit_us_tenths = 535, .mass_erase_us = 40U * MS, .option_write_us = 41U * MS, .start_us = 530U * MS,      \
    .announced_erase_ms = 50, .announced_other_ms = 55, .factory_options = FACTORY_F0
#define COMMON_L4                                                                                                      \
    .option_address = 0x1FFF7800U, .option_bytes = 40, .otp_address = 0x1FFF7000U, .otp_bytes = 1024,                  \
    .feature_address = 0xFFFF0000U, .bcd_device = 0x2200, .transfer_bytes = 2048,                                      \
    .option_style = SIM_OPTIONS_WORD_PAIRS, .program_unit_bytes = 8, .timed_unit_bytes = 8,                            \
    .program_unit_us_tenths = 820, .mass_erase_us = 22U * MS, .option_write_us = 23U * MS, .announced_erase_ms = 21,   \
    .announced_other_ms = 21, .factory_options = FACTORY_L4

static const struct sim_profile profiles[] = {
    {.name = "stm32f405",
     .title = "STM32F405, 1 MiB, ROM 2.2",
     .serial = "3573365D3433", /* made from the UID, unique [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {{4, 16U * KIB, 400U * MS}, {1, 64U * KIB, 1200U * MS}, {7, 128U * KIB, 2000U * MS}},
     .flash_bytes = 1024U * KIB,
     COMMON_F4},
    {.name = "stm32f042",
     .title = "STM32F042, 32 KiB, ROM 2.2",
     .serial = "FFFFFFFEFFFF", /* the same on every unit [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/032*0001Kg", OPTIONS_F0},
     .sectors = {{32, 1U * KIB, 40U * MS}},
     .flash_bytes = 32U * KIB,
     .boot = {7, 3, 4},
     .has_empty_check = 1,
     .knobs = KNOBS_F0(1), /* an F042 updater detects protection by it [SEEN] */
     COMMON_F0},
    {.name = "stm32f072",
     .title = "STM32F072, 128 KiB, ROM 2.2",
     .serial = "FFFFFFFEFFFF",
     .alternates = {"@Internal Flash  /0x08000000/064*0002Kg", OPTIONS_F0},
     .sectors = {{64, 2U * KIB, 40U * MS}},
     .flash_bytes = 128U * KIB,
     .boot = {SIM_NO_BIT, SIM_NO_BIT, 4},
     .knobs = KNOBS_F0(0),
     COMMON_F0},
    {.name = "stm32l432",
     .title = "STM32L432, 256 KiB, ROM 2.2",
     .serial = "207A38A4484E",
     .alternates = {"@Internal Flash  /0x08000000/0128*0002Kg", OPTIONS_L4, OTP_L4, FEATURE},
     .sectors = {{128, 2U * KIB, 22U * MS}},
     .flash_bytes = 256U * KIB,
     .start_us = 820U * MS,
     .boot = {26, 27, 23},
     .has_empty_check = 1,
     .knobs = KNOBS_L4(1),
     COMMON_L4},
    {.name = "stm32l452",
     .title = "STM32L452, 512 KiB, ROM 2.2",
     .serial = "205B3597564B",
     .alternates = {"@Internal Flash  /0x08000000/0256*0002Kg", OPTIONS_L4, OTP_L4, FEATURE},
     .sectors = {{256, 2U * KIB, 22U * MS}},
     .flash_bytes = 512U * KIB,
     .start_us = 430U * MS,
     .boot = {26, 27, 23},
     .has_empty_check = 1,
     .knobs = KNOBS_L4(1),
     COMMON_L4},
    /* Whether a dual-bank ROM announces its second option block is not known: only the seen string is used. */
    {.name = "stm32l476",
     .title = "STM32L476, 1 MiB, ROM 2.2",
     .serial = "2076338B564B",
     .alternates = {"@Internal Flash  /0x08000000/512*0002Kg", OPTIONS_L4, OTP_L4, FEATURE},
     .sectors = {{512, 2U * KIB, 22U * MS}},
     .flash_bytes = 1024U * KIB,
     .second_option_address = 0x1FFFF800U,
     .start_us = 2860U * MS,
     .boot = {SIM_NO_BIT, SIM_NO_BIT, 23},
     .knobs = KNOBS_L4(0),
     COMMON_L4},
};

#define PROFILE_COUNT (sizeof profiles / sizeof profiles[0])

size_t sim_profile_count(void)
{
    return PROFILE_COUNT;
}

const char *sim_profile_name(size_t index)
{
    return index < PROFILE_COUNT ? profiles[index].name : NULL;
}

const char *sim_profile_title(size_t index)
{
    return index < PROFILE_COUNT ? profiles[index].title : NULL;
}

const struct sim_profile *sim_profile_find(const char *name)
{
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        if (strcmp(profiles[i].name, name) == 0) {
            return &profiles[i];
        }
    }
    return NULL;
}

const struct sim_profile *sim_row(const struct sim_device *device)
{
    return &profiles[device->profile];
}

uint16_t sim_bcd_device(const struct sim_device *device)
{
    return sim_row(device)->bcd_device;
}

const char *sim_profile_of(const struct sim_device *device)
{
    return sim_row(device)->name;
}
