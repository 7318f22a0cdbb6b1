/*
 * Evidence goes both ways: a row says RLK_EVIDENCE_TRANSCRIPT if, and only if, there is a whole recording of that
 * family from a real device.
 */
#ifndef RELOCK_TESTS_PROOF_EVIDENCE_H
#define RELOCK_TESTS_PROOF_EVIDENCE_H

#include "proof_replay.h"

/* A recording that was played. */
struct proof_claim {
    const char *name; /* of its file */
    struct proof_result result;
};

/* Recordings of simulated devices belong into a folder "simulated", and no others do. */
bool proof_place_check(const char *path, const struct proof_result *result, struct proof_problem *problem);

/* `row` gives the row of a family, NULL for those that have none; `problem` names the first family that is wrong. */
bool proof_evidence_check(const struct rlk_chip *(*row)(enum rlk_family family), const struct proof_claim *claims,
                          size_t count, struct proof_problem *problem);

#endif
