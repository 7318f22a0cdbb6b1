#include "look.h"

#include "host.h"
#include "identity.h"

#include <string.h>

enum {
    GET_DESCRIPTOR = 6,
    TYPE_CONFIGURATION = 2,
    TYPE_STRING = 3,
    FIRST_ALTERNATE_STRING = 4, /* of the simulated devices */
    STRING_CHARACTERS_MAX = 126
};

static struct host host;

/* A descriptor to be shown in place of the device's own. */
struct shown {
    uint16_t value; /* wValue of the request that it answers */
    uint8_t bytes[RLK_CONFIG_BYTES_MAX];
    size_t size;
};

static bool show(struct host *asked, const struct rlk_operation *operation, uint8_t *buffer,
                 struct rlk_outcome *outcome)
{
    const struct shown *shown = asked->lie_context;
    if (operation->request_type != 0x80 || operation->request != GET_DESCRIPTOR || operation->value != shown->value) {
        return false;
    }
    outcome->bytes = shown->size < operation->length ? shown->size : operation->length;
    memcpy(buffer, shown->bytes, outcome->bytes);
    outcome->data = buffer;
    return true;
}

/* A simulated device of that family; an STM32F072 for none. */
static const char *profile_of(enum rlk_family family)
{
    for (size_t i = 0; family != RLK_FAMILY_UNKNOWN && i < sim_every_profile_count(); i++) {
        if (identity_of(sim_every_profile_name(i))->family == family) {
            return sim_every_profile_name(i);
        }
    }
    return "stm32f072";
}

static void look(enum rlk_family family, host_lie *lie, void *context)
{
    host_begin(&host, profile_of(family), 0, true);
    host_set_image(&host, 0x08000000U, RLK_IMAGE_ALIGNMENT_BYTES);
    host.wish.job = RLK_JOB_LOOK;
    host.wish.family = family;
    host.lie = lie;
    host.lie_context = context;
}

void look_at_layout(const char *text, size_t length)
{
    struct shown shown = {.value = TYPE_STRING << 8 | FIRST_ALTERNATE_STRING};
    size_t characters = length < STRING_CHARACTERS_MAX ? length : STRING_CHARACTERS_MAX;
    shown.size = 2U + 2U * characters;
    shown.bytes[0] = (uint8_t)shown.size;
    shown.bytes[1] = TYPE_STRING;
    for (size_t i = 0; i < characters; i++) {
        shown.bytes[2U + 2U * i] = (uint8_t)text[i];
    }
    look(RLK_FAMILY_UNKNOWN, show, &shown);
    host_run(&host);
}

void look_at_configuration(const uint8_t *data, size_t size)
{
    struct shown shown = {.value = TYPE_CONFIGURATION << 8};
    shown.size = size < sizeof shown.bytes ? size : sizeof shown.bytes;
    memcpy(shown.bytes, data, shown.size);
    look(RLK_FAMILY_UNKNOWN, show, &shown);
    host_run(&host);
}

void look_at_options(enum rlk_family family, const uint8_t *block, size_t bytes)
{
    uint32_t size = 0;
    look(family, NULL, NULL);
    uint8_t *options = sim_options_mutable(&host.device, &size);
    memcpy(options, block, bytes < size ? bytes : size);
    host_run(&host);
}
