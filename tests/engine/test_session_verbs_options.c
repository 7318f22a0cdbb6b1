/*
 * Protect and options as jobs of their own: one option write, whenever the device loads it; what is refused, and what
 * goes on without its proof.
 */
#include "short_jobs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* --- protect --- */

static void test_protect(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < DEVICES * RELOADS; i++) {
        begin(i / RELOADS, 0, RLK_JOB_PROTECT);
        set_reloads(i % RELOADS, 0);
        assert_proven();
        assert_counts(0, 1);
        assert_int_equal(sim_rdp_level(&bench.device), 1);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
        assert_true(bench.plan.ends_protected);
        assert_int_equal(bench.plan.option_count, 0);
        assert_false(bench.plan.loses_everything || bench.plan.loses_sectors);
        assert_int_equal(bench.record_count, 2);
        assert_record(0, RLK_JOURNAL_SEALING);
        assert_record(1, RLK_JOURNAL_PROVEN);
        assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_RELEASE_BOOT0_AND_REPLUG);
        /* Again: done already. */
        workbench_remember(&bench);
        assert_ended(RLK_ENDING_PROVEN, RLK_OK);
        assert_counts(0, 1);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
        assert_int_equal(bench.records_asked, 0);
    }
}

static void test_protect_is_refused_before_the_write(void **state)
{
    uint32_t size = 0;
    (void)state;
    begin(0, 0, RLK_JOB_PROTECT);
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
    assert_refused(RLK_E_NO_CONSENT);
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_YES;
    bench.fails_record = 1;
    assert_refused(RLK_E_JOURNAL_FAILED);
    bench.fails_record = 0;
    sim_knobs(&bench.device)->get_list_short = 1;
    assert_refused(RLK_E_NO_READ_UNPROTECT);
    sim_knobs(&bench.device)->get_list_short = 0;
    bench.wish.way_back = RLK_WAY_BACK_NONE;
    assert_refused(RLK_E_WAY_BACK_IS_NONE);
    bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    assert_refused(RLK_E_NO_EMPTY_CHECK);
    bench.wish.way_back = RLK_WAY_BACK_BOOT0;
    sim_options_mutable(&bench.device, &size)[8] = 0xFE; /* a write-protected sector */
    assert_refused(RLK_E_DOOR_WOULD_CLOSE);
    assert_string_equal(rlk_session_fault(&bench.session)->field, "nWRP");
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
}

/* The device does not come back after the option write: written, not proven; the same command ends it. */
static void test_a_protect_without_its_proof_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 0, RLK_JOB_PROTECT);
        sim_knobs(&bench.device)->dead_after_seal = 1;
        bench.transport.person = SIM_PERSON_ABSENT;
        assert_ended(RLK_ENDING_NOT_PROVEN, RLK_E_OPTIONS_NOT_SHOWN);
        workbench_remember(&bench);
        sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
        assert_ended(RLK_ENDING_PROVEN, RLK_OK);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
        assert_int_equal(bench.record_count, 1);
        assert_record(0, RLK_JOURNAL_PROVEN);
        assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
    }
}

/* --- options --- */

static bool device_holds_wish(size_t device)
{
    uint32_t size = 0;
    const uint8_t *options = sim_options(&bench.device, &size);
    return (options[devices[device].offset] & devices[device].mask) == devices[device].value;
}

static void test_options_are_set_at_level_0(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < DEVICES * RELOADS; i++) {
        begin(i / RELOADS, 0, RLK_JOB_OPTIONS);
        set_reloads(i % RELOADS, 0);
        assert_false(device_holds_wish(i / RELOADS));
        assert_proven();
        assert_counts(0, 1);
        assert_true(device_holds_wish(i / RELOADS));
        assert_int_equal(sim_stored_rdp_level(&bench.device), 0);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
        assert_false(bench.plan.ends_protected);
        assert_int_equal(bench.plan.option_count, 1);
        assert_int_equal(bench.records_asked, 0);
        assert_true(stage_was_entered(RLK_STAGE_PROVE));
        /* Again: they are there, and nothing is sent. */
        assert_proven();
        assert_counts(0, 1);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
        assert_false(rlk_session_has_begun(&bench.session));
    }
}

static void check_wish(const char *field, uint32_t value, enum rlk_error error, enum rlk_action action)
{
    const struct rlk_option_wish wish = {field, value};
    bench.wish.options = &wish;
    assert_refused(error);
    assert_string_equal(rlk_session_fault(&bench.session)->field, field);
    assert_int_equal(rlk_session_next_action(&bench.session), action);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
}

static void test_options_that_cannot_be_set(void **state)
{
    (void)state;
    begin(3, 0, RLK_JOB_OPTIONS);
    bench.wish.family = RLK_FAMILY_UNKNOWN;
    assert_refused(RLK_E_AMBIGUOUS_CHIP);
    bench.wish.family = RLK_FAMILY_STM32L4;
    check_wish("RDP", 0xBB, RLK_E_OPTION_FIELD_UNKNOWN, RLK_ACTION_CHOOSE_OTHER_FIELDS);
    check_wish("nWRP", 1, RLK_E_OPTION_FIELD_UNKNOWN, RLK_ACTION_CHOOSE_OTHER_FIELDS);
    check_wish("DUALBANK", 1, RLK_E_OPTION_FIELD_UNKNOWN, RLK_ACTION_CHOOSE_OTHER_FIELDS);
    check_wish("BOR_LEV", 8, RLK_E_OPTION_VALUE_TOO_LARGE, RLK_ACTION_CHOOSE_OTHER_FIELDS);
    check_wish("nBOOT1", 0, RLK_E_OPTIONS_CLOSE_DOOR, RLK_ACTION_CHOOSE_OTHER_FIELDS);
    check_wish("nSWBOOT0", 0, RLK_E_OPTIONS_CLOSE_DOOR, RLK_ACTION_CHOOSE_OTHER_FIELDS);
    bench.wish.option_count = 0;
    assert_refused(RLK_E_OPTION_FIELD_UNKNOWN);
}

static void test_options_are_refused(void **state)
{
    static const struct rlk_journal_entry begun = {
        .phase = RLK_JOURNAL_SEALING, .family = RLK_FAMILY_STM32F405, .end_protected = true};
    uint32_t size = 0;
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 1, RLK_JOB_OPTIONS);
        assert_refused(RLK_E_PROTECTED);
    }
    begin(0, 0, RLK_JOB_OPTIONS);
    bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
    assert_refused(RLK_E_NO_CONSENT);
    bench.wish.journal = &begun;
    assert_refused(RLK_E_WEAKER_THAN_BEGUN);
    /* A seal that waits for a power cycle is not taken back. */
    bench.wish.journal = NULL;
    sim_options_mutable(&bench.device, &size)[1] = 0xBB;
    assert_refused(RLK_E_PROTECTION_CONTRADICTORY);
}

/* The block is another one than the one that was shown when the yes was given. */
static void change_after_yes(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint32_t size = 0;
    (void)outcome;
    if (operation->kind == RLK_OPERATION_ASK) {
        sim_options_mutable(&bench.device, &size)[0] ^= 0x40;
    }
}

static void test_a_yes_is_to_the_block_that_was_shown(void **state)
{
    static const enum rlk_job jobs[] = {RLK_JOB_OPTIONS, RLK_JOB_PROTECT};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        begin(0, 0, jobs[i]);
        bench.on_operation = change_after_yes;
        assert_refused(RLK_E_STALE_ANSWER);
    }
}

/* A bootloader that takes the block and drops it. */
static void drop(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint32_t size = 0;
    (void)outcome;
    if (operation->kind == RLK_OPERATION_REOPEN && operation->reason == RLK_REOPEN_AFTER_SEAL) {
        sim_options_mutable(&bench.device, &size)[devices[0].offset] |= devices[0].mask;
    }
}

static void test_options_that_do_not_appear_are_no_success(void **state)
{
    (void)state;
    begin(0, 0, RLK_JOB_OPTIONS);
    bench.on_operation = drop;
    assert_ended(RLK_ENDING_NOT_DONE, RLK_E_OPTIONS_NOT_EFFECTIVE);
    assert_int_equal(sim_counters(&bench.device)->power_cycles, 1);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
}

static void test_options_without_their_proof(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        begin(i, 0, RLK_JOB_OPTIONS);
        bench.wish.way_back = RLK_WAY_BACK_UNSAID;
        sim_set_boot0(&bench.device, false); /* let go: it will not come back by itself */
        bench.transport.person = SIM_PERSON_ABSENT;
        assert_ended(RLK_ENDING_NOT_PROVEN, RLK_E_OPTIONS_NOT_SHOWN);
        sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
        assert_proven();
        assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_protect),
        cmocka_unit_test(test_protect_is_refused_before_the_write),
        cmocka_unit_test(test_a_protect_without_its_proof_goes_on),
        cmocka_unit_test(test_options_are_set_at_level_0),
        cmocka_unit_test(test_options_that_cannot_be_set),
        cmocka_unit_test(test_options_are_refused),
        cmocka_unit_test(test_a_yes_is_to_the_block_that_was_shown),
        cmocka_unit_test(test_options_that_do_not_appear_are_no_success),
        cmocka_unit_test(test_options_without_their_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
