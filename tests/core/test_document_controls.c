/*
 * No text of a document can carry what would act where it is shown: control characters, marks that turn the direction,
 * noncharacters. Each text of each full document of the corpus gets each of them, at its begin and at its end.
 */
#include "relock/document.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_BYTES_MAX = 1 << 16, ADDED_BYTES_MAX = 8, PATHS_MAX = 32 };

static const struct document {
    const char *file;
    enum rlk_document_kind kind;
} documents[] = {
    {"release-full.json", RLK_DOCUMENT_RELEASE},     {"channel-most.json", RLK_DOCUMENT_CHANNEL},
    {"keys-most.json", RLK_DOCUMENT_KEYS},           {"site-full.json", RLK_DOCUMENT_SITE},
    {"signature-most.json", RLK_DOCUMENT_SIGNATURE},
};

/* What people read: other texts have a pattern that leaves no room for such a character. */
static const struct shown {
    const char *path;
    bool has_lines;
} shown[] = {
    {"product", false},         {"version", false},         {"contact.name", false},   {"brand", false},
    {"notes.en", true},         {"enter[0].text.en", true}, {"enter[0].alt.en", true}, {"boot0.hold.en", true},
    {"boot0.release.en", true}, {"lost[0].en", true},       {"after[0].en", true},
};
enum { SHOWN = sizeof shown / sizeof shown[0] };

static const char override[] = {(char)0xE2, (char)0x80, (char)0xAE, 0}; /* U+202E as it stands in a file */

static const char *const refused[] = {
    "\\u0001", "\\u0008", "\\t",     "\\r",     "\\u001f", "\x7f",    "\\u007f", "\xc2\x85",     "\\u009f",
    "\\u202a", "\\u202e", "\\u2066", "\\u2069", "\\ufeff", "\\ufffe", override,  "\xef\xbb\xbf",
};

static struct rlk_json tree;
static struct rlk_json json;
static char bytes[FILE_BYTES_MAX];
static size_t length;
static unsigned seen[SHOWN];

static void load(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, RELOCK_SOURCE_DIR "/tests/documents/good/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rlk_json_parse(&tree, bytes, length, NULL), RLK_OK);
}

/* Behind the text's last character. */
static size_t end_of(const struct rlk_json_node *node)
{
    size_t at = node->offset + 1U;
    while (bytes[at] != '"') {
        at += bytes[at] == '\\' ? 2U : 1U;
    }
    return at;
}

static enum rlk_error read_with(const struct document *document, size_t at, const char *added,
                                struct rlk_document_place *place)
{
    char *copy = malloc(length + ADDED_BYTES_MAX);
    assert_non_null(copy);
    memcpy(copy, bytes, at);
    size_t end = at;
    while (*added != '\0') {
        copy[end++] = *added++;
    }
    memcpy(copy + end, bytes + at, length - at);
    enum rlk_error error = rlk_document_read(&json, document->kind, copy, length + (end - at), place);
    free(copy);
    return error;
}

static const struct shown *find_shown(const char *path)
{
    for (size_t i = 0; i < SHOWN; i++) {
        if (strcmp(shown[i].path, path) == 0) {
            seen[i]++;
            return &shown[i];
        }
    }
    return NULL;
}

static void check_one(const struct document *document, const struct rlk_json_node *node, const char *path, size_t at,
                      const char *added)
{
    struct rlk_document_place place = {.offset = 0};
    enum rlk_error error = read_with(document, at, added, &place);
    if (error == RLK_OK || strcmp(place.path, path) != 0 || place.offset != node->offset) {
        fail_msg("%s, %s with \"%s\": %s at \"%s\" (%zu)", document->file, path, added, rlk_error_name(error),
                 place.path, place.offset);
    }
}

static void check_text(const struct document *document, const struct rlk_json_node *node, const char *path)
{
    const struct shown *row = find_shown(path);
    const size_t ends[] = {node->offset + 1U, end_of(node)};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        for (size_t j = 0; j < sizeof refused / sizeof refused[0]; j++) {
            check_one(document, node, path, ends[i], refused[j]);
            assert_true(row == NULL || read_with(document, ends[i], refused[j], NULL) == RLK_E_DOCUMENT_TEXT);
        }
        if (row != NULL && row->has_lines) {
            assert_int_equal(read_with(document, ends[i], "\\n", NULL), RLK_OK);
        } else if (row != NULL) {
            check_one(document, node, path, ends[i], "\\n");
        }
    }
}

/* The tree is walked by a list of what is still to be looked at: the deepest value has few relatives on the way. */
struct found {
    const struct rlk_json_node *node;
    char path[RLK_DOCUMENT_PATH_BYTES];
};

static size_t add_children(const struct found *parent, struct found *list)
{
    const char *point = parent->path[0] != '\0' ? "." : "";
    const struct rlk_json_node *child = rlk_json_first(&tree, parent->node);
    size_t count = 0;
    for (; child != NULL; child = rlk_json_next(&tree, child)) {
        assert_true(count < PATHS_MAX);
        struct found *found = &list[count];
        int printed =
            parent->node->kind == RLK_JSON_ARRAY
                ? snprintf(found->path, sizeof found->path, "%s[%zu]", parent->path, count)
                : snprintf(found->path, sizeof found->path, "%s%s%s", parent->path, point, rlk_json_key(&tree, child));
        assert_true(printed > 0 && (size_t)printed < sizeof found->path);
        found->node = child;
        count++;
    }
    return count;
}

static unsigned check_document(const struct document *document)
{
    static struct found list[RLK_JSON_DEPTH_MAX * PATHS_MAX];
    size_t count = 1;
    unsigned texts = 0;
    load(document->file);
    assert_int_equal(rlk_document_read(&json, document->kind, bytes, length, NULL), RLK_OK);
    list[0] = (struct found){.node = &tree.nodes[0], .path = ""};
    while (count > 0) {
        const struct found found = list[--count];
        if (found.node->kind == RLK_JSON_TEXT) {
            check_text(document, found.node, found.path);
            texts++;
        } else if (found.node->kind >= RLK_JSON_ARRAY && strcmp(found.path, "withdrawn") != 0) {
            assert_true(count + PATHS_MAX <= sizeof list / sizeof list[0]);
            count += add_children(&found, &list[count]);
        }
    }
    return texts;
}

static void assert_seen(size_t index)
{
    if (seen[index] == 0) {
        fail_msg("no document has %s", shown[index].path);
    }
}

static void each_text_with_such_a_character_is_refused_with_its_place(void **state)
{
    unsigned texts = 0;
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        texts += check_document(&documents[i]);
    }
    assert_true(texts > 100);
    for (size_t i = 0; i < SHOWN; i++) {
        assert_seen(i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_with_such_a_character_is_refused_with_its_place),
    };
    return cmocka_run_group_tests_name("document controls", tests, NULL, NULL);
}
