#include "site/site_check.h"
#include "output/text.h"
#include "release/download.h"
#include "site/site_headers.h"
#include "site/site_published.h"
#include "system/folder.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEADERS_MAX = 16, FINDINGS_MAX = 64, VALUE_BYTES = 4096, SHOWN_BYTES = 160 };

/* One difference, and how many files have it. */
struct finding {
    char text[3 * SHOWN_BYTES];
    char first[PATH_MAX];
    unsigned count;
};

struct check {
    struct output *output;
    const struct site_folder *folder;
    struct site_files releases; /* paths of what is published below releases/ */
    const char *url;
    char *headers; /* of the built folder's _headers: lines, cut */
    const char *names[HEADERS_MAX], *values[HEADERS_MAX];
    size_t header_count;
    struct finding findings[FINDINGS_MAX];
    size_t finding_count;
    unsigned file_count;
};

/* One answer of the host. */
struct answer {
    const struct check *check;
    char type[SHOWN_BYTES];
    char sent[HEADERS_MAX][VALUE_BYTES]; /* "" what was not */
};

static void find(struct check *check, const char *path, const char *text)
{
    size_t i = 0;
    while (i < check->finding_count && strcmp(check->findings[i].text, text) != 0) {
        i++;
    }
    if (i == FINDINGS_MAX) {
        return;
    }
    struct finding *finding = &check->findings[i];
    if (i == check->finding_count) {
        *finding = (struct finding){0};
        snprintf(finding->text, sizeof finding->text, "%s", text);
        snprintf(finding->first, sizeof finding->first, "%s", path);
        check->finding_count++;
    }
    finding->count++;
}

static void on_header(void *context, const char *name, const char *value)
{
    struct answer *answer = context;
    if (strcasecmp(name, "Content-Type") == 0) {
        text_clean(answer->type, sizeof answer->type, value);
    }
    for (size_t i = 0; i < answer->check->header_count; i++) {
        if (strcasecmp(name, answer->check->names[i]) == 0) {
            text_clean(answer->sent[i], sizeof answer->sent[i], value);
        }
    }
}

/* Asking each time whether it is still the same can be said in more than one way. */
static bool is_as_good(const char *name, const char *wanted, const char *sent)
{
    bool is_cache = strcasecmp(name, "Cache-Control") == 0;
    bool asks =
        strstr(sent, "no-cache") != NULL || strstr(sent, "no-store") != NULL || strstr(sent, "max-age=0") != NULL;
    return strcmp(wanted, sent) == 0 || (is_cache && asks);
}

static void compare_headers(struct check *check, const char *path, const struct answer *answer)
{
    char text[3 * SHOWN_BYTES];
    for (size_t i = 0; i < check->header_count; i++) {
        if (is_as_good(check->names[i], check->values[i], answer->sent[i])) {
            continue;
        }
        if (answer->sent[i][0] == '\0') {
            snprintf(text, sizeof text, "%s is missing", check->names[i]);
        } else {
            snprintf(text, sizeof text, "%s is not what _headers says, but: %.*s", check->names[i], SHOWN_BYTES,
                     answer->sent[i]);
        }
        find(check, path, text);
    }
}

static void compare_type(struct check *check, const char *path, const struct answer *answer)
{
    char text[3 * SHOWN_BYTES];
    const char *wanted = site_headers_type(path);
    /* What is fetched as data may be of any type. */
    bool is_data = strncmp(path, SITE_RELEASES "/", strlen(SITE_RELEASES "/")) == 0;
    if (!is_data && wanted != NULL && !site_headers_type_will_do(wanted, answer->type)) {
        snprintf(text, sizeof text, "Content-Type is %s instead of %s",
                 answer->type[0] != '\0' ? answer->type : "missing", wanted);
        find(check, path, text);
    }
}

static void compare_bytes(struct check *check, const char *path, enum content_state state,
                          const struct content *content)
{
    char own[PATH_MAX];
    char *bytes = NULL;
    size_t length = 0;
    if (state == CONTENT_MISSING) {
        find(check, path, "it is not there");
        return;
    }
    if (!folder_join(own, sizeof own, check->folder->path, path) ||
        !site_read_file(own, SITE_RELEASE_BYTES_MAX, &bytes, &length)) {
        find(check, path, "it is not in the built folder any more");
    } else if (state == CONTENT_NOT_REACHED || state == CONTENT_CUT_OFF) {
        find(check, path, "it does not come, or is redirected to another address");
    } else if (content->length != length || memcmp(content->bytes, bytes, length) != 0) {
        find(check, path, "its bytes are not those that were built: it was changed on the way, or not uploaded");
    }
    free(bytes);
}

/* `address` below the site's is fetched; `path` is the file that must come. False: interrupted, or no memory. */
static bool compare(struct check *check, const char *address, const char *path)
{
    char url[PATH_MAX];
    struct content content = {0};
    struct answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL) {
        return false;
    }
    answer->check = check;
    snprintf(url, sizeof url, "%s%s", check->url, address);
    enum content_state state = download_look(&content, url, SITE_RELEASE_BYTES_MAX, on_header, answer);
    bool goes_on = state != CONTENT_INTERRUPTED;
    if (goes_on) {
        check->file_count++;
        compare_bytes(check, path, state, &content);
    }
    if (state == CONTENT_OK) {
        compare_type(check, path, answer);
        compare_headers(check, path, answer);
    }
    content_free(&content);
    free(answer);
    return goes_on;
}

/* A host that sends index.html for whatever it does not have would send it for keys.json. */
static bool check_missing(struct check *check)
{
    static const char nowhere[] = "releases/keys-that-nobody-has.json";
    char url[PATH_MAX];
    struct content content = {0};
    snprintf(url, sizeof url, "%s%s", check->url, nowhere);
    enum content_state state = download_get(&content, url, SITE_FILE_BYTES_MAX, NULL, NULL);
    content_free(&content);
    if (state != CONTENT_MISSING && state != CONTENT_INTERRUPTED) {
        find(check, nowhere, "what is not there must be answered with 404, and is not");
    }
    return state != CONTENT_INTERRUPTED;
}

/* "  Name: value" */
static bool take_line(struct check *check, char *line)
{
    char *colon = strstr(line, ": ");
    if (strncmp(line, "  ", 2) != 0) {
        return true;
    }
    if (colon == NULL || check->header_count == HEADERS_MAX) {
        return false;
    }
    *colon = '\0';
    check->names[check->header_count] = line + 2;
    check->values[check->header_count++] = colon + 2;
    return true;
}

static bool take_headers(struct check *check)
{
    char path[PATH_MAX];
    size_t length = 0;
    if (!folder_join(path, sizeof path, check->folder->path, SITE_HEADERS_FILE) ||
        !site_read_file(path, SITE_FILE_BYTES_MAX, &check->headers, &length)) {
        return false;
    }
    for (char *line = strtok(check->headers, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (!take_line(check, line)) {
            return false;
        }
    }
    return check->header_count > 0;
}

/* index.html is compared as the folder that it stands for: some hosts redirect it there, and 404.html, too. */
static bool compare_all(struct check *check)
{
    bool goes_on = compare(check, "", "index.html");
    for (size_t i = 0; goes_on && i < check->folder->list.count; i++) {
        const char *path = check->folder->list.items[i].path;
        bool is_elsewhere = path[0] == '_' || strcmp(path, "index.html") == 0 || strcmp(path, "404.html") == 0;
        goes_on = is_elsewhere || compare(check, path, path);
    }
    for (size_t i = 0; goes_on && i < check->releases.count; i++) {
        const char *path = check->releases.items[i].path;
        goes_on = compare(check, path, path);
    }
    return goes_on && check_missing(check);
}

static void say_findings(const struct check *check)
{
    char text[4 * SHOWN_BYTES + PATH_MAX];
    for (size_t i = 0; i < check->finding_count; i++) {
        const struct finding *finding = &check->findings[i];
        snprintf(text, sizeof text, "%s: %s (%u of %u).", finding->first, finding->text, finding->count,
                 check->file_count);
        check->output->functions->notice(check->output, text);
    }
    snprintf(text, sizeof text, "%u files were fetched and compared.", check->file_count);
    check->output->functions->notice(check->output, text);
}

static enum rlk_error run(struct check *check)
{
    size_t length = strlen(check->url);
    if (!download_may(check->url) || check->url[length - 1] != '/' || length > PATH_MAX / 2) {
        return site_refuse_source(
            check->output, "%s is no address of a site: https://HOST/PATH/, with a slash at its end.", check->url);
    }
    if (check->folder->list.count == 0 || !take_headers(check)) {
        return site_refuse_source(check->output, "%s was not built by `relock site build`.", check->folder->path);
    }
    enum rlk_error error = site_published_list(check->folder, check->output, &check->releases);
    if (error != RLK_OK) {
        return error;
    }
    if (!compare_all(check)) {
        return RLK_E_INTERRUPTED;
    }
    say_findings(check);
    return check->finding_count > 0 ? RLK_E_SITE_NOT_AS_BUILT : RLK_OK;
}

enum rlk_error site_check(struct output *output, const struct site_folder *folder, const char *url)
{
    struct check *check = calloc(1, sizeof *check);
    if (check == NULL) {
        return RLK_E_INTERNAL;
    }
    check->output = output;
    check->folder = folder;
    check->url = url;
    enum rlk_error error = run(check);
    site_files_free(&check->releases);
    free(check->headers);
    free(check);
    return error;
}
