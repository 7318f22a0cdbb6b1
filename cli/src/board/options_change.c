#include "board/options_change.h"
#include "board/options_profile.h"
#include "job/job.h"
#include "output/text.h"
#include "verbs.h"
#include <string.h>

#define NAME_BYTES 32U

struct wishes {
    struct rlk_option_wish items[RLK_OPTION_WISHES_MAX];
    char names[RLK_OPTION_WISHES_MAX][NAME_BYTES];
    size_t count;
};

/* "BOR_LEV=1" */
static bool take_wish(struct wishes *wishes, const char *word)
{
    const size_t length = strcspn(word, "=");
    char *name = wishes->names[wishes->count];
    struct rlk_option_wish *wish = &wishes->items[wishes->count];
    if (length == 0 || length >= NAME_BYTES || word[length] != '=' ||
        !text_to_number(&word[length + 1], &wish->value)) {
        return false;
    }
    memcpy(name, word, length);
    name[length] = '\0';
    wish->field = name;
    wishes->count++;
    return true;
}

static bool take_wishes(struct wishes *wishes, const struct arguments *arguments)
{
    for (unsigned i = 1; i < arguments->word_count; i++) {
        char shown[64];
        if (take_wish(wishes, arguments->words[i])) {
            continue;
        }
        text_clean(shown, sizeof shown, arguments->words[i]);
        fprintf(stderr, "relock: options set wants NAME=VALUE, such as BOR_LEV=1 or DATA0=0x5a, not \"%s\"\n", shown);
        return false;
    }
    if (wishes->count == 0) {
        fputs("relock: options set wants fields: `relock options set BOR_LEV=1`; `relock options` shows them\n",
              stderr);
    }
    return wishes->count > 0;
}

static bool is_rdp(const struct wishes *wishes)
{
    bool is_one = false;
    for (size_t i = 0; i < wishes->count && !is_one; i++) {
        is_one = strcmp(wishes->items[i].field, "RDP") == 0;
    }
    return is_one;
}

/* A profile's family is a claim of the file's, not of the user's. */
static void name_family(const struct job *job)
{
    char text[128];
    snprintf(text, sizeof text, "The profile is one of %s.", rlk_chip_row(job->wish.family)->name);
    job->output->functions->notice(job->output, text);
}

/* What the family has, when a name was not among them. */
static void help_out(const struct job *job, const struct rlk_session *session)
{
    const struct rlk_findings *found = rlk_session_findings(session);
    const struct rlk_fault *fault = rlk_session_fault(session);
    char text[1024];
    if (fault->error == RLK_E_CHIP_CONTRADICTS_CLAIM && job->arguments->family == RLK_FAMILY_UNKNOWN) {
        name_family(job);
    }
    uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
    struct rlk_option_field field;
    if (fault->error != RLK_E_OPTION_FIELD_UNKNOWN || fault->field == NULL) {
        return;
    }
    size_t used = (size_t)snprintf(text, sizeof text, "Fields of %s that can be set:", found->chip.name);
    for (size_t i = 0; rlk_options_field(&found->chip, block, i, &field) && used < sizeof text; i++) {
        const struct rlk_option_wish wish = {field.name, 0};
        uint8_t tried[RLK_OPTIONS_BYTES_MAX] = {0};
        if (rlk_options_apply(&found->chip, &wish, 1, tried, NULL) == RLK_OK) {
            used += (size_t)snprintf(text + used, sizeof text - used, " %s", field.name);
        }
    }
    job->output->functions->notice(job->output, text);
}

static struct job job_of(const struct arguments *arguments, struct output *output, const struct wishes *wishes)
{
    struct job job = job_change(arguments, output, RLK_JOB_OPTIONS, ENDING_OF_OPTIONS);
    job.wish.options = wishes->items;
    job.wish.option_count = wishes->count;
    job.on_failure = help_out;
    return job;
}

int options_set(const struct arguments *arguments, struct output *output)
{
    struct wishes wishes = {.count = 0};
    if (!take_wishes(&wishes, arguments)) {
        return EXIT_USAGE;
    }
    if (is_rdp(&wishes)) {
        fputs("relock: RDP is the protection itself; `relock protect` and `relock unprotect` change it\n", stderr);
        return EXIT_USAGE;
    }
    struct job job = job_of(arguments, output, &wishes);
    return job_run(&job);
}

int options_restore(const struct arguments *arguments, struct output *output)
{
    struct options_profile profile;
    struct wishes wishes = {.count = 0};
    const char *path = arguments->words[1];
    enum rlk_error error = options_profile_read(&profile, path);
    if (error == RLK_OK && arguments->family != RLK_FAMILY_UNKNOWN && arguments->family != profile.family) {
        error = RLK_E_CHIP_CONTRADICTS_CLAIM;
    }
    if (error != RLK_OK) {
        return end_early(output, error, path);
    }
    memcpy(wishes.items, profile.wishes, sizeof wishes.items);
    wishes.count = profile.count;
    struct job job = job_of(arguments, output, &wishes);
    job.wish.family = profile.family;
    return job_run(&job);
}
