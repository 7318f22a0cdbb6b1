/*
 * What else is in the sectors that a job erases: the room in which the session keeps it, and a copy on disk, beside the
 * journal, for as long as the device is not known to have it again.
 */
#ifndef RELOCK_CLI_KEPT_H
#define RELOCK_CLI_KEPT_H

#include "job/journal_store.h"
#include "output/output.h"
#include "relock/session.h"
#include <limits.h>

struct kept {
    uint8_t *room;       /* NULL: none */
    char path[PATH_MAX]; /* of the copy; empty if there is none */
};

/* Gives the wish room, if it is one that may erase sectors and whose user has not said that they may be lost. Without
 * memory there is none, and what is there is not erased. A copy that an earlier run on this device has left is named.
 */
void kept_begin(struct kept *kept, struct rlk_wish *wish, const struct journal_key *key, struct output *output);

/* The copy, an Intel HEX file under a name of its own, durable when it returns RLK_OK, and said. Another call replaces
 * it. None with an empty key: that device does not outlive the run. May fail with RLK_E_JOURNAL_FAILED. */
enum rlk_error kept_save(struct kept *kept, const struct journal_key *key, const struct rlk_session *session,
                         struct output *output);

/* The session is over. The copy goes if the device has it all, or never lost it; otherwise it is said where it is. */
void kept_end(struct kept *kept, const struct rlk_session *session, bool is_proven, struct output *output);

#endif
