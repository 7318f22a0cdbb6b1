/*
 * Which settings of an option block would close the way back into DFU, for each way.
 */
#ifndef RELOCK_CLI_DOOR_VIEW_H
#define RELOCK_CLI_DOOR_VIEW_H

#include "output/output.h"

/* The block was read and is well-formed. Text: a line for each closing field. JSON: one event `door` for each way. */
void door_view(struct output *output, bool is_json, const struct rlk_findings *found);

#endif
