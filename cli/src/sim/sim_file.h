/*
 * A simulated device that is kept in a file: the file is the device, so that it outlives the process at any moment.
 */
#ifndef RELOCK_CLI_SIM_FILE_H
#define RELOCK_CLI_SIM_FILE_H

#include "relock/error.h"
#include "sim/sim.h"
#include <stdbool.h>

struct sim_file {
    struct sim_device *device; /* mapped: what is written to it is in the file */
    int descriptor;
};

/* May fail with RLK_E_NO_DEVICE (no such file, or not such a device), RLK_E_DEVICE_TAKEN (in use). */
enum rlk_error sim_file_open(struct sim_file *file, const char *path);
void sim_file_close(struct sim_file *file);

/* False if there is something at `path` that is no simulated device of this version: a folder, a file cut off, … */
bool sim_file_may_be_one(const char *path);
/* Says so on standard error; the exit code is 2. */
void sim_file_explain(const char *path);

/* May `sim make` put a device at `path`? Only where nothing is, or a simulated device of whatever version. */
bool sim_file_may_make(const char *path);

/* Puts `device` into a new file, or in place of an old one, as a whole or not at all. RLK_E_DEVICE_TAKEN if another
 * process is at work on the old one, RLK_E_FILE_NOT_WRITTEN. */
enum rlk_error sim_file_make(const char *path, const struct sim_device *device);

#endif
