/*
 * The error list and the two checksums.
 */
#include "relock/digest.h"
#include "relock/error.h"
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* First and last number of each range that error_list.h names. */
static const int ranges[][2] = {{1000, 1199}, {1200, 1999}, {2000, 2999}, {3000, 3999}, {4000, 4999},
                                {5000, 5999}, {6000, 6999}, {7000, 7999}, {8000, 8999}, {9000, 9999}};

static bool is_in_a_range(int number)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (number >= ranges[i][0] && number <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

static void is_a_short_sentence(const char *sentence)
{
    assert_non_null(sentence);
    const size_t length = strlen(sentence);
    assert_in_range(length, 10, 200);
    assert_true(isupper((unsigned char)sentence[0]));
    assert_true(sentence[length - 1] == '.' || sentence[length - 1] == ')');
    assert_null(strstr(sentence, "  "));
}

static void numbers_rise_through_the_ranges_so_none_is_given_twice(void **state)
{
    (void)state;
    int last = 0;
    unsigned index = 0;
    while (rlk_error_at(index) != RLK_OK) {
        const int number = -(int)rlk_error_at(index);
        assert_true(number > last);
        assert_true(is_in_a_range(number));
        last = number;
        index++;
    }
    assert_true(index > 60);
    assert_int_equal(rlk_error_at(index + 1), RLK_OK);
    assert_int_equal(rlk_error_at(~0U), RLK_OK);
}

static void names_are_given_once(void **state)
{
    (void)state;
    for (unsigned i = 0; rlk_error_at(i) != RLK_OK; i++) {
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(rlk_error_name(rlk_error_at(i)), rlk_error_name(rlk_error_at(j)));
        }
    }
}

static void every_error_says_what_and_what_next(void **state)
{
    (void)state;
    for (unsigned i = 0; rlk_error_at(i) != RLK_OK; i++) {
        const enum rlk_error error = rlk_error_at(i);
        is_a_short_sentence(rlk_error_sentence(error));
        assert_int_not_equal(rlk_error_class_of(error), RLK_CLASS_NONE);
        assert_in_range(rlk_error_action(error), RLK_ACTION_NONE + 1, RLK_ACTION_COUNT - 1);
    }
}

static void every_action_has_a_name_and_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < RLK_ACTION_COUNT; i++) {
        const enum rlk_action action = (enum rlk_action)i;
        assert_non_null(rlk_action_name(action));
        is_a_short_sentence(rlk_action_sentence(action));
    }
    assert_string_equal(rlk_action_name(RLK_ACTION_HOLD_BOOT0_AND_REPLUG), "HOLD_BOOT0_AND_REPLUG");
    assert_null(rlk_action_name(RLK_ACTION_COUNT));
    assert_null(rlk_action_sentence(RLK_ACTION_COUNT));
    assert_null(rlk_action_name((enum rlk_action)9999));
}

static void a_sample_reads_as_the_list_says(void **state)
{
    (void)state;
    assert_int_equal(RLK_E_HEX_CHECKSUM, -1011);
    assert_string_equal(rlk_error_name(RLK_E_HEX_CHECKSUM), "HEX_CHECKSUM");
    assert_int_equal(rlk_error_class_of(RLK_E_HEX_CHECKSUM), RLK_CLASS_USAGE);
    assert_int_equal(rlk_error_action(RLK_E_HEX_CHECKSUM), RLK_ACTION_CHOOSE_ANOTHER_FILE);
    assert_string_equal(rlk_error_sentence(RLK_E_HEX_CHECKSUM),
                        "The checksum of this Intel HEX record is wrong; the file is damaged.");
}

static void success_and_unknown_numbers_are_answered(void **state)
{
    (void)state;
    assert_string_equal(rlk_error_name(RLK_OK), "OK");
    is_a_short_sentence(rlk_error_sentence(RLK_OK));
    assert_int_equal(rlk_error_class_of(RLK_OK), RLK_CLASS_NONE);
    assert_int_equal(rlk_error_action(RLK_OK), RLK_ACTION_NONE);
    assert_string_equal(rlk_error_name((enum rlk_error) - 1), "INTERNAL");
    assert_int_equal(rlk_error_action((enum rlk_error) - 1), RLK_ACTION_REPORT_THIS);
    assert_string_equal(rlk_error_sentence((enum rlk_error)17), rlk_error_sentence(RLK_E_INTERNAL));
}

/* Vectors of draft-eastlake-fnv, appendix C. */
static void fnv_gives_the_published_values(void **state)
{
    (void)state;
    uint64_t digest = 0;
    rlk_digest_init(&digest);
    assert_true(digest == UINT64_C(0xCBF29CE484222325));
    rlk_digest_add_bytes(&digest, NULL, 0);
    assert_true(digest == UINT64_C(0xCBF29CE484222325));
    rlk_digest_add_bytes(&digest, "foo", 3);
    rlk_digest_add_bytes(&digest, "bar", 3);
    assert_true(digest == UINT64_C(0x85944171F73967E8));
}

static void numbers_are_added_lowest_byte_first(void **state)
{
    (void)state;
    uint64_t by_number = 0;
    uint64_t by_bytes = 0;
    rlk_digest_init(&by_number);
    rlk_digest_add_u32(&by_number, 0x08000102);
    rlk_digest_init(&by_bytes);
    rlk_digest_add_bytes(&by_bytes, "\x02\x01\x00\x08", 4);
    assert_true(by_number == by_bytes);
}

static void crc_gives_zlibs_check_value(void **state)
{
    (void)state;
    assert_int_equal(rlk_crc32(0, NULL, 0), 0);
    assert_int_equal(rlk_crc32(0, "123456789", 9), 0xCBF43926);
    assert_int_equal(rlk_crc32(rlk_crc32(0, "1234", 4), "56789", 5), 0xCBF43926);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_rise_through_the_ranges_so_none_is_given_twice),
        cmocka_unit_test(names_are_given_once),
        cmocka_unit_test(every_error_says_what_and_what_next),
        cmocka_unit_test(every_action_has_a_name_and_a_sentence),
        cmocka_unit_test(a_sample_reads_as_the_list_says),
        cmocka_unit_test(success_and_unknown_numbers_are_answered),
        cmocka_unit_test(fnv_gives_the_published_values),
        cmocka_unit_test(numbers_are_added_lowest_byte_first),
        cmocka_unit_test(crc_gives_zlibs_check_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
