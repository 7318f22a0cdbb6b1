/* The chip table as one: rows by family, whatever their tier. */
#include "chip/chip_parts.h"

const struct rlk_chip *rlk_chip_row(enum rlk_family family)
{
    const unsigned f = (unsigned)family;
    if (f <= RLK_FAMILY_UNKNOWN || f >= RLK_FAMILY_COUNT) {
        return NULL;
    }
    if (f >= RLK_FAMILY_GD32) {
        return &rlk_chip_rows_hands_off[f - RLK_FAMILY_GD32];
    }
    return f >= RLK_FAMILY_STM32G431 ? &rlk_chip_rows_experimental[f - RLK_FAMILY_STM32G431]
                                     : &rlk_chip_rows_full[f - RLK_FAMILY_STM32F04X];
}
