/* Faults: of the bus, of the answer, of the power. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static uint8_t pattern[2048];

static int make_pattern(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pattern; i++) {
        pattern[i] = (uint8_t)(i * 13U + 1U);
    }
    return 0;
}

static void plan(struct sim_device *device, enum sim_fault_kind kind, uint32_t at)
{
    sim_faults_clear(device);
    assert_true(sim_fault_add(device, (struct sim_fault){(uint32_t)kind, at}));
}

static enum sim_outcome read_flash(struct sim_device *device, uint8_t *data, size_t *actual, uint32_t timeout_ms)
{
    struct sim_setup setup = {0xA1, 2, 2, 0, 64};
    return sim_control(device, &setup, data, actual, timeout_ms);
}

static void a_fault_hits_its_transfer_only(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    plan(device, SIM_FAULT_STALL, 1);
    assert_answer(get_status(device), OK, IDLE);
    assert_int_equal(get_status(device).outcome, SIM_STALL);
    assert_answer(get_status(device), OK, IDLE);
    sim_faults_clear(device);
    assert_int_equal(device->fault_transfers, 0);
}

static void only_so_many_faults_are_kept(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    for (unsigned i = 0; i < SIM_FAULTS_MAX; i++) {
        assert_true(sim_fault_add(device, (struct sim_fault){SIM_FAULT_STALL, 1000}));
    }
    assert_false(sim_fault_add(device, (struct sim_fault){SIM_FAULT_STALL, 1000}));
    sim_faults_clear(device);
    assert_false(sim_fault_add(device, (struct sim_fault){SIM_FAULT_KINDS, 0}));
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SIM_FAULT_KINDS; i++) {
        assert_non_null(sim_fault_kind_name(i));
    }
    assert_string_equal(sim_fault_kind_name(SIM_FAULT_POWER_CUT), "power-cut");
    assert_null(sim_fault_kind_name(SIM_FAULT_KINDS));
}

static void failed_and_timeout_do_not_reach_the_device(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    plan(device, SIM_FAULT_FAILED, 0);
    assert_int_equal(download(device, 2, pattern, 64), SIM_FAILED);
    assert_int_equal(get_state(device), IDLE);
    plan(device, SIM_FAULT_TIMEOUT, 0);
    uint64_t start_us = sim_now_us(device);
    assert_int_equal(download(device, 2, pattern, 64), SIM_TIMEOUT);
    assert_int_equal(sim_now_us(device) - start_us, 1000U * (uint64_t)TIMEOUT_MS);
    assert_int_equal(get_state(device), IDLE);
}

static void timeout_after_reaches_the_device(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    plan(device, SIM_FAULT_TIMEOUT_AFTER, 0);
    assert_int_equal(download(device, 2, pattern, 64), SIM_TIMEOUT);
    assert_int_equal(get_state(device), SYNC);
}

static void a_late_answer_is_still_an_answer(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[64];
    size_t actual = 0;
    plan(device, SIM_FAULT_LATE, 0);
    uint64_t start_us = sim_now_us(device);
    assert_int_equal(read_flash(device, data, &actual, 1000), SIM_OK);
    assert_in_range(sim_now_us(device) - start_us, 750000, 760000);
}

static void short_answers_have_half_the_bytes(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[64];
    size_t actual = 0;
    plan(device, SIM_FAULT_SHORT, 0);
    assert_int_equal(read_flash(device, data, &actual, 1000), SIM_OK);
    assert_int_equal(actual, 32);
}

static unsigned flipped_bits(enum sim_fault_kind kind, uint32_t at)
{
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[64];
    size_t actual = 0;
    uint32_t size = 0;
    plan(device, kind, at);
    for (uint32_t i = 0; i <= at; i++) {
        assert_int_equal(read_flash(device, data, &actual, 1000), SIM_OK);
    }
    unsigned bits = 0;
    for (size_t i = 0; i < 64; i++) {
        for (uint8_t wrong = data[i] ^ sim_flash(device, &size)[i]; wrong != 0; wrong &= (uint8_t)(wrong - 1)) {
            bits++;
        }
    }
    return bits;
}

static void bits_are_flipped_in_the_answer_only(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 20; at++) {
        assert_int_equal(flipped_bits(SIM_FAULT_FLIP_ONE, at), 1);
        assert_int_equal(flipped_bits(SIM_FAULT_FLIP_TWO, at), 2);
    }
}

static void a_pulled_cable_is_power_off(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    plan(device, SIM_FAULT_GONE, 0);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    sim_plug(device);
    wait_for_bus(device);
    assert_int_equal(sim_arrival(device), 2);
    assert_int_equal(sim_counters(device)->power_cycles, 1);
    assert_answer(get_status(device), ERR_FIRMWARE, ERROR);
}

static uint32_t prepare_write(struct sim_device *device)
{
    uint32_t size = 0;
    sim_flash(device, &size);
    assert_answer(command_at(device, 0x21, FLASH + size / 2U), OK, DNLOAD_IDLE);
    return size / 2U;
}

static void power_cut_leaves_half_a_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        struct sim_device *device = open_device(sim_profile_name(i));
        uint32_t size = 0;
        uint32_t offset = prepare_write(device);
        plan(device, SIM_FAULT_POWER_CUT, 0);
        assert_int_equal(download(device, 2, pattern, 2048), SIM_OK);
        assert_answer(get_status(device), OK, BUSY);
        sim_sleep(device, 100);
        assert_int_equal(get_status(device).outcome, SIM_GONE);
        const uint8_t *flash = sim_flash(device, &size) + offset;
        assert_memory_equal(flash, pattern, 900);
        assert_int_equal(flash[1200], 0xFF);
        assert_int_equal(flash[2047], 0xFF);
        assert_int_equal(sim_counters(device)->blocks_programmed, 0);
        assert_clean(device);
    }
}

static void power_cut_counts_writes(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    prepare_write(device);
    plan(device, SIM_FAULT_POWER_CUT, 1);
    assert_answer(write_block(device, 2, pattern, 64), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 3, pattern, 64), SIM_OK);
    assert_answer(get_status(device), OK, BUSY);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
}

static void power_cut_leaves_half_a_sector(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    static const uint8_t erase[5] = {0x41, 0x00, 0x00, 0x00, 0x08};
    uint32_t size = 0;
    plan(device, SIM_FAULT_POWER_CUT, 0);
    assert_int_equal(download(device, 0, erase, 5), SIM_OK);
    get_status(device);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    const uint8_t *flash = sim_flash(device, &size);
    assert_int_equal(flash[0], 0xFF);
    assert_int_equal(flash[8000], 0xFF);
    assert_memory_not_equal(flash + 8300, flash, 64);
}

static void power_cut_in_an_option_write_ends_at_level_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        struct sim_device *device = open_device(sim_profile_name(i));
        uint8_t image[SIM_OPTIONS_MAX_BYTES];
        uint16_t length = options_with_rdp(device, 0xAA, image);
        plan(device, SIM_FAULT_POWER_CUT, 0);
        write_options(device, option_address(device), image, length);
        sim_sleep(device, 1000);
        assert_false(sim_is_on_bus(device));
        sim_plug(device);
        wait_for_bus(device);
        assert_int_equal(sim_rdp_level(device), 1);
        assert_false(sim_is_stranded(device));
        sim_knobs(device)->regression_reload = SIM_RELOAD_AT_ONCE;
        normalise(device);
        unprotect(device);
        wait_for_bus(device);
        assert_int_equal(sim_rdp_level(device), 0);
        assert_clean(device);
    }
}

static void reset_in_an_option_write_ends_at_level_one(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t image[SIM_OPTIONS_MAX_BYTES];
    uint16_t length = options_with_rdp(device, 0xAA, image);
    write_options(device, option_address(device), image, length);
    sim_sleep(device, 10);
    sim_press_reset(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_int_equal(sim_counters(device)->option_writes, 0);
}

static void power_cut_in_a_regression_stays_locked(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    uint32_t size = 0;
    plan(device, SIM_FAULT_POWER_CUT, 0);
    assert_answer(unprotect(device), OK, BUSY);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    assert_int_equal(sim_flash(device, &size)[0], 0xFF);
    sim_plug(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_int_equal(sim_counters(device)->regressions, 0);
    normalise(device);
    unprotect(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 0);
    assert_clean(device);
}

static void a_cable_pulled_after_the_transfer_stops_the_work(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint32_t size = 0;
    uint32_t offset = prepare_write(device);
    assert_int_equal(download(device, 2, pattern, 2048), SIM_OK);
    plan(device, SIM_FAULT_GONE_AFTER, 0);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    const uint8_t *flash = sim_flash(device, &size) + offset;
    assert_memory_equal(flash, pattern, 48);
    assert_int_equal(flash[128], 0xFF);
}

static void reset_in_the_middle_of_an_erase(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    static const uint8_t erase[5] = {0x41, 0x00, 0x00, 0x00, 0x08};
    assert_int_equal(download(device, 0, erase, 5), SIM_OK);
    get_status(device);
    sim_sleep(device, 200);
    sim_press_reset(device);
    wait_for_bus(device);
    uint32_t size = 0;
    assert_int_equal(sim_flash(device, &size)[0], 0xFF);
    assert_int_equal(sim_counters(device)->sectors_erased, 0);
}

static struct sim_device copy;

static void a_copy_goes_on_like_the_original(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l452");
    prepare_write(device);
    assert_int_equal(download(device, 2, pattern, 2048), SIM_OK);
    get_status(device);
    memcpy(&copy, device, sizeof copy);
    assert_true(sim_device_is_sound(&copy, sizeof copy));
    sim_sleep(device, 100);
    sim_sleep(&copy, 100);
    assert_memory_equal(&copy, device, sizeof copy);
    assert_answer(get_status(&copy), OK, DNLOAD_IDLE);
}

static void the_first_violations_are_kept_and_all_counted(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    for (unsigned i = 0; i < 12; i++) {
        set_interface(device, 9);
    }
    assert_int_equal(sim_counters(device)->violations, 12);
    assert_non_null(sim_violation(device, SIM_VIOLATIONS_MAX - 1));
    assert_null(sim_violation(device, SIM_VIOLATIONS_MAX));
    assert_true(sim_device_is_sound(device, sim_device_size()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_hits_its_transfer_only),
        cmocka_unit_test(only_so_many_faults_are_kept),
        cmocka_unit_test(every_kind_has_a_name),
        cmocka_unit_test(failed_and_timeout_do_not_reach_the_device),
        cmocka_unit_test(timeout_after_reaches_the_device),
        cmocka_unit_test(a_late_answer_is_still_an_answer),
        cmocka_unit_test(short_answers_have_half_the_bytes),
        cmocka_unit_test(bits_are_flipped_in_the_answer_only),
        cmocka_unit_test(a_pulled_cable_is_power_off),
        cmocka_unit_test(power_cut_leaves_half_a_block),
        cmocka_unit_test(power_cut_counts_writes),
        cmocka_unit_test(power_cut_leaves_half_a_sector),
        cmocka_unit_test(power_cut_in_an_option_write_ends_at_level_one),
        cmocka_unit_test(reset_in_an_option_write_ends_at_level_one),
        cmocka_unit_test(power_cut_in_a_regression_stays_locked),
        cmocka_unit_test(a_cable_pulled_after_the_transfer_stops_the_work),
        cmocka_unit_test(reset_in_the_middle_of_an_erase),
        cmocka_unit_test(a_copy_goes_on_like_the_original),
        cmocka_unit_test(the_first_violations_are_kept_and_all_counted),
    };
    return cmocka_run_group_tests(tests, make_pattern, NULL);
}
