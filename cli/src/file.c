#include "file.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define ERASED_VALUE 0xFFU /* of every family known so far */

struct content {
    char *bytes;
    size_t length;
};

static enum rlk_error read_stream(FILE *stream, struct content *content)
{
    struct stat status;
    if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode)) {
        return RLK_E_FILE_UNREADABLE;
    }
    if (status.st_size == 0) {
        return RLK_E_FILE_EMPTY;
    }
    if ((uint64_t)status.st_size > RLK_IMAGE_FILE_BYTES_MAX) {
        return RLK_E_FILE_TOO_LARGE;
    }
    content->length = (size_t)status.st_size;
    content->bytes = malloc(content->length);
    if (content->bytes == NULL || fread(content->bytes, 1, content->length, stream) != content->length) {
        return RLK_E_FILE_UNREADABLE;
    }
    return RLK_OK;
}

static enum rlk_error read_file(const char *path, struct content *content)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return RLK_E_FILE_UNREADABLE;
    }
    enum rlk_error error = read_stream(stream, content);
    fclose(stream);
    return error;
}

static enum rlk_error make_room(struct firmware *firmware, size_t capacity)
{
    uint8_t *bytes = malloc(capacity > 0 ? capacity : 1);
    rlk_image_init(&firmware->image, bytes, capacity, ERASED_VALUE);
    return bytes != NULL ? RLK_OK : RLK_E_FILE_TOO_LARGE;
}

static enum rlk_error load_hex(struct firmware *firmware, const struct content *content)
{
    size_t needed = 0;
    enum rlk_error error = rlk_image_measure_hex(content->bytes, content->length, &needed, &firmware->place);
    if (error == RLK_OK) {
        error = make_room(firmware, needed);
    }
    if (error == RLK_OK) {
        error = rlk_image_load_hex(&firmware->image, content->bytes, content->length, &firmware->place);
    }
    return error;
}

static enum rlk_error load_binary(struct firmware *firmware, const struct content *content,
                                  const struct arguments *arguments)
{
    if (!arguments->has_address) {
        return RLK_E_BINARY_WITHOUT_ADDRESS;
    }
    if (content->length > RLK_IMAGE_PAYLOAD_BYTES_MAX) {
        return RLK_E_FILE_TOO_LARGE;
    }
    /* Both ends may be padded. */
    enum rlk_error error = make_room(firmware, content->length + 2 * RLK_IMAGE_ALIGNMENT_BYTES);
    if (error != RLK_OK) {
        return error;
    }
    return rlk_image_load_binary(&firmware->image, (const uint8_t *)content->bytes, content->length, arguments->address,
                                 &firmware->place);
}

enum rlk_error firmware_load(struct firmware *firmware, const char *path, const struct arguments *arguments)
{
    *firmware = (struct firmware){0};
    struct content content = {0};
    enum rlk_error error = read_file(path, &content);
    if (error == RLK_OK && rlk_image_looks_like_hex(content.bytes, content.length)) {
        error = load_hex(firmware, &content);
    } else if (error == RLK_OK) {
        error = load_binary(firmware, &content, arguments);
    }
    free(content.bytes);
    return error;
}

void firmware_free(struct firmware *firmware)
{
    free(firmware->image.bytes);
    firmware->image.bytes = NULL;
}
