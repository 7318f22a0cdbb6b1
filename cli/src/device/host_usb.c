#include "device/transport.h"
#include "device/usb_find.h"
#include "output/text.h"
#include "system/interrupt.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POLL_MS       100U
#define PERMISSION_MS 6000U /* udev may need that long after a device has come back */
#define OVERDUE_MS    5000U
#define WAIT_SCRIPT_S 120U /* without a terminal nobody may ever come */

struct usb_host {
    libusb_context *context;
    libusb_device_handle *handle;
    const struct arguments *arguments;
    struct output *output;
    struct transport *owner;
    bool has_terminal;
    char port[USB_PORT_BYTES];
    char serial[RLK_STRING_TEXT_BYTES];
    uint8_t address;       /* 0: it was seen to be gone */
    uint64_t judged_state; /* of the bus, when no other device on it was ours */
    uint8_t interface_number;
};

static void close_handle(struct usb_host *host)
{
    if (host->handle != NULL) {
        libusb_close(host->handle);
        host->handle = NULL;
    }
}

static enum rlk_outcome_kind outcome_of(int libusb_code)
{
    switch (libusb_code) {
    case LIBUSB_ERROR_PIPE:
        return RLK_OUTCOME_STALL;
    case LIBUSB_ERROR_TIMEOUT:
        return RLK_OUTCOME_TIMEOUT;
    case LIBUSB_ERROR_NO_DEVICE:
        return RLK_OUTCOME_GONE;
    default:
        return RLK_OUTCOME_FAILED;
    }
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct usb_host *host = context;
    if (host->handle == NULL) {
        outcome->kind = RLK_OUTCOME_GONE;
        return;
    }
    bool is_out = operation->kind == RLK_OPERATION_CONTROL_OUT;
    if (is_out && operation->length > 0) {
        memcpy(buffer, operation->data, operation->length);
    }
    uint64_t began_ms = text_now_ms();
    int code = libusb_control_transfer(host->handle, operation->request_type, operation->request, operation->value,
                                       operation->windex, buffer, operation->length, operation->timeout_ms);
    outcome->elapsed_ms = (uint32_t)(text_now_ms() - began_ms);
    bool is_whole = code >= 0 && (!is_out || code == operation->length);
    outcome->kind = is_whole ? RLK_OUTCOME_OK : outcome_of(code);
    if (!is_out && code > 0) {
        outcome->data = buffer;
        outcome->bytes = (size_t)code;
    }
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct usb_host *host = context;
    if (host->handle == NULL) {
        outcome->kind = RLK_OUTCOME_GONE;
        return;
    }
    int code = libusb_set_interface_alt_setting(host->handle, host->interface_number, operation->alternate);
    outcome->kind = code == 0 ? RLK_OUTCOME_OK : outcome_of(code);
}

/* Waits in slices, so that the bar moves and Ctrl-C is heard. */
static void wait_slice(struct usb_host *host, uint64_t began_ms, uint32_t slice_ms)
{
    interrupt_sleep(slice_ms);
    if (host->owner->tick != NULL) {
        host->owner->tick(host->owner->tick_context, text_now_ms() - began_ms);
    }
}

static void sleep_for(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct usb_host *host = context;
    uint64_t began_ms = text_now_ms();
    uint64_t waited_ms = 0;
    while (waited_ms < operation->duration_ms && !interrupt_was_asked()) {
        uint64_t left_ms = operation->duration_ms - waited_ms;
        wait_slice(host, began_ms, left_ms < POLL_MS ? (uint32_t)left_ms : POLL_MS);
        waited_ms = text_now_ms() - began_ms;
    }
    outcome->elapsed_ms = (uint32_t)waited_ms;
}

static const struct usb_found *by_port(const struct usb_host *host, const struct usb_found *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(found[i].port, host->port) == 0) {
            return &found[i];
        }
    }
    return NULL;
}

/* A serial number that two devices show at the same time identifies neither, now or later. */
static void distrust_shared_serial(struct usb_host *host, const struct usb_found *found, size_t count)
{
    size_t with_serial = 0;
    for (size_t i = 0; i < count; i++) {
        with_serial += strcmp(found[i].serial, host->serial) == 0;
    }
    if (with_serial > 1) {
        host->serial[0] = '\0';
    }
}

static uint64_t bus_state(const struct usb_found *found, size_t count)
{
    char text[USB_FOUND_MAX * (USB_PORT_BYTES + 8U)] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s %u ", found[i].port, found[i].address);
    }
    return text_hash(text);
}

/* Devices in other sockets are asked for their serial number once per arrival, not at every look. */
static const struct usb_found *by_serial(struct usb_host *host, struct usb_found *found, size_t count)
{
    uint64_t state = bus_state(found, count);
    if (state == host->judged_state || !rlk_serial_is_unique(host->serial)) {
        return NULL;
    }
    const struct usb_found *same = NULL;
    for (size_t i = 0; i < count; i++) {
        usb_read_strings(&found[i]);
        same = strcmp(found[i].serial, host->serial) == 0 ? &found[i] : same;
    }
    distrust_shared_serial(host, found, count);
    if (same == NULL || host->serial[0] == '\0') {
        host->judged_state = state;
        return NULL;
    }
    return same;
}

/* The device that the work began with: in the same socket, else with the same serial number if that means something.
 * Never simply the next one. */
static const struct usb_found *same_device(struct usb_host *host, struct usb_found *found, size_t count)
{
    const struct usb_found *same = by_port(host, found, count);
    return same != NULL ? same : by_serial(host, found, count);
}

static enum rlk_error open_device(struct usb_host *host, const struct usb_found *found)
{
    int code = libusb_open(found->device, &host->handle);
    if (code != 0) {
        host->handle = NULL;
        return usb_open_error(code);
    }
    libusb_set_auto_detach_kernel_driver(host->handle, 1);
    code = libusb_claim_interface(host->handle, found->interface_number);
    if (code != 0) {
        close_handle(host);
        return usb_open_error(code);
    }
    host->address = found->address;
    host->interface_number = found->interface_number;
    memcpy(host->port, found->port, sizeof host->port);
    return RLK_OK;
}

/* One look: RLK_OK if the device is open now. `must_leave`: one that never left is not one that came back. */
static enum rlk_error try_open(struct usb_host *host, bool must_leave)
{
    struct usb_found found[USB_FOUND_MAX];
    size_t count = usb_find_all(host->context, found);
    const struct usb_found *same = same_device(host, found, count);
    enum rlk_error error = RLK_E_NO_DEVICE;
    if (same == NULL) {
        host->address = 0;
    } else if (!must_leave || same->address != host->address) {
        error = open_device(host, same);
    }
    usb_found_free(found, count);
    return error;
}

static uint64_t wait_limit_ms(const struct usb_host *host, const struct rlk_operation *operation)
{
    if (operation->reason == RLK_REOPEN_FIRST) {
        return operation->patience_ms;
    }
    if (host->arguments->has_wait) {
        return operation->patience_ms + (uint64_t)host->arguments->wait_s * 1000U;
    }
    return host->has_terminal ? UINT64_MAX : operation->patience_ms + (uint64_t)WAIT_SCRIPT_S * 1000U;
}

/* Whose fault it is when the wait is over: a device that cannot be opened is not a device that stayed away. */
static enum rlk_error give_up_error(const struct rlk_operation *operation, enum rlk_error last)
{
    if (interrupt_was_asked()) {
        return RLK_E_INTERRUPTED;
    }
    if (last == RLK_E_NO_PERMISSION || last == RLK_E_DEVICE_TAKEN || operation->reason == RLK_REOPEN_FIRST) {
        return last;
    }
    return operation->reason == RLK_REOPEN_AFTER_UNPROTECT ? RLK_E_DEVICE_NOT_BACK : RLK_OK;
}

struct patience {
    uint64_t began_ms;
    uint64_t refused_ms; /* since when it is there and cannot be opened; 0: not so */
    bool has_told;
};

static bool is_patient(struct patience *patience, enum rlk_error error, uint64_t limit_ms)
{
    bool is_refused = error == RLK_E_NO_PERMISSION || error == RLK_E_DEVICE_TAKEN;
    uint64_t now_ms = text_now_ms();
    if (!is_refused) {
        patience->refused_ms = 0;
        return now_ms - patience->began_ms < limit_ms;
    }
    if (patience->refused_ms == 0) {
        patience->refused_ms = now_ms;
    }
    return now_ms - patience->refused_ms < PERMISSION_MS;
}

static void tell(struct usb_host *host, enum rlk_reopen_reason reason, enum rlk_action action)
{
    if (action != RLK_ACTION_NONE && reason != RLK_REOPEN_FIRST) {
        host->output->functions->person(host->output, reason, action);
    }
}

/* It comes by itself, or it does not: only then is the person asked to help. */
static void tell_when_over(struct usb_host *host, struct patience *patience, const struct rlk_operation *operation)
{
    if (!patience->has_told && text_now_ms() - patience->began_ms >= operation->patience_ms) {
        tell(host, operation->reason, operation->action);
        patience->has_told = true;
    }
}

/* A chip that resets by itself is gone for a moment first. One that is still there long after its time is opened as it
 * is: the engine judges it. After a power cycle only a new arrival counts. */
static bool must_have_left(const struct rlk_operation *operation, uint64_t waited_ms)
{
    if (operation->reason == RLK_REOPEN_POWER_CYCLE) {
        return true;
    }
    bool resets_itself = operation->reason == RLK_REOPEN_AFTER_UNPROTECT || operation->reason == RLK_REOPEN_AFTER_SEAL;
    return resets_itself && waited_ms <= (uint64_t)operation->patience_ms + OVERDUE_MS;
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct usb_host *host = context;
    struct patience patience = {.began_ms = text_now_ms()};
    uint64_t limit_ms = wait_limit_ms(host, operation);
    close_handle(host);
    tell(host, operation->reason, operation->meanwhile);
    for (;;) {
        tell_when_over(host, &patience, operation);
        enum rlk_error error = try_open(host, must_have_left(operation, text_now_ms() - patience.began_ms));
        if (error == RLK_OK) {
            outcome->elapsed_ms = (uint32_t)(text_now_ms() - patience.began_ms);
            return;
        }
        if (interrupt_was_asked() || !is_patient(&patience, error, limit_ms)) {
            outcome->kind = RLK_OUTCOME_GONE;
            outcome->error = give_up_error(operation, error);
            return;
        }
        wait_slice(host, patience.began_ms, POLL_MS);
    }
}

static void finish(void *context)
{
    struct usb_host *host = context;
    close_handle(host);
    libusb_exit(host->context);
    free(host);
}

static bool is_meant(const struct usb_found *found, const struct arguments *arguments)
{
    return (arguments->port == NULL || strcmp(arguments->port, found->port) == 0) &&
           (arguments->serial == NULL || strcmp(arguments->serial, found->serial) == 0);
}

static void show(struct output *output, const struct usb_found *found)
{
    struct device_view view = {found->port, found->serial, found->product, false, found->error};
    output->functions->device(output, &view);
}

static void explain_permission(struct output *output)
{
    output->functions->notice(
        output,
        "Opening STM32 devices in DFU mode needs a udev rule. With Relock's file 70-relock-stm32-dfu.rules: "
        "`sudo install -m 644 cli/udev/70-relock-stm32-dfu.rules /etc/udev/rules.d/ && sudo udevadm control "
        "--reload && sudo udevadm trigger`. It lets in the user at the screen and the members of the group plugdev.");
}

/* Picks the one that is meant. RLK_E_NO_DEVICE, SEVERAL_DEVICES, or why it cannot be opened. */
static enum rlk_error pick(struct usb_host *host, const struct usb_found *found, size_t count)
{
    const struct usb_found *only = NULL;
    size_t meant = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_meant(&found[i], host->arguments)) {
            only = &found[i];
            meant++;
        }
    }
    if (meant == 0) {
        return RLK_E_NO_DEVICE;
    }
    if (meant > 1) {
        return RLK_E_SEVERAL_DEVICES;
    }
    memcpy(host->port, only->port, sizeof host->port);
    memcpy(host->serial, only->serial, sizeof host->serial);
    host->address = only->address;
    distrust_shared_serial(host, found, count);
    return only->error;
}

static size_t find_with_strings(libusb_context *context, struct usb_found *found)
{
    size_t count = usb_find_all(context, found);
    for (size_t i = 0; i < count; i++) {
        usb_read_strings(&found[i]);
    }
    return count;
}

static enum rlk_error look(struct usb_host *host)
{
    struct usb_found found[USB_FOUND_MAX];
    size_t count = find_with_strings(host->context, found);
    enum rlk_error error = pick(host, found, count);
    for (size_t i = 0; i < count && error == RLK_E_SEVERAL_DEVICES; i++) {
        show(host->output, &found[i]);
    }
    usb_found_free(found, count);
    return error;
}

static enum rlk_error wait_for_device(struct usb_host *host)
{
    struct patience patience = {.began_ms = text_now_ms()};
    uint64_t limit_ms = host->arguments->has_wait ? (uint64_t)host->arguments->wait_s * 1000U : 0;
    enum rlk_error error = look(host);
    bool was_absent = error == RLK_E_NO_DEVICE;
    if (was_absent && limit_ms > 0) {
        host->output->functions->notice(host->output, "No device in DFU mode yet. Waiting for one...");
    }
    while (error != RLK_OK && error != RLK_E_SEVERAL_DEVICES && was_absent && is_patient(&patience, error, limit_ms)) {
        wait_slice(host, patience.began_ms, POLL_MS);
        if (interrupt_was_asked()) {
            return RLK_E_INTERRUPTED;
        }
        error = look(host);
    }
    if (error == RLK_E_NO_PERMISSION) {
        explain_permission(host->output);
    }
    return error;
}

static void set_keys(struct transport *transport, const struct usb_host *host)
{
    struct journal_key port;
    journal_key_set(&port, "port", host->port);
    transport->key = port;
    if (rlk_serial_is_unique(host->serial)) {
        journal_key_set(&transport->key, "serial", host->serial);
        transport->second_key = port;
    }
    snprintf(transport->serial, sizeof transport->serial, "%.32s", host->serial);
}

enum rlk_error usb_transport_start(struct transport *transport, const struct arguments *arguments,
                                   struct output *output)
{
    struct usb_host *host = calloc(1, sizeof *host);
    if (host == NULL || libusb_init(&host->context) != 0) {
        free(host);
        return RLK_E_NO_DEVICE;
    }
    *transport = (struct transport){
        .context = host,
        .control = control,
        .select_alternate = select_alternate,
        .sleep = sleep_for,
        .reopen = reopen,
        .finish = finish,
    };
    host->arguments = arguments;
    host->output = output;
    host->owner = transport;
    host->has_terminal = output->is_terminal && isatty(STDIN_FILENO) == 1;
    enum rlk_error error = wait_for_device(host);
    if (error != RLK_OK) {
        finish(host);
        return error;
    }
    set_keys(transport, host);
    return RLK_OK;
}

int usb_list(const struct arguments *arguments, struct output *output)
{
    libusb_context *context = NULL;
    if (libusb_init(&context) != 0) {
        return 0;
    }
    struct usb_found found[USB_FOUND_MAX];
    size_t count = find_with_strings(context, found);
    int shown = 0;
    bool is_refused = false;
    for (size_t i = 0; i < count; i++) {
        if (is_meant(&found[i], arguments)) {
            show(output, &found[i]);
            is_refused = is_refused || found[i].error == RLK_E_NO_PERMISSION;
            shown++;
        }
    }
    if (is_refused) {
        explain_permission(output);
    }
    usb_found_free(found, count);
    libusb_exit(context);
    return shown;
}
