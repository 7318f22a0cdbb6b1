/*
 * Two halves, with a reset between them. AN2606 (section 4.1) wants peripheral clocks and the PLL off and no interrupt
 * pending when the ROM is entered by a jump. A reset does all of that at once and forgets no peripheral, so the running
 * application only leaves a note in RAM and resets; the jump is made before anything was switched on.
 */
#include "bootloader_entry.h"

#include "bootloader_family.h"
#include <stdint.h>

#define NOTE             0x524F4D21U
#define DISCONNECT_LOOPS 200000U /* some 10 ms at 168 MHz, and longer below; a hub needs 2.5 µs */

/* Not touched by startup code, and kept over a reset. Two words: what is in RAM after power-on is no note. */
__attribute__((section(".noinit"))) static volatile uint32_t note, note_inverted;

static volatile uint32_t *at(uint32_t address)
{
    return (volatile uint32_t *)(uintptr_t)address;
}

static enum rdp_level rdp_level(void)
{
    uint32_t value = (*at(RDP_REGISTER) >> RDP_SHIFT) & RDP_MASK;
    if (value == RDP_VALUE_LEVEL_0) {
        return RDP_LEVEL_0;
    }
    return value == RDP_VALUE_LEVEL_2 ? RDP_LEVEL_2 : RDP_LEVEL_1;
}

/* The host has to see the device go, or it takes the ROM for the application. */
static void disconnect_usb(void)
{
#if defined HAS_OTG
    *at(OTG_DEVICE_CONTROL) |= OTG_SOFT_DISCONNECT;
#else
    *at(USB_PULL_UP) &= ~USB_PULL_UP_BIT;
#endif
    for (volatile uint32_t i = 0; i < DISCONNECT_LOOPS; i++) {
    }
}

static _Noreturn void reset(void)
{
    __asm volatile("dsb" ::: "memory");
    *at(RESET_CONTROL) = RESET_NOW;
    for (;;) {
    }
}

enum bootloader_entry bootloader_request(void)
{
    struct bootloader_family family = {HAS_EMPTY_CHECK, JUMP_NEEDS_BLANK_FLASH};
    enum bootloader_entry entry = bootloader_judge(rdp_level(), board_boot0_is_high(), family);
    if (entry != ENTRY_BY_RESET && entry != ENTRY_BY_JUMP) {
        return entry;
    }
    __asm volatile("cpsid i" ::: "memory");
    disconnect_usb();
    if (entry == ENTRY_BY_JUMP) {
        note = NOTE;
        note_inverted = ~NOTE;
    }
    reset();
}

/* After a reset nothing is enabled or pending, unless a debugger or an own bootloader came first. */
static void quiet_interrupts(void)
{
    *at(SYSTICK_CONTROL) = 0;
    for (uint32_t i = 0; i < NVIC_WORDS; i++) {
        at(NVIC_DISABLE)[i] = UINT32_MAX;
        at(NVIC_CLEAR_PENDING)[i] = UINT32_MAX;
    }
    *at(INTERRUPT_CONTROL) = PENDING_CLEAR;
}

static void forget_cached_flash(void)
{
#if defined HAS_FLASH_CACHES
    *at(FLASH_ACCESS) &= ~FLASH_CACHES_ON;
    *at(FLASH_ACCESS) |= FLASH_CACHES_RESET;
    *at(FLASH_ACCESS) &= ~FLASH_CACHES_RESET;
#endif
}

/* As though BOOT0 had been high: system memory at address 0, and its vector table in use. */
static void map_system_memory(void)
{
    *at(SYSCFG_CLOCK_ENABLE) |= SYSCFG_CLOCK_BIT;
    (void)*at(SYSCFG_CLOCK_ENABLE); /* the clock runs only after a short while: reading back takes longer than that */
    *at(SYSCFG_MEMORY_MODE) = (*at(SYSCFG_MEMORY_MODE) & ~MEMORY_MODE_MASK) | MEMORY_MODE_SYSTEM;
#if defined HAS_VTOR
    *at(VECTOR_TABLE) = SYSTEM_MEMORY;
#endif
    __asm volatile("dsb\n\tisb" ::: "memory");
}

/* Some ROMs do not enable interrupts themselves (AN2606 4.1). After the first instruction there is no stack of ours. */
static _Noreturn void jump(void)
{
    uint32_t stack = at(SYSTEM_MEMORY)[0], entry = at(SYSTEM_MEMORY)[1];
    __asm volatile("msr msp, %0\n\t"
                   "isb\n\t"
                   "cpsie i\n\t"
                   "bx %1"
                   :
                   : "r"(stack), "r"(entry)
                   : "memory");
    __builtin_unreachable();
}

void bootloader_enter_if_requested(void)
{
    if (note != NOTE || note_inverted != ~NOTE) {
        return;
    }
    note = 0; /* once: the next reset starts the application */
    note_inverted = 0;
    __asm volatile("cpsid i" ::: "memory");
    quiet_interrupts();
    forget_cached_flash();
    map_system_memory();
    jump();
}
