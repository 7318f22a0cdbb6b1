/*
 * Journal lines: there and back, and no damage that is taken for an entry.
 */
#include "relock/digest.h"
#include "relock/journal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct rlk_journal_entry sample = {
    .phase = RLK_JOURNAL_ERASING,
    .family = RLK_FAMILY_STM32F405,
    .end_protected = true,
    .way_back = RLK_WAY_BACK_BOOT0,
    .image_digest = 0x0123456789ABCDEFU,
    .image_bytes = 4096,
    .serial = "357436573235",
};

/* An exact copy on the heap, so that the sanitizer sees one byte read too many. */
static enum rlk_error decode_exact(struct rlk_journal_entry *entry, const char *line, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, line, length);
    const enum rlk_error error = rlk_journal_decode(entry, copy, length);
    free(copy);
    return error;
}

static void assert_entries_equal(const struct rlk_journal_entry *a, const struct rlk_journal_entry *b)
{
    assert_int_equal(a->phase, b->phase);
    assert_int_equal(a->family, b->family);
    assert_int_equal(a->end_protected, b->end_protected);
    assert_int_equal(a->way_back, b->way_back);
    assert_true(a->image_digest == b->image_digest);
    assert_int_equal(a->image_bytes, b->image_bytes);
    assert_string_equal(a->serial, b->serial);
}

static void test_the_line_is_as_documented(void **state)
{
    char line[RLK_JOURNAL_LINE_BYTES];
    char expected[RLK_JOURNAL_LINE_BYTES];
    static const char head[] = "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 "
                               "image=0123456789abcdef size=4096 serial=357436573235";
    (void)state;
    const size_t length = rlk_journal_encode(&sample, line);
    (void)snprintf(expected, sizeof expected, "%s crc=%08x", head, (unsigned)rlk_crc32(0, head, strlen(head)));
    assert_string_equal(line, expected);
    assert_int_equal(length, strlen(expected));
}

static void check_round_trip(const struct rlk_journal_entry *entry)
{
    char line[RLK_JOURNAL_LINE_BYTES + 1];
    struct rlk_journal_entry decoded;
    const size_t length = rlk_journal_encode(entry, line);
    assert_true(length > 0 && length < RLK_JOURNAL_LINE_BYTES);
    assert_int_equal(strlen(line), length);
    assert_int_equal(decode_exact(&decoded, line, length), RLK_OK);
    assert_entries_equal(&decoded, entry);
    line[length] = '\n';
    assert_int_equal(decode_exact(&decoded, line, length + 1), RLK_OK);
}

static void check_numbers_and_serials(struct rlk_journal_entry *entry)
{
    static const uint64_t digests[] = {0, 1, 0xFEDCBA9876543210U, UINT64_MAX};
    static const uint32_t sizes[] = {0, 16, 4096, UINT32_MAX};
    static const char *const serials[] = {"", "1", "FFFFFFFEFFFF", "abcdefghABCDEFGH0123456789012345"};
    for (size_t i = 0; i < 4; i++) {
        entry->image_digest = digests[i];
        for (size_t k = 0; k < 16; k++) {
            entry->image_bytes = sizes[k / 4];
            (void)snprintf(entry->serial, sizeof entry->serial, "%s", serials[k % 4]);
            check_round_trip(entry);
        }
    }
}

static void check_ends_and_ways(struct rlk_journal_entry *entry)
{
    for (unsigned i = 0; i < 8; i++) {
        entry->end_protected = i % 2 == 1;
        entry->way_back = (enum rlk_way_back)(i / 2);
        check_numbers_and_serials(entry);
    }
}

static void test_every_combination_comes_back(void **state)
{
    struct rlk_journal_entry entry = {0};
    (void)state;
    for (unsigned phase = 0; phase < RLK_JOURNAL_PHASES; phase++) {
        for (unsigned family = 0; family < RLK_FAMILY_COUNT; family++) {
            entry.phase = (enum rlk_journal_phase)phase;
            entry.family = (enum rlk_family)family;
            check_ends_and_ways(&entry);
        }
    }
}

static void check_byte(char *line, size_t length, size_t at)
{
    const struct rlk_journal_entry nothing = {0};
    const char original = line[at];
    for (unsigned change = 1; change < 256; change++) {
        struct rlk_journal_entry decoded;
        line[at] = (char)((unsigned char)original ^ change);
        assert_int_equal(decode_exact(&decoded, line, length), RLK_E_JOURNAL_MALFORMED);
        assert_entries_equal(&decoded, &nothing);
    }
    line[at] = original;
}

static void test_every_mutation_is_rejected(void **state)
{
    char line[RLK_JOURNAL_LINE_BYTES];
    (void)state;
    const size_t length = rlk_journal_encode(&sample, line);
    for (size_t at = 0; at < length; at++) {
        check_byte(line, length, at);
    }
}

static void test_every_truncation_is_rejected(void **state)
{
    char line[RLK_JOURNAL_LINE_BYTES];
    struct rlk_journal_entry decoded;
    (void)state;
    const size_t length = rlk_journal_encode(&sample, line);
    for (size_t cut = 0; cut < length; cut++) {
        assert_int_equal(decode_exact(&decoded, line, cut), RLK_E_JOURNAL_MALFORMED);
    }
}

/* Lines whose CRC is right: only the one spelling counts. */
static void test_other_spellings_are_rejected(void **state)
{
    static const char *const heads[] = {
        "relock-journal-1 phase=erasing family=stm32f405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=PROTECTED back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=01 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=00123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef "
        "size=4294967296 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size= "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=a-b",
        "relock-journal-1  phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 family=STM32F405 phase=erasing end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-2 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erased family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=jump image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F999 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=-",
        "relock-journal-1 phase=erasing family=STM32F405 end=protected back=boot0 image=0123456789abcdef size=1 "
        "serial=012345678901234567890123456789012",
    };
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char line[RLK_JOURNAL_LINE_BYTES];
        struct rlk_journal_entry decoded;
        const int length =
            snprintf(line, sizeof line, "%s crc=%08x", heads[i], (unsigned)rlk_crc32(0, heads[i], strlen(heads[i])));
        const enum rlk_error error = decode_exact(&decoded, line, (size_t)length);
        assert_string_equal(error == RLK_OK ? "accepted" : line, line);
    }
}

static void test_trailing_text_is_rejected(void **state)
{
    static const char *const tails[] = {"\n\n", " ", "\r\n", "x", " crc=00000000"};
    (void)state;
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        char line[2 * RLK_JOURNAL_LINE_BYTES];
        struct rlk_journal_entry decoded;
        const size_t length = rlk_journal_encode(&sample, line);
        (void)snprintf(line + length, sizeof line - length, "%s", tails[i]);
        assert_int_equal(decode_exact(&decoded, line, strlen(line)), RLK_E_JOURNAL_MALFORMED);
    }
    struct rlk_journal_entry decoded;
    char many[4096];
    memset(many, 'a', sizeof many);
    assert_int_equal(decode_exact(&decoded, many, sizeof many), RLK_E_JOURNAL_MALFORMED);
}

static void test_serials_are_cleaned_and_cut(void **state)
{
    char line[RLK_JOURNAL_LINE_BYTES];
    struct rlk_journal_entry entry = sample;
    struct rlk_journal_entry decoded;
    (void)state;
    (void)snprintf(entry.serial, sizeof entry.serial, "12 34=56\n78?crc=");
    assert_int_equal(rlk_journal_decode(&decoded, line, rlk_journal_encode(&entry, line)), RLK_OK);
    assert_string_equal(decoded.serial, "12345678crc");
    memset(entry.serial, 'x', sizeof entry.serial);
    assert_int_equal(rlk_journal_decode(&decoded, line, rlk_journal_encode(&entry, line)), RLK_OK);
    assert_int_equal(strlen(decoded.serial), RLK_JOURNAL_SERIAL_BYTES - 1);
}

static void test_names_beyond_the_enums(void **state)
{
    (void)state;
    assert_string_equal(rlk_journal_phase_name(RLK_JOURNAL_PHASES), "none");
    assert_string_equal(rlk_journal_phase_name(RLK_JOURNAL_PROVEN), "proven");
    assert_string_equal(rlk_way_back_name((enum rlk_way_back)9), "unsaid");
    assert_string_equal(rlk_way_back_name(RLK_WAY_BACK_EMPTY_CHECK), "empty-check");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_line_is_as_documented),    cmocka_unit_test(test_every_combination_comes_back),
        cmocka_unit_test(test_every_mutation_is_rejected),   cmocka_unit_test(test_every_truncation_is_rejected),
        cmocka_unit_test(test_other_spellings_are_rejected), cmocka_unit_test(test_trailing_text_is_rejected),
        cmocka_unit_test(test_serials_are_cleaned_and_cut),  cmocka_unit_test(test_names_beyond_the_enums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
