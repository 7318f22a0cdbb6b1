#include "image/image_simple.h"
#include "image/gunzip.h"
#include "image/image_write.h"
#include "job/file.h"
#include <stdlib.h>

static enum rlk_error write_hex(struct content *content, const struct rlk_image *image)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL) {
        return RLK_E_FILE_TOO_LARGE;
    }
    image_write_hex(stream, image);
    const bool is_written = ferror(stream) == 0;
    if (fclose(stream) != 0 || !is_written) {
        free(text);
        return RLK_E_FILE_TOO_LARGE;
    }
    content_free(content);
    *content = (struct content){(uint8_t *)text, length};
    return RLK_OK;
}

enum rlk_error image_simplify(struct content *content, const uint32_t *addr, struct image_simple *simple)
{
    enum rlk_error error = RLK_OK;
    *simple = (struct image_simple){0};
    if (rlk_image_recognise(content->bytes, content->length) == RLK_IMAGE_GZIP) {
        error = gunzip(content, RLK_IMAGE_FILE_BYTES_MAX);
    }
    if (error != RLK_OK) {
        return error;
    }
    const enum rlk_image_format format = rlk_image_recognise(content->bytes, content->length);
    simple->is_binary = format == RLK_IMAGE_BINARY;
    if (format == RLK_IMAGE_BINARY || format == RLK_IMAGE_HEX) {
        return RLK_OK;
    }
    struct firmware firmware;
    const struct rlk_image_file file = {content->bytes, content->length, format, addr != NULL,
                                        addr != NULL ? *addr : 0};
    error = firmware_load_file(&firmware, &file);
    simple->place = firmware.place;
    simple->about = firmware.image.about;
    if (error == RLK_OK) {
        error = write_hex(content, &firmware.image);
    }
    firmware_free(&firmware);
    return error;
}
