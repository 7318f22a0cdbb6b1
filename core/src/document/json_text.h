/*
 * Texts of a JSON document, escapes undone. Internal to core.
 */
#ifndef RELOCK_JSON_TEXT_H
#define RELOCK_JSON_TEXT_H

#include "relock/json.h"

/* Where reading has come to. */
struct rlk_json_scan {
    const char *bytes;
    size_t length, at;
    uint32_t text_bytes; /* of the texts so far, each with its NUL */
};

/* Takes the text whose opening quote is at scan->at into `text`: *begin is where it lies there, *bytes its length
 * without the NUL. RLK_OK, or RLK_E_DOCUMENT_SYNTAX or _TEXT with scan->at where. */
enum rlk_error rlk_json_take_text(struct rlk_json_scan *scan, char *text, uint32_t *begin, uint32_t *bytes);

/* The character that begins at `text` and the bytes that it has; 0 bytes if no well-formed UTF-8 of at most `length`
 * bytes begins there (Unicode 15, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF). */
size_t rlk_utf8_take(const char *text, size_t length, uint32_t *character);

#endif
