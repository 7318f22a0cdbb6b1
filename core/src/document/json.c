/*
 * One pass over the bytes, one state per token, a stack of the open arrays and objects instead of recursion.
 *
 * Invariants: `at` never passes `length`; `open` holds the nodes whose end is still to come, the innermost last;
 * what is written into `text` is never longer than what was read for it, as quotes become a NUL and escapes shrink.
 */
#include "document/json_text.h"
#include <string.h>

#define FNV_PRIME UINT32_C(16777619)

enum { NUMBER_BASE = 10, BLANK_COUNT = 4 };

struct open_node {
    uint16_t node;
    uint16_t last; /* its last child so far; 0: none */
};

struct parser {
    struct rlk_json *json;
    struct rlk_json_scan scan;
    struct open_node open[RLK_JSON_DEPTH_MAX];
    size_t depth;
    uint32_t key;                        /* where the name of the value to come lies in `text` */
    uint32_t hash;                       /* of that name */
    uint32_t hashes[RLK_JSON_NODES_MAX]; /* of the names of all values so far */
};

/* What may come next. */
enum expected {
    EXPECT_VALUE,
    EXPECT_VALUE_OR_END,
    EXPECT_NAME,
    EXPECT_NAME_OR_END,
    EXPECT_COMMA_OR_END,
    EXPECT_NOTHING
};

static void skip_blanks(struct rlk_json_scan *scan)
{
    while (scan->at < scan->length && memchr(" \t\n\r", scan->bytes[scan->at], BLANK_COUNT) != NULL) {
        scan->at++;
    }
}

static bool is_next(const struct rlk_json_scan *scan, char wanted)
{
    return scan->at < scan->length && scan->bytes[scan->at] == wanted;
}

static bool take(struct rlk_json_scan *scan, char wanted)
{
    bool is_there = is_next(scan, wanted);
    scan->at += is_there ? 1U : 0U;
    return is_there;
}

static struct rlk_json_node *innermost(struct parser *parser)
{
    return parser->depth == 0 ? NULL : &parser->json->nodes[parser->open[parser->depth - 1U].node];
}

/* A new node as the last child of what is open; NULL if there are too many. */
static struct rlk_json_node *add_node(struct parser *parser, enum rlk_json_kind kind)
{
    struct rlk_json *json = parser->json;
    if (json->node_count == RLK_JSON_NODES_MAX) {
        return NULL;
    }
    uint16_t index = (uint16_t)json->node_count++;
    parser->hashes[index] = parser->hash;
    json->nodes[index] =
        (struct rlk_json_node){.kind = (uint8_t)kind, .key = parser->key, .offset = (uint32_t)parser->scan.at};
    if (parser->depth > 0) {
        struct open_node *open = &parser->open[parser->depth - 1U];
        struct rlk_json_node *parent = &json->nodes[open->node];
        *(open->last == 0 ? &parent->first : &json->nodes[open->last].next) = index;
        open->last = index;
        parent->count++;
    }
    return &json->nodes[index];
}

static enum rlk_error take_number(struct rlk_json_scan *scan, uint32_t *number)
{
    size_t begin = scan->at;
    uint64_t value = 0;
    while (scan->at < scan->length && scan->bytes[scan->at] >= '0' && scan->bytes[scan->at] <= '9') {
        value = value * NUMBER_BASE + (uint64_t)(scan->bytes[scan->at] - '0');
        scan->at++;
        if (value > UINT32_MAX) {
            break;
        }
    }
    bool has_leading_zero = scan->at - begin > 1 && scan->bytes[begin] == '0';
    bool goes_on = is_next(scan, '.') || is_next(scan, 'e') || is_next(scan, 'E');
    if (scan->at == begin || has_leading_zero || goes_on || value > UINT32_MAX) {
        scan->at = begin;
        return RLK_E_DOCUMENT_NUMBER;
    }
    *number = (uint32_t)value;
    return RLK_OK;
}

static const struct {
    const char *word;
    enum rlk_json_kind kind;
} words[] = {{"null", RLK_JSON_NULL}, {"false", RLK_JSON_FALSE}, {"true", RLK_JSON_TRUE}};

static enum rlk_error take_word(struct parser *parser)
{
    struct rlk_json_scan *scan = &parser->scan;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i].word);
        if (scan->length - scan->at >= length && memcmp(&scan->bytes[scan->at], words[i].word, length) == 0) {
            struct rlk_json_node *node = add_node(parser, words[i].kind);
            scan->at += length;
            return node == NULL ? RLK_E_DOCUMENT_TOO_MANY : RLK_OK;
        }
    }
    return RLK_E_DOCUMENT_SYNTAX;
}

static enum rlk_error take_scalar(struct parser *parser)
{
    struct rlk_json_scan *scan = &parser->scan;
    struct rlk_json_node *node = NULL;
    char first = scan->bytes[scan->at];
    if (first == '"') {
        node = add_node(parser, RLK_JSON_TEXT);
        return node == NULL ? RLK_E_DOCUMENT_TOO_MANY
                            : rlk_json_take_text(scan, parser->json->text, &node->text, &node->text_bytes);
    }
    if (first == '-' || (first >= '0' && first <= '9')) {
        node = add_node(parser, RLK_JSON_NUMBER);
        return node == NULL ? RLK_E_DOCUMENT_TOO_MANY : take_number(scan, &node->number);
    }
    return take_word(parser);
}

static enum rlk_error take_value(struct parser *parser, enum expected *expected)
{
    struct rlk_json_scan *scan = &parser->scan;
    bool is_object = is_next(scan, '{');
    if (!is_object && !is_next(scan, '[')) {
        *expected = EXPECT_COMMA_OR_END;
        return scan->at < scan->length ? take_scalar(parser) : RLK_E_DOCUMENT_SYNTAX;
    }
    if (parser->depth == RLK_JSON_DEPTH_MAX) {
        return RLK_E_DOCUMENT_TOO_DEEP;
    }
    struct rlk_json_node *node = add_node(parser, is_object ? RLK_JSON_OBJECT : RLK_JSON_ARRAY);
    if (node == NULL) {
        return RLK_E_DOCUMENT_TOO_MANY;
    }
    parser->open[parser->depth++] = (struct open_node){(uint16_t)(node - parser->json->nodes), 0};
    parser->key = 0;
    scan->at++;
    *expected = is_object ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
    return RLK_OK;
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 0;
    for (; *name != '\0'; name++) {
        hash = (hash ^ (uint8_t)*name) * FNV_PRIME;
    }
    return hash;
}

/* Whether what is open has a member of the name to come. Most are told apart by their hashes: thousands of names that
 * are alike but for their ends would take long to compare. */
static bool has_name(const struct parser *parser, const struct rlk_json_node *object)
{
    const struct rlk_json *json = parser->json;
    const char *name = &json->text[parser->key];
    uint16_t at = object->first;
    while (at != 0 && (parser->hashes[at] != parser->hash || strcmp(&json->text[json->nodes[at].key], name) != 0)) {
        at = json->nodes[at].next;
    }
    return at != 0;
}

static enum rlk_error take_name(struct parser *parser, enum expected *expected)
{
    struct rlk_json_scan *scan = &parser->scan;
    size_t begin = scan->at;
    uint32_t bytes = 0;
    if (!is_next(scan, '"')) {
        return RLK_E_DOCUMENT_SYNTAX;
    }
    enum rlk_error error = rlk_json_take_text(scan, parser->json->text, &parser->key, &bytes);
    if (error != RLK_OK) {
        return error;
    }
    parser->hash = hash_of(&parser->json->text[parser->key]);
    if (has_name(parser, innermost(parser))) {
        scan->at = begin;
        return RLK_E_DOCUMENT_DUPLICATE_KEY;
    }
    skip_blanks(scan);
    *expected = EXPECT_VALUE;
    return take(scan, ':') ? RLK_OK : RLK_E_DOCUMENT_SYNTAX;
}

/* The end of what is open, if it is there. */
static bool take_end(struct parser *parser)
{
    bool is_object = innermost(parser)->kind == RLK_JSON_OBJECT;
    bool is_there = take(&parser->scan, is_object ? '}' : ']');
    parser->depth -= is_there ? 1U : 0U;
    return is_there;
}

static enum rlk_error take_comma(struct parser *parser, enum expected *expected)
{
    *expected = innermost(parser)->kind == RLK_JSON_OBJECT ? EXPECT_NAME : EXPECT_VALUE;
    parser->key = 0;
    return take(&parser->scan, ',') ? RLK_OK : RLK_E_DOCUMENT_SYNTAX;
}

static enum rlk_error take_token(struct parser *parser, enum expected *expected)
{
    bool may_end =
        *expected == EXPECT_VALUE_OR_END || *expected == EXPECT_NAME_OR_END || *expected == EXPECT_COMMA_OR_END;
    if (may_end && take_end(parser)) {
        *expected = EXPECT_COMMA_OR_END;
        return RLK_OK;
    }
    if (*expected == EXPECT_COMMA_OR_END) {
        return take_comma(parser, expected);
    }
    bool is_name = *expected == EXPECT_NAME || *expected == EXPECT_NAME_OR_END;
    return is_name ? take_name(parser, expected) : take_value(parser, expected);
}

static enum rlk_error parse(struct parser *parser)
{
    enum expected expected = EXPECT_VALUE;
    enum rlk_error error = RLK_OK;
    while (error == RLK_OK && expected != EXPECT_NOTHING) {
        skip_blanks(&parser->scan);
        error = take_token(parser, &expected);
        expected = parser->depth == 0 && expected == EXPECT_COMMA_OR_END ? EXPECT_NOTHING : expected;
    }
    if (error != RLK_OK) {
        return error;
    }
    skip_blanks(&parser->scan);
    return parser->scan.at == parser->scan.length ? RLK_OK : RLK_E_DOCUMENT_SYNTAX;
}

enum rlk_error rlk_json_parse(struct rlk_json *json, const char *bytes, size_t length, size_t *offset)
{
    struct parser parser = {.json = json, .scan = {.bytes = bytes, .length = length}};
    bool fits = length <= RLK_JSON_BYTES_MAX;
    json->node_count = 0;
    parser.scan.at = fits ? 0 : RLK_JSON_BYTES_MAX;
    enum rlk_error error = fits ? parse(&parser) : RLK_E_DOCUMENT_TOO_LARGE;
    if (error != RLK_OK) {
        json->node_count = 0;
    }
    if (error != RLK_OK && offset != NULL) {
        *offset = parser.scan.at;
    }
    return error;
}
