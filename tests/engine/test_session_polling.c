/*
 * Polling at the expected time: who may, what it spares, and what ends it. Simulated OTG cores hold an early poll; the
 * knobs early_poll_stalls and typical_percent make one that does not, and that needs longer than its row says.
 */
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 3 * 2048 + 304, BLOCKS = 4, DNLOAD = 1, GETSTATUS = 3, FIRST_DATA_BLOCK = 2, RUNS_MAX = 5 };
enum { F405_ANNOUNCED_MS = 104, F405_BLOCK_MS = 33, F405_TAIL_MS = 5, SLEEPS_MAX = 64, SLOWER_PERCENT = 150 };

static struct workbench bench;

/* How long was waited after each block of data, whatever came in between. */
static struct {
    uint32_t sleeps_ms[SLEEPS_MAX];
    size_t sleeps;
    uint32_t stalls; /* of GETSTATUS, while such a block was programmed */
    bool is_programming;
} seen;

static void note_transfer(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    bool is_dnload = operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == DNLOAD;
    bool is_status = operation->kind == RLK_OPERATION_CONTROL_IN && operation->request == GETSTATUS;
    if (is_dnload) {
        seen.is_programming = operation->content == RLK_DATA_FIRMWARE;
    }
    if (is_status && seen.is_programming && outcome->kind == RLK_OUTCOME_STALL) {
        seen.stalls++;
    }
}

static void watch(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    note_transfer(operation, outcome);
    if (operation->kind == RLK_OPERATION_SLEEP && seen.is_programming && seen.sleeps < SLEEPS_MAX) {
        seen.sleeps_ms[seen.sleeps++] = operation->duration_ms;
    }
}

static void set_up(const char *profile, enum rlk_poll poll)
{
    workbench_init(&bench, profile, 1, IMAGE_BYTES);
    memset(&seen, 0, sizeof seen);
    bench.wish.poll = poll;
    bench.on_operation = watch;
}

static void assert_proven(void)
{
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(RLK_OK));
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_null(sim_violation(&bench.device, 0));
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(sim_rdp_level(&bench.device), 1);
    assert_false(bench.asking_twice_differed);
    assert_false(bench.progress_fell);
}

static void assert_slept(const uint32_t *sleeps_ms, size_t count)
{
    assert_int_equal(seen.sleeps, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(seen.sleeps_ms[i], sleeps_ms[i]);
    }
}

static uint64_t run_and_take_time(const char *profile, enum rlk_poll poll)
{
    set_up(profile, poll);
    uint64_t start_us = sim_now_us(&bench.device);
    workbench_run(&bench);
    assert_proven();
    return sim_now_us(&bench.device) - start_us;
}

/* --- who may --- */

static void test_nothing_said_is_as_announced(void **state)
{
    static const uint32_t expected[BLOCKS] = {F405_ANNOUNCED_MS, F405_ANNOUNCED_MS, F405_ANNOUNCED_MS,
                                              F405_ANNOUNCED_MS};
    (void)state;
    for (unsigned poll = RLK_POLL_BY_ROW; poll <= RLK_POLL_ANNOUNCED; poll++) {
        (void)run_and_take_time("stm32f405", (enum rlk_poll)poll);
        assert_slept(expected, BLOCKS);
        assert_false(rlk_session_polls_early(&bench.session));
    }
}

/* The block at the start of the flash is written last, the short one before it. */
static void test_an_otg_core_is_polled_when_the_block_is_expected_to_be_done(void **state)
{
    static const uint32_t expected[BLOCKS] = {F405_BLOCK_MS, F405_BLOCK_MS, F405_TAIL_MS, F405_BLOCK_MS};
    (void)state;
    (void)run_and_take_time("stm32f405", RLK_POLL_EXPECTED);
    assert_slept(expected, BLOCKS);
    assert_true(rlk_session_polls_early(&bench.session));
    assert_false(rlk_session_polled_too_early(&bench.session));
}

static void test_only_waiting_is_spared(void **state)
{
    (void)state;
    uint64_t announced_us = run_and_take_time("stm32f405", RLK_POLL_ANNOUNCED);
    uint32_t transfers = sim_counters(&bench.device)->transfers;
    uint32_t operations = bench.operations;
    uint64_t expected_us = run_and_take_time("stm32f405", RLK_POLL_EXPECTED);
    assert_int_equal(sim_counters(&bench.device)->transfers, transfers);
    assert_int_equal(bench.operations, operations);
    assert_int_equal((announced_us - expected_us) / 1000U,
                     BLOCKS * F405_ANNOUNCED_MS - (BLOCKS - 1) * F405_BLOCK_MS - F405_TAIL_MS);
}

static void test_an_fs_core_is_given_the_announced_time_whatever_is_wished(void **state)
{
    static const char *const profiles[] = {"stm32f042", "stm32f072", "stm32l432", "stm32l452"};
    (void)state;
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        uint64_t announced_us = run_and_take_time(profiles[i], RLK_POLL_ANNOUNCED);
        assert_int_equal(run_and_take_time(profiles[i], RLK_POLL_EXPECTED), announced_us);
        assert_false(rlk_session_polls_early(&bench.session));
    }
}

static void test_row_and_wish_together_decide(void **state)
{
    static const bool early[][RLK_POLLS] = {
        [RLK_EARLY_POLL_UNSAFE] = {false, false, false},
        [RLK_EARLY_POLL_HELD] = {false, false, true},
        [RLK_EARLY_POLL_USUAL] = {true, false, true},
    };
    (void)state;
    for (unsigned row = RLK_EARLY_POLL_UNSAFE; row <= RLK_EARLY_POLL_USUAL; row++) {
        for (unsigned poll = RLK_POLL_BY_ROW; poll < RLK_POLLS; poll++) {
            struct rlk_wish wish = {.poll = (enum rlk_poll)poll};
            rlk_session_init(&bench.session, &wish);
            assert_false(rlk_session_polls_early(&bench.session)); /* the chip is not known yet */
            bench.session.findings.chip.early_poll = (enum rlk_early_poll)row;
            assert_int_equal(rlk_session_polls_early(&bench.session), early[row][poll]);
        }
    }
}

static void test_a_wish_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(rlk_poll_name(RLK_POLL_BY_ROW), "by-row");
    assert_string_equal(rlk_poll_name(RLK_POLL_ANNOUNCED), "announced");
    assert_string_equal(rlk_poll_name(RLK_POLL_EXPECTED), "expected");
    assert_null(rlk_poll_name(RLK_POLLS));
}

/* --- what ends it --- */

static void make_it_stall(void)
{
    sim_knobs(&bench.device)->early_poll_stalls = 1;
    sim_knobs(&bench.device)->typical_percent = SLOWER_PERCENT;
}

static void test_one_stall_ends_it(void **state)
{
    static const uint32_t expected[] = {F405_BLOCK_MS, F405_ANNOUNCED_MS, F405_ANNOUNCED_MS, F405_ANNOUNCED_MS,
                                        F405_ANNOUNCED_MS};
    (void)state;
    set_up("stm32f405", RLK_POLL_EXPECTED);
    make_it_stall();
    workbench_run(&bench);
    assert_proven();
    assert_slept(expected, sizeof expected / sizeof expected[0]);
    assert_int_equal(seen.stalls, 1);
    assert_false(rlk_session_polls_early(&bench.session));
    assert_true(rlk_session_polled_too_early(&bench.session));
}

static void pull_the_plug_after_the_first_block(const struct rlk_operation *operation,
                                                const struct rlk_outcome *outcome)
{
    watch(operation, outcome);
    if (seen.sleeps == 2 && sim_counters(&bench.device)->power_cycles == 0) {
        sim_unplug(&bench.device);
    }
}

static void test_the_announced_times_survive_a_reopening(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_POLL_EXPECTED);
    make_it_stall();
    bench.on_operation = pull_the_plug_after_the_first_block;
    workbench_run(&bench);
    assert_proven();
    assert_int_equal(seen.stalls, 1);
    assert_true(seen.sleeps > BLOCKS);
    for (size_t i = 1; i < seen.sleeps; i++) {
        assert_int_equal(seen.sleeps_ms[i], F405_ANNOUNCED_MS);
    }
}

/* Another session begins anew: what was odd may have been the cable. */
static void test_the_next_session_tries_again(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_POLL_EXPECTED);
    make_it_stall();
    workbench_run(&bench);
    assert_true(rlk_session_polled_too_early(&bench.session));
    rlk_session_init(&bench.session, &bench.wish);
    assert_false(rlk_session_polled_too_early(&bench.session));
}

static void test_generation_b_has_worked_already(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_POLL_EXPECTED);
    sim_knobs(&bench.device)->work_in_first_poll = 1;
    workbench_run(&bench);
    assert_proven();
    assert_false(rlk_session_polled_too_early(&bench.session));
}

static void test_a_slow_erase_is_held(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32f405", 0, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_WRITE;
    bench.wish.poll = RLK_POLL_EXPECTED;
    sim_knobs(&bench.device)->typical_percent = SLOWER_PERCENT;
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(sim_counters(&bench.device)->sectors_erased, 1);
    assert_false(rlk_session_polled_too_early(&bench.session));
}

/* --- every fault --- */

static void check_fault(const char *profile, enum sim_fault_kind kind, uint32_t at)
{
    unsigned runs = 0;
    set_up(profile, RLK_POLL_EXPECTED);
    sim_fault_add(&bench.device, (struct sim_fault){.kind = kind, .at = at});
    do {
        workbench_run(&bench);
        workbench_remember(&bench);
        runs++;
        if (bench.done->ending != RLK_ENDING_PROVEN) {
            sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
            uint32_t coming_ms = sim_ms_until_on_bus(&bench.device);
            sim_sleep(&bench.device, coming_ms == UINT32_MAX ? 0 : coming_ms);
        }
    } while (bench.done->ending != RLK_ENDING_PROVEN && runs < RUNS_MAX);
    if (bench.done->ending != RLK_ENDING_PROVEN || sim_violation(&bench.device, 0) != NULL) {
        fail_msg("%s, %s@%u: %s", profile, sim_fault_kind_name(kind), (unsigned)at, rlk_error_name(bench.done->error));
    }
    assert_proven();
}

static void check_every_fault(const char *profile)
{
    static const enum sim_fault_kind kinds[] = {SIM_FAULT_STALL,         SIM_FAULT_STALL_AFTER, SIM_FAULT_TIMEOUT,
                                                SIM_FAULT_TIMEOUT_AFTER, SIM_FAULT_LATE,        SIM_FAULT_SHORT,
                                                SIM_FAULT_FAILED,        SIM_FAULT_GONE,        SIM_FAULT_GONE_AFTER};
    (void)run_and_take_time(profile, RLK_POLL_EXPECTED);
    uint32_t transfers = sim_counters(&bench.device)->transfers;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (uint32_t at = 0; at < transfers; at++) {
            check_fault(profile, kinds[i], at);
        }
    }
}

static void test_every_fault_on_f405(void **state)
{
    (void)state;
    check_every_fault("stm32f405");
}

static void test_every_fault_on_l476(void **state)
{
    (void)state;
    check_every_fault("stm32l476");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_said_is_as_announced),
        cmocka_unit_test(test_an_otg_core_is_polled_when_the_block_is_expected_to_be_done),
        cmocka_unit_test(test_only_waiting_is_spared),
        cmocka_unit_test(test_an_fs_core_is_given_the_announced_time_whatever_is_wished),
        cmocka_unit_test(test_row_and_wish_together_decide),
        cmocka_unit_test(test_a_wish_has_a_name),
        cmocka_unit_test(test_one_stall_ends_it),
        cmocka_unit_test(test_the_announced_times_survive_a_reopening),
        cmocka_unit_test(test_the_next_session_tries_again),
        cmocka_unit_test(test_generation_b_has_worked_already),
        cmocka_unit_test(test_a_slow_erase_is_held),
        cmocka_unit_test(test_every_fault_on_f405),
        cmocka_unit_test(test_every_fault_on_l476),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
