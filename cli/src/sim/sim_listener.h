/*
 * The TCP half of the server of simulated devices.
 */
#ifndef RELOCK_CLI_SIM_LISTENER_H
#define RELOCK_CLI_SIM_LISTENER_H

#include <stddef.h>
#include <stdint.h>

#define SIM_ADDRESS_BYTES 64U

struct sim_address {
    char host[SIM_ADDRESS_BYTES];
    uint16_t port;
};

/* Listens at the numeric address `host`, port `port` (0: any that is free). Gives the socket, which does not block, and
 * where it listens; or -1, explained on standard error. */
int sim_listen(const char *host, uint16_t port, struct sim_address *address);

/* A connection that waits at `listener`, TCP or local: its socket, which does not block, or -1 if there is none.
 * `address` (NULL: does not matter) is the client's. */
int sim_accept(int listener, struct sim_address *address);

#endif
