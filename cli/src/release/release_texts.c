#include "release/release_texts.h"
#include <stdio.h>
#include <string.h>

void release_texts_languages(const struct arguments *arguments, struct text_list *languages)
{
    *languages = arguments->maker.languages;
    if (languages->count == 0) {
        *languages = (struct text_list){.items = {"en"}, .count = 1};
    }
}

/* Which language a text is in, and where it begins. */
static unsigned language_of(const char **text, const struct text_list *languages)
{
    for (unsigned i = 0; i < languages->count; i++) {
        size_t length = strlen(languages->items[i]);
        if (strncmp(*text, languages->items[i], length) == 0 && (*text)[length] == '=') {
            *text += length + 1;
            return i;
        }
    }
    return 0;
}

json_t *release_texts_items(const struct text_list *typed, const struct text_list *languages)
{
    json_t *items = json_array();
    for (unsigned i = 0; i < typed->count; i++) {
        const char *text = typed->items[i];
        unsigned language = language_of(&text, languages);
        if (language == 0 || json_array_size(items) == 0) {
            json_array_append_new(items, json_object());
        }
        json_t *item = json_array_get(items, json_array_size(items) - 1);
        json_object_set_new(item, languages->items[language], json_string(text));
    }
    return items;
}

json_t *release_texts_one(const struct text_list *typed, const struct text_list *languages)
{
    json_t *one = typed->count > 0 ? json_object() : NULL;
    for (unsigned i = 0; i < typed->count; i++) {
        const char *text = typed->items[i];
        unsigned language = language_of(&text, languages);
        json_object_set_new(one, languages->items[language], json_string(text));
    }
    return one;
}

json_t *release_texts_placeholder(const char *what, const struct text_list *languages)
{
    char text[256];
    json_t *one = json_object();
    snprintf(text, sizeof text, "%s%s", RELEASE_PLACEHOLDER, what);
    for (unsigned i = 0; i < languages->count; i++) {
        json_object_set_new(one, languages->items[i], json_string(text));
    }
    return one;
}
