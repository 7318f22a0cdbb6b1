#include "line.h"
#include "relock/chip.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same_name(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

const struct rlk_chip *rlk_chip_find(const char *name)
{
    for (unsigned f = RLK_FAMILY_UNKNOWN + 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (is_same_name(name, chip->name)) {
            return chip;
        }
    }
    return NULL;
}

static bool has(rlk_family_mask mask, unsigned family)
{
    return family > RLK_FAMILY_UNKNOWN && family < RLK_FAMILY_COUNT && (mask >> family & 1U) != 0;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Everything that ends up in a transfer to the device: addresses, lengths, values. */
static bool writes_the_same(const struct rlk_chip *a, const struct rlk_chip *b)
{
    return a->flash_addr == b->flash_addr && a->erased_value == b->erased_value &&
           a->program_bytes == b->program_bytes && a->options_addr == b->options_addr &&
           a->options_bytes == b->options_bytes && a->options_write_bytes == b->options_write_bytes &&
           a->options2_addr == b->options2_addr && a->rdp_read_offset == b->rdp_read_offset &&
           a->rdp_write_offset == b->rdp_write_offset && a->rdp_level0 == b->rdp_level0 &&
           a->rdp_level1 == b->rdp_level1 && a->option_form == b->option_form;
}

/* The two cores of generation A differ only in how they take an early poll; other generations differ in more. */
static bool polls_alike(enum rlk_rom_generation a, enum rlk_rom_generation b)
{
    return a == b || (a <= RLK_ROM_A_FS && b <= RLK_ROM_A_FS);
}

static void merge_times(struct rlk_chip *chip, const struct rlk_chip *other)
{
    chip->mass_erase_typical_ms = larger(chip->mass_erase_typical_ms, other->mass_erase_typical_ms);
    chip->mass_erase_max_ms = larger(chip->mass_erase_max_ms, other->mass_erase_max_ms);
    chip->sector_erase_typical_ms_per_16k =
        larger(chip->sector_erase_typical_ms_per_16k, other->sector_erase_typical_ms_per_16k);
    chip->sector_erase_max_ms = larger(chip->sector_erase_max_ms, other->sector_erase_max_ms);
    chip->program_typical_us_per_byte_x16 =
        larger(chip->program_typical_us_per_byte_x16, other->program_typical_us_per_byte_x16);
    chip->program_max_ms_per_block = larger(chip->program_max_ms_per_block, other->program_max_ms_per_block);
    chip->return_typical_ms = larger(chip->return_typical_ms, other->return_typical_ms);
    chip->return_max_ms = larger(chip->return_max_ms, other->return_max_ms);
    if (chip->announced_program_ms != other->announced_program_ms) {
        chip->announced_program_ms = 0;
    }
    if (chip->announced_erase_ms != other->announced_erase_ms) {
        chip->announced_erase_ms = 0;
    }
}

static bool merge(struct rlk_chip *chip, const struct rlk_chip *other)
{
    if (!writes_the_same(chip, other) || !polls_alike(chip->generation, other->generation)) {
        return false;
    }
    /* The enums are ordered from harmless to worse. */
    chip->tier = (enum rlk_tier)larger(chip->tier, other->tier);
    chip->generation = (enum rlk_rom_generation)larger(chip->generation, other->generation);
    chip->early_poll = chip->early_poll < other->early_poll ? chip->early_poll : other->early_poll;
    chip->power_cycle_after_seal =
        (enum rlk_power_cycle)larger(chip->power_cycle_after_seal, other->power_cycle_after_seal);
    chip->power_cycle_after_unprotect =
        (enum rlk_power_cycle)larger(chip->power_cycle_after_unprotect, other->power_cycle_after_unprotect);
    chip->refusal = chip->refusal != RLK_OK ? chip->refusal : other->refusal;
    chip->evidence = (uint8_t)(chip->evidence & other->evidence);
    chip->quirks |= other->quirks;
    chip->has_empty_check = chip->has_empty_check && other->has_empty_check;
    chip->ram_bytes_max = larger(chip->ram_bytes_max, other->ram_bytes_max);
    merge_times(chip, other);
    return true;
}

enum rlk_error rlk_chip_settle(struct rlk_chip *chip, rlk_family_mask candidates, enum rlk_family claim)
{
    bool is_first = true;
    for (unsigned f = 0; f < RLK_FAMILY_COUNT; f++) {
        if (!has(candidates, f) || (claim != RLK_FAMILY_UNKNOWN && f != (unsigned)claim)) {
            continue;
        }
        const struct rlk_chip *row = rlk_chip_row((enum rlk_family)f);
        if (is_first) {
            *chip = *row;
            is_first = false;
        } else if (!merge(chip, row)) {
            return RLK_E_AMBIGUOUS_CHIP;
        }
    }
    if (!is_first) {
        return RLK_OK;
    }
    return candidates == 0 ? RLK_E_UNKNOWN_CHIP : RLK_E_CHIP_CONTRADICTS_CLAIM;
}

size_t rlk_chip_label(rlk_family_mask families, char *text, size_t capacity)
{
    struct rlk_line line;
    rlk_line_init(&line, text, capacity);
    for (unsigned f = 0; f < RLK_FAMILY_COUNT; f++) {
        if (has(families, f)) {
            rlk_line_add(&line, line.length > 0 ? " or " : "");
            rlk_line_add(&line, rlk_chip_row((enum rlk_family)f)->name);
        }
    }
    return line.length;
}

const char *rlk_tier_name(enum rlk_tier tier)
{
    static const char *const names[] = {[RLK_TIER_FULL] = "full",
                                        [RLK_TIER_EXPERIMENTAL] = "experimental",
                                        [RLK_TIER_WRITE_ONLY] = "write-only",
                                        [RLK_TIER_REFUSED] = "refused"};
    return (unsigned)tier < sizeof names / sizeof names[0] ? names[tier] : "refused";
}
