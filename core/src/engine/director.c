/*
 * The director: a first-match table over evidence and wish. A zero mask means "any".
 *
 * Invariants, held by the enumeration of the whole domain in the tests: UNPROTECT only with consent given, at level 1,
 * in UPDATE and UNPROTECT; nothing that changes flash without consent and an open device, and only in UPDATE and WRITE;
 * OPTIONS with consent only, in an UPDATE after EQUAL; PROVEN after a seal only at level 1; LOOK, READ and VERIFY
 * change nothing.
 */
#include "relock/director.h"

#include <string.h>

#define BIT(value) (1U << (unsigned)(value))

enum { NO = BIT(0), YES = BIT(1) };
enum {
    LOOK = BIT(RLK_JOB_LOOK),
    READ = BIT(RLK_JOB_READ),
    WRITE = BIT(RLK_JOB_WRITE),
    UPDATE = BIT(RLK_JOB_UPDATE),
    VERIFY = BIT(RLK_JOB_VERIFY),
    UNPROTECT = BIT(RLK_JOB_UNPROTECT),
    PROTECT = BIT(RLK_JOB_PROTECT),
    OPTIONS = BIT(RLK_JOB_OPTIONS)
};
enum {
    PROTECTION_UNKNOWN = BIT(RLK_PROTECTION_UNKNOWN),
    OPEN = BIT(RLK_PROTECTION_OPEN),
    LEVEL_1 = BIT(RLK_PROTECTION_LEVEL_1)
};
enum { CONSENT_NONE = BIT(RLK_CONSENT_NONE), GIVEN = BIT(RLK_CONSENT_GIVEN), SPENT = BIT(RLK_CONSENT_SPENT) };
enum {
    CONTENT_UNKNOWN = BIT(RLK_CONTENT_UNKNOWN),
    NEEDS_ERASE = BIT(RLK_CONTENT_NEEDS_ERASE),
    READY = BIT(RLK_CONTENT_READY),
    WRITTEN = BIT(RLK_CONTENT_WRITTEN),
    EQUAL = BIT(RLK_CONTENT_EQUAL)
};
enum { SEALED = BIT(RLK_SEAL_WRITTEN) };
enum { FINISHED = BIT(RLK_PAST_FINISHED), LOOK_ACCEPTED = BIT(RLK_PAST_LOOK_ACCEPTED), BEGUN = BIT(RLK_PAST_BEGUN) };

struct row {
    uint8_t job, end_protected;
    uint8_t is_faulty, is_open, is_known, protection, consent, content, seal, past, is_power_cycled, is_read, has_left;
    enum rlk_stage stage;
    enum rlk_error error;
};

static const struct row table[] = {
#define RLK_DIRECTOR_ROW(condition, stage_or_ending, ending_error, ...)                                                \
    {.stage = (stage_or_ending), .error = (ending_error), __VA_ARGS__},
#include "engine/director_rows.h"
};

static bool fits(unsigned mask, unsigned value)
{
    return mask == 0 || (mask & BIT(value)) != 0;
}

static bool row_fits(const struct row *row, const struct rlk_evidence *e, const struct rlk_goal *goal)
{
    return fits(row->job, goal->job) && fits(row->end_protected, goal->end_protected) &&
           fits(row->is_faulty, e->is_faulty) && fits(row->is_open, e->is_open) && fits(row->is_known, e->is_known) &&
           fits(row->protection, e->protection) && fits(row->consent, e->consent) && fits(row->content, e->content) &&
           fits(row->seal, e->seal) && fits(row->past, e->past) && fits(row->is_power_cycled, e->is_power_cycled) &&
           fits(row->is_read, e->is_read) && fits(row->has_left, e->has_left);
}

size_t rlk_director_row_index(const struct rlk_evidence *evidence, const struct rlk_goal *goal)
{
    size_t index = 0;
    while (!row_fits(&table[index], evidence, goal)) {
        index++; /* the last row fits everything */
    }
    return index;
}

enum rlk_stage rlk_next_stage(const struct rlk_evidence *evidence, const struct rlk_goal *goal)
{
    return table[rlk_director_row_index(evidence, goal)].stage;
}

enum rlk_error rlk_next_error(const struct rlk_evidence *evidence, const struct rlk_goal *goal)
{
    return table[rlk_director_row_index(evidence, goal)].error;
}

static void predict_gone(struct rlk_evidence *e, const struct rlk_goal *goal)
{
    e->is_open = false;
    e->protection = RLK_PROTECTION_UNKNOWN;
    e->is_power_cycled = false;
    if (goal->job == RLK_JOB_OPTIONS) {
        e->content = RLK_CONTENT_UNKNOWN;
    }
}

/* In OPTIONS the worst is assumed: fields that must be set. */
static void predict_probed(struct rlk_evidence *e, const struct rlk_goal *goal)
{
    e->protection = RLK_PROTECTION_OPEN;
    if (goal->job == RLK_JOB_OPTIONS) {
        e->content = RLK_CONTENT_READY;
    }
}

static void predict_proved(struct rlk_evidence *e, const struct rlk_goal *goal)
{
    if (goal->job == RLK_JOB_OPTIONS) {
        e->protection = RLK_PROTECTION_OPEN;
        e->content = RLK_CONTENT_EQUAL;
    } else {
        e->protection = RLK_PROTECTION_LEVEL_1;
    }
}

static void predict_flash(struct rlk_evidence *e, enum rlk_stage stage)
{
    switch (stage) {
    case RLK_STAGE_BLANK:
        /* After a regression all is blank; otherwise the worst is assumed. */
        e->content = e->consent == RLK_CONSENT_SPENT ? RLK_CONTENT_READY : RLK_CONTENT_NEEDS_ERASE;
        break;
    case RLK_STAGE_ERASE:
        e->content = RLK_CONTENT_READY;
        break;
    case RLK_STAGE_WRITE:
        e->content = RLK_CONTENT_WRITTEN;
        break;
    default:
        e->content = RLK_CONTENT_EQUAL;
        break;
    }
}

void rlk_stage_predict(struct rlk_evidence *evidence, const struct rlk_goal *goal, enum rlk_stage stage)
{
    switch (stage) {
    case RLK_STAGE_OPEN:
        evidence->is_open = true;
        break;
    case RLK_STAGE_IDENTIFY:
        evidence->is_known = true;
        break;
    case RLK_STAGE_PROBE:
        predict_probed(evidence, goal);
        break;
    case RLK_STAGE_PROVE:
        predict_proved(evidence, goal);
        break;
    case RLK_STAGE_CONFIRM:
        evidence->consent = RLK_CONSENT_GIVEN;
        break;
    case RLK_STAGE_LOOK_AGAIN:
        evidence->past = RLK_PAST_LOOK_ACCEPTED;
        break;
    case RLK_STAGE_UNPROTECT:
        predict_gone(evidence, goal);
        evidence->consent = RLK_CONSENT_SPENT;
        evidence->content = RLK_CONTENT_UNKNOWN;
        break;
    case RLK_STAGE_OPTIONS:
        predict_gone(evidence, goal);
        evidence->seal = RLK_SEAL_WRITTEN;
        break;
    case RLK_STAGE_POWER_CYCLE:
        predict_gone(evidence, goal);
        evidence->is_power_cycled = true;
        break;
    case RLK_STAGE_READ:
        evidence->is_read = true;
        break;
    case RLK_STAGE_LEAVE:
        evidence->has_left = true;
        break;
    default:
        predict_flash(evidence, stage);
        break;
    }
}

size_t rlk_plan_make(enum rlk_stage *stages, const struct rlk_evidence *evidence, const struct rlk_goal *goal)
{
    struct rlk_evidence e = *evidence;
    size_t count = 0;
    enum rlk_stage stage;
    do {
        stage = rlk_next_stage(&e, goal);
        stages[count++] = stage;
        if (stage < RLK_STAGE_COUNT) {
            rlk_stage_predict(&e, goal, stage);
        }
    } while (stage < RLK_STAGE_COUNT && count < RLK_PLAN_STAGES_MAX);
    return count;
}

static const char *const stage_names[RLK_STAGES_AND_ENDINGS] = {
    [RLK_STAGE_OPEN] = "open",
    [RLK_STAGE_IDENTIFY] = "identify",
    [RLK_STAGE_PROBE] = "probe",
    [RLK_STAGE_CONFIRM] = "confirm",
    [RLK_STAGE_LOOK_AGAIN] = "look-again",
    [RLK_STAGE_UNPROTECT] = "unprotect",
    [RLK_STAGE_BLANK] = "blank",
    [RLK_STAGE_ERASE] = "erase",
    [RLK_STAGE_WRITE] = "write",
    [RLK_STAGE_VERIFY] = "verify",
    [RLK_STAGE_OPTIONS] = "options",
    [RLK_STAGE_POWER_CYCLE] = "power-cycle",
    [RLK_STAGE_PROVE] = "prove",
    [RLK_STAGE_READ] = "read",
    [RLK_STAGE_LEAVE] = "leave",
    [RLK_ENDING_PROVEN] = "proven",
    [RLK_ENDING_NOT_PROVEN] = "not-proven",
    [RLK_ENDING_NOT_DONE] = "not-done",
};

const char *rlk_stage_name(enum rlk_stage stage)
{
    return (unsigned)stage < RLK_STAGES_AND_ENDINGS ? stage_names[stage] : NULL;
}

static const char *const job_names[RLK_JOBS] = {
    [RLK_JOB_LOOK] = "look",       [RLK_JOB_READ] = "read",      [RLK_JOB_WRITE] = "write",
    [RLK_JOB_UPDATE] = "update",   [RLK_JOB_VERIFY] = "verify",  [RLK_JOB_UNPROTECT] = "unprotect",
    [RLK_JOB_PROTECT] = "protect", [RLK_JOB_OPTIONS] = "options"};

const char *rlk_job_name(enum rlk_job job)
{
    return (unsigned)job < RLK_JOBS ? job_names[job] : NULL;
}
