/*
 * Intel HEX in two passes over the text: the first collects exact ranges, so that an overlap is found wherever it
 * stands in the file; the second fills the buffer. Invariant between them: both see the same records, as the text is
 * const and the reader keeps no state outside itself.
 */
#include "image/image_private.h"
#include "image/image_ranges.h"
#include <stdbool.h>
#include <string.h>

enum {
    TYPE_DATA,
    TYPE_END,
    TYPE_SEGMENT_BASE,
    TYPE_SEGMENT_START,
    TYPE_LINEAR_BASE,
    TYPE_LINEAR_START,
    TYPE_COUNT,
    HEADER_BYTES = 4, /* length, address (2), type */
    RECORD_BYTES_MAX = HEADER_BYTES + 255 + 1
};

#define SEGMENT_BYTES 0x10000U

struct reader {
    const char *text;
    size_t length;
    size_t at;
    uint32_t line;
    uint32_t addr; /* of the record read last, for error messages */
    uint32_t base;
    bool is_segmented; /* base comes from record 02: offsets wrap at 64 KiB */
    bool has_ended;
    uint8_t record[RECORD_BYTES_MAX];
};

/* What one data record fills; length 0 after the end record. */
struct chunk {
    uint32_t addr;
    uint32_t length;
    const uint8_t *data;
};

/* Bit 4 says that it is a hexadecimal digit at all. */
static const uint8_t hex_digits[256] = {
    ['0'] = 0x10, ['1'] = 0x11, ['2'] = 0x12, ['3'] = 0x13, ['4'] = 0x14, ['5'] = 0x15, ['6'] = 0x16, ['7'] = 0x17,
    ['8'] = 0x18, ['9'] = 0x19, ['A'] = 0x1A, ['B'] = 0x1B, ['C'] = 0x1C, ['D'] = 0x1D, ['E'] = 0x1E, ['F'] = 0x1F,
    ['a'] = 0x1A, ['b'] = 0x1B, ['c'] = 0x1C, ['d'] = 0x1D, ['e'] = 0x1E, ['f'] = 0x1F};

static void skip_white_space(struct reader *reader)
{
    while (reader->at < reader->length) {
        const char c = reader->text[reader->at];
        const bool is_crlf = c == '\r' && reader->length - reader->at > 1U && reader->text[reader->at + 1U] == '\n';
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

static enum rlk_error read_byte(struct reader *reader, uint8_t *byte)
{
    unsigned value = 0;
    for (int i = 0; i < 2; i++) {
        if (reader->at == reader->length) {
            return RLK_E_HEX_TRUNCATED;
        }
        const uint8_t digit = hex_digits[(uint8_t)reader->text[reader->at]];
        if (digit == 0) {
            return RLK_E_HEX_SYNTAX;
        }
        value = value << 4 | (digit & 15U);
        reader->at++;
    }
    *byte = (uint8_t)value;
    return RLK_OK;
}

static bool is_line_end(const struct reader *reader)
{
    const char c = reader->at < reader->length ? reader->text[reader->at] : '\n';
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

/* Reads length, header, data and checksum into reader->record. */
static enum rlk_error read_record(struct reader *reader)
{
    if (reader->text[reader->at] != ':') {
        return RLK_E_HEX_SYNTAX;
    }
    reader->at++;
    uint8_t sum = 0;
    size_t total = 1;
    for (size_t i = 0; i < total; i++) {
        const enum rlk_error error = read_byte(reader, &reader->record[i]);
        if (error != RLK_OK) {
            return error;
        }
        sum = (uint8_t)(sum + reader->record[i]);
        total = (size_t)reader->record[0] + HEADER_BYTES + 1U;
    }
    if (!is_line_end(reader)) {
        return RLK_E_HEX_SYNTAX;
    }
    return sum == 0 ? RLK_OK : RLK_E_HEX_CHECKSUM;
}

/* A record 02 wraps inside its 64 KiB, a record 04 at 2^32 only (Intel's specification of 1988, record type 00). */
static enum rlk_error take_data(struct reader *reader, struct chunk *chunk)
{
    const uint32_t offset = (uint32_t)(reader->record[1] << 8 | reader->record[2]);
    const uint32_t length = reader->record[0];
    reader->addr = reader->base + offset;
    const bool wraps =
        reader->is_segmented ? length > SEGMENT_BYTES - offset : length > 0 && length - 1U > UINT32_MAX - reader->addr;
    if (wraps) {
        return RLK_E_HEX_WRAP;
    }
    *chunk = (struct chunk){reader->addr, length, &reader->record[HEADER_BYTES]};
    return RLK_OK;
}

static enum rlk_error take_end(struct reader *reader)
{
    reader->has_ended = true;
    reader->addr = 0;
    skip_white_space(reader);
    return reader->at == reader->length ? RLK_OK : RLK_E_HEX_AFTER_END;
}

static enum rlk_error take_record(struct reader *reader, struct chunk *chunk)
{
    static const uint8_t lengths[TYPE_COUNT] = {
        [TYPE_SEGMENT_BASE] = 2, [TYPE_SEGMENT_START] = 4, [TYPE_LINEAR_BASE] = 2, [TYPE_LINEAR_START] = 4};
    const uint8_t type = reader->record[3];
    if (type >= TYPE_COUNT) {
        return RLK_E_HEX_RECORD_TYPE;
    }
    if (type == TYPE_DATA) {
        return take_data(reader, chunk);
    }
    if (reader->record[0] != lengths[type]) {
        return RLK_E_HEX_SYNTAX;
    }
    if (type == TYPE_END) {
        return take_end(reader);
    }
    if (type == TYPE_SEGMENT_BASE || type == TYPE_LINEAR_BASE) {
        const uint32_t value = (uint32_t)(reader->record[4] << 8 | reader->record[5]);
        reader->is_segmented = type == TYPE_SEGMENT_BASE;
        reader->base = value << (reader->is_segmented ? 4 : 16);
    }
    return RLK_OK;
}

/* The next data record with data, or a chunk of length 0 after the end record. */
static enum rlk_error next_chunk(struct reader *reader, struct chunk *chunk)
{
    *chunk = (struct chunk){0};
    while (chunk->length == 0 && !reader->has_ended) {
        skip_white_space(reader);
        reader->addr = 0;
        if (reader->at == reader->length) {
            return RLK_E_HEX_TRUNCATED;
        }
        enum rlk_error error = read_record(reader);
        if (error == RLK_OK) {
            error = take_record(reader, chunk);
        }
        if (error != RLK_OK) {
            return error;
        }
    }
    return RLK_OK;
}

static void reader_init(struct reader *reader, const char *text, size_t length)
{
    *reader = (struct reader){.text = text, .length = length, .line = 1};
}

/* The first pass. `reader` stays at the fault. */
static enum rlk_error collect(struct reader *reader, struct rlk_ranges *ranges)
{
    struct chunk chunk;
    rlk_ranges_init(ranges);
    enum rlk_error error = next_chunk(reader, &chunk);
    while (error == RLK_OK && chunk.length > 0) {
        const struct rlk_range range = {chunk.addr, chunk.addr + (chunk.length - 1U)};
        error = rlk_ranges_add(ranges, range, &reader->addr);
        if (error == RLK_OK) {
            error = next_chunk(reader, &chunk);
        }
    }
    return error;
}

/* Segments and size of a text. Apart from the second pass, so that the ranges leave the stack before it. */
static enum rlk_error measure(const char *text, size_t length, struct rlk_segment *segments, size_t *segment_count,
                              size_t *needed, struct rlk_image_place *place)
{
    struct rlk_ranges ranges;
    struct reader reader;
    struct rlk_image_place found = {0, 0};
    enum rlk_error error = length == 0 ? RLK_E_FILE_EMPTY : RLK_OK;
    if (length > RLK_IMAGE_FILE_BYTES_MAX) {
        error = RLK_E_FILE_TOO_LARGE;
    }
    if (error == RLK_OK) {
        reader_init(&reader, text, length);
        error = collect(&reader, &ranges);
        found = (struct rlk_image_place){reader.line, reader.addr};
    }
    if (error == RLK_OK) {
        found = (struct rlk_image_place){0, 0};
        error = rlk_ranges_lay_out(&ranges, segments, segment_count, needed);
    }
    if (place != NULL) {
        *place = found;
    }
    return error;
}

enum rlk_error rlk_image_measure_hex(const char *text, size_t length, size_t *needed, struct rlk_image_place *place)
{
    struct rlk_segment segments[RLK_IMAGE_SEGMENTS_MAX];
    size_t segment_count = 0;
    size_t bytes = 0;
    const enum rlk_error error = measure(text, length, segments, &segment_count, &bytes, place);
    *needed = error == RLK_OK ? bytes : 0;
    return error;
}

/* The segment that holds `addr`, looked for from `hint` on: records nearly always come in order. */
static size_t segment_index(const struct rlk_image *image, uint32_t addr, size_t hint)
{
    size_t index = hint;
    while (addr < image->segments[index].addr || addr - image->segments[index].addr >= image->segments[index].length) {
        index = (index + 1U) % image->segment_count;
    }
    return index;
}

static void fill(struct rlk_image *image, const char *text, size_t length)
{
    struct reader reader;
    struct chunk chunk;
    size_t index = 0;
    memset(image->bytes, image->erased_value, image->size);
    reader_init(&reader, text, length);
    while (next_chunk(&reader, &chunk) == RLK_OK && chunk.length > 0) {
        index = segment_index(image, chunk.addr, index);
        const struct rlk_segment *segment = &image->segments[index];
        memcpy(&image->bytes[segment->offset + (chunk.addr - segment->addr)], chunk.data, chunk.length);
    }
}

enum rlk_error rlk_image_load_hex(struct rlk_image *image, const char *text, size_t length,
                                  struct rlk_image_place *place)
{
    size_t needed = 0;
    rlk_image_clear(image);
    enum rlk_error error = measure(text, length, image->segments, &image->segment_count, &needed, place);
    if (error == RLK_OK && needed > image->capacity) {
        error = RLK_E_FILE_TOO_LARGE;
    }
    if (error != RLK_OK) {
        rlk_image_clear(image);
        return error;
    }
    image->size = needed;
    fill(image, text, length);
    rlk_image_seal(image);
    return RLK_OK;
}

int rlk_image_looks_like_hex(const char *text, size_t length)
{
    struct reader reader;
    reader_init(&reader, text, length);
    skip_white_space(&reader);
    if (reader.at == length) {
        return 0;
    }
    const enum rlk_error error = read_record(&reader);
    return error == RLK_OK || error == RLK_E_HEX_CHECKSUM;
}
