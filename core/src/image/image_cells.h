/*
 * Which bytes of an image are the file's, and which are padding. Private to the image loaders.
 */
#ifndef RELOCK_IMAGE_CELLS_H
#define RELOCK_IMAGE_CELLS_H

#include "image/image_ranges.h"
#include "relock/image.h"

/* Notes the cells of which the ranges fill a part only. */
void rlk_cells_note(struct rlk_image *image, const struct rlk_ranges *ranges);

/* Adds the other's cells; no cell is in both. */
void rlk_cells_merge(struct rlk_image *image, const struct rlk_image *other);

#endif
