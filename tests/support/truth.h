/*
 * What only the simulator can know, as the judges of whole jobs ask for it: the fault sweep and the fuzz targets.
 */
#ifndef RELOCK_TESTS_TRUTH_H
#define RELOCK_TESTS_TRUTH_H

#include "relock/chip.h"
#include "sim/sim.h"
#include <stdbool.h>

/* Can this violation come from a bit that was flipped on the way to the host? One that is shown another state, transfer
 * size or alternate setting than the device's cannot know better than to believe it. */
bool truth_flip_explains(const char *violation);

/* Do the option bytes that are stored look like those of `chip`, with level 1's own byte? Power that fails in the
 * middle of their write leaves a block that loads as level 1 and cannot be read any more: nobody outside the chip can
 * tell. */
bool truth_options_are_sealed(const struct sim_device *device, const struct rlk_chip *chip);

#endif
