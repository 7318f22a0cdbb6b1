#include "chip/options_fields.h"
#include <string.h>

#define BYTE_PAIRS_LOST 4U /* RDP and USER with their complements */

/*
 * A pair is right if the second byte is the complement of the first. An erased pair (FF FF) loads as FF too: the
 * hardware does not compare it (RM0365 section 5), and slots that a small part does not implement (WRP2 and WRP3) may
 * be left so. For RDP and USER an erased pair means a write that was cut short, never a block to build upon.
 */
static bool byte_pairs_are_right(const uint8_t *block, size_t length)
{
    for (size_t i = 0; i + 1 < length; i += 2) {
        const bool is_pair = (block[i] ^ block[i + 1]) == 0xFF;
        const bool is_erased = block[i] == 0xFF && block[i + 1] == 0xFF && i >= BYTE_PAIRS_LOST;
        if (!is_pair && !is_erased) {
            return false;
        }
    }
    return length % 2 == 0;
}

static bool word_pairs_are_right(const uint8_t *block, size_t length)
{
    if (length % 8 != 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (i % 8 < 4 && (block[i] ^ block[i + 4]) != 0xFF) {
            return false;
        }
    }
    return true;
}

/* Without complements little can be told: USER and RDP erased or zero are what an interrupted write leaves. */
static bool user_and_rdp_are_set(const uint8_t *block, size_t length)
{
    return length >= 2 && !(block[0] == block[1] && (block[0] == 0xFF || block[0] == 0x00));
}

static bool is_one_value(const uint8_t *block, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        if (block[i] != block[0]) {
            return false;
        }
    }
    return true;
}

enum rlk_error rlk_options_check(const struct rlk_chip *chip, const uint8_t *block, size_t length)
{
    static bool (*const is_right[])(const uint8_t *, size_t) = {[RLK_COMPLEMENT_NONE] = user_and_rdp_are_set,
                                                                [RLK_COMPLEMENT_BYTE_PAIRS] = byte_pairs_are_right,
                                                                [RLK_COMPLEMENT_WORD_PAIRS] = word_pairs_are_right};
    const bool is_good = length > 0 && length == chip->options_bytes && length <= RLK_OPTIONS_BYTES_MAX &&
                         !is_one_value(block, length) && is_right[chip->complement](block, length);
    return is_good ? RLK_OK : RLK_E_OPTIONS_MALFORMED;
}

enum rlk_rdp_level rlk_options_level(const struct rlk_chip *chip, const uint8_t *block)
{
    const uint8_t rdp = block[chip->rdp_read_offset];
    if (rdp == RLK_RDP_BYTE_LEVEL_2) {
        return RLK_RDP_LEVEL_2;
    }
    return rdp == chip->rdp_level0 ? RLK_RDP_LEVEL_0 : RLK_RDP_LEVEL_1;
}

void rlk_options_set_byte(const struct rlk_chip *chip, uint8_t *block, size_t offset, uint8_t value)
{
    static const uint8_t complement_distance[] = {
        [RLK_COMPLEMENT_NONE] = 0, [RLK_COMPLEMENT_BYTE_PAIRS] = 1, [RLK_COMPLEMENT_WORD_PAIRS] = 4};
    block[offset + complement_distance[chip->complement]] = (uint8_t)~value;
    block[offset] = value;
}

enum rlk_error rlk_options_build(const struct rlk_chip *chip, const uint8_t *current, bool protect, uint8_t *block)
{
    const enum rlk_error error = rlk_options_check(chip, current, chip->options_bytes);
    if (error != RLK_OK) {
        return error;
    }
    memmove(block, current, chip->options_bytes);
    rlk_options_set_byte(chip, block, chip->rdp_write_offset, protect ? chip->rdp_level1 : chip->rdp_level0);
    return rlk_options_check(chip, block, chip->options_bytes);
}
