/*
 * One line of a report's transcript, "12 > in a1 3 0 0 6" or "14 < ok [00 00 00 00 02 00]", as a value. Reads untrusted
 * text.
 */
#ifndef RELOCK_CLI_REPLAY_LINE_H
#define RELOCK_CLI_REPLAY_LINE_H

#include "relock/session.h"

#define REPLAY_DATA_MAX  4096U
#define REPLAY_WORDS_MAX 256U

struct replay_line {
    uint32_t ms; /* since the session began */
    bool is_answer;
    struct rlk_operation operation; /* of what was sent; `data` points into `bytes` */
    enum rlk_outcome_kind outcome;  /* of an answer */
    uint8_t bytes[REPLAY_DATA_MAX]; /* what was sent or answered */
    size_t length;
    bool is_hidden;               /* only length and CRC are known; `bytes` is a pattern */
    char words[REPLAY_WORDS_MAX]; /* the line as it stands, without its time; clean */
};

/* False if it is no such line. Times beyond 32 bits and data beyond REPLAY_DATA_MAX are none. */
bool replay_line_read(struct replay_line *line, const char *text);

#endif
