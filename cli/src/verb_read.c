#include "job.h"
#include "text.h"
#include "verbs.h"
#include <inttypes.h>
#include <limits.h>
#include <unistd.h>

#define FLASH_ADDR 0x08000000U /* where main flash begins on every family known so far */

static void say_what_was_read(const struct job *job, const struct rlk_session *session)
{
    char name[128];
    char size[32];
    char text[256];
    (void)session;
    text_clean(name, sizeof name, job->store_name);
    text_bytes(size, sizeof size, job->wish.read_bytes);
    snprintf(text, sizeof text, "Read %s from 0x%08" PRIx32 " into %s.", size, job->wish.read_addr, name);
    job->output->functions->notice(job->output, text);
}

/* The file appears only when all of it is there. */
static int read_into(struct job *job, const char *fresh)
{
    job->store = fopen(fresh, "wb");
    if (job->store == NULL) {
        return end_early(job->output, RLK_E_FILE_NOT_WRITTEN, job->store_name);
    }
    int exit_code = job_run(job);
    bool is_written = fclose(job->store) == 0;
    if (exit_code == EXIT_DONE && (!is_written || rename(fresh, job->store_name) != 0)) {
        exit_code = end_early(job->output, RLK_E_FILE_NOT_WRITTEN, job->store_name);
    }
    if (exit_code != EXIT_DONE) {
        unlink(fresh);
    }
    return exit_code;
}

int verb_read(const struct arguments *arguments, struct output *output)
{
    if (arguments->word_count != 1 || !arguments->has_size) {
        fputs("relock: read wants a file and --size: `relock read FILE --size 64K`\n", stderr);
        return EXIT_USAGE;
    }
    char fresh[PATH_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s.part", arguments->words[0]);
    if (length <= 0 || (size_t)length >= sizeof fresh) {
        return end_early(output, RLK_E_FILE_NOT_WRITTEN, arguments->words[0]);
    }
    struct job job = {
        .arguments = arguments,
        .output = output,
        .wish = {.job = RLK_JOB_READ,
                 .family = arguments->family,
                 .read_addr = arguments->has_address ? arguments->address : FLASH_ADDR,
                 .read_bytes = arguments->size_bytes},
        .kind = ENDING_OF_READ,
        .store_name = arguments->words[0],
        .on_success = say_what_was_read,
    };
    return read_into(&job, fresh);
}
