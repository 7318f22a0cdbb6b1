#include "image/image_write.h"
#include "relock/digest.h"
#include <inttypes.h>
#include <string.h>

enum {
    LINE_BYTES = 16,
    HEX_DATA = 0,
    HEX_END = 1,
    HEX_BASE = 4,
    HEX_ENTRY = 5,
    SREC_COUNT_MAX_16 = 0xFFFF,
    DFU_PREFIX_BYTES = 11,
    DFU_TARGET_BYTES = 274,
    DFU_NAME_BYTES = 255,
    DFU_ELEMENT_BYTES = 8,
    DFU_VERSION = 0x011A,
    ST_VENDOR = 0x0483,
    ST_DFU_PRODUCT = 0xDF11,
    ANY_VERSION = 0xFFFF
};

/* Bytes as upper-case digits; returns their sum. */
static unsigned put_digits(FILE *stream, const uint8_t *bytes, size_t length)
{
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        fprintf(stream, "%02X", bytes[i]);
        sum += bytes[i];
    }
    return sum;
}

static void hex_record(FILE *stream, unsigned type, uint32_t offset, const uint8_t *data, size_t length)
{
    const uint8_t header[] = {(uint8_t)length, (uint8_t)(offset >> 8), (uint8_t)offset, (uint8_t)type};
    fputc(':', stream);
    unsigned sum = put_digits(stream, header, sizeof header);
    sum += put_digits(stream, data, length);
    fprintf(stream, "%02X\n", (0U - sum) & 0xFFU);
}

static void hex_number(FILE *stream, unsigned type, uint32_t value, size_t bytes)
{
    const uint8_t data[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
    hex_record(stream, type, 0, &data[4U - bytes], bytes);
}

/* The file's own bytes of the line at `addr`, in runs: the next one begins at or behind `*at`. False if there is none.
 */
static bool next_run(const struct rlk_image *image, uint32_t addr, uint32_t *at, size_t *length)
{
    const uint32_t given = rlk_image_cell_given(image, addr);
    while (*at < LINE_BYTES && (given >> *at & 1U) == 0) {
        (*at)++;
    }
    *length = 0;
    while (*at + *length < LINE_BYTES && (given >> (*at + *length) & 1U) != 0) {
        (*length)++;
    }
    return *length > 0;
}

/* Segments begin and end at multiples of 16, so that no line crosses 64 KiB. `base` is what the last record said. */
static void hex_segment(FILE *stream, const struct rlk_image *image, const struct rlk_segment *segment, uint32_t *base)
{
    for (uint32_t done = 0; done < segment->length; done += LINE_BYTES) {
        const uint32_t addr = segment->addr + done;
        size_t length = 0;
        if (addr >> 16 != *base) {
            *base = addr >> 16;
            hex_number(stream, HEX_BASE, *base, 2);
        }
        for (uint32_t at = 0; next_run(image, addr, &at, &length); at += (uint32_t)length) {
            hex_record(stream, HEX_DATA, (addr & 0xFFFFU) + at, &image->bytes[segment->offset + done + at], length);
        }
    }
}

void image_write_hex(FILE *stream, const struct rlk_image *image)
{
    uint32_t base = 0;
    for (size_t i = 0; i < image->segment_count; i++) {
        hex_segment(stream, image, &image->segments[i], &base);
    }
    if (image->about.has_entry) {
        hex_number(stream, HEX_ENTRY, image->about.entry, 4);
    }
    hex_record(stream, HEX_END, 0, NULL, 0);
}

/* `number` is address or count, with the highest byte first in `width` bytes. */
static void srec_record(FILE *stream, char type, uint32_t number, size_t width, const uint8_t *data, size_t length)
{
    const uint8_t bytes[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    const uint8_t count = (uint8_t)(width + length + 1U);
    fputc('S', stream);
    fputc(type, stream);
    unsigned sum = put_digits(stream, &count, 1);
    sum += put_digits(stream, &bytes[4U - width], width);
    sum += put_digits(stream, data, length);
    fprintf(stream, "%02X\n", ~sum & 0xFFU);
}

/* Returns how many records it took. */
static uint32_t srec_segment(FILE *stream, const struct rlk_image *image, const struct rlk_segment *segment)
{
    uint32_t records = 0;
    for (uint32_t done = 0; done < segment->length; done += LINE_BYTES) {
        const uint32_t addr = segment->addr + done;
        size_t length = 0;
        for (uint32_t at = 0; next_run(image, addr, &at, &length); at += (uint32_t)length) {
            srec_record(stream, '3', addr + at, 4, &image->bytes[segment->offset + done + at], length);
            records++;
        }
    }
    return records;
}

void image_write_srec(FILE *stream, const struct rlk_image *image)
{
    uint32_t records = 0;
    srec_record(stream, '0', 0, 2, NULL, 0);
    for (size_t i = 0; i < image->segment_count; i++) {
        records += srec_segment(stream, image, &image->segments[i]);
    }
    const bool is_short = records <= SREC_COUNT_MAX_16;
    srec_record(stream, is_short ? '5' : '6', records, is_short ? 2 : 3, NULL, 0);
    srec_record(stream, '7', image->about.entry, 4, NULL, 0);
}

uint64_t image_span_bytes(const struct rlk_image *image)
{
    const struct rlk_segment *last = &image->segments[image->segment_count - 1];
    return (uint64_t)last->addr + last->length - image->segments[0].addr;
}

void image_write_binary(FILE *stream, const struct rlk_image *image)
{
    uint64_t at = image->segments[0].addr;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        for (; at < segment->addr; at++) {
            fputc(image->erased_value, stream);
        }
        fwrite(&image->bytes[segment->offset], 1, segment->length, stream);
        at += segment->length;
    }
}

/* A stream, and the CRC of what went into it. */
struct summed {
    FILE *stream;
    uint32_t crc;
};

static void put_bytes(struct summed *out, const void *bytes, size_t length)
{
    fwrite(bytes, 1, length, out->stream);
    out->crc = rlk_crc32(out->crc, bytes, length);
}

static void put_number(struct summed *out, uint32_t number, size_t bytes)
{
    const uint8_t data[] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), (uint8_t)(number >> 24)};
    put_bytes(out, data, bytes);
}

static void put_dfu_suffix(struct summed *out, const struct rlk_image_about *about)
{
    put_number(out, about->has_dfu_suffix ? about->bcd_device : ANY_VERSION, 2);
    put_number(out, about->has_dfu_suffix ? about->product_id : ST_DFU_PRODUCT, 2);
    put_number(out, about->has_dfu_suffix ? about->vendor_id : ST_VENDOR, 2);
    put_number(out, DFU_VERSION, 2);
    put_bytes(out, "UFD\x10", 4);
    put_number(out, ~out->crc, 4);
}

void image_write_dfuse(FILE *stream, const struct rlk_image *image)
{
    static const char name[DFU_NAME_BYTES] = "Internal Flash";
    struct summed out = {stream, 0};
    const uint32_t elements = (uint32_t)image->segment_count;
    const uint32_t bytes = (uint32_t)image->size + elements * DFU_ELEMENT_BYTES;
    put_bytes(&out, "DfuSe\1", 6);
    put_number(&out, DFU_PREFIX_BYTES + DFU_TARGET_BYTES + bytes, 4);
    put_number(&out, 1, 1);
    put_bytes(&out, "Target\0", 7);
    put_number(&out, 1, 4);
    put_bytes(&out, name, sizeof name);
    put_number(&out, bytes, 4);
    put_number(&out, elements, 4);
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        put_number(&out, segment->addr, 4);
        put_number(&out, segment->length, 4);
        put_bytes(&out, &image->bytes[segment->offset], segment->length);
    }
    put_dfu_suffix(&out, &image->about);
}
