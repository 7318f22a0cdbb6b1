/*
 * Intel HEX under every kind of damage, and at the largest size.
 */
#include "image_fixture.h"
#include <stdlib.h>
#include <string.h>

static void every_truncation_is_noticed(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_write_sample(&fixture->hex);
    const size_t whole = fixture->hex.length;
    for (size_t length = 1; length < whole - 1; length++) {
        assert_int_equal(fixture_load_bytes(fixture, fixture->hex.text, length), RLK_E_HEX_TRUNCATED);
    }
    assert_int_equal(fixture_load_bytes(fixture, fixture->hex.text, whole - 1), RLK_OK);
}

static void every_bit_flip_is_noticed_or_harmless(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_write_sample(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    const uint64_t digest = fixture->image.digest;
    size_t harmless = 0;
    for (size_t bit = 0; bit < fixture->hex.length * 8; bit++) {
        char *hit = &fixture->hex.text[bit / 8];
        const char before = *hit;
        *hit = (char)((unsigned char)before ^ (1U << bit % 8));
        const enum rlk_error error = fixture_load(fixture);
        if (error == RLK_OK) {
            assert_true(fixture->image.digest == digest);
            harmless++;
        }
        *hit = before;
    }
    /* What is left: letters that change case, and line ends that become tabs. */
    assert_in_range(harmless, 1, fixture->hex.length);
}

static void check_sound(const struct rlk_image *image)
{
    uint64_t end = 0;
    size_t used = 0;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        assert_true(segment->length > 0 && segment->length % 16 == 0 && segment->addr % 16 == 0);
        assert_true(i == 0 || segment->addr > end);
        assert_int_equal(segment->offset, used);
        end = (uint64_t)segment->addr + segment->length;
        used += segment->length;
        assert_true(end <= UINT64_C(1) << 32);
    }
    assert_int_equal(used, image->size);
}

/* Records that are right in themselves, but lie anywhere: the rules between records get their share. */
static void random_records_are_sound(void **state)
{
    uint32_t seed = 3;
    for (int round = 0; round < 3000; round++) {
        struct fixture *fixture = fixture_fresh(state);
        const uint32_t records = 1 + fixture_random(&seed) % 20;
        for (uint32_t i = 0; i < records; i++) {
            const unsigned type = fixture_random(&seed) % 8 == 0 ? HEX_SEGMENT : HEX_LINEAR;
            hex_add_base(&fixture->hex, type, (uint16_t)(fixture_random(&seed) % 2 == 0 ? 0xFFFF : 0x0800));
            hex_add(&fixture->hex, HEX_DATA, (uint16_t)(0xFC00 + fixture_random(&seed) % 1024), counting,
                    (uint8_t)(fixture_random(&seed) % 40));
        }
        hex_add_end(&fixture->hex);
        fixture_load(fixture);
        check_sound(&fixture->image);
    }
}

static void random_damage_is_sound(void **state)
{
    static const char alphabet[] = "0123456789ABCDEF:\r\n \0";
    struct fixture *fixture = fixture_fresh(state);
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        hex_write_sample(&fixture->hex);
        for (int i = 0; i < 3; i++) {
            const uint32_t at = fixture_random(&seed) % (uint32_t)fixture->hex.length;
            fixture->hex.text[at] = alphabet[fixture_random(&seed) % (sizeof alphabet - 1)];
        }
        fixture_load(fixture);
        check_sound(&fixture->image);
    }
}

/* Appends what `hex` holds to `text` and empties it. */
static size_t append(char *text, size_t length, struct hex_text *hex)
{
    const size_t added = hex->length;
    memcpy(&text[length], hex->text, added);
    hex_clear(hex);
    return length + added;
}

/* As many records of 16 bytes as the largest payload takes, from `shift` (below 16) on; no end record. */
static size_t write_largest_payload(char *text, struct hex_text *hex, uint32_t shift)
{
    size_t length = 0;
    for (uint32_t addr = 0; addr < RLK_IMAGE_PAYLOAD_BYTES_MAX; addr += 16) {
        if (addr % 65536 == 0) {
            hex_add_base(hex, HEX_LINEAR, (uint16_t)(addr >> 16));
        }
        hex_add(hex, HEX_DATA, (uint16_t)(addr + shift), counting, 16);
        length = append(text, length, hex);
    }
    return length;
}

static void the_largest_file_is_read_and_nothing_larger(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    struct rlk_image *image = &fixture->image;
    char *text = malloc(RLK_IMAGE_FILE_BYTES_MAX + 1U);
    uint8_t *buffer = malloc(RLK_IMAGE_PAYLOAD_BYTES_MAX);
    assert_non_null(text);
    assert_non_null(buffer);
    memset(text, '\n', RLK_IMAGE_FILE_BYTES_MAX + 1U);
    const size_t length = write_largest_payload(text, &fixture->hex, 0);
    hex_add_end(&fixture->hex);
    append(text, length, &fixture->hex);
    rlk_image_init(image, buffer, RLK_IMAGE_PAYLOAD_BYTES_MAX, 0xFF);
    assert_int_equal(fixture_load_hex(image, text, RLK_IMAGE_FILE_BYTES_MAX, NULL), RLK_OK);
    assert_int_equal(image->size, RLK_IMAGE_PAYLOAD_BYTES_MAX);
    assert_int_equal(fixture_load_hex(image, text, RLK_IMAGE_FILE_BYTES_MAX + 1U, NULL), RLK_E_FILE_TOO_LARGE);
    hex_add_at(&fixture->hex, RLK_IMAGE_PAYLOAD_BYTES_MAX, counting, 1);
    hex_add_end(&fixture->hex);
    const size_t longer = append(text, length, &fixture->hex);
    assert_int_equal(fixture_load_hex(image, text, longer, NULL), RLK_E_FILE_TOO_LARGE);
    const size_t shifted = write_largest_payload(text, &fixture->hex, 1);
    hex_add_end(&fixture->hex);
    const size_t padded = append(text, shifted, &fixture->hex);
    assert_int_equal(fixture_load_hex(image, text, padded, NULL), RLK_E_FILE_TOO_LARGE);
    free(buffer);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(every_bit_flip_is_noticed_or_harmless),
        cmocka_unit_test(random_records_are_sound),
        cmocka_unit_test(random_damage_is_sound),
        cmocka_unit_test(the_largest_file_is_read_and_nothing_larger),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
