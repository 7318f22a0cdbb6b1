/*
 * What can follow `relock release`.
 */
#ifndef RELOCK_CLI_RELEASE_VERBS_H
#define RELOCK_CLI_RELEASE_VERBS_H

#include "release/maker.h"
#include "verbs.h"

int release_new(const struct arguments *arguments, struct output *output);
int release_refresh(const struct arguments *arguments, struct output *output);
int release_check(const struct arguments *arguments, struct output *output);
int release_sign(const struct arguments *arguments, struct output *output);
int release_verify(const struct arguments *arguments, struct output *output);
int release_inspect(const struct arguments *arguments, struct output *output);
int release_link(const struct arguments *arguments, struct output *output);
int release_withdraw(const struct arguments *arguments, struct output *output);

/* `relock update --release`. */
int update_release(const struct arguments *arguments, struct output *output);

#endif
