/* The second option block: write protection and PCROP of the second bank. It is judged, never written. */
#include "chip/options_fields.h"

#define FAMILY(name) RLK_FAMILY_BIT(RLK_FAMILY_STM32##name)
#define WITH_AREAS   (RLK_FAMILIES_L4 | FAMILY(L4PLUS) | FAMILY(G47X))

enum { FIRST_NWRP = 8, AREA_BITS_MIN = 6, PCROP_BITS_MIN = 14 };

/* An area of the second bank; empty if first > last, whatever the bits above its width read. */
struct area {
    const char *name; /* of its first field */
    uint8_t first, last;
    uint8_t bits_min, bits_max;
    bool may_be_erased; /* with PCROP_RDP at 1 a regression clears it */
};

/* Positions as in the first block: CubeProgrammer's tables (PCROP2 and WRP2 from 08 on). */
static const struct area areas[] = {
    {"PCROP2_STRT", 8, 16, PCROP_BITS_MIN, 16, true},
    {"WRP2A_STRT", 24, 26, AREA_BITS_MIN, 8, false},
    {"WRP2B_STRT", 32, 34, AREA_BITS_MIN, 8, false},
};

static uint32_t halfword_at(const uint8_t *block, size_t offset)
{
    return (uint32_t)block[offset] | (uint32_t)block[offset + 1U] << 8;
}

static bool is_empty(const struct area *area, const uint8_t *block)
{
    bool is_empty = true;
    for (unsigned bits = area->bits_min; is_empty && bits <= area->bits_max; bits++) {
        const uint32_t mask = (UINT32_C(1) << bits) - 1U;
        is_empty = (halfword_at(block, area->first) & mask) > (halfword_at(block, area->last) & mask);
    }
    return is_empty;
}

static const char *closed_by_area(const struct rlk_chip *chip, const uint8_t *first, const uint8_t *second)
{
    uint32_t pcrop_rdp = 0;
    const bool is_erased = rlk_options_value(chip, first, "PCROP_RDP", &pcrop_rdp) && pcrop_rdp == 1;
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        if (!is_empty(&areas[i], second) && !(areas[i].may_be_erased && is_erased)) {
            return areas[i].name;
        }
    }
    return NULL;
}

/* F42x: nWRP12 to nWRP23, where the first block has the others. */
static const char *closed_by_nwrp(const struct rlk_chip *chip, const uint8_t *first, const uint8_t *second)
{
    (void)chip;
    (void)first;
    return (halfword_at(second, FIRST_NWRP) & 0xFFFU) == 0xFFFU ? NULL : "nWRP12";
}

/* L1: further WRP words, in which 0 means not protected, each with its complement. */
static const char *closed_by_wrp_words(const struct rlk_chip *chip, const uint8_t *first, const uint8_t *second)
{
    (void)first;
    for (size_t i = 0; i + 4U <= chip->options_bytes; i += 4U) {
        if (halfword_at(second, i) != 0) {
            return "WRP7";
        }
    }
    return NULL;
}

enum rlk_error rlk_options_judge_second(const struct rlk_chip *chip, const uint8_t *first, const uint8_t *second,
                                        const char **field)
{
    static const struct {
        rlk_family_mask families;
        const char *(*closed_by)(const struct rlk_chip *, const uint8_t *, const uint8_t *);
    } judges[] = {{WITH_AREAS, closed_by_area}, {FAMILY(F42X), closed_by_nwrp}, {FAMILY(L1), closed_by_wrp_words}};
    *field = "way back";
    if (chip->option_form != RLK_OPTION_FORM_BYTES && rlk_options_check(chip, second, chip->options_bytes) != RLK_OK) {
        return RLK_E_OPTIONS_MALFORMED;
    }
    for (size_t i = 0; i < sizeof judges / sizeof judges[0]; i++) {
        if (rlk_families_have(judges[i].families, chip)) {
            *field = judges[i].closed_by(chip, first, second);
        }
    }
    return *field == NULL ? RLK_OK : RLK_E_DOOR_WOULD_CLOSE;
}
