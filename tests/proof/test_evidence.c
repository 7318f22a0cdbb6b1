/* The check that holds evidence and recordings together, with rows and recordings that are made up. */
#include "proof_evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct rlk_chip seen = {.family = RLK_FAMILY_STM32F405,
                               .name = "STM32F405",
                               .evidence = RLK_EVIDENCE_ST_DOCUMENT | RLK_EVIDENCE_TRANSCRIPT};
static struct rlk_chip unseen = {
    .family = RLK_FAMILY_STM32L4, .name = "STM32L4", .evidence = RLK_EVIDENCE_ST_DOCUMENT | RLK_EVIDENCE_FIELD_REPORT};

static const struct rlk_chip *made_up_row(enum rlk_family family)
{
    return family == seen.family ? &seen : family == unseen.family ? &unseen : NULL;
}

static struct proof_claim claim(enum rlk_family family, bool is_whole, bool is_simulated)
{
    return (struct proof_claim){"made-up.txt", {family, is_simulated, is_whole}};
}

static bool agrees(const struct proof_claim *claims, size_t count, const char *wanted)
{
    struct proof_problem problem = {0};
    bool is_good = proof_evidence_check(made_up_row, claims, count, &problem);
    if (!is_good) {
        assert_non_null(strstr(problem.text, wanted));
    }
    return is_good;
}

static void test_a_row_with_a_recording(void **state)
{
    (void)state;
    struct proof_claim claims[] = {claim(RLK_FAMILY_STM32F405, true, false)};
    assert_true(agrees(claims, 1, ""));
}

static void test_a_row_without_its_recording(void **state)
{
    (void)state;
    struct proof_claim stopped[] = {claim(RLK_FAMILY_STM32F405, false, false)};
    struct proof_claim simulated[] = {claim(RLK_FAMILY_STM32F405, true, true)};
    assert_false(agrees(NULL, 0, "STM32F405: the row says"));
    assert_false(agrees(stopped, 1, "STM32F405: the row says"));
    assert_false(agrees(simulated, 1, "STM32F405: the row says"));
}

static void test_a_recording_without_its_row(void **state)
{
    (void)state;
    struct proof_claim claims[] = {claim(RLK_FAMILY_STM32F405, true, false), claim(RLK_FAMILY_STM32L4, true, false)};
    struct proof_claim no_row[] = {claim(RLK_FAMILY_STM32F405, true, false), claim(RLK_FAMILY_STM32F2, true, false)};
    assert_false(agrees(claims, 2, "STM32L4, whose row lacks"));
    assert_false(agrees(no_row, 2, "a family without a row"));
}

static void test_what_claims_nothing(void **state)
{
    (void)state;
    struct proof_claim claims[] = {claim(RLK_FAMILY_STM32F405, true, false), claim(RLK_FAMILY_STM32L4, false, false),
                                   claim(RLK_FAMILY_STM32L4, true, true), claim(RLK_FAMILY_UNKNOWN, false, false)};
    assert_true(agrees(claims, 4, ""));
}

static void test_places(void **state)
{
    (void)state;
    struct proof_problem problem = {0};
    struct proof_result real = {RLK_FAMILY_STM32F405, false, true};
    struct proof_result simulated = {RLK_FAMILY_STM32F405, true, true};
    assert_true(proof_place_check("/x/tests/proof/a.txt", &real, &problem));
    assert_true(proof_place_check("/x/tests/proof/simulated/a.txt", &simulated, &problem));
    assert_true(proof_place_check("simulated/a.txt", &simulated, &problem));
    assert_false(proof_place_check("/x/tests/proof/simulated/a.txt", &real, &problem));
    assert_non_null(strstr(problem.text, "real device"));
    assert_false(proof_place_check("/x/tests/proof/a.txt", &simulated, &problem));
    assert_non_null(strstr(problem.text, "simulated device"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_with_a_recording),
        cmocka_unit_test(test_a_row_without_its_recording),
        cmocka_unit_test(test_a_recording_without_its_row),
        cmocka_unit_test(test_what_claims_nothing),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
