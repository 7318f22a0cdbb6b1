/*
 * The text of a transcript: as its header shows it, without a byte of firmware, without times.
 */
#include "relock/transcript.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static char line[RLK_TRANSCRIPT_LINE_BYTES];

static void assert_operation(struct rlk_operation operation, const char *expected)
{
    assert_int_equal(rlk_transcript_operation(&operation, line), strlen(expected));
    assert_string_equal(line, expected);
}

static void assert_outcome(struct rlk_operation operation, struct rlk_outcome outcome, const char *expected)
{
    assert_int_equal(rlk_transcript_outcome(&operation, &outcome, line), strlen(expected));
    assert_string_equal(line, expected);
}

static const uint8_t unprotect[] = {0x92};
static const uint8_t status[] = {0x00, 0x68, 0x00, 0x00, 0x04, 0x00};
static const uint8_t secret[2048] = {'s', 'e', 'c', 'r', 'e', 't'};

static const struct rlk_operation get_status = {.kind = RLK_OPERATION_CONTROL_IN,
                                                .request_type = 0xA1,
                                                .request = 3,
                                                .length = 6,
                                                .content = RLK_DATA_STATUS,
                                                .timeout_ms = 5000};

static void test_operations(void **state)
{
    (void)state;
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_CONTROL_OUT,
                                            .request_type = 0x21,
                                            .request = 1,
                                            .data = unprotect,
                                            .length = 1,
                                            .content = RLK_DATA_COMMAND},
                     "> out 21 1 0 0 [92]");
    assert_operation(get_status, "> in a1 3 0 0 6");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_REOPEN,
                                            .reason = RLK_REOPEN_AFTER_UNPROTECT,
                                            .meanwhile = RLK_ACTION_KEEP_BOOT0_HELD,
                                            .action = RLK_ACTION_REPLUG,
                                            .patience_ms = 20000},
                     "> reopen after-unprotect KEEP_BOOT0_HELD REPLUG");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_ASK, .digest = 0x0123456789ABCDEFU},
                     "> ask confirm-plan 0123456789abcdef");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_SLEEP, .duration_ms = 104}, "> sleep 104");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_SELECT_ALTERNATE, .alternate = 1},
                     "> select-alternate 1");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_RECORD, .entry = "relock-journal-1 phase=empty"},
                     "> record relock-journal-1 phase=empty");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_FETCH, .offset = 2048, .bytes = 304},
                     "> fetch 2048 304");
    assert_operation((struct rlk_operation){.kind = RLK_OPERATION_DONE,
                                            .ending = RLK_ENDING_NOT_DONE,
                                            .error = RLK_E_VERIFY_DIFFERS},
                     "> done not-done VERIFY_DIFFERS");
}

static void test_outcomes(void **state)
{
    static const struct rlk_operation ask = {.kind = RLK_OPERATION_ASK};
    (void)state;
    assert_outcome(get_status, (struct rlk_outcome){.data = status, .bytes = sizeof status, .elapsed_ms = 7},
                   "< ok [00 68 00 00 04 00]");
    assert_outcome(get_status, (struct rlk_outcome){.kind = RLK_OUTCOME_STALL}, "< stall");
    assert_outcome(get_status, (struct rlk_outcome){.kind = RLK_OUTCOME_TIMEOUT, .elapsed_ms = 5000}, "< timeout");
    assert_outcome(get_status, (struct rlk_outcome){.kind = RLK_OUTCOME_GONE}, "< gone");
    assert_outcome(get_status, (struct rlk_outcome){.kind = RLK_OUTCOME_FAILED}, "< failed");
    assert_outcome(ask, (struct rlk_outcome){.is_yes = true, .digest = 0xABCU}, "< ok yes 0000000000000abc");
    assert_outcome(ask, (struct rlk_outcome){.is_yes = false, .digest = 0xABCU}, "< ok no 0000000000000abc");
}

static void test_firmware_stays_out(void **state)
{
    struct rlk_operation operation = {.kind = RLK_OPERATION_CONTROL_OUT,
                                      .request_type = 0x21,
                                      .request = 1,
                                      .value = 2,
                                      .data = secret,
                                      .length = sizeof secret,
                                      .content = RLK_DATA_FIRMWARE};
    (void)state;
    rlk_transcript_operation(&operation, line);
    assert_null(strchr(line, '['));
    assert_non_null(strstr(line, "> out 21 1 2 0 2048 bytes crc "));
    operation.kind = RLK_OPERATION_CONTROL_IN;
    const struct rlk_outcome outcome = {.data = secret, .bytes = sizeof secret};
    rlk_transcript_outcome(&operation, &outcome, line);
    assert_null(strchr(line, '['));
    assert_non_null(strstr(line, "< ok 2048 bytes crc "));
    operation.kind = RLK_OPERATION_STORE;
    operation.bytes = sizeof secret;
    assert_operation(operation, "> store 0 2048");
}

static void test_long_data_is_cut_and_fits(void **state)
{
    const struct rlk_operation operation = {.kind = RLK_OPERATION_CONTROL_IN, .content = RLK_DATA_DESCRIPTOR};
    const struct rlk_outcome outcome = {.data = secret, .bytes = sizeof secret};
    (void)state;
    size_t length = rlk_transcript_outcome(&operation, &outcome, line);
    assert_in_range(length, 600, RLK_TRANSCRIPT_LINE_BYTES - 1);
    assert_int_equal(strlen(line), length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_firmware_stays_out),
        cmocka_unit_test(test_long_data_is_cut_and_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
