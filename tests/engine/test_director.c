/*
 * The director's whole domain: every evidence under every goal. Small enums make that a few hundred thousand cases.
 */
#include "director_walk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct walk walk;

static int walk_once(void **state)
{
    (void)state;
    walk_all(&walk);
    return 0;
}

static bool is_reached(const struct walk_point *point)
{
    return walk.is_reached[walk_index(point)] != 0;
}

/* Calls `check` for every point of the domain. */
static void for_all(void (*check)(const struct walk_point *point, enum rlk_stage stage))
{
    for (uint32_t i = 0; i < WALK_DOMAIN; i++) {
        struct walk_point point = walk_point_at(i);
        check(&point, rlk_next_stage(&point.evidence, &point.goal));
    }
}

static void test_points_and_numbers_are_the_same(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < WALK_DOMAIN; i++) {
        struct walk_point point = walk_point_at(i);
        assert_int_equal(walk_index(&point), i);
    }
}

static bool has(const struct rlk_evidence *e, enum rlk_protection protection)
{
    return e->is_open && e->is_known && e->protection == protection;
}

static void check_unprotect(const struct walk_point *p, enum rlk_stage stage)
{
    if (stage == RLK_STAGE_UNPROTECT) {
        assert_true(has(&p->evidence, RLK_PROTECTION_LEVEL_1));
        assert_int_equal(p->evidence.consent, RLK_CONSENT_GIVEN);
        assert_true(p->goal.job == RLK_JOB_UPDATE || p->goal.job == RLK_JOB_UNPROTECT);
        assert_int_equal(p->evidence.seal, RLK_SEAL_NONE);
    }
}

static void test_unprotect_needs_a_yes_at_level_1_in_an_update_or_unprotect(void **state)
{
    (void)state;
    for_all(check_unprotect);
}

static bool changes_the_device(enum rlk_stage stage)
{
    return stage == RLK_STAGE_UNPROTECT || stage == RLK_STAGE_ERASE || stage == RLK_STAGE_WRITE ||
           stage == RLK_STAGE_OPTIONS;
}

static void check_change(const struct walk_point *p, enum rlk_stage stage)
{
    if (changes_the_device(stage)) {
        assert_true(p->evidence.is_open && p->evidence.is_known && !p->evidence.is_faulty);
        assert_int_not_equal(p->evidence.consent, RLK_CONSENT_NONE);
        assert_int_not_equal(p->evidence.protection, RLK_PROTECTION_UNKNOWN);
        assert_false(p->goal.job == RLK_JOB_LOOK || p->goal.job == RLK_JOB_READ || p->goal.job == RLK_JOB_VERIFY);
    }
}

static void test_nothing_changes_without_consent_on_a_known_open_device(void **state)
{
    (void)state;
    for_all(check_change);
}

static void check_flash(const struct walk_point *p, enum rlk_stage stage)
{
    if (stage == RLK_STAGE_ERASE || stage == RLK_STAGE_WRITE) {
        assert_true(has(&p->evidence, RLK_PROTECTION_OPEN));
        assert_true(p->goal.job == RLK_JOB_UPDATE || p->goal.job == RLK_JOB_WRITE);
    }
}

static void test_flash_is_touched_only_when_it_is_open(void **state)
{
    (void)state;
    for_all(check_flash);
}

static void check_options(const struct walk_point *p, enum rlk_stage stage)
{
    if (stage == RLK_STAGE_OPTIONS) {
        assert_true(has(&p->evidence, RLK_PROTECTION_OPEN));
        assert_int_equal(p->evidence.seal, RLK_SEAL_NONE);
        assert_int_not_equal(p->evidence.consent, RLK_CONSENT_NONE);
        if (p->goal.job == RLK_JOB_UPDATE) {
            assert_int_equal(p->evidence.content, RLK_CONTENT_EQUAL);
            assert_true(p->goal.end_protected);
        } else {
            assert_true(p->goal.job == RLK_JOB_PROTECT || p->goal.job == RLK_JOB_OPTIONS);
            assert_true(p->goal.job == RLK_JOB_PROTECT || p->evidence.content != RLK_CONTENT_EQUAL);
        }
    }
}

static void test_options_are_written_once_and_in_an_update_after_all_compared_equal(void **state)
{
    (void)state;
    for_all(check_options);
}

static void check_proven(const struct walk_point *p, enum rlk_stage stage)
{
    const struct rlk_evidence *e = &p->evidence;
    if (stage == RLK_ENDING_PROVEN && !e->has_left) {
        const bool may_end_open = p->goal.job != RLK_JOB_UPDATE && p->goal.job != RLK_JOB_PROTECT;
        assert_true(e->is_open && e->is_known);
        assert_true(e->seal == RLK_SEAL_NONE || e->protection == RLK_PROTECTION_LEVEL_1 ||
                    (may_end_open && p->goal.job != RLK_JOB_WRITE));
    }
}

static void test_a_seal_is_proven_only_at_level_1(void **state)
{
    (void)state;
    for_all(check_proven);
}

/* The same for what a session can really reach, where it is stronger. */
static void check_reached_proven(const struct walk_point *p, enum rlk_stage stage)
{
    const struct rlk_evidence *e = &p->evidence;
    if (stage != RLK_ENDING_PROVEN || p->goal.job != RLK_JOB_UPDATE || !is_reached(p)) {
        return;
    }
    assert_false(e->is_faulty);
    if (p->goal.end_protected) {
        assert_true(has(e, RLK_PROTECTION_LEVEL_1));
        assert_true(e->seal == RLK_SEAL_WRITTEN || e->past == RLK_PAST_LOOK_ACCEPTED);
    } else {
        assert_int_equal(e->content, RLK_CONTENT_EQUAL);
        assert_true(e->has_left);
    }
}

static void test_an_update_is_proven_only_as_asked(void **state)
{
    (void)state;
    for_all(check_reached_proven);
}

static void check_short_jobs(const struct walk_point *p, enum rlk_stage stage)
{
    const struct rlk_evidence *e = &p->evidence;
    if (stage != RLK_ENDING_PROVEN || !is_reached(p)) {
        return;
    }
    if (p->goal.job == RLK_JOB_PROTECT) {
        assert_true(has(e, RLK_PROTECTION_LEVEL_1));
    } else if (p->goal.job == RLK_JOB_UNPROTECT) {
        assert_true(has(e, RLK_PROTECTION_OPEN));
        assert_true(e->consent != RLK_CONSENT_SPENT || e->content == RLK_CONTENT_READY);
    } else if (p->goal.job == RLK_JOB_OPTIONS || p->goal.job == RLK_JOB_VERIFY) {
        assert_true(has(e, RLK_PROTECTION_OPEN));
        assert_int_equal(e->content, RLK_CONTENT_EQUAL);
    }
}

static void test_a_short_job_is_proven_only_as_asked(void **state)
{
    (void)state;
    for_all(check_short_jobs);
}

static void check_fault(const struct walk_point *p, enum rlk_stage stage)
{
    if (p->evidence.is_faulty) {
        assert_true(stage == RLK_ENDING_NOT_DONE || stage == RLK_ENDING_NOT_PROVEN);
    }
    if (stage == RLK_ENDING_NOT_PROVEN) {
        assert_int_equal(p->evidence.seal, RLK_SEAL_WRITTEN);
        assert_true(p->evidence.protection != RLK_PROTECTION_OPEN || p->goal.job == RLK_JOB_OPTIONS);
        assert_true(p->evidence.content == RLK_CONTENT_UNKNOWN || p->goal.job != RLK_JOB_OPTIONS);
    }
}

static void test_a_fault_ends_the_job_and_is_never_success(void **state)
{
    (void)state;
    for_all(check_fault);
}

static void check_harmless(const struct walk_point *p, enum rlk_stage stage)
{
    if (p->goal.job == RLK_JOB_LOOK || p->goal.job == RLK_JOB_READ || p->goal.job == RLK_JOB_VERIFY) {
        assert_false(changes_the_device(stage));
        assert_int_not_equal(stage, RLK_STAGE_LEAVE);
        assert_int_not_equal(stage, RLK_STAGE_CONFIRM);
    }
    if (p->goal.job == RLK_JOB_WRITE) {
        assert_false(stage == RLK_STAGE_UNPROTECT || stage == RLK_STAGE_OPTIONS);
    }
    if (p->goal.job == RLK_JOB_UNPROTECT) {
        assert_int_not_equal(stage, RLK_STAGE_OPTIONS);
    }
}

static void test_look_read_and_verify_change_nothing_and_write_leaves_protection_alone(void **state)
{
    (void)state;
    for_all(check_harmless);
}

static void test_every_row_is_taken_and_the_last_one_never(void **state)
{
    static uint32_t taken[64], reached[64];
    struct rlk_director_row_text row;
    size_t count = 0;
    (void)state;
    while (rlk_director_row(count, &row)) {
        count++;
    }
    assert_in_range(count, 10, 64);
    for (uint32_t i = 0; i < WALK_DOMAIN; i++) {
        struct walk_point point = walk_point_at(i);
        size_t index = rlk_director_row_index(&point.evidence, &point.goal);
        taken[index]++;
        reached[index] += is_reached(&point) ? 1U : 0U;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        assert_int_not_equal(taken[i], 0);
        assert_int_not_equal(reached[i], 0);
    }
    assert_int_equal(reached[count - 1], 0);
    assert_int_equal(taken[count - 1], 0);
}

static void check_plan(const struct walk_point *p, enum rlk_stage stage)
{
    enum rlk_stage stages[RLK_PLAN_STAGES_MAX];
    size_t count = rlk_plan_make(stages, &p->evidence, &p->goal);
    assert_in_range(count, 1, RLK_PLAN_STAGES_MAX);
    assert_int_equal(stages[0], stage);
    assert_true(stages[count - 1] >= RLK_STAGE_COUNT);
    for (size_t i = 0; i + 1 < count; i++) {
        assert_true(stages[i] < RLK_STAGE_COUNT);
    }
}

static void test_every_plan_ends(void **state)
{
    (void)state;
    for_all(check_plan);
}

static void check_prediction(const struct walk_point *p, enum rlk_stage stage)
{
    struct walk_point after = *p;
    if (stage < RLK_STAGE_COUNT) {
        rlk_stage_predict(&after.evidence, &after.goal, stage);
        assert_int_not_equal(walk_index(&after), walk_index(p));
    }
}

static void test_every_stage_is_predicted_to_change_something(void **state)
{
    (void)state;
    for_all(check_prediction);
}

/* However the stages end, short of being lost for ever (which the session bounds), the device is unprotected once. */
static void test_a_second_unprotect_needs_a_new_question(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < WALK_DOMAIN; i++) {
        struct walk_point point = walk_point_at(i);
        bool is_spent = walk.is_reached[i] != 0 && point.evidence.consent == RLK_CONSENT_SPENT;
        if (!is_spent) {
            continue;
        }
        enum rlk_stage stage = rlk_next_stage(&point.evidence, &point.goal);
        assert_int_not_equal(stage, RLK_STAGE_UNPROTECT);
        assert_int_not_equal(stage, RLK_STAGE_CONFIRM);
    }
}

static void test_the_plan_of_a_locked_update(void **state)
{
    static const enum rlk_stage expected[] = {
        RLK_STAGE_CONFIRM, RLK_STAGE_UNPROTECT, RLK_STAGE_OPEN, RLK_STAGE_PROBE, RLK_STAGE_BLANK,  RLK_STAGE_WRITE,
        RLK_STAGE_VERIFY,  RLK_STAGE_OPTIONS,   RLK_STAGE_OPEN, RLK_STAGE_PROVE, RLK_ENDING_PROVEN};
    enum rlk_stage stages[RLK_PLAN_STAGES_MAX];
    struct rlk_evidence evidence = {.is_open = true, .is_known = true, .protection = RLK_PROTECTION_LEVEL_1};
    struct rlk_goal goal = {.job = RLK_JOB_UPDATE, .end_protected = true};
    (void)state;
    size_t count = rlk_plan_make(stages, &evidence, &goal);
    assert_int_equal(count, sizeof expected / sizeof expected[0]);
    assert_memory_equal(stages, expected, sizeof expected);
}

static void assert_plan(enum rlk_job job, enum rlk_protection protection, const enum rlk_stage *expected, size_t count)
{
    enum rlk_stage stages[RLK_PLAN_STAGES_MAX];
    struct rlk_evidence evidence = {.is_open = true, .is_known = true, .protection = protection};
    struct rlk_goal goal = {.job = job, .end_protected = job == RLK_JOB_PROTECT};
    assert_int_equal(rlk_plan_make(stages, &evidence, &goal), count);
    assert_memory_equal(stages, expected, count * sizeof expected[0]);
}

static void test_the_plans_of_the_short_jobs(void **state)
{
    static const enum rlk_stage unprotect[] = {RLK_STAGE_CONFIRM, RLK_STAGE_UNPROTECT, RLK_STAGE_OPEN,
                                               RLK_STAGE_PROBE,   RLK_STAGE_BLANK,     RLK_ENDING_PROVEN};
    static const enum rlk_stage block[] = {RLK_STAGE_CONFIRM, RLK_STAGE_OPTIONS, RLK_STAGE_OPEN, RLK_STAGE_PROVE,
                                           RLK_ENDING_PROVEN};
    static const enum rlk_stage verify[] = {RLK_STAGE_VERIFY, RLK_ENDING_PROVEN};
    static const enum rlk_stage nothing[] = {RLK_ENDING_PROVEN};
    static const enum rlk_stage refused[] = {RLK_ENDING_NOT_DONE};
    (void)state;
    assert_plan(RLK_JOB_UNPROTECT, RLK_PROTECTION_LEVEL_1, unprotect, 6);
    assert_plan(RLK_JOB_UNPROTECT, RLK_PROTECTION_OPEN, nothing, 1);
    assert_plan(RLK_JOB_PROTECT, RLK_PROTECTION_OPEN, block, 5);
    assert_plan(RLK_JOB_PROTECT, RLK_PROTECTION_LEVEL_1, nothing, 1);
    assert_plan(RLK_JOB_OPTIONS, RLK_PROTECTION_OPEN, block, 5);
    assert_plan(RLK_JOB_OPTIONS, RLK_PROTECTION_LEVEL_1, refused, 1);
    assert_plan(RLK_JOB_VERIFY, RLK_PROTECTION_OPEN, verify, 2);
    assert_plan(RLK_JOB_VERIFY, RLK_PROTECTION_LEVEL_1, refused, 1);
}

static void test_names(void **state)
{
    struct rlk_director_row_text row;
    (void)state;
    for (unsigned i = 0; i < RLK_STAGES_AND_ENDINGS; i++) {
        assert_non_null(rlk_stage_name((enum rlk_stage)i));
    }
    for (unsigned i = 0; i < RLK_JOBS; i++) {
        assert_non_null(rlk_job_name((enum rlk_job)i));
    }
    assert_null(rlk_stage_name(RLK_STAGES_AND_ENDINGS));
    assert_null(rlk_job_name(RLK_JOBS));
    assert_false(rlk_director_row(1000, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_and_numbers_are_the_same),
        cmocka_unit_test(test_unprotect_needs_a_yes_at_level_1_in_an_update_or_unprotect),
        cmocka_unit_test(test_nothing_changes_without_consent_on_a_known_open_device),
        cmocka_unit_test(test_flash_is_touched_only_when_it_is_open),
        cmocka_unit_test(test_options_are_written_once_and_in_an_update_after_all_compared_equal),
        cmocka_unit_test(test_a_seal_is_proven_only_at_level_1),
        cmocka_unit_test(test_an_update_is_proven_only_as_asked),
        cmocka_unit_test(test_a_short_job_is_proven_only_as_asked),
        cmocka_unit_test(test_a_fault_ends_the_job_and_is_never_success),
        cmocka_unit_test(test_look_read_and_verify_change_nothing_and_write_leaves_protection_alone),
        cmocka_unit_test(test_every_row_is_taken_and_the_last_one_never),
        cmocka_unit_test(test_every_plan_ends),
        cmocka_unit_test(test_every_stage_is_predicted_to_change_something),
        cmocka_unit_test(test_a_second_unprotect_needs_a_new_question),
        cmocka_unit_test(test_the_plan_of_a_locked_update),
        cmocka_unit_test(test_the_plans_of_the_short_jobs),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, walk_once, NULL);
}
