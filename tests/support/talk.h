/*
 * Conversations as text: the lines of relock/transcript.h with tokens in place of what is long or changes, so that a
 * person can write and read them.
 *
 *     > out 21 1 2 0 <image 0 2048>         firmware goes out: so many bytes of the image from an offset
 *     < ok <blank 2048>                     erased flash comes in; also <image OFFSET BYTES> and [00 21 41 92]
 *     < ok <string @Internal Flash  /0x…>   a string descriptor comes in
 *     > ask confirm-plan <digest>           whatever it is; <digest> in the answer is the same again
 *     > record relock-journal-1 phase=erasing *    the rest of the line does not matter
 */
#ifndef RELOCK_TESTS_TALK_H
#define RELOCK_TESTS_TALK_H

#include "relock/session.h"
#include <stdbool.h>

#define TALK_DATA_BYTES 4096U

struct talk {
    const struct rlk_image *image; /* what <image …> means; NULL if that token is not used */
    uint64_t digest;               /* what <digest> stood for last */
    uint8_t data[TALK_DATA_BYTES]; /* of the last answer */
};

/* Is `actual`, a line of rlk_transcript_operation, what `pattern` asks for? */
bool talk_matches(struct talk *talk, const char *pattern, const char *actual);

/* The outcome that a line "< …" stands for; its data stays valid until the next call. False if it means nothing. */
bool talk_answer(struct talk *talk, const char *pattern, struct rlk_outcome *outcome);

#endif
