/*
 * `relock options set NAME=VALUE...` and `relock options restore FILE`.
 */
#ifndef RELOCK_CLI_OPTIONS_CHANGE_H
#define RELOCK_CLI_OPTIONS_CHANGE_H

#include "arguments.h"
#include "output/output.h"

/* Each returns the exit code. */
int options_set(const struct arguments *arguments, struct output *output);
int options_restore(const struct arguments *arguments, struct output *output);

#endif
