/* Requests that nobody planned, at every device and with every knob: it stays sound, and never reaches level 2
 * unjudged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

#define ROUNDS    6U
#define TRANSFERS 400U
#define KNOBS_SET 3U

static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return (seed >> 3) % limit;
}

/* A block that a host could send: a command, an option image with some byte wrong, or anything. */
static uint16_t choose_block(const struct sim_device *device, const struct family *family, uint8_t *data)
{
    static const uint8_t opcodes[] = {0x21, 0x21, 0x21, 0x41, 0x92, 0x77};
    uint32_t size = 0;
    const uint8_t *options = sim_options(device, &size);
    for (size_t i = 0; i < 64; i++) {
        data[i] = (uint8_t)random_below(256);
    }
    if (random_below(3) == 0 && size != 0) {
        memcpy(data, options, size);
        family_set_rdp(family, data, (uint8_t)random_below(256));
        return family->option_bytes;
    }
    const uint32_t places[] = {FLASH, FLASH + random_below(0x200000), family->option_addr, random_below(UINT32_MAX)};
    uint32_t address = places[random_below(4)];
    data[0] = opcodes[random_below(sizeof opcodes)];
    for (unsigned i = 0; i < 4; i++) {
        data[1 + i] = (uint8_t)(address >> (8U * i));
    }
    uint16_t usual = data[0] == 0x92 ? 1 : 5;
    return random_below(4) != 0 ? usual : (uint16_t)random_below(64);
}

static void send_something(struct sim_device *device, const struct family *family)
{
    static uint8_t data[4096];
    static const struct {
        uint8_t type;
        uint8_t request;
    } requests[] = {{0x21, 1}, {0x21, 1}, {0x21, 1}, {0xA1, 3}, {0xA1, 3}, {0xA1, 3}, {0xA1, 3}, {0xA1, 2},
                    {0xA1, 2}, {0x21, 4}, {0x21, 6}, {0xA1, 5}, {0x80, 6}, {0x81, 6}, {0x01, 11}};
    static const uint16_t lengths[] = {6, 6, 64, 1024, 2048, 2049, 0};
    uint32_t kind = random_below(sizeof requests / sizeof requests[0]);
    struct sim_setup setup = {requests[kind].type, requests[kind].request, (uint16_t)random_below(4), 0, 0};
    size_t actual = 0;
    if (setup.request_type == 0x21 && setup.request == 1) {
        setup.length = choose_block(device, family, data);
        setup.value = setup.length <= 5 ? 0 : setup.value;
    } else if ((setup.request_type & 0x80U) != 0) {
        setup.length = lengths[random_below(sizeof lengths / sizeof lengths[0])];
        setup.value = setup.request == 6 ? (uint16_t)random_below(0x2300) : setup.value;
    }
    assert_in_range(sim_control(device, &setup, data, &actual, 1000 + random_below(40000)), SIM_OK, SIM_GONE);
    assert_true(actual <= setup.length);
}

static void do_something(struct sim_device *device)
{
    static void (*const deeds[])(struct sim_device *) = {sim_press_reset, replug_into_rom, sim_enter_rom_by_jump};
    if (!sim_is_on_bus(device)) {
        deeds[random_below(sizeof deeds / sizeof deeds[0])](device);
    }
    sim_sleep(device, random_below(200));
}

static void turn_some_knobs(struct sim_device *device)
{
    uint32_t count = 1;
    while (sim_knob_name(count) != NULL) {
        count++;
    }
    for (unsigned i = 0; i < KNOBS_SET; i++) {
        const char *name = sim_knob_name(random_below(count));
        bool is_percent = strcmp(name, "typical_percent") == 0;
        assert_true(sim_knob_set(device, name, is_percent ? 10 + random_below(300) : random_below(4)));
    }
}

static void make_noise(const struct family *family, unsigned level, bool has_knobs)
{
    struct sim_device *device = device_of(family->name, level, true);
    if (has_knobs) {
        turn_some_knobs(device);
    }
    for (unsigned i = 0; i < TRANSFERS; i++) {
        send_something(device, family);
        do_something(device);
        assert_true(sim_device_is_sound(device, sim_device_size()));
        bool is_closed = sim_rdp_level(device) == 2 || sim_stored_rdp_level(device) == 2;
        assert_true(!is_closed || sim_counters(device)->violations != 0);
    }
}

static void noise_does_no_harm_unseen(void **state)
{
    (void)state;
    for (size_t i = 0; i < family_count; i++) {
        for (unsigned round = 0; round < ROUNDS; round++) {
            seed = 0x9E3779B9U * (uint32_t)(i * ROUNDS + round + 1U);
            make_noise(&families[i], round % 2U, round >= ROUNDS / 2U);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(noise_does_no_harm_unseen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
