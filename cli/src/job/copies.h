/*
 * The copies of what else was in sectors that a job was to erase: "KEY.kept-1.hex" in the journal's folder, each under
 * a number of its own, the higher the later.
 */
#ifndef RELOCK_CLI_COPIES_H
#define RELOCK_CLI_COPIES_H

#include "arguments.h"
#include "job/journal_store.h"
#include <limits.h>
#include <stdbool.h>

/* Under which names a device is remembered: the first is the one for new copies; empty ones are none. */
enum { COPIES_KEYS = 2, COPIES_COMMAND_BYTES = 2 * PATH_MAX };

struct copies {
    struct journal_key keys[COPIES_KEYS];
};

/* The index-th copy that is there, the earliest first. `path` has PATH_MAX. */
bool copies_at(const struct copies *copies, size_t index, char *path);

/* A name for a new copy, behind all that are there, and its whole path (PATH_MAX). False if there is none. */
bool copies_name_new(const struct copies *copies, char *name, size_t room, char *path);

/* Is `file` a copy, of whatever device? Then `path` (PATH_MAX) is where it really is. */
bool copies_is_copy(const char *file, char *path);

/* Is the copy at `path` one of these? */
bool copies_has(const struct copies *copies, const char *path);

/* A key that is a port says where a device was, not which one. */
bool copies_is_by_port(const char *path);

/* What is typed to bring the copy back, with what was said of the device this time. */
void copies_command(const char *path, const struct arguments *arguments, char *text, size_t room);

#endif
