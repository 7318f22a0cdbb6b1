/*
 * What every image holds to, whatever file it came from, and the same image as another text.
 */
#ifndef RELOCK_FUZZ_IMAGE_LAW_H
#define RELOCK_FUZZ_IMAGE_LAW_H

#include "relock/image.h"
#include <stddef.h>

enum { TEXT_BYTES = 1 << 16, IMAGE_BYTES = 1 << 18 };

/* Text that grows. */
struct text {
    size_t length;
    char chars[2 * TEXT_BYTES];
};

void text_add_char(struct text *text, char c);

/* Sorted, apart, whole multiples of 16, one after the other in the buffer; digest and CRC are those of the bytes. */
void image_law_check(const struct rlk_image *image);

/* Small images again as Intel HEX and as S-records, in other pieces, each with its full address: the same image. */
void image_law_check_in_pieces(const struct rlk_image *image);

/* This text is the same image. */
void image_law_demand_same(const struct rlk_image *image, const char *text, size_t length);

/* A line of results: size and CRC, then the segments. */
void image_law_say(const struct rlk_image *image);

#endif
