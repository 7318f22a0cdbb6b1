/*
 * Would a customer succeed with this release? Errors and warnings, one by one.
 */
#ifndef RELOCK_CLI_RELEASE_CHECK_H
#define RELOCK_CLI_RELEASE_CHECK_H

#include "arguments.h"
#include "release/release_folder.h"

struct checking {
    const struct arguments *arguments;
    struct output *output;
    struct release_folder *folder;
    unsigned errors, warnings;
};

/* Says a finding, as printf does; `path` is the place in release.json or the file concerned. */
void check_error(struct checking *checking, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void check_warning(struct checking *checking, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Everything. True: no errors. */
bool release_check_all(struct checking *checking, const char *path);

/* The part about texts: complete, in every language, nothing left to fill in. */
void release_check_texts(struct checking *checking);

#endif
