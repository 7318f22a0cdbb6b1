/*
 * All of a file, in memory: of a folder here, of a download in download.h.
 */
#ifndef RELOCK_CLI_CONTENT_H
#define RELOCK_CLI_CONTENT_H

#include <stddef.h>
#include <stdint.h>

struct content {
    uint8_t *bytes; /* allocated; NULL if there is nothing */
    size_t length;
};

enum content_state {
    CONTENT_OK,
    CONTENT_MISSING,
    CONTENT_TOO_LARGE, /* more than was allowed; nothing is kept */
    CONTENT_CUT_OFF,   /* it ended before its announced end */
    CONTENT_UNREADABLE,
    CONTENT_INTERRUPTED,
    CONTENT_NOT_REACHED, /* of a download: no answer, or none with the file */
};

/* Reads a regular file of at most `length_max` bytes; what is none (a folder, a pipe) is never waited for. Behind the
 * bytes is a NUL that `length` does not count. content_free in any case. */
enum content_state content_read(struct content *content, const char *path, size_t length_max);

/* Also wipes it; may be called again. */
void content_free(struct content *content);

#endif
