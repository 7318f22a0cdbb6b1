#include "chip/options_fields.h"
#include <string.h>

static enum rlk_error judge(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t index)
{
    const struct rlk_option_slot *slot = rlk_options_slot_find(chip, wishes[index].field);
    if (slot == NULL || slot->use == RLK_SLOT_NEVER || slot->offset >= chip->options_write_bytes) {
        return RLK_E_OPTION_FIELD_UNKNOWN;
    }
    if (wishes[index].value > rlk_options_slot_ones(slot)) {
        return RLK_E_OPTION_VALUE_TOO_LARGE;
    }
    for (size_t i = 0; i < index; i++) {
        if (strcmp(wishes[i].field, slot->name) == 0 && wishes[i].value != wishes[index].value) {
            return RLK_E_OPTION_WISH_CONTRADICTORY;
        }
    }
    return RLK_OK;
}

static enum rlk_error judge_all(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t count,
                                const char **bad_field)
{
    for (size_t i = 0; i < count; i++) {
        const enum rlk_error error = judge(chip, wishes, i);
        if (error != RLK_OK) {
            *bad_field = wishes[i].field;
            return error;
        }
    }
    return RLK_OK;
}

/* L1: a word is 16 bits and their complement. The first one holds RDP and is never lost. */
enum { WORD_BYTES = 4 };

static const struct rlk_option_slot *slot_in_word(const struct rlk_chip *chip, size_t word)
{
    const struct rlk_option_slot *slot = NULL;
    for (size_t i = 0; (slot = rlk_options_slot(chip, i)) != NULL; i++) {
        if (slot->offset >= word && slot->offset < word + WORD_BYTES) {
            break;
        }
    }
    return slot;
}

static bool is_wished_in(const struct rlk_chip *chip, size_t word, const struct rlk_option_wish *wishes, size_t count)
{
    bool is_wished = false;
    for (size_t i = 0; i < count && !is_wished; i++) {
        const struct rlk_option_slot *slot = rlk_options_slot_find(chip, wishes[i].field);
        is_wished = slot != NULL && slot->offset >= word && slot->offset < word + WORD_BYTES;
    }
    return is_wished;
}

static bool loses_words(const struct rlk_chip *chip)
{
    return (chip->quirks & RLK_QUIRK_BIT(OPTIONS_INVALID_AFTER_UNPROTECT)) != 0;
}

static bool is_lost(const uint8_t *word)
{
    static const uint8_t lost[WORD_BYTES] = {0};
    return memcmp(word, lost, sizeof lost) == 0;
}

void rlk_options_mend(const struct rlk_chip *chip, uint8_t *block, const struct rlk_option_wish *wishes, size_t count)
{
    for (size_t word = WORD_BYTES; loses_words(chip) && word + WORD_BYTES <= chip->options_bytes; word += WORD_BYTES) {
        if (is_lost(&block[word]) && is_wished_in(chip, word, wishes, count)) {
            block[word + 2U] = 0xFF;
            block[word + 3U] = 0xFF;
        }
    }
}

enum rlk_error rlk_options_judge_lost(const struct rlk_chip *chip, const uint8_t *block,
                                      const struct rlk_option_wish *wishes, size_t count, const char **field)
{
    for (size_t word = WORD_BYTES; loses_words(chip) && word + WORD_BYTES <= chip->options_bytes; word += WORD_BYTES) {
        const struct rlk_option_slot *slot = slot_in_word(chip, word);
        if (slot != NULL && (block == NULL || is_lost(&block[word])) && !is_wished_in(chip, word, wishes, count)) {
            *field = slot->name;
            return RLK_E_OPTIONS_LOST;
        }
    }
    return RLK_OK;
}

enum rlk_error rlk_options_apply(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t count,
                                 uint8_t *block, const char **bad_field)
{
    const char *ignored = NULL;
    const enum rlk_error error = judge_all(chip, wishes, count, bad_field != NULL ? bad_field : &ignored);
    for (size_t i = 0; error == RLK_OK && i < count; i++) {
        rlk_options_slot_set(chip, rlk_options_slot_find(chip, wishes[i].field), block, wishes[i].value);
    }
    return error;
}

bool rlk_options_hold(const struct rlk_chip *chip, const uint8_t *block, const struct rlk_option_wish *wishes,
                      size_t count)
{
    bool holds = true;
    for (size_t i = 0; i < count && holds; i++) {
        uint32_t value = 0;
        holds = rlk_options_value(chip, block, wishes[i].field, &value) && value == wishes[i].value;
    }
    return holds;
}

size_t rlk_options_profile(const struct rlk_chip *chip, const uint8_t *block, struct rlk_option_wish *wishes,
                           size_t capacity)
{
    size_t count = 0;
    const struct rlk_option_slot *slot = NULL;
    for (size_t i = 0; (slot = rlk_options_slot(chip, i)) != NULL && count < capacity; i++) {
        if (slot->use == RLK_SLOT_SET) {
            wishes[count++] = (struct rlk_option_wish){slot->name, rlk_options_slot_value(slot, block)};
        }
    }
    return count;
}
