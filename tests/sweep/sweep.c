/*
 * The fault sweep: the locked update of a small image, on each family, each way back and each sealing behaviour, with
 * every fault at every operation, once with a person at hand and once without. After each ending the printed action is
 * done and the same command is run again: every path must end proven.
 *
 *     sweep            every single fault
 *     sweep --case ID  one case, with its transcript
 *     sweep --pairs    every pair of faults, of three families and a smaller image
 *         --share K/N      the K-th of N equal shares, K from 1
 *         --one-in N       by lot: one in N first faults, and of each one in N second ones; each is replayed, too
 *         --seed S         of the lot, 1 unless told
 */
#include "devices.h"
#include "pairs.h"
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void run_one(struct tally *tally, const struct scenario *scenario)
{
    struct scenario_result result;
    scenario_run(scenario, &result);
    tally_add(tally, scenario, &result);
}

static void sweep_faults(struct tally *tally, const struct scenario *plain)
{
    struct scenario_result reference;
    scenario_run(plain, &reference);
    tally_add(tally, plain, &reference);
    struct scenario scenario = *plain;
    for (uint32_t kind = SIM_FAULT_NONE + 1; kind < SIM_FAULT_KINDS; kind++) {
        uint32_t places = kind == SIM_FAULT_POWER_CUT ? reference.flash_operations : reference.transfers;
        for (uint32_t at = 0; at < places; at++) {
            scenario.faults[0] = (struct sim_fault){.kind = kind, .at = at};
            run_one(tally, &scenario);
        }
    }
}

/* The scenarios of one device follow each other; gives the first one of the next. */
static size_t sweep_device(struct tally *tally, size_t index, const struct pairs_choice *pairs)
{
    struct scenario plain;
    char device[DEVICE_TEXT_BYTES], same[DEVICE_TEXT_BYTES];
    unsigned before = tally->cases;
    plain_scenario(index, &plain);
    device_text(&plain, device);
    do {
        if (pairs == NULL) {
            sweep_faults(tally, &plain);
        } else if (plain.has_pairs) {
            pairs_sweep(&plain, pairs, tally);
        }
        index++;
    } while (plain_scenario(index, &plain) && (device_text(&plain, same), strcmp(device, same) == 0));
    if (tally->cases > before) {
        printf("%s: %u cases\n", device, tally->cases - before);
        fflush(stdout);
    }
    return index;
}

static int sweep(const struct pairs_choice *pairs)
{
    struct tally tally = {0};
    struct scenario plain;
    for (size_t index = 0; plain_scenario(index, &plain);) {
        index = sweep_device(&tally, index, pairs);
    }
    if (pairs != NULL && pairs->one_in > 1) {
        printf("by lot: one in %u of one in %u, seed %u\n", pairs->one_in, pairs->one_in, pairs->seed);
    }
    printf("proven after");
    for (unsigned runs = 1; runs <= TALLY_RUNS_MAX; runs++) {
        printf("%s %u run%s %u", runs > 1 ? "," : "", runs, runs > 1 ? "s" : "", tally.runs_histogram[runs]);
    }
    printf("\n%s: %u passed, %u failed\n", pairs == NULL ? "fault sweep" : "pairs of faults",
           tally.cases - tally.failures, tally.failures);
    return tally.failures > 0 || tally.cases == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int replay(const char *id)
{
    struct tally tally = {0};
    struct scenario scenario;
    if (!scenario_from_id(id, &scenario)) {
        fprintf(stderr, "sweep: no such case: %s\n", id);
        return 2;
    }
    path_set_trace(true);
    run_one(&tally, &scenario);
    puts(tally.failures > 0 ? "failed" : "passed");
    return tally.failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int usage(void)
{
    fputs("usage: sweep [--case ID | --pairs [--share K/N] [--one-in N] [--seed S]]\n", stderr);
    return 2;
}

/* "2/8" */
static const char *read_share(const char *text, struct pairs_choice *choice)
{
    text = scenario_read_number(text, &choice->share);
    return text != NULL && *text == '/' ? scenario_read_number(text + 1, &choice->shares) : NULL;
}

static bool read_option(const char *name, const char *value, struct pairs_choice *choice)
{
    const char *rest = NULL;
    if (strcmp(name, "--share") == 0) {
        rest = read_share(value, choice);
    } else if (strcmp(name, "--one-in") == 0) {
        rest = scenario_read_number(value, &choice->one_in);
    } else if (strcmp(name, "--seed") == 0) {
        rest = scenario_read_number(value, &choice->seed);
    }
    return rest != NULL && *rest == '\0';
}

static bool read_choice(int argc, char **argv, struct pairs_choice *choice)
{
    bool is_good = argc % 2 == 0;
    for (int i = 2; i + 1 < argc && is_good; i += 2) {
        is_good = read_option(argv[i], argv[i + 1], choice);
    }
    return is_good && choice->share >= 1 && choice->share <= choice->shares && choice->one_in >= 1;
}

int main(int argc, char **argv)
{
    struct pairs_choice choice = {.share = 1, .shares = 1, .one_in = 1, .seed = 1};
    if (argc == 1) {
        return sweep(NULL);
    }
    if (argc == 3 && strcmp(argv[1], "--case") == 0) {
        return replay(argv[2]);
    }
    if (strcmp(argv[1], "--pairs") != 0 || !read_choice(argc, argv, &choice)) {
        return usage();
    }
    return sweep(&choice);
}
