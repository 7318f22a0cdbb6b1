#include "image/image_facts.h"
#include "image/image_write.h"
#include "output/problem.h"
#include "output/text.h"
#include "release/maker.h"
#include "relock/image_family.h"
#include "system/output_file.h"
#include "verbs.h"
#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* What can be written, and the file names that mean it. */
static const struct target {
    const char *name;
    image_writer *write;
    const char *endings[6];
} targets[] = {
    {"hex", image_write_hex, {".hex", ".ihex", ".ihx"}},
    {"srec", image_write_srec, {".srec", ".s19", ".s28", ".s37", ".mot"}},
    {"bin", image_write_binary, {".bin"}},
    {"dfu", image_write_dfuse, {".dfu"}},
};

#define TARGETS (sizeof targets / sizeof targets[0])

static bool has_ending(const struct target *target, const char *path)
{
    for (size_t i = 0; i < sizeof target->endings / sizeof target->endings[0] && target->endings[i] != NULL; i++) {
        const size_t length = strlen(path);
        const size_t tail = strlen(target->endings[i]);
        if (length > tail && strcasecmp(path + length - tail, target->endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const struct target *find_target(const struct arguments *arguments)
{
    const char *format = arguments->format;
    for (size_t i = 0; i < TARGETS; i++) {
        if (format != NULL ? strcmp(format, targets[i].name) == 0 : has_ending(&targets[i], arguments->words[2])) {
            return &targets[i];
        }
    }
    return NULL;
}

static enum rlk_error load(struct firmware *firmware, const struct arguments *arguments, struct problem *problem)
{
    const char *path = arguments->words[1];
    const enum rlk_error error = firmware_load(firmware, path, arguments);
    problem_set(problem, error, path);
    problem->image = firmware->place;
    return error;
}

static int image_info(const struct arguments *arguments, struct output *output)
{
    const struct rlk_chip *chip = rlk_chip_row(arguments->family);
    struct firmware firmware;
    struct problem problem;
    enum rlk_error error = load(&firmware, arguments, &problem);
    if (error == RLK_OK) {
        image_facts_say(output, arguments->json, arguments->words[1], &firmware, chip);
    }
    if (error == RLK_OK && chip != NULL) {
        const struct image_fit fit = image_fit_of(&firmware.image, chip);
        error = problem_set(&problem, fit.error, arguments->words[1]);
        problem.image = fit.place;
    }
    firmware_free(&firmware);
    return error == RLK_OK ? end_early(output, RLK_OK, NULL) : problem_end(&problem, output);
}

static bool is_standard_output(const char *path)
{
    return strcmp(path, "-") == 0;
}

static enum rlk_error write_to_output(const struct target *target, const struct rlk_image *image)
{
    target->write(stdout, image);
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? RLK_OK : RLK_E_FILE_NOT_WRITTEN;
}

/* Names the largest gap: most often one part lies where it should not. */
static enum rlk_error refuse_gaps(const struct rlk_image *image, const char *path, struct problem *problem,
                                  struct output *output)
{
    uint64_t widest = 0;
    uint32_t begin = 0;
    for (size_t i = 1; i < image->segment_count; i++) {
        const uint32_t end = image->segments[i - 1].addr + image->segments[i - 1].length;
        const uint64_t bytes = image->segments[i].addr - end;
        begin = bytes > widest ? end : begin;
        widest = bytes > widest ? bytes : widest;
    }
    char size[32];
    text_bytes(size, sizeof size, widest);
    maker_say(output, "The largest gap: 0x%08" PRIx32 " to 0x%08" PRIx32 ", %s.", begin,
              (uint32_t)(begin + (widest - 1U)), size);
    problem_set(problem, RLK_E_IMAGE_GAP_TOO_LARGE, path);
    problem->image = (struct rlk_image_place){.has_addr = true, .addr = begin};
    return problem->error;
}

static enum rlk_error write_file(const struct target *target, const struct rlk_image *image, const char *path,
                                 struct problem *problem)
{
    struct output_file file;
    enum rlk_error error = output_file_begin(&file, path);
    if (error == RLK_OK) {
        target->write(file.stream, image);
        error = output_file_keep(&file);
    }
    return problem_set(problem, error, path);
}

static enum rlk_error write_image(const struct target *target, const struct rlk_image *image, const char *path,
                                  struct problem *problem, struct output *output)
{
    if (target->write == image_write_binary && image_span_bytes(image) > RLK_IMAGE_PAYLOAD_BYTES_MAX) {
        return refuse_gaps(image, path, problem, output);
    }
    return is_standard_output(path) ? problem_set(problem, write_to_output(target, image), path)
                                    : write_file(target, image, path, problem);
}

/* No other format says it, and so nothing guards the copy. */
static void say_lost_family(struct output *output, const struct rlk_image_about *about)
{
    const char *name = rlk_image_family_name(about->family_id);
    if (about->has_family_id) {
        maker_say(output, "For which chips the file is (UF2 family id 0x%08" PRIx32 "%s%s) is not kept.",
                  about->family_id, name != NULL ? ", " : "", name != NULL ? name : "");
    }
}

static void say_written(struct output *output, const struct target *target, const struct rlk_image *image,
                        const char *path)
{
    const uint64_t filled = image_span_bytes(image) - image->size;
    path = is_standard_output(path) ? "standard output" : path;
    say_lost_family(output, &image->about);
    if (target->write != image_write_binary) {
        maker_say(output, "Wrote %s: %zu bytes in %zu piece%s.", path, image->size, image->segment_count,
                  image->segment_count == 1 ? "" : "s");
        return;
    }
    maker_say(output,
              "Wrote %s: %" PRIu64 " bytes, %" PRIu64 " of them to fill gaps (0x%02x). A raw binary does not say where "
              "it belongs: this one at 0x%08" PRIx32 ".",
              path, image_span_bytes(image), filled, image->erased_value, image->segments[0].addr);
}

static int image_convert(const struct arguments *arguments, struct output *output)
{
    const struct target *target = find_target(arguments);
    struct firmware firmware;
    struct problem problem;
    if (target == NULL) {
        return maker_usage("`image convert` wants --format hex, srec, bin or dfu, or a name that ends in one of them");
    }
    if (is_standard_output(arguments->words[2])) {
        if (arguments->json) {
            return maker_usage("standard output is taken: `image convert` has no --json beside OUT \"-\"");
        }
        output->stream = stderr;
    }
    enum rlk_error error = load(&firmware, arguments, &problem);
    if (error == RLK_OK) {
        error = write_image(target, &firmware.image, arguments->words[2], &problem, output);
    }
    if (error == RLK_OK) {
        say_written(output, target, &firmware.image, arguments->words[2]);
    }
    firmware_free(&firmware);
    return error == RLK_OK ? end_early(output, RLK_OK, NULL) : problem_end(&problem, output);
}

int verb_image(const struct arguments *arguments, struct output *output)
{
    static const struct maker_word rows[] = {
        {"info", 1, 1, "image info FILE [--address A] [--family NAME]", image_info},
        {"convert", 2, 2, "image convert IN OUT [--format hex|srec|bin|dfu] [--address A]", image_convert},
    };
    return maker_dispatch(arguments, output, rows, sizeof rows / sizeof rows[0]);
}
