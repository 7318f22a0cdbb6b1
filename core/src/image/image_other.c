/* What people take for the firmware: what it came in, the page that came instead of it, and the text that an editor
 * made of it. */
#include "image/image_walk.h"
#include <string.h>

enum { UTF16_UNITS_LOOKED_AT = 8, TAR_MARK_AT = 257 };

#define UTF8_MARK       "\xEF\xBB\xBF"
#define UTF8_MARK_BYTES 3U

static bool has_at(const uint8_t *bytes, size_t length, size_t offset, const char *mark, size_t mark_bytes)
{
    return length >= offset + mark_bytes && memcmp(&bytes[offset], mark, mark_bytes) == 0;
}

/* The fourth byte of a vector table, the top of its stack pointer, is none of these; the data of bzip2 begins with a
 * mark of its own (bzip2 manual, the block's magic). */
static bool is_archive(const uint8_t *bytes, size_t length)
{
    static const struct {
        const char *mark;
        size_t bytes, offset;
    } marks[] = {{"PK\3\4", 4, 0},
                 {"7z\xBC\xAF", 4, 0},
                 {"Rar!", 4, 0},
                 {"%PDF", 4, 0},
                 {"\xFD"
                  "7zXZ\0",
                  6, 0},
                 {"\x28\xB5\x2F\xFD", 4, 0},
                 {"ustar", 5, TAR_MARK_AT}};
    bool is_one = has_at(bytes, length, 0, "BZh", 3) && has_at(bytes, length, 4, "1AY&SY", 6);
    for (size_t i = 0; !is_one && i < sizeof marks / sizeof marks[0]; i++) {
        is_one = has_at(bytes, length, marks[i].offset, marks[i].mark, marks[i].bytes);
    }
    return is_one;
}

static size_t skip_white_space(const uint8_t *bytes, size_t length, size_t at)
{
    while (at < length && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r'))) {
        at++;
    }
    return at;
}

/* NUL if there is none. */
static char char_at(const uint8_t *bytes, size_t length, size_t at)
{
    return at < length ? (char)bytes[at] : '\0';
}

static bool is_among(char c, const char *chars)
{
    return c != '\0' && strchr(chars, c) != NULL;
}

/* HTML, XML or JSON, whatever white space stands before it. */
static bool is_document(const uint8_t *bytes, size_t length)
{
    const size_t start = has_at(bytes, length, 0, UTF8_MARK, UTF8_MARK_BYTES) ? UTF8_MARK_BYTES : 0;
    const size_t at = skip_white_space(bytes, length, start);
    const char first = char_at(bytes, length, at);
    const char next = char_at(bytes, length, skip_white_space(bytes, length, at + 1U));
    static const char *const tags[] = {"<!do", "<!DO", "<!Do", "<!--", "<htm", "<HTM", "<?xm", "<hea", "<HEA"};
    bool is_one = (first == '{' && is_among(next, "\"}")) || (first == '[' && is_among(next, "{[\"]"));
    for (size_t i = 0; !is_one && i < sizeof tags / sizeof tags[0]; i++) {
        is_one = has_at(bytes, length, at, tags[i], 4);
    }
    return is_one;
}

static bool is_text(uint32_t c)
{
    return (c >= ' ' && c < 0x7FU) || (c >= '\t' && c <= '\r');
}

/* Code units from `at` on, the low byte first or second, are all ASCII. */
static bool is_utf16_text(const uint8_t *bytes, size_t length, size_t at, unsigned low)
{
    size_t units = 0;
    while (units < UTF16_UNITS_LOOKED_AT && length - at >= 2U && is_text(bytes[at + low]) &&
           bytes[at + 1U - low] == 0) {
        at += 2U;
        units++;
    }
    return units == UTF16_UNITS_LOOKED_AT;
}

/* Without a mark only if it begins as a record does: numbers of 16 bits may well be small. */
static bool is_encoded_text(const uint8_t *bytes, size_t length)
{
    if (has_at(bytes, length, 0, UTF8_MARK, UTF8_MARK_BYTES)) {
        return length > UTF8_MARK_BYTES && is_text(bytes[UTF8_MARK_BYTES]);
    }
    for (unsigned low = 0; length >= 2U && low < 2U; low++) {
        const bool is_marked = bytes[low] == 0xFF && bytes[1U - low] == 0xFE;
        const bool is_record = is_among((char)bytes[low], ":S");
        if ((is_marked && is_utf16_text(bytes, length, 2, low)) ||
            (is_record && is_utf16_text(bytes, length, 0, low))) {
            return true;
        }
    }
    return false;
}

static bool looks_like(const uint8_t *bytes, size_t length)
{
    return is_archive(bytes, length) || is_document(bytes, length) || is_encoded_text(bytes, length);
}

static enum rlk_error next(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    (void)chunk;
    const bool is_known = is_archive(reader->bytes, reader->length) || is_document(reader->bytes, reader->length);
    return !is_known && is_encoded_text(reader->bytes, reader->length) ? RLK_E_TEXT_NOT_ASCII
                                                                       : RLK_E_FILE_UNKNOWN_FORMAT;
}

const struct rlk_image_walker rlk_walk_other = {"other", looks_like, NULL, next, false};
