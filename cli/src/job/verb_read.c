#include "job/job.h"
#include "output/text.h"
#include "verbs.h"
#include <inttypes.h>

#define FLASH_ADDR 0x08000000U /* where main flash begins on every family known so far */

static enum rlk_error keep(const struct job *job, const struct rlk_session *session)
{
    char name[128];
    char size[32];
    char text[256];
    (void)session;
    enum rlk_error error = output_file_keep(job->store);
    if (error != RLK_OK) {
        return error;
    }
    text_clean(name, sizeof name, job->store->path);
    text_bytes(size, sizeof size, job->wish.read_bytes);
    snprintf(text, sizeof text, "Read %s from 0x%08" PRIx32 " into %s.", size, job->wish.read_addr, name);
    job->output->functions->notice(job->output, text);
    return RLK_OK;
}

int verb_read(const struct arguments *arguments, struct output *output)
{
    if (arguments->word_count != 1 || !arguments->has_size) {
        fputs("relock: read wants a file and --size: `relock read FILE --size 64K`\n", stderr);
        return EXIT_USAGE;
    }
    struct output_file file;
    enum rlk_error error = output_file_begin(&file, arguments->words[0]);
    if (error != RLK_OK) {
        return end_early(output, error, arguments->words[0]);
    }
    struct job job = {
        .arguments = arguments,
        .output = output,
        .wish = {.job = RLK_JOB_READ,
                 .family = arguments->family,
                 .read_addr = arguments->has_address ? arguments->address : FLASH_ADDR,
                 .read_bytes = arguments->size_bytes},
        .kind = ENDING_OF_READ,
        .store = &file,
        .on_success = keep,
    };
    int exit_code = job_run(&job);
    output_file_drop(&file);
    return exit_code;
}
