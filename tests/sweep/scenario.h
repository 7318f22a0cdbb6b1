/* One path through the locked update: a device, its habits, one or no fault, and what became of it. */
#ifndef SWEEP_SCENARIO_H
#define SWEEP_SCENARIO_H

#include "sim_host.h"

#include <stdbool.h>
#include <stdint.h>

struct scenario {
    const char *profile;
    enum rlk_family family; /* what is claimed; UNKNOWN where the device tells */
    enum rlk_way_back way_back;
    enum sim_reload seal_reload;
    enum sim_reload regression_reload;
    enum sim_person person;
    bool boot0_is_out_of_reach; /* a board without BOOT0: entered by its application's jump */
    struct sim_fault fault;     /* kind SIM_FAULT_NONE: the plain run */
};

#define SCENARIO_ID_BYTES     128U
#define SCENARIO_REASON_BYTES 256U

/* "stm32f405/boot0/seal-at-once/unprotect-at-reset/helpful/stall@37": replays alone. */
void scenario_id(const struct scenario *scenario, char *text);

struct scenario_result {
    bool is_good;
    char reason[SCENARIO_REASON_BYTES]; /* what was wrong, if it was not good */
    unsigned runs;                      /* of the same command */
    uint32_t transfers;                 /* of the first run */
    uint32_t flash_operations;          /* programs, erases, option writes of the first run */
};

/* Runs the same command again and again, doing what each ending says, until it is proven or RUNS_MAX is reached. */
void scenario_run(const struct scenario *scenario, struct scenario_result *result);

/* With trace on, each run's transcript goes to standard output. */
void scenario_set_trace(bool is_on);

#endif
