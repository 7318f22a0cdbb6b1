/*
 * What rows of simulated devices share. Each value of a row or of a macro here names its source:
 *   [ST] an ST document, [SEEN] a log of a real ROM, [CODE] ST's published relatives of the ROM, [INF] inferred,
 *   [HARD] not known: the value that is harder for a host was taken.
 */
#ifndef SIM_PROFILES_H
#define SIM_PROFILES_H

#include "internal.h"

#define KIB 1024U
#define MS  1000U

/* A word and its complement, as they stand in images of word pairs. */
#define WORD_PAIR(a, b, c, d) (a), (b), (c), (d), (a) ^ 0xFF, (b) ^ 0xFF, (c) ^ 0xFF, (d) ^ 0xFF

/* Alternates: dfu-util device logs, AN3156. */
#define OPTIONS_F0 "@Option Bytes  /0x1FFFF800/01*016 e"
#define OPTIONS_F4 "@Option Bytes  /0x1FFFC000/01*016 e"
#define OTP_F4     "@OTP Memory /0x1FFF7800/01*512 e,01*016 e"
#define OTP_L4     "@OTP Memory /0x1FFF7000/01*0001Ke"
#define FEATURE    "@Device Feature/0xFFFF0000/01*004 e"

/* Level 2 and the half level where a family has them; canonical bytes are those that CubeProgrammer writes [CODE]. */
#define RDP_AT(offset)                                                                                                 \
    {                                                                                                                  \
        (offset), (offset), 0xAA, 0xBB, 0xCC, 0                                                                        \
    }
#define RDP_F1                                                                                                         \
    {                                                                                                                  \
        0, 0, 0xA5, 0xBB, 0, 0                                                                                         \
    } /* 0xAA is protected, and there is no level 2 [ST] */
#define RDP_H7                                                                                                         \
    {                                                                                                                  \
        1, 5, 0xAA, 0xBB, 0xCC, 0                                                                                      \
    } /* OPTSR_CUR is read, OPTSR_PRG is written [ST] */
#define RDP_TRUSTZONE                                                                                                  \
    {                                                                                                                  \
        0, 0, 0xAA, 0xDC, 0xCC, 0x55                                                                                   \
    } /* 0x55 is level 0.5 while TZEN is set [ST] */
#define PRODUCT_STATE(open, closed)                                                                                    \
    {                                                                                                                  \
        1, 5, (open), 0, (closed), 0                                                                                   \
    }

/* BOOT0 decides alone; BOOT1 is a pin that lies right. */
#define BOOT_PIN                                                                                                       \
    {                                                                                                                  \
        .pin_select = SIM_NO_BIT, .n_boot0 = SIM_NO_BIT, .n_boot1 = SIM_NO_BIT                                         \
    }
#define BOOT_L4                                                                                                        \
    {                                                                                                                  \
        .pin_select = 26, .n_boot0 = 27, .n_boot1 = 23                                                                 \
    } /* nSWBOOT0, nBOOT0, nBOOT1 [ST] */
/* nBOOT_SEL 1: the pin is ignored [ST]; BOOT_LOCK at that offset. */
#define BOOT_G0(offset)                                                                                                \
    {                                                                                                                  \
        .pin_select = 24, .n_boot0 = 26, .n_boot1 = 25, .pin_select_inverted = 1, .lock = {(offset), 0x01 }            \
    }

/*
 * ROMs of generation A. Set address is refused at level 1 on F4 and on some F1 and F3 boards [SEEN, against AN3156
 * table 4]. With an OTG core an early poll is held [CODE, SEEN on F7], with an FS core it is stalled [CODE, SEEN].
 * Option changes of F2, F4, F7: a written level is loaded by a reset (RM0402 class), regression keeps the others [ST]
 * and fails while sectors are write-protected [ST RM0402 3.6.4].
 */
#define KNOBS_F4                                                                                                       \
    .seal_reload = SIM_RELOAD_AT_RESET, .regression_reload = SIM_RELOAD_AT_ONCE, .set_address_refused = 1,             \
    .first_contact_error = 1, .erase_moves_pointer = 1, .protection_blocks_regress = 1, .typical_percent = 100
/* F1 and F3: options are loaded by a reset [ST]; changing RDP erases the whole block [ST RM0365]. */
#define KNOBS_F1(stalls)                                                                                               \
    .seal_reload = SIM_RELOAD_AT_RESET, .regression_reload = SIM_RELOAD_AT_RESET, .set_address_refused = 1,            \
    .first_contact_error = 1, .early_poll_stalls = (stalls), .options_reset_by_regression = 1,                         \
    .erase_moves_pointer = 1, .typical_percent = 100
/* L4: options are launched (OBL), and after sealing nothing answers until power-on [SEEN L433, L496]. */
#define KNOBS_L4(stalls)                                                                                               \
    .seal_reload = SIM_RELOAD_AT_ONCE, .regression_reload = SIM_RELOAD_AT_ONCE, .dead_after_seal = 1,                  \
    .first_contact_error = 1, .early_poll_stalls = (stalls), .erase_moves_pointer = 1, .typical_percent = 100

/*
 * Generation B [CODE]: the first GETSTATUS is the long one. Which class a ROM has is told by its age [INF]: wedge and
 * double CLRSTATUS up to 2.10, errVENDOR for all from 2.11.2 on. The flash of G0, G4, L5, WB, U0 and C0 is L4's: dead
 * after sealing until power-on [INF; SEEN G0B0]; H742 likewise [SEEN].
 */
#define KNOBS_B(regression_loaded)                                                                                     \
    .seal_reload = SIM_RELOAD_AT_ONCE, .regression_reload = (regression_loaded), .dead_after_seal = 1,                 \
    .work_in_first_poll = 1, .leave_loses_status = 1, .typical_percent = 100
#define KNOBS_B_OLD_LOADED(regression_loaded)                                                                          \
    KNOBS_B(regression_loaded), .refused_upload = SIM_REFUSAL_EMPTY, .busy_after_failure = 1, .double_clear = 1,       \
                                .erase_moves_pointer = 1
#define KNOBS_B_OLD KNOBS_B_OLD_LOADED(SIM_RELOAD_AT_ONCE)
#define KNOBS_B_NEW KNOBS_B(SIM_RELOAD_AT_ONCE), .refused_upload = SIM_REFUSAL_VENDOR_STATE, .vendor_for_any_failure = 1
/* Generation C [CODE; writes dropped and options readable at level 1: SEEN on U5]. */
#define KNOBS_C                                                                                                        \
    .seal_reload = SIM_RELOAD_AT_ONCE, .regression_reload = SIM_RELOAD_AT_ONCE, .dead_after_seal = 1,                  \
    .leave_answer = SIM_LEAVE_QUIET, .work_at_download = 1, .strict_clear = 1, .erase_moves_pointer = 1,               \
    .drops_writes_rdp1 = 1, .options_readable_rdp1 = 1, .typical_percent = 100
#define KNOBS_C5 .leave_answer = SIM_LEAVE_WAIT_RESET, .no_busy = 1, .strict_clear = 1, .typical_percent = 100

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
#define COMMON_F4_WITH(factory)                                                                                        \
    .option_address = 0x1FFFC000U, .option_bytes = 16, .otp_address = 0x1FFF7800U, .otp_bytes = 528,                   \
    .feature_address = 0xFFFF0000U, .bcd_device = 0x2200, .transfer_bytes = 2048, .option_style = SIM_OPTIONS_PLAIN,   \
    .rdp = RDP_AT(1), .program_unit_bytes = 4, .timed_unit_bytes = 1, .program_unit_us_tenths = 160,                   \
    .mass_erase_us = 16000U * MS, .option_write_us = 400U * MS, .start_us = 454U * MS, .announced_erase_ms = 100,      \
    .announced_other_ms = 104, .boot = BOOT_PIN, .factory_options = (factory), .factory_bytes = 16
#define COMMON_F4 COMMON_F4_WITH(sim_factory_f4)
#define COMMON_F0                                                                                                      \
    .option_address = 0x1FFFF800U, .option_bytes = 16, .bcd_device = 0x2200, .transfer_bytes = 2048,                   \
    .option_style = SIM_OPTIONS_BYTE_PAIRS, .rdp = RDP_AT(0), .program_unit_bytes = 4, .timed_unit_bytes = 2,          \
    .program_unit_us_tenths = 535, .mass_erase_us = 40U * MS, .option_write_us = 41U * MS, .start_us = 530U * MS,      \
    .announced_erase_ms = 50, .announced_other_ms = 55, .factory_options = sim_factory_f0, .factory_bytes = 16
#define COMMON_L4                                                                                                      \
    .option_address = 0x1FFF7800U, .option_bytes = 40, .otp_address = 0x1FFF7000U, .otp_bytes = 1024,                  \
    .feature_address = 0xFFFF0000U, .bcd_device = 0x2200, .transfer_bytes = 2048,                                      \
    .option_style = SIM_OPTIONS_WORD_PAIRS, .rdp = RDP_AT(0), .program_unit_bytes = 8, .timed_unit_bytes = 8,          \
    .program_unit_us_tenths = 820, .mass_erase_us = 22U * MS, .option_write_us = 23U * MS, .announced_erase_ms = 21,   \
    .announced_other_ms = 21, .factory_options = sim_factory_l4, .factory_bytes = 40

/* Sectors of F4 and F2 banks, with the F405's times. */
#define SECTORS_F4(large)                                                                                              \
    {4, 16U * KIB, 400U * MS}, {1, 64U * KIB, 1200U * MS},                                                             \
    {                                                                                                                  \
        (large), 128U * KIB, 2000U * MS                                                                                \
    }

extern const uint8_t sim_factory_f0[16];
extern const uint8_t sim_factory_f4[16];
extern const uint8_t sim_factory_l4[40];

#endif
