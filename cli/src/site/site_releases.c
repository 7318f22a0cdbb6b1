#include "site/site_releases.h"
#include "release/maker.h"
#include "release/release_load.h"
#include "system/folder.h"
#include "system/times.h"
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RELEASES SITE_RELEASES

struct visit {
    struct site_releases *releases;
    struct output *output;
    const struct site_config *config;
    const char *folder;
    struct problem *problem;
    struct loaded_release *loaded;
    const char *name; /* of the release that is looked at */
    struct rlk_json *scratch;
    enum rlk_error error; /* why what arrived cannot be published, after it was said */
};

enum entry_kind { ENTRY_MISSING, ENTRY_FILE, ENTRY_FOLDER, ENTRY_OTHER };

/* A link is neither a file nor a folder: what it leads to was not put here to be published. */
static enum entry_kind kind_of(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return ENTRY_MISSING;
    }
    bool is_folder = S_ISDIR(status.st_mode);
    return is_folder ? ENTRY_FOLDER : S_ISREG(status.st_mode) ? ENTRY_FILE : ENTRY_OTHER;
}

static enum rlk_error refuse_link(const struct visit *visit, const char *path)
{
    return site_refuse_source(visit->output, "%s is a link or no file: only what lies there itself is published.",
                              path);
}

/* Notes the hash of the very bytes that are checked. */
static enum rlk_error note(const struct visit *visit, const char *to, const struct content *content)
{
    char hash[SITE_HASH_HEX_BYTES];
    site_hash(hash, (const char *)content->bytes, content->length);
    const struct site_file *noted = site_files_find(&visit->releases->files, to);
    if (noted != NULL) {
        return strcmp(noted->bytes, hash) == 0
                   ? RLK_OK
                   : site_refuse_source(visit->output, "%s was changed while the site was built.", to);
    }
    return site_files_put_text(&visit->releases->files, to, hash)
               ? RLK_OK
               : site_refuse_source(visit->output, "No memory is left.");
}

static bool on_arrived(void *context, bool is_above, const char *name, const struct content *content, const char *path)
{
    struct visit *visit = context;
    char to[PATH_MAX];
    int length = is_above ? snprintf(to, sizeof to, RELEASES "/%s", name)
                          : snprintf(to, sizeof to, RELEASES "/%s/%s", visit->name, name);
    if (kind_of(path) != ENTRY_FILE) {
        visit->error = refuse_link(visit, path);
    } else if (length <= 0 || (size_t)length >= sizeof to) {
        visit->error = site_refuse_source(visit->output, "%s: a path is too long.", path);
    } else {
        visit->error = note(visit, to, content);
    }
    return visit->error == RLK_OK;
}

/* A document that the page of a site without keys does not look at, but others may: published if it is one. */
static enum rlk_error note_more(struct visit *visit, const struct source *source, bool is_above, const char *name,
                                enum rlk_document_kind kind)
{
    char path[PATH_MAX];
    struct content content;
    if (!folder_join(path, sizeof path, is_above ? source->parent : source->base, name) ||
        kind_of(path) == ENTRY_MISSING) {
        return RLK_OK;
    }
    enum content_state state = source_get(source, is_above, name, RLK_JSON_BYTES_MAX, &content, path);
    if (visit->error != RLK_OK) {
        return visit->error;
    }
    enum rlk_error error =
        problem_set_state(visit->problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_DOCUMENT_TOO_LARGE);
    if (error == RLK_OK) {
        error = problem_set_document(visit->problem, visit->scratch, kind, &content, path);
    }
    content_free(&content);
    return error;
}

static enum rlk_error note_unlooked(struct visit *visit, const struct source *source)
{
    static const struct {
        const char *name;
        bool is_above;
        enum rlk_document_kind kind;
    } more[] = {
        {RELEASE_SIGNATURE(RELEASE_DOCUMENT), false, RLK_DOCUMENT_SIGNATURE},
        {RELEASE_SIGNATURE(RELEASE_CHANNEL), false, RLK_DOCUMENT_SIGNATURE},
        {RELEASE_KEYS, true, RLK_DOCUMENT_KEYS},
        {RELEASE_SIGNATURE(RELEASE_KEYS), true, RLK_DOCUMENT_SIGNATURE},
    };
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < sizeof more / sizeof more[0]; i++) {
        error = note_more(visit, source, more[i].is_above, more[i].name, more[i].kind);
    }
    return error;
}

/* That no device may be updated with it any more is what its maker wants to publish. */
static enum rlk_error judge(struct visit *visit)
{
    static const struct {
        enum rlk_error error;
        const char *state;
    } published[] = {
        {RLK_E_RELEASE_WITHDRAWN, "was withdrawn"},
        {RLK_E_RELEASE_EXPIRED, "has expired, or its channel has"},
    };
    const struct problem *objection = &visit->loaded->objection;
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        if (objection->error == published[i].error) {
            maker_say(visit->output,
                      "%s: release %" PRIu32
                      " %s (RLK-%d). It is published so, and nobody can begin an update with it.",
                      visit->name, visit->loaded->release.sequence, published[i].state, -(int)objection->error);
            return RLK_OK;
        }
    }
    if (objection->error != RLK_OK) {
        *visit->problem = *objection;
    }
    return objection->error;
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
    source.arrived = on_arrived;
    source.context = visit;
    error = release_load(visit->loaded, &source, &terms, visit->problem);
    if (visit->error != RLK_OK) {
        error = visit->error;
        problem_set(visit->problem, RLK_OK, NULL);
    }
    if (error == RLK_OK) {
        error = judge(visit);
    }
    if (error == RLK_OK && terms.trusted == NULL) {
        error = note_unlooked(visit, &source);
    }
    release_free(visit->loaded);
    return error;
}

/* Whatever else lies there is none of a release's. */
static enum rlk_error visit_entry(struct visit *visit, const char *name)
{
    char path[PATH_MAX];
    char document[PATH_MAX];
    struct stat status;
    if (!folder_join(path, sizeof path, visit->folder, name) ||
        !folder_join(document, sizeof document, path, RELEASE_DOCUMENT)) {
        return site_refuse_source(visit->output, "%s: a path is too long.", name);
    }
    if (stat(document, &status) != 0) {
        return RLK_OK;
    }
    if (kind_of(path) != ENTRY_FOLDER) {
        return refuse_link(visit, path);
    }
    visit->name = name;
    visit->releases->count++;
    return load(visit, path);
}

static enum rlk_error visit_folder(struct visit *visit, DIR *folder)
{
    enum rlk_error error = RLK_OK;
    struct dirent *entry = NULL;
    while (error == RLK_OK && (entry = readdir(folder)) != NULL) {
        error = entry->d_name[0] == '.' ? RLK_OK : visit_entry(visit, entry->d_name);
    }
    return error;
}

enum rlk_error site_releases_check(struct site_releases *releases, struct output *output,
                                   const struct site_config *config, const char *folder, struct problem *problem)
{
    struct visit visit = {
        .releases = releases,
        .output = output,
        .config = config,
        .folder = folder,
        .problem = problem,
        .loaded = malloc(sizeof *visit.loaded),
        .scratch = malloc(sizeof *visit.scratch),
    };
    DIR *directory = opendir(folder);
    enum rlk_error error = RLK_OK;
    if (directory == NULL || visit.loaded == NULL || visit.scratch == NULL) {
        error = site_refuse_source(output, "The folder of the releases, %s, cannot be read.", folder);
    } else {
        error = visit_folder(&visit, directory);
    }
    if (directory != NULL) {
        closedir(directory);
    }
    free(visit.loaded);
    free(visit.scratch);
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
    if (!folder_join(path, sizeof path, folder, noted->path + sizeof RELEASES) ||
        !site_read_file(path, SITE_RELEASE_BYTES_MAX, &file.bytes, &file.length)) {
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
