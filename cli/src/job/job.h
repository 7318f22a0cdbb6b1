/*
 * From a wish to an exit code: find the device, know what the journal knows, run, say how it ended.
 */
#ifndef RELOCK_CLI_JOB_H
#define RELOCK_CLI_JOB_H

#include "job/file.h"
#include "job/run.h"
#include "system/output_file.h"

struct job {
    const struct arguments *arguments;
    struct output *output;
    struct rlk_wish wish;
    enum ending_kind kind;
    /* May be NULL: the device is looked at first, and this completes the wish by what was found, or says why it cannot.
     * What it points the wish to is the verb's. */
    enum rlk_error (*prepare)(const struct job *job, const struct rlk_findings *found, struct rlk_wish *wish);
    void *context;                   /* the verb's own */
    const struct firmware *firmware; /* NULL if the job has none */
    struct output_file *store;       /* READ */
    bool shows_findings;
    /* Why a new job may not begin, or RLK_OK: only one that the journal knows as begun may go on. */
    enum rlk_error unless_begun;
    /* May be NULL: called after a session that ended well, before the ending is said, and may still make it fail. */
    enum rlk_error (*on_success)(const struct job *job, const struct rlk_session *session);
    enum rlk_action mend; /* the next action where on_success made it fail; NONE: the one of its error */
    /* May be NULL: called after a session that did not end well, before the ending is said: what helps to mend it. */
    void (*on_failure)(const struct job *job, const struct rlk_session *session);
};

/* A job that looks and changes nothing; what is done with what was found is the caller's. */
struct job job_look(const struct arguments *arguments, struct output *output);

/* A job that may change the device; what is particular about it is the caller's. */
struct job job_change(const struct arguments *arguments, struct output *output, enum rlk_job job,
                      enum ending_kind kind);

int job_run(const struct job *job);

#endif
