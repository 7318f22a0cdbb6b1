#include "relock/image.h"
#include "image/image_private.h"
#include "relock/digest.h"
#include <string.h>

void rlk_image_clear(struct rlk_image *image)
{
    image->size = 0;
    image->digest = 0;
    image->crc32 = 0;
    memset(&image->about, 0, sizeof image->about);
    image->segment_count = 0;
    memset(image->segments, 0, sizeof image->segments);
    image->partial_cell_count = 0;
    image->has_more_partial_cells = false;
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
