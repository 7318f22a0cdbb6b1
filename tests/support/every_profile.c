#include "every_profile.h"

#include <stdlib.h>
#include <string.h>

const struct profile_case profile_cases[] = {
    {"stm32f405", RLK_FAMILY_STM32F405},  {"stm32f042", RLK_FAMILY_STM32F04X},    {"stm32f072", RLK_FAMILY_STM32F07X},
    {"stm32l432", RLK_FAMILY_STM32L4},    {"stm32l452", RLK_FAMILY_STM32L4},      {"stm32l476", RLK_FAMILY_STM32L47X},
    {"stm32f105", RLK_FAMILY_STM32F105},  {"stm32f105_v1", RLK_FAMILY_STM32F105}, {"stm32f303", RLK_FAMILY_STM32F30X},
    {"stm32f373", RLK_FAMILY_STM32F37X},  {"stm32f205", RLK_FAMILY_STM32F2},      {"stm32f401", RLK_FAMILY_STM32F401},
    {"stm32f411", RLK_FAMILY_STM32F401},  {"stm32f412", RLK_FAMILY_STM32F412},    {"stm32f413", RLK_FAMILY_STM32F413},
    {"stm32f446", RLK_FAMILY_STM32F401},  {"stm32f427", RLK_FAMILY_STM32F42X},    {"stm32f722", RLK_FAMILY_STM32F72X},
    {"stm32f745", RLK_FAMILY_STM32F74X},  {"stm32f767", RLK_FAMILY_STM32F76X},    {"stm32l072", RLK_FAMILY_STM32L07X},
    {"stm32l152", RLK_FAMILY_STM32L1},    {"stm32l4r5", RLK_FAMILY_STM32L4PLUS},  {"stm32g431", RLK_FAMILY_STM32G431},
    {"stm32g474", RLK_FAMILY_STM32G47X},  {"stm32g491", RLK_FAMILY_STM32G49X},    {"stm32g0b1", RLK_FAMILY_STM32G0B1},
    {"stm32c071", RLK_FAMILY_STM32C071},  {"stm32u083", RLK_FAMILY_STM32U0},      {"stm32wb55", RLK_FAMILY_STM32WB55},
    {"stm32h743", RLK_FAMILY_STM32H74X},  {"stm32h723", RLK_FAMILY_STM32H72X},    {"stm32h7a3", RLK_FAMILY_STM32H7A3},
    {"stm32l552", RLK_FAMILY_STM32L5},    {"stm32u585", RLK_FAMILY_STM32U5},      {"stm32u375", RLK_FAMILY_STM32U3},
    {"stm32wba65", RLK_FAMILY_STM32WBA6}, {"stm32h563", RLK_FAMILY_STM32H5},      {"stm32h7s3", RLK_FAMILY_STM32H7RS},
    {"stm32c562", RLK_FAMILY_STM32C5},    {"stm32n657", RLK_FAMILY_STM32N6},      {"gd32f303", RLK_FAMILY_GD32},
    {"at32f437", RLK_FAMILY_AT32},        {"apm32f103", RLK_FAMILY_APM32},        {"custom", RLK_FAMILY_DFUSE},
};

const size_t profile_case_count = sizeof profile_cases / sizeof profile_cases[0];

const struct profile_case *profile_case_find(const char *profile)
{
    for (size_t i = 0; i < profile_case_count; i++) {
        if (strcmp(profile_cases[i].profile, profile) == 0) {
            return &profile_cases[i];
        }
    }
    abort();
}

bool profile_case_is_updatable(const struct profile_case *profile)
{
    return rlk_chip_row(profile->family)->tier <= RLK_TIER_EXPERIMENTAL;
}

void profile_case_init(struct workbench *bench, const struct profile_case *profile, unsigned level,
                       uint32_t image_bytes)
{
    const struct rlk_chip *row = rlk_chip_row(profile->family);
    workbench_init(bench, profile->profile, level, image_bytes);
    bench->wish.family = profile->family;
    bench->wish.allow_experimental = row->tier == RLK_TIER_EXPERIMENTAL;
    bench->wish.trustzone_is_off = (row->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0;
}
