/*
 * Plays a recording to the engine: given what the device answered then, each operation that the engine asks for now
 * must be the recorded one, to the recorded ending.
 */
#ifndef RELOCK_TESTS_PROOF_REPLAY_H
#define RELOCK_TESTS_PROOF_REPLAY_H

#include "proof_file.h"
#include "relock/session.h"

/* What a recording shows once it has been played. */
struct proof_result {
    enum rlk_family family; /* RLK_FAMILY_UNKNOWN: the chip was never settled */
    bool is_simulated;
    bool is_whole; /* a whole locked update from level 1, proven, with all the runs around it */
};

/* `image` is the test firmware, and `image_hash` the SHA-256 of its file. False: `problem` names the line. */
bool proof_replay(const struct proof_file *file, const struct rlk_image *image, const char *image_hash,
                  struct proof_result *result, struct proof_problem *problem);

#endif
