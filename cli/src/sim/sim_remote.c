#include "sim/sim_remote.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define SUFFIX     ".control"
#define PATIENCE_S 10
#define WAITING    4

/* One address for one device, by whatever name and links its file was called. */
static bool address_of(const char *path, struct sockaddr_un *address)
{
    char real[PATH_MAX];
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (realpath(path, real) == NULL) {
        return false;
    }
    size_t length = strlen(real);
    if (length + sizeof SUFFIX > sizeof address->sun_path) {
        return false;
    }
    memcpy(address->sun_path, real, length);
    memcpy(address->sun_path + length, SUFFIX, sizeof SUFFIX);
    return true;
}

/* Nothing but a socket is ever removed. */
static void remove_stale(const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
        unlink(path);
    }
}

static bool listen_at(int descriptor, const struct sockaddr_un *address)
{
    mode_t before = umask(0177);
    bool is_bound = bind(descriptor, (const struct sockaddr *)address, sizeof *address) == 0;
    umask(before);
    return is_bound && listen(descriptor, WAITING) == 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0;
}

int sim_remote_listen(const char *path, char **socket_path)
{
    struct sockaddr_un address;
    if (!address_of(path, &address)) {
        fputs("relock: the path of the simulated device is too long for a socket next to it\n", stderr);
        return -1;
    }
    remove_stale(address.sun_path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    *socket_path = strdup(address.sun_path);
    if (descriptor < 0 || *socket_path == NULL || !listen_at(descriptor, &address)) {
        fprintf(stderr, "relock: no socket for orders next to the simulated device: %s\n", strerror(errno));
        sim_remote_close(descriptor, NULL);
        free(*socket_path);
        *socket_path = NULL;
        return -1;
    }
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}

void sim_remote_close(int descriptor, const char *socket_path)
{
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (socket_path != NULL) {
        unlink(socket_path);
    }
}

static bool send_all(int descriptor, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;
    while (length > 0) {
        ssize_t sent = send(descriptor, from, length, 0);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        from += sent > 0 ? sent : 0;
        length -= sent > 0 ? (size_t)sent : 0U;
    }
    return true;
}

static bool receive_all(int descriptor, void *bytes, size_t length)
{
    uint8_t *to = bytes;
    while (length > 0) {
        ssize_t received = recv(descriptor, to, length, 0);
        if (received == 0 || (received < 0 && errno != EINTR)) {
            return false;
        }
        to += received > 0 ? received : 0;
        length -= received > 0 ? (size_t)received : 0U;
    }
    return true;
}

static bool talk(int descriptor, const struct sim_order *order, enum sim_order_result *result,
                 struct sim_device *device)
{
    uint32_t answer = 0;
    bool is_answered = send_all(descriptor, order, sizeof *order) && receive_all(descriptor, &answer, sizeof answer) &&
                       receive_all(descriptor, device, sim_device_size());
    *result = answer <= SIM_ORDER_NOT_KNOWN ? (enum sim_order_result)answer : SIM_ORDER_NOT_KNOWN;
    return is_answered && sim_device_is_sound(device, sim_device_size());
}

bool sim_remote_send(const char *path, const struct sim_order *order, enum sim_order_result *result,
                     struct sim_device *device)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_un address;
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0) {
        return false;
    }
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    bool is_done = address_of(path, &address) &&
                   connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
                   talk(descriptor, order, result, device);
    close(descriptor);
    return is_done;
}
