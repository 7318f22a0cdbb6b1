/* Verify and unprotect as jobs of their own, on every simulated device: what they do, what is refused, what goes on. */
#include "short_jobs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* --- verify --- */

static void test_verify_compares_and_changes_nothing(void **state)
{
    uint32_t size = 0;
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 0, RLK_JOB_VERIFY);
        memcpy(sim_flash_mutable(&bench.device, &size), bench.image_bytes, SHORT_IMAGE_BYTES);
        assert_proven();
        sim_flash_mutable(&bench.device, &size)[2 * 2048 + 7] ^= 1U;
        sim_flash_mutable(&bench.device, &size)[3 * 2048] ^= 1U;
        assert_ended(RLK_ENDING_NOT_DONE, RLK_E_FLASH_DIFFERS);
        assert_int_equal(rlk_session_fault(&bench.session)->addr, FLASH_ADDR + 2 * 2048 + 7);
        assert_counts(0, 0);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
        assert_int_equal(bench.records_asked, 0);
        assert_false(rlk_session_has_begun(&bench.session));
    }
}

static void test_verify_of_a_protected_device(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 1, RLK_JOB_VERIFY);
        assert_refused(RLK_E_PROTECTED);
    }
    begin(0, 0, RLK_JOB_VERIFY);
    bench.wish.image = NULL;
    assert_refused(RLK_E_IMAGE_EMPTY);
}

/* One bit that was misread is read again. */
static void test_verify_reads_twice_before_it_says_different(void **state)
{
    uint32_t size = 0;
    (void)state;
    for (uint32_t at = 20; at < 60; at++) {
        begin(1, 0, RLK_JOB_VERIFY);
        memcpy(sim_flash_mutable(&bench.device, &size), bench.image_bytes, SHORT_IMAGE_BYTES);
        sim_fault_add(&bench.device, (struct sim_fault){.kind = SIM_FAULT_FLIP_ONE, .at = at});
        workbench_run(&bench);
        assert_int_not_equal(bench.done->error, RLK_E_FLASH_DIFFERS);
    }
}

/* --- unprotect --- */

static bool flash_is_blank(void)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&bench.device, &size);
    uint32_t i = 0;
    while (i < size && flash[i] == 0xFF) {
        i++;
    }
    return i == size;
}

static void check_unprotect(size_t device, enum rlk_way_back way_back)
{
    bench.wish.way_back = way_back;
    bench.wish.family = devices[device].family;
    sim_set_boot0(&bench.device, way_back == RLK_WAY_BACK_BOOT0);
    assert_proven();
    assert_counts(1, 0);
    assert_true(flash_is_blank());
    assert_int_equal(sim_rdp_level(&bench.device), 0);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    assert_true(bench.plan.loses_everything);
    assert_false(bench.plan.ends_protected);
    assert_int_equal(bench.record_count, 2);
    assert_record(0, RLK_JOURNAL_ERASING);
    assert_record(1, RLK_JOURNAL_PROVEN);
    assert_int_equal(rlk_session_evidence(&bench.session)->content, RLK_CONTENT_READY);
}

static void test_unprotect(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < DEVICES * RELOADS; i++) {
        begin(i / RELOADS, 1, RLK_JOB_UNPROTECT);
        set_reloads(0, i % RELOADS);
        check_unprotect(i / RELOADS, RLK_WAY_BACK_BOOT0);
        if (devices[i / RELOADS].family != RLK_FAMILY_UNKNOWN) {
            begin(i / RELOADS, 1, RLK_JOB_UNPROTECT);
            set_reloads(0, i % RELOADS);
            check_unprotect(i / RELOADS, RLK_WAY_BACK_EMPTY_CHECK);
        }
    }
}

static void test_unprotect_of_an_open_device_sends_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 0, RLK_JOB_UNPROTECT);
        assert_proven();
        assert_true(workbench_flash_is_untouched(&bench));
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
        assert_int_equal(bench.records_asked, 0);
    }
}

static void test_unprotect_is_refused_before_any_loss(void **state)
{
    static const struct rlk_journal_entry begun = {
        .phase = RLK_JOURNAL_EMPTY, .family = RLK_FAMILY_STM32F405, .end_protected = true};
    (void)state;
    begin(0, 1, RLK_JOB_UNPROTECT);
    bench.wish.way_back = RLK_WAY_BACK_UNSAID;
    assert_refused(RLK_E_NO_WAY_BACK);
    bench.wish.way_back = RLK_WAY_BACK_NONE;
    assert_refused(RLK_E_WAY_BACK_IS_NONE);
    bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    assert_refused(RLK_E_NO_EMPTY_CHECK);
    bench.wish.way_back = RLK_WAY_BACK_BOOT0;
    bench.wish.journal = &begun;
    assert_refused(RLK_E_WEAKER_THAN_BEGUN);
    bench.wish.journal = NULL;
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
    assert_refused(RLK_E_NO_CONSENT);
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_STALE;
    assert_refused(RLK_E_STALE_ANSWER);
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_YES;
    bench.fails_record = 1;
    assert_refused(RLK_E_JOURNAL_FAILED);
}

/* Nobody is there after 0x92: parked. The same command finds the device open, reads it, and closes the entry. */
static void test_a_parked_unprotect_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 1, RLK_JOB_UNPROTECT);
        if (devices[i].family == RLK_FAMILY_UNKNOWN) {
            continue;
        }
        bench.wish.family = devices[i].family;
        bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
        sim_set_boot0(&bench.device, false);
        bench.transport.person = SIM_PERSON_ABSENT;
        assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DEVICE_NOT_BACK);
        workbench_remember(&bench);
        sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
        assert_proven();
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
        assert_int_equal(bench.record_count, 1);
        assert_record(0, RLK_JOURNAL_PROVEN);
        assert_int_equal(rlk_session_evidence(&bench.session)->content, RLK_CONTENT_READY);
        assert_int_equal(sim_counters(&bench.device)->regressions, 1);
    }
}

static uint32_t spoil_at;

/* After 0x92 one byte of the flash is not blank: somebody changed the device. */
static void spoil(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint32_t size = 0;
    (void)outcome;
    if (operation->kind == RLK_OPERATION_REOPEN && operation->reason == RLK_REOPEN_AFTER_UNPROTECT) {
        (void)sim_flash(&bench.device, &size);
        sim_flash_mutable(&bench.device, &size)[spoil_at < size ? spoil_at : size - 1U] = 0xFE;
    }
}

static void test_what_is_not_empty_after_unprotect_is_another_device(void **state)
{
    static const uint32_t places[] = {0, 5000, UINT32_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        begin(0, 1, RLK_JOB_UNPROTECT);
        spoil_at = places[i];
        bench.on_operation = spoil;
        assert_ended(RLK_ENDING_NOT_DONE, RLK_E_WRONG_DEVICE);
        assert_int_equal(bench.record_count, 1);
        /* The next run finds it open, says that it is not empty, and is done with it. */
        workbench_remember(&bench);
        bench.on_operation = NULL;
        assert_proven();
        assert_int_equal(rlk_session_evidence(&bench.session)->content, RLK_CONTENT_NEEDS_ERASE);
        assert_record(0, RLK_JOURNAL_PROVEN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verify_compares_and_changes_nothing),
        cmocka_unit_test(test_verify_of_a_protected_device),
        cmocka_unit_test(test_verify_reads_twice_before_it_says_different),
        cmocka_unit_test(test_unprotect),
        cmocka_unit_test(test_unprotect_of_an_open_device_sends_nothing),
        cmocka_unit_test(test_unprotect_is_refused_before_any_loss),
        cmocka_unit_test(test_a_parked_unprotect_goes_on),
        cmocka_unit_test(test_what_is_not_empty_after_unprotect_is_another_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
