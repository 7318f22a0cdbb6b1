/*
 * One session against one device: the operations of the engine, carried out, traced, shown, and stopped by Ctrl-C.
 */
#ifndef RELOCK_CLI_RUN_H
#define RELOCK_CLI_RUN_H

#include "arguments.h"
#include "device/trace.h"
#include "device/transport.h"
#include "job/kept.h"
#include "output/output.h"
#include "relock/session.h"
#include <stdio.h>

struct run {
    const struct arguments *arguments;
    struct output *output;
    struct transport *transport;
    struct trace *trace;
    FILE *store;         /* READ: where the bytes go */
    struct kept *kept;   /* where the wish has its room from */
    bool shows_findings; /* as soon as they are known */
    bool has_shown_findings;
    bool has_planned;            /* the plan was shown: a dry run is over */
    bool has_recorded;           /* something destructive was begun now */
    bool has_looked;             /* a finished device was looked at again */
    bool has_told_of_polling;    /* that --poll expected has no effect here */
    bool has_told_of_early_poll; /* that it has come to its end */
    enum rlk_stage last_stage;
    enum rlk_action last_meanwhile; /* said once is enough */
    enum rlk_error host_error;      /* why this side, and not the engine, has ended it; or RLK_OK */
    uint64_t kill_at, operations;   /* tests only: see docs/cli.md, "Testing" */
    struct rlk_session session;
};

/* `run` zeroed but for its pointers. */
void run_init(struct run *run);

/* Runs the wish to its end; may be called again with another wish. Returns the DONE operation. */
const struct rlk_operation *run_wish(struct run *run, const struct rlk_wish *wish);

#endif
