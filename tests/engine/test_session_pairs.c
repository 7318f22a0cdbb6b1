/* What pairs of faults have shown, each in its smallest form. */
#include "workbench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FIRST_SERIAL = 1, SECOND_SERIAL = 2, IMAGE_BYTES = 4400 };
enum { CONFIGURATION = 0x0200, FLASH_STRING = 0x0304, HEAD_BYTES = 9, FUNCTIONAL_FROM_END = 9, BLOCK_BYTES = 2048 };

static struct workbench bench;
static uint32_t short_block; /* the place of the transfer that sends the last, short one; 0: not yet */

static void start(const char *profile)
{
    workbench_init(&bench, profile, 1, IMAGE_BYTES);
}

static void fault(enum sim_fault_kind kind, uint32_t at)
{
    assert_true(sim_fault_add(&bench.device, (struct sim_fault){.kind = kind, .at = at}));
}

/* Of two failures nobody may conclude that there is none: the journal goes by it. */
static void a_serial_is_not_missing_because_two_readings_failed(void **state)
{
    (void)state;
    start("stm32f405");
    fault(SIM_FAULT_STALL, FIRST_SERIAL);
    fault(SIM_FAULT_SHORT, SECOND_SERIAL);
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_string_equal(bench.records[0].serial, "3573365D3433");
}

/* The functional descriptor becomes one that nobody knows: the transfer size is not to be had. */
static void hide_functional(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    bool is_whole =
        operation->kind == RLK_OPERATION_CONTROL_IN && operation->value == CONFIGURATION && outcome->bytes > HEAD_BYTES;
    if (is_whole) {
        uint8_t *type = (uint8_t *)outcome->data + outcome->bytes - FUNCTIONAL_FROM_END + 1;
        assert_int_equal(*type, 0x21);
        *type = 0x25;
    }
}

/* A guessed size would place the blocks wrongly, and the verify would agree. */
static void without_a_transfer_size_nothing_is_written(void **state)
{
    (void)state;
    start("stm32f405");
    bench.on_operation = hide_functional;
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_int_equal(bench.done->error, RLK_E_DESCRIPTOR_BAD);
    assert_true(workbench_flash_is_untouched(&bench));
}

static void find_short_block(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    (void)outcome;
    bool is_block = operation->kind == RLK_OPERATION_CONTROL_OUT && operation->content == RLK_DATA_FIRMWARE &&
                    operation->length == IMAGE_BYTES % BLOCK_BYTES;
    if (is_block && short_block == 0) {
        short_block = bench.device.fault_transfers - 1U;
    }
}

/* Taken, though stalled; started by a GETSTATUS whose answer was cut off: a short one is in the flash by the next. */
static void a_block_that_may_have_been_taken_is_not_sent_again(void **state)
{
    (void)state;
    start("stm32f042");
    bench.on_operation = find_short_block;
    workbench_run(&bench);
    assert_true(short_block > 0);
    start("stm32f042");
    fault(SIM_FAULT_STALL_AFTER, short_block);
    fault(SIM_FAULT_SHORT, short_block + 1);
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_int_equal(bench.done->error, RLK_E_DEVICE_NONSENSE);
    assert_null(sim_violation(&bench.device, 0));
    sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
    workbench_remember(&bench);
    workbench_run(&bench);
    assert_string_equal(rlk_error_name(bench.done->error), rlk_error_name(RLK_OK));
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_true(workbench_flash_is_image(&bench));
}

/* Taken, though stalled, by a ROM that begins at once: after a slow GETSTATUS it is done, and nothing tells. */
static void a_block_that_begins_by_itself_is_not_sent_again(void **state)
{
    (void)state;
    short_block = 0;
    start("stm32u585");
    bench.wish.family = RLK_FAMILY_STM32U5;
    bench.wish.allow_experimental = true;
    bench.on_operation = find_short_block;
    workbench_run(&bench);
    assert_true(short_block > 0);
    start("stm32u585");
    bench.wish.family = RLK_FAMILY_STM32U5;
    bench.wish.allow_experimental = true;
    fault(SIM_FAULT_STALL_AFTER, short_block);
    fault(SIM_FAULT_LATE, short_block + 1);
    workbench_run(&bench);
    assert_null(sim_violation(&bench.device, 0));
    assert_int_equal(bench.done->error, RLK_E_DEVICE_NONSENSE);
    sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
    workbench_remember(&bench);
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_true(workbench_flash_is_image(&bench));
    assert_null(sim_violation(&bench.device, 0));
}

/* "07*128Kg" becomes "03*128Kg": an F401's. */
static void misread_layout(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint8_t *text = (uint8_t *)outcome->data;
    bool is_layout = operation->kind == RLK_OPERATION_CONTROL_IN && operation->value == FLASH_STRING;
    for (size_t i = 0; is_layout && i + 4 < outcome->bytes; i++) {
        if (text[i] == '7' && text[i + 2] == '*' && text[i + 4] == '1') {
            text[i] = '3';
        }
    }
}

/* A finished device is known by its own serial number, though its layout was misread. */
static void a_misread_layout_does_not_make_a_finished_device_another(void **state)
{
    (void)state;
    start("stm32f405");
    workbench_run(&bench);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    workbench_remember(&bench);
    sim_person_do(&bench.device, RLK_ACTION_HOLD_BOOT0_AND_REPLUG);
    bench.on_operation = misread_layout;
    workbench_run(&bench);
    assert_int_equal(bench.session.findings.chip.family, RLK_FAMILY_STM32F401);
    assert_int_equal(bench.asked[RLK_QUESTION_LOOK_AGAIN], 1);
    assert_int_equal(bench.asked[RLK_QUESTION_CONFIRM_PLAN], 0);
    assert_int_equal(bench.done->ending, RLK_ENDING_PROVEN);
    assert_int_equal(sim_counters(&bench.device)->regressions, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_serial_is_not_missing_because_two_readings_failed),
        cmocka_unit_test(without_a_transfer_size_nothing_is_written),
        cmocka_unit_test(a_block_that_may_have_been_taken_is_not_sent_again),
        cmocka_unit_test(a_block_that_begins_by_itself_is_not_sent_again),
        cmocka_unit_test(a_misread_layout_does_not_make_a_finished_device_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
