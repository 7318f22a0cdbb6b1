#include "document/json_text.h"
#include <string.h>

enum {
    HEX_DIGITS = 4,
    HEX_LETTER_VALUE = 10,
    BITS_PER_DIGIT = 4,
    FIRST_PRINTABLE = 0x20,
    CONTINUATION = 0x80,
    CONTINUATION_MASK = 0xC0,
    CONTINUATION_BITS = 6,
    LOW_BITS = 0x3F,
    HIGH_SURROGATE = 0xD800,
    LOW_SURROGATE = 0xDC00,
    SURROGATES_END = 0xE000,
    SURROGATE_BITS = 10,
    SUPPLEMENTARY = 0x10000,
    ESCAPE_BYTES = 2
};

/* By the lead byte: how many bytes follow, and the range of characters that this length may carry. */
static const struct {
    uint8_t mask, lead;
    uint8_t following;
    uint32_t first, last;
} forms[] = {
    {0x80, 0x00, 0, 0x00, 0x7F},
    {0xE0, 0xC0, 1, 0x80, 0x7FF},
    {0xF0, 0xE0, 2, 0x800, 0xFFFF},
    {0xF8, 0xF0, 3, 0x10000, 0x10FFFF},
};

static size_t form_of(uint8_t lead)
{
    size_t i = 0;
    while (i < sizeof forms / sizeof forms[0] && (lead & forms[i].mask) != forms[i].lead) {
        i++;
    }
    return i;
}

size_t rlk_utf8_take(const char *text, size_t length, uint32_t *character)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t form = length == 0 ? sizeof forms : form_of(bytes[0]);
    if (form >= sizeof forms / sizeof forms[0] || length <= forms[form].following) {
        return 0;
    }
    uint32_t value = bytes[0] & (uint8_t)~forms[form].mask;
    for (size_t i = 1; i <= forms[form].following; i++) {
        if ((bytes[i] & CONTINUATION_MASK) != CONTINUATION) {
            return 0;
        }
        value = value << CONTINUATION_BITS | (bytes[i] & LOW_BITS);
    }
    bool is_surrogate = value >= HIGH_SURROGATE && value < SURROGATES_END;
    *character = value;
    return value < forms[form].first || value > forms[form].last || is_surrogate ? 0 : forms[form].following + 1U;
}

/* `character` is no surrogate. */
static void put(struct rlk_json_scan *scan, char *text, uint32_t character)
{
    size_t form = 0;
    while (character > forms[form].last) {
        form++;
    }
    unsigned following = forms[form].following;
    text[scan->text_bytes++] = (char)(forms[form].lead | character >> (following * CONTINUATION_BITS));
    while (following-- > 0) {
        text[scan->text_bytes++] = (char)(CONTINUATION | (character >> (following * CONTINUATION_BITS) & LOW_BITS));
    }
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    char lower = (char)(digit | ' ');
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + HEX_LETTER_VALUE : -1;
}

/* The four digits of \uXXXX, scan->at behind the u. */
static enum rlk_error take_unit(struct rlk_json_scan *scan, uint32_t *unit)
{
    *unit = 0;
    for (size_t i = 0; i < HEX_DIGITS; i++, scan->at++) {
        int value = scan->at < scan->length ? hex_value(scan->bytes[scan->at]) : -1;
        if (value < 0) {
            return RLK_E_DOCUMENT_SYNTAX;
        }
        *unit = *unit << BITS_PER_DIGIT | (uint32_t)value;
    }
    return RLK_OK;
}

/* scan->at behind the u; a high surrogate takes the escape after it along. */
static enum rlk_error take_unicode(struct rlk_json_scan *scan, char *text)
{
    size_t begin = scan->at - ESCAPE_BYTES;
    uint32_t high = 0;
    uint32_t low = 0;
    enum rlk_error error = take_unit(scan, &high);
    bool is_pair = error == RLK_OK && high >= HIGH_SURROGATE && high < LOW_SURROGATE;
    if (is_pair && scan->length - scan->at > ESCAPE_BYTES && memcmp(&scan->bytes[scan->at], "\\u", ESCAPE_BYTES) == 0) {
        scan->at += ESCAPE_BYTES;
        error = take_unit(scan, &low);
    }
    if (error != RLK_OK) {
        return error;
    }
    bool is_whole = is_pair && low >= LOW_SURROGATE && low < SURROGATES_END;
    bool is_half = !is_whole && high >= HIGH_SURROGATE && high < SURROGATES_END;
    if (is_half || high == 0) {
        scan->at = begin;
        return RLK_E_DOCUMENT_TEXT;
    }
    put(scan, text,
        is_pair ? SUPPLEMENTARY + ((high - HIGH_SURROGATE) << SURROGATE_BITS) + (low - LOW_SURROGATE) : high);
    return RLK_OK;
}

static enum rlk_error take_escape(struct rlk_json_scan *scan, char *text)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char letter = scan->length - scan->at >= ESCAPE_BYTES ? scan->bytes[scan->at + 1U] : '\0';
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (letter != 'u' && found == NULL) {
        return RLK_E_DOCUMENT_SYNTAX;
    }
    scan->at += ESCAPE_BYTES;
    if (found == NULL) {
        return take_unicode(scan, text);
    }
    text[scan->text_bytes++] = meanings[found - letters];
    return RLK_OK;
}

static enum rlk_error take_character(struct rlk_json_scan *scan, char *text)
{
    uint32_t character = 0;
    if (scan->bytes[scan->at] == '\\') {
        return take_escape(scan, text);
    }
    size_t bytes = rlk_utf8_take(&scan->bytes[scan->at], scan->length - scan->at, &character);
    if (bytes == 0 || character < FIRST_PRINTABLE) {
        return RLK_E_DOCUMENT_TEXT;
    }
    memcpy(&text[scan->text_bytes], &scan->bytes[scan->at], bytes);
    scan->text_bytes += (uint32_t)bytes;
    scan->at += bytes;
    return RLK_OK;
}

enum rlk_error rlk_json_take_text(struct rlk_json_scan *scan, char *text, uint32_t *begin, uint32_t *bytes)
{
    enum rlk_error error = RLK_OK;
    *begin = scan->text_bytes;
    scan->at++;
    while (error == RLK_OK && scan->at < scan->length && scan->bytes[scan->at] != '"') {
        error = take_character(scan, text);
    }
    if (error != RLK_OK || scan->at == scan->length) {
        return error == RLK_OK ? RLK_E_DOCUMENT_SYNTAX : error;
    }
    scan->at++;
    *bytes = scan->text_bytes - *begin;
    text[scan->text_bytes++] = '\0';
    return RLK_OK;
}
