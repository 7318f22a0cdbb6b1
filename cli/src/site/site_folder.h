/*
 * The folder that a site is built in. What `relock site build` put there is in a list of its own; nothing else is
 * written over or removed.
 */
#ifndef RELOCK_CLI_SITE_FOLDER_H
#define RELOCK_CLI_SITE_FOLDER_H

#include "output/output.h"
#include "site/site_files.h"

#define SITE_LIST ".relock-site"

struct site_folder {
    const char *path;
    struct site_files list; /* what is in it by an earlier build: paths without bytes */
    unsigned written, removed;
};

/* All return RLK_OK, or RLK_E_SITE_NOT_BUILT after it was said why. */

/* Looks at a folder: it is not there yet, empty, or was built before. Changes nothing. site_folder_free in any case. */
enum rlk_error site_folder_look(struct site_folder *folder, struct output *output, const char *path);

/* Whether these files can be put there: nothing that has one of these names is somebody else's. Changes nothing. */
enum rlk_error site_folder_may_hold(const struct site_folder *folder, struct output *output,
                                    const struct site_files *files);

/* Writes those of the files that differ from what is there, each at once and whole, and sw.js last; then removes what
 * an earlier build had and this one has not. Interrupted, it is done by the next build. */
enum rlk_error site_folder_write(struct site_folder *folder, struct output *output, const struct site_files *files);

/* Writes one more file, which is in no list: a release's, which no later build removes. */
enum rlk_error site_folder_write_apart(struct site_folder *folder, struct output *output, const struct site_file *file);

void site_folder_free(struct site_folder *folder);

#endif
