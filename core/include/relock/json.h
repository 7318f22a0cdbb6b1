/*
 * Strict JSON (RFC 8259) as a tree over memory that the caller owns: no allocation, no recursion, nothing tolerated.
 *
 * Refused beyond the RFC: a byte order mark, duplicate keys, invalid UTF-8, surrogates without their other half,
 * U+0000, numbers that are not whole numbers from 0 to 4294967295 written without sign, point, exponent or leading
 * zero, texts over RLK_JSON_BYTES_MAX, nesting deeper than RLK_JSON_DEPTH_MAX, anything after the one value.
 */
#ifndef RELOCK_JSON_H
#define RELOCK_JSON_H

#include "relock/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_JSON_BYTES_MAX 65536U
#define RLK_JSON_DEPTH_MAX 8U
#define RLK_JSON_NODES_MAX 4096U

enum rlk_json_kind {
    RLK_JSON_NULL,
    RLK_JSON_FALSE,
    RLK_JSON_TRUE,
    RLK_JSON_NUMBER,
    RLK_JSON_TEXT,
    RLK_JSON_ARRAY,
    RLK_JSON_OBJECT,
};

/* A value. Node 0 is the root; 0 as a link means none. */
struct rlk_json_node {
    uint8_t kind;         /* enum rlk_json_kind */
    uint16_t first, next; /* ARRAY, OBJECT: the first child; any: the next sibling, in the document's order */
    uint16_t count;       /* ARRAY, OBJECT: children */
    uint32_t number;      /* NUMBER */
    uint32_t key;         /* member of an object: where its name begins in `text` */
    uint32_t text;        /* TEXT: where it begins in `text`: unescaped UTF-8, NUL-terminated */
    uint32_t text_bytes;  /* TEXT: without the NUL */
    uint32_t offset;      /* where the value begins in the document */
};

struct rlk_json {
    char text[RLK_JSON_BYTES_MAX + 1U]; /* names and texts, each with a NUL behind it: never longer than the document */
    struct rlk_json_node nodes[RLK_JSON_NODES_MAX];
    size_t node_count;
};

/* Reads a document. On failure *offset (may be NULL) is where. RLK_OK, or RLK_E_DOCUMENT_TOO_LARGE, _SYNTAX, _TOO_DEEP,
 * _TOO_MANY, _DUPLICATE_KEY, _NUMBER, _TEXT; `json` is then empty. Uses about 16 KiB of stack. */
enum rlk_error rlk_json_parse(struct rlk_json *json, const char *bytes, size_t length, size_t *offset);

/* The member of an object by name; NULL if there is none, or if `object` is NULL or no object. */
const struct rlk_json_node *rlk_json_member(const struct rlk_json *json, const struct rlk_json_node *object,
                                            const char *name);
/* The first child and the next sibling; NULL if there is none. */
const struct rlk_json_node *rlk_json_first(const struct rlk_json *json, const struct rlk_json_node *node);
const struct rlk_json_node *rlk_json_next(const struct rlk_json *json, const struct rlk_json_node *node);
/* A text's characters, NUL-terminated; NULL if `node` is NULL or no text. */
const char *rlk_json_text(const struct rlk_json *json, const struct rlk_json_node *node);
/* The name of an object's member. */
const char *rlk_json_key(const struct rlk_json *json, const struct rlk_json_node *node);

#endif
