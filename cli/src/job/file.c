#include "job/file.h"
#include "system/content.h"
#include <stdlib.h>

#define ERASED_VALUE 0xFFU /* of every family known so far */

static enum rlk_error read_file(const char *path, struct content *content)
{
    static const enum rlk_error errors[] = {
        [CONTENT_OK] = RLK_OK,
        [CONTENT_MISSING] = RLK_E_FILE_UNREADABLE,
        [CONTENT_TOO_LARGE] = RLK_E_FILE_TOO_LARGE,
        [CONTENT_CUT_OFF] = RLK_E_FILE_UNREADABLE,
        [CONTENT_UNREADABLE] = RLK_E_FILE_UNREADABLE,
        [CONTENT_INTERRUPTED] = RLK_E_INTERRUPTED,
    };
    enum rlk_error error = errors[content_read(content, path, RLK_IMAGE_FILE_BYTES_MAX)];
    return error == RLK_OK && content->length == 0 ? RLK_E_FILE_EMPTY : error;
}

static enum rlk_error make_room(struct firmware *firmware, size_t capacity)
{
    uint8_t *bytes = malloc(capacity > 0 ? capacity : 1);
    rlk_image_init(&firmware->image, bytes, capacity, ERASED_VALUE);
    return bytes != NULL ? RLK_OK : RLK_E_FILE_TOO_LARGE;
}

enum rlk_error firmware_load_hex(struct firmware *firmware, const uint8_t *bytes, size_t length)
{
    *firmware = (struct firmware){0};
    const char *text = (const char *)bytes;
    size_t needed = 0;
    enum rlk_error error = rlk_image_measure_hex(text, length, &needed, &firmware->place);
    if (error == RLK_OK) {
        error = make_room(firmware, needed);
    }
    if (error == RLK_OK) {
        error = rlk_image_load_hex(&firmware->image, text, length, &firmware->place);
    }
    return error;
}

enum rlk_error firmware_load_binary(struct firmware *firmware, const uint8_t *bytes, size_t length, uint32_t addr)
{
    *firmware = (struct firmware){0};
    if (length > RLK_IMAGE_PAYLOAD_BYTES_MAX) {
        return RLK_E_FILE_TOO_LARGE;
    }
    /* Both ends may be padded. */
    enum rlk_error error = make_room(firmware, length + 2 * RLK_IMAGE_ALIGNMENT_BYTES);
    if (error != RLK_OK) {
        return error;
    }
    return rlk_image_load_binary(&firmware->image, bytes, length, addr, &firmware->place);
}

enum rlk_error firmware_load(struct firmware *firmware, const char *path, const struct arguments *arguments)
{
    *firmware = (struct firmware){0};
    struct content content = {0};
    enum rlk_error error = read_file(path, &content);
    if (error == RLK_OK && rlk_image_looks_like_hex((const char *)content.bytes, content.length)) {
        error = firmware_load_hex(firmware, content.bytes, content.length);
    } else if (error == RLK_OK && !arguments->has_address) {
        error = RLK_E_BINARY_WITHOUT_ADDRESS;
    } else if (error == RLK_OK) {
        error = firmware_load_binary(firmware, content.bytes, content.length, arguments->address);
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
