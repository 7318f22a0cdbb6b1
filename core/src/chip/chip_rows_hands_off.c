/*
 * Families whose protection is never touched: foreign ROMs and products' own bootloaders, which write flash at level 1
 * without a regression, and ST's chips that have no RDP byte.
 */
#include "chip/chip_parts.h"

#define FOREIGN                  .tier = RLK_TIER_WRITE_ONLY, .refusal = RLK_E_CHIP_WRITE_ONLY, .evidence = RLK_EVIDENCE_FIELD_REPORT
#define PRODUCT_STATE(evidence_) .tier = RLK_TIER_REFUSED, .refusal = RLK_E_CHIP_HAS_NO_LEVEL_1, .evidence = (evidence_)
/* Where their RAM lies is not known. */
#define RAM_ANYWHERE_BYTES 0x10000000U

const struct rlk_chip rlk_chip_rows_hands_off[] = {
    {
        IDENTITY(RLK_FAMILY_GD32, "GD32"),
        FOREIGN,
        GENERATION_A_FS,
        .quirks = QUIRKS_A_FS | Q(SHARED_SERIAL), /* 28E9:0189; reports a false size and page, dfu-util's quirks */
        MEMORY(RAM_ANYWHERE_BYTES, 4),
        NO_POWER_CYCLE,
        TIMES_FOREIGN,
        RETURN(1000),
    },
    {
        IDENTITY(RLK_FAMILY_AT32, "AT32"),
        FOREIGN,
        GENERATION_A_OTG,
        .quirks = QUIRKS_A_OTG,
        MEMORY(RAM_ANYWHERE_BYTES, 4),
        NO_POWER_CYCLE,
        TIMES_FOREIGN,
        RETURN(1000),
    },
    {
        IDENTITY(RLK_FAMILY_APM32, "APM32"),
        FOREIGN,
        GENERATION_A_FS,
        .quirks = QUIRKS_A_FS,
        MEMORY(RAM_ANYWHERE_BYTES, 4),
        NO_POWER_CYCLE,
        TIMES_FOREIGN,
        RETURN(1000),
    },
    {
        IDENTITY(RLK_FAMILY_DFUSE, "DfuSe"),
        FOREIGN,
        GENERATION_A_FS,
        .quirks = QUIRKS_A_FS,
        MEMORY(RAM_ANYWHERE_BYTES, 16),
        NO_POWER_CYCLE,
        TIMES_FOREIGN,
        RETURN(1000),
    },
    {
        IDENTITY(RLK_FAMILY_STM32H5, "STM32H5"),
        PRODUCT_STATE(EVIDENCE_ON_PAPER),
        GENERATION_C,
        .quirks = QUIRKS_C | Q(PRODUCT_STATE),
        MEMORY(KIB(1536U), 16),
        NO_POWER_CYCLE,
        TIMES_QUAD_WORDS,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32H7RS, "STM32H7RS"),
        PRODUCT_STATE(EVIDENCE_ON_PAPER),
        GENERATION_C,
        .quirks = QUIRKS_C | Q(PRODUCT_STATE),
        MEMORY(RAM_ANYWHERE_BYTES, 16),
        NO_POWER_CYCLE,
        TIMES_QUAD_WORDS,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32C5, "STM32C5"),
        PRODUCT_STATE(EVIDENCE_WITH_REPORTS), /* betaflight-configurator 5300 [SEEN] */
        GENERATION_C,
        .quirks = QUIRKS_C | Q(PRODUCT_STATE) | Q(NO_BUSY_STATE) | Q(NO_FUNCTIONAL_DESCRIPTOR),
        MEMORY(RAM_ANYWHERE_BYTES, 16),
        NO_POWER_CYCLE,
        TIMES_QUAD_WORDS,
        RETURN(300),
    },
    {
        IDENTITY(RLK_FAMILY_STM32N6, "STM32N6"),
        .tier = RLK_TIER_REFUSED,
        .refusal = RLK_E_CHIP_HAS_NO_FLASH,
        .evidence = EVIDENCE_ON_PAPER,
        .generation = RLK_ROM_C,
        .early_poll = RLK_EARLY_POLL_UNSAFE,
        MEMORY(RAM_ANYWHERE_BYTES, 16),
        NO_POWER_CYCLE,
        TIMES_QUAD_WORDS,
        RETURN(1000),
    },
};
