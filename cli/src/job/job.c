#include "job/job.h"
#include "output/exit_code.h"
#include "output/prompt.h"
#include "system/interrupt.h"
#include "verbs.h"
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int end_early(struct output *output, enum rlk_error error, const char *file)
{
    struct ending_view view = {
        .kind = ENDING_OF_TOOL,
        .ending = error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE,
        .error = error,
        .action = rlk_error_action(error),
        .exit_code = error == RLK_OK ? EXIT_DONE : (int)exit_code_of_error(error),
        .file = file,
    };
    /* Nothing was begun yet, so nothing can be parked. */
    view.exit_code = view.exit_code == EXIT_PARKED ? EXIT_REFUSED : view.exit_code;
    output->functions->ending(output, &view);
    return view.exit_code;
}

/* What is remembered under a port belongs to this device only as long as its serial number does not say otherwise. */
static bool is_of_this_device(const struct rlk_journal_entry *entry, const struct transport *transport)
{
    return !rlk_serial_is_unique(entry->serial) || strcmp(entry->serial, transport->serial) == 0;
}

static enum rlk_error load_journal(struct transport *transport, struct rlk_journal_entry *entry)
{
    enum rlk_error error = journal_load(&transport->key, entry);
    if (error != RLK_OK || entry->phase != RLK_JOURNAL_NONE || transport->second_key.text[0] == '\0') {
        return error;
    }
    error = journal_load(&transport->second_key, entry);
    if (error != RLK_OK) {
        transport->key = transport->second_key;
        return error;
    }
    if (journal_is_begun(entry) && is_of_this_device(entry, transport)) {
        transport->key = transport->second_key;
    } else {
        *entry = (struct rlk_journal_entry){0};
    }
    return RLK_OK;
}

static enum rlk_error prepare_journal(const struct job *job, struct transport *transport,
                                      struct rlk_journal_entry *entry)
{
    static const bool changes[RLK_JOBS] = {[RLK_JOB_WRITE] = true,
                                           [RLK_JOB_UPDATE] = true,
                                           [RLK_JOB_UNPROTECT] = true,
                                           [RLK_JOB_PROTECT] = true,
                                           [RLK_JOB_OPTIONS] = true};
    bool is_change = changes[job->wish.job];
    if (is_change && !job->arguments->new_job) {
        return load_journal(transport, entry);
    }
    *entry = (struct rlk_journal_entry){0};
    if (!is_change || job->arguments->dry_run) {
        return RLK_OK;
    }
    job->output->functions->notice(job->output, "--new-job: what the journal knows of this device is not used; it is "
                                                "replaced as soon as this job begins.");
    return RLK_OK;
}

/* Names the file, so that a person can look at it. */
static int end_with_bad_journal(const struct job *job, const struct transport *transport, enum rlk_error error)
{
    char path[PATH_MAX];
    if (!journal_path(&transport->key, path, sizeof path)) {
        path[0] = '\0';
    }
    job->output->functions->notice(job->output, "--new-job begins without the journal's entry and replaces it.");
    return end_early(job->output, error, path);
}

static enum rlk_error error_of(const struct run *run, const struct rlk_operation *done)
{
    bool was_stopped = done->ending == RLK_ENDING_NOT_DONE && interrupt_was_asked();
    enum rlk_error error = run->host_error != RLK_OK ? run->host_error : done->error;
    return was_stopped ? RLK_E_INTERRUPTED : error;
}

static enum rlk_action action_of(const struct run *run, const struct rlk_operation *done, enum rlk_error error)
{
    enum rlk_action action = done->action != RLK_ACTION_NONE ? done->action : rlk_session_next_action(&run->session);
    bool is_of_error = action == RLK_ACTION_NONE || error == RLK_E_INTERRUPTED || run->host_error != RLK_OK;
    return is_of_error ? rlk_error_action(error) : action;
}

static void say_where_things_stand(const struct job *job, bool was_begun)
{
    static const char *const texts[RLK_JOBS] = {
        [RLK_JOB_WRITE] = "Interrupted. What was to be erased or written may be half done now: that is expected. The "
                          "same command looks at what is there, and goes on.",
        [RLK_JOB_PROTECT] = "Interrupted. The protection may be set already; the same command looks, and goes on.",
        [RLK_JOB_OPTIONS] = "Interrupted. The option bytes may be written already; the same command looks, and goes "
                            "on.",
    };
    const char *text = texts[job->wish.job] != NULL
                           ? texts[job->wish.job]
                           : "Interrupted. The device may be empty or half written now: that is expected. The journal "
                             "knows the job, and the same command goes on with it.";
    job->output->functions->notice(job->output,
                                   was_begun ? text : "Interrupted before anything was erased or written.");
}

/* Confirm judges and asks, and sends nothing: what ends there is refused, whatever kind of failure it is elsewhere. */
static bool was_refused(const struct ending_view *view)
{
    return view->ending == RLK_ENDING_NOT_DONE && view->fault->error == view->error &&
           view->fault->stage == RLK_STAGE_CONFIRM && !view->was_begun;
}

static enum exit_code exit_code_of(const struct run *run, const struct ending_view *view)
{
    const enum exit_code code = was_refused(view) ? EXIT_REFUSED : exit_code_of_ending(view->ending, view->error);
    if (view->error == RLK_E_INTERRUPTED) {
        return view->was_begun ? EXIT_PARKED : EXIT_REFUSED;
    }
    /* "Refused" and "no device" promise that nothing was lost. */
    const bool promises_no_loss = code == EXIT_REFUSED || code == EXIT_NO_DEVICE;
    return promises_no_loss && rlk_session_has_begun(&run->session) ? EXIT_PARKED : code;
}

/* The findings were shown when the claim was still believed. */
static void say_what_it_can_be(const struct job *job, const struct run *run)
{
    char text[256];
    size_t used = (size_t)snprintf(text, sizeof text, "By what it announces and by its option bytes it is: ");
    rlk_chip_label(rlk_session_findings(&run->session)->candidates, text + used, sizeof text - used);
    job->output->functions->notice(job->output, text);
}

/* The file that could not be written. */
static const char *file_of(const struct job *job, const struct run *run, const struct rlk_operation *done)
{
    if (run->host_error == RLK_E_COPY_NOT_WRITTEN && run->kept->path[0] != '\0') {
        return run->kept->path;
    }
    return done->error == RLK_E_FILE_NOT_WRITTEN && job->store != NULL ? job->store->path : NULL;
}

static int say_ending(const struct job *job, const struct run *run, const struct rlk_operation *done, bool was_begun)
{
    bool is_dry = job->arguments->dry_run && run->has_planned && done->error == RLK_E_NO_CONSENT;
    const struct rlk_chip *chip = &rlk_session_findings(&run->session)->chip;
    struct ending_view view = {
        .kind = is_dry ? ENDING_OF_DRY_RUN : job->kind,
        .ending = is_dry ? RLK_ENDING_PROVEN : done->ending,
        .error = is_dry ? RLK_OK : error_of(run, done),
        .end_protected = job->wish.end_protected,
        .was_only_looked = run->has_looked && !run->has_recorded,
        .was_begun = was_begun,
        .was_there = !was_begun && !run->has_planned,
        .needs_any_image = is_dry && !rlk_session_image_is_plausible(&run->session) && !job->wish.accept_any_image,
        .is_empty =
            job->kind == ENDING_OF_UNPROTECT && rlk_session_evidence(&run->session)->content == RLK_CONTENT_READY,
        .chip = chip->family != RLK_FAMILY_UNKNOWN ? chip->name : NULL,
        .fault = rlk_session_fault(&run->session),
        .place = job->firmware != NULL ? &job->firmware->place : NULL,
        .file = file_of(job, run, done),
        .violations = run->transport->simulated != NULL ? sim_counters(run->transport->simulated)->violations : 0,
    };
    view.action = is_dry ? RLK_ACTION_NONE : action_of(run, done, view.error);
    view.exit_code = (int)exit_code_of(run, &view);
    if (view.error == RLK_E_INTERRUPTED) {
        say_where_things_stand(job, was_begun);
    }
    job->output->functions->ending(job->output, &view);
    return view.exit_code;
}

/* The engine found the device protected and was not told how it comes back: somebody at a terminal is asked. */
static bool learns_way_back(const struct job *job, const struct rlk_operation *done, struct rlk_wish *wish)
{
    bool is_asked_for = done->error == RLK_E_NO_WAY_BACK && wish->way_back == RLK_WAY_BACK_UNSAID;
    return is_asked_for && !interrupt_was_asked() && prompt_is_possible(job->arguments) &&
           prompt_way_back(&wish->way_back);
}

/* Any number will do that another run is not likely to have. */
static uint64_t fresh_nonce(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 16;
}

/* This very job was begun on this very device: what it takes to end it is not refused. */
static bool goes_on(const struct rlk_journal_entry *entry, const struct rlk_wish *wish)
{
    struct rlk_session session;
    rlk_session_init(&session, wish);
    return journal_is_begun(entry) && entry->image_digest == rlk_session_job_digest(&session);
}

/* Looks at the device, and completes the wish. False: it ended here, and `*exit_code` says how. */
static bool prepare_wish(const struct job *job, struct run *run, struct rlk_wish *wish, int *exit_code)
{
    const struct rlk_wish look = {.job = RLK_JOB_LOOK, .family = wish->family};
    const struct rlk_operation *done = job->prepare != NULL ? run_wish(run, &look) : NULL;
    if (done != NULL && done->error != RLK_OK) {
        *exit_code = say_ending(job, run, done, false);
        return false;
    }
    const enum rlk_error error = done != NULL ? job->prepare(job, rlk_session_findings(&run->session), wish) : RLK_OK;
    if (error != RLK_OK) {
        *exit_code = end_early(job->output, error, NULL);
    }
    return error == RLK_OK;
}

static int run_on(const struct job *job, struct transport *transport, struct trace *trace)
{
    struct rlk_journal_entry entry;
    struct copies copies = {.keys = {transport->key, transport->second_key}};
    enum rlk_error error = prepare_journal(job, transport, &entry);
    if (error != RLK_OK) {
        return end_with_bad_journal(job, transport, error);
    }
    if (job->unless_begun != RLK_OK && !goes_on(&entry, &job->wish)) {
        return end_early(job->output, job->unless_begun, NULL);
    }
    struct rlk_wish wish = job->wish;
    wish.journal = entry.phase != RLK_JOURNAL_NONE ? &entry : NULL;
    wish.nonce = fresh_nonce();
    wish.erases_whole_sectors = wish.erases_whole_sectors || job->arguments->whole_sectors;
    struct kept kept;
    kept_begin(&kept, &wish, job->arguments, &copies);
    struct run run = {.arguments = job->arguments,
                      .output = job->output,
                      .transport = transport,
                      .trace = trace,
                      .store = job->store != NULL ? job->store->stream : NULL,
                      .kept = &kept,
                      .shows_findings = job->shows_findings};
    run_init(&run);
    int exit_code = EXIT_DONE;
    if (!prepare_wish(job, &run, &wish, &exit_code)) {
        kept_end(&kept, &run.session, RLK_ENDING_NOT_DONE, job->output);
        return exit_code;
    }
    const struct rlk_operation *done = run_wish(&run, &wish);
    while (learns_way_back(job, done, &wish)) {
        done = run_wish(&run, &wish);
    }
    if (done->error == RLK_E_CHIP_CONTRADICTS_CLAIM && run.has_shown_findings) {
        say_what_it_can_be(job, &run);
    }
    /* What it announces is known from identify on, be it enough to tell its family or not. */
    bool knows_device = rlk_session_findings(&run.session)->transfer_bytes > 0;
    if (knows_device && job->shows_findings && !run.has_shown_findings) {
        job->output->functions->findings(job->output, rlk_session_findings(&run.session));
    }
    struct rlk_operation last = *done;
    last.action = RLK_ACTION_NONE;
    if (last.ending == RLK_ENDING_PROVEN && job->on_success != NULL) {
        last.error = job->on_success(job, &run.session);
        last.ending = last.error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE;
        last.action = last.error == RLK_OK ? RLK_ACTION_NONE : job->mend;
    }
    if (last.ending != RLK_ENDING_PROVEN && job->on_failure != NULL) {
        job->on_failure(job, &run.session);
    }
    const bool was_begun = rlk_session_has_begun(&run.session) || journal_is_begun(&entry);
    kept_end(&kept, &run.session, last.ending, job->output);
    return say_ending(job, &run, &last, was_begun);
}

/* No device, but the journal knows of one that was erased and has not come back: that is the one to look for. */
static void hint_at_parked_job(const struct job *job)
{
    struct journal_key key;
    struct rlk_journal_entry entry;
    char text[256];
    if (journal_find_begun(&key, &entry)) {
        snprintf(text, sizeof text, "The journal knows of a job that was begun and waits for its device (%s): %s",
                 key.text,
                 rlk_action_sentence(entry.way_back == RLK_WAY_BACK_BOOT0 ? RLK_ACTION_HOLD_BOOT0_AND_REPLUG
                                                                          : RLK_ACTION_REPLUG));
        job->output->functions->notice(job->output, text);
    }
}

struct job job_look(const struct arguments *arguments, struct output *output)
{
    return (struct job){
        .arguments = arguments,
        .output = output,
        .wish = {.job = RLK_JOB_LOOK, .family = arguments->family},
        .kind = ENDING_OF_LOOK,
    };
}

struct job job_change(const struct arguments *arguments, struct output *output, enum rlk_job job, enum ending_kind kind)
{
    return (struct job){
        .arguments = arguments,
        .output = output,
        .wish = {.job = job,
                 .way_back = arguments->way_back,
                 .family = arguments->family,
                 .allow_experimental = arguments->family != RLK_FAMILY_UNKNOWN,
                 .trustzone_is_off = arguments->trustzone_is_off,
                 .accept_any_image = arguments->any_image,
                 .poll = arguments->poll},
        .kind = kind,
        .shows_findings = true,
    };
}

int job_run(const struct job *job)
{
    struct trace trace;
    struct transport transport;
    if (!trace_open(&trace, job->arguments->trace)) {
        return end_early(job->output, RLK_E_FILE_NOT_WRITTEN, job->arguments->trace);
    }
    job->output->kind = job->kind;
    enum rlk_error error = job->arguments->sim != NULL ? sim_transport_start(&transport, job->arguments, job->output)
                                                       : usb_transport_start(&transport, job->arguments, job->output);
    int exit_code = EXIT_DONE;
    if (error == RLK_E_NO_DEVICE && job->arguments->sim == NULL) {
        hint_at_parked_job(job);
    }
    if (error != RLK_OK) {
        exit_code = end_early(job->output, error, NULL);
    } else {
        exit_code = run_on(job, &transport, &trace);
        transport.finish(transport.context);
    }
    if (!trace_close(&trace)) {
        fputs("relock: the trace cannot be written\n", stderr);
        exit_code = exit_code == EXIT_DONE ? EXIT_FAILED : exit_code;
    }
    return exit_code;
}
