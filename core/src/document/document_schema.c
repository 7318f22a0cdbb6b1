/*
 * JSON Schema of the documents, from the tables that they are read with. What a schema cannot say is in its
 * descriptions.
 */
#include "document/document_rules.h"
#include "line.h"
#include <string.h>

enum { NUMBER_BYTES = 12 };

struct writer {
    void (*put)(void *context, const char *piece);
    void *context;
    const char *parent; /* the field that is being written, or the kind of document */
    unsigned depth;
    bool is_first; /* nothing stands in the innermost brackets yet */
};

static const struct {
    const char *title;
    const char *description;
} about[RLK_DOCUMENT_KINDS] = {
    [RLK_DOCUMENT_RELEASE] = {"release.json",
                              "Also demanded, and not said by this schema: no field twice; `expires` after `created`; "
                              "texts and pictures only in `languages`, and always in the first of them; `address` with "
                              "a .bin file and only there, and no image past 2^32; one file name, one file; no option "
                              "field twice; families and option fields that Relock knows, `options` only with "
                              "`end` \"protected\", `return` \"empty-check\" only if all families have it."},
    [RLK_DOCUMENT_CHANNEL] = {"channel.json",
                              "Also demanded, and not said by this schema: no field twice; `expires` after `created`."},
    [RLK_DOCUMENT_KEYS] = {"keys.json", "Also demanded, and not said by this schema: no field twice; no `id` twice; "
                                        "each `id` is the first eight bytes of the SHA-256 of the `public` bytes."},
    [RLK_DOCUMENT_SIGNATURE] = {"a signature (.sig)", "Also demanded, and not said by this schema: no field twice."},
    [RLK_DOCUMENT_SITE] = {"site.json",
                           "Also demanded, and not said by this schema: no field twice; no key's `id` twice; "
                           "each `id` is the first eight bytes of the SHA-256 of the `public` bytes; "
                           "`accentText` on `accent` and `accentTextDark` on `accentDark` with a contrast of 4.5 or "
                           "more; with `keys` only `unsigned` \"refuse\"."},
};

static void add(const struct writer *writer, const char *piece)
{
    writer->put(writer->context, piece);
}

static void put_line(struct writer *writer)
{
    add(writer, writer->is_first ? "\n" : ",\n");
    for (unsigned i = 0; i < writer->depth; i++) {
        add(writer, "  ");
    }
    writer->is_first = false;
}

/* The first `length` characters of `text`, quoted. Ours are printable ASCII. */
static void put_text(const struct writer *writer, const char *text, size_t length)
{
    add(writer, "\"");
    for (size_t i = 0; i < length; i++) {
        const char piece[] = {text[i], '\0'};
        add(writer, text[i] == '"' || text[i] == '\\' ? "\\" : "");
        add(writer, piece);
    }
    add(writer, "\"");
}

static void put_name(struct writer *writer, const char *name)
{
    put_line(writer);
    put_text(writer, name, strlen(name));
    add(writer, ": ");
}

static void begin(struct writer *writer, const char *name, const char *bracket)
{
    if (name != NULL) {
        put_name(writer, name);
    }
    add(writer, bracket);
    writer->depth++;
    writer->is_first = true;
}

static void end(struct writer *writer, const char *bracket)
{
    writer->depth--;
    writer->is_first = true;
    put_line(writer);
    add(writer, bracket);
}

static void field_text(struct writer *writer, const char *name, const char *text)
{
    put_name(writer, name);
    put_text(writer, text, strlen(text));
}

static void field_number(struct writer *writer, const char *name, uint32_t number)
{
    char digits[NUMBER_BYTES];
    struct rlk_line line;
    rlk_line_init(&line, digits, sizeof digits);
    rlk_line_add_number(&line, number);
    put_name(writer, name);
    add(writer, digits);
}

static void field_word(struct writer *writer, const char *name, const char *word)
{
    put_name(writer, name);
    add(writer, word);
}

/* "a|b" as ["a", "b"] on one line. */
static void field_words(struct writer *writer, const char *name, const char *words)
{
    size_t length = 0;
    const char *word = rlk_word_at(words, 0, &length);
    put_name(writer, name);
    add(writer, "[");
    for (size_t i = 0; word != NULL; i++, word = rlk_word_at(words, i, &length)) {
        add(writer, i == 0 ? "" : ", ");
        put_text(writer, word, length);
    }
    add(writer, "]");
}

static void put_rule(struct writer *writer, const struct rlk_rule *rule);

static void add_part(const struct writer *writer, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char piece[] = {text[i], '\0'};
        add(writer, text[i] == '\\' ? "\\\\" : piece);
    }
}

/* Something, and then one of ".a|.b". */
static void put_endings(const struct writer *writer, const char *endings)
{
    size_t length = 0;
    const char *ending = rlk_word_at(endings, 0, &length);
    add(writer, "(?=.*.(");
    for (size_t i = 0; ending != NULL; i++, ending = rlk_word_at(endings, i, &length)) {
        add(writer, i == 0 ? "\\\\" : "|\\\\");
        add_part(writer, ending, length);
    }
    add(writer, ")$)");
}

/* The whole text fits the pattern, and has one of the endings. */
static void put_pattern(struct writer *writer, const struct rlk_rule *rule)
{
    put_name(writer, "pattern");
    add(writer, "\"^");
    if (rule->endings != NULL) {
        put_endings(writer, rule->endings);
    }
    add(writer, "(");
    add_part(writer, rule->pattern, strlen(rule->pattern));
    add(writer, ")$\"");
}

static void put_text_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_text(writer, "type", "string");
    field_number(writer, "minLength", rule->least);
    field_number(writer, "maxLength", rule->most);
    if (rule->pattern != NULL) {
        put_pattern(writer, rule);
        return;
    }
    put_name(writer, "pattern");
    add(writer, "\"^[^\\\\u0000-");
    add(writer, rule->has_lines ? "\\\\u0009\\\\u000b-" : "");
    add(writer,
        "\\\\u001f\\\\u007f-\\\\u009f\\\\u2028-\\\\u202e\\\\u2066-\\\\u2069\\\\ufdd0-\\\\ufdef\\\\ufeff\\\\ufffe"
        "\\\\uffff]*$\"");
}

static void put_word_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_words(writer, "enum", rule->pattern);
}

static void put_format_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_text(writer, "const", rule->pattern);
}

static void put_number_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_text(writer, "type", "integer");
    field_number(writer, "minimum", rule->least);
    field_number(writer, "maximum", rule->most);
}

static void put_boolean_rule(struct writer *writer, const struct rlk_rule *rule)
{
    (void)rule;
    field_text(writer, "type", "boolean");
}

static void put_array_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_text(writer, "type", "array");
    field_number(writer, "minItems", rule->least);
    field_number(writer, "maxItems", rule->most);
    if (rule->is_unique) {
        field_word(writer, "uniqueItems", "true");
    }
    begin(writer, "items", "{");
    put_rule(writer, rule->items);
    end(writer, "}");
}

static void put_languages_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_text(writer, "type", "object");
    field_number(writer, "minProperties", 1);
    begin(writer, "propertyNames", "{");
    put_rule(writer, rlk_rule_languages.items);
    end(writer, "}");
    begin(writer, "additionalProperties", "{");
    put_rule(writer, rule->items);
    end(writer, "}");
}

static void put_properties(struct writer *writer, const struct rlk_rule *rule)
{
    const char *parent = writer->parent;
    begin(writer, "properties", "{");
    for (const struct rlk_field *field = rule->fields; field->name != NULL; field++) {
        const char *text = rlk_field_text(parent, field->name);
        begin(writer, field->name, "{");
        if (text != NULL) {
            field_text(writer, "description", text);
        }
        writer->parent = field->name;
        put_rule(writer, field->rule);
        end(writer, "}");
    }
    writer->parent = parent;
    end(writer, "}");
}

static void put_required(struct writer *writer, const struct rlk_rule *rule)
{
    begin(writer, "required", "[");
    for (const struct rlk_field *field = rule->fields; field->name != NULL; field++) {
        if (!field->is_optional) {
            put_line(writer);
            put_text(writer, field->name, strlen(field->name));
        }
    }
    end(writer, "]");
}

/* One of the fields must be there: anyOf of {required: [field]}. */
static void put_one_of(struct writer *writer, const char *words)
{
    size_t length = 0;
    const char *word = rlk_word_at(words, 0, &length);
    begin(writer, "anyOf", "[");
    for (size_t i = 0; word != NULL; i++, word = rlk_word_at(words, i, &length)) {
        put_line(writer);
        add(writer, "{ \"required\": [");
        put_text(writer, word, length);
        add(writer, "] }");
    }
    end(writer, "]");
}

static void put_together(struct writer *writer, const struct rlk_rule *rule)
{
    begin(writer, "dependentRequired", "{");
    for (const struct rlk_field *field = rule->fields; field->name != NULL; field++) {
        if (rlk_word_index(rule->together, field->name) >= 0) {
            field_words(writer, field->name, rule->together);
        }
    }
    end(writer, "}");
}

static void put_object_rule(struct writer *writer, const struct rlk_rule *rule)
{
    field_text(writer, "type", "object");
    put_properties(writer, rule);
    put_required(writer, rule);
    field_word(writer, "additionalProperties", "false");
    if (rule->one_of != NULL) {
        put_one_of(writer, rule->one_of);
    }
    if (rule->together != NULL) {
        put_together(writer, rule);
    }
}

static void put_rule(struct writer *writer, const struct rlk_rule *rule)
{
    static void (*const writers[])(struct writer * writer, const struct rlk_rule *rule) = {
        [RLK_RULE_TEXT] = put_text_rule,           [RLK_RULE_WORD] = put_word_rule,
        [RLK_RULE_FORMAT] = put_format_rule,       [RLK_RULE_NUMBER] = put_number_rule,
        [RLK_RULE_BOOLEAN] = put_boolean_rule,     [RLK_RULE_ARRAY] = put_array_rule,
        [RLK_RULE_LANGUAGES] = put_languages_rule, [RLK_RULE_OBJECT] = put_object_rule,
    };
    writers[rule->kind](writer, rule);
}

void rlk_document_schema(enum rlk_document_kind kind, void (*put)(void *context, const char *piece), void *context)
{
    struct writer writer = {.put = put, .context = context, .parent = rlk_document_kind_name(kind), .is_first = true};
    begin(&writer, NULL, "{");
    field_text(&writer, "$schema", "https://json-schema.org/draft/2020-12/schema");
    field_text(&writer, "title", about[kind].title);
    field_text(&writer, "description", about[kind].description);
    put_rule(&writer, rlk_document_rule(kind));
    end(&writer, "}");
    add(&writer, "\n");
}
