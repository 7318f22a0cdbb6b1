#include "device/transport.h"
#include "output/text.h"
#include "sim/sim_file.h"
#include "system/interrupt.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PACE_SLICE_MS 100U

struct sim_host {
    struct sim_transport sim;
    struct transport *owner;
    struct sim_device *in_memory; /* NULL if the device is kept in a file */
    struct sim_file file;
    uint32_t speed;
    uint64_t began_us; /* device time up to which it has been paced */
};

/* The device's time passes at once; here the real one follows, `speed` times faster. */
static void pace(void *context, uint64_t now_us)
{
    struct sim_host *host = context;
    uint64_t began_us = host->began_us;
    host->began_us = now_us;
    if (host->speed == 0) {
        return;
    }
    uint64_t left_ms = (now_us - began_us) / 1000U / host->speed;
    uint64_t waited_ms = 0;
    /* What is too short for a slice is carried to the next operation. */
    host->began_us = now_us - ((now_us - began_us) - left_ms * 1000U * host->speed);
    while (left_ms > 0 && !interrupt_was_asked()) {
        uint32_t slice_ms = left_ms < PACE_SLICE_MS ? (uint32_t)left_ms : PACE_SLICE_MS;
        interrupt_sleep(slice_ms);
        left_ms -= slice_ms;
        waited_ms += (uint64_t)slice_ms * host->speed;
        if (host->owner->tick != NULL) {
            host->owner->tick(host->owner->tick_context, waited_ms);
        }
    }
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    sim_transport_control(&((struct sim_host *)context)->sim, operation, buffer, outcome);
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_select_alternate(&((struct sim_host *)context)->sim, operation, outcome);
}

static void sleep_for(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_sleep(&((struct sim_host *)context)->sim, operation, outcome);
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_reopen(&((struct sim_host *)context)->sim, operation, outcome);
}

static void finish(void *context)
{
    struct sim_host *host = context;
    if (host->in_memory == NULL) {
        sim_file_close(&host->file);
    }
    free(host->in_memory);
    free(host);
}

/* A fresh device as the verb needs it: protected, unless the job is one for an open device. */
static struct sim_device *make_in_memory(const struct sim_profile *profile, const struct arguments *arguments)
{
    struct sim_device *device = malloc(sim_device_size());
    if (device == NULL) {
        return NULL;
    }
    bool wants_protected =
        arguments->verb == VERB_UPDATE || arguments->verb == VERB_INFO || arguments->verb == VERB_UNPROTECT;
    unsigned level = arguments->has_level ? (unsigned)arguments->level : wants_protected;
    bool holds_boot0 = arguments->way_back != RLK_WAY_BACK_EMPTY_CHECK && arguments->way_back != RLK_WAY_BACK_NONE;
    sim_init(device, profile, level, holds_boot0);
    if (!holds_boot0) {
        sim_enter_rom_by_jump(device);
    }
    return device;
}

static void set_key(struct transport *transport, const char *path)
{
    char real[PATH_MAX];
    char name[17];
    snprintf(name, sizeof name, "%016" PRIx64, text_hash(realpath(path, real) != NULL ? real : path));
    journal_key_set(&transport->key, "sim", name);
}

static enum rlk_error find_device(struct sim_host *host, struct transport *transport, const struct arguments *arguments)
{
    const struct sim_profile *profile = sim_profile_find(arguments->sim);
    if (profile != NULL) {
        host->in_memory = make_in_memory(profile, arguments);
        transport->simulated = host->in_memory;
        return host->in_memory != NULL ? RLK_OK : RLK_E_INTERNAL;
    }
    enum rlk_error error = sim_file_open(&host->file, arguments->sim);
    transport->simulated = host->file.device;
    if (error == RLK_OK) {
        set_key(transport, arguments->sim);
    }
    return error;
}

static void announce(const struct arguments *arguments, struct output *output)
{
    char text[256];
    char name[80];
    text_clean(name, sizeof name, arguments->sim);
    snprintf(text, sizeof text, "SIMULATED DEVICE %s; %s", name,
             arguments->person == SIM_PERSON_HELPFUL ? "simulated person: holds BOOT0 and replugs."
                                                     : "simulated person: absent.");
    output->functions->notice(output, text);
}

enum rlk_error sim_transport_start(struct transport *transport, const struct arguments *arguments,
                                   struct output *output)
{
    struct sim_host *host = calloc(1, sizeof *host);
    if (host == NULL) {
        return RLK_E_INTERNAL;
    }
    *transport = (struct transport){
        .context = host,
        .control = control,
        .select_alternate = select_alternate,
        .sleep = sleep_for,
        .reopen = reopen,
        .finish = finish,
    };
    enum rlk_error error = find_device(host, transport, arguments);
    if (error != RLK_OK) {
        if (error == RLK_E_NO_DEVICE) {
            output->functions->notice(output, "--sim names neither a profile (`relock sim profiles`) nor the file of "
                                              "a simulated device (`relock sim make`).");
        }
        free(host);
        return error;
    }
    host->owner = transport;
    host->speed = arguments->sim_speed;
    host->began_us = sim_now_us(transport->simulated);
    host->sim.device = transport->simulated;
    host->sim.person = arguments->person;
    host->sim.after_operation = pace;
    host->sim.after_context = host;
    announce(arguments, output);
    return RLK_OK;
}

int sim_list(const struct arguments *arguments, struct output *output)
{
    struct transport transport;
    enum rlk_error error = sim_transport_start(&transport, arguments, output);
    if (error != RLK_OK) {
        return error;
    }
    int count = sim_is_on_bus(transport.simulated) ? 1 : 0;
    if (count > 0) {
        struct device_view view = {"simulated", sim_serial(transport.simulated), sim_profile_of(transport.simulated),
                                   true, RLK_OK};
        output->functions->device(output, &view);
    }
    transport.finish(transport.context);
    return count;
}
