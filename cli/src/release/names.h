/*
 * What names may look like, as docs/release-format.md has them, for texts that are in no document.
 */
#ifndef RELOCK_CLI_NAMES_H
#define RELOCK_CLI_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAME_RELEASE_BYTES 65U /* of a release's name, with its NUL */

#define NAME_SMALL  "abcdefghijklmnopqrstuvwxyz"
#define NAME_LARGE  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NAME_DIGITS "0123456789"

/* 1 to `most` of `letters`, and nothing else. */
bool name_is_of(const char *text, const char *letters, size_t most);

/* A release's: 1 to 64 of a-z, 0-9 and -. */
bool name_is_release(const char *text);

/* A language's: [a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2} */
bool name_is_language(const char *text);

#endif
