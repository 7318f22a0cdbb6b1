#include "output/output.h"
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

const char *stage_title(enum rlk_stage stage)
{
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
    return view->kind == ENDING_OF_UPDATE || view->kind == ENDING_OF_WRITE ? "PROVEN" : "DONE";
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
