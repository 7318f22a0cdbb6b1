#include "site/site_brand.h"
#include "output/json.h"
#include "site/site_page.h"
#include "site/site_svg.h"
#include "system/folder.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define INDEX    "index.html"
#define MANIFEST "manifest.webmanifest"

static void put_escaped(FILE *stream, const char *text)
{
    static const struct {
        char sign;
        const char *name;
    } names[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (i < sizeof names / sizeof names[0] && names[i].sign != *text) {
            i++;
        }
        if (i < sizeof names / sizeof names[0]) {
            fputs(names[i].name, stream);
        } else {
            fputc(*text, stream);
        }
    }
}

static void put_as_json(FILE *stream, const char *text)
{
    struct json json = {.stream = stream};
    json_text(&json, NULL, text);
}

/* Where the page says its name: the words that are there, and what takes their place around the brand's. */
static const struct name_place {
    const char *path, *find, *before, *after;
    void (*put)(FILE *stream, const char *name);
} name_places[] = {
    {INDEX, ">Relock: update a protected STM32</title>", ">", ": update a protected STM32</title>", put_escaped},
    {INDEX, ">Relock</p>", ">", "</p>", put_escaped},
    {MANIFEST, "\"name\": \"Relock\"", "\"name\": ", "", put_as_json},
    {MANIFEST, "\"short_name\": \"Relock\"", "\"short_name\": ", "", put_as_json},
};

/* The caller's to free; NULL: no memory. */
static char *around(const struct name_place *place, const char *name)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL) {
        return NULL;
    }
    fputs(place->before, stream);
    place->put(stream, name);
    fputs(place->after, stream);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

enum rlk_error site_brand_name(struct site_files *files, struct output *output, const struct site_config *config)
{
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < sizeof name_places / sizeof name_places[0]; i++) {
        char *text = around(&name_places[i], config->brand);
        error = text != NULL ? site_page_replace(files, output, name_places[i].path, name_places[i].find, text)
                             : site_refuse_source(output, "No memory is left.");
        free(text);
    }
    return error;
}

static bool is_png(const struct site_file *file)
{
    static const char magic[] = "\x89PNG\r\n\x1a\n";
    return file->length > sizeof magic && memcmp(file->bytes, magic, sizeof magic - 1) == 0;
}

static bool is_webp(const struct site_file *file)
{
    return file->length > 12 && memcmp(file->bytes, "RIFF", 4) == 0 && memcmp(file->bytes + 8, "WEBP", 4) == 0;
}

static const struct picture_kind {
    const char *suffix, *type;
    bool (*is_one)(const struct site_file *file);
} picture_kinds[] = {
    {".svg", "image/svg+xml", site_svg_is_picture},
    {".png", "image/png", is_png},
    {".webp", "image/webp", is_webp},
};

static const struct picture_kind *kind_of(const char *name)
{
    const char *suffix = strrchr(name, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof picture_kinds / sizeof picture_kinds[0]; i++) {
        if (strcmp(suffix, picture_kinds[i].suffix) == 0) {
            return &picture_kinds[i];
        }
    }
    return NULL;
}

static enum rlk_error show_logo(struct site_files *files, struct output *output, const char *name, const char *type)
{
    static const struct {
        const char *path, *find, *with;
    } places[] = {
        {INDEX, "href=\"icon.svg\" type=\"image/svg+xml\"", "href=\"%s\" type=\"%s\""},
        {INDEX, "src=\"icon.svg\"", "src=\"%s\""},
        {MANIFEST, "\"src\": \"icon.svg\", \"sizes\": \"any\", \"type\": \"image/svg+xml\"",
         "\"src\": \"%s\", \"sizes\": \"any\", \"type\": \"%s\""},
    };
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < sizeof places / sizeof places[0]; i++) {
        char with[256];
        snprintf(with, sizeof with, places[i].with, name, type);
        error = site_page_replace(files, output, places[i].path, places[i].find, with);
    }
    return error;
}

enum rlk_error site_brand_logo(struct site_files *files, struct output *output, const struct site_config *config,
                               const char *folder)
{
    if (config->logo == NULL) {
        return RLK_OK;
    }
    char path[PATH_MAX];
    struct site_file logo = {0};
    const struct picture_kind *kind = kind_of(config->logo);
    if (kind == NULL || !folder_join(path, sizeof path, folder, config->logo) ||
        !site_read_file(path, SITE_LOGO_BYTES_MAX, &logo.bytes, &logo.length)) {
        return site_refuse_source(output, "The logo %s cannot be read from the folder of site.json, or is over %u KiB.",
                                  config->logo, SITE_LOGO_BYTES_MAX / 1024U);
    }
    if (!kind->is_one(&logo)) {
        free(logo.bytes);
        return site_refuse_source(output,
                                  "The logo %s is no picture of the kind that its name says, or it is more than one: "
                                  "scripts, handlers, links, entities and elements that are not SVG's are refused. "
                                  "Drawing programs can save a plain SVG.",
                                  config->logo);
    }
    if (!site_files_put(files, config->logo, logo.bytes, logo.length)) {
        return site_refuse_source(output, "No memory is left.");
    }
    return show_logo(files, output, config->logo, kind->type);
}
