#include "image/image_lines.h"

#define DOS_END 0x1A /* what DOS and CP/M put behind a text */

/* Bit 4 says that it is a hexadecimal digit at all. */
static const uint8_t hex_digits[256] = {
    ['0'] = 0x10, ['1'] = 0x11, ['2'] = 0x12, ['3'] = 0x13, ['4'] = 0x14, ['5'] = 0x15, ['6'] = 0x16, ['7'] = 0x17,
    ['8'] = 0x18, ['9'] = 0x19, ['A'] = 0x1A, ['B'] = 0x1B, ['C'] = 0x1C, ['D'] = 0x1D, ['E'] = 0x1E, ['F'] = 0x1F,
    ['a'] = 0x1A, ['b'] = 0x1B, ['c'] = 0x1C, ['d'] = 0x1D, ['e'] = 0x1E, ['f'] = 0x1F};

static void skip_white_space(struct rlk_image_reader *reader)
{
    while (reader->at < reader->length) {
        const uint8_t c = reader->bytes[reader->at];
        const bool is_crlf = c == '\r' && reader->length - reader->at > 1U && reader->bytes[reader->at + 1U] == '\n';
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            return;
        }
        /* The LF of a CRLF counts the line. */
        if (c == '\n' || (c == '\r' && !is_crlf)) {
            reader->line++;
        }
        reader->at++;
    }
}

static enum rlk_error read_byte(const struct rlk_lines *lines, struct rlk_image_reader *reader, uint8_t *byte)
{
    unsigned value = 0;
    for (int i = 0; i < 2; i++) {
        if (reader->at == reader->length) {
            return lines->truncated;
        }
        const uint8_t digit = hex_digits[reader->bytes[reader->at]];
        if (digit == 0) {
            return lines->syntax;
        }
        value = value << 4 | (digit & 15U);
        reader->at++;
    }
    *byte = (uint8_t)value;
    return RLK_OK;
}

static bool is_line_end(const struct rlk_image_reader *reader)
{
    const uint8_t c = reader->at < reader->length ? reader->bytes[reader->at] : '\n';
    return c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == DOS_END;
}

enum rlk_error rlk_lines_read(const struct rlk_lines *lines, struct rlk_image_reader *reader, uint8_t *bytes,
                              size_t extra, uint8_t *sum)
{
    size_t total = 1;
    *sum = 0;
    for (size_t i = 0; i < total; i++) {
        const enum rlk_error error = read_byte(lines, reader, &bytes[i]);
        if (error != RLK_OK) {
            return error;
        }
        *sum = (uint8_t)(*sum + bytes[i]);
        total = bytes[0] + extra + 1U;
    }
    return is_line_end(reader) ? RLK_OK : lines->syntax;
}

enum rlk_error rlk_lines_end(const struct rlk_lines *lines, struct rlk_image_reader *reader)
{
    reader->has_ended = true;
    rlk_reader_is_nowhere(reader);
    skip_white_space(reader);
    while (reader->at < reader->length && reader->bytes[reader->at] == DOS_END) {
        reader->at++;
        skip_white_space(reader);
    }
    return reader->at == reader->length ? RLK_OK : lines->after_end;
}

enum rlk_error rlk_lines_begin(struct rlk_image_reader *reader)
{
    reader->line = 1;
    return RLK_OK;
}

enum rlk_error rlk_lines_next(const struct rlk_lines *lines, struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    while (chunk->length == 0 && !reader->has_ended) {
        skip_white_space(reader);
        rlk_reader_is_nowhere(reader);
        if (reader->at == reader->length) {
            return lines->truncated;
        }
        enum rlk_error error = lines->read_record(reader);
        if (error == RLK_OK) {
            error = lines->take_record(reader, chunk);
        }
        if (error != RLK_OK) {
            return error;
        }
    }
    return RLK_OK;
}

/* A record that is damaged is one, too. */
bool rlk_lines_look_like(const struct rlk_lines *lines, const uint8_t *bytes, size_t length)
{
    struct rlk_image_reader reader = {.bytes = bytes, .length = length};
    skip_white_space(&reader);
    if (reader.at == length) {
        return false;
    }
    const enum rlk_error error = lines->read_record(&reader);
    return error == RLK_OK || error == lines->checksum;
}

/* To the end of a line of text; false at what is none. */
static bool skip_line(struct rlk_image_reader *reader)
{
    while (reader->at < reader->length && reader->bytes[reader->at] != '\n' && reader->bytes[reader->at] != '\r') {
        const uint8_t c = reader->bytes[reader->at];
        if ((c < ' ' && c != '\t') || c == 0x7F) {
            return false;
        }
        reader->at++;
    }
    return true;
}

const struct rlk_image_walker *rlk_lines_find(const struct rlk_image_walker *const *walkers, size_t count,
                                              const uint8_t *bytes, size_t length)
{
    struct rlk_image_reader reader = {.bytes = bytes, .length = length};
    const struct rlk_image_walker *found = NULL;
    do {
        skip_white_space(&reader);
        for (size_t i = 0; i < count && found == NULL && reader.at < length; i++) {
            found = walkers[i]->looks_like(&bytes[reader.at], length - reader.at) ? walkers[i] : NULL;
        }
    } while (found == NULL && reader.at < length && skip_line(&reader));
    return found;
}
