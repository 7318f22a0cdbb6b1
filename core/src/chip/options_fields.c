#include "chip/options_fields.h"
#include <string.h>

bool rlk_families_have(rlk_family_mask families, const struct rlk_chip *chip)
{
    return (unsigned)chip->family < RLK_FAMILY_COUNT && (families & RLK_FAMILY_BIT(chip->family)) != 0;
}

static unsigned bytes_of(const struct rlk_option_slot *slot)
{
    return (slot->shift + slot->bits + 7U) / 8U;
}

static bool is_slot_of(const struct rlk_option_slot *slot, const struct rlk_chip *chip)
{
    return rlk_families_have(slot->families, chip) && slot->offset + bytes_of(slot) <= chip->options_bytes;
}

const struct rlk_option_slot *rlk_options_slot(const struct rlk_chip *chip, size_t index)
{
    for (size_t i = 0; i < rlk_option_slot_count; i++) {
        if (is_slot_of(&rlk_option_slots[i], chip) && index-- == 0) {
            return &rlk_option_slots[i];
        }
    }
    return NULL;
}

const struct rlk_option_slot *rlk_options_slot_find(const struct rlk_chip *chip, const char *name)
{
    for (size_t i = 0; i < rlk_option_slot_count; i++) {
        if (is_slot_of(&rlk_option_slots[i], chip) && strcmp(rlk_option_slots[i].name, name) == 0) {
            return &rlk_option_slots[i];
        }
    }
    return NULL;
}

/* Each field that can be wished is of all of these families, or of none of them. */
bool rlk_options_fields_are_alike(rlk_family_mask families)
{
    bool are_alike = true;
    for (size_t i = 0; are_alike && i < rlk_option_slot_count; i++) {
        const rlk_family_mask shared = rlk_option_slots[i].families & families;
        are_alike = rlk_option_slots[i].use != RLK_SLOT_SET || shared == 0 || shared == families;
    }
    return are_alike;
}

uint32_t rlk_options_slot_ones(const struct rlk_option_slot *slot)
{
    return slot->bits < 32U ? (UINT32_C(1) << slot->bits) - 1U : UINT32_MAX;
}

uint32_t rlk_options_slot_value(const struct rlk_option_slot *slot, const uint8_t *block)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes_of(slot); i++) {
        value |= (uint32_t)block[slot->offset + i] << (8U * i);
    }
    return value >> slot->shift & rlk_options_slot_ones(slot);
}

void rlk_options_slot_set(const struct rlk_chip *chip, const struct rlk_option_slot *slot, uint8_t *block,
                          uint32_t value)
{
    for (unsigned i = 0; i < bytes_of(slot); i++) {
        const uint8_t mask = (uint8_t)(rlk_options_slot_ones(slot) << slot->shift >> (8U * i));
        const uint8_t bits = (uint8_t)(value << slot->shift >> (8U * i));
        const uint8_t old = block[slot->offset + i];
        const uint8_t byte = (uint8_t)((old & ~mask) | (bits & mask));
        if (byte != old) {
            rlk_options_set_byte(chip, block, slot->offset + i, byte);
        }
    }
}

bool rlk_options_value(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t *value)
{
    const struct rlk_option_slot *slot = rlk_options_slot_find(chip, name);
    if (slot == NULL) {
        return false;
    }
    *value = rlk_options_slot_value(slot, block);
    return true;
}
