/*
 * A maker's release folder, read as far as it can be: what the verbs `refresh`, `check`, `inspect` and `withdraw` work
 * on. No signature is looked at.
 */
#ifndef RELOCK_CLI_RELEASE_FOLDER_H
#define RELOCK_CLI_RELEASE_FOLDER_H

#include "job/file.h"
#include "output/problem.h"
#include "release/release_files.h"
#include "release/release_load.h"
#include "release/source.h"
#include "relock/release.h"

/* Large: allocate it. */
struct release_folder {
    struct source source;
    struct rlk_json tree;    /* release.json */
    struct rlk_json channel; /* channel.json */
    struct document_bytes tree_bytes, channel_bytes;
    struct rlk_release release;
    struct release_file files[RELEASE_FILES_MAX];
    size_t file_count;
};

/* Opens the folder and reads release.json. RLK_OK, or RELEASE_NOT_FOUND, FILE_UNREADABLE, DOCUMENT_* in the problem. An
 * address is RELEASE_NOT_FOUND: a maker's folder is on this computer. */
enum rlk_error release_folder_open(struct release_folder *folder, const char *path, struct output *output,
                                   struct problem *problem);

/* Reads channel.json. */
enum rlk_error release_folder_read_channel(struct release_folder *folder, struct problem *problem);

/* Loads all images as one; firmware_free in any case. The problem names the file. */
enum rlk_error release_folder_load(const struct release_folder *folder, struct firmware *whole,
                                   struct problem *problem);

/* The channel's number of that name. */
uint32_t release_folder_number(const struct release_folder *folder, const char *name);

/* Is there a file of that name beside the documents? */
bool release_folder_has(const struct release_folder *folder, const char *name);

#endif
