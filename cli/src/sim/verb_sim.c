#include "sim/sim_file.h"
#include "sim/sim_order.h"
#include "sim/sim_remote.h"
#include "sim/sim_serve.h"
#include "system/output_file.h"
#include "verbs.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An order has been carried out, or not; the device is what it then is. */
typedef int after_order(const struct arguments *arguments, struct output *output, const struct sim_device *device);

static int show(const struct arguments *arguments, struct output *output, const struct sim_device *device)
{
    (void)arguments;
    output->functions->simulated(output, device);
    return EXIT_DONE;
}

static bool are_same_file(const char *path, const char *other_path)
{
    struct stat one;
    struct stat other;
    return stat(path, &one) == 0 && stat(other_path, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

static int store_flash(const struct arguments *arguments, struct output *output, const struct sim_device *device)
{
    const char *path = arguments->words[2];
    struct output_file file;
    uint32_t bytes = 0;
    const uint8_t *flash = sim_flash(device, &bytes);
    enum rlk_error error = output_file_begin(&file, path);
    if (error == RLK_OK) {
        /* A short write is known to the stream, and so to `keep`. */
        (void)fwrite(flash, bytes, 1, file.stream);
        error = output_file_keep(&file);
    }
    return error == RLK_OK ? EXIT_DONE : end_early(output, error, path);
}

static int conclude(const struct arguments *arguments, struct output *output, enum sim_order_result result,
                    const struct sim_device *device, after_order *then)
{
    if (result != SIM_ORDER_DONE) {
        sim_order_explain(result);
        return EXIT_USAGE;
    }
    return then(arguments, output, device);
}

/* The device is held by another process: a server takes orders for it, and tells what became of it. */
static int act_remotely(const struct arguments *arguments, struct output *output, const struct sim_order *order,
                        after_order *then)
{
    const char *path = arguments->words[1];
    enum sim_order_result result = SIM_ORDER_NOT_KNOWN;
    struct sim_device *device = malloc(sim_device_size());
    if (device == NULL) {
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    int exit_code = sim_remote_send(path, order, &result, device) ? conclude(arguments, output, result, device, then)
                                                                  : end_early(output, RLK_E_DEVICE_TAKEN, path);
    free(device);
    return exit_code;
}

static int act(const struct arguments *arguments, struct output *output, const char *name, after_order *then)
{
    const char *path = arguments->words[1];
    struct sim_file file;
    struct sim_order order;
    if (!sim_file_may_be_one(path)) {
        sim_file_explain(path);
        return EXIT_USAGE;
    }
    if (!sim_order_make(&order, arguments, name)) {
        return EXIT_USAGE;
    }
    enum rlk_error error = sim_file_open(&file, path);
    if (error == RLK_E_DEVICE_TAKEN) {
        return act_remotely(arguments, output, &order, then);
    }
    if (error != RLK_OK) {
        sim_file_explain(path);
        return EXIT_USAGE;
    }
    enum sim_order_result result = sim_order_carry_out(&order, file.device);
    int exit_code = conclude(arguments, output, result, file.device, then);
    sim_file_close(&file);
    return exit_code;
}

static int read_flash(const struct arguments *arguments, struct output *output)
{
    if (arguments->word_count < 3 || are_same_file(arguments->words[1], arguments->words[2])) {
        fputs("relock: `sim read FILE OUT` wants the simulated device and another file to write\n", stderr);
        return EXIT_USAGE;
    }
    return act(arguments, output, "show", store_flash);
}

static bool give_serial(struct sim_device *device, const char *serial)
{
    if (serial == NULL || sim_set_serial(device, strcmp(serial, "none") == 0 ? "" : serial)) {
        return true;
    }
    fputs("relock: --serial wants up to 12 visible ASCII characters, or none\n", stderr);
    return false;
}

static bool allow(struct sim_device *device, const struct arguments *arguments)
{
    for (unsigned i = 0; i < arguments->allowed_count; i++) {
        const struct allowed_bits *bits = &arguments->allowed[i];
        if (!sim_allow_option_bits(device, bits->offset, (uint8_t)bits->mask, (uint8_t)bits->value)) {
            fputs("relock: --allow wants a byte of the option block that is neither RDP nor a complement\n", stderr);
            return false;
        }
    }
    return true;
}

static bool damage(struct sim_device *device, const struct arguments *arguments)
{
    struct sim_order order;
    if (!sim_order_make(&order, arguments, "damage")) {
        return false;
    }
    enum sim_order_result result = sim_order_carry_out(&order, device);
    if (result != SIM_ORDER_DONE) {
        sim_order_explain(result);
    }
    return result == SIM_ORDER_DONE;
}

static int make(const struct arguments *arguments, struct output *output)
{
    const struct sim_profile *profile = arguments->profile != NULL ? sim_profile_find(arguments->profile) : NULL;
    if (profile == NULL) {
        fputs("relock: `sim make FILE` wants --profile NAME; `relock sim profiles` lists them\n", stderr);
        return EXIT_USAGE;
    }
    if (!sim_file_may_make(arguments->words[1])) {
        fputs("relock: `sim make` replaces simulated devices only, and this is something else; choose another name\n",
              stderr);
        return EXIT_USAGE;
    }
    struct sim_device *device = calloc(1, sim_device_size());
    if (device == NULL) {
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    sim_init(device, profile, arguments->has_level ? (unsigned)arguments->level : 1U, arguments->boot0_high);
    bool is_usable = give_serial(device, arguments->serial) && allow(device, arguments) && damage(device, arguments);
    enum rlk_error error = is_usable ? sim_file_make(arguments->words[1], device) : RLK_OK;
    if (is_usable && error == RLK_OK) {
        output->functions->simulated(output, device);
    }
    free(device);
    if (!is_usable) {
        return EXIT_USAGE;
    }
    return error == RLK_OK ? EXIT_DONE : end_early(output, error, arguments->words[1]);
}

static int profiles(struct output *output)
{
    for (size_t i = 0; i < sim_every_profile_count(); i++) {
        char text[128];
        snprintf(text, sizeof text, "%-12s %s", sim_every_profile_name(i), sim_every_profile_title(i));
        output->functions->notice(output, text);
    }
    return EXIT_DONE;
}

struct listed {
    const char *name;
    const char *what;
};

static int list(struct output *output, const struct listed *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[128];
        snprintf(text, sizeof text, "%s: %s", rows[i].name, rows[i].what);
        output->functions->notice(output, text);
    }
    return EXIT_DONE;
}

static int knobs(struct output *output)
{
    static const struct listed rows[] = {
#define SIM_KNOB(type, name, what) {#name, what},
#include "sim/knob_list.h"
    };
    return list(output, rows, sizeof rows / sizeof rows[0]);
}

static int faults(struct output *output)
{
    static const struct listed rows[] = {
#define SIM_FAULT_KIND(constant, name, what) {name "@N", what},
#include "sim/fault_list.h"
    };
    return list(output, rows, sizeof rows / sizeof rows[0]);
}

static int verb_of_file(const struct arguments *arguments, struct output *output, const char *name)
{
    if (strcmp(name, "make") == 0) {
        return make(arguments, output);
    }
    if (strcmp(name, "read") == 0) {
        return read_flash(arguments, output);
    }
    if (sim_order_has(name)) {
        return act(arguments, output, name, show);
    }
    sim_order_explain(SIM_ORDER_NOT_KNOWN);
    return EXIT_USAGE;
}

int verb_sim(const struct arguments *arguments, struct output *output)
{
    static const struct {
        const char *name;
        int (*tell)(struct output *output);
    } lists[] = {{"profiles", profiles}, {"knobs", knobs}, {"faults", faults}};
    const char *name = arguments->word_count > 0 ? arguments->words[0] : "";
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(name, lists[i].name) == 0) {
            return lists[i].tell(output);
        }
    }
    if (strcmp(name, "serve") == 0) {
        return sim_serve(arguments, output);
    }
    return verb_of_file(arguments, output, arguments->word_count >= 2 ? name : "");
}
