#include "release/names.h"
#include <string.h>

bool name_is_of(const char *text, const char *letters, size_t most)
{
    size_t length = strlen(text);
    return length > 0 && length <= most && strspn(text, letters) == length;
}

bool name_is_release(const char *text)
{
    return name_is_of(text, NAME_SMALL NAME_DIGITS "-", NAME_RELEASE_BYTES - 1);
}

bool name_is_language(const char *text)
{
    size_t length = strspn(text, NAME_SMALL);
    bool is_good = length == 2 || length == 3;
    for (unsigned part = 0; is_good && text[length] == '-' && part < 2; part++) {
        size_t letters = strspn(text + length + 1, NAME_SMALL NAME_LARGE NAME_DIGITS);
        is_good = letters >= 2 && letters <= 8;
        length += 1 + letters;
    }
    return is_good && text[length] == '\0';
}
