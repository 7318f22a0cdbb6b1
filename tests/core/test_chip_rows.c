/*
 * The rows of the chip table: each holds together, and candidates are merged only where they write the same.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define L4_MASK         (BIT(L4) | BIT(L47X))

static void test_l4_and_l47x_are_merged_to_their_worst(void **state)
{
    const struct rlk_chip *l4 = rlk_chip_row(RLK_FAMILY_STM32L4);
    const struct rlk_chip *l47x = rlk_chip_row(RLK_FAMILY_STM32L47X);
    struct rlk_chip chip;
    (void)state;
    assert_int_equal(rlk_chip_settle(&chip, L4_MASK, RLK_FAMILY_UNKNOWN), RLK_OK);
    assert_int_equal(chip.family, RLK_FAMILY_STM32L4);
    assert_true(l4->has_empty_check);
    assert_false(chip.has_empty_check);
    assert_int_equal(chip.generation, RLK_ROM_A_FS);
    assert_int_equal(l47x->early_poll, RLK_EARLY_POLL_HELD);
    assert_int_equal(chip.early_poll, RLK_EARLY_POLL_UNSAFE);
    assert_int_equal(chip.return_typical_ms, l47x->return_typical_ms);
    assert_int_equal(chip.announced_program_ms, 0);
    assert_int_equal(chip.evidence, l4->evidence & l47x->evidence);
    assert_int_equal(chip.power_cycle_after_seal, RLK_POWER_CYCLE_YES);
    assert_int_equal(chip.options_addr, l4->options_addr);
    assert_int_equal(chip.options_bytes, 40);
}

static void test_a_claim_settles_or_contradicts(void **state)
{
    struct rlk_chip chip;
    (void)state;
    assert_int_equal(rlk_chip_settle(&chip, L4_MASK, RLK_FAMILY_STM32L4), RLK_OK);
    assert_true(chip.has_empty_check);
    assert_int_equal(rlk_chip_settle(&chip, L4_MASK, RLK_FAMILY_STM32L47X), RLK_OK);
    assert_int_equal(chip.family, RLK_FAMILY_STM32L47X);
    assert_int_equal(rlk_chip_settle(&chip, L4_MASK, RLK_FAMILY_STM32F405), RLK_E_CHIP_CONTRADICTS_CLAIM);
    assert_int_equal(rlk_chip_settle(&chip, L4_MASK, RLK_FAMILY_COUNT), RLK_E_CHIP_CONTRADICTS_CLAIM);
    assert_int_equal(rlk_chip_settle(&chip, 0, RLK_FAMILY_UNKNOWN), RLK_E_UNKNOWN_CHIP);
    assert_int_equal(rlk_chip_settle(&chip, 0, RLK_FAMILY_STM32F405), RLK_E_UNKNOWN_CHIP);
}

/*
 * Families that are given the same bytes at the same places, and whose ROMs are waited for alike: of each group any two
 * settle, and no others do. C071 and G0B1, and those of the last groups, never fit the same device as it is announced.
 */
static const rlk_family_mask alike[] = {
    BIT(F04X) | BIT(F07X) | BIT(F30X) | BIT(F37X),
    BIT(F405) | BIT(F412) | BIT(F2) | BIT(F401) | BIT(F413),
    BIT(F72X) | BIT(F74X) | BIT(F76X),
    L4_MASK,
    BIT(U3) | BIT(WBA6),
    BIT(C071) | BIT(G0B1),
    BIT(GD32) | BIT(AT32) | BIT(APM32),
    BIT(H5) | BIT(H7RS) | BIT(C5) | BIT(N6),
};

static bool are_alike(rlk_family_mask mask)
{
    bool are = false;
    for (size_t i = 0; i < COUNT_OF(alike) && !are; i++) {
        are = (mask & ~alike[i]) == 0;
    }
    return are;
}

static void test_candidates_that_write_differently_are_ambiguous(void **state)
{
    struct rlk_chip chip;
    (void)state;
    for (unsigned a = 1; a < RLK_FAMILY_COUNT; a++) {
        for (unsigned b = a + 1; b < RLK_FAMILY_COUNT; b++) {
            const rlk_family_mask mask = BIT(a) | BIT(b);
            assert_int_equal(rlk_chip_settle(&chip, mask, RLK_FAMILY_UNKNOWN),
                             are_alike(mask) ? RLK_OK : RLK_E_AMBIGUOUS_CHIP);
            assert_int_equal(rlk_chip_settle(&chip, mask, (enum rlk_family)b), RLK_OK);
            assert_int_equal(chip.family, b);
        }
    }
}

/* What ends up in a transfer, or decides on what does. */
static void check_writes_the_same(const struct rlk_chip *a, const struct rlk_chip *b)
{
    assert_int_equal(a->flash_addr, b->flash_addr);
    assert_int_equal(a->erased_value, b->erased_value);
    assert_int_equal(a->program_bytes, b->program_bytes);
    assert_int_equal(a->options_addr, b->options_addr);
    assert_int_equal(a->options2_addr, b->options2_addr);
    assert_int_equal(a->options_bytes, b->options_bytes);
    assert_int_equal(a->options_write_bytes, b->options_write_bytes);
    assert_int_equal(a->rdp_read_offset, b->rdp_read_offset);
    assert_int_equal(a->rdp_write_offset, b->rdp_write_offset);
    assert_int_equal(a->rdp_level0, b->rdp_level0);
    assert_int_equal(a->rdp_level1, b->rdp_level1);
    assert_int_equal(a->option_form, b->option_form);
}

/* The merged row is never more daring than one of its candidates. */
static void check_worst(const struct rlk_chip *merged, const struct rlk_chip *row)
{
    check_writes_the_same(merged, row);
    assert_true(merged->tier >= row->tier);
    assert_true(merged->early_poll <= row->early_poll);
    assert_true(merged->power_cycle_after_seal >= row->power_cycle_after_seal);
    assert_true(merged->power_cycle_after_unprotect >= row->power_cycle_after_unprotect);
    assert_int_equal(merged->evidence & ~row->evidence, 0);
    assert_true((row->quirks & ~merged->quirks) == 0);
    assert_true(!merged->has_empty_check || row->has_empty_check);
    assert_true(row->refusal == RLK_OK || merged->refusal != RLK_OK);
    assert_true(merged->ram_bytes_max >= row->ram_bytes_max);
    assert_true(merged->mass_erase_max_ms >= row->mass_erase_max_ms);
    assert_true(merged->sector_erase_max_ms >= row->sector_erase_max_ms);
    assert_true(merged->program_max_ms_per_block >= row->program_max_ms_per_block);
    assert_true(merged->return_max_ms >= row->return_max_ms);
}

/* True if the two are merged. */
static bool check_pair(unsigned a, unsigned b)
{
    struct rlk_chip chip;
    if (rlk_chip_settle(&chip, BIT(a) | BIT(b), RLK_FAMILY_UNKNOWN) != RLK_OK) {
        return false;
    }
    assert_int_equal(chip.family, a);
    check_worst(&chip, rlk_chip_row((enum rlk_family)a));
    check_worst(&chip, rlk_chip_row((enum rlk_family)b));
    return true;
}

static void test_merged_rows_are_their_candidates_worst(void **state)
{
    (void)state;
    size_t merged = 0;
    for (unsigned a = 1; a < RLK_FAMILY_COUNT; a++) {
        for (unsigned b = a + 1; b < RLK_FAMILY_COUNT; b++) {
            merged += check_pair(a, b);
        }
    }
    assert_int_equal(merged, 6 + 10 + 3 + 1 + 1 + 1 + 3 + 6);
}

/* Every block that the merged row's door lets through must be let through for each candidate by itself. */
static void check_door_of(const struct rlk_chip *merged, const struct rlk_chip *row, const uint8_t *block)
{
    const char *field = NULL;
    for (unsigned way = RLK_WAY_BACK_UNSAID; way <= RLK_WAY_BACK_NONE; way++) {
        const bool passes = rlk_options_judge_door(merged, block, (enum rlk_way_back)way, &field) == RLK_OK;
        const bool would_pass = rlk_options_judge_door(row, block, (enum rlk_way_back)way, &field) == RLK_OK;
        sample_demand(!passes || would_pass, row->name);
    }
}

/*
 * Bits that may differ: SPRMOD, which F405 does not have, turns flash into such that cannot be verified; BOOT_SEL of
 * F30x is one of its largest die, which has 256 pages and is never taken for an F07x.
 */
static bool is_excused(const struct rlk_chip *row, size_t bit)
{
    return (row->family == F412 && bit == 8U * 9U + 7U) || (row->family == F30X && bit == 8U * 2U + 7U);
}

/* Single bits: most rules need just one. */
static void check_doors(const struct rlk_chip *merged, const struct rlk_chip *row)
{
    const size_t distance = sample_complement_distance(merged);
    for (size_t bit = 0; bit < 8U * merged->options_bytes; bit++) {
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        const bool is_value = distance == 0 || bit / 8U % (2U * distance) < distance;
        if (is_value && !is_excused(row, bit)) {
            sample_options(block, row->family);
            sample_set_byte(block, merged, bit / 8U, (uint8_t)(block[bit / 8U] ^ 1U << bit % 8U));
            check_door_of(merged, row, block);
        }
    }
}

/* What a device can really leave open. */
static void check_mask(rlk_family_mask mask)
{
    struct rlk_chip chip;
    assert_int_equal(rlk_chip_settle(&chip, mask, RLK_FAMILY_UNKNOWN), RLK_OK);
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        if ((mask & BIT(f)) != 0) {
            check_doors(&chip, rlk_chip_row((enum rlk_family)f));
        }
    }
}

static void test_merged_doors_are_no_wider(void **state)
{
    static const rlk_family_mask masks[] = {BIT(F07X) | BIT(F30X), BIT(F405) | BIT(F412) | BIT(F2), L4_MASK};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(masks); i++) {
        check_mask(masks[i]);
    }
}

/* F105 among 128 pages needs other bytes than F30x and F37x, which need the same. */
static void test_128_pages_need_a_claim(void **state)
{
    const rlk_family_mask mask = BIT(F105) | BIT(F30X) | BIT(F37X);
    struct rlk_chip chip;
    (void)state;
    assert_int_equal(rlk_chip_settle(&chip, mask, RLK_FAMILY_UNKNOWN), RLK_E_AMBIGUOUS_CHIP);
    assert_int_equal(rlk_chip_settle(&chip, mask, F105), RLK_OK);
    assert_int_equal(chip.rdp_level0, 0xA5);
    assert_int_equal(rlk_chip_settle(&chip, mask, F37X), RLK_OK);
    assert_int_equal(chip.rdp_level0, 0xAA);
    assert_int_equal(rlk_chip_settle(&chip, mask, F07X), RLK_E_CHIP_CONTRADICTS_CLAIM);
}

static void test_tiers(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const enum rlk_tier tier = f <= L47X    ? RLK_TIER_FULL
                                   : f < GD32   ? RLK_TIER_EXPERIMENTAL
                                   : f <= DFUSE ? RLK_TIER_WRITE_ONLY
                                                : RLK_TIER_REFUSED;
        assert_int_equal(chip->tier, tier);
        assert_int_equal(chip->refusal != RLK_OK, tier >= RLK_TIER_WRITE_ONLY);
        assert_int_equal(sample_has_options(chip->family), tier < RLK_TIER_WRITE_ONLY);
    }
}

/* F74x is polled early by ST's own tool; an FS core or an unknown lineage stalls it; the others hold it. */
static void test_early_polls(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const bool is_held = chip->generation == RLK_ROM_A_OTG || chip->generation == RLK_ROM_B;
        assert_int_equal(chip->early_poll, f == F74X ? RLK_EARLY_POLL_USUAL
                                           : is_held ? RLK_EARLY_POLL_HELD
                                                     : RLK_EARLY_POLL_UNSAFE);
    }
}

/*
 * Generations, as ST's published relatives of the ROMs have them. U5 has descriptors like B's, and ST's code for it is
 * C's, whose early polls are stalled: the more careful one. Nothing is known of U3 and WBA6 but that they are later.
 */
static void test_generations(void **state)
{
    const rlk_family_mask a_fs = BIT(F04X) | BIT(F07X) | BIT(F30X) | BIT(F37X) | BIT(L4) | BIT(L07X) | BIT(L1) |
                                 BIT(GD32) | BIT(APM32) | BIT(DFUSE);
    const rlk_family_mask b = BIT(G431) | BIT(G47X) | BIT(G49X) | BIT(H74X) | BIT(H72X) | BIT(H7A3) | BIT(L5) |
                              BIT(U0) | BIT(WB55) | BIT(C071) | BIT(G0B1);
    const rlk_family_mask c = BIT(U5) | BIT(U3) | BIT(WBA6) | BIT(H5) | BIT(H7RS) | BIT(C5) | BIT(N6);
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const enum rlk_rom_generation expected = (a_fs & BIT(f)) != 0 ? RLK_ROM_A_FS
                                                 : (b & BIT(f)) != 0  ? RLK_ROM_B
                                                 : (c & BIT(f)) != 0  ? RLK_ROM_C
                                                                      : RLK_ROM_A_OTG;
        assert_int_equal(rlk_chip_row((enum rlk_family)f)->generation, expected);
    }
}

/* A family whose protection is never touched has no option block that anything could read, build or write. */
static void check_no_options(const struct rlk_chip *chip)
{
    const uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0xAA, 0x55};
    assert_int_equal(chip->options_bytes, 0);
    assert_int_equal(chip->options_write_bytes, 0);
    assert_int_equal(chip->options2_addr, 0);
    for (size_t length = 0; length <= RLK_OPTIONS_BYTES_MAX; length++) {
        assert_int_equal(rlk_options_check(chip, block, length), RLK_E_OPTIONS_MALFORMED);
    }
}

static void test_option_blocks(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        assert_int_equal(chip->options_addr != 0, sample_has_options(chip->family));
        if (chip->options_addr == 0) {
            check_no_options(chip);
            continue;
        }
        assert_int_equal(chip->rdp_level0, sample_level0(chip->family));
        assert_int_equal(chip->rdp_level1, sample_level1(chip->family));
        assert_true(chip->options_bytes <= RLK_OPTIONS_BYTES_MAX);
        assert_true(chip->options_write_bytes <= chip->options_bytes && chip->options_write_bytes % 2 == 0);
        assert_true(chip->options2_addr == 0 || chip->options_bytes <= RLK_SECOND_OPTIONS_BYTES_MAX);
        assert_true(chip->rdp_read_offset < chip->options_bytes && chip->rdp_write_offset < chip->options_write_bytes);
    }
}

static void test_rows_hold_together(void **state)
{
    (void)state;
    assert_null(rlk_chip_row(RLK_FAMILY_UNKNOWN));
    assert_null(rlk_chip_row(RLK_FAMILY_COUNT));
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        assert_int_equal(chip->family, f);
        assert_int_equal(chip->evidence & RLK_EVIDENCE_TRANSCRIPT, 0);
        assert_true(chip->program_bytes <= 32 && (chip->program_bytes & (chip->program_bytes - 1)) == 0);
        assert_true(chip->mass_erase_typical_ms <= chip->mass_erase_max_ms);
        assert_true(chip->sector_erase_typical_ms_per_16k <= chip->sector_erase_max_ms);
        assert_true(chip->program_typical_us_per_byte_x16 * 128 / 1000 <= chip->program_max_ms_per_block);
        assert_true(chip->announced_program_ms <= 2 * chip->program_max_ms_per_block);
        assert_true(chip->announced_erase_ms <= 2 * chip->sector_erase_max_ms);
        assert_true(chip->return_typical_ms <= chip->return_max_ms);
        assert_true(strlen(rlk_chip_devices(chip->family)) > 0 && strlen(rlk_chip_sources(chip->family)) > 0);
        assert_ptr_equal(rlk_chip_find(chip->name), chip);
    }
    assert_ptr_equal(rlk_chip_find("stm32f405"), rlk_chip_row(RLK_FAMILY_STM32F405));
    assert_ptr_equal(rlk_chip_find("STM32L47X"), rlk_chip_row(RLK_FAMILY_STM32L47X));
    assert_null(rlk_chip_find(""));
    assert_null(rlk_chip_find("STM32F4"));
    assert_null(rlk_chip_find("STM32F4055"));
    assert_ptr_equal(rlk_chip_find("stm32l4plus"), rlk_chip_row(RLK_FAMILY_STM32L4PLUS));
    assert_ptr_equal(rlk_chip_find("dfuse"), rlk_chip_row(RLK_FAMILY_DFUSE));
}

static const struct {
    rlk_family_mask families;
    rlk_quirk_mask quirk;
} traps[] = {
    {BIT(F105), RLK_QUIRK_BIT(LEVEL_0_IS_A5)},
    {BIT(L07X) | BIT(L1), RLK_QUIRK_BIT(ERASED_IS_ZERO)},
    {BIT(L1), RLK_QUIRK_BIT(OPTIONS_INVALID_AFTER_UNPROTECT)},
    {BIT(F42X) | BIT(L4) | BIT(L47X) | BIT(L4PLUS) | BIT(G47X), RLK_QUIRK_BIT(TWO_OPTION_BLOCKS)},
    {BIT(H74X) | BIT(H72X) | BIT(H7A3), RLK_QUIRK_BIT(SPLIT_REGISTERS)},
    {BIT(U5) | BIT(U0), RLK_QUIRK_BIT(KEYS_IN_THE_BLOCK)},
    {BIT(L5) | BIT(U5) | BIT(U3) | BIT(WBA6), RLK_QUIRK_BIT(TRUSTZONE)},
    {BIT(H5) | BIT(H7RS) | BIT(C5), RLK_QUIRK_BIT(PRODUCT_STATE)},
    {BIT(G0B1), RLK_QUIRK_BIT(OPTIONS_NOT_ANNOUNCED)},
    {BIT(G0B1) | BIT(C071), RLK_QUIRK_BIT(EQUAL_ALTERNATES)},
    {BIT(U0) | BIT(C071), RLK_QUIRK_BIT(REFUSAL_IN_STATE_15)},
    {BIT(C5), RLK_QUIRK_BIT(NO_BUSY_STATE) | RLK_QUIRK_BIT(NO_FUNCTIONAL_DESCRIPTOR)},
    {BIT(U5), RLK_QUIRK_BIT(DROPS_WRITES_AT_LEVEL_1)},
};

/* The traps that decide on what is written, or on whether anything is, belong to these families and to no others. */
static void test_traps_are_where_they_belong(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(traps); i++) {
        for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
            const rlk_quirk_mask quirks = rlk_chip_row((enum rlk_family)f)->quirks & traps[i].quirk;
            assert_true(quirks == ((traps[i].families & BIT(f)) != 0 ? traps[i].quirk : 0));
        }
    }
}

static bool is_without_empty_check(const struct rlk_chip *chip)
{
    return (chip->quirks & RLK_QUIRK_BIT(NO_EMPTY_CHECK)) != 0;
}

/* What a quirk says and what the row says elsewhere is one fact. */
static void test_quirks_agree_with_their_rows(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const bool is_zero = (chip->quirks & RLK_QUIRK_BIT(ERASED_IS_ZERO)) != 0;
        const bool has_two = (chip->quirks & RLK_QUIRK_BIT(TWO_OPTION_BLOCKS)) != 0;
        assert_true(chip->quirks >> RLK_QUIRK_COUNT == 0);
        assert_int_equal(chip->erased_value, is_zero ? 0x00 : 0xFF);
        assert_true(!has_two || chip->options2_addr != 0);
        assert_true(!(chip->has_empty_check && is_without_empty_check(chip)));
        assert_true(chip->rdp_read_offset == chip->rdp_write_offset ||
                    (chip->quirks & RLK_QUIRK_BIT(SPLIT_REGISTERS)) != 0);
    }
}

static void test_quirks_have_texts(void **state)
{
    (void)state;
    for (unsigned q = 0; q < RLK_QUIRK_COUNT; q++) {
        bool is_in_a_row = false;
        assert_true(strlen(rlk_quirk_name((enum rlk_quirk)q)) > 0);
        assert_true(strlen(rlk_quirk_what((enum rlk_quirk)q)) > 0);
        assert_true(strlen(rlk_quirk_answer((enum rlk_quirk)q)) > 0);
        for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
            is_in_a_row = is_in_a_row || (rlk_chip_row((enum rlk_family)f)->quirks >> q & 1U) != 0;
        }
        assert_string_equal(is_in_a_row ? "in a row" : rlk_quirk_name((enum rlk_quirk)q), "in a row");
    }
    assert_null(rlk_quirk_name(RLK_QUIRK_COUNT));
    assert_null(rlk_quirk_what(RLK_QUIRK_COUNT));
    assert_null(rlk_quirk_answer(RLK_QUIRK_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_l4_and_l47x_are_merged_to_their_worst),
        cmocka_unit_test(test_a_claim_settles_or_contradicts),
        cmocka_unit_test(test_candidates_that_write_differently_are_ambiguous),
        cmocka_unit_test(test_merged_rows_are_their_candidates_worst),
        cmocka_unit_test(test_merged_doors_are_no_wider),
        cmocka_unit_test(test_128_pages_need_a_claim),
        cmocka_unit_test(test_tiers),
        cmocka_unit_test(test_generations),
        cmocka_unit_test(test_early_polls),
        cmocka_unit_test(test_option_blocks),
        cmocka_unit_test(test_rows_hold_together),
        cmocka_unit_test(test_traps_are_where_they_belong),
        cmocka_unit_test(test_quirks_agree_with_their_rows),
        cmocka_unit_test(test_quirks_have_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
