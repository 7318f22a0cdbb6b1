/* A release as a whole: what it asks for, what it brings, and what a customer reads. */
#include "output/text.h"
#include "release/release_folder.h"
#include "release/release_verbs.h"
#include "release/release_view.h"
#include "system/times.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1200 };

struct inspection {
    struct output *output;
    struct release_folder *folder;
    struct firmware whole;
    enum rlk_error images_error;
};

static const struct rlk_json_node *member(const struct inspection *inspection, const char *name)
{
    const struct rlk_json *tree = &inspection->folder->tree;
    return rlk_json_member(tree, &tree->nodes[0], name);
}

static void line(const struct inspection *inspection, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void line(const struct inspection *inspection, const char *label, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    release_view_line(inspection->output, label, text);
}

static void show_head(const struct inspection *inspection)
{
    const struct rlk_release *release = &inspection->folder->release;
    char created[TIME_TEXT_BYTES];
    char expires[TIME_TEXT_BYTES] = "never";
    char duration[32];
    times_write(created, release->created_s);
    if (release->expires_s != 0) {
        times_write(expires, release->expires_s);
    }
    text_duration(duration, sizeof duration, rlk_release_estimate_ms(release));
    line(inspection, "Product", "%s %s", release->product, release->version);
    line(inspection, "Name", "%s, sequence %" PRIu32, release->name, release->sequence);
    line(inspection, "Made", "%s, expires: %s", created, expires);
    line(inspection, "Ends", "%s",
         release->end_protected ? "protected (level 1)" : "open (level 0): anyone can read it");
    line(inspection, "Return", "%s", rlk_way_back_name(release->way_back));
    line(inspection, "Time", "about %s", duration);
}

static void show_chip(const struct inspection *inspection)
{
    const struct rlk_release *release = &inspection->folder->release;
    char families[RLK_CHIP_TEXT_BYTES];
    (void)rlk_chip_label(release->families, families, sizeof families);
    line(inspection, "Chip", "%s", families);
    for (size_t i = 0; i < release->layout_count; i++) {
        line(inspection, "Layout", "%s", release->layouts[i]);
    }
    for (size_t i = 0; i < release->option_count; i++) {
        line(inspection, "Option", "%s = 0x%" PRIx32, release->options[i].field, release->options[i].value);
    }
}

static void show_images(const struct inspection *inspection)
{
    const struct rlk_release *release = &inspection->folder->release;
    for (size_t i = 0; i < release->image_count; i++) {
        char size[32];
        text_bytes(size, sizeof size, release->images[i].bytes);
        line(inspection, "Image", "%s, %s", release->images[i].file, size);
    }
    if (inspection->images_error != RLK_OK) {
        line(inspection, "Segments", "cannot be shown: %s", rlk_error_sentence(inspection->images_error));
        return;
    }
    const struct rlk_image *image = &inspection->whole.image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        char size[32];
        text_bytes(size, sizeof size, segment->length);
        line(inspection, "Segment", "0x%08" PRIx32 " to 0x%08" PRIx32 ", %s", segment->addr,
             segment->addr + segment->length, size);
    }
}

static void show_text(const struct inspection *inspection, const char *label, const struct rlk_json_node *node,
                      const char *language)
{
    const char *text =
        rlk_json_text(&inspection->folder->tree, rlk_json_member(&inspection->folder->tree, node, language));
    if (text != NULL) {
        release_view_line(inspection->output, label, text);
    }
}

static void show_list(const struct inspection *inspection, const char *label, const char *name, const char *language)
{
    const struct rlk_json *tree = &inspection->folder->tree;
    for (const struct rlk_json_node *node = rlk_json_first(tree, member(inspection, name)); node != NULL;
         node = rlk_json_next(tree, node)) {
        const struct rlk_json_node *inner = rlk_json_member(tree, node, "text");
        show_text(inspection, label, inner != NULL && inner->kind == RLK_JSON_OBJECT ? inner : node, language);
    }
}

static void show_language(const struct inspection *inspection, const char *language)
{
    const struct rlk_json *tree = &inspection->folder->tree;
    const struct rlk_json_node *boot0 = member(inspection, "boot0");
    fprintf(inspection->output->stream, "\nWhat a customer reads, in \"%s\"\n", language);
    show_text(inspection, "New", member(inspection, "notes"), language);
    show_list(inspection, "Enter DFU", "enter", language);
    show_text(inspection, "Hold BOOT0", rlk_json_member(tree, boot0, "hold"), language);
    show_text(inspection, "Let it go", rlk_json_member(tree, boot0, "release"), language);
    show_list(inspection, "Lost", "lost", language);
    show_list(inspection, "Afterwards", "after", language);
}

static void show_people(const struct inspection *inspection)
{
    const struct rlk_json *tree = &inspection->folder->tree;
    const struct rlk_json_node *contact = member(inspection, "contact");
    for (const struct rlk_json_node *node = rlk_json_first(tree, member(inspection, "languages")); node != NULL;
         node = rlk_json_next(tree, node)) {
        show_language(inspection, rlk_json_text(tree, node));
    }
    fputs("\nContact\n", inspection->output->stream);
    for (const struct rlk_json_node *node = rlk_json_first(tree, contact); node != NULL;
         node = rlk_json_next(tree, node)) {
        release_view_line(inspection->output, rlk_json_key(tree, node), rlk_json_text(tree, node));
    }
}

static json_t *segments_json(const struct inspection *inspection)
{
    const struct rlk_image *image = &inspection->whole.image;
    json_t *list = json_array();
    for (size_t i = 0; i < image->segment_count && inspection->images_error == RLK_OK; i++) {
        char addr[16];
        snprintf(addr, sizeof addr, "0x%08" PRIx32, image->segments[i].addr);
        json_array_append_new(list,
                              json_pack("{s:s, s:I}", "addr", addr, "bytes", (json_int_t)image->segments[i].length));
    }
    return list;
}

static void show_json(const struct inspection *inspection)
{
    const struct rlk_json *tree = &inspection->folder->tree;
    const char *problem = inspection->images_error != RLK_OK ? rlk_error_name(inspection->images_error) : NULL;
    json_t *event =
        json_pack("{s:s, s:o, s:o, s:s?, s:I}", "event", "inspected", "document",
                  maker_from_tree(tree, &tree->nodes[0]), "segments", segments_json(inspection), "images_error",
                  problem, "estimate_ms", (json_int_t)rlk_release_estimate_ms(&inspection->folder->release));
    (void)json_dumpf(event, inspection->output->stream, JSON_COMPACT);
    fputc('\n', inspection->output->stream);
    json_decref(event);
}

static void show_all(const struct inspection *inspection)
{
    fputs("Release\n", inspection->output->stream);
    show_head(inspection);
    show_chip(inspection);
    show_images(inspection);
    show_people(inspection);
}

/* FOLDER, or the release.json in it. */
static void folder_of(char *folder, const char *path)
{
    static const char ending[] = "/" RELEASE_DOCUMENT;
    size_t length = strlen(path);
    bool is_document = length >= sizeof ending && strcmp(path + length - (sizeof ending - 1), ending) == 0;
    length -= is_document ? sizeof ending - 1 : 0;
    snprintf(folder, PATH_MAX, "%.*s", (int)length, strcmp(path, RELEASE_DOCUMENT) == 0 ? "." : path);
}

int release_inspect(const struct arguments *arguments, struct output *output)
{
    struct inspection inspection = {.output = output, .folder = malloc(sizeof *inspection.folder)};
    struct problem problem;
    struct problem images;
    char folder[PATH_MAX];
    folder_of(folder, arguments->words[1]);
    enum rlk_error error = inspection.folder != NULL ? release_folder_open(inspection.folder, folder, output, &problem)
                                                     : problem_set(&problem, RLK_E_INTERNAL, NULL);
    if (error == RLK_OK) {
        inspection.images_error = release_folder_load(inspection.folder, &inspection.whole, &images);
        (arguments->json ? show_json : show_all)(&inspection);
    }
    firmware_free(&inspection.whole);
    free(inspection.folder);
    return error == RLK_OK ? end_early(output, RLK_OK, NULL) : problem_end(&problem, output);
}
