/*
 * The blocking loop over a session: the one that libusb, the simulator and the tests share.
 */
#ifndef RELOCK_DRIVE_H
#define RELOCK_DRIVE_H

#include "relock/session.h"

/* A host: functions that do operations. Each fills `outcome` (zeroed before) and may block. `buffer` has room for
 * RLK_BLOCK_BYTES_MAX bytes and stays valid until the next call: IN data and fetched bytes go there. */
struct rlk_host {
    void *context; /* handed to every function */
    void (*control)(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome);
    void (*select_alternate)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*sleep)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*reopen)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*ask)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*record)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*fetch)(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome);
    void (*store)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    /* May be NULL: there is no durable place but the room that the wish gave. */
    void (*keep)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    /* May be NULL: sees every operation with its outcome, before the session does (transcripts, progress). */
    void (*observe)(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome);
};

/* Runs the session to its end. Returns the DONE operation. */
const struct rlk_operation *rlk_drive(struct rlk_session *session, const struct rlk_host *host);

/* The fetch function for a host that holds the image in memory: context is not used; reads session's image. */
void rlk_fetch_from_image(const struct rlk_image *image, const struct rlk_operation *operation, uint8_t *buffer,
                          struct rlk_outcome *outcome);

#endif
