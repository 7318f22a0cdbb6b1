/*
 * Descriptors of a real ROM's shape, and every way to damage them.
 */
#include "descriptor_blobs.h"
#include "relock/descriptors.h"
#include "relock/layout.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { FIRST_INTERFACE = 9, FUNCTIONAL = 45, BLOB_BYTES_MAX = 128 };

/* All parsers over an exact heap copy, so that the sanitizer sees one byte read too many. */
static enum rlk_error parse_interface(struct rlk_dfu_interface *dfu, const uint8_t *bytes, size_t length)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    const enum rlk_error error = rlk_dfu_interface_parse(dfu, copy, length);
    free(copy);
    return error;
}

static enum rlk_error parse_string(char *text, const uint8_t *bytes, size_t length)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    const enum rlk_error error = rlk_string_descriptor_parse(text, copy, length);
    free(copy);
    return error;
}

/* The F407's configuration with one byte changed. */
static enum rlk_error parse_with(struct rlk_dfu_interface *dfu, size_t offset, uint8_t value)
{
    uint8_t bytes[sizeof f407_configuration];
    memcpy(bytes, f407_configuration, sizeof bytes);
    bytes[offset] = value;
    return parse_interface(dfu, bytes, sizeof bytes);
}

/* A configuration of the pieces, its total length filled in. */
static enum rlk_error parse_pieces(struct rlk_dfu_interface *dfu, const uint8_t *const *pieces, size_t count)
{
    uint8_t bytes[BLOB_BYTES_MAX] = {9, 2, 0, 0, 1, 7, 0, 0x80, 50};
    size_t length = 9;
    for (size_t i = 0; i < count; i++) {
        memcpy(&bytes[length], pieces[i], pieces[i][0]);
        length += pieces[i][0];
    }
    bytes[2] = (uint8_t)length;
    return parse_interface(dfu, bytes, length);
}

static void the_device_descriptor_is_read(void **state)
{
    (void)state;
    struct rlk_device_descriptor device;
    assert_int_equal(rlk_device_descriptor_parse(&device, f407_device, sizeof f407_device), RLK_OK);
    assert_int_equal(device.vendor_id, 0x0483);
    assert_int_equal(device.product_id, 0xDF11);
    assert_int_equal(device.bcd_device, 0x2100);
    assert_int_equal(device.product_string, 2);
    assert_int_equal(device.serial_string, 3);
}

static void a_bad_device_descriptor_is_refused(void **state)
{
    (void)state;
    static const struct rlk_device_descriptor empty;
    struct rlk_device_descriptor device;
    uint8_t bytes[sizeof f407_device];
    for (size_t length = 0; length < sizeof f407_device; length++) {
        assert_int_equal(rlk_device_descriptor_parse(&device, f407_device, length), RLK_E_DESCRIPTOR_BAD);
        assert_memory_equal(&device, &empty, sizeof empty);
    }
    for (size_t i = 0; i < 2; i++) {
        memcpy(bytes, f407_device, sizeof bytes);
        bytes[i]++;
        assert_int_equal(rlk_device_descriptor_parse(&device, bytes, sizeof bytes), RLK_E_DESCRIPTOR_BAD);
    }
}

static void the_total_length_is_read_from_nine_bytes(void **state)
{
    (void)state;
    uint8_t bytes[9];
    memcpy(bytes, f407_configuration, sizeof bytes);
    assert_int_equal(rlk_configuration_total_length(bytes, 9), 54);
    assert_int_equal(rlk_configuration_total_length(bytes, 8), 0);
    bytes[3] = 0xFF;
    assert_int_equal(rlk_configuration_total_length(bytes, 9), 0xFF36);
    bytes[2] = 8;
    bytes[3] = 0;
    assert_int_equal(rlk_configuration_total_length(bytes, 9), 0);
    bytes[2] = 54;
    bytes[1] = 1;
    assert_int_equal(rlk_configuration_total_length(bytes, 9), 0);
}

static void the_dfu_interface_is_read(void **state)
{
    (void)state;
    struct rlk_dfu_interface dfu;
    assert_int_equal(parse_interface(&dfu, f407_configuration, sizeof f407_configuration), RLK_OK);
    assert_int_equal(dfu.configuration_value, 1);
    assert_int_equal(dfu.interface_number, 0);
    assert_int_equal(dfu.alternate_count, 4);
    for (uint8_t i = 0; i < RLK_ALTERNATES_MAX; i++) {
        assert_int_equal(dfu.alternate_string[i], i < 4 ? 4 + i : 0);
    }
    assert_true(dfu.is_dfu_mode);
    assert_true(dfu.has_functional);
    assert_int_equal(dfu.attributes, 0x0B);
    assert_int_equal(dfu.transfer_bytes, 2048);
    assert_int_equal(dfu.dfu_version, 0x011A);
}

static void what_follows_the_total_length_is_ignored(void **state)
{
    (void)state;
    struct rlk_dfu_interface dfu;
    uint8_t bytes[sizeof f407_configuration + 3];
    memset(bytes, 0xEE, sizeof bytes);
    memcpy(bytes, f407_configuration, sizeof f407_configuration);
    assert_int_equal(parse_interface(&dfu, bytes, sizeof bytes), RLK_OK);
    assert_int_equal(dfu.alternate_count, 4);
}

static void alternates_may_come_in_any_order_but_not_with_gaps(void **state)
{
    (void)state;
    static const uint8_t alternate_0[] = {9, 4, 2, 0, 0, 0xFE, 1, 2, 10};
    static const uint8_t alternate_1[] = {9, 4, 2, 1, 0, 0xFE, 1, 2, 11};
    static const uint8_t *const swapped[] = {alternate_1, alternate_0};
    static const uint8_t *const gap[] = {alternate_1};
    static const uint8_t *const twice[] = {alternate_0, alternate_0};
    struct rlk_dfu_interface dfu;
    assert_int_equal(parse_pieces(&dfu, swapped, COUNT(swapped)), RLK_OK);
    assert_int_equal(dfu.configuration_value, 7);
    assert_int_equal(dfu.interface_number, 2);
    assert_int_equal(dfu.alternate_count, 2);
    assert_int_equal(dfu.alternate_string[0], 10);
    assert_int_equal(dfu.alternate_string[1], 11);
    assert_false(dfu.has_functional);
    assert_int_equal(dfu.transfer_bytes, 0);
    assert_int_equal(parse_pieces(&dfu, gap, COUNT(gap)), RLK_E_DESCRIPTOR_BAD);
    assert_int_equal(parse_pieces(&dfu, twice, COUNT(twice)), RLK_E_DESCRIPTOR_BAD);
}

static void the_dfu_interface_is_found_among_others(void **state)
{
    (void)state;
    static const uint8_t hid[] = {9, 4, 0, 0, 1, 3, 0, 0, 0};
    static const uint8_t hid_descriptor[] = {9, 0x21, 0x11, 0x01, 0, 1, 0x22, 63, 0};
    static const uint8_t endpoint[] = {7, 5, 0x81, 3, 8, 0, 10};
    static const uint8_t run_time[] = {9, 4, 1, 0, 0, 0xFE, 1, 1, 5};
    static const uint8_t functional_1_0[] = {7, 0x21, 0x0D, 0xFF, 0, 0x00, 0x04};
    static const uint8_t *const composite[] = {hid, hid_descriptor, endpoint, run_time, functional_1_0, hid};
    static const uint8_t *const none[] = {hid, hid_descriptor, endpoint};
    static const uint8_t *const nothing[] = {endpoint};
    struct rlk_dfu_interface dfu;
    assert_int_equal(parse_pieces(&dfu, composite, COUNT(composite)), RLK_OK);
    assert_int_equal(dfu.interface_number, 1);
    assert_false(dfu.is_dfu_mode);
    assert_true(dfu.has_functional);
    assert_int_equal(dfu.attributes, 0x0D);
    assert_int_equal(dfu.transfer_bytes, 1024);
    assert_int_equal(dfu.dfu_version, 0);
    assert_int_equal(parse_pieces(&dfu, none, COUNT(none)), RLK_E_DESCRIPTOR_NO_DFU);
    assert_int_equal(parse_pieces(&dfu, nothing, 0), RLK_E_DESCRIPTOR_NO_DFU);
}

static void the_first_functional_descriptor_counts(void **state)
{
    (void)state;
    static const uint8_t alternate[] = {9, 4, 0, 0, 0, 0xFE, 1, 2, 4};
    static const uint8_t first[] = {9, 0x21, 0x0B, 0xFF, 0, 0x00, 0x08, 0x1A, 0x01};
    static const uint8_t second[] = {9, 0x21, 0x01, 0xFF, 0, 0x00, 0x04, 0x00, 0x01};
    static const uint8_t *const pieces[] = {alternate, first, second};
    struct rlk_dfu_interface dfu;
    assert_int_equal(parse_pieces(&dfu, pieces, COUNT(pieces)), RLK_OK);
    assert_int_equal(dfu.attributes, 0x0B);
    assert_int_equal(dfu.transfer_bytes, 2048);
}

static void check_refused(size_t offset, uint8_t value)
{
    static const struct rlk_dfu_interface empty;
    struct rlk_dfu_interface dfu;
    const enum rlk_error error = parse_with(&dfu, offset, value);
    if (error != RLK_E_DESCRIPTOR_BAD) {
        fail_msg("byte %zu as %d gave %s", offset, value, rlk_error_name(error));
    }
    assert_memory_equal(&dfu, &empty, sizeof empty);
}

static void lies_and_contradictions_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint8_t value;
    } changes[] = {
        {0, 8},                   /* bLength of the configuration */
        {1, 4},                   /* its type */
        {2, 55},                  /* wTotalLength beyond what there is */
        {2, 53},                  /* wTotalLength inside the last descriptor */
        {2, 46},                  /* only one byte of it left */
        {3, 1},                   /* 310 bytes */
        {FIRST_INTERFACE, 0},     /* bLength that would never end */
        {FIRST_INTERFACE, 1},     /* no room for its own type */
        {FIRST_INTERFACE, 8},     /* too short for an interface */
        {FIRST_INTERFACE, 200},   /* beyond the end */
        {FIRST_INTERFACE + 3, 8}, /* alternate beyond the last that is kept */
        {FIRST_INTERFACE + 3, 1}, /* alternate 1 twice */
        {FIRST_INTERFACE + 3, 5}, /* a gap at 0 */
        {FIRST_INTERFACE + 2, 1}, /* two DFU interfaces */
        {FIRST_INTERFACE + 7, 1}, /* alternates of both protocols */
        {FIRST_INTERFACE + 7, 3}, /* no DFU protocol */
        {FUNCTIONAL, 6},          /* too short for a functional descriptor */
        {FUNCTIONAL, 10},         /* beyond the end */
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        check_refused(changes[i].offset, changes[i].value);
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof f407_configuration; length++) {
        struct rlk_dfu_interface dfu;
        assert_int_equal(parse_interface(&dfu, f407_configuration, length), RLK_E_DESCRIPTOR_BAD);
    }
}

static void check_sound(const struct rlk_dfu_interface *dfu, enum rlk_error error)
{
    assert_true(dfu->alternate_count <= RLK_ALTERNATES_MAX);
    assert_true((error == RLK_OK) == (dfu->alternate_count > 0));
}

static void every_value_of_every_byte_is_sound(void **state)
{
    (void)state;
    for (size_t offset = 0; offset < sizeof f407_configuration; offset++) {
        for (unsigned value = 0; value < 256; value++) {
            struct rlk_dfu_interface dfu;
            const enum rlk_error error = parse_with(&dfu, offset, (uint8_t)value);
            check_sound(&dfu, error);
        }
    }
}

static void random_damage_is_sound(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 100000; round++) {
        uint8_t bytes[sizeof f407_configuration];
        struct rlk_dfu_interface dfu;
        memcpy(bytes, f407_configuration, sizeof bytes);
        for (int i = 0; i < 4; i++) {
            seed = seed * 1664525U + 1013904223U;
            bytes[4 + (seed >> 8) % (sizeof bytes - 4)] = (uint8_t)(seed >> 24);
        }
        const enum rlk_error error = parse_interface(&dfu, bytes, sizeof bytes);
        check_sound(&dfu, error);
    }
}

static void a_string_is_read_and_is_a_layout(void **state)
{
    (void)state;
    char text[RLK_STRING_TEXT_BYTES];
    struct rlk_layout layout;
    assert_int_equal(parse_string(text, f407_feature_string, sizeof f407_feature_string), RLK_OK);
    assert_string_equal(text, "@Device Feature/0xFFFF0000/01*004 e");
    assert_int_equal(rlk_layout_parse(&layout, text, strlen(text), NULL), RLK_OK);
    assert_int_equal(layout.groups[0].start_addr, 0xFFFF0000);
}

static void unprintable_units_become_question_marks(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {16, 3, 'A', 0, 0x1B, 0, 0x7F, 0, 0xE9, 0, 'B', 1, 'C', 0, 0, 0};
    static const uint8_t ended[] = {8, 3, 'A', 0, 0, 0, 'B', 0};
    static const uint8_t empty[] = {2, 3};
    char text[RLK_STRING_TEXT_BYTES];
    assert_int_equal(parse_string(text, bytes, sizeof bytes), RLK_OK);
    assert_string_equal(text, "A????C");
    assert_int_equal(parse_string(text, ended, sizeof ended), RLK_OK);
    assert_string_equal(text, "A");
    assert_int_equal(parse_string(text, empty, sizeof empty), RLK_OK);
    assert_string_equal(text, "");
}

static void the_longest_string_fits(void **state)
{
    (void)state;
    uint8_t bytes[254];
    char text[RLK_STRING_TEXT_BYTES];
    memset(bytes, 0, sizeof bytes);
    for (size_t i = 2; i < sizeof bytes; i += 2) {
        bytes[i] = 'x';
    }
    bytes[0] = sizeof bytes;
    bytes[1] = 3;
    assert_int_equal(parse_string(text, bytes, sizeof bytes), RLK_OK);
    assert_int_equal(strlen(text), 126);
}

static void bad_strings_are_refused_and_empty(void **state)
{
    (void)state;
    static const uint8_t bad[][4] = {{0, 3}, {1, 3}, {3, 3, 'A'}, {4, 2, 'A'}, {6, 3, 'A'}, {255, 3, 'A'}};
    char text[RLK_STRING_TEXT_BYTES];
    for (size_t i = 0; i < COUNT(bad); i++) {
        text[0] = 'x';
        assert_int_equal(parse_string(text, bad[i], sizeof bad[i]), RLK_E_DESCRIPTOR_BAD);
        assert_string_equal(text, "");
    }
    for (size_t length = 0; length < sizeof f407_feature_string; length++) {
        assert_int_equal(parse_string(text, f407_feature_string, length), RLK_E_DESCRIPTOR_BAD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_device_descriptor_is_read),
        cmocka_unit_test(a_bad_device_descriptor_is_refused),
        cmocka_unit_test(the_total_length_is_read_from_nine_bytes),
        cmocka_unit_test(the_dfu_interface_is_read),
        cmocka_unit_test(what_follows_the_total_length_is_ignored),
        cmocka_unit_test(alternates_may_come_in_any_order_but_not_with_gaps),
        cmocka_unit_test(the_dfu_interface_is_found_among_others),
        cmocka_unit_test(the_first_functional_descriptor_counts),
        cmocka_unit_test(lies_and_contradictions_are_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_value_of_every_byte_is_sound),
        cmocka_unit_test(random_damage_is_sound),
        cmocka_unit_test(a_string_is_read_and_is_a_layout),
        cmocka_unit_test(unprintable_units_become_question_marks),
        cmocka_unit_test(the_longest_string_fits),
        cmocka_unit_test(bad_strings_are_refused_and_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
