/* What became of the cases so far. */
#ifndef SWEEP_TALLY_H
#define SWEEP_TALLY_H

#include "scenario.h"

#define TALLY_RUNS_MAX 8U

struct tally {
    unsigned cases, failures, given_up;
    unsigned runs_histogram[TALLY_RUNS_MAX + 1U];
};

/* Counts a case; the first failures are printed with their ids. */
void tally_add(struct tally *tally, const struct scenario *scenario, const struct scenario_result *result);

#endif
