#include "image_fixture.h"
#include <stdlib.h>
#include <string.h>

const uint8_t counting[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                              22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                              44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

int fixture_set_up(void **state)
{
    *state = malloc(sizeof(struct fixture));
    return *state == NULL;
}

int fixture_tear_down(void **state)
{
    free(*state);
    return 0;
}

struct fixture *fixture_fresh(void **state)
{
    struct fixture *fixture = *state;
    hex_clear(&fixture->hex);
    file_clear(&fixture->file);
    memset(fixture->buffer, 0xEE, sizeof fixture->buffer);
    rlk_image_init(&fixture->image, fixture->buffer, sizeof fixture->buffer, 0xFF);
    return fixture;
}

static struct rlk_image_file hex_file(const char *text, size_t length)
{
    return (struct rlk_image_file){.bytes = (const uint8_t *)text, .length = length, .format = RLK_IMAGE_HEX};
}

enum rlk_error fixture_load_hex(struct rlk_image *image, const char *text, size_t length, struct rlk_image_place *place)
{
    const struct rlk_image_file file = hex_file(text, length);
    return rlk_image_load(image, &file, place);
}

enum rlk_error fixture_measure_hex(const char *text, size_t length, size_t *needed, struct rlk_image_place *place)
{
    const struct rlk_image_file file = hex_file(text, length);
    return rlk_image_measure(&file, needed, place);
}

enum rlk_error fixture_load_bytes(struct fixture *fixture, const char *text, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);
    struct rlk_image_place place;
    size_t needed = 1;
    assert_non_null(copy);
    memcpy(copy, text, length);
    const enum rlk_error error = fixture_load_hex(&fixture->image, copy, length, &fixture->place);
    assert_int_equal(fixture_measure_hex(copy, length, &needed, &place), error);
    free(copy);
    assert_int_equal(place.line, fixture->place.line);
    assert_int_equal(place.addr, fixture->place.addr);
    assert_int_equal(place.has_addr, fixture->place.has_addr);
    assert_int_equal(needed, fixture->image.size);
    assert_true((error == RLK_OK) == (fixture->image.segment_count > 0));
    return error;
}

enum rlk_error fixture_load(struct fixture *fixture)
{
    return fixture_load_bytes(fixture, fixture->hex.text, fixture->hex.length);
}

static bool is_same_place(const struct rlk_image_place *one, const struct rlk_image_place *other)
{
    return one->line == other->line && one->offset == other->offset && one->addr == other->addr &&
           one->has_addr == other->has_addr;
}

static enum rlk_error load_copy(struct fixture *fixture, const void *bytes, size_t length, uint32_t addr)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    struct rlk_image_place place;
    size_t needed = 1;
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    const struct rlk_image_file file = {copy, length, RLK_IMAGE_BY_CONTENT, addr != 0, addr};
    const enum rlk_error error = rlk_image_load(&fixture->image, &file, &fixture->place);
    assert_int_equal(rlk_image_measure(&file, &needed, &place), error);
    free(copy);
    assert_true(is_same_place(&place, &fixture->place));
    assert_int_equal(needed, fixture->image.size);
    assert_true((error == RLK_OK) == (fixture->image.segment_count > 0));
    assert_true((error == RLK_OK) == (fixture->image.about.format != RLK_IMAGE_BY_CONTENT));
    return error;
}

enum rlk_error fixture_load_file(struct fixture *fixture, uint32_t addr)
{
    return load_copy(fixture, fixture->file.bytes, fixture->file.length, addr);
}

enum rlk_error fixture_load_text(struct fixture *fixture)
{
    return load_copy(fixture, fixture->hex.text, fixture->hex.length, 0);
}

static void expect_place(const struct fixture *fixture, enum rlk_error found, enum rlk_error error,
                         struct rlk_image_place wanted)
{
    const struct rlk_image_place *place = &fixture->place;
    wanted.has_addr = wanted.has_addr || wanted.addr != 0;
    if (found != error || !is_same_place(place, &wanted)) {
        fail_msg("%s in line %u, byte %u, at 0x%08X, not %s in line %u, byte %u, at 0x%08X", rlk_error_name(found),
                 place->line, place->offset, place->addr, rlk_error_name(error), wanted.line, wanted.offset,
                 wanted.addr);
    }
}

void fixture_expect_fault(struct fixture *fixture, enum rlk_error error, uint32_t offset, uint32_t addr)
{
    expect_place(fixture, fixture_load_file(fixture, 0), error,
                 (struct rlk_image_place){.addr = addr, .offset = offset});
}

void fixture_expect_text_fault(struct fixture *fixture, enum rlk_error error, uint32_t line, uint32_t addr)
{
    expect_place(fixture, fixture_load_text(fixture), error, (struct rlk_image_place){.line = line, .addr = addr});
}

void fixture_expect_segment(const struct fixture *fixture, size_t index, uint32_t addr, uint32_t length)
{
    assert_true(index < fixture->image.segment_count);
    assert_int_equal(fixture->image.segments[index].addr, addr);
    assert_int_equal(fixture->image.segments[index].length, length);
}

void hex_write_sample(struct hex_text *hex)
{
    static const uint8_t start[4] = {0x08, 0x00, 0x01, 0x01};
    hex_clear(hex);
    hex_add_at(hex, 0x08000000, counting, 16);
    hex_add(hex, HEX_DATA, 0x0010, &counting[16], 5);
    hex_add_base(hex, HEX_SEGMENT, 0x1000);
    hex_add(hex, HEX_DATA, 0xFFF0, &counting[32], 16);
    hex_add(hex, HEX_SEGMENT_START, 0, start, 4);
    hex_add(hex, HEX_LINEAR_START, 0, start, 4);
    hex_add_end(hex);
}

uint32_t fixture_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}
