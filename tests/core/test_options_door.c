/*
 * The door, family by family: a block that breaks just one rule is refused with the field's name, the sample passes,
 * and what is no rule of a family does not close its door.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define CHANGES_MAX     5U
#define PRESENT(offset) ((offset) + 1U) /* so that 0 ends a list */

#define F0        (BIT(F04X) | BIT(F07X))
#define F3        (BIT(F30X) | BIT(F37X))
#define F1        (F0 | F3 | BIT(F105))
#define F4        (BIT(F405) | BIT(F412) | BIT(F2) | BIT(F401) | BIT(F413) | BIT(F42X))
#define F7        (BIT(F72X) | BIT(F74X) | BIT(F76X))
#define L4S       (BIT(L4) | BIT(L47X) | BIT(L4PLUS))
#define G4        (BIT(G431) | BIT(G47X) | BIT(G49X))
#define G0        (BIT(G0B1) | BIT(C071))
#define U5S       (BIT(L5) | BIT(U5) | BIT(U3) | BIT(WBA6))
#define H7        (BIT(H74X) | BIT(H72X) | BIT(H7A3))
#define WITH_PINS (BIT(L4) | BIT(L4PLUS) | G4 | BIT(WB55))
#define WB        BIT(WB55)

/* Changes to a good block of each family, a way back, and the field that closes the door (NULL: it stays open). */
struct door_case {
    rlk_family_mask families;
    enum rlk_way_back way_back;
    const char *field;
    struct {
        size_t offset; /* PRESENT */
        uint8_t value;
    } changes[CHANGES_MAX];
};

#define CHANGE(offset, value)                                                                                          \
    {                                                                                                                  \
        PRESENT(offset), value                                                                                         \
    }

static const struct door_case cases[] = {
    /* F0, F1, F3 */
    {F1, BOOT0, "WRP0", {CHANGE(8, 0xFE)}},
    {F1, BOOT0, "WRP1", {CHANGE(10, 0x7F)}},
    {F1, BOOT0, "WRP2", {CHANGE(12, 0xEF)}},
    {F1, BOOT0, "WRP3", {CHANGE(14, 0xFD)}},
    {BIT(F04X), EMPTY_CHECK, "WRP3", {CHANGE(14, 0xFD)}},
    {F0 | F3, BOOT0, "nBOOT1", {CHANGE(2, 0xEF)}},
    {BIT(F105), BOOT0, NULL, {CHANGE(2, 0xEF)}},
    {BIT(F04X), EMPTY_CHECK, NULL, {CHANGE(2, 0xEF)}},
    {BIT(F04X) | BIT(F30X), BOOT0, "BOOT_SEL", {CHANGE(2, 0x7F)}},
    {BIT(F07X) | BIT(F37X) | BIT(F105), BOOT0, NULL, {CHANGE(2, 0x7F)}},
    {BIT(F04X), EMPTY_CHECK, "nBOOT0", {CHANGE(2, 0x77)}},
    {BIT(F04X), EMPTY_CHECK, NULL, {CHANGE(2, 0x7F)}},
    {F1, BOOT0, NULL, {CHANGE(4, 0x00), CHANGE(6, 0x12)}},

    /* F2, F4 */
    {F4, BOOT0, "nWRP", {CHANGE(8, 0xFE)}},
    {F4, BOOT0, "nWRP", {CHANGE(8, 0x7F)}},
    {F4 & ~BIT(F401), BOOT0, "nWRP", {CHANGE(9, 0x7E)}},
    {F4 & ~BIT(F401), BOOT0, "nWRP", {CHANGE(9, 0x77)}},
    {BIT(F401), BOOT0, NULL, {CHANGE(9, 0x00)}},
    {BIT(F413), BOOT0, "nWRP", {CHANGE(9, 0x3F)}},
    {F4 & ~BIT(F413), BOOT0, NULL, {CHANGE(9, 0x0F)}},
    {BIT(F412) | BIT(F401) | BIT(F413) | BIT(F42X), BOOT0, "SPRMOD", {CHANGE(9, 0xFF)}},
    {F4, BOOT0, NULL, {CHANGE(0, 0x00)}},

    /* F7 */
    {F7, BOOT0, "nWRP", {CHANGE(8, 0x7F)}},
    {BIT(F76X), BOOT0, "nWRP", {CHANGE(9, 0xF7)}},
    {BIT(F72X) | BIT(F74X), BOOT0, NULL, {CHANGE(9, 0xF0)}},
    {F7, BOOT0, "BOOT_ADD1", {CHANGE(24, 0x80)}},
    {F7, BOOT0, "BOOT_ADD1", {CHANGE(25, 0x01)}},
    {F7, BOOT0, "BOOT_ADD1", {CHANGE(16, 0xFF), CHANGE(17, 0xFF), CHANGE(24, 0xFF), CHANGE(25, 0xFF)}},
    {F7, BOOT0, NULL, {CHANGE(16, 0xFF), CHANGE(17, 0xFF)}},
    {BIT(F72X), BOOT0, "PCROP_RDP", {CHANGE(41, 0x7F)}},
    {BIT(F74X) | BIT(F76X), BOOT0, NULL, {CHANGE(41, 0x7F)}},

    /* L4, L4+, G4, WB */
    {L4S | G4 | WB, BOOT0, "nBOOT1", {CHANGE(2, 0x6F)}},
    {WITH_PINS, BOOT0, "nSWBOOT0", {CHANGE(3, 0x3B)}},
    {BIT(L47X), BOOT0, NULL, {CHANGE(3, 0xF3)}},
    {BIT(L4) | WB, EMPTY_CHECK, "nBOOT0", {CHANGE(3, 0x33)}},
    {BIT(L4) | WB, EMPTY_CHECK, NULL, {CHANGE(3, 0x3B)}},
    {BIT(L4) | WB, EMPTY_CHECK, NULL, {CHANGE(3, 0x37)}},
    {BIT(L4) | WB, EMPTY_CHECK, NULL, {CHANGE(2, 0x6F)}},
    {G4, BOOT0, "PCROP_RDP", {CHANGE(19, 0x0F)}},
    {L4S, BOOT0, NULL, {CHANGE(19, 0x0F)}},
    {L4S | G4, BOOT0, "PCROP1_STRT", {CHANGE(8, 0x00), CHANGE(9, 0x00), CHANGE(19, 0x0F)}},
    {L4S | G4, BOOT0, "PCROP1_STRT", {CHANGE(16, 0xFF), CHANGE(17, 0xFF), CHANGE(19, 0x0F)}},
    {L4S | G4, BOOT0, "PCROP1_STRT", {CHANGE(8, 0x00), CHANGE(9, 0x00), CHANGE(19, 0x8F)}},
    {L4S | G4 | G0 | WB, BOOT0, "WRP1A_STRT", {CHANGE(24, 0x00)}},
    {L4S | G4 | G0 | WB, BOOT0, "WRP1A_STRT", {CHANGE(26, 0xFF)}},
    {L4S | G4 | G0 | WB, BOOT0, "WRP1B_STRT", {CHANGE(32, 0x80)}},
    {L4S | G4 | G0 | WB, BOOT0, "WRP1B_STRT", {CHANGE(34, 0xFF)}},
    {BIT(G47X) | BIT(G49X), BOOT0, "BOOT_LOCK", {CHANGE(42, 0x01)}},

    /* G0, C0, and what they share with WB */
    {G0 | WB, BOOT0, "PCROP1A_STRT", {CHANGE(8, 0x00), CHANGE(9, 0x00)}},
    {G0 | WB, BOOT0, "PCROP1A_STRT", {CHANGE(8, 0x00), CHANGE(9, 0x00), CHANGE(19, 0x80)}},
    {G0 | WB, BOOT0, "PCROP1B_STRT", {CHANGE(48, 0xFF), CHANGE(49, 0xFF)}},
    {G0 | WB, BOOT0, "PCROP1B_STRT", {CHANGE(48, 0xFF), CHANGE(49, 0xFF), CHANGE(19, 0x80)}},
    {BIT(G0B1), BOOT0, "PCROP2A_STRT", {CHANGE(56, 0x00), CHANGE(57, 0x00)}},
    {BIT(G0B1), BOOT0, "PCROP2B_STRT", {CHANGE(88, 0x00), CHANGE(89, 0x00)}},
    {BIT(G0B1), BOOT0, "WRP2A_STRT", {CHANGE(72, 0x00)}},
    {BIT(G0B1), BOOT0, "WRP2B_STRT", {CHANGE(82, 0xFF)}},
    {BIT(C071), BOOT0, NULL, {CHANGE(72, 0x00), CHANGE(56, 0x00), CHANGE(57, 0x00)}},
    {G0, BOOT0, "BOOT_LOCK", {CHANGE(114, 0x01)}},
    {G0, EMPTY_CHECK, "BOOT_LOCK", {CHANGE(114, 0x01)}},
    {G0 | BIT(U0), BOOT0, "nBOOT_SEL", {CHANGE(3, 0xDF)}},
    {G0 | BIT(U0), BOOT0, "nBOOT1", {CHANGE(3, 0xDC)}},
    {G0 | BIT(U0), EMPTY_CHECK, "nBOOT0", {CHANGE(3, 0xDB)}},
    {G0 | BIT(U0), EMPTY_CHECK, NULL, {CHANGE(3, 0xDF)}},
    {G0 | BIT(U0), EMPTY_CHECK, NULL, {CHANGE(3, 0xDA)}},

    /* U0 */
    {BIT(U0), BOOT0, "WRP1A_STRT", {CHANGE(12, 0x00)}},
    {BIT(U0), BOOT0, "WRP1A_STRT", {CHANGE(14, 0xFF)}},
    {BIT(U0), BOOT0, "WRP1B_STRT", {CHANGE(16, 0x00)}},
    {BIT(U0), EMPTY_CHECK, "BOOT_LOCK", {CHANGE(98, 0x01)}},

    /* L5, U5, U3, WBA */
    {U5S, BOOT0, "TZEN", {CHANGE(3, 0x9F)}},
    {U5S, BOOT0, "nSWBOOT0", {CHANGE(3, 0x1B)}},
    {U5S, BOOT0, "BOOT_LOCK", {CHANGE(12, 0x7D)}},
    {U5S, BOOT0, "WRP1A_STRT", {CHANGE(24, 0x00)}},
    {U5S, BOOT0, "WRP1B_STRT", {CHANGE(30, 0xFF)}},
    {U5S, BOOT0, "WRP2A_STRT", {CHANGE(40, 0x00)}},
    {U5S, BOOT0, "WRP2B_STRT", {CHANGE(46, 0xFF)}},

    /* H7 */
    {H7, BOOT0, "SECURITY", {CHANGE(2, 0x26)}},
    {BIT(H74X) | BIT(H72X), BOOT0, "WRPSn1", {CHANGE(28, 0xFE)}},
    {BIT(H74X) | BIT(H72X), BOOT0, NULL, {CHANGE(31, 0x00)}},
    {BIT(H7A3), BOOT0, "WRPSGn1", {CHANGE(28, 0xFE)}},
    {BIT(H7A3), BOOT0, "WRPSGn1", {CHANGE(31, 0x7F)}},
    {BIT(H7A3), BOOT0, "WRPSGn2", {CHANGE(284, 0xFE)}},
    {BIT(H7A3), BOOT0, "PROT_AREA_START2", {CHANGE(268, 0x00)}},
    {BIT(H7A3), BOOT0, "SEC_AREA_START2", {CHANGE(278, 0xFF)}},
    {H7, BOOT0, "PROT_AREA_START1", {CHANGE(14, 0xFF)}},
    {H7, BOOT0, "PROT_AREA_START1", {CHANGE(12, 0x00)}},
    {H7, BOOT0, "SEC_AREA_START1", {CHANGE(22, 0xFF)}},

    /* L0, L1: 0 is not protected */
    {BIT(L07X), BOOT0, "WPRMOD", {CHANGE(1, 0x01)}},
    {BIT(L1), BOOT0, "SPRMOD", {CHANGE(1, 0x01)}},
    {BIT(L07X), BOOT0, "nBOOT1", {CHANGE(5, 0x00)}},
    {BIT(L1), BOOT0, NULL, {CHANGE(5, 0x80)}},
    {BIT(L07X) | BIT(L1), BOOT0, "WRP1", {CHANGE(8, 0x01)}},
    {BIT(L07X) | BIT(L1), BOOT0, "WRP2", {CHANGE(13, 0x80)}},
    {BIT(L07X) | BIT(L1), BOOT0, "WRP3", {CHANGE(16, 0x10)}},
    {BIT(L1), BOOT0, "WRP4", {CHANGE(20, 0x01)}},
    {BIT(L1), BOOT0, "WRP5", {CHANGE(25, 0x80)}},
    {BIT(L1), BOOT0, "WRP6", {CHANGE(28, 0x01)}},
};

static void check_case(const struct door_case *door, enum rlk_family family, enum rlk_way_back way_back)
{
    const struct rlk_chip *chip = rlk_chip_row(family);
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const char *field = "";
    sample_options(block, family);
    for (size_t i = 0; i < CHANGES_MAX && door->changes[i].offset != 0; i++) {
        sample_set_byte(block, chip, door->changes[i].offset - PRESENT(0), door->changes[i].value);
    }
    assert_int_equal(rlk_options_check(chip, block, chip->options_bytes), RLK_OK);
    const enum rlk_error error = rlk_options_judge_door(chip, block, way_back, &field);
    if (strcmp(field == NULL ? "open" : field, door->field == NULL ? "open" : door->field) != 0) {
        fail_msg("%s, case %zu: %s", chip->name, (size_t)(door - cases), field == NULL ? "open" : field);
    }
    assert_int_equal(error, door->field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE);
}

/* An unsaid way back is judged as BOOT0. Returns for how many families. */
static size_t check_families(const struct door_case *door)
{
    size_t judged = 0;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        if ((door->families & BIT(f)) != 0) {
            check_case(door, (enum rlk_family)f, door->way_back);
            check_case(door, (enum rlk_family)f, door->way_back == BOOT0 ? RLK_WAY_BACK_UNSAID : door->way_back);
            judged++;
        }
    }
    return judged;
}

static void test_each_rule(void **state)
{
    size_t judged = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        judged += check_families(&cases[i]);
    }
    assert_true(judged > 200);
}

static void test_samples_leave_the_door_open(void **state)
{
    static const struct door_case as_it_is = {.field = NULL};
    static const struct door_case no_way = {.field = "way back"};
    const rlk_family_mask with_empty_check = BIT(F04X) | BIT(L4) | BIT(U0) | BIT(WB55) | BIT(C071) | BIT(G0B1);
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const enum rlk_family family = (enum rlk_family)f;
        if (sample_has_options(family)) {
            check_case(&as_it_is, family, BOOT0);
            check_case(&as_it_is, family, RLK_WAY_BACK_UNSAID);
            check_case((with_empty_check & BIT(f)) != 0 ? &as_it_is : &no_way, family, EMPTY_CHECK);
            check_case(&no_way, family, RLK_WAY_BACK_NONE);
        }
    }
}

/* Each field that write protection or PCROP could be set by has a case above that closes the door. */
static bool is_closed_by_a_case(enum rlk_family family, const char *name)
{
    bool is_closed = false;
    for (size_t i = 0; i < COUNT_OF(cases) && !is_closed; i++) {
        is_closed =
            (cases[i].families & BIT(family)) != 0 && cases[i].field != NULL && strcmp(cases[i].field, name) == 0;
    }
    return is_closed;
}

static bool ends_an_area(const char *name)
{
    const size_t length = strlen(name);
    return length > 4 && strcmp(&name[length - 4], "_END") == 0;
}

/* PCROP_RDP begins no area, and what F72x's PCROP means is not known: it is never changed. */
static bool must_be_judged(const char *name)
{
    const bool is_area = strstr(name, "WRP") != NULL || (strncmp(name, "PCROP", 5) == 0 && strcmp(name, "PCROP") != 0 &&
                                                         strcmp(name, "PCROP_RDP") != 0);
    return (is_area && !ends_an_area(name)) || strcmp(name, "BOOT_LOCK") == 0 || strcmp(name, "TZEN") == 0;
}

static void test_no_field_was_forgotten(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        struct rlk_option_field field;
        uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
        for (size_t i = 0; sample_has_options(chip->family) && rlk_options_field(chip, block, i, &field); i++) {
            sample_demand(!must_be_judged(field.name) || is_closed_by_a_case(chip->family, field.name), field.name);
        }
    }
}

/* At level 2 there is no door, whatever else the block says; and none at one that cannot be relied on. */
static void test_level_2_and_damage(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        const char *field = NULL;
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_options(block, chip->family);
        sample_set_byte(block, chip, chip->rdp_read_offset, 0xCC);
        assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field),
                         f == F105 ? RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2 : RLK_E_DOOR_WOULD_CLOSE);
        assert_string_equal(field, f == F105 ? "USER" : "RDP");
        sample_options(block, chip->family);
        sample_set_byte(block, chip, chip->rdp_write_offset, 0xCC);
        assert_int_not_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_OK);
        memset(block, 0xFF, sizeof block);
        assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
        assert_string_equal(field, "RDP");
    }
}

static void check_level_2_at(const struct rlk_chip *chip, size_t offset)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX + 4U];
    const char *field = NULL;
    sample_options(block, chip->family);
    sample_set_byte(block, chip, offset, 0xCC);
    const bool is_open = rlk_options_judge_door(chip, block, BOOT0, &field) == RLK_OK;
    assert_int_equal(is_open, field == NULL);
    assert_false(is_open && rlk_options_mean_level_2(chip->options_addr, block, chip->options_write_bytes));
}

/* Whatever is judged open can be let out by the gate: no block is refused only at the last moment. */
static void test_what_looks_like_level_2_is_said_early(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        for (size_t offset = 0; sample_has_options(chip->family) && offset < chip->options_write_bytes; offset++) {
            check_level_2_at(chip, offset);
        }
    }
}

static void test_hands_off_families_have_no_door(void **state)
{
    (void)state;
    for (unsigned f = GD32; f < RLK_FAMILY_COUNT; f++) {
        const uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0xAA, 0x55, 0xFF, 0x00};
        uint8_t built[RLK_OPTIONS_BYTES_MAX];
        const char *field = NULL;
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        assert_int_equal(rlk_options_judge_door(chip, block, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
        assert_string_equal(field, "way back");
        assert_int_equal(rlk_options_build(chip, block, true, built), RLK_E_OPTIONS_MALFORMED);
        assert_int_equal(rlk_options_judge_wish(chip, NULL, 0, BOOT0, &field), RLK_E_DOOR_WOULD_CLOSE);
        assert_int_equal(rlk_options_profile(chip, block, NULL, 0), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rule),
        cmocka_unit_test(test_samples_leave_the_door_open),
        cmocka_unit_test(test_no_field_was_forgotten),
        cmocka_unit_test(test_level_2_and_damage),
        cmocka_unit_test(test_what_looks_like_level_2_is_said_early),
        cmocka_unit_test(test_hands_off_families_have_no_door),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
