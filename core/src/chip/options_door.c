#include "chip/options_fields.h"
#include <string.h>

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
 *   A boot address that is written back as it was: with it in force the device came into the ROM (H7, L5, U5).
 *   PCROP_RDP without a PCROP area: a regression is complete then (RM0351).
 *   The sectors that PCROP of F72x has already: which value of a bit begins it is in no source here. It is not changed.
 *   The second bank of H742 to H757: its registers lie outside the block that their ROM announces.
 */

#define FAMILY(name) RLK_FAMILY_BIT(RLK_FAMILY_STM32##name)

#define F0_F3     (RLK_FAMILIES_F0 | RLK_FAMILIES_F3)
#define WITH_PINS (FAMILY(L4) | FAMILY(L4PLUS) | RLK_FAMILIES_G4 | FAMILY(WB55))
#define L4_G4     (RLK_FAMILIES_L4 | FAMILY(L4PLUS) | RLK_FAMILIES_G4)
#define G0_WB     (RLK_FAMILIES_G0 | FAMILY(WB55))
#define G0_U0     (RLK_FAMILIES_G0 | FAMILY(U0))
#define L0_L1     (FAMILY(L07X) | FAMILY(L1))
#define SPRMOD_F4 (FAMILY(F401) | FAMILY(F412) | FAMILY(F413) | FAMILY(F42X))

#define WAY_BIT(way_back) (1U << (way_back))
/* If nobody said how the device comes back, holding BOOT0 must do: every family has it. */
#define BY_BOOT0       (WAY_BIT(RLK_WAY_BACK_BOOT0) | WAY_BIT(RLK_WAY_BACK_UNSAID))
#define BY_EMPTY_CHECK WAY_BIT(RLK_WAY_BACK_EMPTY_CHECK)
#define BY_ANY         (BY_BOOT0 | BY_EMPTY_CHECK)

/* `field` must have `value`, or `alternative` must have `alternative_value` (where there is one). */
struct value_rule {
    rlk_family_mask families;
    unsigned ways;
    const char *field;
    uint32_t value;
    const char *alternative;
    uint32_t alternative_value;
};

/* The area must be empty. */
struct area_rule {
    rlk_family_mask families;
    const char *first;
};

/*
 * Write protection: a mass erase is refused while any sector has it (RM0402 3.6.4), and 0x92 does not clear it (ST
 * community 899416). Boot: AN2606 4.1 table 2, RM0091, RM0351, RM0394; nBOOT1 at 0 starts RAM with BOOT0 held. F7:
 * BOOT_ADD1 is where BOOT0 leads to, and 0040 is the ROM, from the factory and after the repair in rusefi 3597. G4:
 * without a PCROP area PCROP_RDP must be 1 all the same (RM0440). BOOT_LOCK ends access to the ROM; TZEN makes level 1
 * another thing.
 */
static const struct value_rule value_rules[] = {
    {RLK_FAMILIES_F1, BY_ANY, "WRP0", 0xFF, NULL, 0},
    {RLK_FAMILIES_F1, BY_ANY, "WRP1", 0xFF, NULL, 0},
    {RLK_FAMILIES_F1, BY_ANY, "WRP2", 0xFF, NULL, 0},
    {RLK_FAMILIES_F1, BY_ANY, "WRP3", 0xFF, NULL, 0},
    {F0_F3, BY_BOOT0, "nBOOT1", 1, NULL, 0},
    {FAMILY(F04X) | FAMILY(F30X), BY_BOOT0, "BOOT_SEL", 1, NULL, 0},
    {FAMILY(F04X), BY_EMPTY_CHECK, "nBOOT0", 1, "BOOT_SEL", 1},
    {FAMILY(F401), BY_ANY, "nWRP", 0xFF, NULL, 0},
    {FAMILY(F413), BY_ANY, "nWRP", 0x7FFF, NULL, 0},
    {RLK_FAMILIES_F4 & ~(FAMILY(F401) | FAMILY(F413)), BY_ANY, "nWRP", 0xFFF, NULL, 0},
    {SPRMOD_F4, BY_ANY, "SPRMOD", 0, NULL, 0},
    {FAMILY(F72X) | FAMILY(F74X), BY_ANY, "nWRP", 0xFF, NULL, 0},
    {FAMILY(F76X), BY_ANY, "nWRP", 0xFFF, NULL, 0},
    {RLK_FAMILIES_F7, BY_BOOT0, "BOOT_ADD1", 0x0040, NULL, 0},
    {FAMILY(F72X), BY_ANY, "PCROP_RDP", 1, NULL, 0},
    {RLK_FAMILIES_L4 | FAMILY(L4PLUS) | RLK_FAMILIES_G4 | FAMILY(WB55), BY_BOOT0, "nBOOT1", 1, NULL, 0},
    {WITH_PINS, BY_BOOT0, "nSWBOOT0", 1, NULL, 0},
    {WITH_PINS, BY_EMPTY_CHECK, "nBOOT0", 1, "nSWBOOT0", 1},
    {RLK_FAMILIES_G4, BY_ANY, "PCROP_RDP", 1, NULL, 0},
    {FAMILY(G47X) | FAMILY(G49X) | G0_U0 | RLK_FAMILIES_U5, BY_ANY, "BOOT_LOCK", 0, NULL, 0},
    {G0_U0, BY_BOOT0, "nBOOT_SEL", 0, NULL, 0},
    {G0_U0, BY_BOOT0, "nBOOT1", 1, NULL, 0},
    {G0_U0, BY_EMPTY_CHECK, "nBOOT0", 1, "nBOOT_SEL", 0},
    {RLK_FAMILIES_U5, BY_ANY, "TZEN", 0, NULL, 0},
    {RLK_FAMILIES_U5, BY_BOOT0, "nSWBOOT0", 1, NULL, 0},
    {RLK_FAMILIES_H7, BY_ANY, "SECURITY", 0, NULL, 0},
    {FAMILY(H74X) | FAMILY(H72X), BY_ANY, "WRPSn1", 0xFF, NULL, 0},
    {FAMILY(H7A3), BY_ANY, "WRPSGn1", UINT32_MAX, NULL, 0},
    {FAMILY(H7A3), BY_ANY, "WRPSGn2", UINT32_MAX, NULL, 0},
    {FAMILY(L07X), BY_ANY, "WPRMOD", 0, NULL, 0},
    {FAMILY(L1), BY_ANY, "SPRMOD", 0, NULL, 0},
    {FAMILY(L07X), BY_BOOT0, "nBOOT1", 1, NULL, 0},
    {L0_L1, BY_ANY, "WRP1", 0, NULL, 0},
    {L0_L1, BY_ANY, "WRP2", 0, NULL, 0},
    {L0_L1, BY_ANY, "WRP3", 0, NULL, 0},
    {FAMILY(L1), BY_ANY, "WRP4", 0, NULL, 0},
    {FAMILY(L1), BY_ANY, "WRP5", 0, NULL, 0},
    {FAMILY(L1), BY_ANY, "WRP6", 0, NULL, 0},
};

/*
 * PCROP: with PCROP_RDP at 0 a regression erases only what lies outside the area (RM0351). With 1 it erases all, but
 * that it ends the area, too, is known of no ROM's 0x92, and in an area nothing can be compared or written.
 */
static const struct area_rule area_rules[] = {
    {L4_G4, "PCROP1_STRT"},
    {G0_WB, "PCROP1A_STRT"},
    {G0_WB, "PCROP1B_STRT"},
    {FAMILY(G0B1), "PCROP2A_STRT"},
    {FAMILY(G0B1), "PCROP2B_STRT"},
    {L4_G4 | G0_WB | FAMILY(U0) | RLK_FAMILIES_U5, "WRP1A_STRT"},
    {L4_G4 | G0_WB | FAMILY(U0) | RLK_FAMILIES_U5, "WRP1B_STRT"},
    {FAMILY(G0B1) | RLK_FAMILIES_U5, "WRP2A_STRT"},
    {FAMILY(G0B1) | RLK_FAMILIES_U5, "WRP2B_STRT"},
    {RLK_FAMILIES_H7, "PROT_AREA_START1"},
    {RLK_FAMILIES_H7, "SEC_AREA_START1"},
    {FAMILY(H7A3), "PROT_AREA_START2"},
    {FAMILY(H7A3), "SEC_AREA_START2"},
};

/* Who may set them is nobody, as long as it is not known what is begun by it. */
static const struct {
    rlk_family_mask families;
    const char *field;
} kept_fields[] = {{FAMILY(F72X), "PCROP"}};

/* Families whose door was judged; one without rules never passes. */
#define JUDGED                                                                                                         \
    (RLK_FAMILIES_F1 | RLK_FAMILIES_F4 | RLK_FAMILIES_F7 | L4_G4 | G0_WB | FAMILY(U0) | RLK_FAMILIES_U5 |              \
     RLK_FAMILIES_H7 | L0_L1)

/* False also for a field that the family does not have: a rule about it is then not met. */
static bool field_is(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t wanted)
{
    uint32_t value = 0;
    return name != NULL && rlk_options_value(chip, block, name, &value) && value == wanted;
}

static bool area_is_empty(const struct rlk_chip *chip, const uint8_t *block, const char *name)
{
    const struct rlk_option_area *area = rlk_options_area(name);
    uint32_t first = 0;
    uint32_t last = 0;
    return rlk_options_value(chip, block, area->first, &first) && rlk_options_value(chip, block, area->last, &last) &&
           rlk_options_area_is_empty(area, first, last);
}

static const char *broken_value_rule(const struct rlk_chip *chip, const uint8_t *block, unsigned way)
{
    for (size_t i = 0; i < sizeof value_rules / sizeof value_rules[0]; i++) {
        const struct value_rule *rule = &value_rules[i];
        const bool applies = rlk_families_have(rule->families, chip) && (rule->ways & way) != 0;
        if (applies && !field_is(chip, block, rule->field, rule->value) &&
            !field_is(chip, block, rule->alternative, rule->alternative_value)) {
            return rule->field;
        }
    }
    return NULL;
}

static const char *broken_area_rule(const struct rlk_chip *chip, const uint8_t *block)
{
    for (size_t i = 0; i < sizeof area_rules / sizeof area_rules[0]; i++) {
        const struct area_rule *rule = &area_rules[i];
        if (rlk_families_have(rule->families, chip) && !area_is_empty(chip, block, rule->first)) {
            return rule->first;
        }
    }
    return NULL;
}

static const char *what_closes(const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back)
{
    const bool is_way = way_back == RLK_WAY_BACK_UNSAID || way_back == RLK_WAY_BACK_BOOT0 ||
                        (way_back == RLK_WAY_BACK_EMPTY_CHECK && chip->has_empty_check);
    if (!is_way || !rlk_families_have(JUDGED, chip)) {
        return "way back";
    }
    if (rlk_options_level(chip, block) == RLK_RDP_LEVEL_2 ||
        rlk_options_check(chip, block, chip->options_bytes) != RLK_OK) {
        return "RDP";
    }
    const char *field = broken_area_rule(chip, block);
    return field != NULL ? field : broken_value_rule(chip, block, WAY_BIT(way_back));
}

/* What lies where another family has its RDP byte: USER, or elsewhere a field by its name. */
static const char *level_2_field(const struct rlk_chip *chip, const uint8_t *block)
{
    if (rlk_families_have(RLK_FAMILIES_F1 | RLK_FAMILIES_F4 | RLK_FAMILIES_F7, chip)) {
        return "USER";
    }
    size_t at = 0;
    while (at + 1U < chip->options_bytes &&
           !rlk_options_mean_level_2(chip->options_addr + (uint32_t)at, &block[at], 1)) {
        at++;
    }
    const struct rlk_option_slot *slot = NULL;
    for (size_t i = 0; (slot = rlk_options_slot(chip, i)) != NULL; i++) {
        if (at >= slot->offset && at < slot->offset + (slot->shift + slot->bits + 7U) / 8U) {
            return slot->name;
        }
    }
    return "RDP";
}

enum rlk_error rlk_options_judge_door(const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back,
                                      const char **field)
{
    *field = what_closes(chip, block, way_back);
    if (*field == NULL && rlk_options_mean_level_2(chip->options_addr, block, chip->options_bytes)) {
        *field = level_2_field(chip, block);
        return RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2;
    }
    return *field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE;
}

enum rlk_error rlk_options_judge_change(const struct rlk_chip *chip, const uint8_t *before, const uint8_t *after,
                                        const char **field)
{
    for (size_t i = 0; i < sizeof kept_fields / sizeof kept_fields[0]; i++) {
        uint32_t value = 0;
        if (rlk_families_have(kept_fields[i].families, chip) &&
            rlk_options_value(chip, before, kept_fields[i].field, &value) &&
            !field_is(chip, after, kept_fields[i].field, value)) {
            *field = kept_fields[i].field;
            return RLK_E_DOOR_WOULD_CLOSE;
        }
    }
    return RLK_OK;
}

static bool is_kept(const struct rlk_chip *chip, const char *name)
{
    bool is_kept = false;
    for (size_t i = 0; i < sizeof kept_fields / sizeof kept_fields[0]; i++) {
        is_kept =
            is_kept || (rlk_families_have(kept_fields[i].families, chip) && strcmp(kept_fields[i].field, name) == 0);
    }
    return is_kept;
}

static bool is_complement(const struct rlk_chip *chip, size_t offset)
{
    static const uint8_t value_bytes[] = {
        [RLK_OPTION_FORM_BYTES] = 0,      [RLK_OPTION_FORM_BYTE_PAIRS] = 1, [RLK_OPTION_FORM_HALFWORD_PAIRS] = 2,
        [RLK_OPTION_FORM_WORD_PAIRS] = 4, [RLK_OPTION_FORM_REGISTERS] = 0,  [RLK_OPTION_FORM_REGISTER_PAIRS] = 0};
    const size_t bytes = value_bytes[chip->option_form];
    return bytes != 0 && offset / bytes % 2U != 0;
}

static void set_field(const struct rlk_chip *chip, uint8_t *block, const char *name, uint32_t value)
{
    const struct rlk_option_slot *slot = rlk_options_slot_find(chip, name);
    if (slot != NULL) {
        rlk_options_slot_set(chip, slot, block, value);
    }
}

/* All ones but for what the rules want: each of them is met. */
static void fill_best(const struct rlk_chip *chip, uint8_t *block)
{
    for (size_t i = 0; i < chip->options_bytes; i++) {
        if (!is_complement(chip, i)) {
            rlk_options_set_byte(chip, block, i, 0xFF);
        }
    }
    for (size_t i = 0; i < sizeof value_rules / sizeof value_rules[0]; i++) {
        if (rlk_families_have(value_rules[i].families, chip)) {
            set_field(chip, block, value_rules[i].field, value_rules[i].value);
        }
    }
    for (size_t i = 0; i < sizeof area_rules / sizeof area_rules[0]; i++) {
        if (rlk_families_have(area_rules[i].families, chip)) {
            set_field(chip, block, rlk_options_area(area_rules[i].first)->last, 0);
        }
    }
    rlk_options_set_byte(chip, block, chip->rdp_read_offset, chip->rdp_level1);
    rlk_options_set_byte(chip, block, chip->rdp_write_offset, chip->rdp_level1);
}

enum rlk_error rlk_options_judge_wish(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t count,
                                      enum rlk_way_back way_back, const char **field)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX + sizeof(uint32_t)];
    fill_best(chip, block);
    const enum rlk_error error = rlk_options_apply(chip, wishes, count, block, field);
    for (size_t i = 0; error == RLK_OK && i < count; i++) {
        if (is_kept(chip, wishes[i].field)) {
            *field = wishes[i].field;
            return RLK_E_DOOR_WOULD_CLOSE;
        }
    }
    return error == RLK_OK ? rlk_options_judge_door(chip, block, way_back, field) : error;
}
