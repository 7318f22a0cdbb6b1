/*
 * The firmware file on disk, as an image in memory.
 */
#ifndef RELOCK_CLI_FILE_H
#define RELOCK_CLI_FILE_H

#include "arguments.h"
#include "relock/image.h"

struct firmware {
    struct rlk_image image;       /* its bytes belong to this struct */
    struct rlk_image_place place; /* where the file is wrong, if it is */
};

/*
 * Loads `path`. Content decides: Intel HEX if it looks like that, else a raw binary, which needs --address.
 * May fail with RLK_E_FILE_*, RLK_E_HEX_*, RLK_E_IMAGE_*, RLK_E_BINARY_WITHOUT_ADDRESS. firmware_free in any case.
 */
enum rlk_error firmware_load(struct firmware *firmware, const char *path, const struct arguments *arguments);

/* The same from bytes in memory, whose kind is known. firmware_free in any case. */
enum rlk_error firmware_load_hex(struct firmware *firmware, const uint8_t *bytes, size_t length);
enum rlk_error firmware_load_binary(struct firmware *firmware, const uint8_t *bytes, size_t length, uint32_t addr);

/* Adds a part to the whole, which is zeroed before the first one. The part's bytes may be taken over: firmware_free it
 * all the same. As rlk_image_add. */
enum rlk_error firmware_add(struct firmware *whole, struct firmware *part);
void firmware_free(struct firmware *firmware);

#endif
