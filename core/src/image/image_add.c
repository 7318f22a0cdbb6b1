#include "image/image_cells.h"
#include "image/image_private.h"
#include <stdbool.h>
#include <string.h>

static uint64_t end_of(const struct rlk_segment *segment)
{
    return (uint64_t)segment->addr + segment->length;
}

/* Both images' segments from the lowest address on, one after the other. */
struct walk {
    const struct rlk_image *images[2];
    size_t at[2];
};

static const struct rlk_segment *next_segment(struct walk *walk)
{
    const struct rlk_segment *found[2];
    for (size_t i = 0; i < 2; i++) {
        const struct rlk_image *image = walk->images[i];
        found[i] = walk->at[i] < image->segment_count ? &image->segments[walk->at[i]] : NULL;
    }
    const size_t which = found[0] == NULL || (found[1] != NULL && found[1]->addr < found[0]->addr);
    walk->at[which]++;
    return found[which];
}

/* Segments that touch become one. `segments` holds RLK_IMAGE_SEGMENTS_MAX. */
static enum rlk_error merge_segments(const struct rlk_image *image, const struct rlk_image *other,
                                     struct rlk_segment *segments, size_t *count)
{
    struct walk walk = {{image, other}, {0, 0}};
    const struct rlk_segment *segment = NULL;
    uint64_t end = 0;
    uint32_t offset = 0;
    bool is_too_scattered = false;
    for (*count = 0; (segment = next_segment(&walk)) != NULL; end = end_of(segment)) {
        if (segment->addr < end) {
            return RLK_E_IMAGE_OVERLAP;
        }
        if (*count > 0 && segment->addr == end) {
            segments[*count - 1U].length += segment->length;
        } else if (*count < RLK_IMAGE_SEGMENTS_MAX) {
            segments[(*count)++] = (struct rlk_segment){segment->addr, segment->length, offset};
        } else {
            is_too_scattered = true;
        }
        offset += segment->length;
    }
    return is_too_scattered ? RLK_E_IMAGE_TOO_SCATTERED : RLK_OK;
}

/* From the highest address down: what is moved lands where nothing is that is still to be moved. */
static void merge_bytes(struct rlk_image *image, const struct rlk_image *other, size_t size)
{
    size_t left = image->segment_count;
    size_t other_left = other->segment_count;
    while (left + other_left > 0) {
        const bool is_mine =
            other_left == 0 || (left > 0 && image->segments[left - 1U].addr > other->segments[other_left - 1U].addr);
        const struct rlk_segment *segment = is_mine ? &image->segments[--left] : &other->segments[--other_left];
        size -= segment->length;
        memmove(&image->bytes[size], &(is_mine ? image : other)->bytes[segment->offset], segment->length);
    }
}

/* Alike, or unsaid. */
static void merge_about(struct rlk_image_about *about, const struct rlk_image_about *other)
{
    const bool has_same_suffix = about->has_dfu_suffix && other->has_dfu_suffix &&
                                 about->vendor_id == other->vendor_id && about->product_id == other->product_id &&
                                 about->bcd_device == other->bcd_device;
    const struct rlk_image_about found = *about;
    *about = (struct rlk_image_about){.format = found.format == other->format ? found.format : RLK_IMAGE_BY_CONTENT};
    about->has_family_id = found.has_family_id || other->has_family_id;
    about->family_id = found.has_family_id ? found.family_id : other->family_id;
    if (found.has_entry && other->has_entry && found.entry == other->entry) {
        about->has_entry = true;
        about->entry = found.entry;
    }
    if (has_same_suffix) {
        about->has_dfu_suffix = true;
        about->vendor_id = found.vendor_id;
        about->product_id = found.product_id;
        about->bcd_device = found.bcd_device;
    }
}

enum rlk_error rlk_image_add(struct rlk_image *image, const struct rlk_image *other)
{
    struct rlk_segment segments[RLK_IMAGE_SEGMENTS_MAX];
    size_t count = 0;
    if (image->about.has_family_id && other->about.has_family_id && image->about.family_id != other->about.family_id) {
        return RLK_E_UF2_FAMILY;
    }
    const enum rlk_error error = merge_segments(image, other, segments, &count);
    if (error != RLK_OK) {
        return error;
    }
    const size_t size = image->size + other->size;
    if (size > RLK_IMAGE_PAYLOAD_BYTES_MAX || size > image->capacity) {
        return RLK_E_FILE_TOO_LARGE;
    }
    if (image->segment_count == 0) {
        image->about = other->about;
    } else {
        merge_about(&image->about, &other->about);
    }
    merge_bytes(image, other, size);
    rlk_cells_merge(image, other);
    image->size = size;
    image->segment_count = count;
    memcpy(image->segments, segments, count * sizeof segments[0]);
    rlk_image_seal(image);
    return RLK_OK;
}
