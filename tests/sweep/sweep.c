/*
 * The fault sweep: the locked update of a small image, on each family, each way back and each sealing behaviour, with
 * every fault at every operation, once with a person at hand and once without. After each ending the printed action is
 * done and the same command is run again: every path must end proven.
 *
 *     sweep            all of it
 *     sweep --case ID  one case, with its transcript
 */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILURES_SHOWN = 60 };

struct device_case {
    const char *profile;
    enum rlk_family family;
    enum rlk_way_back way_back;
    bool boot0_is_out_of_reach;
};

static const struct device_case devices[] = {
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false},
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_EMPTY_CHECK, false},
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_EMPTY_CHECK, true},
    {"stm32f072", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false},
    {"stm32f405", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false},
    {"stm32l432", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_WAY_BACK_EMPTY_CHECK, false},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_WAY_BACK_EMPTY_CHECK, true},
    {"stm32l476", RLK_FAMILY_STM32L47X, RLK_WAY_BACK_BOOT0, false},
};

struct tally {
    const char *only; /* an id, or NULL */
    unsigned cases, failures;
    unsigned runs_histogram[8];
};

static void run_one(struct tally *tally, const struct scenario *scenario, struct scenario_result *result)
{
    char id[SCENARIO_ID_BYTES];
    scenario_id(scenario, id);
    if (tally->only != NULL && strcmp(tally->only, id) != 0) {
        return;
    }
    scenario_set_trace(tally->only != NULL);
    scenario_run(scenario, result);
    tally->cases++;
    tally->runs_histogram[result->runs < 7 ? result->runs : 7]++;
    if (!result->is_good) {
        tally->failures++;
        if (tally->failures <= FAILURES_SHOWN) {
            printf("FAILED %s: %s\n", id, result->reason);
        }
    }
}

static void sweep_faults(struct tally *tally, const struct scenario *plain)
{
    struct scenario_result reference, result;
    scenario_set_trace(false);
    scenario_run(plain, &reference);
    run_one(tally, plain, &result);
    struct scenario scenario = *plain;
    for (uint32_t kind = SIM_FAULT_NONE + 1; kind < SIM_FAULT_KINDS; kind++) {
        uint32_t places = kind == SIM_FAULT_POWER_CUT ? reference.flash_operations : reference.transfers;
        for (uint32_t at = 0; at < places; at++) {
            scenario.fault.kind = kind;
            scenario.fault.at = at;
            run_one(tally, &scenario, &result);
        }
    }
}

/* How an RDP change takes effect is not settled by the facts: each combination that they leave open. */
static void sweep_device(struct tally *tally, const struct device_case *device, enum sim_person person)
{
    static const enum sim_reload reloads[][2] = {{SIM_RELOAD_AT_ONCE, SIM_RELOAD_AT_ONCE},
                                                 {SIM_RELOAD_AT_RESET, SIM_RELOAD_AT_RESET},
                                                 {SIM_RELOAD_AT_POWER_ON, SIM_RELOAD_AT_ONCE},
                                                 {SIM_RELOAD_AT_POWER_ON, SIM_RELOAD_AT_POWER_ON}};
    for (size_t i = 0; i < sizeof reloads / sizeof reloads[0]; i++) {
        struct scenario plain = {.profile = device->profile,
                                 .family = device->family,
                                 .way_back = device->way_back,
                                 .boot0_is_out_of_reach = device->boot0_is_out_of_reach,
                                 .seal_reload = reloads[i][0],
                                 .regression_reload = reloads[i][1],
                                 .person = person};
        sweep_faults(tally, &plain);
    }
}

static int usage(void)
{
    fputs("usage: sweep [--case ID]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct tally tally = {0};
    if (argc == 3 && strcmp(argv[1], "--case") == 0) {
        tally.only = argv[2];
    } else if (argc != 1) {
        return usage();
    }
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        unsigned before = tally.cases;
        sweep_device(&tally, &devices[i], SIM_PERSON_HELPFUL);
        sweep_device(&tally, &devices[i], SIM_PERSON_ABSENT);
        printf("%s by %s%s: %u cases\n", devices[i].profile, rlk_way_back_name(devices[i].way_back),
               devices[i].boot0_is_out_of_reach ? " only" : "", tally.cases - before);
    }
    printf("proven after 1 run %u, 2 runs %u, 3 runs %u, 4 runs %u, 5 runs %u\n", tally.runs_histogram[1],
           tally.runs_histogram[2], tally.runs_histogram[3], tally.runs_histogram[4], tally.runs_histogram[5]);
    printf("fault sweep: %u passed, %u failed\n", tally.cases - tally.failures, tally.failures);
    return tally.failures > 0 || tally.cases == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
