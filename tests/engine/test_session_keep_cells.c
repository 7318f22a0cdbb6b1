/*
 * Padding is not the firmware's: what else is in the 16 bytes of which a file gives some only.
 */
#include "keep_bench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { CELL = 16, LENGTH = 2 * BLOCK };

static void set_up(const char *profile, enum rlk_family family)
{
    keep_set_up(profile, LENGTH);
    keep_bench.wish.family = family;
    keep_bench.wish.allow_experimental = true;
}

static const struct {
    const char *profile;
    enum rlk_family family;
} devices[] = {
    {"stm32f405", RLK_FAMILY_UNKNOWN},   {"stm32f072", RLK_FAMILY_UNKNOWN},   {"stm32l476", RLK_FAMILY_UNKNOWN},
    {"stm32h743", RLK_FAMILY_STM32H74X}, {"stm32l072", RLK_FAMILY_STM32L07X},
};

static void check_cell(size_t device, uint32_t place, uint16_t given)
{
    set_up(devices[device].profile, devices[device].family);
    keep_add_partial_cell(FLASH_ADDR + place, given);
    memset(&keep_flash()[place], 0x5A, CELL);
    keep_run();
    keep_assert_kept();
    assert_true(rlk_session_kept_count(&keep_bench.session) > 0);
}

static void test_every_cell_at_every_place(void **state)
{
    static const uint32_t places[] = {0, CELL, BLOCK - CELL, BLOCK, LENGTH - CELL};
    static const uint16_t given[] = {0x0001, 0x8000, 0x7FFF, 0xFFFE, 0x0FF0, 0xA5A5};
    (void)state;
    for (size_t device = 0; device < sizeof devices / sizeof devices[0]; device++) {
        for (size_t i = 0; i < sizeof places / sizeof places[0] * (sizeof given / sizeof given[0]); i++) {
            check_cell(device, places[i % (sizeof places / sizeof places[0])],
                       given[i / (sizeof places / sizeof places[0])]);
        }
    }
}

static void test_cells_that_touch(void **state)
{
    (void)state;
    for (size_t d = 0; d < sizeof devices / sizeof devices[0]; d++) {
        set_up(devices[d].profile, devices[d].family);
        keep_add_partial_cell(FLASH_ADDR + BLOCK - CELL, 0x00FF);
        keep_add_partial_cell(FLASH_ADDR + BLOCK, 0xFF00);
        keep_add_partial_cell(FLASH_ADDR + LENGTH - 2 * CELL, 0x0F0F);
        keep_add_partial_cell(FLASH_ADDR + LENGTH - CELL, 0x0001);
        keep_run();
        keep_assert_kept();
    }
}

/* What the firmware has under its own bytes is no reason to keep a cell. */
static void test_padding_over_blank_flash(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_FAMILY_UNKNOWN);
    keep_add_partial_cell(FLASH_ADDR + LENGTH - CELL, 0x00FF);
    memset(&keep_flash()[LENGTH - CELL / 2], 0xFF, F405_SECTOR - (LENGTH - CELL / 2));
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 0);
}

/* Behind the last whole sector of the image nothing is looked at. */
static void test_only_cells_of_sectors_that_are_erased(void **state)
{
    (void)state;
    set_up("stm32f072", RLK_FAMILY_UNKNOWN);
    memcpy(keep_flash(), keep_bench.image_bytes, BLOCK);
    keep_add_partial_cell(FLASH_ADDR + BLOCK - CELL, 0x00FF);
    keep_add_partial_cell(FLASH_ADDR + LENGTH - CELL, 0x00FF);
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.erases, 1);
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 1);
    keep_assert_range(0, FLASH_ADDR + LENGTH - CELL, CELL);
}

/* Verify compares what the file holds; and what differs in padding only needs no write. */
static void test_padding_is_not_compared(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_FAMILY_UNKNOWN);
    keep_add_partial_cell(FLASH_ADDR + LENGTH - CELL, 0x0FFF);
    memcpy(keep_flash(), keep_bench.image_bytes, LENGTH);
    memset(&keep_flash()[LENGTH - 4], 0x5A, 4);
    keep_bench.wish.job = RLK_JOB_VERIFY;
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    keep_bench.wish.job = RLK_JOB_WRITE;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.erases, 0);
    keep_flash()[LENGTH - 5] ^= 1U;
    keep_bench.wish.job = RLK_JOB_VERIFY;
    keep_run();
    keep_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_FLASH_DIFFERS);
    assert_int_equal(rlk_session_fault(&keep_bench.session)->addr, FLASH_ADDR + LENGTH - 5);
}

/* What is kept in a cell is verified and repaired like the image. */
static void test_a_cell_that_is_found_wrong(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_FAMILY_UNKNOWN);
    keep_add_partial_cell(FLASH_ADDR + LENGTH - CELL, 0x00FF);
    keep_seen.spoil_offset = LENGTH - 3;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.erases, 2);
}

/* After our own regression there is nothing to keep; padding is as erased. */
static void test_a_locked_device(void **state)
{
    (void)state;
    memset(&keep_seen, 0, sizeof keep_seen);
    workbench_init(&keep_bench, "stm32f405", 1, LENGTH);
    keep_bench.on_operation = keep_watch;
    keep_add_partial_cell(FLASH_ADDR + LENGTH - CELL, 0x00FF);
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&keep_bench));
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 0);
}

static void test_more_cells_than_are_noted(void **state)
{
    (void)state;
    set_up("stm32f405", RLK_FAMILY_UNKNOWN);
    keep_bench.image.has_more_partial_cells = true;
    keep_run();
    keep_assert_refused(RLK_E_SECTOR_SHARED, FLASH_ADDR);
    keep_bench.wish.erases_whole_sectors = true;
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_at_every_place), cmocka_unit_test(test_cells_that_touch),
        cmocka_unit_test(test_padding_over_blank_flash),  cmocka_unit_test(test_only_cells_of_sectors_that_are_erased),
        cmocka_unit_test(test_padding_is_not_compared),   cmocka_unit_test(test_a_cell_that_is_found_wrong),
        cmocka_unit_test(test_a_locked_device),           cmocka_unit_test(test_more_cells_than_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
