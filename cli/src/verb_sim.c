#include "sim_file.h"
#include "text.h"
#include "verbs.h"
#include <stdlib.h>
#include <string.h>

#define FLASH_ADDR 0x08000000U /* where main flash begins in every profile */

enum { KNOB_NAME_BYTES = 40 };

static bool set_knob(struct sim_device *device, const struct knob_setting *setting)
{
    char name[KNOB_NAME_BYTES] = "";
    if (setting->name_bytes >= sizeof name) {
        return false;
    }
    memcpy(name, setting->name, setting->name_bytes);
    return sim_knob_set(device, name, setting->value);
}

static bool set_knobs(struct sim_device *device, const struct arguments *arguments)
{
    for (unsigned i = 0; i < arguments->knob_count; i++) {
        if (!set_knob(device, &arguments->knobs[i])) {
            fputs("relock: no such knob or value; `relock sim --help` names them\n", stderr);
            return false;
        }
    }
    return true;
}

static bool flip(struct sim_device *device, uint32_t addr)
{
    uint32_t size = 0;
    uint8_t *flash = sim_flash_mutable(device, &size);
    if (addr < FLASH_ADDR || addr - FLASH_ADDR >= size) {
        fputs("relock: this address is not in the simulated device's flash\n", stderr);
        return false;
    }
    flash[addr - FLASH_ADDR] ^= 1U;
    return true;
}

static bool plan_faults(struct sim_device *device, const struct arguments *arguments)
{
    if (arguments->fault_count > 0) {
        /* Counting begins now: "the fifth transfer from here", whatever went before. */
        sim_faults_clear(device);
    }
    for (unsigned i = 0; i < arguments->fault_count; i++) {
        sim_fault_add(device, arguments->faults[i]);
    }
    return true;
}

static bool damage(struct sim_device *device, const struct arguments *arguments)
{
    return set_knobs(device, arguments) && plan_faults(device, arguments) &&
           (!arguments->has_flip || flip(device, arguments->flip_addr));
}

static bool show(struct sim_device *device, const struct arguments *arguments)
{
    (void)device;
    (void)arguments;
    return true;
}

static bool press(struct sim_device *device, const struct arguments *arguments)
{
    (void)arguments;
    sim_set_boot0(device, true);
    return true;
}

static bool release(struct sim_device *device, const struct arguments *arguments)
{
    (void)arguments;
    sim_set_boot0(device, false);
    return true;
}

static bool unplug(struct sim_device *device, const struct arguments *arguments)
{
    (void)arguments;
    sim_unplug(device);
    return true;
}

static bool plug(struct sim_device *device, const struct arguments *arguments)
{
    (void)arguments;
    sim_plug(device);
    return true;
}

static bool replug(struct sim_device *device, const struct arguments *arguments)
{
    return unplug(device, arguments) && plug(device, arguments);
}

static bool reset(struct sim_device *device, const struct arguments *arguments)
{
    (void)arguments;
    sim_press_reset(device);
    return true;
}

static bool jump(struct sim_device *device, const struct arguments *arguments)
{
    (void)arguments;
    sim_enter_rom_by_jump(device);
    return true;
}

/* What a person does who follows a printed next action. */
static bool follow(struct sim_device *device, const struct arguments *arguments)
{
    const char *wanted = arguments->word_count > 2 ? arguments->words[2] : "";
    for (unsigned i = 0; rlk_action_name((enum rlk_action)i) != NULL; i++) {
        if (strcmp(wanted, rlk_action_name((enum rlk_action)i)) == 0) {
            sim_person_do(device, (enum rlk_action)i);
            return true;
        }
    }
    fputs("relock: `sim do FILE ACTION` wants an action as printed behind \"Next:\"\n", stderr);
    return false;
}

typedef bool act_on_device(struct sim_device *device, const struct arguments *arguments);

static const struct act_row {
    const char *name;
    act_on_device *act;
} act_rows[] = {
    {"show", show},     {"damage", damage}, {"press", press},   {"release", release},
    {"unplug", unplug}, {"plug", plug},     {"replug", replug}, {"power-cycle", replug},
    {"reset", reset},   {"jump", jump},     {"do", follow},
};

static int act(const struct arguments *arguments, struct output *output, act_on_device *function)
{
    struct sim_file file;
    if (!sim_file_may_be_one(arguments->words[1])) {
        sim_file_explain(arguments->words[1]);
        return EXIT_USAGE;
    }
    enum rlk_error error = sim_file_open(&file, arguments->words[1]);
    if (error != RLK_OK) {
        return end_early(output, error, arguments->words[1]);
    }
    bool is_done = function(file.device, arguments);
    if (is_done) {
        output->functions->simulated(output, file.device);
    }
    sim_file_close(&file);
    return is_done ? EXIT_DONE : EXIT_USAGE;
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
    bool is_usable = damage(device, arguments);
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
    for (size_t i = 0; i < sim_profile_count(); i++) {
        char text[128];
        snprintf(text, sizeof text, "%-12s %s", sim_profile_name(i), sim_profile_title(i));
        output->functions->notice(output, text);
    }
    return EXIT_DONE;
}

int verb_sim(const struct arguments *arguments, struct output *output)
{
    const char *name = arguments->word_count > 0 ? arguments->words[0] : "";
    if (strcmp(name, "profiles") == 0) {
        return profiles(output);
    }
    if (arguments->word_count >= 2 && strcmp(name, "make") == 0) {
        return make(arguments, output);
    }
    for (size_t i = 0; arguments->word_count >= 2 && i < sizeof act_rows / sizeof act_rows[0]; i++) {
        if (strcmp(name, act_rows[i].name) == 0) {
            return act(arguments, output, act_rows[i].act);
        }
    }
    fputs("relock: `relock sim --help` shows what can be done with simulated devices\n", stderr);
    return EXIT_USAGE;
}
