/*
 * What the recorded device answered, as an outcome for the engine. Firmware stands in a recording as length and CRC:
 * where these are the test firmware's or erased flash's, those bytes are given, and otherwise bytes that are neither.
 */
#ifndef RELOCK_TESTS_PROOF_ANSWER_H
#define RELOCK_TESTS_PROOF_ANSWER_H

#include "relock/session.h"

#define PROOF_DATA_BYTES 65536U

/* What the device holds where it is read next, as far as a host can know it. */
struct proof_memory {
    const struct rlk_image *image; /* the test firmware */
    uint32_t pointer_addr;         /* of the device: where block 2 lies */
    uint32_t transfer_bytes;
    uint8_t erased_value;
    uint8_t data[PROOF_DATA_BYTES]; /* of the last answer */
};

/* Notes where the device reads and writes from `operation` on. */
void proof_memory_follow(struct proof_memory *memory, const struct rlk_operation *operation,
                         const struct rlk_findings *findings);

/* The outcome that `line`, "< …", stands for as an answer to `operation`; `asked` is the recorded digest of a question,
 * or "". Its data stays valid until the next call. False if it can be no answer to that. */
bool proof_answer_read(struct proof_memory *memory, const struct rlk_operation *operation, const char *asked,
                       const char *line, struct rlk_outcome *outcome);

#endif
