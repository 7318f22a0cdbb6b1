/*
 * The verbs. Each says its ending through `output` and returns the process's exit code.
 */
#ifndef RELOCK_CLI_VERBS_H
#define RELOCK_CLI_VERBS_H

#include "arguments.h"
#include "output/exit_code.h"
#include "output/output.h"

int verb_list(const struct arguments *arguments, struct output *output);
int verb_info(const struct arguments *arguments, struct output *output);
int verb_options(const struct arguments *arguments, struct output *output);
int verb_check(const struct arguments *arguments, struct output *output);
int verb_read(const struct arguments *arguments, struct output *output);
int verb_write(const struct arguments *arguments, struct output *output);
int verb_update(const struct arguments *arguments, struct output *output);
int verb_sim(const struct arguments *arguments, struct output *output);
int verb_site(const struct arguments *arguments, struct output *output);
int verb_release(const struct arguments *arguments, struct output *output);
int verb_replay(const struct arguments *arguments, struct output *output);
int verb_image(const struct arguments *arguments, struct output *output);
int verb_key(const struct arguments *arguments, struct output *output);

/* An ending without a session: `error` (RLK_OK: done as asked), and the file concerned or NULL. */
int end_early(struct output *output, enum rlk_error error, const char *file);

#endif
