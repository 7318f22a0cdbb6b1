#include "facts_file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_BYTES_MAX (256U * 1024U)
#define FACTS_MAX      40U

static char text[FILE_BYTES_MAX];
static struct rlk_json facts[FACTS_MAX];
static size_t fact_count;

/* The end of the object that begins at `at`: where its last brace is closed, outside of texts. */
static size_t end_of_object(size_t at)
{
    unsigned depth = 0;
    bool is_text = false;
    do {
        assert_true(text[at] != '\0');
        if (is_text && text[at] == '\\') {
            at++;
        } else if (text[at] == '"') {
            is_text = !is_text;
        } else if (!is_text) {
            depth += text[at] == '{';
            depth -= text[at] == '}';
        }
        at++;
    } while (depth > 0);
    return at;
}

/* The file is an array that is longer than the parser takes; its elements are not. */
int facts_load(void **state)
{
    (void)state;
    FILE *file = fopen(RELOCK_SOURCE_DIR "/tests/core/data/stm32-dfu.json", "r");
    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_true(length > 0 && length < sizeof text - 1);
    for (size_t at = 0; at < length; at++) {
        if (text[at] == '{') {
            const size_t end = end_of_object(at);
            assert_true(fact_count < FACTS_MAX);
            assert_int_equal(rlk_json_parse(&facts[fact_count], &text[at], end - at, NULL), RLK_OK);
            fact_count++;
            at = end;
        }
    }
    return 0;
}

const struct rlk_json_node *facts_member(const struct rlk_json *fact, const char *name)
{
    const struct rlk_json_node *node = rlk_json_member(fact, &fact->nodes[0], name);
    assert_non_null(node);
    return node;
}

const struct rlk_json_node *facts_option(const struct rlk_json *fact, const char *name)
{
    return rlk_json_member(fact, facts_member(fact, "option_bytes"), name);
}

const char *facts_text(const struct rlk_json *fact, const struct rlk_json_node *node)
{
    const char *found = rlk_json_text(fact, node);
    return found != NULL ? found : "";
}

long facts_number(const struct rlk_json *fact, const struct rlk_json_node *node, size_t index)
{
    if (node != NULL && node->kind == RLK_JSON_ARRAY) {
        const struct rlk_json_node *child = rlk_json_first(fact, node);
        while (child != NULL && index-- > 0) {
            child = rlk_json_next(fact, child);
        }
        return facts_number(fact, child, 0);
    }
    if (node != NULL && node->kind == RLK_JSON_NUMBER) {
        return (long)node->number;
    }
    const char *digits = facts_text(fact, node);
    char *end = NULL;
    const long number = strtol(digits, &end, strncmp(digits, "0x", 2) == 0 ? 16 : 10);
    return end == digits ? FACTS_UNSAID : number;
}

const struct rlk_json *facts_find(const char *name)
{
    for (size_t i = 0; i < fact_count; i++) {
        if (strcmp(facts_text(&facts[i], facts_member(&facts[i], "family")), name) == 0) {
            return &facts[i];
        }
    }
    fail_msg("no facts of %s", name);
    return NULL;
}

size_t facts_count(void)
{
    return fact_count;
}
