/*
 * The director: a first-match table over evidence and wish. A zero mask means "any".
 *
 * Invariants, held by the enumeration of the whole domain in the tests: UNPROTECT only with consent given, at level 1,
 * in an update; nothing that changes flash without consent and an open device; OPTIONS only after EQUAL; PROVEN after a
 * seal only at level 1.
 */
#include "relock/director.h"

#include <string.h>

#define BIT(value) (1U << (unsigned)(value))

enum { NO = BIT(0), YES = BIT(1) };
enum { LOOK = BIT(RLK_JOB_LOOK), READ = BIT(RLK_JOB_READ), WRITE = BIT(RLK_JOB_WRITE), UPDATE = BIT(RLK_JOB_UPDATE) };
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
enum { FINISHED = BIT(RLK_PAST_FINISHED), LOOK_ACCEPTED = BIT(RLK_PAST_LOOK_ACCEPTED) };

struct row {
    uint8_t job, end_protected;
    uint8_t is_faulty, is_open, is_known, protection, consent, content, seal, past, is_power_cycled, is_read, has_left;
    enum rlk_stage stage;
    enum rlk_error error;
    const char *condition;
};

static const struct row table[] = {
    {.is_faulty = YES,
     .seal = SEALED,
     .protection = PROTECTION_UNKNOWN | LEVEL_1,
     .stage = RLK_ENDING_NOT_PROVEN,
     .condition = "a fault after the seal was written, and nothing speaks against the seal"},
    {.is_faulty = YES, .stage = RLK_ENDING_NOT_DONE, .condition = "any other fault"},
    {.has_left = YES, .stage = RLK_ENDING_PROVEN, .condition = "the application was started, after all was compared"},

    {.is_open = NO, .stage = RLK_STAGE_OPEN, .condition = "the device is not reached"},
    {.is_known = NO, .stage = RLK_STAGE_IDENTIFY, .condition = "the chip is not known"},
    {.protection = PROTECTION_UNKNOWN,
     .seal = SEALED,
     .stage = RLK_STAGE_PROVE,
     .condition = "the seal was written, and the device is back"},
    {.protection = PROTECTION_UNKNOWN, .stage = RLK_STAGE_PROBE, .condition = "its protection is not known"},

    {.job = LOOK, .stage = RLK_ENDING_PROVEN, .condition = "a look was all that was asked"},
    {.job = READ | WRITE,
     .protection = LEVEL_1,
     .stage = RLK_ENDING_NOT_DONE,
     .error = RLK_E_PROTECTED,
     .condition = "read or write asked of a protected device"},
    {.job = READ, .is_read = NO, .stage = RLK_STAGE_READ, .condition = "read asked, device open"},
    {.job = READ, .stage = RLK_ENDING_PROVEN, .condition = "the range was delivered"},

    {.protection = LEVEL_1,
     .seal = SEALED,
     .stage = RLK_ENDING_PROVEN,
     .condition = "compared equal, sealed, and reading refused by both witnesses"},
    {.protection = OPEN,
     .seal = SEALED,
     .is_power_cycled = NO,
     .stage = RLK_STAGE_POWER_CYCLE,
     .condition = "sealed, but readable: some chips load option bytes at power-on only"},
    {.protection = OPEN,
     .seal = SEALED,
     .stage = RLK_ENDING_NOT_DONE,
     .error = RLK_E_SEAL_NOT_EFFECTIVE,
     .condition = "sealed, and readable even after a power cycle"},

    {.protection = LEVEL_1,
     .past = FINISHED,
     .stage = RLK_STAGE_LOOK_AGAIN,
     .condition = "protected, and the journal knows this very job as finished"},
    {.protection = LEVEL_1,
     .past = LOOK_ACCEPTED,
     .stage = RLK_ENDING_PROVEN,
     .condition = "finished before, looked at again, and reading refused by both witnesses"},
    {.protection = LEVEL_1,
     .consent = SPENT,
     .is_power_cycled = NO,
     .stage = RLK_STAGE_POWER_CYCLE,
     .condition = "still protected after 0x92: some chips need a power cycle"},
    {.protection = LEVEL_1,
     .consent = SPENT,
     .stage = RLK_ENDING_NOT_DONE,
     .error = RLK_E_STILL_PROTECTED,
     .condition = "still protected after 0x92 and a power cycle: never erased again without a new question"},
    {.protection = LEVEL_1,
     .consent = CONSENT_NONE,
     .stage = RLK_STAGE_CONFIRM,
     .condition = "protected, not asked yet"},
    {.protection = LEVEL_1,
     .consent = GIVEN,
     .stage = RLK_STAGE_UNPROTECT,
     .condition = "protected, and the yes was given"},

    {.consent = CONSENT_NONE, .stage = RLK_STAGE_CONFIRM, .condition = "open, not asked yet"},
    {.content = CONTENT_UNKNOWN, .stage = RLK_STAGE_BLANK, .condition = "what the flash holds is not known"},
    {.content = NEEDS_ERASE, .stage = RLK_STAGE_ERASE, .condition = "sectors must be erased"},
    {.content = READY, .stage = RLK_STAGE_WRITE, .condition = "all that is to be written is blank"},
    {.content = WRITTEN, .stage = RLK_STAGE_VERIFY, .condition = "written, not compared"},
    {.job = UPDATE,
     .end_protected = YES,
     .content = EQUAL,
     .stage = RLK_STAGE_OPTIONS,
     .condition = "compared equal, shall end protected"},
    {.job = UPDATE, .content = EQUAL, .stage = RLK_STAGE_LEAVE, .condition = "compared equal, shall end open"},
    {.job = WRITE, .content = EQUAL, .stage = RLK_ENDING_PROVEN, .condition = "written and compared equal"},
    {.stage = RLK_ENDING_NOT_DONE, .error = RLK_E_INTERNAL, .condition = "nothing else fits (never reached)"},
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

bool rlk_director_row(size_t index, struct rlk_director_row_text *row)
{
    if (index >= sizeof table / sizeof table[0]) {
        return false;
    }
    row->condition = table[index].condition;
    row->stage = table[index].stage;
    row->error = table[index].error;
    return true;
}

static void predict_gone(struct rlk_evidence *e)
{
    e->is_open = false;
    e->protection = RLK_PROTECTION_UNKNOWN;
    e->is_power_cycled = false;
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
    (void)goal;
    switch (stage) {
    case RLK_STAGE_OPEN:
        evidence->is_open = true;
        break;
    case RLK_STAGE_IDENTIFY:
        evidence->is_known = true;
        break;
    case RLK_STAGE_PROBE:
        evidence->protection = RLK_PROTECTION_OPEN;
        break;
    case RLK_STAGE_PROVE:
        evidence->protection = RLK_PROTECTION_LEVEL_1;
        break;
    case RLK_STAGE_CONFIRM:
        evidence->consent = RLK_CONSENT_GIVEN;
        break;
    case RLK_STAGE_LOOK_AGAIN:
        evidence->past = RLK_PAST_LOOK_ACCEPTED;
        break;
    case RLK_STAGE_UNPROTECT:
        predict_gone(evidence);
        evidence->consent = RLK_CONSENT_SPENT;
        evidence->content = RLK_CONTENT_UNKNOWN;
        break;
    case RLK_STAGE_OPTIONS:
        predict_gone(evidence);
        evidence->seal = RLK_SEAL_WRITTEN;
        break;
    case RLK_STAGE_POWER_CYCLE:
        predict_gone(evidence);
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
    [RLK_JOB_LOOK] = "look", [RLK_JOB_READ] = "read", [RLK_JOB_WRITE] = "write", [RLK_JOB_UPDATE] = "update"};

const char *rlk_job_name(enum rlk_job job)
{
    return (unsigned)job < RLK_JOBS ? job_names[job] : NULL;
}
