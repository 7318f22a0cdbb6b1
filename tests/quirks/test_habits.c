/* What single devices were seen to do, or could do, that no row has for a quirk: how the job ends all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "quirk_cases.h"

enum { RUNS_MAX = 4 };

static void each_updatable(void (*check)(const char *profile))
{
    for (size_t i = 0; i < profile_case_count; i++) {
        if (profile_case_is_updatable(&profile_cases[i])) {
            check(profile_cases[i].profile);
        }
    }
}

/* --- transfers --- */

/* Every 41st class request is stalled and not carried out. A stalled 0x92 or option block is never sent twice by
 * itself: then the same command is given again. */
static void check_stalls(const char *profile)
{
    scene_set(profile, 1);
    scene_wish_lost_words();
    scene_knob("stalls_every", 41);
    for (unsigned run = 0; run < RUNS_MAX && (run == 0 || scene.bench.done->error == RLK_E_DEVICE_NONSENSE); run++) {
        scene_run();
        workbench_remember(&scene.bench);
    }
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&scene.bench));
    assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, 1);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 1);
}

static void test_a_stall_now_and_then(void **state)
{
    (void)state;
    each_updatable(check_stalls);
}

/* 4.7 hours are announced for each operation. */
static void check_endless_polls(const char *profile)
{
    scene_set(profile, 1);
    scene_wish_lost_words();
    scene_knob("announced_ms", 0xFFFFFF);
    scene_run();
    scene_assert_sealed();
    assert_in_range(sim_now_us(&scene.bench.device) / 1000000U, 0, 600);
}

static void test_the_longest_poll_time_there_is(void **state)
{
    (void)state;
    each_updatable(check_endless_polls);
}

static void test_who_shows_another_serial_at_each_arrival(void **state)
{
    (void)state;
    scene_set("stm32f405", 1);
    scene_knob("serial_changes", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_WRONG_DEVICE);
    assert_int_equal(scene.blocks_sent, 0);
    assert_int_equal(scene.unprotects_sent, 1);
}

/* --- protection that 0x92 does not lift --- */

static void check_refused_regression(const char *profile, const char *knob)
{
    scene_set(profile, 1);
    scene_wish_lost_words();
    scene_knob(knob, 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_UNPROTECT_REFUSED);
    assert_true(workbench_flash_is_untouched(&scene.bench));
    assert_int_equal(scene.unprotects_sent, 1);
    assert_int_equal(scene.erases_sent + scene.blocks_sent, 0);
    assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_SWD_ONLY);
}

static void test_an_oem_key_is_met_with_hands_off(void **state)
{
    (void)state;
    check_refused_regression("stm32u083", "oem1_key");
    check_refused_regression("stm32u585", "oem1_key");
    check_refused_regression("stm32u375", "oem1_key");
    check_refused_regression("stm32wba65", "oem1_key");
}

static void check_refusal(const char *profile)
{
    check_refused_regression(profile, "unprotect_refused");
}

static void test_any_family_may_refuse_a_regression(void **state)
{
    (void)state;
    each_updatable(check_refusal);
}

/* Nor is an open device protected, which it could not lose again. */
static void check_short_list(const char *profile)
{
    for (unsigned level = 0; level <= 1; level++) {
        scene_set(profile, level);
        scene_knob("get_list_short", 1);
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_NO_READ_UNPROTECT);
        scene_assert_untouched();
    }
}

static void test_who_does_not_offer_it_is_not_asked(void **state)
{
    (void)state;
    each_updatable(check_short_list);
}

/* PCROP sectors can neither be read nor erased: an image elsewhere is written, one in them never gets so far. */
static void test_sectors_under_pcrop(void **state)
{
    (void)state;
    uint32_t size = 0;
    scene_set("stm32l476", 1);
    scene_knob("pcrop_sectors", 8);
    scene_run();
    scene_assert_sealed();
    scene_set("stm32l476", 1);
    scene_knob("pcrop_sectors", 8);
    (void)sim_flash(&scene.bench.device, &size);
    workbench_set_image(&scene.bench, FLASH_ADDR + size - 16384U, SCENE_IMAGE_BYTES);
    scene.bench.wish.accept_any_image = true;
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_READ_REFUSED);
    assert_int_equal(rlk_session_fault(&scene.bench.session)->addr, FLASH_ADDR + size - 16384U);
    assert_int_equal(scene.blocks_sent, 0);
}

/* --- option bytes --- */

/* L5 V13.0: the write neither resets nor loads; the ROM answers, and power loads them. What was sent is not sent again:
 * the same command ends proven. */
static void test_options_that_only_power_loads(void **state)
{
    (void)state;
    scene_set("stm32l552", 1);
    scene_knob("option_launch_broken", 1);
    for (unsigned run = 0; run < RUNS_MAX && (run == 0 || scene.bench.done->ending != RLK_ENDING_PROVEN); run++) {
        scene_run();
        workbench_remember(&scene.bench);
        sim_person_do(&scene.bench.device, RLK_ACTION_HOLD_BOOT0_AND_REPLUG);
        sim_sleep(&scene.bench.device, 5000);
    }
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, 1);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 1);
    assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
}

static void check_trustzone(const char *profile)
{
    scene_set(profile, 1);
    scene_knob("tzen", 1);
    scene_option_bits(3, 0x80, 0x80);
    scene_knob("options_readable_rdp1", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_TRUSTZONE);
    scene_assert_untouched();
}

static void test_trustzone_that_can_be_read_at_level_1(void **state)
{
    (void)state;
    check_trustzone("stm32l552");
    check_trustzone("stm32u585");
    check_trustzone("stm32u375");
    check_trustzone("stm32wba65");
}

/* --- start --- */

/* H74x V9.0: deaf after power-on until the reset button is pressed. */
static void test_who_is_deaf_after_power_on(void **state)
{
    (void)state;
    scene_set("stm32h743", 1);
    scene_knob("reset_after_power_on", 1);
    scene_run();
    assert_int_equal(scene.bench.done->ending, RLK_ENDING_NOT_PROVEN);
    assert_int_equal(scene.bench.done->error, RLK_E_PROOF_MISSING);
    workbench_remember(&scene.bench);
    sim_press_reset(&scene.bench.device);
    sim_sleep(&scene.bench.device, 5000);
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, 1);
}

/* One F303 was never seen on the bus at level 1: nothing was done to it, and once it is sealed, nothing proves it. */
static void test_who_is_silent_at_level_1(void **state)
{
    (void)state;
    scene_set("stm32f303", 1);
    scene_knob("silent_at_level1", 1);
    sim_person_do(&scene.bench.device, RLK_ACTION_HOLD_BOOT0_AND_REPLUG);
    scene.bench.transport.person = SIM_PERSON_ABSENT;
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_NO_DEVICE);
    scene_assert_untouched();
    scene_set("stm32f303", 0);
    scene_knob("silent_at_level1", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_PROVEN, RLK_E_PROOF_MISSING);
    assert_true(workbench_flash_is_image(&scene.bench));
    assert_int_equal(sim_stored_rdp_level(&scene.bench.device), 1);
}

/* F04x: a jump into the ROM starts the application again; BOOT0 is another way in. */
static void test_who_cannot_be_entered_by_a_jump(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        const char *knob;
    } cases[] = {{"stm32f042", "jump_bounces"}, {"stm32f105", "jump_hangs_rdp1"}};
    for (size_t i = 0; i < 2; i++) {
        scene_set(cases[i].profile, 1);
        scene_knob(cases[i].knob, 1);
        sim_person_do(&scene.bench.device, RLK_ACTION_RELEASE_BOOT0_AND_REPLUG);
        sim_enter_rom_by_jump(&scene.bench.device);
        scene.bench.transport.person = SIM_PERSON_ABSENT;
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_NO_DEVICE);
        scene.bench.transport.person = SIM_PERSON_HELPFUL;
        scene_run();
        scene_assert_sealed();
    }
}

/* A board whose BOOT0 nobody reaches: only the empty check brings it back, and then the application. */
static void test_a_board_without_boot0(void **state)
{
    (void)state;
    scene_set("stm32l432", 1);
    scene_knob("boot0_fixed", 0);
    sim_person_do(&scene.bench.device, RLK_ACTION_RELEASE_BOOT0_AND_REPLUG);
    scene_knob("boot0_fixed", 1);
    sim_enter_rom_by_jump(&scene.bench.device);
    sim_sleep(&scene.bench.device, 5000);
    scene.bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    scene_run();
    scene_assert_sealed();
}

/* F7, one report: the boot addresses are gone after the regression, and with them the way into the ROM. Nobody can
 * foresee it; it is not called anything but what it is. */
static void test_a_regression_that_loses_the_way_back(void **state)
{
    (void)state;
    scene_set("stm32f767", 1);
    scene_knob("boot_add_lost", 1);
    scene_run();
    assert_int_equal(scene.bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_int_equal(scene.bench.done->error, RLK_E_DEVICE_NOT_BACK);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
    assert_true(sim_is_stranded(&scene.bench.device));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stall_now_and_then),
        cmocka_unit_test(test_the_longest_poll_time_there_is),
        cmocka_unit_test(test_who_shows_another_serial_at_each_arrival),
        cmocka_unit_test(test_an_oem_key_is_met_with_hands_off),
        cmocka_unit_test(test_any_family_may_refuse_a_regression),
        cmocka_unit_test(test_who_does_not_offer_it_is_not_asked),
        cmocka_unit_test(test_sectors_under_pcrop),
        cmocka_unit_test(test_options_that_only_power_loads),
        cmocka_unit_test(test_trustzone_that_can_be_read_at_level_1),
        cmocka_unit_test(test_who_is_deaf_after_power_on),
        cmocka_unit_test(test_who_is_silent_at_level_1),
        cmocka_unit_test(test_who_cannot_be_entered_by_a_jump),
        cmocka_unit_test(test_a_board_without_boot0),
        cmocka_unit_test(test_a_regression_that_loses_the_way_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
