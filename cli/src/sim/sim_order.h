/*
 * What a person does to a simulated device, as a value: done at once if the device is ours, or sent to the server that
 * holds it (sim_remote.h).
 */
#ifndef RELOCK_CLI_SIM_ORDER_H
#define RELOCK_CLI_SIM_ORDER_H

#include "arguments.h"
#include "sim/sim.h"

#define SIM_ORDER_KNOB_BYTES 40U

/* Plain, of fixed size, the same on both ends: both are this program on this machine. */
struct sim_order {
    uint32_t bytes; /* sizeof(struct sim_order) */
    uint32_t act;   /* which row of the table of acts */
    uint32_t action;
    uint32_t has_flip, flip_addr;
    uint32_t fault_count, knob_count;
    struct sim_fault faults[ARGUMENTS_FAULTS_MAX];
    struct sim_order_knob {
        char name[SIM_ORDER_KNOB_BYTES];
        uint32_t value;
    } knobs[ARGUMENTS_KNOBS_MAX];
};

enum sim_order_result { SIM_ORDER_DONE, SIM_ORDER_NO_KNOB, SIM_ORDER_NO_ADDRESS, SIM_ORDER_NOT_KNOWN };

/* Is there an act of this name: "show", "press", "damage" …? */
bool sim_order_has(const char *name);

/* The order that the command line means; `name` is its act. False: it is none, explained on standard error. */
bool sim_order_make(struct sim_order *order, const struct arguments *arguments, const char *name);

/* Does it. Orders of any content may come in; what is not one is SIM_ORDER_NOT_KNOWN and changes nothing. */
enum sim_order_result sim_order_carry_out(const struct sim_order *order, struct sim_device *device);

/* Says on standard error why it was not done. */
void sim_order_explain(enum sim_order_result result);

#endif
