/*
 * A release, shown: to its maker whole, to whoever runs an update in short.
 */
#ifndef RELOCK_CLI_RELEASE_VIEW_H
#define RELOCK_CLI_RELEASE_VIEW_H

#include "arguments.h"
#include "release/release_load.h"

/* Before an update: product, version, what is new, what is lost, who signed it. */
void release_view_short(const struct arguments *arguments, struct output *output, const struct loaded_release *loaded);

/* The same as one JSON line `event`; `key` is the signer's id in hex, NULL if there is none. */
void release_view_event(struct output *output, const char *event, const struct loaded_release *loaded, const char *key);

/* "  Label          text", broken into lines. */
void release_view_line(struct output *output, const char *label, const char *text);

#endif
