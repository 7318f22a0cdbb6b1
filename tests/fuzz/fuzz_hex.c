/* Intel HEX: what is accepted is a sound image, however the same text is cut, and whatever its lines end with. */
#include "fuzz.h"
#include "image_law.h"
#include <stdio.h>
#include <string.h>

static uint8_t image_bytes[IMAGE_BYTES];
static uint8_t other_bytes[IMAGE_BYTES];

static int digit_of(char c)
{
    static const char digits[] = "0123456789ABCDEFabcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    int value = at == NULL ? -1 : (int)(at - digits);
    return value > 15 ? value - 6 : value;
}

/* A second reader, for text that was accepted: it need not look for mistakes. */
struct second_reader {
    const struct rlk_image *image;
    uint32_t base;
    bool is_filled[IMAGE_BYTES];
};

static unsigned byte_at(const char *digits)
{
    return (unsigned)(digit_of(digits[0]) * 16 + digit_of(digits[1]));
}

static void fill_byte(struct second_reader *reader, uint32_t addr, unsigned byte)
{
    const struct rlk_image *image = reader->image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (addr - segment->addr < segment->length) {
            uint32_t offset = segment->offset + (addr - segment->addr);
            fuzz_demand(!reader->is_filled[offset], "no byte is given twice");
            fuzz_demand(image->bytes[offset] == byte, "each byte is where it belongs");
            reader->is_filled[offset] = true;
            return;
        }
    }
    fuzz_demand(false, "no byte is missing");
}

/* `digits` follow the colon of a record: length, offset (2), type, data. */
static void read_again(struct second_reader *reader, const char *digits)
{
    uint32_t offset = byte_at(&digits[2]) << 8 | byte_at(&digits[4]);
    unsigned type = byte_at(&digits[6]);
    if (type == 2 || type == 4) {
        uint32_t value = byte_at(&digits[8]) << 8 | byte_at(&digits[10]);
        reader->base = value << (type == 2 ? 4 : 16);
    }
    for (uint32_t i = 0; type == 0 && i < byte_at(digits); i++) {
        fill_byte(reader, reader->base + offset + i, byte_at(&digits[8U + 2U * i]));
    }
}

static void check_bytes(const struct rlk_image *image, const char *text, size_t length)
{
    static struct second_reader reader;
    reader.image = image;
    reader.base = 0;
    memset(reader.is_filled, 0, image->size);
    for (size_t at = 0; at < length; at++) {
        if (text[at] == ':') {
            read_again(&reader, &text[at + 1U]);
        }
    }
    for (size_t i = 0; i < image->size; i++) {
        fuzz_demand(reader.is_filled[i] || image->bytes[i] == image->erased_value, "the rest is as erased");
    }
    reader.image = NULL;
}

static enum rlk_error load_hex(struct rlk_image *image, const char *text, size_t length, struct rlk_image_place *place)
{
    const struct rlk_image_file file = {(const uint8_t *)text, length, RLK_IMAGE_HEX, false, 0};
    return rlk_image_load(image, &file, place);
}

static void check_line_ends(const struct rlk_image *image, const char *from, size_t length)
{
    static struct text text;
    text.length = 0;
    for (size_t i = 0; i < length; i++) {
        if (from[i] == '\n') {
            text_add_char(&text, '\r');
        }
        text_add_char(&text, from[i]);
    }
    image_law_demand_same(image, text.chars, text.length);
}

static void check_room(const struct rlk_image *image, const char *text, size_t length)
{
    struct rlk_image other;
    rlk_image_init(&other, other_bytes, image->size, 0xFF);
    fuzz_demand(load_hex(&other, text, length, NULL) == RLK_OK, "what was measured is enough");
    rlk_image_init(&other, other_bytes, image->size - 1U, 0xFF);
    fuzz_demand(load_hex(&other, text, length, NULL) == RLK_E_FILE_TOO_LARGE, "one byte less is not");
    fuzz_demand(other.segment_count == 0 && other.size == 0, "a refused image is empty");
}

static void say(const char *text, size_t length, enum rlk_error error, const struct rlk_image_place *place,
                const struct rlk_image *image)
{
    (void)printf("= {\"kind\":\"hex\",\"text\":\"");
    fuzz_say_hex((const uint8_t *)text, length);
    (void)printf("\"}\n");
    if (rlk_image_recognise((const uint8_t *)text, length) != RLK_IMAGE_HEX) {
        (void)printf("not hex\n");
    } else if (error != RLK_OK) {
        (void)printf("%s line %u addr ", rlk_error_name(error), (unsigned)place->line);
        (void)(place->has_addr ? printf("%u\n", (unsigned)place->addr) : printf("none\n"));
    } else {
        image_law_say(image);
    }
}

static void check(const char *text, size_t length)
{
    struct rlk_image image;
    const struct rlk_image_file file = {(const uint8_t *)text, length, RLK_IMAGE_HEX, false, 0};
    struct rlk_image_place place = {.line = UINT32_MAX};
    struct rlk_image_place same = {0};
    size_t needed = SIZE_MAX;
    enum rlk_error measured = rlk_image_measure(&file, &needed, &same);
    fuzz_demand(needed <= RLK_IMAGE_PAYLOAD_BYTES_MAX, "no image is larger than the largest");
    fuzz_demand(same.line <= length + 1U, "the line is inside the text");
    if (needed > sizeof image_bytes) {
        return;
    }
    rlk_image_init(&image, image_bytes, sizeof image_bytes, 0xFF);
    enum rlk_error error = rlk_image_load(&image, &file, &place);
    fuzz_demand(error == measured && image.size == needed, "measuring tells what loading does");
    fuzz_demand(place.line == same.line && place.has_addr == same.has_addr && place.addr == same.addr,
                "and where it fails");
    if (error == RLK_OK) {
        image_law_check(&image);
        check_bytes(&image, text, length);
        image_law_check_in_pieces(&image);
        check_line_ends(&image, text, length);
        check_room(&image, text, length);
    } else {
        fuzz_demand(image.segment_count == 0 && image.size == 0, "a refused image is empty");
    }
    if (fuzz_is_speaking()) {
        say(text, length, error, &place, &image);
    }
}

/* The number of hexadecimal digits from `at` on. */
static size_t digits_from(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && digit_of(text[end]) >= 0) {
        end++;
    }
    return end - at;
}

/* Checksums would keep nearly all inputs from being read any further: the last two digits of every record are set. */
static void repair(char *text, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        size_t count = text[at] == ':' ? digits_from(text, length, at + 1U) & ~(size_t)1U : 0;
        uint8_t sum = 0;
        for (size_t i = at + 1U; count >= 4U && i < at + count - 1U; i += 2) {
            sum = (uint8_t)(sum + digit_of(text[i]) * 16 + digit_of(text[i + 1U]));
        }
        if (count >= 4U) {
            sum = (uint8_t)(0U - sum);
            text[at + count - 1U] = "0123456789ABCDEF"[sum >> 4];
            text[at + count] = "0123456789ABCDEF"[sum & 15U];
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT_BYTES];
    if (size > sizeof text) {
        return 0;
    }
    check((const char *)data, size);
    memcpy(text, data, size);
    repair(text, size);
    if (memcmp(text, data, size) != 0) {
        check(text, size);
    }
    return 0;
}
