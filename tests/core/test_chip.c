/*
 * The chip table and recognition: every family of data/rom-layouts.tsv is taken for itself or for nobody.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BIT(family)  ((rlk_family_mask)1 << (family))
#define L4_MASK      (BIT(RLK_FAMILY_STM32L4) | BIT(RLK_FAMILY_STM32L47X))
#define STRINGS_MAX  96
#define STRING_BYTES 128

struct row {
    char family[40];
    unsigned bcd_device; /* 0 if not recorded */
    char text[STRING_BYTES];
};

static struct row rows[STRINGS_MAX];
static size_t row_count;

static int load_rows(void **state)
{
    char line[256];
    char bcd[8];
    (void)state;
    FILE *file = fopen(RELOCK_SOURCE_DIR "/tests/core/data/rom-layouts.tsv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') {
            continue;
        }
        struct row *row = &rows[row_count];
        assert_true(row_count < STRINGS_MAX);
        assert_int_equal(sscanf(line, "%39[^\t]\t%7[^\t]\t%127[^\n]", row->family, bcd, row->text), 3);
        row->bcd_device = (unsigned)strtoul(bcd, NULL, 16);
        row_count++;
    }
    fclose(file);
    assert_true(row_count > 60);
    return 0;
}

static rlk_family_mask candidates_of(unsigned bcd_device, const char *flash, const char *options)
{
    const char *const strings[] = {flash, options};
    struct rlk_fingerprint fingerprint;
    sample_fingerprint(&fingerprint, (uint16_t)bcd_device, strings, 2);
    return rlk_chip_candidates(&fingerprint);
}

/* What the strings of a family may be taken for. */
static rlk_family_mask expected_of(const char *family)
{
    static const struct {
        const char *family;
        rlk_family_mask mask;
    } known[] = {
        {"STM32F04x/F070x6", BIT(RLK_FAMILY_STM32F04X)},
        {"STM32F07x/F070xB", BIT(RLK_FAMILY_STM32F07X)},
        {"STM32F405/F407/F415/F417", BIT(RLK_FAMILY_STM32F405)},
        {"STM32L4", L4_MASK},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(family, known[i].family) == 0) {
            return known[i].mask;
        }
    }
    return 0;
}

/* An unrecorded bcdDevice is tried as both generations. Returns how often the pair was recognised. */
static size_t check_pair(const struct row *flash, const struct row *options)
{
    const unsigned versions[] = {flash->bcd_device != 0 ? flash->bcd_device : 0x2200U,
                                 flash->bcd_device != 0 ? flash->bcd_device : 0x0200U};
    size_t recognised = 0;
    for (size_t v = 0; v < 2; v++) {
        const rlk_family_mask mask = candidates_of(versions[v], flash->text, options->text);
        if (mask != 0) {
            assert_int_equal(mask, expected_of(flash->family));
            recognised++;
        }
    }
    return recognised;
}

static size_t check_pairs_with(const struct row *flash)
{
    size_t recognised = 0;
    for (const struct row *options = flash + 1; options < rows + row_count; options++) {
        if (strcmp(flash->family, options->family) == 0) {
            recognised += check_pair(flash, options);
        }
    }
    return recognised;
}

static void test_every_family_is_itself_or_nobody(void **state)
{
    (void)state;
    size_t recognised = 0;
    for (size_t i = 0; i < row_count; i++) {
        recognised += check_pairs_with(&rows[i]);
    }
    /* F04x, F07x and L4 have one pair, F405 two (types e and g); each was tried twice. */
    assert_int_equal(recognised, 2 * (1 + 1 + 2 + 1));
}

static void test_sample_roms_are_recognised(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        assert_true((rlk_chip_candidates(&fingerprint) & BIT(f)) != 0);
        assert_int_equal(rlk_fingerprint_flash_alternate(&fingerprint, chip), 0);
        assert_int_equal(rlk_fingerprint_options_alternate(&fingerprint, chip), 1);
    }
}

static void test_near_misses_are_unknown(void **state)
{
    static const struct {
        const char *why;
        unsigned bcd_device;
        const char *flash;
        const char *options;
    } cases[] = {
        {"F303: more pages than any F07x", 0x2200, "@F/0x08000000/128*0002Kg", "@O/0x1FFFF800/01*016 e"},
        {"33 KiB in F04x pages", 0x2200, "@F/0x08000000/033*0001Kg", "@O/0x1FFFF800/01*016 e"},
        {"F411: fewer sectors", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,03*128Kg", "@O/0x1FFFC000/01*016 e"},
        {"F413: more sectors", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,011*128Kg", "@O/0x1FFFC000/01*016 e"},
        {"F42x of 1 MiB: two option segments", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg",
         "@O/0x1FFFC000/01*016 e/0x1FFEC000/01*016 e"},
        {"a boot loader of one's own: read-only head", 0x2200, "@F/0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg",
         "@O/0x1FFFC000/01*016 e"},
        {"F405 flash read-only", 0x2200, "@F/0x08000000/04*016Ka,01*064Kg,07*128Kg", "@O/0x1FFFC000/01*016 e"},
        {"options of another length", 0x2200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*512 g"},
        {"options elsewhere", 0x2200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFC000/01*016 e"},
        {"options read-only", 0x2200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 a"},
        {"flash elsewhere", 0x2200, "@F/0x08001000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
        {"flash with a hole", 0x2200, "@F/0x08000000/032*0002Kg/0x08020000/032*0002Kg", "@O/0x1FFFF800/01*016 e"},
        {"mixed pages", 0x2200, "@F/0x08000000/016*0002Kg,016*0001Kg", "@O/0x1FFFF800/01*016 e"},
        {"G431: a ROM of generation B", 0x0200, "@F/0x08000000/64*02Kg", "@O/0x1FFF7800/01*40Be"},
        {"G474: two blocks of 48", 0x2200, "@F/0x08000000/256*02Kg", "@O/0x1FFF7800/01*048 e/0x1FFFF800/01*048 e"},
        {"L4 with three segments", 0x2200, "@F/0x08000000/256*02Kg",
         "@O/0x1FFF7800/01*040 e/0x1FFFF800/01*040 e/0x1FF00000/01*040 e"},
        {"no options", 0x2200, "@F/0x08000000/064*0002Kg", "@OTP Memory /0x1FFF7800/01*512 e"},
        {"two main flashes (G0B1's lie)", 0x2200, "@F/0x08000000/064*0002Kg", "@F/0x08000000/064*0002Kg"},
        {"no layout", 0x2200, "", "@O/0x1FFFF800/01*016 e"},
        {"generation unknown", 0x2300, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rlk_family_mask mask = candidates_of(cases[i].bcd_device, cases[i].flash, cases[i].options);
        assert_string_equal(mask == 0 ? cases[i].why : "recognised", cases[i].why);
    }
}

static void test_smaller_devices_and_second_blocks_fit(void **state)
{
    (void)state;
    assert_int_equal(candidates_of(0x2200, "@F/0x08000000/016*0001Kg", "@O/0x1FFFF800/01*016 e"),
                     BIT(RLK_FAMILY_STM32F04X));
    assert_int_equal(candidates_of(0x2200, "@F/0x08000000/032*0002Kg", "@O/0x1FFFF800/01*016 e"),
                     BIT(RLK_FAMILY_STM32F07X));
    assert_int_equal(
        candidates_of(0x2200, "@F/0x08000000/256*02Kg,256*02Kg", "@O/0x1FFF7800/01*040 e/0x1FFFF800/01*040 e"),
        L4_MASK);
    assert_int_equal(candidates_of(0x2100, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg", "@O/0x1FFFC000/01*016 g"),
                     BIT(RLK_FAMILY_STM32F405));
}

static void test_foreign_vendors_are_unknown(void **state)
{
    struct rlk_fingerprint fingerprint;
    (void)state;
    sample_rom(&fingerprint, RLK_FAMILY_STM32F405);
    fingerprint.device.vendor_id = 0x2E3C;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    fingerprint.device.vendor_id = 0x0483;
    fingerprint.device.product_id = 0x5740;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
}

static void test_two_alternates_for_the_same_memory_are_none(void **state)
{
    struct rlk_fingerprint fingerprint;
    (void)state;
    sample_rom(&fingerprint, RLK_FAMILY_STM32F405);
    fingerprint.layouts[2] = fingerprint.layouts[1];
    assert_int_equal(rlk_fingerprint_options_alternate(&fingerprint, rlk_chip_row(RLK_FAMILY_STM32F405)), -1);
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
}

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

/* F04x and F07x write the same bytes; every other pair of families but the L4s writes something else. */
static void test_candidates_that_write_differently_are_ambiguous(void **state)
{
    struct rlk_chip chip;
    const rlk_family_mask f0 = BIT(RLK_FAMILY_STM32F04X) | BIT(RLK_FAMILY_STM32F07X);
    (void)state;
    for (unsigned a = 1; a < RLK_FAMILY_COUNT; a++) {
        for (unsigned b = a + 1; b < RLK_FAMILY_COUNT; b++) {
            const rlk_family_mask mask = BIT(a) | BIT(b);
            const bool is_alike = mask == f0 || mask == L4_MASK;
            assert_int_equal(rlk_chip_settle(&chip, mask, RLK_FAMILY_UNKNOWN),
                             is_alike ? RLK_OK : RLK_E_AMBIGUOUS_CHIP);
            assert_int_equal(rlk_chip_settle(&chip, mask, (enum rlk_family)b), RLK_OK);
            assert_int_equal(chip.family, b);
        }
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
        assert_int_equal(chip->tier, RLK_TIER_FULL);
        assert_int_equal(chip->evidence & RLK_EVIDENCE_TRANSCRIPT, 0);
        /* None of these is known to be polled early by ST's own tool. */
        assert_int_equal(chip->early_poll,
                         chip->generation == RLK_ROM_A_OTG ? RLK_EARLY_POLL_HELD : RLK_EARLY_POLL_UNSAFE);
        assert_int_equal(chip->rdp_level0, 0xAA);
        assert_int_equal(chip->rdp_level1, 0xBB);
        assert_true(chip->options_bytes <= RLK_OPTIONS_BYTES_MAX);
        assert_true(chip->rdp_read_offset < chip->options_bytes && chip->rdp_write_offset < chip->options_bytes);
        assert_true(chip->mass_erase_typical_ms <= chip->mass_erase_max_ms);
        assert_true(chip->sector_erase_typical_ms_per_16k <= chip->sector_erase_max_ms);
        assert_true(chip->program_typical_us_per_byte_x16 * 128 / 1000 <= chip->program_max_ms_per_block);
        assert_true(chip->announced_program_ms <= 2 * chip->program_max_ms_per_block);
        assert_true(chip->announced_erase_ms <= 2 * chip->sector_erase_max_ms);
        assert_true(chip->return_typical_ms <= chip->return_max_ms);
        assert_true(strlen(chip->devices) > 0 && strlen(chip->sources) > 0);
        assert_ptr_equal(rlk_chip_find(chip->name), chip);
    }
    assert_ptr_equal(rlk_chip_find("stm32f405"), rlk_chip_row(RLK_FAMILY_STM32F405));
    assert_ptr_equal(rlk_chip_find("STM32L47X"), rlk_chip_row(RLK_FAMILY_STM32L47X));
    assert_null(rlk_chip_find(""));
    assert_null(rlk_chip_find("STM32F4"));
    assert_null(rlk_chip_find("STM32F4055"));
}

static void test_serials(void **state)
{
    static const char *const good[] = {"357436573235", "207A31A1424D", "12345678", "abcdefghABCDEFGH0123456789012345"};
    static const char *const bad[] = {"",
                                      "FFFFFFFEFFFF",
                                      "00000008FFFF",
                                      "STM32",
                                      "STM32FxSTM32",
                                      "200364500000",
                                      "1234567",
                                      "3574 6573235",
                                      "357436573235\n",
                                      "abcdefghABCDEFGH01234567890123456"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(rlk_serial_is_unique(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(rlk_serial_is_unique(bad[i]));
    }
}

static void test_texts(void **state)
{
    char text[RLK_CHIP_TEXT_BYTES];
    struct rlk_fingerprint fingerprint;
    (void)state;
    assert_int_equal(rlk_chip_label(L4_MASK, text, sizeof text), strlen("STM32L4 or STM32L47x"));
    assert_string_equal(text, "STM32L4 or STM32L47x");
    assert_int_equal(rlk_chip_label(L4_MASK, text, 8), 7);
    assert_string_equal(text, "STM32L4");
    assert_int_equal(rlk_chip_label(0, text, sizeof text), 0);
    assert_true(rlk_chip_label(UINT32_MAX, text, sizeof text) < sizeof text - 1);
    assert_string_equal(rlk_tier_name(RLK_TIER_FULL), "full");
    assert_string_equal(rlk_tier_name(RLK_TIER_WRITE_ONLY), "write-only");

    const struct rlk_chip *chip = rlk_chip_row(RLK_FAMILY_STM32F405);
    sample_rom(&fingerprint, RLK_FAMILY_STM32F405);
    assert_true(rlk_chip_reason(&fingerprint, chip, 0, text, sizeof text) > 0);
    assert_string_equal(text, "USB 0483:DF11, bootloader protocol 22.00");
    (void)rlk_chip_reason(&fingerprint, chip, 1, text, sizeof text);
    assert_string_equal(text, "main flash of 1024 KiB in 12 sectors at 0x08000000");
    (void)rlk_chip_reason(&fingerprint, chip, 2, text, sizeof text);
    assert_string_equal(text, "option bytes: 16 at 0x1FFFC000");
    assert_int_equal(rlk_chip_reason(&fingerprint, chip, 3, text, sizeof text), 0);
    assert_int_equal(rlk_chip_reason(&fingerprint, rlk_chip_row(RLK_FAMILY_STM32L4), 0, text, sizeof text), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_family_is_itself_or_nobody),
        cmocka_unit_test(test_sample_roms_are_recognised),
        cmocka_unit_test(test_near_misses_are_unknown),
        cmocka_unit_test(test_smaller_devices_and_second_blocks_fit),
        cmocka_unit_test(test_foreign_vendors_are_unknown),
        cmocka_unit_test(test_two_alternates_for_the_same_memory_are_none),
        cmocka_unit_test(test_l4_and_l47x_are_merged_to_their_worst),
        cmocka_unit_test(test_a_claim_settles_or_contradicts),
        cmocka_unit_test(test_candidates_that_write_differently_are_ambiguous),
        cmocka_unit_test(test_rows_hold_together),
        cmocka_unit_test(test_serials),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, load_rows, NULL);
}
