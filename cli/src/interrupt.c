#include "interrupt.h"
#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t was_asked;

static void note(int signal_number)
{
    (void)signal_number;
    was_asked = 1;
}

void interrupt_install(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    /* Without SA_RESTART: a question that waits for an answer must end too. */
    struct sigaction action = {.sa_handler = note};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        sigaction(signals[i], &action, NULL);
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool interrupt_was_asked(void)
{
    return was_asked != 0;
}

void interrupt_sleep(uint32_t duration_ms)
{
    struct timespec duration = {.tv_sec = duration_ms / 1000, .tv_nsec = (long)(duration_ms % 1000) * 1000000L};
    if (!interrupt_was_asked()) {
        nanosleep(&duration, NULL);
    }
}
