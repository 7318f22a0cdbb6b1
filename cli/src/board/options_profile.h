/*
 * The option profile of a golden unit, as a file: what `relock release new --options` takes.
 */
#ifndef RELOCK_CLI_OPTIONS_PROFILE_H
#define RELOCK_CLI_OPTIONS_PROFILE_H

#include "relock/session.h"
#include <stdbool.h>
#include <stdio.h>

/* Writes JSON: `format` "relock-options-1", `family`, `layout` (the flash's string), `block` (hex, as it was read) and
 * `options` in a release's form. The block was read and is well-formed. False if it could not be written. */
bool options_profile_write(FILE *stream, const struct rlk_findings *found);

struct options_profile {
    enum rlk_family family;
    struct rlk_option_wish wishes[RLK_OPTION_WISHES_MAX]; /* names are the core's, static */
    size_t count;
};

/* Reads what options_profile_write writes: format, family and options; of the rest nothing is used. Fails with
 * RLK_E_OPTIONS_PROFILE_BAD: not readable, not one, a family that is not known, or a field that it does not have. */
enum rlk_error options_profile_read(struct options_profile *profile, const char *path);

#endif
