#include "image_law.h"
#include "fuzz.h"
#include "relock/digest.h"
#include <stdio.h>

enum { RECORD_BYTES = 29, FAR = 16 };

static uint8_t other_bytes[IMAGE_BYTES];

void text_add_char(struct text *text, char c)
{
    fuzz_demand(text->length < sizeof text->chars, "the fuzzer's own text fits");
    text->chars[text->length++] = c;
}

static void add_byte(struct text *text, uint8_t byte, uint8_t *sum)
{
    static const char digits[] = "0123456789ABCDEF";
    text_add_char(text, digits[byte >> 4]);
    text_add_char(text, digits[byte & 15U]);
    *sum = (uint8_t)(*sum + byte);
}

static void add_hex_record(struct text *text, uint8_t type, uint16_t offset, const uint8_t *data, uint8_t length)
{
    uint8_t sum = 0;
    text_add_char(text, ':');
    add_byte(text, length, &sum);
    add_byte(text, (uint8_t)(offset >> 8), &sum);
    add_byte(text, (uint8_t)offset, &sum);
    add_byte(text, type, &sum);
    for (unsigned i = 0; i < length; i++) {
        add_byte(text, data[i], &sum);
    }
    add_byte(text, (uint8_t)(0U - sum), &sum);
    text_add_char(text, '\n');
}

static void add_s_record(struct text *text, char type, uint32_t addr, const uint8_t *data, uint8_t length)
{
    uint8_t sum = 0;
    text_add_char(text, 'S');
    text_add_char(text, type);
    add_byte(text, (uint8_t)(length + 5U), &sum);
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        add_byte(text, (uint8_t)(addr >> (shift - 8U)), &sum);
    }
    for (unsigned i = 0; i < length; i++) {
        add_byte(text, data[i], &sum);
    }
    add_byte(text, (uint8_t)~sum, &sum);
    text_add_char(text, '\n');
}

static void add_piece(struct text *text, bool is_hex, uint32_t addr, const uint8_t *data, uint8_t length)
{
    const uint8_t base[] = {(uint8_t)(addr >> 24), (uint8_t)(addr >> 16)};
    if (is_hex) {
        add_hex_record(text, 4, 0, base, sizeof base);
        add_hex_record(text, 0, (uint16_t)addr, data, length);
    } else {
        add_s_record(text, '3', addr, data, length);
    }
}

static void write_again(struct text *text, const struct rlk_image *image, bool is_hex)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        for (uint32_t done = 0; done < segment->length;) {
            uint32_t addr = segment->addr + done;
            uint32_t left = segment->length - done;
            uint32_t to_bank_end = 0x10000U - (addr & 0xFFFFU);
            uint32_t length = left < RECORD_BYTES ? left : RECORD_BYTES;
            length = length < to_bank_end ? length : to_bank_end;
            add_piece(text, is_hex, addr, &image->bytes[segment->offset + done], (uint8_t)length);
            done += length;
        }
    }
    if (is_hex) {
        add_hex_record(text, 1, 0, NULL, 0);
    } else {
        add_s_record(text, '7', 0, NULL, 0);
    }
}

static void check_cell(const struct rlk_image *image, const struct rlk_partial_cell *cell)
{
    fuzz_demand(cell->addr % RLK_IMAGE_ALIGNMENT_BYTES == 0 && cell->given != 0 && cell->given != 0xFFFF,
                "a partial cell has some bytes of the file, and not all");
    for (uint32_t i = 0; i < RLK_IMAGE_ALIGNMENT_BYTES; i++) {
        size_t s = 0;
        while (s < image->segment_count && cell->addr - image->segments[s].addr >= image->segments[s].length) {
            s++;
        }
        fuzz_demand(s < image->segment_count, "a partial cell lies in a segment");
        const struct rlk_segment *segment = &image->segments[s];
        const uint8_t byte = image->bytes[segment->offset + (cell->addr - segment->addr) + i];
        const bool is_given = ((uint32_t)cell->given >> i & 1U) != 0;
        fuzz_demand(is_given == rlk_image_gives(image, cell->addr + i), "a cell says what is given");
        fuzz_demand(is_given || byte == image->erased_value, "padding is as erased");
    }
}

static void check_cells(const struct rlk_image *image)
{
    fuzz_demand(image->partial_cell_count <= RLK_IMAGE_PARTIAL_CELLS_MAX, "no more cells than there is room for");
    for (size_t i = 0; i < image->partial_cell_count; i++) {
        fuzz_demand(i == 0 || image->partial_cells[i].addr > image->partial_cells[i - 1U].addr, "cells are sorted");
        check_cell(image, &image->partial_cells[i]);
    }
}

void image_law_check(const struct rlk_image *image)
{
    uint32_t offset = 0;
    uint64_t end = 0;
    fuzz_demand(image->segment_count > 0 && image->segment_count <= RLK_IMAGE_SEGMENTS_MAX, "one to 256 segments");
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        fuzz_demand(segment->length > 0 && segment->length % RLK_IMAGE_ALIGNMENT_BYTES == 0 &&
                        segment->addr % RLK_IMAGE_ALIGNMENT_BYTES == 0,
                    "segments are whole multiples of 16");
        fuzz_demand(i == 0 || segment->addr > end, "segments are sorted and do not touch");
        fuzz_demand(segment->offset == offset, "segments follow one another in the buffer");
        end = (uint64_t)segment->addr + segment->length;
        offset += segment->length;
        fuzz_demand(end <= UINT64_C(1) << 32, "no segment past 2^32");
    }
    check_cells(image);
    fuzz_demand(offset == image->size && image->size <= image->capacity, "the size is that of the segments");
    fuzz_demand(image->digest == rlk_image_digest(image) && image->crc32 == rlk_crc32(0, image->bytes, image->size),
                "the image is named by what it holds");
}

void image_law_demand_same(const struct rlk_image *image, const char *text, size_t length)
{
    struct rlk_image other;
    const struct rlk_image_file file = {(const uint8_t *)text, length, RLK_IMAGE_BY_CONTENT, false, 0};
    rlk_image_init(&other, other_bytes, sizeof other_bytes, image->erased_value);
    fuzz_demand(rlk_image_load(&other, &file, NULL) == RLK_OK, "the same in other words is accepted");
    fuzz_demand(other.digest == image->digest && other.size == image->size, "and is the same image");
}

void image_law_check_in_pieces(const struct rlk_image *image)
{
    static struct text text;
    for (int is_hex = 0; is_hex < 2 && image->size <= TEXT_BYTES / FAR; is_hex++) {
        text.length = 0;
        write_again(&text, image, is_hex != 0);
        image_law_demand_same(image, text.chars, text.length);
    }
}

void image_law_say(const struct rlk_image *image)
{
    (void)printf("%u bytes crc %u\n", (unsigned)image->size, (unsigned)image->crc32);
    for (size_t i = 0; i < image->segment_count; i++) {
        (void)printf("%u %u\n", (unsigned)image->segments[i].addr, (unsigned)image->segments[i].length);
    }
}
