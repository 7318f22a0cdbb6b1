/*
 * A small sweep over the short jobs: one fault at every transfer; after each ending the printed action is done and the
 * command run again. It must end proven, with no rule broken and nothing done twice.
 */
#include "short_jobs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS_MAX = 5, DENSE = 120, STRIDE = 97, COARSE = 13 };

/* Nothing that shows the host another state than the device's, and no power cut: truths that no host can know are the
 * large sweep's. */
static const enum sim_fault_kind kinds[] = {
    SIM_FAULT_STALL,      SIM_FAULT_TIMEOUT, SIM_FAULT_TIMEOUT_AFTER, SIM_FAULT_GONE,
    SIM_FAULT_GONE_AFTER, SIM_FAULT_FAILED,  SIM_FAULT_SHORT,         SIM_FAULT_LATE,
};

struct run {
    size_t device;
    enum rlk_job job;
    enum rlk_way_back way_back;
    uint32_t seal_reload, regression_reload;
    enum sim_fault_kind kind;
    uint32_t at;
};

static void begin_run(const struct run *run)
{
    uint32_t size = 0;
    begin(run->device, run->job == RLK_JOB_UNPROTECT ? 1 : 0, run->job);
    if (run->job == RLK_JOB_VERIFY) {
        memcpy(sim_flash_mutable(&bench.device, &size), bench.image_bytes, bench.image.size);
    }
    bench.wish.way_back = run->way_back;
    bench.wish.family = devices[run->device].claim;
    set_reloads(run->seal_reload, run->regression_reload);
    sim_set_boot0(&bench.device, run->way_back == RLK_WAY_BACK_BOOT0);
    sim_enter_rom_by_jump(&bench.device);
    if (run->kind != SIM_FAULT_NONE) {
        sim_fault_add(&bench.device, (struct sim_fault){.kind = run->kind, .at = run->at});
    }
}

static void fail_as(const struct run *run, const char *why)
{
    fail_msg("%s: %s on %s, back by %s, reloads %u %u, %s@%u, ends %s", why, rlk_job_name(run->job),
             devices[run->device].profile, rlk_way_back_name(run->way_back), (unsigned)run->seal_reload,
             (unsigned)run->regression_reload, sim_fault_kind_name(run->kind), (unsigned)run->at,
             rlk_error_name(bench.done->error));
}

static const char *false_end(const struct run *run)
{
    uint32_t size = 0;
    const uint8_t *options = sim_options(&bench.device, &size);
    bool has_fields = (options[devices[run->device].offset] & devices[run->device].mask) == devices[run->device].value;
    unsigned level = sim_rdp_level(&bench.device);
    if (run->job == RLK_JOB_OPTIONS && !has_fields) {
        return "proven without the fields";
    }
    if (run->job == RLK_JOB_UNPROTECT && sim_flash(&bench.device, &size)[size / 2U] != 0xFF) {
        return "proven but not empty";
    }
    return level == (run->job == RLK_JOB_PROTECT ? 1U : 0U) ? NULL : "proven at another level";
}

static const char *broken_rule(const struct run *run, uint32_t yes)
{
    const struct sim_counters *counters = sim_counters(&bench.device);
    uint32_t option_writes = run->job == RLK_JOB_PROTECT || run->job == RLK_JOB_OPTIONS ? 1 : 0;
    if (sim_violation(&bench.device, 0) != NULL) {
        return sim_violation(&bench.device, 0);
    }
    if (sim_is_stranded(&bench.device)) {
        return "stranded";
    }
    if (counters->regressions > yes ||
        (counters->regressions > 1 && run->regression_reload != SIM_RELOAD_AT_POWER_ON)) {
        return "erased twice";
    }
    if (counters->option_writes > option_writes) {
        return "options written more than once";
    }
    return counters->sectors_erased + counters->blocks_programmed > 0 ? "flash changed" : NULL;
}

/* Power that fails inside the option write leaves a block that loads as level 1: nobody can tell, and nothing but an
 * erase helps. */
static bool is_spoiled(const struct run *run)
{
    bool is_cut = run->kind == SIM_FAULT_GONE || run->kind == SIM_FAULT_GONE_AFTER;
    return run->job == RLK_JOB_OPTIONS && is_cut && bench.done->error == RLK_E_PROTECTED &&
           sim_rdp_level(&bench.device) == 1;
}

static void converge(const struct run *run)
{
    uint32_t yes = 0;
    begin_run(run);
    for (unsigned i = 0; i < RUNS_MAX; i++) {
        workbench_run(&bench);
        workbench_remember(&bench);
        yes += bench.asked[RLK_QUESTION_CONFIRM_PLAN];
        const char *why = broken_rule(run, yes);
        if (why == NULL && bench.done->ending == RLK_ENDING_PROVEN) {
            why = false_end(run);
        }
        if (why != NULL) {
            fail_as(run, why);
        }
        if (bench.done->ending == RLK_ENDING_PROVEN || is_spoiled(run)) {
            return;
        }
        sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
    }
    fail_as(run, "does not converge");
}

static void sweep(struct run run)
{
    run.kind = SIM_FAULT_NONE;
    converge(&run);
    uint32_t transfers = sim_counters(&bench.device)->transfers;
    uint32_t step = run.seal_reload == SIM_RELOAD_AT_ONCE ? 1U : COARSE;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        run.kind = kinds[i];
        for (run.at = 0; run.at < transfers; run.at += run.at < DENSE ? step : STRIDE) {
            converge(&run);
        }
    }
}

static void sweep_devices(enum rlk_job job, enum rlk_way_back way_back)
{
    for (size_t device = 0; device < DEVICES; device++) {
        const struct rlk_chip *chip = rlk_chip_row(devices[device].family);
        bool is_way = way_back != RLK_WAY_BACK_EMPTY_CHECK || (chip != NULL && chip->has_empty_check);
        bool has_levels = job == RLK_JOB_UNPROTECT || job == RLK_JOB_PROTECT;
        for (uint32_t reload = 0; is_way && reload < (has_levels ? 3U : 1U); reload++) {
            sweep((struct run){.device = device,
                               .job = job,
                               .way_back = way_back,
                               .seal_reload = reload,
                               .regression_reload = reload});
        }
    }
}

static void test_verify(void **state)
{
    (void)state;
    sweep_devices(RLK_JOB_VERIFY, RLK_WAY_BACK_BOOT0);
}

static void test_unprotect(void **state)
{
    (void)state;
    sweep_devices(RLK_JOB_UNPROTECT, RLK_WAY_BACK_BOOT0);
    sweep_devices(RLK_JOB_UNPROTECT, RLK_WAY_BACK_EMPTY_CHECK);
}

static void test_protect(void **state)
{
    (void)state;
    sweep_devices(RLK_JOB_PROTECT, RLK_WAY_BACK_BOOT0);
}

static void test_options(void **state)
{
    (void)state;
    sweep_devices(RLK_JOB_OPTIONS, RLK_WAY_BACK_BOOT0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_unprotect),
        cmocka_unit_test(test_protect),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
