/*
 * JSON, written as it comes: objects, arrays and the values that the tool needs.
 */
#ifndef RELOCK_CLI_JSON_H
#define RELOCK_CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *stream;
    bool needs_comma;
};

/* `key` is NULL inside arrays. Strings are escaped; bytes that are no UTF-8 become '?'. A NULL text is written as null.
 */
void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *json, char bracket);                 /* '}' or ']' */
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t number);
void json_bool(struct json *json, const char *key, bool value);
void json_nothing(struct json *json, const char *key);
void json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t length); /* "00a1…" */
void json_addr(struct json *json, const char *key, uint32_t addr);                      /* "0x08000000" */

/* An event's line: begins and ends it, flushed. */
void json_begin_event(struct json *json, FILE *stream, const char *event);
void json_end_event(struct json *json);

#endif
