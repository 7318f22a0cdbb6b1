#include "job/file.h"
#include "image/gunzip.h"
#include "system/content.h"
#include <sodium.h>
#include <stdlib.h>

#define ERASED_VALUE 0xFFU /* of most families; where it is another, padding is not blank, and harmless */

/* Reads `path`, and inflates it if it is gzip. Hash and compression are noted in `firmware`. */
static enum rlk_error read_file(const char *path, struct content *content, struct firmware *firmware)
{
    const enum content_state state = content_read(content, path, RLK_IMAGE_FILE_BYTES_MAX);
    if (state != CONTENT_OK) {
        return state == CONTENT_TOO_LARGE ? RLK_E_FILE_TOO_LARGE : RLK_E_FILE_UNREADABLE;
    }
    crypto_hash_sha256(firmware->file_sha256, content->bytes, content->length);
    firmware->was_compressed = rlk_image_recognise(content->bytes, content->length) == RLK_IMAGE_GZIP;
    return firmware->was_compressed ? gunzip(content, RLK_IMAGE_FILE_BYTES_MAX) : RLK_OK;
}

static enum rlk_error load_file(struct firmware *firmware, const struct rlk_image_file *file, uint8_t erased_value)
{
    size_t needed = 0;
    enum rlk_error error = rlk_image_measure(file, &needed, &firmware->place);
    if (error != RLK_OK) {
        return error;
    }
    uint8_t *bytes = malloc(needed);
    rlk_image_init(&firmware->image, bytes, needed, erased_value);
    return bytes != NULL ? rlk_image_load(&firmware->image, file, &firmware->place) : RLK_E_FILE_TOO_LARGE;
}

enum rlk_error firmware_load_file(struct firmware *firmware, const struct rlk_image_file *file)
{
    *firmware = (struct firmware){0};
    return load_file(firmware, file, ERASED_VALUE);
}

enum rlk_error firmware_load_hex(struct firmware *firmware, const uint8_t *bytes, size_t length)
{
    const struct rlk_image_file file = {bytes, length, RLK_IMAGE_HEX, false, 0};
    return firmware_load_file(firmware, &file);
}

enum rlk_error firmware_load_binary(struct firmware *firmware, const uint8_t *bytes, size_t length, uint32_t addr)
{
    const struct rlk_image_file file = {bytes, length, RLK_IMAGE_BINARY, true, addr};
    return firmware_load_file(firmware, &file);
}

enum rlk_error firmware_load(struct firmware *firmware, const char *path, const struct arguments *arguments)
{
    *firmware = (struct firmware){0};
    struct content content = {0};
    const struct rlk_chip *chip = rlk_chip_row(arguments->family);
    enum rlk_error error = read_file(path, &content, firmware);
    if (error == RLK_OK) {
        const struct rlk_image_file file = {content.bytes, content.length, RLK_IMAGE_BY_CONTENT, arguments->has_address,
                                            arguments->address};
        error = load_file(firmware, &file, chip != NULL ? chip->erased_value : ERASED_VALUE);
    }
    content_free(&content);
    return error;
}

/* Takes over the first part as it is. */
static void firmware_take(struct firmware *whole, struct firmware *part)
{
    *whole = *part;
    part->image.bytes = NULL;
}

enum rlk_error firmware_add(struct firmware *whole, struct firmware *part)
{
    if (whole->image.bytes == NULL) {
        firmware_take(whole, part);
        return RLK_OK;
    }
    size_t capacity = whole->image.capacity + part->image.size + RLK_IMAGE_ALIGNMENT_BYTES;
    uint8_t *bytes = realloc(whole->image.bytes, capacity);
    if (bytes == NULL) {
        return RLK_E_FILE_TOO_LARGE;
    }
    whole->image.bytes = bytes;
    whole->image.capacity = capacity;
    return rlk_image_add(&whole->image, &part->image);
}

void firmware_free(struct firmware *firmware)
{
    free(firmware->image.bytes);
    firmware->image.bytes = NULL;
}
