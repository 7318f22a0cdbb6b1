#include "job/job.h"
#include "verbs.h"

int verb_info(const struct arguments *arguments, struct output *output)
{
    struct job job = job_look(arguments, output);
    job.shows_findings = true;
    return job_run(&job);
}
