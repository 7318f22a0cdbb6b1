/* What both session targets read first from an input: a device, a wish and a person. */
#ifndef RELOCK_FUZZ_SCENARIO_H
#define RELOCK_FUZZ_SCENARIO_H

#include "host.h"

struct scenario {
    const char *profile;
    unsigned level;
    bool boot0_is_high;
    unsigned runs; /* 1 to 4: how often the same command is given */
};

/* The simulated device that a byte of an input means. */
const char *scenario_profile(uint32_t number);

/* Makes ready the host: device, wish, image, answers. The layout of the bytes is in scenario.c. */
struct scenario scenario_take(struct fuzz_input *input, struct host *host);

/* Makes the claims true: the family, that TrustZone is off, and a release's families where they name what cannot be
 * told from the device. */
void scenario_claim_truly(const struct scenario *scenario, struct host *host);

/* A journal entry of the fuzzer's own making, true or not. */
void scenario_take_journal(struct fuzz_input *input, struct host *host);

/* What the device is like: knobs, then faults at transfers to come. */
void scenario_take_habits(struct fuzz_input *input, struct host *host);

#endif
