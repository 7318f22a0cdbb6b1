#include "relock/image.h"
#include "image/image_private.h"
#include "relock/digest.h"
#include <string.h>

#define CELL_MASK (RLK_IMAGE_ALIGNMENT_BYTES - 1U)

void rlk_image_clear(struct rlk_image *image)
{
    image->size = 0;
    image->digest = 0;
    image->crc32 = 0;
    image->segment_count = 0;
    memset(image->segments, 0, sizeof image->segments);
}

void rlk_image_init(struct rlk_image *image, uint8_t *bytes, size_t capacity, uint8_t erased_value)
{
    image->bytes = bytes;
    image->capacity = capacity;
    image->erased_value = erased_value;
    rlk_image_clear(image);
}

void rlk_image_seal(struct rlk_image *image)
{
    image->digest = rlk_image_digest(image);
    image->crc32 = rlk_crc32(0, image->bytes, image->size);
}

uint64_t rlk_image_digest(const struct rlk_image *image)
{
    uint64_t digest;
    rlk_digest_init(&digest);
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        rlk_digest_add_u32(&digest, segment->addr);
        rlk_digest_add_u32(&digest, segment->length);
        rlk_digest_add_bytes(&digest, &image->bytes[segment->offset], segment->length);
    }
    return digest;
}

static enum rlk_error judge_binary(const struct rlk_image *image, size_t length, uint32_t addr)
{
    if (length == 0) {
        return RLK_E_FILE_EMPTY;
    }
    const size_t head = addr & CELL_MASK;
    if (length > RLK_IMAGE_PAYLOAD_BYTES_MAX || head + length > RLK_IMAGE_PAYLOAD_BYTES_MAX ||
        ((head + length + CELL_MASK) & ~(size_t)CELL_MASK) > image->capacity) {
        return RLK_E_FILE_TOO_LARGE;
    }
    return length - 1U > UINT32_MAX - addr ? RLK_E_FILE_PAST_END : RLK_OK;
}

enum rlk_error rlk_image_load_binary(struct rlk_image *image, const uint8_t *data, size_t length, uint32_t addr,
                                     struct rlk_image_place *place)
{
    rlk_image_clear(image);
    const enum rlk_error error = judge_binary(image, length, addr);
    if (place != NULL) {
        *place = (struct rlk_image_place){0, error != RLK_OK ? addr : 0};
    }
    if (error != RLK_OK) {
        return error;
    }
    const size_t head = addr & CELL_MASK;
    const size_t size = (head + length + CELL_MASK) & ~(size_t)CELL_MASK;
    /* The data may lie in the very buffer, so it moves before the padding is written. */
    memmove(&image->bytes[head], data, length);
    memset(image->bytes, image->erased_value, head);
    memset(&image->bytes[head + length], image->erased_value, size - head - length);
    image->size = size;
    image->segment_count = 1;
    image->segments[0] = (struct rlk_segment){addr & ~CELL_MASK, (uint32_t)size, 0};
    rlk_image_seal(image);
    return RLK_OK;
}
