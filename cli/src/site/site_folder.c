#include "site/site_folder.h"
#include "system/folder.h"
#include "system/output_file.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST_TITLE     "relock-site-1: what `relock site build` made here; it may replace and remove these files"
#define LIST_BYTES_MAX (1024U * 1024U)
#define WORKER         "sw.js"

/* Takes a list's lines; `text` is cut into them. False: this is no such list. */
static bool take_list(struct site_files *list, char *text)
{
    char *line = text;
    for (unsigned i = 0; *line != '\0'; i++) {
        size_t length = strcspn(line, "\n");
        if (line[length] == '\0') {
            return false;
        }
        line[length] = '\0';
        bool is_good = i == 0 ? strcmp(line, LIST_TITLE) == 0
                              : site_path_is_plain(line) && i <= SITE_FILES_MAX && site_files_put_text(list, line, "");
        if (!is_good) {
            return false;
        }
        line += length + 1;
    }
    return line != text;
}

static bool is_empty(DIR *directory)
{
    struct dirent *entry = NULL;
    do {
        entry = readdir(directory);
    } while (entry != NULL && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry == NULL;
}

static enum rlk_error look_inside(struct site_folder *folder, struct output *output, DIR *directory)
{
    char path[PATH_MAX];
    char *text = NULL;
    size_t length = 0;
    if (is_empty(directory)) {
        return RLK_OK;
    }
    bool is_ours = folder_join(path, sizeof path, folder->path, SITE_LIST) &&
                   site_read_file(path, LIST_BYTES_MAX, &text, &length) && take_list(&folder->list, text);
    free(text);
    return is_ours ? RLK_OK
                   : site_refuse(output,
                                 "%s holds files that `relock site build` did not make. Name an empty folder, or "
                                 "one that it built before.",
                                 folder->path);
}

enum rlk_error site_folder_look(struct site_folder *folder, struct output *output, const char *path)
{
    *folder = (struct site_folder){.path = path};
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return errno == ENOENT ? RLK_OK : site_refuse(output, "%s cannot be used as a folder.", path);
    }
    enum rlk_error error = look_inside(folder, output, directory);
    closedir(directory);
    return error;
}

enum rlk_error site_folder_may_hold(const struct site_folder *folder, struct output *output,
                                    const struct site_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        char path[PATH_MAX];
        struct stat status;
        const char *name = files->items[i].path;
        if (!folder_join(path, sizeof path, folder->path, name)) {
            return site_refuse(output, "The folder's path is too long: %s", folder->path);
        }
        if (site_files_find(&folder->list, name) == NULL && lstat(path, &status) == 0) {
            return site_refuse(output, "%s is in the way: `relock site build` did not make it.", path);
        }
    }
    return RLK_OK;
}

typedef bool judge_folder(const char *path);

static bool is_folder(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_folder_now(const char *path)
{
    return mkdir(path, S_IRWXU | S_IRWXG | S_IRWXO) == 0 || is_folder(path);
}

/* Each folder on the way to a file; none of them may be a link, which could lead anywhere. `path` begins with
 * `root_bytes` of the site's own folder, which may be one. */
static bool has_way(char *path, size_t root_bytes, judge_folder *judge)
{
    for (char *slash = strchr(path + root_bytes + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool is_good = judge(path);
        *slash = '/';
        if (!is_good) {
            return false;
        }
    }
    return true;
}

static bool holds(const char *path, const struct site_file *file)
{
    struct stat status;
    char *bytes = NULL;
    size_t length = 0;
    bool is_same = lstat(path, &status) == 0 && S_ISREG(status.st_mode) &&
                   site_read_file(path, file->length, &bytes, &length) && length == file->length &&
                   memcmp(bytes, file->bytes, length) == 0;
    free(bytes);
    return is_same;
}

static bool replace(const char *path, const struct site_file *file)
{
    struct output_file fresh;
    if (output_file_begin(&fresh, path) != RLK_OK) {
        return false;
    }
    /* What could not be written is found by output_file_keep. */
    fwrite(file->bytes, 1, file->length, fresh.stream);
    return output_file_keep(&fresh) == RLK_OK;
}

static enum rlk_error write_file(struct site_folder *folder, struct output *output, const struct site_file *file)
{
    char path[PATH_MAX];
    if (!folder_join(path, sizeof path, folder->path, file->path) ||
        !has_way(path, strlen(folder->path), is_folder_now)) {
        return site_refuse(output, "There is no way to %s in %s.", file->path, folder->path);
    }
    if (holds(path, file)) {
        return RLK_OK;
    }
    folder->written++;
    return replace(path, file) ? RLK_OK : site_refuse(output, "%s cannot be written.", path);
}

static void put_names(FILE *stream, const struct site_files *files, const struct site_files *without)
{
    for (size_t i = 0; i < files->count; i++) {
        if (without == NULL || site_files_find(without, files->items[i].path) == NULL) {
            fprintf(stream, "%s\n", files->items[i].path);
        }
    }
}

/* `more`, which may be NULL, are in the list as well. */
static enum rlk_error write_list(struct site_folder *folder, struct output *output, const struct site_files *files,
                                 const struct site_files *more)
{
    unsigned written = folder->written;
    struct site_file list = {.path = (char[]){SITE_LIST}};
    FILE *stream = open_memstream(&list.bytes, &list.length);
    if (stream == NULL) {
        return site_refuse(output, "No memory is left.");
    }
    fputs(LIST_TITLE "\n", stream);
    put_names(stream, files, NULL);
    if (more != NULL) {
        put_names(stream, more, files);
    }
    enum rlk_error error =
        fclose(stream) == 0 ? write_file(folder, output, &list) : site_refuse(output, "No memory is left.");
    free(list.bytes);
    folder->written = written;
    return error;
}

/* With the folders that are empty then. */
static bool remove_file(char *path, size_t root_bytes)
{
    bool is_gone = unlink(path) == 0 || errno == ENOENT;
    char *slash = strrchr(path, '/');
    while (is_gone && slash > path + root_bytes) {
        *slash = '\0';
        slash = rmdir(path) == 0 ? strrchr(path, '/') : path;
    }
    return is_gone;
}

static enum rlk_error remove_stale(struct site_folder *folder, struct output *output, const struct site_files *files)
{
    size_t root_bytes = strlen(folder->path);
    for (size_t i = 0; i < folder->list.count; i++) {
        char path[PATH_MAX];
        const char *name = folder->list.items[i].path;
        bool is_stale = site_files_find(files, name) == NULL;
        if (!is_stale || !folder_join(path, sizeof path, folder->path, name) || !has_way(path, root_bytes, is_folder)) {
            continue;
        }
        if (!remove_file(path, root_bytes)) {
            return site_refuse(output, "%s of an earlier build cannot be removed.", name);
        }
        folder->removed++;
    }
    return RLK_OK;
}

enum rlk_error site_folder_write(struct site_folder *folder, struct output *output, const struct site_files *files)
{
    struct stat status;
    if (mkdir(folder->path, S_IRWXU | S_IRWXG | S_IRWXO) != 0 &&
        (stat(folder->path, &status) != 0 || !S_ISDIR(status.st_mode))) {
        return site_refuse(output, "The folder %s cannot be made.", folder->path);
    }
    /* The list first, old names and new ones: what is half written when the power fails is ours, too. */
    enum rlk_error error = write_list(folder, output, files, &folder->list);
    for (size_t i = 0; error == RLK_OK && i < files->count; i++) {
        bool is_worker = strcmp(files->items[i].path, WORKER) == 0;
        error = is_worker ? RLK_OK : write_file(folder, output, &files->items[i]);
    }
    const struct site_file *worker = site_files_find(files, WORKER);
    if (error == RLK_OK && worker != NULL) {
        error = write_file(folder, output, worker);
    }
    if (error == RLK_OK) {
        error = remove_stale(folder, output, files);
    }
    return error == RLK_OK ? write_list(folder, output, files, NULL) : error;
}

enum rlk_error site_folder_write_apart(struct site_folder *folder, struct output *output, const struct site_file *file)
{
    return write_file(folder, output, file);
}

void site_folder_free(struct site_folder *folder)
{
    site_files_free(&folder->list);
}
