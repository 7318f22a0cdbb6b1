/* The vector table and what has to happen before main(). */
#include "firmware.h"

#include <stddef.h>

extern uint32_t stack_top;
extern const uint32_t data_source;
extern uint32_t data_start, data_end, bss_start, bss_end;

void reset_handler(void);

static void default_handler(void)
{
    for (;;) {
    }
}

void reset_handler(void)
{
    const uint32_t *from = &data_source;
    for (uint32_t *to = &data_start; to < &data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = &bss_start; to < &bss_end; to++) {
        *to = 0;
    }
    main();
    default_handler();
}

struct vector_table {
    const uint32_t *initial_sp;
    void (*handlers[15])(void);
    void (*interrupts[32])(void);
};

#define FOUR_DEFAULT default_handler, default_handler, default_handler, default_handler

__attribute__((section(".vectors"), used)) static const struct vector_table vectors = {
    &stack_top,
    {
        reset_handler,   /* Reset */
        default_handler, /* NMI */
        default_handler, /* HardFault */
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        default_handler, /* SVCall */
        NULL,
        NULL,
        default_handler, /* PendSV */
        systick_handler,
    },
    {FOUR_DEFAULT, FOUR_DEFAULT, FOUR_DEFAULT, FOUR_DEFAULT, FOUR_DEFAULT, FOUR_DEFAULT, FOUR_DEFAULT, FOUR_DEFAULT},
};
