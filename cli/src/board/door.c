#include "board/door.h"
#include <stdio.h>
#include <string.h>

#define DOOR_SECOND_BLOCK "second option block" /* as a whole: it is not well-formed */

static uint32_t largest(const struct rlk_chip *chip, const uint8_t *block, const char *name)
{
    struct rlk_option_field field = {0};
    for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
        if (strcmp(field.name, name) == 0) {
            return (UINT32_C(1) << field.bits) - 1U;
        }
    }
    return 0;
}

/* What is wrong with a field is right with all ones: so the next reason comes to light. False if it cannot be set. */
static bool set_right(const struct rlk_chip *chip, uint8_t *block, const char *name)
{
    const struct rlk_option_wish wish = {name, largest(chip, block, name)};
    return !rlk_options_hold(chip, block, &wish, 1) && rlk_options_apply(chip, &wish, 1, block, NULL) == RLK_OK;
}

static rlk_family_mask with_empty_check(const struct rlk_findings *found)
{
    rlk_family_mask families = 0;
    for (unsigned family = RLK_FAMILY_UNKNOWN + 1U; family < RLK_FAMILY_COUNT; family++) {
        families |= rlk_chip_row((enum rlk_family)family)->has_empty_check ? RLK_FAMILY_BIT(family) : 0;
    }
    return families & found->candidates;
}

/* `block` is spoiled. */
static void judge_first(struct door *door, const struct rlk_chip *chip, uint8_t *block, enum rlk_way_back way_back)
{
    const char *field = NULL;
    door->error = rlk_options_judge_door(chip, block, way_back, &field);
    while (field != NULL && door->count < DOOR_REASONS_MAX - 1U) {
        door->fields[door->count++] = field;
        if (!set_right(chip, block, field)) {
            return;
        }
        (void)rlk_options_judge_door(chip, block, way_back, &field);
    }
}

static void judge_second(struct door *door, const struct rlk_findings *found)
{
    const char *field = NULL;
    const enum rlk_error error = rlk_options_judge_second(&found->chip, found->second_options, &field);
    if (error != RLK_OK) {
        door->error = door->error == RLK_OK ? error : door->error;
        door->fields[door->count++] = error == RLK_E_OPTIONS_MALFORMED ? DOOR_SECOND_BLOCK : field;
    }
}

void door_judge(struct door *door, const struct rlk_findings *found, enum rlk_way_back way_back)
{
    struct rlk_chip chip = found->chip;
    uint8_t sealed[RLK_OPTIONS_BYTES_MAX] = {0};
    uint8_t tried[RLK_OPTIONS_BYTES_MAX];
    const bool may_return =
        way_back == RLK_WAY_BACK_EMPTY_CHECK && !chip.has_empty_check && with_empty_check(found) != 0;
    *door = (struct door){.error = rlk_options_build(&chip, found->options, true, sealed)};
    if (door->error != RLK_OK) {
        door->fields[door->count++] = "RDP";
        return;
    }
    chip.has_empty_check = chip.has_empty_check || may_return;
    memcpy(tried, sealed, sizeof tried);
    judge_first(door, &chip, tried, way_back);
    if (found->second_options_were_read) {
        judge_second(door, found);
    }
    door->is_uncertain = may_return && door->error == RLK_OK;
}

bool door_field_is_protection(const char *field)
{
    static const char *const beginnings[] = {"WRP", "nWRP", "PCROP"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (strncmp(field, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

void door_text(const struct door *door, char *text, size_t room)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < door->count && used < room; i++) {
        used += (size_t)snprintf(text + used, room - used, "%s%s", i > 0 ? ", " : "", door->fields[i]);
    }
}

bool door_has_empty_check(const struct rlk_findings *found)
{
    return with_empty_check(found) != 0;
}

void door_uncertainty_text(const struct rlk_findings *found, char *text)
{
    const rlk_family_mask returning = with_empty_check(found);
    char those[RLK_CHIP_TEXT_BYTES];
    char others[RLK_CHIP_TEXT_BYTES];
    rlk_chip_label(returning, those, sizeof those);
    rlk_chip_label(found->candidates & ~returning, others, sizeof others);
    snprintf(text, DOOR_TEXT_BYTES,
             "not certain: its bootloader does not tell %s, which returns because its flash is empty, from %s, which "
             "does not; --family says which it is",
             those, others);
}
