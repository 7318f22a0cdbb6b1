/*
 * Option fields by the reference manuals' names. Internal to core.
 */
#ifndef RELOCK_OPTIONS_FIELDS_H
#define RELOCK_OPTIONS_FIELDS_H

#include "relock/options.h"

#define RLK_FAMILY_BIT(family) ((rlk_family_mask)1 << (family))
#define RLK_FAMILIES_F0        (RLK_FAMILY_BIT(RLK_FAMILY_STM32F04X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F07X))
#define RLK_FAMILIES_L4        (RLK_FAMILY_BIT(RLK_FAMILY_STM32L4) | RLK_FAMILY_BIT(RLK_FAMILY_STM32L47X))

/* Whether `families` has the row's family. */
bool rlk_families_have(rlk_family_mask families, const struct rlk_chip *chip);

/* The value of the named field; false if the row's family has no such field. */
bool rlk_options_value(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t *value);

#endif
