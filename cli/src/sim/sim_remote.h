/*
 * Orders for a simulated device that a server holds: over a socket next to its file, for its owner only.
 */
#ifndef RELOCK_CLI_SIM_REMOTE_H
#define RELOCK_CLI_SIM_REMOTE_H

#include "sim/sim_order.h"

/* Listens for orders for the device in `path`, which the caller holds locked: what an earlier server left there is
 * removed. Gives the socket, -1 on failure (explained on standard error), and its path, which the caller frees after
 * sim_remote_close. */
int sim_remote_listen(const char *path, char **socket_path);
void sim_remote_close(int descriptor, const char *socket_path);

/* Sends `order` to the server of the device in `path`. True: it was received; `result` is set, and `device`, of
 * sim_device_size() bytes, is what the device then was. False: nobody serves it. */
bool sim_remote_send(const char *path, const struct sim_order *order, enum sim_order_result *result,
                     struct sim_device *device);

#endif
