/*
 * Each family with each of the 256 values of its protection byte: what is made of it, and that no job sends level 2,
 * level 0.5 or the bytes of an OEM key, whatever the byte is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "levels.h"

/* --- a byte that is in force --- */

static enum rlk_error look_error(uint8_t byte)
{
    if (levels_is_2(byte)) {
        return RLK_E_NO_DEVICE; /* level 2 has no bootloader */
    }
    return levels_is_half(byte) ? RLK_E_PROTECTION_CONTRADICTORY : RLK_OK;
}

static void look(uint8_t byte)
{
    const enum rlk_error error = look_error(byte);
    sim_unplug(&scene.bench.device);
    levels_store(byte);
    sim_plug(&scene.bench.device);
    sim_sleep(&scene.bench.device, LEVELS_START_MS);
    scene_run();
    scene_assert_ended(error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE, error);
    if (error == RLK_OK) {
        const bool is_open = byte == levels_row()->rdp_level0;
        assert_int_equal(rlk_session_findings(&scene.bench.session)->protection,
                         is_open ? RLK_PROTECTION_OPEN : RLK_PROTECTION_LEVEL_1);
    }
}

static void check_looks(const struct profile_case *profile)
{
    levels_make(profile, 1);
    scene.bench.wish.job = RLK_JOB_LOOK;
    scene.bench.transport.person = SIM_PERSON_ABSENT;
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        look((uint8_t)byte);
    }
    scene_assert_untouched();
}

static void test_what_each_byte_in_force_means(void **state)
{
    (void)state;
    levels_each(true, check_looks);
}

/* --- flash that is refused, whatever the byte says --- */

static enum rlk_error refusal(uint8_t byte)
{
    if (levels_is_2(byte)) {
        return RLK_E_LEVEL_2;
    }
    return byte == levels_row()->rdp_level0 || levels_is_half(byte) ? RLK_E_PROTECTION_CONTRADICTORY : RLK_OK;
}

static void update_protected(uint8_t byte)
{
    levels_take_fresh();
    levels_store(byte);
    const enum rlk_error error = refusal(byte);
    scene_run();
    if (error != RLK_OK) {
        scene_assert_ended(RLK_ENDING_NOT_DONE, error);
        scene_assert_untouched();
    } else {
        scene_assert_sealed();
    }
}

static void check_updates_of_protected(const struct profile_case *profile)
{
    levels_make(profile, 1);
    scene_wish_lost_words();
    levels_keep();
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        update_protected((uint8_t)byte);
    }
}

static void test_an_update_of_flash_that_is_refused(void **state)
{
    (void)state;
    levels_each(true, check_updates_of_protected);
}

/* --- flash that is open, whatever the byte says --- */

/* Where the word in force is part of the block, one that says level 2 ends it. */
static bool has_level_2_in_the_block(uint8_t byte)
{
    return levels_is_2(byte) && levels_row()->rdp_read_offset != levels_row()->rdp_write_offset;
}

/* One that some other tool has stored, and that is not loaded yet: after the power cycle that is asked for, it is. */
static void assert_loaded_at_power_on(void)
{
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_PROTECTION_CONTRADICTORY);
    scene_assert_untouched();
    assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN);
    sim_person_do(&scene.bench.device, RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN);
    sim_sleep(&scene.bench.device, LEVELS_START_MS);
    assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
}

/* The byte of level 1 that Relock writes may be stored and not yet in force: it is loaded, not written again. Any other
 * that means level 1 contradicts the flash, or the family that was named. What means neither is written over. */
static void update_open(uint8_t byte)
{
    levels_take_fresh();
    levels_store(byte);
    scene_run();
    assert_int_equal(scene.unprotects_sent, 0);
    if (levels_contradiction(byte) == RLK_E_CHIP_CONTRADICTS_CLAIM) {
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_CONTRADICTS_CLAIM);
        assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_GIVE_FAMILY);
        scene_assert_untouched();
    } else if (levels_contradiction(byte) != RLK_OK) {
        assert_loaded_at_power_on();
    } else if (has_level_2_in_the_block(byte)) {
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DOOR_WOULD_CLOSE);
        assert_int_equal(scene.sent_elsewhere, 0);
    } else {
        scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
        assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
    }
}

static void check_updates_of_open(const struct profile_case *profile)
{
    levels_make(profile, 0);
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        update_open((uint8_t)byte);
    }
}

static void test_an_update_of_flash_that_is_open(void **state)
{
    (void)state;
    levels_each(true, check_updates_of_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_each_byte_in_force_means),
        cmocka_unit_test(test_an_update_of_flash_that_is_refused),
        cmocka_unit_test(test_an_update_of_flash_that_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
