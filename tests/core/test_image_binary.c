/*
 * Raw binaries as images.
 */
#include "relock/digest.h"
#include "relock/image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t sample[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};

static enum rlk_error load_binary(struct rlk_image *image, const uint8_t *data, size_t length, uint32_t addr,
                                  struct rlk_image_place *place)
{
    const struct rlk_image_file file = {data, length, RLK_IMAGE_BINARY, true, addr};
    return rlk_image_load(image, &file, place);
}

static void expect_empty(const struct rlk_image *image)
{
    assert_int_equal(image->size, 0);
    assert_int_equal(image->segment_count, 0);
    assert_true(image->digest == 0);
    assert_int_equal(image->crc32, 0);
}

static void an_aligned_binary_is_padded_at_its_end(void **state)
{
    (void)state;
    uint8_t buffer[32];
    struct rlk_image image;
    struct rlk_image_place place = {1, 1, 1, true};
    rlk_image_init(&image, buffer, sizeof buffer, 0xFF);
    expect_empty(&image);
    assert_int_equal(load_binary(&image, sample, sizeof sample, 0x08000000, &place), RLK_OK);
    assert_int_equal(place.line, 0);
    assert_int_equal(place.addr, 0);
    assert_false(place.has_addr);
    assert_int_equal(image.size, 32);
    assert_int_equal(image.segment_count, 1);
    assert_int_equal(image.segments[0].addr, 0x08000000);
    assert_int_equal(image.segments[0].length, 32);
    assert_int_equal(image.segments[0].offset, 0);
    assert_memory_equal(buffer, sample, sizeof sample);
    for (size_t i = sizeof sample; i < sizeof buffer; i++) {
        assert_int_equal(buffer[i], 0xFF);
    }
}

static void check_padding(uint32_t head, size_t length)
{
    uint8_t buffer[48];
    struct rlk_image image;
    const size_t needed = (head + length + 15) / 16 * 16;
    rlk_image_init(&image, buffer, needed, 0xA5);
    assert_int_equal(load_binary(&image, sample, length, 0x1000 + head, NULL), RLK_OK);
    assert_int_equal(image.segments[0].addr, 0x1000);
    assert_int_equal(image.size, needed);
    for (size_t i = 0; i < needed; i++) {
        const int is_data = i >= head && i < head + length;
        assert_int_equal(buffer[i], is_data ? sample[i - head] : 0xA5);
    }
    rlk_image_init(&image, buffer, needed - 1, 0xA5);
    assert_int_equal(load_binary(&image, sample, length, 0x1000 + head, NULL), RLK_E_FILE_TOO_LARGE);
    expect_empty(&image);
}

static void every_alignment_and_length_is_padded_right(void **state)
{
    (void)state;
    for (uint32_t head = 0; head < 16; head++) {
        for (size_t length = 1; length <= sizeof sample; length++) {
            check_padding(head, length);
        }
    }
}

static void the_data_may_lie_in_the_buffer(void **state)
{
    (void)state;
    for (size_t from = 0; from <= 32; from++) {
        uint8_t buffer[64];
        struct rlk_image image;
        memset(buffer, 0xEE, sizeof buffer);
        memcpy(&buffer[from], sample, sizeof sample);
        rlk_image_init(&image, buffer, sizeof buffer, 0xFF);
        assert_int_equal(load_binary(&image, &buffer[from], sizeof sample, 0x08000004, NULL), RLK_OK);
        assert_memory_equal(&buffer[4], sample, sizeof sample);
        assert_int_equal(buffer[3], 0xFF);
        assert_int_equal(buffer[4 + sizeof sample], 0xFF);
    }
}

static void digest_and_crc_name_the_content(void **state)
{
    (void)state;
    uint8_t buffer[32];
    struct rlk_image image;
    uint64_t digest = 0;
    rlk_image_init(&image, buffer, sizeof buffer, 0xFF);
    assert_int_equal(load_binary(&image, sample, sizeof sample, 0x08000000, NULL), RLK_OK);
    rlk_digest_init(&digest);
    rlk_digest_add_u32(&digest, 0x08000000);
    rlk_digest_add_u32(&digest, 32);
    rlk_digest_add_bytes(&digest, buffer, 32);
    assert_true(image.digest == digest);
    assert_int_equal(image.crc32, rlk_crc32(0, buffer, 32));
    assert_int_equal(load_binary(&image, sample, sizeof sample, 0x08000010, NULL), RLK_OK);
    assert_true(image.digest != digest);
    assert_int_equal(image.crc32, rlk_crc32(0, buffer, 32));
}

static void empty_and_wrapping_binaries_are_refused(void **state)
{
    (void)state;
    uint8_t buffer[48];
    struct rlk_image image;
    struct rlk_image_place place;
    rlk_image_init(&image, buffer, sizeof buffer, 0xFF);
    assert_int_equal(load_binary(&image, sample, 0, 0x08000000, &place), RLK_E_FILE_EMPTY);
    assert_int_equal(load_binary(&image, sample, 17, 0xFFFFFFEF, NULL), RLK_OK);
    assert_int_equal(image.segments[0].addr, 0xFFFFFFE0);
    assert_int_equal(image.segments[0].length, 32);
    assert_int_equal(load_binary(&image, sample, 17, 0xFFFFFFF0, &place), RLK_E_FILE_PAST_END);
    assert_int_equal(place.addr, 0xFFFFFFF0);
    expect_empty(&image);
}

static void eight_mebibytes_are_the_most(void **state)
{
    (void)state;
    uint8_t *buffer = calloc(1, RLK_IMAGE_PAYLOAD_BYTES_MAX + 16);
    struct rlk_image image;
    assert_non_null(buffer);
    rlk_image_init(&image, buffer, RLK_IMAGE_PAYLOAD_BYTES_MAX + 16, 0xFF);
    assert_int_equal(load_binary(&image, buffer, RLK_IMAGE_PAYLOAD_BYTES_MAX, 0x1000, NULL), RLK_OK);
    assert_int_equal(load_binary(&image, buffer, RLK_IMAGE_PAYLOAD_BYTES_MAX - 1, 0x1001, NULL), RLK_OK);
    assert_int_equal(load_binary(&image, buffer, RLK_IMAGE_PAYLOAD_BYTES_MAX, 0x1001, NULL), RLK_E_FILE_TOO_LARGE);
    assert_int_equal(load_binary(&image, buffer, RLK_IMAGE_PAYLOAD_BYTES_MAX + 1, 0x1000, NULL), RLK_E_FILE_TOO_LARGE);
    assert_int_equal(load_binary(&image, buffer, SIZE_MAX, 0x1000, NULL), RLK_E_FILE_TOO_LARGE);
    free(buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_aligned_binary_is_padded_at_its_end),
        cmocka_unit_test(every_alignment_and_length_is_padded_right),
        cmocka_unit_test(the_data_may_lie_in_the_buffer),
        cmocka_unit_test(digest_and_crc_name_the_content),
        cmocka_unit_test(empty_and_wrapping_binaries_are_refused),
        cmocka_unit_test(eight_mebibytes_are_the_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
