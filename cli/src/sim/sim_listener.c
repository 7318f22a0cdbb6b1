#include "sim/sim_listener.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAITING 16

static bool prepare(int descriptor)
{
    return fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 && fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

static void describe(const struct sockaddr_storage *storage, socklen_t length, struct sim_address *address)
{
    char port[8] = "0";
    const struct sockaddr *name = (const struct sockaddr *)storage;
    *address = (struct sim_address){.host = "?"};
    if (getnameinfo(name, length, address->host, sizeof address->host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
        address->port = (uint16_t)strtoul(port, NULL, 10);
    }
}

static bool listen_at(int descriptor, const struct addrinfo *where, struct sim_address *address)
{
    const int yes = 1;
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    /* A server that was ended a moment ago does not keep its port from the next one. */
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(descriptor, where->ai_addr, where->ai_addrlen) != 0 || listen(descriptor, WAITING) != 0 ||
        getsockname(descriptor, (struct sockaddr *)&bound, &length) != 0) {
        return false;
    }
    describe(&bound, length, address);
    return prepare(descriptor);
}

int sim_listen(const char *host, uint16_t port, struct sim_address *address)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *where = NULL;
    char service[8];
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (getaddrinfo(host, service, &hints, &where) != 0) {
        fputs("relock: the address of --bind cannot be used\n", stderr);
        return -1;
    }
    int descriptor = socket(where->ai_family, where->ai_socktype, where->ai_protocol);
    if (descriptor < 0 || !listen_at(descriptor, where, address)) {
        fprintf(stderr, "relock: cannot listen at port %u: %s; --port chooses another one, 0 any that is free\n",
                (unsigned)port, strerror(errno));
        if (descriptor >= 0) {
            close(descriptor);
        }
        descriptor = -1;
    }
    freeaddrinfo(where);
    return descriptor;
}

int sim_accept(int listener, struct sim_address *address)
{
    const int yes = 1;
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    int descriptor = accept(listener, (struct sockaddr *)&from, &length);
    if (descriptor < 0) {
        return -1;
    }
    if (!prepare(descriptor)) {
        close(descriptor);
        return -1;
    }
    if (address != NULL) {
        describe(&from, length, address);
        /* Each answer is small, and somebody waits for it. */
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    return descriptor;
}
