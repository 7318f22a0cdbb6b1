/*
 * documents.wasm: reads one document at a time, as flat functions for documents.js. It is the first thing that a
 * visitor loads, so it has the names of its errors and not their sentences.
 *
 * Invariants: `json` is what was read last, and empty after a failure; `release` points into it.
 */
#include "readout.h"
#include "relock/release.h"

#define INPUT_BYTES (RLK_JSON_BYTES_MAX + 1U) /* one more than is accepted, so that too much is seen as that */

static struct rlk_json json;
static struct rlk_document_place place;
static struct rlk_release release;
static char input[INPUT_BYTES];

#define ERROR_NAME(name)                                                                                               \
    {                                                                                                                  \
        RLK_E_##name, #name                                                                                            \
    }

static const struct {
    enum rlk_error error;
    const char *name;
} errors[] = {
    ERROR_NAME(DOCUMENT_TOO_LARGE),  ERROR_NAME(DOCUMENT_SYNTAX),        ERROR_NAME(DOCUMENT_TOO_DEEP),
    ERROR_NAME(DOCUMENT_TOO_MANY),   ERROR_NAME(DOCUMENT_DUPLICATE_KEY), ERROR_NAME(DOCUMENT_NUMBER),
    ERROR_NAME(DOCUMENT_TEXT),       ERROR_NAME(DOCUMENT_FIELD_MISSING), ERROR_NAME(DOCUMENT_FIELD_UNKNOWN),
    ERROR_NAME(DOCUMENT_FIELD_KIND), ERROR_NAME(DOCUMENT_FIELD_VALUE),   ERROR_NAME(DOCUMENT_FORMAT),
};

static const char *error_name(int32_t number)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if ((int32_t)errors[i].error == number) {
            return errors[i].name;
        }
    }
    return "INTERNAL";
}

READOUT_AT(const char *, rlk_doc_error_name, error_name((int32_t)index))
READOUT_AT(const char *, rlk_doc_kind_name, rlk_document_kind_name((enum rlk_document_kind)index))

/* Where JavaScript puts a document, and how much it may put there. */
READOUT(char *, rlk_doc_input, input)
READOUT(uint32_t, rlk_doc_input_bytes, INPUT_BYTES)

/* Where it is wrong. */
READOUT(uint32_t, rlk_doc_offset, (uint32_t)place.offset)
READOUT(const char *, rlk_doc_path, place.path)

/* Its tree: struct rlk_json_node, value by value; node 0 is the root. */
READOUT_AT(uint32_t, rlk_doc_kind, json.nodes[index].kind)
READOUT_AT(uint32_t, rlk_doc_first, json.nodes[index].first)
READOUT_AT(uint32_t, rlk_doc_next, json.nodes[index].next)
READOUT_AT(uint32_t, rlk_doc_number, json.nodes[index].number)
READOUT_AT(const char *, rlk_doc_key, rlk_json_key(&json, &json.nodes[index]))
READOUT_AT(const char *, rlk_doc_text, rlk_json_text(&json, &json.nodes[index]))
READOUT_AT(uint32_t, rlk_doc_text_bytes, json.nodes[index].text_bytes)

READOUT(uint32_t, rlk_doc_estimate_ms, rlk_release_estimate_ms(&release))

RLK_EXPORT int32_t rlk_doc_read(uint32_t kind, uint32_t length);
RLK_EXPORT int32_t rlk_doc_parse(uint32_t length);

/* Reads `length` bytes of the input as a document of a kind, a release also for what it means. The error, or 0. */
int32_t rlk_doc_read(uint32_t kind, uint32_t length)
{
    enum rlk_error error = rlk_document_read(&json, (enum rlk_document_kind)kind, input, length, &place);
    if (error == RLK_OK && kind == RLK_DOCUMENT_RELEASE) {
        error = rlk_release_take(&release, &json, &place);
    }
    return (int32_t)error;
}

/* Reads any strict JSON. The error, or 0. */
int32_t rlk_doc_parse(uint32_t length)
{
    place = (struct rlk_document_place){0};
    return (int32_t)rlk_json_parse(&json, input, length, &place.offset);
}
