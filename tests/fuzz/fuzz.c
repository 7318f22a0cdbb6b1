#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_speaking;

uint32_t fuzz_take(struct fuzz_input *input, unsigned bytes)
{
    uint8_t taken[4] = {0};
    (void)fuzz_take_bytes(input, taken, bytes);
    return (uint32_t)taken[0] | (uint32_t)taken[1] << 8 | (uint32_t)taken[2] << 16 | (uint32_t)taken[3] << 24;
}

uint32_t fuzz_take_below(struct fuzz_input *input, uint32_t count)
{
    return fuzz_take(input, 1) % count;
}

size_t fuzz_take_bytes(struct fuzz_input *input, uint8_t *data, size_t bytes)
{
    size_t taken = input->left < bytes ? input->left : bytes;
    memset(data, 0, bytes);
    if (taken > 0) {
        memcpy(data, input->data, taken);
        input->data += taken;
        input->left -= taken;
    }
    return taken;
}

void fuzz_demand(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

void fuzz_set_speaking(bool is_on)
{
    is_speaking = is_on;
}

bool fuzz_is_speaking(void)
{
    return is_speaking;
}

void fuzz_say_hex(const uint8_t *data, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        (void)printf("%02x", data[i]);
    }
}
