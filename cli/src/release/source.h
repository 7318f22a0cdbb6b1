/*
 * Where a release lies: a folder, or the same folder on the network.
 */
#ifndef RELOCK_CLI_SOURCE_H
#define RELOCK_CLI_SOURCE_H

#include "output/output.h"
#include "output/problem.h"

struct source {
    bool is_url;
    char base[PATH_MAX];   /* without a slash at its end */
    char parent[PATH_MAX]; /* where keys.json may be */
    const char *name;      /* the last part of `base` */
    struct output *output; /* a download's progress, on a terminal */
    /* Hears of each file that came, before anything is made of it; may be NULL. False: it is not to be used, and
     * source_get returns CONTENT_UNREADABLE. `path` is what the file is called in messages. */
    bool (*arrived)(void *context, bool is_above, const char *name, const struct content *content, const char *path);
    void *context;
};

/* RLK_OK, or RLK_E_LINK_MALFORMED (an address that download_may refuses), RELEASE_NOT_FOUND in the problem. */
enum rlk_error source_open(struct source *source, const char *folder_or_url, struct output *output,
                           struct problem *problem);

/* Reads a file beside the release's, or of the folder above (`is_above`). `path` (PATH_MAX) is what it is called in
 * messages. */
enum content_state source_get(const struct source *source, bool is_above, const char *name, size_t length_max,
                              struct content *content, char *path);

#endif
