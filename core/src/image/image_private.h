/*
 * What the image loaders share. Private to them.
 */
#ifndef RELOCK_IMAGE_PRIVATE_H
#define RELOCK_IMAGE_PRIVATE_H

#include "relock/image.h"

/* No segments, no size, no digest; the buffer and erased_value stay. */
void rlk_image_clear(struct rlk_image *image);

/* Sets digest and CRC from the segments and their bytes. */
void rlk_image_seal(struct rlk_image *image);

#endif
