/* What texts of documents may be. */
#include "document/document_rules.h"
#include "document/json_text.h"
#include <string.h>

enum { DECIMAL = 10, REPEATS_MAX = 255 };

/* A part of a pattern that is matched by itself: a character, an escape, a class, a group. Gives what follows it. */
static const char *skip_atom(const char *pattern)
{
    if (*pattern == '\\') {
        return pattern + 2;
    }
    if (*pattern == '[') {
        return strchr(pattern, ']') + 1;
    }
    int depth = 0;
    do {
        depth += *pattern == '(' ? 1 : 0;
        depth -= *pattern == ')' ? 1 : 0;
        pattern += *pattern == '\\' ? 2 : 1;
    } while (depth > 0);
    return pattern;
}

struct repeats {
    unsigned least, most;
};

static unsigned read_number(const char **pattern)
{
    unsigned number = 0;
    for (; **pattern >= '0' && **pattern <= '9'; (*pattern)++) {
        number = number * DECIMAL + (unsigned)(**pattern - '0');
    }
    return number;
}

static struct repeats read_repeats(const char **pattern)
{
    struct repeats repeats = {**pattern == '?' || **pattern == '*' ? 0 : 1,
                              **pattern == '*' || **pattern == '+' ? REPEATS_MAX : 1};
    if (**pattern == '{') {
        (*pattern)++;
        repeats.least = read_number(pattern);
        *pattern += **pattern == ',' ? 1 : 0;
        repeats.most = **pattern == '}' ? repeats.least : read_number(pattern);
    } else if (**pattern != '?' && **pattern != '*' && **pattern != '+') {
        return repeats;
    }
    (*pattern)++;
    return repeats;
}

static bool class_has(const char *class, char c)
{
    bool has = false;
    for (class ++; *class != ']'; class ++) {
        bool is_range = class[1] == '-' && class[2] != ']';
        has = has || (c >= class[0] && c <= (is_range ? class[2] : class[0]));
        class += is_range ? 2 : 0;
    }
    return has;
}

static const char *match_words(const char *pattern, const char *end, const char *text);

/* What follows the match in `text`, or NULL. */
static const char *match_atom(const char *pattern, const char *end, const char *text)
{
    if (*pattern == '(') {
        return match_words(pattern + 1, end - 1, text);
    }
    if (*pattern == '[') {
        return *text != '\0' && class_has(pattern, *text) ? text + 1 : NULL;
    }
    pattern += *pattern == '\\' ? 1 : 0;
    return *text == *pattern ? text + 1 : NULL;
}

static const char *match_sequence(const char *pattern, const char *end, const char *text)
{
    while (pattern < end && text != NULL) {
        const char *atom = pattern;
        const char *atom_end = skip_atom(pattern);
        pattern = atom_end;
        struct repeats repeats = read_repeats(&pattern);
        unsigned count = 0;
        const char *next = match_atom(atom, atom_end, text);
        for (; next != NULL && count < repeats.most; count++) {
            text = next;
            next = match_atom(atom, atom_end, text);
        }
        text = count < repeats.least ? NULL : text;
    }
    return text;
}

static const char *find_bar(const char *pattern, const char *end)
{
    while (pattern < end && *pattern != '|') {
        pattern = skip_atom(pattern);
    }
    return pattern;
}

/* The first of the alternatives that matches. */
static const char *match_words(const char *pattern, const char *end, const char *text)
{
    const char *bar = find_bar(pattern, end);
    const char *found = match_sequence(pattern, bar, text);
    while (found == NULL && bar < end) {
        pattern = bar + 1;
        bar = find_bar(pattern, end);
        found = match_sequence(pattern, bar, text);
    }
    return found;
}

bool rlk_pattern_fits(const char *pattern, const char *text)
{
    const char *end = match_words(pattern, pattern + strlen(pattern), text);
    return end != NULL && *end == '\0';
}

const char *rlk_word_at(const char *words, size_t index, size_t *length)
{
    while (index > 0 && words != NULL) {
        words = strchr(words, '|');
        words = words == NULL ? NULL : words + 1;
        index--;
    }
    const char *end = words == NULL ? NULL : strchr(words, '|');
    *length = words == NULL ? 0 : end == NULL ? strlen(words) : (size_t)(end - words);
    return words;
}

int rlk_word_index(const char *words, const char *word)
{
    size_t length = 0;
    int index = 0;
    const char *at = rlk_word_at(words, 0, &length);
    while (at != NULL && (strlen(word) != length || memcmp(at, word, length) != 0)) {
        index++;
        at = rlk_word_at(words, (size_t)index, &length);
    }
    return at == NULL ? -1 : index;
}

bool rlk_text_ends_with(const char *text, const char *endings)
{
    size_t length = 0;
    size_t bytes = strlen(text);
    bool does = false;
    for (size_t i = 0; !does && rlk_word_at(endings, i, &length) != NULL; i++) {
        const char *ending = rlk_word_at(endings, i, &length);
        does = bytes > length && memcmp(&text[bytes - length], ending, length) == 0;
    }
    return does;
}

/* C0, DEL and C1; line and paragraph separators; what turns directions (UAX #9); byte order mark; noncharacters. */
static const struct {
    uint32_t first, last;
} unreadable[] = {{0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF}};

static bool is_readable(uint32_t character)
{
    bool is_nonchar = (character & 0xFFFEU) == 0xFFFEU;
    for (size_t i = 0; !is_nonchar && i < sizeof unreadable / sizeof unreadable[0]; i++) {
        is_nonchar = character >= unreadable[i].first && character <= unreadable[i].last;
    }
    return !is_nonchar;
}

bool rlk_text_is_readable(const char *text, size_t bytes, bool has_lines, uint32_t *characters)
{
    bool is_good = true;
    *characters = 0;
    for (size_t at = 0; is_good && at < bytes; (*characters)++) {
        uint32_t character = 0;
        at += rlk_utf8_take(&text[at], bytes - at, &character);
        is_good = is_readable(character) || (has_lines && character == '\n');
    }
    return is_good;
}
