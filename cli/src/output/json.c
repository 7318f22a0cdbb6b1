#include "output/json.h"
#include "output/text.h"
#include "system/hex.h"
#include <inttypes.h>

/* One character as it is, its bytes all valid UTF-8 and fit to be seen; or escaped; or '?'. Returns its end. */
static const char *put_character(FILE *stream, const char *text)
{
    size_t length = text_utf8_bytes(text);
    unsigned char first = (unsigned char)*text;
    if (length > 1) {
        fwrite(text, 1, length, stream);
    } else if (first == '"' || first == '\\') {
        fprintf(stream, "\\%c", first);
    } else if (first < ' ' || first == 0x7F) {
        fprintf(stream, "\\u%04x", first);
    } else {
        fputc(length == 1 ? first : '?', stream);
    }
    return text + (length > 1 ? length : 1);
}

static void put_string(struct json *json, const char *text)
{
    fputc('"', json->stream);
    while (*text != '\0') {
        text = put_character(json->stream, text);
    }
    fputc('"', json->stream);
}

static void put_key(struct json *json, const char *key)
{
    if (json->needs_comma) {
        fputc(',', json->stream);
    }
    json->needs_comma = true;
    if (key != NULL) {
        put_string(json, key);
        fputc(':', json->stream);
    }
}

void json_open(struct json *json, const char *key, char bracket)
{
    put_key(json, key);
    fputc(bracket, json->stream);
    json->needs_comma = false;
}

void json_close(struct json *json, char bracket)
{
    fputc(bracket, json->stream);
    json->needs_comma = true;
}

void json_text(struct json *json, const char *key, const char *text)
{
    if (text == NULL) {
        json_nothing(json, key);
        return;
    }
    put_key(json, key);
    put_string(json, text);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
    put_key(json, key);
    fprintf(json->stream, "%" PRIu64, number);
}

void json_bool(struct json *json, const char *key, bool value)
{
    put_key(json, key);
    fputs(value ? "true" : "false", json->stream);
}

void json_nothing(struct json *json, const char *key)
{
    put_key(json, key);
    fputs("null", json->stream);
}

void json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t length)
{
    put_key(json, key);
    fputc('"', json->stream);
    for (size_t i = 0; i < length; i++) {
        char digits[3];
        hex_write(digits, &bytes[i], 1);
        fputs(digits, json->stream);
    }
    fputc('"', json->stream);
}

void json_addr(struct json *json, const char *key, uint32_t addr)
{
    put_key(json, key);
    fprintf(json->stream, "\"0x%08" PRIx32 "\"", addr);
}

void json_begin_event(struct json *json, FILE *stream, const char *event)
{
    *json = (struct json){.stream = stream};
    json_open(json, NULL, '{');
    json_text(json, "event", event);
}

void json_end_event(struct json *json)
{
    json_close(json, '}');
    fputc('\n', json->stream);
    fflush(json->stream);
}
