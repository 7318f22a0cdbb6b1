/*
 * Whose firmware it is, and where it lies: what is for other chips is refused before any loss.
 */
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 2 * 2048 + 304 };

static struct workbench bench;

/* Refused with this error before anybody is asked, and the device is as it was. */
static void assert_refused(enum rlk_error error)
{
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_null(sim_violation(&bench.device, 0));
    assert_true(workbench_flash_is_untouched(&bench));
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(bench.records_asked, 0);
}

static void locked(const char *profile)
{
    workbench_init(&bench, profile, 1, IMAGE_BYTES);
}

enum { ID_F4 = 0x57755A57, ID_F0 = 0x647824B6, ID_WB = 0x70D16653, ID_ESP32 = 0x1C5F21B0 };

static void say_family(uint32_t id)
{
    bench.image.about.has_family_id = true;
    bench.image.about.family_id = id;
}

/* Every simulated family that may be written, protected and open, in each job that writes. */
static void test_firmware_for_another_family_is_refused_before_any_loss(void **state)
{
    static const enum rlk_job jobs[] = {RLK_JOB_UPDATE, RLK_JOB_WRITE};
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        for (unsigned run = 0; run < 4; run++) {
            workbench_init(&bench, sim_profile_name(i), run / 2U, IMAGE_BYTES);
            bench.wish.job = jobs[run % 2U];
            bench.wish.accept_any_image = true;
            const bool is_wb = strcmp(sim_profile_name(i), "stm32wb55") == 0;
            say_family(is_wb ? ID_F4 : ID_WB);
            assert_refused(RLK_E_IMAGE_OF_ANOTHER_FAMILY);
        }
    }
}

static void test_a_claim_makes_no_firmware_fit(void **state)
{
    (void)state;
    locked("stm32f405");
    bench.wish.family = RLK_FAMILY_STM32F405;
    say_family(ID_F0);
    assert_refused(RLK_E_IMAGE_OF_ANOTHER_FAMILY);
    say_family(ID_F4);
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
}

static void test_a_family_id_that_is_unknown_must_be_accepted(void **state)
{
    (void)state;
    locked("stm32f405");
    say_family(ID_ESP32);
    assert_refused(RLK_E_IMAGE_OF_UNKNOWN_FAMILY);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_SAY_ANY_IMAGE);
    bench.wish.accept_any_image = true;
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
}

/* To compare harms nothing. */
static void test_a_verify_does_not_ask_whose_firmware_it_is(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32f405", 0, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_VERIFY;
    say_family(ID_F0);
    assert_refused(RLK_E_FLASH_DIFFERS);
}

static void test_address_0_is_an_address(void **state)
{
    (void)state;
    locked("stm32f405");
    workbench_set_image(&bench, 0, 64);
    assert_refused(RLK_E_IMAGE_OUTSIDE_FLASH);
    assert_true(rlk_session_fault(&bench.session)->has_addr);
    assert_int_equal(rlk_session_fault(&bench.session)->addr, 0);
    locked("stm32f405");
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
    workbench_run(&bench);
    assert_int_equal(bench.done->error, RLK_E_NO_CONSENT);
    assert_false(rlk_session_fault(&bench.session)->has_addr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firmware_for_another_family_is_refused_before_any_loss),
        cmocka_unit_test(test_a_claim_makes_no_firmware_fit),
        cmocka_unit_test(test_a_family_id_that_is_unknown_must_be_accepted),
        cmocka_unit_test(test_a_verify_does_not_ask_whose_firmware_it_is),
        cmocka_unit_test(test_address_0_is_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
