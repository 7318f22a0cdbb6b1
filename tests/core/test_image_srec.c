/*
 * Motorola S-records as images: each rule and each limit.
 */
#include "image_fixture.h"
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A title, 4 bytes at 0x08000010 in S3, 2 at 0x123456 in S2, 3 at 0x2000 in S1, the count and an end. */
static const char sample[] = "S00600004844521B\n"
                             "S3090800001001020304D4\n"
                             "S206123456AABBF8\n"
                             "S1062000010203D3\n"
                             "S5030003F9\n"
                             "S70508000101F0\n";

static void load_sample(struct fixture *fixture)
{
    hex_add_text(&fixture->hex, sample);
    assert_int_equal(fixture_load_text(fixture), RLK_OK);
}

static void every_record_type_is_read(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    load_sample(fixture);
    assert_int_equal(fixture->image.segment_count, 3);
    fixture_expect_segment(fixture, 0, 0x2000, 16);
    fixture_expect_segment(fixture, 1, 0x123450, 16);
    fixture_expect_segment(fixture, 2, 0x08000010, 16);
    assert_memory_equal(fixture->buffer, "\1\2\3\xFF", 4);
    assert_memory_equal(&fixture->buffer[22], "\xAA\xBB\xFF", 3);
    assert_memory_equal(&fixture->buffer[32], "\1\2\3\4\xFF", 5);
    assert_int_equal(fixture->image.about.format, RLK_IMAGE_SREC);
    assert_true(fixture->image.about.has_entry);
    assert_int_equal(fixture->image.about.entry, 0x08000101);
}

static void line_ends_case_and_other_ends_do_not_matter(void **state)
{
    static const char *const texts[] = {
        "S1041000AA41\r\nS9030000FC\r\n",
        "S1041000aa41\rS9030000fc",
        "\n  S1041000AA41 \t\n\nS804000000FB\n\n",
        "S1041000AA41\nS604000001FA\nS70500000000FA\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, texts[i]);
        assert_int_equal(fixture_load_text(fixture), RLK_OK);
        fixture_expect_segment(fixture, 0, 0x1000, 16);
        assert_false(fixture->image.about.has_entry);
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
        {"S1041000AA42\nS9030000FC\n", RLK_E_SREC_CHECKSUM, 1, 0},
        {"S1041000AA41\n", RLK_E_SREC_TRUNCATED, 2, 0},
        {"S1041000AA41\nS903", RLK_E_SREC_TRUNCATED, 2, 0},
        {"S1041000AA41\nS", RLK_E_SREC_TRUNCATED, 2, 0},
        {"S1041000AA41\n:00000001FF\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS4030000FC\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nSx\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS1042000AA3100\nS9030000FC\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS604 000001FA\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS1021000ED\nS9030000FC\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS10210ED\nS9030000FC\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS9040000AA51\n", RLK_E_SREC_SYNTAX, 2, 0},
        {"S1041000AA41\nS9030000FC\n\nS1041000AA41\n", RLK_E_SREC_AFTER_END, 4, 0},
        {"S1041000AA41\nS1041000AA41\nS9030000FC\n", RLK_E_IMAGE_OVERLAP, 2, 0x1000},
        {"S1041000AA41\nS5030002FA\nS9030000FC\n", RLK_E_SREC_COUNT, 2, 0},
        {"S1041000AA41\nS5030001FB\nS1042000AA31\nS9030000FC\n", RLK_E_SREC_COUNT, 3, 0x2000},
        {"S9030000FC\n", RLK_E_IMAGE_EMPTY, 0, 0},
        {"S1031000EC\nS9030000FC\n", RLK_E_IMAGE_EMPTY, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, rows[i].text);
        fixture_expect_text_fault(fixture, rows[i].error, rows[i].line, rows[i].addr);
    }
}

static void data_ends_where_its_kind_of_address_does(void **state)
{
    static const struct {
        const char *text;
        enum rlk_error error;
        uint32_t addr;
    } rows[] = {
        {"S105FFFEAABB98\nS9030000FC\n", RLK_OK, 0xFFFE},
        {"S105FFFFAABB97\nS9030000FC\n", RLK_E_IMAGE_PAST_END, 0xFFFF},
        {"S206FFFFFFAABB97\nS9030000FC\n", RLK_E_IMAGE_PAST_END, 0xFFFFFF},
        {"S307FFFFFFFFAABB97\nS9030000FC\n", RLK_E_IMAGE_PAST_END, 0xFFFFFFFF},
        {"S307FFFFFFFEAABB98\nS9030000FC\n", RLK_OK, 0xFFFFFFFE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, rows[i].text);
        if (rows[i].error == RLK_OK) {
            assert_int_equal(fixture_load_text(fixture), RLK_OK);
            fixture_expect_segment(fixture, 0, rows[i].addr & ~15U, 16);
        } else {
            fixture_expect_text_fault(fixture, rows[i].error, 1, rows[i].addr);
        }
    }
}

static void every_truncation_is_noticed(void **state)
{
    for (size_t length = 1; length < sizeof sample - 2U; length++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, sample);
        fixture->hex.length = length;
        const enum rlk_error error = fixture_load_text(fixture);
        assert_true(error == RLK_E_SREC_TRUNCATED || (length < 17 && error == RLK_E_BINARY_WITHOUT_ADDRESS));
    }
}

static void every_bit_flip_is_noticed_or_harmless(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    load_sample(fixture);
    const uint64_t digest = fixture->image.digest;
    size_t harmless = 0;
    for (size_t bit = 0; bit < (sizeof sample - 1U) * 8U; bit++) {
        char *hit = &fixture->hex.text[bit / 8U];
        /* No checksum covers the type. */
        if (bit >= 8U && hit[-1] == 'S') {
            continue;
        }
        const char before = *hit;
        *hit = (char)((unsigned char)before ^ (1U << bit % 8U));
        if (fixture_load_text(fixture) == RLK_OK) {
            assert_true(fixture->image.digest == digest);
            harmless++;
        }
        *hit = before;
    }
    /* Letters that change case, line ends that become tabs. */
    assert_in_range(harmless, 1, sizeof sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_type_is_read),
        cmocka_unit_test(line_ends_case_and_other_ends_do_not_matter),
        cmocka_unit_test(faults_name_their_line_and_address),
        cmocka_unit_test(data_ends_where_its_kind_of_address_does),
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(every_bit_flip_is_noticed_or_harmless),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
