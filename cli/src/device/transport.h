/*
 * What reaches a device: libusb, or the simulator. The functions that have rlk_host's shapes get `context`.
 */
#ifndef RELOCK_CLI_TRANSPORT_H
#define RELOCK_CLI_TRANSPORT_H

#include "arguments.h"
#include "job/journal_store.h"
#include "output/output.h"
#include "relock/drive.h"

struct transport {
    void *context;
    void (*control)(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome);
    void (*select_alternate)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*sleep)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*reopen)(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome);
    void (*finish)(void *context); /* gives back everything, `context` included */
    /* Set by the caller, may be NULL: called about ten times a second while the transport waits, with how much of the
     * device's time has passed since the operation began. */
    void (*tick)(void *tick_context, uint64_t waited_ms);
    void *tick_context;
    /* Simulated devices only: the truth, and NULL otherwise. */
    struct sim_device *simulated;
    struct journal_key key;                /* where this device is remembered */
    struct journal_key second_key;         /* where else it may have been remembered: its port; empty if nowhere */
    char serial[RLK_JOURNAL_SERIAL_BYTES]; /* as far as known before the device is open; empty if not */
};

/* Finds the device that is meant and prepares to open it; `transport` must be given back by its finish if RLK_OK.
 * May fail with RLK_E_NO_DEVICE, SEVERAL_DEVICES (which are listed through `output`), NO_PERMISSION, DEVICE_TAKEN,
 * INTERRUPTED. */
enum rlk_error usb_transport_start(struct transport *transport, const struct arguments *arguments,
                                   struct output *output);

/* May fail with RLK_E_NO_DEVICE (no such profile or file), DEVICE_TAKEN (another process holds the file). */
enum rlk_error sim_transport_start(struct transport *transport, const struct arguments *arguments,
                                   struct output *output);

/* Lists what is there through `output`; the number of devices, or a negative enum rlk_error. */
int usb_list(const struct arguments *arguments, struct output *output);
int sim_list(const struct arguments *arguments, struct output *output);

#endif
