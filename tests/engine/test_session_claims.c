/* Families that announce the same, each named where the device is of the other. */
#include "scene.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static unsigned contradictions, agreements;

static const struct rlk_chip *own_row(void)
{
    return rlk_chip_row(scene.profile->family);
}

/* All that this device could be, by what it announces. */
static rlk_family_mask candidates_of(const struct profile_case *profile)
{
    scene_set(profile->profile, 0);
    scene.bench.wish.job = RLK_JOB_LOOK;
    scene_run();
    return rlk_chip_candidates(&rlk_session_findings(&scene.bench.session)->fingerprint);
}

static void begin(const struct profile_case *profile, unsigned level, enum rlk_job job, enum rlk_family claim)
{
    scene_set(profile->profile, level);
    scene.bench.wish.job = job;
    scene.bench.wish.family = claim;
    scene_run();
}

static void go_on_as_what_it_is(void)
{
    if (scene.bench.record_count > 0) {
        workbench_remember(&scene.bench);
    }
    scene.bench.wish.family = scene.profile->family;
    scene_run();
}

static void assert_named_wrongly(enum rlk_family claim)
{
    const rlk_family_mask left = rlk_session_findings(&scene.bench.session)->candidates;
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_CHIP_CONTRADICTS_CLAIM);
    assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_GIVE_FAMILY);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
    assert_true((left & RLK_FAMILY_BIT(scene.profile->family)) != 0);
    assert_true((left & RLK_FAMILY_BIT(claim)) == 0);
}

/* Open: the byte that says so is seen before anybody is asked. Protected: no byte can be seen before it is open. */
static void check_contradiction(const struct profile_case *profile, unsigned level, enum rlk_job job,
                                enum rlk_family claim)
{
    begin(profile, level, job, claim);
    assert_named_wrongly(claim);
    assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], level);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, level);
    if (level == 0) {
        scene_assert_untouched();
    }
    go_on_as_what_it_is();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, level);
    contradictions++;
}

/* Nothing that differs is in the option bytes: whatever becomes of it, no protection is claimed that is not there. */
static void check_agreement(const struct profile_case *profile, unsigned level, enum rlk_job job, enum rlk_family claim)
{
    begin(profile, level, job, claim);
    assert_int_not_equal(scene.bench.done->error, RLK_E_SEAL_NOT_EFFECTIVE);
    assert_null(sim_violation(&scene.bench.device, 0));
    const bool is_proven = scene.bench.done->ending == RLK_ENDING_PROVEN;
    assert_true(!is_proven || sim_rdp_level(&scene.bench.device) == 1);
    agreements++;
}

static void check_claim(const struct profile_case *profile, enum rlk_family claim)
{
    const bool is_contradiction = rlk_chip_row(claim)->rdp_level0 != own_row()->rdp_level0;
    void (*check)(const struct profile_case *, unsigned, enum rlk_job, enum rlk_family) =
        is_contradiction ? check_contradiction : check_agreement;
    check(profile, 0, RLK_JOB_PROTECT, claim);
    check(profile, 0, RLK_JOB_UPDATE, claim);
    check(profile, 1, RLK_JOB_UPDATE, claim);
}

static void check_claims(const struct profile_case *profile)
{
    const rlk_family_mask others = candidates_of(profile) & ~RLK_FAMILY_BIT(profile->family);
    for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
        if ((others & RLK_FAMILY_BIT(family)) != 0) {
            check_claim(profile, (enum rlk_family)family);
        }
    }
}

static void test_each_family_named_as_each_that_announces_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < profile_case_count; i++) {
        if (profile_case_is_updatable(&profile_cases[i])) {
            check_claims(&profile_cases[i]);
        }
    }
    assert_int_equal(contradictions, 18);
    assert_int_equal(agreements, 42);
}

/* Options for their own sake are only set where they can be read right. */
static void test_fields_of_a_family_that_was_named_wrongly(void **state)
{
    static const struct rlk_option_wish field = {"DATA0", 1};
    (void)state;
    scene_set("stm32f303", 0);
    scene.bench.wish.job = RLK_JOB_OPTIONS;
    scene.bench.wish.family = RLK_FAMILY_STM32F105;
    scene.bench.wish.options = &field;
    scene.bench.wish.option_count = 1;
    scene_run();
    assert_named_wrongly(RLK_FAMILY_STM32F105);
    scene_assert_untouched();
}

/* A release's family is its maker's word: nobody else can name another. */
static void check_release(rlk_family_mask families, unsigned level, enum rlk_error error)
{
    scene_set("stm32f303", level);
    scene.bench.wish.family = RLK_FAMILY_UNKNOWN;
    scene.bench.wish.families = families;
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, error);
    scene_assert_untouched();
    assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_ASK_MAKER);
}

static void test_a_release_that_names_the_wrong_one_or_both(void **state)
{
    const rlk_family_mask both = RLK_FAMILY_BIT(RLK_FAMILY_STM32F105) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F30X);
    (void)state;
    check_release(RLK_FAMILY_BIT(RLK_FAMILY_STM32F105), 0, RLK_E_CHIP_CONTRADICTS_CLAIM);
    check_release(both, 0, RLK_E_AMBIGUOUS_CHIP);
    check_release(both, 1, RLK_E_AMBIGUOUS_CHIP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_family_named_as_each_that_announces_the_same),
        cmocka_unit_test(test_fields_of_a_family_that_was_named_wrongly),
        cmocka_unit_test(test_a_release_that_names_the_wrong_one_or_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
