#include "sim/sim_order.h"
#include <stdio.h>
#include <string.h>

#define FLASH_ADDR 0x08000000U /* where main flash begins in every profile */

static enum sim_order_result set_knobs(const struct sim_order *order, struct sim_device *device)
{
    for (uint32_t i = 0; i < order->knob_count; i++) {
        if (!sim_knob_set(device, order->knobs[i].name, order->knobs[i].value)) {
            return SIM_ORDER_NO_KNOB;
        }
    }
    return SIM_ORDER_DONE;
}

static void plan_faults(const struct sim_order *order, struct sim_device *device)
{
    if (order->fault_count > 0) {
        /* Counting begins now: "the fifth transfer from here", whatever went before. */
        sim_faults_clear(device);
    }
    for (uint32_t i = 0; i < order->fault_count; i++) {
        sim_fault_add(device, order->faults[i]);
    }
}

static enum sim_order_result flip(const struct sim_order *order, struct sim_device *device)
{
    uint32_t size = 0;
    uint8_t *flash = sim_flash_mutable(device, &size);
    if (order->has_flip == 0) {
        return SIM_ORDER_DONE;
    }
    if (order->flip_addr < FLASH_ADDR || order->flip_addr - FLASH_ADDR >= size) {
        return SIM_ORDER_NO_ADDRESS;
    }
    flash[order->flip_addr - FLASH_ADDR] ^= 1U;
    return SIM_ORDER_DONE;
}

static enum sim_order_result damage(const struct sim_order *order, struct sim_device *device)
{
    enum sim_order_result result = set_knobs(order, device);
    if (result == SIM_ORDER_DONE) {
        plan_faults(order, device);
        result = flip(order, device);
    }
    return result;
}

static void show(struct sim_device *device)
{
    (void)device;
}

static void press(struct sim_device *device)
{
    sim_set_boot0(device, true);
}

static void release(struct sim_device *device)
{
    sim_set_boot0(device, false);
}

static void replug(struct sim_device *device)
{
    sim_unplug(device);
    sim_plug(device);
}

/* What a person does who follows a printed next action. */
static enum sim_order_result follow(const struct sim_order *order, struct sim_device *device)
{
    if (rlk_action_name((enum rlk_action)order->action) == NULL) {
        return SIM_ORDER_NOT_KNOWN;
    }
    sim_person_do(device, (enum rlk_action)order->action);
    return SIM_ORDER_DONE;
}

/* Either what hands do, which cannot fail, or what is said in the order. */
static const struct act_row {
    const char *name;
    void (*by_hand)(struct sim_device *device);
    enum sim_order_result (*as_told)(const struct sim_order *order, struct sim_device *device);
} act_rows[] = {
    {"show", show, NULL},
    {"press", press, NULL},
    {"release", release, NULL},
    {"unplug", sim_unplug, NULL},
    {"plug", sim_plug, NULL},
    {"replug", replug, NULL},
    {"power-cycle", replug, NULL},
    {"reset", sim_press_reset, NULL},
    {"jump", sim_enter_rom_by_jump, NULL},
    {"damage", NULL, damage},
    {"do", NULL, follow},
};

#define ACT_ROWS (sizeof act_rows / sizeof act_rows[0])

static size_t find_act(const char *name)
{
    size_t act = 0;
    while (act < ACT_ROWS && strcmp(name, act_rows[act].name) != 0) {
        act++;
    }
    return act;
}

bool sim_order_has(const char *name)
{
    return find_act(name) < ACT_ROWS;
}

static bool find_action(struct sim_order *order, const struct arguments *arguments)
{
    const char *wanted = arguments->word_count > 2 ? arguments->words[2] : "";
    for (unsigned i = 0; rlk_action_name((enum rlk_action)i) != NULL; i++) {
        if (strcmp(wanted, rlk_action_name((enum rlk_action)i)) == 0) {
            order->action = i;
            return true;
        }
    }
    fputs("relock: `sim do FILE ACTION` wants an action as printed behind \"Next:\"\n", stderr);
    return false;
}

static bool copy_knob(struct sim_order_knob *to, const struct knob_setting *from)
{
    if (from->name_bytes >= sizeof to->name) {
        return false;
    }
    memcpy(to->name, from->name, from->name_bytes);
    to->value = from->value;
    return true;
}

bool sim_order_make(struct sim_order *order, const struct arguments *arguments, const char *name)
{
    *order = (struct sim_order){.bytes = sizeof *order,
                                .act = (uint32_t)find_act(name),
                                .has_flip = arguments->has_flip,
                                .flip_addr = arguments->flip_addr,
                                .fault_count = arguments->fault_count,
                                .knob_count = arguments->knob_count};
    memcpy(order->faults, arguments->faults, sizeof order->faults);
    for (unsigned i = 0; i < arguments->knob_count; i++) {
        if (!copy_knob(&order->knobs[i], &arguments->knobs[i])) {
            sim_order_explain(SIM_ORDER_NO_KNOB);
            return false;
        }
    }
    return strcmp(name, "do") != 0 || find_action(order, arguments);
}

static bool is_order(const struct sim_order *order)
{
    if (order->bytes != sizeof *order || order->act >= ACT_ROWS || order->fault_count > ARGUMENTS_FAULTS_MAX ||
        order->knob_count > ARGUMENTS_KNOBS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < order->knob_count; i++) {
        if (memchr(order->knobs[i].name, '\0', sizeof order->knobs[i].name) == NULL) {
            return false;
        }
    }
    return true;
}

enum sim_order_result sim_order_carry_out(const struct sim_order *order, struct sim_device *device)
{
    if (!is_order(order)) {
        return SIM_ORDER_NOT_KNOWN;
    }
    const struct act_row *row = &act_rows[order->act];
    if (row->as_told != NULL) {
        return row->as_told(order, device);
    }
    row->by_hand(device);
    return SIM_ORDER_DONE;
}

void sim_order_explain(enum sim_order_result result)
{
    static const char *const texts[] = {
        [SIM_ORDER_DONE] = "",
        [SIM_ORDER_NO_KNOB] = "there is no such knob; `relock sim knobs` lists them",
        [SIM_ORDER_NO_ADDRESS] = "this address is not in the simulated device's flash",
        [SIM_ORDER_NOT_KNOWN] = "`relock sim --help` shows what can be done with simulated devices",
    };
    fprintf(stderr, "relock: %s\n", texts[result]);
}
