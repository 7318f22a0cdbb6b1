/*
 * Whole jobs on the simulator: each device, level, job, way back and end state; the truth is read from the simulator.
 */
#include "workbench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 5 * 2048 + 304, BLOCKS = 6 };

static struct workbench bench;

static const struct {
    const char *profile;
    enum rlk_family family;
    bool has_empty_check;
} devices[] = {
    {"stm32f405", RLK_FAMILY_STM32F405, false}, {"stm32f042", RLK_FAMILY_STM32F04X, true},
    {"stm32f072", RLK_FAMILY_STM32F07X, false}, {"stm32l432", RLK_FAMILY_STM32L4, true},
    {"stm32l452", RLK_FAMILY_STM32L4, true},    {"stm32l476", RLK_FAMILY_STM32L47X, false},
};
enum { DEVICES = sizeof devices / sizeof devices[0] };

static void assert_ended(enum rlk_stage ending, enum rlk_error error)
{
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_string_equal(rlk_stage_name(bench.done->ending), rlk_stage_name(ending));
    assert_null(sim_violation(&bench.device, 0));
    assert_false(bench.progress_fell);
    assert_false(bench.asking_twice_differed);
    assert_false(sim_is_stranded(&bench.device));
}

static void assert_proven(void)
{
    assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(bench.permille, 1000);
    assert_int_equal(rlk_session_progress(&bench.session).left_ms, 0);
}

static bool is_extra(enum rlk_stage stage)
{
    return stage == RLK_STAGE_OPEN || stage == RLK_STAGE_PROVE || stage == RLK_STAGE_PROBE;
}

/* What was shown was done: from the question on, stage by stage. Only a power cycle, which nobody can foresee, puts in
 * a return and a look at the device. */
static void assert_plan_was_kept(void)
{
    size_t at = 0;
    while (at < bench.stage_count && bench.stages[at] != RLK_STAGE_CONFIRM) {
        at++;
    }
    for (size_t i = 0; i < bench.plan.stage_count; i++) {
        while (sim_counters(&bench.device)->power_cycles > 0 && at < bench.stage_count &&
               bench.stages[at] != bench.plan.stages[i] && is_extra(bench.stages[at])) {
            at++;
        }
        assert_true(at < bench.stage_count);
        assert_string_equal(rlk_stage_name(bench.stages[at]), rlk_stage_name(bench.plan.stages[i]));
        at++;
    }
    assert_int_equal(at, bench.stage_count);
}

static void assert_records(const enum rlk_journal_phase *phases, size_t count)
{
    assert_int_equal(bench.record_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(bench.records[i].phase, phases[i]);
        assert_int_equal(bench.records[i].end_protected, bench.wish.end_protected);
        assert_true(bench.records[i].image_digest == bench.image.digest);
    }
}

/* --- locked updates --- */

static void check_locked_update(size_t device, enum rlk_way_back way_back, bool end_protected)
{
    static const enum rlk_journal_phase sealed[] = {RLK_JOURNAL_ERASING, RLK_JOURNAL_EMPTY, RLK_JOURNAL_SEALING,
                                                    RLK_JOURNAL_PROVEN};
    static const enum rlk_journal_phase left_open[] = {RLK_JOURNAL_ERASING, RLK_JOURNAL_EMPTY, RLK_JOURNAL_PROVEN};
    const struct sim_counters *counters = sim_counters(&bench.device);
    workbench_init(&bench, devices[device].profile, 1, IMAGE_BYTES);
    bench.wish.family = devices[device].family;
    bench.wish.way_back = way_back;
    bench.wish.end_protected = end_protected;
    sim_set_boot0(&bench.device, way_back == RLK_WAY_BACK_BOOT0);
    workbench_run(&bench);
    assert_proven();
    assert_plan_was_kept();
    assert_true(workbench_flash_is_image(&bench));
    assert_true(bench.plan.loses_everything);
    assert_int_equal(bench.plan.ends_protected, end_protected);
    assert_int_equal(bench.plan.image_bytes, IMAGE_BYTES);
    assert_int_equal(sim_rdp_level(&bench.device), end_protected ? 1 : 0);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    assert_int_equal(bench.unprotects, 1);
    assert_int_equal(counters->regressions, 1);
    assert_int_equal(counters->option_writes, end_protected ? 1 : 0);
    assert_int_equal(counters->sectors_erased, 0);
    assert_int_equal(counters->blocks_programmed, BLOCKS);
    assert_records(end_protected ? sealed : left_open, end_protected ? 4 : 3);
    assert_int_equal(sim_is_running_application(&bench.device), !end_protected);
}

static void test_locked_updates(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        check_locked_update(i, RLK_WAY_BACK_BOOT0, true);
        check_locked_update(i, RLK_WAY_BACK_BOOT0, false);
        if (devices[i].has_empty_check) {
            check_locked_update(i, RLK_WAY_BACK_EMPTY_CHECK, true);
            check_locked_update(i, RLK_WAY_BACK_EMPTY_CHECK, false);
        }
    }
}

/* --- updates of an open device --- */

/* What the old application has in the image's last sector behind it. */
static uint32_t kept_blocks(void)
{
    const struct rlk_findings *findings = rlk_session_findings(&bench.session);
    struct rlk_sector last;
    assert_true(rlk_layout_sector_at(&findings->fingerprint.layouts[0], FLASH_ADDR + IMAGE_BYTES, &last));
    uint32_t rest = last.start_addr + last.bytes - (FLASH_ADDR + IMAGE_BYTES);
    return (rest + findings->transfer_bytes - 1U) / findings->transfer_bytes;
}

static void check_open_update(size_t device, bool end_protected)
{
    const struct sim_counters *counters = sim_counters(&bench.device);
    workbench_init(&bench, devices[device].profile, 0, IMAGE_BYTES);
    bench.wish.end_protected = end_protected;
    workbench_run(&bench);
    assert_proven();
    assert_plan_was_kept();
    assert_true(workbench_flash_is_image(&bench));
    assert_false(bench.plan.loses_everything);
    assert_true(bench.plan.keeps_rest);
    assert_false(bench.plan.loses_sectors);
    assert_int_equal(counters->sectors_erased, bench.plan.sectors_touched);
    assert_int_equal(counters->sectors_erased_blank, 0);
    assert_int_equal(counters->blocks_programmed, BLOCKS + kept_blocks());
    assert_int_equal(bench.unprotects, 0);
    assert_int_equal(counters->regressions, 0);
    assert_int_equal(counters->option_writes, end_protected ? 1 : 0);
    assert_int_equal(sim_rdp_level(&bench.device), end_protected ? 1 : 0);
}

static void test_updates_of_an_open_device(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        check_open_update(i, true);
        check_open_update(i, false);
    }
}

/* --- what a person does last --- */

static void test_the_last_thing_to_do(void **state)
{
    (void)state;
    check_locked_update(0, RLK_WAY_BACK_BOOT0, true);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_RELEASE_BOOT0_AND_REPLUG);
    sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
    assert_true(sim_is_running_application(&bench.device));
    check_locked_update(0, RLK_WAY_BACK_BOOT0, false);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_NONE);
    check_locked_update(3, RLK_WAY_BACK_EMPTY_CHECK, true);
    assert_int_equal(rlk_session_next_action(&bench.session), RLK_ACTION_REPLUG);
}

/* --- write --- */

static void test_write_leaves_protection_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        workbench_init(&bench, devices[i].profile, 0, IMAGE_BYTES);
        bench.wish.job = RLK_JOB_WRITE;
        workbench_run(&bench);
        assert_proven();
        assert_plan_was_kept();
        assert_true(workbench_flash_is_image(&bench));
        assert_int_equal(sim_stored_rdp_level(&bench.device), 0);
        assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
        assert_int_equal(bench.records_asked, 0);
        assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
    }
}

static void test_what_is_equal_is_not_written_again(void **state)
{
    const struct sim_counters *counters = sim_counters(&bench.device);
    (void)state;
    workbench_init(&bench, "stm32f072", 0, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_WRITE;
    workbench_run(&bench);
    uint32_t blocks = counters->blocks_programmed;
    uint32_t sectors = counters->sectors_erased;
    workbench_run(&bench);
    assert_proven();
    assert_int_equal(counters->blocks_programmed, blocks);
    assert_int_equal(counters->sectors_erased, sectors);
}

static void test_only_what_differs_is_erased_and_written(void **state)
{
    const struct sim_counters *counters = sim_counters(&bench.device);
    uint32_t size = 0;
    (void)state;
    workbench_init(&bench, "stm32f072", 0, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_WRITE;
    workbench_run(&bench);
    uint32_t blocks = counters->blocks_programmed;
    uint32_t sectors = counters->sectors_erased;
    sim_flash_mutable(&bench.device, &size)[2 * 2048 + 5] ^= 1U;
    workbench_run(&bench);
    assert_proven();
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(counters->blocks_programmed, blocks + 1);
    assert_int_equal(counters->sectors_erased, sectors + 1);
}

static void test_blank_flash_is_not_erased(void **state)
{
    uint32_t size = 0;
    (void)state;
    workbench_init(&bench, "stm32l476", 0, IMAGE_BYTES);
    memset(sim_flash_mutable(&bench.device, &size), 0xFF, SIM_FLASH_MAX_BYTES);
    bench.wish.job = RLK_JOB_WRITE;
    workbench_run(&bench);
    assert_proven();
    assert_int_equal(sim_counters(&bench.device)->sectors_erased, 0);
}

/* An image of several segments, at both ends of the flash: what lies between stays. */
static void test_segments_far_apart(void **state)
{
    static const uint8_t tail[64] = {1, 2, 3};
    uint32_t size = 0;
    (void)state;
    workbench_init(&bench, "stm32f405", 0, IMAGE_BYTES);
    (void)sim_flash(&bench.device, &size);
    memcpy(&bench.image_bytes[bench.image.size], tail, sizeof tail);
    bench.image.segments[1] = (struct rlk_segment){FLASH_ADDR + size - (uint32_t)sizeof tail, sizeof tail, IMAGE_BYTES};
    bench.image.segment_count = 2;
    bench.image.size += sizeof tail;
    bench.image.digest = rlk_image_digest(&bench.image);
    uint8_t between = sim_flash(&bench.device, &size)[5 * 65536];
    workbench_run(&bench);
    assert_proven();
    assert_true(workbench_flash_is_image(&bench));
    assert_int_equal(sim_flash(&bench.device, &size)[5 * 65536], between);
    assert_int_equal(sim_counters(&bench.device)->blocks_programmed, BLOCKS + 1 + kept_blocks());
    assert_int_equal(sim_counters(&bench.device)->sectors_erased, 1); /* the last one was blank */
}

/* --- read and look --- */

static void check_read(const char *profile, uint32_t offset, uint32_t bytes)
{
    uint32_t size = 0;
    workbench_init(&bench, profile, 0, IMAGE_BYTES);
    bench.wish = (struct rlk_wish){.job = RLK_JOB_READ, .read_addr = FLASH_ADDR + offset, .read_bytes = bytes};
    workbench_run(&bench);
    assert_proven();
    assert_int_equal(bench.stored_bytes, bytes);
    assert_memory_equal(bench.stored, &sim_flash(&bench.device, &size)[offset], bytes);
    assert_true(workbench_flash_is_untouched(&bench));
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
}

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        check_read(devices[i].profile, 0, 4096);
        check_read(devices[i].profile, 2048, 3 * 2048 + 100);
        check_read(devices[i].profile, 512, 1);
        check_read(devices[i].profile, 32 * 1024 - 6, 6);
    }
}

static void check_look(const char *profile, unsigned level)
{
    workbench_init(&bench, profile, level, IMAGE_BYTES);
    bench.wish = (struct rlk_wish){.job = RLK_JOB_LOOK};
    workbench_run(&bench);
    assert_proven();
    const struct rlk_findings *findings = rlk_session_findings(&bench.session);
    assert_int_equal(findings->protection, level == 0 ? RLK_PROTECTION_OPEN : RLK_PROTECTION_LEVEL_1);
    assert_int_equal(findings->flash_was_read, level == 0);
    assert_int_equal(findings->flash_read_refused, level == 1);
    assert_int_equal(findings->options_were_read, level == 0);
    assert_int_equal(findings->options_read_refused, level == 1);
    assert_int_equal(findings->first_words_known, level == 0);
    assert_int_equal(findings->opcode_count, 4);
    assert_int_equal(findings->transfer_bytes, 2048);
    assert_true(workbench_flash_is_untouched(&bench));
}

static void test_look(void **state)
{
    (void)state;
    for (size_t i = 0; i < DEVICES; i++) {
        check_look(devices[i].profile, 0);
        check_look(devices[i].profile, 1);
    }
}

static void test_a_look_with_an_image_shows_the_plan(void **state)
{
    struct rlk_plan plan;
    (void)state;
    workbench_init(&bench, "stm32f405", 1, IMAGE_BYTES);
    bench.wish.job = RLK_JOB_LOOK;
    workbench_run(&bench);
    assert_proven();
    rlk_session_plan(&bench.session, &plan);
    assert_int_equal(plan.stages[0], RLK_ENDING_PROVEN);
    assert_true(workbench_flash_is_untouched(&bench));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locked_updates),
        cmocka_unit_test(test_updates_of_an_open_device),
        cmocka_unit_test(test_the_last_thing_to_do),
        cmocka_unit_test(test_write_leaves_protection_alone),
        cmocka_unit_test(test_what_is_equal_is_not_written_again),
        cmocka_unit_test(test_only_what_differs_is_erased_and_written),
        cmocka_unit_test(test_blank_flash_is_not_erased),
        cmocka_unit_test(test_segments_far_apart),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_look),
        cmocka_unit_test(test_a_look_with_an_image_shows_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
