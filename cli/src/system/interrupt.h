/*
 * Ctrl-C and its like: noted, never obeyed on the spot, so that no operation and no journal entry is cut in two.
 */
#ifndef RELOCK_CLI_INTERRUPT_H
#define RELOCK_CLI_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/* Notes SIGINT, SIGTERM and SIGHUP from now on; a reader that goes away (SIGPIPE) stops nothing. */
void interrupt_install(void);

bool interrupt_was_asked(void);

/* Waits until `file` can be read or has ended; false as soon as an interrupt is asked, however late it arrives. */
bool interrupt_wait_input(int file);

/* Can be read from as soon as an interrupt is asked; to be waited for, never read. */
int interrupt_file(void);

/* Sleeps; an interrupt ends it early. */
void interrupt_sleep(uint32_t duration_ms);

#endif
