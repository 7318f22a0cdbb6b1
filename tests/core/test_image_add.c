/*
 * Several files as one image.
 */
#include "relock/digest.h"
#include "relock/image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES = 8192, PARTS = 6 };

struct part {
    struct rlk_image image;
    uint8_t bytes[BYTES];
};

static struct part whole, part, other_whole;

static void begin(struct part *out)
{
    rlk_image_init(&out->image, out->bytes, sizeof out->bytes, 0xFF);
}

/* `length` bytes that count from `first`, at `addr`. */
static void load(struct part *out, uint32_t addr, size_t length, uint8_t first)
{
    uint8_t data[BYTES];
    for (size_t i = 0; i < length; i++) {
        data[i] = (uint8_t)(first + i);
    }
    begin(out);
    const struct rlk_image_file file = {data, length, RLK_IMAGE_BINARY, true, addr};
    assert_int_equal(rlk_image_load(&out->image, &file, NULL), RLK_OK);
}

static void assert_invariants(const struct rlk_image *image)
{
    size_t size = 0;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        assert_true(segment->length > 0 && segment->length % 16 == 0 && segment->addr % 16 == 0);
        assert_int_equal(segment->offset, size);
        assert_true(i == 0 || (uint64_t)segment[-1].addr + segment[-1].length < segment->addr);
        size += segment->length;
    }
    assert_int_equal(image->size, size);
    assert_true(image->digest == rlk_image_digest(image));
    assert_int_equal(image->crc32, rlk_crc32(0, image->bytes, image->size));
}

static enum rlk_error add(struct part *to, uint32_t addr, size_t length, uint8_t first)
{
    load(&part, addr, length, first);
    const enum rlk_error error = rlk_image_add(&to->image, &part.image);
    memset(&part, 0xEE, sizeof part); /* nothing points there */
    assert_invariants(&to->image);
    return error;
}

static void test_an_empty_image_takes_the_first_file(void **state)
{
    (void)state;
    begin(&whole);
    assert_int_equal(add(&whole, 0x08000004, 20, 1), RLK_OK);
    load(&other_whole, 0x08000004, 20, 1);
    assert_true(whole.image.digest == other_whole.image.digest);
    assert_int_equal(whole.image.crc32, other_whole.image.crc32);
    assert_memory_equal(whole.bytes, other_whole.bytes, other_whole.image.size);
    begin(&part);
    assert_int_equal(rlk_image_add(&whole.image, &part.image), RLK_OK);
    assert_true(whole.image.digest == other_whole.image.digest);
}

static void test_neighbours_become_one_segment(void **state)
{
    (void)state;
    for (unsigned is_reversed = 0; is_reversed < 2; is_reversed++) {
        begin(&whole);
        assert_int_equal(add(&whole, is_reversed ? 0x08000020 : 0x08000000, 32, is_reversed ? 32 : 0), RLK_OK);
        assert_int_equal(add(&whole, is_reversed ? 0x08000000 : 0x08000020, 32, is_reversed ? 0 : 32), RLK_OK);
        load(&other_whole, 0x08000000, 64, 0);
        assert_int_equal(whole.image.segment_count, 1);
        assert_true(whole.image.digest == other_whole.image.digest);
        assert_memory_equal(whole.bytes, other_whole.bytes, 64);
    }
}

static void test_one_between_two_joins_both(void **state)
{
    (void)state;
    begin(&whole);
    assert_int_equal(add(&whole, 0x08000000, 16, 0), RLK_OK);
    assert_int_equal(add(&whole, 0x08000020, 16, 32), RLK_OK);
    assert_int_equal(whole.image.segment_count, 2);
    assert_int_equal(add(&whole, 0x08000010, 16, 16), RLK_OK);
    load(&other_whole, 0x08000000, 48, 0);
    assert_int_equal(whole.image.segment_count, 1);
    assert_true(whole.image.digest == other_whole.image.digest);
}

static void test_the_same_16_bytes_are_an_overlap(void **state)
{
    static const struct {
        uint32_t addr;
        size_t length;
        enum rlk_error error;
    } cases[] = {
        {0x08000108, 4, RLK_E_IMAGE_OVERLAP}, /* no byte given twice, but the same 16 */
        {0x080000F8, 9, RLK_E_IMAGE_OVERLAP},   {0x080000F0, 16, RLK_OK},
        {0x080000E0, 200, RLK_E_IMAGE_OVERLAP}, {0x08000110, 16, RLK_OK},
        {0x08000100, 1, RLK_E_IMAGE_OVERLAP},   {0xFFFFFFF0, 16, RLK_OK},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        load(&whole, 0x08000100, 8, 0);
        static struct part before;
        before = whole;
        assert_int_equal(add(&whole, cases[i].addr, cases[i].length, 7), cases[i].error);
        if (cases[i].error != RLK_OK) {
            assert_memory_equal(&whole.image, &before.image, sizeof whole.image);
            assert_memory_equal(whole.bytes, before.bytes, sizeof whole.bytes);
        }
    }
    load(&whole, 0xFFFFFFF0, 16, 0);
    assert_int_equal(add(&whole, 0xFFFFFFF0, 1, 0), RLK_E_IMAGE_OVERLAP);
    assert_int_equal(add(&whole, 0x00000000, 16, 0), RLK_OK);
    assert_int_equal(whole.image.segment_count, 2);
    assert_int_equal(whole.image.segments[0].addr, 0);
}

/* Every order of six files, with two that touch, gives the same image. */
static void add_in_order(const unsigned *order)
{
    static const uint32_t addrs[PARTS] = {0x08000000, 0x08000400, 0x08000800, 0x08000C00, 0x08001000, 0x08001040};
    begin(&whole);
    for (unsigned i = 0; i < PARTS; i++) {
        assert_int_equal(add(&whole, addrs[order[i]], 33 + order[i] * 5U % 25U, (uint8_t)(order[i] * 40U)), RLK_OK);
    }
}

static unsigned permute(unsigned *order, unsigned from, uint64_t digest, uint32_t crc32)
{
    unsigned count = 0;
    if (from == PARTS) {
        add_in_order(order);
        assert_true(whole.image.digest == digest);
        assert_int_equal(whole.image.crc32, crc32);
        return 1;
    }
    for (unsigned i = from; i < PARTS; i++) {
        const unsigned kept[2] = {order[from], order[i]};
        order[from] = kept[1];
        order[i] = kept[0];
        count += permute(order, from + 1U, digest, crc32);
        order[from] = kept[0];
        order[i] = kept[1];
    }
    return count;
}

static void test_the_order_does_not_matter(void **state)
{
    unsigned order[PARTS] = {0, 1, 2, 3, 4, 5};
    (void)state;
    add_in_order(order);
    assert_int_equal(whole.image.segment_count, 5);
    assert_int_equal(permute(order, 0, whole.image.digest, whole.image.crc32), 720);
}

static void test_no_room(void **state)
{
    (void)state;
    load(&whole, 0x08000000, BYTES - 32, 0);
    assert_int_equal(add(&whole, 0x08004000, 33, 0), RLK_E_FILE_TOO_LARGE);
    assert_int_equal(whole.image.size, BYTES - 32);
    assert_int_equal(add(&whole, 0x08004000, 32, 0), RLK_OK);
    assert_int_equal(add(&whole, 0x08005000, 1, 0), RLK_E_FILE_TOO_LARGE);
    assert_int_equal(whole.image.segment_count, 2);
}

static void test_too_many_pieces(void **state)
{
    (void)state;
    begin(&whole);
    for (uint32_t i = 0; i < RLK_IMAGE_SEGMENTS_MAX; i++) {
        assert_int_equal(add(&whole, 0x08000000U + 32U * i, 16, 0), RLK_OK);
    }
    assert_int_equal(add(&whole, 0x08010000, 16, 0), RLK_E_IMAGE_TOO_SCATTERED);
    assert_int_equal(whole.image.segment_count, RLK_IMAGE_SEGMENTS_MAX);
    assert_int_equal(add(&whole, 0x08000010, 16, 0), RLK_OK); /* fills a gap: one piece less */
    assert_int_equal(whole.image.segment_count, RLK_IMAGE_SEGMENTS_MAX - 1U);
    assert_int_equal(add(&whole, 0x08010000, 16, 0), RLK_OK);
    assert_int_equal(add(&whole, 0x08000000, 16, 0), RLK_E_IMAGE_OVERLAP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_image_takes_the_first_file),
        cmocka_unit_test(test_neighbours_become_one_segment),
        cmocka_unit_test(test_one_between_two_joins_both),
        cmocka_unit_test(test_the_same_16_bytes_are_an_overlap),
        cmocka_unit_test(test_the_order_does_not_matter),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_too_many_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
