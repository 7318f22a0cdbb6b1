#include "short_jobs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct workbench bench;

const struct short_device devices[DEVICES] = {
    {"stm32f405", RLK_FAMILY_UNKNOWN, RLK_FAMILY_UNKNOWN, {"BOR_LEV", 1}, 0, 0x0C, 0x04},
    {"stm32f042", RLK_FAMILY_STM32F04X, RLK_FAMILY_UNKNOWN, {"DATA0", 0x5A}, 4, 0xFF, 0x5A},
    {"stm32f072", RLK_FAMILY_UNKNOWN, RLK_FAMILY_UNKNOWN, {"nRST_STOP", 0}, 2, 0x02, 0x00},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_FAMILY_STM32L4, {"BOR_LEV", 2}, 1, 0x07, 0x02},
    {"stm32l452", RLK_FAMILY_STM32L4, RLK_FAMILY_STM32L4, {"BOR_LEV", 1}, 1, 0x07, 0x01},
    {"stm32l476", RLK_FAMILY_UNKNOWN, RLK_FAMILY_STM32L47X, {"SRAM2_RST", 0}, 3, 0x02, 0x00},
};

void begin(size_t device, unsigned level, enum rlk_job job)
{
    workbench_init(&bench, devices[device].profile, level, SHORT_IMAGE_BYTES);
    bench.wish.job = job;
    bench.wish.end_protected = false;
    bench.wish.family = job == RLK_JOB_OPTIONS ? devices[device].claim : RLK_FAMILY_UNKNOWN;
    bench.wish.options = &devices[device].wish;
    bench.wish.option_count = 1;
    assert_true(
        sim_allow_option_bits(&bench.device, devices[device].offset, devices[device].mask, devices[device].value));
}

void set_reloads(uint32_t seal_reload, uint32_t regression_reload)
{
    sim_knobs(&bench.device)->seal_reload = seal_reload;
    sim_knobs(&bench.device)->regression_reload = regression_reload;
}

void assert_ended(enum rlk_stage ending, enum rlk_error error)
{
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(error));
    assert_string_equal(rlk_stage_name(bench.done->ending), rlk_stage_name(ending));
    assert_null(sim_violation(&bench.device, 0));
    assert_false(bench.progress_fell);
    assert_false(bench.asking_twice_differed);
    assert_false(sim_is_stranded(&bench.device));
    assert_int_equal(rlk_session_next_action(&bench.session) == RLK_ACTION_NONE,
                     error == RLK_OK && rlk_session_evidence(&bench.session)->seal == RLK_SEAL_NONE);
}

void assert_proven(void)
{
    assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(bench.permille, 1000);
}

void assert_refused(enum rlk_error error)
{
    assert_ended(RLK_ENDING_NOT_DONE, error);
    assert_true(workbench_flash_is_untouched(&bench));
    assert_int_equal(bench.record_count, 0);
}

void assert_counts(uint32_t regressions, uint32_t option_writes)
{
    const struct sim_counters *counters = sim_counters(&bench.device);
    assert_int_equal(counters->regressions, regressions);
    assert_int_equal(bench.unprotects, regressions);
    assert_int_equal(counters->option_writes, option_writes);
    assert_int_equal(counters->sectors_erased, 0);
    assert_int_equal(counters->blocks_programmed, 0);
}

void assert_record(size_t index, enum rlk_journal_phase phase)
{
    assert_true(index < bench.record_count);
    assert_int_equal(bench.records[index].phase, phase);
    assert_int_equal(bench.records[index].end_protected, bench.wish.job == RLK_JOB_PROTECT);
    assert_int_equal(bench.records[index].image_bytes, 0);
    assert_true(bench.records[index].image_digest == rlk_session_job_digest(&bench.session));
}

bool stage_was_entered(enum rlk_stage stage)
{
    size_t i = 0;
    while (i < bench.stage_count && bench.stages[i] != stage) {
        i++;
    }
    return i < bench.stage_count;
}
