#include "job/run.h"
#include "output/prompt.h"
#include "relock/drive.h"
#include "system/durable.h"
#include "system/interrupt.h"
#include <signal.h>
#include <stdlib.h>

void run_init(struct run *run)
{
    const char *kill_at = getenv("RELOCK_SIM_KILL_AT");
    bool may_kill = kill_at != NULL && run->transport->simulated != NULL;
    run->kill_at = may_kill ? strtoull(kill_at, NULL, 10) : UINT64_MAX;
    run->last_stage = RLK_STAGE_COUNT;
}

static void show_findings(struct run *run)
{
    const struct rlk_findings *findings = rlk_session_findings(&run->session);
    if (!run->has_shown_findings && run->shows_findings) {
        run->has_shown_findings = true;
        run->output->functions->findings(run->output, findings);
    }
}

static void tell_once(struct run *run, bool *has_told, bool is_so, const char *text)
{
    if (is_so && !*has_told) {
        *has_told = true;
        run->output->functions->notice(run->output, text);
    }
}

static void tell_of_polling(struct run *run)
{
    const struct rlk_session *session = &run->session;
    const struct rlk_chip *chip = &rlk_session_findings(session)->chip;
    bool has_no_effect = session->wish.poll == RLK_POLL_EXPECTED && chip->family != RLK_FAMILY_UNKNOWN &&
                         chip->early_poll == RLK_EARLY_POLL_UNSAFE;
    tell_once(run, &run->has_told_of_polling, has_no_effect,
              "--poll expected has no effect on this chip: its bootloader is not known to bear a status request before "
              "the announced time is over. The announced times are waited.");
    tell_once(run, &run->has_told_of_early_poll, rlk_session_polled_too_early(session),
              "A status request before the announced time was not answered as it should be. From here on the announced "
              "times are waited.");
}

/* Of jobs that write or protect; what was taken from a device is nothing to those that only look. */
static void tell_of_copies(struct run *run)
{
    const enum rlk_job job = run->session.wish.job;
    if (job == RLK_JOB_WRITE || job == RLK_JOB_UPDATE || job == RLK_JOB_PROTECT) {
        kept_tell(run->kept, &run->session, run->output);
    }
}

static void show_where_it_is(struct run *run)
{
    tell_of_polling(run);
    struct rlk_progress progress = rlk_session_progress(&run->session);
    if (progress.stage > RLK_STAGE_PROBE) {
        show_findings(run);
        tell_of_copies(run);
    }
    if (progress.stage != run->last_stage) {
        run->last_stage = progress.stage;
        run->output->functions->stage(run->output, progress.stage);
    }
    if (progress.stage > RLK_STAGE_LOOK_AGAIN) {
        run->output->functions->progress(run->output, &progress);
    }
}

static void tick(void *context, uint64_t waited_ms)
{
    struct run *run = context;
    struct rlk_progress progress = rlk_session_progress(&run->session);
    if (!run->output->is_terminal || progress.stage <= RLK_STAGE_LOOK_AGAIN) {
        return;
    }
    if (progress.left_ms != UINT32_MAX) {
        progress.left_ms = progress.left_ms > waited_ms ? progress.left_ms - (uint32_t)waited_ms : 0;
    }
    run->output->functions->progress(run->output, &progress);
}

/* False: Ctrl-C was pressed, and nothing more is to be done; the engine hears that all is gone and comes to its end. */
static bool begin(struct run *run, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    if (run->operations++ == run->kill_at) {
        raise(SIGKILL);
    }
    show_where_it_is(run);
    trace_operation(run->trace, operation);
    if (interrupt_was_asked()) {
        outcome->kind = RLK_OUTCOME_GONE;
        outcome->error = RLK_E_INTERRUPTED;
        return false;
    }
    return true;
}

static void on_control(void *context, const struct rlk_operation *operation, uint8_t *buffer,
                       struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (begin(run, operation, outcome)) {
        run->transport->control(run->transport->context, operation, buffer, outcome);
    }
}

static void on_select(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (begin(run, operation, outcome)) {
        run->transport->select_alternate(run->transport->context, operation, outcome);
    }
}

static void on_sleep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (begin(run, operation, outcome)) {
        run->transport->sleep(run->transport->context, operation, outcome);
    }
}

/* The simulated person is told what a real one would be: at once, or when the device did not come by itself. */
static void reopen_simulated(struct run *run, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    const struct output_functions *say = run->output->functions;
    uint32_t cycles = sim_counters(run->transport->simulated)->power_cycles;
    bool is_told = operation->reason != RLK_REOPEN_FIRST && operation->patience_ms == 0;
    if (operation->meanwhile != RLK_ACTION_NONE && operation->meanwhile != run->last_meanwhile) {
        run->last_meanwhile = operation->meanwhile;
        say->person(run->output, operation->reason, operation->meanwhile);
    }
    if (is_told) {
        say->person(run->output, operation->reason, operation->action);
    }
    run->transport->reopen(run->transport->context, operation, outcome);
    if (!is_told && sim_counters(run->transport->simulated)->power_cycles != cycles) {
        say->person(run->output, operation->reason, operation->action);
    }
}

static void on_reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (!begin(run, operation, outcome)) {
        return;
    }
    run->output->functions->waiting(run->output, operation->reason);
    if (run->transport->simulated != NULL) {
        reopen_simulated(run, operation, outcome);
    } else {
        run->transport->reopen(run->transport->context, operation, outcome);
    }
}

static void show_plan(struct run *run)
{
    struct rlk_plan plan;
    char folder[PATH_MAX];
    rlk_session_plan(&run->session, &plan);
    struct plan_view view = {
        .plan = &plan,
        .job = run->session.wish.job,
        .image = run->session.wish.image,
        .image_is_plausible = rlk_session_image_is_plausible(&run->session),
        .found = rlk_session_findings(&run->session),
        .copies_folder = durable_folder(folder, sizeof folder) ? folder : "",
    };
    show_findings(run);
    run->output->functions->plan(run->output, &view);
    run->has_planned = true;
}

static bool is_look(enum rlk_question question)
{
    return question == RLK_QUESTION_LOOK_AGAIN || question == RLK_QUESTION_SAME_DEVICE;
}

static void on_ask(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (!begin(run, operation, outcome)) {
        return;
    }
    if (operation->question == RLK_QUESTION_CONFIRM_PLAN) {
        run->host_error = kept_judge(run->kept, &run->session);
        if (run->host_error != RLK_OK) {
            outcome->kind = RLK_OUTCOME_FAILED;
            return;
        }
        show_plan(run);
    }
    struct prompt_answer answer = prompt_answer(run->arguments, operation->question);
    outcome->is_yes = answer.is_yes;
    outcome->digest = operation->digest;
    run->has_looked = run->has_looked || (answer.is_yes && is_look(operation->question));
    run->output->functions->answer(run->output, operation->question, operation->digest, answer.is_yes, answer.why);
}

static enum rlk_error save_entry(struct run *run, const struct rlk_operation *operation)
{
    /* A dry run never gets here; if it did, this would end it. */
    if (run->arguments->dry_run) {
        return RLK_E_JOURNAL_FAILED;
    }
    enum rlk_error error = journal_save(&run->transport->key, operation->entry, operation->entry_bytes);
    if (error == RLK_OK && !run->has_recorded && run->arguments->new_job) {
        error = journal_forget(&run->transport->second_key);
    }
    return error;
}

static void on_record(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (!begin(run, operation, outcome)) {
        return;
    }
    outcome->error = save_entry(run, operation);
    outcome->kind = outcome->error == RLK_OK ? RLK_OUTCOME_OK : RLK_OUTCOME_FAILED;
    run->has_recorded = run->has_recorded || outcome->error == RLK_OK;
}

static void on_fetch(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (begin(run, operation, outcome)) {
        rlk_fetch_from_image(run->session.wish.image, operation, buffer, outcome);
    }
}

static void on_store(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (!begin(run, operation, outcome)) {
        return;
    }
    bool is_stored = run->store != NULL && fseek(run->store, (long)operation->offset, SEEK_SET) == 0 &&
                     fwrite(operation->data, 1, operation->bytes, run->store) == operation->bytes;
    outcome->kind = is_stored ? RLK_OUTCOME_OK : RLK_OUTCOME_FAILED;
    outcome->error = is_stored ? RLK_OK : RLK_E_FILE_NOT_WRITTEN;
}

static void on_keep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (!begin(run, operation, outcome)) {
        return;
    }
    /* A dry run never gets here; if it did, this would end it. */
    outcome->error =
        run->arguments->dry_run ? RLK_E_COPY_NOT_WRITTEN : kept_save(run->kept, &run->session, run->output);
    run->host_error = outcome->error;
    outcome->kind = outcome->error == RLK_OK ? RLK_OUTCOME_OK : RLK_OUTCOME_FAILED;
}

static void observe(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (operation->kind == RLK_OPERATION_DONE) {
        trace_operation(run->trace, operation);
    } else {
        trace_outcome(run->trace, operation, outcome);
    }
}

const struct rlk_operation *run_wish(struct run *run, const struct rlk_wish *wish)
{
    const struct rlk_host host = {
        .context = run,
        .control = on_control,
        .select_alternate = on_select,
        .sleep = on_sleep,
        .reopen = on_reopen,
        .ask = on_ask,
        .record = on_record,
        .fetch = on_fetch,
        .store = on_store,
        .keep = on_keep,
        .observe = observe,
    };
    run->transport->tick = tick;
    run->transport->tick_context = run;
    rlk_session_init(&run->session, wish);
    return rlk_drive(&run->session, &host);
}
