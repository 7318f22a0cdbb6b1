/* The knobs of the DFU state machine, of writing and of protection, as they show on the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

#define SECOND_BANK 0x08100000U

static uint8_t pattern[2048];
static uint8_t image[SIM_OPTIONS_MAX_BYTES];

static int make_pattern(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pattern; i++) {
        pattern[i] = (uint8_t)(0x55U ^ (i * 3U));
    }
    return 0;
}

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

static const uint8_t *flash_at(const struct sim_device *device, uint32_t address)
{
    uint32_t size = 0;
    return sim_flash(device, &size) + (address - FLASH);
}

static struct answer send_unprotect(struct sim_device *device)
{
    static const uint8_t opcode = 0x92;
    return carry_out(device, 0, &opcode, 1);
}

/* What a test of the generations shows in their own profiles they do on any. */
static void the_machines_knobs_work_on_any_profile(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32f405", 0, "busy_after_failure", 1);
    assert_int_equal(download(device, 2, pattern, 16), SIM_OK);
    assert_answer(get_status(device), OK, BUSY);
    sim_sleep(device, 60000);
    assert_answer(get_status(device), OK, BUSY);
    device = with_knob("stm32f405", 0, "vendor_for_any_failure", 1);
    assert_answer(carry_out_at(device, 0x41, 0x09000000U), ERR_VENDOR, ERROR);
    device = with_knob("stm32f405", 1, "double_clear", 1);
    size_t actual = 0;
    assert_int_equal(upload(device, 2, image, 64, &actual), SIM_STALL);
    assert_int_equal(get_state(device), ERR_VENDOR);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    device = with_knob("stm32f405", 1, "refused_upload", SIM_REFUSAL_EMPTY);
    actual = 64;
    assert_int_equal(upload(device, 2, image, 64, &actual), SIM_OK);
    assert_int_equal(actual, 0);
    assert_answer(get_status(device), ERR_VENDOR, ERROR);
    device = with_knob("stm32f405", 0, "strict_clear", 1);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_STALL);
    assert_answer(get_status(device), OK, ERROR);
    device = with_knob("stm32f405", 0, "erase_moves_pointer", 0);
    assert_answer(carry_out_at(device, 0x41, FLASH + 0x4000), OK, DNLOAD_IDLE);
    clear_all(device);
    assert_int_equal(upload(device, 2, image, 64, &actual), SIM_OK);
    assert_memory_equal(image, flash_at(device, FLASH), 64);
}

static void work_can_be_done_elsewhere_than_in_a_poll(void **state)
{
    (void)state;
    static const uint8_t erase[] = {0x41, 0, 0, 0, 0x08};
    struct sim_device *device = with_knob("stm32f405", 0, "no_busy", 1);
    assert_int_equal(download(device, 0, erase, 5), SIM_OK);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    assert_int_equal(sim_counters(device)->sectors_erased, 1);
    device = with_knob("stm32f405", 0, "work_at_download", 1);
    assert_int_equal(download(device, 0, erase, 5), SIM_OK);
    sim_sleep(device, 500);
    assert_int_equal(sim_counters(device)->sectors_erased, 1);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
}

static void leave_can_answer_otherwise_or_not_at_all(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32f405", 0, "leave_answer", SIM_LEAVE_WAIT_RESET);
    assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, 8);
    device = with_knob("stm32f405", 0, "leave_loses_status", 1);
    assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    assert_true(sim_is_running_application(device));
}

static void leave_can_be_ignored_or_need_no_answer(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32l552", 0, "leave_is_ignored", 1);
    sim_knobs(device)->leave_loses_status = 0;
    assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, MANIFEST);
    sim_sleep(device, 5000);
    assert_answer(get_status(device), OK, MANIFEST);
    device = idle("gd32f303", 0);
    assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
    sim_sleep(device, 5);
    assert_true(sim_is_running_application(device));
    assert_int_equal(get_status(device).outcome, SIM_GONE);
}

static void class_requests_may_stall_now_and_then(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32l432", 0, "stalls_every", 4);
    unsigned stalls = 0;
    for (unsigned i = 0; i < 40; i++) {
        stalls += get_status(device).outcome == SIM_STALL;
        size_t actual = 0;
        assert_int_equal(standard_in(device, 0x0100, 0, image, 18, &actual), SIM_OK);
    }
    assert_in_range(stalls, 10, 20);
    sim_knob_set(device, "stalls_every", 0);
    assert_answer(get_status(device), OK, IDLE); /* nothing came of them */
}

static void any_poll_time_can_be_announced(void **state)
{
    (void)state;
    static const uint32_t times[] = {1, 104, 0xFFFFFF};
    static const uint8_t erase[] = {0x41, 0, 0, 0, 0x08};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct sim_device *device = with_knob("stm32f405", 0, "announced_ms", times[i]);
        assert_int_equal(download(device, 0, erase, 5), SIM_OK);
        assert_int_equal(get_status(device).poll_ms, times[i]);
        assert_int_equal(sim_poll_ms(device), times[i]);
    }
}

static void long_blocks_may_fail_though_they_are_announced(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32l432", 0, "transfer_limit", 1024);
    assert_answer(carry_out_at(device, 0x21, FLASH + 0x20000), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 2, pattern, 2048), SIM_STALL);
    assert_answer(get_status(device), 15, ERROR);
    clear_all(device);
    assert_answer(carry_out(device, 2, pattern, 1024), OK, DNLOAD_IDLE);
    assert_memory_equal(flash_at(device, FLASH + 0x20000), pattern, 1024);
    assert_clean(device);
}

static void protected_sectors_answer_ok_and_keep_their_bytes(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32f042", 0, "protected_sectors", 2);
    uint8_t before[4096];
    memcpy(before, flash_at(device, FLASH), sizeof before);
    assert_answer(carry_out_at(device, 0x41, FLASH + 0x400), OK, DNLOAD_IDLE);
    assert_answer(carry_out_at(device, 0x41, FLASH + 0x800), OK, DNLOAD_IDLE);
    assert_memory_equal(flash_at(device, FLASH), before, 0x800);
    assert_int_equal(sim_counters(device)->sectors_erased, 1);
    assert_answer(carry_out_at(device, 0x21, FLASH + 0x400), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, pattern, 2048), OK, DNLOAD_IDLE); /* half of it lies in sector 2 */
    assert_memory_equal(flash_at(device, FLASH), before, 0x800);
    assert_memory_equal(flash_at(device, FLASH + 0x800), pattern + 0x400, 0x400);
    assert_clean(device);
}

static void an_erase_of_a_protected_sector_may_be_reported(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32f405", 0, "protected_sectors", 1);
    sim_knobs(device)->protected_erase_fails = 1;
    assert_answer(carry_out_at(device, 0x41, FLASH), ERR_VENDOR, ERROR);
    clear_all(device);
    assert_answer(carry_out_at(device, 0x41, FLASH + 0x4000), OK, DNLOAD_IDLE);
    assert_int_equal(sim_counters(device)->sectors_erased, 1);
}

static void write_protection_can_block_a_regression(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32f405", 1, "protected_sectors", 1);
    assert_int_equal(sim_knobs(device)->protection_blocks_regress, 1); /* F4's own */
    assert_answer(send_unprotect(device), ERR_UNKNOWN, ERROR);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_int_equal(sim_counters(device)->regressions, 0);
    sim_knobs(device)->protection_blocks_regress = 0;
    clear_all(device);
    assert_int_equal(send_unprotect(device).outcome, SIM_GONE);
    assert_int_equal(sim_rdp_level(device), 0);
}

static void proprietary_code_is_kept_by_a_regression_and_never_read(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32f401", 1);
    uint32_t size = 0;
    uint32_t kept = FLASH + 0x60000U;
    size_t actual = 0;
    memset(sim_flash_mutable(device, &size) + 0x60000, 0x42, 0x20000);
    sim_knobs(device)->pcrop_sectors = 1;
    assert_int_equal(send_unprotect(device).outcome, SIM_GONE);
    wait_for_bus(device);
    clear_all(device);
    assert_int_equal(sim_rdp_level(device), 0);
    assert_int_equal(*flash_at(device, kept), 0x42);
    assert_int_equal(*flash_at(device, kept - 1), 0xFF);
    assert_answer(carry_out_at(device, 0x41, kept), OK, DNLOAD_IDLE);
    assert_int_equal(*flash_at(device, kept), 0x42);
    assert_int_equal(fetch(device, kept - 64, image, 64, &actual), SIM_OK);
    clear_all(device);
    assert_int_equal(fetch(device, kept, image, 64, &actual), SIM_STALL);
    assert_answer(get_status(device), ERR_VENDOR, ERROR);
}

static void writes_are_dropped_at_level_1_only(void **state)
{
    (void)state;
    struct sim_device *device = with_knob("stm32l432", 1, "drops_writes_rdp1", 1);
    uint8_t first = *flash_at(device, FLASH);
    assert_answer(carry_out_at(device, 0x41, FLASH), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, pattern, 64), OK, DNLOAD_IDLE);
    assert_int_equal(*flash_at(device, FLASH), first);
    device = with_knob("stm32l432", 0, "drops_writes_rdp1", 1);
    assert_answer(carry_out_at(device, 0x41, FLASH), OK, DNLOAD_IDLE);
    assert_int_equal(*flash_at(device, FLASH), 0xFF);
}

static void odd_long_blocks_are_corrupted_on_l43x_and_l47x(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32l432", "stm32l476"};
    for (size_t i = 0; i < 2; i++) {
        struct sim_device *device = idle(names[i], 0);
        uint32_t size = 0;
        (void)sim_flash(device, &size);
        uint32_t address = FLASH + size / 2U;
        assert_answer(carry_out_at(device, 0x21, address), OK, DNLOAD_IDLE);
        assert_answer(carry_out(device, 2, pattern, 260), OK, DNLOAD_IDLE);
        assert_memory_equal(flash_at(device, address), pattern, 256);
        assert_memory_not_equal(flash_at(device, address + 256), pattern + 256, 4);
        assert_int_equal(sim_counters(device)->violations, 1);
        sim_knobs(device)->odd_blocks_corrupt = 0;
        clear_all(device);
        assert_answer(carry_out_at(device, 0x21, address + 0x800), OK, DNLOAD_IDLE);
        assert_answer(carry_out(device, 2, pattern, 260), ERR_VENDOR, ERROR);
    }
}

static void the_second_bank_of_an_h743_stays_busy(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h743", 0);
    uint32_t size = 0;
    memset(sim_flash_mutable(device, &size) + (SECOND_BANK - FLASH), 0, 0x20000);
    assert_answer(carry_out_at(device, 0x41, FLASH + 0xE0000), OK, DNLOAD_IDLE);
    const uint8_t erase[] = {0x41, 0x00, 0x00, 0x10, 0x08};
    uint64_t start_us = sim_now_us(device);
    assert_int_equal(download(device, 0, erase, 5), SIM_OK);
    struct answer answer = get_status(device);
    assert_answer(answer, OK, BUSY);
    assert_int_equal(answer.poll_ms, 1000);
    assert_true(sim_now_us(device) - start_us < 10000); /* it does not even wait for the erase */
    assert_int_equal(*flash_at(device, SECOND_BANK), 0);
    for (unsigned i = 0; i < 10; i++) {
        sim_sleep(device, 1000);
        assert_answer(get_status(device), OK, BUSY);
    }
    assert_int_equal(*flash_at(device, SECOND_BANK), 0xFF);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, IDLE);
    assert_clean(device);
}

static void who_does_not_wait_for_the_second_bank_has_half_of_it(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h743", 0);
    const uint8_t erase[] = {0x41, 0x00, 0x00, 0x10, 0x08};
    uint32_t size = 0;
    memset(sim_flash_mutable(device, &size) + (SECOND_BANK - FLASH), 0, 0x20000);
    assert_int_equal(download(device, 0, erase, 5), SIM_OK);
    assert_answer(get_status(device), OK, BUSY);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
    sim_sleep(device, 5000);
    assert_int_equal(*flash_at(device, SECOND_BANK + 0x1FFFF), 0);
}

static void the_second_bank_of_an_f427_is_not_erased(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32f427", 0);
    uint32_t size = 0;
    memset(sim_flash_mutable(device, &size) + (SECOND_BANK - FLASH), 0, 0x4000);
    assert_answer(carry_out_at(device, 0x41, SECOND_BANK), OK, DNLOAD_IDLE);
    assert_int_equal(*flash_at(device, SECOND_BANK), 0);
    sim_knobs(device)->second_bank_kept = 0;
    assert_answer(carry_out_at(device, 0x41, SECOND_BANK), OK, DNLOAD_IDLE);
    assert_int_equal(*flash_at(device, SECOND_BANK), 0xFF);
    assert_clean(device);
}

static void a_bootloader_in_flash_minds_no_level(void **state)
{
    (void)state;
    struct sim_device *device = idle("custom", 1);
    size_t actual = 0;
    assert_int_equal(sim_rdp_level(device), 1);
    assert_answer(carry_out_at(device, 0x41, FLASH), ERR_VENDOR, ERROR); /* itself */
    clear_all(device);
    assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, pattern, 64), OK, DNLOAD_IDLE); /* dropped */
    assert_memory_not_equal(flash_at(device, FLASH), pattern, 64);
    assert_answer(carry_out_at(device, 0x41, FLASH + 0xC000), OK, DNLOAD_IDLE);
    assert_answer(carry_out_at(device, 0x21, FLASH + 0xC000), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, pattern, 2048), OK, DNLOAD_IDLE);
    clear_all(device);
    assert_int_equal(upload(device, 2, image, 64, &actual), SIM_OK);
    assert_memory_equal(image, pattern, 64);
    assert_int_equal(sim_rdp_level(device), 1);
    assert_clean(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machines_knobs_work_on_any_profile),
        cmocka_unit_test(work_can_be_done_elsewhere_than_in_a_poll),
        cmocka_unit_test(leave_can_answer_otherwise_or_not_at_all),
        cmocka_unit_test(leave_can_be_ignored_or_need_no_answer),
        cmocka_unit_test(class_requests_may_stall_now_and_then),
        cmocka_unit_test(any_poll_time_can_be_announced),
        cmocka_unit_test(long_blocks_may_fail_though_they_are_announced),
        cmocka_unit_test(protected_sectors_answer_ok_and_keep_their_bytes),
        cmocka_unit_test(an_erase_of_a_protected_sector_may_be_reported),
        cmocka_unit_test(write_protection_can_block_a_regression),
        cmocka_unit_test(proprietary_code_is_kept_by_a_regression_and_never_read),
        cmocka_unit_test(writes_are_dropped_at_level_1_only),
        cmocka_unit_test(odd_long_blocks_are_corrupted_on_l43x_and_l47x),
        cmocka_unit_test(the_second_bank_of_an_h743_stays_busy),
        cmocka_unit_test(who_does_not_wait_for_the_second_bank_has_half_of_it),
        cmocka_unit_test(the_second_bank_of_an_f427_is_not_erased),
        cmocka_unit_test(a_bootloader_in_flash_minds_no_level),
    };
    return cmocka_run_group_tests(tests, make_pattern, NULL);
}
