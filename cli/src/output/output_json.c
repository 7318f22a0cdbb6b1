#include "output/json.h"
#include "output/output.h"
#include "sim/sim_view.h"
#include <inttypes.h>
#include <string.h>

#define SENTENCE 320U

static void notice(struct output *output, const char *text)
{
    struct json json;
    json_begin_event(&json, output->stream, "notice");
    json_text(&json, "text", text);
    json_end_event(&json);
}

static void device(struct output *output, const struct device_view *view)
{
    struct json json;
    json_begin_event(&json, output->stream, "device");
    json_text(&json, "port", view->port);
    json_text(&json, "serial", view->serial);
    json_bool(&json, "serial_is_unique", rlk_serial_is_unique(view->serial));
    json_text(&json, "product", view->product);
    json_bool(&json, "simulated", view->is_simulated);
    json_text(&json, "error", view->error != RLK_OK ? rlk_error_name(view->error) : NULL);
    json_end_event(&json);
}

static void put_evidence(struct json *json, unsigned evidence)
{
    static const char *const kinds[] = {"st-document", "st-code", "field-report", "transcript"};
    json_open(json, "evidence", '[');
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((evidence & (1U << i)) != 0) {
            json_text(json, NULL, kinds[i]);
        }
    }
    json_close(json, ']');
}

static void put_chip(struct json *json, const struct rlk_chip *chip)
{
    if (chip->family == RLK_FAMILY_UNKNOWN) {
        json_nothing(json, "chip");
        return;
    }
    json_open(json, "chip", '{');
    json_text(json, "family", chip->name);
    json_text(json, "devices", rlk_chip_devices(chip->family));
    json_text(json, "tier", rlk_tier_name(chip->tier));
    put_evidence(json, chip->evidence);
    json_text(json, "sources", rlk_chip_sources(chip->family));
    json_bool(json, "has_empty_check", chip->has_empty_check);
    json_close(json, '}');
}

static void put_layouts(struct json *json, const struct rlk_fingerprint *fingerprint)
{
    json_open(json, "alternates", '[');
    for (size_t i = 0; i < fingerprint->layout_count; i++) {
        const struct rlk_layout *layout = &fingerprint->layouts[i];
        json_open(json, NULL, '{');
        json_text(json, "name", layout->name);
        json_number(json, "bytes", rlk_layout_total_bytes(layout));
        json_number(json, "sectors", rlk_layout_sector_count(layout));
        if (layout->group_count > 0) {
            json_addr(json, "addr", layout->groups[0].start_addr);
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* What it can be, and what speaks for each. */
static void put_candidates(struct json *json, const struct rlk_findings *found)
{
    json_open(json, "candidates", '[');
    for (unsigned f = RLK_FAMILY_UNKNOWN + 1U; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        char reason[RLK_CHIP_TEXT_BYTES];
        if ((found->candidates & RLK_FAMILY_BIT(f)) == 0) {
            continue;
        }
        json_open(json, NULL, '{');
        json_text(json, "family", chip->name);
        json_open(json, "reasons", '[');
        for (size_t i = 0; rlk_chip_reason(&found->fingerprint, chip, i, reason, sizeof reason) > 0; i++) {
            json_text(json, NULL, reason);
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static const char *witness(bool was_refused, bool was_read)
{
    if (was_refused) {
        return "refused";
    }
    return was_read ? "read" : "unknown";
}

static void findings(struct output *output, const struct rlk_findings *found)
{
    struct json json;
    json_begin_event(&json, output->stream, "findings");
    put_chip(&json, &found->chip);
    put_candidates(&json, found);
    json_text(&json, "protection", protection_name(rlk_findings_protection(found)));
    json_text(&json, "flash_witness", witness(found->flash_read_refused, found->flash_was_read));
    json_text(&json, "options_witness", witness(found->options_read_refused, found->options_were_read));
    json_text(&json, "serial", found->fingerprint.serial);
    json_bool(&json, "serial_is_unique", rlk_serial_is_unique(found->fingerprint.serial));
    json_text(&json, "product", found->fingerprint.product);
    json_number(&json, "rom_version", found->fingerprint.device.bcd_device);
    json_number(&json, "transfer_bytes", found->transfer_bytes);
    json_hex(&json, "commands", found->opcodes, found->opcode_count);
    json_text(&json, "layout", found->fingerprint.flash_string);
    put_layouts(&json, &found->fingerprint);
    json_end_event(&json);
}

typedef bool field_reader(const struct rlk_chip *chip, const uint8_t *block, size_t index,
                          struct rlk_option_field *field);

static void put_option_block(struct json *json, const struct rlk_findings *found, bool is_second)
{
    const uint8_t *block = is_second ? found->second_options : found->options;
    field_reader *read = is_second ? rlk_options_second_field : rlk_options_field;
    struct rlk_option_field field;
    json_addr(json, "addr", is_second ? found->chip.options2_addr : found->chip.options_addr);
    json_hex(json, "bytes", block, found->options_bytes);
    json_open(json, "fields", '[');
    for (size_t i = 0; read(&found->chip, block, i, &field); i++) {
        json_open(json, NULL, '{');
        json_text(json, "name", field.name);
        json_number(json, "value", field.value);
        json_number(json, "bits", field.bits);
        json_text(json, "meaning", field.meaning);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_gap(struct json *json, const char *name, const char *sentence)
{
    json_text(json, "reason", name);
    json_text(json, "sentence", sentence);
}

/* Of families that can have one, where the first block was read. */
static void put_second_block(struct json *json, const struct rlk_findings *found)
{
    const char *name = NULL;
    char text[SENTENCE];
    const bool has_gap = second_block_gap(found, &name, text, sizeof text);
    if (!has_gap && !found->second_options_were_read) {
        return;
    }
    json_open(json, "second_block", '{');
    json_bool(json, "readable", !has_gap);
    if (has_gap) {
        put_gap(json, name, text);
        json_addr(json, "addr", found->chip.options2_addr);
    } else {
        put_option_block(json, found, true);
    }
    json_close(json, '}');
}

static void options(struct output *output, const struct rlk_findings *found)
{
    const char *name = NULL;
    char text[SENTENCE];
    struct json json;
    json_begin_event(&json, output->stream, "options");
    json_bool(&json, "readable", found->options_were_read);
    if (options_gap(found, &name, text, sizeof text)) {
        put_gap(&json, name, text);
    } else {
        put_option_block(&json, found, false);
        put_second_block(&json, found);
    }
    json_end_event(&json);
}

static void put_old_value(struct json *json, const struct plan_view *view, const char *name)
{
    struct rlk_option_field field;
    const struct rlk_findings *found = view->found;
    for (size_t i = 0; found->options_were_read && rlk_options_field(&found->chip, found->options, i, &field); i++) {
        if (strcmp(field.name, name) == 0) {
            json_number(json, "old", field.value);
        }
    }
}

/* Of a job that sets option fields: the block as it is, and as it will be. */
static void put_block_change(struct json *json, const struct plan_view *view)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    if (view->job == RLK_JOB_OPTIONS && options_after(view, block)) {
        json_open(json, "block", '{');
        json_addr(json, "addr", view->found->chip.options_addr);
        json_hex(json, "old", view->found->options, view->found->chip.options_write_bytes);
        json_hex(json, "new", block, view->found->chip.options_write_bytes);
        json_close(json, '}');
    }
}

static void put_left_out(struct json *json, const struct plan_view *view)
{
    struct rlk_sector_group group;
    json_open(json, "leaves_out", '[');
    for (size_t i = 0; plan_leaves_out(view, i, &group); i++) {
        json_open(json, NULL, '{');
        json_addr(json, "addr", group.start_addr);
        json_number(json, "bytes", (uint64_t)group.count * group.sector_bytes);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void plan(struct output *output, const struct plan_view *view)
{
    struct json json;
    json_begin_event(&json, output->stream, "plan");
    json_text(&json, "job", ending_kind_name(output->kind));
    json_open(&json, "stages", '[');
    for (size_t i = 0; i < view->plan->stage_count; i++) {
        json_text(&json, NULL, rlk_stage_name(view->plan->stages[i]));
    }
    json_close(&json, ']');
    json_number(&json, "estimate_ms", view->plan->estimate_ms);
    json_number(&json, "image_bytes", view->plan->image_bytes);
    json_number(&json, "image_crc32", view->image != NULL ? view->image->crc32 : 0);
    json_bool(&json, "image_is_plausible", view->image_is_plausible);
    json_number(&json, "sectors_touched", view->plan->sectors_touched);
    json_bool(&json, "loses_everything", view->plan->loses_everything);
    json_bool(&json, "loses_sectors", view->plan->loses_sectors);
    json_bool(&json, "keeps_rest", view->plan->keeps_rest);
    json_bool(&json, "ends_protected", view->plan->ends_protected);
    json_bool(&json, "needs_person_after_unprotect", view->plan->needs_person_after_unprotect);
    json_bool(&json, "needs_power_cycle_after_seal", view->plan->needs_power_cycle_after_seal);
    json_open(&json, "options", '[');
    for (size_t i = 0; i < view->plan->option_count; i++) {
        json_open(&json, NULL, '{');
        json_text(&json, "field", view->plan->options[i].field);
        json_number(&json, "value", view->plan->options[i].value);
        put_old_value(&json, view, view->plan->options[i].field);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    put_block_change(&json, view);
    if (output->kind == ENDING_OF_ERASE) {
        put_left_out(&json, view);
    }
    json_end_event(&json);
}

static void answer(struct output *output, enum rlk_question question, uint64_t digest, bool is_yes, const char *why)
{
    char digest_text[17];
    snprintf(digest_text, sizeof digest_text, "%016" PRIx64, digest);
    struct json json;
    json_begin_event(&json, output->stream, "question");
    json_text(&json, "name", rlk_question_name(question));
    json_text(&json, "digest", digest_text);
    json_text(&json, "answer", is_yes ? "yes" : "no");
    json_text(&json, "why", why);
    json_end_event(&json);
}

static void stage(struct output *output, enum rlk_stage now)
{
    struct json json;
    json_begin_event(&json, output->stream, "stage");
    json_text(&json, "name", rlk_stage_name(now));
    json_text(&json, "title", stage_title(output->kind, now));
    json_end_event(&json);
}

static void progress(struct output *output, const struct rlk_progress *now)
{
    if (output->was_said && now->done_permille < output->last_permille + 10) {
        return;
    }
    output->was_said = true;
    output->last_permille = now->done_permille;
    struct json json;
    json_begin_event(&json, output->stream, "progress");
    json_text(&json, "stage", rlk_stage_name(now->stage));
    json_number(&json, "done_permille", now->done_permille);
    if (now->left_ms == UINT32_MAX) {
        json_nothing(&json, "left_ms");
    } else {
        json_number(&json, "left_ms", now->left_ms);
    }
    json_end_event(&json);
}

static void waiting(struct output *output, enum rlk_reopen_reason reason)
{
    struct json json;
    json_begin_event(&json, output->stream, "waiting");
    json_text(&json, "reason", rlk_reopen_reason_name(reason));
    json_end_event(&json);
}

static void kept(struct output *output, const struct rlk_session *session, const char *path)
{
    struct json json;
    json_begin_event(&json, output->stream, "kept");
    json_text(&json, "file", path);
    json_open(&json, "ranges", '[');
    for (size_t i = 0; i < rlk_session_kept_count(session); i++) {
        const struct rlk_segment *range = rlk_session_kept(session, i);
        json_open(&json, NULL, '{');
        json_addr(&json, "addr", range->addr);
        json_number(&json, "bytes", range->length);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_end_event(&json);
}

static void person(struct output *output, enum rlk_reopen_reason reason, enum rlk_action action)
{
    struct json json;
    json_begin_event(&json, output->stream, "person");
    json_text(&json, "reason", rlk_reopen_reason_name(reason));
    json_text(&json, "action", rlk_action_name(action));
    json_text(&json, "sentence", rlk_action_sentence(action));
    json_end_event(&json);
}

static void simulated(struct output *output, const struct sim_device *device_now)
{
    struct json json;
    json_begin_event(&json, output->stream, "simulated");
    sim_view_json(&json, device_now);
    json_end_event(&json);
}

static void put_error(struct json *json, const struct ending_view *view)
{
    char spoken[SPOKEN_BYTES];
    output_spoken(view, spoken);
    json_open(json, "error", '{');
    json_number(json, "code", (uint64_t)(-(int)view->error));
    json_text(json, "name", rlk_error_name(view->error));
    json_text(json, "sentence", rlk_error_sentence(view->error));
    json_text(json, "spoken", spoken);
    if (view->file != NULL) {
        json_text(json, "file", view->file);
    }
    if (view->place != NULL && view->place->line != 0) {
        json_number(json, "line", view->place->line);
    }
    if (view->place != NULL && view->place->offset != 0) {
        json_number(json, "offset", view->place->offset);
    }
    if (view->place != NULL && view->place->has_addr) {
        json_addr(json, "addr", view->place->addr);
    }
    if (view->document != NULL && (view->document->path[0] != '\0' || view->document->offset != 0)) {
        json_text(json, "path", view->document->path);
        json_number(json, "offset", view->document->offset);
    }
    const struct rlk_fault *fault = view->fault;
    if (fault != NULL && fault->error == view->error) {
        json_text(json, "stage", rlk_stage_name(fault->stage));
        if (fault->has_addr) {
            json_addr(json, "addr", fault->addr);
        }
        json_number(json, "dfu_state", fault->dfu_state);
        json_number(json, "dfu_status", fault->dfu_status);
        json_text(json, "field", fault->field);
    }
    json_close(json, '}');
}

static void ending(struct output *output, const struct ending_view *view)
{
    struct json json;
    json_begin_event(&json, output->stream, "ending");
    json_text(&json, "job", ending_kind_name(view->kind));
    json_text(&json, "ending", rlk_stage_name(view->ending));
    json_number(&json, "exit", (uint64_t)view->exit_code);
    if (view->error != RLK_OK) {
        put_error(&json, view);
    } else {
        json_nothing(&json, "error");
    }
    bool has_action = view->action != RLK_ACTION_NONE;
    json_text(&json, "next_action", has_action ? rlk_action_name(view->action) : NULL);
    json_text(&json, "next_sentence", has_action ? rlk_action_sentence(view->action) : NULL);
    json_bool(&json, "begun", view->was_begun);
    if (view->needs_any_image) {
        json_bool(&json, "needs_any_image", true);
    }
    json_number(&json, "violations", view->violations);
    json_end_event(&json);
}

const struct output_functions output_json_functions = {
    notice, notice, device, findings, options, plan, answer, stage, progress, waiting, person, kept, simulated, ending,
};
