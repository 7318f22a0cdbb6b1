#include "sim/sim_served.h"
#include <stdio.h>
#include <time.h>

#define BUS_NUMBER 1U

static uint64_t now_us(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
}

enum rlk_error sim_served_open(struct sim_served *served, const char *path, uint32_t number, bool is_virtual)
{
    *served = (struct sim_served){.path = path, .number = number, .is_virtual = is_virtual, .control = -1};
    snprintf(served->bus_id, sizeof served->bus_id, "%u-%u", BUS_NUMBER, (unsigned)(number & 0xFU));
    enum rlk_error error = sim_file_open(&served->file, path);
    served->ticked_us = now_us();
    return error;
}

void sim_served_close(struct sim_served *served)
{
    sim_file_close(&served->file);
}

/* It is about to go, or on its way back: only its own time decides. */
static bool passes_by_itself(const struct sim_device *device)
{
    uint32_t coming_ms = sim_ms_until_on_bus(device);
    return sim_is_departing(device) || (!sim_is_on_bus(device) && coming_ms != UINT32_MAX);
}

void sim_served_tick(struct sim_served *served)
{
    struct sim_device *device = served->file.device;
    if (served->is_virtual) {
        while (passes_by_itself(device)) {
            sim_sleep_until(device, sim_next_event_us(device));
        }
        return;
    }
    uint64_t real_us = now_us();
    sim_sleep_until(device, sim_now_us(device) + (real_us - served->ticked_us));
    served->ticked_us = real_us;
}

uint64_t sim_served_wait_us(const struct sim_served *served, uint64_t wake_us)
{
    const struct sim_device *device = served->file.device;
    uint64_t event_us = sim_next_event_us(device);
    uint64_t next_us = event_us < wake_us ? event_us : wake_us;
    if (served->is_virtual || next_us == SIM_NEVER) {
        return UINT64_MAX;
    }
    return next_us > sim_now_us(device) ? next_us - sim_now_us(device) : 0;
}

bool sim_served_has_moved(struct sim_served *served)
{
    const struct sim_device *device = served->file.device;
    bool is_there = sim_is_on_bus(device);
    bool has_moved = is_there != served->was_seen || sim_arrival(device) != served->seen_arrival;
    served->was_seen = is_there;
    served->seen_arrival = sim_arrival(device);
    return has_moved;
}

void sim_served_describe(const struct sim_served *served, struct usbip_device *device)
{
    *device = (struct usbip_device){.path = served->path,
                                    .bus_id = served->bus_id,
                                    .bus_number = BUS_NUMBER,
                                    .device_number = served->number,
                                    .vendor = sim_vendor_id(served->file.device),
                                    .product = sim_product_id(served->file.device),
                                    .bcd_device = sim_bcd_device(served->file.device)};
}
