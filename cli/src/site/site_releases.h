/*
 * Releases, as a site publishes them: only those that the site's own page would take.
 */
#ifndef RELOCK_CLI_SITE_RELEASES_H
#define RELOCK_CLI_SITE_RELEASES_H

#include "site/site_config.h"
#include "site/site_folder.h"

#define SITE_RELEASES          "releases"
#define SITE_RELEASE_BYTES_MAX (32U * 1024U * 1024U) /* of a file */

struct site_releases {
    struct site_files files; /* below releases/; instead of their bytes the hashes of what was checked */
    size_t count;            /* of releases */
};

/* Checks each release below `folder` as the page of this site would: keys.json, channel, release, signatures, files.
 * What was withdrawn or has expired is taken too, and that is said. Without keys in `config` signatures and keys.json
 * are taken if they are such documents. Changes nothing. RLK_OK; the error of release_load or why it may not be used,
 * with the place in `problem`; RLK_E_SITE_* after it was said why: what is no regular file, or in no real folder, is
 * refused. site_releases_free in any case. */
enum rlk_error site_releases_check(struct site_releases *releases, struct output *output,
                                   const struct site_config *config, const char *folder, struct problem *problem);

/* Copies them below releases/ of the site, those of an earlier build too: the files first, then what names them, the
 * channel last. RLK_OK, or RLK_E_SITE_* after it was said why. */
enum rlk_error site_releases_write(const struct site_releases *releases, struct output *output, const char *folder,
                                   struct site_folder *site);

void site_releases_free(struct site_releases *releases);

#endif
