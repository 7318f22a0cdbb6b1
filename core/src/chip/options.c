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

static bool pairs_are_right(const uint8_t *block, size_t length, size_t value_bytes)
{
    if (length % (2U * value_bytes) != 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (i % (2U * value_bytes) < value_bytes && (block[i] ^ block[i + value_bytes]) != 0xFF) {
            return false;
        }
    }
    return true;
}

static bool halfword_pairs_are_right(const uint8_t *block, size_t length)
{
    return pairs_are_right(block, length, 2);
}

static bool word_pairs_are_right(const uint8_t *block, size_t length)
{
    return pairs_are_right(block, length, 4);
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

/* Registers that read as all ones or zero were not read at all; fewer than four bytes ruin the first (st's OpenBL). */
static bool first_register_is_set(const uint8_t *block, size_t length)
{
    const bool is_one_word = length >= 4 && block[0] == block[1] && block[1] == block[2] && block[2] == block[3];
    return length >= 4 && length % 4 == 0 && !(is_one_word && (block[0] == 0xFF || block[0] == 0x00));
}

/* H7A3 announces an odd length; what is written of it is none. */
static bool first_registers_are_set(const uint8_t *block, size_t length)
{
    return first_register_is_set(block, length / 4U * 4U);
}

enum rlk_error rlk_options_check(const struct rlk_chip *chip, const uint8_t *block, size_t length)
{
    static bool (*const is_right[])(const uint8_t *, size_t) = {
        [RLK_OPTION_FORM_BYTES] = user_and_rdp_are_set,
        [RLK_OPTION_FORM_BYTE_PAIRS] = byte_pairs_are_right,
        [RLK_OPTION_FORM_HALFWORD_PAIRS] = halfword_pairs_are_right,
        [RLK_OPTION_FORM_WORD_PAIRS] = word_pairs_are_right,
        [RLK_OPTION_FORM_REGISTERS] = first_register_is_set,
        [RLK_OPTION_FORM_REGISTER_PAIRS] = first_registers_are_set,
    };
    const bool is_length = length > 0 && length <= RLK_OPTIONS_BYTES_MAX &&
                           (length == chip->options_bytes || length == chip->options_write_bytes);
    const bool is_good = is_length && !is_one_value(block, length) && is_right[chip->option_form](block, length);
    return is_good ? RLK_OK : RLK_E_OPTIONS_MALFORMED;
}

static bool has_level_2(const struct rlk_chip *chip)
{
    return (chip->quirks & RLK_QUIRK_BIT(LEVEL_0_IS_A5)) == 0;
}

static bool has_level_half(const struct rlk_chip *chip)
{
    return (chip->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0;
}

enum rlk_rdp_level rlk_options_level(const struct rlk_chip *chip, const uint8_t *block)
{
    const uint8_t rdp = block[chip->rdp_read_offset];
    if (rdp == RLK_RDP_BYTE_LEVEL_2 && has_level_2(chip)) {
        return RLK_RDP_LEVEL_2;
    }
    if (rdp == RLK_RDP_BYTE_LEVEL_HALF && has_level_half(chip)) {
        return RLK_RDP_LEVEL_HALF;
    }
    return rdp == chip->rdp_level0 ? RLK_RDP_LEVEL_0 : RLK_RDP_LEVEL_1;
}

void rlk_options_set_byte(const struct rlk_chip *chip, uint8_t *block, size_t offset, uint8_t value)
{
    static const uint8_t complement_distance[] = {
        [RLK_OPTION_FORM_BYTES] = 0,      [RLK_OPTION_FORM_BYTE_PAIRS] = 1, [RLK_OPTION_FORM_HALFWORD_PAIRS] = 2,
        [RLK_OPTION_FORM_WORD_PAIRS] = 4, [RLK_OPTION_FORM_REGISTERS] = 0,  [RLK_OPTION_FORM_REGISTER_PAIRS] = 0};
    block[offset + complement_distance[chip->option_form]] = (uint8_t)~value;
    block[offset] = value;
}

/* H7: what is in force goes into the words to program, so that nothing stale is programmed (trap of chips with split
 * registers; offsets: CubeProgrammer's tables for OPTSR, PRAR, SCAR, WPSN, BOOT, and the second bank's on H7A3). */
static void copy_words_in_force(const struct rlk_chip *chip, uint8_t *block)
{
    static const uint16_t words_in_force[] = {0x00, 0x0C, 0x14, 0x1C, 0x24, 0x10C, 0x114, 0x11C};
    const bool is_split = chip->option_form == RLK_OPTION_FORM_REGISTER_PAIRS;
    for (size_t i = 0; is_split && i < sizeof words_in_force / sizeof words_in_force[0]; i++) {
        if (words_in_force[i] + 8U <= chip->options_write_bytes) {
            memmove(&block[words_in_force[i] + 4U], &block[words_in_force[i]], 4);
        }
    }
}

enum rlk_error rlk_options_build(const struct rlk_chip *chip, const uint8_t *current, bool protect, uint8_t *block)
{
    const enum rlk_error error = rlk_options_check(chip, current, chip->options_bytes);
    if (error != RLK_OK) {
        return error;
    }
    memmove(block, current, chip->options_bytes);
    copy_words_in_force(chip, block);
    rlk_options_set_byte(chip, block, chip->rdp_write_offset, protect ? chip->rdp_level1 : chip->rdp_level0);
    return rlk_options_check(chip, block, chip->options_bytes);
}
