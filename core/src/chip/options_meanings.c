/* What the fields mean, for people. Not with their places, because documents.wasm has those and no use for this. */
#include "chip/options_fields.h"

#include <string.h>

static const struct {
    const char *if_ones;
    const char *otherwise;
} meanings[] = {
#define SLOT(families, use, offset, shift, bits, name, if_ones, otherwise) {if_ones, otherwise},
#include "chip/options_slot_list.h"
};

static void rdp_field(const struct rlk_chip *chip, const uint8_t *block, struct rlk_option_field *field)
{
    static const char *const of_level[] = {
        [RLK_RDP_LEVEL_0] = "level 0: not protected",
        [RLK_RDP_LEVEL_1] = "level 1: readout-protected",
        [RLK_RDP_LEVEL_2] = "level 2: locked for ever",
        [RLK_RDP_LEVEL_HALF] = "level 0.5 with TrustZone",
    };
    field->name = "RDP";
    field->value = block[chip->rdp_read_offset];
    field->bits = 8;
    field->meaning = of_level[rlk_options_level(chip, block)];
}

/* By how the fields' names begin. Pages of WRP are those of the flash; the unit of the others depends on chip and
 * banks.
 */
static const struct area_words {
    const char *prefix;
    const char *is_none, *begins, *ends;
} area_words[] = {
    {"PCROP", "none: no PCROP area", "PCROP area begins here", "PCROP area ends here"},
    {"WRP", "none: no page write-protected", "write-protected from this page on", "write-protected to this page"},
    {"", "none: no such area", "area begins here", "area ends here"},
};

static const struct area_words *words_of(const char *name)
{
    const struct area_words *words = area_words;
    while (strncmp(words->prefix, name, strlen(words->prefix)) != 0) {
        words++;
    }
    return words;
}

/* A list of fields, and one of them by name. */
struct slots {
    const struct rlk_option_slot *first;
    size_t count;
};

static const struct rlk_option_slot *find(const struct slots *slots, const struct rlk_chip *chip, const char *name)
{
    for (size_t i = 0; i < slots->count; i++) {
        const struct rlk_option_slot *slot = &slots->first[i];
        if (rlk_families_have(slot->families, chip) && strcmp(slot->name, name) == 0) {
            return slot;
        }
    }
    return NULL;
}

/* NULL if the field is not one end of an area. */
static const char *area_meaning(const struct slots *slots, const struct rlk_chip *chip, const uint8_t *block,
                                const char *name)
{
    const struct rlk_option_area *area = rlk_options_area(name);
    const struct rlk_option_slot *first = area != NULL ? find(slots, chip, area->first) : NULL;
    const struct rlk_option_slot *last = first != NULL ? find(slots, chip, area->last) : NULL;
    if (last == NULL) {
        return NULL;
    }
    const struct area_words *words = words_of(name);
    const bool is_empty =
        rlk_options_area_is_empty(area, rlk_options_slot_value(first, block), rlk_options_slot_value(last, block));
    const char *end = strcmp(area->first, name) == 0 ? words->begins : words->ends;
    return is_empty ? words->is_none : end;
}

/* Where more than all ones has a meaning of its own. BOR_LEV: FLASH_OPTR (RM0351, RM0394, RM0432). PCROP of F72x:
 * FLASH_OPTCR2 (RM0431), a one for each sector that is under it. */
static const struct {
    rlk_family_mask families;
    const char *name;
    const char *of_value[5];
} values[] = {
    {RLK_FAMILIES_L4 | RLK_FAMILY_BIT(RLK_FAMILY_STM32L4PLUS),
     "BOR_LEV",
     {"reset below about 1.7 V", "reset below about 2.0 V", "reset below about 2.2 V", "reset below about 2.5 V",
      "reset below about 2.8 V"}},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32F72X), "PCROP", {"no sector under PCROP"}},
};

static const char *value_meaning(const struct rlk_chip *chip, const char *name, uint32_t value)
{
    const char *meaning = NULL;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (rlk_families_have(values[i].families, chip) && strcmp(values[i].name, name) == 0 &&
            value < sizeof values[i].of_value / sizeof values[i].of_value[0]) {
            meaning = values[i].of_value[value];
        }
    }
    return meaning;
}

bool rlk_options_field(const struct rlk_chip *chip, const uint8_t *block, size_t index, struct rlk_option_field *field)
{
    if (index == 0) {
        rdp_field(chip, block, field);
        return true;
    }
    const struct rlk_option_slot *slot = rlk_options_slot(chip, index - 1U);
    if (slot == NULL) {
        return false;
    }
    field->name = slot->name;
    field->value = rlk_options_slot_value(slot, block);
    field->bits = slot->bits;
    const size_t at = (size_t)(slot - rlk_option_slots);
    const struct slots slots = {rlk_option_slots, rlk_option_slot_count};
    const char *of_ones = field->value == rlk_options_slot_ones(slot) ? meanings[at].if_ones : meanings[at].otherwise;
    const char *of_area = area_meaning(&slots, chip, block, slot->name);
    const char *of_this = value_meaning(chip, slot->name, field->value);
    field->meaning = of_area != NULL ? of_area : of_this != NULL ? of_this : of_ones;
    return true;
}

bool rlk_options_second_field(const struct rlk_chip *chip, const uint8_t *block, size_t index,
                              struct rlk_option_field *field)
{
    const struct slots slots = {rlk_option_second_slots, RLK_OPTION_SECOND_SLOTS};
    const struct rlk_option_slot *slot = NULL;
    for (size_t i = 0; slot == NULL && i < slots.count; i++) {
        const bool is_one = rlk_families_have(slots.first[i].families, chip);
        slot = is_one && index == 0 ? &slots.first[i] : NULL;
        index -= is_one && index > 0 ? 1U : 0U;
    }
    if (slot == NULL) {
        return false;
    }
    *field = (struct rlk_option_field){slot->name, rlk_options_slot_value(slot, block), slot->bits, NULL};
    field->meaning = area_meaning(&slots, chip, block, slot->name);
    if (field->meaning == NULL) {
        const bool is_free = field->value == rlk_options_slot_ones(slot);
        field->meaning = is_free ? "sectors 12 to 23: none write-protected" : "sectors 12 to 23: some write-protected";
    }
    return true;
}
