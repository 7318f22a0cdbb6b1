/*
 * The gate: what else was in the sectors of an open device goes back as it was, and in no other way.
 */
#include "gate_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SET_ADDRESS 0x21
#define ERASE       0x41

static bool passes(struct rlk_gate *gate, uint16_t block, const uint8_t *data, size_t length)
{
    return rlk_gate_judge(gate, block, data, length) == RLK_OK;
}

/* What else a sector held goes back with exactly its bytes, and only where it was. */
static void test_kept_ranges_with_their_bytes(void **state)
{
    static const struct rlk_segment kept[] = {{0x08001800, 64, 8}, {0x08003000, 32, 72}};
    struct sample_gate sample;
    uint8_t room[104];
    uint8_t other[64];
    (void)state;
    for (size_t i = 0; i < sizeof room; i++) {
        room[i] = (uint8_t)(i + 1U);
    }
    sample_gate_open(&sample, RLK_FAMILY_STM32F405);
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, 0x08001800), RLK_OK);
    assert_false(passes(&sample.gate, 2, &room[8], 64));
    sample.gate.kept = kept;
    sample.gate.kept_count = 2;
    sample.gate.kept_bytes = room;
    assert_true(passes(&sample.gate, 2, &room[8], 64));
    assert_true(passes(&sample.gate, 2, &room[8], 32));
    assert_false(passes(&sample.gate, 2, &room[8], 66)); /* beyond its end */
    assert_false(passes(&sample.gate, 2, &room[9], 32)); /* other bytes */
    memcpy(other, &room[8], sizeof other);
    other[63] ^= 1U;
    assert_false(passes(&sample.gate, 2, other, 64)); /* one other bit */
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, 0x08001810), RLK_OK);
    assert_true(passes(&sample.gate, 2, &room[24], 48));
    assert_false(passes(&sample.gate, 2, &room[24], 50));
    assert_false(passes(&sample.gate, 2, &room[8], 48)); /* right bytes, wrong place */
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, 0x08003000), RLK_OK);
    assert_true(passes(&sample.gate, 2, &room[72], 32));
    sample.gate.kept_count = 1;
    assert_false(passes(&sample.gate, 2, &room[72], 32));
    sample.gate.kept_count = 2;
    sample.gate.may_write_flash = false;
    assert_false(passes(&sample.gate, 2, &room[72], 32));
}

/* What completes a unit of programming is erased, or what is kept there: those bytes, all of them, and behind the
 * image's. */
static void test_padding_that_is_kept(void **state)
{
    static const struct rlk_segment kept[] = {{0x08002010, 16, 8}};
    struct sample_gate sample;
    uint8_t room[24];
    uint8_t data[32] = {0};
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32H74X);
    assert_int_equal(sample.gate.chip->program_bytes, sizeof data);
    memset(room, 0x5A, sizeof room);
    memcpy(&data[16], &room[8], 16);
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, 0x08002000), RLK_OK);
    assert_false(passes(&sample.gate, 2, data, sizeof data));
    sample.gate.kept = kept;
    sample.gate.kept_count = 1;
    sample.gate.kept_bytes = room;
    assert_true(passes(&sample.gate, 2, data, sizeof data));
    assert_false(passes(&sample.gate, 2, data, 24)); /* not all of them */
    for (size_t i = 16; i < sizeof data; i++) {
        data[i] ^= 1U;
        assert_false(passes(&sample.gate, 2, data, sizeof data));
        data[i] ^= 1U;
    }
    memset(&data[16], sample.gate.chip->erased_value, 16);
    assert_true(passes(&sample.gate, 2, data, sizeof data));
}

/* Keeping something does not allow to erase where nothing is planned. */
static void test_kept_ranges_allow_no_erase(void **state)
{
    static const struct rlk_segment kept[] = {{0x08020000, 64, 0}};
    static const uint8_t room[64];
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F405);
    sample.gate.kept = kept;
    sample.gate.kept_count = 1;
    sample.gate.kept_bytes = room;
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08020000), RLK_E_GATE_VETO);
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000000), RLK_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_ranges_with_their_bytes),
        cmocka_unit_test(test_padding_that_is_kept),
        cmocka_unit_test(test_kept_ranges_allow_no_erase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
