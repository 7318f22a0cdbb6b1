/*
 * Strict JSON: what is read, as which tree, and what is refused, for which reason and where.
 */
#include "relock/json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { KEYS_MAX = RLK_JSON_NODES_MAX - 1, KEY_BYTES = 16 };

static struct rlk_json json;

/* An exact copy on the heap, so that the sanitizer sees one byte read too many. */
static enum rlk_error parse(const char *text, size_t length, size_t *offset)
{
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    enum rlk_error error = rlk_json_parse(&json, copy, length, offset);
    free(copy);
    return error;
}

static void assert_read(const char *text)
{
    assert_int_equal(parse(text, strlen(text), NULL), RLK_OK);
}

static void assert_refused(const char *text, size_t length, enum rlk_error error, size_t place)
{
    size_t offset = SIZE_MAX;
    enum rlk_error found = parse(text, length, &offset);
    if (found != error || offset != place) {
        fail_msg("%s: %s at %zu", text, rlk_error_name(found), offset);
    }
    assert_int_equal(json.node_count, 0);
}

static void values_have_their_kinds(void **state)
{
    static const struct {
        const char *text;
        enum rlk_json_kind kind;
    } rows[] = {{"null", RLK_JSON_NULL}, {" true ", RLK_JSON_TRUE}, {"\tfalse\r\n", RLK_JSON_FALSE},
                {"0", RLK_JSON_NUMBER},  {"\"\"", RLK_JSON_TEXT},   {"[ ]", RLK_JSON_ARRAY},
                {"{ }", RLK_JSON_OBJECT}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_read(rows[i].text);
        assert_int_equal(json.node_count, 1);
        assert_int_equal(json.nodes[0].kind, rows[i].kind);
        assert_null(rlk_json_first(&json, &json.nodes[0]));
        assert_null(rlk_json_next(&json, &json.nodes[0]));
    }
}

static void a_tree_is_walked_in_the_order_of_the_document(void **state)
{
    (void)state;
    assert_read("{\"b\": [10, [], \"x\"], \"a\": {\"b\": null}, \"\": 4294967295}");
    const struct rlk_json_node *root = &json.nodes[0];
    const struct rlk_json_node *array = rlk_json_first(&json, root);
    assert_int_equal(root->count, 3);
    assert_string_equal(rlk_json_key(&json, array), "b");
    assert_int_equal(array->count, 3);
    assert_int_equal(array->offset, 6);
    const struct rlk_json_node *item = rlk_json_first(&json, array);
    assert_int_equal(item->number, 10);
    assert_string_equal(rlk_json_text(&json, rlk_json_next(&json, rlk_json_next(&json, item))), "x");
    assert_ptr_equal(rlk_json_member(&json, root, "b"), array);
    assert_int_equal(rlk_json_member(&json, root, "")->number, UINT32_MAX);
    assert_null(rlk_json_member(&json, root, "c"));
    const struct rlk_json_node *object = rlk_json_member(&json, root, "a");
    assert_int_equal(rlk_json_member(&json, object, "b")->kind, RLK_JSON_NULL);
    assert_ptr_equal(rlk_json_next(&json, array), object);
}

static void what_is_not_there_is_null(void **state)
{
    (void)state;
    assert_read("[7]");
    assert_null(rlk_json_member(&json, NULL, "a"));
    assert_null(rlk_json_member(&json, &json.nodes[0], "a"));
    assert_null(rlk_json_first(&json, NULL));
    assert_null(rlk_json_next(&json, NULL));
    assert_null(rlk_json_text(&json, NULL));
    assert_null(rlk_json_text(&json, &json.nodes[1]));
}

static void escapes_are_undone(void **state)
{
    static const struct {
        const char *text, *meaning;
    } rows[] = {
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0001\\u007F\\u0080\\u07ff\"", "\x01\x7F\xC2\x80\xDF\xBF"},
        {"\"\\u0800\\uD7FF\\ue000\\uffff\"", "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"},
        {"\"\\ud800\\udc00\\uDBFF\\uDFFF\"", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
        {"\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_read(rows[i].text);
        assert_string_equal(rlk_json_text(&json, &json.nodes[0]), rows[i].meaning);
        assert_int_equal(json.nodes[0].text_bytes, strlen(rows[i].meaning));
    }
}

static void syntax_errors_are_found_where_they_are(void **state)
{
    static const struct {
        const char *text;
        size_t offset;
    } rows[] = {
        {"", 0},
        {"  ", 2},
        {"nul", 0},
        {"True", 0},
        {"[1,]", 3},
        {"[,1]", 1},
        {"[1 2]", 3},
        {"[1", 2},
        {"{", 1},
        {"{,}", 1},
        {"{1:2}", 1},
        {"{\"a\"}", 4},
        {"{\"a\":}", 5},
        {"{\"a\":1,}", 7},
        {"{\"a\":1 \"b\":2}", 7},
        {"[1}", 2},
        {"{\"a\":1]", 6},
        {"]", 0},
        {"1 1", 2},
        {"truex", 4},
        {"\"abc", 4},
        {"\"a\\", 2},
        {"\"\\x\"", 1},
        {"\"\\u12g4\"", 5},
        {"\"\\u12", 5},
        {"\"\\ud83d\\u12", 11},
        {"'a'", 0},
        {"[1]//", 3},
        {"+1", 0},
        {".5", 0},
        {"1x", 1},
        {"\xEF\xBB\xBF{}", 0},
        {"{\"a\"\f:1}", 4},
        {"NaN", 0},
        {"[\"a\"\"b\"]", 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_refused(rows[i].text, strlen(rows[i].text), RLK_E_DOCUMENT_SYNTAX, rows[i].offset);
    }
    assert_refused("1\0", 2, RLK_E_DOCUMENT_SYNTAX, 1);
}

static void numbers_are_whole_and_have_one_spelling(void **state)
{
    static const char *const bad[] = {"-1",
                                      "-0",
                                      "-",
                                      "01",
                                      "00",
                                      "1.0",
                                      "1.",
                                      "1e3",
                                      "0E0",
                                      "4294967296",
                                      "18446744073709551617",
                                      "99999999999999999999999"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_refused(bad[i], strlen(bad[i]), RLK_E_DOCUMENT_NUMBER, 0);
    }
    assert_read("4294967295");
    assert_int_equal(json.nodes[0].number, UINT32_MAX);
}

static void texts_are_utf_8_without_controls(void **state)
{
    static const char *const bad[] = {
        "\"a\x01\"",
        "\"a\n\"",
        "\"a\x1F\"",
        "\"a\x80\"",
        "\"a\xC0\x80\"",
        "\"a\xC1\xBF\"",
        "\"a\xE0\x9F\xBF\"",
        "\"a\xED\xA0\x80\"",
        "\"a\xED\xBF\xBF\"",
        "\"a\xF0\x8F\xBF\xBF\"",
        "\"a\xF4\x90\x80\x80\"",
        "\"a\xF5\x80\x80\x80\"",
        "\"a\xC3\"",
        "\"a\xE2\x82\"",
        "\"a\xF0\x9F\x98\"",
        "\"a\xC3",
        "\"a\xFE\"",
        "\"a\\u0000\"",
        "\"a\\ud800\"",
        "\"a\\udc00\"",
        "\"a\\ud800x\"",
        "\"a\\ud800\\n\"",
        "\"a\\ud800\\ud800\"",
        "\"a\\ud800\\u0041\"",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_refused(bad[i], strlen(bad[i]), RLK_E_DOCUMENT_TEXT, 2);
    }
    assert_refused("\"a\0\"", 4, RLK_E_DOCUMENT_TEXT, 2);
}

static void a_name_is_given_once(void **state)
{
    static const char *const bad[] = {"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"a\":1,\"\\u0061\"",
                                      "{\"a\":1,\"a\""};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_refused(bad[i], strlen(bad[i]), RLK_E_DOCUMENT_DUPLICATE_KEY, 7);
    }
    assert_read("[{\"a\":{\"a\":1}},{\"a\":2,\"A\":3,\"a \":4}]");
}

static void limits_are_exact(void **state)
{
    static char text[RLK_JSON_BYTES_MAX + 1U];
    (void)state;
    assert_read("[[[[[[[[]]]]]]]]");
    assert_read("[[[[[[[{\"a\":1}]]]]]]]");
    assert_refused("[[[[[[[[[]]]]]]]]]", 18, RLK_E_DOCUMENT_TOO_DEEP, 8);
    memset(text, ' ', sizeof text);
    text[0] = '1';
    assert_int_equal(parse(text, RLK_JSON_BYTES_MAX, NULL), RLK_OK);
    assert_refused(text, RLK_JSON_BYTES_MAX + 1U, RLK_E_DOCUMENT_TOO_LARGE, RLK_JSON_BYTES_MAX);
    memset(text, 'x', sizeof text);
    text[0] = '"';
    text[RLK_JSON_BYTES_MAX - 1U] = '"';
    assert_int_equal(parse(text, RLK_JSON_BYTES_MAX, NULL), RLK_OK);
    assert_int_equal(json.nodes[0].text_bytes, RLK_JSON_BYTES_MAX - 2U);
    assert_int_equal(parse(text, RLK_JSON_BYTES_MAX - 1U, NULL), RLK_E_DOCUMENT_SYNTAX);
}

/* As many names as fit, all alike but for their last digits: the most comparing that a document can ask for. */
static size_t write_names(char *text, unsigned count)
{
    size_t length = 0;
    text[length++] = '{';
    for (unsigned i = 0; i < count; i++) {
        length += (size_t)snprintf(&text[length], KEY_BYTES + 1, "%s\"aaaaaaa%04u\":0", i == 0 ? "" : ",", i);
    }
    text[length++] = '}';
    return length;
}

static void an_object_may_have_4095_members(void **state)
{
    static char text[(KEYS_MAX + 2U) * KEY_BYTES];
    (void)state;
    size_t length = write_names(text, KEYS_MAX);
    assert_true(length <= RLK_JSON_BYTES_MAX);
    assert_int_equal(parse(text, length, NULL), RLK_OK);
    assert_int_equal(json.nodes[0].count, KEYS_MAX);
    assert_non_null(rlk_json_member(&json, &json.nodes[0], "aaaaaaa4094"));
    (void)snprintf(text, sizeof text, "[");
    for (unsigned i = 0; i < RLK_JSON_NODES_MAX; i++) {
        (void)snprintf(&text[1U + 2U * i], 3, "%s", i + 1U == RLK_JSON_NODES_MAX ? "0]" : "0,");
    }
    assert_int_equal(parse(text, strlen(text), NULL), RLK_E_DOCUMENT_TOO_MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_kinds),
        cmocka_unit_test(a_tree_is_walked_in_the_order_of_the_document),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(escapes_are_undone),
        cmocka_unit_test(syntax_errors_are_found_where_they_are),
        cmocka_unit_test(numbers_are_whole_and_have_one_spelling),
        cmocka_unit_test(texts_are_utf_8_without_controls),
        cmocka_unit_test(a_name_is_given_once),
        cmocka_unit_test(limits_are_exact),
        cmocka_unit_test(an_object_may_have_4095_members),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
