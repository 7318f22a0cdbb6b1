#include "output/text.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void text_clean(char *to, size_t room, const char *from)
{
    size_t used = 0;
    for (; used + 1 < room && from[used] != '\0'; used++) {
        bool is_printable = from[used] >= ' ' && from[used] <= '~';
        to[used] = is_printable ? from[used] : '?';
    }
    to[used] = '\0';
}

size_t text_utf8_bytes(const char *text)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least; /* what a shorter form could say is not said in this one */
    } forms[] = {{0x80, 0x00, 1}, {0xE0, 0xC0, 0xA0}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    const uint8_t *bytes = (const uint8_t *)text;
    size_t form = 0;
    while (form < 4 && (bytes[0] & forms[form].mask) != forms[form].lead) {
        form++;
    }
    if (form == 4) {
        return 0;
    }
    uint32_t point = bytes[0] & (uint8_t)~forms[form].mask;
    for (size_t i = 1; i <= form; i++) {
        if ((bytes[i] & 0xC0U) != 0x80U) {
            return 0;
        }
        point = point << 6U | (bytes[i] & 0x3FU);
    }
    bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < forms[form].least || is_surrogate || point > 0x10FFFF ? 0 : form + 1;
}

static bool unit_of(const char *text, uint64_t *unit)
{
    static const struct {
        const char *name;
        uint64_t bytes;
    } units[] = {{"", 1}, {"K", 1024}, {"k", 1024}, {"KiB", 1024}, {"M", 1048576}, {"MiB", 1048576}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text, units[i].name) == 0) {
            *unit = units[i].bytes;
            return true;
        }
    }
    return false;
}

bool text_to_number(const char *text, uint32_t *value)
{
    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    bool is_hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, is_hexadecimal ? 16 : 10);
    uint64_t unit = 1;
    if (errno != 0 || !unit_of(end, &unit) || number > UINT32_MAX || number * unit > UINT32_MAX) {
        return false;
    }
    *value = (uint32_t)(number * unit);
    return true;
}

void text_bytes(char *to, size_t room, uint64_t bytes)
{
    if (bytes >= 1048576 && bytes % 1048576 == 0) {
        snprintf(to, room, "%" PRIu64 " MiB", bytes / 1048576);
    } else if (bytes >= 1024 && bytes % 1024 == 0) {
        snprintf(to, room, "%" PRIu64 " KiB", bytes / 1024);
    } else {
        snprintf(to, room, "%" PRIu64 " bytes", bytes);
    }
}

void text_duration(char *to, size_t room, uint32_t duration_ms)
{
    uint32_t seconds = duration_ms / 1000 + (duration_ms % 1000 != 0);
    if (seconds < 60) {
        snprintf(to, room, "%" PRIu32 " s", seconds);
    } else {
        snprintf(to, room, "%" PRIu32 " min %" PRIu32 " s", seconds / 60, seconds % 60);
    }
}

void text_wrap(FILE *stream, const char *text, size_t used, size_t indent, size_t columns)
{
    bool is_first_word = true;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (!is_first_word && used + 1 + length > columns) {
            fprintf(stream, "\n%*s", (int)indent, "");
            used = indent;
        } else if (!is_first_word) {
            fputc(' ', stream);
            used++;
        }
        fwrite(text, 1, length, stream);
        used += length;
        text += length;
        text += strspn(text, " ");
        is_first_word = false;
    }
    fputc('\n', stream);
}

uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001B3);
    }
    return hash;
}

uint64_t text_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}
