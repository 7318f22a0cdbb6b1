/*
 * Which keys this user trusts: those of --key, else all of $XDG_CONFIG_HOME/relock/keys/ (or ~/.config/relock/keys/).
 */
#ifndef RELOCK_CLI_TRUSTED_KEYS_H
#define RELOCK_CLI_TRUSTED_KEYS_H

#include "arguments.h"
#include "output/problem.h"
#include "release/signature.h"

/* RLK_OK with at least one key, or RLK_E_NO_KEY, KEY_MALFORMED, FILE_UNREADABLE, DOCUMENT_* in the problem. */
enum rlk_error trusted_keys_load(struct key_ring *ring, const struct arguments *arguments, struct problem *problem);

#endif
