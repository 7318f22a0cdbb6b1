/* Descriptors and standard requests, as a host enumerates the device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static void device_descriptor_is_that_of_the_rom(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        struct sim_device *device = device_of(sim_profile_name(i), 0, true);
        uint8_t bytes[64];
        size_t actual = 0;
        assert_int_equal(standard_in(device, 0x0100, 0, bytes, 64, &actual), SIM_OK);
        assert_int_equal(actual, 18);
        assert_memory_equal(bytes + 8, "\x83\x04\x11\xDF\x00\x22\x01\x02\x03\x01", 10);
        assert_clean(device);
    }
}

static size_t read_configuration(struct sim_device *device, uint8_t *bytes)
{
    size_t actual = 0;
    assert_int_equal(standard_in(device, 0x0200, 0, bytes, 9, &actual), SIM_OK);
    assert_int_equal(actual, 9);
    uint16_t total = (uint16_t)(bytes[2] | (bytes[3] << 8));
    assert_int_equal(standard_in(device, 0x0200, 0, bytes, total, &actual), SIM_OK);
    assert_int_equal(actual, total);
    return total;
}

static void functional_descriptor_follows_the_last_alternate(void **state)
{
    (void)state;
    uint8_t bytes[256];
    struct sim_device *device = device_of("stm32f405", 0, true);
    size_t total = read_configuration(device, bytes);
    assert_int_equal(total, 9 + 4 * 9 + 9);
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *interface = bytes + 9 + 9 * i;
        const uint8_t expected[9] = {9, 4, 0, (uint8_t)i, 0, 0xFE, 1, 2, (uint8_t)(4 + i)};
        assert_memory_equal(interface, expected, 9);
    }
    assert_memory_equal(bytes + total - 9, "\x09\x21\x0B\xFF\x00\x00\x08\x1A\x01", 9);
    device = device_of("stm32f042", 0, true);
    assert_int_equal(read_configuration(device, bytes), 9 + 2 * 9 + 9);
}

static void assert_string(struct sim_device *device, uint8_t index, const char *text)
{
    uint8_t bytes[255];
    size_t actual = 0;
    assert_int_equal(standard_in(device, (uint16_t)(0x0300 | index), 0x0409, bytes, 255, &actual), SIM_OK);
    assert_int_equal(actual, 2 + 2 * strlen(text));
    assert_int_equal(bytes[0], actual);
    for (size_t i = 0; text[i] != '\0'; i++) {
        assert_int_equal(bytes[2 + 2 * i], text[i]);
        assert_int_equal(bytes[3 + 2 * i], 0);
    }
}

static void strings_are_those_of_the_family(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 0, true);
    assert_string(device, 2, "STM32  BOOTLOADER");
    assert_string(device, 4, "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg");
    assert_string(device, 5, "@Option Bytes  /0x1FFFC000/01*016 e");
    assert_string(device, 7, "@Device Feature/0xFFFF0000/01*004 e");
    device = device_of("stm32f072", 0, true);
    assert_string(device, 3, "FFFFFFFEFFFF");
    assert_string(device, 4, "@Internal Flash  /0x08000000/064*0002Kg");
    device = device_of("stm32l432", 0, true);
    assert_string(device, 5, "@Option Bytes  /0x1FFF7800/01*040 e");
    uint8_t bytes[255];
    size_t actual = 0;
    assert_int_equal(standard_in(device, 0x0300, 0, bytes, 255, &actual), SIM_OK);
    assert_memory_equal(bytes, "\x04\x03\x09\x04", 4);
    assert_int_equal(standard_in(device, 0x0308, 0x0409, bytes, 255, &actual), SIM_STALL);
    assert_int_equal(sim_counters(device)->standard_requests, 3);
}

static void alternates_that_do_not_exist_are_judged(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f042", 0, true);
    assert_int_equal(set_interface(device, 1), SIM_OK);
    assert_clean(device);
    assert_int_equal(set_interface(device, 2), SIM_STALL);
    assert_judged(device, "SET_INTERFACE to alternate 0x0002");
}

static void requests_to_another_interface_are_judged(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 0, true);
    uint8_t bytes[6];
    size_t actual = 0;
    struct sim_setup setup = {0xA1, 3, 0, 1, 6};
    assert_int_equal(sim_control(device, &setup, bytes, &actual, 1000), SIM_STALL);
    assert_judged(device, "DFU request to interface 0x0001");
}

static enum sim_outcome standard(struct sim_device *device, struct sim_setup setup, uint8_t *data, size_t *actual)
{
    return sim_control(device, &setup, data, actual, 1000);
}

static void the_other_standard_requests_are_answered(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 0, true);
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(standard(device, (struct sim_setup){0x80, 0, 0, 0, 2}, data, &actual), SIM_OK);
    assert_int_equal(actual, 2);
    assert_int_equal(standard(device, (struct sim_setup){0x80, 8, 0, 0, 1}, data, &actual), SIM_OK);
    assert_int_equal(data[0], 1);
    assert_int_equal(set_interface(device, 3), SIM_OK);
    assert_int_equal(standard(device, (struct sim_setup){0x81, 10, 0, 0, 1}, data, &actual), SIM_OK);
    assert_int_equal(data[0], 3);
    assert_int_equal(standard(device, (struct sim_setup){0x00, 9, 1, 0, 0}, data, &actual), SIM_OK);
    assert_int_equal(standard(device, (struct sim_setup){0x00, 9, 2, 0, 0}, data, &actual), SIM_STALL);
    assert_int_equal(standard(device, (struct sim_setup){0x81, 6, 0x2100, 0, 64}, data, &actual), SIM_OK);
    assert_int_equal(actual, 9);
    assert_int_equal(standard(device, (struct sim_setup){0x81, 6, 0x2200, 0, 64}, data, &actual), SIM_STALL);
    assert_int_equal(standard(device, (struct sim_setup){0x80, 6, 0x0201, 0, 64}, data, &actual), SIM_STALL);
    assert_int_equal(standard(device, (struct sim_setup){0x80, 6, 0x0600, 0, 10}, data, &actual), SIM_STALL);
    assert_int_equal(standard(device, (struct sim_setup){0xC0, 0x20, 0, 4, 16}, data, &actual), SIM_STALL);
    assert_clean(device);
}

/* The example of sim/README.md. */
static void the_readme_example_runs(void **state)
{
    (void)state;
    static struct sim_device device;                           /* about 2 MiB, one plain value without pointers */
    sim_init(&device, sim_profile_find("stm32f405"), 1, true); /* RDP level 1, BOOT0 held: in the ROM, on the bus */
    struct sim_setup setup = {0xA1, 3, 0, 0, 6};               /* GETSTATUS */
    uint8_t bytes[6];
    size_t actual;
    enum sim_outcome outcome = sim_control(&device, &setup, bytes, &actual, 5000);
    assert_int_equal(outcome, SIM_OK);
    assert_int_equal(actual, 6);
    assert_int_equal(bytes[4], ERROR);
}

static void profiles_are_found_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32f405", "stm32f042", "stm32f072", "stm32l432", "stm32l452", "stm32l476"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_non_null(sim_profile_find(names[i]));
        assert_string_equal(sim_profile_of(device_of(names[i], 1, true)), names[i]);
    }
    assert_null(sim_profile_find("stm32"));
    assert_null(sim_profile_name(sim_profile_count()));
    assert_null(sim_profile_title(sim_profile_count()));
}

static void serial_numbers_can_be_chosen(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t bytes[64];
    size_t actual = 0;
    assert_true(sim_set_serial(device, "A1"));
    assert_int_equal(standard_in(device, 0x0303, 0x0409, bytes, sizeof bytes, &actual), SIM_OK);
    assert_int_equal(actual, 6);
    assert_int_equal(bytes[2], 'A');
    assert_false(sim_set_serial(device, "1234567890123"));
    assert_false(sim_set_serial(device, "A B"));
    assert_string_equal(sim_serial(device), "A1");
    assert_true(sim_set_serial(device, ""));
    assert_int_equal(standard_in(device, 0x0303, 0x0409, bytes, sizeof bytes, &actual), SIM_STALL);
    assert_int_equal(standard_in(device, 0x0100, 0, bytes, 18, &actual), SIM_OK);
    assert_int_equal(bytes[16], 0);
}

static void serial_numbers_can_change_at_each_arrival(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    assert_true(sim_knob_set(device, "serial_changes", 1));
    assert_string_equal(sim_serial(device), "3573365D3433");
    sim_unplug(device);
    sim_plug(device);
    wait_for_bus(device);
    assert_string_equal(sim_serial(device), "4573365D3433");
}

static void stored_bytes_are_checked(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32l476", 1, true);
    assert_true(sim_device_is_sound(device, sim_device_size()));
    assert_false(sim_device_is_sound(device, sim_device_size() - 1));
    device->work.kind = SIM_WORK_ERASE;
    device->work.end_us = device->work.start_us + 1;
    device->work.address = FLASH + SIM_FLASH_MAX_BYTES;
    device->work.length = 1;
    assert_false(sim_device_is_sound(device, sim_device_size()));
    device->work.kind = SIM_WORK_NONE;
    device->profile = 99;
    assert_false(sim_device_is_sound(device, sim_device_size()));
    device->profile = 0;
    device->version++;
    assert_false(sim_device_is_sound(device, sim_device_size()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_descriptor_is_that_of_the_rom),
        cmocka_unit_test(functional_descriptor_follows_the_last_alternate),
        cmocka_unit_test(strings_are_those_of_the_family),
        cmocka_unit_test(alternates_that_do_not_exist_are_judged),
        cmocka_unit_test(requests_to_another_interface_are_judged),
        cmocka_unit_test(the_other_standard_requests_are_answered),
        cmocka_unit_test(the_readme_example_runs),
        cmocka_unit_test(profiles_are_found_by_name),
        cmocka_unit_test(serial_numbers_can_be_chosen),
        cmocka_unit_test(serial_numbers_can_change_at_each_arrival),
        cmocka_unit_test(stored_bytes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
