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

/* Areas: empty if first > last, whatever the bits above the narrowest width read, as the door has it. Pages of WRP are
 * those of the flash; the unit of the others depends on chip and banks. */
struct area {
    const char *first, *last;
    unsigned bits_min;
    const char *is_none, *begins, *ends;
};

#define NO_PCROP   "none: no PCROP area"
#define PCROP_FROM "PCROP area begins here"
#define PCROP_TO   "PCROP area ends here"
#define NO_WRP     "none: no page write-protected"
#define WRP_FROM   "write-protected from this page on"
#define WRP_TO     "write-protected to this page"
#define NO_SECRET  "none: no such area"
#define SECRET_AT  "area begins here"
#define SECRET_END "area ends here"

static const struct area areas[] = {
    {"PCROP1_STRT", "PCROP1_END", 14, NO_PCROP, PCROP_FROM, PCROP_TO},
    {"PCROP2_STRT", "PCROP2_END", 14, NO_PCROP, PCROP_FROM, PCROP_TO},
    {"PCROP1A_STRT", "PCROP1A_END", 8, NO_PCROP, PCROP_FROM, PCROP_TO},
    {"PCROP1B_STRT", "PCROP1B_END", 8, NO_PCROP, PCROP_FROM, PCROP_TO},
    {"PCROP2A_STRT", "PCROP2A_END", 8, NO_PCROP, PCROP_FROM, PCROP_TO},
    {"PCROP2B_STRT", "PCROP2B_END", 8, NO_PCROP, PCROP_FROM, PCROP_TO},
    {"WRP1A_STRT", "WRP1A_END", 6, NO_WRP, WRP_FROM, WRP_TO},
    {"WRP1B_STRT", "WRP1B_END", 6, NO_WRP, WRP_FROM, WRP_TO},
    {"WRP2A_STRT", "WRP2A_END", 6, NO_WRP, WRP_FROM, WRP_TO},
    {"WRP2B_STRT", "WRP2B_END", 6, NO_WRP, WRP_FROM, WRP_TO},
    {"PROT_AREA_START1", "PROT_AREA_END1", 8, NO_SECRET, SECRET_AT, SECRET_END},
    {"PROT_AREA_START2", "PROT_AREA_END2", 8, NO_SECRET, SECRET_AT, SECRET_END},
    {"SEC_AREA_START1", "SEC_AREA_END1", 8, NO_SECRET, SECRET_AT, SECRET_END},
    {"SEC_AREA_START2", "SEC_AREA_END2", 8, NO_SECRET, SECRET_AT, SECRET_END},
};

#define AREAS (sizeof areas / sizeof areas[0])

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

static bool is_empty(uint32_t first, uint32_t last, const struct area *area, unsigned bits_max)
{
    bool is_empty = true;
    for (unsigned bits = area->bits_min; is_empty && bits <= bits_max; bits++) {
        const uint32_t mask = (UINT32_C(1) << bits) - 1U;
        is_empty = (first & mask) > (last & mask);
    }
    return is_empty;
}

/* NULL if the field is not one end of an area. */
static const char *area_meaning(const struct slots *slots, const struct rlk_chip *chip, const uint8_t *block,
                                const char *name)
{
    const struct area *area = areas;
    while (area != &areas[AREAS] && strcmp(area->first, name) != 0 && strcmp(area->last, name) != 0) {
        area++;
    }
    const struct rlk_option_slot *first = area != &areas[AREAS] ? find(slots, chip, area->first) : NULL;
    const struct rlk_option_slot *last = first != NULL ? find(slots, chip, area->last) : NULL;
    if (last == NULL) {
        return NULL;
    }
    const uint32_t from = rlk_options_slot_value(first, block);
    const char *end = strcmp(area->first, name) == 0 ? area->begins : area->ends;
    return is_empty(from, rlk_options_slot_value(last, block), area, first->bits) ? area->is_none : end;
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
