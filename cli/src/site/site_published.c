#include "site/site_published.h"
#include "release/release_files.h"
#include "system/folder.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The documents of a release and of all releases, and the number by which a later one is known. */
static const struct document {
    const char *name;
    enum rlk_document_kind kind;
    const char *number; /* NULL: it has none */
    const char *advice;
} documents[] = {
    {RELEASE_DOCUMENT, RLK_DOCUMENT_RELEASE, "sequence",
     "Raise `sequence` in release.json, then `relock release refresh`."},
    {RELEASE_CHANNEL, RLK_DOCUMENT_CHANNEL, "edition", "Raise `edition` in channel.json, and sign it again."},
    {RELEASE_KEYS, RLK_DOCUMENT_KEYS, "edition", "Raise `edition` in keys.json, and sign it again."},
    {RELEASE_SIGNATURE(RELEASE_DOCUMENT), RLK_DOCUMENT_SIGNATURE, NULL, NULL},
    {RELEASE_SIGNATURE(RELEASE_CHANNEL), RLK_DOCUMENT_SIGNATURE, NULL, NULL},
    {RELEASE_SIGNATURE(RELEASE_KEYS), RLK_DOCUMENT_SIGNATURE, NULL, NULL},
};

enum { DOCUMENTS = sizeof documents / sizeof documents[0] };

static const struct document *document_of(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        if (strcmp(name, documents[i].name) == 0) {
            return &documents[i];
        }
    }
    return NULL;
}

static bool is_of_kind(const char *path, mode_t kind)
{
    struct stat status;
    return lstat(path, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

static bool read_document(struct rlk_json *tree, enum rlk_document_kind kind, const char *path)
{
    char *bytes = NULL;
    size_t length = 0;
    bool is_read = is_of_kind(path, S_IFREG) && site_read_file(path, RLK_JSON_BYTES_MAX, &bytes, &length) &&
                   rlk_document_read(tree, kind, bytes, length, NULL) == RLK_OK;
    free(bytes);
    return is_read;
}

static uint32_t number_of(const struct rlk_json *tree, const char *name)
{
    return rlk_json_member(tree, &tree->nodes[0], name)->number;
}

struct comparison {
    const struct site_folder *site;
    struct output *output;
    const char *from;
    struct rlk_json *scratch;
};

static enum rlk_error refuse_owners(const struct comparison *comparison, const char *path)
{
    return site_refuse(comparison->output, "%s is in the way: it is of no release that was published here.", path);
}

/* `old` differs from what is to take its place. */
static enum rlk_error compare_documents(const struct comparison *comparison, const struct document *document,
                                        const char *old, const char *path)
{
    char fresh[PATH_MAX];
    struct rlk_json *tree = comparison->scratch;
    if (!read_document(tree, document->kind, old)) {
        return refuse_owners(comparison, old);
    }
    if (document->number == NULL) {
        return RLK_OK;
    }
    uint32_t before = number_of(tree, document->number);
    if (!folder_join(fresh, sizeof fresh, comparison->from, path + sizeof SITE_RELEASES) ||
        !read_document(tree, document->kind, fresh)) {
        return site_refuse_source(comparison->output, "%s cannot be read any more.", path);
    }
    uint32_t now = number_of(tree, document->number);
    if (now > before) {
        return RLK_OK;
    }
    if (now < before) {
        site_refuse(comparison->output, "%s has %s %" PRIu32 " and would become %" PRIu32 ", which is older.", old,
                    document->number, before, now);
    } else {
        site_refuse(comparison->output, "%s has %s %" PRIu32 " too, with other content. %s", old, document->number, now,
                    document->advice);
    }
    return RLK_E_SITE_RELEASE_OLDER;
}

static bool names(const struct rlk_json *tree, const char *name)
{
    struct release_file files[RELEASE_FILES_MAX];
    size_t count = release_files_list(tree, files);
    size_t i = 0;
    while (i < count && strcmp(files[i].file, name) != 0) {
        i++;
    }
    return i < count;
}

/* A file that differs may be written over if the release that is published names it. */
static enum rlk_error compare_file(const struct comparison *comparison, const char *old)
{
    char document[PATH_MAX];
    const char *name = strrchr(old, '/') + 1;
    snprintf(document, sizeof document, "%.*s" RELEASE_DOCUMENT, (int)(name - old), old);
    bool is_published =
        read_document(comparison->scratch, RLK_DOCUMENT_RELEASE, document) && names(comparison->scratch, name);
    return is_published ? RLK_OK : refuse_owners(comparison, old);
}

static enum rlk_error compare(const struct comparison *comparison, const struct site_file *noted)
{
    char old[PATH_MAX];
    char hash[SITE_HASH_HEX_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    if (!folder_join(old, sizeof old, comparison->site->path, noted->path)) {
        return site_refuse(comparison->output, "The folder's path is too long: %s", comparison->site->path);
    }
    struct stat status;
    if (lstat(old, &status) != 0) {
        return RLK_OK;
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse_owners(comparison, old);
    }
    if (site_read_file(old, SITE_RELEASE_BYTES_MAX, &bytes, &length)) {
        site_hash(hash, bytes, length);
        free(bytes);
        if (strcmp(hash, noted->bytes) == 0) {
            return RLK_OK;
        }
    }
    const struct document *document = document_of(noted->path);
    return document != NULL ? compare_documents(comparison, document, old, noted->path) : compare_file(comparison, old);
}

enum rlk_error site_published_may_become(const struct site_folder *site, struct output *output,
                                         const struct site_releases *releases, const char *from)
{
    struct comparison comparison = {site, output, from, malloc(sizeof *comparison.scratch)};
    if (comparison.scratch == NULL) {
        return site_refuse(output, "No memory is left.");
    }
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < releases->files.count; i++) {
        error = compare(&comparison, &releases->files.items[i]);
    }
    free(comparison.scratch);
    return error;
}

struct listing {
    const struct site_folder *site;
    struct output *output;
    struct site_files *paths;
    struct rlk_json *scratch;
};

/* A path below the site: "releases/NAME/FILE", or "releases/FILE" for an empty name. */
static enum rlk_error list(const struct listing *listing, const char *name, const char *file, bool must_be_there)
{
    char path[PATH_MAX];
    char whole[PATH_MAX];
    struct stat status;
    int length = snprintf(path, sizeof path, SITE_RELEASES "/%s%s%s", name, name[0] != '\0' ? "/" : "", file);
    if (length <= 0 || (size_t)length >= sizeof path || !folder_join(whole, sizeof whole, listing->site->path, path)) {
        return site_refuse_source(listing->output, "A path of a release is too long: %s", name);
    }
    if (must_be_there && lstat(whole, &status) != 0) {
        return RLK_OK;
    }
    return site_files_put_text(listing->paths, path, "") ? RLK_OK
                                                         : site_refuse_source(listing->output, "No memory is left.");
}

static enum rlk_error list_documents(const struct listing *listing, const char *name)
{
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < DOCUMENTS; i++) {
        bool is_above = strncmp(documents[i].name, RELEASE_KEYS, strlen(RELEASE_KEYS)) == 0;
        error = is_above == (name[0] == '\0') ? list(listing, name, documents[i].name, true) : RLK_OK;
    }
    return error;
}

/* A folder without a release.json is none of a release's. */
static enum rlk_error list_release(const struct listing *listing, const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    struct release_file files[RELEASE_FILES_MAX];
    if (!is_of_kind(folder, S_IFDIR) || !folder_join(path, sizeof path, folder, RELEASE_DOCUMENT) ||
        lstat(path, &status) != 0) {
        return RLK_OK;
    }
    if (!site_path_is_plain(name) || !read_document(listing->scratch, RLK_DOCUMENT_RELEASE, path)) {
        return site_refuse_source(listing->output, "%s is no release that a page could take.", path);
    }
    size_t count = release_files_list(listing->scratch, files);
    enum rlk_error error = list_documents(listing, name);
    for (size_t i = 0; error == RLK_OK && i < count; i++) {
        error = list(listing, name, files[i].file, false);
    }
    return error;
}

static enum rlk_error list_releases(const struct listing *listing, DIR *directory, const char *folder)
{
    enum rlk_error error = list_documents(listing, "");
    struct dirent *entry = NULL;
    while (error == RLK_OK && (entry = readdir(directory)) != NULL) {
        char path[PATH_MAX];
        if (entry->d_name[0] != '.' && folder_join(path, sizeof path, folder, entry->d_name)) {
            error = list_release(listing, path, entry->d_name);
        }
    }
    return error;
}

static enum rlk_error list_folder(const struct listing *listing, const char *folder)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return errno == ENOENT ? RLK_OK : site_refuse_source(listing->output, "%s cannot be read.", folder);
    }
    enum rlk_error error = list_releases(listing, directory, folder);
    closedir(directory);
    return error;
}

enum rlk_error site_published_list(const struct site_folder *site, struct output *output, struct site_files *paths)
{
    char folder[PATH_MAX];
    struct listing listing = {site, output, paths, malloc(sizeof *listing.scratch)};
    enum rlk_error error = RLK_OK;
    if (listing.scratch == NULL || !folder_join(folder, sizeof folder, site->path, SITE_RELEASES)) {
        error = site_refuse_source(output, "The releases in %s cannot be read.", site->path);
    } else {
        error = list_folder(&listing, folder);
    }
    free(listing.scratch);
    return error;
}
