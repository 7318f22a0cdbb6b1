#include "release/release_check.h"
#include "output/json.h"
#include "output/text.h"
#include "release/release_verbs.h"
#include "release/signature.h"
#include "relock/image_fit.h"
#include "relock/session.h"
#include "system/hex.h"
#include "system/times.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FINDING_BYTES = 512, SOON_S = 30 * 24 * 3600, PICTURE_BYTES_HEAVY = 300 * 1024 };

static void say(struct checking *checking, bool is_error, const char *path, const char *text)
{
    FILE *stream = checking->output->stream;
    checking->errors += is_error;
    checking->warnings += !is_error;
    if (checking->arguments->json) {
        struct json json;
        json_begin_event(&json, stream, "finding");
        json_text(&json, "severity", is_error ? "error" : "warning");
        json_text(&json, "path", path);
        json_text(&json, "text", text);
        json_end_event(&json);
        return;
    }
    char line[FINDING_BYTES + RLK_DOCUMENT_PATH_BYTES];
    fprintf(stream, "  %-8s ", is_error ? "ERROR" : "warning");
    snprintf(line, sizeof line, "%s: %s", path, text);
    text_wrap(stream, line, 11, 11, 79);
}

void check_error(struct checking *checking, const char *path, const char *format, ...)
{
    char text[FINDING_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    say(checking, true, path, text);
}

void check_warning(struct checking *checking, const char *path, const char *format, ...)
{
    char text[FINDING_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    say(checking, false, path, text);
}

void check_problem(struct checking *checking, const struct problem *problem)
{
    char clean[PATH_MAX];
    char field[RLK_DOCUMENT_PATH_BYTES];
    const char *slash = strrchr(problem->file, '/');
    text_clean(field, sizeof field, problem->place.path);
    text_clean(clean, sizeof clean, slash != NULL ? slash + 1 : problem->file);
    check_error(checking, clean, "RLK-%d %s: %s%s%s", -(int)problem->error, rlk_error_name(problem->error),
                rlk_error_sentence(problem->error), field[0] != '\0' ? " Field " : "", field);
}

static void check_expiry(struct checking *checking, const struct rlk_json *tree, const char *path)
{
    const char *text = rlk_json_text(tree, rlk_json_member(tree, &tree->nodes[0], "expires"));
    uint64_t expires_s = text != NULL ? rlk_document_time_s(text) : 0;
    uint64_t now_s = times_now_s();
    if (expires_s != 0 && expires_s <= now_s) {
        check_error(checking, path, "It has expired.");
    } else if (expires_s != 0 && expires_s <= now_s + SOON_S) {
        check_warning(checking, path, "It expires within 30 days; links that were sent out end with it.");
    }
}

static void check_channel(struct checking *checking)
{
    struct release_folder *folder = checking->folder;
    struct problem problem;
    if (release_folder_read_channel(folder, &problem) != RLK_OK) {
        check_problem(checking, &problem);
        return;
    }
    const char *name =
        rlk_json_text(&folder->channel, rlk_json_member(&folder->channel, &folder->channel.nodes[0], "name"));
    uint32_t sequence = folder->release.sequence;
    if (strcmp(name, folder->release.name) != 0) {
        check_error(checking, "channel.json", "It is the channel of \"%s\".", name);
    }
    check_expiry(checking, &folder->channel, "channel.json");
    if (channel_has_withdrawn(&folder->channel, sequence)) {
        check_error(checking, "channel.json", "This release, sequence %" PRIu32 ", was withdrawn.", sequence);
    }
    if (release_folder_number(folder, "current") != sequence) {
        check_error(checking, "channel.json", "Its current release is %" PRIu32 ", and this one is %" PRIu32 ".",
                    release_folder_number(folder, "current"), sequence);
    }
}

/* PNG, JPEG or WebP, by their first bytes. */
static bool is_picture(const struct content *content)
{
    static const struct {
        const char *bytes;
        size_t length, at;
    } signs[] = {{"\x89PNG\r\n\x1a\n", 8, 0}, {"\xff\xd8\xff", 3, 0}, {"WEBP", 4, 8}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        bool is_long = content->length >= signs[i].at + signs[i].length;
        if (is_long && memcmp(content->bytes + signs[i].at, signs[i].bytes, signs[i].length) == 0) {
            return true;
        }
    }
    return false;
}

static void check_file(struct checking *checking, const struct release_file *file)
{
    struct content content;
    struct problem problem;
    char path[PATH_MAX];
    enum content_state state =
        source_get(&checking->folder->source, false, file->file, release_file_bytes_max(file), &content, path);
    enum rlk_error error = problem_set_state(&problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_RELEASE_FILE_SIZE);
    if (error == RLK_OK) {
        error = release_file_check(file, content.bytes, content.length);
        problem_set_field(&problem, error, path, file->path);
    }
    if (state == CONTENT_MISSING) {
        check_error(checking, file->path, "The file %s is not there.", file->file);
    } else if (error != RLK_OK) {
        check_problem(checking, &problem);
    } else if (!file->is_image && !is_picture(&content)) {
        check_error(checking, file->path, "The file %s is no PNG, JPEG or WebP.", file->file);
    } else if (!file->is_image && content.length > PICTURE_BYTES_HEAVY) {
        check_warning(checking, file->path, "The picture %s has %zu KiB; customers wait for it.", file->file,
                      content.length / 1024);
    }
    content_free(&content);
}

/* As the customers' devices will judge it. */
static void check_place(struct checking *checking, const struct rlk_image *image, const struct rlk_chip *chip)
{
    const struct rlk_misfit misfit = rlk_image_misfit(image, chip, NULL);
    if (misfit.error != RLK_OK) {
        check_error(checking, "images", "%s, 0x%08" PRIx32 ": %s", chip->name, misfit.addr,
                    rlk_error_sentence(misfit.error));
    }
    if (rlk_image_wrong_vector(image, chip, NULL) != RLK_VECTOR_NONE) {
        check_error(checking, "images", "The firmware's first words are no vector table of %s.", chip->name);
    }
}

/* Nothing that can be read before 0x92 tells of it. */
static void warn_of_lost_doors(struct checking *checking, const struct rlk_chip *chip)
{
    if ((chip->quirks & RLK_QUIRK_BIT(BOOT_ADD_LOST)) != 0 && chip->tier == RLK_TIER_FULL) {
        check_warning(checking, "chip.families",
                      "A report on one %s says: %s. Only a debug probe brings such a board back: try the release on "
                      "boards of your own first.",
                      chip->name, rlk_quirk_what(RLK_QUIRK_BOOT_ADD_LOST));
    }
}

static void check_family(struct checking *checking, const struct rlk_image *image, const struct rlk_chip *chip)
{
    const struct rlk_release *release = &checking->folder->release;
    check_place(checking, image, chip);
    release_check_lookalikes(checking, chip);
    warn_of_lost_doors(checking, chip);
    if (chip->tier != RLK_TIER_FULL) {
        check_error(checking, "chip.families", "%s: tier %s; customers are refused.", chip->name,
                    rlk_tier_name(chip->tier));
    }
    const char *field = NULL;
    enum rlk_error error =
        rlk_options_judge_wish(chip, release->options, release->option_count, release->way_back, &field);
    if (release->end_protected && error != RLK_OK) {
        check_error(checking, "options", "%s: %s (%s)", chip->name, rlk_error_sentence(error),
                    field != NULL ? field : "");
    }
}

/* A layout that the images do not fit would let devices in that the engine then refuses. */
static void check_layout(struct checking *checking, const struct rlk_image *image, size_t index)
{
    char path[48];
    struct rlk_layout layout;
    const char *text = checking->folder->release.layouts[index];
    snprintf(path, sizeof path, "chip.layouts[%zu]", index);
    enum rlk_error error = rlk_layout_parse(&layout, text, strlen(text), NULL);
    if (error != RLK_OK) {
        check_error(checking, path, "%s", rlk_error_sentence(error));
        return;
    }
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (!rlk_layout_covers(&layout, segment->addr, segment->length, RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE)) {
            check_error(checking, path, "0x%08" PRIx32 " to 0x%08" PRIx32 " of the firmware is outside this flash.",
                        segment->addr, segment->addr + segment->length);
        }
    }
}

static void check_images(struct checking *checking)
{
    const struct rlk_release *release = &checking->folder->release;
    struct firmware whole;
    struct problem problem;
    if (release_folder_load(checking->folder, &whole, &problem) != RLK_OK) {
        check_problem(checking, &problem);
        firmware_free(&whole);
        return;
    }
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        if ((release->families & RLK_FAMILY_BIT(i)) != 0) {
            check_family(checking, &whole.image, rlk_chip_row((enum rlk_family)i));
        }
    }
    for (size_t i = 0; i < release->layout_count; i++) {
        check_layout(checking, &whole.image, i);
    }
    firmware_free(&whole);
}

static void check_promises(struct checking *checking)
{
    const struct release_folder *folder = checking->folder;
    const struct rlk_release *release = &folder->release;
    if (strcmp(release->name, folder->source.name) != 0) {
        check_error(checking, "name", "The folder is called \"%s\", and the release \"%s\".", folder->source.name,
                    release->name);
    }
    if (release->way_back == RLK_WAY_BACK_NONE) {
        check_error(checking, "return",
                    "A protected device does not come back after the erase: every customer is refused.");
    }
    if (!release->end_protected) {
        check_warning(checking, "end", "The devices end open: anyone can read the firmware out of them.");
    }
    check_expiry(checking, &folder->tree, "expires");
}

bool release_check_all(struct checking *checking, const char *path)
{
    struct problem problem;
    struct release_folder *folder = checking->folder;
    if (release_folder_open(folder, path, checking->output, &problem) != RLK_OK) {
        check_problem(checking, &problem);
        return false;
    }
    check_channel(checking);
    check_promises(checking);
    for (size_t i = 0; i < folder->file_count; i++) {
        check_file(checking, &folder->files[i]);
    }
    check_images(checking);
    release_check_texts(checking);
    if (checking->looks_at_signatures) {
        release_check_signatures(checking);
    }
    return checking->errors == 0;
}

int release_check(const struct arguments *arguments, struct output *output)
{
    struct checking checking = {.arguments = arguments,
                                .output = output,
                                .folder = malloc(sizeof *checking.folder),
                                .looks_at_signatures = true};
    bool is_ready = checking.folder != NULL && release_check_all(&checking, arguments->words[1]);
    free(checking.folder);
    if (!is_ready) {
        return end_early(output, RLK_E_RELEASE_NOT_READY, arguments->words[1]);
    }
    maker_say(output, "%s: customers can succeed with this release; %u warning%s.", arguments->words[1],
              checking.warnings, checking.warnings == 1 ? "" : "s");
    return end_early(output, RLK_OK, NULL);
}
