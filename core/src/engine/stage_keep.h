/*
 * Keep: the steps with which the stage erase begins. What else is in a sector that must be erased, outside the image's
 * segments, is read into the caller's room, and becomes ranges that are written and verified like segments.
 *
 * Invariants: a sector is looked at once, before its first erase, and its first (confirmed) reading counts from then
 * on; a range lies in one sector, outside the image, and begins and ends with whole units of programming; nothing is
 * erased before the host has taken note of all ranges.
 */
#ifndef RELOCK_STAGE_KEEP_H
#define RELOCK_STAGE_KEEP_H

#include "engine/stage.h"

/* The first steps of the stage erase; its own begin behind them. */
enum { RLK_KEEP_NEXT, RLK_KEEP_IDLE, RLK_KEEP_ADDRESS, RLK_KEEP_READ, RLK_KEEP_HOLD, RLK_KEEP_STEPS };

/* When the device was opened anew: what was read before anything was changed is read again, of what may be another
 * device; what is kept of sectors that may be erased by now stays. After a regression there is nothing to keep. */
void rlk_keep_review(struct rlk_session *session);

/* A new visit to the stage: a sector that was looked at in part is looked at anew. */
void rlk_keep_begin(struct rlk_session *session);

/* The next piece of a sector to look at. */
void rlk_keep_issue_next(struct rlk_session *session);
void rlk_keep_on_next(struct rlk_session *session, const struct rlk_result *result);
void rlk_keep_issue_address(struct rlk_session *session);
/* A block of it, in the first reading or in the second. */
void rlk_keep_issue_read(struct rlk_session *session);
void rlk_keep_on_read(struct rlk_session *session, const struct rlk_result *result);
/* The host takes note of it all. */
void rlk_keep_issue_hold(struct rlk_session *session);
void rlk_keep_on_hold(struct rlk_session *session, const struct rlk_result *result);

#endif
