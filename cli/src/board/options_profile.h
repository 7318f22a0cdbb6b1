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

#endif
