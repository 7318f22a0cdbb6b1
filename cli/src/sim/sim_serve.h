/*
 * Simulated devices for other programs: a USB/IP server.
 */
#ifndef RELOCK_CLI_SIM_SERVE_H
#define RELOCK_CLI_SIM_SERVE_H

#include "arguments.h"
#include "output/output.h"

/* `relock sim serve`: serves the devices in the files arguments->words[1 …] until an interrupt. Returns the process's
 * exit code. */
int sim_serve(const struct arguments *arguments, struct output *output);

#endif
