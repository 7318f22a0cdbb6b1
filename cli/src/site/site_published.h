/*
 * What is published below releases/ of a site already.
 */
#ifndef RELOCK_CLI_SITE_PUBLISHED_H
#define RELOCK_CLI_SITE_PUBLISHED_H

#include "site/site_releases.h"

/* Whether these releases, of the folder `from`, may take the place of what the site has: no edition or sequence becomes
 * lower, none stays the same with other content, and nothing that no release named is written over. Changes nothing.
 * RLK_OK, or after it was said why RLK_E_SITE_RELEASE_OLDER, RLK_E_SITE_NOT_BUILT (something is in the way),
 * RLK_E_SITE_SOURCE_UNUSABLE. */
enum rlk_error site_published_may_become(const struct site_folder *site, struct output *output,
                                         const struct site_releases *releases, const char *from);

/* Puts the paths of all that is published into `paths`, with "" for bytes: documents, their signatures, keys.json, and
 * the files that a release.json names, whether they are there or not. RLK_OK, or RLK_E_SITE_SOURCE_UNUSABLE after it
 * was said why. site_files_free in any case. */
enum rlk_error site_published_list(const struct site_folder *site, struct output *output, struct site_files *paths);

#endif
