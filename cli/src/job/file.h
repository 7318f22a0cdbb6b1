/*
 * The firmware file on disk, as an image in memory.
 */
#ifndef RELOCK_CLI_FILE_H
#define RELOCK_CLI_FILE_H

#include "arguments.h"
#include "relock/image.h"

#define FIRMWARE_HASH_BYTES 32U

struct firmware {
    struct rlk_image image;       /* its bytes belong to this struct */
    struct rlk_image_place place; /* where the file is wrong, if it is */
    bool was_compressed;
    uint8_t file_sha256[FIRMWARE_HASH_BYTES]; /* of the file as it lies on the disk; only by firmware_load */
};

/*
 * Loads `path`. Content decides what it is (rlk_image_recognise); gzip is inflated first. A raw binary needs --address.
 * May fail with RLK_E_FILE_*, GZIP_DAMAGED, BINARY_WITHOUT_ADDRESS and what rlk_image_load may. firmware_free in any
 * case.
 */
enum rlk_error firmware_load(struct firmware *firmware, const char *path, const struct arguments *arguments);

/* The same from bytes in memory, which are not compressed. firmware_free in any case. */
enum rlk_error firmware_load_file(struct firmware *firmware, const struct rlk_image_file *file);

/* The same of what a release says is Intel HEX, or raw bytes. */
enum rlk_error firmware_load_hex(struct firmware *firmware, const uint8_t *bytes, size_t length);
enum rlk_error firmware_load_binary(struct firmware *firmware, const uint8_t *bytes, size_t length, uint32_t addr);

/* Adds a part to the whole, which is zeroed before the first one. The part's bytes may be taken over: firmware_free it
 * all the same. As rlk_image_add. */
enum rlk_error firmware_add(struct firmware *whole, struct firmware *part);
void firmware_free(struct firmware *firmware);

#endif
