/*
 * Intel HEX as images: each rule and each limit.
 */
#include "image_fixture.h"
#include "relock/digest.h"
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool looks_like_hex(const char *text, size_t length)
{
    return rlk_image_recognise((const uint8_t *)text, length) == RLK_IMAGE_HEX;
}

static void expect_fault(struct fixture *fixture, enum rlk_error error, uint32_t line, uint32_t addr)
{
    const enum rlk_error found = fixture_load(fixture);
    if (found != error || fixture->place.line != line || fixture->place.addr != addr) {
        fail_msg("%s in line %u at 0x%08X, not %s in line %u at 0x%08X", rlk_error_name(found), fixture->place.line,
                 fixture->place.addr, rlk_error_name(error), line, addr);
    }
    assert_int_equal(fixture->image.size, 0);
    assert_int_equal(fixture->image.segment_count, 0);
    assert_true(fixture->image.digest == 0);
}

static void expect_segment(const struct fixture *fixture, size_t index, uint32_t addr, uint32_t length)
{
    assert_true(index < fixture->image.segment_count);
    assert_int_equal(fixture->image.segments[index].addr, addr);
    assert_int_equal(fixture->image.segments[index].length, length);
}

/* The byte at a device address. */
static uint8_t byte_at(const struct fixture *fixture, uint32_t addr)
{
    for (size_t i = 0; i < fixture->image.segment_count; i++) {
        const struct rlk_segment *segment = &fixture->image.segments[i];
        if (addr >= segment->addr && addr - segment->addr < segment->length) {
            return fixture->image.bytes[segment->offset + (addr - segment->addr)];
        }
    }
    fail_msg("0x%08X is in no segment", addr);
    return 0;
}

static void a_file_with_every_record_type_is_read(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    uint64_t digest = 0;
    hex_write_sample(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_int_equal(fixture->place.line, 0);
    assert_int_equal(fixture->image.segment_count, 2);
    expect_segment(fixture, 0, 0x0001FFF0, 16);
    expect_segment(fixture, 1, 0x08000000, 32);
    assert_int_equal(fixture->image.size, 48);
    assert_memory_equal(fixture->buffer, &counting[32], 16);
    assert_memory_equal(&fixture->buffer[16], counting, 21);
    for (size_t i = 37; i < 48; i++) {
        assert_int_equal(fixture->buffer[i], 0xFF);
    }
    rlk_digest_init(&digest);
    rlk_digest_add_u32(&digest, 0x0001FFF0);
    rlk_digest_add_u32(&digest, 16);
    rlk_digest_add_bytes(&digest, fixture->buffer, 16);
    rlk_digest_add_u32(&digest, 0x08000000);
    rlk_digest_add_u32(&digest, 32);
    rlk_digest_add_bytes(&digest, &fixture->buffer[16], 32);
    assert_true(fixture->image.digest == digest);
    assert_int_equal(fixture->image.crc32, rlk_crc32(0, fixture->buffer, 48));
}

static void line_ends_blank_lines_and_case_do_not_matter(void **state)
{
    static const char *const texts[] = {
        ":0400100001ABCDEF84\n:00000001FF\n",
        ":0400100001ABCDEF84\n:00000001FF",
        ":0400100001ABCDEF84\r\n:00000001FF\r\n",
        ":0400100001ABCDEF84\r:00000001FF\r",
        "\r\n\n \t:0400100001abcdef84 \t\n\n\r\r\n  :00000001ff \n\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct fixture *fixture = fixture_fresh(state);
        assert_int_equal(fixture_load_bytes(fixture, texts[i], strlen(texts[i])), RLK_OK);
        expect_segment(fixture, 0, 0x10, 16);
        assert_memory_equal(fixture->buffer, "\x01\xAB\xCD\xEF\xFF", 5);
        assert_true(looks_like_hex(texts[i], strlen(texts[i])));
    }
}

static void faults_name_their_line_and_address(void **state)
{
    static const struct {
        const char *text;
        enum rlk_error error;
        uint32_t line;
        uint32_t addr;
    } rows[] = {
        {"", RLK_E_FILE_EMPTY, 0, 0},
        {"\n \n", RLK_E_HEX_TRUNCATED, 3, 0},
        {"hello", RLK_E_HEX_SYNTAX, 1, 0},
        {"\x7f"
         "ELF",
         RLK_E_HEX_SYNTAX, 1, 0},
        {":00000001FF\n", RLK_E_IMAGE_EMPTY, 0, 0},
        {":0000000000\n:00000001FF\n", RLK_E_IMAGE_EMPTY, 0, 0},
        {":0100000055AA\n", RLK_E_HEX_TRUNCATED, 2, 0},
        {":0100000055AA\n:00000001F", RLK_E_HEX_TRUNCATED, 2, 0},
        {":0100000055AA\n:00000001F\n", RLK_E_HEX_SYNTAX, 2, 0},
        {":0100000055AA\r\n\r\n:0100010055AA\r\n:00000001FF", RLK_E_HEX_CHECKSUM, 3, 0},
        {":0100000055AA\r\r:0100010055AA\r:00000001FF", RLK_E_HEX_CHECKSUM, 3, 0},
        {":0100000055AA00\n:00000001FF\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":0100000055AA:00000001FF\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":01 00000055AA\n:00000001FF\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":01000000G5AA\n:00000001FF\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":00000006FA\n:00000001FF\n", RLK_E_HEX_RECORD_TYPE, 1, 0},
        {":000000FF01\n:00000001FF\n", RLK_E_HEX_RECORD_TYPE, 1, 0},
        {":0100000100FE\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":0100000400FB\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":03000002000000FB\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":020000030000FB\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":0100000500FA\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":0100000055AA\n:00000001FF\n\n:00000001FF\n", RLK_E_HEX_AFTER_END, 4, 0},
        {":0100000055AA\n:00000001FF\nx", RLK_E_HEX_AFTER_END, 3, 0},
        {":0100100055 9A\n:00000001FF\n", RLK_E_HEX_SYNTAX, 1, 0},
        {":01001000559A\n:01001000559A\n:00000001FF\n", RLK_E_IMAGE_OVERLAP, 2, 0x10},
        {":0200100055AA EF\n", RLK_E_HEX_SYNTAX, 1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, rows[i].text);
        expect_fault(fixture, rows[i].error, rows[i].line, rows[i].addr);
    }
}

static void a_nul_is_no_white_space(void **state)
{
    static const char text[] = ":0100000055AA\n:00000001FF\n";
    struct fixture *fixture = fixture_fresh(state);
    assert_int_equal(fixture_load_bytes(fixture, text, sizeof text), RLK_E_HEX_AFTER_END);
}

/* One piece up to 0x1000 + end, one byte after a gap. */
static void check_gap(struct fixture *fixture, uint32_t end, uint32_t gap)
{
    const uint32_t next = 0x1000 + end + gap;
    const bool is_apart = (next & ~15U) > 0x1010;
    hex_add_at(&fixture->hex, 0x1000, counting, (uint8_t)end);
    hex_add_at(&fixture->hex, next, counting, 1);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_true(gap >= 16 || !is_apart);
    assert_int_equal(fixture->image.segment_count, is_apart ? 2 : 1);
    assert_int_equal(fixture->image.size, is_apart ? 32 : (next & ~15U) + 16 - 0x1000);
    assert_int_equal(byte_at(fixture, next), 0);
    assert_int_equal(byte_at(fixture, 0x1000 + end - 1), end - 1);
    if (gap > 0 && !is_apart) {
        assert_int_equal(byte_at(fixture, next - 1), 0xFF);
    }
}

static void pieces_closer_than_sixteen_bytes_are_merged(void **state)
{
    for (uint32_t end = 1; end <= 16; end++) {
        for (uint32_t gap = 0; gap <= 40; gap++) {
            check_gap(fixture_fresh(state), end, gap);
        }
    }
}

static void padding_takes_the_erased_value_on_both_sides(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    rlk_image_init(&fixture->image, fixture->buffer, sizeof fixture->buffer, 0x00);
    hex_add_at(&fixture->hex, 0x08000007, &counting[1], 2);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    expect_segment(fixture, 0, 0x08000000, 16);
    for (uint32_t i = 0; i < 16; i++) {
        assert_int_equal(fixture->buffer[i], i == 7 ? 1 : i == 8 ? 2 : 0);
    }
}

static void overlaps_are_found_wherever_they_stand(void **state)
{
    for (uint32_t first = 0; first < 40; first++) {
        struct fixture *fixture = fixture_fresh(state);
        const bool overlaps = first > 8 && first < 32;
        hex_add_at(&fixture->hex, 0x08000000 + 16, counting, 16);
        hex_add_at(&fixture->hex, 0x08000000 + 200, counting, 16);
        hex_add_at(&fixture->hex, 0x08000000 + first, counting, 8);
        hex_add_end(&fixture->hex);
        if (overlaps) {
            expect_fault(fixture, RLK_E_IMAGE_OVERLAP, 6, 0x08000000 + (first < 16 ? 16 : first));
        } else {
            assert_int_equal(fixture_load(fixture), RLK_OK);
        }
    }
}

static void the_same_content_twice_is_an_overlap_too(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_at(&fixture->hex, 0x08000000, counting, 16);
    hex_add_at(&fixture->hex, 0x08000000, counting, 16);
    hex_add_end(&fixture->hex);
    expect_fault(fixture, RLK_E_IMAGE_OVERLAP, 4, 0x08000000);
}

static void a_record_that_swallows_a_smaller_one_overlaps(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_at(&fixture->hex, 0x08000008, counting, 1);
    hex_add_at(&fixture->hex, 0x08000000, counting, 32);
    hex_add_end(&fixture->hex);
    expect_fault(fixture, RLK_E_IMAGE_OVERLAP, 4, 0x08000008);
}

static void segmented_records_wrap_at_64_kib_and_are_refused(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_base(&fixture->hex, HEX_SEGMENT, 0xFFFF);
    hex_add(&fixture->hex, HEX_DATA, 0xFFF0, counting, 16);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    expect_segment(fixture, 0, 0x0010FFE0, 16);
    fixture = fixture_fresh(state);
    hex_add_base(&fixture->hex, HEX_SEGMENT, 0x0800);
    hex_add(&fixture->hex, HEX_DATA, 0xFFF1, counting, 16);
    hex_add_end(&fixture->hex);
    expect_fault(fixture, RLK_E_HEX_WRAP, 2, 0x00017FF1);
}

static void linear_records_may_cross_64_kib_but_not_2_to_the_32(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_base(&fixture->hex, HEX_LINEAR, 0x0800);
    hex_add(&fixture->hex, HEX_DATA, 0xFFF8, counting, 16);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    expect_segment(fixture, 0, 0x0800FFF0, 32);
    assert_int_equal(byte_at(fixture, 0x08010000), 8);
    fixture = fixture_fresh(state);
    hex_add_base(&fixture->hex, HEX_LINEAR, 0xFFFF);
    hex_add(&fixture->hex, HEX_DATA, 0xFFF0, counting, 16);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    expect_segment(fixture, 0, 0xFFFFFFF0, 16);
    fixture = fixture_fresh(state);
    hex_add_base(&fixture->hex, HEX_LINEAR, 0xFFFF);
    hex_add(&fixture->hex, HEX_DATA, 0xFFF1, counting, 16);
    hex_add_end(&fixture->hex);
    expect_fault(fixture, RLK_E_HEX_WRAP, 2, 0xFFFFFFF1);
}

static void the_ends_of_the_address_space_do_not_touch(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_at(&fixture->hex, 0xFFFFFFF0, counting, 16);
    hex_add_at(&fixture->hex, 0x00000000, counting, 16);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 2);
    fixture = fixture_fresh(state);
    hex_add_at(&fixture->hex, 0x00000000, counting, 16);
    hex_add_at(&fixture->hex, 0xFFFFFFF0, counting, 16);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 2);
}

static void a_base_record_replaces_the_one_before(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_base(&fixture->hex, HEX_SEGMENT, 0x1000);
    hex_add_base(&fixture->hex, HEX_LINEAR, 0x0001);
    hex_add(&fixture->hex, HEX_DATA, 0xFFFF, counting, 2);
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    expect_segment(fixture, 0, 0x0001FFF0, 32);
}

static void shuffled_records_give_the_same_image(void **state)
{
    enum { RECORDS = 3000 };
    static uint16_t order[RECORDS];
    struct fixture *fixture = fixture_fresh(state);
    uint32_t seed = 7;
    for (uint32_t i = 0; i < RECORDS; i++) {
        const uint32_t other = fixture_random(&seed) % (i + 1U);
        order[i] = order[other];
        order[other] = (uint16_t)i;
    }
    for (size_t i = 0; i < RECORDS; i++) {
        const uint8_t data[2] = {(uint8_t)order[i], (uint8_t)(order[i] >> 8)};
        hex_add(&fixture->hex, HEX_DATA, (uint16_t)(order[i] * 2U), data, 2);
    }
    hex_add_end(&fixture->hex);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 1);
    expect_segment(fixture, 0, 0, 6000);
    for (size_t i = 0; i < RECORDS; i++) {
        assert_int_equal(fixture->buffer[2 * i] | fixture->buffer[2 * i + 1] << 8, i);
    }
}

static void scatter(struct fixture *fixture, uint32_t pieces, uint32_t distance)
{
    for (uint32_t i = 0; i < pieces; i++) {
        hex_add_at(&fixture->hex, 0x08000000 + i * distance, counting, 1);
    }
    hex_add_end(&fixture->hex);
}

static void pieces_are_counted_after_merging(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    scatter(fixture, 256, 32);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 256);
    fixture = fixture_fresh(state);
    scatter(fixture, 257, 32);
    expect_fault(fixture, RLK_E_IMAGE_TOO_SCATTERED, 0, 0);
    fixture = fixture_fresh(state);
    scatter(fixture, 2048, 2);
    assert_int_equal(fixture_load(fixture), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 1);
    fixture = fixture_fresh(state);
    scatter(fixture, 2049, 2);
    expect_fault(fixture, RLK_E_IMAGE_TOO_SCATTERED, 4098, 0x08001000);
}

static void a_buffer_too_small_is_refused(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    size_t needed = 0;
    hex_write_sample(&fixture->hex);
    assert_int_equal(fixture_measure_hex(fixture->hex.text, fixture->hex.length, &needed, NULL), RLK_OK);
    assert_int_equal(needed, 48);
    rlk_image_init(&fixture->image, fixture->buffer, needed - 1, 0xFF);
    assert_int_equal(fixture_load_hex(&fixture->image, fixture->hex.text, fixture->hex.length, NULL),
                     RLK_E_FILE_TOO_LARGE);
    assert_int_equal(fixture->image.segment_count, 0);
    assert_int_equal(fixture->buffer[0], 0xEE);
    rlk_image_init(&fixture->image, fixture->buffer, needed, 0xFF);
    assert_int_equal(fixture_load_hex(&fixture->image, fixture->hex.text, fixture->hex.length, NULL), RLK_OK);
    assert_int_equal(fixture->buffer[48], 0xEE);
}

static void only_hex_looks_like_hex(void **state)
{
    (void)state;
    static const char *const others[] = {"",         " \n",         ":",           ":00", "x:00000001FF",
                                         ":0000000", ":00000001FG", "::00000001FF"};
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(looks_like_hex(others[i], strlen(others[i])));
    }
    assert_true(looks_like_hex(" \r\n:00000001FF", 14));
    assert_true(looks_like_hex(":00000001FE", 11));
    assert_false(looks_like_hex(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_with_every_record_type_is_read),
        cmocka_unit_test(line_ends_blank_lines_and_case_do_not_matter),
        cmocka_unit_test(faults_name_their_line_and_address),
        cmocka_unit_test(a_nul_is_no_white_space),
        cmocka_unit_test(pieces_closer_than_sixteen_bytes_are_merged),
        cmocka_unit_test(padding_takes_the_erased_value_on_both_sides),
        cmocka_unit_test(overlaps_are_found_wherever_they_stand),
        cmocka_unit_test(the_same_content_twice_is_an_overlap_too),
        cmocka_unit_test(a_record_that_swallows_a_smaller_one_overlaps),
        cmocka_unit_test(segmented_records_wrap_at_64_kib_and_are_refused),
        cmocka_unit_test(linear_records_may_cross_64_kib_but_not_2_to_the_32),
        cmocka_unit_test(the_ends_of_the_address_space_do_not_touch),
        cmocka_unit_test(a_base_record_replaces_the_one_before),
        cmocka_unit_test(shuffled_records_give_the_same_image),
        cmocka_unit_test(pieces_are_counted_after_merging),
        cmocka_unit_test(a_buffer_too_small_is_refused),
        cmocka_unit_test(only_hex_looks_like_hex),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
