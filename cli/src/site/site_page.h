/*
 * The page's own files, as its configuration wants them: the policy, and the list that the service worker keeps.
 */
#ifndef RELOCK_CLI_SITE_PAGE_H
#define RELOCK_CLI_SITE_PAGE_H

#include "site/site_config.h"
#include "site/site_files.h"

#define SITE_VERSION_BYTES 17U /* 16 hexadecimal digits and a NUL */

/* Replaces what is in a file of the page exactly once. RLK_OK, or RLK_E_SITE_* after it was said that this is
 * not the page's file, as all below. */
enum rlk_error site_page_replace(struct site_files *files, struct output *output, const char *path, const char *find,
                                 const char *with);

/* Completes the policy in index.html: what the page may connect to is its own origin and config->origins. *policy is
 * the whole, for a header, with what a page cannot say of itself; the caller's to free, NULL on failure. */
enum rlk_error site_page_policy(struct site_files *files, struct output *output, const struct site_config *config,
                                char **policy);

/* Writes the list of `files`, with sizes and hashes, into sw.js, and its version into `version`. What is put in or
 * changed afterwards is not kept for use without a network. */
enum rlk_error site_page_worker(struct site_files *files, struct output *output, char version[SITE_VERSION_BYTES]);

#endif
