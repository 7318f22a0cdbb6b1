#include "sim/sim_peer.h"
#include "sim/sim_order.h"
#include <stdlib.h>
#include <string.h>

void sim_peer_init(struct sim_peer *peer, struct sim_served *devices, unsigned device_count, struct sim_served *ordered)
{
    memset(peer, 0, sizeof *peer);
    peer->devices = devices;
    peer->device_count = device_count;
    peer->ordered = ordered;
}

static void drop_urb(struct sim_peer *peer, unsigned index)
{
    free(peer->urbs[index]);
    peer->urb_count--;
    for (unsigned i = index; i < peer->urb_count; i++) {
        peer->urbs[i] = peer->urbs[i + 1U];
    }
}

static void let_go(struct sim_peer *peer)
{
    while (peer->urb_count > 0) {
        drop_urb(peer, peer->urb_count - 1U);
    }
    if (peer->imported != NULL) {
        peer->imported->is_taken = false;
        peer->imported = NULL;
    }
}

void sim_peer_free(struct sim_peer *peer)
{
    let_go(peer);
    byte_queue_free(&peer->out);
}

static void give_up(struct sim_peer *peer, const char *problem)
{
    peer->problem = problem;
    peer->is_closing = true;
}

/* Room for an answer; without it the connection ends. */
static uint8_t *answer(struct sim_peer *peer, size_t length)
{
    uint8_t *out = byte_queue_extend(&peer->out, length);
    if (out == NULL) {
        give_up(peer, "it does not take its answers");
    }
    return out;
}

static void answer_list(struct sim_peer *peer)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < peer->device_count; i++) {
        count += sim_is_on_bus(peer->devices[i].file.device) ? 1U : 0U;
    }
    uint8_t *out = answer(peer, USBIP_LIST_BYTES + count * (USBIP_DEVICE_BYTES + USBIP_INTERFACE_BYTES));
    if (out == NULL) {
        return;
    }
    usbip_put_list(out, count);
    out += USBIP_LIST_BYTES;
    for (unsigned i = 0; i < peer->device_count; i++) {
        if (sim_is_on_bus(peer->devices[i].file.device)) {
            struct usbip_device device;
            sim_served_describe(&peer->devices[i], &device);
            usbip_put_device(out, &device);
            usbip_put_interface(out + USBIP_DEVICE_BYTES);
            out += USBIP_DEVICE_BYTES + USBIP_INTERFACE_BYTES;
        }
    }
    peer->is_closing = true;
}

static struct sim_served *find_free(struct sim_peer *peer, const char *bus_id)
{
    for (unsigned i = 0; i < peer->device_count; i++) {
        struct sim_served *served = &peer->devices[i];
        if (strcmp(served->bus_id, bus_id) == 0 && !served->is_taken && sim_is_on_bus(served->file.device)) {
            return served;
        }
    }
    return NULL;
}

static void answer_import(struct sim_peer *peer, const char *bus_id)
{
    struct sim_served *served = find_free(peer, bus_id);
    uint8_t *out = answer(peer, USBIP_IMPORT_BYTES + (served != NULL ? USBIP_DEVICE_BYTES : 0U));
    if (out == NULL) {
        return;
    }
    usbip_put_import(out, served != NULL);
    if (served == NULL) {
        peer->is_closing = true;
        return;
    }
    struct usbip_device device;
    sim_served_describe(served, &device);
    usbip_put_device(out + USBIP_IMPORT_BYTES, &device);
    served->is_taken = true;
    peer->imported = served;
    peer->arrival = sim_arrival(served->file.device);
}

static void answer_submitted(struct sim_peer *peer, uint32_t sequence, int32_t status, uint32_t actual,
                             const uint8_t *data, size_t data_bytes)
{
    uint8_t *out = answer(peer, USBIP_COMMAND_BYTES + data_bytes);
    if (out == NULL) {
        return;
    }
    usbip_put_submitted(out, sequence, status, actual);
    if (data_bytes > 0) {
        memcpy(out + USBIP_COMMAND_BYTES, data, data_bytes);
    }
}

static struct sim_setup read_setup(const uint8_t *bytes)
{
    return (struct sim_setup){.request_type = bytes[0],
                              .request = bytes[1],
                              .value = (uint16_t)(bytes[2] | (bytes[3] << 8)),
                              .index = (uint16_t)(bytes[4] | (bytes[5] << 8)),
                              .length = (uint16_t)(bytes[6] | (bytes[7] << 8))};
}

static void submit(struct sim_peer *peer, const struct usbip_request *request)
{
    struct sim_setup setup = read_setup(request->setup);
    if (request->endpoint != 0) {
        answer_submitted(peer, request->sequence, USBIP_EPIPE, 0, NULL, 0); /* the ROM has no other */
        return;
    }
    if (peer->urb_count == SIM_PEER_TRANSFERS_MAX) {
        give_up(peer, "too many transfers at once");
        return;
    }
    struct sim_urb *urb = calloc(1, sizeof *urb + setup.length);
    if (urb == NULL) {
        give_up(peer, "no memory");
        return;
    }
    urb->sequence = request->sequence;
    urb->length = request->length;
    urb->is_in = request->is_in;
    urb->setup = setup;
    if (!request->is_in && request->length > 0) {
        memcpy(urb->data, request->data, request->length);
    }
    peer->urbs[peer->urb_count++] = urb;
}

/* The host gives up: what has not been answered never will be. */
static void unlink_urb(struct sim_peer *peer, const struct usbip_request *request)
{
    int32_t status = USBIP_DONE;
    for (unsigned i = 0; i < peer->urb_count; i++) {
        if (peer->urbs[i]->sequence == request->unlinked_sequence) {
            drop_urb(peer, i);
            status = USBIP_ECONNRESET;
            break;
        }
    }
    uint8_t *out = answer(peer, USBIP_COMMAND_BYTES);
    if (out != NULL) {
        usbip_put_unlinked(out, request->sequence, status);
    }
}

static void handle_command(struct sim_peer *peer, const struct usbip_request *request)
{
    struct usbip_device device;
    sim_served_describe(peer->imported, &device);
    if (request->device != usbip_device_number(&device)) {
        give_up(peer, "a transfer for another device than the imported one");
    } else if (request->kind == USBIP_SUBMIT) {
        submit(peer, request);
    } else {
        unlink_urb(peer, request);
    }
}

static void handle_request(struct sim_peer *peer, const struct usbip_request *request)
{
    if (request->kind == USBIP_LIST) {
        answer_list(peer);
    } else if (request->kind == USBIP_IMPORT) {
        answer_import(peer, request->bus_id);
    } else {
        handle_command(peer, request);
    }
}

/* How many bytes were understood; 0: more are needed, or it is closing. */
static size_t take_request(struct sim_peer *peer)
{
    struct usbip_request request;
    const char *problem = usbip_parse(peer->in, peer->in_length, peer->imported != NULL, &request);
    if (problem != NULL) {
        give_up(peer, problem);
        return 0;
    }
    if (request.bytes > 0) {
        handle_request(peer, &request);
    }
    return request.bytes;
}

static size_t take_order(struct sim_peer *peer)
{
    struct sim_order order;
    if (peer->in_length < sizeof order) {
        return 0;
    }
    memcpy(&order, peer->in, sizeof order);
    uint32_t result = (uint32_t)sim_order_carry_out(&order, peer->ordered->file.device);
    uint8_t *out = answer(peer, sizeof result + sim_device_size());
    if (out != NULL) {
        sim_served_tick(peer->ordered);
        memcpy(out, &result, sizeof result);
        memcpy(out + sizeof result, peer->ordered->file.device, sim_device_size());
    }
    peer->is_closing = true;
    return sizeof order;
}

void sim_peer_take(struct sim_peer *peer, const uint8_t *bytes, size_t *length)
{
    size_t room = sizeof peer->in - peer->in_length;
    *length = *length < room ? *length : room;
    memcpy(peer->in + peer->in_length, bytes, *length);
    peer->in_length += *length;
    size_t taken = 0;
    do {
        if (peer->is_closing) {
            break;
        }
        taken = peer->ordered != NULL ? take_order(peer) : take_request(peer);
        peer->in_length -= taken;
        memmove(peer->in, peer->in + taken, peer->in_length);
    } while (taken > 0);
}

/* Virtual time: the host is taken to have waited exactly what was announced. */
static void begin_urb(struct sim_peer *peer, struct sim_urb *urb)
{
    struct sim_device *device = peer->imported->file.device;
    if (peer->imported->is_virtual) {
        sim_sleep(device, sim_poll_ms(device));
    }
    sim_transfer_begin(device, &urb->transfer, &urb->setup, urb->data);
    urb->is_begun = true;
}

static bool step_urb(struct sim_peer *peer, struct sim_urb *urb)
{
    struct sim_device *device = peer->imported->file.device;
    bool has_ended = sim_transfer_step(device, &urb->transfer);
    while (!has_ended && peer->imported->is_virtual && urb->transfer.wake_us != SIM_NEVER) {
        sim_sleep_until(device, urb->transfer.wake_us);
        has_ended = sim_transfer_step(device, &urb->transfer);
    }
    return has_ended;
}

static void answer_urb(struct sim_peer *peer, const struct sim_urb *urb)
{
    static const int32_t statuses[] = {[SIM_OK] = USBIP_DONE, [SIM_STALL] = USBIP_EPIPE, [SIM_FAILED] = USBIP_EPROTO};
    enum sim_outcome outcome = urb->transfer.outcome;
    if (outcome == SIM_GONE || outcome == SIM_TIMEOUT) {
        return; /* no answer is the answer: the connection ends, or the host gives up */
    }
    uint32_t in_bytes = urb->transfer.actual < urb->length ? (uint32_t)urb->transfer.actual : urb->length;
    bool is_done = outcome == SIM_OK;
    if (urb->is_in) {
        uint32_t actual = is_done ? in_bytes : 0U;
        answer_submitted(peer, urb->sequence, statuses[outcome], actual, urb->data, actual);
    } else {
        answer_submitted(peer, urb->sequence, statuses[outcome], is_done ? urb->setup.length : 0U, NULL, 0);
    }
}

static bool has_left(const struct sim_peer *peer)
{
    const struct sim_device *device = peer->imported->file.device;
    return !sim_is_on_bus(device) || sim_arrival(device) != peer->arrival;
}

void sim_peer_work(struct sim_peer *peer)
{
    while (peer->imported != NULL && !has_left(peer) && peer->urb_count > 0) {
        struct sim_urb *urb = peer->urbs[0];
        if (!urb->is_begun) {
            begin_urb(peer, urb);
        }
        if (!step_urb(peer, urb)) {
            break;
        }
        answer_urb(peer, urb);
        drop_urb(peer, 0);
        sim_served_tick(peer->imported);
    }
    if (peer->imported != NULL && has_left(peer)) {
        let_go(peer);
        peer->is_closing = true;
    } else if (peer->is_closing) {
        let_go(peer);
    }
}

uint64_t sim_peer_wake_us(const struct sim_peer *peer)
{
    bool waits = peer->imported != NULL && peer->urb_count > 0 && peer->urbs[0]->is_begun;
    return waits ? peer->urbs[0]->transfer.wake_us : SIM_NEVER;
}
