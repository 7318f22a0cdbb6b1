#include "site/site_page.h"
#include "output/json.h"
#include <stdlib.h>
#include <string.h>

#define INDEX  "index.html"
#define WORKER "sw.js"

#define POLICY_BEGIN "http-equiv=\"Content-Security-Policy\" content=\""

enum rlk_error site_page_replace(struct site_files *files, struct output *output, const char *path, const char *find,
                                 const char *with)
{
    struct site_file *file = site_files_find(files, path);
    const char *found = file != NULL ? strstr(file->bytes, find) : NULL;
    if (found == NULL || strstr(found + 1, find) != NULL) {
        return site_refuse_source(output,
                                  "This is not the page of this Relock, or it was built already: %s has not exactly "
                                  "one %s",
                                  path, find);
    }
    size_t before = (size_t)(found - file->bytes);
    size_t length = file->length - strlen(find) + strlen(with);
    char *bytes = malloc(length + 1);
    if (bytes == NULL) {
        return site_refuse_source(output, "No memory is left.");
    }
    snprintf(bytes, length + 1, "%.*s%s%s", (int)before, file->bytes, with, found + strlen(find));
    site_files_put(files, path, bytes, length);
    return RLK_OK;
}

/* "connect-src 'self' https://one https://two;" */
static enum rlk_error allow_origins(struct site_files *files, struct output *output, const struct site_config *config)
{
    char sources[sizeof "connect-src 'self';" + SITE_ORIGINS_MAX * SITE_ORIGIN_BYTES] = "connect-src 'self'";
    size_t used = strlen(sources);
    for (size_t i = 0; i < config->origin_count; i++) {
        used += (size_t)snprintf(sources + used, sizeof sources - used, " %s", config->origins[i]);
    }
    snprintf(sources + used, sizeof sources - used, ";");
    return site_page_replace(files, output, INDEX, "connect-src 'self';", sources);
}

enum rlk_error site_page_policy(struct site_files *files, struct output *output, const struct site_config *config,
                                char **policy)
{
    static const char only_in_header[] = "; frame-ancestors 'none'";
    *policy = NULL;
    enum rlk_error error = allow_origins(files, output, config);
    if (error != RLK_OK) {
        return error;
    }
    const char *begin = strstr(site_files_find(files, INDEX)->bytes, POLICY_BEGIN);
    size_t length = begin != NULL ? strcspn(begin + strlen(POLICY_BEGIN), "\"\r\n\\$") : 0;
    if (begin == NULL || begin[strlen(POLICY_BEGIN) + length] != '"') {
        return site_refuse_source(output, "This is not the page of this Relock: there is no policy in " INDEX ".");
    }
    *policy = malloc(length + sizeof only_in_header);
    if (*policy == NULL) {
        return site_refuse_source(output, "No memory is left.");
    }
    memcpy(*policy, begin + strlen(POLICY_BEGIN), length);
    memcpy(*policy + length, only_in_header, sizeof only_in_header);
    return RLK_OK;
}

/* What most visitors never load: the page keeps it once it was asked for. English is what every language falls back on.
 */
static bool is_optional(const char *path)
{
    static const char *const beginnings[] = {"web/texts/", "sim.wasm", "wasm-glue/sim", "web/demo.js", "sample.hex"};
    static const char english[] = "web/texts/en/";
    static const char list[] = "web/texts/languages.js";
    bool is_needed = strncmp(path, english, sizeof english - 1) == 0 || strcmp(path, list) == 0;
    for (size_t i = 0; !is_needed && i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (strncmp(path, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void put_files(struct json *json, const struct site_files *files)
{
    json_open(json, "files", '[');
    for (size_t i = 0; i < files->count; i++) {
        const struct site_file *file = &files->items[i];
        char hash[SITE_HASH_HEX_BYTES];
        if (strcmp(file->path, WORKER) == 0) {
            continue; /* it cannot hold its own hash; the browser compares it by itself */
        }
        site_hash(hash, file->bytes, file->length);
        json_open(json, NULL, '{');
        json_text(json, "path", file->path);
        json_number(json, "bytes", file->length);
        json_text(json, "sha256", hash);
        if (is_optional(file->path)) {
            json_bool(json, "optional", true);
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* The list as JSON, under `version` if that is not NULL. The caller's to free; NULL: no memory. */
static char *list_of(const struct site_files *files, const char *before, const char *version, const char *after)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL) {
        return NULL;
    }
    struct json json = {.stream = stream};
    fputs(before, stream);
    json_open(&json, NULL, '{');
    if (version != NULL) {
        json_text(&json, "version", version);
    }
    put_files(&json, files);
    json_close(&json, '}');
    fputs(after, stream);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

enum rlk_error site_page_worker(struct site_files *files, struct output *output, char version[SITE_VERSION_BYTES])
{
    char hash[SITE_HASH_HEX_BYTES];
    char *list = list_of(files, "", NULL, "");
    if (list == NULL) {
        return site_refuse_source(output, "No memory is left.");
    }
    site_hash(hash, list, strlen(list));
    free(list);
    snprintf(version, SITE_VERSION_BYTES, "%.16s", hash);
    list = list_of(files, "const BUILD = ", version, ";");
    if (list == NULL) {
        return site_refuse_source(output, "No memory is left.");
    }
    enum rlk_error error =
        site_page_replace(files, output, WORKER, "const BUILD = null; // replaced when the site is built", list);
    free(list);
    return error;
}
