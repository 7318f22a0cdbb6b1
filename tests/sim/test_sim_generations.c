/* Where the generations of ST's DFU code differ on the wire: Cube class (B), USBX (C) and C5, beside the old one (A).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

enum { WAIT_RESET = 8, NO_STATE = 15 };

static const uint8_t pattern[1024] = {1, 2, 3};
static const uint8_t erase_first[] = {0x41, 0x00, 0x00, 0x00, 0x08};

static struct sim_device *idle(const char *profile, unsigned level)
{
    struct sim_device *device = device_of(profile, level, true);
    clear_all(device);
    return device;
}

static void clear(struct sim_device *device)
{
    assert_int_equal(class_out(device, 4, 0, NULL, 0), SIM_OK);
}

static void on_b_the_first_poll_lasts_as_long_as_the_work(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32h723", "stm32g474", "stm32wb55", "stm32c071", "stm32u083", "stm32l552"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sim_device *device = idle(names[i], 0);
        uint64_t start_us = sim_now_us(device);
        assert_int_equal(download(device, 0, erase_first, 5), SIM_OK);
        assert_answer(get_status(device), OK, BUSY);
        assert_true(sim_now_us(device) - start_us > 20000);
        assert_int_equal(sim_counters(device)->sectors_erased, 1);
        assert_answer(get_status(device), OK, DNLOAD_IDLE);
        assert_clean(device);
    }
}

static void on_b_what_resets_the_chip_loses_its_first_poll(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32h723", "stm32g474", "stm32c071"};
    static const uint8_t opcode = 0x92;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sim_device *device = idle(names[i], 1);
        assert_int_equal(download(device, 0, &opcode, 1), SIM_OK);
        assert_int_equal(get_status(device).outcome, SIM_GONE);
        assert_int_equal(sim_counters(device)->regressions, 1);
        device = idle(names[i], 0);
        assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
        assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
        assert_int_equal(get_status(device).outcome, SIM_GONE);
        assert_true(sim_is_running_application(device));
    }
}

static void old_b_stays_busy_after_a_failure(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h723", 0);
    assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 2, pattern, 1024), SIM_OK); /* over the old application */
    for (unsigned i = 0; i < 100; i++) {
        struct answer answer = get_status(device);
        assert_answer(answer, OK, BUSY);
        assert_int_equal(answer.poll_ms, 50);
        sim_sleep(device, 1000);
    }
    assert_int_equal(download(device, 2, pattern, 1024), SIM_STALL);
    clear(device);
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    clear(device);
    assert_answer(get_status(device), OK, IDLE);
    assert_judged(device, "program of non-erased byte at 0x08000000");
}

static void new_b_reports_every_failure_as_vendors(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint8_t status;
    } rows[] = {{"stm32c071", ERR_VENDOR}, {"stm32g474", ERR_TARGET}, {"stm32f405", ERR_TARGET}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        assert_answer(carry_out_at(device, 0x41, 0x09000000U), rows[i].status, ERROR);
        assert_judged(device, "erase outside flash at 0x09000000");
    }
    struct sim_device *device = idle("stm32c071", 0);
    assert_answer(carry_out(device, 2, pattern, 1024), ERR_VENDOR, ERROR);
}

static void old_b_answers_a_refused_upload_with_nothing_and_wants_two_clears(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h743", 1);
    uint8_t data[64];
    size_t actual = 64;
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_OK);
    assert_int_equal(actual, 0);
    assert_int_equal(get_state(device), ERR_VENDOR); /* the state of DFU 11: there is none */
    assert_answer(get_status(device), ERR_VENDOR, ERROR);
    clear(device);
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    clear(device);
    assert_answer(get_status(device), OK, IDLE);
    assert_answer(carry_out_at(device, 0x41, FLASH), ERR_VENDOR, ERROR);
    assert_int_equal(get_state(device), ERR_VENDOR);
    clear(device);
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    assert_clean(device);
}

static void new_b_stalls_a_refused_upload_and_shows_a_state_of_its_own(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32u083", 1);
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_STALL);
    assert_answer(get_status(device), ERR_VENDOR, NO_STATE);
    clear(device);
    assert_answer(get_status(device), ERR_UNKNOWN, ERROR);
    clear(device);
    assert_answer(get_status(device), OK, IDLE);
    assert_clean(device);
}

static void an_erase_moves_the_pointer_but_on_the_newest(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint32_t second;
        bool moves;
    } rows[] = {{"stm32f042", 0x400, true},
                {"stm32g474", 0x800, true},
                {"stm32u585", 0x2000, true},
                {"stm32c071", 0x800, false},
                {"stm32c562", 0x2000, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        uint8_t data[32];
        size_t actual = 0;
        assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
        assert_answer(carry_out_at(device, 0x41, FLASH + rows[i].second), OK, DNLOAD_IDLE);
        clear_all(device);
        assert_int_equal(upload(device, 2, data, 32, &actual), SIM_OK);
        assert_int_equal(data[3] == 0xFF, rows[i].moves);
    }
}

static void unknown_commands_differ(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint16_t length;
        bool stalls;
        bool recovers;
    } rows[] = {{"stm32f405", 1, false, true}, {"stm32g474", 1, true, true},  {"stm32c071", 1, false, true},
                {"stm32c071", 2, true, true},  {"stm32u585", 1, true, false}, {"stm32c562", 1, false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        static const uint8_t bytes[2] = {0x77, 0};
        assert_int_equal(download(device, 0, bytes, rows[i].length), SIM_OK);
        sim_sleep(device, 10);
        assert_int_equal(get_status(device).outcome == SIM_STALL, rows[i].stalls);
        sim_sleep(device, 100);
        assert_int_equal(get_status(device).outcome == SIM_OK, rows[i].recovers);
        sim_press_reset(device);
        sim_sleep(device, 20000);
        assert_int_equal(get_status(device).outcome, SIM_OK);
    }
}

static void the_old_mass_erase_is_not_known_to_b_and_takes_some_page_on_c(void **state)
{
    (void)state;
    static const uint8_t opcode = 0x41;
    struct sim_device *device = idle("stm32h723", 0);
    assert_int_equal(download(device, 0, &opcode, 1), SIM_OK);
    get_status(device);
    assert_int_equal(sim_counters(device)->sectors_erased, 0);
    static const char *const names[] = {"stm32u585", "stm32c562"};
    for (size_t i = 0; i < 2; i++) {
        device = idle(names[i], 0);
        assert_answer(carry_out_at(device, 0x21, FLASH + 0x2000), OK, DNLOAD_IDLE);
        assert_answer(carry_out(device, 0, &opcode, 1), OK, DNLOAD_IDLE);
        uint32_t size = 0;
        assert_int_equal(sim_counters(device)->sectors_erased, 1);
        assert_int_equal(sim_flash(device, &size)[0x2000], 0xFF); /* the page of the last command */
        assert_int_equal(sim_flash(device, &size)[3], 0x20);
    }
}

static void on_c_the_work_begins_with_the_download(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32u585", 0);
    uint8_t byte = 0;
    size_t actual = 0;
    assert_int_equal(download(device, 0, erase_first, 5), SIM_OK);
    struct answer answer = get_status(device);
    assert_answer(answer, OK, BUSY);
    assert_int_equal(answer.poll_ms, 244);
    assert_int_equal(get_status(device).outcome, SIM_STALL); /* asked again too early */
    assert_int_equal(class_in(device, 5, 0, &byte, 1, &actual), SIM_STALL);
    sim_sleep(device, answer.poll_ms);
    assert_answer(get_status(device), OK, DNLOAD_IDLE);
    assert_int_equal(download(device, 0, erase_first, 5), SIM_OK);
    sim_sleep(device, 10);
    assert_answer(get_status(device), OK, DNLOAD_IDLE); /* done before anybody asked */
    assert_int_equal(sim_counters(device)->sectors_erased, 2);
    assert_clean(device);
}

static void c_acknowledges_and_drops_writes_at_level_1(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32u585", 1);
    uint8_t data[64];
    size_t actual = 0;
    uint32_t size = 0;
    assert_int_equal(fetch(device, 0x40022040U, data, 48, &actual), SIM_OK);
    assert_int_equal(data[0], 0xDC);
    clear_all(device);
    assert_answer(carry_out_at(device, 0x41, FLASH), OK, DNLOAD_IDLE);
    assert_answer(carry_out_at(device, 0x21, FLASH + 0x1F0000U), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, pattern, 1024), OK, DNLOAD_IDLE);
    assert_int_equal(sim_flash(device, &size)[3], 0x20);
    assert_int_equal(sim_flash(device, &size)[0x1F0000], 0xFF);
    assert_int_equal(fetch(device, FLASH, data, 64, &actual), SIM_STALL);
    assert_answer(get_status(device), ERR_VENDOR, ERROR);
    clear(device);
    assert_answer(get_status(device), OK, IDLE);
    assert_clean(device);
}

static void c_reports_no_failure(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32u585", 0);
    uint32_t size = 0;
    assert_answer(carry_out_at(device, 0x41, 0x09000000U), OK, DNLOAD_IDLE);
    assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
    assert_answer(carry_out(device, 2, pattern, 1024), OK, DNLOAD_IDLE); /* not erased */
    assert_int_equal(sim_flash(device, &size)[3], 0x20);
    assert_int_equal(sim_counters(device)->violations, 2);
}

static enum sim_outcome clear_while_idle(struct sim_device *device)
{
    return class_out(device, 4, 0, NULL, 0);
}

static enum sim_outcome download_while_reading(struct sim_device *device)
{
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_OK);
    return download(device, 2, pattern, 16);
}

static enum sim_outcome upload_of_nothing(struct sim_device *device)
{
    size_t actual = 0;
    return upload(device, 2, NULL, 0, &actual);
}

static void assert_stray(struct sim_device *device, enum sim_outcome outcome)
{
    assert_int_equal(outcome, SIM_STALL);
    struct answer answer = get_status(device);
    assert_answer(answer, OK, ERROR);
    assert_int_equal(answer.poll_ms, 1);
    assert_int_equal(class_out(device, 6, 0, NULL, 0), SIM_STALL); /* ABORT in dfuERROR */
    clear(device);
    assert_answer(get_status(device), OK, IDLE);
}

static void strays_are_stalled_and_make_an_error_on_c(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32u585", "stm32c562"};
    static enum sim_outcome (*const strays[])(struct sim_device *) = {clear_while_idle, download_while_reading,
                                                                      upload_of_nothing};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sizeof strays / sizeof strays[0]; j++) {
            struct sim_device *device = idle(names[i], 0);
            assert_stray(device, strays[j](device));
        }
    }
}

static void c5_is_never_busy(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32c562", 0);
    uint64_t start_us = sim_now_us(device);
    assert_int_equal(download(device, 0, erase_first, 5), SIM_OK);
    assert_true(sim_now_us(device) - start_us > 3000);
    assert_int_equal(sim_counters(device)->sectors_erased, 1);
    struct answer answer = get_status(device);
    assert_answer(answer, OK, DNLOAD_IDLE);
    assert_int_equal(answer.poll_ms, 0);
    assert_clean(device);
}

static void get_of_c5_returns_as_much_as_is_asked_for(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32c562", 0);
    uint8_t data[64];
    size_t actual = 0;
    assert_int_equal(upload(device, 0, data, 64, &actual), SIM_OK);
    assert_int_equal(actual, 64);
    assert_memory_equal(data, "\x00\x21\x41\xFF", 4);
}

static void c5_answers_the_functional_descriptor_in_the_configuration_only(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        enum sim_outcome outcome;
    } rows[] = {{"stm32c562", SIM_STALL}, {"stm32u585", SIM_OK}, {"stm32f405", SIM_OK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        const struct sim_setup setup = {0x81, 6, 0x2100, 0, 9};
        uint8_t bytes[9];
        size_t actual = 0;
        assert_int_equal(sim_control(device, &setup, bytes, &actual, 1000), rows[i].outcome);
    }
}

static void abort_before_the_answer_differs(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        enum sim_outcome outcome;
        uint8_t state;
    } rows[] = {{"stm32f405", SIM_OK, IDLE}, {"stm32g474", SIM_OK, IDLE}, {"stm32c562", SIM_STALL, ERROR}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        const uint8_t set_address[] = {0x21, 0x00, 0x40, 0x00, 0x08};
        assert_int_equal(download(device, 0, set_address, 5), SIM_OK);
        assert_int_equal(get_state(device), SYNC);
        assert_int_equal(class_out(device, 6, 0, NULL, 0), rows[i].outcome);
        assert_answer(get_status(device), OK, rows[i].state);
        assert_judged(device, "ABORT in state 0x03");
    }
}

static void the_product_string_tells_the_generation(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        const char *text;
    } rows[] = {{"stm32f405", "STM32  BOOTLOADER"}, {"stm32h743", "DFU in FS Mode"}, {"stm32c071", "DFU in FS Mode"},
                {"stm32u585", "DFU in FS Mode"},    {"stm32c562", "DFU in FS Mode"}, {"custom", "Product in DFU mode"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        uint8_t bytes[255];
        size_t actual = 0;
        assert_int_equal(standard_in(device, 0x0302, 0x0409, bytes, sizeof bytes, &actual), SIM_OK);
        assert_int_equal(actual, 2 + 2 * strlen(rows[i].text));
        for (size_t j = 0; rows[i].text[j] != '\0'; j++) {
            assert_int_equal(bytes[2 + 2 * j], rows[i].text[j]);
        }
    }
}

static void the_answer_to_leave_differs(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint8_t state;
    } rows[] = {{"stm32f405", MANIFEST}, {"stm32c562", WAIT_RESET}, {"stm32u585", DNLOAD_IDLE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile, 0);
        assert_answer(carry_out_at(device, 0x21, FLASH), OK, DNLOAD_IDLE);
        assert_int_equal(download(device, 0, NULL, 0), SIM_OK);
        assert_answer(get_status(device), OK, rows[i].state);
        sim_sleep(device, 5);
        assert_true(sim_is_running_application(device));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_b_the_first_poll_lasts_as_long_as_the_work),
        cmocka_unit_test(on_b_what_resets_the_chip_loses_its_first_poll),
        cmocka_unit_test(old_b_stays_busy_after_a_failure),
        cmocka_unit_test(new_b_reports_every_failure_as_vendors),
        cmocka_unit_test(old_b_answers_a_refused_upload_with_nothing_and_wants_two_clears),
        cmocka_unit_test(new_b_stalls_a_refused_upload_and_shows_a_state_of_its_own),
        cmocka_unit_test(an_erase_moves_the_pointer_but_on_the_newest),
        cmocka_unit_test(unknown_commands_differ),
        cmocka_unit_test(the_old_mass_erase_is_not_known_to_b_and_takes_some_page_on_c),
        cmocka_unit_test(on_c_the_work_begins_with_the_download),
        cmocka_unit_test(c_acknowledges_and_drops_writes_at_level_1),
        cmocka_unit_test(c_reports_no_failure),
        cmocka_unit_test(strays_are_stalled_and_make_an_error_on_c),
        cmocka_unit_test(c5_is_never_busy),
        cmocka_unit_test(get_of_c5_returns_as_much_as_is_asked_for),
        cmocka_unit_test(c5_answers_the_functional_descriptor_in_the_configuration_only),
        cmocka_unit_test(abort_before_the_answer_differs),
        cmocka_unit_test(the_product_string_tells_the_generation),
        cmocka_unit_test(the_answer_to_leave_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
