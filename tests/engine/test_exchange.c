/*
 * The exchange alone, fed by hand-made answers: what each generation of ROM says, and what none should say. The lines
 * are those of a transcript; `busy_max_ms` of the requests is 1000.
 */
#include "relock/transcript.h"
#include "talk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "../../core/src/engine/exchange_machine.h"

enum { IDLE = 2, BUSY = 4, DNLOAD_IDLE = 5, UPLOAD_IDLE = 9, ERROR = 10, UNKNOWN = 0xFF, BUSY_MAX_MS = 1000 };

static const uint8_t set_address[] = {0x21, 0, 0, 0, 0x08};
static const uint8_t unprotect[] = {0x92};

static const struct rlk_exchange_request idle_request = {.kind = RLK_EXCHANGE_IDLE, .busy_max_ms = BUSY_MAX_MS};
static const struct rlk_exchange_request write_request = {
    .kind = RLK_EXCHANGE_WRITE, .data = set_address, .length = sizeof set_address, .busy_max_ms = BUSY_MAX_MS};
static const struct rlk_exchange_request read_request = {
    .kind = RLK_EXCHANGE_READ, .block = 2, .length = 16, .busy_max_ms = BUSY_MAX_MS, .data_is_options = true};
static const struct rlk_exchange_request list_request = {
    .kind = RLK_EXCHANGE_LIST, .length = 64, .busy_max_ms = BUSY_MAX_MS};
static const struct rlk_exchange_request reset_request = {
    .kind = RLK_EXCHANGE_RESETTING, .data = unprotect, .length = sizeof unprotect, .busy_max_ms = BUSY_MAX_MS};

#define SET_ADDRESS "> out 21 1 0 0 [21 00 00 00 08]"
#define UNPROTECT   "> out 21 1 0 0 [92]"
#define STATUS      "> in a1 3 0 0 6"
#define CLEAR       "> out 21 4 0 0"
#define ABORT       "> out 21 6 0 0"
#define UPLOAD      "> in a1 2 2 0 16"
#define SIXTEEN     "< ok [00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f]"

/* Holds the conversation `lines` (pairs, NULL at the end) and demands the verdict right after it. */
static void converse(struct rlk_exchange *exchange, const struct rlk_exchange_request *request,
                     const char *const *lines, enum rlk_verdict verdict)
{
    static struct talk talk;
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    rlk_exchange_begin(exchange, request);
    for (size_t i = 0; lines[i] != NULL; i += 2) {
        struct rlk_operation operation = {0};
        struct rlk_outcome outcome;
        assert_int_equal(exchange->verdict, RLK_VERDICT_NONE);
        rlk_exchange_operation(exchange, &operation);
        rlk_transcript_operation(&operation, line);
        assert_string_equal(line, lines[i]);
        assert_true(talk_answer(&talk, lines[i + 1], &outcome));
        rlk_exchange_outcome(exchange, &outcome);
    }
    assert_int_equal(exchange->verdict, verdict);
}

static struct rlk_exchange in_state(uint8_t rom_state)
{
    struct rlk_exchange exchange;
    rlk_exchange_reset(&exchange, 0);
    exchange.rom_state = rom_state;
    return exchange;
}

#define CONVERSE(rom_state, request, verdict, ...)                                                                     \
    do {                                                                                                               \
        struct rlk_exchange exchange_ = in_state(rom_state);                                                           \
        const char *const lines_[] = {__VA_ARGS__, NULL};                                                              \
        converse(&exchange_, &(request), lines_, verdict);                                                             \
    } while (false)

/* --- writing, by generation --- */

static void test_generation_a(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 68 00 00 04 00]",
             "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_generation_a_on_an_fs_core_stalls_an_early_poll(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 15 00 00 04 00]", "> sleep 21",
             "< ok", STATUS, "< stall", "> sleep 21", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_an_fs_core_is_given_the_data_sheets_time_before_the_first_poll(void **state)
{
    (void)state;
    struct rlk_exchange_request request = write_request;
    request.busy_typical_ms = 23;
    CONVERSE(IDLE, request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 15 00 00 04 00]", "> sleep 23",
             "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

/* --- polled at the expected time --- */

static struct rlk_exchange_request expecting(uint32_t expected_ms)
{
    struct rlk_exchange_request request = write_request;
    request.expected_ms = expected_ms;
    return request;
}

#define EXPECTING(expected_ms, is_odd, expected_verdict, ...)                                                          \
    do {                                                                                                               \
        struct rlk_exchange exchange_ = in_state(IDLE);                                                                \
        const struct rlk_exchange_request request_ = expecting(expected_ms);                                           \
        const char *const lines_[] = {SET_ADDRESS, __VA_ARGS__, NULL};                                                 \
        converse(&exchange_, &request_, lines_, expected_verdict);                                                     \
        assert_int_equal(exchange_.was_odd, is_odd);                                                                   \
    } while (false)

static void test_the_first_wait_is_the_shorter_one_of_expected_and_announced(void **state)
{
    (void)state;
    EXPECTING(33, false, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< ok [00 00 00 00 05 00]");
    EXPECTING(250, false, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 104", "< ok", STATUS,
              "< ok [00 00 00 00 05 00]");
    EXPECTING(0, false, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 104", "< ok", STATUS,
              "< stall", "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_what_follows_a_stall_waits_as_announced(void **state)
{
    (void)state;
    EXPECTING(33, true, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< stall", "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
    EXPECTING(33, true, RLK_VERDICT_OK, "< ok", STATUS, "< stall", "> sleep 5", "< ok", STATUS,
              "< ok [00 68 00 00 04 00]", "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
    EXPECTING(33, true, RLK_VERDICT_OK, "< stall", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 104", "< ok", STATUS,
              "< ok [00 00 00 00 05 00]");
}

static void test_busy_a_second_time_waits_as_announced(void **state)
{
    (void)state;
    EXPECTING(33, true, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< ok [00 68 00 00 04 00]", "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_any_other_answer_to_an_early_poll_is_odd(void **state)
{
    (void)state;
    EXPECTING(33, true, RLK_VERDICT_REFUSED, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< ok [0b 00 00 00 0a 00]");
    EXPECTING(33, true, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< ok [00 00 00 00 02 00]");
    EXPECTING(33, true, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< ok [00 00 00]", "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
    EXPECTING(33, true, RLK_VERDICT_OK, "< ok", STATUS, "< ok [00 00 00 00 05 00]");
    EXPECTING(33, true, RLK_VERDICT_LOST, "< ok", STATUS, "< ok [00 68 00 00 04 00]", "> sleep 33", "< ok", STATUS,
              "< timeout");
    EXPECTING(33, true, RLK_VERDICT_LOST_EARLY, "< gone");
}

/* Longest: taken although stalled, so that the status which judges it carries it out. */
static void test_a_status_that_may_be_held_is_given_the_whole_work(void **state)
{
    static const uint8_t busy[] = {0, 0x68, 0, 0, BUSY, 0};
    const struct rlk_outcome outcomes[] = {{.kind = RLK_OUTCOME_STALL},
                                           {.kind = RLK_OUTCOME_OK, .data = busy, .bytes = sizeof busy},
                                           {.kind = RLK_OUTCOME_OK}};
    struct rlk_exchange exchange = in_state(IDLE);
    (void)state;
    rlk_exchange_begin(&exchange, &write_request);
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        struct rlk_operation operation = {0};
        rlk_exchange_outcome(&exchange, &outcomes[i]);
        rlk_exchange_operation(&exchange, &operation);
        assert_true(operation.kind == RLK_OPERATION_SLEEP || operation.timeout_ms > 5 * BUSY_MAX_MS);
    }
}

static void test_generation_b_works_in_the_first_poll(void **state)
{
    (void)state;
    struct rlk_exchange exchange = in_state(IDLE);
    struct rlk_operation operation = {0};
    struct rlk_outcome done = {.kind = RLK_OUTCOME_OK};
    rlk_exchange_begin(&exchange, &write_request);
    rlk_exchange_outcome(&exchange, &done);
    rlk_exchange_operation(&exchange, &operation);
    assert_true(operation.timeout_ms > BUSY_MAX_MS); /* it lasts as long as the work */
    CONVERSE(IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 f4 01 00 04 00]",
             "> sleep 500", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
    CONVERSE(IDLE, write_request, RLK_VERDICT_LOST, SET_ADDRESS, "< ok", STATUS, "< timeout");
}

static void test_generation_c_is_never_busy(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_generation_c_stalls_a_needless_clear(void **state)
{
    (void)state;
    /* It is never sent outside dfuERROR; and a stalled one is judged by the status after it. */
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [00 00 00 00 02 00]");
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [0b 00 00 00 0a 00]", CLEAR, "< stall", STATUS,
             "< ok [00 00 00 00 02 00]");
}

/* --- busy for ever --- */

static void test_endless_busy_is_freed_by_two_clears(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_STUCK, SET_ADDRESS, "< ok", STATUS, "< ok [00 e8 03 00 04 00]",
             "> sleep 1000", "< ok", STATUS, "< ok [00 e8 03 00 04 00]", "> sleep 1000", "< ok", STATUS,
             "< ok [00 e8 03 00 04 00]", "> sleep 1000", "< ok", STATUS, "< ok [00 e8 03 00 04 00]", CLEAR, "< ok",
             STATUS, "< ok [0e 00 00 00 0a 00]", CLEAR, "< ok", STATUS, "< ok [00 00 00 00 02 00]");
}

static void test_busy_that_nothing_frees_ends(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_STUCK, SET_ADDRESS, "< ok", STATUS, "< ok [00 ff ff ff 04 00]",
             "> sleep 2000", "< ok", STATUS, "< ok [00 ff ff ff 04 00]", "> sleep 2000", "< ok", STATUS,
             "< ok [00 ff ff ff 04 00]", CLEAR, "< ok", STATUS, "< ok [00 ff ff ff 04 00]", CLEAR, "< ok", STATUS,
             "< ok [00 ff ff ff 04 00]", CLEAR, "< ok", STATUS, "< ok [00 ff ff ff 04 00]");
}

static void test_a_poll_time_is_clamped_to_twice_the_worst_case(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 ff ff ff 04 00]",
             "> sleep 2000", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_a_poll_time_of_nothing_is_asked_a_bounded_number_of_times(void **state)
{
    static const uint8_t busy[] = {0, 0, 0, 0, BUSY, 0};
    const struct rlk_outcome answer = {.kind = RLK_OUTCOME_OK, .data = busy, .bytes = sizeof busy};
    struct rlk_exchange exchange = in_state(IDLE);
    uint32_t operations = 0;
    uint32_t slept_ms = 0;
    (void)state;
    rlk_exchange_begin(&exchange, &write_request);
    for (; exchange.verdict == RLK_VERDICT_NONE; operations++) {
        struct rlk_operation operation = {0};
        assert_in_range(operations, 0, 200);
        rlk_exchange_operation(&exchange, &operation);
        slept_ms += operation.duration_ms;
        rlk_exchange_outcome(&exchange, &answer);
    }
    assert_int_equal(exchange.verdict, RLK_VERDICT_STUCK);
    assert_in_range(slept_ms, 2 * BUSY_MAX_MS, 3 * BUSY_MAX_MS);
}

/* --- getting to dfuIDLE --- */

static void test_the_error_of_the_first_contact_is_cleared(void **state)
{
    (void)state;
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [0a 00 00 00 0a 00]", CLEAR, "< ok", STATUS,
             "< ok [00 00 00 00 02 00]");
}

static void test_an_error_may_need_two_clears(void **state)
{
    (void)state;
    CONVERSE(ERROR, write_request, RLK_VERDICT_OK, CLEAR, "< ok", STATUS, "< ok [0e 00 00 00 0a 00]", CLEAR, "< ok",
             STATUS, "< ok [00 00 00 00 02 00]", SET_ADDRESS, "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_an_error_that_stays_is_given_up(void **state)
{
    (void)state;
    CONVERSE(ERROR, idle_request, RLK_VERDICT_STUCK, CLEAR, "< ok", STATUS, "< ok [0e 00 00 00 0a 00]", CLEAR, "< ok",
             STATUS, "< ok [0e 00 00 00 0a 00]", CLEAR, "< ok", STATUS, "< ok [0e 00 00 00 0a 00]");
}

static void test_states_that_relatives_store_by_mistake_are_errors(void **state)
{
    (void)state;
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [00 00 00 00 00 00]", CLEAR, "< ok", STATUS,
             "< ok [00 00 00 00 02 00]");
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [00 00 00 00 01 00]", CLEAR, "< ok", STATUS,
             "< ok [00 00 00 00 02 00]");
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [00 00 00 00 0b 00]", CLEAR, "< ok", STATUS,
             "< ok [00 00 00 00 02 00]");
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [0b 00 00 00 0f 00]", CLEAR, "< ok", STATUS,
             "< ok [00 00 00 00 02 00]");
}

static void test_manifestation_is_no_state_to_work_in(void **state)
{
    (void)state;
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_NONSENSE, STATUS, "< ok [00 01 00 00 07 00]");
}

static void test_abort_leads_from_writing_to_reading_and_back(void **state)
{
    (void)state;
    CONVERSE(DNLOAD_IDLE, read_request, RLK_VERDICT_OK, ABORT, "< ok", UPLOAD, SIXTEEN);
    CONVERSE(UPLOAD_IDLE, write_request, RLK_VERDICT_OK, ABORT, "< ok", SET_ADDRESS, "< ok", STATUS,
             "< ok [00 00 00 00 05 00]");
    CONVERSE(UPLOAD_IDLE, read_request, RLK_VERDICT_OK, UPLOAD, SIXTEEN);
    CONVERSE(DNLOAD_IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< ok", STATUS, "< ok [00 00 00 00 05 00]");
    /* A stalled ABORT: what state it is in now must be asked. */
    CONVERSE(DNLOAD_IDLE, read_request, RLK_VERDICT_OK, ABORT, "< stall", STATUS, "< ok [00 00 00 00 02 00]", UPLOAD,
             SIXTEEN);
}

/* --- refusals --- */

static void test_a_write_that_is_refused(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_REFUSED, SET_ADDRESS, "< ok", STATUS, "< ok [00 68 00 00 04 00]",
             "> sleep 104", "< ok", STATUS, "< ok [0b 00 00 00 0a 00]");
    CONVERSE(IDLE, write_request, RLK_VERDICT_REFUSED, SET_ADDRESS, "< ok", STATUS, "< ok [0b 00 00 00 0a 00]");
    CONVERSE(IDLE, write_request, RLK_VERDICT_BAD_TARGET, SET_ADDRESS, "< ok", STATUS, "< ok [01 00 00 00 0a 00]");
    CONVERSE(IDLE, write_request, RLK_VERDICT_REFUSED, SET_ADDRESS, "< stall", STATUS, "< ok [0b 00 00 00 0a 00]");
}

static void test_of_sixteen_statuses_one_is_a_refusal(void **state)
{
    (void)state;
    for (unsigned status = 0; status <= 0x0F; status++) {
        uint8_t bytes[] = {(uint8_t)status, 0, 0, 0, ERROR, 0};
        const struct rlk_outcome stalled = {.kind = RLK_OUTCOME_STALL};
        const struct rlk_outcome told = {.kind = RLK_OUTCOME_OK, .data = bytes, .bytes = sizeof bytes};
        struct rlk_exchange exchange = in_state(IDLE);
        rlk_exchange_begin(&exchange, &read_request);
        rlk_exchange_outcome(&exchange, &stalled);
        rlk_exchange_outcome(&exchange, &told);
        enum rlk_verdict expected = status == 0x0B   ? RLK_VERDICT_REFUSED
                                    : status == 0x01 ? RLK_VERDICT_BAD_TARGET
                                                     : RLK_VERDICT_NONSENSE;
        assert_int_equal(exchange.verdict, expected);
        assert_int_equal(exchange.rom_status, status);
    }
}

/* dfuERROR is 10; relatives of the ROM store 15 and the like with that status by mistake. */
static void test_a_refusal_is_exactly_dfuerror_with_errvendor(void **state)
{
    (void)state;
    CONVERSE(IDLE, read_request, RLK_VERDICT_REFUSED, UPLOAD, "< stall", STATUS, "< ok [0b 00 00 00 0a 00]");
    CONVERSE(IDLE, read_request, RLK_VERDICT_NONSENSE, UPLOAD, "< stall", STATUS, "< ok [0b 00 00 00 0f 00]");
    CONVERSE(IDLE, read_request, RLK_VERDICT_NONSENSE, UPLOAD, "< stall", STATUS, "< ok [0b 00 00 00 01 00]");
}

/* Only of data, only with that status, and only while nothing can have started it. */
static void test_a_block_that_is_too_long_is_not_taken(void **state)
{
    (void)state;
    static const uint8_t data[16] = {0};
    const struct rlk_exchange_request block_request = {.kind = RLK_EXCHANGE_WRITE,
                                                       .block = 2,
                                                       .data = data,
                                                       .length = sizeof data,
                                                       .busy_max_ms = BUSY_MAX_MS,
                                                       .data_is_options = true};
    const char block[] = "> out 21 1 2 0 [00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00]";
    CONVERSE(IDLE, block_request, RLK_VERDICT_NOT_TAKEN, block, "< stall", STATUS, "< ok [0f 00 00 00 0a 00]");
    CONVERSE(IDLE, block_request, RLK_VERDICT_NONSENSE, block, "< stall", STATUS, "< ok [0e 00 00 00 0a 00]");
    CONVERSE(IDLE, block_request, RLK_VERDICT_NONSENSE, block, "< stall", STATUS, "< ok [0f 00 00 00 0f 00]");
    CONVERSE(IDLE, block_request, RLK_VERDICT_NONSENSE, block, "< stall", STATUS, "< stall", "> sleep 5", "< ok",
             STATUS, "< ok [0f 00 00 00 0a 00]");
    CONVERSE(IDLE, block_request, RLK_VERDICT_NONSENSE, block, "< ok", STATUS, "< ok [0f 00 00 00 0a 00]");
    CONVERSE(IDLE, write_request, RLK_VERDICT_NONSENSE, SET_ADDRESS, "< stall", STATUS, "< ok [0f 00 00 00 0a 00]");
}

/* The STALL was the cable's: the DNLOAD had been taken, and asking for the status has started it. */
static void test_a_stalled_download_that_was_taken_all_the_same(void **state)
{
    (void)state;
    CONVERSE(IDLE, write_request, RLK_VERDICT_OK, SET_ADDRESS, "< stall", STATUS, "< ok [00 68 00 00 04 00]",
             "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_a_stall_without_an_error_is_the_cables_fault(void **state)
{
    (void)state;
    CONVERSE(IDLE, read_request, RLK_VERDICT_OK, UPLOAD, "< stall", STATUS, "< ok [00 00 00 00 02 00]", UPLOAD,
             SIXTEEN);
    CONVERSE(IDLE, read_request, RLK_VERDICT_NONSENSE, UPLOAD, "< stall", STATUS, "< ok [00 00 00 00 02 00]", UPLOAD,
             "< stall", STATUS, "< ok [00 00 00 00 02 00]", UPLOAD, "< stall", STATUS, "< ok [00 00 00 00 02 00]");
}

static void test_a_short_upload_is_judged_by_the_status_after_it(void **state)
{
    (void)state;
    CONVERSE(IDLE, read_request, RLK_VERDICT_REFUSED, UPLOAD, "< ok []", STATUS, "< ok [0b 00 00 00 0a 00]");
    CONVERSE(IDLE, read_request, RLK_VERDICT_OK, UPLOAD, "< ok [00 01]", STATUS, "< ok [00 00 00 00 09 00]", UPLOAD,
             SIXTEEN);
}

static void test_the_list_may_be_shorter_than_asked(void **state)
{
    (void)state;
    CONVERSE(IDLE, list_request, RLK_VERDICT_OK, "> in a1 2 0 0 64", "< ok [00 21 41 92]");
    CONVERSE(DNLOAD_IDLE, list_request, RLK_VERDICT_OK, ABORT, "< ok", "> in a1 2 0 0 64", "< ok [00 21 41]");
    CONVERSE(IDLE, list_request, RLK_VERDICT_NONSENSE, "> in a1 2 0 0 64", "< stall", STATUS,
             "< ok [0f 00 00 00 0a 00]");
}

/* --- what resets the chip --- */

static void test_a_reset_is_a_loss_at_any_point_after_the_command(void **state)
{
    (void)state;
    CONVERSE(IDLE, reset_request, RLK_VERDICT_LOST, UNPROTECT, "< ok", STATUS, "< ok [00 68 00 00 04 00]",
             "> sleep 104", "< ok", STATUS, "< gone");
    CONVERSE(IDLE, reset_request, RLK_VERDICT_LOST, UNPROTECT, "< ok", STATUS, "< failed");
    CONVERSE(IDLE, reset_request, RLK_VERDICT_LOST_EARLY, UNPROTECT, "< gone"); /* nothing was carried out */
}

static void test_what_answers_after_a_reset_is_still_here(void **state)
{
    (void)state;
    CONVERSE(IDLE, reset_request, RLK_VERDICT_STILL_HERE, UNPROTECT, "< ok", STATUS, "< ok [00 68 00 00 04 00]",
             "> sleep 104", "< ok", STATUS, "< ok [0e 00 00 00 0a 00]");
    CONVERSE(IDLE, reset_request, RLK_VERDICT_STILL_HERE, UNPROTECT, "< ok", STATUS, "< ok [00 68 00 00 04 00]",
             "> sleep 104", "< ok", STATUS, "< ok [00 00 00 00 05 00]");
}

static void test_what_resets_the_chip_is_never_sent_twice(void **state)
{
    (void)state;
    CONVERSE(IDLE, reset_request, RLK_VERDICT_NONSENSE, UNPROTECT, "< stall", STATUS, "< ok [00 00 00 00 02 00]");
}

static void test_nothing_follows_a_lost_transfer(void **state)
{
    (void)state;
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_LOST_EARLY, STATUS, "< gone");
    CONVERSE(IDLE, write_request, RLK_VERDICT_LOST_EARLY, SET_ADDRESS, "< timeout");
    CONVERSE(IDLE, read_request, RLK_VERDICT_LOST, UPLOAD, "< failed");
    CONVERSE(ERROR, read_request, RLK_VERDICT_LOST_EARLY, CLEAR, "< gone");
    CONVERSE(DNLOAD_IDLE, read_request, RLK_VERDICT_LOST_EARLY, ABORT, "< timeout");
}

static void test_a_short_status_means_nothing(void **state)
{
    (void)state;
    CONVERSE(UNKNOWN, idle_request, RLK_VERDICT_OK, STATUS, "< ok [00 00 00]", "> sleep 5", "< ok", STATUS,
             "< ok [00 00 00 00 02 00]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generation_a),
        cmocka_unit_test(test_generation_a_on_an_fs_core_stalls_an_early_poll),
        cmocka_unit_test(test_an_fs_core_is_given_the_data_sheets_time_before_the_first_poll),
        cmocka_unit_test(test_the_first_wait_is_the_shorter_one_of_expected_and_announced),
        cmocka_unit_test(test_what_follows_a_stall_waits_as_announced),
        cmocka_unit_test(test_busy_a_second_time_waits_as_announced),
        cmocka_unit_test(test_any_other_answer_to_an_early_poll_is_odd),
        cmocka_unit_test(test_a_status_that_may_be_held_is_given_the_whole_work),
        cmocka_unit_test(test_generation_b_works_in_the_first_poll),
        cmocka_unit_test(test_generation_c_is_never_busy),
        cmocka_unit_test(test_generation_c_stalls_a_needless_clear),
        cmocka_unit_test(test_endless_busy_is_freed_by_two_clears),
        cmocka_unit_test(test_busy_that_nothing_frees_ends),
        cmocka_unit_test(test_a_poll_time_is_clamped_to_twice_the_worst_case),
        cmocka_unit_test(test_a_poll_time_of_nothing_is_asked_a_bounded_number_of_times),
        cmocka_unit_test(test_the_error_of_the_first_contact_is_cleared),
        cmocka_unit_test(test_an_error_may_need_two_clears),
        cmocka_unit_test(test_an_error_that_stays_is_given_up),
        cmocka_unit_test(test_states_that_relatives_store_by_mistake_are_errors),
        cmocka_unit_test(test_manifestation_is_no_state_to_work_in),
        cmocka_unit_test(test_abort_leads_from_writing_to_reading_and_back),
        cmocka_unit_test(test_a_write_that_is_refused),
        cmocka_unit_test(test_of_sixteen_statuses_one_is_a_refusal),
        cmocka_unit_test(test_a_refusal_is_exactly_dfuerror_with_errvendor),
        cmocka_unit_test(test_a_block_that_is_too_long_is_not_taken),
        cmocka_unit_test(test_a_stalled_download_that_was_taken_all_the_same),
        cmocka_unit_test(test_a_stall_without_an_error_is_the_cables_fault),
        cmocka_unit_test(test_a_short_upload_is_judged_by_the_status_after_it),
        cmocka_unit_test(test_the_list_may_be_shorter_than_asked),
        cmocka_unit_test(test_a_reset_is_a_loss_at_any_point_after_the_command),
        cmocka_unit_test(test_what_answers_after_a_reset_is_still_here),
        cmocka_unit_test(test_what_resets_the_chip_is_never_sent_twice),
        cmocka_unit_test(test_nothing_follows_a_lost_transfer),
        cmocka_unit_test(test_a_short_status_means_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
