/*
 * Option fields by the reference manuals' names. Internal to core.
 */
#ifndef RELOCK_OPTIONS_FIELDS_H
#define RELOCK_OPTIONS_FIELDS_H

#include "relock/options.h"

#define RLK_FAMILY_BIT(family) ((rlk_family_mask)1 << (family))
#define RLK_FAMILIES_F0        (RLK_FAMILY_BIT(RLK_FAMILY_STM32F04X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F07X))
#define RLK_FAMILIES_L4        (RLK_FAMILY_BIT(RLK_FAMILY_STM32L4) | RLK_FAMILY_BIT(RLK_FAMILY_STM32L47X))

/* Who may set a field, beside a programmer on the bench. */
enum rlk_slot_use {
    RLK_SLOT_SET,  /* a release, together with the protection */
    RLK_SLOT_AREA, /* the same, and the door judges: write protection and PCROP, which a profile leaves out */
    RLK_SLOT_NEVER /* nobody: with another value the sectors lie elsewhere, and what was compared is not what runs */
};

/* One field: `bits` bits from bit `shift` of the byte at `offset` on, little-endian. RDP is none: it comes from the
 * row. */
struct rlk_option_slot {
    rlk_family_mask families;
    enum rlk_slot_use use;
    uint8_t offset;
    uint8_t shift;
    uint8_t bits;
    const char *name;
    const char *if_ones; /* meaning when all bits are 1 */
    const char *otherwise;
};

/* The index-th field of the row's family; NULL beyond the last. */
const struct rlk_option_slot *rlk_options_slot(const struct rlk_chip *chip, size_t index);
/* By name; NULL if the row's family has no such field. */
const struct rlk_option_slot *rlk_options_slot_find(const struct rlk_chip *chip, const char *name);
/* The largest value of a field, and the value that it has in `block`. */
uint32_t rlk_options_slot_ones(const struct rlk_option_slot *slot);
uint32_t rlk_options_slot_value(const struct rlk_option_slot *slot, const uint8_t *block);
/* Sets it, complements included. `value` must fit. A byte that needs no change is not touched. */
void rlk_options_slot_set(const struct rlk_chip *chip, const struct rlk_option_slot *slot, uint8_t *block,
                          uint32_t value);

/* Sets a byte of a block, and its complement where the family has them. */
void rlk_options_set_byte(const struct rlk_chip *chip, uint8_t *block, size_t offset, uint8_t value);

/* Whether `families` has the row's family. */
bool rlk_families_have(rlk_family_mask families, const struct rlk_chip *chip);

/* The value of the named field; false if the row's family has no such field. */
bool rlk_options_value(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t *value);

#endif
