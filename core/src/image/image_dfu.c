/*
 * DFU files: ST's DfuSe (UM0391) with targets and elements, and raw binaries; both end in the suffix of USB DFU 1.1,
 * appendix B. Its CRC is CRC-32 without the last inversion.
 */
#include "image/image_walk.h"
#include "relock/digest.h"
#include <string.h>

enum {
    PREFIX_BYTES = 11, /* "DfuSe", version, size, targets */
    TARGET_BYTES = 274,
    TARGET_NAME = 11,
    TARGET_NAME_BYTES = 255,
    TARGET_SIZE = 266,
    TARGET_ELEMENTS = 270,
    ELEMENT_BYTES = 8,
    SUFFIX_BYTES = 16,
    SUFFIX_PRODUCT = 2,
    SUFFIX_VENDOR = 4,
    SUFFIX_VERSION = 6,
    SUFFIX_SIGNATURE = 8,
    SUFFIX_LENGTH = 11,
    SUFFIX_CRC = 12,
    VERSION_DFUSE = 0x011A
};

/* Where some family takes its option bytes over USB: no firmware lies there. Flash option areas as their bootloaders
 * announce them, at most 512 bytes; the registers of flash controllers, which newer families announce instead. */
static const struct {
    uint32_t first, last;
} option_regions[] = {
    {0x1FF00000U, 0x1FF001FFU}, /* L4+ */
    {0x1FF01000U, 0x1FF011FFU}, /* L4+, second bank */
    {0x1FF80000U, 0x1FF801FFU}, /* L0, L1 */
    {0x1FFEC000U, 0x1FFEC1FFU}, /* F42x, second bank */
    {0x1FFF0000U, 0x1FFF01FFU}, /* F7 */
    {0x1FFF7800U, 0x1FFF79FFU}, /* L4, G0, G4, C0 */
    {0x1FFF8000U, 0x1FFF81FFU}, /* WB */
    {0x1FFFC000U, 0x1FFFC1FFU}, /* F2, F4 */
    {0x1FFFF800U, 0x1FFFF9FFU}, /* F0, F1, F3; second bank of L4, G4 */
    {0x40022000U, 0x400223FFU}, /* L5, U0, U3, U5, WBA, H5, C5 */
    {0x52002000U, 0x520023FFU}, /* H7 */
    {0xEFFFFFFFU, 0xEFFFFFFFU}, /* H7R, H7S: product state */
};

static bool holds_option_bytes(uint32_t addr, uint32_t length)
{
    for (size_t i = 0; i < sizeof option_regions / sizeof option_regions[0]; i++) {
        if (addr <= option_regions[i].last && (uint64_t)addr + length > option_regions[i].first) {
            return true;
        }
    }
    return false;
}

static bool has_suffix(const uint8_t *bytes, size_t length)
{
    return length >= SUFFIX_BYTES && memcmp(&bytes[length - SUFFIX_BYTES + SUFFIX_SIGNATURE], "UFD", 3) == 0;
}

/* Checks the suffix and takes it off. `is_dfuse`: which version it must have. */
static enum rlk_error take_suffix(struct rlk_image_reader *reader, bool is_dfuse)
{
    const size_t end = reader->length - SUFFIX_BYTES;
    const uint8_t *suffix = &reader->bytes[end];
    reader->at = end;
    if (suffix[SUFFIX_LENGTH] != SUFFIX_BYTES || (rlk_le16(&suffix[SUFFIX_VERSION]) == VERSION_DFUSE) != is_dfuse) {
        return RLK_E_DFU_SUFFIX;
    }
    if (~rlk_crc32(0, reader->bytes, end + SUFFIX_CRC) != rlk_le32(&suffix[SUFFIX_CRC])) {
        return RLK_E_DFU_CHECKSUM;
    }
    reader->about.has_dfu_suffix = true;
    reader->about.bcd_device = (uint16_t)rlk_le16(suffix);
    reader->about.product_id = (uint16_t)rlk_le16(&suffix[SUFFIX_PRODUCT]);
    reader->about.vendor_id = (uint16_t)rlk_le16(&suffix[SUFFIX_VENDOR]);
    return RLK_OK;
}

static bool looks_like_dfuse(const uint8_t *bytes, size_t length)
{
    return length >= 5U && memcmp(bytes, "DfuSe", 5) == 0;
}

static enum rlk_error begin_dfuse(struct rlk_image_reader *reader)
{
    if (!looks_like_dfuse(reader->bytes, reader->length)) {
        return RLK_E_DFU_DAMAGED;
    }
    if (reader->length < PREFIX_BYTES + SUFFIX_BYTES) {
        return RLK_E_FILE_TRUNCATED;
    }
    if (reader->bytes[5] != 1) {
        return RLK_E_DFU_DAMAGED;
    }
    const uint32_t size = rlk_le32(&reader->bytes[6]);
    const size_t end = reader->length - SUFFIX_BYTES;
    const bool is_suffixed = has_suffix(reader->bytes, reader->length);
    /* UM0391 leaves the suffix out of the size; dfu-util's dfuse-pack counts it in. */
    const bool is_whole = size == end || (size == reader->length && is_suffixed);
    if (!is_whole || !is_suffixed) {
        return !is_whole && size > end ? RLK_E_FILE_TRUNCATED : RLK_E_DFU_DAMAGED;
    }
    const enum rlk_error error = take_suffix(reader, true);
    if (error != RLK_OK) {
        return error;
    }
    reader->of.dfuse.targets_left = reader->bytes[PREFIX_BYTES - 1];
    reader->of.dfuse.end = end;
    reader->of.dfuse.target_end = PREFIX_BYTES;
    reader->at = PREFIX_BYTES;
    return RLK_OK;
}

/* Does the target's name say flash, in whatever case? Tools fill what follows its NUL with anything. */
static bool says_flash(const uint8_t *name)
{
    static const char word[] = "flash";
    size_t matched = 0;
    for (size_t i = 0; i < TARGET_NAME_BYTES && name[i] != 0 && matched < sizeof word - 1U; i++) {
        const char letter = (char)(name[i] | 0x20U);
        matched = letter == word[matched] ? matched + 1U : letter == word[0] ? 1U : 0U;
    }
    return matched == sizeof word - 1U;
}

/* Alternate setting 0 is the main flash of every known bootloader; others are option bytes, OTP and external flash. */
static enum rlk_error begin_target(struct rlk_image_reader *reader)
{
    const uint8_t *target = &reader->bytes[reader->at];
    if (reader->of.dfuse.end - reader->at < TARGET_BYTES || memcmp(target, "Target", 6) != 0) {
        return RLK_E_DFU_DAMAGED;
    }
    const uint32_t size = rlk_le32(&target[TARGET_SIZE]);
    if (size > reader->of.dfuse.end - reader->at - TARGET_BYTES) {
        return RLK_E_DFU_DAMAGED;
    }
    if (target[6] != 0 && !(rlk_le32(&target[7]) != 0 && says_flash(&target[TARGET_NAME]))) {
        return RLK_E_DFU_OTHER_TARGET;
    }
    reader->at += TARGET_BYTES;
    reader->of.dfuse.targets_left--;
    reader->of.dfuse.elements_left = rlk_le32(&target[TARGET_ELEMENTS]);
    reader->of.dfuse.target_end = reader->at + size;
    return RLK_OK;
}

static enum rlk_error take_element(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    const size_t room = reader->of.dfuse.target_end - reader->at;
    const uint8_t *element = &reader->bytes[reader->at];
    if (room < ELEMENT_BYTES || rlk_le32(&element[4]) > room - ELEMENT_BYTES) {
        return RLK_E_DFU_DAMAGED;
    }
    const uint32_t length = rlk_le32(&element[4]);
    rlk_reader_is_at(reader, rlk_le32(element));
    if (holds_option_bytes(reader->addr, length)) {
        return RLK_E_IMAGE_HITS_OPTION_BYTES;
    }
    const enum rlk_error error = rlk_chunk_take(reader, chunk, reader->addr, reader->at + ELEMENT_BYTES, length);
    if (error == RLK_OK) {
        reader->at += ELEMENT_BYTES + length;
        reader->of.dfuse.elements_left--;
    }
    return error;
}

/* Sizes and counts must meet exactly, else one of them is wrong, and nobody knows which. */
static enum rlk_error next_dfuse(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    enum rlk_error error = RLK_OK;
    while (error == RLK_OK && chunk->length == 0) {
        const bool is_target_done = reader->of.dfuse.elements_left == 0;
        rlk_reader_is_nowhere(reader);
        if (is_target_done && reader->at != reader->of.dfuse.target_end) {
            return RLK_E_DFU_DAMAGED;
        }
        if (is_target_done && reader->of.dfuse.targets_left == 0) {
            return reader->at == reader->of.dfuse.end ? RLK_OK : RLK_E_DFU_DAMAGED;
        }
        error = is_target_done ? begin_target(reader) : take_element(reader, chunk);
    }
    return error;
}

static enum rlk_error begin_dfu_binary(struct rlk_image_reader *reader)
{
    if (!has_suffix(reader->bytes, reader->length)) {
        return RLK_E_DFU_SUFFIX;
    }
    return take_suffix(reader, false);
}

static enum rlk_error next_dfu_binary(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    return rlk_take_raw(reader, chunk, reader->length - SUFFIX_BYTES);
}

const struct rlk_image_walker rlk_walk_dfuse = {"dfuse", looks_like_dfuse, begin_dfuse, next_dfuse, false};
const struct rlk_image_walker rlk_walk_dfu_binary = {"dfu-binary", has_suffix, begin_dfu_binary, next_dfu_binary, true};
