/*
 * What a transfer and its answer mean, in words of ST's protocol (AN3156).
 */
#ifndef RELOCK_CLI_REPLAY_WORDS_H
#define RELOCK_CLI_REPLAY_WORDS_H

#include "replay/replay_line.h"

#define REPLAY_TEXT_BYTES 200U

/* One line each, NUL-terminated, cut to REPLAY_TEXT_BYTES. */
void replay_words_of_operation(const struct replay_line *line, char *text);
/* `asked` is the operation that it answers. */
void replay_words_of_answer(const struct rlk_operation *asked, enum rlk_outcome_kind outcome, const uint8_t *data,
                            size_t length, bool is_hidden, char *text);

#endif
