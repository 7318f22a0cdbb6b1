/*
 * What the verbs `release`, `key` and `site` share: their form, and the documents that they write.
 */
#ifndef RELOCK_CLI_MAKER_H
#define RELOCK_CLI_MAKER_H

#include "arguments.h"
#include "output/problem.h"
#include "release/signature.h"
#include "release/source.h"
#include <jansson.h>

typedef int maker_function(const struct arguments *arguments, struct output *output);

/* One word behind the verb. */
struct maker_word {
    const char *word;
    unsigned words_min, words_max; /* that follow it */
    const char *form;              /* "release sign FOLDER --key FILE..." */
    maker_function *run;
};

/* Runs the row that the first word names; explains itself on standard error if there is none, or if the words do not
 * fit. */
int maker_dispatch(const struct arguments *arguments, struct output *output, const struct maker_word *rows,
                   size_t count);

/* Explains itself on standard error, as printf does; returns EXIT_USAGE. */
int maker_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says a sentence, as printf does. */
void maker_say(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The option's one value, or NULL. */
const char *maker_text(const struct text_list *list);

/* Every option that means one thing was given once at most, and no more keys than a ring holds; explains itself on
 * standard error. */
bool maker_says_all_once(const struct arguments *arguments);

/* --expires, in seconds; 0 if it was not given. False: it is no time, or it is past; explains itself. */
bool maker_expiry(const struct arguments *arguments, uint64_t *expires_s);

/* The time, as documents have it. NULL: no memory. */
json_t *maker_now(void);

/* A document as jansson's values. NULL: no memory. */
json_t *maker_from_tree(const struct rlk_json *tree, const struct rlk_json_node *node);

/* A whole number from 1 on, in decimal digits. */
bool maker_number(const char *text, uint32_t *number);

/* Stores a file, replacing a regular one. RLK_OK or RLK_E_FILE_NOT_WRITTEN. */
enum rlk_error maker_write(const char *path, const void *bytes, size_t length);

/* Would this document be read? RLK_OK, or DOCUMENT_* with the place in the problem. */
enum rlk_error maker_judge(const json_t *value, enum rlk_document_kind kind, const char *path, struct problem *problem);

/* Judges what would be written, then stores it as `name` below `folder`,
 * replacing what is there. RLK_OK, or in the problem DOCUMENT_* with the place, FILE_NOT_WRITTEN. */
enum rlk_error maker_store(const json_t *value, enum rlk_document_kind kind, const char *folder, const char *name,
                           struct problem *problem);

/* Removes a signature that no longer fits, if there is one. */
void maker_drop_signature(const char *folder, const char *name);

#endif
