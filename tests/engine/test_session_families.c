/* The whole job on every simulated device, each with all the habits of its own. */
#include "every_profile.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 3 * 2048 + 304 };

static struct workbench bench;

/* --- what is seen on the way --- */

static struct {
    uint8_t options[SIM_OPTIONS_MAX_BYTES]; /* right before they were written */
    uint32_t pointer_addr;                  /* of the last SET ADDRESS */
    uint32_t unprotects_sent, erases_sent, blocks_sent;
    uint32_t sent_elsewhere; /* data that goes anywhere but into main flash */
} seen;

static void note_command(const struct rlk_operation *operation)
{
    const uint8_t *data = operation->data;
    seen.unprotects_sent += data[0] == 0x92 ? 1U : 0U;
    seen.erases_sent += data[0] == 0x41 ? 1U : 0U;
    if (data[0] == 0x21) {
        seen.pointer_addr =
            (uint32_t)data[1] | (uint32_t)data[2] << 8 | (uint32_t)data[3] << 16 | (uint32_t)data[4] << 24;
    }
}

static void note_download(const struct rlk_operation *operation)
{
    uint32_t flash_bytes = 0;
    (void)sim_flash(&bench.device, &flash_bytes);
    if (operation->length > 0 && operation->value == 0) {
        note_command(operation);
    } else if (operation->length > 0) {
        seen.blocks_sent++;
        seen.sent_elsewhere += seen.pointer_addr - FLASH_ADDR >= flash_bytes ? 1U : 0U;
    }
}

static void watch(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint32_t size = 0;
    const uint8_t *options = sim_options(&bench.device, &size);
    (void)outcome;
    if (sim_counters(&bench.device)->option_writes == 0) {
        memcpy(seen.options, options, size);
    }
    if (operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == 1) {
        note_download(operation);
    }
}

static void prepare(const struct profile_case *profile, unsigned level)
{
    memset(&seen, 0, sizeof seen);
    profile_case_init(&bench, profile, level, IMAGE_BYTES);
    bench.on_operation = watch;
}

static void assert_ended(const struct profile_case *profile, enum rlk_stage ending, enum rlk_error error)
{
    if (bench.done->error != error || bench.done->ending != ending || sim_violation(&bench.device, 0) != NULL) {
        const struct rlk_fault *fault = rlk_session_fault(&bench.session);
        const char *violation = sim_violation(&bench.device, 0);
        fail_msg("%s: %s with %s in %s at %08X (%s), not %s with %s; %s", profile->profile,
                 rlk_stage_name(bench.done->ending), rlk_error_name(bench.done->error), rlk_stage_name(fault->stage),
                 (unsigned)fault->addr, fault->field != NULL ? fault->field : "no field", rlk_stage_name(ending),
                 rlk_error_name(error), violation != NULL ? violation : "no violation");
    }
    assert_false(bench.progress_fell);
    assert_false(bench.asking_twice_differed);
}

static void assert_nothing_changed(const struct profile_case *profile)
{
    if (!workbench_flash_is_untouched(&bench) || seen.unprotects_sent + seen.erases_sent + seen.blocks_sent != 0) {
        fail_msg("%s was changed", profile->profile);
    }
}

/* --- full and experimental --- */

/* The bytes of the protection level: where it is read, where it is written, and their complements. */
static bool is_of_rdp(const struct rlk_chip *row, size_t offset)
{
    static const size_t distance[] = {
        [RLK_OPTION_FORM_BYTES] = 0,      [RLK_OPTION_FORM_BYTE_PAIRS] = 1, [RLK_OPTION_FORM_HALFWORD_PAIRS] = 2,
        [RLK_OPTION_FORM_WORD_PAIRS] = 4, [RLK_OPTION_FORM_REGISTERS] = 0,  [RLK_OPTION_FORM_REGISTER_PAIRS] = 0};
    size_t complement = distance[row->option_form];
    return offset == row->rdp_read_offset || offset == row->rdp_write_offset ||
           offset == row->rdp_read_offset + complement || offset == row->rdp_write_offset + complement;
}

static void assert_only_rdp_changed(const struct profile_case *profile)
{
    const struct rlk_chip *row = rlk_chip_row(profile->family);
    uint32_t size = 0;
    const uint8_t *options = sim_options(&bench.device, &size);
    assert_in_range(rlk_session_findings(&bench.session)->chip.options_write_bytes, 8, size);
    assert_int_equal(options[row->rdp_read_offset], row->rdp_level1);
    assert_int_equal(seen.options[row->rdp_read_offset], row->rdp_level0);
    for (uint32_t i = 0; i < size; i++) {
        if (options[i] != seen.options[i] && !is_of_rdp(row, i)) {
            fail_msg("%s: option byte %u became %02X, was %02X", profile->profile, (unsigned)i, options[i],
                     seen.options[i]);
        }
    }
}

static void assert_sealed(const struct profile_case *profile, unsigned level)
{
    assert_ended(profile, RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(bench.unprotects, level);
    assert_int_equal(sim_counters(&bench.device)->regressions, level);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
    assert_int_equal(sim_rdp_level(&bench.device), 1);
    assert_int_equal(seen.sent_elsewhere, 1);
    assert_only_rdp_changed(profile);
    assert_int_equal(rlk_session_findings(&bench.session)->chip.family, profile->family);
}

/* L1's regression leaves words that are no option bytes any more; without a word from its maker it stays open. */
static bool loses_its_options(const struct profile_case *profile, unsigned level)
{
    const bool has_trap = (rlk_chip_row(profile->family)->quirks & RLK_QUIRK_BIT(OPTIONS_INVALID_AFTER_UNPROTECT)) != 0;
    return has_trap && level == 1;
}

static void check_update(const struct profile_case *profile, unsigned level, enum rlk_way_back way_back)
{
    prepare(profile, level);
    bench.wish.way_back = way_back;
    if (way_back == RLK_WAY_BACK_EMPTY_CHECK) {
        sim_enter_rom_by_jump(&bench.device);
        sim_set_boot0(&bench.device, false);
    }
    workbench_run(&bench);
    if (!loses_its_options(profile, level)) {
        assert_sealed(profile, level);
    }
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

/* Of each word but the first, as a maker would name them: no watchdog, no resets, no write protection. */
static const struct rlk_option_wish words_of_l1[] = {
    {"IWDG_SW", 1}, {"nRST_STOP", 1}, {"nRST_STDBY", 1}, {"WRP1", 0}, {"WRP2", 0},
    {"WRP3", 0},    {"WRP4", 0},      {"WRP5", 0},       {"WRP6", 0},
};

static void test_an_l1_stays_open_unless_its_options_are_wished(void **state)
{
    (void)state;
    const struct profile_case *profile = profile_case_find("stm32l152");
    check_update(profile, 1, RLK_WAY_BACK_BOOT0);
    assert_ended(profile, RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_MALFORMED);
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(sim_rdp_level(&bench.device), 0);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
    assert_int_equal(seen.sent_elsewhere, 0);
}

static void allow_words_of_l1(void)
{
    uint32_t size = 0;
    (void)sim_options(&bench.device, &size);
    for (uint32_t word = 4; word < size; word += 4) {
        assert_true(sim_allow_option_bits(&bench.device, word, 0xFF, word == 4 ? 0x70 : 0x00));
        assert_true(sim_allow_option_bits(&bench.device, word + 1U, 0xFF, 0x00));
    }
}

static void test_an_l1_is_sealed_with_the_options_that_are_wished(void **state)
{
    (void)state;
    static const uint8_t user_word[] = {0x70, 0x00, 0x8F, 0xFF};
    const struct profile_case *profile = profile_case_find("stm32l152");
    uint32_t size = 0;
    prepare(profile, 1);
    allow_words_of_l1();
    bench.wish.options = words_of_l1;
    bench.wish.option_count = sizeof words_of_l1 / sizeof words_of_l1[0];
    workbench_run(&bench);
    assert_ended(profile, RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(sim_rdp_level(&bench.device), 1);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
    assert_memory_equal(sim_options(&bench.device, &size) + 4, user_word, sizeof user_word);
}

/* Words that no wish names are no more trusted because others were named. */
static void test_an_l1_with_a_word_that_nobody_wished(void **state)
{
    (void)state;
    const struct profile_case *profile = profile_case_find("stm32l152");
    prepare(profile, 1);
    bench.wish.options = words_of_l1;
    bench.wish.option_count = sizeof words_of_l1 / sizeof words_of_l1[0] - 1U;
    workbench_run(&bench);
    assert_ended(profile, RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_MALFORMED);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

/* --- what must be said first --- */

static void check_unsaid(const struct profile_case *profile, enum rlk_job job, bool is_named)
{
    prepare(profile, job == RLK_JOB_WRITE ? 0 : 1);
    bench.wish.job = job;
    bench.wish.allow_experimental = !is_named;
    bench.wish.family = is_named ? profile->family : RLK_FAMILY_UNKNOWN;
    bench.wish.families = RLK_FAMILY_BIT(profile->family); /* a release's word is none */
    workbench_run(&bench);
    assert_ended(profile, RLK_ENDING_NOT_DONE, RLK_E_CHIP_EXPERIMENTAL);
    assert_nothing_changed(profile);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
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
    prepare(silent, 1);
    bench.wish.trustzone_is_off = false;
    workbench_run(&bench);
    assert_ended(silent, RLK_ENDING_NOT_DONE, RLK_E_CHIP_TRUSTZONE);
    assert_nothing_changed(silent);
    const struct profile_case *open_hearted = profile_case_find("stm32u585");
    prepare(open_hearted, 1);
    bench.wish.trustzone_is_off = false;
    workbench_run(&bench);
    assert_sealed(open_hearted, 1);
}

/* A block that was read is believed, whatever the maker says. */
static void check_trustzone_on(const struct profile_case *profile, unsigned level)
{
    uint32_t size = 0;
    prepare(profile, level);
    sim_options_mutable(&bench.device, &size)[3] |= 0x80;
    sim_knobs(&bench.device)->tzen = 1;
    workbench_run(&bench);
    const struct rlk_fault *fault = rlk_session_fault(&bench.session);
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_true(fault->error == RLK_E_CHIP_TRUSTZONE || fault->error == RLK_E_DOOR_WOULD_CLOSE);
    assert_nothing_changed(profile);
}

static void test_trustzone_that_is_on_is_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < profile_case_count; i++) {
        const struct rlk_chip *row = rlk_chip_row(profile_cases[i].family);
        if ((row->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0) {
            check_trustzone_on(&profile_cases[i], 0);
            if ((row->quirks & RLK_QUIRK_BIT(DROPS_WRITES_AT_LEVEL_1)) != 0) {
                check_trustzone_on(&profile_cases[i], 1);
            }
        }
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
    prepare(profile_case_find(hands_off[index].profile), hands_off[index].level);
    workbench_set_image(&bench, hands_off[index].image_addr, IMAGE_BYTES);
    bench.wish.job = job;
    bench.wish.read_addr = hands_off[index].image_addr;
    bench.wish.read_bytes = READ_BYTES;
    workbench_run(&bench);
}

static void assert_protection_untouched(void)
{
    assert_int_equal(seen.unprotects_sent, 0);
    assert_int_equal(seen.sent_elsewhere, 0);
    assert_int_equal(sim_counters(&bench.device)->regressions, 0);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

static void check_hands_off(size_t index, enum rlk_job job, enum rlk_error error)
{
    const struct profile_case *profile = profile_case_find(hands_off[index].profile);
    run_hands_off(index, job);
    assert_ended(profile, error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE, error);
    assert_protection_untouched();
    if (job == RLK_JOB_WRITE && error == RLK_OK) {
        assert_true(workbench_flash_is_image(&bench));
        assert_int_equal(seen.blocks_sent, sim_counters(&bench.device)->blocks_programmed);
    } else {
        assert_nothing_changed(profile);
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
            assert_int_equal(rlk_session_fault(&bench.session)->addr, hands_off[i].image_addr);
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
        cmocka_unit_test(test_an_l1_stays_open_unless_its_options_are_wished),
        cmocka_unit_test(test_an_l1_is_sealed_with_the_options_that_are_wished),
        cmocka_unit_test(test_an_l1_with_a_word_that_nobody_wished),
        cmocka_unit_test(test_experiments_are_named_and_allowed),
        cmocka_unit_test(test_trustzone_is_read_or_said),
        cmocka_unit_test(test_trustzone_that_is_on_is_left_alone),
        cmocka_unit_test(test_families_whose_protection_is_never_touched),
        cmocka_unit_test(test_every_such_family_is_in_the_table),
        cmocka_unit_test(test_the_head_of_a_products_own_bootloader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
