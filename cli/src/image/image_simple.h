/*
 * Firmware files as a release holds them: Intel HEX or raw bytes.
 */
#ifndef RELOCK_CLI_IMAGE_SIMPLE_H
#define RELOCK_CLI_IMAGE_SIMPLE_H

#include "relock/image.h"
#include "system/content.h"

/*
 * Replaces the content of a file of any other format by Intel HEX; HEX and raw bytes stay as they are. `addr` is where
 * a raw binary with a DFU suffix belongs, NULL if it was not said. `simple` tells what there is now. On failure the
 * content is of no use: as firmware_load, with the place.
 */
struct image_simple {
    bool is_binary;
    struct rlk_image_about about; /* what the file said of itself, which HEX and raw bytes do not keep */
    struct rlk_image_place place; /* where it is wrong */
};

enum rlk_error image_simplify(struct content *content, const uint32_t *addr, struct image_simple *simple);

#endif
