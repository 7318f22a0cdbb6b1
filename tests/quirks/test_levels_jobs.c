/*
 * Each family whose protection may be changed with each of the 256 values of its protection byte: what becomes of each
 * job that changes something. test_levels has the update; levels.c judges all that is sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "levels.h"

#include "../../core/src/chip/options_fields.h"

enum { IMAGE_BYTES = 304 };

/* One small image, for which nothing is kept. */
static void make(const struct profile_case *profile, unsigned level, enum rlk_job job)
{
    levels_make(profile, level);
    workbench_set_image(&scene.bench, FLASH_ADDR, IMAGE_BYTES);
    scene.bench.wish.erases_whole_sectors = true;
    scene.bench.wish.job = job;
}

static void run(uint8_t byte)
{
    levels_take_fresh();
    levels_store(byte);
    scene_run();
}

static void assert_refused(enum rlk_error error)
{
    scene_assert_ended(RLK_ENDING_NOT_DONE, error);
    levels_assert_untouched();
}

static void assert_changes(uint32_t unprotects, uint32_t option_blocks)
{
    assert_int_equal(scene.unprotects_sent, unprotects);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, unprotects);
    assert_int_equal(scene.sent_elsewhere, option_blocks);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, option_blocks);
}

static void assert_done(uint32_t unprotects, uint32_t option_blocks, unsigned level)
{
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_changes(unprotects, option_blocks);
    assert_int_equal(sim_rdp_level(&scene.bench.device), level);
}

/* A family of tier experimental has no option fields set for their own sake. */
static bool has_settable_options(void)
{
    return levels_row()->tier == RLK_TIER_FULL;
}

/* --- flash that is refused --- */

/* What the byte makes of a device whose flash is refused. */
static enum rlk_error refusal(uint8_t byte)
{
    if (levels_is_2(byte)) {
        return RLK_E_LEVEL_2;
    }
    return byte == levels_row()->rdp_level0 || levels_is_half(byte) ? RLK_E_PROTECTION_CONTRADICTORY : RLK_OK;
}

/* To read all of a blank flash takes most of the time, so it is done for one byte of sixteen, level 1's among them:
 * else the device goes with its regression and does not come back. */
static void (*judge)(const struct rlk_operation *operation, const struct rlk_outcome *outcome);

static void unplug_after_regression(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    judge(operation, outcome);
    if (sim_counters(&scene.bench.device)->regressions > 0) {
        sim_unplug(&scene.bench.device);
    }
}

static void unprotect_for_good(uint8_t byte)
{
    scene.bench.on_operation = judge;
    run(byte);
    assert_done(1, 0, 0);
}

static void unprotect_and_unplug(uint8_t byte)
{
    scene.bench.on_operation = unplug_after_regression;
    levels_take_fresh();
    scene.bench.transport.person = SIM_PERSON_ABSENT;
    levels_store(byte);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DEVICE_NOT_BACK);
    assert_changes(1, 0);
    assert_int_equal(sim_stored_rdp_level(&scene.bench.device), 0);
}

static void check_unprotect_of_refused(const struct profile_case *profile)
{
    make(profile, 1, RLK_JOB_UNPROTECT);
    judge = scene.bench.on_operation;
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        if (refusal((uint8_t)byte) != RLK_OK) {
            run((uint8_t)byte);
            assert_refused(refusal((uint8_t)byte));
        } else if (byte % 16U == levels_row()->rdp_level1 % 16U) {
            unprotect_for_good((uint8_t)byte);
        } else {
            unprotect_and_unplug((uint8_t)byte);
        }
    }
}

static void check_protect_of_refused(const struct profile_case *profile)
{
    make(profile, 1, RLK_JOB_PROTECT);
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        run((uint8_t)byte);
        if (refusal((uint8_t)byte) != RLK_OK) {
            assert_refused(refusal((uint8_t)byte));
        } else {
            assert_done(0, 0, 1);
            levels_assert_untouched();
        }
    }
}

static void check_write_of_refused(const struct profile_case *profile)
{
    make(profile, 1, RLK_JOB_WRITE);
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        const enum rlk_error error = refusal((uint8_t)byte);
        run((uint8_t)byte);
        assert_refused(error != RLK_OK ? error : RLK_E_PROTECTED);
    }
}

static const struct rlk_option_wish *toggled(const struct profile_case *profile);

static void check_options_of_refused(const struct profile_case *profile)
{
    make(profile, 1, RLK_JOB_OPTIONS);
    scene.bench.wish.options = toggled(profile);
    scene.bench.wish.option_count = 1;
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        const enum rlk_error error = refusal((uint8_t)byte);
        run((uint8_t)byte);
        if (!has_settable_options()) {
            assert_refused(RLK_E_OPTIONS_NOT_SETTABLE);
        } else {
            assert_refused(error != RLK_OK ? error : RLK_E_PROTECTED);
        }
    }
}

static void test_flash_that_is_refused(void **state)
{
    (void)state;
    levels_each(true, check_unprotect_of_refused);
    levels_each(true, check_protect_of_refused);
    levels_each(true, check_write_of_refused);
    levels_each(true, check_options_of_refused);
}

/* --- flash that is open --- */

static void check_unprotect_of_open(const struct profile_case *profile)
{
    make(profile, 0, RLK_JOB_UNPROTECT);
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        run((uint8_t)byte);
        assert_done(0, 0, 0);
        levels_assert_untouched();
    }
}

static void check_write_of_open(const struct profile_case *profile)
{
    make(profile, 0, RLK_JOB_WRITE);
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        run((uint8_t)byte);
        assert_done(0, 0, 0);
        levels_assert_protection_untouched();
        assert_true(workbench_flash_is_image(&scene.bench));
    }
}

/* Where the word in force is part of the block, one that says level 2 ends it. */
static bool has_level_2_in_the_block(uint8_t byte)
{
    return levels_is_2(byte) && levels_row()->rdp_read_offset != levels_row()->rdp_write_offset;
}

/* Level 1's own byte may be stored and not yet in force: it is loaded, not written again. Others of level 1 contradict
 * the flash; what means another level is written over. */
static void check_protect_of_open(const struct profile_case *profile)
{
    make(profile, 0, RLK_JOB_PROTECT);
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        run((uint8_t)byte);
        const uint32_t sent = scene.sent_elsewhere;
        if (levels_contradiction((uint8_t)byte) != RLK_OK) {
            assert_refused(levels_contradiction((uint8_t)byte));
            continue;
        }
        if (has_level_2_in_the_block((uint8_t)byte)) {
            assert_refused(RLK_E_DOOR_WOULD_CLOSE);
            continue;
        }
        assert_in_range(sent, 0, 1);
        assert_done(0, sent, 1);
        assert_true(sent == 1 || (byte != levels_row()->rdp_level0 && !levels_is_2((uint8_t)byte)));
        assert_int_equal(sim_counters(&scene.bench.device)->sectors_erased, 0);
        assert_int_equal(sim_counters(&scene.bench.device)->blocks_programmed, 0);
    }
}

/* The reset in Stop mode, which every family of tier full has, other than it is; the simulator's judge allows it. */
static const struct rlk_option_wish *toggled(const struct profile_case *profile)
{
    static struct rlk_option_wish wish = {"nRST_STOP", 0};
    const struct rlk_option_slot *slot = rlk_options_slot_find(rlk_chip_row(profile->family), wish.field);
    uint32_t size = 0;
    const uint8_t *options = sim_options(&scene.bench.device, &size);
    if (slot != NULL) {
        const size_t at = slot->offset + slot->shift / 8U;
        const uint8_t mask = (uint8_t)(1U << slot->shift % 8U);
        wish.value = (options[at] & mask) == 0;
        assert_true(sim_allow_option_bits(&scene.bench.device, (uint32_t)at, mask, wish.value != 0 ? mask : 0));
        levels_keep();
    }
    return &wish;
}

/* A block that says anything but level 0 while flash is open waits to be loaded, and is left alone. */
static void check_options_of_open(const struct profile_case *profile)
{
    make(profile, 0, RLK_JOB_OPTIONS);
    scene.bench.wish.options = toggled(profile);
    scene.bench.wish.option_count = 1;
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        run((uint8_t)byte);
        if (!has_settable_options()) {
            assert_refused(RLK_E_OPTIONS_NOT_SETTABLE);
        } else if (byte == levels_row()->rdp_level0) {
            assert_done(0, 1, 0);
        } else {
            const enum rlk_error error = levels_contradiction((uint8_t)byte);
            assert_refused(error != RLK_OK ? error : RLK_E_PROTECTION_CONTRADICTORY);
        }
    }
}

static void test_flash_that_is_open(void **state)
{
    (void)state;
    levels_each(true, check_unprotect_of_open);
    levels_each(true, check_write_of_open);
    levels_each(true, check_protect_of_open);
    levels_each(true, check_options_of_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flash_that_is_refused),
        cmocka_unit_test(test_flash_that_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
