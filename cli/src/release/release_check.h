/*
 * Would a customer succeed with this release? Errors and warnings, one by one.
 */
#ifndef RELOCK_CLI_RELEASE_CHECK_H
#define RELOCK_CLI_RELEASE_CHECK_H

#include "arguments.h"
#include "release/release_folder.h"
#include "release/release_sign.h"

struct checking {
    const struct arguments *arguments;
    struct output *output;
    struct release_folder *folder;
    bool looks_at_signatures; /* those that are there; `sign` replaces them */
    unsigned errors, warnings;
};

/* Says a finding, as printf does; `path` is the place in release.json or the file concerned. */
void check_error(struct checking *checking, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void check_warning(struct checking *checking, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says an error with its code. */
void check_problem(struct checking *checking, const struct problem *problem);

/* Everything. True: no errors. */
bool release_check_all(struct checking *checking, const char *path);

/* The part about texts: complete, in every language, nothing left to fill in. */
void release_check_texts(struct checking *checking);

/* The part about chips that announce the same as one of the release's: others of the release, and strangers. */
void release_check_lookalikes(struct checking *checking, const struct rlk_chip *chip);

/* The part about signatures: by the keys of ../keys.json, else by those of --key. A warning if there are neither. */
void release_check_signatures(struct checking *checking);

/* Is one of the signers among the keys of ../keys.json, if that is there? Says what is wrong. */
bool release_check_signers(struct checking *checking, const struct signers *signers);

/* Is there a release.json.sig that one of the signers made for other bytes, or that cannot be read? */
bool release_check_is_stale(struct release_folder *folder, const struct signers *signers);

#endif
