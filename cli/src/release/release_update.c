#include "job/job.h"
#include "job/journal_store.h"
#include "release/release_load.h"
#include "release/release_verbs.h"
#include "release/release_view.h"
#include "release/trusted_keys.h"
#include "system/durable.h"
#include "system/times.h"
#include <sodium.h>
#include <stdlib.h>

/* What a release says cannot be said beside it. */
static bool says_only_release(const struct arguments *arguments)
{
    const struct {
        const char *name;
        bool is_said;
    } rows[] = {
        {"FILE", arguments->word_count > 0},
        {"--protect", arguments->protect_said},
        {"--return", arguments->way_back != RLK_WAY_BACK_UNSAID},
        {"--address", arguments->has_address},
        {"--family", arguments->maker.families != 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].is_said) {
            maker_usage("%s comes from the release; do not say it together with --release", rows[i].name);
            return false;
        }
    }
    if (arguments->maker.is_unsigned && arguments->maker.keys.count > 0) {
        maker_usage("--unsigned means that no signature is checked; do not say it together with --key");
        return false;
    }
    return maker_says_all_once(arguments);
}

static enum rlk_error load(struct loaded_release *loaded, struct source *source, const struct arguments *arguments,
                           struct output *output, struct problem *problem)
{
    struct key_ring ring;
    bool is_unsigned = arguments->maker.is_unsigned;
    const struct release_terms terms = {.trusted = is_unsigned ? NULL : &ring, .recalls = true, .now_s = times_now_s()};
    enum rlk_error error =
        is_unsigned ? problem_set(problem, RLK_OK, NULL) : trusted_keys_load(&ring, arguments, problem);
    if (error == RLK_OK) {
        error = source_open(source, maker_text(&arguments->maker.release), output, problem);
    }
    return error == RLK_OK ? release_load(loaded, source, &terms, problem) : error;
}

static void say_no_place(struct output *output)
{
    char folder[PATH_MAX];
    if (!durable_folder(folder, sizeof folder)) {
        maker_say(output, "There is no place to remember releases in: neither XDG_STATE_HOME nor HOME names a folder.");
    }
}

/* What was verified is remembered also of what is refused: what a maker withdrew or revoked, no host takes back. */
static enum rlk_error remember(const struct loaded_release *loaded, const char *name, enum rlk_error error,
                               struct output *output, struct problem *problem)
{
    char path[PATH_MAX];
    enum rlk_error kept = release_remember(loaded, name);
    if (kept == RLK_OK) {
        return error;
    }
    seen_path(name, path, sizeof path);
    if (error == RLK_OK && loaded->objection.error == RLK_OK) {
        return problem_set(problem, kept, path);
    }
    maker_say(output, "What was seen of this release could not be remembered: %s", path);
    return error;
}

/* An objection ends it at once, unless some job waits for its end: which one, is seen when the device is there. */
static enum rlk_error object(const struct loaded_release *loaded, const struct arguments *arguments,
                             struct output *output, struct problem *problem)
{
    const struct problem *objection = &loaded->objection;
    if (objection->error == RLK_OK) {
        return RLK_OK;
    }
    if (arguments->new_job || !journal_has_begun()) {
        *problem = *objection;
        return objection->error;
    }
    maker_say(output, "%s A job that was begun with this very release may still be ended with it.",
              rlk_error_sentence(objection->error));
    return RLK_OK;
}

static int run(const struct loaded_release *loaded, const struct arguments *arguments, struct output *output)
{
    struct job job = {
        .arguments = arguments,
        .output = output,
        .wish = {.job = RLK_JOB_UPDATE,
                 .accept_any_image = arguments->any_image,
                 .poll = arguments->poll,
                 .serial = arguments->serial,
                 .image = &loaded->firmware.image},
        .kind = ENDING_OF_UPDATE,
        .firmware = &loaded->firmware,
        .shows_findings = true,
        .unless_begun = loaded->objection.error,
    };
    rlk_release_wish(&loaded->release, &job.wish);
    return job_run(&job);
}

static int load_and_run(struct loaded_release *loaded, const struct arguments *arguments, struct output *output)
{
    struct problem problem;
    struct source source = {0};
    enum rlk_error error = load(loaded, &source, arguments, output, &problem);
    if (!arguments->dry_run) {
        error = remember(loaded, source.name, error, output, &problem);
    }
    if (error == RLK_E_RELEASE_MEMORY_DAMAGED) {
        say_no_place(output);
    }
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    release_view_short(arguments, output, loaded);
    error = object(loaded, arguments, output, &problem);
    return error == RLK_OK ? run(loaded, arguments, output) : problem_end(&problem, output);
}

int update_release(const struct arguments *arguments, struct output *output)
{
    if (!says_only_release(arguments)) {
        return EXIT_USAGE;
    }
    struct loaded_release *loaded = calloc(1, sizeof *loaded);
    if (loaded == NULL || sodium_init() < 0) {
        free(loaded);
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    int exit_code = load_and_run(loaded, arguments, output);
    release_free(loaded);
    free(loaded);
    return exit_code;
}
