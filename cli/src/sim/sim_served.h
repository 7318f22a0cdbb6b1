/*
 * A simulated device while it is served to others: its clock, and whether it is there.
 */
#ifndef RELOCK_CLI_SIM_SERVED_H
#define RELOCK_CLI_SIM_SERVED_H

#include "sim/sim_file.h"
#include "sim/usbip_wire.h"

#define SIM_SERVED_MAX 8U /* as many as a virtual host controller has ports */

struct sim_served {
    struct sim_file file;
    const char *path;
    char bus_id[8];
    uint32_t number;
    bool is_virtual; /* its time passes only as its host waits */
    bool is_taken;   /* a connection has it */
    bool was_seen;   /* on the bus, as last told */
    uint32_t seen_arrival;
    uint64_t ticked_us; /* real time: up to when its clock has followed */
    int control;        /* listens for orders; -1: not yet */
    char *control_path;
};

/* Opens the device in the file `path`, which must outlive it, as the `number`-th (from 1). RLK_E_NO_DEVICE,
 * RLK_E_DEVICE_TAKEN. */
enum rlk_error sim_served_open(struct sim_served *served, const char *path, uint32_t number, bool is_virtual);
void sim_served_close(struct sim_served *served);

/* Real time: lets the device live up to now. Virtual time: lets what nobody waits for, boot and departure, pass. */
void sim_served_tick(struct sim_served *served);

/* Microseconds of real time until something happens by itself or its clock shows `wake_us` (SIM_NEVER: does not
 * matter); UINT64_MAX if nothing will. */
uint64_t sim_served_wait_us(const struct sim_served *served, uint64_t wake_us);

/* Has it come or gone since the last time that this was asked? */
bool sim_served_has_moved(struct sim_served *served);

void sim_served_describe(const struct sim_served *served, struct usbip_device *device);

#endif
