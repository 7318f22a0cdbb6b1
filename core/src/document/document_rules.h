/*
 * What a document may hold, as const tables: rlk_document_read interprets them, rlk_document_schema prints them.
 * Internal to core.
 */
#ifndef RELOCK_DOCUMENT_RULES_H
#define RELOCK_DOCUMENT_RULES_H

#include "relock/document.h"
#include <stdbool.h>

enum rlk_rule_kind {
    RLK_RULE_TEXT,      /* of `pattern`, with one of `endings`, `least` to `most` characters long */
    RLK_RULE_WORD,      /* one of the words in `pattern`, "a|b" */
    RLK_RULE_FORMAT,    /* the one word in `pattern`; anything else is another kind of document */
    RLK_RULE_NUMBER,    /* `least` to `most` */
    RLK_RULE_BOOLEAN,   /* true or false */
    RLK_RULE_ARRAY,     /* `least` to `most` of `items` */
    RLK_RULE_LANGUAGES, /* an object: for languages of the document, the first of them always, one of `items` */
    RLK_RULE_OBJECT     /* of `fields` */
};

struct rlk_field;

struct rlk_rule {
    enum rlk_rule_kind kind;
    uint32_t least, most;
    const char *pattern;             /* TEXT: see rlk_pattern_fits; NULL: what people read, see rlk_text_is_readable */
    const char *endings;             /* TEXT: ".a|.b"; NULL: any */
    bool (*judge)(const char *text); /* TEXT: what no pattern says; NULL: nothing */
    bool has_lines;                  /* TEXT without a pattern: line feeds are allowed */
    bool is_unique;                  /* ARRAY of texts: none twice */
    const struct rlk_rule *items;
    const struct rlk_field *fields; /* the last one has no name */
    const char *one_of;             /* OBJECT: one of these fields must be there at least, "a|b"; NULL: none must */
    const char *together;           /* OBJECT: all or none of these are there; NULL: nothing like it */
};

struct rlk_field {
    const char *name;
    const struct rlk_rule *rule;
    bool is_optional;
};

#define RLK_PATTERN_TIME     "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
#define RLK_PATTERN_LANGUAGE "[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}"
#define RLK_PATTERN_FILE     "[A-Za-z0-9_-][A-Za-z0-9._-]*"
#define RLK_PATTERN_HOST     "[a-z0-9]+(-+[a-z0-9]+)*(\\.[a-z0-9]+(-+[a-z0-9]+)*)*"
#define RLK_PATTERN_PORT     "(:([1-5][0-9]{4}|6[0-4][0-9]{3}|[1-9][0-9]{0,3}))?"
#define RLK_PATTERN_PATH     "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*"
#define RLK_PATTERN_ORIGIN   "https://" RLK_PATTERN_HOST RLK_PATTERN_PORT

/* In the order of enum rlk_way_back, from RLK_WAY_BACK_BOOT0 on. */
#define RLK_WORDS_WAY_BACK "boot0|empty-check|none"

/* Used by more than one kind of document. */
extern const struct rlk_rule rlk_rule_line, rlk_rule_name, rlk_rule_time, rlk_rule_languages, rlk_rule_contact,
    rlk_rule_from_1, rlk_rule_hex_32;

/* What a document of a kind is. */
const struct rlk_rule *rlk_document_rule(enum rlk_document_kind kind);
extern const struct rlk_rule rlk_rule_release, rlk_rule_channel, rlk_rule_keys, rlk_rule_signature, rlk_rule_site;

/*
 * Whether the whole text fits a pattern: a regular expression of characters, \-escapes, [classes], (groups), |, ?, *, +
 * and {least,most}. It is matched without going back, so it must be written so that this does not matter; * and + mean
 * 255 at most. What fits here fits the same expression in a JSON Schema.
 */
bool rlk_pattern_fits(const char *pattern, const char *text);

/* The index of `word` in "a|b|c", or -1. */
int rlk_word_index(const char *words, const char *word);
/* The index-th of "a|b|c" and its length; NULL beyond the last. */
const char *rlk_word_at(const char *words, size_t index, size_t *length);

/* The number that hexadecimal digits make; there are at most eight, and nothing else. */
uint32_t rlk_hex_number(const char *digits);

/* Whether `text` ends with one of ".a|.b". */
bool rlk_text_ends_with(const char *text, const char *endings);
/* Whether people may be shown `text` as it is: no control characters (line feeds if has_lines), nothing that turns the
 * direction of what stands around it, no noncharacters. *characters is how many there are. */
bool rlk_text_is_readable(const char *text, size_t bytes, bool has_lines, uint32_t *characters);

/* Whether "#rrggbb" on "#rrggbb" has a contrast of 4.5 or more (WCAG 2.2, 1.4.3). */
bool rlk_colors_are_readable(const char *one, const char *other);

/* What a field is, in English, for the schemas; NULL if there is nothing to say. `parent` is the field that holds it,
 * or the name of the kind of document. */
const char *rlk_field_text(const char *parent, const char *field);

/* `place` (may be NULL): the value at `node`, `name`[`index`].`field`; without an index below 0, without a field NULL.
 */
void rlk_place_set(struct rlk_document_place *place, const struct rlk_json_node *node, const char *name, int index,
                   const char *field);

/* What the tables cannot say: how the fields of a document that fits them depend on each other. */
enum rlk_error rlk_document_judge(const struct rlk_json *json, enum rlk_document_kind kind,
                                  struct rlk_document_place *place);

#endif
