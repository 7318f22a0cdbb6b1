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
    memset(fixture->buffer, 0xEE, sizeof fixture->buffer);
    rlk_image_init(&fixture->image, fixture->buffer, sizeof fixture->buffer, 0xFF);
    return fixture;
}

enum rlk_error fixture_load_bytes(struct fixture *fixture, const char *text, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);
    struct rlk_image_place place;
    size_t needed = 1;
    assert_non_null(copy);
    memcpy(copy, text, length);
    const enum rlk_error error = rlk_image_load_hex(&fixture->image, copy, length, &fixture->place);
    assert_int_equal(rlk_image_measure_hex(copy, length, &needed, &place), error);
    free(copy);
    assert_int_equal(place.line, fixture->place.line);
    assert_int_equal(place.addr, fixture->place.addr);
    assert_int_equal(needed, fixture->image.size);
    assert_true((error == RLK_OK) == (fixture->image.segment_count > 0));
    return error;
}

enum rlk_error fixture_load(struct fixture *fixture)
{
    return fixture_load_bytes(fixture, fixture->hex.text, fixture->hex.length);
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
