/*
 * The project's figures. Counts are promises: one that exceeds its formula makes the program fail. Times are
 * information; those of the device are the simulator's virtual time, not measured on silicon.
 *
 *   bench            everything
 *   bench --counts   the counts only
 */
#include "job.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    PER_WRITTEN_BLOCK = 3, /* DNLOAD and two GETSTATUS */
    PER_VERIFIED_BLOCK = 1,
    PER_LOOKED_BLOCK = 1, /* before writing, until a sector is known to want an erase */
    PER_ERASED_SECTOR = 3,
    ELSE_MAX = 120,         /* of a whole job, standard requests included */
    DFU_UTIL_PER_BLOCK = 6, /* dfuse.c: set address and data, each a DNLOAD and two GETSTATUS */
    DFU_UTIL_PER_SECTOR = 3
};

#define KIB 1024U

struct size {
    const char *profile;
    uint32_t kib;
};

static const struct size sizes[] = {
    {"stm32f405", 64},  {"stm32f405", 512}, {"stm32f072", 64}, {"stm32f072", 128}, {"stm32l452", 64},
    {"stm32l452", 512}, {"stm32f042", 32},  {"stm32l432", 64}, {"stm32l476", 64},  {"stm32l476", 512},
};

static struct recording recording;

static uint32_t least_transfers(const struct job_cost *cost)
{
    return (PER_WRITTEN_BLOCK + PER_VERIFIED_BLOCK) * cost->blocks + PER_LOOKED_BLOCK * cost->looked +
           PER_ERASED_SECTOR * cost->erased;
}

static void print_head(const char *title)
{
    printf("%s\n\n", title);
    printf("%-10s %4s %7s %7s | %9s = %6s + %4s (%u) | %8s | %8s %8s %6s\n", "device", "KiB", "blocks", "erased",
           "transfers", "least", "else", (unsigned)ELSE_MAX, "dfu-util", "time s", "floor s", "");
}

static void print_row(const struct size *size, const struct job_cost *cost)
{
    uint32_t least = least_transfers(cost);
    uint32_t dfu_util = DFU_UTIL_PER_BLOCK * cost->blocks + DFU_UTIL_PER_SECTOR * cost->sectors;
    double percent = 100.0 * (double)cost->time_us / (double)cost->floor_us;
    printf("%-10s %4u %7u %7u | %9u = %6u + %4d       | %8u | %8.2f %8.2f %5.1f%%\n", size->profile,
           (unsigned)size->kib, (unsigned)cost->blocks, (unsigned)cost->erased, (unsigned)cost->transfers,
           (unsigned)least, (int)(cost->transfers - least), (unsigned)dfu_util, (double)cost->time_us / 1e6,
           (double)cost->floor_us / 1e6, percent);
}

static bool keeps_promise(const struct size *size, const struct job_cost *cost)
{
    if (cost->complaint != NULL) {
        printf("FAILED: %s, %u KiB: %s\n", size->profile, (unsigned)size->kib, cost->complaint);
        return false;
    }
    if (cost->transfers > least_transfers(cost) + ELSE_MAX) {
        printf("FAILED: %s, %u KiB: more transfers than promised\n", size->profile, (unsigned)size->kib);
        return false;
    }
    return true;
}

static unsigned print_table(const char *title, enum rlk_job job)
{
    unsigned failures = 0;
    print_head(title);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct job_wish wish = {.profile = sizes[i].profile, .image_bytes = sizes[i].kib * KIB, .job = job};
        struct job_cost cost;
        job_run(&wish, &cost);
        print_row(&sizes[i], &cost);
        failures += keeps_promise(&sizes[i], &cost) ? 0U : 1U;
    }
    printf("\n");
    return failures;
}

static void print_polling_row(const struct size *size, enum rlk_job job, const struct job_cost *announced,
                              const struct job_cost *expected)
{
    uint32_t dfu_util = DFU_UTIL_PER_BLOCK * announced->blocks + DFU_UTIL_PER_SECTOR * announced->sectors;
    printf("%-10s %4u %-13s | %9u %8.2f %8.2f | %9u %8.2f %8.2f |", size->profile, (unsigned)size->kib,
           job == RLK_JOB_UPDATE ? "locked update" : "write", (unsigned)announced->transfers,
           (double)announced->time_us / 1e6, (double)announced->floor_us / 1e6, (unsigned)expected->transfers,
           (double)expected->time_us / 1e6, (double)expected->real_floor_us / 1e6);
    if (job == RLK_JOB_WRITE) {
        printf(" %9u %8.2f\n", (unsigned)dfu_util, (double)announced->dfu_util_us / 1e6);
    } else {
        printf(" %9s %8s\n", "-", "-");
    }
}

/* When the device is asked changes how long a job takes, and never how much is transferred. */
static bool compare_polling(const struct size *size, enum rlk_job job)
{
    struct job_wish wish = {
        .profile = size->profile, .image_bytes = size->kib * KIB, .job = job, .poll = RLK_POLL_ANNOUNCED};
    struct job_cost announced, expected;
    job_run(&wish, &announced);
    wish.poll = RLK_POLL_EXPECTED;
    job_run(&wish, &expected);
    print_polling_row(size, job, &announced, &expected);
    if (expected.transfers != announced.transfers || expected.time_us > announced.time_us) {
        printf("FAILED: %s, %u KiB: polling at the expected time costs something\n", size->profile,
               (unsigned)size->kib);
        return false;
    }
    return keeps_promise(size, &announced) && keeps_promise(size, &expected);
}

static unsigned print_polling(void)
{
    static const struct size polled[] = {{"stm32f405", 512}, {"stm32l476", 512}};
    unsigned failures = 0;
    printf("When erases and programming are polled (--poll), where the row allows both\n\n");
    printf("%-29s | %-27s | %-27s | %-18s\n", "", "announced (the default)", "expected", "dfu-util");
    printf("%-10s %4s %-13s | %9s %8s %8s | %9s %8s %8s | %9s %8s\n", "device", "KiB", "job", "transfers", "time s",
           "floor s", "transfers", "time s", "real s", "transfers", "time s");
    for (size_t i = 0; i < sizeof polled / sizeof polled[0]; i++) {
        failures += compare_polling(&polled[i], RLK_JOB_UPDATE) ? 0U : 1U;
        failures += compare_polling(&polled[i], RLK_JOB_WRITE) ? 0U : 1U;
    }
    printf("\n");
    return failures;
}

static void print_legend(void)
{
    printf("least     %d per written block + %d per verified block + %d per block looked at before + %d per erased "
           "sector\n",
           PER_WRITTEN_BLOCK, PER_VERIFIED_BLOCK, PER_LOOKED_BLOCK, PER_ERASED_SECTOR);
    printf("else      everything else of the whole job, standard requests included; at most %d\n", ELSE_MAX);
    printf("dfu-util  computed from its published algorithm, not run: %d per block, %d per touched sector, no verify,\n"
           "          no protection; its time is that of its transfers and of what is announced for sectors, addresses "
           "and blocks\n",
           DFU_UTIL_PER_BLOCK, DFU_UTIL_PER_SECTOR);
    printf("time      virtual time of the simulator, with a person who replugs within a second\n");
    printf("floor     what is really or announcedly waited, whichever is longer, + wire time of the least transfers\n");
    printf("real      the same with what is really waited only\n\n");
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A job's recorded outcomes played into fresh sessions: the engine alone. The best of some runs is the least disturbed
 * one. */
static bool print_engine_cost(void)
{
    enum { RUNS = 20, SAMPLE_KIB = 64 };
    struct job_wish wish = {
        .profile = "stm32f405", .image_bytes = SAMPLE_KIB * KIB, .job = RLK_JOB_UPDATE, .recording = &recording};
    struct job_cost cost;
    recording_begin(&recording);
    job_run(&wish, &cost);
    struct rlk_wish session_wish = job_session_wish(wish.job, wish.image_bytes);
    bool is_good = recording.is_complete;
    double best_s = 1e9;
    for (int i = 0; i < RUNS && is_good; i++) {
        double start_s = now_s();
        is_good = recording_play(&recording, &session_wish);
        double took_s = now_s() - start_s;
        best_s = took_s < best_s ? took_s : best_s;
    }
    if (!is_good) {
        printf("FAILED: the recorded job does not play\n");
        return false;
    }
    printf("engine, native: %.0f ns per operation (%zu operations: locked update of %s, %d KiB)\n",
           best_s * 1e9 / (double)recording.outcome_count, recording.outcome_count, wish.profile, SAMPLE_KIB);
    return true;
}

int main(int argc, char **argv)
{
    bool counts_only = argc == 2 && strcmp(argv[1], "--counts") == 0;
    if (argc > 1 && !counts_only) {
        fprintf(stderr, "usage: bench [--counts]\n");
        return 2;
    }
    unsigned failures =
        print_table("Locked update: level 1, unprotect, check, write, verify, protect, prove", RLK_JOB_UPDATE);
    failures += print_table("Write at level 0, over another program: check, erase, write, verify", RLK_JOB_WRITE);
    failures += print_polling();
    print_legend();
    if (!counts_only) {
        failures += print_engine_cost() ? 0U : 1U;
    }
    return failures == 0 ? 0 : 1;
}
