/*
 * The layout parser against every string in data/layout-strings.tsv (string, expected reading or CODE@place, note),
 * and against damage.
 */
#include "relock/layout.h"
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifndef RLK_TEST_DATA_DIR
#define RLK_TEST_DATA_DIR RELOCK_SOURCE_DIR "/tests"
#endif

static const char f405_flash[] = "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg";

/* An exact copy on the heap, so that the sanitizer sees one byte read too many. */
static enum rlk_error parse_exact(struct rlk_layout *layout, const char *text, size_t length, size_t *place)
{
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    const enum rlk_error error = rlk_layout_parse(layout, copy, length, place);
    free(copy);
    return error;
}

static struct rlk_layout parsed(const char *text)
{
    struct rlk_layout layout;
    size_t place = 0;
    assert_int_equal(parse_exact(&layout, text, strlen(text), &place), RLK_OK);
    return layout;
}

/* The reading as the data file writes it: "Name|0x08000000 4*16384 g; ...". */
static void describe(const struct rlk_layout *layout, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s|", layout->name);
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        used +=
            (size_t)snprintf(out + used, size - used, "%s0x%08" PRIX32 " %" PRIu32 "*%" PRIu32 " %c", i > 0 ? "; " : "",
                             group->start_addr, group->count, group->sector_bytes, 'a' + group->access - 1);
        assert_true(used < size);
    }
}

static void check_row(const char *text, const char *expected)
{
    struct rlk_layout layout;
    size_t place = 0;
    char found[1024];
    const enum rlk_error error = parse_exact(&layout, text, strlen(text), &place);
    if (error == RLK_OK) {
        describe(&layout, found, sizeof found);
    } else {
        assert_int_equal(layout.group_count, 0);
        snprintf(found, sizeof found, "%s@%zu", rlk_error_name(error), place);
    }
    if (strcmp(found, expected) != 0) {
        fail_msg("\"%s\" gave \"%s\", not \"%s\"", text, found, expected);
    }
}

/* Splits off the first field of a line. */
static char *next_field(char **rest)
{
    char *field = *rest;
    char *end = strpbrk(field, "\t\n");
    assert_non_null(end);
    *end = '\0';
    *rest = end + 1;
    return field;
}

static void every_string_of_the_data_file(void **state)
{
    (void)state;
    char line[2048];
    size_t rows = 0;
    FILE *file = fopen(RLK_TEST_DATA_DIR "/core/data/layout-strings.tsv", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        const char *text = next_field(&rest);
        const char *expected = next_field(&rest);
        check_row(text, expected);
        rows++;
    }
    fclose(file);
    assert_true(rows > 100);
}

static void a_nul_ends_the_text_and_place_may_be_null(void **state)
{
    (void)state;
    static const char text[] = "@X/0x0/1*1Kg\0,rubbish";
    struct rlk_layout layout;
    assert_int_equal(rlk_layout_parse(&layout, text, sizeof text - 1, NULL), RLK_OK);
    assert_int_equal(layout.group_count, 1);
    assert_int_equal(rlk_layout_parse(&layout, text, 5, NULL), RLK_E_LAYOUT_BAD_ADDRESS);
    assert_int_equal(rlk_layout_parse(&layout, NULL, 0, NULL), RLK_E_LAYOUT_NO_AT);
}

static void unprintable_names_are_made_printable(void **state)
{
    (void)state;
    const struct rlk_layout layout = parsed("@\x1b[31mBad\x7f\xc3\xa9/0x0/1*1Kg");
    assert_string_equal(layout.name, "?[31mBad???");
}

static void all_type_letters_are_masks(void **state)
{
    (void)state;
    char text[] = "@X/0x0/1*1K?";
    for (int letter = 0; letter < 256; letter++) {
        struct rlk_layout layout;
        text[sizeof text - 2] = (char)letter;
        const enum rlk_error error = rlk_layout_parse(&layout, text, sizeof text - 1, NULL);
        const bool is_type = letter >= 'a' && letter <= 'g';
        assert_int_equal(error, is_type ? RLK_OK : RLK_E_LAYOUT_BAD_TYPE);
        if (is_type) {
            assert_int_equal(layout.groups[0].access, letter & 7);
        }
    }
    assert_int_equal(parsed("@X/0x0/1*1Ke").groups[0].access, RLK_SECTOR_READABLE | RLK_SECTOR_WRITABLE);
}

static void sectors_are_found_by_address_and_by_index(void **state)
{
    (void)state;
    const struct rlk_layout layout = parsed(f405_flash);
    struct rlk_sector by_addr;
    struct rlk_sector by_index;
    uint32_t addr = 0x08000000;
    assert_int_equal(rlk_layout_sector_count(&layout), 12);
    assert_int_equal(rlk_layout_total_bytes(&layout), 1024 * 1024);
    for (uint32_t i = 0; i < 12; i++) {
        assert_true(rlk_layout_sector_by_index(&layout, i, &by_index));
        assert_int_equal(by_index.index, i);
        assert_int_equal(by_index.start_addr, addr);
        assert_int_equal(by_index.access, 7);
        assert_true(rlk_layout_sector_at(&layout, addr, &by_addr));
        assert_int_equal(by_addr.index, i);
        assert_int_equal(by_addr.start_addr, addr);
        assert_int_equal(by_addr.bytes, by_index.bytes);
        assert_true(rlk_layout_sector_at(&layout, addr + by_index.bytes - 1, &by_addr));
        assert_int_equal(by_addr.index, i);
        addr += by_index.bytes;
    }
    assert_false(rlk_layout_sector_by_index(&layout, 12, &by_index));
    assert_false(rlk_layout_sector_by_index(&layout, UINT32_MAX, &by_index));
    assert_false(rlk_layout_sector_at(&layout, 0x07FFFFFF, &by_addr));
    assert_false(rlk_layout_sector_at(&layout, 0x08100000, &by_addr));
}

static void segments_in_any_order_keep_their_index(void **state)
{
    (void)state;
    const struct rlk_layout layout = parsed("@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e");
    struct rlk_sector sector;
    assert_true(rlk_layout_sector_at(&layout, 0x1FFEC00F, &sector));
    assert_int_equal(sector.index, 1);
    assert_int_equal(sector.start_addr, 0x1FFEC000);
    assert_false(rlk_layout_sector_at(&layout, 0x1FFEC010, &sector));
    assert_false(rlk_layout_covers(&layout, 0x1FFEC000, 0x11000, RLK_SECTOR_READABLE));
}

static void covers_looks_at_every_byte(void **state)
{
    (void)state;
    const struct rlk_layout layout = parsed("@X/0x1000/2*4Ka,1*4Kg/0x4000/1*4Kg");
    assert_true(rlk_layout_covers(&layout, 0x1000, 0x4000, RLK_SECTOR_READABLE));
    assert_false(rlk_layout_covers(&layout, 0x0FFF, 2, RLK_SECTOR_READABLE));
    assert_false(rlk_layout_covers(&layout, 0x1000, 0x4001, RLK_SECTOR_READABLE));
    assert_true(rlk_layout_covers(&layout, 0x4FFF, 1, RLK_SECTOR_READABLE));
    assert_false(rlk_layout_covers(&layout, 0x5000, 1, RLK_SECTOR_READABLE));
    assert_true(rlk_layout_covers(&layout, 0x3000, 0x2000, 7));
    assert_false(rlk_layout_covers(&layout, 0x2FFF, 2, 7));
    assert_false(rlk_layout_covers(&layout, 0x1000, 0, RLK_SECTOR_READABLE));
    assert_false(rlk_layout_covers(&layout, 0x1000, UINT32_MAX, RLK_SECTOR_READABLE));
}

static void the_last_byte_of_the_address_space_can_be_asked_for(void **state)
{
    (void)state;
    const struct rlk_layout layout = parsed("@X/0xFFFFF000/1*4Kg");
    struct rlk_sector sector;
    assert_true(rlk_layout_sector_at(&layout, UINT32_MAX, &sector));
    assert_true(rlk_layout_covers(&layout, 0xFFFFF000, 0x1000, 7));
    assert_false(rlk_layout_covers(&layout, 0xFFFFF001, 0x1000, 7));
}

/* What must hold for whatever is accepted. */
static void check_sound(const struct rlk_layout *layout, enum rlk_error error, size_t place, size_t length)
{
    assert_true(place <= length);
    assert_non_null(memchr(layout->name, '\0', sizeof layout->name));
    assert_true(layout->group_count <= RLK_LAYOUT_GROUPS_MAX);
    assert_true((error == RLK_OK) == (layout->group_count > 0));
    assert_true(rlk_layout_sector_count(layout) <= RLK_LAYOUT_SECTORS_MAX);
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        const uint64_t bytes = (uint64_t)group->count * group->sector_bytes;
        assert_true(group->count > 0 && group->sector_bytes > 0 && group->access >= 1 && group->access <= 7);
        assert_true(group->start_addr + bytes <= UINT64_C(1) << 32);
    }
}

static void every_truncation_is_sound(void **state)
{
    (void)state;
    static const char text[] = "@Option Bytes  /0x1FFFC000/01*016 e,2*8Kg/0x1FFEC000/01*016 e";
    for (size_t length = 0; length < sizeof text; length++) {
        struct rlk_layout layout;
        size_t place = 0;
        const enum rlk_error error = parse_exact(&layout, text, length, &place);
        check_sound(&layout, error, place, length);
    }
}

static void every_bit_flip_is_sound(void **state)
{
    (void)state;
    char text[sizeof f405_flash - 1];
    for (size_t bit = 0; bit < sizeof text * 8; bit++) {
        struct rlk_layout layout;
        size_t place = 0;
        memcpy(text, f405_flash, sizeof text);
        text[bit / 8] = (char)((unsigned char)text[bit / 8] ^ (1U << bit % 8));
        const enum rlk_error error = parse_exact(&layout, text, sizeof text, &place);
        check_sound(&layout, error, place, sizeof text);
    }
}

static void random_damage_is_sound(void **state)
{
    (void)state;
    static const char alphabet[] = "@/0x18F*,KMB aeg.\0";
    uint32_t seed = 1;
    for (int round = 0; round < 100000; round++) {
        char text[sizeof f405_flash - 1];
        struct rlk_layout layout;
        size_t place = 0;
        memcpy(text, f405_flash, sizeof text);
        for (int i = 0; i < 3; i++) {
            seed = seed * 1664525U + 1013904223U;
            text[(seed >> 8) % sizeof text] = alphabet[(seed >> 20) % (sizeof alphabet - 1)];
        }
        const enum rlk_error error = parse_exact(&layout, text, sizeof text, &place);
        check_sound(&layout, error, place, sizeof text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_string_of_the_data_file),
        cmocka_unit_test(a_nul_ends_the_text_and_place_may_be_null),
        cmocka_unit_test(unprintable_names_are_made_printable),
        cmocka_unit_test(all_type_letters_are_masks),
        cmocka_unit_test(sectors_are_found_by_address_and_by_index),
        cmocka_unit_test(segments_in_any_order_keep_their_index),
        cmocka_unit_test(covers_looks_at_every_byte),
        cmocka_unit_test(the_last_byte_of_the_address_space_can_be_asked_for),
        cmocka_unit_test(every_truncation_is_sound),
        cmocka_unit_test(every_bit_flip_is_sound),
        cmocka_unit_test(random_damage_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
