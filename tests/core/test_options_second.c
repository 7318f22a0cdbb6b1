/*
 * The second option block, which is judged and never written; and L1's option words that are invalid after a
 * regression.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

struct second_case {
    enum rlk_family family;
    const char *field; /* NULL: the door stays open */
    struct {
        size_t offset;
        uint8_t value;
    } changes[3]; /* offset 0 ends them */
};

static const struct second_case cases[] = {
    {F42X, "nWRP12", {{8, 0xFE}}},
    {F42X, "nWRP12", {{9, 0x77}}},
    {F42X, NULL, {{9, 0x0F}}},
    {F42X, NULL, {{1, 0x00}}},
    {L4, "WRP2A_STRT", {{24, 0x00}}},
    {L4, "WRP2B_STRT", {{34, 0xFF}}},
    {L4, "PCROP2_STRT", {{8, 0x00}, {9, 0x00}}},
    {L47X, "WRP2A_STRT", {{26, 0xFF}}},
    {L47X, "WRP2A_STRT", {{24, 0x80}}}, /* page 0 where the field has seven bits */
    {L47X, "PCROP2_STRT", {{16, 0xFF}, {17, 0xFF}}},
    {L4PLUS, "WRP2B_STRT", {{32, 0x00}}},
    {L4PLUS, "PCROP2_STRT", {{8, 0x00}, {9, 0x00}}},
    {G47X, "WRP2A_STRT", {{24, 0x00}}},
    {G47X, "WRP2B_STRT", {{32, 0x00}}},
    {G47X, "PCROP2_STRT", {{8, 0x00}, {9, 0x00}}},
    {L1, "WRP7", {{1, 0x01}}},
    {L1, "WRP7", {{4, 0x80}}},
    {L1, "WRP7", {{29, 0x01}}},
};

static void test_second_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct second_case *c = &cases[i];
        const struct rlk_chip *chip = rlk_chip_row(c->family);
        uint8_t second[RLK_OPTIONS_BYTES_MAX];
        const char *field = "";
        sample_second_options(second, c->family);
        for (size_t n = 0; n < COUNT_OF(c->changes) && c->changes[n].offset != 0; n++) {
            sample_set_byte(second, chip, c->changes[n].offset, c->changes[n].value);
        }
        assert_int_equal(rlk_options_judge_second(chip, second, &field),
                         c->field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE);
        assert_string_equal(field == NULL ? "open" : field, c->field == NULL ? "open" : c->field);
    }
}

/* The sample passes; a family without a second block never does. */
static void test_samples_pass_and_no_others(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t second[RLK_OPTIONS_BYTES_MAX];
        const char *field = "";
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_second_options(second, chip->family);
        const enum rlk_error error = rlk_options_judge_second(chip, second, &field);
        assert_int_equal(error, chip->options2_addr != 0 ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE);
        assert_string_equal(field == NULL ? "open" : field, chip->options2_addr != 0 ? "open" : "way back");
    }
}

/* A complement that is wrong loads as something nobody has judged. */
static void test_a_damaged_second_block_is_malformed(void **state)
{
    static const enum rlk_family families[] = {L4, L47X, L4PLUS, G47X, L1};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        const struct rlk_chip *chip = rlk_chip_row(families[i]);
        uint8_t second[RLK_OPTIONS_BYTES_MAX];
        for (size_t bit = 0; bit < 8U * chip->options_bytes; bit++) {
            const char *field = NULL;
            sample_second_options(second, chip->family);
            second[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_int_equal(rlk_options_judge_second(chip, second, &field), RLK_E_OPTIONS_MALFORMED);
        }
    }
}

static void test_a_second_block_of_one_value_never_passes(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (chip->options2_addr == 0 || f == F42X) {
            continue; /* F42x: FF is a block without write protection, and there are no complements */
        }
        for (unsigned value = 0; value < 256; value++) {
            uint8_t second[RLK_OPTIONS_BYTES_MAX];
            const char *field = NULL;
            memset(second, (int)value, sizeof second);
            assert_int_not_equal(rlk_options_judge_second(chip, second, &field), RLK_OK);
        }
    }
}

/* After the regression: USER and the WRP words all zero. */
static void fill_after_regression(uint8_t *block)
{
    sample_options(block, L1);
    memset(&block[4], 0, 28);
}

static void test_only_wished_words_are_mended(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(L1);
    const struct rlk_option_wish user = {"BOR_LEV", 8};
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    uint8_t expected[RLK_OPTIONS_BYTES_MAX];
    (void)state;
    fill_after_regression(block);
    memcpy(expected, block, sizeof expected);
    rlk_options_mend(chip, block, NULL, 0);
    assert_memory_equal(block, expected, sizeof block);
    rlk_options_mend(chip, block, &user, 1);
    expected[6] = expected[7] = 0xFF;
    assert_memory_equal(block, expected, sizeof block);
    assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_E_OPTIONS_MALFORMED);
}

/* A wish mends its own word, and none that of RDP: SPRMOD lies in it, and is never set. */
static void test_each_wish_mends_its_own_word(void **state)
{
    static const struct {
        const char *field;
        size_t word; /* 0: none */
    } wished[] = {{"BOR_LEV", 4}, {"nBFB2", 4}, {"WRP1", 8},  {"WRP2", 12},  {"WRP3", 16},
                  {"WRP4", 20},   {"WRP5", 24}, {"WRP6", 28}, {"SPRMOD", 0}, {"WRP7", 0}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wished); i++) {
        const struct rlk_option_wish wish = {wished[i].field, 0};
        uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
        uint8_t expected[RLK_OPTIONS_BYTES_MAX] = {0};
        memset(&expected[wished[i].word + 2], wished[i].word != 0 ? 0xFF : 0x00, 2);
        rlk_options_mend(rlk_chip_row(L1), block, &wish, 1);
        assert_memory_equal(block, expected, sizeof block);
    }
}

static const struct rlk_option_wish all_words[] = {
    {"BOR_LEV", 8}, {"IWDG_SW", 1}, {"nRST_STOP", 1}, {"nRST_STDBY", 1}, {"nBFB2", 1}, {"WRP1", 0},
    {"WRP2", 0},    {"WRP3", 0},    {"WRP4", 0},      {"WRP5", 0},       {"WRP6", 0},
};

/* Each word needs a wish of its own, where a regression may take all of them and where it took just that one. */
static void test_a_lost_word_that_nobody_wished(void **state)
{
    static const struct {
        size_t word, first_wish, wish_count;
        const char *field;
    } words[] = {{4, 0, 5, "BOR_LEV"}, {8, 5, 1, "WRP1"},  {12, 6, 1, "WRP2"}, {16, 7, 1, "WRP3"},
                 {20, 8, 1, "WRP4"},   {24, 9, 1, "WRP5"}, {28, 10, 1, "WRP6"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct rlk_option_wish others[COUNT_OF(all_words)];
        const size_t after = words[i].first_wish + words[i].wish_count;
        const size_t count = COUNT_OF(all_words) - words[i].wish_count;
        const char *field = NULL;
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        sample_options(block, L1);
        memcpy(others, all_words, words[i].first_wish * sizeof others[0]);
        memcpy(&others[words[i].first_wish], &all_words[after], (COUNT_OF(all_words) - after) * sizeof others[0]);
        assert_int_equal(rlk_options_judge_lost(rlk_chip_row(L1), block, NULL, 0, &field), RLK_OK);
        memset(&block[words[i].word], 0, 4);
        assert_null(field);
        assert_int_equal(rlk_options_judge_lost(rlk_chip_row(L1), NULL, others, count, &field), RLK_E_OPTIONS_LOST);
        assert_string_equal(field, words[i].field);
        field = NULL;
        assert_int_equal(rlk_options_judge_lost(rlk_chip_row(L1), block, NULL, 0, &field), RLK_E_OPTIONS_LOST);
        assert_string_equal(field, words[i].field);
        assert_int_equal(rlk_options_judge_lost(rlk_chip_row(L1), block, &all_words[after - 1U], 1, &field), RLK_OK);
    }
}

/* All wished, nothing is lost; and no other family loses any. */
static void test_nothing_is_lost(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
        const char *field = NULL;
        const size_t count = chip->family == L1 ? COUNT_OF(all_words) : 0;
        assert_int_equal(rlk_options_judge_lost(chip, NULL, all_words, count, &field), RLK_OK);
        assert_int_equal(rlk_options_judge_lost(chip, block, all_words, count, &field), RLK_OK);
        assert_null(field);
    }
}

/* What the release names is filled in: the block that the maker meant. */
static void test_a_mended_block_is_filled(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(L1);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    uint8_t expected[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    (void)state;
    sample_options(expected, L1);
    fill_after_regression(block);
    rlk_options_mend(chip, block, all_words, COUNT_OF(all_words));
    assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_OK);
    assert_int_equal(rlk_options_apply(chip, all_words, COUNT_OF(all_words), block, NULL), RLK_OK);
    assert_memory_equal(block, expected, sizeof block);
    assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_OK);
}

/* RDP's own word is never touched, nor one that is only nearly zero. */
static void test_other_damage_is_not_mended(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(L1);
    (void)state;
    for (size_t offset = 0; offset < 32; offset++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            uint8_t block[RLK_OPTIONS_BYTES_MAX];
            uint8_t before[RLK_OPTIONS_BYTES_MAX];
            fill_after_regression(block);
            memset(block, 0, 4);
            block[offset] = (uint8_t)(1U << bit);
            memcpy(before, block, sizeof before);
            rlk_options_mend(chip, block, all_words, COUNT_OF(all_words));
            assert_memory_equal(block, before, 4);
            assert_memory_equal(&block[offset / 4 * 4], &before[offset / 4 * 4], 4);
            assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_E_OPTIONS_MALFORMED);
        }
    }
}

/* On L07x and everywhere else a word of zeros is damage. */
static void test_other_families_are_not_mended(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0xAA, 0x00, 0x55, 0xFF};
        uint8_t before[RLK_OPTIONS_BYTES_MAX];
        memcpy(before, block, sizeof before);
        rlk_options_mend(chip, block, all_words, COUNT_OF(all_words));
        assert_int_equal(memcmp(block, before, sizeof block) != 0, f == L1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_blocks),
        cmocka_unit_test(test_samples_pass_and_no_others),
        cmocka_unit_test(test_a_damaged_second_block_is_malformed),
        cmocka_unit_test(test_a_second_block_of_one_value_never_passes),
        cmocka_unit_test(test_only_wished_words_are_mended),
        cmocka_unit_test(test_each_wish_mends_its_own_word),
        cmocka_unit_test(test_a_lost_word_that_nobody_wished),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_a_mended_block_is_filled),
        cmocka_unit_test(test_other_damage_is_not_mended),
        cmocka_unit_test(test_other_families_are_not_mended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
