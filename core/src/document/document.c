/*
 * Reads documents by their tables. The recursion is that of the tables, which is at most six deep, and not of the
 * document.
 *
 * Invariant: `path` names the value that is being judged. It is cut back after each that is good, so that after a
 * failure it stands where that was.
 */
#include "document/document_rules.h"
#include "line.h"
#include <string.h>

enum { PRINTABLE_FIRST = 0x20, PRINTABLE_LAST = 0x7E };

struct reader {
    const struct rlk_json *json;
    const struct rlk_json_node *languages; /* of the document; NULL if it has none */
    struct rlk_line path;
    size_t offset; /* of the failure */
};

static void add_index(struct rlk_line *path, uint32_t index)
{
    rlk_line_add(path, "[");
    rlk_line_add_number(path, index);
    rlk_line_add(path, "]");
}

/* Names of fields that are not ours may hold anything. */
static void add_name(struct rlk_line *path, const char *name)
{
    rlk_line_add(path, path->length == 0 ? "" : ".");
    for (; *name != '\0'; name++) {
        bool is_printable = *name >= PRINTABLE_FIRST && *name <= PRINTABLE_LAST;
        rlk_line_add(path, (const char[]){is_printable ? *name : '?', '\0'});
    }
}

static void cut(struct rlk_line *path, size_t length)
{
    path->length = length;
    path->text[length] = '\0';
}

static enum rlk_error fail(struct reader *reader, const struct rlk_json_node *node, enum rlk_error error)
{
    reader->offset = node->offset;
    return error;
}

/* `name` is a field of the value that is being judged. */
static enum rlk_error fail_at(struct reader *reader, const struct rlk_json_node *node, const char *name,
                              enum rlk_error error)
{
    add_name(&reader->path, name);
    return fail(reader, node, error);
}

static enum rlk_error read_value(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node);

static enum rlk_error read_text(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    const char *text = rlk_json_text(reader->json, node);
    if (rule->pattern == NULL) {
        uint32_t characters = 0;
        bool is_readable = rlk_text_is_readable(text, node->text_bytes, rule->has_lines, &characters);
        bool fits = is_readable && characters >= rule->least && characters <= rule->most;
        return fits ? RLK_OK : fail(reader, node, RLK_E_DOCUMENT_TEXT);
    }
    bool fits = node->text_bytes >= rule->least && node->text_bytes <= rule->most &&
                rlk_pattern_fits(rule->pattern, text) &&
                (rule->endings == NULL || rlk_text_ends_with(text, rule->endings)) &&
                (rule->judge == NULL || rule->judge(text));
    return fits ? RLK_OK : fail(reader, node, RLK_E_DOCUMENT_FIELD_VALUE);
}

static enum rlk_error read_word(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    bool is_one = rlk_word_index(rule->pattern, rlk_json_text(reader->json, node)) >= 0;
    enum rlk_error error = rule->kind == RLK_RULE_FORMAT ? RLK_E_DOCUMENT_FORMAT : RLK_E_DOCUMENT_FIELD_VALUE;
    return is_one ? RLK_OK : fail(reader, node, error);
}

static enum rlk_error read_number(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    bool is_in_range = node->number >= rule->least && node->number <= rule->most;
    return is_in_range ? RLK_OK : fail(reader, node, RLK_E_DOCUMENT_NUMBER);
}

static enum rlk_error read_boolean(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    (void)reader;
    (void)rule;
    (void)node;
    return RLK_OK;
}

static bool is_among(const struct rlk_json *json, const struct rlk_json_node *array, const struct rlk_json_node *end,
                     const char *text)
{
    const struct rlk_json_node *node = rlk_json_first(json, array);
    while (node != end && strcmp(rlk_json_text(json, node), text) != 0) {
        node = rlk_json_next(json, node);
    }
    return node != end;
}

static enum rlk_error read_item(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *array,
                                const struct rlk_json_node *node)
{
    enum rlk_error error = read_value(reader, rule->items, node);
    bool is_again =
        error == RLK_OK && rule->is_unique && is_among(reader->json, array, node, rlk_json_text(reader->json, node));
    return is_again ? fail(reader, node, RLK_E_DOCUMENT_FIELD_VALUE) : error;
}

static enum rlk_error read_array(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    size_t length = reader->path.length;
    const struct rlk_json_node *item = rlk_json_first(reader->json, node);
    if (node->count < rule->least || node->count > rule->most) {
        return fail(reader, node, node->count < rule->least ? RLK_E_DOCUMENT_FIELD_VALUE : RLK_E_DOCUMENT_TOO_MANY);
    }
    for (uint32_t i = 0; item != NULL; i++, item = rlk_json_next(reader->json, item)) {
        add_index(&reader->path, i);
        enum rlk_error error = read_item(reader, rule, node, item);
        if (error != RLK_OK) {
            return error;
        }
        cut(&reader->path, length);
    }
    return RLK_OK;
}

static enum rlk_error read_languages(struct reader *reader, const struct rlk_rule *rule,
                                     const struct rlk_json_node *node)
{
    size_t length = reader->path.length;
    const char *first = rlk_json_text(reader->json, rlk_json_first(reader->json, reader->languages));
    const struct rlk_json_node *item = rlk_json_first(reader->json, node);
    for (; item != NULL; item = rlk_json_next(reader->json, item)) {
        const char *language = rlk_json_key(reader->json, item);
        if (!is_among(reader->json, reader->languages, NULL, language)) {
            return fail_at(reader, item, language, RLK_E_DOCUMENT_FIELD_UNKNOWN);
        }
        add_name(&reader->path, language);
        enum rlk_error error = read_value(reader, rule->items, item);
        if (error != RLK_OK) {
            return error;
        }
        cut(&reader->path, length);
    }
    return rlk_json_member(reader->json, node, first) != NULL
               ? RLK_OK
               : fail_at(reader, node, first, RLK_E_DOCUMENT_FIELD_MISSING);
}

static bool has_field(const struct rlk_field *fields, const char *name)
{
    while (fields->name != NULL && strcmp(fields->name, name) != 0) {
        fields++;
    }
    return fields->name != NULL;
}

/* The first of the fields in `words` that is there, or not there; NULL if there is none such. */
static const struct rlk_field *find_field(const struct reader *reader, const struct rlk_rule *rule, const char *words,
                                          const struct rlk_json_node *node, bool is_there)
{
    const struct rlk_field *field = rule->fields;
    for (; field->name != NULL; field++) {
        if (rlk_word_index(words, field->name) >= 0 &&
            (rlk_json_member(reader->json, node, field->name) != NULL) == is_there) {
            break;
        }
    }
    return field->name == NULL ? NULL : field;
}

/* Which fields must be there together, or at least one of them. */
static enum rlk_error read_company(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    if (rule->one_of != NULL && find_field(reader, rule, rule->one_of, node, true) == NULL) {
        const struct rlk_field *missing = find_field(reader, rule, rule->one_of, node, false);
        return fail_at(reader, node, missing->name, RLK_E_DOCUMENT_FIELD_MISSING);
    }
    if (rule->together != NULL && find_field(reader, rule, rule->together, node, true) != NULL) {
        const struct rlk_field *missing = find_field(reader, rule, rule->together, node, false);
        return missing == NULL ? RLK_OK : fail_at(reader, node, missing->name, RLK_E_DOCUMENT_FIELD_MISSING);
    }
    return RLK_OK;
}

static enum rlk_error read_field(struct reader *reader, const struct rlk_field *field, const struct rlk_json_node *node)
{
    size_t length = reader->path.length;
    const struct rlk_json_node *member = rlk_json_member(reader->json, node, field->name);
    if (member == NULL) {
        return field->is_optional ? RLK_OK : fail_at(reader, node, field->name, RLK_E_DOCUMENT_FIELD_MISSING);
    }
    add_name(&reader->path, field->name);
    enum rlk_error error = read_value(reader, field->rule, member);
    if (error == RLK_OK) {
        cut(&reader->path, length);
    }
    return error;
}

static enum rlk_error read_object(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    const struct rlk_json_node *member = rlk_json_first(reader->json, node);
    while (member != NULL && has_field(rule->fields, rlk_json_key(reader->json, member))) {
        member = rlk_json_next(reader->json, member);
    }
    if (member != NULL) {
        return fail_at(reader, member, rlk_json_key(reader->json, member), RLK_E_DOCUMENT_FIELD_UNKNOWN);
    }
    enum rlk_error error = RLK_OK;
    for (const struct rlk_field *field = rule->fields; error == RLK_OK && field->name != NULL; field++) {
        error = read_field(reader, field, node);
    }
    return error == RLK_OK ? read_company(reader, rule, node) : error;
}

static const struct {
    uint8_t kinds; /* of JSON, a bit mask */
    enum rlk_error (*read)(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node);
} readers[] = {
    [RLK_RULE_TEXT] = {1U << RLK_JSON_TEXT, read_text},
    [RLK_RULE_WORD] = {1U << RLK_JSON_TEXT, read_word},
    [RLK_RULE_FORMAT] = {1U << RLK_JSON_TEXT, read_word},
    [RLK_RULE_NUMBER] = {1U << RLK_JSON_NUMBER, read_number},
    [RLK_RULE_BOOLEAN] = {1U << RLK_JSON_FALSE | 1U << RLK_JSON_TRUE, read_boolean},
    [RLK_RULE_ARRAY] = {1U << RLK_JSON_ARRAY, read_array},
    [RLK_RULE_LANGUAGES] = {1U << RLK_JSON_OBJECT, read_languages},
    [RLK_RULE_OBJECT] = {1U << RLK_JSON_OBJECT, read_object},
};

static enum rlk_error read_value(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *node)
{
    bool is_of_kind = (readers[rule->kind].kinds >> node->kind & 1U) != 0;
    return is_of_kind ? readers[rule->kind].read(reader, rule, node) : fail(reader, node, RLK_E_DOCUMENT_FIELD_KIND);
}

/* Another kind of document, or a newer one, has other fields: that is said first. */
static enum rlk_error read_root(struct reader *reader, const struct rlk_rule *rule, const struct rlk_json_node *root)
{
    enum rlk_error error = root->kind == RLK_JSON_OBJECT ? read_field(reader, rule->fields, root) : RLK_OK;
    reader->languages = rlk_json_member(reader->json, root, "languages");
    return error == RLK_OK ? read_value(reader, rule, root) : error;
}

enum rlk_error rlk_document_read(struct rlk_json *json, enum rlk_document_kind kind, const char *bytes, size_t length,
                                 struct rlk_document_place *place)
{
    struct rlk_document_place own;
    struct rlk_document_place *at = place == NULL ? &own : place;
    struct reader reader = {.json = json};
    *at = (struct rlk_document_place){0};
    rlk_line_init(&reader.path, at->path, sizeof at->path);
    enum rlk_error error = rlk_json_parse(json, bytes, length, &at->offset);
    if (error != RLK_OK) {
        return error;
    }
    error = read_root(&reader, rlk_document_rule(kind), &json->nodes[0]);
    at->offset = reader.offset;
    return error == RLK_OK ? rlk_document_judge(json, kind, at) : error;
}
