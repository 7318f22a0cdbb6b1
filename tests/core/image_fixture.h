/*
 * What the tests of Intel HEX share: a text to write, an image to load it into, and a sample.
 */
#ifndef RELOCK_TESTS_IMAGE_FIXTURE_H
#define RELOCK_TESTS_IMAGE_FIXTURE_H

#include "file_writer.h"
#include "hex_writer.h"
#include "relock/image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BUFFER_BYTES 65536U

struct fixture {
    struct hex_text hex;
    struct file_bytes file;
    struct rlk_image image;
    struct rlk_image_place place;
    uint8_t buffer[BUFFER_BYTES];
};

/* 0, 1, 2 ... 63. */
extern const uint8_t counting[64];

/* Group set-up and tear-down for cmocka. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* The group's fixture, with an empty text and an empty image over a buffer full of rubbish. */
struct fixture *fixture_fresh(void **state);

/* As rlk_image_load and rlk_image_measure, of Intel HEX and nothing else. */
enum rlk_error fixture_load_hex(struct rlk_image *image, const char *text, size_t length,
                                struct rlk_image_place *place);
enum rlk_error fixture_measure_hex(const char *text, size_t length, size_t *needed, struct rlk_image_place *place);

/* Loads an exact heap copy, so that the sanitizer sees one byte read too many; fails if measuring does not agree. */
enum rlk_error fixture_load_bytes(struct fixture *fixture, const char *text, size_t length);

/* Loads the fixture's text. */
enum rlk_error fixture_load(struct fixture *fixture);

/* Loads an exact heap copy of the fixture's file, or of its text, whose format is found out by content; fails if
 * measuring does not agree, or if a refused image is not empty. Raw binaries belong at `addr`, unless it is 0. */
enum rlk_error fixture_load_file(struct fixture *fixture, uint32_t addr);
enum rlk_error fixture_load_text(struct fixture *fixture);

/* Fails unless the file, or the text, is refused with this error and this place. */
void fixture_expect_fault(struct fixture *fixture, enum rlk_error error, uint32_t offset, uint32_t addr);
void fixture_expect_text_fault(struct fixture *fixture, enum rlk_error error, uint32_t line, uint32_t addr);

/* Fails unless the image's segment is this one. */
void fixture_expect_segment(const struct fixture *fixture, size_t index, uint32_t addr, uint32_t length);

/* A small file with every record type: 16 bytes at 0x0001FFF0, 21 at 0x08000000. */
void hex_write_sample(struct hex_text *hex);

/* The next of a fixed row of pseudo-random numbers, 24 bits. */
uint32_t fixture_random(uint32_t *seed);

#endif
