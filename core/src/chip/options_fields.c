#include "chip/options_fields.h"
#include <string.h>

#define F04X RLK_FAMILY_BIT(RLK_FAMILY_STM32F04X)
#define F405 RLK_FAMILY_BIT(RLK_FAMILY_STM32F405)
#define L4   RLK_FAMILY_BIT(RLK_FAMILY_STM32L4)

#define SET   RLK_SLOT_SET
#define AREA  RLK_SLOT_AREA
#define NEVER RLK_SLOT_NEVER

#define NOT_PROTECTED  "no sector write-protected"
#define SOME_PROTECTED "sectors write-protected"
#define BY_SOFTWARE    "watchdog started by software"
#define BY_HARDWARE    "watchdog started by hardware"
#define NO_RESET       "no reset when entered"
#define A_RESET        "reset when entered"

/* Positions: CubeProgrammer's bootloader tables, and RM0091, RM0090, RM0351 and RM0394. RDP comes from the row. */
static const struct rlk_option_slot slots[] = {
    /* F0: USER at 2, data at 4 and 6, write protection from 8 on; each odd byte is a complement. */
    {RLK_FAMILIES_F0, SET, 2, 0, 1, "WDG_SW", BY_SOFTWARE, BY_HARDWARE},
    {RLK_FAMILIES_F0, SET, 2, 1, 1, "nRST_STOP", NO_RESET, A_RESET},
    {RLK_FAMILIES_F0, SET, 2, 2, 1, "nRST_STDBY", NO_RESET, A_RESET},
    {F04X, SET, 2, 3, 1, "nBOOT0", "main flash if BOOT_SEL is 0", "as BOOT0 held if BOOT_SEL is 0"},
    {RLK_FAMILIES_F0, SET, 2, 4, 1, "nBOOT1", "BOOT0 starts the bootloader", "BOOT0 starts RAM"},
    {RLK_FAMILIES_F0, SET, 2, 5, 1, "VDDA_MONITOR", "VDDA supervised", "VDDA not supervised"},
    {RLK_FAMILIES_F0, SET, 2, 6, 1, "RAM_PARITY", "RAM parity not checked", "RAM parity checked"},
    {F04X, SET, 2, 7, 1, "BOOT_SEL", "the BOOT0 pin decides", "the nBOOT0 bit decides"},
    {RLK_FAMILIES_F0, SET, 4, 0, 8, "DATA0", "", ""},
    {RLK_FAMILIES_F0, SET, 6, 0, 8, "DATA1", "", ""},
    {RLK_FAMILIES_F0, AREA, 8, 0, 8, "WRP0", NOT_PROTECTED, SOME_PROTECTED},
    {RLK_FAMILIES_F0, AREA, 10, 0, 8, "WRP1", NOT_PROTECTED, SOME_PROTECTED},
    {RLK_FAMILIES_F0, AREA, 12, 0, 8, "WRP2", NOT_PROTECTED, SOME_PROTECTED},
    {RLK_FAMILIES_F0, AREA, 14, 0, 8, "WRP3", NOT_PROTECTED, SOME_PROTECTED},

    /* F405: USER at 0, RDP at 1, write protection at 8. */
    {F405, SET, 0, 2, 2, "BOR_LEV", "brown-out reset off", "brown-out reset on"},
    {F405, SET, 0, 5, 1, "WDG_SW", BY_SOFTWARE, BY_HARDWARE},
    {F405, SET, 0, 6, 1, "nRST_STOP", NO_RESET, A_RESET},
    {F405, SET, 0, 7, 1, "nRST_STDBY", NO_RESET, A_RESET},
    {F405, AREA, 8, 0, 12, "nWRP", NOT_PROTECTED, SOME_PROTECTED},

    /* L4: OPTR at 0, PCROP1 at 8 and 16, WRP1A at 24, WRP1B at 32; each second word is a complement. */
    {RLK_FAMILIES_L4, SET, 1, 0, 3, "BOR_LEV", "", ""},
    {RLK_FAMILIES_L4, SET, 1, 4, 1, "nRST_STOP", NO_RESET, A_RESET},
    {RLK_FAMILIES_L4, SET, 1, 5, 1, "nRST_STDBY", NO_RESET, A_RESET},
    {RLK_FAMILIES_L4, SET, 1, 6, 1, "nRST_SHDW", NO_RESET, A_RESET},
    {RLK_FAMILIES_L4, SET, 2, 0, 1, "IWDG_SW", BY_SOFTWARE, BY_HARDWARE},
    {RLK_FAMILIES_L4, SET, 2, 1, 1, "IWDG_STOP", "watchdog runs in stop", "watchdog frozen in stop"},
    {RLK_FAMILIES_L4, SET, 2, 2, 1, "IWDG_STDBY", "watchdog runs in standby", "watchdog frozen in standby"},
    {RLK_FAMILIES_L4, SET, 2, 3, 1, "WWDG_SW", BY_SOFTWARE, BY_HARDWARE},
    {RLK_FAMILIES_L4, SET, 2, 4, 1, "BFB2", "boot from bank 2 (dual-bank parts)", "boot from bank 1"},
    {RLK_FAMILIES_L4, NEVER, 2, 5, 1, "DUALBANK", "two banks (dual-bank parts)", "one bank"},
    {RLK_FAMILIES_L4, SET, 2, 7, 1, "nBOOT1", "BOOT0 starts the bootloader", "BOOT0 starts RAM"},
    {RLK_FAMILIES_L4, SET, 3, 0, 1, "SRAM2_PE", "SRAM2 parity not checked", "SRAM2 parity checked"},
    {RLK_FAMILIES_L4, SET, 3, 1, 1, "SRAM2_RST", "SRAM2 kept at reset", "SRAM2 erased at reset"},
    {L4, SET, 3, 2, 1, "nSWBOOT0", "the BOOT0 pin decides", "the nBOOT0 bit decides"},
    {L4, SET, 3, 3, 1, "nBOOT0", "main flash if nSWBOOT0 is 0", "as BOOT0 held if nSWBOOT0 is 0"},
    {RLK_FAMILIES_L4, AREA, 8, 0, 16, "PCROP1_STRT", "", ""},
    {RLK_FAMILIES_L4, AREA, 16, 0, 16, "PCROP1_END", "", ""},
    {RLK_FAMILIES_L4, AREA, 19, 7, 1, "PCROP_RDP", "a regression erases the PCROP area",
     "a regression keeps the PCROP area"},
    {RLK_FAMILIES_L4, AREA, 24, 0, 8, "WRP1A_STRT", "", ""},
    {RLK_FAMILIES_L4, AREA, 26, 0, 8, "WRP1A_END", "", ""},
    {RLK_FAMILIES_L4, AREA, 32, 0, 8, "WRP1B_STRT", "", ""},
    {RLK_FAMILIES_L4, AREA, 34, 0, 8, "WRP1B_END", "", ""},
};

#define SLOT_COUNT (sizeof slots / sizeof slots[0])

bool rlk_families_have(rlk_family_mask families, const struct rlk_chip *chip)
{
    return (unsigned)chip->family < RLK_FAMILY_COUNT && (families & RLK_FAMILY_BIT(chip->family)) != 0;
}

const struct rlk_option_slot *rlk_options_slot(const struct rlk_chip *chip, size_t index)
{
    for (size_t i = 0; i < SLOT_COUNT; i++) {
        if (rlk_families_have(slots[i].families, chip) && index-- == 0) {
            return &slots[i];
        }
    }
    return NULL;
}

const struct rlk_option_slot *rlk_options_slot_find(const struct rlk_chip *chip, const char *name)
{
    const struct rlk_option_slot *slot = NULL;
    for (size_t i = 0; (slot = rlk_options_slot(chip, i)) != NULL && strcmp(slot->name, name) != 0; i++) {
    }
    return slot;
}

uint32_t rlk_options_slot_ones(const struct rlk_option_slot *slot)
{
    return (UINT32_C(1) << slot->bits) - 1U;
}

static unsigned bytes_of(const struct rlk_option_slot *slot)
{
    return (slot->shift + slot->bits + 7U) / 8U;
}

uint32_t rlk_options_slot_value(const struct rlk_option_slot *slot, const uint8_t *block)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes_of(slot); i++) {
        value |= (uint32_t)block[slot->offset + i] << (8U * i);
    }
    return value >> slot->shift & rlk_options_slot_ones(slot);
}

void rlk_options_slot_set(const struct rlk_chip *chip, const struct rlk_option_slot *slot, uint8_t *block,
                          uint32_t value)
{
    for (unsigned i = 0; i < bytes_of(slot); i++) {
        const uint8_t mask = (uint8_t)(rlk_options_slot_ones(slot) << slot->shift >> (8U * i));
        const uint8_t bits = (uint8_t)(value << slot->shift >> (8U * i));
        const uint8_t old = block[slot->offset + i];
        const uint8_t byte = (uint8_t)((old & ~mask) | (bits & mask));
        if (byte != old) {
            rlk_options_set_byte(chip, block, slot->offset + i, byte);
        }
    }
}

bool rlk_options_value(const struct rlk_chip *chip, const uint8_t *block, const char *name, uint32_t *value)
{
    const struct rlk_option_slot *slot = rlk_options_slot_find(chip, name);
    if (slot == NULL) {
        return false;
    }
    *value = rlk_options_slot_value(slot, block);
    return true;
}

static void rdp_field(const struct rlk_chip *chip, const uint8_t *block, struct rlk_option_field *field)
{
    static const char *const meanings[] = {
        [RLK_RDP_LEVEL_0] = "level 0: not protected",
        [RLK_RDP_LEVEL_1] = "level 1: readout-protected",
        [RLK_RDP_LEVEL_2] = "level 2: locked for ever",
    };
    field->name = "RDP";
    field->value = block[chip->rdp_read_offset];
    field->bits = 8;
    field->meaning = meanings[rlk_options_level(chip, block)];
}

bool rlk_options_field(const struct rlk_chip *chip, const uint8_t *block, size_t index, struct rlk_option_field *field)
{
    if (index == 0) {
        rdp_field(chip, block, field);
        return true;
    }
    const struct rlk_option_slot *slot = rlk_options_slot(chip, index - 1U);
    if (slot == NULL) {
        return false;
    }
    field->name = slot->name;
    field->value = rlk_options_slot_value(slot, block);
    field->bits = slot->bits;
    field->meaning = field->value == rlk_options_slot_ones(slot) ? slot->if_ones : slot->otherwise;
    return true;
}
