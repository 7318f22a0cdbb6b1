/*
 * Why an option block would keep a device from being updated again: all reasons, where the core names the first.
 */
#ifndef RELOCK_CLI_DOOR_H
#define RELOCK_CLI_DOOR_H

#include "relock/options.h"
#include <stdbool.h>
#include <stddef.h>

#define DOOR_REASONS_MAX 8U

struct door {
    enum rlk_error error;                 /* RLK_OK: open; otherwise the first reason's */
    const char *fields[DOOR_REASONS_MAX]; /* the reference manual's names; static */
    size_t count;
};

/* Judges `block` (chip->options_bytes, any level) as it would be at level 1, for this way back. */
void door_judge(struct door *door, const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back);

/* Is it write protection or PCROP, which a device needs help by wire to lose? */
bool door_field_is_protection(const char *field);

/* "nBOOT1, WRP1A_STRT" */
void door_text(const struct door *door, char *text, size_t room);

#endif
