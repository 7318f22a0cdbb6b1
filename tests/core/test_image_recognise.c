/*
 * What a file is, by its content.
 */
#include "image_fixture.h"
#include <string.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1U

static const struct {
    const uint8_t *bytes;
    size_t length;
    enum rlk_image_format format;
} beginnings[] = {
    {BYTES(":00000001FF\n"), RLK_IMAGE_HEX},
    {BYTES("\r\n :00000001FE"), RLK_IMAGE_HEX},
    {BYTES("S9030000FC\n"), RLK_IMAGE_SREC},
    {BYTES(" \nS9030000FD"), RLK_IMAGE_SREC},
    {BYTES("S4030000FC\n"), RLK_IMAGE_BINARY},
    {BYTES("S1041000AA4100\n"), RLK_IMAGE_BINARY},
    {BYTES("\x7F"
           "ELF"),
     RLK_IMAGE_ELF},
    {BYTES("\x7F"
           "EL"),
     RLK_IMAGE_BINARY},
    {BYTES("DfuSe\1"), RLK_IMAGE_DFUSE},
    {BYTES("UF2\n\x57\x51\x5D\x9E"), RLK_IMAGE_UF2},
    {BYTES("UF2\n\x57\x51\x5D\x9F"), RLK_IMAGE_BINARY},
    {BYTES("\x1F\x8B\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0"), RLK_IMAGE_GZIP},
    {BYTES("\x1F\x8B\x08\x20\0\0\0\0\0\3\3\0\0\0\0\0\0\0"), RLK_IMAGE_BINARY}, /* a stack pointer */
    {BYTES("PK\3\4"), RLK_IMAGE_OTHER},
    {BYTES("<!DOCTYPE html>"), RLK_IMAGE_OTHER},
    {BYTES("\r\n\t <html>"), RLK_IMAGE_OTHER},
    {BYTES("\xEF\xBB\xBF<!doctype html>"), RLK_IMAGE_OTHER},
    {BYTES("{\"format\": 1}"), RLK_IMAGE_OTHER},
    {BYTES("\n[\n {}]"), RLK_IMAGE_OTHER},
    {BYTES("{ }"), RLK_IMAGE_OTHER},
    {BYTES("{1}"), RLK_IMAGE_BINARY},
    {BYTES("["), RLK_IMAGE_BINARY},
    {BYTES("\xFD"
           "7zXZ\0\0"),
     RLK_IMAGE_OTHER},
    {BYTES("BZh91AY&SY"), RLK_IMAGE_OTHER},
    {BYTES("BZh91AY&SX"), RLK_IMAGE_BINARY},
    {BYTES("\x28\xB5\x2F\xFD"), RLK_IMAGE_OTHER},
    {BYTES("\xEF\xBB\xBF:00000001FF\n"), RLK_IMAGE_OTHER},
    {BYTES("\xEF\xBB\xBF\x01"), RLK_IMAGE_BINARY},
    {BYTES("\xFF\xFE:\0000\0000\0000\0000\0000\0000\0001\0"), RLK_IMAGE_OTHER},
    {BYTES("\xFE\xFF\0S\0009\0000\0003\0000\0000\0000\0000"), RLK_IMAGE_OTHER},
    {BYTES(":\0000\0000\0000\0000\0000\0000\0001\0"), RLK_IMAGE_OTHER},
    {BYTES("A\000B\000C\000D\000E\000F\000G\000H\000"), RLK_IMAGE_BINARY}, /* numbers of 16 bits */
    {BYTES("\xFF\xFE\1\2\3\4"), RLK_IMAGE_BINARY},
    {BYTES("; made by a tool\r\n\r\n:00000001FF\r\n"), RLK_IMAGE_HEX},
    {BYTES(":0200\n:00000001FF\n"), RLK_IMAGE_HEX},
    {BYTES("# \xC3\xA4\nS9030000FC\n"), RLK_IMAGE_SREC},
    {BYTES("\1\2\n:00000001FF\n"), RLK_IMAGE_BINARY},
    {BYTES("no records\nat all\n"), RLK_IMAGE_BINARY},
    {BYTES("\0\0\0\0\0\0\0\0UFD\x10\0\0\0\0"), RLK_IMAGE_DFU_BINARY},
    {BYTES("\0\0\0\0\0\0\0\0UFD\x11\0\0\0\0"), RLK_IMAGE_DFU_BINARY},
    {BYTES("\0\0\0\0\0\0\0UFD\x10\0\0\0\0"), RLK_IMAGE_BINARY},
    {BYTES(""), RLK_IMAGE_BINARY},
    {BYTES("\0\1\0\x20"), RLK_IMAGE_BINARY},
};

static void each_format_is_known_by_its_beginning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        assert_int_equal(rlk_image_recognise(beginnings[i].bytes, beginnings[i].length), beginnings[i].format);
    }
    assert_int_equal(rlk_image_recognise(NULL, 0), RLK_IMAGE_BINARY);
}

static void what_cannot_be_loaded_is_named(void **state)
{
    static const struct {
        const char *text;
        enum rlk_error error;
    } refused[] = {
        {"PK\3\4 and so on", RLK_E_FILE_UNKNOWN_FORMAT},
        {"\x1F\x8B\x08\1\1\1\1\1\1\3\3\1\1\1\1\1\1\1", RLK_E_FILE_COMPRESSED},
        {"hello", RLK_E_BINARY_WITHOUT_ADDRESS},
        {" {\"a\": 1}", RLK_E_FILE_UNKNOWN_FORMAT},
        {"\xEF\xBB\xBF <html>", RLK_E_FILE_UNKNOWN_FORMAT},
        {"\xEF\xBB\xBF:00000001FF\n", RLK_E_TEXT_NOT_ASCII},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        file_add(&fixture->file, refused[i].text, strlen(refused[i].text));
        fixture_expect_fault(fixture, refused[i].error, 0, 0);
    }
    fixture_expect_fault(fixture_fresh(state), RLK_E_FILE_EMPTY, 0, 0);
}

static void a_tape_archive_is_known_by_its_mark(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    for (size_t i = 0; i < 262; i++) {
        file_add_number(&fixture->file, i >= 257 ? (uint32_t) "ustar"[i - 257] : 'a', 1);
    }
    fixture_expect_fault(fixture, RLK_E_FILE_UNKNOWN_FORMAT, 0, 0);
    fixture->file.length--;
    fixture_expect_fault(fixture, RLK_E_BINARY_WITHOUT_ADDRESS, 0, 0);
}

static void what_stands_before_the_records_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text;
        enum rlk_error error;
        uint32_t line;
    } rows[] = {
        {"\r\n; a comment\r\n:00000001FF\r\n", RLK_E_HEX_SYNTAX, 2},
        {":0200\n:00000001FF\n", RLK_E_HEX_SYNTAX, 1},
        {"a comment\nS9030000FC\n", RLK_E_SREC_SYNTAX, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, rows[i].text);
        fixture_expect_text_fault(fixture, rows[i].error, rows[i].line, 0);
    }
}

/* As DOS tools write it, once or to the end of a sector. */
static void a_mark_of_dos_may_end_a_text(void **state)
{
    static const struct {
        const char *text;
        enum rlk_error error;
        uint32_t line;
    } rows[] = {
        {":0100000000FF\r\n:00000001FF\r\n\x1A", RLK_OK, 0},
        {":0100000000FF\n:00000001FF\x1A\x1A\n\x1A", RLK_OK, 0},
        {"S104000000FB\nS9030000FC\n\x1A", RLK_OK, 0},
        {":0100000000FF\n:00000001FF\n\x1A:", RLK_E_HEX_AFTER_END, 3},
        {":0100000000FF\n\x1A:00000001FF\n", RLK_E_HEX_SYNTAX, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        hex_add_text(&fixture->hex, rows[i].text);
        if (rows[i].error == RLK_OK) {
            assert_int_equal(fixture_load_text(fixture), RLK_OK);
            assert_int_equal(fixture->image.size, 16);
        } else {
            fixture_expect_text_fault(fixture, rows[i].error, rows[i].line, 0);
        }
    }
}

static void address_0_is_an_address(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    hex_add_text(&fixture->hex, ":0100000000FF\n:0100000000FF\n:00000001FF\n");
    assert_int_equal(fixture_load_text(fixture), RLK_E_IMAGE_OVERLAP);
    assert_true(fixture->place.has_addr && fixture->place.addr == 0);
}

static void a_format_that_is_said_is_not_looked_for(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    const struct rlk_image_file file = {BYTES(":00000001FF\n"), RLK_IMAGE_BINARY, true, 0x08000000};
    assert_int_equal(rlk_image_load(&fixture->image, &file, NULL), RLK_OK);
    assert_memory_equal(fixture->buffer, ":0000", 5);
    for (enum rlk_image_format format = RLK_IMAGE_HEX; format < RLK_IMAGE_BINARY; format++) {
        const struct rlk_image_file other = {counting, sizeof counting, format, true, 0x08000000};
        assert_int_not_equal(rlk_image_load(&fixture->image, &other, NULL), RLK_OK);
    }
    const struct rlk_image_file none = {counting, sizeof counting, RLK_IMAGE_FORMATS, true, 0x08000000};
    assert_int_equal(rlk_image_load(&fixture->image, &none, NULL), RLK_E_INTERNAL);
}

static void only_raw_bytes_need_an_address(void **state)
{
    (void)state;
    for (enum rlk_image_format format = RLK_IMAGE_BY_CONTENT; format <= RLK_IMAGE_FORMATS; format++) {
        const bool is_raw = format == RLK_IMAGE_BINARY || format == RLK_IMAGE_DFU_BINARY;
        const bool has_name = format != RLK_IMAGE_BY_CONTENT && format != RLK_IMAGE_FORMATS;
        assert_int_equal(rlk_image_needs_addr(format), is_raw);
        assert_int_equal(rlk_image_format_name(format)[0] != '\0', has_name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_is_known_by_its_beginning),
        cmocka_unit_test(what_cannot_be_loaded_is_named),
        cmocka_unit_test(a_tape_archive_is_known_by_its_mark),
        cmocka_unit_test(what_stands_before_the_records_is_told_with_its_line),
        cmocka_unit_test(a_mark_of_dos_may_end_a_text),
        cmocka_unit_test(address_0_is_an_address),
        cmocka_unit_test(a_format_that_is_said_is_not_looked_for),
        cmocka_unit_test(only_raw_bytes_need_an_address),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
