/* One path through the locked update, or through the writing of an open device: a device, its habits, the faults that
 * hit it, and what became of it. */
#ifndef SWEEP_SCENARIO_H
#define SWEEP_SCENARIO_H

#include "sim_host.h"

#include <stdbool.h>
#include <stdint.h>

#define SCENARIO_FAULTS_MAX   2U
#define SCENARIO_ID_BYTES     160U
#define SCENARIO_REASON_BYTES 256U

#define SCENARIO_WISHES_MAX  11U
#define SCENARIO_ALLOWED_MAX 14U

/* Option fields that shall be set with the seal, and what the simulator is told that may change for it. */
struct scenario_fields {
    size_t count;
    struct rlk_option_wish wishes[SCENARIO_WISHES_MAX];
    struct {
        uint32_t offset;
        uint8_t mask, value; /* mask 0: none */
    } allowed[SCENARIO_ALLOWED_MAX];
};

struct scenario {
    const char *profile;
    enum rlk_family family; /* what is claimed; UNKNOWN where the device tells */
    enum rlk_way_back way_back;
    bool has_own_reloads; /* those of the profile: the two that follow mean nothing */
    enum sim_reload seal_reload;
    enum sim_reload regression_reload;
    enum sim_person person;
    const struct scenario_fields *fields;         /* NULL: none */
    bool boot0_is_out_of_reach;                   /* a board without BOOT0: entered by its application's jump */
    bool is_open;                                 /* at level 0, and its protection is left alone: a write */
    bool has_pairs;                               /* pairs of faults are tried on it */
    bool is_pair;                                 /* the small image, and the rules for two faults */
    struct sim_fault faults[SCENARIO_FAULTS_MAX]; /* kind SIM_FAULT_NONE: none */
};

/* "stm32f405/boot0/seal-at-once/unprotect-at-reset/helpful/stall@37", of a pair "…/stall@37+gone@52", with wished
 * fields "stm32f405/boot0-fields/…": replays alone. */
void scenario_id(const struct scenario *scenario, char *text);

struct scenario_result {
    bool is_good;
    bool is_given_up;                   /* good, though not proven: power has spoilt what no host can mend */
    char reason[SCENARIO_REASON_BYTES]; /* what was wrong, if it was not good */
    unsigned runs;                      /* of the same command */
    uint32_t transfers;                 /* of the first run */
    uint32_t flash_operations;          /* programs, erases, option writes of the first run */
};

/* Reads decimal digits; gives what follows them, or NULL if there are none or too many. */
const char *scenario_read_number(const char *text, uint32_t *number);

/* Runs the same command again and again, doing what each ending says, until it is proven or too often was tried. */
void scenario_run(const struct scenario *scenario, struct scenario_result *result);

#endif
