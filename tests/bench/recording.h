/*
 * The outcomes of a job, kept to be played into a fresh session without a device: what remains is the engine.
 */
#ifndef BENCH_RECORDING_H
#define BENCH_RECORDING_H

#include "relock/session.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORDING_OUTCOMES_MAX 4096U
#define RECORDING_BYTES_MAX    (1024U * 1024U)

struct recording {
    size_t outcome_count;
    size_t bytes_used;
    bool is_complete; /* all found room, and the job came to its end */
    struct rlk_outcome outcomes[RECORDING_OUTCOMES_MAX];
    uint8_t bytes[RECORDING_BYTES_MAX];
};

void recording_begin(struct recording *recording);

/* Keeps a copy of `outcome` and of its data; the DONE operation ends the recording. */
void recording_add(struct recording *recording, const struct rlk_operation *operation,
                   const struct rlk_outcome *outcome);

/* Plays it into a session with the same wish. False if the session does not end where the recording does. */
bool recording_play(const struct recording *recording, const struct rlk_wish *wish);

#endif
