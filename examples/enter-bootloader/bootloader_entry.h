/*
 * Entering ST's ROM bootloader from an application, for the families that Relock updates. Copy these files into your
 * firmware; they need nothing but a C11 compiler. Nobody has run them on a chip yet.
 *
 * Say which family it is when you compile: -DFAMILY_STM32F04X, _STM32F07X, _STM32F405, _STM32L4 or _STM32L47X.
 */
#ifndef BOOTLOADER_ENTRY_H
#define BOOTLOADER_ENTRY_H

#include <stdbool.h>

enum rdp_level { RDP_LEVEL_0, RDP_LEVEL_1, RDP_LEVEL_2 };

/* What a family is like, as far as entering its ROM is concerned. */
struct bootloader_family {
    bool has_empty_check;        /* starts the ROM at power-on when its flash is blank */
    bool jump_needs_blank_flash; /* its ROM goes straight back to an application that is there (AN2606) */
};

/* How the ROM can be entered now, or why it must not be. */
enum bootloader_entry {
    ENTRY_BY_RESET,        /* BOOT0 is high: a plain reset starts the ROM, and so will the reset after an erase */
    ENTRY_BY_JUMP,         /* BOOT0 is low, and nothing is lost by a jump */
    ENTRY_REFUSED_STRANDS, /* BOOT0 is low, the chip is protected and has no empty check: its next erase would strand it
                            */
    ENTRY_REFUSED_BOUNCES, /* BOOT0 is low, and this ROM would start the application again */
    ENTRY_REFUSED_LEVEL_2  /* the ROM cannot be started at level 2 */
};

/* Judges from `level`, the level of `BOOT0` and the family. Pure; never fails. */
enum bootloader_entry bootloader_judge(enum rdp_level level, bool boot0_is_high, struct bootloader_family family);

/*
 * Call it in the running application to start the ROM. Takes USB off the bus and resets the chip; returns only if it
 * refuses, with the reason, and has changed nothing then. Tell the user in that case to hold BOOT0 and to plug the
 * device in again.
 */
enum bootloader_entry bootloader_request(void);

/* Call it first thing in the reset handler, before clocks, .data and .bss. Does not return if the ROM was requested. */
void bootloader_enter_if_requested(void);

/*
 * Yours to write: whether BOOT0 is high now. On parts where BOOT0 is also a port pin, or where your board leads it to
 * one, read that pin. If you cannot know, return false: then a protected chip is not sent into the ROM by a jump.
 */
bool board_boot0_is_high(void);

#endif
