/* Option bytes: the exact block, sealing and when it takes effect, level 2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static uint8_t image[SIM_OPTIONS_MAX_BYTES];

static struct answer seal(struct sim_device *device)
{
    uint16_t length = options_with_rdp(device, 0xBB, image);
    return write_options(device, option_address(device), image, length);
}

static bool reads_flash(struct sim_device *device)
{
    uint8_t data[64];
    size_t actual = 0;
    normalise(device);
    bool reads = upload(device, 2, data, 64, &actual) == SIM_OK;
    normalise(device);
    return reads;
}

static void replug(struct sim_device *device)
{
    sim_unplug(device);
    sim_plug(device);
}

static void sealing_f405_takes_effect_with_its_own_reset(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    struct answer answer = seal(device);
    assert_answer(answer, OK, BUSY);
    assert_int_equal(answer.poll_ms, 104);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_false(reads_flash(device));
    assert_int_equal(sim_counters(device)->option_writes, 1);
    assert_clean(device);
}

static void sealing_f072_waits_for_power_on(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f072");
    seal(device);
    wait_for_bus(device);
    assert_int_equal(sim_arrival(device), 2);
    assert_int_equal(sim_stored_rdp_level(device), 1);
    assert_int_equal(sim_rdp_level(device), 0);
    assert_true(reads_flash(device));
    uint8_t data[16];
    size_t actual = 0;
    assert_int_equal(read_at(device, 0x1FFFF800U, data, 16, &actual), SIM_OK);
    assert_int_equal(data[0], 0xBB); /* the stored byte, not the level in force */
    sim_press_reset(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 0);
    replug(device);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_false(reads_flash(device));
    assert_clean(device);
}

static void sealed_l4_is_dead_until_power_on(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32l432", "stm32l452", "stm32l476"};
    for (size_t i = 0; i < 3; i++) {
        struct sim_device *device = open_device(names[i]);
        seal(device);
        sim_sleep(device, 100);
        assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
        assert_false(sim_is_running_application(device));
        sim_set_boot0(device, false);
        sim_press_reset(device);
        assert_false(sim_is_running_application(device));
        assert_false(sim_is_stranded(device));
        replug(device);
        assert_true(sim_is_running_application(device));
        assert_int_equal(sim_rdp_level(device), 1);
        sim_set_boot0(device, true);
        sim_press_reset(device);
        wait_for_bus(device);
        assert_false(reads_flash(device));
        assert_clean(device);
    }
}

static void the_seal_knob_is_obeyed_on_each_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        for (uint32_t reload = SIM_RELOAD_AT_ONCE; reload <= SIM_RELOAD_AT_POWER_ON; reload++) {
            struct sim_device *device = open_device(sim_profile_name(i));
            sim_knobs(device)->seal_reload = reload;
            sim_knobs(device)->dead_after_seal = 0;
            seal(device);
            wait_for_bus(device);
            assert_int_equal(sim_rdp_level(device), reload == SIM_RELOAD_AT_POWER_ON ? 0 : 1);
            replug(device);
            assert_int_equal(sim_rdp_level(device), 1);
        }
    }
}

static void options_at_level_zero_reset_without_sealing(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l432");
    uint16_t length = options_with_rdp(device, 0xAA, image);
    image[1] = 0xF0;
    image[5] = 0x0F;
    write_options(device, 0x1FFF7800U, image, length);
    wait_for_bus(device);
    assert_true(reads_flash(device));
    uint32_t size = 0;
    assert_int_equal(sim_options(device, &size)[1], 0xF0);
    assert_judged(device, "option byte changed besides RDP, at offset 0x01");
}

static void a_wrong_start_is_refused(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint16_t length = options_with_rdp(device, 0xBB, image);
    assert_answer(command_at(device, 0x21, 0x1FFFC004U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, image, length), ERR_TARGET, ERROR);
    assert_judged(device, "option write not at the block's start: 0x1FFFC004");
    assert_int_equal(sim_stored_rdp_level(device), 0);
}

static void a_wrong_length_is_refused(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l432");
    options_with_rdp(device, 0xBB, image);
    assert_answer(command_at(device, 0x21, 0x1FFF7800U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, image, 8), ERR_VENDOR, ERROR);
    assert_judged(device, "option write of wrong length 0x0008");
    assert_int_equal(sim_counters(device)->option_writes, 0);
}

static void a_wrong_complement_loads_as_level_one(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32f042", "stm32f072", "stm32l452"};
    for (size_t i = 0; i < 3; i++) {
        struct sim_device *device = open_device(names[i]);
        uint16_t length = options_with_rdp(device, 0xAA, image);
        image[i < 2 ? 1 : 4] = 0x00;
        write_options(device, option_address(device), image, length);
        sim_sleep(device, 100);
        replug(device);
        assert_int_equal(sim_rdp_level(device), 1);
        assert_int_equal(sim_counters(device)->violations, 2); /* the complement, and a byte besides RDP */
    }
}

static void the_wrong_offset_leaves_an_f405_open(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint16_t length = options_with_rdp(device, 0xAA, image);
    image[0] = 0xBB;
    write_options(device, 0x1FFFC000U, image, length);
    wait_for_bus(device);
    assert_int_equal(sim_rdp_level(device), 0);
    assert_judged(device, "option byte changed besides RDP, at offset 0x00");
}

static void only_two_rdp_bytes_are_good(void **state)
{
    (void)state;
    for (unsigned rdp = 0; rdp < 256; rdp++) {
        struct sim_device *device = open_device("stm32f405");
        uint16_t length = options_with_rdp(device, (uint8_t)rdp, image);
        write_options(device, 0x1FFFC000U, image, length);
        sim_sleep(device, 1000);
        assert_int_equal(sim_counters(device)->violations == 0, rdp == 0xAA || rdp == 0xBB);
    }
}

static void a_seal_that_shuts_boot0_out_is_judged(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l476");
    sim_options_mutable(device, &(uint32_t){0})[2] &= 0x7FU; /* nBOOT1 = 0: BOOT0 starts SRAM */
    sim_options_mutable(device, &(uint32_t){0})[6] |= 0x80U;
    seal(device);
    sim_sleep(device, 1000);
    assert_judged(device, "sealed with options that keep BOOT0 from reaching the ROM");
}

static void level_two_is_for_ever_and_judged(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint16_t length = options_with_rdp(device, 0xCC, image);
    write_options(device, 0x1FFFC000U, image, length);
    assert_judged(device, "0xCC for the RDP slot at 0x1FFFC001");
    sim_sleep(device, 5000);
    assert_int_equal(sim_rdp_level(device), 2);
    assert_true(sim_is_stranded(device));
    replug(device);
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
}

static void half_a_level_two_on_f0_is_level_one(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f072");
    uint16_t length = options_with_rdp(device, 0xCC, image);
    image[1] = 0x00;
    write_options(device, 0x1FFFF800U, image, length);
    wait_for_bus(device);
    assert_int_equal(sim_stored_rdp_level(device), 1);
    assert_int_equal(sim_counters(device)->violations, 4); /* slot, complement, byte besides RDP, byte not canonical */
}

/* A byte for another family's slot is judged although this chip keeps nothing there. */
static void every_familys_rdp_slot_is_watched(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l476");
    uint8_t data[48];
    memset(data, 0xCC, sizeof data);
    assert_answer(command_at(device, 0x21, 0x1FFF7000U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 3, data, 48), ERR_VENDOR, ERROR); /* 0x1FFF7800 by block number */
    assert_string_equal(sim_violation(device, 0), "0xCC for the RDP slot at 0x1FFF7800");
    device = open_device("stm32l476");
    assert_answer(command_at(device, 0x21, 0x1FFFF800U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, data, 40), ERR_TARGET, ERROR);
    assert_string_equal(sim_violation(device, 0), "0xCC for the RDP slot at 0x1FFFF800");
}

static void dropped_option_writes_leave_the_device_there(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    sim_knobs(device)->drops_writes = 1;
    assert_answer(seal(device), OK, BUSY);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    assert_int_equal(sim_stored_rdp_level(device), 0);
}

/* Seals with another value of one byte; the complement is right. */
static void seal_with(struct sim_device *device, uint32_t offset, uint8_t value, uint32_t distance)
{
    uint16_t length = options_with_rdp(device, 0xBB, image);
    image[offset] = value;
    if (distance != 0) {
        image[offset + distance] = (uint8_t)~value;
    }
    write_options(device, option_address(device), image, length);
    sim_sleep(device, 1000);
}

static void only_allowed_bits_may_change_and_only_to_the_allowed_value(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        struct sim_device *device = open_device("stm32f405");
        assert_true(sim_allow_option_bits(device, 0, 0x0C, 0x04)); /* BOR_LEV: 3 as it comes, 1 allowed */
        seal_with(device, 0, (uint8_t)value, 0);
        bool is_allowed = value == 0xED || value == 0xE5;
        assert_int_equal(sim_counters(device)->violations, is_allowed ? 0 : 1);
    }
    struct sim_device *device = open_device("stm32l432");
    assert_true(sim_allow_option_bits(device, 3, 0x08, 0x00));
    assert_true(sim_allow_option_bits(device, 3, 0x01, 0x00)); /* adds up */
    seal_with(device, 3, 0xF6, 4);
    assert_clean(device);
    device = open_device("stm32f042");
    assert_true(sim_allow_option_bits(device, 4, 0xFF, 0x5A));
    seal_with(device, 6, 0x5A, 1);
    assert_judged(device, "option byte changed besides RDP, at offset 0x06");
}

static void what_follows_other_bytes_cannot_be_allowed(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    assert_false(sim_allow_option_bits(device, 1, 0xFF, 0xBB)); /* RDP */
    assert_false(sim_allow_option_bits(device, 16, 0xFF, 0));   /* beyond the block */
    assert_true(sim_allow_option_bits(device, 15, 0xFF, 0));
    device = open_device("stm32f042");
    assert_false(sim_allow_option_bits(device, 0, 0xFF, 0xBB));
    assert_false(sim_allow_option_bits(device, 5, 0xFF, 0)); /* a complement */
    device = open_device("stm32l432");
    assert_false(sim_allow_option_bits(device, 4, 0xFF, 0));
    assert_false(sim_allow_option_bits(device, 15, 0xFF, 0));
    assert_true(sim_allow_option_bits(device, 19, 0x80, 0));
}

/* Fields count once they are loaded: the pin decides until then, and nBOOT0 afterwards. */
static void changed_boot_fields_count_after_the_option_load(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l432");
    sim_allow_option_bits(device, 3, 0x0C, 0x08); /* nSWBOOT0 0, nBOOT0 1 */
    seal_with(device, 3, 0xFB, 4);
    assert_clean(device); /* an empty check is a way back */
    sim_set_boot0(device, true);
    replug(device);
    assert_true(sim_is_running_application(device));
    device = open_device("stm32l432");
    sim_allow_option_bits(device, 3, 0x0C, 0x00); /* nSWBOOT0 0, nBOOT0 0 */
    seal_with(device, 3, 0xF3, 4);
    sim_set_boot0(device, false);
    replug(device);
    wait_for_bus(device);
    assert_false(reads_flash(device));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealing_f405_takes_effect_with_its_own_reset),
        cmocka_unit_test(sealing_f072_waits_for_power_on),
        cmocka_unit_test(sealed_l4_is_dead_until_power_on),
        cmocka_unit_test(the_seal_knob_is_obeyed_on_each_family),
        cmocka_unit_test(options_at_level_zero_reset_without_sealing),
        cmocka_unit_test(a_wrong_start_is_refused),
        cmocka_unit_test(a_wrong_length_is_refused),
        cmocka_unit_test(a_wrong_complement_loads_as_level_one),
        cmocka_unit_test(the_wrong_offset_leaves_an_f405_open),
        cmocka_unit_test(only_two_rdp_bytes_are_good),
        cmocka_unit_test(a_seal_that_shuts_boot0_out_is_judged),
        cmocka_unit_test(level_two_is_for_ever_and_judged),
        cmocka_unit_test(half_a_level_two_on_f0_is_level_one),
        cmocka_unit_test(every_familys_rdp_slot_is_watched),
        cmocka_unit_test(dropped_option_writes_leave_the_device_there),
        cmocka_unit_test(only_allowed_bits_may_change_and_only_to_the_allowed_value),
        cmocka_unit_test(what_follows_other_bytes_cannot_be_allowed),
        cmocka_unit_test(changed_boot_fields_count_after_the_option_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
