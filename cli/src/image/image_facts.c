#include "image/image_facts.h"
#include "output/json.h"
#include "output/text.h"
#include "relock/image_family.h"
#include "system/hex.h"
#include <inttypes.h>
#include <string.h>

enum { VALUE_BYTES = 128, SHOWN_SEGMENTS = 8, SHOWN_PATH_BYTES = 512 };

#define RAM_ADDR       0x20000000U /* ARM's memory map */
#define RAM_LAST       0x3FFFFFFFU
#define CODE_RAM_ADDR  0x10000000U /* CCM, SRAM2 */
#define CODE_RAM_BYTES 0x10000U

static uint32_t word_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool is_in_image(const struct rlk_image *image, uint32_t addr)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        if (addr >= image->segments[i].addr && addr - image->segments[i].addr < image->segments[i].length) {
            return true;
        }
    }
    return false;
}

void image_vectors_find(struct image_vectors *vectors, const struct rlk_image *image)
{
    *vectors = (struct image_vectors){0};
    if (image->segment_count == 0) {
        return;
    }
    const uint8_t *table = &image->bytes[image->segments[0].offset];
    const uint32_t stack = word_at(table);
    const bool is_in_ram =
        (stack > RAM_ADDR && stack <= RAM_LAST) || (stack > CODE_RAM_ADDR && stack <= CODE_RAM_ADDR + CODE_RAM_BYTES);
    vectors->are_there = true;
    vectors->stack_pointer = stack;
    vectors->reset = word_at(&table[4]);
    vectors->stack_is_in_ram = is_in_ram && stack % 4 == 0;
    vectors->reset_is_in_the_image = vectors->reset % 2 == 1 && is_in_image(image, vectors->reset - 1);
}

static struct image_fit misfit_at(enum rlk_error error, uint32_t addr)
{
    return (struct image_fit){.error = error, .place = {.has_addr = true, .addr = addr}};
}

struct image_fit image_fit_of(const struct rlk_image *image, const struct rlk_chip *chip)
{
    const enum rlk_error error = rlk_image_judge_family(image, RLK_FAMILY_BIT(chip->family));
    if (error != RLK_OK) {
        return (struct image_fit){.error = error};
    }
    const struct rlk_misfit misfit = rlk_image_misfit(image, chip, NULL);
    if (misfit.error != RLK_OK) {
        return misfit_at(misfit.error, misfit.addr);
    }
    const enum rlk_vector wrong = rlk_image_wrong_vector(image, chip, NULL);
    if (wrong == RLK_VECTOR_NONE) {
        return (struct image_fit){.error = RLK_OK};
    }
    const uint32_t table = image->segments[0].addr;
    struct image_fit fit = misfit_at(RLK_E_IMAGE_NOT_BOOTABLE, wrong == RLK_VECTOR_STACK ? table : table + 4U);
    fit.wrong_vector = wrong;
    return fit;
}

static const char *format_title(enum rlk_image_format format)
{
    static const char *const titles[RLK_IMAGE_FORMATS] = {
        [RLK_IMAGE_HEX] = "Intel HEX",     [RLK_IMAGE_SREC] = "Motorola S-records",
        [RLK_IMAGE_ELF] = "ELF",           [RLK_IMAGE_DFUSE] = "DfuSe (.dfu)",
        [RLK_IMAGE_UF2] = "UF2",           [RLK_IMAGE_DFU_BINARY] = "raw binary with a DFU suffix",
        [RLK_IMAGE_BINARY] = "raw binary",
    };
    return titles[format];
}

static void vectors_json(struct json *json, const struct rlk_image *image)
{
    struct image_vectors vectors;
    image_vectors_find(&vectors, image);
    json_open(json, "vectors", '{');
    json_addr(json, "stack_pointer", vectors.stack_pointer);
    json_bool(json, "stack_is_in_ram", vectors.stack_is_in_ram);
    json_addr(json, "reset", vectors.reset);
    json_bool(json, "reset_is_in_image", vectors.reset_is_in_the_image);
    json_close(json, '}');
}

static void about_json(struct json *json, const struct rlk_image_about *about)
{
    if (about->has_entry) {
        json_addr(json, "entry", about->entry);
    }
    if (about->has_family_id) {
        json_addr(json, "family_id", about->family_id);
        json_text(json, "series", rlk_image_family_name(about->family_id));
    }
    if (about->has_dfu_suffix) {
        json_open(json, "dfu", '{');
        json_number(json, "vendor_id", about->vendor_id);
        json_number(json, "product_id", about->product_id);
        json_number(json, "bcd_device", about->bcd_device);
        json_close(json, '}');
    }
}

static void fit_json(struct json *json, const struct rlk_image *image, const struct rlk_chip *chip)
{
    static const char *const names[] = {
        [RLK_VECTOR_NONE] = NULL, [RLK_VECTOR_STACK] = "stack_pointer", [RLK_VECTOR_RESET] = "reset"};
    const struct image_fit fit = image_fit_of(image, chip);
    json_text(json, "family", chip->name);
    json_bool(json, "fits", fit.error == RLK_OK);
    if (fit.wrong_vector != RLK_VECTOR_NONE) {
        json_text(json, "wrong_vector", names[fit.wrong_vector]);
    }
}

static void say_json(struct output *output, const char *path, const struct firmware *firmware,
                     const struct rlk_chip *chip)
{
    const struct rlk_image *image = &firmware->image;
    struct json json;
    json_begin_event(&json, output->stream, "image");
    json_text(&json, "file", path);
    json_text(&json, "format", rlk_image_format_name(image->about.format));
    json_bool(&json, "compressed", firmware->was_compressed);
    json_hex(&json, "file_sha256", firmware->file_sha256, sizeof firmware->file_sha256);
    json_number(&json, "bytes", image->size);
    json_number(&json, "crc32", image->crc32);
    json_open(&json, "segments", '[');
    for (size_t i = 0; i < image->segment_count; i++) {
        json_open(&json, NULL, '{');
        json_addr(&json, "addr", image->segments[i].addr);
        json_number(&json, "bytes", image->segments[i].length);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    about_json(&json, &image->about);
    vectors_json(&json, image);
    if (chip != NULL) {
        fit_json(&json, image, chip);
    }
    json_end_event(&json);
}

static void row(struct output *output, const char *label, const char *value)
{
    fprintf(output->stream, "  %-10s  %s\n", label, value);
}

static void segments_text(struct output *output, const struct rlk_image *image)
{
    for (size_t i = 0; i < image->segment_count && i < SHOWN_SEGMENTS; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        char size[32];
        char value[VALUE_BYTES];
        text_bytes(size, sizeof size, segment->length);
        snprintf(value, sizeof value, "0x%08" PRIx32 " to 0x%08" PRIx32 ", %s", segment->addr,
                 segment->addr + (segment->length - 1), size);
        row(output, i == 0 ? "Addresses" : "", value);
    }
    if (image->segment_count > SHOWN_SEGMENTS) {
        char value[VALUE_BYTES];
        snprintf(value, sizeof value, "and %zu more pieces (--json has all)", image->segment_count - SHOWN_SEGMENTS);
        row(output, "", value);
    }
}

static void vectors_text(struct output *output, const struct rlk_image *image)
{
    struct image_vectors vectors;
    char value[VALUE_BYTES];
    image_vectors_find(&vectors, image);
    snprintf(value, sizeof value, "stack 0x%08" PRIx32 "%s, reset 0x%08" PRIx32 "%s", vectors.stack_pointer,
             vectors.stack_is_in_ram ? "" : " (no RAM)", vectors.reset,
             vectors.reset_is_in_the_image ? "" : " (no code in this file)");
    row(output, "Vectors", value);
}

/* "0483", or what 0xFFFF means in a suffix. */
static void put_id(char *to, size_t room, uint16_t id)
{
    if (id == UINT16_MAX) {
        snprintf(to, room, "any");
    } else {
        snprintf(to, room, "%04" PRIx16, id);
    }
}

static void about_text(struct output *output, const struct rlk_image_about *about)
{
    char value[VALUE_BYTES];
    if (about->has_entry) {
        snprintf(value, sizeof value, "0x%08" PRIx32, about->entry);
        row(output, "Entry", value);
    }
    if (about->has_family_id) {
        const char *series = rlk_image_family_name(about->family_id);
        snprintf(value, sizeof value, "%s (0x%08" PRIx32 ")",
                 series != NULL ? series : "a family that Relock does not know", about->family_id);
        row(output, "Made for", value);
    }
    if (about->has_dfu_suffix) {
        char vendor[8];
        char product[8];
        char version[8];
        put_id(vendor, sizeof vendor, about->vendor_id);
        put_id(product, sizeof product, about->product_id);
        put_id(version, sizeof version, about->bcd_device);
        snprintf(value, sizeof value, "vendor %s, product %s, version %s", vendor, product, version);
        row(output, "USB ids", value);
    }
}

static const char *fit_text(const struct rlk_image *image, const struct rlk_chip *chip)
{
    static const char *const texts[] = {
        [RLK_VECTOR_NONE] = "does not fit",
        [RLK_VECTOR_STACK] = "does not fit: the stack pointer (first word) is not in its RAM",
        [RLK_VECTOR_RESET] = "does not fit: the reset vector (second word) is no code in its flash",
    };
    const struct image_fit fit = image_fit_of(image, chip);
    if (fit.error == RLK_E_IMAGE_OF_UNKNOWN_FAMILY) {
        return "it cannot be told whether it fits";
    }
    return fit.error == RLK_OK ? "fits" : texts[fit.wrong_vector];
}

static void say_text(struct output *output, const char *path, const struct firmware *firmware,
                     const struct rlk_chip *chip)
{
    const struct rlk_image *image = &firmware->image;
    char shown[SHOWN_PATH_BYTES];
    char value[VALUE_BYTES];
    text_clean(shown, sizeof shown, path);
    row(output, "File", shown);
    snprintf(value, sizeof value, "%s%s", format_title(image->about.format),
             firmware->was_compressed ? ", compressed (gzip)" : "");
    row(output, "Format", value);
    text_bytes(value, sizeof value, image->size);
    row(output, "Size", value);
    segments_text(output, image);
    about_text(output, &image->about);
    vectors_text(output, image);
    snprintf(value, sizeof value, "0x%08" PRIx32, image->crc32);
    row(output, "CRC-32", value);
    hex_write(value, firmware->file_sha256, sizeof firmware->file_sha256);
    row(output, "SHA-256", value);
    if (chip != NULL) {
        row(output, chip->name, fit_text(image, chip));
    }
}

void image_facts_say(struct output *output, bool is_json, const char *path, const struct firmware *firmware,
                     const struct rlk_chip *chip)
{
    (is_json ? say_json : say_text)(output, path, firmware, chip);
}
