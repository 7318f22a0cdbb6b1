/*
 * What the tests of the short jobs (verify, unprotect, protect, options) share: the simulated devices, each with an
 * option field to set, and what must hold at every end.
 */
#ifndef RELOCK_TESTS_SHORT_JOBS_H
#define RELOCK_TESTS_SHORT_JOBS_H

#include "workbench.h"

enum { SHORT_IMAGE_BYTES = 3 * 2048 + 304, RELOADS = 3, DEVICES = 6 };

struct short_device {
    const char *profile;
    enum rlk_family family; /* if it has the empty check, or UNKNOWN */
    enum rlk_family claim;  /* where fields differ among what it could be, or UNKNOWN */
    struct rlk_option_wish wish;
    uint32_t offset; /* of the field's byte, its bits and what they become */
    uint8_t mask, value;
};

extern const struct short_device devices[DEVICES];
extern struct workbench bench;

/* A device at a level, and a wish for the job: by BOOT0, with the device's field, which the simulator allows. */
void begin(size_t device, unsigned level, enum rlk_job job);
void set_reloads(uint32_t seal_reload, uint32_t regression_reload);

/* Runs it: ends so, with no rule broken. */
void assert_ended(enum rlk_stage ending, enum rlk_error error);
void assert_proven(void);
/* Runs it: ends so, and the device is as it was. */
void assert_refused(enum rlk_error error);

/* Of the simulator; flash is written by none of these jobs. */
void assert_counts(uint32_t regressions, uint32_t option_writes);
/* The index-th durable journal line is of this job, without an image. */
void assert_record(size_t index, enum rlk_journal_phase phase);
bool stage_was_entered(enum rlk_stage stage);

#endif
