/*
 * A gate that allows everything it can for one family, over a small image: what passes it passes nowhere else.
 */
#ifndef RELOCK_GATE_SAMPLES_H
#define RELOCK_GATE_SAMPLES_H

#include "chip_samples.h"
#include "relock/gate.h"

#define SAMPLE_TRANSFER_BYTES 2048U
#define SAMPLE_SEGMENT_ADDR   0x08000000U
#define SAMPLE_SEGMENT_BYTES  0x1200U

struct sample_gate {
    struct rlk_gate gate;
    struct rlk_image image; /* two segments: SAMPLE_SEGMENT_ADDR, and 16 bytes 0x2000 after it */
    struct rlk_fingerprint fingerprint;
};

/* Everything allowed, pointer at the start of the first segment. `sample` must not move afterwards. */
void sample_gate_open(struct sample_gate *sample, enum rlk_family family);

/* Whether the family's sample device has flash at SAMPLE_SEGMENT_ADDR that can be erased and written. */
bool sample_can_write(enum rlk_family family);

/* Judges SET ADDRESS POINTER or ERASE with an address. */
enum rlk_error sample_command(struct rlk_gate *gate, uint8_t opcode, uint32_t addr);

#endif
