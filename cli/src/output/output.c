#include "output/output.h"
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *output, bool is_json)
{
    *output = (struct output){
        .functions = is_json ? &output_json_functions : &output_text_functions,
        .stream = stdout,
        .is_terminal = !is_json && isatty(STDOUT_FILENO) == 1,
    };
}

const char *ending_kind_name(enum ending_kind kind)
{
    static const char *const names[ENDING_KINDS] = {
        [ENDING_OF_LOOK] = "look",     [ENDING_OF_READ] = "read",           [ENDING_OF_WRITE] = "write",
        [ENDING_OF_UPDATE] = "update", [ENDING_OF_DRY_RUN] = "dry-run",     [ENDING_OF_TOOL] = "tool",
        [ENDING_OF_VERIFY] = "verify", [ENDING_OF_UNPROTECT] = "unprotect", [ENDING_OF_PROTECT] = "protect",
        [ENDING_OF_ERASE] = "erase",   [ENDING_OF_OPTIONS] = "options",
    };
    return names[kind];
}

/* Where a stage means something else than in an update. */
static const struct own_title {
    enum ending_kind kind;
    enum rlk_stage stage;
    const char *title;
} own_titles[] = {
    {ENDING_OF_UNPROTECT, RLK_STAGE_BLANK, "Read all of the flash: it must be empty"},
    {ENDING_OF_ERASE, RLK_STAGE_ERASE, "Erase the sectors that are not blank"},
    {ENDING_OF_ERASE, RLK_STAGE_WRITE, NULL},
    {ENDING_OF_ERASE, RLK_STAGE_VERIFY, "Read all of it back: it must be blank"},
    {ENDING_OF_OPTIONS, RLK_STAGE_OPTIONS, "Write the option bytes: the chip restarts"},
    {ENDING_OF_OPTIONS, RLK_STAGE_PROVE, "Read the option bytes back, twice"},
};

const char *stage_title(enum ending_kind kind, enum rlk_stage stage)
{
    for (size_t i = 0; i < sizeof own_titles / sizeof own_titles[0]; i++) {
        if (own_titles[i].kind == kind && own_titles[i].stage == stage) {
            return own_titles[i].title;
        }
    }
    static const char *const titles[RLK_STAGE_COUNT] = {
        [RLK_STAGE_OPEN] = "Open the device",
        [RLK_STAGE_IDENTIFY] = "Find out which chip it is",
        [RLK_STAGE_PROBE] = "Find out whether it is protected",
        [RLK_STAGE_CONFIRM] = "Ask you",
        [RLK_STAGE_LOOK_AGAIN] = "Ask whether to look only",
        [RLK_STAGE_UNPROTECT] = "Remove the protection: the chip erases itself and restarts",
        [RLK_STAGE_BLANK] = "Read what is there now",
        [RLK_STAGE_ERASE] = "Erase the sectors that need it",
        [RLK_STAGE_WRITE] = "Write the firmware",
        [RLK_STAGE_VERIFY] = "Read all of it back and compare",
        [RLK_STAGE_OPTIONS] = "Set the protection",
        [RLK_STAGE_POWER_CYCLE] = "Power cycle",
        [RLK_STAGE_PROVE] = "Prove the protection: reading must be refused now",
        [RLK_STAGE_READ] = "Read the flash",
        [RLK_STAGE_LEAVE] = "Start the application",
    };
    return stage < RLK_STAGE_COUNT ? titles[stage] : NULL;
}

bool options_after(const struct plan_view *view, uint8_t *block)
{
    const struct rlk_findings *found = view->found;
    const struct rlk_chip *chip = &found->chip;
    uint8_t wished[RLK_OPTIONS_BYTES_MAX];
    if (found->options_bytes == 0) {
        return false;
    }
    memcpy(wished, found->options, found->options_bytes);
    return rlk_options_apply(chip, view->plan->options, view->plan->option_count, wished, NULL) == RLK_OK &&
           rlk_options_build(chip, wished, false, block) == RLK_OK;
}

bool options_gap(const struct rlk_findings *found, const char **name, char *text, size_t room)
{
    if (found->options_were_read) {
        return false;
    }
    if (found->chip.options_addr == 0) {
        *name = "not-of-this-family";
        snprintf(text, room, "Relock does not read the option bytes of this family. %s",
                 rlk_error_sentence(found->chip.refusal));
    } else if (found->protection == RLK_PROTECTION_LEVEL_1) {
        *name = "level-1";
        snprintf(text, room,
                 "They cannot be read: at level 1 this bootloader refuses it. They can be seen again once "
                 "the protection is removed, which erases the flash.");
    } else {
        *name = "unreadable";
        snprintf(text, room, "They could not be read.");
    }
    return true;
}

bool second_block_gap(const struct rlk_findings *found, const char **name, char *text, size_t room)
{
    const uint32_t addr = found->chip.options2_addr;
    if (!found->options_were_read || addr == 0 || found->second_options_were_read) {
        return false;
    }
    if (!rlk_findings_announce_second_block(found)) {
        *name = "not-announced";
        snprintf(text, room,
                 "Second block at 0x%08" PRIx32 ": not judged. Chips of this family that have two banks have "
                 "it, but this bootloader does not announce it, so it is not read.",
                 addr);
    } else if (found->protection == RLK_PROTECTION_LEVEL_1) {
        *name = "level-1";
        snprintf(text, room, "Second block at 0x%08" PRIx32 ": not judged. It is read at level 0 only.", addr);
    } else {
        *name = "unreadable";
        snprintf(text, room, "Second block at 0x%08" PRIx32 ": not judged. It could not be read.", addr);
    }
    return true;
}

const char *protection_name(enum rlk_protection protection)
{
    static const char *const names[] = {
        [RLK_PROTECTION_UNKNOWN] = "unknown",
        [RLK_PROTECTION_OPEN] = "open",
        [RLK_PROTECTION_LEVEL_1] = "level 1",
    };
    return names[protection];
}

const char *ending_word(const struct ending_view *view)
{
    if (view->ending == RLK_ENDING_NOT_DONE) {
        return "NOT DONE";
    }
    if (view->ending == RLK_ENDING_NOT_PROVEN) {
        return "WRITTEN, NOT PROVEN";
    }
    static const bool has_proof[ENDING_KINDS] = {
        [ENDING_OF_UPDATE] = true,  [ENDING_OF_WRITE] = true, [ENDING_OF_VERIFY] = true, [ENDING_OF_UNPROTECT] = true,
        [ENDING_OF_PROTECT] = true, [ENDING_OF_ERASE] = true, [ENDING_OF_OPTIONS] = true};
    return has_proof[view->kind] ? "PROVEN" : "DONE";
}

void output_spoken(const struct ending_view *view, char *text)
{
    static const char vendor[] = "STM32";
    const struct rlk_fault *fault = view->fault;
    const char *stage = fault != NULL && fault->error == view->error ? rlk_stage_name(fault->stage) : "";
    const char *chip = view->chip != NULL ? view->chip : "";
    chip += strncmp(chip, vendor, strlen(vendor)) == 0 ? strlen(vendor) : 0;
    snprintf(text, SPOKEN_BYTES, "RLK-%d%s%s%s%s", -(int)view->error, stage[0] != '\0' ? ", " : "", stage,
             chip[0] != '\0' ? ", " : "", chip);
}

#define ALL_ACCESS (RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE)

static bool is_erasable(const struct rlk_sector_group *group)
{
    return (group->access & ALL_ACCESS) == ALL_ACCESS;
}

static bool erases_all_that_can_be(const struct plan_view *view, const struct rlk_layout *flash)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < flash->group_count; i++) {
        const struct rlk_sector_group *group = &flash->groups[i];
        bytes += is_erasable(group) ? (uint64_t)group->count * group->sector_bytes : 0U;
    }
    return bytes == view->plan->image_bytes;
}

bool plan_leaves_out(const struct plan_view *view, size_t index, struct rlk_sector_group *group)
{
    const struct rlk_fingerprint *fingerprint = &view->found->fingerprint;
    const int alternate = rlk_fingerprint_flash_alternate(fingerprint, &view->found->chip);
    if (alternate < 0 || !erases_all_that_can_be(view, &fingerprint->layouts[alternate])) {
        return false;
    }
    const struct rlk_layout *flash = &fingerprint->layouts[alternate];
    for (size_t i = 0; i < flash->group_count; i++) {
        *group = flash->groups[i];
        if (!is_erasable(group) && index-- == 0) {
            return true;
        }
    }
    return false;
}
