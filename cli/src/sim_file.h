/*
 * A simulated device that is kept in a file: the file is the device, so that it outlives the process at any moment.
 */
#ifndef RELOCK_CLI_SIM_FILE_H
#define RELOCK_CLI_SIM_FILE_H

#include "relock/error.h"
#include "sim/sim.h"

struct sim_file {
    struct sim_device *device; /* mapped: what is written to it is in the file */
    int descriptor;
};

/* May fail with RLK_E_NO_DEVICE (no such file, or not such a device), RLK_E_DEVICE_TAKEN (in use). */
enum rlk_error sim_file_open(struct sim_file *file, const char *path);
void sim_file_close(struct sim_file *file);

/* Puts `device` into a new file, or in place of an old one, as a whole or not at all. RLK_E_FILE_NOT_WRITTEN. */
enum rlk_error sim_file_make(const char *path, const struct sim_device *device);

#endif
