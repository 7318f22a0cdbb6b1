/* The whole job on every simulated device, each with all the habits of its own. */
#include "scene.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* --- full and experimental --- */

static void assert_sealed(unsigned level)
{
    scene_assert_sealed();
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, level);
}

static void check_update(const struct profile_case *profile, unsigned level, enum rlk_way_back way_back)
{
    scene_set(profile->profile, level);
    scene.bench.wish.way_back = way_back;
    if (level == 1) {
        scene_wish_lost_words();
    }
    if (way_back == RLK_WAY_BACK_EMPTY_CHECK) {
        sim_enter_rom_by_jump(&scene.bench.device);
        sim_set_boot0(&scene.bench.device, false);
    }
    scene_run();
    assert_sealed(level);
}

static void test_the_locked_update_of_every_family(void **state)
{
    (void)state;
    unsigned updated = 0;
    for (size_t i = 0; i < profile_case_count; i++) {
        if (profile_case_is_updatable(&profile_cases[i])) {
            check_update(&profile_cases[i], 1, RLK_WAY_BACK_BOOT0);
            check_update(&profile_cases[i], 0, RLK_WAY_BACK_BOOT0);
            updated++;
        }
    }
    assert_int_equal(updated, 37);
}

static void test_the_empty_check_of_every_family_that_has_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < profile_case_count; i++) {
        const struct rlk_chip *row = rlk_chip_row(profile_cases[i].family);
        if (row->has_empty_check) {
            check_update(&profile_cases[i], 1, RLK_WAY_BACK_EMPTY_CHECK);
            check_update(&profile_cases[i], 0, RLK_WAY_BACK_EMPTY_CHECK);
        }
    }
}

/* --- L1, whose regression leaves words that are no option bytes any more --- */

static const char *const l1 = "stm32l152";

static void assert_refused_for(const char *field)
{
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_LOST);
    scene_assert_field(field);
    scene_assert_untouched();
    assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_LET_IT_END_OPEN);
}

/* It is known before the erase, also that one word is missing; what then is said to do does it. */
static void test_an_l1_is_refused_before_the_loss_unless_its_options_are_wished(void **state)
{
    (void)state;
    scene_set(l1, 1);
    scene_run();
    assert_refused_for("BOR_LEV");
    scene_wish_lost_words();
    scene.bench.wish.option_count--;
    scene_run();
    assert_refused_for("WRP6");
    scene.bench.wish.options += 3;
    scene.bench.wish.option_count -= 2;
    scene_run();
    assert_refused_for("BOR_LEV");
    scene.bench.wish.option_count = 0;
    scene.bench.wish.end_protected = false;
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    scene_assert_open_with_image();
}

static void test_an_l1_is_sealed_with_the_options_that_are_wished(void **state)
{
    (void)state;
    static const uint8_t user_word[] = {0x70, 0x00, 0x8F, 0xFF};
    uint32_t size = 0;
    scene_set(l1, 1);
    scene_wish_lost_words();
    scene_run();
    assert_sealed(1);
    assert_memory_equal(sim_options(&scene.bench.device, &size) + 4, user_word, sizeof user_word);
}

/* Opened by itself it has lost them already: it is not protected, and whoever names the words can do it. */
static void test_an_l1_that_was_opened_before(void **state)
{
    (void)state;
    scene_set(l1, 1);
    scene.bench.wish.job = RLK_JOB_UNPROTECT;
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    for (unsigned i = 0; i < 2; i++) {
        scene.bench.wish.job = i == 0 ? RLK_JOB_PROTECT : RLK_JOB_UPDATE;
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_LOST);
        scene_assert_field("BOR_LEV");
        assert_int_equal(scene.blocks_sent + scene.erases_sent, 0);
    }
    scene_wish_lost_words();
    scene_run();
    assert_sealed(1);
}

/* --- what must be said first --- */

static void check_unsaid(const struct profile_case *profile, enum rlk_job job, bool is_named)
{
    scene_set(profile->profile, job == RLK_JOB_WRITE ? 0 : 1);
    scene.bench.wish.job = job;
    scene.bench.wish.allow_experimental = !is_named;
    scene.bench.wish.family = is_named ? profile->family : RLK_FAMILY_UNKNOWN;
    scene.bench.wish.families = RLK_FAMILY_BIT(profile->family); /* a release's word is none */
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_EXPERIMENTAL);
    scene_assert_untouched();
    assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
}

static void test_experiments_are_named_and_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < profile_case_count; i++) {
        if (rlk_chip_row(profile_cases[i].family)->tier == RLK_TIER_EXPERIMENTAL) {
            check_unsaid(&profile_cases[i], RLK_JOB_UPDATE, true);
            check_unsaid(&profile_cases[i], RLK_JOB_UPDATE, false);
            check_unsaid(&profile_cases[i], RLK_JOB_WRITE, true);
            check_unsaid(&profile_cases[i], RLK_JOB_WRITE, false);
        }
    }
}

/* At level 1 only U5's class shows its option bytes; of the others the maker must say it. */
static void test_trustzone_is_read_or_said(void **state)
{
    (void)state;
    const struct profile_case *silent = profile_case_find("stm32l552");
    scene_set(silent->profile, 1);
    scene.bench.wish.trustzone_is_off = false;
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_TRUSTZONE);
    scene_assert_untouched();
    const struct profile_case *open_hearted = profile_case_find("stm32u585");
    scene_set(open_hearted->profile, 1);
    scene.bench.wish.trustzone_is_off = false;
    scene_run();
    assert_sealed(1);
}

/* A block that was read is believed, whatever the maker says. */
static void check_trustzone_on(const struct profile_case *profile, unsigned level)
{
    uint32_t size = 0;
    scene_set(profile->profile, level);
    sim_options_mutable(&scene.bench.device, &size)[3] |= 0x80;
    sim_knobs(&scene.bench.device)->tzen = 1;
    scene_run();
    const struct rlk_fault *fault = rlk_session_fault(&scene.bench.session);
    assert_int_equal(scene.bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_true(fault->error == RLK_E_CHIP_TRUSTZONE || fault->error == RLK_E_DOOR_WOULD_CLOSE);
    scene_assert_untouched();
}

static void check_trustzone_of(const struct profile_case *profile)
{
    const struct rlk_chip *row = rlk_chip_row(profile->family);
    if ((row->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0) {
        check_trustzone_on(profile, 0);
    }
    if ((row->quirks & RLK_QUIRK_BIT(DROPS_WRITES_AT_LEVEL_1)) != 0) {
        check_trustzone_on(profile, 1);
    }
}

static void test_trustzone_that_is_on_is_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < profile_case_count; i++) {
        check_trustzone_of(&profile_cases[i]);
    }
}

/* --- write-only and refused --- */

/* Each level, and what may become of a look, a reading, a writing. An update is refused by the row's reason. */
static const struct {
    const char *profile;
    unsigned level;
    uint32_t image_addr;
    enum rlk_error errors[RLK_JOB_UPDATE];
} hands_off[] = {
    {"stm32h563", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_OK}},
    {"stm32h563", 2, FLASH_ADDR, {RLK_E_NO_DEVICE, RLK_E_NO_DEVICE, RLK_E_NO_DEVICE}},
    {"stm32h7s3", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_OK}},
    {"stm32c562", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_OK}},
    {"stm32c562", 2, FLASH_ADDR, {RLK_E_NO_DEVICE, RLK_E_NO_DEVICE, RLK_E_NO_DEVICE}},
    {"stm32n657", 0, FLASH_ADDR, {RLK_E_CHIP_HAS_NO_FLASH, RLK_E_CHIP_HAS_NO_FLASH, RLK_E_CHIP_HAS_NO_FLASH}},
    {"gd32f303", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_OK}},
    {"gd32f303", 1, FLASH_ADDR, {RLK_OK, RLK_E_FLASH_UNREADABLE, RLK_E_FLASH_UNREADABLE}},
    {"at32f437", 0, 0x08008000U, {RLK_OK, RLK_OK, RLK_OK}},
    {"at32f437", 1, 0x08008000U, {RLK_OK, RLK_E_FLASH_UNREADABLE, RLK_E_FLASH_UNREADABLE}},
    {"at32f437", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_E_IMAGE_HITS_READ_ONLY_FLASH}},
    {"apm32f103", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_OK}},
    {"apm32f103", 1, FLASH_ADDR, {RLK_OK, RLK_E_FLASH_UNREADABLE, RLK_E_FLASH_UNREADABLE}},
    {"custom", 0, 0x0800C000U, {RLK_OK, RLK_OK, RLK_OK}},
    {"custom", 1, 0x0800C000U, {RLK_OK, RLK_OK, RLK_OK}},
    {"custom", 1, 0x0800A000U, {RLK_OK, RLK_OK, RLK_E_IMAGE_HITS_READ_ONLY_FLASH}},
    {"custom", 0, FLASH_ADDR, {RLK_OK, RLK_OK, RLK_E_IMAGE_HITS_READ_ONLY_FLASH}},
};

enum { HANDS_OFF_COUNT = sizeof hands_off / sizeof hands_off[0], READ_BYTES = 256 };

static void run_hands_off(size_t index, enum rlk_job job)
{
    scene_set(hands_off[index].profile, hands_off[index].level);
    workbench_set_image(&scene.bench, hands_off[index].image_addr, SCENE_IMAGE_BYTES);
    scene.bench.wish.job = job;
    scene.bench.wish.read_addr = hands_off[index].image_addr;
    scene.bench.wish.read_bytes = READ_BYTES;
    scene_run();
}

static void assert_protection_untouched(void)
{
    assert_int_equal(scene.unprotects_sent, 0);
    assert_int_equal(scene.sent_elsewhere, 0);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, 0);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
}

static void check_hands_off(size_t index, enum rlk_job job, enum rlk_error error)
{
    run_hands_off(index, job);
    scene_assert_ended(error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE, error);
    assert_protection_untouched();
    if (job == RLK_JOB_WRITE && error == RLK_OK) {
        assert_true(workbench_flash_is_image(&scene.bench));
        assert_int_equal(scene.blocks_sent, sim_counters(&scene.bench.device)->blocks_programmed);
    } else {
        scene_assert_untouched();
    }
}

static void test_families_whose_protection_is_never_touched(void **state)
{
    (void)state;
    for (size_t i = 0; i < HANDS_OFF_COUNT; i++) {
        const struct rlk_chip *row = rlk_chip_row(profile_case_find(hands_off[i].profile)->family);
        bool is_there = hands_off[i].errors[RLK_JOB_LOOK] != RLK_E_NO_DEVICE;
        for (unsigned job = RLK_JOB_LOOK; job < RLK_JOB_UPDATE; job++) {
            check_hands_off(i, (enum rlk_job)job, hands_off[i].errors[job]);
        }
        check_hands_off(i, RLK_JOB_UPDATE, is_there ? row->refusal : RLK_E_NO_DEVICE);
        assert_true(row->refusal != RLK_OK);
    }
}

static void test_every_such_family_is_in_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < profile_case_count; i++) {
        bool is_found = profile_case_is_updatable(&profile_cases[i]);
        for (size_t j = 0; !is_found && j < HANDS_OFF_COUNT; j++) {
            is_found = strcmp(hands_off[j].profile, profile_cases[i].profile) == 0;
        }
        assert_true(is_found);
    }
}

/* What a bootloader keeps for itself is named with the first address that it keeps. */
static void test_the_head_of_a_products_own_bootloader(void **state)
{
    (void)state;
    for (size_t i = 0; i < HANDS_OFF_COUNT; i++) {
        if (hands_off[i].errors[RLK_JOB_WRITE] == RLK_E_IMAGE_HITS_READ_ONLY_FLASH) {
            run_hands_off(i, RLK_JOB_WRITE);
            assert_int_equal(rlk_session_fault(&scene.bench.session)->addr, hands_off[i].image_addr);
        }
    }
}

/* Every family has a device here, and every device its family. */
static void test_every_row_and_every_profile_is_here(void **state)
{
    (void)state;
    rlk_family_mask families = 0;
    assert_int_equal(profile_case_count, sim_every_profile_count());
    for (size_t i = 0; i < sim_every_profile_count(); i++) {
        families |= RLK_FAMILY_BIT(profile_case_find(sim_every_profile_name(i))->family);
    }
    assert_true(families == RLK_FAMILY_BIT(RLK_FAMILY_COUNT) - 2U);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_and_every_profile_is_here),
        cmocka_unit_test(test_the_locked_update_of_every_family),
        cmocka_unit_test(test_the_empty_check_of_every_family_that_has_it),
        cmocka_unit_test(test_an_l1_is_refused_before_the_loss_unless_its_options_are_wished),
        cmocka_unit_test(test_an_l1_is_sealed_with_the_options_that_are_wished),
        cmocka_unit_test(test_an_l1_that_was_opened_before),
        cmocka_unit_test(test_experiments_are_named_and_allowed),
        cmocka_unit_test(test_trustzone_is_read_or_said),
        cmocka_unit_test(test_trustzone_that_is_on_is_left_alone),
        cmocka_unit_test(test_families_whose_protection_is_never_touched),
        cmocka_unit_test(test_every_such_family_is_in_the_table),
        cmocka_unit_test(test_the_head_of_a_products_own_bootloader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
