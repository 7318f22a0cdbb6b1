/*
 * What else is in a sector that must be erased: where it is found, what it costs, what cannot be kept.
 */
#include "keep_bench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BLOCKS = 6, F405_FAR = 0x80000 };

/* --- where it is --- */

static void test_behind_the_image(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 1);
    keep_assert_range(0, FLASH_ADDR + IMAGE_BYTES, REST_BYTES);
    assert_null(rlk_session_kept(&keep_bench.session, 1));
    assert_int_equal(keep_bench.keeps_asked, 1);
    assert_int_equal(keep_seen.looks, 2 * REST_BLOCKS);
    assert_int_equal(keep_seen.looks_at_erase, keep_seen.looks);
    assert_int_equal(keep_seen.erases, 1);
}

/* The block that makes the chip start is written last, whose ever it is. */
static void test_before_the_image(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    workbench_set_image(&keep_bench, FLASH_ADDR + 3 * BLOCK, 2 * BLOCK);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 2);
    keep_assert_range(0, FLASH_ADDR, 3 * BLOCK);
    keep_assert_range(1, FLASH_ADDR + 5 * BLOCK, F405_SECTOR - 5 * BLOCK);
    assert_int_equal(keep_seen.last_block_addr, FLASH_ADDR);
}

static void test_the_images_vector_table_is_written_last(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.last_block_addr, FLASH_ADDR);
}

static void test_between_two_segments(void **state)
{
    (void)state;
    keep_set_up("stm32f405", 4096);
    keep_add_segment(FLASH_ADDR + 8192, F405_SECTOR - 8192);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 1);
    keep_assert_range(0, FLASH_ADDR + 4096, 4096);
}

/* Pages of 2 KiB: what lies in pages between the segments that are not touched is not even read. */
static void test_only_in_sectors_that_are_erased(void **state)
{
    (void)state;
    keep_set_up("stm32f072", 304);
    keep_add_segment(FLASH_ADDR + 5 * F072_SECTOR + 1024, 1024);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 2);
    keep_assert_range(0, FLASH_ADDR + 304, F072_SECTOR - 304);
    keep_assert_range(1, FLASH_ADDR + 5 * F072_SECTOR, 1024);
    assert_int_equal(keep_seen.looks, 4);
    assert_int_equal(keep_seen.erases, 2);
}

/* From the first block that is not blank to the last one; what is blank is read once and not written. */
static void test_blank_ends_are_left_out(void **state)
{
    (void)state;
    keep_set_up("stm32f405", 304);
    memset(&keep_flash()[304], 0xFF, F405_SECTOR - 304);
    keep_flash()[304 + 2 * BLOCK + 7] = 0x5A;
    keep_flash()[304 + 4 * BLOCK] = 0;
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 1);
    keep_assert_range(0, FLASH_ADDR + 304 + 2 * BLOCK, 3 * BLOCK);
    assert_int_equal(keep_seen.looks, 8 + 3);
    assert_int_equal(keep_seen.addresses, 2);
    assert_int_equal(sim_counters(&keep_bench.device)->blocks_programmed, 1 + 2);
}

static void test_nothing_to_keep(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    memset(&keep_flash()[IMAGE_BYTES], 0xFF, REST_BYTES);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 0);
    assert_int_equal(keep_bench.keeps_asked, 0);
    assert_int_equal(keep_seen.looks, REST_BLOCKS);
}

static void test_whole_sectors_are_not_looked_at(void **state)
{
    (void)state;
    keep_set_up("stm32f405", F405_SECTOR);
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.looks + keep_seen.addresses + keep_bench.keeps_asked, 0);
}

/* --- what it costs --- */

static uint32_t transfers_of_a_run(bool erases_whole_sectors)
{
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.wish.erases_whole_sectors = erases_whole_sectors;
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    return sim_counters(&keep_bench.device)->transfers;
}

static void test_what_it_costs(void **state)
{
    enum {
        ADDRESS = 3,
        ABORT = 1,
        LOOK = 2 * (ADDRESS + ABORT + REST_BLOCKS + ABORT),
        WRITE = ADDRESS + 3 * REST_BLOCKS + ADDRESS, /* the second one back to the vector table */
        VERIFY = ABORT + ADDRESS + ABORT + REST_BLOCKS
    };
    (void)state;
    uint32_t least = transfers_of_a_run(true);
    assert_int_equal(transfers_of_a_run(false), least + LOOK + WRITE + VERIFY);
}

/* --- the user has said that it may be lost --- */

static void test_it_may_be_lost(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.wish.erases_whole_sectors = true;
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(keep_seen.looks + keep_bench.keeps_asked + rlk_session_kept_count(&keep_bench.session), 0);
    assert_true(keep_bench.plan.loses_sectors);
    assert_false(keep_bench.plan.keeps_rest);
    for (uint32_t i = IMAGE_BYTES; i < F405_SECTOR; i++) {
        assert_int_equal(keep_flash()[i], 0xFF);
    }
}

/* --- what cannot be kept --- */

static void test_without_room(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_flash()[IMAGE_BYTES] = 0xFF;
    keep_bench.wish.keep_room = NULL;
    keep_bench.wish.keep_room_bytes = 0;
    keep_run();
    keep_assert_refused(RLK_E_SECTOR_SHARED, FLASH_ADDR + IMAGE_BYTES + 1U);
    assert_int_equal(keep_bench.keeps_asked, 0);
    assert_int_equal(rlk_session_next_action(&keep_bench.session), RLK_ACTION_SAY_WHOLE_SECTORS);
}

static void test_room_to_the_byte(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.wish.keep_room_bytes = REST_BYTES - 1U;
    keep_run();
    keep_assert_refused(RLK_E_SECTOR_SHARED, FLASH_ADDR + IMAGE_BYTES);
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.wish.keep_room_bytes = REST_BYTES;
    keep_run();
    keep_assert_kept();
}

/* One piece behind each segment. */
static void set_up_pieces(uint32_t count)
{
    keep_set_up("stm32f405", 16);
    for (uint32_t i = 1; i < count; i++) {
        keep_add_segment(FLASH_ADDR + i * 256, 16);
    }
}

static void test_as_many_ranges_as_there_are_places(void **state)
{
    (void)state;
    set_up_pieces(RLK_KEPT_RANGES_MAX);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), RLK_KEPT_RANGES_MAX);
    set_up_pieces(RLK_KEPT_RANGES_MAX + 1U);
    keep_run();
    keep_assert_refused(RLK_E_SECTOR_SHARED, FLASH_ADDR + RLK_KEPT_RANGES_MAX * 256U + 16U);
    char limit[32];
    snprintf(limit, sizeof limit, "more than %u pieces", RLK_KEPT_RANGES_MAX);
    assert_non_null(strstr(rlk_error_sentence(RLK_E_SECTOR_SHARED), limit));
}

/* No simulated flash is large enough: the image grows while the sector is looked at. */
static void set_up_two_segments(void)
{
    keep_set_up("stm32f405", IMAGE_BYTES);
    memset(&keep_flash()[F405_FAR], 0xFF, BLOCK);
    keep_add_segment(FLASH_ADDR + F405_FAR, BLOCK);
}

static void test_as_many_blocks_as_a_session_can_track(void **state)
{
    (void)state;
    set_up_two_segments();
    keep_seen.blocks_at_look = RLK_BLOCKS_MAX - REST_BLOCKS - IMAGE_BLOCKS + 1U;
    keep_run();
    keep_assert_refused(RLK_E_SECTOR_SHARED, FLASH_ADDR + IMAGE_BYTES);
    assert_int_equal(keep_seen.looks, REST_BLOCKS);
    set_up_two_segments();
    keep_seen.blocks_at_look = RLK_BLOCKS_MAX - REST_BLOCKS - IMAGE_BLOCKS;
    keep_bench.keep_outcome = RLK_OUTCOME_FAILED;
    keep_run();
    keep_assert_refused(RLK_E_JOURNAL_FAILED, 0);
}

static void set_up_h743(uint32_t image_bytes)
{
    keep_set_up("stm32h743", image_bytes);
    keep_bench.wish.family = RLK_FAMILY_STM32H74X;
    keep_bench.wish.allow_experimental = true;
}

/* What else is in a flash word of 32 bytes that the image has begun goes back with the image's block. */
static void test_the_rest_of_a_flash_word(void **state)
{
    (void)state;
    set_up_h743(304 + 16);
    keep_run();
    keep_assert_kept();
    keep_assert_range(0, FLASH_ADDR + 320, 131072 - 320);

    set_up_h743(304);
    memset(&keep_flash()[304], 0xFF, 11);
    keep_run();
    keep_assert_kept();
    assert_int_equal(rlk_session_kept_count(&keep_bench.session), 2);
    keep_assert_range(0, FLASH_ADDR + 304, 16);
    keep_assert_range(1, FLASH_ADDR + 320, 131072 - 320);

    set_up_h743(304);
    memset(&keep_flash()[304], 0xFF, 16);
    keep_run();
    keep_assert_kept();
    keep_assert_range(0, FLASH_ADDR + 320, 131072 - 320);
}

/* Written twice, it is there already; and to compare it is to compare the image. */
static void test_the_rest_of_a_flash_word_is_no_difference(void **state)
{
    (void)state;
    set_up_h743(304);
    keep_run();
    keep_assert_kept();
    const uint32_t erased = sim_counters(&keep_bench.device)->sectors_erased;
    keep_run();
    keep_assert_kept();
    assert_int_equal(sim_counters(&keep_bench.device)->sectors_erased, erased);
    keep_bench.wish.job = RLK_JOB_VERIFY;
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
}

/* Of an image whose last word is half blank there is something to write all the same. */
static void test_a_flash_word_of_which_only_the_rest_is_not_blank(void **state)
{
    (void)state;
    set_up_h743(BLOCK + 16);
    memset(&keep_bench.image.bytes[1024], 0xFF, BLOCK + 16 - 1024);
    keep_bench.image.digest = rlk_image_digest(&keep_bench.image);
    keep_run();
    keep_assert_kept();
    keep_assert_range(0, FLASH_ADDR + BLOCK + 16, 16);
}

static void test_the_host_cannot_hold_it(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.keep_outcome = RLK_OUTCOME_FAILED;
    keep_run();
    keep_assert_refused(RLK_E_JOURNAL_FAILED, 0);
    assert_int_equal(keep_bench.keeps_asked, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_behind_the_image),
        cmocka_unit_test(test_before_the_image),
        cmocka_unit_test(test_the_images_vector_table_is_written_last),
        cmocka_unit_test(test_between_two_segments),
        cmocka_unit_test(test_only_in_sectors_that_are_erased),
        cmocka_unit_test(test_blank_ends_are_left_out),
        cmocka_unit_test(test_nothing_to_keep),
        cmocka_unit_test(test_whole_sectors_are_not_looked_at),
        cmocka_unit_test(test_what_it_costs),
        cmocka_unit_test(test_it_may_be_lost),
        cmocka_unit_test(test_without_room),
        cmocka_unit_test(test_room_to_the_byte),
        cmocka_unit_test(test_as_many_ranges_as_there_are_places),
        cmocka_unit_test(test_as_many_blocks_as_a_session_can_track),
        cmocka_unit_test(test_the_rest_of_a_flash_word),
        cmocka_unit_test(test_the_rest_of_a_flash_word_is_no_difference),
        cmocka_unit_test(test_a_flash_word_of_which_only_the_rest_is_not_blank),
        cmocka_unit_test(test_the_host_cannot_hold_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
