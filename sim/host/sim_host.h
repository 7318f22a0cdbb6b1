/*
 * The transport half of a host (relock/drive.h) over a simulated device: control transfers, sleeps, and the return of
 * the device, with a person who does what is asked or is absent. Used by the command line's --sim and by the tests.
 */
#ifndef SIM_HOST_H
#define SIM_HOST_H

#include "relock/drive.h"
#include "sim/sim.h"

enum sim_person {
    SIM_PERSON_HELPFUL, /* does what `reopen` asks for: holds, releases, replugs */
    SIM_PERSON_ABSENT   /* does nothing: what does not come back by itself does not come back */
};

struct sim_transport {
    struct sim_device *device;
    enum sim_person person;
    bool is_open;
    uint32_t arrival; /* of the handle: dead once the device has left and returned */
    /* May be NULL: called after each operation with the virtual time in microseconds, to pace a demo in real time, to
     * stop on Ctrl-C, or to kill the process at a given operation. */
    void (*after_operation)(void *context, uint64_t now_us);
    void *after_context;
};

/* The functions take a struct sim_transport as context and have the shapes of struct rlk_host. */
void sim_transport_control(void *context, const struct rlk_operation *operation, uint8_t *buffer,
                           struct rlk_outcome *outcome);
void sim_transport_select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
void sim_transport_sleep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
void sim_transport_reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);

/* What a person does when told `action`: BOOT0, cable. A helpful person's hands. */
void sim_person_do(struct sim_device *device, enum rlk_action action);

#endif
