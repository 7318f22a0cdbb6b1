/*
 * Images as files of other formats.
 */
#ifndef RELOCK_CLI_IMAGE_WRITE_H
#define RELOCK_CLI_IMAGE_WRITE_H

#include "relock/image.h"
#include <stdbool.h>
#include <stdio.h>

/* Writes the whole image; errors show in the stream (ferror). */
typedef void image_writer(FILE *stream, const struct rlk_image *image);

/* HEX with records of 16 bytes; S3 records of 16 bytes with their count. */
void image_write_hex(FILE *stream, const struct rlk_image *image);
void image_write_srec(FILE *stream, const struct rlk_image *image);

/* From the first byte to the last; what lies between is filled with the erased value. */
void image_write_binary(FILE *stream, const struct rlk_image *image);

/* DfuSe: one target, an element for each segment. The USB ids are the file's that it came from, else those of ST's
 * bootloader. */
void image_write_dfuse(FILE *stream, const struct rlk_image *image);

/* The bytes from the first to the last. */
uint64_t image_span_bytes(const struct rlk_image *image);

#endif
