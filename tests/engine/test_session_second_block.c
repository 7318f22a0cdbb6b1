/* The second option block: where it is announced and the device is open, a look reads it, and it is judged before the
 * question. */
#include "workbench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 2 * 2048 + 304, NWRP = 8 };

static struct workbench bench;
static uint32_t flips; /* how many of the readings differ from the one before */

static void look(const char *profile, unsigned level)
{
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    bench.wish = (struct rlk_wish){.job = RLK_JOB_LOOK};
}

static const struct rlk_findings *findings_of_look(void)
{
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_true(workbench_flash_is_untouched(&bench));
    return rlk_session_findings(&bench.session);
}

static void test_a_look_reads_it(void **state)
{
    static const struct {
        const char *profile;
        bool has_one;
    } devices[] = {{"stm32f427", true},  {"stm32g474", true},  {"stm32l4r5", true},
                   {"stm32l476", false}, {"stm32f405", false}, {"stm32f042", false}};
    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        look(devices[i].profile, 0);
        const struct rlk_findings *found = findings_of_look();
        assert_true(found->options_were_read);
        assert_int_equal(rlk_findings_announce_second_block(found), devices[i].has_one);
        assert_int_equal(found->second_options_were_read, devices[i].has_one);
        if (devices[i].has_one) {
            assert_memory_equal(found->second_options, bench.device.second_options, found->options_bytes);
        }
        look(devices[i].profile, 1);
        found = findings_of_look();
        assert_int_equal(rlk_findings_announce_second_block(found), devices[i].has_one);
        assert_false(found->second_options_were_read);
    }
}

/* --- a device that gives another block at each reading --- */

static void flip(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    bool is_reading = operation->kind == RLK_OPERATION_CONTROL_IN && operation->content == RLK_DATA_OPTIONS;
    if (is_reading && outcome->kind == RLK_OUTCOME_OK && flips > 0) {
        bench.device.second_options[0] ^= 1U;
        flips--;
    }
}

static void test_a_block_that_is_never_the_same_is_not_read(void **state)
{
    (void)state;
    look("stm32f427", 0);
    bench.on_operation = flip;
    flips = UINT32_MAX;
    assert_false(findings_of_look()->second_options_were_read);
    workbench_init(&bench, "stm32f427", 0, IMAGE_BYTES);
    bench.on_operation = flip;
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), "OPTIONS_UNREADABLE");
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_true(workbench_flash_is_untouched(&bench));
}

/* The first block is read twice, and so is this one: the third reading is its first. */
static void test_one_reading_that_differs_is_read_again(void **state)
{
    (void)state;
    look("stm32f427", 0);
    bench.on_operation = flip;
    flips = 3;
    assert_true(findings_of_look()->second_options_were_read);
    assert_int_equal(flips, 0);
}

/* --- the door --- */

static void assert_refused_unasked(enum rlk_error error)
{
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_string_equal(rlk_session_fault(&bench.session)->field, "nWRP12");
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_true(workbench_flash_is_untouched(&bench));
}

static void test_a_closed_door_is_found_before_the_question(void **state)
{
    const struct rlk_option_wish wish = {"BOR_LEV", 1};
    (void)state;
    workbench_init(&bench, "stm32f427", 0, IMAGE_BYTES);
    bench.device.second_options[NWRP] = 0xFE;
    assert_refused_unasked(RLK_E_DOOR_WOULD_CLOSE);
    bench.wish.job = RLK_JOB_PROTECT;
    bench.wish.image = NULL;
    assert_refused_unasked(RLK_E_DOOR_WOULD_CLOSE);
    bench.wish.job = RLK_JOB_OPTIONS;
    bench.wish.end_protected = false;
    bench.wish.options = &wish;
    bench.wish.option_count = 1;
    assert_refused_unasked(RLK_E_OPTIONS_CLOSE_DOOR);
}

/* The cable is pulled after the yes, and what comes back is write-protected: in its second block, or in its first. */
static bool closes_second;

static void close_at_the_yes(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint32_t size = 0;
    if (operation->kind == RLK_OPERATION_ASK && outcome->is_yes) {
        (closes_second ? bench.device.second_options : sim_options_mutable(&bench.device, &size))[NWRP] = 0xFE;
    }
}

static void test_a_device_that_was_lost_is_judged_anew(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        closes_second = i > 0;
        workbench_init(&bench, "stm32f427", 0, IMAGE_BYTES);
        bench.fault_after_yes = SIM_FAULT_GONE;
        bench.on_operation = close_at_the_yes;
        workbench_run(&bench);
        assert_string_equal(rlk_error_name(bench.done->error), "DOOR_WOULD_CLOSE");
        assert_string_equal(rlk_session_fault(&bench.session)->field, closes_second ? "nWRP12" : "nWRP");
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
        assert_true(workbench_flash_is_untouched(&bench));
    }
}

/* What does not end protected does not ask. */
static void test_an_update_that_ends_open_goes_on(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32f427", 0, IMAGE_BYTES);
    bench.device.second_options[NWRP] = 0x00;
    bench.device.second_options[NWRP + 1] = 0x00;
    bench.wish.end_protected = false;
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
}

/* --- one fault at each transfer --- */

static const enum sim_fault_kind kinds[] = {
    SIM_FAULT_STALL,  SIM_FAULT_TIMEOUT, SIM_FAULT_TIMEOUT_AFTER, SIM_FAULT_GONE,     SIM_FAULT_GONE_AFTER,
    SIM_FAULT_FAILED, SIM_FAULT_SHORT,   SIM_FAULT_FLIP_ONE,      SIM_FAULT_FLIP_TWO, SIM_FAULT_LATE,
};

/* How many transfers it takes to see all that there is to see. */
static uint32_t transfers_of_look(void)
{
    look("stm32f427", 0);
    (void)findings_of_look();
    return sim_counters(&bench.device)->transfers;
}

/* A protect job; the same again until it ends with `error`. */
static void converge(enum sim_fault_kind kind, uint32_t at, uint8_t nwrp, enum rlk_error error)
{
    workbench_init(&bench, "stm32f427", 0, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_PROTECT;
    bench.wish.image = NULL;
    bench.device.second_options[NWRP] = nwrp;
    sim_fault_add(&bench.device, (struct sim_fault){.kind = kind, .at = at});
    bench.done = NULL;
    for (unsigned run = 0; run == 0 || (run < 4 && bench.done->error != error); run++) {
        workbench_run(&bench);
        workbench_remember(&bench);
    }
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_null(sim_violation(&bench.device, 0));
    assert_int_equal(sim_counters(&bench.device)->option_writes, error == RLK_OK);
    assert_int_equal(sim_rdp_level(&bench.device), error == RLK_OK);
}

static void test_every_fault_on_the_way(void **state)
{
    const uint32_t transfers = transfers_of_look();
    (void)state;
    assert_in_range(transfers, 30, 80);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (uint32_t at = 0; at < transfers; at++) {
            converge(kinds[i], at, 0xFF, RLK_OK);
            converge(kinds[i], at, 0xFE, RLK_E_DOOR_WOULD_CLOSE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_look_reads_it),
        cmocka_unit_test(test_a_block_that_is_never_the_same_is_not_read),
        cmocka_unit_test(test_one_reading_that_differs_is_read_again),
        cmocka_unit_test(test_a_closed_door_is_found_before_the_question),
        cmocka_unit_test(test_a_device_that_was_lost_is_judged_anew),
        cmocka_unit_test(test_an_update_that_ends_open_goes_on),
        cmocka_unit_test(test_every_fault_on_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
