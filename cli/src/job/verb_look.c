#include "job/job.h"
#include "verbs.h"

static struct job look(const struct arguments *arguments, struct output *output)
{
    return (struct job){
        .arguments = arguments,
        .output = output,
        .wish = {.job = RLK_JOB_LOOK, .family = arguments->family},
        .kind = ENDING_OF_LOOK,
    };
}

int verb_info(const struct arguments *arguments, struct output *output)
{
    struct job job = look(arguments, output);
    job.shows_findings = true;
    return job_run(&job);
}
