/*
 * The documents that Relock reads: releases and what belongs to them. docs/release-format.md is their specification;
 * what a field may be is written once, in the tables of core/src/document/document_*.c, from which docs/schema/ is
 * made.
 */
#ifndef RELOCK_DOCUMENT_H
#define RELOCK_DOCUMENT_H

#include "relock/error.h"
#include "relock/json.h"
#include <stddef.h>
#include <stdint.h>

enum rlk_document_kind {
    RLK_DOCUMENT_RELEASE,   /* releases/NAME/release.json */
    RLK_DOCUMENT_CHANNEL,   /* releases/NAME/channel.json */
    RLK_DOCUMENT_KEYS,      /* releases/keys.json */
    RLK_DOCUMENT_SIGNATURE, /* any of these + ".sig" */
    RLK_DOCUMENT_SITE,      /* site.json */
    RLK_DOCUMENT_KINDS
};

#define RLK_DOCUMENT_PATH_BYTES 96U

/* Where a document is wrong. */
struct rlk_document_place {
    size_t offset;                      /* in bytes from its beginning */
    char path[RLK_DOCUMENT_PATH_BYTES]; /* "images[0].sha256"; "" for the whole */
};

/* Reads and judges a document: every field that must be there is, none that is not known, each of its kind and in its
 * range. `place` may be NULL. RLK_OK or one of RLK_E_DOCUMENT_*. */
enum rlk_error rlk_document_read(struct rlk_json *json, enum rlk_document_kind kind, const char *bytes, size_t length,
                                 struct rlk_document_place *place);

/* "release", "channel", "keys", "signature", "site"; NULL beyond the last. */
const char *rlk_document_kind_name(enum rlk_document_kind kind);

/* The JSON Schema (draft 2020-12) of a kind, piece by piece through `put`. Never fails. */
void rlk_document_schema(enum rlk_document_kind kind, void (*put)(void *context, const char *piece), void *context);

/* A time "2026-11-22T10:00:00Z" in seconds since 1970; 0 if it is none. */
uint64_t rlk_document_time_s(const char *text);

#endif
