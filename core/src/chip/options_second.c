/* The second option block: write protection and PCROP of the second bank. It is judged, never written. */
#include "chip/options_fields.h"

#include <string.h>

#define FAMILY(name) RLK_FAMILY_BIT(RLK_FAMILY_STM32##name)
#define WITH_AREAS   (RLK_FAMILIES_L4 | FAMILY(L4PLUS) | FAMILY(G47X))

/* Positions as in the first block: CubeProgrammer's tables (PCROP2 and WRP2 from 08 on). F42x: where the first block
 * has nWRP for the sectors 0 to 11. Where L1's further WRP words lie is not known: none has a name. */
const struct rlk_option_slot rlk_option_second_slots[RLK_OPTION_SECOND_SLOTS] = {
    {FAMILY(F42X), RLK_SLOT_AREA, 8, 0, 12, "nWRP12"},    {WITH_AREAS, RLK_SLOT_AREA, 8, 0, 16, "PCROP2_STRT"},
    {WITH_AREAS, RLK_SLOT_AREA, 16, 0, 16, "PCROP2_END"}, {WITH_AREAS, RLK_SLOT_AREA, 24, 0, 8, "WRP2A_STRT"},
    {WITH_AREAS, RLK_SLOT_AREA, 26, 0, 8, "WRP2A_END"},   {WITH_AREAS, RLK_SLOT_AREA, 32, 0, 8, "WRP2B_STRT"},
    {WITH_AREAS, RLK_SLOT_AREA, 34, 0, 8, "WRP2B_END"},
};

static const char *const areas[] = {"PCROP2_STRT", "WRP2A_STRT", "WRP2B_STRT"};

static uint32_t value_of(const uint8_t *block, const char *name)
{
    uint32_t value = 0;
    for (size_t i = 0; i < RLK_OPTION_SECOND_SLOTS; i++) {
        if (strcmp(rlk_option_second_slots[i].name, name) == 0) {
            value = rlk_options_slot_value(&rlk_option_second_slots[i], block);
        }
    }
    return value;
}

static const char *closed_by_area(const struct rlk_chip *chip, const uint8_t *second)
{
    (void)chip;
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        const struct rlk_option_area *area = rlk_options_area(areas[i]);
        if (!rlk_options_area_is_empty(area, value_of(second, area->first), value_of(second, area->last))) {
            return area->first;
        }
    }
    return NULL;
}

/* F42x: nWRP12 to nWRP23, where the first block has the others. */
static const char *closed_by_nwrp(const struct rlk_chip *chip, const uint8_t *second)
{
    (void)chip;
    return value_of(second, "nWRP12") == 0xFFFU ? NULL : "nWRP12";
}

static uint32_t halfword_at(const uint8_t *block, size_t offset)
{
    return (uint32_t)block[offset] | (uint32_t)block[offset + 1U] << 8;
}

/* L1: further WRP words, in which 0 means not protected, each with its complement. */
static const char *closed_by_wrp_words(const struct rlk_chip *chip, const uint8_t *second)
{
    for (size_t i = 0; i + 4U <= chip->options_bytes; i += 4U) {
        if (halfword_at(second, i) != 0) {
            return "WRP7";
        }
    }
    return NULL;
}

enum rlk_error rlk_options_judge_second(const struct rlk_chip *chip, const uint8_t *second, const char **field)
{
    static const struct {
        rlk_family_mask families;
        const char *(*closed_by)(const struct rlk_chip *, const uint8_t *);
    } judges[] = {{WITH_AREAS, closed_by_area}, {FAMILY(F42X), closed_by_nwrp}, {FAMILY(L1), closed_by_wrp_words}};
    *field = "way back";
    if (chip->option_form != RLK_OPTION_FORM_BYTES && rlk_options_check(chip, second, chip->options_bytes) != RLK_OK) {
        return RLK_E_OPTIONS_MALFORMED;
    }
    for (size_t i = 0; i < sizeof judges / sizeof judges[0]; i++) {
        if (rlk_families_have(judges[i].families, chip)) {
            *field = judges[i].closed_by(chip, second);
        }
    }
    return *field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE;
}
