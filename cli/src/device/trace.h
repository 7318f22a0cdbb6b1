/*
 * --trace: the conversation as text, a line as soon as it is known, so that a killed run leaves all it did.
 */
#ifndef RELOCK_CLI_TRACE_H
#define RELOCK_CLI_TRACE_H

#include "relock/session.h"
#include <stdio.h>

struct trace {
    FILE *stream; /* NULL: nothing is traced */
};

/* `path` may be NULL. False if the file cannot be made. Appends nothing: an older file is replaced. */
bool trace_open(struct trace *trace, const char *path);
void trace_operation(struct trace *trace, const struct rlk_operation *operation);
void trace_outcome(struct trace *trace, const struct rlk_operation *operation, const struct rlk_outcome *outcome);
/* False if something of it could not be written. */
bool trace_close(struct trace *trace);

#endif
