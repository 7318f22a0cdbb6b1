/*
 * One file from the network: https, or http from this computer itself; no redirect, no proxy, no cookie, no password.
 */
#ifndef RELOCK_CLI_DOWNLOAD_H
#define RELOCK_CLI_DOWNLOAD_H

#include "system/content.h"
#include <stdbool.h>

/* May this be fetched: https://HOST[:PORT]/PATH of plain characters, without user, query, fragment or dot segments;
 * http:// only if HOST is localhost, 127.0.0.1 or [::1]. */
bool download_may(const char *url);

/* Hears a header of the answer, as it was sent. */
typedef void download_header(void *context, const char *name, const char *value);

/* Hears how much has come. */
typedef void download_progress(void *context, size_t bytes);

/* Fetches at most `length_max` bytes. CONTENT_MISSING for 404 and 410, CONTENT_NOT_REACHED for everything else that is
 * not 200 (a redirect among it), for a certificate that does not hold and for silence of 30 s. content_free in any
 * case. */
enum content_state download_get(struct content *content, const char *url, size_t length_max,
                                download_progress *progress, void *context);

/* The same, for who wants to see each header, whatever came of the rest. */
enum content_state download_look(struct content *content, const char *url, size_t length_max, download_header *header,
                                 void *context);

#endif
