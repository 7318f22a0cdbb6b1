/*
 * The exchange against a ROM that answers anything: it always ends, soon, and never sends what is not legal in the
 * state that it was told.
 */
#include "random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "../../core/src/engine/exchange_machine.h"

enum { DNLOAD = 1, UPLOAD = 2, GETSTATUS = 3, CLRSTATUS = 4, ABORT = 6 };
enum { IDLE = 2, SYNC = 3, BUSY = 4, DNLOAD_IDLE = 5, UPLOAD_IDLE = 9, ERROR = 10, UNKNOWN = 0xFF };
enum { ROMS = 40000, EXCHANGES_PER_ROM = 6, OPERATIONS_MAX = 250 };

/* Sleeps of one exchange, in worst cases of what was asked for: waiting for the work, then for an answer five times. */
enum { WORST_CASES_MAX = 16 };

struct rom {
    uint64_t seed;
    uint32_t mood; /* what it likes to answer */
    uint8_t told;  /* the state that the host may believe */
    uint8_t data[64];
};

static uint32_t verdicts[RLK_VERDICT_NONSENSE + 1];

static const uint32_t worst_cases_ms[] = {50, 1000, 32000};

static uint8_t any_state(struct rom *rom)
{
    static const uint8_t likely[] = {IDLE, SYNC, BUSY, DNLOAD_IDLE, UPLOAD_IDLE, ERROR, BUSY, DNLOAD_IDLE};
    uint32_t choice = random_below(&rom->seed, 12);
    if (rom->mood == 1) {
        return BUSY;
    }
    return choice < sizeof likely ? likely[choice] : (uint8_t)random_next(&rom->seed);
}

static void tell_status(struct rom *rom, struct rlk_outcome *outcome)
{
    static const uint8_t statuses[] = {0x00, 0x01, 0x0A, 0x0B, 0x0E, 0x0F};
    bool is_short = random_below(&rom->seed, 20) == 0;
    for (unsigned i = 0; i < 4; i++) {
        rom->data[i] = (uint8_t)(random_below(&rom->seed, 3) == 0 ? random_next(&rom->seed) : 0U);
    }
    if (random_below(&rom->seed, 2) == 0) {
        rom->data[0] = statuses[random_below(&rom->seed, sizeof statuses)];
    }
    rom->data[4] = any_state(rom);
    rom->data[5] = 0;
    outcome->data = rom->data;
    outcome->bytes = is_short ? random_below(&rom->seed, 6) : 6U;
    if (!is_short) {
        rom->told = rom->data[4];
    }
}

static enum rlk_outcome_kind any_kind(struct rom *rom)
{
    uint32_t choice = random_below(&rom->seed, rom->mood == 2 ? 12 : 400);
    if (choice < 3) {
        return (enum rlk_outcome_kind)(RLK_OUTCOME_TIMEOUT + choice);
    }
    uint32_t stalls = rom->mood == 3 ? 2 : 10;
    return random_below(&rom->seed, stalls) == 0 ? RLK_OUTCOME_STALL : RLK_OUTCOME_OK;
}

static bool is_error(uint8_t state)
{
    return state == ERROR || state < IDLE || (state > ERROR && state != UNKNOWN);
}

static void check_legal(const struct rom *rom, const struct rlk_operation *operation)
{
    if (operation->kind == RLK_OPERATION_SLEEP) {
        return;
    }
    switch (operation->request) {
    case CLRSTATUS:
        assert_true(is_error(rom->told) || rom->told == BUSY || rom->told == SYNC);
        break;
    case ABORT:
        assert_true(rom->told == DNLOAD_IDLE || rom->told == UPLOAD_IDLE);
        break;
    case DNLOAD:
        assert_true(rom->told == IDLE || rom->told == DNLOAD_IDLE);
        break;
    case UPLOAD:
        assert_true(rom->told == IDLE || rom->told == UPLOAD_IDLE);
        break;
    default:
        assert_int_equal(operation->request, GETSTATUS);
        break;
    }
}

static void answer_transfer(struct rom *rom, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    outcome->kind = any_kind(rom);
    if (operation->request != GETSTATUS) {
        rom->told = UNKNOWN;
    }
    if (outcome->kind != RLK_OUTCOME_OK) {
        return;
    }
    if (operation->request == GETSTATUS) {
        tell_status(rom, outcome);
    } else if (operation->request == UPLOAD) {
        bool is_short = random_below(&rom->seed, 5) == 0;
        outcome->data = rom->data;
        outcome->bytes = is_short ? random_below(&rom->seed, operation->length) : operation->length;
        bool is_list = operation->value == 0 && outcome->bytes > 0;
        rom->told = is_list || !is_short ? UPLOAD_IDLE : UNKNOWN; /* after GET: dfuIDLE or dfuUPLOAD-IDLE */
    } else if (operation->request == ABORT) {
        rom->told = IDLE;
    }
}

static void answer(struct rom *rom, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    *outcome = (struct rlk_outcome){.kind = RLK_OUTCOME_OK};
    if (operation->kind != RLK_OPERATION_SLEEP) {
        answer_transfer(rom, operation, outcome);
    }
}

static struct rlk_exchange_request any_request(struct rom *rom)
{
    static const uint8_t data[32];
    struct rlk_exchange_request request = {
        .kind = (enum rlk_exchange_kind)random_below(&rom->seed, 5),
        .data = data,
        .length = (uint16_t)(1U + random_below(&rom->seed, sizeof data)),
        .busy_max_ms = worst_cases_ms[random_below(&rom->seed, 3)],
        .busy_typical_ms = random_below(&rom->seed, 30),
        .expected_ms = random_below(&rom->seed, 30),
    };
    request.block = request.kind == RLK_EXCHANGE_LIST ? 0 : 2;
    return request;
}

static bool is_lost(const struct rlk_exchange *exchange)
{
    return exchange->verdict == RLK_VERDICT_LOST || exchange->verdict == RLK_VERDICT_LOST_EARLY;
}

static void run_exchange(struct rom *rom, struct rlk_exchange *exchange)
{
    struct rlk_exchange_request request = any_request(rom);
    uint64_t slept_ms = 0;
    uint32_t operations = 0;
    uint32_t downloads = 0;
    rlk_exchange_begin(exchange, &request);
    for (; exchange->verdict == RLK_VERDICT_NONE; operations++) {
        struct rlk_operation operation = {0};
        struct rlk_outcome outcome;
        rlk_exchange_operation(exchange, &operation);
        check_legal(rom, &operation);
        slept_ms += operation.duration_ms;
        downloads += operation.kind == RLK_OPERATION_CONTROL_OUT && operation.request == DNLOAD ? 1U : 0U;
        answer(rom, &operation, &outcome);
        rlk_exchange_outcome(exchange, &outcome);
        assert_int_equal(is_lost(exchange), outcome.kind > RLK_OUTCOME_STALL);
        assert_in_range(operations, 0, OPERATIONS_MAX);
    }
    verdicts[exchange->verdict]++;
    assert_in_range(slept_ms, 0, (uint64_t)WORST_CASES_MAX * request.busy_max_ms + 100U);
    assert_in_range(downloads, 0, request.kind == RLK_EXCHANGE_RESETTING ? 1 : 2);
}

static void test_any_answers(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < ROMS; seed++) {
        struct rom rom = {.seed = seed, .mood = (uint32_t)(seed % 5U), .told = UNKNOWN};
        struct rlk_exchange exchange;
        rlk_exchange_reset(&exchange, 0);
        exchange.verdict = RLK_VERDICT_OK;
        for (unsigned i = 0; i < EXCHANGES_PER_ROM && !is_lost(&exchange); i++) {
            run_exchange(&rom, &exchange);
        }
    }
    for (unsigned verdict = RLK_VERDICT_OK; verdict <= RLK_VERDICT_NONSENSE; verdict++) {
        assert_int_not_equal(verdicts[verdict], 0); /* or the answers are not as wild as they should be */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
