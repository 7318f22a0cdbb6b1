/*
 * A host for fuzz targets: one simulated device, one wish, a person, a journal, and the laws that watch. A hook may
 * answer in the device's place. A megabyte of device: make it static.
 */
#ifndef RELOCK_FUZZ_HOST_H
#define RELOCK_FUZZ_HOST_H

#include "fuzz.h"
#include "laws.h"
#include "sim_host.h"

#define HOST_IMAGE_BYTES  12288U
#define HOST_STORED_BYTES 8192U
#define HOST_KEEP_BYTES   (512U * 1024U) /* as in the page */

enum host_answer { HOST_YES, HOST_NO, HOST_STALE, HOST_CANCELLED };

struct host;

/* Answers an operation, or leaves it to the device: false. `buffer` has RLK_BLOCK_BYTES_MAX. */
typedef bool host_lie(struct host *host, const struct rlk_operation *operation, uint8_t *buffer,
                      struct rlk_outcome *outcome);

struct host {
    struct sim_device device;
    struct sim_transport transport;
    struct rlk_session session;
    struct laws laws;
    struct rlk_wish wish;          /* host_run sets image and journal */
    struct rlk_option_wish option; /* what the wish points to if it has one */
    struct rlk_image image;
    uint8_t image_bytes[HOST_IMAGE_BYTES + 2U * RLK_IMAGE_ALIGNMENT_BYTES];
    struct rlk_journal_entry journal;
    bool has_journal;

    enum host_answer answers[RLK_QUESTIONS];
    uint32_t fails_record, fails_fetch; /* the n-th one fails, from 1; 0: none */
    uint32_t records, fetches;
    uint8_t keep_room[HOST_KEEP_BYTES];
    uint32_t yes_to_plan; /* how often the plan was agreed to, in this run */
    host_lie *lie;        /* may be NULL */
    void *lie_context;

    uint8_t stored[HOST_STORED_BYTES];
    uint32_t stored_bytes;
    const struct rlk_operation *done;
};

/* Forgets everything; a new device of this profile and level. */
void host_begin(struct host *host, const char *profile, unsigned level, bool boot0_high);

/* The device is another one from now on; the rest stays. */
void host_change_device(struct host *host, const char *profile, unsigned level, bool boot0_high);

/* An image of 1 to HOST_IMAGE_BYTES at `addr`: a plausible vector table and pseudo-random bytes. */
void host_set_image(struct host *host, uint32_t addr, uint32_t bytes);

/* Runs the wish to its end, with what the journal holds from the run before. Speaks, if the wasm could be told. */
void host_run(struct host *host);

#endif
