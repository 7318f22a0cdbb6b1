/*
 * What no session may ever do, whatever its device and its host answer: watched from outside, operation by operation,
 * and stated again without a look at the gate or the stages.
 */
#ifndef RELOCK_FUZZ_LAWS_H
#define RELOCK_FUZZ_LAWS_H

#include "relock/session.h"

struct laws {
    struct rlk_session *session;
    uint32_t operations;
    uint64_t slept_ms;
    uint32_t permille;
    bool has_yes;         /* to the plan, since the device was opened, and not spent */
    bool has_spent;       /* 0x92 was sent in this session */
    bool erasing_is_kept; /* the record that 0x92 needs, after that yes */
    bool sealing_is_kept; /* the record that an option write needs, since the device was opened */
    bool needs_reopen;    /* a transfer was lost */
    bool pointer_is_known;
    uint32_t pointer_addr; /* the last SET ADDRESS, if nothing has moved it since */
};

/* Before the session's first operation. `session` outlives the laws. */
void laws_begin(struct laws *laws, struct rlk_session *session);

/* Sees every operation with its outcome, before the session is told of it; also the last, done. Aborts by fuzz_demand.
 */
void laws_watch(struct laws *laws, const struct rlk_operation *operation, const struct rlk_outcome *outcome);

#endif
