/*
 * What else is in the sectors that a job erases: the room in which the session keeps it, and a copy on disk, beside the
 * journal, for as long as the device is not known to have it again.
 */
#ifndef RELOCK_CLI_KEPT_H
#define RELOCK_CLI_KEPT_H

#include "job/copies.h"
#include "output/output.h"
#include "relock/session.h"
#include <limits.h>

struct kept {
    const struct arguments *arguments;
    struct copies copies; /* of this device, or of what was at its port */
    uint8_t *room;        /* NULL: none */
    bool has_copy;
    char path[PATH_MAX];    /* of this run's own copy, or of the one that could not be written; or empty */
    char written[PATH_MAX]; /* of the earlier copy that this job writes; empty if it writes another file */
    bool has_told;
};

/* Gives the wish room, if it is one that may erase sectors and whose user has not said that they may be lost. Without
 * memory there is none, and what is there is not erased. The file that `relock write` is to write may be a copy: it
 * needs no vector table. `copies` says under which names the device is remembered. */
void kept_begin(struct kept *kept, struct rlk_wish *wish, const struct arguments *arguments,
                const struct copies *copies);

/* The protection is known: names, once, what earlier runs have left, and what it is good for now. */
void kept_tell(struct kept *kept, const struct rlk_session *session, struct output *output);

/* RLK_E_KEPT_NOT_BACK if the job would protect a device that may not have again what an earlier run has kept. */
enum rlk_error kept_judge(const struct kept *kept, const struct rlk_session *session);

/* The copy, an Intel HEX file under a name of its own, durable when it returns RLK_OK, and said. Another call replaces
 * it. None of a device that is not remembered: it does not outlive the run. May fail with RLK_E_COPY_NOT_WRITTEN;
 * `path` says where. */
enum rlk_error kept_save(struct kept *kept, const struct rlk_session *session, struct output *output);

/* The session is over. A copy goes if the device has it all, or never lost it, and that is said; otherwise it is said
 * how it is brought back. */
void kept_end(struct kept *kept, const struct rlk_session *session, enum rlk_stage ending, struct output *output);

#endif
