/*
 * A workbench: one simulated device, one wish, and a host that runs it while keeping what tests ask about: stages,
 * journal lines, questions, the transcript. A megabyte of device: make it static.
 */
#ifndef RELOCK_TESTS_WORKBENCH_H
#define RELOCK_TESTS_WORKBENCH_H

#include "relock/drive.h"
#include "relock/session.h"
#include "sim_host.h"
#include <stdio.h>

#define WORKBENCH_IMAGE_MAX   65536U
#define WORKBENCH_KEEP_MAX    (512U * 1024U) /* as in the page */
#define WORKBENCH_STAGES_MAX  64U
#define WORKBENCH_RECORDS_MAX 16U
#define FLASH_ADDR            0x08000000U

/* What a person answers. */
enum workbench_answer { ANSWER_YES, ANSWER_NO, ANSWER_STALE, ANSWER_CANCELLED };

struct workbench {
    struct sim_device device;
    struct sim_transport transport;
    struct rlk_session session;
    struct rlk_wish wish; /* the image is set up already */
    struct rlk_image image;
    uint8_t image_bytes[WORKBENCH_IMAGE_MAX];
    uint8_t keep_room[WORKBENCH_KEEP_MAX]; /* the wish has it already */

    enum workbench_answer answers[RLK_QUESTIONS]; /* yes unless told otherwise */
    uint32_t fails_record;                        /* the n-th record fails, from 1; 0: none */
    uint32_t fails_fetch;                         /* likewise */
    enum rlk_outcome_kind store_outcome, keep_outcome;
    enum sim_fault_kind fault_after_yes; /* hits the first transfer after the first yes to a plan */
    FILE *transcript;                    /* may be NULL: where the transcript goes */
    bool ignores_progress;               /* for thousands of jobs: three quarters of the time go into it */
    /* May be NULL: sees every operation with its outcome. */
    void (*on_operation)(const struct rlk_operation *operation, const struct rlk_outcome *outcome);

    /* What happened. */
    const struct rlk_operation *done;
    enum rlk_stage stages[WORKBENCH_STAGES_MAX]; /* in the order they were entered */
    size_t stage_count;
    struct rlk_journal_entry records[WORKBENCH_RECORDS_MAX]; /* durable ones */
    size_t record_count;
    uint32_t records_asked, fetches_asked, keeps_asked;
    uint32_t asked[RLK_QUESTIONS];
    struct rlk_plan plan; /* as it was when the plan was to be confirmed */
    uint32_t unprotects;
    uint32_t operations;
    uint32_t permille;
    bool progress_fell;
    bool asking_twice_differed;          /* rlk_session_next gave something else the second time */
    uint8_t stored[WORKBENCH_IMAGE_MAX]; /* READ */
    uint32_t stored_bytes;
};

/* A device, and a wish to update it with an image of so many bytes at flash start, to end protected, by BOOT0. */
void workbench_init(struct workbench *bench, const char *profile, unsigned level, uint32_t image_bytes);

/* Another image: pseudo-random bytes behind a plausible vector table, nothing blank, at `addr`. */
void workbench_set_image(struct workbench *bench, uint32_t addr, uint32_t bytes);

/* Another image: these bytes at `addr`. */
void workbench_load_image(struct workbench *bench, uint32_t addr, const uint8_t *data, uint32_t bytes);

/* Runs the wish to its end; may be called again on the same device, as the same command would be. Forgets what happened
 * before, except the device. */
void workbench_run(struct workbench *bench);

/* The newest durable journal line becomes what the next run finds. */
void workbench_remember(struct workbench *bench);

/* Truths of the simulator. */
bool workbench_flash_is_image(const struct workbench *bench);
bool workbench_flash_is_untouched(
    const struct workbench *bench); /* the old application, nothing sent that changes it */

#endif
