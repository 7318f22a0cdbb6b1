/*
 * A file that is written under another name next to its place, and appears there only when all of it is stored.
 */
#ifndef RELOCK_CLI_OUTPUT_FILE_H
#define RELOCK_CLI_OUTPUT_FILE_H

#include "relock/error.h"
#include <limits.h>
#include <stdio.h>

struct output_file {
    const char *path;
    FILE *stream; /* NULL once it is kept or dropped */
    char fresh[PATH_MAX];
};

/* Begins a file for `path`, which must outlive it. What is there may be replaced only if it is a regular file: a
 * folder, a device, a link is refused. May fail with RLK_E_FILE_NOT_WRITTEN; then nothing is to be given back. */
enum rlk_error output_file_begin(struct output_file *file, const char *path);

/* Stores all durably and puts it in place. On failure (RLK_E_FILE_NOT_WRITTEN) what was there before is still there; if
 * only its folder could not be stored, the new file is there, and may be gone after a power cut. */
enum rlk_error output_file_keep(struct output_file *file);

/* Removes what was written, if it was not kept. */
void output_file_drop(struct output_file *file);

#endif
