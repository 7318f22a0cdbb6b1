/*
 * The fault sweep: the locked update of a small image, on each family whose protection may be changed, each way back
 * and, of the basic devices, each sealing behaviour, with every fault at every operation, once with a person at hand
 * and once without. After each ending the printed action is done and the same command is run again: every path must end
 * proven. Three devices are open, too, and written over another program, which goes on behind the image.
 *
 *     sweep            every single fault
 *         --share K/N      the K-th of N shares, K from 1
 *     sweep --case ID  one case, with its transcript
 *     sweep --pairs    every pair of faults, of six families and a smaller image
 *         --share K/N      likewise
 *         --one-in N       by lot: one in N first faults, and of each one in N second ones; each is replayed, too
 *         --seed S         of the lot, 1 unless told
 */
#include "devices.h"
#include "pairs.h"
#include "path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct choice {
    bool is_pairs;
    struct pairs_choice of; /* of single faults only the share */
};

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

static bool is_same_device(const struct scenario *a, const struct scenario *b)
{
    char text_a[DEVICE_TEXT_BYTES], text_b[DEVICE_TEXT_BYTES];
    device_text(a, text_a);
    device_text(b, text_b);
    return strcmp(text_a, text_b) == 0;
}

/* Single faults are dealt out by device and habit, pairs by their first fault. */
static void sweep_scenario(struct tally *tally, size_t index, const struct scenario *plain, const struct choice *choice)
{
    if (!choice->is_pairs && index % choice->of.shares == choice->of.share - 1U) {
        sweep_faults(tally, plain);
    } else if (choice->is_pairs && plain->has_pairs) {
        pairs_sweep(plain, &choice->of, tally);
    }
}

/* The scenarios of one device follow each other; gives the first one of the next. */
static size_t sweep_device(struct tally *tally, size_t index, const struct choice *choice)
{
    struct scenario first, plain;
    char device[DEVICE_TEXT_BYTES];
    unsigned before = tally->cases;
    bool is_more = plain_scenario(index, &first);
    for (plain = first; is_more && is_same_device(&first, &plain); is_more = plain_scenario(index, &plain)) {
        sweep_scenario(tally, index, &plain, choice);
        index++;
    }
    if (tally->cases > before) {
        device_text(&first, device);
        printf("%s: %u cases\n", device, tally->cases - before);
        fflush(stdout);
    }
    return index;
}

static void print_sum(const struct tally *tally, const struct choice *choice)
{
    if (choice->is_pairs && choice->of.one_in > 1) {
        printf("by lot: one in %u of one in %u, seed %u\n", choice->of.one_in, choice->of.one_in, choice->of.seed);
    }
    printf("proven after");
    for (unsigned runs = 1; runs <= TALLY_RUNS_MAX; runs++) {
        printf("%s %u run%s %u", runs > 1 ? "," : "", runs, runs > 1 ? "s" : "", tally->runs_histogram[runs]);
    }
    printf("\n");
    if (tally->given_up > 0) {
        printf("given up, not sealed: %u, power failed inside the regression of an L0 or L1\n", tally->given_up);
    }
    printf("%s: %u passed, %u failed\n", choice->is_pairs ? "pairs of faults" : "fault sweep",
           tally->cases - tally->failures, tally->failures);
}

static int sweep(const struct choice *choice)
{
    struct tally tally = {0};
    struct scenario plain;
    const char *forgotten = device_without_scenario();
    if (forgotten != NULL) {
        fprintf(stderr, "sweep: no scenario has %s\n", forgotten);
        return EXIT_FAILURE;
    }
    for (size_t index = 0; plain_scenario(index, &plain);) {
        index = sweep_device(&tally, index, choice);
    }
    print_sum(&tally, choice);
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
    fputs("usage: sweep [--share K/N | --case ID | --pairs [--share K/N] [--one-in N] [--seed S]]\n", stderr);
    return 2;
}

/* "2/8" */
static const char *read_share(const char *text, struct pairs_choice *choice)
{
    text = scenario_read_number(text, &choice->share);
    return text != NULL && *text == '/' ? scenario_read_number(text + 1, &choice->shares) : NULL;
}

static bool read_option(const char *name, const char *value, struct choice *choice)
{
    const char *rest = NULL;
    if (strcmp(name, "--share") == 0) {
        rest = read_share(value, &choice->of);
    } else if (choice->is_pairs && strcmp(name, "--one-in") == 0) {
        rest = scenario_read_number(value, &choice->of.one_in);
    } else if (choice->is_pairs && strcmp(name, "--seed") == 0) {
        rest = scenario_read_number(value, &choice->of.seed);
    }
    return rest != NULL && *rest == '\0';
}

static bool read_choice(int argc, char **argv, struct choice *choice)
{
    choice->is_pairs = argc > 1 && strcmp(argv[1], "--pairs") == 0;
    const int first = choice->is_pairs ? 2 : 1;
    bool is_good = (argc - first) % 2 == 0;
    for (int i = first; i + 1 < argc && is_good; i += 2) {
        is_good = read_option(argv[i], argv[i + 1], choice);
    }
    return is_good && choice->of.share >= 1 && choice->of.share <= choice->of.shares && choice->of.one_in >= 1;
}

int main(int argc, char **argv)
{
    struct choice choice = {.of = {.share = 1, .shares = 1, .one_in = 1, .seed = 1}};
    if (argc == 3 && strcmp(argv[1], "--case") == 0) {
        return replay(argv[2]);
    }
    return read_choice(argc, argv, &choice) ? sweep(&choice) : usage();
}
