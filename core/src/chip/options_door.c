#include "chip/options_fields.h"

/*
 * What must hold of a block so that a device at level 1 can be regressed and brought back with exactly these bytes.
 * Where a fact is unknown, the rule is the one that refuses.
 *
 * Not judged, and why:
 *   SPRMOD (bit 15 of nWRP's half-word) is no field of F405: those bits are reserved, and what an F405 shows there is
 *     unknown. On F412, which cannot be told from F405 by its descriptors, it turns nWRP into PCROP, which a regression
 *     clears (RM0402); flash under PCROP cannot be read, so such a device never passes the verify that comes before.
 *   BOOT1 of F405 is a pin.
 *   BFB2 of L4 is reserved on single-bank parts and reads 1 on a working one (OPTR FFFFF8AA); a dual-bank boot goes
 *     through the ROM, and BOOT0 comes before it.
 *   PCROP2, WRP2A and WRP2B of dual-bank L4 lie in the second block, which is neither read nor written.
 *   PCROP_RDP without a PCROP area: a regression is complete then (RM0351).
 */

#define F04X RLK_FAMILY_BIT(RLK_FAMILY_STM32F04X)
#define F405 RLK_FAMILY_BIT(RLK_FAMILY_STM32F405)
#define L4   RLK_FAMILY_BIT(RLK_FAMILY_STM32L4)

#define WAY_BIT(way_back) (1U << (way_back))
/* If nobody said how the device comes back, holding BOOT0 must do: every family has it. */
#define BY_BOOT0       (WAY_BIT(RLK_WAY_BACK_BOOT0) | WAY_BIT(RLK_WAY_BACK_UNSAID))
#define BY_EMPTY_CHECK WAY_BIT(RLK_WAY_BACK_EMPTY_CHECK)
#define BY_ANY         (BY_BOOT0 | BY_EMPTY_CHECK)

/* `field` must have `value`, or `alternative` must be 1 (where there is one). */
struct value_rule {
    rlk_family_mask families;
    unsigned ways;
    const char *field;
    uint32_t value;
    const char *alternative;
};

/* The area must be empty (first > last), unless `exception` is 1 (where there is one). */
struct area_rule {
    rlk_family_mask families;
    const char *first;
    const char *last;
    const char *exception;
    unsigned bits_min; /* the narrowest of the families' fields: bits above may be reserved and read anything */
    unsigned bits_max;
};

/*
 * Write protection: a mass erase is refused while any sector has it (RM0402 3.6.4), and 0x92 does not clear it (ST
 * community 899416). Boot: AN2606 4.1 table 2, RM0091, RM0351, RM0394; nBOOT1 at 0 starts RAM with BOOT0 held.
 */
static const struct value_rule value_rules[] = {
    {RLK_FAMILIES_F0, BY_ANY, "WRP0", 0xFF, NULL},   {RLK_FAMILIES_F0, BY_ANY, "WRP1", 0xFF, NULL},
    {RLK_FAMILIES_F0, BY_ANY, "WRP2", 0xFF, NULL},   {RLK_FAMILIES_F0, BY_ANY, "WRP3", 0xFF, NULL},
    {RLK_FAMILIES_F0, BY_BOOT0, "nBOOT1", 1, NULL},  {F04X, BY_BOOT0, "BOOT_SEL", 1, NULL},
    {F04X, BY_EMPTY_CHECK, "nBOOT0", 1, "BOOT_SEL"}, {F405, BY_ANY, "nWRP", 0xFFF, NULL},
    {RLK_FAMILIES_L4, BY_BOOT0, "nBOOT1", 1, NULL},  {L4, BY_BOOT0, "nSWBOOT0", 1, NULL},
    {L4, BY_EMPTY_CHECK, "nBOOT0", 1, "nSWBOOT0"},
};

/* PCROP: with PCROP_RDP at 0 a regression erases only what lies outside the area (RM0351). Widths: CMSIS headers. */
static const struct area_rule area_rules[] = {
    {RLK_FAMILIES_L4, "PCROP1_STRT", "PCROP1_END", "PCROP_RDP", 14, 16},
    {RLK_FAMILIES_L4, "WRP1A_STRT", "WRP1A_END", NULL, 6, 8},
    {RLK_FAMILIES_L4, "WRP1B_STRT", "WRP1B_END", NULL, 6, 8},
};

/* False also for a field that the family does not have: a rule about it is then not met. */
static bool field_is(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t wanted)
{
    uint32_t value = 0;
    return name != NULL && rlk_options_value(chip, block, name, &value) && value == wanted;
}

static bool area_is_empty(const struct rlk_chip *chip, const uint8_t *block, const struct area_rule *rule)
{
    uint32_t first = 0;
    uint32_t last = 0;
    if (!rlk_options_value(chip, block, rule->first, &first) || !rlk_options_value(chip, block, rule->last, &last)) {
        return false;
    }
    for (unsigned bits = rule->bits_min; bits <= rule->bits_max; bits++) {
        const uint32_t mask = (UINT32_C(1) << bits) - 1U;
        if ((first & mask) <= (last & mask)) {
            return false;
        }
    }
    return true;
}

static const char *broken_value_rule(const struct rlk_chip *chip, const uint8_t *block, unsigned way)
{
    for (size_t i = 0; i < sizeof value_rules / sizeof value_rules[0]; i++) {
        const struct value_rule *rule = &value_rules[i];
        const bool applies = rlk_families_have(rule->families, chip) && (rule->ways & way) != 0;
        if (applies && !field_is(chip, block, rule->field, rule->value) &&
            !field_is(chip, block, rule->alternative, 1)) {
            return rule->field;
        }
    }
    return NULL;
}

static const char *broken_area_rule(const struct rlk_chip *chip, const uint8_t *block)
{
    for (size_t i = 0; i < sizeof area_rules / sizeof area_rules[0]; i++) {
        const struct area_rule *rule = &area_rules[i];
        if (rlk_families_have(rule->families, chip) && !area_is_empty(chip, block, rule) &&
            !field_is(chip, block, rule->exception, 1)) {
            return rule->first;
        }
    }
    return NULL;
}

/* A family without rules is one whose door nobody has judged. */
static bool is_judged(const struct rlk_chip *chip)
{
    return rlk_families_have(RLK_FAMILIES_F0 | F405 | RLK_FAMILIES_L4, chip);
}

static const char *what_closes(const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back)
{
    const bool is_way = way_back == RLK_WAY_BACK_UNSAID || way_back == RLK_WAY_BACK_BOOT0 ||
                        (way_back == RLK_WAY_BACK_EMPTY_CHECK && chip->has_empty_check);
    if (!is_way || !is_judged(chip)) {
        return "way back";
    }
    if (rlk_options_level(chip, block) == RLK_RDP_LEVEL_2 ||
        rlk_options_check(chip, block, chip->options_bytes) != RLK_OK) {
        return "RDP";
    }
    const char *field = broken_area_rule(chip, block);
    return field != NULL ? field : broken_value_rule(chip, block, WAY_BIT(way_back));
}

enum rlk_error rlk_options_judge_door(const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back,
                                      const char **field)
{
    *field = what_closes(chip, block, way_back);
    if (*field == NULL && rlk_options_mean_level_2(chip->options_addr, block, chip->options_bytes)) {
        *field = "USER"; /* no other byte of a judged family lies on a slot of another one */
        return RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2;
    }
    return *field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE;
}

static bool is_complement(enum rlk_complement complement, size_t offset)
{
    return (complement == RLK_COMPLEMENT_BYTE_PAIRS && offset % 2 != 0) ||
           (complement == RLK_COMPLEMENT_WORD_PAIRS && offset % 8 >= 4);
}

/* All ones but for the areas, which are empty where the first is above the last: every rule is met. */
static void fill_best(const struct rlk_chip *chip, uint8_t *block)
{
    for (size_t i = 0; i < chip->options_bytes; i++) {
        if (!is_complement(chip->complement, i)) {
            rlk_options_set_byte(chip, block, i, 0xFF);
        }
    }
    for (size_t i = 0; i < sizeof area_rules / sizeof area_rules[0]; i++) {
        const struct rlk_option_slot *slot = rlk_options_slot_find(chip, area_rules[i].last);
        if (slot != NULL) {
            rlk_options_slot_set(chip, slot, block, 0);
        }
    }
    rlk_options_set_byte(chip, block, chip->rdp_write_offset, chip->rdp_level1);
}

enum rlk_error rlk_options_judge_wish(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t count,
                                      enum rlk_way_back way_back, const char **field)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    fill_best(chip, block);
    const enum rlk_error error = rlk_options_apply(chip, wishes, count, block, field);
    return error == RLK_OK ? rlk_options_judge_door(chip, block, way_back, field) : error;
}
