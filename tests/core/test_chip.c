/*
 * The chip table and recognition: every family of data/rom-layouts.tsv is taken for what it can be, and for nothing
 * else.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define L4_MASK         (BIT(L4) | BIT(L47X))
#define F4_MASK         (BIT(F405) | BIT(F412) | BIT(F2))
#define PAGES_128_MASK  (BIT(F105) | BIT(F30X) | BIT(F37X))
#define STRINGS_MAX     96
#define STRING_BYTES    128

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

/*
 * What a flash string and an option string that were recorded for one family are taken for. Several pairs fit more
 * than one row: L4 and L47x, as F405, F412 and F2, write the same; of 128 pages of 2 KiB F105 needs other bytes than
 * F30x and F37x; 64 bytes at 40022040 fit U5 and, as its length is not known, WBA6.
 */
static const struct pair {
    const char *family;
    const char *flash;   /* a part of its string */
    const char *options; /* likewise */
    rlk_family_mask mask;
} pairs[] = {
    {"STM32F04x/F070x6", "032*0001Kg", "0x1FFFF800", BIT(F04X)},
    {"STM32F07x/F070xB", "064*0002Kg", "0x1FFFF800", BIT(F07X)},
    {"STM32F105/F107", "128*002Kg", "016 g", PAGES_128_MASK},
    {"STM32F105/F107", "128*002Kg", "016 e", PAGES_128_MASK},
    {"STM32F30x/F37x", "128*0002Kg", "0x1FFFF800", PAGES_128_MASK},
    {"STM32F405/F407/F415/F417", "07*128Kg", "0x1FFFC000/01*016 g", F4_MASK},
    {"STM32F405/F407/F415/F417", "07*128Kg", "0x1FFFC000/01*016 e", F4_MASK},
    {"STM32F401/F411/F412/F413/F446", "01*064Kg,03*128Kg", "0x1FFFC000", BIT(F401)},
    {"STM32F401/F411/F412/F413/F446", "011*128Kg", "0x1FFFC000", BIT(F413)},
    {"STM32F42x/F43x/F46x/F47x", "04*016Kg,01*064Kg,07*128Kg,04*016Kg", "0x1FFFC000", BIT(F42X)},
    {"STM32F72x/F73x", "01*64Kg,03*128Kg", "0x1FFF0000", BIT(F72X)},
    {"STM32G0B1/G0C1/G0B0", "/0x08000000/256*02Kg", "/0x08000000/256*02Kg", BIT(G0B1)},
    {"STM32G4", "/256*02Kg", "048 e/0x1FFFF800", BIT(G47X)},
    {"STM32G4", "/64*02Kg", "40Be", BIT(G431)},
    {"STM32G4", "/64*02Kg", "048 e/0x1FFFF800", BIT(G47X)},
    {"STM32H74x/H75x", "16*128Kg", "0x5200201C", BIT(H74X)},
    {"STM32H72x/H73x", "8*128Kg", "0x5200201C", BIT(H72X)},
    {"STM32H7A3/H7B0/H7B3", "256*08Kg", "0x5200201C", BIT(H7A3)},
    {"STM32L07x/L08x", "1536*128", "0x1FF80000", BIT(L07X)},
    {"STM32L1 (Cat.3-5)", "1024*256", "0x1FF80000", BIT(L1)},
    {"STM32L4", "256*0002Kg", "0x1FFF7800", L4_MASK},
    {"STM32L4+", "512*0004Kg", "0x1FF00000", BIT(L4PLUS)},
    {"STM32L5", "256*02Kg", "0x40022040", BIT(L5)},
    {"STM32U5", "/256*08Kg", "0x40022040", BIT(U5) | BIT(WBA6)},
    {"STM32U5", "/128*08Kg", "0x40022040", BIT(U5) | BIT(WBA6)},
    {"STM32U5", "/512*08Kg", "0x40022040", BIT(U5)},
    {"STM32U073/U083", "128*02Kg", "0x40022020", BIT(U0)},
};

static const char internal_flash[] = "@Internal Flash";

static bool is_pair(const struct pair *pair, const struct row *flash, const struct row *options)
{
    return strcmp(flash->family, pair->family) == 0 && strstr(flash->text, pair->flash) != NULL &&
           strstr(options->text, pair->options) != NULL;
}

/* Whichever comes first. With nothing that lies among main flash it is a device without flash of its own. */
static rlk_family_mask expected_of(const struct row *one, const struct row *other, bool *was_used)
{
    if (strstr(one->text, "/0x08") == NULL && strstr(other->text, "/0x08") == NULL) {
        return BIT(N6);
    }
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (is_pair(&pairs[i], one, other) || is_pair(&pairs[i], other, one)) {
            was_used[i] = true;
            return pairs[i].mask;
        }
    }
    return 0;
}

/* An unrecorded bcdDevice is tried as both generations, of which one is right: the other one is nobody's. */
static void check_pair(const struct row *one, const struct row *other, bool *was_used)
{
    if (one == other || strcmp(one->family, other->family) != 0) {
        return;
    }
    const rlk_family_mask expected = expected_of(one, other, was_used);
    if (one->bcd_device != 0) {
        assert_int_equal(candidates_of(one->bcd_device, one->text, other->text), expected);
        return;
    }
    const rlk_family_mask as_a = candidates_of(SAMPLE_ROM_BCD, one->text, other->text);
    const rlk_family_mask as_b = candidates_of(SAMPLE_ROM_BCD_B, one->text, other->text);
    assert_int_equal(as_a | as_b, expected);
    assert_true(as_a == 0 || as_b == 0 || expected == BIT(N6));
}

static void test_every_pair_is_what_it_can_be(void **state)
{
    bool was_used[COUNT_OF(pairs)] = {false};
    (void)state;
    for (const struct row *one = rows; one < rows + row_count; one++) {
        for (const struct row *other = rows; other < rows + row_count; other++) {
            check_pair(one, other, was_used);
        }
    }
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_string_equal(was_used[i] ? "used" : pairs[i].flash, "used");
    }
}

/* C562 announces its flash and nothing else, and H5 may; the same alone from any other family is nobody's. */
static void test_a_flash_alone_is_c5_or_h5_or_nobody(void **state)
{
    size_t known = 0;
    (void)state;
    for (const struct row *flash = rows; flash < rows + row_count; flash++) {
        const unsigned bcd_device = flash->bcd_device != 0 ? flash->bcd_device : SAMPLE_ROM_BCD_B;
        const char *const strings[] = {flash->text};
        struct rlk_fingerprint fingerprint;
        if (strstr(flash->text, internal_flash) != NULL) {
            sample_fingerprint(&fingerprint, (uint16_t)bcd_device, strings, 1);
            /* 128 pages of 8 KiB: a C59x, or a U5 whose other alternates are missing. */
            const bool is_c5 = strstr(flash->text, "64*08Kg") != NULL || strstr(flash->text, "128*08Kg") != NULL;
            const bool is_h5 =
                is_c5 || strstr(flash->text, "56*08Kg") != NULL || strstr(flash->text, "512*08Kg") != NULL;
            assert_int_equal(rlk_chip_candidates(&fingerprint), (is_c5 ? BIT(C5) : 0) | (is_h5 ? BIT(H5) : 0));
            known += is_h5;
        }
    }
    assert_int_equal(known, 6);
}

static void test_sample_roms_are_recognised(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const bool is_announced = sample_has_options((enum rlk_family)f) && f != G0B1;
        assert_true((rlk_chip_candidates(&fingerprint) & BIT(f)) != 0);
        assert_int_equal(rlk_fingerprint_flash_alternate(&fingerprint, chip), f == N6 ? -1 : 0);
        assert_int_equal(rlk_fingerprint_options_alternate(&fingerprint, chip), f == G0B1 ? 0 : is_announced ? 1 : -1);
    }
}

static const struct {
    const char *why;
    unsigned bcd_device;
    const char *flash;
    const char *options;
} near_misses[] = {
    {"33 KiB in F04x pages", 0x2200, "@F/0x08000000/033*0001Kg", "@O/0x1FFFF800/01*016 e"},
    {"100 pages of 2 KiB", 0x2200, "@F/0x08000000/100*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"no F4 has five sectors of 128 KiB", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,05*128Kg", "@O/0x1FFFC000/01*016 e"},
    {"F405 with one sector more in front", 0x2200, "@F/0x08000000/05*016Kg,01*064Kg,07*128Kg",
     "@O/0x1FFFC000/01*016 e"},
    {"F413 with two blocks", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,011*128Kg",
     "@O/0x1FFFC000/01*016 e/0x1FFEC000/01*016 e"},
    {"F405 with a second block at 0", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg",
     "@O/0x1FFFC000/01*016 e/0x00000000/01*016 e"},
    {"F42x of 2 MiB with one block", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg",
     "@O/0x1FFFC000/01*016 e"},
    {"F42x with its blocks changed about", 0x2200,
     "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg",
     "@O/0x1FFEC000/01*016 e/0x1FFFC000/01*016 e"},
    {"F42x with blocks of two lengths", 0x2200, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg",
     "@O/0x1FFFC000/01*016 e/0x1FFEC000/01*008 e"},
    {"F7 with 49 bytes", 0x2200, "@F/0x08000000/04*016Kg,01*64Kg,03*128Kg", "@O/0x1FFF0000/01*049 e"},
    {"options of another length", 0x2200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*512 g"},
    {"options elsewhere", 0x2200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFC000/01*016 e"},
    {"options read-only", 0x2200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 a"},
    {"options write-only", 0x0200, "@F/0x08000000/256*08Kg", "@O/0x40022040/01*64 d"},
    {"flash elsewhere", 0x2200, "@F/0x08001000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"flash elsewhere, and last", 0x2200, "@O/0x1FFFF800/01*016 e", "@F/0x08004000/064*0002Kg"},
    {"flash behind another segment", 0x2200, "@F/0x20000000/01*16Kg/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"flash with a hole", 0x2200, "@F/0x08000000/032*0002Kg/0x08020000/032*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"mixed pages", 0x2200, "@F/0x08000000/016*0002Kg,016*0001Kg", "@O/0x1FFFF800/01*016 e"},
    {"all flash read-only", 0x2200, "@F/0x08000000/064*0002Ka", "@O/0x1FFFF800/01*016 e"},
    {"F07x as a ROM of generation B", 0x0200, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"G431 as a ROM of generation A", 0x2200, "@F/0x08000000/64*02Kg", "@O/0x1FFF7800/01*48Be"},
    {"G474 as a ROM of generation A", 0x2200, "@F/0x08000000/256*02Kg", "@O/0x1FFF7800/01*048 e/0x1FFFF800/01*048 e"},
    {"H743 as a ROM of generation A", 0x2200, "@F/0x08000000/16*128Kg", "@O/0x5200201C/01*128 e"},
    {"H7A3 with an even length", 0x0200, "@F/0x08000000/256*08Kg", "@O/0x5200201C/01*296 e"},
    {"H743 with the pages of H7A3", 0x0200, "@F/0x08000000/256*08Kg", "@O/0x5200201C/01*128 e"},
    {"U5 that announces more", 0x0200, "@F/0x08000000/256*08Kg", "@O/0x40022040/01*128 e"},
    {"U0 with its keys cut off", 0x0200, "@F/0x08000000/128*02Kg", "@O/0x40022020/01*100 e"},
    {"WB55 with other pages", 0x0200, "@F/0x08000000/128*02Kg", "@O/0x1FFF8000/01*128 e"},
    {"L07x of 96 pages", 0x2200, "@F/0x08000000/96*128g", "@O/0x1FF80000/01*032 e"},
    {"L4 with three segments", 0x2200, "@F/0x08000000/256*02Kg",
     "@O/0x1FFF7800/01*040 e/0x1FFFF800/01*040 e/0x1FF00000/01*040 e"},
    {"no options", 0x2200, "@F/0x08000000/064*0002Kg", "@OTP Memory /0x1FFF7800/01*512 e"},
    {"G0B1's lie in a ROM of generation A", 0x2200, "@F/0x08000000/064*0002Kg", "@F/0x08000000/064*0002Kg"},
    {"two main flashes that differ", 0x0200, "@F/0x08000000/064*0002Kg", "@F/0x08000000/128*0002Kg"},
    {"two main flashes of no G0B1", 0x0200, "@F/0x08000000/064*0004Kg", "@F/0x08000000/064*0004Kg"},
    {"no layout", 0x2200, "", "@O/0x1FFFF800/01*016 e"},
    {"no layout at all", 0x2200, "", ""},
    {"generation unknown", 0x2300, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"generation unknown", 0x1F00, "@F/0x08000000/064*0002Kg", "@O/0x1FFFF800/01*016 e"},
    {"generation unknown", 0x0100, "@F/0x08000000/256*02Kg", "@O/0x40022040/01*48 e"},
    {"generation unknown", 0x0300, "@F/0x08000000/256*02Kg", "@O/0x40022040/01*48 e"},
};

static void test_near_misses_are_unknown(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof near_misses / sizeof near_misses[0]; i++) {
        const rlk_family_mask mask =
            candidates_of(near_misses[i].bcd_device, near_misses[i].flash, near_misses[i].options);
        assert_string_equal(mask == 0 ? near_misses[i].why : "recognised", near_misses[i].why);
    }
}

static void test_smaller_devices_and_second_blocks_fit(void **state)
{
    static const struct {
        unsigned bcd_device;
        const char *flash, *options;
        rlk_family_mask mask;
    } cases[] = {
        {0x2200, "@F/0x08000000/016*0001Kg", "@O/0x1FFFF800/01*016 e", BIT(F04X)},
        {0x2200, "@F/0x08000000/032*0002Kg", "@O/0x1FFFF800/01*016 e", BIT(F07X) | BIT(F30X)},
        {0x2000, "@F/0x08000000/128*0002Kg", "@O/0x1FFFF800/01*016 g", PAGES_128_MASK},
        {0x2200, "@F/0x08000000/256*0002Kg", "@O/0x1FFFF800/01*016 e", BIT(F30X)},
        {0x2200, "@F/0x08000000/256*02Kg,256*02Kg", "@O/0x1FFF7800/01*040 e/0x1FFFF800/01*040 e", L4_MASK},
        {0x2100, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg", "@O/0x1FFFC000/01*016 g", F4_MASK},
        {0x2200, "@F/0x08000000/04*016Kg,01*064Kg,01*128Kg", "@O/0x1FFFC000/01*016 e", BIT(F401)},
        {0x2200, "@F/0x08000000/04*016Kg,01*064Kg,03*128Kg", "@O/0x1FFFC000/01*016 e", BIT(F401)},
        {0x2200, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg", "@O/0x1FFFC000/01*016 e/0x1FFEC000/01*016 e", BIT(F42X)},
        {0x2200, "@F/0x08000000/04*016Kg,01*064Kg,03*128Kg,04*016Kg,01*064Kg,03*128Kg",
         "@O/0x1FFFC000/01*016 e/0x1FFEC000/01*016 e", BIT(F42X)},
        {0x2200, "@F/0x08000000/04*032Kg,01*128Kg,01*256Kg", "@O/0x1FFF0000/01*044 e", BIT(F74X)},
        {0x2200, "@F/0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg", "@O/0x1FFF0000/01*048 e",
         BIT(F76X)},
        {0x0200, "@F/0x08000000/64*02Kg", "@O/0x1FFF7800/01*048 e", BIT(G431)},
        {0x0200, "@F/0x08000000/256*02Kg", "@O/0x1FFF7800/01*048 e", BIT(G49X)},
        {0x0200, "@F/0x08000000/128*04Kg", "@O/0x1FFF7800/01*048 e/0x1FFFF800/01*048 e", BIT(G47X)},
        {0x2200, "@F/0x08000000/256*08Kg", "@O/0x1FF00000/01*040 e", BIT(L4PLUS)},
        {0x2200, "@F/0x08000000/2048*256 g", "@O/0x1FF80000/01*032 e/0x1FF80080/01*032 e", BIT(L1)},
        {0x0200, "@F/0x08000000/1*128Kg", "@O/0x5200201C/01*128 e", BIT(H74X)},
        {0x0200, "@F/0x08000000/128*04Kg", "@O/0x40022040/01*48 e", BIT(L5) | BIT(U3)},
        {0x0200, "@F/0x08000000/256*08Kg", "@O/0x40022040/01*48 e", BIT(WBA6)},
        {0x0200, "@F/0x08000000/64*08Kg", "@O/0x40022050/01*432e", BIT(H5) | BIT(C5)},
        {0x0200, "@F/0x08000000/512*08Kg", "@O/0x40022050/01*432e", BIT(H5)},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sample_demand(candidates_of(cases[i].bcd_device, cases[i].flash, cases[i].options) == cases[i].mask,
                      cases[i].flash);
    }
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
    assert_int_equal(rlk_chip_label(UINT64_MAX, text, sizeof text), sizeof text - 1);
    assert_int_equal(strlen(text), sizeof text - 1);
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
        cmocka_unit_test(test_every_pair_is_what_it_can_be),
        cmocka_unit_test(test_a_flash_alone_is_c5_or_h5_or_nobody),
        cmocka_unit_test(test_sample_roms_are_recognised),
        cmocka_unit_test(test_near_misses_are_unknown),
        cmocka_unit_test(test_smaller_devices_and_second_blocks_fit),
        cmocka_unit_test(test_two_alternates_for_the_same_memory_are_none),
        cmocka_unit_test(test_serials),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, load_rows, NULL);
}
