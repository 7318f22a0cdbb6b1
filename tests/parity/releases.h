/*
 * Releases for random scenarios: the same text goes to the native engine and, by the page's way, to the wasm one.
 */
#ifndef PARITY_RELEASES_H
#define PARITY_RELEASES_H

#include "relock/release.h"
#include <stdbool.h>

#define RELEASE_TEXT_BYTES 2048U

/* Writes a release.json for a device of `family`: mostly one that suits it. */
void release_write(char *text, enum rlk_family family, uint64_t *seed);

/* What the release wishes, as rlk_release_wish does; false if it is none. The wish points to what is kept here until
 * the next call. */
bool release_wish(const char *text, struct rlk_wish *wish);

#endif
