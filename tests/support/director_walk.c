#include "director_walk.h"

#include <string.h>

static uint32_t take(uint32_t *index, uint32_t count)
{
    uint32_t digit = *index % count;
    *index /= count;
    return digit;
}

static void put(uint32_t *index, uint32_t count, uint32_t digit)
{
    *index = *index * count + digit;
}

struct walk_point walk_point_at(uint32_t index)
{
    struct walk_point point;
    memset(&point, 0, sizeof point);
    point.evidence.is_faulty = take(&index, 2) != 0;
    point.evidence.is_open = take(&index, 2) != 0;
    point.evidence.is_known = take(&index, 2) != 0;
    point.evidence.is_power_cycled = take(&index, 2) != 0;
    point.evidence.is_read = take(&index, 2) != 0;
    point.evidence.has_left = take(&index, 2) != 0;
    point.evidence.protection = (enum rlk_protection)take(&index, 3);
    point.evidence.consent = (enum rlk_consent)take(&index, 3);
    point.evidence.content = (enum rlk_content)take(&index, 5);
    point.evidence.seal = (enum rlk_seal)take(&index, 2);
    point.evidence.past = (enum rlk_past)take(&index, 5);
    point.goal.end_protected = take(&index, 2) != 0;
    point.goal.job = (enum rlk_job)take(&index, RLK_JOBS);
    return point;
}

uint32_t walk_index(const struct walk_point *point)
{
    uint32_t index = 0;
    put(&index, RLK_JOBS, (uint32_t)point->goal.job);
    put(&index, 2, point->goal.end_protected ? 1U : 0U);
    put(&index, 5, (uint32_t)point->evidence.past);
    put(&index, 2, (uint32_t)point->evidence.seal);
    put(&index, 5, (uint32_t)point->evidence.content);
    put(&index, 3, (uint32_t)point->evidence.consent);
    put(&index, 3, (uint32_t)point->evidence.protection);
    put(&index, 2, point->evidence.has_left ? 1U : 0U);
    put(&index, 2, point->evidence.is_read ? 1U : 0U);
    put(&index, 2, point->evidence.is_power_cycled ? 1U : 0U);
    put(&index, 2, point->evidence.is_known ? 1U : 0U);
    put(&index, 2, point->evidence.is_open ? 1U : 0U);
    put(&index, 2, point->evidence.is_faulty ? 1U : 0U);
    return index;
}

/* The exits of one stage while they are collected. */
struct collector {
    const struct rlk_evidence *before;
    struct walk_exit *exits;
    size_t count;
};

static struct rlk_evidence *add(struct collector *collector, enum walk_cause cause)
{
    struct walk_exit *exit = &collector->exits[collector->count++];
    exit->cause = cause;
    exit->evidence = *collector->before;
    return &exit->evidence;
}

static void add_fault(struct collector *collector)
{
    add(collector, WALK_FAULT)->is_faulty = true;
}

static void forget_device(struct rlk_evidence *evidence)
{
    evidence->is_open = false;
    evidence->protection = RLK_PROTECTION_UNKNOWN;
    evidence->content = RLK_CONTENT_UNKNOWN;
    if (evidence->consent == RLK_CONSENT_GIVEN) {
        evidence->consent = RLK_CONSENT_NONE;
    }
}

/* A device can be lost only where transfers are made. */
static bool makes_transfers(enum rlk_stage stage)
{
    return stage != RLK_STAGE_IDENTIFY && stage != RLK_STAGE_CONFIRM && stage != RLK_STAGE_LOOK_AGAIN &&
           stage != RLK_STAGE_POWER_CYCLE;
}

static void add_open(struct collector *collector, enum rlk_content content)
{
    struct rlk_evidence *evidence = add(collector, WALK_FOUND);
    evidence->protection = RLK_PROTECTION_OPEN;
    evidence->content = content;
}

static void add_probed(struct collector *collector, const struct rlk_goal *goal)
{
    add(collector, WALK_FOUND)->protection = RLK_PROTECTION_LEVEL_1;
    if (goal->job == RLK_JOB_OPTIONS) {
        add_open(collector, RLK_CONTENT_READY);
        add_open(collector, RLK_CONTENT_EQUAL);
    } else {
        add_open(collector, collector->before->content);
    }
}

static void add_identified(struct collector *collector, const struct rlk_goal *goal)
{
    bool may_be_finished = goal->job == RLK_JOB_UPDATE && goal->end_protected;
    bool may_be_begun = goal->job == RLK_JOB_UNPROTECT || goal->job == RLK_JOB_PROTECT;
    bool may_recall = (may_be_finished || may_be_begun) && collector->before->past == RLK_PAST_NONE;
    struct rlk_evidence *evidence = may_recall ? add(collector, WALK_FOUND) : NULL;
    if (evidence != NULL) {
        evidence->is_known = true;
        evidence->past = may_be_finished ? RLK_PAST_FINISHED : RLK_PAST_BEGUN;
    }
}

/* The yes is spent by sending, whatever the device answers. */
static void add_refused_unprotect(struct collector *collector)
{
    struct rlk_evidence *evidence = add(collector, WALK_FAULT);
    evidence->consent = RLK_CONSENT_SPENT;
    evidence->is_faulty = true;
}

/* After a regression that was the whole job, what is not blank is a fault. */
static void add_blank(struct collector *collector, const struct rlk_goal *goal)
{
    add(collector, WALK_FOUND)->content = RLK_CONTENT_READY;
    if (goal->job != RLK_JOB_UNPROTECT || collector->before->consent != RLK_CONSENT_SPENT) {
        add(collector, WALK_FOUND)->content = RLK_CONTENT_NEEDS_ERASE;
    }
}

/* Where comparing is the whole job a difference is a fault. */
static void add_difference(struct collector *collector, const struct rlk_goal *goal)
{
    if (goal->job != RLK_JOB_VERIFY) {
        add(collector, WALK_FOUND)->content = RLK_CONTENT_NEEDS_ERASE;
    }
}

static void add_sealed_already(struct collector *collector, const struct rlk_goal *goal)
{
    if (goal->end_protected) {
        add(collector, WALK_FOUND)->seal = RLK_SEAL_WRITTEN;
    }
}

static void add_found(struct collector *collector, enum rlk_stage stage, const struct rlk_goal *goal)
{
    switch (stage) {
    case RLK_STAGE_IDENTIFY:
        add_identified(collector, goal);
        break;
    case RLK_STAGE_PROBE:
    case RLK_STAGE_PROVE:
        add_probed(collector, goal);
        break;
    case RLK_STAGE_LOOK_AGAIN:
        add(collector, WALK_FOUND)->past = RLK_PAST_DECLINED;
        break;
    case RLK_STAGE_UNPROTECT:
        add_refused_unprotect(collector);
        break;
    case RLK_STAGE_BLANK:
        add_blank(collector, goal);
        break;
    case RLK_STAGE_VERIFY:
        add_difference(collector, goal);
        break;
    case RLK_STAGE_OPTIONS:
        add_sealed_already(collector, goal);
        break;
    default:
        break;
    }
}

size_t walk_exits(const struct walk_point *point, enum rlk_stage stage, struct walk_exit *exits)
{
    struct collector collector = {.before = &point->evidence, .exits = exits};
    rlk_stage_predict(add(&collector, WALK_AS_PLANNED), &point->goal, stage);
    add_found(&collector, stage, &point->goal);
    if (makes_transfers(stage)) {
        forget_device(add(&collector, WALK_LOST));
    }
    if (stage != RLK_STAGE_POWER_CYCLE) {
        add_fault(&collector);
    }
    return collector.count;
}

/* Marks the point as reached; true if it was not before. */
static bool reach(struct walk *walk, const struct walk_point *point)
{
    uint8_t *mark = &walk->is_reached[walk_index(point)];
    bool is_new = *mark == 0;
    *mark = 1;
    return is_new;
}

/* One step of the walk from a reached point; true if it reached a new one. */
static bool follow(struct walk *walk, const struct walk_point *point)
{
    enum rlk_stage stage = rlk_next_stage(&point->evidence, &point->goal);
    struct walk_exit exits[WALK_EXITS_MAX];
    bool is_new = false;
    size_t count = stage < RLK_STAGE_COUNT ? walk_exits(point, stage, exits) : 0;
    for (size_t i = 0; i < count; i++) {
        struct walk_point after = {exits[i].evidence, point->goal};
        enum rlk_stage next = rlk_next_stage(&after.evidence, &after.goal);
        walk->edges[stage][next] |= (uint8_t)(1U << exits[i].cause);
        is_new = reach(walk, &after) || is_new;
    }
    return is_new;
}

static bool follow_all(struct walk *walk)
{
    bool is_new = false;
    for (uint32_t i = 0; i < WALK_DOMAIN; i++) {
        struct walk_point point = walk_point_at(i);
        is_new = (walk->is_reached[i] != 0 && follow(walk, &point)) || is_new;
    }
    return is_new;
}

void walk_all(struct walk *walk)
{
    for (uint32_t job = 0; job < RLK_JOBS; job++) {
        struct walk_point start;
        memset(&start, 0, sizeof start);
        start.goal.job = (enum rlk_job)job;
        start.goal.end_protected = job == RLK_JOB_PROTECT;
        reach(walk, &start);
        start.goal.end_protected = job == RLK_JOB_UPDATE || job == RLK_JOB_PROTECT;
        reach(walk, &start);
    }
    while (follow_all(walk)) {
    }
}
