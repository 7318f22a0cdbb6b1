/* Motorola S-records: S0 (a title), S1 to S3 (data), S5 and S6 (how many), S7 to S9 (the end). */
#include "image/image_lines.h"

enum { TYPE_DATA_FIRST = 1, TYPE_DATA_LAST = 3, TYPE_COUNT_16 = 5, TYPE_COUNT_24 = 6, TYPE_END_FIRST = 7, TYPES = 10 };

/* Bytes of address by type; 0: there is no such record. */
static const uint8_t address_bytes[TYPES] = {2, 2, 3, 4, 0, 2, 3, 4, 3, 2};

static enum rlk_error read_record(struct rlk_image_reader *reader);
static enum rlk_error take_record(struct rlk_image_reader *reader, struct rlk_chunk *chunk);

static const struct rlk_lines lines = {RLK_E_SREC_SYNTAX,    RLK_E_SREC_CHECKSUM, RLK_E_SREC_TRUNCATED,
                                       RLK_E_SREC_AFTER_END, read_record,         take_record};

/* Type, count, address, data and checksum into reader->record: the type as a number, then the bytes. */
static enum rlk_error read_record(struct rlk_image_reader *reader)
{
    uint8_t sum = 0;
    if (reader->bytes[reader->at] != 'S') {
        return RLK_E_SREC_SYNTAX;
    }
    if (++reader->at == reader->length) {
        return RLK_E_SREC_TRUNCATED;
    }
    const unsigned type = reader->bytes[reader->at++] - (unsigned)'0';
    if (type >= TYPES || address_bytes[type] == 0) {
        return RLK_E_SREC_SYNTAX;
    }
    reader->record[0] = (uint8_t)type;
    const enum rlk_error error = rlk_lines_read(&lines, reader, &reader->record[1], 0, &sum);
    if (error != RLK_OK) {
        return error;
    }
    if (reader->record[1] <= address_bytes[type]) {
        return RLK_E_SREC_SYNTAX;
    }
    return sum == 0xFF ? RLK_OK : RLK_E_SREC_CHECKSUM;
}

/* Address or count: a number with the highest byte first. */
static uint32_t number_of(const struct rlk_image_reader *reader)
{
    uint32_t number = 0;
    for (size_t i = 0; i < address_bytes[reader->record[0]]; i++) {
        number = number << 8 | reader->record[2U + i];
    }
    return number;
}

static enum rlk_error take_data(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    const size_t width = address_bytes[reader->record[0]];
    const uint32_t length = reader->record[1] - (uint32_t)width - 1U;
    const uint32_t last = UINT32_MAX >> (32U - 8U * width);
    rlk_reader_is_at(reader, number_of(reader));
    if (length > 0 && length - 1U > last - reader->addr) {
        return RLK_E_IMAGE_PAST_END;
    }
    reader->of.srec.records++;
    *chunk = (struct rlk_chunk){reader->addr, length, &reader->record[2U + width]};
    return reader->of.srec.is_counted ? RLK_E_SREC_COUNT : RLK_OK;
}

static enum rlk_error take_count(struct rlk_image_reader *reader)
{
    reader->of.srec.is_counted = true;
    return number_of(reader) == reader->of.srec.records ? RLK_OK : RLK_E_SREC_COUNT;
}

/* Address 0 is what tools write that know of no beginning. */
static enum rlk_error take_end(struct rlk_image_reader *reader)
{
    reader->about.entry = number_of(reader);
    reader->about.has_entry = reader->about.entry != 0;
    return rlk_lines_end(&lines, reader);
}

static enum rlk_error take_record(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    const uint8_t type = reader->record[0];
    if (type >= TYPE_DATA_FIRST && type <= TYPE_DATA_LAST) {
        return take_data(reader, chunk);
    }
    if (type != 0 && reader->record[1] != address_bytes[type] + 1U) {
        return RLK_E_SREC_SYNTAX;
    }
    if (type == TYPE_COUNT_16 || type == TYPE_COUNT_24) {
        return take_count(reader);
    }
    return type >= TYPE_END_FIRST ? take_end(reader) : RLK_OK;
}

static bool looks_like(const uint8_t *bytes, size_t length)
{
    return rlk_lines_look_like(&lines, bytes, length);
}

static enum rlk_error next(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    return rlk_lines_next(&lines, reader, chunk);
}

const struct rlk_image_walker rlk_walk_srec = {"s-record", looks_like, rlk_lines_begin, next, false};
