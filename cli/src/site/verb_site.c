#include "output/json.h"
#include "output/text.h"
#include "release/maker.h"
#include "site/site_brand.h"
#include "site/site_check.h"
#include "site/site_headers.h"
#include "site/site_page.h"
#include "site/site_published.h"
#include "site/site_releases.h"
#include "system/folder.h"
#include "verbs.h"
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SITE_JSON "site.json"

struct build {
    const struct arguments *arguments;
    struct output *output;
    struct site_config config;
    struct site_files files;
    struct site_folder folder;
    struct site_releases releases;
    char version[SITE_VERSION_BYTES];
    struct problem problem; /* what was refused, and where; not set if a notice says why there is no site */
};

/* The folder of this program; "" if the system does not say. */
static void own_folder(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
}

/* Where the page's files are: as it was said, else installed with this program, else built beside it. */
static enum rlk_error find_page(const struct build *build, char path[PATH_MAX])
{
    static const char *const places[] = {"../share/relock/site", "../../wasm/site"};
    char own[PATH_MAX];
    struct stat status;
    if (build->arguments->page != NULL) {
        snprintf(path, PATH_MAX, "%s", build->arguments->page);
        return RLK_OK;
    }
    own_folder(own);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (folder_join(path, PATH_MAX, own, places[i]) && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            return RLK_OK;
        }
    }
    return site_refuse_source(build->output,
                              "The page's files are not installed with this relock. Name their folder with "
                              "--page; in the sources, `cmake --workflow --preset wasm` makes build/wasm/site.");
}

static enum rlk_error take_page(struct build *build)
{
    char path[PATH_MAX];
    enum rlk_error error = find_page(build, path);
    return error == RLK_OK ? site_files_take_folder(&build->files, build->output, path) : error;
}

/* site.json as it was said takes the place of the page's own. */
static enum rlk_error take_config(struct build *build)
{
    const char *path = build->arguments->site;
    char *bytes = NULL;
    size_t length = 0;
    if (path != NULL && !site_read_file(path, SITE_FILE_BYTES_MAX, &bytes, &length)) {
        return site_refuse_source(build->output, "%s cannot be read.", path);
    }
    if (path != NULL && !site_files_put(&build->files, SITE_JSON, bytes, length)) {
        return site_refuse(build->output, "No memory is left.");
    }
    const struct site_file *file = site_files_find(&build->files, SITE_JSON);
    return file != NULL
               ? site_config_take(&build->config, path != NULL ? path : SITE_JSON, file, &build->problem)
               : site_refuse_source(build->output, "This is not the page of this Relock: it has no " SITE_JSON ".");
}

/* The folder that site.json is in. */
static void config_folder(const struct build *build, char path[PATH_MAX])
{
    const char *site = build->arguments->site != NULL ? build->arguments->site : "";
    const char *slash = strrchr(site, '/');
    snprintf(path, PATH_MAX, "%.*s", slash != NULL ? (int)(slash - site + 1) : 1, slash != NULL ? site : ".");
}

static enum rlk_error put_brand(struct build *build)
{
    char folder[PATH_MAX];
    config_folder(build, folder);
    enum rlk_error error = site_brand_name(&build->files, build->output, &build->config);
    if (error == RLK_OK) {
        error = site_brand_logo(&build->files, build->output, &build->config, folder);
    }
    return error == RLK_OK ? site_brand_colors(&build->files, build->output, &build->config) : error;
}

/* Policy and list come last: they speak of all that is there by then. */
static enum rlk_error put_policy_and_list(struct build *build)
{
    char *policy = NULL;
    enum rlk_error error = site_page_policy(&build->files, build->output, &build->config, &policy);
    if (error == RLK_OK) {
        error = site_page_worker(&build->files, build->output, build->version);
    }
    if (error == RLK_OK) {
        error = site_headers_put(&build->files, build->output, policy);
    }
    free(policy);
    return error;
}

static enum rlk_error check_releases(struct build *build)
{
    const char *folder = build->arguments->releases;
    return folder == NULL
               ? RLK_OK
               : site_releases_check(&build->releases, build->output, &build->config, folder, &build->problem);
}

static enum rlk_error check_folder(struct build *build)
{
    enum rlk_error error = site_folder_look(&build->folder, build->output, build->arguments->words[1]);
    if (error == RLK_OK) {
        error = site_folder_may_hold(&build->folder, build->output, &build->files);
    }
    const char *releases = build->arguments->releases;
    return error != RLK_OK || releases == NULL
               ? error
               : site_published_may_become(&build->folder, build->output, &build->releases, releases);
}

static enum rlk_error write_all(struct build *build)
{
    enum rlk_error error = site_folder_write(&build->folder, build->output, &build->files);
    const char *releases = build->arguments->releases;
    return error != RLK_OK || releases == NULL
               ? error
               : site_releases_write(&build->releases, build->output, releases, &build->folder);
}

static enum rlk_error run_steps(struct build *build)
{
    typedef enum rlk_error step(struct build * build);
    static step *const steps[] = {
        take_page, take_config, put_brand, put_policy_and_list, check_releases, check_folder, write_all,
    };
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < sizeof steps / sizeof steps[0]; i++) {
        error = steps[i](build);
    }
    return error;
}

static uint64_t bytes_of(const struct site_files *files)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < files->count; i++) {
        sum += files->items[i].length;
    }
    return sum;
}

static void say_as_json(const struct build *build)
{
    struct json json;
    json_begin_event(&json, build->output->stream, "site");
    json_text(&json, "folder", build->folder.path);
    json_text(&json, "version", build->version);
    json_number(&json, "files", build->files.count);
    json_number(&json, "bytes", bytes_of(&build->files));
    json_number(&json, "written", build->folder.written);
    json_number(&json, "removed", build->folder.removed);
    json_number(&json, "releases", build->releases.count);
    json_open(&json, "connects", '[');
    for (size_t i = 0; i < build->config.origin_count; i++) {
        json_text(&json, NULL, build->config.origins[i]);
    }
    json_close(&json, ']');
    json_end_event(&json);
}

static void say_as_text(const struct build *build)
{
    char size[32];
    char folder[256];
    char text[1024];
    text_bytes(size, sizeof size, bytes_of(&build->files) / 1024 * 1024);
    text_clean(folder, sizeof folder, build->folder.path);
    snprintf(text, sizeof text,
             "The site is in %s: %zu files of about %s, version %s; %u were written, %u removed, %zu "
             "release%s checked.",
             folder, build->files.count, size, build->version, build->folder.written, build->folder.removed,
             build->releases.count, build->releases.count == 1 ? "" : "s");
    build->output->functions->notice(build->output, text);
    for (size_t i = 0; i < build->config.origin_count; i++) {
        snprintf(text, sizeof text, "The page may connect to %s, which must allow it (Access-Control-Allow-Origin).",
                 build->config.origins[i]);
        build->output->functions->notice(build->output, text);
    }
}

/* The page says "ask the maker", and its own site.json cannot know who that is. */
static void warn_of_own_config(const struct build *build)
{
    if (build->arguments->site == NULL) {
        build->output->functions->notice(
            build->output, "Without --site this is Relock's own site.json. It names no maker whom "
                           "visitors could ask, and trusts no key: a site for trying, not for customers.");
    }
}

static int build_site(const struct arguments *arguments, struct output *output)
{
    struct build build = {.arguments = arguments, .output = output};
    enum rlk_error error = run_steps(&build);
    if (error == RLK_OK) {
        warn_of_own_config(&build);
    }
    if (error == RLK_OK && arguments->json) {
        say_as_json(&build);
    } else if (error == RLK_OK) {
        say_as_text(&build);
    }
    bool is_elsewhere = error != RLK_OK && build.problem.error == error;
    int exit_code = is_elsewhere ? problem_end(&build.problem, output) : end_early(output, error, NULL);
    site_releases_free(&build.releases);
    site_folder_free(&build.folder);
    site_files_free(&build.files);
    site_config_free(&build.config);
    return exit_code;
}

static int check_site(const struct arguments *arguments, struct output *output)
{
    struct site_folder folder;
    enum rlk_error error = site_folder_look(&folder, output, arguments->words[1]);
    if (error == RLK_OK) {
        error = site_check(output, &folder, arguments->words[2]);
    }
    site_folder_free(&folder);
    return end_early(output, error, NULL);
}

int verb_site(const struct arguments *arguments, struct output *output)
{
    static const struct maker_word rows[] = {
        {"build", 1, 1, "site build DIR", build_site},
        {"check", 2, 2, "site check DIR URL", check_site},
    };
    return sodium_init() < 0 ? end_early(output, RLK_E_INTERNAL, NULL)
                             : maker_dispatch(arguments, output, rows, sizeof rows / sizeof rows[0]);
}
