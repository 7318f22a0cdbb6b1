/*
 * The truth about a simulated device, for `relock sim show`.
 */
#ifndef RELOCK_CLI_SIM_VIEW_H
#define RELOCK_CLI_SIM_VIEW_H

#include "output/json.h"
#include "sim/sim.h"

/* The members of an open object. */
void sim_view_json(struct json *json, const struct sim_device *device);
void sim_view_text(FILE *stream, const struct sim_device *device);

#endif
