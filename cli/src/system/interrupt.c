#include "system/interrupt.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t was_asked;

/* A signal between a look at was_asked and the wait for input would be slept over; a byte in here ends that wait. */
static int wake_pipe[2] = {-1, -1};

static void note(int signal_number)
{
    (void)signal_number;
    int saved_errno = errno;
    was_asked = 1;
    /* Full means that it wakes already. */
    ssize_t written = write(wake_pipe[1], "", 1);
    (void)written;
    errno = saved_errno;
}

void interrupt_install(void)
{
    if (pipe(wake_pipe) == 0) {
        fcntl(wake_pipe[0], F_SETFD, FD_CLOEXEC);
        fcntl(wake_pipe[1], F_SETFD, FD_CLOEXEC);
        fcntl(wake_pipe[1], F_SETFL, O_NONBLOCK);
    }
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

bool interrupt_wait_input(int file)
{
    struct pollfd waited[2] = {{.fd = file, .events = POLLIN}, {.fd = wake_pipe[0], .events = POLLIN}};
    while (!interrupt_was_asked()) {
        if (poll(waited, 2, -1) > 0 && waited[0].revents != 0) {
            return !interrupt_was_asked();
        }
    }
    return false;
}

int interrupt_file(void)
{
    return wake_pipe[0];
}

void interrupt_sleep(uint32_t duration_ms)
{
    struct pollfd wake = {.fd = wake_pipe[0], .events = POLLIN};
    poll(&wake, 1, duration_ms < INT_MAX ? (int)duration_ms : INT_MAX);
}
