/*
 * A site as it is served, compared with the folder in which it was built.
 */
#ifndef RELOCK_CLI_SITE_CHECK_H
#define RELOCK_CLI_SITE_CHECK_H

#include "output/output.h"
#include "site/site_folder.h"

/* Fetches each file of a built folder, and of the releases in it, from `url`, which ends with a slash, and compares
 * bytes, types and headers; looks whether what is not there is said to be missing. Says each difference once, with how
 * many files it concerns. RLK_OK, RLK_E_SITE_NOT_AS_BUILT, RLK_E_SITE_SOURCE_UNUSABLE (the folder, or an address that
 * may not be fetched), RLK_E_INTERRUPTED. Changes nothing. */
enum rlk_error site_check(struct output *output, const struct site_folder *folder, const char *url);

#endif
