/* What the fields mean, for people. Not with their places, because documents.wasm has those and no use for this. */
#include "chip/options_fields.h"

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
    field->meaning = field->value == rlk_options_slot_ones(slot) ? meanings[at].if_ones : meanings[at].otherwise;
    return true;
}
