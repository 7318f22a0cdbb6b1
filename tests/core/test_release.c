/*
 * What the engine is given of a release.
 */
#include "relock/release.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SHA256 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

enum { TEXT_BYTES = 4096, QUARTER_MIB = 256 * 1024, MINUTE_MS = 60000 };

static struct rlk_json json;
static struct rlk_release release;
static struct rlk_document_place place;

/* A release of what differs between the tests: all from `chip` on to `return`. */
static enum rlk_error take(const char *fields)
{
    char text[TEXT_BYTES];
    int length =
        snprintf(text, sizeof text,
                 "{\"format\":\"relock-release-1\",\"name\":\"acme-lamp\",\"product\":\"Acme Lamp\","
                 "\"version\":\"2.1\",\"sequence\":7,\"created\":\"2026-11-22T10:00:00Z\",\"languages\":[\"en\"],"
                 "%s,\"enter\":[],\"lost\":[],\"contact\":{\"name\":\"Acme\",\"phone\":\"110\"}}",
                 fields);
    assert_true(length > 0 && (size_t)length < sizeof text);
    assert_int_equal(rlk_document_read(&json, RLK_DOCUMENT_RELEASE, text, (size_t)length, &place), RLK_OK);
    return rlk_release_take(&release, &json, &place);
}

#define CHIP(families)  "\"chip\":{\"families\":[" families "]}"
#define HEX_IMAGE(size) "\"images\":[{\"file\":\"a.hex\",\"size\":" size ",\"sha256\":\"" SHA256 "\"}]"
#define BINARY_IMAGE(size)                                                                                             \
    "\"images\":[{\"file\":\"a.bin\",\"address\":\"0x08004000\",\"size\":" size ",\"sha256\":\"" SHA256 "\"}]"
#define PROTECTED_BY_BOOT0 "\"end\":\"protected\",\"return\":\"boot0\""

static void all_that_the_engine_needs_is_taken(void **state)
{
    (void)state;
    assert_int_equal(
        take("\"chip\":{\"families\":[\"STM32F405\"],\"layouts\":[\"@Internal Flash  /0x08000000/04*016Kg\"]},"
             "\"images\":[{\"file\":\"a.hex\",\"size\":100,\"sha256\":\"" SHA256 "\"},{\"file\":\"b.bin\","
             "\"address\":\"0x0800C0dE\",\"size\":200,\"sha256\":\"" SHA256 "\"}],\"end\":\"protected\","
             "\"options\":[{\"field\":\"BOR_LEV\",\"value\":3}],\"return\":\"boot0\","
             "\"expires\":\"2027-01-01T00:00:00Z\""),
        RLK_OK);
    assert_string_equal(release.name, "acme-lamp");
    assert_string_equal(release.product, "Acme Lamp");
    assert_string_equal(release.version, "2.1");
    assert_int_equal(release.sequence, 7);
    assert_int_equal(release.created_s, 1795341600);
    assert_int_equal(release.expires_s, 1798761600);
    assert_int_equal(release.families, 1U << RLK_FAMILY_STM32F405);
    assert_int_equal(release.layout_count, 1);
    assert_string_equal(release.layouts[0], "@Internal Flash  /0x08000000/04*016Kg");
    assert_int_equal(release.image_count, 2);
    assert_string_equal(release.images[0].file, "a.hex");
    assert_false(release.images[0].is_binary);
    assert_int_equal(release.images[0].bytes, 100);
    assert_int_equal(release.images[0].sha256[1], 0x11);
    assert_int_equal(release.images[0].sha256[31], 0xFF);
    assert_true(release.images[1].is_binary);
    assert_int_equal(release.images[1].addr, 0x0800C0DE);
    assert_true(release.end_protected);
    assert_int_equal(release.way_back, RLK_WAY_BACK_BOOT0);
    assert_int_equal(release.option_count, 1);
    assert_string_equal(release.options[0].field, "BOR_LEV");
    assert_int_equal(release.options[0].value, 3);
}

static void each_way_back_and_end_is_told_apart(void **state)
{
    (void)state;
    assert_int_equal(take(CHIP("\"STM32L4\"") "," HEX_IMAGE("1") ",\"end\":\"open\",\"return\":\"empty-check\""),
                     RLK_OK);
    assert_int_equal(release.way_back, RLK_WAY_BACK_EMPTY_CHECK);
    assert_false(release.end_protected);
    assert_int_equal(release.expires_s, 0);
    assert_int_equal(take(CHIP("\"STM32L4\"") "," HEX_IMAGE("1") ",\"end\":\"protected\",\"return\":\"none\""), RLK_OK);
    assert_int_equal(release.way_back, RLK_WAY_BACK_NONE);
}

static void assert_refused(const char *fields, const char *path)
{
    assert_int_equal(take(fields), RLK_E_DOCUMENT_FIELD_VALUE);
    assert_string_equal(place.path, path);
    assert_true(place.offset > 0);
}

static void what_means_nothing_is_refused_at_its_place(void **state)
{
    (void)state;
    assert_refused(CHIP("\"STM32F405\",\"STM32F1\"") "," HEX_IMAGE("1") "," PROTECTED_BY_BOOT0, "chip.families[1]");
    assert_refused(CHIP("\"STM32F405\"") "," HEX_IMAGE("1") ",\"end\":\"protected\",\"return\":\"empty-check\"",
                   "return");
    assert_refused(
        CHIP("\"STM32F405\"") "," HEX_IMAGE("1") ",\"options\":[{\"field\":\"RDP\",\"value\":0}]," PROTECTED_BY_BOOT0,
        "options[0].field");
    assert_refused(CHIP("\"STM32F405\"") "," HEX_IMAGE(
                       "1") ",\"options\":[{\"field\":\"nSWBOOT0\",\"value\":1}]," PROTECTED_BY_BOOT0,
                   "options[0].field");
    assert_refused(CHIP("\"STM32F405\"") "," HEX_IMAGE(
                       "1") ",\"options\":[{\"field\":\"BOR_LEV\",\"value\":4}]," PROTECTED_BY_BOOT0,
                   "options[0].value");
    assert_refused(CHIP("\"STM32F405\"") "," HEX_IMAGE("1") ",\"options\":[{\"field\":\"BOR_LEV\",\"value\":0}],"
                                                            "\"end\":\"open\",\"return\":\"boot0\"",
                   "options");
    assert_int_equal(rlk_release_take(&release, &json, NULL), RLK_E_DOCUMENT_FIELD_VALUE);
}

/* A field that one of the families has may be wished: the engine judges it on the device. */
static void an_option_field_needs_one_family_that_has_it(void **state)
{
    (void)state;
    assert_int_equal(take(CHIP("\"STM32F405\",\"stm32l4\"") "," HEX_IMAGE(
                         "1") ",\"options\":[{\"field\":\"nSWBOOT0\","
                              "\"value\":1},{\"field\":\"BOR_LEV\",\"value\":7}]," PROTECTED_BY_BOOT0),
                     RLK_OK);
    assert_int_equal(release.families, 1U << RLK_FAMILY_STM32F405 | 1U << RLK_FAMILY_STM32L4);
}

static void a_wish_gets_what_the_release_says_and_nothing_else(void **state)
{
    const struct rlk_image *const image = (const struct rlk_image *)&json;
    struct rlk_wish wish = {
        .job = RLK_JOB_LOOK, .nonce = 5, .serial = "S", .image = image, .family = RLK_FAMILY_STM32L4};
    (void)state;
    assert_int_equal(take("\"chip\":{\"families\":[\"STM32F405\"],\"layouts\":[\"@a\",\"@b\"]}," HEX_IMAGE(
                         "1") ","
                              "\"options\":[{\"field\":\"BOR_LEV\",\"value\":3}]," PROTECTED_BY_BOOT0),
                     RLK_OK);
    rlk_release_wish(&release, &wish);
    assert_true(wish.end_protected);
    assert_int_equal(wish.way_back, RLK_WAY_BACK_BOOT0);
    assert_int_equal(wish.family, RLK_FAMILY_STM32F405);
    assert_int_equal(wish.families, 1U << RLK_FAMILY_STM32F405);
    assert_int_equal(wish.layout_count, 2);
    assert_string_equal(wish.layouts[1], "@b");
    assert_int_equal(wish.option_count, 1);
    assert_ptr_equal(wish.options, release.options);
    assert_int_equal(wish.job, RLK_JOB_LOOK);
    assert_int_equal(wish.nonce, 5);
    assert_string_equal(wish.serial, "S");
    assert_ptr_equal(wish.image, image);
}

static void a_wish_of_several_families_claims_none(void **state)
{
    struct rlk_wish wish = {.family = RLK_FAMILY_STM32L4, .layout_count = 3, .option_count = 3};
    (void)state;
    assert_int_equal(take(CHIP("\"STM32F04x\",\"STM32F07x\"") "," HEX_IMAGE("1") "," PROTECTED_BY_BOOT0), RLK_OK);
    rlk_release_wish(&release, &wish);
    assert_int_equal(wish.family, RLK_FAMILY_UNKNOWN);
    assert_null(wish.layouts);
    assert_null(wish.options);
    assert_int_equal(wish.layout_count + wish.option_count, 0);
}

static uint32_t estimate(const char *fields)
{
    assert_int_equal(take(fields), RLK_OK);
    return rlk_release_estimate_ms(&release);
}

static void the_estimate_grows_with_the_firmware_and_is_that_of_the_slowest(void **state)
{
    (void)state;
    const uint32_t little = estimate(CHIP("\"STM32F405\"") "," BINARY_IMAGE("1") "," PROTECTED_BY_BOOT0);
    const uint32_t much = estimate(CHIP("\"STM32F405\"") "," BINARY_IMAGE("262144") "," PROTECTED_BY_BOOT0);
    const uint32_t as_hex = estimate(CHIP("\"STM32F405\"") "," HEX_IMAGE("737280") "," PROTECTED_BY_BOOT0);
    const uint32_t small_chip = estimate(CHIP("\"STM32F07x\"") "," BINARY_IMAGE("262144") "," PROTECTED_BY_BOOT0);
    const uint32_t both =
        estimate(CHIP("\"STM32F07x\",\"STM32F405\"") "," BINARY_IMAGE("262144") "," PROTECTED_BY_BOOT0);
    assert_in_range(little, rlk_chip_row(RLK_FAMILY_STM32F405)->mass_erase_typical_ms, MINUTE_MS);
    assert_true(much > little + QUARTER_MIB / 2048U * 10U);
    assert_int_equal(as_hex, much);
    assert_int_equal(both, much > small_chip ? much : small_chip);
}

static void the_largest_images_do_not_overflow_the_estimate(void **state)
{
    (void)state;
    const uint32_t largest = estimate(CHIP("\"STM32F405\"") "," BINARY_IMAGE("33554432") "," PROTECTED_BY_BOOT0);
    assert_in_range(largest, 5U * MINUTE_MS, 30U * MINUTE_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_the_engine_needs_is_taken),
        cmocka_unit_test(each_way_back_and_end_is_told_apart),
        cmocka_unit_test(what_means_nothing_is_refused_at_its_place),
        cmocka_unit_test(an_option_field_needs_one_family_that_has_it),
        cmocka_unit_test(a_wish_gets_what_the_release_says_and_nothing_else),
        cmocka_unit_test(a_wish_of_several_families_claims_none),
        cmocka_unit_test(the_estimate_grows_with_the_firmware_and_is_that_of_the_slowest),
        cmocka_unit_test(the_largest_images_do_not_overflow_the_estimate),
    };
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
