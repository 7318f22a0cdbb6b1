/* Every simulated device, with the family that a person would name for it, and the wish to update it. */
#ifndef RELOCK_TESTS_EVERY_PROFILE_H
#define RELOCK_TESTS_EVERY_PROFILE_H

#include "workbench.h"

struct profile_case {
    const char *profile;
    enum rlk_family family;
};

extern const struct profile_case profile_cases[];
extern const size_t profile_case_count;

/* The case of a profile; aborts if there is none. */
const struct profile_case *profile_case_find(const char *profile);

/* May protection be touched at all, as far as the tier is concerned? */
bool profile_case_is_updatable(const struct profile_case *profile);

/* A device and the wish to update it, to end protected, by BOOT0; with all that its family needs to be said: its name,
 * that experiments are allowed, that TrustZone was never switched on. */
void profile_case_init(struct workbench *bench, const struct profile_case *profile, unsigned level,
                       uint32_t image_bytes);

#endif
