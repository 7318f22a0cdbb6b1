/*
 * What a release or a link asks for: which device is meant, and which option fields it gets with its protection.
 */
#include "truth.h"
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BIT(family) ((rlk_family_mask)1 << (family))
#define F405        BIT(RLK_FAMILY_STM32F405)
#define L4          BIT(RLK_FAMILY_STM32L4)
#define L47X        BIT(RLK_FAMILY_STM32L47X)
#define F04X        BIT(RLK_FAMILY_STM32F04X)

#define F405_LAYOUT "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"

enum { IMAGE_BYTES = 2 * 2048 + 304 };

static struct workbench bench;

static void assert_ends(enum rlk_stage ending, enum rlk_error error)
{
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_int_equal(bench.done->ending, ending);
    assert_null(sim_violation(&bench.device, 0));
}

/* Nothing is asked, recorded, read from flash or changed. */
static void assert_refused(enum rlk_error error)
{
    assert_ends(RLK_ENDING_NOT_DONE, error);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(bench.records_asked, 0);
    assert_true(workbench_flash_is_untouched(&bench));
    assert_false(rlk_session_has_begun(&bench.session));
}

static void assert_refused_unread(enum rlk_error error)
{
    assert_refused(error);
    const struct rlk_findings *findings = rlk_session_findings(&bench.session);
    assert_int_equal(findings->protection, RLK_PROTECTION_UNKNOWN);
    assert_false(findings->flash_was_read || findings->flash_read_refused || findings->options_were_read);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_CONNECT_THE_RIGHT_DEVICE);
}

static void assert_proven(void)
{
    assert_ends(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(sim_rdp_level(&bench.device), 1);
    assert_true(truth_options_are_sealed(&bench.device, &rlk_session_findings(&bench.session)->chip));
}

/* --- which device --- */

static const enum rlk_job jobs[] = {RLK_JOB_LOOK, RLK_JOB_READ, RLK_JOB_WRITE, RLK_JOB_UPDATE};

static void begin_job(const char *profile, unsigned level, enum rlk_job job)
{
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    bench.wish.job = job;
    bench.wish.read_addr = FLASH_ADDR;
    bench.wish.read_bytes = 16;
}

static void test_another_family_is_refused_by_every_job(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        for (unsigned level = 0; level <= 1; level++) {
            begin_job("stm32f405", level, jobs[i]);
            bench.wish.families = L4 | L47X | F04X;
            assert_refused_unread(RLK_E_WRONG_CHIP);
            assert_string_equal(rlk_session_findings(&bench.session)->chip.name, "STM32F405");
        }
    }
}

/* A release of one family claims it, too: the release's word comes first. */
static void test_a_claim_does_not_make_it_another_error(void **state)
{
    (void)state;
    begin_job("stm32f405", 1, RLK_JOB_UPDATE);
    bench.wish.families = L4;
    bench.wish.family = RLK_FAMILY_STM32L4;
    assert_refused_unread(RLK_E_WRONG_CHIP);
    begin_job("stm32f405", 1, RLK_JOB_UPDATE);
    bench.wish.families = F405;
    bench.wish.family = RLK_FAMILY_STM32L4;
    assert_refused(RLK_E_CHIP_CONTRADICTS_CLAIM);
}

/* 256 KiB of L4: with the empty check, or without; or merged to the worst. The release's families settle it. */
static void test_the_families_settle_what_the_device_leaves_open(void **state)
{
    (void)state;
    begin_job("stm32l432", 1, RLK_JOB_UPDATE);
    bench.wish.families = L4 | F405;
    bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    sim_set_boot0(&bench.device, false);
    assert_proven();
    assert_int_equal(rlk_session_findings(&bench.session)->candidates, L4);
    begin_job("stm32l432", 1, RLK_JOB_UPDATE);
    bench.wish.families = L4 | L47X;
    bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    assert_refused(RLK_E_AMBIGUOUS_CHIP);
    begin_job("stm32l432", 1, RLK_JOB_UPDATE);
    bench.wish.families = L47X;
    bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
    assert_refused(RLK_E_NO_EMPTY_CHECK);
}

static void test_layouts_byte_for_byte(void **state)
{
    static const char *const wrong[] = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg",
                                        "@Internal Flash /0x08000000/04*016Kg,01*064Kg,07*128Kg", "", F405_LAYOUT " "};
    static const char *const right[] = {"@Internal Flash  /0x08000000/064*0002Kg", F405_LAYOUT};
    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        begin_job("stm32f405", i % 2, jobs[i]);
        bench.wish.layouts = wrong;
        bench.wish.layout_count = 4;
        assert_refused_unread(RLK_E_WRONG_LAYOUT);
        assert_string_equal(rlk_session_findings(&bench.session)->fingerprint.flash_string, F405_LAYOUT);
    }
    begin_job("stm32f405", 1, RLK_JOB_UPDATE);
    bench.wish.layouts = right;
    bench.wish.layout_count = 2;
    assert_proven();
    begin_job("stm32f405", 1, RLK_JOB_UPDATE);
    bench.wish.layouts = wrong;
    assert_proven(); /* none of them: any */
}

static void test_the_serial_exactly(void **state)
{
    static const char *const wrong[] = {"3573365D3434", "3573365d3433", "3573365D343", "3573365D3433 ", ""};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        begin_job("stm32f405", 1, jobs[i % 4]);
        bench.wish.serial = wrong[i];
        assert_refused_unread(RLK_E_WRONG_SERIAL);
    }
    begin_job("stm32f405", 1, RLK_JOB_UPDATE);
    bench.wish.serial = "3573365D3433";
    assert_proven();
    /* One that whole families share tells nothing, but if it is asked for it must be there. */
    begin_job("stm32f042", 1, RLK_JOB_UPDATE);
    bench.wish.serial = "FFFFFFFEFFFF";
    assert_proven();
    begin_job("stm32f042", 1, RLK_JOB_UPDATE);
    bench.wish.serial = "FFFFFFFEFFFE";
    assert_refused_unread(RLK_E_WRONG_SERIAL);
}

/* A number that is no identity is not compared when a device comes back, unless it was asked for. */
static void test_a_wished_serial_is_asked_for_again(void **state)
{
    (void)state;
    for (unsigned is_wished = 0; is_wished < 2; is_wished++) {
        begin_job("stm32f405", 1, RLK_JOB_UPDATE);
        sim_set_serial(&bench.device, "STM32");
        sim_knobs(&bench.device)->serial_changes = 1;
        bench.wish.serial = is_wished ? "STM32" : NULL;
        workbench_run(&bench);
        assert_int_equal(bench.done->error, is_wished ? RLK_E_WRONG_DEVICE : RLK_OK);
    }
}

/* --- option fields --- */

static struct rlk_option_wish wishes[2];

static void begin_with_fields(const char *profile, unsigned level, rlk_family_mask families,
                              struct rlk_option_wish first, struct rlk_option_wish second)
{
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    wishes[0] = first;
    wishes[1] = second;
    bench.wish.families = families;
    bench.wish.options = wishes;
    bench.wish.option_count = 2;
}

static bool device_holds_wishes(void)
{
    uint32_t size = 0;
    const struct rlk_chip *chip = &rlk_session_findings(&bench.session)->chip;
    return rlk_options_hold(chip, sim_options(&bench.device, &size), wishes, 2);
}

struct fields_case {
    const char *profile;
    rlk_family_mask families;
    struct rlk_option_wish wishes[2];
    struct {
        uint32_t offset;
        uint8_t mask, value;
    } allowed[2];
};

static const struct fields_case fields_cases[] = {
    {"stm32f405", F405, {{"BOR_LEV", 1}, {"nRST_STOP", 0}}, {{0, 0x0C, 0x04}, {0, 0x40, 0x00}}},
    {"stm32l432", L4, {{"nSWBOOT0", 1}, {"nBOOT0", 0}}, {{3, 0x04, 0x04}, {3, 0x08, 0x00}}},
    {"stm32l476", L47X, {{"BOR_LEV", 4}, {"SRAM2_RST", 0}}, {{1, 0x07, 0x04}, {3, 0x02, 0x00}}},
    {"stm32f042", F04X, {{"DATA0", 0x5A}, {"DATA1", 0xA5}}, {{4, 0xFF, 0x5A}, {6, 0xFF, 0xA5}}},
    {"stm32f072", 0, {{"DATA1", 0x00}, {"nRST_STDBY", 1}}, {{6, 0xFF, 0x00}, {2, 0x04, 0x04}}},
};

static void begin_fields_case(const struct fields_case *c, unsigned level)
{
    begin_with_fields(c->profile, level, c->families, c->wishes[0], c->wishes[1]);
    for (size_t i = 0; i < 2; i++) {
        assert_true(
            sim_allow_option_bits(&bench.device, c->allowed[i].offset, c->allowed[i].mask, c->allowed[i].value));
    }
}

static void test_fields_are_written_once_with_the_seal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fields_cases / sizeof fields_cases[0]; i++) {
        for (unsigned level = 0; level <= 1; level++) {
            begin_fields_case(&fields_cases[i], level);
            assert_proven();
            assert_true(device_holds_wishes());
            assert_int_equal(sim_counters(&bench.device)->option_writes, 1);
            assert_int_equal(bench.plan.option_count, 2);
            assert_ptr_equal(bench.plan.options, wishes);
        }
    }
}

/* The simulator is told by the test alone: an engine that made up its own fields would be judged. */
static void test_the_simulator_is_not_taught_by_the_engine(void **state)
{
    (void)state;
    begin_with_fields("stm32f405", 1, F405, fields_cases[0].wishes[0], fields_cases[0].wishes[1]);
    workbench_run(&bench);
    assert_string_equal(sim_violation(&bench.device, 0), "option byte changed besides RDP, at offset 0x00");
}

static void test_the_same_job_looks_again_and_another_one_does_not(void **state)
{
    (void)state;
    begin_fields_case(&fields_cases[0], 1);
    assert_proven();
    workbench_remember(&bench);
    assert_proven();
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 1);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    wishes[0].value = 0;
    sim_allow_option_bits(&bench.device, 0, 0x0C, 0x00);
    assert_proven();
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 0);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    assert_true(device_holds_wishes());
    bench.wish.option_count = 0;
    assert_proven();
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 0);
}

static void change_wish(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    if (operation->kind == RLK_OPERATION_ASK) {
        wishes[1].value ^= 1U;
    }
}

static uint64_t asked_digest;

static void note_digest(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    if (operation->kind == RLK_OPERATION_ASK) {
        asked_digest = operation->digest;
    }
}

static void test_the_yes_is_to_these_fields(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        begin_fields_case(&fields_cases[0], level);
        bench.on_operation = change_wish;
        assert_ends(RLK_ENDING_NOT_DONE, RLK_E_STALE_ANSWER);
        assert_true(workbench_flash_is_untouched(&bench));
        uint64_t digests[3];
        for (size_t i = 0; i < 3; i++) {
            begin_fields_case(&fields_cases[0], level);
            wishes[1].value = i == 1;
            bench.wish.option_count = i == 2 ? 0 : 2;
            bench.answers[RLK_QUESTION_CONFIRM_PLAN] = ANSWER_NO;
            bench.on_operation = note_digest;
            workbench_run(&bench);
            digests[i] = asked_digest;
        }
        assert_true(digests[0] != digests[1] && digests[0] != digests[2] && digests[1] != digests[2]);
    }
}

static void test_what_cannot_be_set_is_refused_before_the_question(void **state)
{
    static const struct {
        const char *profile;
        rlk_family_mask families;
        struct rlk_option_wish wish;
        enum rlk_error error;
    } cases[] = {
        {"stm32f405", F405, {"DATA0", 1}, RLK_E_OPTION_FIELD_UNKNOWN},
        {"stm32f405", F405, {"RDP", 0xCC}, RLK_E_OPTION_FIELD_UNKNOWN},
        {"stm32f405", F405, {"BOR_LEV", 4}, RLK_E_OPTION_VALUE_TOO_LARGE},
        {"stm32l432", L4 | L47X, {"nSWBOOT0", 1}, RLK_E_OPTION_FIELD_UNKNOWN}, /* one of the two has it not */
        {"stm32l432", 0, {"nSWBOOT0", 1}, RLK_E_OPTION_FIELD_UNKNOWN},
        {"stm32l476", L47X, {"DUALBANK", 0}, RLK_E_OPTION_FIELD_UNKNOWN},
        {"stm32f042", F04X, {"nRST_STOP", 0}, RLK_E_OPTION_WISH_CONTRADICTORY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned level = 0; level <= 1; level++) {
            const struct rlk_option_wish first = {"nRST_STOP", 1};
            begin_with_fields(cases[i].profile, level, cases[i].families, first, cases[i].wish);
            assert_refused(cases[i].error);
            assert_string_equal(rlk_session_fault(&bench.session)->field, cases[i].wish.field);
            assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_ASK_MAKER);
        }
    }
}

/* The present block of a protected device cannot be read; the wish alone is enough. */
static void test_a_wish_that_closes_the_door_is_refused_before_the_loss(void **state)
{
    static const struct {
        const char *profile;
        rlk_family_mask families;
        enum rlk_way_back way_back;
        struct rlk_option_wish wishes[2];
    } cases[] = {
        {"stm32l432", L4, RLK_WAY_BACK_BOOT0, {{"nSWBOOT0", 0}, {"nBOOT0", 1}}},
        {"stm32l432", L4, RLK_WAY_BACK_EMPTY_CHECK, {{"nBOOT0", 0}, {"nSWBOOT0", 0}}},
        {"stm32l476", L47X, RLK_WAY_BACK_BOOT0, {{"nBOOT1", 0}, {"nRST_STOP", 1}}},
        {"stm32l476", L47X, RLK_WAY_BACK_BOOT0, {{"WRP1A_STRT", 0}, {"nRST_STOP", 1}}},
        {"stm32f042", F04X, RLK_WAY_BACK_BOOT0, {{"BOOT_SEL", 0}, {"nRST_STOP", 1}}},
        {"stm32f405", F405, RLK_WAY_BACK_BOOT0, {{"nWRP", 0xFFE}, {"nRST_STOP", 1}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned level = 0; level <= 1; level++) {
            begin_with_fields(cases[i].profile, level, cases[i].families, cases[i].wishes[0], cases[i].wishes[1]);
            bench.wish.way_back = cases[i].way_back;
            assert_refused(RLK_E_DOOR_WOULD_CLOSE);
            assert_string_equal(rlk_session_fault(&bench.session)->field, cases[i].wishes[0].field);
        }
    }
}

/* nSWBOOT0 is 0 in the block already: with the wished nBOOT0 0 nothing would lead back. Where the block is read, also
 * at level 1, that is seen before the loss; else before the block is written. */
static void test_the_result_is_judged_where_the_block_is_known(void **state)
{
    const struct rlk_option_wish keeps = {"nRST_STOP", 1};
    const struct rlk_option_wish closes = {"nBOOT0", 0};
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        uint32_t size = 0;
        begin_with_fields("stm32l432", i == 0 ? 0 : 1, L4, closes, keeps);
        bench.wish.way_back = RLK_WAY_BACK_EMPTY_CHECK;
        uint8_t *options = sim_options_mutable(&bench.device, &size);
        options[3] &= 0xFBU;
        options[7] |= 0x04U;
        sim_knobs(&bench.device)->options_readable_rdp1 = i == 1;
        if (i < 2) {
            assert_refused(RLK_E_DOOR_WOULD_CLOSE);
        } else {
            assert_ends(RLK_ENDING_NOT_DONE, RLK_E_DOOR_WOULD_CLOSE);
            assert_int_equal(bench.unprotects, 1);
            assert_true(workbench_flash_is_image(&bench));
            assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
        }
        assert_string_equal(rlk_session_fault(&bench.session)->field, "nBOOT0");
    }
}

/* A wish can also open a door that the block would have closed. */
static void test_a_wish_may_open_the_door(void **state)
{
    uint32_t size = 0;
    const struct rlk_option_wish opens = {"nSWBOOT0", 1};
    const struct rlk_option_wish keeps = {"nBOOT1", 1};
    (void)state;
    begin_with_fields("stm32l432", 0, L4, opens, keeps);
    uint8_t *options = sim_options_mutable(&bench.device, &size);
    options[3] &= 0xFBU;
    options[7] |= 0x04U;
    bench.wish.option_count = 0;
    assert_refused(RLK_E_DOOR_WOULD_CLOSE);
    bench.wish.option_count = 2;
    sim_allow_option_bits(&bench.device, 3, 0x04, 0x04);
    assert_proven();
    assert_true(device_holds_wishes());
}

static void test_fields_without_a_seal_are_refused(void **state)
{
    (void)state;
    for (unsigned level = 0; level <= 1; level++) {
        begin_fields_case(&fields_cases[0], level);
        bench.wish.end_protected = false;
        assert_refused(RLK_E_OPTION_WISH_CONTRADICTORY);
        assert_int_equal(bench.operations, 1);
    }
    /* Jobs that write no options leave them alone. */
    begin_fields_case(&fields_cases[0], 0);
    bench.wish.job = RLK_JOB_WRITE;
    assert_ends(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

/* Chips that load options at power-on only: our block is there, not in force. With the wished fields a power cycle is
 * all that is missing; with others it is written over. */
static void test_a_sealed_block_that_waits_for_power_on(void **state)
{
    (void)state;
    for (unsigned has_changed = 0; has_changed < 2; has_changed++) {
        begin_fields_case(&fields_cases[3], 0);
        sim_knobs(&bench.device)->seal_reload = SIM_RELOAD_AT_POWER_ON;
        bench.transport.person = SIM_PERSON_ABSENT;
        assert_ends(RLK_ENDING_NOT_PROVEN, RLK_E_PROOF_MISSING);
        workbench_remember(&bench);
        bench.transport.person = SIM_PERSON_HELPFUL;
        if (has_changed) {
            wishes[0].value = 0x77;
            sim_allow_option_bits(&bench.device, 4, 0xFF, 0x77);
        }
        assert_proven();
        assert_true(device_holds_wishes());
        assert_int_equal(sim_counters(&bench.device)->option_writes, has_changed ? 2 : 1);
        assert_int_equal(sim_counters(&bench.device)->regressions, 0);
    }
}

/* The gate goes by its own copy of the block that was judged. */
static void spoil_buffer(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    if (operation->kind == RLK_OPERATION_RECORD && strstr(operation->entry, "phase=sealing") != NULL) {
        bench.session.buffer[0] ^= 0x40U;
    }
}

static void test_another_block_than_the_judged_one_is_stopped(void **state)
{
    (void)state;
    begin_fields_case(&fields_cases[0], 1);
    bench.on_operation = spoil_buffer;
    assert_ends(RLK_ENDING_NOT_DONE, RLK_E_GATE_VETO);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_family_is_refused_by_every_job),
        cmocka_unit_test(test_a_claim_does_not_make_it_another_error),
        cmocka_unit_test(test_the_families_settle_what_the_device_leaves_open),
        cmocka_unit_test(test_layouts_byte_for_byte),
        cmocka_unit_test(test_the_serial_exactly),
        cmocka_unit_test(test_a_wished_serial_is_asked_for_again),
        cmocka_unit_test(test_fields_are_written_once_with_the_seal),
        cmocka_unit_test(test_the_simulator_is_not_taught_by_the_engine),
        cmocka_unit_test(test_the_same_job_looks_again_and_another_one_does_not),
        cmocka_unit_test(test_the_yes_is_to_these_fields),
        cmocka_unit_test(test_what_cannot_be_set_is_refused_before_the_question),
        cmocka_unit_test(test_a_wish_that_closes_the_door_is_refused_before_the_loss),
        cmocka_unit_test(test_the_result_is_judged_where_the_block_is_known),
        cmocka_unit_test(test_a_wish_may_open_the_door),
        cmocka_unit_test(test_fields_without_a_seal_are_refused),
        cmocka_unit_test(test_a_sealed_block_that_waits_for_power_on),
        cmocka_unit_test(test_another_block_than_the_judged_one_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
