/* Flash at level 0: reading, erasing, programming. */
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
        pattern[i] = (uint8_t)(i * 7U + (i >> 8));
    }
    return 0;
}

static uint32_t half(const struct sim_device *device)
{
    uint32_t size = 0;
    sim_flash(device, &size);
    return FLASH + size / 2U; /* the factory's application ends here */
}

static void assert_flash(const struct sim_device *device, uint32_t address, const uint8_t *data, size_t length)
{
    uint32_t size = 0;
    assert_memory_equal(sim_flash(device, &size) + (address - FLASH), data, length);
}

static void blocks_are_addressed_by_the_fixed_transfer_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sim_profile_count(); i++) {
        struct sim_device *device = open_device(sim_profile_name(i));
        uint32_t address = half(device);
        assert_answer(command_at(device, 0x21, address), OK, DNLOAD_IDLE);
        assert_answer(write_block(device, 2, pattern, 2048), OK, DNLOAD_IDLE);
        assert_answer(write_block(device, 3, pattern, 2048), OK, DNLOAD_IDLE);
        assert_answer(write_block(device, 4, pattern, 64), OK, DNLOAD_IDLE); /* short: still at 2 * 2048 */
        assert_flash(device, address, pattern, 2048);
        assert_flash(device, address + 2048, pattern, 2048);
        assert_flash(device, address + 4096, pattern, 64);
        assert_int_equal(sim_counters(device)->blocks_programmed, 3);
        assert_clean(device);
    }
}

static void the_alternate_setting_is_not_used_for_addressing(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[16];
    size_t actual = 0;
    uint32_t size = 0;
    assert_int_equal(set_interface(device, 1), SIM_OK);
    assert_int_equal(read_at(device, FLASH, data, 16, &actual), SIM_OK);
    assert_memory_equal(data, sim_flash(device, &size), 16);
    assert_clean(device);
}

static void reading_goes_to_the_end_of_the_area_only(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f042");
    uint8_t data[2048];
    size_t actual = 0;
    assert_int_equal(read_at(device, FLASH + 32U * 1024U - 512U, data, 2048, &actual), SIM_OK);
    assert_int_equal(actual, 512);
    assert_int_equal(read_at(device, 0x1FFFF800U, data, 2048, &actual), SIM_OK);
    assert_int_equal(actual, 16);
    assert_memory_equal(data, "\xAA\x55\xFF\x00", 4);
    device = open_device("stm32f405");
    assert_int_equal(read_at(device, 0x1FFF7800U, data, 2048, &actual), SIM_OK);
    assert_int_equal(actual, 528);
    assert_clean(device);
}

static void the_second_option_block_can_be_read(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l476");
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(read_at(device, 0x1FFFF800U, data, 64, &actual), SIM_OK);
    assert_int_equal(actual, 40);
    assert_int_equal(read_at(device, 0xFFFF0000U, data, 4, &actual), SIM_STALL);
    assert_answer(get_status(device), ERR_TARGET, ERROR);
    assert_clean(device);
}

static void an_empty_upload_ends_the_upload(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_OK);
    assert_int_equal(upload(device, 3, data, 0, &actual), SIM_OK);
    assert_answer(get_status(device), OK, IDLE);
}

static void a_transfer_needs_its_wire_time(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[2048];
    size_t actual = 0;
    struct sim_setup setup = {0xA1, 2, 2, 0, 2048};
    assert_int_equal(sim_control(device, &setup, data, &actual, 2), SIM_TIMEOUT);
    assert_int_equal(sim_control(device, &setup, data, &actual, 4), SIM_OK);
}

static void upload_of_running_blocks_follows_the_pointer(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l452");
    uint8_t data[2048];
    size_t actual = 0;
    uint32_t size = 0;
    assert_int_equal(upload(device, 5, data, 2048, &actual), SIM_OK); /* the pointer of a fresh ROM is 0x08000000 */
    assert_memory_equal(data, sim_flash(device, &size) + 3 * 2048, 2048);
    assert_int_equal(upload(device, 2, data, 100, &actual), SIM_OK);
    assert_memory_equal(data, sim_flash(device, &size), 100);
}

static void erase_takes_whole_sectors_and_moves_the_pointer(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint32_t size = 0;
    assert_answer(command_at(device, 0x41, FLASH + 0x4000U), OK, DNLOAD_IDLE);
    const uint8_t *flash = sim_flash(device, &size);
    assert_int_not_equal(flash[0x3FFF], 0xFF);
    for (uint32_t i = 0x4000; i < 0x8000; i++) {
        assert_int_equal(flash[i], 0xFF);
    }
    assert_answer(write_block(device, 2, pattern, 64), OK, DNLOAD_IDLE);
    assert_flash(device, FLASH + 0x4000U, pattern, 64);
    assert_int_equal(sim_counters(device)->sectors_erased, 1);
    assert_int_equal(sim_counters(device)->sectors_erased_blank, 0);
    assert_clean(device);
}

static void erasing_a_blank_sector_is_counted(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f072");
    assert_answer(command_at(device, 0x41, half(device)), OK, DNLOAD_IDLE);
    assert_int_equal(sim_counters(device)->sectors_erased_blank, 1);
    assert_clean(device);
}

static void erase_inside_a_sector_is_judged_and_takes_the_sector(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint32_t size = 0;
    assert_answer(command_at(device, 0x41, FLASH + 0x20800U), OK, DNLOAD_IDLE);
    assert_judged(device, "erase of no sector start: 0x08020800");
    assert_int_equal(sim_flash(device, &size)[0x20000], 0xFF);
    assert_int_equal(sim_flash(device, &size)[0x3FFFF], 0xFF);
}

static void erase_outside_flash_is_refused(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f042");
    assert_answer(command_at(device, 0x41, FLASH + 0x8000U), ERR_TARGET, ERROR);
    assert_judged(device, "erase outside flash at 0x08008000");
}

static void mass_erase_is_carried_out_and_judged(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint32_t size = 0;
    static const uint8_t opcode = 0x41;
    uint64_t before_us = sim_now_us(device);
    assert_answer(command(device, &opcode, 1), OK, DNLOAD_IDLE);
    assert_true(sim_now_us(device) - before_us >= 16000000U);
    assert_judged(device, "mass erase 0x41 alone");
    const uint8_t *flash = sim_flash(device, &size);
    for (uint32_t i = 0; i < size; i++) {
        assert_int_equal(flash[i], 0xFF);
    }
    assert_int_equal(sim_counters(device)->sectors_erased, 12);
    assert_int_equal(sim_counters(device)->sectors_erased_blank, 4);
}

static void mass_erase_is_refused_at_level_1(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    uint32_t size = 0;
    static const uint8_t opcode = 0x41;
    assert_answer(command(device, &opcode, 1), ERR_VENDOR, ERROR);
    assert_int_not_equal(sim_flash(device, &size)[0], 0xFF);
}

static void programming_needs_erased_bytes(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint32_t size = 0;
    uint8_t *flash = sim_flash_mutable(device, &size);
    uint32_t address = half(device);
    flash[address - FLASH + 0x11] = 0x00;
    assert_answer(command_at(device, 0x21, address), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 64), ERR_VENDOR, ERROR);
    assert_judged(device, "program of non-erased byte at 0x08080010");
    assert_flash(device, address, pattern, 0x10); /* what came before stays */
    assert_int_equal(flash[address - FLASH + 0x12], 0xFF);
}

static void misaligned_writes_spoil_the_session(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l432");
    uint32_t address = half(device);
    assert_answer(command_at(device, 0x21, address), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 12), ERR_VENDOR, ERROR);
    assert_judged(device, "misaligned write at 0x08020000");
    normalise(device);
    assert_answer(write_block(device, 2, pattern, 16), ERR_VENDOR, ERROR);
    sim_press_reset(device);
    wait_for_bus(device);
    normalise(device);
    assert_answer(command_at(device, 0x21, address), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 16), OK, DNLOAD_IDLE);
}

static void alignment_is_that_of_the_family(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint16_t unit;
    } rows[] = {{"stm32f405", 4}, {"stm32f042", 4}, {"stm32l476", 8}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = open_device(rows[i].profile);
        assert_answer(command_at(device, 0x21, half(device)), OK, DNLOAD_IDLE);
        assert_answer(write_block(device, 2, pattern, rows[i].unit), OK, DNLOAD_IDLE);
        assert_clean(device);
        assert_answer(write_block(device, 3, pattern, (uint16_t)(rows[i].unit / 2U)), ERR_VENDOR, ERROR);
        assert_int_equal(sim_counters(device)->violations, 1);
    }
}

static void blocks_end_with_the_flash(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f042");
    assert_answer(command_at(device, 0x21, FLASH + 0x7C00U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 1024), OK, DNLOAD_IDLE);
    assert_clean(device);
    assert_answer(command_at(device, 0x21, FLASH + 0x7C00U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 2048), ERR_TARGET, ERROR);
    assert_judged(device, "block beyond the end of flash at 0x08007C00");
}

static void a_block_of_one_byte_is_refused(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    assert_answer(command_at(device, 0x21, half(device)), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 1), ERR_VENDOR, ERROR);
    assert_judged(device, "block of one byte at 0x08080000");
}

static void writes_elsewhere_are_refused(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l476");
    assert_answer(command_at(device, 0x21, 0x1FFF7000U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 16), ERR_TARGET, ERROR);
    assert_judged(device, "write to OTP at 0x1FFF7000");
    device = open_device("stm32l476");
    assert_answer(command_at(device, 0x21, 0x1FFFF800U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 40), ERR_TARGET, ERROR);
    assert_judged(device, "write to the second option block at 0x1FFFF800");
    device = open_device("stm32f405");
    assert_answer(command_at(device, 0x21, 0xFFFF0000U), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 4), ERR_TARGET, ERROR);
    assert_judged(device, "write outside flash and options at 0xFFFF0000");
}

static void unknown_addresses_are_no_target(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f072");
    assert_answer(command_at(device, 0x21, FLASH + 0x20000U), ERR_TARGET, ERROR);
    normalise(device);
    assert_answer(command_at(device, 0x21, 0x20000000U), ERR_TARGET, ERROR);
    assert_clean(device);
}

static uint64_t time_of_full_block(const char *profile, uint32_t percent)
{
    struct sim_device *device = open_device(profile);
    sim_knobs(device)->typical_percent = percent;
    sim_knobs(device)->early_poll_stalls = 0;
    command_at(device, 0x21, half(device));
    download(device, 2, pattern, 2048);
    uint64_t start_us = sim_now_us(device);
    get_status(device);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    return sim_now_us(device) - start_us;
}

static void programming_takes_the_familys_time(void **state)
{
    (void)state;
    assert_in_range(time_of_full_block("stm32f405", 100), 32768, 34000);
    assert_in_range(time_of_full_block("stm32f072", 100), 54784, 56000);
    assert_in_range(time_of_full_block("stm32l432", 100), 20992, 22000);
    assert_in_range(time_of_full_block("stm32f405", 200), 65536, 67000);
}

static void dropped_writes_look_like_writes(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    sim_knobs(device)->drops_writes = 1;
    assert_answer(command_at(device, 0x41, half(device)), OK, DNLOAD_IDLE);
    assert_answer(write_block(device, 2, pattern, 64), OK, DNLOAD_IDLE);
    uint32_t size = 0;
    assert_int_equal(sim_flash(device, &size)[size / 2U], 0xFF);
    assert_int_equal(sim_counters(device)->blocks_programmed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_addressed_by_the_fixed_transfer_size),
        cmocka_unit_test(the_alternate_setting_is_not_used_for_addressing),
        cmocka_unit_test(reading_goes_to_the_end_of_the_area_only),
        cmocka_unit_test(the_second_option_block_can_be_read),
        cmocka_unit_test(an_empty_upload_ends_the_upload),
        cmocka_unit_test(a_transfer_needs_its_wire_time),
        cmocka_unit_test(upload_of_running_blocks_follows_the_pointer),
        cmocka_unit_test(erase_takes_whole_sectors_and_moves_the_pointer),
        cmocka_unit_test(erasing_a_blank_sector_is_counted),
        cmocka_unit_test(erase_inside_a_sector_is_judged_and_takes_the_sector),
        cmocka_unit_test(erase_outside_flash_is_refused),
        cmocka_unit_test(mass_erase_is_carried_out_and_judged),
        cmocka_unit_test(mass_erase_is_refused_at_level_1),
        cmocka_unit_test(programming_needs_erased_bytes),
        cmocka_unit_test(misaligned_writes_spoil_the_session),
        cmocka_unit_test(alignment_is_that_of_the_family),
        cmocka_unit_test(blocks_end_with_the_flash),
        cmocka_unit_test(a_block_of_one_byte_is_refused),
        cmocka_unit_test(writes_elsewhere_are_refused),
        cmocka_unit_test(unknown_addresses_are_no_target),
        cmocka_unit_test(programming_takes_the_familys_time),
        cmocka_unit_test(dropped_writes_look_like_writes),
    };
    return cmocka_run_group_tests(tests, make_pattern, NULL);
}
