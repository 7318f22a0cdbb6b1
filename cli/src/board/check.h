/*
 * Can customers update a board like this one? Yes, no, or not known, item by item. Changes nothing.
 */
#ifndef RELOCK_CLI_CHECK_H
#define RELOCK_CLI_CHECK_H

#include "relock/session.h"
#include <stdbool.h>
#include <stddef.h>

enum check_verdict {
    CHECK_FINE,
    CHECK_NOTE,    /* worth knowing, no obstacle */
    CHECK_UNKNOWN, /* cannot be told on this board as it is now */
    CHECK_OBSTACLE
};

#define CHECK_ITEMS_MAX  10U
#define CHECK_TEXT_BYTES 320U

struct check_item {
    const char *name; /* "boot0" */
    enum check_verdict verdict;
    char text[CHECK_TEXT_BYTES]; /* one or two English sentences */
};

struct check {
    enum check_verdict answer; /* FINE: yes; OBSTACLE: no; UNKNOWN */
    size_t count;
    struct check_item items[CHECK_ITEMS_MAX];
};

/* Judges what a look found. `way_back`: the way that customers have; UNSAID: any will do. */
void check_make(struct check *check, const struct rlk_findings *found, enum rlk_way_back way_back);

const char *check_verdict_name(enum check_verdict verdict); /* "fine", "note", "unknown", "obstacle" */

#endif
