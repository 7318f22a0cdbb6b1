/*
 * The parts of a new release.json, from the command line.
 */
#ifndef RELOCK_CLI_RELEASE_PARTS_H
#define RELOCK_CLI_RELEASE_PARTS_H

#include "release/maker.h"
#include "release/names.h"
#include "release/release_files.h"
#include "relock/release.h"

/* An image on its way into the folder. */
struct new_image {
    char place[PATH_MAX]; /* as typed, without its address */
    char name[65];        /* in the folder */
    bool is_binary;
    uint32_t addr;
    struct content content;
};

struct new_release {
    const struct arguments *arguments;
    const char *folder;
    char name[NAME_RELEASE_BYTES];
    uint32_t sequence;
    uint64_t expires_s;
    struct text_list languages;
    struct new_image images[RLK_RELEASE_IMAGES_MAX];
    size_t image_count;
    json_t *options; /* of the profile, or NULL */
};

/* The whole document. NULL: no memory. */
json_t *release_parts_build(const struct new_release *release);

/* The first channel.json of a release. */
json_t *release_parts_channel(const char *name, uint32_t sequence);

/* An image's or a picture's size and hash, into its object. */
void release_parts_set_file(json_t *object, const struct content *content);

#endif
