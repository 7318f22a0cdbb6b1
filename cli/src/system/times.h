/*
 * Times as documents have them: "2026-11-22T10:00:00Z".
 */
#ifndef RELOCK_CLI_TIMES_H
#define RELOCK_CLI_TIMES_H

#include <stdint.h>

#define TIME_TEXT_BYTES 32U

/* Seconds since 1970 by this computer's clock. */
uint64_t times_now_s(void);

/* `to` has TIME_TEXT_BYTES. */
void times_write(char *to, uint64_t seconds);

#endif
