#include "line.h"

static void add_char(struct rlk_line *line, char c)
{
    if (line->length + 1 < line->capacity) {
        line->text[line->length] = c;
        line->length++;
        line->text[line->length] = '\0';
    }
}

void rlk_line_init(struct rlk_line *line, char *text, size_t capacity)
{
    line->text = text;
    line->capacity = capacity;
    line->length = 0;
    if (capacity > 0) {
        text[0] = '\0';
    }
}

void rlk_line_add(struct rlk_line *line, const char *text)
{
    for (; *text != '\0'; text++) {
        add_char(line, *text);
    }
}

void rlk_line_add_number(struct rlk_line *line, uint32_t value)
{
    char digits[11];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        at--;
        digits[at] = (char)('0' + value % 10U);
        value /= 10U;
    } while (value > 0);
    rlk_line_add(line, &digits[at]);
}

void rlk_line_add_hex(struct rlk_line *line, uint64_t value, unsigned digits, char letter_a)
{
    while (digits > 0) {
        digits--;
        const unsigned digit = (unsigned)(value >> (4U * digits)) & 0xFU;
        add_char(line, digit < 10U ? (char)('0' + digit) : (char)((unsigned char)letter_a + digit - 10U));
    }
}
