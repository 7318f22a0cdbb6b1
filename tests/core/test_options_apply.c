/*
 * Wished option fields: setting them, what is refused, profiles, and the door as the wish alone decides on it.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static uint32_t value_of(const struct rlk_chip *chip, const uint8_t *block, const char *name)
{
    struct rlk_option_field field;
    for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
        if (strcmp(field.name, name) == 0) {
            return field.value;
        }
    }
    fail_msg("%s has no %s", chip->name, name);
    return 0;
}

/* Every value of a narrow field, the edges of a wide one; all else stays as it was. */
static void check_every_value(const struct rlk_chip *chip, const struct rlk_option_field *field)
{
    uint8_t before[RLK_OPTIONS_BYTES_MAX];
    sample_options(before, chip->family);
    const uint64_t largest = ((uint64_t)1 << field->bits) - 1U;
    for (uint64_t value = 0; value <= largest; value += field->bits > 8 && value == 300 ? largest - 600U : 1U) {
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        const struct rlk_option_wish wish = {field->name, (uint32_t)value};
        const struct rlk_option_wish old = {field->name, value_of(chip, before, field->name)};
        memcpy(block, before, sizeof block);
        assert_int_equal(rlk_options_apply(chip, &wish, 1, block, NULL), RLK_OK);
        assert_int_equal(value_of(chip, block, field->name), value);
        assert_true(rlk_options_hold(chip, block, &wish, 1));
        assert_int_equal(rlk_options_hold(chip, before, &wish, 1), value == old.value);
        if (sample_complement_distance(chip) != 0) {
            assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_OK);
        }
        assert_int_equal(rlk_options_apply(chip, &old, 1, block, NULL), RLK_OK);
        assert_memory_equal(block, before, sizeof block);
    }
}

/* What moves the sectors or changes their meaning, locks the door, or is TrustZone's; boot addresses that the ROM was
 * reached with are not set either (H7, L5, U5). */
static bool is_never_set(const struct rlk_chip *chip, const char *name)
{
    static const struct {
        const char *name;
        rlk_family_mask but; /* families that may set it all the same */
    } never[] = {
        {"RDP", 0},
        {"DUALBANK", 0},
        {"DBANK", 0},
        {"nDBANK", 0},
        {"DUAL_BANK", 0},
        {"DB1M", 0},
        {"SWAP_BANK", 0},
        {"nSWAP_BANK", 0},
        {"SPRMOD", 0},
        {"WPRMOD", 0},
        {"BOOT_LOCK", 0},
        {"SECURITY", 0},
        {"TZEN", 0},
        {"NSBOOTADD0R", 0},
        {"NSBOOTADD1R", 0},
        {"BOOT_ADD0", BIT(F72X) | BIT(F74X) | BIT(F76X)},
        {"BOOT_ADD1", BIT(F72X) | BIT(F74X) | BIT(F76X)},
        {"nSWBOOT0", ~(BIT(L5) | BIT(U5) | BIT(U3) | BIT(WBA6))},
        {"nBOOT0", ~(BIT(L5) | BIT(U5) | BIT(U3) | BIT(WBA6))},
    };
    bool is_never = false;
    for (size_t i = 0; i < COUNT_OF(never) && !is_never; i++) {
        is_never = strcmp(name, never[i].name) == 0 && (never[i].but & BIT(chip->family)) == 0;
    }
    return is_never;
}

/* What is not in the part that is written cannot be set: WB55's OPTR alone is. */
static bool is_out_of_reach(const struct rlk_chip *chip, const char *name)
{
    return chip->family == WB55 && (strstr(name, "PCROP") != NULL || strstr(name, "WRP") != NULL);
}

static void check_never_set(const struct rlk_chip *chip, const struct rlk_option_field *field)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const struct rlk_option_wish wish = {field->name, field->value};
    const char *bad = NULL;
    sample_options(block, chip->family);
    assert_int_equal(rlk_options_apply(chip, &wish, 1, block, &bad), RLK_E_OPTION_FIELD_UNKNOWN);
    assert_string_equal(bad, field->name);
}

static void check_fields(const struct rlk_chip *chip, size_t *set, size_t *refused)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    struct rlk_option_field field;
    sample_options(block, chip->family);
    for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
        const bool is_refused = is_never_set(chip, field.name) || is_out_of_reach(chip, field.name);
        (is_refused ? check_never_set : check_every_value)(chip, &field);
        *refused += is_refused;
        *set += !is_refused;
    }
}

static void test_every_field_and_nothing_else(void **state)
{
    size_t set = 0;
    size_t refused = 0;
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        if (sample_has_options((enum rlk_family)f)) {
            check_fields(rlk_chip_row((enum rlk_family)f), &set, &refused);
        }
    }
    /* RDP; SPRMOD and WPRMOD; what moves banks; BOOT_LOCK; then L5 to WBA, H7 and WB55. */
    assert_int_equal(refused, 33 + 6 + (1 + 1 + 3 + 2 + 2) + 5 + 4 * 8 + 3 * 4 + 9);
    assert_int_equal(set + refused, 15 + 13 + 10 + 15 + 14 + 6 + 7 + 6 + 7 + 7 + 9 + 13 + 11 + 13 + 23 + 21 + 24 + 26 +
                                        25 + 24 + 11 + 13 + (3 * 12 + 5) + 4 * 25 + 20 + 23 + 27 + 37);
}

/* Whatever is set is in the part of the block that is written: nothing is promised that never reaches the device. */
static void check_reach(const struct rlk_chip *chip, const struct rlk_option_field *field)
{
    uint8_t before[RLK_OPTIONS_BYTES_MAX];
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const struct rlk_option_wish wish = {field->name, field->value ^ 1U};
    sample_options(before, chip->family);
    memcpy(block, before, sizeof block);
    const size_t reach = chip->options_write_bytes;
    const bool is_set = rlk_options_apply(chip, &wish, 1, block, NULL) == RLK_OK;
    sample_demand(!is_set || memcmp(&block[reach], &before[reach], sizeof block - reach) == 0, field->name);
}

static void test_what_is_set_is_written(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        struct rlk_option_field field;
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
            check_reach(chip, &field);
        }
    }
}

/* Bytes by hand: the registers of the reference manuals. */
static void test_the_bits_are_where_the_manuals_have_them(void **state)
{
    static const struct {
        enum rlk_family family;
        struct rlk_option_wish wish;
        uint8_t offset, value; /* of the sample's block afterwards */
    } cases[] = {
        {F04X, {"DATA0", 0x5A}, 4, 0x5A},
        {F04X, {"BOOT_SEL", 0}, 2, 0x7F},
        {F07X, {"nBOOT1", 0}, 2, 0xEF},
        {F405, {"BOR_LEV", 0}, 0, 0xE3},
        {F405, {"BOR_LEV", 2}, 0, 0xEB},
        {F405, {"nWRP", 0x7FE}, 8, 0xFE},
        {F405, {"nWRP", 0x7FE}, 9, 0xF7},
        {L4, {"BOR_LEV", 4}, 1, 0xFC},
        {L4, {"nSWBOOT0", 0}, 3, 0xFB},
        {L4, {"nBOOT0", 0}, 3, 0xF7},
        {L4, {"PCROP_RDP", 1}, 19, 0x8F},
        {L47X, {"WRP1A_STRT", 3}, 24, 0x03},
        {L4, {"PCROP1_END", 258}, 16, 2},
        {L4, {"PCROP1_END", 258}, 17, 1},
        {F30X, {"SRAM_PE", 0}, 2, 0xBF},
        {F37X, {"SDADC12_VDD_MONITOR", 0}, 2, 0x7F},
        {F105, {"WRP3", 0x7F}, 14, 0x7F},
        {F413, {"nWRP", 0x3FFF}, 9, 0x3F},
        {F42X, {"BFB2", 1}, 0, 0xFF},
        {F72X, {"BOOT_ADD1", 0x1234}, 24, 0x34},
        {F72X, {"BOOT_ADD1", 0x1234}, 25, 0x12},
        {F76X, {"nDBOOT", 0}, 9, 0xEF},
        {F74X, {"IWDG_STOP", 0}, 9, 0x7F},
        {F72X, {"PCROP_RDP", 0}, 41, 0x00},
        {G431, {"NRST_MODE", 2}, 3, 0xEF},
        {G47X, {"IRHEN", 0}, 3, 0xBF},
        {L4PLUS, {"SRAM2_RST", 0}, 3, 0xFD},
        {WB55, {"BOR_LEV", 4}, 1, 0xF9},
        {C071, {"nBOOT_SEL", 1}, 3, 0xDF},
        {C071, {"BORR_LEV", 3}, 1, 0xE7},
        {G0B1, {"BORR_LEV", 3}, 1, 0xF9},
        {G0B1, {"WRP2B_END", 7}, 82, 7},
        {U0, {"WRP1B_END", 7}, 18, 7},
        {U5, {"WRP2A_STRT", 7}, 40, 7},
        {H74X, {"BOR_LEV", 1}, 0, 0xF4},
        {H72X, {"WRPSn1", 0xFE}, 28, 0xFE},
        {H7A3, {"WRPSGn1", 0x7FFFFFFF}, 31, 0x7F},
        {H74X, {"PROT_AREA_END1", 0x234}, 15, 2},
        {L07X, {"BOR_LEV", 8}, 4, 0x78},
        {L07X, {"nBOOT1", 0}, 5, 0x00},
        {L1, {"nBFB2", 0}, 4, 0x78},
        {L1, {"WRP6", 0x8000}, 29, 0x80},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rlk_chip *chip = rlk_chip_row(cases[i].family);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        sample_options(block, chip->family);
        assert_int_equal(rlk_options_apply(chip, &cases[i].wish, 1, block, NULL), RLK_OK);
        assert_int_equal(block[cases[i].offset], cases[i].value);
    }
}

static void test_what_cannot_be_set_changes_nothing(void **state)
{
    static const struct {
        enum rlk_family family;
        struct rlk_option_wish wishes[2];
        enum rlk_error error;
        const char *bad;
    } cases[] = {
        {F07X, {{"nRST_STOP", 0}, {"nBOOT0", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "nBOOT0"},
        {F405, {{"BOR_LEV", 0}, {"DATA0", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "DATA0"},
        {L47X, {{"nRST_STOP", 0}, {"nSWBOOT0", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "nSWBOOT0"},
        {L4, {{"nRST_STOP", 0}, {"PCROP2_STRT", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "PCROP2_STRT"},
        {L4, {{"nRST_STOP", 0}, {"bor_lev", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "bor_lev"},
        {L4, {{"nRST_STOP", 0}, {"", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, ""},
        {L4, {{"nRST_STOP", 0}, {"RDP", 0xBB}}, RLK_E_OPTION_FIELD_UNKNOWN, "RDP"},
        {L4, {{"nRST_STOP", 0}, {"BOR_LEV", 8}}, RLK_E_OPTION_VALUE_TOO_LARGE, "BOR_LEV"},
        {F04X, {{"nRST_STOP", 0}, {"DATA0", 256}}, RLK_E_OPTION_VALUE_TOO_LARGE, "DATA0"},
        {F405, {{"WDG_SW", 0}, {"nWRP", 0xFFFFFFFF}}, RLK_E_OPTION_VALUE_TOO_LARGE, "nWRP"},
        {F405, {{"BOR_LEV", 0}, {"BOR_LEV", 1}}, RLK_E_OPTION_WISH_CONTRADICTORY, "BOR_LEV"},
        {G431, {{"BOR_LEV", 0}, {"BOOT_LOCK", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "BOOT_LOCK"},
        {G47X, {{"BOR_LEV", 1}, {"BOOT_LOCK", 0}}, RLK_E_OPTION_FIELD_UNKNOWN, "BOOT_LOCK"},
        {U5, {{"BOR_LEV", 0}, {"TZEN", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "TZEN"},
        {F401, {{"BOR_LEV", 0}, {"nWRP", 0x1FF}}, RLK_E_OPTION_VALUE_TOO_LARGE, "nWRP"},
        {WB55, {{"BOR_LEV", 0}, {"PCROP_RDP", 1}}, RLK_E_OPTION_FIELD_UNKNOWN, "PCROP_RDP"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rlk_chip *chip = rlk_chip_row(cases[i].family);
        uint8_t before[RLK_OPTIONS_BYTES_MAX];
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        const char *bad = NULL;
        sample_options(before, chip->family);
        memcpy(block, before, sizeof block);
        assert_int_equal(rlk_options_apply(chip, cases[i].wishes, 2, block, &bad), cases[i].error);
        assert_string_equal(bad, cases[i].bad);
        assert_memory_equal(block, before, sizeof block);
        assert_false(rlk_options_hold(chip, block, cases[i].wishes, 2));
    }
}

static void test_the_same_twice_and_nothing_at_all(void **state)
{
    const struct rlk_option_wish twice[] = {{"BOR_LEV", 1}, {"BOR_LEV", 1}};
    const struct rlk_chip *chip = rlk_chip_row(F405);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *bad = "untouched";
    (void)state;
    sample_options(block, F405);
    assert_int_equal(rlk_options_apply(chip, twice, 2, block, &bad), RLK_OK);
    assert_int_equal(value_of(chip, block, "BOR_LEV"), 1);
    assert_int_equal(rlk_options_apply(chip, NULL, 0, block, &bad), RLK_OK);
    assert_true(rlk_options_hold(chip, block, NULL, 0));
    assert_string_equal(bad, "untouched");
}

/* Half-words that a small part does not implement are erased, with their complements: left alone if they may be. */
static void test_an_erased_pair_is_left_as_it_is(void **state)
{
    const struct rlk_option_wish same = {"WRP3", 0xFF};
    const struct rlk_chip *chip = rlk_chip_row(F04X);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    (void)state;
    sample_options(block, F04X);
    block[15] = 0xFF;
    assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_OK);
    assert_int_equal(rlk_options_apply(chip, &same, 1, block, NULL), RLK_OK);
    assert_int_equal(block[15], 0xFF);
}

static void check_profile(const struct rlk_chip *chip, size_t fields)
{
    uint8_t golden[RLK_OPTIONS_BYTES_MAX];
    uint8_t other[RLK_OPTIONS_BYTES_MAX];
    struct rlk_option_wish wishes[2 * RLK_OPTION_WISHES_MAX];
    sample_options(golden, chip->family);
    sample_options(other, chip->family);
    assert_int_equal(rlk_options_profile(chip, golden, wishes, COUNT_OF(wishes)), fields);
    assert_true(fields <= RLK_OPTION_WISHES_MAX);
    for (size_t i = 0; i < fields; i++) {
        wishes[i].value ^= 1U;
    }
    assert_int_equal(rlk_options_apply(chip, wishes, fields, golden, NULL), RLK_OK);
    assert_int_equal(rlk_options_profile(chip, golden, wishes, RLK_OPTION_WISHES_MAX), fields);
    assert_int_equal(rlk_options_apply(chip, wishes, fields, other, NULL), RLK_OK);
    assert_memory_equal(other, golden, sizeof other);
    assert_int_equal(rlk_options_profile(chip, golden, wishes, 2), 2);
}

/* A profile of any block makes the same block of any other, but for RDP, protections and the sectors' map. */
static void test_a_profile_gives_the_same_block_again(void **state)
{
    static const size_t counts[RLK_FAMILY_COUNT] = {
        [F04X] = 10, [F07X] = 8,  [F105] = 5,  [F30X] = 10, [F37X] = 9,  [F405] = 4,    [F412] = 4,
        [F2] = 4,    [F401] = 4,  [F413] = 4,  [F42X] = 5,  [F72X] = 9,  [F74X] = 9,    [F76X] = 10,
        [L4] = 14,   [L47X] = 12, [G431] = 16, [G47X] = 16, [G49X] = 16, [L4PLUS] = 14, [L07X] = 6,
        [L1] = 5,    [H74X] = 2,  [H72X] = 2,  [H7A3] = 2,  [L5] = 8,    [U5] = 8,      [U3] = 8,
        [WBA6] = 8,  [U0] = 14,   [WB55] = 13, [C071] = 16, [G0B1] = 16,
    };
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        assert_int_equal(counts[f] != 0, sample_has_options((enum rlk_family)f));
        if (counts[f] != 0) {
            check_profile(rlk_chip_row((enum rlk_family)f), counts[f]);
        }
    }
}

struct door_case {
    enum rlk_family family;
    enum rlk_way_back way_back;
    struct rlk_option_wish wishes[2];
    const char *field; /* NULL: nothing speaks against it yet */
};

static const struct door_case door_cases[] = {
    {L4, BOOT0, {{"nSWBOOT0", 0}, {"nBOOT0", 1}}, "nSWBOOT0"},
    {L4, BOOT0, {{"nSWBOOT0", 1}, {"nBOOT0", 0}}, NULL},
    {L4, BOOT0, {{"nBOOT1", 0}, {"nBOOT1", 0}}, "nBOOT1"},
    {L4, EMPTY_CHECK, {{"nSWBOOT0", 0}, {"nBOOT0", 0}}, "nBOOT0"},
    {L4, EMPTY_CHECK, {{"nSWBOOT0", 0}, {"nBOOT0", 1}}, NULL},
    {L4, EMPTY_CHECK, {{"nBOOT0", 0}, {"nRST_STOP", 1}}, NULL}, /* nSWBOOT0 may be 1 */
    {L4, BOOT0, {{"WRP1A_STRT", 0}, {"nRST_STOP", 1}}, "WRP1A_STRT"},
    {L4, BOOT0, {{"WRP1A_STRT", 5}, {"nRST_STOP", 1}}, NULL}, /* WRP1A_END may be 4 */
    {L4, BOOT0, {{"WRP1A_STRT", 5}, {"WRP1A_END", 5}}, "WRP1A_STRT"},
    {L4, BOOT0, {{"PCROP1_STRT", 1}, {"PCROP1_END", 2}}, "PCROP1_STRT"},
    {L4, BOOT0, {{"PCROP1_STRT", 3}, {"PCROP1_END", 2}}, NULL}, /* no area */
    {L47X, BOOT0, {{"PCROP_RDP", 0}, {"PCROP1_STRT", 0}}, "PCROP1_STRT"},
    {L47X, BOOT0, {{"PCROP_RDP", 0}, {"BOR_LEV", 4}}, NULL},
    {F405, BOOT0, {{"nWRP", 0xFFE}, {"BOR_LEV", 0}}, "nWRP"},
    {F405, BOOT0, {{"nWRP", 0xFFF}, {"BOR_LEV", 0}}, NULL},
    {F04X, BOOT0, {{"BOOT_SEL", 0}, {"DATA0", 1}}, "BOOT_SEL"},
    {F04X, EMPTY_CHECK, {{"BOOT_SEL", 0}, {"DATA0", 1}}, NULL},
    {F04X, EMPTY_CHECK, {{"BOOT_SEL", 0}, {"nBOOT0", 0}}, "nBOOT0"},
    {F07X, BOOT0, {{"WRP2", 0xFE}, {"DATA0", 1}}, "WRP2"},
    {F07X, EMPTY_CHECK, {{"DATA0", 1}, {"DATA0", 1}}, "way back"},
    {F405, RLK_WAY_BACK_NONE, {{"BOR_LEV", 1}, {"BOR_LEV", 1}}, "way back"},
    {F105, BOOT0, {{"WRP3", 0}, {"DATA0", 1}}, "WRP3"},
    {F30X, BOOT0, {{"BOOT_SEL", 0}, {"DATA0", 1}}, "BOOT_SEL"},
    {F413, BOOT0, {{"nWRP", 0x3FFF}, {"BOR_LEV", 0}}, "nWRP"},
    {F72X, BOOT0, {{"BOOT_ADD1", 0x0080}, {"BOR_LEV", 0}}, "BOOT_ADD1"},
    {F72X, BOOT0, {{"BOOT_ADD1", 0x0040}, {"BOOT_ADD0", 0x80}}, NULL},
    {F72X, BOOT0, {{"PCROP_RDP", 0}, {"BOR_LEV", 0}}, "PCROP_RDP"},
    {G431, BOOT0, {{"PCROP_RDP", 0}, {"BOR_LEV", 0}}, "PCROP_RDP"},
    {G47X, BOOT0, {{"nSWBOOT0", 0}, {"BOR_LEV", 0}}, "nSWBOOT0"},
    {G0B1, BOOT0, {{"nBOOT_SEL", 1}, {"nBOOT0", 0}}, "nBOOT_SEL"},
    {G0B1, EMPTY_CHECK, {{"nBOOT_SEL", 1}, {"nBOOT0", 0}}, "nBOOT0"},
    {G0B1, EMPTY_CHECK, {{"nBOOT_SEL", 1}, {"nBOOT0", 1}}, NULL},
    {C071, BOOT0, {{"WRP1B_STRT", 1}, {"WRP1B_END", 2}}, "WRP1B_STRT"},
    {U0, BOOT0, {{"nBOOT1", 0}, {"BOR_EN", 0}}, "nBOOT1"},
    {U5, BOOT0, {{"WRP2B_STRT", 0}, {"BOR_LEV", 0}}, "WRP2B_STRT"},
    {H7A3, BOOT0, {{"WRPSGn1", 0xFFFFFFFE}, {"BOR_LEV", 0}}, "WRPSGn1"},
    {H74X, BOOT0, {{"PROT_AREA_START1", 0}, {"PROT_AREA_END1", 1}}, "PROT_AREA_START1"},
    {L07X, BOOT0, {{"nBOOT1", 0}, {"BOR_LEV", 8}}, "nBOOT1"},
    {L07X, BOOT0, {{"WRP3", 1}, {"BOR_LEV", 8}}, "WRP3"},
    {L1, BOOT0, {{"WRP6", 0}, {"BOR_LEV", 8}}, NULL},
    {WB55, BOOT0, {{"nBOOT1", 0}, {"BOR_LEV", 4}}, "nBOOT1"},
};

static void test_the_door_by_the_wish_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(door_cases); i++) {
        const struct door_case *c = &door_cases[i];
        const char *field = NULL;
        const enum rlk_error error = rlk_options_judge_wish(rlk_chip_row(c->family), c->wishes, 2, c->way_back, &field);
        assert_int_equal(error, c->field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE);
        assert_int_equal(field == NULL, c->field == NULL);
        if (c->field != NULL) {
            assert_string_equal(field, c->field);
        }
    }
}

/* A block with up to three fields at random. */
static void make_any_block(const struct rlk_chip *chip, uint8_t *block, unsigned changes, uint32_t *seed)
{
    sample_options(block, chip->family);
    for (unsigned n = 0; n < changes; n++) {
        struct rlk_option_field any;
        *seed = *seed * 1664525U + 1013904223U;
        if (rlk_options_field(chip, block, 1 + (*seed >> 8) % 36, &any)) {
            const struct rlk_option_wish set = {any.name, *seed >> 16 & (uint32_t)(((uint64_t)1 << any.bits) - 1U)};
            (void)rlk_options_apply(chip, &set, 1, block, NULL);
        }
    }
}

/* What is refused for the wish alone is refused over every block; and without a wish the best block passes. */
static void test_no_block_would_have_passed(void **state)
{
    uint32_t seed = 1;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(door_cases); i++) {
        const struct door_case *c = &door_cases[i];
        const struct rlk_chip *chip = rlk_chip_row(c->family);
        const char *field = NULL;
        for (unsigned round = 0; round < 2000 && c->field != NULL; round++) {
            uint8_t block[RLK_OPTIONS_BYTES_MAX];
            make_any_block(chip, block, round % 4, &seed);
            assert_int_equal(rlk_options_apply(chip, c->wishes, 2, block, NULL), RLK_OK);
            assert_int_not_equal(rlk_options_judge_door(chip, block, c->way_back, &field), RLK_OK);
        }
        assert_int_equal(rlk_options_judge_wish(chip, NULL, 0, RLK_WAY_BACK_BOOT0, &field), RLK_OK);
    }
}

/* Without a wish nothing speaks against any family's best block, by any way that the family has. */
/* What a change of F72x's PCROP would begin is not known: it stays as it is, and no release can wish it. */
static void test_a_field_that_is_never_changed(void **state)
{
    const struct rlk_chip *chip = rlk_chip_row(F72X);
    const struct rlk_option_wish wish = {"PCROP", 1};
    const struct rlk_option_wish other = {"IWDG_STOP", 0};
    uint8_t before[RLK_OPTIONS_BYTES_MAX];
    uint8_t after[RLK_OPTIONS_BYTES_MAX];
    const char *field = NULL;
    (void)state;
    sample_options(before, F72X);
    memcpy(after, before, sizeof after);
    assert_int_equal(rlk_options_apply(chip, &other, 1, after, NULL), RLK_OK);
    assert_int_equal(rlk_options_judge_change(chip, before, after, &field), RLK_OK);
    assert_int_equal(rlk_options_apply(chip, &wish, 1, after, NULL), RLK_OK);
    assert_int_equal(rlk_options_judge_change(chip, before, after, &field), RLK_E_DOOR_WOULD_CLOSE);
    assert_string_equal(field, "PCROP");
    field = NULL;
    assert_int_equal(rlk_options_judge_wish(chip, &wish, 1, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
    assert_string_equal(field, "PCROP");
}

static void test_the_best_block_passes(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const char *field = NULL;
        const enum rlk_error open = sample_has_options(chip->family) ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE;
        assert_int_equal(rlk_options_judge_wish(chip, NULL, 0, BOOT0, &field), open);
        assert_int_equal(rlk_options_judge_wish(chip, NULL, 0, RLK_WAY_BACK_UNSAID, &field), open);
        assert_int_equal(rlk_options_judge_wish(chip, NULL, 0, EMPTY_CHECK, &field),
                         chip->has_empty_check ? open : RLK_E_DOOR_WOULD_CLOSE);
        assert_int_equal(rlk_options_judge_wish(chip, NULL, 0, RLK_WAY_BACK_NONE, &field), RLK_E_DOOR_WOULD_CLOSE);
    }
}

static void test_a_wish_that_cannot_be_set_is_no_question_of_the_door(void **state)
{
    const struct rlk_option_wish unknown = {"SPRMOD", 1};
    const struct rlk_option_wish large = {"BOR_LEV", 4};
    const char *field = NULL;
    (void)state;
    assert_int_equal(rlk_options_judge_wish(rlk_chip_row(F405), &unknown, 1, BOOT0, &field),
                     RLK_E_OPTION_FIELD_UNKNOWN);
    assert_string_equal(field, "SPRMOD");
    assert_int_equal(rlk_options_judge_wish(rlk_chip_row(F405), &large, 1, BOOT0, &field),
                     RLK_E_OPTION_VALUE_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field_and_nothing_else),
        cmocka_unit_test(test_what_is_set_is_written),
        cmocka_unit_test(test_the_bits_are_where_the_manuals_have_them),
        cmocka_unit_test(test_what_cannot_be_set_changes_nothing),
        cmocka_unit_test(test_the_same_twice_and_nothing_at_all),
        cmocka_unit_test(test_an_erased_pair_is_left_as_it_is),
        cmocka_unit_test(test_a_profile_gives_the_same_block_again),
        cmocka_unit_test(test_the_door_by_the_wish_alone),
        cmocka_unit_test(test_no_block_would_have_passed),
        cmocka_unit_test(test_a_field_that_is_never_changed),
        cmocka_unit_test(test_the_best_block_passes),
        cmocka_unit_test(test_a_wish_that_cannot_be_set_is_no_question_of_the_door),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
