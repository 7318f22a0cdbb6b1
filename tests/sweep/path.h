/*
 * A path under way: a device, a host with its journal, and the run of the command that it is in. A plain value: kept
 * before a transfer and put back in the same place, it goes on as if nothing had happened since.
 */
#ifndef SWEEP_PATH_H
#define SWEEP_PATH_H

#include "scenario.h"

struct path {
    struct scenario scenario;
    struct scenario_result result;
    struct sim_transport transport;
    struct rlk_session session;
    struct rlk_journal_entry journal;
    struct rlk_journal_entry journal_before; /* as it was when the run began: what the wish points to */
    bool has_journal;
    uint32_t yes_to_erase;   /* plans confirmed */
    uint64_t confirmed;      /* digest of the last yes to a plan; 0 none, spent by 0x92 */
    bool erasing_recorded;   /* since that yes */
    uint32_t operations;     /* of this run */
    uint32_t first_transfer; /* of this run, as the places of faults are counted */
    uint32_t changes_before; /* of this run */
    const char *broken_law;
    /* A flip has hit the device descriptor, which is heard once. It points to the serial, by which the journal knows a
     * finished device: this one is another now, about which the person is asked anew, and says yes. */
    bool was_heard_as_another;
    bool has_sent_change;                       /* an erase, data or 0x92 was sent in this run */
    bool has_erased_finished;                   /* 0x92 was sent to a finished device, in this run */
    void (*before_transfer)(struct path *path); /* may be NULL; may walk to the end and put the path back */
    struct sim_device device;                   /* the last, and its flash the last of it: snapshots end before */
};

/* A new device and the first run of the command. `path` must stay where it is: the session points into it. */
void path_begin(struct path *path, const struct scenario *scenario);

/* From where the path stands to its end: runs the command, does what the ending says, runs it again. */
void path_walk(struct path *path);

/* Is the flash what the image says? */
bool path_flash_equals_image(const struct path *path);

/* Is everything but the image as it was when the run began; and is the image, too? Not of pairs. */
bool path_rest_is_as_before(const struct path *path);
bool path_flash_is_as_before(const struct path *path);

/* How often the device's flash or options were changed: programs, erases, option writes, regressions. */
uint32_t path_changes(const struct path *path);

/* rules.c: what is wrong with the run that ended so, or NULL. */
const char *path_judge_run(const struct path *path, const struct rlk_operation *done);

/* rules.c: it ended as well as it can, for want of a device that any host could mend. */
bool path_is_given_up(const struct path *path, const struct rlk_operation *done);

/* With trace on, each run's transcript goes to standard output. */
void path_set_trace(bool is_on);

#endif
