/* Readout protection: refusals, regression, the boot decision after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static bool flash_is_blank(const struct sim_device *device)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(device, &size);
    for (uint32_t i = 0; i < size; i++) {
        if (flash[i] != 0xFF) {
            return false;
        }
    }
    return true;
}

static void reading_is_refused_at_level_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        struct sim_device *device = locked_device(sim_profile_name(i));
        uint8_t data[64];
        size_t actual = 0;
        assert_int_equal(upload(device, 2, data, 64, &actual), SIM_STALL);
        assert_answer(get_status(device), ERR_VENDOR, ERROR);
        normalise(device);
        assert_int_equal(sim_rdp_level(device), 1);
        assert_clean(device);
    }
}

static void set_address_may_be_refused_too(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    assert_answer(command_at(device, 0x21, 0x1FFFC000U), ERR_VENDOR, ERROR);
    normalise(device);
    sim_knobs(device)->set_address_refused = 0;
    uint8_t data[16];
    size_t actual = 0;
    assert_int_equal(read_at(device, 0x1FFFC000U, data, 16, &actual), SIM_STALL);
    assert_answer(get_status(device), ERR_VENDOR, ERROR);
    assert_clean(device);
}

static void options_may_stay_readable(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32l452");
    uint8_t data[40];
    size_t actual = 0;
    sim_knobs(device)->options_readable_rdp1 = 1;
    assert_int_equal(read_at(device, 0x1FFF7800U, data, 40, &actual), SIM_OK);
    assert_int_equal(data[0], 0xBB);
    assert_int_equal(data[4], 0x44);
    assert_int_equal(read_at(device, FLASH, data, 40, &actual), SIM_STALL);
}

static void writing_and_erasing_are_refused_at_level_one(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32l432");
    uint8_t data[64] = {0};
    assert_answer(command_at(device, 0x41, FLASH), ERR_VENDOR, ERROR);
    normalise(device);
    assert_answer(write_block(device, 2, data, 64), ERR_VENDOR, ERROR);
    normalise(device);
    uint16_t length = options_with_rdp(device, 0xAA, data);
    assert_answer(command_at(device, 0x21, 0x1FFF7800U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, data, length), ERR_VENDOR, ERROR);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_false(flash_is_blank(device));
    assert_clean(device);
}

static void regression_erases_and_comes_back_with_boot0(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        struct sim_device *device = locked_device(sim_profile_name(i));
        sim_knobs(device)->regression_reload = SIM_RELOAD_AT_ONCE;
        assert_answer(unprotect(device), OK, BUSY);
        wait_for_bus(device);
        assert_int_equal(sim_arrival(device), 2);
        assert_int_equal(sim_rdp_level(device), 0);
        assert_true(flash_is_blank(device));
        uint8_t data[64];
        size_t actual = 0;
        normalise(device);
        assert_int_equal(upload(device, 2, data, 64, &actual), SIM_OK);
        assert_int_equal(sim_counters(device)->regressions, 1);
        assert_clean(device);
    }
}

static void regression_takes_the_mass_erase_time_and_never_answers_again(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    uint64_t start_us = sim_now_us(device);
    struct answer answer = unprotect(device);
    assert_answer(answer, OK, BUSY);
    assert_int_equal(answer.poll_ms, 104);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    assert_in_range(sim_now_us(device) - start_us, 16000000, 17000000);
    uint32_t start_ms = sim_ms_until_on_bus(device);
    assert_in_range(start_ms, 200, 500);
    sim_sleep(device, start_ms - 1);
    assert_false(sim_is_on_bus(device));
    sim_sleep(device, 1);
    assert_true(sim_is_on_bus(device));
}

static void regression_loaded_at_power_on_keeps_level_one_until_then(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f072");
    uint8_t data[64];
    size_t actual = 0;
    unprotect(device);
    wait_for_bus(device);
    normalise(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_int_equal(sim_stored_rdp_level(device), 0);
    assert_true(flash_is_blank(device));
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_STALL);
    sim_press_reset(device);
    assert_int_equal(sim_rdp_level(device), 1);
    sim_unplug(device);
    sim_plug(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 0);
}

static void without_empty_check_and_boot0_the_device_is_lost(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 1, false);
    assert_true(sim_is_running_application(device));
    assert_false(sim_is_stranded(device));
    sim_knobs(device)->boot0_fixed = 1;
    assert_false(sim_is_stranded(device));
    sim_enter_rom_by_jump(device);
    wait_for_bus(device);
    normalise(device);
    unprotect(device);
    assert_judged(device, "0x92 with no way back into the ROM");
    sim_sleep(device, 20000);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    sim_unplug(device);
    sim_plug(device);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    assert_true(sim_is_stranded(device));
    sim_set_boot0(device, true);
    assert_true(sim_is_stranded(device)); /* nobody can reach the pin */
    sim_knobs(device)->boot0_fixed = 0;
    assert_false(sim_is_stranded(device));
    sim_set_boot0(device, true);
    sim_press_reset(device);
    wait_for_bus(device);
}

static void the_empty_check_brings_back_at_power_on_only(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32l432", 1, false);
    sim_enter_rom_by_jump(device);
    wait_for_bus(device);
    normalise(device);
    unprotect(device);
    sim_sleep(device, 1000);
    assert_false(sim_is_on_bus(device));
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    assert_false(sim_is_stranded(device));
    sim_press_reset(device);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    sim_unplug(device);
    sim_plug(device);
    assert_int_equal(sim_ms_until_on_bus(device), 820);
    wait_for_bus(device);
    assert_clean(device);
}

static void the_empty_check_may_count_at_the_regressions_reset(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32l452", 1, false);
    sim_knobs(device)->empty_check_at_reset = 1;
    sim_enter_rom_by_jump(device);
    wait_for_bus(device);
    normalise(device);
    unprotect(device);
    wait_for_bus(device);
    assert_int_equal(sim_arrival(device), 2);
    assert_clean(device);
}

static void the_empty_flag_outlives_programming_until_power_on(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32l432", 0, false);
    uint32_t size = 0;
    uint8_t *flash = sim_flash_mutable(device, &size);
    uint8_t vectors[8];
    memcpy(vectors, flash, 8);
    memset(flash, 0xFF, 8);
    sim_unplug(device);
    sim_plug(device);
    wait_for_bus(device);
    memcpy(flash, vectors, 8);
    sim_press_reset(device);
    wait_for_bus(device);
    sim_unplug(device);
    sim_plug(device);
    assert_true(sim_is_running_application(device));
}

static void no_empty_check_on_l476_and_f072(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32l476", "stm32f072"};
    for (size_t i = 0; i < 2; i++) {
        struct sim_device *device = device_of(names[i], 1, false);
        sim_enter_rom_by_jump(device);
        wait_for_bus(device);
        normalise(device);
        unprotect(device);
        assert_judged(device, "0x92 with no way back into the ROM");
        sim_sleep(device, 5000);
        sim_unplug(device);
        sim_plug(device);
        assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    }
}

static void boot0_must_be_honoured_by_the_options(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32l432", 1, true);
    uint32_t size = 0;
    uint8_t *options = sim_options_mutable(device, &size);
    options[3] = 0xFB; /* nSWBOOT0 = 0: nBOOT0 = 1 decides */
    options[7] = 0x04;
    sim_unplug(device);
    sim_plug(device);
    assert_true(sim_is_running_application(device));
    assert_true(sim_is_stranded(device));
    options[3] = 0xF3; /* nBOOT0 = 0 */
    options[7] = 0x0C;
    sim_set_boot0(device, false);
    sim_unplug(device);
    sim_plug(device);
    wait_for_bus(device);
    options[3] = 0x7F; /* pin again, but nBOOT1 (bit 23) is in the byte before */
    options[7] = 0x80;
    options[2] = 0x7F;
    options[6] = 0x80;
    sim_set_boot0(device, true);
    sim_unplug(device);
    sim_plug(device);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX); /* SRAM */
}

static void f042_boot_sel_takes_the_pin_away(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f042", 1, true);
    uint32_t size = 0;
    uint8_t *options = sim_options_mutable(device, &size);
    options[2] = 0x7F;
    options[3] = 0x80;
    sim_unplug(device);
    sim_plug(device);
    assert_true(sim_is_running_application(device));
}

static void needless_unprotect_is_judged(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    assert_answer(unprotect(device), OK, BUSY);
    assert_judged(device, "needless 0x92 at level 0");
    wait_for_bus(device);
    assert_false(flash_is_blank(device));
    assert_int_equal(sim_counters(device)->regressions, 0);
}

static void unprotect_that_get_does_not_list_is_judged(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    sim_knobs(device)->get_list_short = 1;
    unprotect(device);
    assert_judged(device, "0x92 while the GET list lacks it");
}

static void unprotect_may_be_refused(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    sim_knobs(device)->unprotect_refused = 1;
    static const uint8_t opcode = 0x92;
    assert_answer(command(device, &opcode, 1), ERR_UNKNOWN, ERROR);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_false(flash_is_blank(device));
    assert_clean(device);
}

static void other_options_are_kept_or_reset(void **state)
{
    (void)state;
    for (uint8_t reset = 0; reset < 2; reset++) {
        struct sim_device *device = locked_device("stm32f072");
        uint32_t size = 0;
        uint8_t *options = sim_options_mutable(device, &size);
        options[4] = 0x5A;
        options[5] = 0xA5;
        sim_knobs(device)->options_reset_by_regression = reset;
        unprotect(device);
        wait_for_bus(device);
        assert_int_equal(options[0], 0xAA);
        assert_int_equal(options[1], 0x55);
        assert_int_equal(options[4], reset != 0 ? 0xFF : 0x5A);
    }
}

static void level_two_has_no_rom(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 2, true);
    assert_true(sim_is_running_application(device));
    assert_true(sim_is_stranded(device));
    sim_enter_rom_by_jump(device);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
}

static void a_bad_host_controller_looks_like_protection(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f072", 0, true);
    uint8_t data[64];
    size_t actual = 0;
    sim_knobs(device)->level1_looks_dead_on_usb3 = 1;
    assert_int_equal(standard_in(device, 0x0100, 0, data, 18, &actual), SIM_OK);
    assert_int_equal(get_status(device).outcome, SIM_STALL);
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_STALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_is_refused_at_level_one),
        cmocka_unit_test(set_address_may_be_refused_too),
        cmocka_unit_test(options_may_stay_readable),
        cmocka_unit_test(writing_and_erasing_are_refused_at_level_one),
        cmocka_unit_test(regression_erases_and_comes_back_with_boot0),
        cmocka_unit_test(regression_takes_the_mass_erase_time_and_never_answers_again),
        cmocka_unit_test(regression_loaded_at_power_on_keeps_level_one_until_then),
        cmocka_unit_test(without_empty_check_and_boot0_the_device_is_lost),
        cmocka_unit_test(the_empty_check_brings_back_at_power_on_only),
        cmocka_unit_test(the_empty_check_may_count_at_the_regressions_reset),
        cmocka_unit_test(the_empty_flag_outlives_programming_until_power_on),
        cmocka_unit_test(no_empty_check_on_l476_and_f072),
        cmocka_unit_test(boot0_must_be_honoured_by_the_options),
        cmocka_unit_test(f042_boot_sel_takes_the_pin_away),
        cmocka_unit_test(needless_unprotect_is_judged),
        cmocka_unit_test(unprotect_that_get_does_not_list_is_judged),
        cmocka_unit_test(unprotect_may_be_refused),
        cmocka_unit_test(other_options_are_kept_or_reset),
        cmocka_unit_test(level_two_has_no_rom),
        cmocka_unit_test(a_bad_host_controller_looks_like_protection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
