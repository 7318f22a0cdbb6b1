/*
 * A libusb that is preloaded (LD_PRELOAD): its devices are simulated ones kept in files, so that the tool's USB half
 * can be tested without USB. The test's hands are `relock sim press|replug|… FILE` on the same files.
 *
 *   FAKE_USB="1-2.3=/path/a.sim 1-4=/path/b.sim"   ports and devices
 *   FAKE_USB_SPEED=40                              how much faster than the wall clock time passes, for the tool too
 *   FAKE_USB_REFUSE="access 5"                     the first 5 opens after each arrival fail (access or busy; -1: all)
 */
#include "sim/sim.h"
#include <fcntl.h>
#include <libusb-1.0/libusb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Not in POSIX, so not in the headers as they are asked for here. */
long syscall(long number, ...);

#define DEVICES_MAX 4

struct libusb_device {
    char port[32];
    struct sim_device *sim;
    int descriptor;
    uint64_t last_ms;
    uint32_t arrival; /* when it was last listed */
    int refusals;     /* since that arrival */
};

struct libusb_device_handle {
    struct libusb_device *device;
    uint32_t arrival;
};

static struct libusb_device devices[DEVICES_MAX];
static size_t device_count;

static long speed(void)
{
    const char *wanted = getenv("FAKE_USB_SPEED");
    return wanted != NULL ? strtol(wanted, NULL, 10) : 1;
}

/* The tool's own clock and sleep, so that its patience is as much faster as the devices are. */
int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    long code = syscall(SYS_clock_gettime, clock_id, tp);
    if (code == 0 && clock_id == CLOCK_MONOTONIC) {
        long long scaled_ns = (tp->tv_sec * 1000000000LL + tp->tv_nsec) * speed();
        tp->tv_sec = scaled_ns / 1000000000LL;
        tp->tv_nsec = scaled_ns % 1000000000LL;
    }
    return (int)code;
}

int poll(struct pollfd *fds, nfds_t nfds, int timeout)
{
    if (timeout < 0) {
        return (int)syscall(SYS_ppoll, fds, nfds, NULL, NULL, 0);
    }
    long long scaled_ns = timeout * 1000000LL / speed();
    const struct timespec scaled = {scaled_ns / 1000000000LL, scaled_ns % 1000000000LL};
    return (int)syscall(SYS_ppoll, fds, nfds, &scaled, NULL, 0);
}

static uint64_t fast_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

/* Locks the file against the test's hands and lets the device's time catch up. */
static void enter(struct libusb_device *device)
{
    flock(device->descriptor, LOCK_EX);
    uint64_t now_ms = fast_ms();
    sim_sleep(device->sim, (uint32_t)(now_ms - device->last_ms));
    device->last_ms = now_ms;
}

static void leave(struct libusb_device *device)
{
    flock(device->descriptor, LOCK_UN);
}

static void add_device(const char *word)
{
    struct libusb_device *device = &devices[device_count];
    const char *equals = strchr(word, '=');
    if (equals == NULL || device_count == DEVICES_MAX) {
        return;
    }
    snprintf(device->port, sizeof device->port, "%.*s", (int)(equals - word), word);
    device->descriptor = open(equals + 1, O_RDWR);
    device->sim = mmap(NULL, sim_device_size(), PROT_READ | PROT_WRITE, MAP_SHARED, device->descriptor, 0);
    device->last_ms = fast_ms();
    device_count += device->sim != MAP_FAILED && sim_device_is_sound(device->sim, sim_device_size());
}

int libusb_init(libusb_context **ctx)
{
    char words[1024];
    const char *wanted = getenv("FAKE_USB");
    *ctx = NULL;
    if (device_count == 0 && wanted != NULL) {
        snprintf(words, sizeof words, "%s", wanted);
        for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
            add_device(word);
        }
    }
    return 0;
}

void libusb_exit(libusb_context *ctx)
{
    (void)ctx;
}

static bool is_listed(struct libusb_device *device)
{
    enter(device);
    bool is_here = sim_is_on_bus(device->sim);
    uint32_t arrival = sim_arrival(device->sim);
    leave(device);
    if (is_here && device->arrival != arrival) {
        device->refusals = 0;
        device->arrival = arrival;
    }
    return is_here;
}

ssize_t libusb_get_device_list(libusb_context *ctx, libusb_device ***list)
{
    (void)ctx;
    ssize_t count = 0;
    *list =
        calloc(DEVICES_MAX + 1, sizeof(libusb_device *)); /* NOLINT(bugprone-sizeof-expression): a list of pointers */
    for (size_t i = 0; i < device_count; i++) {
        if (is_listed(&devices[i])) {
            (*list)[count++] = &devices[i];
        }
    }
    return count;
}

void libusb_free_device_list(libusb_device **list, int unref)
{
    (void)unref;
    free(list);
}

libusb_device *libusb_ref_device(libusb_device *device)
{
    return device;
}

void libusb_unref_device(libusb_device *device)
{
    (void)device;
}

uint8_t libusb_get_bus_number(libusb_device *device)
{
    return (uint8_t)strtoul(device->port, NULL, 10);
}

int libusb_get_port_numbers(libusb_device *device, uint8_t *port_numbers, int port_numbers_len)
{
    int depth = 0;
    const char *rest = strchr(device->port, '-');
    while (rest != NULL && depth < port_numbers_len) {
        port_numbers[depth++] = (uint8_t)strtoul(rest + 1, NULL, 10);
        rest = strchr(rest + 1, '.');
    }
    return depth;
}

uint8_t libusb_get_device_address(libusb_device *device)
{
    return (uint8_t)(device->arrival + 1U);
}

static int transfer(struct libusb_device *device, const struct sim_setup *setup, uint8_t *data, unsigned timeout_ms)
{
    size_t actual = 0;
    switch (sim_control(device->sim, setup, data, &actual, timeout_ms)) {
    case SIM_OK:
        return (setup->request_type & 0x80U) != 0 ? (int)actual : (int)setup->length;
    case SIM_STALL:
        return LIBUSB_ERROR_PIPE;
    case SIM_TIMEOUT:
        return LIBUSB_ERROR_TIMEOUT;
    default:
        return LIBUSB_ERROR_NO_DEVICE;
    }
}

int libusb_get_device_descriptor(libusb_device *device, struct libusb_device_descriptor *descriptor)
{
    uint8_t bytes[18] = {0};
    const struct sim_setup setup = {0x80, 6, 0x0100, 0, sizeof bytes};
    enter(device);
    int code = transfer(device, &setup, bytes, 1000);
    leave(device);
    memset(descriptor, 0, sizeof *descriptor);
    descriptor->idVendor = (uint16_t)(bytes[8] | bytes[9] << 8);
    descriptor->idProduct = (uint16_t)(bytes[10] | bytes[11] << 8);
    descriptor->iProduct = bytes[15];
    descriptor->iSerialNumber = bytes[16];
    return code < 0 ? code : 0;
}

int libusb_get_config_descriptor(libusb_device *device, uint8_t index, struct libusb_config_descriptor **configuration)
{
    static const struct libusb_interface_descriptor setting = {
        .bInterfaceClass = 0xFE, .bInterfaceSubClass = 1, .bInterfaceProtocol = 2};
    static const struct libusb_interface interface = {.altsetting = &setting, .num_altsetting = 1};
    static struct libusb_config_descriptor only = {.bNumInterfaces = 1, .interface = &interface};
    (void)device;
    (void)index;
    *configuration = &only;
    return 0;
}

void libusb_free_config_descriptor(struct libusb_config_descriptor *configuration)
{
    (void)configuration;
}

static int refuse(struct libusb_device *device)
{
    const char *wanted = getenv("FAKE_USB_REFUSE");
    const char *blank = wanted != NULL ? strchr(wanted, ' ') : NULL;
    if (blank == NULL) {
        return 0;
    }
    long limit = strtol(blank, NULL, 10);
    if (limit >= 0 && device->refusals >= limit) {
        return 0;
    }
    device->refusals++;
    return strncmp(wanted, "busy", 4) == 0 ? LIBUSB_ERROR_BUSY : LIBUSB_ERROR_ACCESS;
}

int libusb_open(libusb_device *device, libusb_device_handle **handle)
{
    int code = refuse(device);
    if (code == LIBUSB_ERROR_ACCESS) {
        return code;
    }
    *handle = calloc(1, sizeof **handle);
    (*handle)->device = device;
    (*handle)->arrival = device->arrival;
    return 0;
}

void libusb_close(libusb_device_handle *handle)
{
    free(handle);
}

int libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
    (void)handle;
    (void)enable;
    return 0;
}

int libusb_claim_interface(libusb_device_handle *handle, int interface_number)
{
    (void)interface_number;
    return refuse(handle->device);
}

int libusb_control_transfer(libusb_device_handle *handle, uint8_t request_type, uint8_t request, uint16_t value,
                            uint16_t index, unsigned char *data, uint16_t length, unsigned timeout_ms)
{
    const struct sim_setup setup = {request_type, request, value, index, length};
    struct libusb_device *device = handle->device;
    enter(device);
    bool is_here = sim_is_on_bus(device->sim) && sim_arrival(device->sim) == handle->arrival;
    int code = is_here ? transfer(device, &setup, data, timeout_ms) : LIBUSB_ERROR_NO_DEVICE;
    leave(device);
    return code;
}

int libusb_set_interface_alt_setting(libusb_device_handle *handle, int interface_number, int alternate)
{
    int code =
        libusb_control_transfer(handle, 0x01, 0x0B, (uint16_t)alternate, (uint16_t)interface_number, NULL, 0, 1000);
    return code < 0 ? code : 0;
}

int libusb_get_string_descriptor_ascii(libusb_device_handle *handle, uint8_t desc_index, unsigned char *data,
                                       int length)
{
    uint8_t bytes[255] = {0};
    int code =
        libusb_control_transfer(handle, 0x80, 6, (uint16_t)(0x0300 | desc_index), 0x0409, bytes, sizeof bytes, 1000);
    int used = 0;
    for (int i = 2; i + 1 < code && used + 1 < length; i += 2) {
        data[used++] = bytes[i];
    }
    data[used] = 0;
    return code < 0 ? code : used;
}
