/* The smallest program around it: a reset handler that asks first, and an application that enters the ROM at once. */
#include "bootloader_entry.h"

#include <stddef.h>
#include <stdint.h>

extern uint32_t stack_top;
extern const uint32_t data_source;
extern uint32_t data_start, data_end, bss_start, bss_end;

void reset_handler(void);

/* This board cannot tell. */
bool board_boot0_is_high(void)
{
    return false;
}

static void stop(void)
{
    for (;;) {
    }
}

void reset_handler(void)
{
    bootloader_enter_if_requested();
    const uint32_t *from = &data_source;
    for (uint32_t *to = &data_start; to < &data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = &bss_start; to < &bss_end; to++) {
        *to = 0;
    }
    (void)bootloader_request(); /* refused: a product says now that BOOT0 has to be held */
    stop();
}

struct vector_table {
    const uint32_t *initial_sp;
    void (*handlers[15])(void);
};

__attribute__((section(".vectors"), used)) static const struct vector_table vectors = {
    &stack_top, {reset_handler, stop, stop, NULL, NULL, NULL, NULL, NULL, NULL, NULL, stop, NULL, NULL, stop, stop}};
