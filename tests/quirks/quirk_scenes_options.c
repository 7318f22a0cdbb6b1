/* What goes wrong with power and option bytes without the engine's answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "quirk_cases.h"

enum { OPTION_WRITE_MAX_MS = 5000 };

static void update(const char *profile, unsigned level)
{
    scene_set(profile, level);
    scene_run();
    scene_assert_sealed();
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, level);
}

static void assert_door_closed(const char *field)
{
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DOOR_WOULD_CLOSE);
    scene_assert_field(field);
}

/* --- coming back, and power --- */

void quirk_scene_no_empty_check(void)
{
    for (size_t i = 0; i < profile_case_count; i++) {
        const struct rlk_chip *row = rlk_chip_row(profile_cases[i].family);
        if (profile_case_is_updatable(&profile_cases[i]) && !row->has_empty_check) {
            scene_set(profile_cases[i].profile, 1);
            scene.bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
            scene_run();
            scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_NO_EMPTY_CHECK);
            scene_assert_untouched();
        }
    }
}

void quirk_scene_unprotect_needs_power_cycle(void)
{
    static const char *const profiles[] = {"stm32wb55", "stm32f042", "stm32f072", "stm32l072"};
    for (size_t i = 0; i < 4; i++) {
        update(profiles[i], 1);
        assert_in_range(scene.reopens[RLK_REOPEN_POWER_CYCLE], 1, 2);
        assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    }
}

/* Nobody waits for what will not come by itself, and the proof is had after the power cycle. */
void quirk_scene_dead_until_power_cycle(void)
{
    static const char *const profiles[] = {"stm32l432", "stm32g431", "stm32u083", "stm32g0b1"};
    for (size_t i = 0; i < 4; i++) {
        scene_set(profiles[i], 1);
        scene_run();
        scene_assert_sealed();
        assert_true(scene.bench.plan.needs_power_cycle_after_seal);
        assert_in_range(scene.patience_ms[RLK_REOPEN_AFTER_SEAL], 0, OPTION_WRITE_MAX_MS);
        scene_set(profiles[i], 1);
        scene.bench.transport.person = SIM_PERSON_ABSENT;
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_PROVEN, RLK_E_PROOF_MISSING);
        assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN);
    }
}

void quirk_scene_empty_flag_cleared(void)
{
    static const enum rlk_way_back ways[] = {RLK_WAY_BACK_BOOT0, RLK_WAY_BACK_EMPTY_CHECK};
    for (size_t i = 0; i < 2; i++) {
        scene_set("stm32g0b1", 1);
        scene.bench.wish.way_back = ways[i];
        scene_run();
        scene_assert_sealed();
        assert_in_range(scene.resets_at_write - scene.resets_before, 0, 1);
    }
}

/* --- where the level stands --- */

void quirk_scene_level_0_is_a5(void)
{
    update("stm32f105", 1);
    update("stm32f105", 0);
}

void quirk_scene_rdp_at_offset_1(void)
{
    update("stm32f405", 1);
    update("stm32f745", 0);
}

void quirk_scene_options_typed_erasable(void)
{
    update("stm32f105_v1", 1);
    update("stm32f105_v1", 0);
    assert_int_equal(scene.erased_elsewhere, 0);
}

/* --- what becomes of the others --- */

/* A block that could be read at level 1 is not the one that is there after the regression. */
void quirk_scene_options_reset_by_unprotect(void)
{
    scene_set("stm32f303", 1);
    scene_knob("options_readable_rdp1", 1);
    scene_knob("set_address_refused", 0);
    scene_option_bits(4, 0xFF, 0x5A);
    scene_run();
    scene_assert_sealed();
    assert_true(rlk_session_findings(&scene.bench.session)->options_were_read);
    assert_int_equal(scene.options[4], 0xFF);
}

void quirk_scene_write_protection_stops_unprotect(void)
{
    scene_set("stm32f405", 0);
    scene_option_bits(8, 0x01, 0x00);
    scene_run();
    assert_door_closed("nWRP");
    scene_assert_untouched();
    scene_set("stm32f405", 1);
    scene_knob("protected_sectors", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_UNPROTECT_REFUSED);
    assert_true(workbench_flash_is_untouched(&scene.bench));
    assert_int_equal(scene.unprotects_sent, 1);
    assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_SWD_ONLY);
}

static void set_pcrop_area(bool is_erased)
{
    scene_set("stm32l476", 0);
    scene_option_bits(8, 0xFF, 0x10);
    scene_option_bits(9, 0xFF, 0x00);
    scene_option_bits(16, 0xFF, 0x20);
    scene_option_bits(17, 0xFF, 0x00);
    scene_option_bits(19, 0x80, is_erased ? 0x80 : 0x00);
    scene_run();
}

void quirk_scene_pcrop_survives(void)
{
    set_pcrop_area(false);
    assert_door_closed("PCROP1_STRT");
    scene_assert_untouched();
    set_pcrop_area(true);
    assert_door_closed("PCROP1_STRT");
    scene_assert_untouched();
}

static const struct rlk_option_wish boot_addresses[] = {{"BOOT_ADD0", 0x0080}, {"BOOT_ADD1", 0x0040}};

/* As after a regression, with the old ones still in force: the device is in its ROM all the same. */
static void lose_boot_addresses(const char *profile)
{
    static const uint8_t places[] = {16, 17, 24, 25};
    static const uint8_t values[] = {0x80, 0x00, 0x40, 0x00};
    scene_set(profile, 0);
    for (size_t i = 0; i < sizeof places; i++) {
        scene_option_bits(places[i], 0xFF, 0xFF);
        assert_true(sim_allow_option_bits(&scene.bench.device, places[i], 0xFF, values[i]));
    }
}

void quirk_scene_boot_add_lost(void)
{
    static const char *const profiles[] = {"stm32f722", "stm32f745", "stm32f767"};
    for (size_t i = 0; i < 3; i++) {
        lose_boot_addresses(profiles[i]);
        scene_run();
        assert_door_closed("BOOT_ADD1");
        scene_assert_untouched();
        lose_boot_addresses(profiles[i]);
        scene.bench.wish.options = boot_addresses;
        scene.bench.wish.option_count = 2;
        scene_run();
        scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
        assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
        assert_false(sim_is_stranded(&scene.bench.device));
    }
}

void quirk_scene_boot0_ignored(void)
{
    static const char *const profiles[] = {"stm32g0b1", "stm32c071", "stm32u083"};
    for (size_t i = 0; i < 3; i++) {
        scene_set(profiles[i], 0);
        scene_option_bits(3, 0x01, 0x01);
        scene_run();
        assert_door_closed("nBOOT_SEL");
        scene_assert_untouched();
    }
}

/* The second block is judged before the question where it can be read; of a device that was protected right before the
 * first one is written, when the firmware is in already. */
void quirk_scene_two_option_blocks(void)
{
    update("stm32f427", 1);
    update("stm32g474", 1);
    scene_set("stm32f427", 0);
    scene.bench.device.second_options[8] = 0xFE;
    scene_run();
    assert_door_closed("nWRP12");
    scene_assert_untouched();
    scene_set("stm32f427", 1);
    scene.bench.device.second_options[8] = 0xFE;
    scene_run();
    assert_door_closed("nWRP12");
    scene_assert_open_with_image();
}

/* --- blocks that are not what they seem --- */

void quirk_scene_options_shorter_than_announced(void)
{
    update("stm32g431", 1);
    assert_int_equal(scene.options_sent_bytes, 40);
}

void quirk_scene_options_not_announced(void)
{
    update("stm32g0b1", 1);
    update("stm32c071", 0);
}

void quirk_scene_equal_alternates(void)
{
    update("stm32g0b1", 0);
    assert_int_equal(scene.bench.session.alternate, 0);
}

void quirk_scene_options_invalid_after_unprotect(void)
{
    scene_set("stm32l152", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_LOST);
    scene_assert_untouched();
    scene_wish_lost_words();
    scene_run();
    scene_assert_sealed();
}

void quirk_scene_split_registers(void)
{
    static const char *const profiles[] = {"stm32h743", "stm32h723", "stm32h7a3"};
    for (size_t i = 0; i < 3; i++) {
        update(profiles[i], 1);
        update(profiles[i], 0);
    }
}

void quirk_scene_keys_in_the_block(void)
{
    update("stm32u585", 1);
    assert_int_equal(scene.options_sent_bytes, 48);
    update("stm32u083", 1);
    assert_int_equal(scene.options_sent_bytes, 100);
}

/* Where nobody can read it, and nobody has said it. */
void quirk_scene_trustzone(void)
{
    scene_set("stm32l552", 1);
    scene.bench.wish.trustzone_is_off = false;
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_TRUSTZONE);
    scene_assert_untouched();
}

void quirk_scene_product_state(void)
{
    static const char *const profiles[] = {"stm32h563", "stm32c562", "stm32h7s3"};
    for (size_t i = 0; i < 3; i++) {
        scene_set(profiles[i], 0);
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_HAS_NO_LEVEL_1);
        scene_assert_untouched();
    }
}
