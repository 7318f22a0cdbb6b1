/* The short jobs on families that are not of tier full: what may not be touched is refused before anything is sent. */
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 2 * 2048, DEVICE = 0x01, STRING = 0x03 };

static struct workbench bench;
static const struct rlk_option_wish wish = {"BOR_LEV", 1};

static void begin(const char *profile, unsigned level, enum rlk_job job)
{
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    bench.wish.job = job;
    bench.wish.options = &wish;
    bench.wish.option_count = 1;
}

static bool is_descriptor(const struct rlk_operation *operation, const struct rlk_outcome *outcome, unsigned type)
{
    return operation->kind == RLK_OPERATION_CONTROL_IN && operation->value >> 8U == type && outcome->bytes > 0;
}

/* GigaDevice's USB ids. */
static void show_clone(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    static const uint8_t ids[] = {0xE9, 0x28, 0x89, 0x01};
    if (is_descriptor(operation, outcome, DEVICE)) {
        memcpy((uint8_t *)outcome->data + 8, ids, sizeof ids);
    }
}

/* An STM32L432 that shows a ROM of generation B and 64 pages: STM32G431. */
static void show_g431(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint8_t *data = (uint8_t *)outcome->data;
    if (is_descriptor(operation, outcome, DEVICE)) {
        data[12] = 0x00;
        data[13] = 0x02;
    }
    for (size_t i = 2; is_descriptor(operation, outcome, STRING) && i + 6 < outcome->bytes; i += 2) {
        if (data[i] == '1' && data[i + 2] == '2' && data[i + 4] == '8' && data[i + 6] == '*') {
            data[i] = '0';
            data[i + 2] = '6';
            data[i + 4] = '4';
        }
    }
}

static void assert_refused(enum rlk_error error)
{
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_true(workbench_flash_is_untouched(&bench));
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN] + bench.records_asked, 0);
    assert_int_not_equal(rlk_session_next_action(&bench.session), RLK_ACTION_NONE);
}

static void test_a_clone_keeps_its_protection_and_options(void **state)
{
    static const enum rlk_job jobs[] = {RLK_JOB_UNPROTECT, RLK_JOB_PROTECT, RLK_JOB_OPTIONS};
    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        begin("stm32f072", jobs[i] == RLK_JOB_UNPROTECT ? 1 : 0, jobs[i]);
        bench.on_operation = show_clone;
        assert_refused(RLK_E_CHIP_WRITE_ONLY);
        assert_int_equal(rlk_session_findings(&bench.session)->chip.family, RLK_FAMILY_GD32);
    }
}

static void test_an_experimental_family_must_be_named(void **state)
{
    static const enum rlk_job jobs[] = {RLK_JOB_UNPROTECT, RLK_JOB_PROTECT};
    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        begin("stm32l432", jobs[i] == RLK_JOB_UNPROTECT ? 1 : 0, jobs[i]);
        bench.on_operation = show_g431;
        assert_refused(RLK_E_CHIP_EXPERIMENTAL);
        assert_int_equal(rlk_session_findings(&bench.session)->chip.family, RLK_FAMILY_STM32G431);
        bench.wish.family = RLK_FAMILY_STM32G431;
        assert_refused(RLK_E_CHIP_EXPERIMENTAL);
    }
}

/* Naming it does not help: there its options are changed only with the protection. */
static void test_options_of_an_experimental_family_are_not_set(void **state)
{
    (void)state;
    begin("stm32l432", 0, RLK_JOB_OPTIONS);
    bench.on_operation = show_g431;
    bench.wish.family = RLK_FAMILY_STM32G431;
    bench.wish.allow_experimental = true;
    assert_refused(RLK_E_OPTIONS_NOT_SETTABLE);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_USE_ANOTHER_TOOL);
}

static void test_verify_harms_nothing_anywhere(void **state)
{
    uint32_t size = 0;
    (void)state;
    begin("stm32l432", 0, RLK_JOB_VERIFY);
    bench.on_operation = show_g431;
    memcpy(sim_flash_mutable(&bench.device, &size), bench.image_bytes, IMAGE_BYTES);
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), "OK");
    assert_int_equal(sim_counters(&bench.device)->blocks_programmed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clone_keeps_its_protection_and_options),
        cmocka_unit_test(test_an_experimental_family_must_be_named),
        cmocka_unit_test(test_options_of_an_experimental_family_are_not_set),
        cmocka_unit_test(test_verify_harms_nothing_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
