/*
 * Protection levels, exhaustively: each family and each of the 256 RDP bytes, what is decoded and what is built. Of
 * the eight rows that are refused or only written no option bytes are known: nothing is built.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* F1 has no level 2, and only with TrustZone 55 is a level of its own. */
static enum rlk_rdp_level expected_level(enum rlk_family family, unsigned rdp)
{
    if (rdp == sample_level0(family)) {
        return RLK_RDP_LEVEL_0;
    }
    if (rdp == 0xCC && family != F105) {
        return RLK_RDP_LEVEL_2;
    }
    return rdp == 0x55 && sample_has_trustzone(family) ? RLK_RDP_LEVEL_HALF : RLK_RDP_LEVEL_1;
}

static void test_levels(void **state)
{
    size_t families = 0;
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        for (unsigned rdp = 0; rdp < 256; rdp++) {
            struct rlk_option_field field;
            sample_set_byte(block, chip, chip->rdp_read_offset, (uint8_t)rdp);
            assert_int_equal(rlk_options_level(chip, block), expected_level(chip->family, rdp));
            assert_true(rlk_options_field(chip, block, 0, &field));
            assert_int_equal(field.value, rdp);
        }
        families++;
    }
    assert_int_equal(families, 33);
}

static void check_nothing_is_built(const struct rlk_chip *chip, const uint8_t *block)
{
    static const struct rlk_option_wish wish = {"RDP", 0xBB};
    uint8_t built[RLK_OPTIONS_BYTES_MAX] = {0};
    const uint8_t before[RLK_OPTIONS_BYTES_MAX] = {0};
    const char *field = NULL;
    for (size_t length = 0; length <= RLK_OPTIONS_BYTES_MAX; length++) {
        assert_int_equal(rlk_options_check(chip, block, length), RLK_E_OPTIONS_MALFORMED);
    }
    assert_int_equal(rlk_options_build(chip, block, true, built), RLK_E_OPTIONS_MALFORMED);
    assert_int_equal(rlk_options_build(chip, block, false, built), RLK_E_OPTIONS_MALFORMED);
    assert_int_equal(rlk_options_apply(chip, &wish, 1, built, NULL), RLK_E_OPTION_FIELD_UNKNOWN);
    assert_memory_equal(built, before, sizeof built);
    assert_int_equal(rlk_options_judge_door(chip, block, RLK_WAY_BACK_BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
}

/* Whatever is there, be it another family's block: the byte is put where any family has it. */
static void test_rows_without_option_bytes(void **state)
{
    size_t rows = 0;
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        if (sample_has_options(chip->family)) {
            continue;
        }
        assert_int_equal(chip->options_addr + chip->options_bytes + chip->options_write_bytes, 0);
        assert_true(chip->tier > RLK_TIER_EXPERIMENTAL && chip->refusal != RLK_OK);
        for (unsigned rdp = 0; rdp < 256; rdp++) {
            sample_options(block, H74X);
            block[0] = block[1] = block[5] = (uint8_t)rdp;
            check_nothing_is_built(chip, block);
        }
        rows++;
    }
    assert_int_equal(rows, 8);
}

/* H7: the words in force: OPTSR, PRAR, SCAR, WPSN and BOOT; in the block of H7A3 also the second bank's. */
static const uint16_t words_in_force[] = {0x00, 0x0C, 0x14, 0x1C, 0x24, 0x10C, 0x114, 0x11C};

static size_t words_in_force_count(enum rlk_family family)
{
    return family == H7A3 ? 8 : family == H74X || family == H72X ? 5 : 0;
}

/* What is in force goes into the words to program. */
static void expect_build(const struct rlk_chip *chip, uint8_t *expected, bool protect)
{
    for (size_t w = 0; w < words_in_force_count(chip->family); w++) {
        memcpy(&expected[words_in_force[w] + 4U], &expected[words_in_force[w]], 4);
    }
    sample_set_byte(expected, chip, chip->rdp_write_offset,
                    protect ? sample_level1(chip->family) : sample_level0(chip->family));
}

/* No byte that is written could lock it: as the family's own RDP, or as another one's. */
static void check_harmless(const struct rlk_chip *chip, const uint8_t *built)
{
    const uint8_t rdp = built[chip->rdp_write_offset];
    assert_true(rdp != 0xCC && rdp != 0x55);
    assert_true(rdp == sample_level0(chip->family) || rdp == sample_level1(chip->family));
    if (chip->rdp_read_offset == chip->rdp_write_offset) {
        assert_false(rlk_options_mean_level_2(chip->options_addr, built, chip->options_write_bytes));
    }
}

/* The RDP byte changes with its complement, and nothing else; building in place does the same. */
static void check_build(const struct rlk_chip *chip, bool protect)
{
    uint8_t current[RLK_OPTIONS_BYTES_MAX];
    uint8_t expected[RLK_OPTIONS_BYTES_MAX];
    uint8_t built[RLK_OPTIONS_BYTES_MAX] = {0};
    for (unsigned rdp = 0; rdp < 256; rdp++) {
        sample_options(current, chip->family);
        sample_set_byte(current, chip, chip->rdp_read_offset, (uint8_t)rdp);
        memcpy(expected, current, sizeof expected);
        expect_build(chip, expected, protect);
        assert_int_equal(rlk_options_check(chip, current, chip->options_bytes), RLK_OK);
        assert_int_equal(rlk_options_build(chip, current, protect, built), RLK_OK);
        assert_memory_equal(built, expected, chip->options_bytes);
        check_harmless(chip, built);
        assert_int_equal(rlk_options_build(chip, current, protect, current), RLK_OK);
        assert_memory_equal(current, expected, chip->options_bytes);
    }
}

static void test_build_changes_only_rdp(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        if (sample_has_options((enum rlk_family)f)) {
            check_build(rlk_chip_row((enum rlk_family)f), true);
            check_build(rlk_chip_row((enum rlk_family)f), false);
        }
    }
}

/* Whatever stands in the words to program, even level 2: none of it is left in what is built. */
static void test_stale_words_are_not_programmed(void **state)
{
    static const enum rlk_family families[] = {H74X, H72X, H7A3};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families) * 256; i++) {
        const struct rlk_chip *chip = rlk_chip_row(families[i / 256]);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        uint8_t built[RLK_OPTIONS_BYTES_MAX];
        const size_t count = words_in_force_count(chip->family);
        sample_options(block, chip->family);
        for (size_t w = 0; w < count; w++) {
            memset(&block[words_in_force[w] + 4U], (int)(i % 256), 4);
        }
        assert_int_equal(rlk_options_build(chip, block, true, built), RLK_OK);
        assert_int_equal(built[5], 0xBB);
        built[5] = built[1];
        for (size_t w = 0; w < count; w++) {
            assert_memory_equal(&built[words_in_force[w]], &block[words_in_force[w]], 4);
            assert_memory_equal(&built[words_in_force[w] + 4U], &block[words_in_force[w]], 4);
        }
        assert_memory_equal(&built[0x2C], &block[0x2C], 0x58 - 0x2C);
    }
}

/* Bytes by hand: RDP and its complement as the manuals have them in memory. */
static void test_bytes_as_the_manuals_have_them(void **state)
{
    static const struct {
        enum rlk_family family;
        size_t offset;
        uint8_t open[4], sealed[4];
    } cases[] = {
        {F04X, 0, {0xAA, 0x55, 0xFF, 0x00}, {0xBB, 0x44, 0xFF, 0x00}},
        {F105, 0, {0xA5, 0x5A, 0xFF, 0x00}, {0xBB, 0x44, 0xFF, 0x00}},
        {F30X, 0, {0xAA, 0x55, 0xFF, 0x00}, {0xBB, 0x44, 0xFF, 0x00}},
        {F2, 0, {0xEF, 0xAA, 0xFF, 0xFF}, {0xEF, 0xBB, 0xFF, 0xFF}},
        {F76X, 0, {0xFC, 0xAA, 0xFF, 0xFF}, {0xFC, 0xBB, 0xFF, 0xFF}},
        {L07X, 0, {0xAA, 0x00, 0x55, 0xFF}, {0xBB, 0x00, 0x44, 0xFF}},
        {L1, 0, {0xAA, 0x00, 0x55, 0xFF}, {0xBB, 0x00, 0x44, 0xFF}},
        {L4PLUS, 4, {0x55, 0x07, 0x00, 0x00}, {0x44, 0x07, 0x00, 0x00}},
        {G0B1, 4, {0x55, 0x1E, 0x00, 0x21}, {0x44, 0x1E, 0x00, 0x21}},
        {H74X, 0, {0xF0, 0xAA, 0x06, 0x14}, {0xF0, 0xAA, 0x06, 0x14}},
        {H74X, 4, {0xF0, 0xAA, 0x06, 0x14}, {0xF0, 0xBB, 0x06, 0x14}},
        {U5, 0, {0xAA, 0xF8, 0xEF, 0x1F}, {0xDC, 0xF8, 0xEF, 0x1F}},
        {U0, 0, {0xAA, 0xE1, 0xFF, 0xDE}, {0xBB, 0xE1, 0xFF, 0xDE}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rlk_chip *chip = rlk_chip_row(cases[i].family);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        uint8_t built[RLK_OPTIONS_BYTES_MAX];
        sample_options(block, chip->family);
        assert_int_equal(rlk_options_build(chip, block, false, built), RLK_OK);
        assert_memory_equal(&built[cases[i].offset], cases[i].open, 4);
        assert_int_equal(rlk_options_build(chip, block, true, built), RLK_OK);
        assert_memory_equal(&built[cases[i].offset], cases[i].sealed, 4);
    }
}

/* What a sealed block reads as, and that opening it gives back what it was. */
static void test_there_and_back(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        uint8_t sealed[RLK_OPTIONS_BYTES_MAX];
        uint8_t open[RLK_OPTIONS_BYTES_MAX];
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        assert_int_equal(rlk_options_build(chip, block, false, block), RLK_OK);
        assert_int_equal(rlk_options_build(chip, block, true, sealed), RLK_OK);
        assert_int_equal(rlk_options_build(chip, sealed, false, open), RLK_OK);
        assert_memory_equal(open, block, chip->options_bytes);
        /* The device puts what was programmed in force. */
        sealed[chip->rdp_read_offset] = sealed[chip->rdp_write_offset];
        assert_int_equal(rlk_options_level(chip, sealed), RLK_RDP_LEVEL_1);
        assert_int_equal(rlk_options_level(chip, open), RLK_RDP_LEVEL_0);
    }
}

/* The row's own slot in the wall that knows of no family: F1's byte too, as a chip may be taken for another one. */
static void test_level_2_at_each_familys_own_slot(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        if (!sample_has_options(chip->family)) {
            continue;
        }
        for (unsigned rdp = 0; rdp < 256; rdp++) {
            sample_options(block, chip->family);
            assert_false(rlk_options_mean_level_2(chip->options_addr, block, chip->options_write_bytes));
            block[chip->rdp_write_offset] = (uint8_t)rdp;
            assert_int_equal(rlk_options_mean_level_2(chip->options_addr, block, chip->options_write_bytes),
                             rdp == 0xCC);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_rows_without_option_bytes),
        cmocka_unit_test(test_build_changes_only_rdp),
        cmocka_unit_test(test_stale_words_are_not_programmed),
        cmocka_unit_test(test_bytes_as_the_manuals_have_them),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_level_2_at_each_familys_own_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
