/*
 * What this user's Relock remembers between runs: files below $XDG_STATE_HOME/relock (or ~/.local/state/relock), each
 * replaced as a whole, durably, or not at all.
 */
#ifndef RELOCK_CLI_DURABLE_H
#define RELOCK_CLI_DURABLE_H

#include <stdbool.h>
#include <stddef.h>

/* The folder; false if neither XDG_STATE_HOME nor HOME says where, or if `room` is too small. */
bool durable_folder(char *path, size_t room);

/* Writes `line` and a newline to the file `name` (may hold one folder: "seen/acme") below that folder. True when it is
 * stored for good; otherwise what was there before still is. */
bool durable_write(const char *name, const char *line, size_t line_bytes);

/* Makes removals and new names in `folder` last. */
bool durable_sync(const char *folder);

/* The same for the folder that `path` lies in. */
bool durable_sync_beside(const char *path);

#endif
