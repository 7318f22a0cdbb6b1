/*
 * Devices that behave differently from what the job would like: how sealing and regression take effect, ROMs that drop
 * writes or refuse, people who are not there, journals that know the device already.
 */
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 3 * 2048 + 304, BLOCKS = 4 };

static struct workbench bench;

static void assert_ended(enum rlk_stage ending, enum rlk_error error)
{
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_string_equal(rlk_stage_name(bench.done->ending), rlk_stage_name(ending));
    assert_null(sim_violation(&bench.device, 0));
    assert_false(bench.progress_fell);
}

static void assert_sealed(void)
{
    assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(sim_rdp_level(&bench.device), 1);
}

static void assert_action(enum rlk_action action)
{
    assert_string_equal(rlk_action_name(rlk_session_next_action(&bench.session)), rlk_action_name(action));
}

static void locked(const char *profile)
{
    workbench_init(&bench, profile, 1, IMAGE_BYTES);
}

/* --- when levels take effect --- */

static void check_reloads(const char *profile, unsigned seal, unsigned regression, unsigned dead)
{
    locked(profile);
    sim_knobs(&bench.device)->seal_reload = seal;
    sim_knobs(&bench.device)->regression_reload = regression;
    sim_knobs(&bench.device)->dead_after_seal = (uint8_t)dead;
    workbench_run(&bench);
    assert_sealed();
    assert_int_equal(bench.unprotects, 1);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
}

static void check_all_reloads(const char *profile)
{
    for (unsigned seal = SIM_RELOAD_AT_ONCE; seal <= SIM_RELOAD_AT_POWER_ON; seal++) {
        for (unsigned regression = SIM_RELOAD_AT_ONCE; regression <= SIM_RELOAD_AT_POWER_ON; regression++) {
            check_reloads(profile, seal, regression, 0);
            check_reloads(profile, seal, regression, 1);
        }
    }
}

static void test_every_way_a_level_can_take_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        check_all_reloads(sim_profile_name(i));
    }
}

static void test_generation_b_loses_the_first_poll(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        locked(sim_profile_name(i));
        sim_knobs(&bench.device)->work_in_first_poll = 1;
        sim_knobs(&bench.device)->first_contact_error = 0;
        workbench_run(&bench);
        assert_sealed();
    }
}

static void test_slow_and_fast_flash(void **state)
{
    static const uint32_t percents[] = {10, 190};
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        for (size_t j = 0; j < 2; j++) {
            locked(sim_profile_name(i));
            sim_knobs(&bench.device)->typical_percent = percents[j];
            workbench_run(&bench);
            assert_sealed();
        }
    }
}

static void test_options_that_can_be_read_at_level_1_are_the_second_witness(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        locked(sim_profile_name(i));
        sim_knobs(&bench.device)->options_readable_rdp1 = 1;
        sim_knobs(&bench.device)->set_address_refused = 0;
        workbench_run(&bench);
        assert_sealed();
        assert_true(rlk_session_findings(&bench.session)->options_were_read);
        assert_false(rlk_session_findings(&bench.session)->options_read_refused);
    }
}

static void test_witnesses_that_contradict_each_other(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32f405", 1, IMAGE_BYTES);
    sim_knobs(&bench.device)->options_readable_rdp1 = 1;
    sim_knobs(&bench.device)->set_address_refused = 0;
    uint32_t size = 0;
    sim_options_mutable(&bench.device, &size)[1] = 0xAA;
    workbench_run(&bench);
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_PROTECTION_CONTRADICTORY);
    assert_true(workbench_flash_is_untouched(&bench));
}

/* A ROM that still answers although its option bytes say level 2. */
static void test_level_2_is_met_with_hands_off(void **state)
{
    uint32_t size = 0;
    (void)state;
    workbench_init(&bench, "stm32f405", 1, IMAGE_BYTES);
    sim_knobs(&bench.device)->options_readable_rdp1 = 1;
    sim_knobs(&bench.device)->set_address_refused = 0;
    sim_options_mutable(&bench.device, &size)[1] = 0xCC;
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(RLK_E_LEVEL_2));
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_true(workbench_flash_is_untouched(&bench));
    assert_int_equal(bench.unprotects, 0);
}

/* --- devices that do not do it --- */

static void test_writes_that_are_dropped_are_found_by_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        for (unsigned level = 0; level <= 1; level++) {
            workbench_init(&bench, sim_profile_name(i), level, IMAGE_BYTES);
            sim_knobs(&bench.device)->drops_writes = 1;
            workbench_run(&bench);
            assert_ended(RLK_ENDING_NOT_DONE, RLK_E_VERIFY_DIFFERS);
            assert_int_equal(sim_rdp_level(&bench.device), 0);
            assert_int_equal(sim_stored_rdp_level(&bench.device), 0);
            assert_int_equal(rlk_session_fault(&bench.session)->addr & ~0xFFFFU, FLASH_ADDR);
        }
    }
}

static void test_an_unprotect_that_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        locked(sim_profile_name(i));
        sim_knobs(&bench.device)->unprotect_refused = 1;
        workbench_run(&bench);
        assert_ended(RLK_ENDING_NOT_DONE, RLK_E_UNPROTECT_REFUSED);
        assert_action(RLK_ACTION_SWD_ONLY);
        assert_int_equal(bench.unprotects, 1);
        assert_true(workbench_flash_is_untouched(&bench));
        assert_int_equal(rlk_session_fault(&bench.session)->dfu_status, 0x0E);
    }
}

/* --- a door that would close --- */

static void check_refusal(const char *profile, unsigned level, void (*close)(uint8_t *options), enum rlk_error error,
                          const char *field)
{
    uint32_t size = 0;
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    close(sim_options_mutable(&bench.device, &size));
    workbench_run(&bench);
    assert_ended(RLK_ENDING_NOT_DONE, error);
    assert_non_null(rlk_session_fault(&bench.session)->field);
    assert_string_equal(rlk_session_fault(&bench.session)->field, field);
    assert_int_equal(sim_stored_rdp_level(&bench.device), 0);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

static void check_door(const char *profile, unsigned level, void (*close)(uint8_t *options), const char *field)
{
    check_refusal(profile, level, close, RLK_E_DOOR_WOULD_CLOSE, field);
}

static void look_like_level_2(uint8_t *options)
{
    options[0] = 0xCC; /* USER of F405 */
}

static void protect_a_sector(uint8_t *options)
{
    options[8] = 0xFE; /* nWRP0 of F405 */
}

static void ignore_boot0(uint8_t *options)
{
    options[3] &= (uint8_t)~0x04U; /* nSWBOOT0, bit 26 of L4's OPTR, and its complement */
    options[7] |= 0x04U;
}

static void spoil_a_complement(uint8_t *options)
{
    options[4] ^= 1U;
}

/* What an open device shows is judged before anything is lost; what a locked one hides, before it is sealed. */
static void test_a_door_that_would_close_is_left_open(void **state)
{
    (void)state;
    check_door("stm32f405", 0, protect_a_sector, "nWRP");
    assert_true(workbench_flash_is_untouched(&bench));
    check_door("stm32l432", 0, ignore_boot0, "nSWBOOT0");
    assert_true(workbench_flash_is_untouched(&bench));
    check_door("stm32f405", 1, protect_a_sector, "nWRP");
    assert_true(workbench_flash_is_image(&bench));
}

static void test_an_option_byte_that_looks_like_level_2(void **state)
{
    (void)state;
    check_refusal("stm32f405", 0, look_like_level_2, RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2, "USER");
    assert_true(workbench_flash_is_untouched(&bench));
    check_refusal("stm32f405", 1, look_like_level_2, RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2, "USER");
    assert_true(workbench_flash_is_image(&bench));
}

static void test_options_that_are_not_the_familys(void **state)
{
    uint32_t size = 0;
    (void)state;
    workbench_init(&bench, "stm32f072", 0, IMAGE_BYTES);
    spoil_a_complement(sim_options_mutable(&bench.device, &size));
    workbench_run(&bench);
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_MALFORMED);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

/* --- nobody is there --- */

static void run_absent(const char *profile, enum rlk_way_back way_back)
{
    locked(profile);
    bench.wish.way_back = way_back;
    sim_set_boot0(&bench.device, way_back == RLK_WAY_BACK_BOOT0);
    bench.transport.person = SIM_PERSON_ABSENT;
    workbench_run(&bench);
}

/* The same command again, after what was said to do was done. */
static void follow(void)
{
    workbench_remember(&bench);
    sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
    bench.transport.person = SIM_PERSON_HELPFUL;
    workbench_run(&bench);
}

static void test_a_board_with_boot0_held_needs_nobody(void **state)
{
    (void)state;
    run_absent("stm32f405", RLK_WAY_BACK_BOOT0);
    assert_sealed();
}

static void test_a_device_that_does_not_come_back_is_parked(void **state)
{
    (void)state;
    run_absent("stm32f042", RLK_WAY_BACK_EMPTY_CHECK);
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DEVICE_NOT_BACK);
    assert_int_equal(rlk_error_class_of(bench.done->error), RLK_CLASS_PARKED);
    assert_action(RLK_ACTION_REPLUG_AND_RUN_AGAIN);
    follow();
    assert_sealed();
    assert_int_equal(bench.unprotects, 0);
    run_absent("stm32f072", RLK_WAY_BACK_BOOT0);
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DEVICE_NOT_BACK);
    assert_action(RLK_ACTION_HOLD_BOOT0_REPLUG_AND_RUN_AGAIN);
    follow();
    assert_sealed();
    assert_int_equal(bench.unprotects, 0);
}

static void test_a_proof_that_is_missing_can_be_fetched(void **state)
{
    (void)state;
    run_absent("stm32l432", RLK_WAY_BACK_BOOT0);
    assert_ended(RLK_ENDING_NOT_PROVEN, RLK_E_PROOF_MISSING);
    assert_true(workbench_flash_is_image(&bench));
    assert_action(RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN);
    follow();
    assert_sealed();
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 1);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(bench.unprotects, 0);
}

/* --- a device that is known as finished --- */

static void finish(const char *profile)
{
    locked(profile);
    workbench_run(&bench);
    assert_sealed();
    workbench_remember(&bench);
}

static void test_a_finished_device_is_looked_at_first(void **state)
{
    (void)state;
    finish("stm32f405");
    workbench_run(&bench);
    assert_sealed();
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 1);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(bench.unprotects, 0);
}

/* F0 chips share one serial: only a person can say that this is the very device. */
static void test_where_serials_are_shared_a_person_says_that_it_is_the_same(void **state)
{
    (void)state;
    finish("stm32f072");
    workbench_run(&bench);
    assert_sealed();
    assert_int_equal(bench.asked[RLK_QUESTION_SAME_DEVICE], 1);
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 0);
    assert_int_equal(bench.unprotects, 0);
    bench.answers[RLK_QUESTION_SAME_DEVICE] = ANSWER_NO;
    workbench_run(&bench);
    assert_sealed();
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    assert_int_equal(bench.unprotects, 1);
}

static void test_a_finished_device_is_done_again_if_that_is_wanted(void **state)
{
    (void)state;
    finish("stm32f405");
    bench.answers[RLK_QUESTION_LOOK_AGAIN] = ANSWER_NO;
    workbench_run(&bench);
    assert_sealed();
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    assert_int_equal(bench.unprotects, 1);
}

static void test_a_stale_answer_about_a_finished_device_erases_nothing_unasked(void **state)
{
    (void)state;
    finish("stm32f405");
    bench.answers[RLK_QUESTION_LOOK_AGAIN] = ANSWER_STALE;
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
    workbench_run(&bench);
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_NO_CONSENT);
    assert_int_equal(bench.unprotects, 0);
    assert_true(workbench_flash_is_image(&bench));
}

static void test_another_image_is_another_job(void **state)
{
    (void)state;
    finish("stm32f405");
    workbench_set_image(&bench, FLASH_ADDR, IMAGE_BYTES - 16);
    workbench_run(&bench);
    assert_sealed();
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 0);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
}

/* --- the yes --- */

static void test_unplugging_voids_the_yes(void **state)
{
    static const enum sim_fault_kind faults[] = {SIM_FAULT_GONE, SIM_FAULT_TIMEOUT, SIM_FAULT_FAILED};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        locked("stm32f405");
        bench.fault_after_yes = faults[i];
        workbench_run(&bench);
        assert_sealed();
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 2);
        assert_int_equal(bench.unprotects, 1);
    }
}

/* --- journal and image while it works --- */

static void check_failing_record(uint32_t number, enum rlk_stage ending, enum rlk_error error)
{
    locked("stm32f405");
    bench.fails_record = number;
    workbench_run(&bench);
    assert_ended(ending, error);
    assert_true(workbench_flash_is_image(&bench));
}

static void test_a_journal_that_fails_later(void **state)
{
    (void)state;
    /* An empty device is rescued all the same; a seal is not set without its line; a proof stands without one. */
    check_failing_record(2, RLK_ENDING_PROVEN, RLK_OK);
    check_failing_record(3, RLK_ENDING_NOT_DONE, RLK_E_SEAL_NOT_RECORDED);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
    check_failing_record(4, RLK_ENDING_PROVEN, RLK_OK);
    check_failing_record(5, RLK_ENDING_PROVEN, RLK_OK);
}

static void test_an_image_that_cannot_be_fetched(void **state)
{
    (void)state;
    for (uint32_t number = 1; number <= 3 * BLOCKS; number++) {
        locked("stm32f072");
        bench.fails_fetch = number;
        workbench_run(&bench);
        assert_ended(RLK_ENDING_NOT_DONE, RLK_E_IMAGE_FETCH_FAILED);
        assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
        assert_action(RLK_ACTION_HOLD_BOOT0_REPLUG_AND_RUN_AGAIN);
        bench.fails_fetch = 0;
        follow();
        assert_sealed();
        assert_int_equal(bench.unprotects, 0);
    }
}

static void test_an_output_that_cannot_be_written(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32f405", 0, IMAGE_BYTES);
    bench.wish = (struct rlk_wish){.job = RLK_JOB_READ, .read_addr = FLASH_ADDR, .read_bytes = 4096};
    bench.store_outcome = RLK_OUTCOME_FAILED;
    workbench_run(&bench);
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_FILE_NOT_WRITTEN);
    assert_true(workbench_flash_is_untouched(&bench));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_a_level_can_take_effect),
        cmocka_unit_test(test_generation_b_loses_the_first_poll),
        cmocka_unit_test(test_slow_and_fast_flash),
        cmocka_unit_test(test_options_that_can_be_read_at_level_1_are_the_second_witness),
        cmocka_unit_test(test_witnesses_that_contradict_each_other),
        cmocka_unit_test(test_level_2_is_met_with_hands_off),
        cmocka_unit_test(test_writes_that_are_dropped_are_found_by_reading),
        cmocka_unit_test(test_an_unprotect_that_is_refused),
        cmocka_unit_test(test_a_door_that_would_close_is_left_open),
        cmocka_unit_test(test_an_option_byte_that_looks_like_level_2),
        cmocka_unit_test(test_options_that_are_not_the_familys),
        cmocka_unit_test(test_a_board_with_boot0_held_needs_nobody),
        cmocka_unit_test(test_a_device_that_does_not_come_back_is_parked),
        cmocka_unit_test(test_a_proof_that_is_missing_can_be_fetched),
        cmocka_unit_test(test_a_finished_device_is_looked_at_first),
        cmocka_unit_test(test_where_serials_are_shared_a_person_says_that_it_is_the_same),
        cmocka_unit_test(test_a_finished_device_is_done_again_if_that_is_wanted),
        cmocka_unit_test(test_a_stale_answer_about_a_finished_device_erases_nothing_unasked),
        cmocka_unit_test(test_another_image_is_another_job),
        cmocka_unit_test(test_unplugging_voids_the_yes),
        cmocka_unit_test(test_a_journal_that_fails_later),
        cmocka_unit_test(test_an_image_that_cannot_be_fetched),
        cmocka_unit_test(test_an_output_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
