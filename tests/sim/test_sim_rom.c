/* The DFU state machine: handshake, poll times, requests in the wrong state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static const uint8_t zeros[2049];

static void first_contact_is_an_error_that_clears_once(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 0, true);
    assert_answer(get_status(device), ERR_FIRMWARE, ERROR);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, IDLE);
    assert_clean(device);
}

static void commands_run_at_the_first_get_status(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    const uint8_t bytes[5] = {0x21, 0x00, 0x40, 0x00, 0x08};
    assert_int_equal(download(device, 0, bytes, 5), SIM_OK);
    assert_int_equal(get_state(device), SYNC);
    struct answer answer = get_status(device);
    assert_answer(answer, OK, BUSY);
    assert_int_equal(answer.poll_ms, 104);
    sim_sleep(device, answer.poll_ms);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    assert_int_equal(sim_counters(device)->early_polls, 0);
    assert_clean(device);
}

static struct answer start_erase(struct sim_device *device)
{
    static const uint8_t bytes[5] = {0x41, 0x00, 0x00, 0x00, 0x08};
    assert_int_equal(download(device, 0, bytes, 5), SIM_OK);
    return get_status(device);
}

static void an_otg_core_holds_an_early_poll(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint64_t start_us = sim_now_us(device);
    struct answer answer = start_erase(device);
    assert_answer(answer, OK, BUSY);
    assert_int_equal(answer.poll_ms, 100);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    assert_in_range(sim_now_us(device) - start_us, 400000, 410000);
    assert_int_equal(sim_counters(device)->early_polls, 1);
    assert_clean(device);
}

static void a_held_poll_ends_with_the_hosts_timeout(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    start_erase(device);
    uint8_t bytes[6];
    size_t actual = 6;
    struct sim_setup setup = {0xA1, 3, 0, 0, 6};
    uint64_t start_us = sim_now_us(device);
    assert_int_equal(sim_control(device, &setup, bytes, &actual, 100), SIM_TIMEOUT);
    assert_int_equal(actual, 0);
    assert_int_equal(sim_now_us(device) - start_us, 100000);
    sim_sleep(device, 400);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
}

static void an_fs_core_stalls_an_early_poll(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32l432");
    struct answer answer = start_erase(device);
    assert_int_equal(answer.poll_ms, 21);
    sim_sleep(device, 21);
    assert_int_equal(get_status(device).outcome, SIM_STALL);
    sim_sleep(device, 2);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    assert_int_equal(sim_counters(device)->early_polls, 1);
    assert_clean(device);
}

static void announced_times_are_those_of_the_family(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint32_t erase_ms;
    } rows[] = {{"stm32f405", 100}, {"stm32f042", 50}, {"stm32f072", 50}, {"stm32l452", 21}, {"stm32l476", 21}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(start_erase(open_device(rows[i].profile)).poll_ms, rows[i].erase_ms);
    }
}

static void generation_b_works_inside_the_first_poll(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    sim_knobs(device)->work_in_first_poll = 1;
    uint64_t start_us = sim_now_us(device);
    assert_answer(start_erase(device), OK, BUSY);
    assert_in_range(sim_now_us(device) - start_us, 400000, 410000);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);

    device = locked_device("stm32f405");
    sim_knobs(device)->work_in_first_poll = 1;
    assert_int_equal(unprotect(device).outcome, SIM_GONE);
    assert_int_equal(sim_rdp_level(device), 0);
}

static void clear_status_outside_error_makes_one(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_judged(device, "CLRSTATUS outside dfuERROR, in state 0x02");
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, IDLE);
}

static void abort_in_error_has_no_effect(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 0, true);
    assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    assert_judged(device, "ABORT in state 0x0A");
    assert_answer(get_status(device), ERR_FIRMWARE, ERROR);
}

static void abort_is_legal_in_the_three_idle_states(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[16];
    size_t actual = 0;
    assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    command_at(device, 0x21, FLASH);
    assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    assert_int_equal(upload(device, 2, data, 16, &actual), SIM_OK);
    assert_answer(get_status(device), OK, UPLOAD_IDLE);
    assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, IDLE);
    assert_clean(device);
}

static void upload_from_dnload_idle_stalls(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[16];
    size_t actual = 0;
    command_at(device, 0x21, FLASH);
    assert_int_equal(upload(device, 2, data, 16, &actual), SIM_STALL);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
}

static void download_outside_idle_stalls(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32f405", 0, true);
    assert_int_equal(download(device, 2, zeros, 16), SIM_STALL);
    normalise(device);
    assert_int_equal(download(device, 0, zeros, 5), SIM_OK);
    assert_int_equal(download(device, 0, zeros, 5), SIM_STALL);
    assert_int_equal(get_state(device), SYNC);
}

static void get_lists_the_commands(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(upload(device, 0, data, 64, &actual), SIM_OK);
    assert_int_equal(actual, 4);
    assert_memory_equal(data, "\x00\x21\x41\x92", 4);
    assert_answer(get_status(device), OK, IDLE);
    sim_knobs(device)->get_list_short = 1;
    assert_int_equal(upload(device, 0, data, 64, &actual), SIM_OK);
    assert_int_equal(actual, 3);
    assert_clean(device);
}

static void too_long_transfers_are_judged(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[2049];
    size_t actual = 0;
    assert_int_equal(download(device, 2, zeros, 2049), SIM_STALL);
    assert_judged(device, "DNLOAD longer than wTransferSize: 0x0801");
    device = open_device("stm32f405");
    assert_int_equal(upload(device, 2, data, 2049, &actual), SIM_STALL);
    assert_judged(device, "UPLOAD longer than wTransferSize: 0x0801");
}

static void unknown_commands_are_ignored_and_judged(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[5];
        uint16_t length;
        const char *text;
    } rows[] = {{{0x82}, 1, "unknown command 0x82"},
                {{0x21, 0, 0, 0}, 4, "wrong length of command 0x21"},
                {{0x92, 0}, 2, "wrong length of command 0x92"},
                {{0x41, 0, 0}, 3, "wrong length of command 0x41"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = open_device("stm32f405");
        assert_answer(command(device, rows[i].bytes, rows[i].length), OK, DNLOAD_IDLE);
        assert_judged(device, rows[i].text);
    }
}

static void block_one_is_judged(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    uint8_t data[16];
    size_t actual = 0;
    assert_answer(write_block(device, 1, zeros, 16), OK, DNLOAD_IDLE);
    assert_judged(device, "DNLOAD of block 1");
    device = open_device("stm32f405");
    assert_int_equal(upload(device, 1, data, 16, &actual), SIM_STALL);
    assert_judged(device, "UPLOAD of block 1");
    assert_answer(get_status(device), OK, 15);
}

static void detach_stalls(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    assert_int_equal(class_out(device, 0, 1000, NULL, 0), SIM_STALL);
    assert_answer(get_status(device), OK, IDLE);
}

static void leave_starts_the_application(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    command_at(device, 0x21, FLASH);
    assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
    struct answer answer = get_status(device);
    assert_answer(answer, OK, MANIFEST);
    assert_int_equal(answer.poll_ms, 1);
    sim_sleep(device, 2);
    assert_int_equal(get_status(device).outcome, SIM_GONE);
    assert_true(sim_is_running_application(device));
    assert_int_equal(sim_ms_until_on_bus(device), UINT32_MAX);
    assert_clean(device);
}

static void leave_to_nowhere_resets(void **state)
{
    (void)state;
    struct sim_device *device = open_device("stm32f405");
    command_at(device, 0x21, FLASH + 0x80000U);
    assert_int_equal(download(device, 2, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, MANIFEST);
    sim_sleep(device, 2);
    assert_false(sim_is_on_bus(device));
    wait_for_bus(device);
    assert_int_equal(sim_arrival(device), 2);
}

static void leave_at_level_one_does_not_run(void **state)
{
    (void)state;
    struct sim_device *device = locked_device("stm32f405");
    assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
    assert_answer(get_status(device), OK, MANIFEST);
    sim_sleep(device, 2);
    assert_false(sim_is_running_application(device));
    assert_false(sim_is_on_bus(device));
}

/* What a server does: the answer is due when the device's time has come, and a host may give up meanwhile. */
static void transfers_can_be_made_in_steps(void **state)
{
    (void)state;
    static const struct sim_setup poll = {0xA1, 3, 0, 0, 6};
    struct sim_device *device = open_device("stm32f405");
    struct sim_transfer transfer;
    uint8_t bytes[6] = {0};
    const uint8_t erase[] = {0x41, 0, 0, 0, 0x08};
    assert_int_equal(download(device, 0, erase, sizeof erase), SIM_OK);
    assert_int_equal(get_status(device).state, BUSY);
    uint64_t end_us = sim_next_event_us(device);
    assert_int_equal(sim_poll_ms(device), 100);
    sim_transfer_begin(device, &transfer, &poll, bytes);
    assert_false(sim_transfer_step(device, &transfer));
    assert_true(transfer.wake_us == end_us);
    sim_transfer_begin(device, &transfer, &poll, bytes); /* the first one is dropped */
    sim_sleep_until(device, end_us - 1);
    assert_false(sim_transfer_step(device, &transfer));
    sim_sleep_until(device, end_us + 1000);
    assert_false(sim_transfer_step(device, &transfer));
    sim_sleep_until(device, transfer.wake_us);
    assert_true(sim_transfer_step(device, &transfer));
    assert_int_equal(transfer.outcome, SIM_OK);
    assert_int_equal(transfer.actual, 6);
    assert_int_equal(bytes[4], DNLOAD_IDLE);
    assert_false(sim_is_departing(device));
}

static void a_lost_answer_never_comes(void **state)
{
    (void)state;
    static const struct sim_setup poll = {0xA1, 3, 0, 0, 6};
    struct sim_device *device = open_device("stm32f405");
    struct sim_transfer transfer;
    uint8_t bytes[6] = {0};
    sim_faults_clear(device);
    sim_fault_add(device, (struct sim_fault){SIM_FAULT_TIMEOUT, 0});
    sim_transfer_begin(device, &transfer, &poll, bytes);
    sim_sleep(device, 1000000);
    assert_false(sim_transfer_step(device, &transfer));
    assert_true(transfer.wake_us == SIM_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_contact_is_an_error_that_clears_once),
        cmocka_unit_test(commands_run_at_the_first_get_status),
        cmocka_unit_test(an_otg_core_holds_an_early_poll),
        cmocka_unit_test(a_held_poll_ends_with_the_hosts_timeout),
        cmocka_unit_test(an_fs_core_stalls_an_early_poll),
        cmocka_unit_test(announced_times_are_those_of_the_family),
        cmocka_unit_test(generation_b_works_inside_the_first_poll),
        cmocka_unit_test(clear_status_outside_error_makes_one),
        cmocka_unit_test(abort_in_error_has_no_effect),
        cmocka_unit_test(abort_is_legal_in_the_three_idle_states),
        cmocka_unit_test(upload_from_dnload_idle_stalls),
        cmocka_unit_test(download_outside_idle_stalls),
        cmocka_unit_test(get_lists_the_commands),
        cmocka_unit_test(too_long_transfers_are_judged),
        cmocka_unit_test(unknown_commands_are_ignored_and_judged),
        cmocka_unit_test(block_one_is_judged),
        cmocka_unit_test(detach_stalls),
        cmocka_unit_test(leave_starts_the_application),
        cmocka_unit_test(leave_to_nowhere_resets),
        cmocka_unit_test(leave_at_level_one_does_not_run),
        cmocka_unit_test(transfers_can_be_made_in_steps),
        cmocka_unit_test(a_lost_answer_never_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
