/*
 * The simulated device that a report's transfers are sent to once more.
 */
#ifndef RELOCK_CLI_REPLAY_DEVICE_H
#define RELOCK_CLI_REPLAY_DEVICE_H

#include "replay/replay_line.h"
#include "replay/replay_report.h"
#include "sim_host.h"

enum replay_verdict {
    REPLAY_SAME,         /* the simulator answers alike */
    REPLAY_OTHER_TIME,   /* the same, but it announces another time to wait */
    REPLAY_DIFFERENT,    /* it answers otherwise */
    REPLAY_NOT_COMPARED, /* the device has no part in it, or what it answered is not known */
};

struct replay_device {
    struct sim_device *device; /* NULL: no simulated device is of this family */
    struct sim_transport transport;
    uint8_t *buffer;
    unsigned serial_index; /* of the string descriptor that is the serial number */
    /* What it answered last: */
    struct rlk_outcome answer;
};

/* Makes the device of the report's family, at the level and, where the report shows them, with the option bytes that it
 * began with; BOOT0 is held. False: no memory. replay_device_free in any case. */
bool replay_device_make(struct replay_device *replayed, const struct replay_report *report);
void replay_device_free(struct replay_device *replayed);

/* Does `operation` once more. `answer` then holds what the simulator answered. */
void replay_device_do(struct replay_device *replayed, const struct rlk_operation *operation);

/* Compares it with what was answered then. */
enum replay_verdict replay_device_compare(struct replay_device *replayed, const struct rlk_operation *operation,
                                          const struct replay_line *answered);

const char *replay_verdict_name(enum replay_verdict verdict); /* "same", "other-time", "different", "not-compared" */

#endif
