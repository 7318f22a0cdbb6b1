/*
 * The files that one command names must be different ones: none may be lost because it was named twice.
 */
#ifndef RELOCK_CLI_PATHS_H
#define RELOCK_CLI_PATHS_H

#include "arguments.h"

/* May this command go on with the files that it names? If not, explains itself on standard error (exit code 2). */
bool paths_are_usable(const struct arguments *arguments);

#endif
