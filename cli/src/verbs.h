/*
 * The verbs. Each says its ending through `output` and returns the process's exit code.
 */
#ifndef RELOCK_CLI_VERBS_H
#define RELOCK_CLI_VERBS_H

#include "arguments.h"
#include "output/exit_code.h"
#include "output/output.h"

#define VERB(constant, name, words) int verb_##name(const struct arguments *arguments, struct output *output);
#include "verb_list.h"

/* An ending without a session: `error` (RLK_OK: done as asked), and the file concerned or NULL. */
int end_early(struct output *output, enum rlk_error error, const char *file);

#endif
