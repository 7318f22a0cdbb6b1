#include "identity.h"

#include <string.h>

#define IS(name)   RLK_FAMILY_STM32##name
#define LIKE(name) RLK_FAMILY_BIT(RLK_FAMILY_STM32##name)

/* Alike: 128 pages of 2 KiB on F1 and F3; twelve sectors on F2, F405 and F412; L4 with and without the empty check;
 * flash that is announced in each alternate; pages of 8 KiB and keys behind the options; flash alone. */
static const struct identity identities[] = {
    {"stm32f405", IS(F405), LIKE(F412) | LIKE(F2)},
    {"stm32f042", IS(F04X), 0},
    {"stm32f072", IS(F07X), 0},
    {"stm32l432", IS(L4), LIKE(L47X)},
    {"stm32l452", IS(L4), LIKE(L47X)},
    {"stm32l476", IS(L47X), LIKE(L4)},
    {"stm32f105", IS(F105), LIKE(F30X) | LIKE(F37X)},
    {"stm32f105_v1", IS(F105), LIKE(F30X) | LIKE(F37X)},
    {"stm32f303", IS(F30X), LIKE(F105) | LIKE(F37X)},
    {"stm32f373", IS(F37X), LIKE(F105) | LIKE(F30X)},
    {"stm32f205", IS(F2), LIKE(F405) | LIKE(F412)},
    {"stm32f401", IS(F401), 0},
    {"stm32f411", IS(F401), 0},
    {"stm32f412", IS(F412), LIKE(F405) | LIKE(F2)},
    {"stm32f413", IS(F413), 0},
    {"stm32f446", IS(F401), 0},
    {"stm32f427", IS(F42X), 0},
    {"stm32f722", IS(F72X), 0},
    {"stm32f745", IS(F74X), 0},
    {"stm32f767", IS(F76X), 0},
    {"stm32l072", IS(L07X), 0},
    {"stm32l152", IS(L1), 0},
    {"stm32l4r5", IS(L4PLUS), 0},
    {"stm32g431", IS(G431), 0},
    {"stm32g474", IS(G47X), 0},
    {"stm32g491", IS(G49X), 0},
    {"stm32g0b1", IS(G0B1), 0},
    {"stm32c071", IS(C071), LIKE(G0B1)},
    {"stm32u083", IS(U0), 0},
    {"stm32wb55", IS(WB55), 0},
    {"stm32h743", IS(H74X), 0},
    {"stm32h723", IS(H72X), 0},
    {"stm32h7a3", IS(H7A3), 0},
    {"stm32l552", IS(L5), 0},
    {"stm32u585", IS(U5), LIKE(WBA6)},
    {"stm32u375", IS(U3), 0},
    {"stm32wba65", IS(WBA6), LIKE(U5)},
    {"stm32h563", IS(H5), 0},
    {"stm32h7s3", IS(H7RS), LIKE(H5) | LIKE(C5)},
    {"stm32c562", IS(C5), LIKE(H5)},
    {"stm32n657", IS(N6), 0},
    {"gd32f303", RLK_FAMILY_GD32, 0},
    {"at32f437", RLK_FAMILY_AT32, 0},
    {"apm32f103", RLK_FAMILY_APM32, 0},
    {"custom", RLK_FAMILY_DFUSE, 0},
};

const struct identity *identity_of(const char *profile)
{
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
        if (strcmp(identities[i].profile, profile) == 0) {
            return &identities[i];
        }
    }
    return NULL;
}

bool identity_is_relockable(const struct identity *identity)
{
    return rlk_chip_row(identity->family)->tier <= RLK_TIER_EXPERIMENTAL;
}

bool identity_needs_name(const struct identity *identity)
{
    struct rlk_chip chip;
    const rlk_family_mask all = identity->lookalikes | RLK_FAMILY_BIT(identity->family);
    return rlk_chip_row(identity->family)->tier == RLK_TIER_EXPERIMENTAL ||
           rlk_chip_settle(&chip, all, RLK_FAMILY_UNKNOWN) != RLK_OK;
}
