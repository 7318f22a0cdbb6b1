/*
 * Recognition of what is not an ordinary ROM of ST's: equal alternates, no flash, foreign vendors, products' own
 * bootloaders; and the lengths that a device announces.
 */
#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void parse(struct rlk_layout *layout, const char *text)
{
    (void)rlk_layout_parse(layout, text, strlen(text), NULL);
}

/* Each alternate must repeat the first; one that could not be read might be anything. */
static void test_equal_alternates(void **state)
{
    struct rlk_fingerprint fingerprint;
    const struct rlk_chip *chip = rlk_chip_row(G0B1);
    (void)state;
    sample_rom(&fingerprint, G0B1);
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(G0B1));
    assert_int_equal(rlk_fingerprint_flash_alternate(&fingerprint, chip), 0);
    assert_int_equal(rlk_fingerprint_options_alternate(&fingerprint, chip), 0);
    assert_int_equal(rlk_fingerprint_options_bytes(&fingerprint, chip), 0);
    fingerprint.layouts[2].group_count = 0;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    parse(&fingerprint.layouts[2], "@Internal Flash /0x08000000/255*02Kg");
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    parse(&fingerprint.layouts[2], "@Internal Flash /0x08000000/256*02Ka");
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    parse(&fingerprint.layouts[2], "@Internal Flash /0x08000000/256*02Kg");
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(G0B1));
    fingerprint.layout_count = 2;
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(G0B1));
    fingerprint.layout_count = 1;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
}

/* For any other family two flash alternates are no map to rely on. */
static void test_equal_alternates_are_g0b1_only(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        fingerprint.layouts[1] = fingerprint.layouts[0];
        fingerprint.layout_count = 2;
        const rlk_family_mask mask = rlk_chip_candidates(&fingerprint);
        const bool is_g0b1 = f == G0B1 || f == L5 || f == G47X || f == G49X || f == G431 || f == C071 || f == U0;
        const rlk_family_mask expected = f == C071 || f == G431 ? BIT(G0B1) | BIT(C071)
                                         : is_g0b1              ? BIT(G0B1)
                                         : f == N6              ? BIT(N6)
                                                                : 0;
        sample_demand(mask == expected, rlk_chip_row((enum rlk_family)f)->name);
    }
}

static void test_a_single_alternate(void **state)
{
    struct rlk_fingerprint fingerprint;
    (void)state;
    sample_rom(&fingerprint, C5);
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(C5) | BIT(H5));
    parse(&fingerprint.layouts[1], "@OTP Memory /0x08FFE000/04*01Kg");
    fingerprint.layout_count = 2;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    parse(&fingerprint.layouts[1], "@Option Bytes /0x40022050/01*432e");
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(C5) | BIT(H5));
    fingerprint.layout_count = 1;
    parse(&fingerprint.layouts[0], "@Internal Flash /0x08000000/129*08Kg");
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(H5));
    parse(&fingerprint.layouts[0], "@Internal Flash /0x08000000/513*08Kg");
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
}

/* A product state is no RDP byte: whichever of the two it is, it is refused, and nothing of it is ever written. */
static void test_product_states_are_refused_together(void **state)
{
    struct rlk_chip chip;
    (void)state;
    assert_int_equal(rlk_chip_settle(&chip, BIT(C5) | BIT(H5), RLK_FAMILY_UNKNOWN), RLK_OK);
    assert_int_equal(chip.tier, RLK_TIER_REFUSED);
    assert_int_equal(chip.refusal, RLK_E_CHIP_HAS_NO_LEVEL_1);
    assert_int_equal(chip.options_addr, 0);
}

static void test_no_flash(void **state)
{
    struct rlk_fingerprint fingerprint;
    (void)state;
    sample_rom(&fingerprint, N6);
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(N6));
    parse(&fingerprint.layouts[1], "@OTP /0xF2/1*512Be");
    fingerprint.layout_count = 2;
    assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(N6));
    fingerprint.layouts[1].group_count = 0; /* it might have been the flash's */
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    fingerprint.layout_count = 0;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
}

/* Memory inside the main flash of every STM32 is flash of its own, even if it does not begin where the ROM's map does:
 * a product's bootloader that keeps itself out of it. */
static void test_flash_that_begins_later_is_not_no_flash(void **state)
{
    static const char *const strings[] = {
        "@Internal Flash /0x08000800/063*0002Kg",
        "@Internal Flash /0x08004000/03*016Kg,01*064Kg,07*128Kg",
        "@Internal Flash /0x08020000/07*128Kg",
        "@Memory /0x20000000/01*016Kg/0x08000000/064*0002Kg",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(strings); i++) {
        struct rlk_fingerprint fingerprint;
        sample_fingerprint(&fingerprint, SAMPLE_ROM_BCD_B, &strings[i], 1);
        assert_string_equal(rlk_chip_candidates(&fingerprint) == 0 ? strings[i] : "recognised", strings[i]);
    }
}

static void test_foreign_vendors(void **state)
{
    static const struct {
        uint16_t vendor_id, product_id;
        rlk_family_mask mask;
    } cases[] = {
        {0x28E9, 0x0189, BIT(GD32)}, {0x2E3C, 0xDF11, BIT(AT32)}, {0x314B, 0x0106, BIT(APM32)}, {0x28E9, 0xDF11, 0},
        {0x2E3C, 0x0189, 0},         {0x314B, 0xDF11, 0},         {0x0483, 0x5740, 0},          {0x1EAF, 0x0003, 0},
        {0x0000, 0x0000, 0},         {0xFFFF, 0xFFFF, 0},         {0xFFFF, 0xDF11, 0},          {0x1D50, 0x6018, 0},
    };
    (void)state;
    for (unsigned f = 1; f <= L47X; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            fingerprint.device.vendor_id = cases[i].vendor_id;
            fingerprint.device.product_id = cases[i].product_id;
            assert_int_equal(rlk_chip_candidates(&fingerprint), cases[i].mask);
        }
    }
}

/* Whatever a clone announces, in whatever version: it is a clone, and has no option block to read or to write. */
static void test_clones_never_get_an_option_block(void **state)
{
    static const enum rlk_family clones[] = {GD32, AT32, APM32};
    static const char *const strings[][2] = {
        {"@Internal Flash  /0x08000000/128*0002Kg", "@Option Bytes  /0x1FFFF800/01*016 e"},
        {"@Internal Flash   /0x08000000/08*04Ka,1000*04Kg", "@Option byte   /0x1FFFC000/01*4096 g"},
        {"@Internal Flash   /0x08000000/08*04Ka,1000*04Kg", "@Option byte   /0x1FFFC000/01*512 g"},
        {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", "@Option Bytes  /0x1FFFC000/01*016 e"},
        {"@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x40022040/01*64 e"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(clones) * COUNT_OF(strings); i++) {
        for (unsigned bcd_device = 0; bcd_device < 0x10000; bcd_device += 0x100) {
            struct rlk_fingerprint fingerprint;
            struct rlk_fingerprint rom;
            const enum rlk_family family = clones[i % COUNT_OF(clones)];
            sample_rom(&rom, family);
            sample_fingerprint(&fingerprint, (uint16_t)bcd_device, strings[i / COUNT_OF(clones)], 2);
            fingerprint.device.vendor_id = rom.device.vendor_id;
            fingerprint.device.product_id = rom.device.product_id;
            assert_int_equal(rlk_chip_candidates(&fingerprint), BIT(family));
            assert_int_equal(rlk_fingerprint_options_alternate(&fingerprint, rlk_chip_row(family)), -1);
            assert_int_equal(rlk_fingerprint_options_bytes(&fingerprint, rlk_chip_row(family)), 0);
        }
    }
}

/* A clone's flash must still be flash that can be relied on. */
static void test_clones_without_a_map_are_unknown(void **state)
{
    struct rlk_fingerprint fingerprint;
    (void)state;
    sample_rom(&fingerprint, GD32);
    fingerprint.layouts[1] = fingerprint.layouts[0];
    fingerprint.layout_count = 2;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
    fingerprint.layout_count = 1;
    fingerprint.layouts[0].group_count = 0;
    assert_int_equal(rlk_chip_candidates(&fingerprint), 0);
}

static void test_bootloaders_of_products(void **state)
{
    static const struct {
        const char *flash;
        bool is_known;
    } cases[] = {
        {"@Internal Flash   /0x08000000/12*001Ka,116*001Kg", true},
        {"@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg", true},
        {"@Internal Flash   /0x08000000/1*016Ka,3*016Kg,1*064Kg,7*128Kg", true},
        {"@Internal Flash   /0x08000000/12*001Ka,116*001Ka", false},
        {"@Internal Flash   /0x08000000/12*001Kg,116*001Kg", false},
        {"@Internal Flash   /0x08000000/12*001Ka,115*001Kg,01*001Ka", false},
        {"@Internal Flash   /0x08000000/128*001Ka", false},
        {"@Internal Flash   /0x08000000/12*001Ke,116*001Kg", false},
        {"@Internal Flash   /0x08000000/12*001Ka/0x08004000/112*001Kg", false},
        {"@External Flash /0x90000000/998*128Kg,1*128Kg,4*128Kg,21*128Ka", false},
    };
    static const uint16_t vendors[] = {0x0483, 0x2B04, 0x1D50, 0x239A};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases) * COUNT_OF(vendors); i++) {
        struct rlk_fingerprint fingerprint;
        const size_t c = i % COUNT_OF(cases);
        sample_fingerprint(&fingerprint, SAMPLE_ROM_BCD, &cases[c].flash, 1);
        fingerprint.device.vendor_id = vendors[i / COUNT_OF(cases)];
        /* ST's ids and no flash at all: a device without flash of its own. */
        const bool is_n6 = strstr(cases[c].flash, "0x90000000") != NULL && vendors[i / COUNT_OF(cases)] == 0x0483;
        assert_int_equal(rlk_chip_candidates(&fingerprint), cases[c].is_known ? BIT(DFUSE) : is_n6 ? BIT(N6) : 0);
    }
}

/* The last resorts never come in beside a ROM that fits, and a clone is never a product's bootloader. */
static void test_last_resorts_are_alone(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        const rlk_family_mask mask = rlk_chip_candidates(&fingerprint);
        const rlk_family_mask last = BIT(DFUSE) | BIT(N6);
        assert_true((mask & last) == 0 || mask == BIT(f));
        assert_int_equal((mask & last) != 0, f == DFUSE || f == N6);
    }
}

static void test_announced_lengths(void **state)
{
    static const struct {
        enum rlk_family family;
        const char *options;
        uint32_t bytes;
    } cases[] = {
        {F405, "@O /0x1FFFC000/01*016 g", 16},  {F74X, "@O /0x1FFF0000/01*044 e", 44},
        {G431, "@O /0x1FFF7800/01*48Be", 48},   {U5, "@O /0x40022040/01*64 e", 64},
        {H7A3, "@O /0x5200201C/01*297 e", 297}, {F405, "@O /0x1FFF0000/01*016 g", 0},
        {F405, "@O /0x1FFFC000/01*016 a", 0},   {F405, "@O /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e", 0},
        {H5, "@O /0x40022050/01*176 e", 0},     {N6, "@O /0x00000000/01*176 e", 0},
        {C071, "@O /0x1FFF7800/02*64 e", 128},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, cases[i].family);
        parse(&fingerprint.layouts[1], cases[i].options);
        fingerprint.layout_count = 2;
        assert_int_equal(rlk_fingerprint_options_bytes(&fingerprint, rlk_chip_row(cases[i].family)), cases[i].bytes);
    }
}

/* Main flash never reaches into what the gate takes for other memory. */
static void test_flash_sizes_are_whole(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        const uint32_t most = rlk_chip_flash_bytes_max((enum rlk_family)f);
        const bool is_unknown = f == GD32 || f == AT32 || f == APM32 || f == DFUSE || f == N6;
        assert_int_equal(most == 0, is_unknown);
        assert_true(most <= RLK_IMAGE_PAYLOAD_BYTES_MAX);
        assert_true(is_unknown || most >= rlk_layout_total_bytes(&fingerprint.layouts[0]));
    }
    assert_int_equal(rlk_chip_flash_bytes_max(RLK_FAMILY_UNKNOWN), 0);
    assert_int_equal(rlk_chip_flash_bytes_max(RLK_FAMILY_COUNT), 0);
    assert_int_equal(rlk_chip_flash_bytes_max(F405), 1024 * 1024);
    assert_int_equal(rlk_chip_flash_bytes_max(F42X), 2048 * 1024);
    assert_int_equal(rlk_chip_flash_bytes_max(F04X), 32 * 1024);
}

/* Whatever a device could be, is said to look like it; and these are all of the best known. */
static void test_lookalikes(void **state)
{
    static const struct {
        enum rlk_family family;
        rlk_family_mask lookalikes;
    } known[] = {
        {F04X, 0},
        {F405, BIT(F412) | BIT(F2)},
        {L4, BIT(L47X)},
        {L47X, BIT(L4)},
        {F105, BIT(F30X) | BIT(F37X)},
        {F42X, 0},
        {H74X, 0},
        {G0B1, BIT(C071)},
    };
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        sample_rom(&fingerprint, (enum rlk_family)f);
        const rlk_family_mask others = rlk_chip_candidates(&fingerprint) & ~BIT(f);
        sample_demand((others & ~rlk_chip_lookalikes((enum rlk_family)f)) == 0, rlk_chip_row((enum rlk_family)f)->name);
    }
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        assert_int_equal(rlk_chip_lookalikes(known[i].family), known[i].lookalikes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_alternates),
        cmocka_unit_test(test_equal_alternates_are_g0b1_only),
        cmocka_unit_test(test_a_single_alternate),
        cmocka_unit_test(test_product_states_are_refused_together),
        cmocka_unit_test(test_no_flash),
        cmocka_unit_test(test_flash_that_begins_later_is_not_no_flash),
        cmocka_unit_test(test_foreign_vendors),
        cmocka_unit_test(test_clones_never_get_an_option_block),
        cmocka_unit_test(test_clones_without_a_map_are_unknown),
        cmocka_unit_test(test_bootloaders_of_products),
        cmocka_unit_test(test_last_resorts_are_alone),
        cmocka_unit_test(test_announced_lengths),
        cmocka_unit_test(test_flash_sizes_are_whole),
        cmocka_unit_test(test_lookalikes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
