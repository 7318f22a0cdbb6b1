/*
 * Walks the director's domain: every evidence under every goal, and the part of it that a session can reach. Shared by
 * the director's tests and the program that prints the state graph.
 */
#ifndef RELOCK_TESTS_DIRECTOR_WALK_H
#define RELOCK_TESTS_DIRECTOR_WALK_H

#include "relock/director.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Evidence and goal as one number below WALK_DOMAIN, and back. */
#define WALK_EVIDENCE (64U * 3U * 3U * 5U * 2U * 5U)
#define WALK_GOALS    ((uint32_t)RLK_JOBS * 2U)
#define WALK_DOMAIN   (WALK_EVIDENCE * WALK_GOALS)

struct walk_point {
    struct rlk_evidence evidence;
    struct rlk_goal goal;
};

uint32_t walk_index(const struct walk_point *point);
struct walk_point walk_point_at(uint32_t index);

/* How a stage can end. */
enum walk_cause {
    WALK_AS_PLANNED, /* the prediction that plans are made of */
    WALK_FOUND,      /* all went well, and the device turned out to be different */
    WALK_LOST,       /* the device was lost: whatever was known through it is forgotten */
    WALK_FAULT,
    WALK_CAUSES
};

struct walk_exit {
    enum walk_cause cause;
    struct rlk_evidence evidence;
};

#define WALK_EXITS_MAX 8U

/* What `stage` may have made of the evidence when it ends. Returns how many exits. */
size_t walk_exits(const struct walk_point *point, enum rlk_stage stage, struct walk_exit *exits);

struct walk {
    uint8_t is_reached[WALK_DOMAIN];
    /* Bit c of edges[a][b]: stage a is followed by stage or ending b for cause c. */
    uint8_t edges[RLK_STAGE_COUNT][RLK_STAGES_AND_ENDINGS];
};

/* Follows every exit of every stage from the start of every job. `walk` is zeroed by the caller. */
void walk_all(struct walk *walk);

#endif
