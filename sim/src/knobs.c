/* Knobs by name: for command lines, wasm and tests. */
#include "internal.h"

#include <string.h>

static const struct {
    const char *name;
    size_t offset;
    size_t bytes;
} knobs[] = {
/* The width is that of the field: some knobs are bytes, some are words. */
#define SIM_KNOB(type, name, what) {#name, offsetof(struct sim_knobs, name), sizeof(type)},
#include "sim/knob_list.h"
};

#define KNOB_COUNT (sizeof knobs / sizeof knobs[0])

const char *sim_knob_name(size_t index)
{
    return index < KNOB_COUNT ? knobs[index].name : NULL;
}

bool sim_knob_set(struct sim_device *device, const char *name, uint32_t value)
{
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        if (strcmp(knobs[i].name, name) == 0) {
            const uint8_t byte = (uint8_t)value;
            const void *from = knobs[i].bytes == sizeof byte ? (const void *)&byte : (const void *)&value;
            memcpy((uint8_t *)&device->knobs + knobs[i].offset, from, knobs[i].bytes);
            return true;
        }
    }
    return false;
}
