/*
 * The director: what comes next, from what is known and what is wished. Pure and stateless: one first-match table.
 * The plan that a person is shown is the same table run on predicted evidence, so list and deed cannot differ.
 */
#ifndef RELOCK_DIRECTOR_H
#define RELOCK_DIRECTOR_H

#include "relock/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rlk_job {
    RLK_JOB_LOOK,      /* find out and report; changes nothing */
    RLK_JOB_READ,      /* read flash at level 0; changes nothing */
    RLK_JOB_WRITE,     /* level 0: erase what is needed, write, verify; protection untouched */
    RLK_JOB_UPDATE,    /* the whole job */
    RLK_JOB_VERIFY,    /* level 0: read back and compare; changes nothing */
    RLK_JOB_UNPROTECT, /* the regression alone: ends open and empty */
    RLK_JOB_PROTECT,   /* level 0: protect the device as it is */
    RLK_JOB_OPTIONS,   /* level 0: set option fields; protection untouched */
    RLK_JOBS
};

/* Stages, and the endings that the director may answer instead. */
enum rlk_stage {
    RLK_STAGE_OPEN,        /* reach the device, read its descriptors */
    RLK_STAGE_IDENTIFY,    /* which chip; what is offered */
    RLK_STAGE_PROBE,       /* protection, by two witnesses */
    RLK_STAGE_CONFIRM,     /* show findings, plan and losses; ask */
    RLK_STAGE_LOOK_AGAIN,  /* the journal knows this device as finished: offer to look instead of doing it again */
    RLK_STAGE_UNPROTECT,   /* 0x92: the chip erases itself and resets */
    RLK_STAGE_BLANK,       /* read what will be written over: equal, blank, or to be erased. UNPROTECT: is all blank? */
    RLK_STAGE_ERASE,       /* the sectors that need it */
    RLK_STAGE_WRITE,       /* the blocks that are not there yet */
    RLK_STAGE_VERIFY,      /* read all back and compare */
    RLK_STAGE_OPTIONS,     /* judge the door, then write the option block: with the protection byte, or at level 0 */
    RLK_STAGE_POWER_CYCLE, /* ask for a power cycle, once, where a level change may need one */
    RLK_STAGE_PROVE,       /* probe what was written to: reading must be refused; OPTIONS: the fields must be there */
    RLK_STAGE_READ,        /* read the range asked for */
    RLK_STAGE_LEAVE,       /* start the application */
    RLK_STAGE_COUNT,

    RLK_ENDING_PROVEN = RLK_STAGE_COUNT, /* as asked, and shown to be so */
    RLK_ENDING_NOT_PROVEN,               /* all was written; the proof is missing */
    RLK_ENDING_NOT_DONE,                 /* the fault says why */
    RLK_STAGES_AND_ENDINGS
};

enum rlk_protection { RLK_PROTECTION_UNKNOWN, RLK_PROTECTION_OPEN, RLK_PROTECTION_LEVEL_1 };
enum rlk_consent { RLK_CONSENT_NONE, RLK_CONSENT_GIVEN, RLK_CONSENT_SPENT };
/* Of the flash; in OPTIONS of the wished option fields, which are READY to be set or EQUAL. */
enum rlk_content {
    RLK_CONTENT_UNKNOWN,
    RLK_CONTENT_NEEDS_ERASE,
    RLK_CONTENT_READY, /* all that is to be written is blank */
    RLK_CONTENT_WRITTEN,
    RLK_CONTENT_EQUAL /* read back and compared */
};
enum rlk_seal { RLK_SEAL_NONE, RLK_SEAL_WRITTEN }; /* the option block was sent */
/* What the journal remembers of this device: nothing, this very job as finished, and what was answered to the offer; or
 * this very job as begun (UNPROTECT, PROTECT). */
enum rlk_past { RLK_PAST_NONE, RLK_PAST_FINISHED, RLK_PAST_LOOK_ACCEPTED, RLK_PAST_DECLINED, RLK_PAST_BEGUN };

/* What is wished, reduced to what the table needs. */
struct rlk_goal {
    enum rlk_job job;
    bool end_protected; /* UPDATE as asked, PROTECT always, others never */
};

/* What is known about the device now, and what we know that we did. Small enums: the whole domain is enumerable. */
struct rlk_evidence {
    bool is_faulty; /* a stage has failed for good */
    bool is_open;   /* the device is reached, its descriptors are read */
    bool is_known;  /* identified, and the row may be used for this job */
    enum rlk_protection protection;
    enum rlk_consent consent;
    enum rlk_content content;
    enum rlk_seal seal;
    enum rlk_past past;
    bool is_power_cycled; /* asked once since the last level change */
    bool is_read;         /* READ: the range was delivered */
    bool has_left;
};

/* The first row of the table that fits. Total: every evidence has an answer. */
enum rlk_stage rlk_next_stage(const struct rlk_evidence *evidence, const struct rlk_goal *goal);
/* The fault that this answer stands for, where it is an ending that is one; RLK_OK otherwise. */
enum rlk_error rlk_next_error(const struct rlk_evidence *evidence, const struct rlk_goal *goal);

/* What a stage will have made of the evidence if all goes well: the prediction that plans are made of. */
void rlk_stage_predict(struct rlk_evidence *evidence, const struct rlk_goal *goal, enum rlk_stage stage);

#define RLK_PLAN_STAGES_MAX 24U

/* Stages from now to the ending (the last one). Returns how many; at most RLK_PLAN_STAGES_MAX. */
size_t rlk_plan_make(enum rlk_stage *stages, const struct rlk_evidence *evidence, const struct rlk_goal *goal);

const char *rlk_stage_name(enum rlk_stage stage); /* "open", "unprotect", …, "proven", "not-proven", "not-done" */
const char *rlk_job_name(enum rlk_job job);

/* One row of the table, for ARCHITECTURE.md and tests. */
struct rlk_director_row_text {
    const char *condition; /* in words */
    enum rlk_stage stage;
    enum rlk_error error; /* the fault that an ending of this row stands for, RLK_OK if none */
};
/* The index-th row; false beyond the last. */
bool rlk_director_row(size_t index, struct rlk_director_row_text *row);
/* The index of the row that rlk_next_stage takes. */
size_t rlk_director_row_index(const struct rlk_evidence *evidence, const struct rlk_goal *goal);

#endif
