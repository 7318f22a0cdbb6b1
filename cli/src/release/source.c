#include "release/source.h"
#include "output/text.h"
#include "release/download.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void cut_last(char *to, const char *from)
{
    const char *slash = strrchr(from, '/');
    snprintf(to, PATH_MAX, "%.*s", (int)(slash - from), from);
}

static bool take_url(struct source *source, const char *url)
{
    size_t length = strlen(url);
    while (length > 0 && url[length - 1] == '/') {
        length--;
    }
    if (length == 0 || length >= sizeof source->base) {
        return false;
    }
    memcpy(source->base, url, length);
    source->base[length] = '\0';
    if (!download_may(source->base)) {
        return false;
    }
    cut_last(source->parent, source->base);
    return true;
}

static bool take_folder(struct source *source, const char *path)
{
    if (realpath(path, source->base) == NULL || strlen(source->base) < 2) {
        return false;
    }
    cut_last(source->parent, source->base);
    return true;
}

enum rlk_error source_open(struct source *source, const char *folder_or_url, struct output *output,
                           struct problem *problem)
{
    *source = (struct source){.is_url = strstr(folder_or_url, "://") != NULL, .output = output};
    bool is_taken = source->is_url ? take_url(source, folder_or_url) : take_folder(source, folder_or_url);
    if (!is_taken) {
        enum rlk_error error = source->is_url ? RLK_E_LINK_MALFORMED : RLK_E_RELEASE_NOT_FOUND;
        if (source->is_url) {
            output->functions->notice(output, "Only https:// addresses are fetched, of letters, digits and . _ ~ - in "
                                              "their path; http:// only from this very computer.");
        }
        return problem_set(problem, error, folder_or_url);
    }
    source->name = strrchr(source->base, '/') + 1;
    return RLK_OK;
}

struct shown {
    struct output *output;
    const char *name;
    uint64_t last_ms;
};

enum { SHOW_EVERY_MS = 200 };

static void show_bytes(void *context, size_t bytes)
{
    struct shown *shown = context;
    uint64_t now_ms = text_now_ms();
    if (now_ms - shown->last_ms >= SHOW_EVERY_MS) {
        shown->last_ms = now_ms;
        fprintf(shown->output->stream, "\r\033[K  %s: %zu KiB", shown->name, bytes / 1024);
        fflush(shown->output->stream);
        shown->output->has_bar = true;
    }
}

static enum content_state get_url(const struct source *source, const char *url, const char *name, size_t length_max,
                                  struct content *content)
{
    struct shown shown = {source->output, name, text_now_ms()};
    enum content_state state =
        download_get(content, url, length_max, source->output->is_terminal ? show_bytes : NULL, &shown);
    if (source->output->has_bar) {
        fputs("\r\033[K", source->output->stream);
        source->output->has_bar = false;
    }
    return state;
}

enum content_state source_get(const struct source *source, bool is_above, const char *name, size_t length_max,
                              struct content *content, char *path)
{
    *content = (struct content){0};
    int length = snprintf(path, PATH_MAX, "%s/%s", is_above ? source->parent : source->base, name);
    if (length <= 0 || length >= PATH_MAX) {
        return CONTENT_UNREADABLE;
    }
    enum content_state state =
        source->is_url ? get_url(source, path, name, length_max, content) : content_read(content, path, length_max);
    if (state == CONTENT_OK && source->arrived != NULL &&
        !source->arrived(source->context, is_above, name, content, path)) {
        content_free(content);
        return CONTENT_UNREADABLE;
    }
    return state;
}
