/*
 * Each family with each of the 256 values of its protection byte: what is made of it, and that no job sends level 2,
 * level 0.5 or the bytes of an OEM key, whatever the byte is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "quirk_cases.h"

enum { BYTES = 256, LEVEL_2 = 0xCC, LEVEL_HALF = 0x55, START_MS = 20000 };

static struct scene fresh; /* a device of the family at hand, as it was made */

/* --- what may be sent --- */

static void (*watch)(const struct rlk_operation *operation, const struct rlk_outcome *outcome);

static void judge_options(const struct rlk_operation *operation)
{
    const struct rlk_chip *row = rlk_chip_row(scene.profile->family);
    const struct rlk_chip *chip = &rlk_session_findings(&scene.bench.session)->chip;
    assert_int_equal(scene.pointer_addr, row->options_addr);
    assert_int_equal(operation->length, chip->options_write_bytes);
    assert_in_range(operation->length, 8, row->options_write_bytes);
    assert_int_equal(operation->data[row->rdp_write_offset], row->rdp_level1);
    assert_int_not_equal(operation->data[row->rdp_write_offset], LEVEL_2);
}

static void see(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    const uint32_t before = scene.sent_elsewhere;
    watch(operation, outcome);
    if (scene.sent_elsewhere != before) {
        judge_options(operation);
    }
}

/* --- devices --- */

/* Options can be read at level 1, so that the byte is seen, on ROMs that hide them, too. */
static void make(const struct profile_case *profile, unsigned level)
{
    scene_set(profile->profile, level);
    scene_knob("options_readable_rdp1", 1);
    scene_knob("set_address_refused", 0);
    watch = scene.bench.on_operation;
    scene.bench.on_operation = see;
    memcpy(&fresh, &scene, sizeof fresh);
}

static void take_fresh(void)
{
    memcpy(&scene, &fresh, sizeof scene);
    scene.bench.transport.device = &scene.bench.device;
    scene.bench.wish.image = &scene.bench.image;
}

static const struct rlk_chip *row_of_scene(void)
{
    return rlk_chip_row(scene.profile->family);
}

static void store(uint8_t byte)
{
    scene_option_bits(row_of_scene()->rdp_read_offset, 0xFF, byte);
}

static bool is_level_2(uint8_t byte)
{
    return byte == LEVEL_2 && (row_of_scene()->quirks & RLK_QUIRK_BIT(LEVEL_0_IS_A5)) == 0;
}

static bool is_level_half(uint8_t byte)
{
    return byte == LEVEL_HALF && (row_of_scene()->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0;
}

static void each_updatable(void (*check)(const struct profile_case *profile))
{
    for (size_t i = 0; i < profile_case_count; i++) {
        if (profile_case_is_updatable(&profile_cases[i])) {
            check(&profile_cases[i]);
        }
    }
}

/* --- a byte that is in force --- */

static enum rlk_error look_error(uint8_t byte)
{
    if (is_level_2(byte)) {
        return RLK_E_NO_DEVICE; /* level 2 has no bootloader */
    }
    return is_level_half(byte) ? RLK_E_PROTECTION_CONTRADICTORY : RLK_OK;
}

static void look(uint8_t byte)
{
    const enum rlk_error error = look_error(byte);
    sim_unplug(&scene.bench.device);
    store(byte);
    sim_plug(&scene.bench.device);
    sim_sleep(&scene.bench.device, START_MS);
    scene_run();
    scene_assert_ended(error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE, error);
    if (error == RLK_OK) {
        const bool is_open = byte == row_of_scene()->rdp_level0;
        assert_int_equal(rlk_session_findings(&scene.bench.session)->protection,
                         is_open ? RLK_PROTECTION_OPEN : RLK_PROTECTION_LEVEL_1);
    }
}

static void check_looks(const struct profile_case *profile)
{
    make(profile, 1);
    scene.bench.wish.job = RLK_JOB_LOOK;
    scene.bench.transport.person = SIM_PERSON_ABSENT;
    for (unsigned byte = 0; byte < BYTES; byte++) {
        look((uint8_t)byte);
    }
    scene_assert_untouched();
}

static void test_what_each_byte_in_force_means(void **state)
{
    (void)state;
    each_updatable(check_looks);
}

/* --- flash that is refused, whatever the byte says --- */

static enum rlk_error refusal(uint8_t byte)
{
    if (is_level_2(byte)) {
        return RLK_E_LEVEL_2;
    }
    return byte == row_of_scene()->rdp_level0 || is_level_half(byte) ? RLK_E_PROTECTION_CONTRADICTORY : RLK_OK;
}

static void update_protected(uint8_t byte)
{
    take_fresh();
    store(byte);
    const enum rlk_error error = refusal(byte);
    scene_run();
    if (error != RLK_OK) {
        scene_assert_ended(RLK_ENDING_NOT_DONE, error);
        scene_assert_untouched();
    } else if ((row_of_scene()->quirks & RLK_QUIRK_BIT(OPTIONS_INVALID_AFTER_UNPROTECT)) != 0) {
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_MALFORMED);
        scene_assert_open_with_image();
    } else {
        scene_assert_sealed();
    }
}

static void check_updates_of_protected(const struct profile_case *profile)
{
    make(profile, 1);
    for (unsigned byte = 0; byte < BYTES; byte++) {
        update_protected((uint8_t)byte);
    }
}

static void test_an_update_of_flash_that_is_refused(void **state)
{
    (void)state;
    each_updatable(check_updates_of_protected);
}

/* --- flash that is open, whatever the byte says --- */

/* Where the word in force is part of the block, one that says level 2 ends it. */
static bool has_level_2_in_the_block(uint8_t byte)
{
    return is_level_2(byte) && row_of_scene()->rdp_read_offset != row_of_scene()->rdp_write_offset;
}

/* A byte of level 1 that is stored and not yet in force is loaded, not written again. Any other is written over. */
static void update_open(uint8_t byte)
{
    take_fresh();
    store(byte);
    scene_run();
    assert_int_equal(scene.unprotects_sent, 0);
    if (has_level_2_in_the_block(byte)) {
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DOOR_WOULD_CLOSE);
        assert_int_equal(scene.sent_elsewhere, 0);
    } else {
        scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
        assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
    }
}

static void check_updates_of_open(const struct profile_case *profile)
{
    make(profile, 0);
    for (unsigned byte = 0; byte < BYTES; byte++) {
        update_open((uint8_t)byte);
    }
}

static void test_an_update_of_flash_that_is_open(void **state)
{
    (void)state;
    each_updatable(check_updates_of_open);
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
