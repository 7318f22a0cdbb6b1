/* Intel HEX: record types 00 to 05; LF, CRLF or CR; records in any order. */
#include "image/image_lines.h"

enum {
    TYPE_DATA,
    TYPE_END,
    TYPE_SEGMENT_BASE,
    TYPE_SEGMENT_START,
    TYPE_LINEAR_BASE,
    TYPE_LINEAR_START,
    TYPE_COUNT,
    HEADER_BYTES = 4 /* length, address (2), type */
};

#define SEGMENT_BYTES 0x10000U

static enum rlk_error read_record(struct rlk_image_reader *reader);
static enum rlk_error take_record(struct rlk_image_reader *reader, struct rlk_chunk *chunk);

static const struct rlk_lines lines = {RLK_E_HEX_SYNTAX,    RLK_E_HEX_CHECKSUM, RLK_E_HEX_TRUNCATED,
                                       RLK_E_HEX_AFTER_END, read_record,        take_record};

/* Length, header, data and checksum into reader->record. */
static enum rlk_error read_record(struct rlk_image_reader *reader)
{
    uint8_t sum = 0;
    if (reader->bytes[reader->at] != ':') {
        return RLK_E_HEX_SYNTAX;
    }
    reader->at++;
    const enum rlk_error error = rlk_lines_read(&lines, reader, reader->record, HEADER_BYTES, &sum);
    return error == RLK_OK && sum != 0 ? RLK_E_HEX_CHECKSUM : error;
}

/* A record 02 wraps inside its 64 KiB, a record 04 at 2^32 only (Intel's specification of 1988, record type 00). */
static enum rlk_error take_data(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    const uint32_t offset = (uint32_t)(reader->record[1] << 8 | reader->record[2]);
    const uint32_t length = reader->record[0];
    rlk_reader_is_at(reader, reader->of.hex.base + offset);
    const bool wraps = reader->of.hex.is_segmented ? length > SEGMENT_BYTES - offset
                                                   : length > 0 && length - 1U > UINT32_MAX - reader->addr;
    if (wraps) {
        return RLK_E_HEX_WRAP;
    }
    *chunk = (struct rlk_chunk){reader->addr, length, &reader->record[HEADER_BYTES]};
    return RLK_OK;
}

/* 05 is an address. 03 holds CS and IP of a processor that no STM32 has. */
static void take_start(struct rlk_image_reader *reader)
{
    const uint8_t *data = &reader->record[HEADER_BYTES];
    reader->about.has_entry = true;
    reader->about.entry = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static enum rlk_error take_record(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
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
        return rlk_lines_end(&lines, reader);
    }
    if (type == TYPE_LINEAR_START) {
        take_start(reader);
    }
    if (type == TYPE_SEGMENT_BASE || type == TYPE_LINEAR_BASE) {
        const uint32_t value = (uint32_t)(reader->record[4] << 8 | reader->record[5]);
        reader->of.hex.is_segmented = type == TYPE_SEGMENT_BASE;
        reader->of.hex.base = value << (reader->of.hex.is_segmented ? 4 : 16);
    }
    return RLK_OK;
}

static bool looks_like(const uint8_t *bytes, size_t length)
{
    return rlk_lines_look_like(&lines, bytes, length);
}

static enum rlk_error next(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    return rlk_lines_next(&lines, reader, chunk);
}

const struct rlk_image_walker rlk_walk_hex = {"intel-hex", looks_like, rlk_lines_begin, next, false};
