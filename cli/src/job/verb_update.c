#include "job/job.h"
#include "output/prompt.h"
#include "release/release_verbs.h"
#include "system/interrupt.h"

static bool has_one_file(const struct arguments *arguments)
{
    if (arguments->word_count == 1) {
        return true;
    }
    fprintf(stderr, "relock: %s wants one firmware file; `relock %s --help` shows the form\n",
            verb_name(arguments->verb), verb_name(arguments->verb));
    return false;
}

/* Only what the file itself is wrong with comes before the question. */
static enum rlk_error settle_protection(struct job *job)
{
    const struct arguments *arguments = job->arguments;
    if (job->wish.job != RLK_JOB_UPDATE || arguments->protect_said) {
        return RLK_OK;
    }
    if (prompt_is_possible(arguments) && prompt_protection(&job->wish.end_protected)) {
        return RLK_OK;
    }
    return interrupt_was_asked() ? RLK_E_INTERRUPTED : RLK_E_PROTECT_NOT_SAID;
}

static int end_with_bad_file(const struct job *job, const struct firmware *firmware, const char *path,
                             enum rlk_error error)
{
    struct ending_view view = {
        .kind = ENDING_OF_TOOL,
        .ending = RLK_ENDING_NOT_DONE,
        .error = error,
        .action = rlk_error_action(error),
        .exit_code = (int)exit_code_of_error(error),
        .place = &firmware->place,
        .file = path,
    };
    job->output->functions->ending(job->output, &view);
    return view.exit_code;
}

static int run_with_firmware(struct job *job, const struct firmware *firmware)
{
    enum rlk_error error = settle_protection(job);
    if (error != RLK_OK) {
        return end_early(job->output, error, NULL);
    }
    job->firmware = firmware;
    job->wish.image = &firmware->image;
    return job_run(job);
}

static int run_with_file(struct job *job, const char *path)
{
    struct firmware firmware;
    enum rlk_error error = firmware_load(&firmware, path, job->arguments);
    int exit_code =
        error == RLK_OK ? run_with_firmware(job, &firmware) : end_with_bad_file(job, &firmware, path, error);
    firmware_free(&firmware);
    return exit_code;
}

int verb_write(const struct arguments *arguments, struct output *output)
{
    if (!has_one_file(arguments)) {
        return EXIT_USAGE;
    }
    struct job job = job_change(arguments, output, RLK_JOB_WRITE, ENDING_OF_WRITE);
    return run_with_file(&job, arguments->words[0]);
}

int verb_verify(const struct arguments *arguments, struct output *output)
{
    if (!has_one_file(arguments)) {
        return EXIT_USAGE;
    }
    struct job job = job_change(arguments, output, RLK_JOB_VERIFY, ENDING_OF_VERIFY);
    return run_with_file(&job, arguments->words[0]);
}

int verb_unprotect(const struct arguments *arguments, struct output *output)
{
    struct job job = job_change(arguments, output, RLK_JOB_UNPROTECT, ENDING_OF_UNPROTECT);
    return job_run(&job);
}

int verb_protect(const struct arguments *arguments, struct output *output)
{
    struct job job = job_change(arguments, output, RLK_JOB_PROTECT, ENDING_OF_PROTECT);
    return job_run(&job);
}

int verb_update(const struct arguments *arguments, struct output *output)
{
    if (arguments->maker.release.count > 0) {
        return update_release(arguments, output);
    }
    if (arguments->maker.keys.count > 0 || arguments->maker.is_unsigned) {
        fputs("relock: --key and --unsigned belong to --release\n", stderr);
        return EXIT_USAGE;
    }
    if (!has_one_file(arguments)) {
        return EXIT_USAGE;
    }
    struct job job = job_change(arguments, output, RLK_JOB_UPDATE, ENDING_OF_UPDATE);
    job.wish.end_protected = arguments->protect_on;
    return run_with_file(&job, arguments->words[0]);
}
