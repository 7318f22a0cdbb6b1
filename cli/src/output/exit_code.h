/*
 * Exit codes: the promise that scripts build on.
 */
#ifndef RELOCK_CLI_EXIT_CODE_H
#define RELOCK_CLI_EXIT_CODE_H

#include "relock/director.h"
#include "relock/error.h"

enum exit_code {
    EXIT_DONE = 0,       /* proven, or done as asked */
    EXIT_FAILED = 1,     /* something went wrong on the way */
    EXIT_USAGE = 2,      /* the command or the file cannot be used */
    EXIT_NO_DEVICE = 3,  /* none, or none that may be opened */
    EXIT_REFUSED = 4,    /* refused before any loss */
    EXIT_NOT_PROVEN = 5, /* written and sealed, the proof is missing */
    EXIT_PARKED = 6      /* waits for a person; the same command goes on */
};

enum exit_code exit_code_of_error(enum rlk_error error);
enum exit_code exit_code_of_ending(enum rlk_stage ending, enum rlk_error error);

#endif
