/* The knobs of option bytes, power, start and identity, as they show on the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

static uint8_t image[SIM_OPTIONS_MAX_BYTES];

static struct sim_device *idle(const char *profile, unsigned level)
{
    struct sim_device *device = device_of(profile, level, true);
    clear_all(device);
    return device;
}

static struct sim_device *with_knob(const char *profile, unsigned level, const char *knob, uint32_t value)
{
    struct sim_device *device = idle(profile, level);
    assert_true(sim_knob_set(device, knob, value));
    return device;
}

static struct answer send_unprotect(struct sim_device *device)
{
    static const uint8_t opcode = 0x92;
    return carry_out(device, 0, &opcode, 1);
}

static void a_g431_serves_40_of_its_48_option_bytes(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32g431", 0);
    size_t actual = 0;
    assert_int_equal(fetch(device, 0x1FFF7800U, image, 48, &actual), SIM_OK);
    assert_int_equal(actual, 40);
    clear_all(device);
    memset(image + 40, 0xFF, 8);
    assert_answer(carry_out_at(device, 0x21, 0x1FFF7800U), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, image, 48), ERR_VENDOR, ERROR);
    assert_judged(device, "option write of wrong length 0x0030");
    sim_knobs(device)->options_served = 0;
    clear_all(device);
    assert_int_equal(fetch(device, 0x1FFF7800U, image, 48, &actual), SIM_OK);
    assert_int_equal(actual, 48);
}

static void an_l5_may_need_power_for_its_new_options(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32l552", 0, "option_launch_broken", 1);
    size_t actual = 0;
    assert_int_equal(fetch(device, 0x40022040U, image, 48, &actual), SIM_OK);
    clear_all(device);
    image[0] = 0xDC;
    assert_answer(carry_out_at(device, 0x21, 0x40022040U), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, image, 48), OK, DNLOAD_IDLE);
    assert_int_equal(sim_stored_rdp_level(device), 1);
    assert_int_equal(sim_rdp_level(device), 0);
    assert_int_equal(sim_counters(device)->resets, 0);
    replug_into_rom(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_clean(device);
}

/* The default that a wrong complement loads is level 1, and PCROP for all (RM0367). */
static void an_l072_with_a_wrong_complement_hides_its_flash(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32l072", 0);
    uint32_t size = 0;
    size_t actual = 0;
    sim_options_mutable(device, &size)[2] ^= 1U;
    replug_into_rom(device);
    clear_all(device);
    assert_int_equal(sim_rdp_level(device), 1);
    (void)send_unprotect(device);
    sim_sleep(device, 1000);
    replug_into_rom(device);
    clear_all(device);
    assert_int_equal(sim_rdp_level(device), 0);
    assert_int_equal(upload(device, 2, image, 64, &actual), SIM_STALL);
    assert_answer(get_status(device), ERR_VENDOR, ERROR);
    clear_all(device);
    assert_answer(carry_out(device, 2, image + 64, 64), OK, DNLOAD_IDLE);
    assert_int_equal(sim_counters(device)->blocks_programmed, 0);
}

static void an_f7_may_lose_its_boot_addresses_with_0x92(void **state)
{
    (void)state;
    for (unsigned lost = 0; lost < 2; lost++) {
        struct sim_device *device = with_knob("stm32f767", 1, "boot_add_lost", lost);
        assert_int_equal(send_unprotect(device).outcome, SIM_GONE);
        sim_sleep(device, 60000);
        uint32_t size = 0;
        assert_int_equal(sim_options(device, &size)[0x18], lost ? 0xFF : 0x40);
        assert_int_equal(sim_is_on_bus(device), !lost);
        assert_int_equal(sim_is_stranded(device), lost);
        assert_int_equal(sim_counters(device)->violations, lost);
        replug_into_rom(device);
        assert_int_equal(sim_is_on_bus(device), !lost);
    }
}

static void an_l151_has_invalid_options_after_0x92(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32l152", 1);
    uint32_t size = 0;
    (void)send_unprotect(device);
    sim_sleep(device, 1000);
    assert_memory_equal(sim_options(device, &size), "\xAA\x00\x55\xFF\x00\x00\x00\x00\x00\x00\x00\x00", 12);
    assert_int_equal(sim_stored_rdp_level(device), 0);
    device = idle("stm32l072", 1);
    (void)send_unprotect(device);
    sim_sleep(device, 1000);
    assert_memory_equal(sim_options(device, &size), "\xAA\x00\x55\xFF\x70\x80\x8F\x7F", 8);
}

static void stale_words_to_program_seal_what_nobody_asked_for(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h743", 0);
    size_t actual = 0;
    assert_int_equal(fetch(device, 0x5200201CU, image, 128, &actual), SIM_OK);
    assert_int_equal(image[1], 0xAA);
    assert_memory_equal(image + 4, "\xFF\xFF\xFF\xFF", 4);
    clear_all(device);
    image[5] = 0xBB; /* and nothing copied */
    assert_answer(carry_out_at(device, 0x21, 0x5200201CU), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 2, image, 128), SIM_OK);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_string_equal(sim_violation(device, 0), "option byte changed besides RDP, at offset 0x00");
    assert_string_equal(sim_violation(device, 1), "sealed with options that keep BOOT0 from reaching the ROM");
}

static void a_byte_where_it_is_read_changes_nothing_on_h7(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32h743", 0, "program_words_stale", 0);
    size_t actual = 0;
    assert_int_equal(fetch(device, 0x5200201CU, image, 128, &actual), SIM_OK);
    clear_all(device);
    image[1] = 0xBB;
    assert_answer(carry_out_at(device, 0x21, 0x5200201CU), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 2, image, 128), SIM_OK);
    get_status(device);
    sim_sleep(device, 2000);
    assert_int_equal(sim_counters(device)->option_writes, 1);
    assert_int_equal(sim_stored_rdp_level(device), 0);
    assert_clean(device);
}

/* On C a refusal looks like nothing at all; on B it is an error. */
static void trust_zone_and_keys_refuse_a_regression(void **state)
{
    (void)state;
    static const char *const knobs[] = {"tzen", "oem1_key"};
    static const char *const names[] = {"stm32l552", "stm32u585", "stm32u375", "stm32wba65"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t j = 0; j < 2; j++) {
            struct sim_device *device = with_knob(names[i], 1, knobs[j], 1);
            bool is_quiet = i != 0;
            assert_answer(send_unprotect(device), is_quiet ? OK : ERR_UNKNOWN, is_quiet ? DNLOAD_IDLE : ERROR);
            sim_sleep(device, 60000);
            assert_int_equal(sim_counters(device)->regressions, 0);
            assert_int_equal(sim_rdp_level(device), 1);
            assert_int_equal(sim_counters(device)->violations, j == 0);
        }
    }
}

static void trust_zone_shows_in_the_options(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32u585", 0, "tzen", 1);
    size_t actual = 0;
    assert_int_equal(fetch(device, 0x40022040U, image, 64, &actual), SIM_OK);
    assert_int_equal(image[3] & 0x80, 0x80);
}

static void a_g0b1_that_is_reset_while_blank_is_gone_until_power_on(void **state)
{
    (void)state;
    for (unsigned cleared = 0; cleared < 2; cleared++) {
        struct sim_device *device = with_knob("stm32g0b1", 1, "empty_flag_cleared", cleared);
        (void)send_unprotect(device);
        sim_set_boot0(device, false);
        sim_unplug(device);
        sim_plug(device);
        sim_sleep(device, 1000);
        assert_true(sim_is_on_bus(device)); /* it is empty, and this is power-on */
        sim_press_reset(device);
        sim_sleep(device, 1000);
        assert_int_equal(sim_is_on_bus(device), !cleared);
        sim_unplug(device);
        sim_plug(device);
        sim_sleep(device, 1000);
        assert_true(sim_is_on_bus(device));
    }
}

static void an_early_h743_needs_a_reset_after_power_on(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32h743", 0, "reset_after_power_on", 1);
    replug_into_rom(device);
    assert_false(sim_is_on_bus(device));
    sim_press_reset(device);
    sim_sleep(device, 1000);
    assert_true(sim_is_on_bus(device));
}

static void a_rom_may_be_silent_at_level_1(void **state)
{
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct sim_device *device = with_knob("stm32f303", level, "silent_at_level1", 1);
        replug_into_rom(device);
        assert_int_equal(sim_is_on_bus(device), level == 0);
    }
}

static void jumps_into_the_rom_may_fail(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        const char *knob;
        uint32_t value;
        unsigned level;
        bool arrives;
        bool runs;
    } rows[] = {{"stm32f042", "jump_bounces", 1, 0, false, true},
                {"stm32f042", "jump_bounces", 0, 0, true, false},
                {"stm32f105", "jump_hangs_rdp1", 1, 1, false, false},
                {"stm32f105", "jump_hangs_rdp1", 1, 0, true, false},
                {"stm32f105", "jump_hangs_rdp1", 0, 1, true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = device_of(rows[i].profile, rows[i].level, false);
        assert_true(sim_is_running_application(device));
        assert_true(sim_knob_set(device, rows[i].knob, rows[i].value));
        sim_enter_rom_by_jump(device);
        sim_sleep(device, 20000);
        assert_int_equal(sim_is_on_bus(device), rows[i].arrives);
        assert_int_equal(sim_is_running_application(device), rows[i].runs);
    }
}

static void serial_numbers_may_be_everybodys(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32f405", 0, "serial_shared", 1);
    uint8_t text[255];
    size_t actual = 0;
    assert_int_equal(standard_in(device, 0x0303, 0x0409, text, 255, &actual), SIM_OK);
    assert_int_equal(actual, 2 + 2 * 12);
    assert_int_equal(text[2], 'F');
    assert_int_equal(text[16], 'E');
}

static void an_f105_takes_its_time(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32f105", 0);
    sim_unplug(device);
    sim_plug(device);
    assert_int_equal(sim_ms_until_on_bus(device), 13700);
}

static void a_wb55_keeps_level_1_until_power_on(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32wb55", 1);
    (void)send_unprotect(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_int_equal(sim_stored_rdp_level(device), 0);
    replug_into_rom(device);
    assert_int_equal(sim_rdp_level(device), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_g431_serves_40_of_its_48_option_bytes),
        cmocka_unit_test(an_l5_may_need_power_for_its_new_options),
        cmocka_unit_test(an_l072_with_a_wrong_complement_hides_its_flash),
        cmocka_unit_test(an_f7_may_lose_its_boot_addresses_with_0x92),
        cmocka_unit_test(an_l151_has_invalid_options_after_0x92),
        cmocka_unit_test(stale_words_to_program_seal_what_nobody_asked_for),
        cmocka_unit_test(a_byte_where_it_is_read_changes_nothing_on_h7),
        cmocka_unit_test(trust_zone_and_keys_refuse_a_regression),
        cmocka_unit_test(trust_zone_shows_in_the_options),
        cmocka_unit_test(a_g0b1_that_is_reset_while_blank_is_gone_until_power_on),
        cmocka_unit_test(an_early_h743_needs_a_reset_after_power_on),
        cmocka_unit_test(a_rom_may_be_silent_at_level_1),
        cmocka_unit_test(jumps_into_the_rom_may_fail),
        cmocka_unit_test(serial_numbers_may_be_everybodys),
        cmocka_unit_test(an_f105_takes_its_time),
        cmocka_unit_test(a_wb55_keeps_level_1_until_power_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
