#include "tally.h"

#include <stdio.h>

enum { FAILURES_SHOWN = 60 };

void tally_add(struct tally *tally, const struct scenario *scenario, const struct scenario_result *result)
{
    tally->cases++;
    if (result->is_given_up) {
        tally->given_up++;
        return;
    }
    tally->runs_histogram[result->runs < TALLY_RUNS_MAX ? result->runs : TALLY_RUNS_MAX]++;
    if (result->is_good) {
        return;
    }
    tally->failures++;
    if (tally->failures <= FAILURES_SHOWN) {
        char id[SCENARIO_ID_BYTES];
        scenario_id(scenario, id);
        printf("FAILED %s: %s\n", id, result->reason);
    }
}
