#include "site/site_releases.h"
#include "release/release_load.h"
#include "system/times.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RELEASES       "releases"
#define FILE_BYTES_MAX (32U * 1024U * 1024U)

struct visit {
    struct site_releases *releases;
    struct output *output;
    const struct site_config *config;
    const char *folder;
    struct problem *problem;
    struct loaded_release *loaded;
};

/* Notes a file below the folder by the hash of what is in it now. */
static enum rlk_error note_file(struct visit *visit, const char *name)
{
    char from[PATH_MAX];
    char to[PATH_MAX];
    char hash[SITE_HASH_HEX_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    if (!site_join(from, sizeof from, visit->folder, name) || !site_join(to, sizeof to, RELEASES, name) ||
        !site_path_is_plain(to) || !site_read_file(from, FILE_BYTES_MAX, &bytes, &length)) {
        return site_refuse_source(visit->output, "%s of the releases cannot be read.", name);
    }
    site_hash(hash, bytes, length);
    free(bytes);
    return site_files_put_text(&visit->releases->files, to, hash)
               ? RLK_OK
               : site_refuse_source(visit->output, "No memory is left.");
}

static bool is_there(const struct visit *visit, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    return site_join(path, sizeof path, visit->folder, name) && stat(path, &status) == 0;
}

/* A document, and its signature if it has one. */
static enum rlk_error note_document(struct visit *visit, const char *name)
{
    char signature[PATH_MAX];
    enum rlk_error error = note_file(visit, name);
    snprintf(signature, sizeof signature, "%s.sig", name);
    return error == RLK_OK && is_there(visit, signature) ? note_file(visit, signature) : error;
}

static enum rlk_error note_release(struct visit *visit, const char *name)
{
    char path[PATH_MAX];
    struct release_file files[RELEASE_FILES_MAX];
    size_t count = release_files_list(&visit->loaded->tree, files);
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < count; i++) {
        bool fits = site_join(path, sizeof path, name, files[i].file);
        error = fits ? note_file(visit, path) : site_refuse_source(visit->output, "%s: a path is too long.", name);
    }
    static const char *const documents[] = {RELEASE_DOCUMENT, RELEASE_CHANNEL};
    for (size_t i = 0; error == RLK_OK && i < sizeof documents / sizeof documents[0]; i++) {
        bool fits = site_join(path, sizeof path, name, documents[i]);
        error = fits ? note_document(visit, path) : site_refuse_source(visit->output, "%s: a path is too long.", name);
    }
    return error;
}

static enum rlk_error load(struct visit *visit, const char *path)
{
    struct source source;
    struct release_terms terms = {
        .trusted = visit->config->keys.count > 0 ? &visit->config->keys : NULL,
        .wants_pictures = true,
        .now_s = times_now_s(),
    };
    enum rlk_error error = source_open(&source, path, visit->output, visit->problem);
    if (error != RLK_OK) {
        return error;
    }
    error = release_load(visit->loaded, &source, &terms, visit->problem);
    if (error == RLK_OK && visit->loaded->objection.error != RLK_OK) {
        *visit->problem = visit->loaded->objection;
        error = visit->problem->error;
    }
    release_free(visit->loaded);
    return error;
}

static enum rlk_error visit_release(struct visit *visit, const char *name)
{
    char path[PATH_MAX];
    if (!site_join(path, sizeof path, visit->folder, name)) {
        return site_refuse_source(visit->output, "%s: a path is too long.", name);
    }
    enum rlk_error error = load(visit, path);
    visit->releases->count++;
    return error == RLK_OK ? note_release(visit, name) : error;
}

static enum rlk_error visit_folder(struct visit *visit, DIR *folder)
{
    enum rlk_error error = RLK_OK;
    struct dirent *entry = NULL;
    while (error == RLK_OK && (entry = readdir(folder)) != NULL) {
        char document[PATH_MAX];
        bool is_hidden = entry->d_name[0] == '.';
        if (!is_hidden && site_join(document, sizeof document, entry->d_name, RELEASE_DOCUMENT) &&
            is_there(visit, document)) {
            error = visit_release(visit, entry->d_name);
        }
    }
    if (error == RLK_OK && is_there(visit, RELEASE_KEYS)) {
        error = note_document(visit, RELEASE_KEYS);
    }
    return error;
}

enum rlk_error site_releases_check(struct site_releases *releases, struct output *output,
                                   const struct site_config *config, const char *folder, struct problem *problem)
{
    struct visit visit = {releases, output, config, folder, problem, malloc(sizeof *visit.loaded)};
    DIR *directory = opendir(folder);
    enum rlk_error error = RLK_OK;
    if (directory == NULL || visit.loaded == NULL) {
        error = site_refuse_source(output, "The folder of the releases, %s, cannot be read.", folder);
    } else {
        error = visit_folder(&visit, directory);
    }
    if (directory != NULL) {
        closedir(directory);
    }
    free(visit.loaded);
    if (error == RLK_OK && releases->count == 0) {
        error = site_refuse_source(output, "There is no release in %s: it has no folder with a " RELEASE_DOCUMENT ".",
                                   folder);
    }
    return error;
}

/* A visitor may come at any moment: what is named is there before what names it. */
static unsigned rank_of(const char *path)
{
    static const char *const last[] = {"/" RELEASE_KEYS, "/" RELEASE_DOCUMENT, "/" RELEASE_CHANNEL};
    const char *name = strrchr(path, '/');
    for (unsigned i = 0; i < sizeof last / sizeof last[0]; i++) {
        size_t length = strlen(last[i]);
        if (strncmp(name, last[i], length) == 0 && (name[length] == '\0' || strcmp(name + length, ".sig") == 0)) {
            return i + 1;
        }
    }
    return 0;
}

enum { RANKS = 4 };

static enum rlk_error copy_file(const struct site_file *noted, struct output *output, const char *folder,
                                struct site_folder *site)
{
    char path[PATH_MAX];
    char hash[SITE_HASH_HEX_BYTES];
    struct site_file file = {.path = noted->path};
    if (!site_join(path, sizeof path, folder, noted->path + sizeof RELEASES) ||
        !site_read_file(path, FILE_BYTES_MAX, &file.bytes, &file.length)) {
        return site_refuse_source(output, "%s cannot be read any more.", noted->path);
    }
    site_hash(hash, file.bytes, file.length);
    enum rlk_error error = strcmp(hash, noted->bytes) == 0
                               ? site_folder_write_apart(site, output, &file)
                               : site_refuse_source(output, "%s was changed while the site was built.", noted->path);
    free(file.bytes);
    return error;
}

enum rlk_error site_releases_write(const struct site_releases *releases, struct output *output, const char *folder,
                                   struct site_folder *site)
{
    enum rlk_error error = RLK_OK;
    for (unsigned rank = 0; rank < RANKS; rank++) {
        for (size_t i = 0; error == RLK_OK && i < releases->files.count; i++) {
            const struct site_file *noted = &releases->files.items[i];
            error = rank_of(noted->path) == rank ? copy_file(noted, output, folder, site) : RLK_OK;
        }
    }
    return error;
}

void site_releases_free(struct site_releases *releases)
{
    site_files_free(&releases->files);
}
