/*
 * The texts that a maker types on the command line, and what stands in for those that were not typed.
 */
#ifndef RELOCK_CLI_RELEASE_TEXTS_H
#define RELOCK_CLI_RELEASE_TEXTS_H

#include "arguments.h"
#include <jansson.h>

/* How a text begins that only the maker can write; `release check` refuses it. */
#define RELEASE_PLACEHOLDER       "FILL IN: "
#define RELEASE_PLACEHOLDER_EMAIL "fill.in@example.invalid"

/* The languages of the release: those of --language, else English. Writes them into `languages`. */
void release_texts_languages(const struct arguments *arguments, struct text_list *languages);

/*
 * One text per item. "de=Hallo" is German, if German is among the languages; a text without such a beginning is in the
 * first language. A text in the first language begins an item, one in another belongs to the item before it.
 */
json_t *release_texts_items(const struct text_list *typed, const struct text_list *languages);

/* The same for one text: NULL if nothing was typed. */
json_t *release_texts_one(const struct text_list *typed, const struct text_list *languages);

/* A placeholder in every language. */
json_t *release_texts_placeholder(const char *what, const struct text_list *languages);

#endif
