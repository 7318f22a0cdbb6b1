/*
 * The gate's whole domain, as far as it can be walked: every command byte and length, every RDP byte at every option
 * block of every family known, for every family of the table. What passes is counted and must be exactly what is meant.
 */
#include "gate_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define DATA_BYTES 2064U

/* Start of every option block, register image or OTP that some family has, whether in the table or not. */
static const uint32_t places[] = {
    0x1FFFF800, 0x1FFFC000, 0x1FFEC000, 0x1FFF0000, 0x1FF80000, 0x1FF80080, 0x1FFF7800, 0x1FF00000,
    0x1FF01000, 0x1FFF8000, 0x40022020, 0x40022040, 0x40022050, 0x400221E0, 0x5200201C, 0x52002020,
    0x52002200, 0xEFFFFFFF, 0x1FFF7000, 0x1FFF6800, 0x1FFE7800, 0x0BFA0000, 0x08FFF000, 0xFFFF0000,
};
static const int32_t offsets[] = {-2048, -40, -16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16, 40, 2048};
static const size_t lengths[] = {1,  2,  4,  8,  12, 15,  16,  17,  20,  32,  39,  40,  41,  44,
                                 48, 49, 64, 88, 92, 100, 116, 120, 128, 136, 296, 297, 304, 2048};

/* The bytes that are an RDP slot, for the addresses that any family writes to, or a product state. */
static const uint32_t rdp_slots[] = {
    0x1FFFF800, 0x1FFFC000, 0x1FFFC001, 0x1FFEC000, 0x1FFEC001, 0x1FFF0000, 0x1FFF0001, 0x1FF80000,
    0x1FF80080, 0x1FFF7800, 0x1FF00000, 0x1FF01000, 0x1FFF8000, 0x40022020, 0x40022040, 0x40022050,
    0x40022051, 0x40022054, 0x40022055, 0x5200201C, 0x5200201D, 0x52002020, 0x52002021, 0x52002200,
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static uint8_t data[DATA_BYTES];

static bool passes(const struct rlk_gate *gate, uint16_t block, size_t length)
{
    struct rlk_gate copy = *gate;
    copy.options = data; /* whatever it is, it was planned so */
    return rlk_gate_judge(&copy, block, data, length) == RLK_OK;
}

/* All lengths for one first byte; the next four bytes are the address of a planned sector. */
static size_t count_lengths(const struct rlk_gate *gate, uint16_t block)
{
    size_t passed = 0;
    for (size_t length = 0; length <= 70; length++) {
        passed += passes(gate, block, length);
    }
    passed += passes(gate, block, 2048);
    passed += passes(gate, block, 2049);
    return passed;
}

static size_t count_commands(const struct rlk_gate *gate, uint16_t block)
{
    size_t passed = 0;
    memset(data, 0, sizeof data);
    data[4] = 0x08;
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        data[0] = (uint8_t)opcode;
        passed += count_lengths(gate, block);
    }
    return passed;
}

static void test_commands(void **state)
{
    struct sample_gate sample;
    const struct rlk_gate zeroed = {0};
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        sample_gate_open(&sample, (enum rlk_family)f);
        const size_t erases = sample_can_write((enum rlk_family)f);
        /* Length 0 whatever the byte would be; 21 + 4; 41 + 4; 92. */
        assert_int_equal(count_commands(&sample.gate, 0), 256 + 2 + erases);
        assert_int_equal(count_commands(&sample.gate, 1), 0);
        sample.gate.may_unprotect = false;
        assert_int_equal(count_commands(&sample.gate, 0), 256 + 1 + erases);
        sample.gate.may_write_flash = false;
        assert_int_equal(count_commands(&sample.gate, 0), 256 + 1);
    }
    assert_int_equal(count_commands(&zeroed, 0), 256 + 1);
    assert_int_equal(count_commands(&zeroed, 1), 0);
    assert_int_equal(count_commands(&zeroed, 2), 256);
}

static void assert_is_own_block(const struct rlk_chip *chip, uint32_t addr, uint16_t block, size_t length)
{
    assert_int_equal(block, 2);
    assert_int_equal(addr, chip->options_addr);
    assert_int_equal(length, chip->options_write_bytes);
    assert_true(data[chip->rdp_write_offset] == sample_level0(chip->family) ||
                data[chip->rdp_write_offset] == sample_level1(chip->family));
}

/* All lengths at one address; what passes must be the family's own block. */
static size_t count_block(const struct rlk_gate *gate, uint32_t addr, uint16_t block)
{
    size_t passed = 0;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        if (passes(gate, block, lengths[i])) {
            assert_is_own_block(gate->chip, addr, block, lengths[i]);
            passed++;
        }
    }
    return passed;
}

static size_t count_at(struct rlk_gate *gate, uint32_t addr)
{
    assert_int_equal(sample_command(gate, 0x21, addr), RLK_OK);
    return count_block(gate, addr, 2) + count_block(gate, addr, 3);
}

/* Some places lie 2048 bytes apart, so an address can come up more than once. */
static size_t count_visits(uint32_t addr)
{
    size_t visits = 0;
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        for (size_t o = 0; o < COUNT_OF(offsets); o++) {
            visits += places[p] + (uint32_t)offsets[o] == addr;
        }
    }
    return visits;
}

static size_t count_option_writes(struct rlk_gate *gate)
{
    size_t passed = 0;
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        for (size_t o = 0; o < COUNT_OF(offsets); o++) {
            passed += count_at(gate, places[p] + (uint32_t)offsets[o]);
        }
    }
    return passed;
}

/* Blocks that are right for the family but for their RDP byte: levels 0 and 1 pass at its address, nothing else does.
 */
static void test_option_writes(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        if (!sample_has_options((enum rlk_family)f)) {
            continue;
        }
        sample_gate_open(&sample, (enum rlk_family)f);
        size_t passed = 0;
        for (unsigned rdp = 0; rdp < 256; rdp++) {
            memset(data, 0, sizeof data);
            sample_options(data, (enum rlk_family)f);
            sample_set_byte(data, sample.gate.chip, sample.gate.chip->rdp_write_offset, (uint8_t)rdp);
            passed += count_option_writes(&sample.gate);
        }
        assert_int_equal(passed, 2 * count_visits(sample.gate.chip->options_addr));
    }
}

static void test_option_writes_without_permission(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        sample_gate_open(&sample, (enum rlk_family)f);
        sample.gate.may_write_options = false;
        memset(data, 0, sizeof data);
        if (sample_has_options((enum rlk_family)f)) {
            sample_options(data, (enum rlk_family)f);
        }
        assert_int_equal(count_option_writes(&sample.gate), 0);
    }
}

/* Every byte the same: no complement, no offset and no length may let CC through. */
static void test_blocks_of_one_value(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        sample_gate_open(&sample, (enum rlk_family)f);
        for (unsigned value = 0; value < 256; value++) {
            memset(data, (int)value, sizeof data);
            assert_int_equal(count_option_writes(&sample.gate), 0);
        }
    }
}

/* A row whose main flash would lie over the slots: the last wall. Of 256 values only CC is stopped, at slots only. */
static void open_over(struct sample_gate *sample, struct rlk_chip *chip, uint32_t base)
{
    sample_gate_open(sample, RLK_FAMILY_STM32F405);
    *chip = *sample->gate.chip;
    chip->flash_addr = base;
    chip->options_addr = 0;
    struct rlk_layout *flash = &sample->fingerprint.layouts[0];
    flash->group_count = 1;
    flash->groups[0] = (struct rlk_sector_group){.start_addr = base, .count = 1, .sector_bytes = 0x400000, .access = 7};
    sample->image.segments[0].addr = base;
    sample->image.segments[0].length = 0x400000;
    sample->gate.chip = chip;
}

/* The slot's byte as the first to the sixteenth of a transfer. */
static void check_slot(struct rlk_gate *gate, uint32_t slot, uint8_t value)
{
    for (uint32_t before = 0; before < 16; before++) {
        assert_int_equal(sample_command(gate, 0x21, slot - before), RLK_OK);
        memset(data, 0, sizeof data);
        data[before] = value;
        assert_int_equal(passes(gate, 2, 16), value != 0xCC);
    }
}

static void test_level_2_at_any_slot(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rdp_slots); i++) {
        struct sample_gate sample;
        struct rlk_chip chip;
        open_over(&sample, &chip, (rdp_slots[i] & 0xFFF00000U) - 0x100000U);
        for (unsigned value = 0; value < 256; value++) {
            check_slot(&sample.gate, rdp_slots[i], (uint8_t)value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_option_writes),
        cmocka_unit_test(test_option_writes_without_permission),
        cmocka_unit_test(test_blocks_of_one_value),
        cmocka_unit_test(test_level_2_at_any_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
