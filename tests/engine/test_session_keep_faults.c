/*
 * What else is in a sector that must be erased: read wrong, at other moments than the first erase, and under every
 * fault.
 */
#include "keep_bench.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* --- what is read wrong --- */

/* The second block of the second reading. */
static void test_a_reading_that_is_not_confirmed_is_made_again(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_seen.flips[0] = REST_BLOCKS + 1;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.looks, REST_BLOCKS + 2 + 2 * REST_BLOCKS);
}

static void test_a_wrong_first_reading_is_found(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_seen.flips[0] = 1;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.looks, REST_BLOCKS + 2 + 2 * REST_BLOCKS);
}

static void test_readings_that_never_agree(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_seen.flips[0] = REST_BLOCKS + 1;
    keep_seen.flips[1] = REST_BLOCKS + 2 + REST_BLOCKS + 1;
    keep_run();
    keep_assert_refused(RLK_E_TRANSPORT_UNSTABLE, FLASH_ADDR + IMAGE_BYTES + BLOCK);
    assert_int_equal(keep_bench.keeps_asked, 0);
}

/* --- when --- */

/* It is kept before the journal says that the device is being erased. */
static void test_before_the_journal_entry(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.wish.job = RLK_JOB_UPDATE;
    keep_bench.wish.end_protected = false;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_bench.keeps_asked, 1);
    assert_int_equal(keep_seen.records_at_keep, 0);
    assert_true(keep_bench.record_count > 0);
}

/* The bytes that are written back come from the room, and no question or journal entry is about them. */
static void test_only_the_image_is_fetched(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_run();
    uint32_t with_it = keep_bench.fetches_asked;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_bench.wish.erases_whole_sectors = true;
    keep_run();
    assert_int_equal(with_it, keep_bench.fetches_asked);
}

/* After our own regression nothing else is there: also where a repair erases. */
static void test_after_a_regression_nothing_is_looked_at(void **state)
{
    (void)state;
    memset(&keep_seen, 0, sizeof keep_seen);
    workbench_init(&keep_bench, "stm32f405", 1, IMAGE_BYTES);
    keep_bench.on_operation = keep_watch;
    keep_seen.spoil_offset = 100;
    keep_run();
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&keep_bench));
    assert_int_equal(keep_seen.erases, 1);
    assert_int_equal(keep_seen.looks + keep_bench.keeps_asked, 0);
}

/* The image's part of the second page is blank, so that it is written without an erase, until the verify finds it
 * wrong: only then the page is looked at. */
static void test_a_repair_brings_in_a_new_sector(void **state)
{
    (void)state;
    keep_set_up("stm32f072", F072_SECTOR + 304);
    memset(&keep_flash()[F072_SECTOR], 0xFF, 304);
    memcpy(keep_flash(), keep_bench.image_bytes, F072_SECTOR);
    keep_seen.spoil_offset = F072_SECTOR + 5;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.erases, 1);
    assert_int_equal(keep_seen.looks, 2);
    assert_int_equal(keep_bench.keeps_asked, 1);
    keep_assert_range(0, FLASH_ADDR + F072_SECTOR + 304, F072_SECTOR - 304);
}

/* What was read the first time counts, whatever the sector holds by now. */
static void test_a_sector_is_looked_at_once(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_seen.spoil_offset = IMAGE_BYTES + 3000;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.erases, 2);
    assert_int_equal(keep_seen.looks, 2 * REST_BLOCKS);
    assert_int_equal(keep_bench.keeps_asked, 1);
}

/* What completes the image's last flash word is verified with it, and repaired with it. */
static void test_the_rest_of_a_flash_word_that_is_found_wrong(void **state)
{
    (void)state;
    keep_set_up("stm32h743", 304);
    keep_bench.wish.family = RLK_FAMILY_STM32H74X;
    keep_bench.wish.allow_experimental = true;
    keep_seen.spoil_offset = 304 + 5;
    keep_run();
    keep_assert_kept();
    assert_int_equal(keep_seen.erases, 2);
    assert_int_equal(keep_bench.keeps_asked, 1);
}

/* Until something is sent that changes it, what comes back may be another device: what was read of the first one is
 * not written into it. */
static void test_what_was_read_before_a_loss_is_read_again(void **state)
{
    (void)state;
    keep_set_up("stm32f405", IMAGE_BYTES);
    keep_seen.other_offset = IMAGE_BYTES + 3000;
    keep_run();
    keep_before[keep_seen.other_offset] ^= 1U;
    keep_assert_kept();
    assert_int_equal(keep_bench.asked[RLK_QUESTION_CONFIRM_PLAN], 2);
    assert_int_equal(keep_bench.keeps_asked, 2);
    assert_int_equal(keep_seen.looks, 4 * REST_BLOCKS);
}

static uint8_t other_content;

/* Lost right after the erase; what comes back has the same serial number, and other content everywhere. */
static void exchange_after_erase(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    const uint32_t erases = keep_seen.erases;
    keep_watch(operation, outcome);
    if (keep_seen.erases == 1 && erases == 0) {
        struct sim_fault gone = {.kind = SIM_FAULT_GONE, .at = keep_bench.device.fault_transfers + 4};
        sim_fault_add(&keep_bench.device, gone);
    }
    if (operation->kind == RLK_OPERATION_REOPEN && operation->reason == RLK_REOPEN_LOST && !keep_seen.was_spoilt) {
        keep_seen.was_spoilt = true;
        uint32_t size = 0;
        memset(sim_flash_mutable(&keep_bench.device, &size), other_content, F405_SECTOR);
    }
}

static void set_up_exchange(uint8_t content)
{
    keep_set_up("stm32f405", IMAGE_BYTES);
    memset(&keep_flash()[IMAGE_BYTES], 0xA5, REST_BYTES);
    other_content = content;
    keep_bench.on_operation = exchange_after_erase;
    keep_run();
}

/* A full device in its place is not written into; a blank one cannot be told from it. */
static void test_what_was_read_of_one_device_is_not_written_into_another(void **state)
{
    (void)state;
    set_up_exchange(0x5A);
    assert_true(keep_seen.was_spoilt);
    keep_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_WRONG_DEVICE);
    assert_int_equal(keep_seen.erases, 1);
    for (uint32_t i = 0; i < F405_SECTOR; i++) {
        assert_int_equal(keep_flash()[i], 0x5A);
    }
    set_up_exchange(0xFF);
    assert_true(keep_seen.was_spoilt);
    keep_assert_kept();
}

/* A repair that would lose something leaves the sector alone. */
static void test_a_repair_that_cannot_keep(void **state)
{
    (void)state;
    keep_set_up("stm32f072", F072_SECTOR + 304);
    memset(&keep_flash()[F072_SECTOR], 0xFF, 304);
    memcpy(keep_flash(), keep_bench.image_bytes, F072_SECTOR);
    keep_seen.spoil_offset = F072_SECTOR + 5;
    keep_bench.wish.keep_room_bytes = 16;
    keep_run();
    keep_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_SECTOR_SHARED);
    assert_int_equal(rlk_session_fault(&keep_bench.session)->addr, FLASH_ADDR + F072_SECTOR + 304);
    assert_int_equal(keep_seen.erases, 0);
    keep_assert_rest_is_as_before();
}

/* --- faults --- */

/* At every transfer: a session that ends proven has kept all of it, and one that ends before an erase has changed
 * nothing. A cable that is pulled takes nothing with it, as long as the session lives. */
static void check_fault(const char *profile, enum sim_fault_kind kind, uint32_t at)
{
    keep_set_up(profile, IMAGE_BYTES);
    sim_fault_add(&keep_bench.device, (struct sim_fault){.kind = kind, .at = at});
    keep_run();
    const char *violation = sim_violation(&keep_bench.device, 0);
    if (keep_bench.done->ending == RLK_ENDING_PROVEN) {
        assert_true(workbench_flash_is_image(&keep_bench));
        keep_assert_rest_is_as_before();
    } else if (!rlk_session_has_begun(&keep_bench.session)) {
        assert_memory_equal(keep_flash(), keep_before, sizeof keep_before);
    } else if (kind == SIM_FAULT_GONE || kind == SIM_FAULT_GONE_AFTER || violation != NULL) {
        fail_msg("%s, %s@%u: %s, %s", profile, sim_fault_kind_name(kind), (unsigned)at,
                 rlk_error_name(keep_bench.done->error), violation != NULL ? violation : "no violation");
    }
}

static void check_every_fault(const char *profile)
{
    static const enum sim_fault_kind kinds[] = {SIM_FAULT_STALL,    SIM_FAULT_TIMEOUT,    SIM_FAULT_TIMEOUT_AFTER,
                                                SIM_FAULT_GONE,     SIM_FAULT_GONE_AFTER, SIM_FAULT_SHORT,
                                                SIM_FAULT_FLIP_ONE, SIM_FAULT_FLIP_TWO,   SIM_FAULT_FAILED};
    keep_set_up(profile, IMAGE_BYTES);
    keep_run();
    uint32_t transfers = sim_counters(&keep_bench.device)->transfers;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (uint32_t at = 0; at < transfers; at++) {
            check_fault(profile, kinds[i], at);
        }
    }
}

static void test_every_fault_on_f405(void **state)
{
    (void)state;
    check_every_fault("stm32f405");
}

static void test_every_fault_on_l476(void **state)
{
    (void)state;
    check_every_fault("stm32l476");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_reading_that_is_not_confirmed_is_made_again),
        cmocka_unit_test(test_a_wrong_first_reading_is_found),
        cmocka_unit_test(test_readings_that_never_agree),
        cmocka_unit_test(test_before_the_journal_entry),
        cmocka_unit_test(test_only_the_image_is_fetched),
        cmocka_unit_test(test_after_a_regression_nothing_is_looked_at),
        cmocka_unit_test(test_a_repair_brings_in_a_new_sector),
        cmocka_unit_test(test_a_sector_is_looked_at_once),
        cmocka_unit_test(test_the_rest_of_a_flash_word_that_is_found_wrong),
        cmocka_unit_test(test_what_was_read_before_a_loss_is_read_again),
        cmocka_unit_test(test_what_was_read_of_one_device_is_not_written_into_another),
        cmocka_unit_test(test_a_repair_that_cannot_keep),
        cmocka_unit_test(test_every_fault_on_f405),
        cmocka_unit_test(test_every_fault_on_l476),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
