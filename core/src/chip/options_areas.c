/* Areas in option blocks, of both banks. Widths: CMSIS headers of L4; elsewhere the narrowest and the widest that the
 * block has room for. */
#include "chip/options_fields.h"

#include <string.h>

static const struct rlk_option_area areas[] = {
    {"PCROP1_STRT", "PCROP1_END", 14, 16},
    {"PCROP2_STRT", "PCROP2_END", 14, 16},
    {"PCROP1A_STRT", "PCROP1A_END", 8, 16},
    {"PCROP1B_STRT", "PCROP1B_END", 8, 16},
    {"PCROP2A_STRT", "PCROP2A_END", 8, 16},
    {"PCROP2B_STRT", "PCROP2B_END", 8, 16},
    {"WRP1A_STRT", "WRP1A_END", 6, 8},
    {"WRP1B_STRT", "WRP1B_END", 6, 8},
    {"WRP2A_STRT", "WRP2A_END", 6, 8},
    {"WRP2B_STRT", "WRP2B_END", 6, 8},
    {"PROT_AREA_START1", "PROT_AREA_END1", 8, 12},
    {"PROT_AREA_START2", "PROT_AREA_END2", 8, 12},
    {"SEC_AREA_START1", "SEC_AREA_END1", 8, 12},
    {"SEC_AREA_START2", "SEC_AREA_END2", 8, 12},
};

const struct rlk_option_area *rlk_options_area(const char *name)
{
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        if (strcmp(areas[i].first, name) == 0 || strcmp(areas[i].last, name) == 0) {
            return &areas[i];
        }
    }
    return NULL;
}

bool rlk_options_area_is_empty(const struct rlk_option_area *area, uint32_t first, uint32_t last)
{
    bool is_empty = true;
    for (unsigned bits = area->bits_min; is_empty && bits <= area->bits_max; bits++) {
        const uint32_t mask = (UINT32_C(1) << bits) - 1U;
        is_empty = (first & mask) > (last & mask);
    }
    return is_empty;
}
