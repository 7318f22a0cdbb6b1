/*
 * What each simulated device really is, and what its descriptors let it pass for: nobody can tell those apart but by a
 * claim. Written down by hand, from the devices' listings: never taken from the table under test.
 */
#ifndef RELOCK_TESTS_IDENTITY_H
#define RELOCK_TESTS_IDENTITY_H

#include "relock/chip.h"

struct identity {
    const char *profile;
    enum rlk_family family;
    rlk_family_mask lookalikes;
};

/* In the order of the simulator's profiles; NULL for an unknown name. */
const struct identity *identity_of(const char *profile);

/* Is it so that a job may change its protection: tier full or experimental? */
bool identity_is_relockable(const struct identity *identity);

/* Must its family be named before its protection may change: experimental, or like others that are not the same? */
bool identity_needs_name(const struct identity *identity);

#endif
