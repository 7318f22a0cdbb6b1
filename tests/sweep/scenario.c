#include "path.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *reload_name(const struct scenario *scenario, enum sim_reload reload)
{
    static const char *const names[] = {"at-once", "at-reset", "at-power-on"};
    return scenario->has_own_reloads ? "own" : names[reload];
}

void scenario_id(const struct scenario *s, char *text)
{
    int length = snprintf(text, SCENARIO_ID_BYTES, "%s/%s%s%s%s/seal-%s/unprotect-%s/%s/%s@%" PRIu32, s->profile,
                          rlk_way_back_name(s->way_back), s->boot0_is_out_of_reach ? "-only" : "",
                          s->fields != NULL ? "-fields" : "", s->is_open ? "-open" : "", reload_name(s, s->seal_reload),
                          reload_name(s, s->regression_reload), s->person == SIM_PERSON_HELPFUL ? "helpful" : "absent",
                          sim_fault_kind_name(s->faults[0].kind), s->faults[0].at);
    if (s->is_pair && length > 0) {
        snprintf(text + length, SCENARIO_ID_BYTES - (size_t)length, "+%s@%" PRIu32,
                 sim_fault_kind_name(s->faults[1].kind), s->faults[1].at);
    }
}

const char *scenario_read_number(const char *text, uint32_t *number)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    bool is_number = *text >= '0' && *text <= '9' && value <= UINT32_MAX;
    *number = (uint32_t)value;
    return is_number ? end : NULL;
}

void scenario_run(const struct scenario *scenario, struct scenario_result *result)
{
    static struct path path;
    path_begin(&path, scenario);
    path_walk(&path);
    *result = path.result;
}
