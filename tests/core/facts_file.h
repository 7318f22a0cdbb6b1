/*
 * data/stm32-dfu.json: an array of families, each an object.
 */
#ifndef RELOCK_FACTS_FILE_H
#define RELOCK_FACTS_FILE_H

#include "relock/json.h"

#define FACTS_UNSAID (-1L)

/* A group's set-up: reads the file. */
int facts_load(void **state);
size_t facts_count(void);

/* The family of that name; there must be one. */
const struct rlk_json *facts_find(const char *name);

/* A member of a family, which must be there, and one of its option bytes, NULL if it is not. */
const struct rlk_json_node *facts_member(const struct rlk_json *fact, const char *name);
const struct rlk_json_node *facts_option(const struct rlk_json *fact, const char *name);

/* A text that is there, or "". */
const char *facts_text(const struct rlk_json *fact, const struct rlk_json_node *node);

/* The number that a value is, or that its text begins with; of an array, of its index-th element. FACTS_UNSAID if
 * there is none. */
long facts_number(const struct rlk_json *fact, const struct rlk_json_node *node, size_t index);

#endif
