/*
 * The files of a site in memory, before any of them is written: what cannot be built leaves the folder as it was.
 */
#ifndef RELOCK_CLI_SITE_FILES_H
#define RELOCK_CLI_SITE_FILES_H

#include "output/output.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_FILE_BYTES_MAX (8U * 1024U * 1024U)
#define SITE_FILES_MAX      1000U
#define SITE_HASH_HEX_BYTES 65U /* SHA-256 as text, with its NUL */

struct site_file {
    char *path;  /* below the site, such as "web/main.js" */
    char *bytes; /* with a NUL behind them, for those that are text */
    size_t length;
};

/* Sorted by path; each path is there once. */
struct site_files {
    struct site_file *items;
    size_t count;
};

/* Both say why there is no site, as printf does, in a notice. What it is to be made of cannot be used: returns
 * RLK_E_SITE_SOURCE_UNUSABLE. It cannot be written: returns RLK_E_SITE_NOT_BUILT. */
enum rlk_error site_refuse_source(struct output *output, const char *format, ...);
enum rlk_error site_refuse(struct output *output, const char *format, ...);

/* Whether it is folders and a name of A-Z, a-z, 0-9, '.', '_' and '-', none of them hidden, and nothing else. */
bool site_path_is_plain(const char *path);

/* Reads a regular file of at most `bytes_max`, as content_read; *bytes is the caller's to free, and ends with a NUL
 * that is not counted. False: it cannot be read, or it is larger; *bytes is NULL then. */
bool site_read_file(const char *path, size_t bytes_max, char **bytes, size_t *length);

/* Puts a file in; `bytes` come from malloc and belong to `files` then, in any case. What had this path is replaced.
 * False: no memory. */
bool site_files_put(struct site_files *files, const char *path, char *bytes, size_t length);
/* The same with a text, which is copied. */
bool site_files_put_text(struct site_files *files, const char *path, const char *text);

/* NULL if there is none. */
struct site_file *site_files_find(const struct site_files *files, const char *path);

/* Takes all files below a folder. Hidden ones, those whose names begin with '_', and releases/ are left out. RLK_OK, or
 * RLK_E_SITE_* after it was said why. */
enum rlk_error site_files_take_folder(struct site_files *files, struct output *output, const char *folder);

void site_files_free(struct site_files *files);

/* The SHA-256 of bytes, in lower-case hexadecimal digits. */
void site_hash(char hex[SITE_HASH_HEX_BYTES], const char *bytes, size_t length);

#endif
