#include "talk.h"

#include "relock/digest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_DIGITS = 16, STRING_DESCRIPTOR = 3 };

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Two numbers of "<word A B>" or one of "<word A>"; moves `*text` behind the token. */
static void take_numbers(const char **text, unsigned long *first, unsigned long *second)
{
    char *end = NULL;
    *first = strtoul(strchr(*text, ' '), &end, 0);
    *second = strtoul(end, &end, 0);
    *text = strchr(end, '>') + 1;
}

static bool image_has(const struct talk *talk, unsigned long offset, unsigned long bytes)
{
    return talk->image != NULL && offset <= talk->image->size && bytes <= talk->image->size - offset &&
           bytes <= TALK_DATA_BYTES;
}

/* "<image O N>" against "N bytes crc C". */
static bool match_image(const struct talk *talk, const char **pattern, const char **actual)
{
    unsigned long offset = 0;
    unsigned long bytes = 0;
    char expected[64];
    take_numbers(pattern, &offset, &bytes);
    if (!image_has(talk, offset, bytes)) {
        return false;
    }
    uint32_t crc = rlk_crc32(0, &talk->image->bytes[offset], bytes);
    int length = snprintf(expected, sizeof expected, "%lu bytes crc %08x", bytes, (unsigned)crc);
    bool is_same = starts_with(*actual, expected);
    *actual += is_same ? length : 0;
    return is_same;
}

static bool match_digest(struct talk *talk, const char **pattern, const char **actual)
{
    char digits[DIGEST_DIGITS + 1] = {0};
    char *end = NULL;
    *pattern += strlen("<digest>");
    (void)snprintf(digits, sizeof digits, "%s", *actual);
    talk->digest = strtoull(digits, &end, 16);
    *actual += end - digits;
    return end == digits + DIGEST_DIGITS;
}

bool talk_matches(struct talk *talk, const char *pattern, const char *actual)
{
    bool is_same = true;
    while (is_same && *pattern != '\0' && strcmp(pattern, "*") != 0) {
        if (starts_with(pattern, "<image ")) {
            is_same = match_image(talk, &pattern, &actual);
        } else if (starts_with(pattern, "<digest>")) {
            is_same = match_digest(talk, &pattern, &actual);
        } else {
            is_same = *pattern++ == *actual++;
        }
    }
    return is_same && (*pattern == '*' || *actual == '\0');
}

/* "[00 21 41 92]" */
static bool take_hex(struct talk *talk, const char *text, struct rlk_outcome *outcome)
{
    const char *at = text + 1;
    char *end = NULL;
    while (*at != ']' && outcome->bytes < TALK_DATA_BYTES) {
        unsigned long byte = strtoul(at, &end, 16);
        if (end == at || byte > 0xFF) {
            return false;
        }
        talk->data[outcome->bytes++] = (uint8_t)byte;
        at = end;
    }
    return *at == ']';
}

static bool take_image(struct talk *talk, const char *text, struct rlk_outcome *outcome)
{
    unsigned long offset = 0;
    unsigned long bytes = 0;
    take_numbers(&text, &offset, &bytes);
    if (!image_has(talk, offset, bytes)) {
        return false;
    }
    memcpy(talk->data, &talk->image->bytes[offset], bytes);
    outcome->bytes = bytes;
    return true;
}

static bool take_blank(struct talk *talk, const char *text, struct rlk_outcome *outcome)
{
    unsigned long bytes = strtoul(text + strlen("<blank"), NULL, 0);
    if (bytes > TALK_DATA_BYTES) {
        return false;
    }
    memset(talk->data, 0xFF, bytes);
    outcome->bytes = bytes;
    return true;
}

static bool take_string(struct talk *talk, const char *text, struct rlk_outcome *outcome)
{
    const char *from = text + strlen("<string ");
    const char *end = strrchr(from, '>');
    if (end == NULL || end - from > 126) {
        return false;
    }
    outcome->bytes = 2U + 2U * (size_t)(end - from);
    memset(talk->data, 0, outcome->bytes);
    talk->data[0] = (uint8_t)outcome->bytes;
    talk->data[1] = STRING_DESCRIPTOR;
    for (size_t i = 0; from + i < end; i++) {
        talk->data[2U + 2U * i] = (uint8_t)from[i];
    }
    return true;
}

/* "yes <digest>", "no 0123456789abcdef" */
static bool take_said(struct talk *talk, const char *text, struct rlk_outcome *outcome)
{
    outcome->is_yes = starts_with(text, "yes ");
    const char *digest = strchr(text, ' ') + 1;
    outcome->digest = strcmp(digest, "<digest>") == 0 ? talk->digest : strtoull(digest, NULL, 16);
    return true;
}

static bool take_kind(const char **text, struct rlk_outcome *outcome)
{
    for (unsigned kind = 0; kind < RLK_OUTCOMES; kind++) {
        const char *name = rlk_outcome_kind_name((enum rlk_outcome_kind)kind);
        size_t length = strlen(name);
        if (starts_with(*text, name) && ((*text)[length] == '\0' || (*text)[length] == ' ')) {
            outcome->kind = (enum rlk_outcome_kind)kind;
            *text += length;
            *text += **text == ' ' ? 1 : 0;
            return true;
        }
    }
    return false;
}

bool talk_answer(struct talk *talk, const char *pattern, struct rlk_outcome *outcome)
{
    static const struct {
        const char *start;
        bool (*take)(struct talk *, const char *, struct rlk_outcome *);
    } forms[] = {{"[", take_hex},           {"<image ", take_image}, {"<blank ", take_blank},
                 {"<string ", take_string}, {"yes ", take_said},     {"no ", take_said}};
    memset(outcome, 0, sizeof *outcome);
    outcome->data = talk->data;
    const char *text = pattern + 2;
    if (!starts_with(pattern, "< ") || !take_kind(&text, outcome)) {
        return false;
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (starts_with(text, forms[i].start)) {
            return forms[i].take(talk, text, outcome);
        }
    }
    return *text == '\0';
}
