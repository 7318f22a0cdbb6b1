#include "output/output_text_parts.h"
#include "output/text.h"
#include <inttypes.h>
#include <limits.h>
#include <string.h>

void output_clear_bar(struct output *output)
{
    if (output->has_bar) {
        fputs("\r\033[K", output->stream);
        output->has_bar = false;
    }
}

void output_labelled(struct output *output, const char *label, const char *text)
{
    fprintf(output->stream, "  %-*s", (int)LABEL_WIDTH - 2, label);
    text_wrap(output->stream, text, LABEL_WIDTH, LABEL_WIDTH, COLUMNS);
}

void output_paragraph(struct output *output, const char *text)
{
    fputs("  ", output->stream);
    text_wrap(output->stream, text, 2, 2, COLUMNS);
}

bool output_stage_is_work(enum rlk_stage stage)
{
    return stage > RLK_STAGE_LOOK_AGAIN && stage < RLK_STAGE_COUNT;
}

static void put_stages(struct output *output, const struct rlk_plan *plan)
{
    unsigned number = 0;
    for (size_t i = 0; i < plan->stage_count; i++) {
        const char *title = stage_title(output->kind, plan->stages[i]);
        if (output_stage_is_work(plan->stages[i]) && title != NULL) {
            fprintf(output->stream, "  %2u  %s\n", ++number, title);
        }
    }
}

/* Nothing that can be read before 0x92 tells of it. */
static void put_risk(struct output *output, const struct rlk_chip *chip)
{
    if ((chip->quirks & RLK_QUIRK_BIT(BOOT_ADD_LOST)) != 0) {
        char text[TEXT];
        snprintf(text, sizeof text,
                 "A report on one board of this family says: %s. Only a debug probe brings such a board back: try one "
                 "that you can reach with a probe before many.",
                 rlk_quirk_what(RLK_QUIRK_BOOT_ADD_LOST));
        output_paragraph(output, text);
    }
}

static void put_sector_losses(struct output *output, const struct rlk_plan *plan)
{
    char text[TEXT];
    snprintf(text, sizeof text,
             "All that is in the %" PRIu32 " flash sectors that %s is lost. "
             "The others stay as they are.",
             plan->sectors_touched, output->kind == ENDING_OF_ERASE ? "are to be erased" : "the firmware touches");
    output_paragraph(output, text);
}

static void put_replaced(struct output *output, const struct plan_view *view)
{
    char text[2 * TEXT + PATH_MAX];
    const bool is_one = view->plan->sectors_touched == 1;
    snprintf(
        text, sizeof text,
        "Only what the firmware replaces in %" PRIu32 " flash sector%s. What else is in %s is read first and written "
        "back; if power goes in between, the device has lost it. So a copy is put into %s before anything is erased, "
        "and its name is said.",
        view->plan->sectors_touched, is_one ? "" : "s", is_one ? "it" : "them", view->copies_folder);
    output_paragraph(output, text);
}

#define SEALED "From then on nobody can read the flash, and removing the protection again erases all of it."

static void put_losses(struct output *output, const struct plan_view *view)
{
    const struct rlk_plan *plan = view->plan;
    if (plan->loses_everything) {
        output_paragraph(output,
                         "EVERYTHING in the device's flash is lost: its program, its settings, all data that it "
                         "keeps there. There is no way to save it first: that is what the protection is for. Option "
                         "bytes may return to their defaults.");
        put_risk(output, &view->found->chip);
    } else if (plan->loses_sectors) {
        put_sector_losses(output, plan);
    } else if (plan->keeps_rest) {
        put_replaced(output, view);
    } else if (output->kind == ENDING_OF_PROTECT) {
        output_paragraph(output, "Nothing now. " SEALED);
    } else if (output->kind == ENDING_OF_OPTIONS) {
        output_paragraph(output,
                         "Nothing, if power stays on: a chip that loses it in the moment of the write may start with "
                         "damaged option bytes and look protected. Then only `relock unprotect` helps, which erases "
                         "all of the flash.");
    } else {
        output_paragraph(output, "Nothing: no sector is erased.");
    }
    if (view->job == RLK_JOB_UPDATE && plan->ends_protected && !plan->loses_everything) {
        output_paragraph(output, SEALED);
    }
}

static void put_wished_options(struct output *output, const struct rlk_plan *plan)
{
    char text[TEXT];
    size_t used = 0;
    for (size_t i = 0; i < plan->option_count && used < sizeof text; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s 0x%" PRIx32, i > 0 ? ", " : "",
                                 plan->options[i].field, plan->options[i].value);
    }
    if (plan->option_count > 0 && output->kind != ENDING_OF_OPTIONS) {
        output_labelled(output, "Options", text);
    }
}

static bool find_field(const struct rlk_findings *found, const uint8_t *block, const char *name,
                       struct rlk_option_field *field)
{
    bool is_found = false;
    for (size_t i = 0; !is_found && rlk_options_field(&found->chip, block, i, field); i++) {
        is_found = strcmp(field->name, name) == 0;
    }
    return is_found;
}

static void put_changed_bytes(struct output *output, const struct rlk_findings *found, const uint8_t *block)
{
    for (size_t i = 0; i < found->chip.options_write_bytes; i++) {
        if (found->options[i] != block[i]) {
            fprintf(output->stream, "  0x%08" PRIx32 "     %02x -> %02x\n", found->chip.options_addr + (uint32_t)i,
                    found->options[i], block[i]);
        }
    }
}

/* Each field as it is and as it will be, then the bytes. */
static void put_difference(struct output *output, const struct plan_view *view)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    struct rlk_option_field before;
    struct rlk_option_field after;
    if (!options_after(view, block)) {
        return;
    }
    fputs("\nWhat changes\n", output->stream);
    for (size_t i = 0; i < view->plan->option_count; i++) {
        const char *name = view->plan->options[i].field;
        if (find_field(view->found, view->found->options, name, &before) &&
            find_field(view->found, block, name, &after) && before.value != after.value) {
            fprintf(output->stream, "  %-14s 0x%" PRIx32 " -> 0x%" PRIx32 "%s%s\n", name, before.value, after.value,
                    after.meaning[0] != '\0' ? "  " : "", after.meaning);
        }
    }
    put_changed_bytes(output, view->found, block);
}

static void put_erased(struct output *output, const struct rlk_image *image)
{
    char figure[FIGURE];
    char text[TEXT];
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        text_bytes(figure, sizeof figure, segment->length);
        snprintf(text, sizeof text, "0x%08" PRIx32 " to 0x%08" PRIx32 ", %s", segment->addr,
                 segment->addr + (segment->length - 1U), figure);
        output_labelled(output, i == 0 ? "Erases" : "", text);
    }
}

static void put_left_out(struct output *output, const struct plan_view *view)
{
    char figure[FIGURE];
    char text[TEXT];
    struct rlk_sector_group group;
    for (size_t i = 0; plan_leaves_out(view, i, &group); i++) {
        const uint32_t bytes = group.count * group.sector_bytes;
        text_bytes(figure, sizeof figure, bytes);
        snprintf(text, sizeof text, "0x%08" PRIx32 " to 0x%08" PRIx32 ", %s: cannot be erased", group.start_addr,
                 group.start_addr + (bytes - 1U), figure);
        output_labelled(output, i == 0 ? "Leaves out" : "", text);
    }
}

static void put_image(struct output *output, const struct plan_view *view)
{
    char figure[FIGURE];
    char text[TEXT];
    if (view->image == NULL) {
        return;
    }
    if (output->kind == ENDING_OF_ERASE) {
        put_erased(output, view->image);
        put_left_out(output, view);
        return;
    }
    text_bytes(figure, sizeof figure, view->plan->image_bytes);
    snprintf(text, sizeof text, "%s, CRC %08" PRIx32 "%s", figure, view->image->crc32,
             view->image_is_plausible ? "" : "; its first words are NO vector table of this chip");
    output_labelled(output, "Firmware", text);
}

static void put_figures(struct output *output, const struct plan_view *view)
{
    char figure[FIGURE];
    char text[TEXT];
    put_image(output, view);
    text_duration(figure, sizeof figure, view->plan->estimate_ms);
    snprintf(text, sizeof text, "about %s%s", figure,
             view->plan->needs_person_after_unprotect ? ", and you will have to unplug and replug once" : "");
    output_labelled(output, "Time", text);
    if (view->job == RLK_JOB_UPDATE || view->job == RLK_JOB_PROTECT || view->job == RLK_JOB_UNPROTECT) {
        snprintf(text, sizeof text, "%s%s",
                 view->plan->ends_protected ? "protected (level 1)" : "open (level 0): anyone can read it",
                 view->plan->needs_power_cycle_after_seal ? "; a power cycle may be needed for the proof" : "");
        output_labelled(output, "Ends", text);
    }
    put_wished_options(output, view->plan);
}

void output_text_plan(struct output *output, const struct plan_view *view)
{
    output_clear_bar(output);
    fputs("\nPlan\n", output->stream);
    put_stages(output, view->plan);
    put_figures(output, view);
    if (view->job == RLK_JOB_OPTIONS) {
        put_difference(output, view);
    }
    fputs("\nWhat will be lost\n", output->stream);
    put_losses(output, view);
    fputc('\n', output->stream);
    fflush(output->stream);
}

/* Pieces that touch are one range to people. Gives the index of the first one behind it. */
static size_t range_at(const struct rlk_session *session, size_t index, uint32_t *addr, uint32_t *length)
{
    const struct rlk_segment *range = rlk_session_kept(session, index);
    *addr = range->addr;
    *length = 0;
    do {
        *length += range->length;
        range = rlk_session_kept(session, ++index);
    } while (range != NULL && range->addr == *addr + *length);
    return index;
}

void output_text_kept(struct output *output, const struct rlk_session *session, const char *path)
{
    char figure[FIGURE];
    char text[TEXT];
    uint32_t addr = 0;
    uint32_t length = 0;
    output_clear_bar(output);
    for (size_t i = 0; i < rlk_session_kept_count(session);) {
        const char *label = i == 0 ? "Kept" : "";
        i = range_at(session, i, &addr, &length);
        text_bytes(figure, sizeof figure, length);
        snprintf(text, sizeof text, "0x%08" PRIx32 " to 0x%08" PRIx32 ", %s", addr, addr + (length - 1U), figure);
        output_labelled(output, label, text);
    }
    output_labelled(output, "Copy", path);
    fflush(output->stream);
}
