/*
 * The files that a release names: images first, then pictures.
 */
#ifndef RELOCK_CLI_RELEASE_FILES_H
#define RELOCK_CLI_RELEASE_FILES_H

#include "relock/document.h"
#include "relock/release.h"
#include <stdbool.h>

#define RELEASE_FILES_MAX    160U /* 8 images, 8 steps in 16 languages, with room */
#define RELEASE_PATH_BYTES   64U
#define RELEASE_DOCUMENT     "release.json"
#define RELEASE_CHANNEL      "channel.json"
#define RELEASE_KEYS         "keys.json"
#define RELEASE_SIGNATURE(x) x ".sig"

struct release_file {
    const char *file; /* of the tree */
    uint32_t bytes;
    uint8_t sha256[RLK_SHA256_BYTES];
    bool is_image;
    char path[RELEASE_PATH_BYTES]; /* "images[0]", "enter[2].pictures.de" */
};

/* Lists them out of a document of kind RELEASE that was read. Returns how many; at most RELEASE_FILES_MAX. */
size_t release_files_list(const struct rlk_json *tree, struct release_file *files);

/* RLK_OK, or RLK_E_RELEASE_FILE_SIZE, RLK_E_RELEASE_FILE_CHANGED. */
enum rlk_error release_file_check(const struct release_file *file, const uint8_t *bytes, size_t length);

/* The most bytes that are read of it, whatever the release says. */
size_t release_file_bytes_max(const struct release_file *file);

#endif
