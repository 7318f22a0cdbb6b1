/*
 * Refused before any loss: the flash is as it was, and the reason and the next action are named.
 */
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 2 * 2048 + 304 };

static struct workbench bench;

/* The job is refused with this error, and the device is as it was. */
static void assert_refused(enum rlk_error error)
{
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_int_equal(rlk_session_fault(&bench.session)->error, error);
    assert_null(sim_violation(&bench.device, 0));
    assert_int_equal(bench.unprotects, 0);
    assert_true(workbench_flash_is_untouched(&bench));
    assert_int_not_equal(rlk_session_next_action(&bench.session), RLK_ACTION_NONE);
}

/* Even before anybody is asked. */
static void assert_refused_unasked(enum rlk_error error)
{
    assert_refused(error);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(bench.records_asked, 0);
}

static void locked(const char *profile)
{
    workbench_init(&bench, profile, 1, IMAGE_BYTES);
}

/* --- consent --- */

static void test_no_means_no(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        workbench_init(&bench, "stm32f405", level, IMAGE_BYTES);
        bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
        assert_refused(RLK_E_NO_CONSENT);
        assert_int_equal(bench.records_asked, 0);
    }
}

static void test_a_yes_to_something_else_is_a_no(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        workbench_init(&bench, "stm32f405", level, IMAGE_BYTES);
        bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_STALE;
        assert_refused(RLK_E_STALE_ANSWER);
        assert_int_equal(bench.records_asked, 0);
    }
}

static void test_a_question_that_cannot_be_asked_is_a_no(void **state)
{
    (void)state;
    locked("stm32f405");
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_CANCELLED;
    assert_refused(RLK_E_NO_CONSENT);
}

static void test_a_write_asks_too(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32l476", 0, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_WRITE;
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
    assert_refused(RLK_E_NO_CONSENT);
}

/* --- the way back --- */

static void test_without_a_way_back_nothing_is_lost(void **state)
{
    static const enum rlk_way_back ways[] = {RLK_WAY_BACK_UNSAID, RLK_WAY_BACK_NONE};
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        for (size_t j = 0; j < 2; j++) {
            locked(sim_profile_name(i));
            bench.wish.way_back = ways[j];
            bool is_none = ways[j] == RLK_WAY_BACK_NONE;
            assert_refused_unasked(is_none ? RLK_E_WAY_BACK_IS_NONE : RLK_E_NO_WAY_BACK);
            assert_int_equal(rlk_session_next_action(&bench.session),
                             is_none ? RLK_ACTION_SWD_ONLY : RLK_ACTION_SAY_WAY_BACK);
        }
    }
}

/* Whatever the level: the device is to be protected, and then that way must lead back. */
static void begin_by_empty_check(const char *profile, unsigned level, enum rlk_family family)
{
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    bench.wish.family = family;
}

static void test_the_empty_check_is_not_everywhere(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        begin_by_empty_check("stm32f405", level, RLK_FAMILY_UNKNOWN);
        assert_refused_unasked(RLK_E_NO_EMPTY_CHECK);
        assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_SAY_WAY_BACK);
        begin_by_empty_check("stm32f072", level, RLK_FAMILY_UNKNOWN);
        assert_refused_unasked(RLK_E_NO_EMPTY_CHECK);
        begin_by_empty_check("stm32l476", level, RLK_FAMILY_STM32L47X);
        assert_refused_unasked(RLK_E_NO_EMPTY_CHECK);
    }
}

static void test_where_the_empty_check_depends_on_the_family_it_must_be_named(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        begin_by_empty_check("stm32l476", level, RLK_FAMILY_UNKNOWN);
        assert_refused_unasked(RLK_E_AMBIGUOUS_CHIP);
        assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_GIVE_FAMILY);
    }
}

/* Of an open device nothing must be said: it is not sent away, and BOOT0 must do. But what is said must lead back. */
static void test_an_open_device_that_shall_be_protected_comes_back_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        workbench_init(&bench, sim_profile_name(i), 0, IMAGE_BYTES);
        bench.wish.way_back = RLK_WAY_BACK_NONE;
        assert_refused_unasked(RLK_E_WAY_BACK_IS_NONE);
        bench.wish.way_back = RLK_WAY_BACK_UNSAID;
        workbench_run(&bench);
        assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
        workbench_init(&bench, sim_profile_name(i), 0, IMAGE_BYTES);
        bench.wish.way_back = RLK_WAY_BACK_NONE;
        bench.wish.end_protected = false;
        workbench_run(&bench);
        assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    }
}

/* --- the chip --- */

static void test_a_family_that_does_not_fit(void **state)
{
    (void)state;
    locked("stm32f405");
    bench.wish.family = RLK_FAMILY_STM32L4;
    assert_refused_unasked(RLK_E_CHIP_CONTRADICTS_CLAIM);
    locked("stm32f042");
    bench.wish.family = RLK_FAMILY_STM32F07X;
    assert_refused_unasked(RLK_E_CHIP_CONTRADICTS_CLAIM);
}

static void test_a_rom_that_does_not_offer_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        locked(sim_profile_name(i));
        sim_knobs(&bench.device)->get_list_short = 1;
        assert_refused_unasked(RLK_E_NO_READ_UNPROTECT);
        assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_SWD_ONLY);
    }
}

/* A host controller that loses data stages makes devices look protected. */
static void test_a_bad_cable_is_never_protection(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        for (unsigned level = 0; level <= 1; level++) {
            workbench_init(&bench, sim_profile_name(i), level, IMAGE_BYTES);
            sim_knobs(&bench.device)->level1_looks_dead_on_usb3 = 1;
            assert_refused_unasked(RLK_E_TRANSPORT_UNSTABLE);
            assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_USE_USB2_HUB);
            assert_int_equal(rlk_session_findings(&bench.session)->protection, RLK_PROTECTION_UNKNOWN);
            assert_false(rlk_session_findings(&bench.session)->flash_read_refused);
        }
    }
}

static void test_no_device(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 2; level++) {
        workbench_init(&bench, "stm32f405", level, IMAGE_BYTES);
        sim_unplug(&bench.device);
        bench.transport.person = SIM_PERSON_ABSENT;
        assert_refused_unasked(RLK_E_NO_DEVICE);
        assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_ENTER_DFU_AND_RUN_AGAIN);
    }
}

static void test_read_and_write_of_a_protected_device(void **state)
{
    (void)state;
    locked("stm32l432");
    bench.wish.job = RLK_JOB_WRITE;
    assert_refused_unasked(RLK_E_PROTECTED);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_USE_UPDATE);
    locked("stm32l432");
    bench.wish.job = RLK_JOB_READ;
    bench.wish.read_addr = FLASH_ADDR;
    bench.wish.read_bytes = 16;
    assert_refused_unasked(RLK_E_PROTECTED);
    assert_int_equal(bench.stored_bytes, 0);
}

/* --- the image --- */

/* A flash word of H7 is programmed as a whole: what comes before the image in it would be lost. */
static void test_an_image_that_begins_inside_a_flash_word(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        workbench_init(&bench, "stm32h743", level, IMAGE_BYTES);
        bench.wish.family = RLK_FAMILY_STM32H74X;
        bench.wish.allow_experimental = true;
        workbench_set_image(&bench, FLASH_ADDR + 48, IMAGE_BYTES);
        assert_refused_unasked(RLK_E_IMAGE_MISALIGNED);
        assert_int_equal(rlk_session_fault(&bench.session)->addr, FLASH_ADDR + 48);
    }
}

static void test_images_in_the_wrong_place_are_refused_by_name(void **state)
{
    static const struct {
        const char *profile;
        uint32_t addr;
        enum rlk_error error;
    } cases[] = {
        {"stm32f405", 0x08100000U, RLK_E_IMAGE_OUTSIDE_FLASH},
        {"stm32f405", 0x07FFF000U, RLK_E_IMAGE_OUTSIDE_FLASH},
        {"stm32f405", 0x080FF000U, RLK_E_IMAGE_OUTSIDE_FLASH},
        {"stm32f405", 0x90000000U, RLK_E_IMAGE_OUTSIDE_FLASH},
        {"stm32f042", 0x08007000U, RLK_E_IMAGE_OUTSIDE_FLASH},
        {"stm32f405", 0x00000000U, RLK_E_IMAGE_OUTSIDE_FLASH},
        {"stm32f405", 0x20000000U, RLK_E_IMAGE_HITS_RAM},
        {"stm32f405", 0x10000000U, RLK_E_IMAGE_HITS_RAM},
        {"stm32f405", 0x1FFFC000U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {"stm32f042", 0x1FFFF800U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {"stm32l476", 0x1FFF7800U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {"stm32f405", 0x1FFF7800U, RLK_E_IMAGE_HITS_OTP},
        {"stm32l432", 0x1FFF7000U, RLK_E_IMAGE_HITS_OTP},
        {"stm32f405", 0x1FFF0000U, RLK_E_IMAGE_HITS_SYSTEM_MEMORY},
        {"stm32f042", 0x1FFFC400U, RLK_E_IMAGE_HITS_SYSTEM_MEMORY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned level = 0; level <= 1; level++) {
            workbench_init(&bench, cases[i].profile, level, IMAGE_BYTES);
            workbench_set_image(&bench, cases[i].addr, IMAGE_BYTES);
            assert_refused_unasked(cases[i].error);
            assert_in_range(rlk_session_fault(&bench.session)->addr, cases[i].addr, cases[i].addr + IMAGE_BYTES - 1);
        }
    }
}

static void test_the_second_option_block_by_name(void **state)
{
    (void)state;
    locked("stm32l476");
    bench.wish.family = RLK_FAMILY_STM32L47X;
    workbench_set_image(&bench, 0x1FFFF800U, 64);
    assert_refused_unasked(RLK_E_IMAGE_HITS_OPTION_BYTES);
}

static void test_an_update_without_an_image(void **state)
{
    (void)state;
    locked("stm32f405");
    bench.wish.image = NULL;
    assert_refused_unasked(RLK_E_IMAGE_EMPTY);
    assert_int_equal(bench.operations, 1); /* the end; nobody was bothered */
}

static void spoil_vectors(void)
{
    memset(bench.image_bytes, 0x77, 8);
    bench.image.digest = rlk_image_digest(&bench.image);
}

static void test_an_odd_image_is_asked_about(void **state)
{
    (void)state;
    locked("stm32f405");
    spoil_vectors();
    bench.answers[RLK_QUESTION_ODD_IMAGE] = ANSWER_NO;
    assert_refused_unasked(RLK_E_IMAGE_NOT_BOOTABLE);
    assert_int_equal(bench.asked[RLK_QUESTION_ODD_IMAGE], 1);
    assert_false(rlk_session_image_is_plausible(&bench.session));
    bench.answers[RLK_QUESTION_ODD_IMAGE] = ANSWER_STALE;
    assert_refused_unasked(RLK_E_IMAGE_NOT_BOOTABLE);
}

/* The page's file, loaded anew behind the session's back. */
static void change_image(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    if (operation->kind == RLK_OPERATION_REOPEN && operation->reason == RLK_REOPEN_AFTER_UNPROTECT) {
        bench.image_bytes[100] ^= 1U;
    }
}

static void test_an_image_that_changes_after_the_yes_is_never_proven(void **state)
{
    (void)state;
    locked("stm32f405");
    bench.on_operation = change_image;
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), "IMAGE_CHANGED");
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

/* Between the question and its answer. */
static void exchange_image(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    if (operation->kind == RLK_OPERATION_ASK && operation->question == RLK_QUESTION_CONFIRM_PLAN) {
        bench.image.digest ^= 1U;
    }
}

static void test_a_yes_to_another_image_is_no_yes(void **state)
{
    (void)state;
    locked("stm32f405");
    bench.on_operation = exchange_image;
    assert_refused(RLK_E_STALE_ANSWER);
}

/* What was open in the gate for the device that went is closed for the one that comes. */
static void gate_is_closed(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    if (operation->kind == RLK_OPERATION_REOPEN) {
        assert_false(bench.session.gate.may_write_flash);
        assert_false(bench.session.gate.may_write_options);
        assert_false(bench.session.gate.may_unprotect);
    }
}

static void test_a_lost_device_closes_the_gate(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 120; at++) {
        locked("stm32f405");
        sim_fault_add(&bench.device, (struct sim_fault){.kind = SIM_FAULT_FAILED, .at = at});
        bench.on_operation = gate_is_closed;
        workbench_run(&bench);
    }
}

static void test_an_odd_image_is_used_if_that_is_wanted(void **state)
{
    (void)state;
    for (unsigned said_before = 0; said_before <= 1; said_before++) {
        locked("stm32f405");
        spoil_vectors();
        bench.wish.accept_any_image = said_before != 0;
        workbench_run(&bench);
        assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
        assert_int_equal(bench.asked[RLK_QUESTION_ODD_IMAGE], 1 - said_before);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
        assert_true(workbench_flash_is_image(&bench));
    }
}

static void test_reading_outside_the_flash(void **state)
{
    static const struct {
        uint32_t addr, bytes;
    } ranges[] = {
        {FLASH_ADDR, 0},   {FLASH_ADDR, 1024 * 1024 + 1}, {0x1FFFC000U, 16}, {0x07FFFFFFU, 16}, {0x080FFFFFU, 2},
        {0x20000000U, 16}, {FLASH_ADDR, 1U << 31},        {0xFFFFFFF0U, 32}};
    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        workbench_init(&bench, "stm32f405", 0, IMAGE_BYTES);
        bench.wish.job = RLK_JOB_READ;
        bench.wish.read_addr = ranges[i].addr;
        bench.wish.read_bytes = ranges[i].bytes;
        assert_refused_unasked(RLK_E_READ_OUTSIDE_FLASH);
    }
}

/* --- the journal --- */

static struct rlk_journal_entry begun(enum rlk_journal_phase phase, bool end_protected)
{
    struct rlk_journal_entry entry = {.phase = phase,
                                      .family = RLK_FAMILY_STM32F405,
                                      .end_protected = end_protected,
                                      .way_back = RLK_WAY_BACK_BOOT0,
                                      .image_digest = bench.image.digest,
                                      .image_bytes = (uint32_t)bench.image.size,
                                      .serial = "3573365D3433"};
    return entry;
}

static void test_never_weaker_than_begun(void **state)
{
    static struct rlk_journal_entry entry;
    (void)state;
    for (unsigned phase = RLK_JOURNAL_ERASING; phase <= RLK_JOURNAL_SEALING; phase++) {
        for (unsigned level = 0; level <= 1; level++) {
            workbench_init(&bench, "stm32f405", level, IMAGE_BYTES);
            entry = begun((enum rlk_journal_phase)phase, true);
            bench.wish.journal = &entry;
            bench.wish.end_protected = false;
            assert_refused_unasked(RLK_E_WEAKER_THAN_BEGUN);
            assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_ASK_FOR_PROTECTION);
        }
    }
}

/* It leaves the level as it is. */
static void test_a_write_is_not_weaker_than_begun(void **state)
{
    static struct rlk_journal_entry entry;
    (void)state;
    workbench_init(&bench, "stm32f405", 0, IMAGE_BYTES);
    entry = begun(RLK_JOURNAL_ERASING, true);
    bench.wish.job = RLK_JOB_WRITE;
    bench.wish.journal = &entry;
    bench.wish.end_protected = false;
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_int_equal(sim_rdp_level(&bench.device), 0);
    assert_int_equal(bench.records_asked, 0);
}

static void test_stronger_than_begun_is_fine(void **state)
{
    static struct rlk_journal_entry entry;
    (void)state;
    locked("stm32f405");
    entry = begun(RLK_JOURNAL_EMPTY, false);
    bench.wish.journal = &entry;
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_int_equal(sim_rdp_level(&bench.device), 1);
}

static void test_a_journal_that_fails_stops_before_the_first_loss(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        for (unsigned end_protected = 0; end_protected <= 1; end_protected++) {
            workbench_init(&bench, "stm32f405", level, IMAGE_BYTES);
            bench.wish.end_protected = end_protected != 0;
            bench.fails_record = 1;
            assert_refused(RLK_E_JOURNAL_FAILED);
            assert_int_equal(bench.record_count, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_means_no),
        cmocka_unit_test(test_a_yes_to_something_else_is_a_no),
        cmocka_unit_test(test_a_question_that_cannot_be_asked_is_a_no),
        cmocka_unit_test(test_a_write_asks_too),
        cmocka_unit_test(test_without_a_way_back_nothing_is_lost),
        cmocka_unit_test(test_the_empty_check_is_not_everywhere),
        cmocka_unit_test(test_where_the_empty_check_depends_on_the_family_it_must_be_named),
        cmocka_unit_test(test_an_open_device_that_shall_be_protected_comes_back_too),
        cmocka_unit_test(test_a_family_that_does_not_fit),
        cmocka_unit_test(test_a_rom_that_does_not_offer_it),
        cmocka_unit_test(test_a_bad_cable_is_never_protection),
        cmocka_unit_test(test_no_device),
        cmocka_unit_test(test_read_and_write_of_a_protected_device),
        cmocka_unit_test(test_an_image_that_begins_inside_a_flash_word),
        cmocka_unit_test(test_images_in_the_wrong_place_are_refused_by_name),
        cmocka_unit_test(test_the_second_option_block_by_name),
        cmocka_unit_test(test_an_update_without_an_image),
        cmocka_unit_test(test_an_odd_image_is_asked_about),
        cmocka_unit_test(test_an_image_that_changes_after_the_yes_is_never_proven),
        cmocka_unit_test(test_a_yes_to_another_image_is_no_yes),
        cmocka_unit_test(test_a_lost_device_closes_the_gate),
        cmocka_unit_test(test_an_odd_image_is_used_if_that_is_wanted),
        cmocka_unit_test(test_reading_outside_the_flash),
        cmocka_unit_test(test_never_weaker_than_begun),
        cmocka_unit_test(test_a_write_is_not_weaker_than_begun),
        cmocka_unit_test(test_stronger_than_begun_is_fine),
        cmocka_unit_test(test_a_journal_that_fails_stops_before_the_first_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
