/*
 * One connection to the server of simulated devices: bytes in, bytes out, no sockets. It speaks USB/IP, or carries out
 * one order of a person (sim_order.h).
 */
#ifndef RELOCK_CLI_SIM_PEER_H
#define RELOCK_CLI_SIM_PEER_H

#include "sim/byte_queue.h"
#include "sim/sim_served.h"

#define SIM_PEER_TRANSFERS_MAX 16U

/* A transfer that waits for its turn, or for its answer. */
struct sim_urb {
    uint32_t sequence;
    uint32_t length; /* room of an IN transfer at the host */
    bool is_in;
    bool is_begun;
    struct sim_setup setup;
    struct sim_transfer transfer;
    uint8_t data[]; /* as many as setup.length says */
};

struct sim_peer {
    struct sim_served *devices; /* those that can be had */
    unsigned device_count;
    struct sim_served *ordered;  /* not NULL: this connection brings an order for it */
    struct sim_served *imported; /* not NULL: this connection has it */
    uint32_t arrival;            /* of the imported device */
    bool is_closing;             /* nothing more is read; what waits is sent, then it is closed */
    const char *problem;         /* not NULL: what was wrong with it, for people */
    struct sim_urb *urbs[SIM_PEER_TRANSFERS_MAX];
    unsigned urb_count;
    struct byte_queue out;
    size_t in_length;
    uint8_t in[USBIP_REQUEST_BYTES];
};

/* A USB/IP connection to `devices`, or with `ordered` one that brings an order for that device. */
void sim_peer_init(struct sim_peer *peer, struct sim_served *devices, unsigned device_count,
                   struct sim_served *ordered);
/* Gives back the device and all memory but the peer's own. */
void sim_peer_free(struct sim_peer *peer);

/* Takes up to `*length` bytes of what has come in; `*length` becomes how many it took. */
void sim_peer_take(struct sim_peer *peer, const uint8_t *bytes, size_t *length);

/* Goes on with its transfers as far as the device's time allows, and lets go of a device that has left the bus. */
void sim_peer_work(struct sim_peer *peer);

/* The device's time at which it goes on; SIM_NEVER: not by itself. */
uint64_t sim_peer_wake_us(const struct sim_peer *peer);

#endif
