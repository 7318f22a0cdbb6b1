/*
 * Which bytes of an image are its file's, and which are padding.
 */
#include "relock/image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES = 65536, FLASH = 0x08000000, LINE_TEXT = 64 };

static struct rlk_image image, part;
static uint8_t bytes[BYTES], part_bytes[BYTES];

static void load_binary(struct rlk_image *out, uint8_t *room, uint32_t addr, size_t length)
{
    static uint8_t data[BYTES];
    rlk_image_init(out, room, BYTES, 0xFF);
    const struct rlk_image_file file = {data, length, RLK_IMAGE_BINARY, true, addr};
    assert_int_equal(rlk_image_load(out, &file, NULL), RLK_OK);
}

/* Fails unless exactly [first, end) around the image's ends is given. */
static void assert_gives(uint32_t first, uint32_t end)
{
    uint32_t addr = first - 40;
    while (addr < end + 40 && rlk_image_gives(&image, addr) == (addr >= first && addr < end)) {
        addr++;
    }
    if (addr < end + 40) {
        fail_msg("0x%08x of 0x%08x to 0x%08x", (unsigned)addr, (unsigned)first, (unsigned)end);
    }
}

static void test_every_end_of_one_piece(void **state)
{
    (void)state;
    for (uint32_t begin = 0; begin <= 17; begin++) {
        for (size_t length = 1; length <= 49; length++) {
            load_binary(&image, bytes, FLASH + 64 + begin, length);
            assert_gives(FLASH + 64 + begin, FLASH + 64 + begin + (uint32_t)length);
        }
    }
}

static void test_nothing_is_given_outside(void **state)
{
    (void)state;
    load_binary(&image, bytes, FLASH, 32);
    assert_int_equal(image.partial_cell_count, 0);
    assert_false(rlk_image_gives(&image, FLASH - 1));
    assert_false(rlk_image_gives(&image, FLASH + 32));
    assert_false(rlk_image_gives(&image, 0));
    assert_false(rlk_image_gives(&image, UINT32_MAX));
    load_binary(&image, bytes, UINT32_MAX - 2, 3);
    assert_true(rlk_image_gives(&image, UINT32_MAX));
    assert_false(rlk_image_gives(&image, UINT32_MAX - 3));
}

/* One HEX record of a byte at each address. */
static size_t add_record(char *text, uint32_t offset)
{
    const unsigned sum = 1U + (offset >> 8 & 0xFFU) + (offset & 0xFFU) + 0x5AU;
    return (size_t)snprintf(text, LINE_TEXT, ":01%04X005A%02X\n", (unsigned)offset, (0U - sum) & 0xFFU);
}

static void load_single_bytes(uint32_t count, uint32_t step)
{
    static char text[1024 * LINE_TEXT];
    size_t length = (size_t)snprintf(text, LINE_TEXT, ":020000040800F2\n");
    for (uint32_t i = 0; i < count; i++) {
        length += add_record(&text[length], i * step);
    }
    length += (size_t)snprintf(&text[length], LINE_TEXT, ":00000001FF\n");
    rlk_image_init(&image, bytes, BYTES, 0xFF);
    const struct rlk_image_file file = {.bytes = (const uint8_t *)text, .length = length};
    assert_int_equal(rlk_image_load(&image, &file, NULL), RLK_OK);
}

/* Several pieces in one cell, in any order of bits. */
static void test_gaps_inside_a_cell(void **state)
{
    (void)state;
    load_single_bytes(64, 3);
    for (uint32_t i = 0; i < 192; i++) {
        assert_int_equal(rlk_image_gives(&image, FLASH + i), i % 3 == 0);
    }
    assert_int_equal(image.partial_cell_count, 12);
}

static void test_more_cells_than_are_noted(void **state)
{
    (void)state;
    load_single_bytes(RLK_IMAGE_PARTIAL_CELLS_MAX, 16);
    assert_int_equal(image.partial_cell_count, RLK_IMAGE_PARTIAL_CELLS_MAX);
    assert_false(image.has_more_partial_cells);
    assert_false(rlk_image_gives(&image, FLASH + (RLK_IMAGE_PARTIAL_CELLS_MAX - 1U) * 16U + 1U));
    load_single_bytes(RLK_IMAGE_PARTIAL_CELLS_MAX + 1U, 16);
    assert_int_equal(image.partial_cell_count, RLK_IMAGE_PARTIAL_CELLS_MAX);
    assert_true(image.has_more_partial_cells);
    assert_false(rlk_image_gives(&image, FLASH + 1));
    assert_true(rlk_image_gives(&image, FLASH + RLK_IMAGE_PARTIAL_CELLS_MAX * 16U + 1U));
    load_binary(&image, bytes, FLASH, 1);
    assert_false(image.has_more_partial_cells);
}

static void test_several_files(void **state)
{
    (void)state;
    for (unsigned order = 0; order < 2; order++) {
        load_binary(&image, bytes, FLASH + (order == 0 ? 3 : 67), 10);
        load_binary(&part, part_bytes, FLASH + (order == 0 ? 67 : 3), 10);
        assert_int_equal(rlk_image_add(&image, &part), RLK_OK);
        for (uint32_t i = 0; i < 96; i++) {
            assert_int_equal(rlk_image_gives(&image, FLASH + i), (i >= 3 && i < 13) || (i >= 67 && i < 77));
        }
    }
    load_single_bytes(RLK_IMAGE_PARTIAL_CELLS_MAX, 16);
    load_binary(&part, part_bytes, FLASH + 0x10000, 1);
    assert_int_equal(rlk_image_add(&image, &part), RLK_OK);
    assert_true(image.has_more_partial_cells);
    assert_int_equal(image.partial_cell_count, RLK_IMAGE_PARTIAL_CELLS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_end_of_one_piece), cmocka_unit_test(test_nothing_is_given_outside),
        cmocka_unit_test(test_gaps_inside_a_cell),     cmocka_unit_test(test_more_cells_than_are_noted),
        cmocka_unit_test(test_several_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
