/* Firmware files of every format: what is accepted is a sound image, however the file is looked at. */
#include "fuzz.h"
#include "image_law.h"
#include "relock/digest.h"
#include <stdio.h>
#include <string.h>

enum { FILE_BYTES = 1 << 16, SUFFIX_BYTES = 16, DFUSE_SIZE = 6, RAW_ADDR = 0x08000000 };

static uint8_t image_bytes[IMAGE_BYTES];
static uint8_t other_bytes[IMAGE_BYTES];

static bool are_alike(const struct rlk_image_about *one, const struct rlk_image_about *other)
{
    return one->format == other->format && one->has_entry == other->has_entry && one->entry == other->entry &&
           one->has_family_id == other->has_family_id && one->family_id == other->family_id &&
           one->has_dfu_suffix == other->has_dfu_suffix && one->vendor_id == other->vendor_id &&
           one->product_id == other->product_id && one->bcd_device == other->bcd_device;
}

static void check_room(const struct rlk_image *image, const struct rlk_image_file *file)
{
    struct rlk_image other;
    rlk_image_init(&other, other_bytes, image->size, 0xFF);
    fuzz_demand(rlk_image_load(&other, file, NULL) == RLK_OK, "what was measured is enough");
    fuzz_demand(are_alike(&other.about, &image->about), "a file says the same twice");
    rlk_image_init(&other, other_bytes, image->size - 1U, 0xFF);
    fuzz_demand(rlk_image_load(&other, file, NULL) == RLK_E_FILE_TOO_LARGE, "one byte less is not");
    fuzz_demand(other.segment_count == 0 && other.size == 0, "a refused image is empty");
}

/* Padding is all that is not the file's: with another erased value everything else is the same. */
static void check_padding(const struct rlk_image *image, const struct rlk_image_file *file)
{
    struct rlk_image other;
    size_t kept = 0;
    rlk_image_init(&other, other_bytes, sizeof other_bytes, 0x00);
    fuzz_demand(rlk_image_load(&other, file, NULL) == RLK_OK, "the erased value decides nothing");
    for (size_t i = 0; i < image->size; i++) {
        const bool is_padding = image->bytes[i] == 0xFF && other.bytes[i] == 0x00;
        fuzz_demand(is_padding || image->bytes[i] == other.bytes[i], "what is not padding is the file's");
        kept += !is_padding;
    }
    fuzz_demand(kept > 0, "no image is padding only");
}

static enum rlk_error load(struct rlk_image *image, const struct rlk_image_file *file, struct rlk_image_place *place)
{
    struct rlk_image_place same = {0};
    size_t needed = SIZE_MAX;
    const enum rlk_error measured = rlk_image_measure(file, &needed, &same);
    fuzz_demand(needed <= RLK_IMAGE_PAYLOAD_BYTES_MAX, "no image is larger than the largest");
    rlk_image_init(image, image_bytes, sizeof image_bytes, 0xFF);
    const enum rlk_error error = rlk_image_load(image, file, place);
    if (needed > sizeof image_bytes) {
        fuzz_demand(error == RLK_E_FILE_TOO_LARGE, "what does not fit is refused");
        return error;
    }
    fuzz_demand(error == measured && image->size == needed, "measuring tells what loading does");
    fuzz_demand(place->line == same.line && place->addr == same.addr && place->offset == same.offset &&
                    place->has_addr == same.has_addr,
                "and where it fails");
    fuzz_demand(place->line <= file->length + 1U && place->offset <= file->length, "the place is inside the file");
    return error;
}

static enum rlk_error check(const uint8_t *bytes, size_t length, enum rlk_image_format format, struct rlk_image *image)
{
    const struct rlk_image_file file = {bytes, length, format, true, RAW_ADDR};
    struct rlk_image_place place = {.line = UINT32_MAX};
    const enum rlk_error error = load(image, &file, &place);
    if (error == RLK_OK) {
        image_law_check(image);
        fuzz_demand(format == RLK_IMAGE_BY_CONTENT || image->about.format == format, "a format is what was said");
        check_room(image, &file);
        check_padding(image, &file);
        image_law_check_in_pieces(image);
    } else {
        fuzz_demand(image->segment_count == 0 && image->size == 0, "a refused image is empty");
    }
    return error;
}

/* By content, as what it then is, and as everything else. */
static void check_all(const uint8_t *bytes, size_t length)
{
    static struct rlk_image image;
    const enum rlk_image_format format = rlk_image_recognise(bytes, length);
    for (enum rlk_image_format other = RLK_IMAGE_HEX; other < RLK_IMAGE_FORMATS; other++) {
        const enum rlk_error error = check(bytes, length, other, &image);
        fuzz_demand(error != RLK_E_BINARY_WITHOUT_ADDRESS && error != RLK_E_INTERNAL, "an address was said");
    }
    const enum rlk_error said = check(bytes, length, format, &image);
    const uint64_t digest = image.digest;
    const enum rlk_error found = check(bytes, length, RLK_IMAGE_BY_CONTENT, &image);
    fuzz_demand(found == said && image.digest == digest, "content decides as if the format had been said");
    if (!fuzz_is_speaking()) {
        return;
    }
    (void)printf("= {\"kind\":\"image\",\"addr\":%u,\"file\":\"", (unsigned)RAW_ADDR);
    fuzz_say_hex(bytes, length);
    (void)printf("\"}\n%s\n", rlk_image_format_name(format));
    if (found == RLK_OK) {
        image_law_say(&image);
    } else {
        (void)printf("%s\n", rlk_error_name(found));
    }
}

static void put_le32(uint8_t *to, size_t value)
{
    for (size_t i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> 8U * i);
    }
}

/* The CRC of a DFU file would keep nearly all inputs from being read any further, and so would its size. */
static void repair_dfu(uint8_t *bytes, size_t length)
{
    if (length >= SUFFIX_BYTES + 11U && memcmp(bytes, "DfuSe", 5) == 0) {
        put_le32(&bytes[DFUSE_SIZE], length - SUFFIX_BYTES);
    }
    if (length >= SUFFIX_BYTES) {
        put_le32(&bytes[length - 4U], (uint32_t)~rlk_crc32(0, bytes, length - 4U));
    }
}

/* All blocks of a UF2 file numbered as they stand. */
static void repair_uf2(uint8_t *bytes, size_t length)
{
    for (size_t at = 0; at + 512U <= length; at += 512U) {
        put_le32(&bytes[at + 20U], at / 512U);
        put_le32(&bytes[at + 24U], length / 512U);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t repaired[FILE_BYTES];
    if (size > sizeof repaired) {
        return 0;
    }
    check_all(data, size);
    memcpy(repaired, data, size);
    const enum rlk_image_format format = rlk_image_recognise(data, size);
    if (format == RLK_IMAGE_DFUSE || format == RLK_IMAGE_DFU_BINARY) {
        repair_dfu(repaired, size);
    } else if (format == RLK_IMAGE_UF2) {
        repair_uf2(repaired, size);
    }
    if (memcmp(repaired, data, size) != 0) {
        check_all(repaired, size);
    }
    return 0;
}
