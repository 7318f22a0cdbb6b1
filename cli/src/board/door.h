/*
 * Why the option blocks of a device would keep it from being updated again: all reasons, where the core names the
 * first.
 */
#ifndef RELOCK_CLI_DOOR_H
#define RELOCK_CLI_DOOR_H

#include "relock/session.h"
#include <stdbool.h>
#include <stddef.h>

#define DOOR_REASONS_MAX 8U
#define DOOR_TEXT_BYTES  400U

struct door {
    enum rlk_error error;                 /* RLK_OK: open; otherwise the first reason's */
    const char *fields[DOOR_REASONS_MAX]; /* the reference manual's names; static. Of the second block the first */
    size_t count;
    bool is_uncertain; /* no field closes it, but only some of the families that the device can be have this way */
};

/* Judges the first block (read, whole, at any level) as it would be at level 1, for this way back, and the second one
 * as it is, if it was read. */
void door_judge(struct door *door, const struct rlk_findings *found, enum rlk_way_back way_back);

/* Is it write protection or PCROP, which a device needs help by wire to lose? */
bool door_field_is_protection(const char *field);

/* "nBOOT1, WRP1A_STRT" */
void door_text(const struct door *door, char *text, size_t room);

/* Of the families that the device can be, one at least returns because its flash is empty. */
bool door_has_empty_check(const struct rlk_findings *found);
/* Which of them do and which do not, where that is not certain. `text` has DOOR_TEXT_BYTES. */
void door_uncertainty_text(const struct rlk_findings *found, char *text);

#endif
