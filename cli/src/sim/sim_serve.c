#include "sim/sim_serve.h"
#include "output/json.h"
#include "output/text.h"
#include "sim/sim_listener.h"
#include "sim/sim_peer.h"
#include "sim/sim_remote.h"
#include "system/interrupt.h"
#include "verbs.h"
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_HOST "127.0.0.1"
#define DEFAULT_PORT 3240U
#define CONNECTIONS  24U
#define READ_BYTES   16384U
#define WAIT_MAX_MS  60000U
#define PORT_MAX     65535U
#define TEXT_BYTES   1024U
#define FILES_MAX    (2U + SIM_SERVED_MAX + CONNECTIONS) /* interrupt, listener, orders, connections */

struct connection {
    struct sim_peer peer;
    struct sim_address address;
    int socket;
    bool is_told; /* its import was told */
};

struct server {
    struct sim_served devices[SIM_SERVED_MAX];
    unsigned device_count;
    struct connection *connections[CONNECTIONS];
    unsigned connection_count;
    struct sim_address address;
    int listener;
    bool is_json;
    struct output *output;
};

/* One line for people, or one object for programs. */
static void tell(struct server *server, const struct sim_served *served, const char *state,
                 const struct sim_address *address)
{
    if (server->is_json) {
        struct json json;
        json_begin_event(&json, server->output->stream, "served");
        json_text(&json, "bus_id", served->bus_id);
        json_text(&json, "state", state);
        json_text(&json, "file", served->path);
        json_text(&json, "address", address != NULL ? address->host : NULL);
        json_number(&json, "port", address != NULL ? address->port : 0U);
        json_end_event(&json);
        return;
    }
    char file[TEXT_BYTES];
    text_clean(file, sizeof file, served->path);
    fprintf(server->output->stream, "%s  %-8s  %s", served->bus_id, state, file);
    if (address != NULL) {
        bool has_colons = strchr(address->host, ':') != NULL;
        fprintf(server->output->stream, has_colons ? "  [%s]:%u" : "  %s:%u", address->host, (unsigned)address->port);
    }
    fputc('\n', server->output->stream);
    fflush(server->output->stream);
}

static void tell_who_moved(struct server *server)
{
    for (unsigned i = 0; i < server->device_count; i++) {
        struct sim_served *served = &server->devices[i];
        if (sim_served_has_moved(served)) {
            tell(server, served, sim_is_on_bus(served->file.device) ? "present" : "absent", NULL);
        }
    }
}

static void tell_import(struct server *server, struct connection *connection)
{
    if (connection->peer.imported != NULL && !connection->is_told) {
        connection->is_told = true;
        tell(server, connection->peer.imported, "attached", &connection->address);
    }
}

static void complain(const struct connection *connection)
{
    if (connection->peer.problem != NULL) {
        fprintf(stderr, "relock: %s:%u: %s; connection closed\n", connection->address.host,
                (unsigned)connection->address.port, connection->peer.problem);
    }
}

static void close_connection(struct server *server, unsigned index)
{
    struct connection *connection = server->connections[index];
    complain(connection);
    if (connection->peer.imported != NULL) {
        tell(server, connection->peer.imported, "detached", &connection->address);
    }
    close(connection->socket);
    sim_peer_free(&connection->peer);
    free(connection);
    server->connection_count--;
    server->connections[index] = server->connections[server->connection_count];
}

static void add_connection(struct server *server, int descriptor, const struct sim_address *address,
                           struct sim_served *ordered)
{
    struct connection *connection = server->connection_count < CONNECTIONS ? calloc(1, sizeof *connection) : NULL;
    if (connection == NULL) {
        fputs("relock: too many connections; one is closed at once\n", stderr);
        close(descriptor);
        return;
    }
    connection->socket = descriptor;
    connection->address = *address;
    sim_peer_init(&connection->peer, server->devices, server->device_count, ordered);
    server->connections[server->connection_count++] = connection;
}

static void accept_all(struct server *server)
{
    struct sim_address address = {.host = "local"};
    int descriptor = -1;
    while ((descriptor = sim_accept(server->listener, &address)) >= 0) {
        add_connection(server, descriptor, &address, NULL);
    }
    const struct sim_address local = {.host = "local"};
    for (unsigned i = 0; i < server->device_count; i++) {
        while ((descriptor = sim_accept(server->devices[i].control, NULL)) >= 0) {
            add_connection(server, descriptor, &local, &server->devices[i]);
        }
    }
}

static bool would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* False: the client has gone. */
static bool read_from(struct connection *connection)
{
    uint8_t bytes[READ_BYTES];
    ssize_t received = recv(connection->socket, bytes, sizeof bytes, 0);
    if (received <= 0) {
        return received < 0 && would_block();
    }
    size_t done = 0;
    while (done < (size_t)received && !connection->peer.is_closing) {
        size_t taken = (size_t)received - done;
        sim_peer_take(&connection->peer, bytes + done, &taken);
        done += taken;
    }
    return true;
}

/* False: the client has gone, or all is said that was to be said. */
static bool write_to(struct connection *connection)
{
    struct byte_queue *out = &connection->peer.out;
    while (byte_queue_length(out) > 0) {
        ssize_t sent = send(connection->socket, out->bytes + out->start, byte_queue_length(out), 0);
        if (sent < 0) {
            return would_block();
        }
        byte_queue_drop(out, (size_t)sent);
    }
    return !connection->peer.is_closing;
}

static void tick_devices(struct server *server)
{
    for (unsigned i = 0; i < server->device_count; i++) {
        sim_served_tick(&server->devices[i]);
    }
}

static void work_connections(struct server *server)
{
    for (unsigned i = server->connection_count; i > 0; i--) {
        struct connection *connection = server->connections[i - 1U];
        tell_import(server, connection);
        sim_peer_work(&connection->peer);
        if (!write_to(connection)) {
            close_connection(server, i - 1U);
        }
    }
}

static uint64_t wait_us(const struct server *server)
{
    uint64_t least_us = UINT64_MAX;
    for (unsigned i = 0; i < server->device_count; i++) {
        const struct sim_served *served = &server->devices[i];
        uint64_t wake_us = SIM_NEVER;
        for (unsigned k = 0; k < server->connection_count; k++) {
            const struct sim_peer *peer = &server->connections[k]->peer;
            wake_us = peer->imported == served ? sim_peer_wake_us(peer) : wake_us;
        }
        uint64_t device_us = sim_served_wait_us(served, wake_us);
        least_us = device_us < least_us ? device_us : least_us;
    }
    return least_us;
}

/* Waits for `duration_us`, or until one of them has something to say. What is shorter than poll() can count is slept.
 */
static void wait_for_any(struct pollfd *files, nfds_t count, uint64_t duration_us)
{
    int duration_ms = duration_us < WAIT_MAX_MS * 1000ULL ? (int)(duration_us / 1000U) : (int)WAIT_MAX_MS;
    if (duration_us < 1000U) {
        const struct timespec short_time = {.tv_nsec = (long)duration_us * 1000L};
        nanosleep(&short_time, NULL);
    }
    poll(files, count, duration_ms);
}

static nfds_t list_files(const struct server *server, struct pollfd *files)
{
    nfds_t count = 0;
    files[count++] = (struct pollfd){.fd = interrupt_file(), .events = POLLIN};
    files[count++] = (struct pollfd){.fd = server->listener, .events = POLLIN};
    for (unsigned i = 0; i < server->device_count; i++) {
        files[count++] = (struct pollfd){.fd = server->devices[i].control, .events = POLLIN};
    }
    for (unsigned i = 0; i < server->connection_count; i++) {
        const struct connection *connection = server->connections[i];
        bool has_more = byte_queue_length(&connection->peer.out) > 0;
        files[count++] =
            (struct pollfd){.fd = connection->socket, .events = (short)(POLLIN | (has_more ? POLLOUT : 0))};
    }
    return count;
}

/* One round: wait, let time pass, hear, work, answer. */
static void go_round(struct server *server)
{
    struct pollfd files[FILES_MAX];
    nfds_t count = list_files(server, files);
    unsigned first = (unsigned)count - server->connection_count;
    wait_for_any(files, count, wait_us(server));
    tick_devices(server);
    for (unsigned i = server->connection_count; i > 0; i--) {
        if (files[first + i - 1U].revents != 0 && !read_from(server->connections[i - 1U])) {
            close_connection(server, i - 1U);
        }
    }
    accept_all(server);
    work_connections(server);
    tick_devices(server);
    tell_who_moved(server);
}

static int serve(struct server *server)
{
    tick_devices(server);
    for (unsigned i = 0; i < server->device_count; i++) {
        sim_served_has_moved(&server->devices[i]);
        tell(server, &server->devices[i], "ready", &server->address);
    }
    while (!interrupt_was_asked()) {
        go_round(server);
    }
    return EXIT_DONE;
}

static enum rlk_error open_devices(struct server *server, const struct arguments *arguments, const char **file)
{
    for (unsigned i = 1; i < arguments->word_count; i++) {
        *file = arguments->words[i];
        struct sim_served *served = &server->devices[server->device_count];
        enum rlk_error error = sim_served_open(served, *file, i, arguments->virtual_time);
        if (error != RLK_OK) {
            return error;
        }
        server->device_count++;
    }
    return RLK_OK;
}

static bool open_controls(struct server *server)
{
    for (unsigned i = 0; i < server->device_count; i++) {
        struct sim_served *served = &server->devices[i];
        served->control = sim_remote_listen(served->path, &served->control_path);
        if (served->control < 0) {
            return false;
        }
    }
    return true;
}

static void close_server(struct server *server)
{
    while (server->connection_count > 0) {
        close_connection(server, server->connection_count - 1U);
    }
    for (unsigned i = 0; i < server->device_count; i++) {
        sim_remote_close(server->devices[i].control, server->devices[i].control_path);
        free(server->devices[i].control_path);
        sim_served_close(&server->devices[i]);
    }
    if (server->listener >= 0) {
        close(server->listener);
    }
    free(server);
}

static bool read_port(const struct arguments *arguments, uint32_t *port)
{
    *port = DEFAULT_PORT;
    if (arguments->port != NULL && (!text_to_number(arguments->port, port) || *port > PORT_MAX)) {
        fputs("relock: --port wants a number up to 65535; 0 means any that is free\n", stderr);
        return false;
    }
    return true;
}

static bool files_are_devices(const struct arguments *arguments)
{
    for (unsigned i = 1; i < arguments->word_count; i++) {
        if (!sim_file_may_be_one(arguments->words[i])) {
            sim_file_explain(arguments->words[i]);
            return false;
        }
    }
    return true;
}

int sim_serve(const struct arguments *arguments, struct output *output)
{
    uint32_t port = 0;
    if (!arguments->usbip || arguments->word_count < 2) {
        fputs("relock: `sim serve` wants --usbip and the files of up to 8 simulated devices\n", stderr);
        return EXIT_USAGE;
    }
    if (!read_port(arguments, &port) || !files_are_devices(arguments)) {
        return EXIT_USAGE;
    }
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    const char *file = NULL;
    server->listener = -1;
    server->is_json = arguments->json;
    server->output = output;
    int exit_code = EXIT_FAILED;
    enum rlk_error error = open_devices(server, arguments, &file);
    if (error != RLK_OK) {
        exit_code = end_early(output, error, file);
    } else if (open_controls(server)) {
        const char *host = arguments->bind != NULL ? arguments->bind : DEFAULT_HOST;
        server->listener = sim_listen(host, (uint16_t)port, &server->address);
        exit_code = server->listener >= 0 ? serve(server) : EXIT_FAILED;
    }
    close_server(server);
    return exit_code;
}
