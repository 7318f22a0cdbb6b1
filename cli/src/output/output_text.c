#include "output/output.h"
#include "output/output_text_parts.h"
#include "output/prompt.h"
#include "output/text.h"
#include "sim/sim_view.h"
#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>

#define BAR_CELLS   30U
#define BAR_COLUMNS 60U /* bar, percent and time left */
#define BAR_STEP_MS 100U
#define NAME        1024U /* a longer path is cut */

static void notice(struct output *output, const char *text)
{
    output_clear_bar(output);
    text_wrap(output->stream, text, 0, 0, COLUMNS);
    fflush(output->stream);
}

/* In one line, so that it can be copied. */
static void command(struct output *output, const char *text)
{
    output_clear_bar(output);
    fprintf(output->stream, "  %s\n", text);
    fflush(output->stream);
}

static void device(struct output *output, const struct device_view *view)
{
    output_clear_bar(output);
    const char *serial = view->serial[0] != '\0' ? view->serial : "none";
    fprintf(output->stream, "  %-10s serial %s%s  %s%s\n", view->port, serial,
            rlk_serial_is_unique(view->serial) || view->serial[0] == '\0' ? "" : " (not unique)", view->product,
            view->is_simulated ? "  SIMULATED" : "");
    if (view->error != RLK_OK) {
        fprintf(output->stream, "  %-10s ", "");
        text_wrap(output->stream, rlk_error_sentence(view->error), 13, 13, COLUMNS);
    }
}

static void put_reasons(struct output *output, const struct rlk_findings *findings, const struct rlk_chip *chip,
                        const char *label)
{
    char text[TEXT] = "";
    char reason[RLK_CHIP_TEXT_BYTES];
    size_t used = 0;
    for (size_t i = 0;
         used < sizeof text && rlk_chip_reason(&findings->fingerprint, chip, i, reason, sizeof reason) > 0; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? "; " : "", reason);
    }
    if (used > 0) {
        output_labelled(output, label, text);
    }
}

/* What it can be, where that is not enough to go on. */
static void put_unsettled(struct output *output, const struct rlk_findings *findings)
{
    char label[RLK_CHIP_TEXT_BYTES];
    char text[TEXT];
    if (rlk_chip_label(findings->candidates, label, sizeof label) == 0) {
        output_labelled(output, "Chip", "not recognised");
        return;
    }
    snprintf(text, sizeof text, "%s; its bootloader does not tell which", label);
    output_labelled(output, "Chip", text);
    for (unsigned family = RLK_FAMILY_UNKNOWN + 1U; family < RLK_FAMILY_COUNT; family++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)family);
        if ((findings->candidates & RLK_FAMILY_BIT(family)) != 0) {
            put_reasons(output, findings, chip, chip->name);
        }
    }
}

static void put_chip(struct output *output, const struct rlk_findings *findings)
{
    const struct rlk_chip *chip = &findings->chip;
    static const char *const kinds[] = {"ST documents", "ST code", "field reports", "transcripts"};
    if (chip->family == RLK_FAMILY_UNKNOWN) {
        put_unsettled(output, findings);
        return;
    }
    char text[TEXT];
    size_t length = rlk_chip_label(findings->candidates, text, sizeof text);
    bool is_settled = (findings->candidates & (findings->candidates - 1U)) == 0;
    if (is_settled) {
        snprintf(text + length, sizeof text - length, " (%s)", rlk_chip_devices(chip->family));
    }
    output_labelled(output, "Chip", text);
    size_t used = (size_t)snprintf(text, sizeof text, "tier %s, known from", rlk_tier_name(chip->tier));
    const char *separator = " ";
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((chip->evidence & (1U << i)) != 0 && used < sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", separator, kinds[i]);
            separator = ", ";
        }
    }
    output_labelled(output, "Evidence", text);
    put_reasons(output, findings, chip, "Known by");
}

static void put_flash(struct output *output, const struct rlk_findings *found)
{
    int alternate = rlk_fingerprint_flash_alternate(&found->fingerprint, &found->chip);
    if (found->chip.family == RLK_FAMILY_UNKNOWN || alternate < 0) {
        return;
    }
    const struct rlk_layout *layout = &found->fingerprint.layouts[alternate];
    char size[FIGURE];
    char text[TEXT];
    text_bytes(size, sizeof size, rlk_layout_total_bytes(layout));
    snprintf(text, sizeof text, "%s at 0x%08" PRIx32 ", %" PRIu32 " sectors", size, found->chip.flash_addr,
             rlk_layout_sector_count(layout));
    output_labelled(output, "Flash", text);
}

static const char *witness(bool was_refused, bool was_read)
{
    if (was_refused) {
        return "was refused";
    }
    return was_read ? "was allowed" : "was not tried";
}

static void put_protection(struct output *output, const struct rlk_findings *found)
{
    static const char *const meanings[] = {
        [RLK_PROTECTION_UNKNOWN] = "unknown",
        [RLK_PROTECTION_OPEN] = "open (level 0)",
        [RLK_PROTECTION_LEVEL_1] = "PROTECTED (level 1)",
    };
    char text[TEXT];
    snprintf(text, sizeof text, "%s: reading flash %s, reading options %s", meanings[rlk_findings_protection(found)],
             witness(found->flash_read_refused, found->flash_was_read),
             witness(found->options_read_refused, found->options_were_read));
    output_labelled(output, "Protection", text);
}

static void findings(struct output *output, const struct rlk_findings *found)
{
    output_clear_bar(output);
    fputs("\nFound\n", output->stream);
    put_chip(output, found);
    put_flash(output, found);
    char text[TEXT];
    const char *serial = found->fingerprint.serial;
    snprintf(text, sizeof text, "%s%s", serial[0] != '\0' ? serial : "none",
             serial[0] != '\0' && !rlk_serial_is_unique(serial) ? " (shared by many devices: it identifies nothing)"
                                                                : "");
    output_labelled(output, "Serial", text);
    snprintf(text, sizeof text, "%s, version %x.%02x, blocks of %u bytes", found->fingerprint.product,
             found->fingerprint.device.bcd_device >> 8U, found->fingerprint.device.bcd_device & 0xFFU,
             (unsigned)found->transfer_bytes);
    output_labelled(output, "Bootloader", text);
    put_protection(output, found);
    fflush(output->stream);
}

static void put_block(struct output *output, uint32_t addr, const uint8_t *block, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += 16) {
        fprintf(output->stream, "  0x%08" PRIx32 "  ", addr + (uint32_t)i);
        for (size_t j = i; j < i + 16 && j < bytes; j++) {
            fprintf(output->stream, "%s%02x", j % 4 == 0 ? " " : "", block[j]);
        }
        fputc('\n', output->stream);
    }
}

static void put_field(struct output *output, const struct rlk_option_field *field)
{
    char value[FIGURE];
    snprintf(value, sizeof value, "0x%0*" PRIx32, (field->bits + 3) / 4, field->value);
    fprintf(output->stream, "  %-14s %-10s  %s\n", field->name, value, field->meaning);
}

static void put_second_block(struct output *output, const struct rlk_findings *found)
{
    const char *name = NULL;
    char text[TEXT];
    struct rlk_option_field field;
    if (second_block_gap(found, &name, text, sizeof text)) {
        fputc('\n', output->stream);
        output_paragraph(output, text);
    }
    if (found->second_options_were_read) {
        fputs("\nSecond option block\n", output->stream);
        put_block(output, found->chip.options2_addr, found->second_options, found->options_bytes);
    }
    for (size_t i = 0;
         found->second_options_were_read && rlk_options_second_field(&found->chip, found->second_options, i, &field);
         i++) {
        put_field(output, &field);
    }
}

static void options(struct output *output, const struct rlk_findings *found)
{
    const char *name = NULL;
    char text[TEXT];
    struct rlk_option_field field;
    output_clear_bar(output);
    fputs("\nOption bytes\n", output->stream);
    if (options_gap(found, &name, text, sizeof text)) {
        output_paragraph(output, text);
        return;
    }
    put_block(output, found->chip.options_addr, found->options, found->options_bytes);
    for (size_t i = 0; rlk_options_field(&found->chip, found->options, i, &field); i++) {
        put_field(output, &field);
    }
    put_second_block(output, found);
    fflush(output->stream);
}

static void answer(struct output *output, enum rlk_question question, uint64_t digest, bool is_yes, const char *why)
{
    static const char *const subjects[RLK_QUESTIONS] = {
        [RLK_QUESTION_CONFIRM_PLAN] = "Go on with this plan",
        [RLK_QUESTION_LOOK_AGAIN] = "The journal knows this device as finished; only look",
        [RLK_QUESTION_SAME_DEVICE] = "The journal knows a device like this as finished; is it the same one",
        [RLK_QUESTION_ODD_IMAGE] = "Use this firmware although it has no vector table",
    };
    (void)digest;
    output_clear_bar(output);
    if (strcmp(why, PROMPT_TYPED) == 0) {
        return;
    }
    char text[TEXT];
    snprintf(text, sizeof text, "%s? %s (%s).", subjects[question], is_yes ? "Yes" : "No", why);
    text_wrap(output->stream, text, 0, 0, COLUMNS);
    fflush(output->stream);
}

static void stage(struct output *output, enum rlk_stage now)
{
    const char *title = stage_title(output->kind, now);
    if (!output_stage_is_work(now) || title == NULL) {
        return;
    }
    output_clear_bar(output);
    fprintf(output->stream, "- %s\n", title);
    fflush(output->stream);
}

static void time_left(char *to, size_t room, uint32_t left_ms)
{
    if (left_ms == UINT32_MAX) {
        snprintf(to, room, "waiting for you");
        return;
    }
    char duration[FIGURE];
    text_duration(duration, sizeof duration, left_ms);
    snprintf(to, room, "about %s left", duration);
}

static void draw_bar(struct output *output, const struct rlk_progress *now)
{
    char left[FIGURE * 2];
    char cells[BAR_CELLS + 1];
    time_left(left, sizeof left, now->left_ms);
    size_t full = BAR_CELLS * now->done_permille / 1000U;
    memset(cells, '.', BAR_CELLS);
    memset(cells, '#', full < BAR_CELLS ? full : BAR_CELLS);
    cells[BAR_CELLS] = '\0';
    fprintf(output->stream, "\r\033[K  [%s] %3" PRIu32 " %%  %s", cells, now->done_permille / 10U, left);
    fflush(output->stream);
    output->has_bar = true;
}

/* A bar that is wrapped cannot be drawn over. A size of 0 is one that the terminal does not tell. */
static bool has_room_for_bar(const struct output *output)
{
    struct winsize size = {0};
    bool is_known = ioctl(fileno(output->stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return !is_known || size.ws_col >= BAR_COLUMNS;
}

static void progress(struct output *output, const struct rlk_progress *now)
{
    if (output->is_terminal && has_room_for_bar(output)) {
        uint64_t now_ms = text_now_ms();
        if (!output->has_bar || now_ms - output->last_ms >= BAR_STEP_MS) {
            output->last_ms = now_ms;
            draw_bar(output, now);
        }
        return;
    }
    if (now->done_permille < output->last_permille + 100 || now->left_ms == UINT32_MAX) {
        return;
    }
    output_clear_bar(output);
    output->last_permille = now->done_permille - now->done_permille % 100;
    char left[FIGURE * 2];
    time_left(left, sizeof left, now->left_ms);
    fprintf(output->stream, "  %3" PRIu32 " %%, %s\n", now->done_permille / 10U, left);
    fflush(output->stream);
}

static void waiting(struct output *output, enum rlk_reopen_reason reason)
{
    static const char *const lines[RLK_REOPEN_REASONS] = {
        [RLK_REOPEN_LOST] = "The connection was lost; connect again",
        [RLK_REOPEN_AFTER_UNPROTECT] = "Wait for the device to come back (it is empty now: that is expected)",
        [RLK_REOPEN_POWER_CYCLE] = "Wait for a power cycle",
        [RLK_REOPEN_AFTER_SEAL] = "Wait for the protected device to come back",
    };
    bool stays_open = output->kind == ENDING_OF_OPTIONS && reason == RLK_REOPEN_AFTER_SEAL;
    if (lines[reason] != NULL) {
        output_clear_bar(output);
        fprintf(output->stream, "- %s\n", stays_open ? "Wait for the device to come back" : lines[reason]);
        fflush(output->stream);
    }
}

static void person(struct output *output, enum rlk_reopen_reason reason, enum rlk_action action)
{
    (void)reason;
    output_clear_bar(output);
    fputs("\n>> ", output->stream);
    text_wrap(output->stream, rlk_action_sentence(action), 3, 3, COLUMNS);
    fputc('\n', output->stream);
    fflush(output->stream);
}

static void simulated(struct output *output, const struct sim_device *device_now)
{
    sim_view_text(output->stream, device_now);
}

/* Of the jobs that are one part of an update; NULL for others. */
static const char *own_good_sentence(const struct ending_view *view)
{
    static const struct {
        const char *done, *was_there;
    } sentences[ENDING_KINDS] = {
        [ENDING_OF_VERIFY] = {"All of the firmware compared equal with the flash. Nothing was changed.",
                              "All of the firmware compared equal with the flash. Nothing was changed."},
        [ENDING_OF_UNPROTECT] = {"The device is open. Not all of its flash is empty.",
                                 "The device is open already: its flash can be read. Nothing was changed."},
        [ENDING_OF_PROTECT] = {"The device now refuses to be read, by both signs. What its flash holds was not "
                               "compared with anything.",
                               "The device is protected already: it refuses to be read. Nothing was changed."},
        [ENDING_OF_ERASE] = {"All of it reads back blank. The protection was not touched.",
                             "All of it was blank already. Nothing was changed."},
        [ENDING_OF_OPTIONS] = {"The option bytes read back with the new values. A chip that loads them only at "
                               "power-on follows them from then on. The protection was not touched.",
                               "The option bytes have these values already. Nothing was changed."},
    };
    if (view->kind == ENDING_OF_UNPROTECT && view->is_empty) {
        return "The protection is gone: all of the flash was read, and it is empty. A BOOT0 that is held may be let "
               "go: "
               "the device stays in DFU mode until it restarts.";
    }
    return view->was_there ? sentences[view->kind].was_there : sentences[view->kind].done;
}

static const char *good_sentence(const struct ending_view *view)
{
    if (view->kind == ENDING_OF_DRY_RUN) {
        return view->needs_any_image ? "This was a dry run: nothing was changed. Without --any-image the job would be "
                                       "refused: the first words of the firmware are no vector table of this chip."
                                     : "This was a dry run: nothing was changed.";
    }
    if (view->kind == ENDING_OF_LOOK) {
        return "Nothing was changed.";
    }
    if (view->kind == ENDING_OF_WRITE) {
        return "All of the firmware was written, read back and compared equal. The protection was not touched.";
    }
    if (own_good_sentence(view) != NULL) {
        return own_good_sentence(view);
    }
    if (view->was_only_looked) {
        return view->end_protected ? "The device refuses to be read. That the firmware compared equal before is in "
                                     "the journal; nothing was changed now."
                                   : "The device was only looked at; nothing was changed now.";
    }
    return view->end_protected ? "All of the firmware compared equal, and the device now refuses to be read."
                               : "All of the firmware compared equal, and the device is open, as asked.";
}

/* Where in a document: the field, or the byte where no field is known. Both come from the document. */
static size_t put_document_place(char *text, size_t room, const struct rlk_document_place *place)
{
    if (place == NULL || (place->path[0] == '\0' && place->offset == 0)) {
        return 0;
    }
    char path[RLK_DOCUMENT_PATH_BYTES];
    text_clean(path, sizeof path, place->path);
    int length = path[0] != '\0' ? snprintf(text, room, " Field %s.", path)
                                 : snprintf(text, room, " At byte %zu.", place->offset);
    return (size_t)length;
}

static void put_error(struct output *output, const struct ending_view *view)
{
    char text[TEXT + NAME];
    size_t used = 0;
    if (view->file != NULL) {
        char name[NAME];
        text_clean(name, sizeof name, view->file);
        used = (size_t)snprintf(text, sizeof text, "%s", name);
        if (view->place != NULL && view->place->line != 0) {
            used += (size_t)snprintf(text + used, sizeof text - used, ":%" PRIu32, view->place->line);
        }
        used += (size_t)snprintf(text + used, sizeof text - used, ": ");
    }
    used += (size_t)snprintf(text + used, sizeof text - used, "%s", rlk_error_sentence(view->error));
    used += put_document_place(text + used, sizeof text - used, view->document);
    if (view->place != NULL && view->place->offset != 0) {
        used += (size_t)snprintf(text + used, sizeof text - used, " At byte %" PRIu32 ".", view->place->offset);
    }
    const struct rlk_fault *fault = view->fault;
    bool has_addr = view->place != NULL && view->place->has_addr;
    uint32_t addr = has_addr ? view->place->addr : 0;
    if (fault != NULL && fault->error == view->error) {
        has_addr = fault->has_addr;
        addr = fault->addr;
    }
    if (has_addr) {
        used += (size_t)snprintf(text + used, sizeof text - used, " At 0x%08" PRIx32 ".", addr);
    }
    if (fault != NULL && fault->error == view->error && fault->field != NULL) {
        snprintf(text + used, sizeof text - used, " Field %s.", fault->field);
    }
    output_paragraph(output, text);
    fprintf(output->stream, "  RLK-%d %s", -(int)view->error, rlk_error_name(view->error));
    if (fault != NULL && fault->error == view->error) {
        fprintf(output->stream, ", in stage \"%s\"", rlk_stage_name(fault->stage));
    }
    fputc('\n', output->stream);
}

static void ending(struct output *output, const struct ending_view *view)
{
    output_clear_bar(output);
    if (view->kind == ENDING_OF_TOOL && view->error == RLK_OK) {
        return;
    }
    fprintf(output->stream, "\n%s\n", ending_word(view));
    if (view->error != RLK_OK) {
        put_error(output, view);
    } else if (view->kind != ENDING_OF_READ && view->kind != ENDING_OF_TOOL) {
        output_paragraph(output, good_sentence(view));
    }
    if (view->action != RLK_ACTION_NONE) {
        char text[TEXT];
        snprintf(text, sizeof text, "%s [%s]", rlk_action_sentence(view->action), rlk_action_name(view->action));
        fputs("  Next: ", output->stream);
        text_wrap(output->stream, text, 8, 8, COLUMNS);
    }
    if (view->error != RLK_OK) {
        char spoken[SPOKEN_BYTES];
        output_spoken(view, spoken);
        fprintf(output->stream, "  If you telephone, say: %s\n", spoken);
    }
    if (view->violations > 0) {
        fprintf(output->stream, "  SIMULATOR: %u broken rule%s (`relock sim show FILE` tells which)\n",
                view->violations, view->violations == 1 ? "" : "s");
    }
    fflush(output->stream);
}

const struct output_functions output_text_functions = {
    notice, command,  device,  findings, options,          output_text_plan, answer,
    stage,  progress, waiting, person,   output_text_kept, simulated,        ending,
};
