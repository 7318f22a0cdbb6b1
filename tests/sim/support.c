#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static struct sim_device the_device;

struct sim_device *device_of(const char *profile, unsigned level, bool boot0)
{
    const struct sim_profile *row = sim_profile_find(profile);
    assert_non_null(row);
    sim_init(&the_device, row, level, boot0);
    return &the_device;
}

struct sim_device *open_device(const char *profile)
{
    struct sim_device *device = device_of(profile, 0, true);
    normalise(device);
    return device;
}

struct sim_device *locked_device(const char *profile)
{
    struct sim_device *device = device_of(profile, 1, true);
    normalise(device);
    return device;
}

static enum sim_outcome control(struct sim_device *device, uint8_t type, uint8_t request, uint16_t value,
                                uint16_t index, uint8_t *data, uint16_t length, size_t *actual)
{
    struct sim_setup setup = {type, request, value, index, length};
    return sim_control(device, &setup, data, actual, TIMEOUT_MS);
}

enum sim_outcome class_out(struct sim_device *device, uint8_t request, uint16_t value, const uint8_t *data,
                           uint16_t length)
{
    static uint8_t copy[65536];
    if (length != 0) {
        memcpy(copy, data, length);
    }
    return control(device, 0x21, request, value, 0, copy, length, NULL);
}

enum sim_outcome class_in(struct sim_device *device, uint8_t request, uint16_t value, uint8_t *data, uint16_t length,
                          size_t *actual)
{
    return control(device, 0xA1, request, value, 0, data, length, actual);
}

enum sim_outcome standard_in(struct sim_device *device, uint16_t value, uint16_t index, uint8_t *data, uint16_t length,
                             size_t *actual)
{
    return control(device, 0x80, 6, value, index, data, length, actual);
}

enum sim_outcome set_interface(struct sim_device *device, uint16_t alternate)
{
    return control(device, 0x01, 11, alternate, 0, NULL, 0, NULL);
}

struct answer get_status(struct sim_device *device)
{
    uint8_t bytes[6] = {0};
    size_t actual = 0;
    struct answer answer = {0};
    answer.outcome = class_in(device, 3, 0, bytes, 6, &actual);
    if (answer.outcome == SIM_OK) {
        assert_int_equal(actual, 6);
    }
    answer.status = bytes[0];
    answer.poll_ms = (uint32_t)bytes[1] | ((uint32_t)bytes[2] << 8) | ((uint32_t)bytes[3] << 16);
    answer.state = bytes[4];
    return answer;
}

uint8_t get_state(struct sim_device *device)
{
    uint8_t state = 0;
    size_t actual = 0;
    assert_int_equal(class_in(device, 5, 0, &state, 1, &actual), SIM_OK);
    return state;
}

void normalise(struct sim_device *device)
{
    struct answer answer = get_status(device);
    assert_int_equal(answer.outcome, SIM_OK);
    if (answer.state == ERROR) {
        assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    } else if (answer.state == DNLOAD_IDLE || answer.state == UPLOAD_IDLE) {
        assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    }
    assert_answer(get_status(device), OK, IDLE);
}

enum sim_outcome download(struct sim_device *device, uint16_t block, const uint8_t *data, uint16_t length)
{
    return class_out(device, 1, block, data, length);
}

enum sim_outcome upload(struct sim_device *device, uint16_t block, uint8_t *data, uint16_t length, size_t *actual)
{
    return class_in(device, 2, block, data, length, actual);
}

struct answer settle(struct sim_device *device)
{
    struct answer answer = get_status(device);
    assert_answer(answer, OK, BUSY);
    sim_sleep(device, answer.poll_ms);
    answer = get_status(device);
    for (unsigned i = 0; i < 1000 && answer.outcome == SIM_STALL; i++) {
        sim_sleep(device, 5);
        answer = get_status(device);
    }
    return answer;
}

struct answer command(struct sim_device *device, const uint8_t *bytes, uint16_t length)
{
    assert_int_equal(download(device, 0, bytes, length), SIM_OK);
    return settle(device);
}

struct answer command_at(struct sim_device *device, uint8_t opcode, uint32_t address)
{
    uint8_t bytes[5] = {opcode, (uint8_t)address, (uint8_t)(address >> 8), (uint8_t)(address >> 16),
                        (uint8_t)(address >> 24)};
    return command(device, bytes, sizeof bytes);
}

struct answer write_block(struct sim_device *device, uint16_t block, const uint8_t *data, uint16_t length)
{
    assert_int_equal(download(device, block, data, length), SIM_OK);
    return settle(device);
}

enum sim_outcome read_at(struct sim_device *device, uint32_t address, uint8_t *data, uint16_t length, size_t *actual)
{
    assert_answer(command_at(device, 0x21, address), OK, DNLOAD_IDLE);
    assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    enum sim_outcome outcome = upload(device, 2, data, length, actual);
    if (outcome == SIM_OK) {
        assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    }
    return outcome;
}

struct answer unprotect(struct sim_device *device)
{
    static const uint8_t opcode = 0x92;
    assert_int_equal(download(device, 0, &opcode, 1), SIM_OK);
    return get_status(device);
}

struct answer write_options(struct sim_device *device, uint32_t address, const uint8_t *data, uint16_t length)
{
    assert_answer(command_at(device, 0x21, address), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 2, data, length), SIM_OK);
    return get_status(device);
}

static bool has_name(const struct sim_device *device, const char *prefix)
{
    return strncmp(sim_profile_of(device), prefix, strlen(prefix)) == 0;
}

uint32_t option_address(const struct sim_device *device)
{
    if (has_name(device, "stm32f4")) {
        return 0x1FFFC000U;
    }
    return has_name(device, "stm32l4") ? 0x1FFF7800U : 0x1FFFF800U;
}

uint16_t options_with_rdp(const struct sim_device *device, uint8_t rdp, uint8_t *out)
{
    uint32_t size = 0;
    const uint8_t *stored = sim_options(device, &size);
    memcpy(out, stored, size);
    if (has_name(device, "stm32f4")) {
        out[1] = rdp;
    } else {
        out[0] = rdp;
        out[has_name(device, "stm32l4") ? 4 : 1] = (uint8_t)(rdp ^ 0xFFU);
    }
    return (uint16_t)size;
}

void wait_for_bus(struct sim_device *device)
{
    for (unsigned i = 0; i < 100 && sim_is_on_bus(device); i++) {
        sim_sleep(device, 1000);
    }
    uint32_t wait_ms = sim_ms_until_on_bus(device);
    assert_int_not_equal(wait_ms, UINT32_MAX);
    sim_sleep(device, wait_ms);
    assert_true(sim_is_on_bus(device));
}

void assert_clean(const struct sim_device *device)
{
    if (sim_violation(device, 0) != NULL) {
        fail_msg("violation: %s", sim_violation(device, 0));
    }
    assert_int_equal(sim_counters(device)->violations, 0);
}

void assert_judged(const struct sim_device *device, const char *text)
{
    assert_non_null(sim_violation(device, 0));
    assert_string_equal(sim_violation(device, 0), text);
    assert_int_equal(sim_counters(device)->violations, 1);
    assert_null(sim_violation(device, 1));
}

void assert_answer(struct answer answer, uint8_t status, uint8_t state)
{
    assert_int_equal(answer.outcome, SIM_OK);
    assert_int_equal(answer.state, state);
    assert_int_equal(answer.status, status);
}
