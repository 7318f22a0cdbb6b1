/* Which devices, ways back and habits the sweep goes through, and the way back from an id to its scenario. */
#ifndef SWEEP_DEVICES_H
#define SWEEP_DEVICES_H

#include "scenario.h"

#include <stddef.h>

/* All scenarios without faults, by number; false beyond the last. The scenarios of one device follow each other. */
bool plain_scenario(size_t index, struct scenario *plain);

/* A simulated device whose protection may be changed and that no scenario has; NULL if there is none. */
const char *device_without_scenario(void);

/* "stm32f405 by boot0" */
#define DEVICE_TEXT_BYTES 48U
void device_text(const struct scenario *scenario, char *text);

/* The scenario that scenario_id() calls so; false if there is none. */
bool scenario_from_id(const char *id, struct scenario *scenario);

#endif
