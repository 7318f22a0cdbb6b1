/* What the fields of an option block mean, for people: held to what the door makes of them. */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

typedef bool field_reader(const struct rlk_chip *chip, const uint8_t *block, size_t index,
                          struct rlk_option_field *field);

static const char *meaning_by(field_reader *read, const struct rlk_chip *chip, const uint8_t *block, const char *name)
{
    struct rlk_option_field field;
    for (size_t i = 0; read(chip, block, i, &field); i++) {
        if (strcmp(field.name, name) == 0) {
            return field.meaning;
        }
    }
    return NULL;
}

static const char *meaning(const struct rlk_chip *chip, const uint8_t *block, const char *name)
{
    return meaning_by(rlk_options_field, chip, block, name);
}

/* Whatever there is, is said: families of tier full leave no field without words. */
static void test_families_of_tier_full_have_words_for_all(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        struct rlk_option_field field;
        if (chip->tier != RLK_TIER_FULL) {
            continue;
        }
        sample_options(block, chip->family);
        for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
            assert_string_not_equal(field.meaning, "");
        }
    }
}

static void test_values_with_words_of_their_own(void **state)
{
    static const struct {
        enum rlk_family family;
        const char *field;
        uint32_t value;
        const char *meaning;
    } rows[] = {
        {L4, "BOR_LEV", 0, "reset below about 1.7 V"},
        {L47X, "BOR_LEV", 4, "reset below about 2.8 V"},
        {L4, "BOR_LEV", 5, ""},
        {G431, "BOR_LEV", 0, ""},
        {F405, "BOR_LEV", 0, "brown-out reset on"},
        {F405, "BOR_LEV", 3, "brown-out reset off"},
        {F72X, "PCROP", 0, "no sector under PCROP"},
        {F72X, "PCROP", 1, "sectors under PCROP"},
        {F72X, "PCROP", 0xFF, "sectors under PCROP"},
        {F07X, "DATA0", 0, "user data, the application's own"},
        {F07X, "DATA1", 0xFF, "user data, the application's own"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rlk_chip *chip = rlk_chip_row(rows[i].family);
        const struct rlk_option_wish wish = {rows[i].field, rows[i].value};
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        sample_options(block, chip->family);
        assert_int_equal(rlk_options_apply(chip, &wish, 1, block, NULL), RLK_OK);
        assert_string_equal(meaning(chip, block, rows[i].field), rows[i].meaning);
    }
}

static bool says_none(const char *text)
{
    return strncmp(text, "none", 4) == 0;
}

/* An area is called none exactly where the door has no objection to it; PCROP_RDP at 0, so that PCROP has no excuse. */
static void check_area(enum rlk_family family, const char *first, const char *last, uint32_t from, uint32_t to)
{
    const struct rlk_chip *chip = rlk_chip_row(family);
    const struct rlk_option_wish wishes[] = {{first, from}, {last, to}, {"PCROP_RDP", 0}};
    const bool is_pcrop = strncmp(first, "PCROP", 5) == 0;
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    sample_options(block, family);
    assert_int_equal(rlk_options_apply(chip, wishes, is_pcrop ? 3 : 2, block, NULL), RLK_OK);
    (void)rlk_options_judge_door(chip, block, BOOT0, &field);
    const bool is_named = field != NULL && strcmp(field, first) == 0;
    assert_int_equal(says_none(meaning(chip, block, first)), !is_named);
    assert_int_equal(says_none(meaning(chip, block, last)), !is_named);
}

static void test_areas_are_none_where_the_door_says_so(void **state)
{
    static const struct {
        enum rlk_family family;
        const char *first, *last;
        uint32_t max;
    } areas[] = {
        {L4, "PCROP1_STRT", "PCROP1_END", 0xFFFF},
        {L47X, "WRP1A_STRT", "WRP1A_END", 0xFF},
        {L4, "WRP1B_STRT", "WRP1B_END", 0xFF},
        {G47X, "PCROP1_STRT", "PCROP1_END", 0xFFFF},
        {G0B1, "PCROP1A_STRT", "PCROP1A_END", 0xFFFF},
        {G0B1, "PCROP1B_STRT", "PCROP1B_END", 0xFFFF},
        {G0B1, "PCROP2A_STRT", "PCROP2A_END", 0xFFFF},
        {G0B1, "PCROP2B_STRT", "PCROP2B_END", 0xFFFF},
        {U5, "WRP2A_STRT", "WRP2A_END", 0xFF},
        {G0B1, "WRP2B_STRT", "WRP2B_END", 0xFF},
        {H74X, "PROT_AREA_START1", "PROT_AREA_END1", 0xFFF},
        {H72X, "SEC_AREA_START1", "SEC_AREA_END1", 0xFFF},
    };
    static const uint32_t values[] = {0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xFF, 0x100, 0x3FFF, 0x4000, 0x8000, 0xFFFF};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        for (size_t n = 0; n < COUNT_OF(values) * COUNT_OF(values); n++) {
            const uint32_t from = values[n / COUNT_OF(values)] & areas[i].max;
            const uint32_t to = values[n % COUNT_OF(values)] & areas[i].max;
            check_area(areas[i].family, areas[i].first, areas[i].last, from, to);
        }
    }
}

static void test_an_area_says_where_it_begins_and_ends(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(L4);
    const struct rlk_option_wish wishes[] = {{"WRP1A_STRT", 2}, {"WRP1A_END", 5}};
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    (void)state;
    sample_options(block, L4);
    assert_string_equal(meaning(chip, block, "WRP1A_STRT"), "none: no page write-protected");
    assert_string_equal(meaning(chip, block, "PCROP1_END"), "none: no PCROP area");
    assert_int_equal(rlk_options_apply(chip, wishes, 2, block, NULL), RLK_OK);
    assert_string_equal(meaning(chip, block, "WRP1A_STRT"), "write-protected from this page on");
    assert_string_equal(meaning(chip, block, "WRP1A_END"), "write-protected to this page");
    assert_string_equal(meaning(chip, block, "WRP1B_STRT"), "none: no page write-protected");
}

/* --- the second block --- */

static void test_fields_of_the_second_block(void **state)
{
    static const struct {
        enum rlk_family family;
        const char *field;
        size_t offset;
        uint8_t value;
        const char *before, *after;
    } rows[] = {
        {F42X, "nWRP12", 9, 0xF7, "sectors 12 to 23: none write-protected", "sectors 12 to 23: some write-protected"},
        {L47X, "WRP2A_STRT", 24, 0x00, "none: no page write-protected", "write-protected from this page on"},
        {L4, "WRP2B_END", 34, 0xFF, "none: no page write-protected", "write-protected to this page"},
        {G47X, "PCROP2_STRT", 8, 0x00, "none: no PCROP area", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rlk_chip *chip = rlk_chip_row(rows[i].family);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        sample_second_options(block, rows[i].family);
        assert_string_equal(meaning_by(rlk_options_second_field, chip, block, rows[i].field), rows[i].before);
        sample_set_byte(block, chip, rows[i].offset, rows[i].value);
        if (rows[i].after != NULL) {
            assert_string_equal(meaning_by(rlk_options_second_field, chip, block, rows[i].field), rows[i].after);
        }
    }
    struct rlk_option_field field;
    const uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
    assert_false(rlk_options_second_field(rlk_chip_row(F405), block, 0, &field));
    assert_false(rlk_options_second_field(rlk_chip_row(F42X), block, 1, &field));
    assert_false(rlk_options_second_field(rlk_chip_row(L4), block, 6, &field));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families_of_tier_full_have_words_for_all),
        cmocka_unit_test(test_values_with_words_of_their_own),
        cmocka_unit_test(test_areas_are_none_where_the_door_says_so),
        cmocka_unit_test(test_an_area_says_where_it_begins_and_ends),
        cmocka_unit_test(test_fields_of_the_second_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
