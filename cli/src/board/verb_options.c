#include "board/door.h"
#include "board/door_view.h"
#include "board/options_change.h"
#include "board/options_profile.h"
#include "job/job.h"
#include "output/text.h"
#include "system/output_file.h"
#include "verbs.h"
#include <string.h>

#define NAME 128U

static enum rlk_error show_options(const struct job *job, const struct rlk_session *session)
{
    const struct rlk_findings *found = rlk_session_findings(session);
    job->output->functions->options(job->output, found);
    if (found->options_were_read && rlk_options_check(&found->chip, found->options, found->options_bytes) == RLK_OK) {
        door_view(job->output, job->arguments->json, found);
    }
    return RLK_OK;
}

/* A profile is of one family's block, read whole and well-formed, of a golden unit at level 0. Some bootloaders let it
 * be read at level 1, too, where nothing is known of the unit: that is none. */
static enum rlk_error judge(const struct rlk_findings *found)
{
    if (found->chip.options_addr == 0) {
        return found->chip.refusal;
    }
    if (!rlk_options_fields_are_alike(found->candidates)) {
        return RLK_E_AMBIGUOUS_CHIP;
    }
    if (found->protection == RLK_PROTECTION_LEVEL_1) {
        return RLK_E_PROTECTED;
    }
    if (!found->options_were_read) {
        return RLK_E_OPTIONS_UNREADABLE;
    }
    return rlk_options_check(&found->chip, found->options, found->options_bytes);
}

static void warn_of_protection(const struct job *job, const struct rlk_findings *found)
{
    struct door door;
    bool is_protected = false;
    door_judge(&door, found, RLK_WAY_BACK_BOOT0);
    for (size_t i = 0; i < door.count; i++) {
        is_protected = is_protected || door_field_is_protection(door.fields[i]);
    }
    if (is_protected) {
        job->output->functions->notice(job->output, "This board has write protection or PCROP set. It is not in the "
                                                    "profile: devices that had it could not be updated.");
    }
}

static enum rlk_error save_options(const struct job *job, const struct rlk_session *session)
{
    const struct rlk_findings *found = rlk_session_findings(session);
    enum rlk_error error = judge(found);
    if (error == RLK_OK && !options_profile_write(job->store->stream, found)) {
        error = RLK_E_FILE_NOT_WRITTEN;
    }
    if (error == RLK_OK) {
        error = output_file_keep(job->store);
    }
    if (error != RLK_OK) {
        return error;
    }
    char name[NAME];
    char text[2U * NAME];
    text_clean(name, sizeof name, job->store->path);
    snprintf(text, sizeof text, "The option profile of this %s is in %s; `relock release new --options` takes it.",
             found->chip.name, name);
    job->output->functions->notice(job->output, text);
    warn_of_protection(job, found);
    return RLK_OK;
}

static int save(const struct arguments *arguments, struct output *output)
{
    struct output_file file;
    enum rlk_error error = output_file_begin(&file, arguments->words[1]);
    if (error != RLK_OK) {
        return end_early(output, error, arguments->words[1]);
    }
    struct job job = job_look(arguments, output);
    job.store = &file;
    job.on_success = save_options;
    int exit_code = job_run(&job);
    output_file_drop(&file);
    return exit_code;
}

static int usage(void)
{
    fputs("relock: `relock options` shows the option bytes, `options save FILE` keeps a profile,\n"
          "`options set NAME=VALUE...` and `options restore FILE` change them\n",
          stderr);
    return EXIT_USAGE;
}

/* What only a change has a use for. */
static bool is_plain_look(const struct arguments *arguments)
{
    return !arguments->yes && !arguments->dry_run && !arguments->new_job && arguments->way_back == RLK_WAY_BACK_UNSAID;
}

static int show(const struct arguments *arguments, struct output *output)
{
    struct job job = job_look(arguments, output);
    job.on_success = show_options;
    return job_run(&job);
}

int verb_options(const struct arguments *arguments, struct output *output)
{
    static const struct {
        const char *word;
        bool takes_file, is_look;
        int (*run)(const struct arguments *arguments, struct output *output);
    } rows[] = {
        {"save", true, true, save}, {"set", false, false, options_set}, {"restore", true, false, options_restore}};
    if (arguments->word_count == 0) {
        return is_plain_look(arguments) ? show(arguments, output) : usage();
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool suits =
            (!rows[i].takes_file || arguments->word_count == 2) && (!rows[i].is_look || is_plain_look(arguments));
        if (strcmp(arguments->words[0], rows[i].word) == 0 && suits) {
            return rows[i].run(arguments, output);
        }
    }
    return usage();
}
