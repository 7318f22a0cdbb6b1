/* The device that comes back is another one: nothing of it may be changed, and nothing may be called proven. */
#include "workbench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { IMAGE_BYTES = 2 * 2048 + 304 };

static struct workbench bench;
static struct sim_device stranger;
static enum rlk_reopen_reason swap_at;

/* Somebody changes the device in the socket just before it is opened again. */
static void swap(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    bool is_moment = operation->kind == RLK_OPERATION_REOPEN && operation->reason == swap_at;
    if (is_moment && outcome->kind == RLK_OUTCOME_OK) {
        memcpy(&bench.device, &stranger, sizeof stranger);
        bench.transport.arrival = sim_arrival(&bench.device);
    }
}

static void run_with_stranger(const char *profile, const char *other, unsigned level, enum rlk_reopen_reason reason)
{
    workbench_init(&bench, profile, 1, IMAGE_BYTES);
    sim_init(&stranger, sim_profile_find(other), level, true);
    swap_at = reason;
    bench.on_operation = swap;
    workbench_run(&bench);
}

static void assert_stranger_is_untouched(void)
{
    uint32_t size = 0;
    const uint8_t *before = sim_flash(&stranger, &size);
    assert_memory_equal(sim_flash(&bench.device, &size), before, size);
    assert_int_equal(sim_counters(&bench.device)->sectors_erased, 0);
    assert_int_equal(sim_counters(&bench.device)->blocks_programmed, 0);
    assert_int_equal(sim_counters(&bench.device)->option_writes, 0);
    assert_int_equal(sim_counters(&bench.device)->regressions, 0);
}

static void assert_refused(void)
{
    assert_string_equal(rlk_stage_name(bench.done->ending), "not-done");
    assert_string_equal(rlk_error_name(bench.done->error), "WRONG_DEVICE");
    assert_int_equal(bench.unprotects, 1);
    assert_stranger_is_untouched();
}

static void test_another_flash_layout_is_another_device(void **state)
{
    (void)state;
    run_with_stranger("stm32f042", "stm32f072", 0, RLK_REOPEN_AFTER_UNPROTECT);
    assert_refused();
}

static void test_another_serial_is_another_device(void **state)
{
    (void)state;
    workbench_init(&bench, "stm32l432", 1, IMAGE_BYTES);
    sim_init(&stranger, sim_profile_find("stm32l432"), 0, true);
    stranger.serial[0] = stranger.serial[0] == 'A' ? 'B' : 'A';
    uint32_t size = 0;
    uint8_t *flash = sim_flash_mutable(&stranger, &size);
    memset(flash, 0xFF, size); /* blank as the expected one: only the serial tells */
    swap_at = RLK_REOPEN_AFTER_UNPROTECT;
    bench.on_operation = swap;
    workbench_run(&bench);
    assert_refused();
}

static void test_without_a_serial_the_flash_tells(void **state)
{
    (void)state;
    run_with_stranger("stm32f072", "stm32f072", 0, RLK_REOPEN_AFTER_UNPROTECT);
    assert_refused();
}

/* A second board of the batch that holds the very image already: equal is not empty. */
static void test_a_stranger_with_the_same_firmware_proves_nothing(void **state)
{
    uint32_t size = 0;
    (void)state;
    workbench_init(&bench, "stm32f072", 1, IMAGE_BYTES);
    sim_init(&stranger, sim_profile_find("stm32f072"), 0, true);
    memcpy(sim_flash_mutable(&stranger, &size), bench.image_bytes, bench.image.size);
    swap_at = RLK_REOPEN_AFTER_UNPROTECT;
    bench.on_operation = swap;
    workbench_run(&bench);
    assert_refused();
}

static void test_a_locked_stranger_is_never_erased_on_an_old_yes(void **state)
{
    (void)state;
    run_with_stranger("stm32f072", "stm32f072", 1, RLK_REOPEN_AFTER_UNPROTECT);
    assert_string_equal(rlk_stage_name(bench.done->ending), "not-done");
    assert_int_equal(bench.unprotects, 1);
    assert_stranger_is_untouched();
}

/* In the very run that sealed it the port is the identity; a stranger of the same layout that is open shows itself. */
static void test_an_open_stranger_after_the_seal_proves_nothing(void **state)
{
    (void)state;
    run_with_stranger("stm32f405", "stm32f405", 0, RLK_REOPEN_AFTER_SEAL);
    assert_string_not_equal(rlk_stage_name(bench.done->ending), "proven");
    assert_stranger_is_untouched();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_flash_layout_is_another_device),
        cmocka_unit_test(test_another_serial_is_another_device),
        cmocka_unit_test(test_without_a_serial_the_flash_tells),
        cmocka_unit_test(test_a_stranger_with_the_same_firmware_proves_nothing),
        cmocka_unit_test(test_a_locked_stranger_is_never_erased_on_an_old_yes),
        cmocka_unit_test(test_an_open_stranger_after_the_seal_proves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
