/*
 * Option fields by the reference manuals' names. Internal to core.
 */
#ifndef RELOCK_OPTIONS_FIELDS_H
#define RELOCK_OPTIONS_FIELDS_H

#include "relock/options.h"

/* Families with the same fields. */
#define RLK_FAMILIES_F0 (RLK_FAMILY_BIT(RLK_FAMILY_STM32F04X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F07X))
#define RLK_FAMILIES_F3 (RLK_FAMILY_BIT(RLK_FAMILY_STM32F30X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F37X))
#define RLK_FAMILIES_F1 (RLK_FAMILIES_F0 | RLK_FAMILIES_F3 | RLK_FAMILY_BIT(RLK_FAMILY_STM32F105))
/* F405 and F2 have no PCROP, F412 cannot be told from them. */
#define RLK_FAMILIES_F4                                                                                                \
    (RLK_FAMILY_BIT(RLK_FAMILY_STM32F405) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F412) |                                     \
     RLK_FAMILY_BIT(RLK_FAMILY_STM32F2) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F401) |                                       \
     RLK_FAMILY_BIT(RLK_FAMILY_STM32F413) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F42X))
#define RLK_FAMILIES_F7                                                                                                \
    (RLK_FAMILY_BIT(RLK_FAMILY_STM32F72X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F74X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F76X))
#define RLK_FAMILIES_L4 (RLK_FAMILY_BIT(RLK_FAMILY_STM32L4) | RLK_FAMILY_BIT(RLK_FAMILY_STM32L47X))
#define RLK_FAMILIES_G4                                                                                                \
    (RLK_FAMILY_BIT(RLK_FAMILY_STM32G431) | RLK_FAMILY_BIT(RLK_FAMILY_STM32G47X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32G49X))
#define RLK_FAMILIES_G0 (RLK_FAMILY_BIT(RLK_FAMILY_STM32G0B1) | RLK_FAMILY_BIT(RLK_FAMILY_STM32C071))
#define RLK_FAMILIES_H7                                                                                                \
    (RLK_FAMILY_BIT(RLK_FAMILY_STM32H74X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32H72X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32H7A3))
#define RLK_FAMILIES_U5                                                                                                \
    (RLK_FAMILY_BIT(RLK_FAMILY_STM32L5) | RLK_FAMILY_BIT(RLK_FAMILY_STM32U5) | RLK_FAMILY_BIT(RLK_FAMILY_STM32U3) |    \
     RLK_FAMILY_BIT(RLK_FAMILY_STM32WBA6))

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
    uint16_t offset;
    uint8_t shift;
    uint8_t bits;
    const char *name;
};

extern const struct rlk_option_slot rlk_option_slots[];
extern const size_t rlk_option_slot_count;

/* The fields of the second block, by which it is judged. */
#define RLK_OPTION_SECOND_SLOTS 7U
extern const struct rlk_option_slot rlk_option_second_slots[RLK_OPTION_SECOND_SLOTS];

/* The index-th field of the row's family that lies in its block; NULL beyond the last. */
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

/* Write protection, PCROP and their like: all from the first to the last, and empty if first > last. */
struct rlk_option_area {
    const char *first, *last;
    uint8_t bits_min; /* the narrowest of the families' fields: bits above may be reserved and read anything */
    uint8_t bits_max;
};

/* The area of which the named field is one end; NULL if it is of none. */
const struct rlk_option_area *rlk_options_area(const char *name);
/* Empty in every width that its fields may have. */
bool rlk_options_area_is_empty(const struct rlk_option_area *area, uint32_t first, uint32_t last);

/* Whether `families` has the row's family. */
bool rlk_families_have(rlk_family_mask families, const struct rlk_chip *chip);

/* The value of the named field; false if the row's family has no such field. */
bool rlk_options_value(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t *value);

#endif
