/*
 * Option bytes: checks, levels, the block to write, and the door rules one by one.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define UNSAID RLK_WAY_BACK_UNSAID
#define NONE   RLK_WAY_BACK_NONE

static void test_samples_are_well_formed(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        for (size_t length = 0; length <= RLK_OPTIONS_BYTES_MAX; length++) {
            assert_int_equal(rlk_options_check(chip, block, length),
                             length == chip->options_bytes || length == chip->options_write_bytes
                                 ? RLK_OK
                                 : RLK_E_OPTIONS_MALFORMED);
        }
        assert_int_equal(rlk_options_level(chip, block), RLK_RDP_LEVEL_0);
    }
}

/* Every single flipped bit breaks a complement; without complements it is only the sense that can be judged. */
static void test_flipped_bits_are_malformed(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        for (size_t bit = 0; bit < 8U * chip->options_bytes; bit++) {
            block[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(rlk_options_check(chip, block, chip->options_bytes),
                             sample_complement_distance(chip) == 0 ? RLK_OK : RLK_E_OPTIONS_MALFORMED);
            block[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
}

static void test_blocks_of_one_value_are_malformed(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        for (unsigned value = 0; value < 256; value++) {
            memset(block, (int)value, sizeof block);
            assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_E_OPTIONS_MALFORMED);
        }
    }
}

static void test_erased_pairs(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(F04X);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    (void)state;
    for (size_t pair = 0; pair < 16; pair += 2) {
        sample_options(block, F04X);
        block[pair] = block[pair + 1] = 0xFF;
        assert_int_equal(rlk_options_check(chip, block, 16), pair < 4 ? RLK_E_OPTIONS_MALFORMED : RLK_OK);
        block[pair] = block[pair + 1] = 0x00;
        assert_int_equal(rlk_options_check(chip, block, 16), RLK_E_OPTIONS_MALFORMED);
    }
}

static void test_interrupted_f405_write_is_malformed(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(F405);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    (void)state;
    sample_options(block, F405);
    block[0] = block[1] = 0xFF;
    block[8] = 0xF0;
    assert_int_equal(rlk_options_check(chip, block, 16), RLK_E_OPTIONS_MALFORMED);
    block[0] = block[1] = 0x00;
    assert_int_equal(rlk_options_check(chip, block, 16), RLK_E_OPTIONS_MALFORMED);
}

static void test_build_refuses_damage(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(L4);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    uint8_t built[RLK_OPTIONS_BYTES_MAX] = {0x77};
    (void)state;
    sample_options(block, L4);
    block[7] ^= 1;
    assert_int_equal(rlk_options_build(chip, block, true, built), RLK_E_OPTIONS_MALFORMED);
    assert_int_equal(built[0], 0x77);
}

/* One change to a good block, a way back, and the field that closes the door (NULL: it stays open). */
struct door_case {
    enum rlk_family family;
    size_t offset;
    uint8_t value;
    enum rlk_way_back way_back;
    const char *field;
};

static const struct door_case door_cases[] = {
    {F04X, 0, 0xAA, BOOT0, NULL},
    {F04X, 0, 0xAA, EMPTY_CHECK, NULL},
    {F04X, 0, 0xAA, UNSAID, NULL},
    {F04X, 0, 0xAA, NONE, "way back"},
    {F04X, 0, 0xCC, BOOT0, "RDP"},
    {F04X, 8, 0xFE, BOOT0, "WRP0"},
    {F04X, 8, 0xFE, EMPTY_CHECK, "WRP0"},
    {F04X, 10, 0x7F, BOOT0, "WRP1"},
    {F04X, 2, 0xEF, BOOT0, "nBOOT1"},
    {F04X, 2, 0xEF, UNSAID, "nBOOT1"},
    {F04X, 2, 0xEF, EMPTY_CHECK, NULL},
    {F04X, 2, 0x7F, BOOT0, "BOOT_SEL"},
    {F04X, 2, 0x7F, EMPTY_CHECK, NULL},
    {F04X, 2, 0x77, EMPTY_CHECK, "nBOOT0"},
    {F04X, 2, 0xF7, EMPTY_CHECK, NULL},
    {F07X, 0, 0xBB, BOOT0, NULL},
    {F07X, 0, 0xBB, EMPTY_CHECK, "way back"},
    {F07X, 2, 0x7F, BOOT0, NULL}, /* no BOOT_SEL on this die */
    {F07X, 2, 0xEF, BOOT0, "nBOOT1"},
    {F07X, 12, 0x00, BOOT0, "WRP2"},
    {F07X, 14, 0xFE, UNSAID, "WRP3"},
    {F405, 1, 0xBB, BOOT0, NULL},
    {F405, 1, 0xBB, UNSAID, NULL},
    {F405, 1, 0xBB, EMPTY_CHECK, "way back"},
    {F405, 1, 0xBB, NONE, "way back"},
    {F405, 1, 0xCC, BOOT0, "RDP"},
    {F405, 8, 0xFE, BOOT0, "nWRP"},
    {F405, 9, 0xF7, BOOT0, "nWRP"},
    {F405, 9, 0x0F, BOOT0, NULL}, /* reserved above the twelve */
    {F405, 0, 0x00, BOOT0, NULL},
    {L4, 0, 0xBB, BOOT0, NULL},
    {L4, 0, 0xBB, EMPTY_CHECK, NULL},
    {L4, 2, 0x7F, BOOT0, "nBOOT1"},
    {L4, 2, 0x7F, EMPTY_CHECK, NULL},
    {L4, 3, 0xFB, BOOT0, "nSWBOOT0"},
    {L4, 3, 0xFB, EMPTY_CHECK, NULL},
    {L4, 3, 0xF3, EMPTY_CHECK, "nBOOT0"},
    {L4, 3, 0xF7, EMPTY_CHECK, NULL},
    {L47X, 3, 0xF3, BOOT0, NULL}, /* neither bit exists there */
    {L47X, 2, 0x7F, BOOT0, "nBOOT1"},
    {L47X, 0, 0xBB, EMPTY_CHECK, "way back"},
    {L4, 26, 0xFF, BOOT0, "WRP1A_STRT"},
    {L4, 24, 0x00, BOOT0, "WRP1A_STRT"},
    {L4, 24, 0x80, BOOT0, "WRP1A_STRT"}, /* page 0 where the field has seven bits */
    {L47X, 34, 0xFF, BOOT0, "WRP1B_STRT"},
};

static void check_door(const struct door_case *door)
{
    const struct rlk_chip *chip = rlk_chip_row(door->family);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = "";
    sample_options(block, door->family);
    sample_set_byte(block, chip, door->offset, door->value);
    const enum rlk_error error = rlk_options_judge_door(chip, block, door->way_back, &field);
    assert_string_equal(field == NULL ? "open" : field, door->field == NULL ? "open" : door->field);
    assert_int_equal(error, door->field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE);
}

static void test_door_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof door_cases / sizeof door_cases[0]; i++) {
        check_door(&door_cases[i]);
    }
}

/* USER of F405 (hardware watchdog, no brown-out reset) lies where a public guide has its RDP byte. */
static void test_user_byte_that_looks_like_level_2(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(RLK_FAMILY_STM32F405);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    (void)state;
    sample_options(block, chip->family);
    block[0] = 0xCC;
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2);
    assert_string_equal(field, "USER");
    block[0] = 0xCD;
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_OK);
}

static void set_pcrop(uint8_t *block, const struct rlk_chip *chip, uint16_t first, uint16_t last, bool is_erased)
{
    sample_options(block, chip->family);
    sample_set_byte(block, chip, 8, (uint8_t)first);
    sample_set_byte(block, chip, 9, (uint8_t)(first >> 8));
    sample_set_byte(block, chip, 16, (uint8_t)last);
    sample_set_byte(block, chip, 17, (uint8_t)(last >> 8));
    sample_set_byte(block, chip, 19, is_erased ? 0x8F : 0x0F);
}

static void test_pcrop_closes_the_door(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(L4);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    (void)state;
    set_pcrop(block, chip, 0x0010, 0x0020, false);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
    assert_string_equal(field, "PCROP1_STRT");
    set_pcrop(block, chip, 0x0020, 0x0020, false);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
    set_pcrop(block, chip, 0x0010, 0x0020, true);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
    set_pcrop(block, chip, 0x0021, 0x0020, true);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_OK);
    set_pcrop(block, chip, 0x0021, 0x0020, false);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_OK);
    set_pcrop(block, chip, 0xC010, 0x0020, false);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
}

/* The merged row is judged by the stricter rules: those of L4 for bits, those of L47x for the empty check. */
static void test_merged_row_takes_the_stricter(void **state)
{
    const rlk_family_mask both = (rlk_family_mask)1 << L4 | (rlk_family_mask)1 << L47X;
    struct rlk_chip chip;
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    (void)state;
    assert_int_equal(rlk_chip_settle(&chip, both, RLK_FAMILY_UNKNOWN), RLK_OK);
    sample_options(block, L4);
    assert_int_equal(rlk_options_judge_door(&chip, block, BOOT0, &field), RLK_OK);
    assert_int_equal(rlk_options_judge_door(&chip, block, EMPTY_CHECK, &field), RLK_E_DOOR_WOULD_CLOSE);
    sample_set_byte(block, &chip, 3, 0xFB);
    assert_int_equal(rlk_options_judge_door(&chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
    assert_string_equal(field, "nSWBOOT0");
}

static void test_damage_and_unjudged_families_close_the_door(void **state)
{
    struct rlk_chip chip = *rlk_chip_row(F405);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    (void)state;
    sample_options(block, F405);
    chip.family = RLK_FAMILY_COUNT;
    assert_int_equal(rlk_options_judge_door(&chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
    sample_options(block, F04X);
    block[9] ^= 1;
    assert_int_equal(rlk_options_judge_door(rlk_chip_row(F04X), block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
}

static void test_fields(void **state)
{
    static const size_t counts[RLK_FAMILY_COUNT] = {
        [F04X] = 15, [F07X] = 13, [F105] = 10, [F30X] = 15, [F37X] = 14, [F405] = 6,    [F412] = 7,
        [F2] = 6,    [F401] = 7,  [F413] = 7,  [F42X] = 9,  [F72X] = 13, [F74X] = 11,   [F76X] = 13,
        [L4] = 23,   [L47X] = 21, [G431] = 24, [G47X] = 26, [G49X] = 25, [L4PLUS] = 24, [L07X] = 11,
        [L1] = 13,   [H74X] = 12, [H72X] = 12, [H7A3] = 17, [L5] = 25,   [U5] = 25,     [U3] = 25,
        [WBA6] = 25, [U0] = 20,   [WB55] = 23, [C071] = 27, [G0B1] = 37,
    };
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        struct rlk_option_field field;
        size_t count = 0;
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        for (; rlk_options_field(chip, block, count, &field); count++) {
            assert_true(field.name[0] != '\0');
            assert_non_null(field.meaning);
            assert_true((uint64_t)field.value >> field.bits == 0);
        }
        assert_int_equal(count, counts[f]);
        assert_true(rlk_options_field(chip, block, 0, &field));
        assert_string_equal(field.name, "RDP");
        assert_int_equal(field.value, sample_level0(chip->family));
        assert_string_equal(field.meaning, "level 0: not protected");
    }
}

static uint32_t value_of(const struct rlk_chip *chip, const uint8_t *block, const char *name)
{
    struct rlk_option_field field;
    for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
        if (strcmp(field.name, name) == 0) {
            return field.value;
        }
    }
    fail_msg("no field %s", name);
    return 0;
}

static void test_field_values(void **state)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    (void)state;
    sample_options(block, F405);
    block[8] = 0x34;
    block[9] = 0xF2;
    block[0] = 0x28;
    assert_int_equal(value_of(rlk_chip_row(F405), block, "nWRP"), 0x234);
    assert_int_equal(value_of(rlk_chip_row(F405), block, "BOR_LEV"), 2);
    assert_int_equal(value_of(rlk_chip_row(F405), block, "WDG_SW"), 1);
    assert_int_equal(value_of(rlk_chip_row(F405), block, "nRST_STOP"), 0);
    set_pcrop(block, rlk_chip_row(L4), 0x1234, 0x5678, true);
    assert_int_equal(value_of(rlk_chip_row(L4), block, "PCROP1_STRT"), 0x1234);
    assert_int_equal(value_of(rlk_chip_row(L4), block, "PCROP1_END"), 0x5678);
    assert_int_equal(value_of(rlk_chip_row(L4), block, "PCROP_RDP"), 1);
    assert_int_equal(value_of(rlk_chip_row(L4), block, "WRP1A_STRT"), 0xFF);
    assert_int_equal(value_of(rlk_chip_row(L4), block, "WRP1A_END"), 0x00);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_are_well_formed),
        cmocka_unit_test(test_flipped_bits_are_malformed),
        cmocka_unit_test(test_blocks_of_one_value_are_malformed),
        cmocka_unit_test(test_erased_pairs),
        cmocka_unit_test(test_interrupted_f405_write_is_malformed),
        cmocka_unit_test(test_build_refuses_damage),
        cmocka_unit_test(test_door_rules),
        cmocka_unit_test(test_user_byte_that_looks_like_level_2),
        cmocka_unit_test(test_pcrop_closes_the_door),
        cmocka_unit_test(test_merged_row_takes_the_stricter),
        cmocka_unit_test(test_damage_and_unjudged_families_close_the_door),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_field_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
