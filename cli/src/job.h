/*
 * From a wish to an exit code: find the device, know what the journal knows, run, say how it ended.
 */
#ifndef RELOCK_CLI_JOB_H
#define RELOCK_CLI_JOB_H

#include "file.h"
#include "output_file.h"
#include "run.h"

struct job {
    const struct arguments *arguments;
    struct output *output;
    struct rlk_wish wish;
    enum ending_kind kind;
    const struct firmware *firmware; /* NULL if the job has none */
    struct output_file *store;       /* READ */
    bool shows_findings;
    /* May be NULL: called after a session that ended well, before the ending is said, and may still make it fail. */
    enum rlk_error (*on_success)(const struct job *job, const struct rlk_session *session);
};

int job_run(const struct job *job);

#endif
