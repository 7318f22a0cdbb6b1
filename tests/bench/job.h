/*
 * One whole job on a simulated device, and what it cost: transfers as the device counts them, modelled time, and the
 * floor under that time.
 */
#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include "recording.h"
#include "relock/session.h"
#include <stdbool.h>
#include <stdint.h>

#define JOB_IMAGE_BYTES_MAX (512U * 1024U)

struct job_wish {
    const char *profile; /* of the simulator */
    uint32_t image_bytes;
    enum rlk_job job; /* UPDATE: of a protected device, protected again; WRITE: of an open one, over an old program */
    enum rlk_poll poll;
    struct recording *recording; /* where to keep all operations' outcomes, or NULL */
};

struct job_cost {
    uint32_t transfers; /* all control transfers, standard requests included */
    uint32_t blocks;    /* of the image; all differ from each other and from what was there */
    uint32_t looked;    /* blocks that must be read first: of each sector until one is met that wants an erase */
    uint32_t sectors;   /* that the image touches */
    uint32_t erased;    /* sectors that were erased one by one */
    uint64_t time_us;   /* modelled, from the first operation to the last */
    /* What is waited for once at least, the announced or the real time, whichever is longer: programs, erases, option
     * write, regression, the device's start and a person's second at the plug; and the wire time of the least possible
     * transfers. */
    uint64_t floor_us;
    uint64_t real_floor_us; /* the same without what is announced only: what the work really takes */
    uint64_t dfu_util_us;   /* WRITE: by dfu-util's scheme, which neither checks before nor compares after */
    const char *complaint;  /* NULL if the job did what it should, to the byte */
};

/* Runs one job from a fresh device to its ending. Not reentrant: devices are large, there is one. */
void job_run(const struct job_wish *wish, struct job_cost *cost);

/* The wish that job_run gave the session, with an image of so many pseudo-random bytes. Valid until the next call. */
struct rlk_wish job_session_wish(enum rlk_job job, uint32_t image_bytes);

#endif
