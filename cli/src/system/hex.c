#include "system/hex.h"
#include <string.h>

static const char digits[] = "0123456789abcdef";

void hex_write(char *to, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        *to++ = digits[bytes[i] >> 4U];
        *to++ = digits[bytes[i] & 15U];
    }
    *to = '\0';
}

bool hex_read(uint8_t *bytes, size_t length, const char *text)
{
    if (text == NULL || strlen(text) != 2 * length || strspn(text, digits) != 2 * length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        size_t high = (size_t)(strchr(digits, text[2 * i]) - digits);
        size_t low = (size_t)(strchr(digits, text[2 * i + 1]) - digits);
        bytes[i] = (uint8_t)(high << 4U | low);
    }
    return true;
}
