#include "site/site_files.h"
#include "output/text.h"
#include "system/content.h"
#include "system/folder.h"
#include "system/hex.h"
#include <dirent.h>
#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 8 };

static void say(struct output *output, const char *format, va_list values)
{
    char text[2 * PATH_MAX];
    char clean[sizeof text];
    vsnprintf(text, sizeof text, format, values);
    text_clean(clean, sizeof clean, text);
    output->functions->notice(output, clean);
}

enum rlk_error site_refuse_source(struct output *output, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    say(output, format, values);
    va_end(values);
    return RLK_E_SITE_SOURCE_UNUSABLE;
}

enum rlk_error site_refuse(struct output *output, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    say(output, format, values);
    va_end(values);
    return RLK_E_SITE_NOT_BUILT;
}

bool site_path_is_plain(const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    do {
        size_t length = strspn(path, plain);
        if (length == 0 || path[0] == '.' || (path[length] != '/' && path[length] != '\0')) {
            return false;
        }
        path += length;
    } while (*path++ == '/');
    return true;
}

bool site_read_file(const char *path, size_t bytes_max, char **bytes, size_t *length)
{
    struct content content;
    bool is_read = content_read(&content, path, bytes_max) == CONTENT_OK;
    if (!is_read) {
        content_free(&content);
    }
    *bytes = (char *)content.bytes;
    *length = content.length;
    return is_read;
}

/* The index of the file with this path, or where it would be put in. */
static size_t place_of(const struct site_files *files, const char *path)
{
    size_t low = 0;
    size_t high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files->items[middle].path, path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct site_file *site_files_find(const struct site_files *files, const char *path)
{
    size_t place = place_of(files, path);
    bool is_there = place < files->count && strcmp(files->items[place].path, path) == 0;
    return is_there ? &files->items[place] : NULL;
}

static struct site_file *make_place(struct site_files *files, const char *path)
{
    char *name = strdup(path);
    struct site_file *items = name != NULL ? realloc(files->items, (files->count + 1) * sizeof *items) : NULL;
    if (items == NULL) {
        free(name);
        return NULL;
    }
    files->items = items;
    size_t place = place_of(files, path);
    memmove(items + place + 1, items + place, (files->count - place) * sizeof *items);
    items[place] = (struct site_file){.path = name};
    files->count++;
    return &items[place];
}

bool site_files_put(struct site_files *files, const char *path, char *bytes, size_t length)
{
    struct site_file *file = site_files_find(files, path);
    if (file == NULL) {
        file = make_place(files, path);
    }
    if (file == NULL || bytes == NULL) {
        free(bytes);
        return false;
    }
    free(file->bytes);
    file->bytes = bytes;
    file->length = length;
    return true;
}

bool site_files_put_text(struct site_files *files, const char *path, const char *text)
{
    return site_files_put(files, path, strdup(text), strlen(text));
}

struct walk {
    struct site_files *files;
    struct output *output;
    size_t root_bytes; /* of a path: what is not part of the site's */
};

static enum rlk_error take_entry(struct walk *walk, const char *path, unsigned depth);

static enum rlk_error take_entries(struct walk *walk, DIR *folder, const char *path, unsigned depth)
{
    enum rlk_error error = RLK_OK;
    struct dirent *entry = NULL;
    while (error == RLK_OK && (entry = readdir(folder)) != NULL) {
        char below[PATH_MAX];
        bool is_releases = depth == 0 && strcmp(entry->d_name, "releases") == 0;
        if (entry->d_name[0] == '.' || entry->d_name[0] == '_' || is_releases) {
            continue;
        }
        if (!folder_join(below, sizeof below, path, entry->d_name)) {
            return site_refuse_source(walk->output, "The path of a page's file is too long: %s/…", path);
        }
        error = take_entry(walk, below, depth);
    }
    return error;
}

static enum rlk_error take_below(struct walk *walk, const char *path, unsigned depth)
{
    DIR *folder = depth < DEPTH_MAX ? opendir(path) : NULL;
    if (folder == NULL) {
        return site_refuse_source(walk->output, "The page's folder %s cannot be read.", path);
    }
    enum rlk_error error = take_entries(walk, folder, path, depth);
    closedir(folder);
    return error;
}

static enum rlk_error take_file(struct walk *walk, const char *path)
{
    const char *name = path + walk->root_bytes;
    if (!site_path_is_plain(name) || walk->files->count == SITE_FILES_MAX) {
        return site_refuse_source(walk->output, "The page's folder holds what is not of the page: %s", path);
    }
    char *bytes = NULL;
    size_t length = 0;
    if (!site_read_file(path, SITE_FILE_BYTES_MAX, &bytes, &length)) {
        return site_refuse_source(walk->output, "%s cannot be read, or is too large for a page.", path);
    }
    return site_files_put(walk->files, name, bytes, length) ? RLK_OK
                                                            : site_refuse_source(walk->output, "No memory is left.");
}

static enum rlk_error take_entry(struct walk *walk, const char *path, unsigned depth)
{
    struct stat status;
    if (lstat(path, &status) != 0 || (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))) {
        return site_refuse_source(walk->output, "%s is neither a file nor a folder.", path);
    }
    return S_ISDIR(status.st_mode) ? take_below(walk, path, depth + 1) : take_file(walk, path);
}

enum rlk_error site_files_take_folder(struct site_files *files, struct output *output, const char *folder)
{
    struct walk walk = {files, output, strlen(folder) + 1};
    return take_below(&walk, folder, 0);
}

void site_files_free(struct site_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].bytes);
    }
    free(files->items);
    *files = (struct site_files){0};
}

void site_hash(char hex[SITE_HASH_HEX_BYTES], const char *bytes, size_t length)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)bytes, length);
    hex_write(hex, hash, sizeof hash);
}
