#include "site/site_svg.h"
#include <string.h>
#include <strings.h>

#define BLANKS    " \t\r\n"
#define NAME_ENDS " \t\r\n=/>\"'<"
#define SVG       "http://www.w3.org/2000/svg"
#define XLINK     "http://www.w3.org/1999/xlink"

struct piece {
    const char *at;
    size_t length;
};

static bool is_word(struct piece piece, const char *word)
{
    return piece.length == strlen(word) && strncasecmp(piece.at, word, piece.length) == 0;
}

static bool begins_with(struct piece piece, const char *word)
{
    return piece.length >= strlen(word) && strncasecmp(piece.at, word, strlen(word)) == 0;
}

/* What is behind the colon, if there is one. */
static struct piece local_name(struct piece name)
{
    const char *colon = memchr(name.at, ':', name.length);
    size_t prefix = colon != NULL ? (size_t)(colon - name.at) + 1 : 0;
    return (struct piece){name.at + prefix, name.length - prefix};
}

static bool is_attribute_good(struct piece name, struct piece value)
{
    struct piece local = local_name(name);
    if (is_word(name, "xmlns")) {
        return is_word(value, SVG);
    }
    if (begins_with(name, "xmlns:")) {
        return is_word(value, XLINK);
    }
    if (is_word(local, "href")) {
        return begins_with(value, "#") || begins_with(value, "data:image/");
    }
    /* <animate> and <set> could change a link afterwards. */
    bool changes_link = is_word(local, "attributeName") && is_word(local_name(value), "href");
    return !changes_link && !begins_with(local, "on");
}

/* `name="value"`; what comes behind it, or NULL. */
static const char *take_attribute(const char *at)
{
    struct piece name = {at, strcspn(at, NAME_ENDS)};
    at += name.length;
    at += strspn(at, BLANKS);
    if (name.length == 0 || *at != '=') {
        return NULL;
    }
    at++;
    at += strspn(at, BLANKS);
    const char *end = *at == '"' || *at == '\'' ? strchr(at + 1, *at) : NULL;
    if (end == NULL) {
        return NULL;
    }
    struct piece value = {at + 1, (size_t)(end - at) - 1};
    return is_attribute_good(name, value) ? end + 1 : NULL;
}

/* From behind the '<' of an element that begins; what comes behind its '>', or NULL. */
static const char *take_element(const char *at)
{
    static const char *const refused[] = {"script", "foreignObject", "handler", "listener"};
    struct piece name = {at, strcspn(at, NAME_ENDS)};
    if (name.length == 0 || memchr(name.at, ':', name.length) != NULL) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (is_word(name, refused[i])) {
            return NULL;
        }
    }
    at += name.length;
    while (at != NULL) {
        at += strspn(at, BLANKS "/");
        if (*at == '>') {
            return at + 1;
        }
        at = take_attribute(at);
    }
    return NULL;
}

static const char *behind(const char *at, const char *end)
{
    const char *found = strstr(at, end);
    return found != NULL ? found + strlen(end) : NULL;
}

/* What begins with '<', by how it begins; the first that fits. What `may_not` names is not in it. */
static const char *take_markup(const char *at)
{
    static const struct {
        const char *begin, *end, *may_not;
    } kinds[] = {
        {"<!--", "-->", NULL},   {"<![CDATA[", "]]>", NULL},
        {"<!DOCTYPE", ">", "["}, /* what a document defines by itself */
        {"<!", NULL, NULL},      {"<?xml ", "?>", NULL},
        {"<?", NULL, NULL}, /* <?xml-stylesheet?> */
        {"</", ">", NULL},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strncmp(at, kinds[i].begin, strlen(kinds[i].begin)) != 0) {
            continue;
        }
        const char *next = kinds[i].end != NULL ? behind(at + strlen(kinds[i].begin), kinds[i].end) : NULL;
        bool is_refused =
            next != NULL && kinds[i].may_not != NULL && memchr(at, kinds[i].may_not[0], (size_t)(next - at)) != NULL;
        return is_refused ? NULL : next;
    }
    return take_element(at + 1);
}

/* Control characters switch encodings; entities say in another way what is looked for here. */
static bool has_plain_text(const struct site_file *file)
{
    for (size_t i = 0; i < file->length; i++) {
        unsigned char sign = (unsigned char)file->bytes[i];
        bool is_control = sign < ' ' && (sign == '\0' || strchr(BLANKS, sign) == NULL);
        if (sign == '&' || is_control || strncasecmp(file->bytes + i, "javascript:", strlen("javascript:")) == 0) {
            return false;
        }
    }
    return true;
}

bool site_svg_is_picture(const struct site_file *file)
{
    if (!has_plain_text(file) || strstr(file->bytes, "<svg") == NULL) {
        return false;
    }
    const char *at = file->bytes;
    while (at != NULL && (at = strchr(at, '<')) != NULL) {
        at = take_markup(at);
        if (at == NULL) {
            return false;
        }
    }
    return true;
}
