#include "board/door.h"
#include <stdio.h>
#include <string.h>

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

void door_judge(struct door *door, const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back)
{
    uint8_t sealed[RLK_OPTIONS_BYTES_MAX];
    *door = (struct door){.error = rlk_options_build(chip, block, true, sealed)};
    if (door->error != RLK_OK) {
        door->fields[door->count++] = "RDP";
        return;
    }
    const char *field = NULL;
    door->error = rlk_options_judge_door(chip, sealed, way_back, &field);
    while (field != NULL && door->count < DOOR_REASONS_MAX) {
        door->fields[door->count++] = field;
        if (!set_right(chip, sealed, field)) {
            return;
        }
        (void)rlk_options_judge_door(chip, sealed, way_back, &field);
    }
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
