/*
 * relock.wasm: one session, its wish and its image, as flat functions for relock.js.
 *
 * Invariants: the file's text and the image's bytes lie in memory that JavaScript has grown beyond this module's own,
 * and stay there while a session runs, which is why files are refused then; `operation` is what rlk_session_next
 * answered last; numbers that name a choice come from the *_name functions below.
 */
#include "relock_glue.h"

#include "relock/drive.h"
#include "relock/transcript.h"
#include <string.h>

static struct rlk_session session;
static struct rlk_wish wish;
static struct rlk_image image;
static struct rlk_image_place place;
static struct rlk_journal_entry journal; /* what was decoded last */
static struct rlk_journal_entry past;    /* what the session was given; lines are decoded while it runs */
static struct rlk_plan plan;
static struct rlk_option_field field;
static struct rlk_outcome outcome;
static const struct rlk_operation *operation;
static bool is_running;
static uint8_t block[RLK_BLOCK_BYTES_MAX];
static uint8_t keep_room[524288]; /* what else is in the sectors that a job erases: no file of ours grows by it */
static char text[GLUE_TEXT_BYTES];
static char line[RLK_TRANSCRIPT_LINE_BYTES];

static const struct rlk_findings *findings(void)
{
    return rlk_session_findings(&session);
}

bool glue_is_running(void)
{
    return is_running;
}

const struct rlk_session *glue_session(void)
{
    return &session;
}

struct rlk_wish *glue_wish(void)
{
    return &wish;
}

struct rlk_image *glue_image(void)
{
    return &image;
}

struct rlk_image_place *glue_place(void)
{
    return &place;
}

const struct rlk_plan *glue_plan(void)
{
    return &plan;
}

const struct rlk_findings *glue_findings(void)
{
    return findings();
}

const char *glue_text(void)
{
    text[GLUE_TEXT_BYTES - 1] = '\0';
    return text;
}

static const struct rlk_fault *fault(void)
{
    return rlk_session_fault(&session);
}

/* Choices by name, NULL beyond the last. */
READOUT_AT(const char *, rlk_glue_job_name, index < RLK_JOBS ? rlk_job_name((enum rlk_job)index) : NULL)
READOUT_AT(const char *, rlk_glue_way_back_name,
           index <= RLK_WAY_BACK_NONE ? rlk_way_back_name((enum rlk_way_back)index) : NULL)
READOUT_AT(const char *, rlk_glue_poll_name, index < RLK_POLLS ? rlk_poll_name((enum rlk_poll)index) : NULL)
READOUT_AT(const char *, rlk_glue_outcome_name,
           index < RLK_OUTCOMES ? rlk_outcome_kind_name((enum rlk_outcome_kind)index) : NULL)
READOUT_AT(const char *, rlk_glue_family_name,
           rlk_chip_row((enum rlk_family)(index + 1)) ? rlk_chip_row((enum rlk_family)(index + 1))->name : NULL)
READOUT_AT(const char *, rlk_glue_family_devices,
           rlk_chip_row((enum rlk_family)(index + 1)) ? rlk_chip_devices((enum rlk_family)(index + 1)) : NULL)

READOUT_AT(uint32_t, rlk_glue_family_has_empty_check,
           rlk_chip_row((enum rlk_family)(index + 1)) && rlk_chip_row((enum rlk_family)(index + 1))->has_empty_check)
READOUT_AT(uint32_t, rlk_glue_family_is_candidate, (findings()->candidates & RLK_FAMILY_BIT(index + 1)) != 0)

static const char *class_name(enum rlk_error_class class_)
{
    static const char *const names[] = {
        [RLK_CLASS_NONE] = "none",           [RLK_CLASS_FAILED] = "failed",   [RLK_CLASS_USAGE] = "usage",
        [RLK_CLASS_NO_DEVICE] = "no-device", [RLK_CLASS_REFUSED] = "refused", [RLK_CLASS_NOT_PROVEN] = "not-proven",
        [RLK_CLASS_PARKED] = "parked",
    };
    return names[class_];
}

READOUT_AT(int32_t, rlk_glue_error_at, (int32_t)rlk_error_at(index))
READOUT_AT(const char *, rlk_glue_error_name, rlk_error_name((enum rlk_error)(int32_t)index))
READOUT_AT(const char *, rlk_glue_error_class, class_name(rlk_error_class_of((enum rlk_error)(int32_t)index)))
READOUT_AT(uint32_t, rlk_glue_error_action, (uint32_t)rlk_error_action((enum rlk_error)(int32_t)index))
READOUT_AT(const char *, rlk_glue_action_name, rlk_action_name((enum rlk_action)index))

/* Where JavaScript puts the texts that it hands over. */
READOUT(char *, rlk_glue_text, text)
READOUT(uint32_t, rlk_glue_text_bytes, GLUE_TEXT_BYTES)

RLK_EXPORT uint32_t rlk_glue_file_format(const uint8_t *file, uint32_t length);
RLK_EXPORT int32_t rlk_glue_file_measure(const uint8_t *file, uint32_t length, uint32_t format, uint32_t has_addr,
                                         uint32_t addr);
RLK_EXPORT int32_t rlk_glue_file_load(const uint8_t *file, uint32_t length, uint32_t format, uint32_t has_addr,
                                      uint32_t addr, uint8_t *bytes, uint32_t capacity);
RLK_EXPORT int32_t rlk_glue_file_drop(void);

/* From the begin of a session until it is done. */
READOUT(uint32_t, rlk_glue_session_is_running, is_running)

READOUT_AT(const char *, rlk_glue_file_format_name,
           index < RLK_IMAGE_FORMATS ? rlk_image_format_name((enum rlk_image_format)index) : NULL)
READOUT_AT(uint32_t, rlk_glue_file_needs_addr, rlk_image_needs_addr((enum rlk_image_format)index))

uint32_t rlk_glue_file_format(const uint8_t *file, uint32_t length)
{
    return (uint32_t)rlk_image_recognise(file, length);
}

static struct rlk_image_file file_of(const uint8_t *file, uint32_t length, uint32_t format, uint32_t has_addr,
                                     uint32_t addr)
{
    return (struct rlk_image_file){file, length, (enum rlk_image_format)format, has_addr != 0, addr};
}

/* The bytes that rlk_glue_file_load will need, or the error. */
int32_t rlk_glue_file_measure(const uint8_t *file, uint32_t length, uint32_t format, uint32_t has_addr, uint32_t addr)
{
    size_t needed = 0;
    const struct rlk_image_file measured = file_of(file, length, format, has_addr, addr);
    const enum rlk_error error = rlk_image_measure(&measured, &needed, &place);
    return error == RLK_OK ? (int32_t)needed : (int32_t)error;
}

int32_t rlk_glue_file_load(const uint8_t *file, uint32_t length, uint32_t format, uint32_t has_addr, uint32_t addr,
                           uint8_t *bytes, uint32_t capacity)
{
    const struct rlk_image_file loaded = file_of(file, length, format, has_addr, addr);
    if (is_running) {
        return RLK_E_INTERNAL;
    }
    rlk_image_init(&image, bytes, capacity, 0xFF);
    return (int32_t)rlk_image_load(&image, &loaded, &place);
}

int32_t rlk_glue_file_drop(void)
{
    if (is_running) {
        return RLK_E_INTERNAL;
    }
    memset(&image, 0, sizeof image);
    return RLK_OK;
}

READOUT(uint32_t, rlk_glue_file_bytes_max, RLK_IMAGE_FILE_BYTES_MAX)
READOUT(uint32_t, rlk_glue_file_line, place.line)
READOUT(uint32_t, rlk_glue_file_has_addr, place.has_addr)
READOUT(uint32_t, rlk_glue_file_addr, place.addr)
READOUT(uint32_t, rlk_glue_file_offset, place.offset)
READOUT(uint32_t, rlk_glue_image_bytes, (uint32_t)image.size)
READOUT(uint32_t, rlk_glue_image_crc32, image.crc32)
READOUT(uint32_t, rlk_glue_image_segments, (uint32_t)image.segment_count)
READOUT_AT(uint32_t, rlk_glue_image_segment_addr, index < image.segment_count ? image.segments[index].addr : 0)
READOUT_AT(uint32_t, rlk_glue_image_segment_bytes, index < image.segment_count ? image.segments[index].length : 0)

RLK_EXPORT int32_t rlk_glue_journal_decode(uint32_t length);

/* Decodes `length` characters of the text buffer. */
int32_t rlk_glue_journal_decode(uint32_t length)
{
    memset(&journal, 0, sizeof journal);
    return (int32_t)rlk_journal_decode(&journal, text, length < GLUE_TEXT_BYTES ? length : GLUE_TEXT_BYTES);
}

READOUT(const char *, rlk_glue_journal_phase, rlk_journal_phase_name(journal.phase))
READOUT(const char *, rlk_glue_journal_family, rlk_chip_row(journal.family) ? rlk_chip_row(journal.family)->name : "")
READOUT(uint32_t, rlk_glue_journal_end_protected, journal.end_protected)
READOUT(const char *, rlk_glue_journal_way_back, rlk_way_back_name(journal.way_back))
READOUT(uint32_t, rlk_glue_journal_image_bytes, journal.image_bytes)
READOUT(const char *, rlk_glue_journal_serial, journal.serial)

RLK_EXPORT void rlk_glue_wish_begin(uint32_t job);
RLK_EXPORT void rlk_glue_wish_end_protected(uint32_t end_protected);
RLK_EXPORT void rlk_glue_wish_way_back(uint32_t way_back);
RLK_EXPORT void rlk_glue_wish_poll(uint32_t poll);
RLK_EXPORT int32_t rlk_glue_wish_family(void);
RLK_EXPORT void rlk_glue_wish_nonce(uint32_t low, uint32_t high);
RLK_EXPORT void rlk_glue_wish_allowances(uint32_t allow_experimental, uint32_t trustzone_is_off);
RLK_EXPORT void rlk_glue_wish_image(void);
RLK_EXPORT void rlk_glue_wish_journal(void);

void rlk_glue_wish_begin(uint32_t job)
{
    memset(&wish, 0, sizeof wish);
    wish.job = (enum rlk_job)job;
    wish.keep_room = keep_room;
    wish.keep_room_bytes = sizeof keep_room;
}

void rlk_glue_wish_end_protected(uint32_t end_protected)
{
    wish.end_protected = end_protected != 0;
}

void rlk_glue_wish_way_back(uint32_t way_back)
{
    wish.way_back = (enum rlk_way_back)way_back;
}

void rlk_glue_wish_poll(uint32_t poll)
{
    wish.poll = (enum rlk_poll)poll;
}

/* The family that the text buffer names; fails if there is none. */
int32_t rlk_glue_wish_family(void)
{
    const struct rlk_chip *row = rlk_chip_find(glue_text());
    wish.family = row ? row->family : RLK_FAMILY_UNKNOWN;
    return row ? RLK_OK : RLK_E_UNKNOWN_CHIP;
}

void rlk_glue_wish_nonce(uint32_t low, uint32_t high)
{
    wish.nonce = (uint64_t)high << 32 | low;
}

void rlk_glue_wish_allowances(uint32_t allow_experimental, uint32_t trustzone_is_off)
{
    wish.allow_experimental = allow_experimental != 0;
    wish.trustzone_is_off = trustzone_is_off != 0;
}

void rlk_glue_wish_image(void)
{
    wish.image = &image;
}

/* What was decoded last. */
void rlk_glue_wish_journal(void)
{
    past = journal;
    wish.journal = &past;
}

RLK_EXPORT void rlk_glue_session_begin(void);
RLK_EXPORT void rlk_glue_session_next(void);
RLK_EXPORT void rlk_glue_session_complete(void);

void rlk_glue_session_begin(void)
{
    rlk_session_init(&session, &wish);
    is_running = true;
    rlk_glue_session_next();
}

void rlk_glue_session_next(void)
{
    operation = rlk_session_next(&session);
    is_running = operation->kind != RLK_OPERATION_DONE;
}

/* With the outcome that was set last. */
void rlk_glue_session_complete(void)
{
    rlk_session_complete(&session, &outcome);
}

READOUT(const char *, rlk_glue_operation_kind, rlk_operation_kind_name(operation->kind))
READOUT(uint32_t, rlk_glue_operation_index, operation->index)
READOUT(uint32_t, rlk_glue_operation_timeout_ms, operation->timeout_ms)
READOUT(uint32_t, rlk_glue_operation_request_type, operation->request_type)
READOUT(uint32_t, rlk_glue_operation_request, operation->request)
READOUT(uint32_t, rlk_glue_operation_value, operation->value)
READOUT(uint32_t, rlk_glue_operation_windex, operation->windex)
READOUT(uint32_t, rlk_glue_operation_length, operation->length)
READOUT(const uint8_t *, rlk_glue_operation_data, operation->data)
READOUT(uint32_t, rlk_glue_operation_alternate, operation->alternate)
READOUT(uint32_t, rlk_glue_operation_duration_ms, operation->duration_ms)
READOUT(const char *, rlk_glue_operation_reason, rlk_reopen_reason_name(operation->reason))
READOUT(const char *, rlk_glue_operation_meanwhile, rlk_action_name(operation->meanwhile))
READOUT(const char *, rlk_glue_operation_action, rlk_action_name(operation->action))
READOUT(uint32_t, rlk_glue_operation_patience_ms, operation->patience_ms)
READOUT(const char *, rlk_glue_operation_question, rlk_question_name(operation->question))
READOUT(uint32_t, rlk_glue_operation_digest_low, (uint32_t)operation->digest)
READOUT(uint32_t, rlk_glue_operation_digest_high, (uint32_t)(operation->digest >> 32))
READOUT(const char *, rlk_glue_operation_entry, operation->entry)
READOUT(uint32_t, rlk_glue_operation_offset, operation->offset)
READOUT(uint32_t, rlk_glue_operation_bytes, operation->bytes)
READOUT(const char *, rlk_glue_operation_ending, rlk_stage_name(operation->ending))
READOUT(int32_t, rlk_glue_operation_error, (int32_t)operation->error)

static const char *operation_line(void)
{
    rlk_transcript_operation(operation, line);
    return line;
}

static const char *outcome_line(void)
{
    rlk_transcript_outcome(operation, &outcome, line);
    return line;
}

/* Both share one buffer: read the text before asking for the next. */
READOUT(const char *, rlk_glue_operation_line, operation_line())
READOUT(const char *, rlk_glue_outcome_line, outcome_line())

READOUT(uint8_t *, rlk_glue_outcome_data, block)
READOUT(uint32_t, rlk_glue_outcome_data_bytes_max, RLK_BLOCK_BYTES_MAX)

RLK_EXPORT void rlk_glue_outcome_set(uint32_t kind, uint32_t bytes, uint32_t elapsed_ms, int32_t error);
RLK_EXPORT void rlk_glue_outcome_answer(uint32_t is_yes, uint32_t digest_low, uint32_t digest_high);
RLK_EXPORT void rlk_glue_outcome_fetch(void);

/* `bytes` of what rlk_glue_outcome_data points to came. */
void rlk_glue_outcome_set(uint32_t kind, uint32_t bytes, uint32_t elapsed_ms, int32_t error)
{
    memset(&outcome, 0, sizeof outcome);
    outcome.kind = (enum rlk_outcome_kind)kind;
    outcome.data = block;
    outcome.bytes = bytes < RLK_BLOCK_BYTES_MAX ? bytes : RLK_BLOCK_BYTES_MAX;
    outcome.elapsed_ms = elapsed_ms;
    outcome.error = (enum rlk_error)error;
}

/* After rlk_glue_outcome_set: what a person said, to which digest. */
void rlk_glue_outcome_answer(uint32_t is_yes, uint32_t digest_low, uint32_t digest_high)
{
    outcome.is_yes = is_yes != 0;
    outcome.digest = ((uint64_t)digest_high << 32) | digest_low;
}

/* The outcome of a FETCH: from the image that lies here anyway. */
void rlk_glue_outcome_fetch(void)
{
    memset(&outcome, 0, sizeof outcome);
    rlk_fetch_from_image(&image, operation, block, &outcome);
}

static const char *protection_name(enum rlk_protection protection)
{
    static const char *const names[] = {
        [RLK_PROTECTION_UNKNOWN] = "unknown",
        [RLK_PROTECTION_OPEN] = "open",
        [RLK_PROTECTION_LEVEL_1] = "level-1",
    };
    return names[protection];
}

/* The index-th kind of evidence: its name, "" if the row lacks it. */
static const char *evidence_name(uint32_t index)
{
    static const char *const names[] = {"st-document", "st-code", "field-report", "transcript"};
    if (index >= sizeof names / sizeof names[0]) {
        return NULL;
    }
    return ((uint32_t)findings()->chip.evidence >> index) & 1U ? names[index] : "";
}

static const struct rlk_layout *flash_layout(void)
{
    static const struct rlk_layout none;
    const struct rlk_findings *found = findings();
    const int alternate = found->chip.family ? rlk_fingerprint_flash_alternate(&found->fingerprint, &found->chip) : -1;
    return alternate < 0 ? &none : &found->fingerprint.layouts[alternate];
}

READOUT(uint32_t, rlk_glue_found_vendor_id, findings()->fingerprint.device.vendor_id)
READOUT(uint32_t, rlk_glue_found_product_id, findings()->fingerprint.device.product_id)
READOUT(uint32_t, rlk_glue_found_bcd_device, findings()->fingerprint.device.bcd_device)
READOUT(const char *, rlk_glue_found_product, findings()->fingerprint.product)
READOUT(const char *, rlk_glue_found_serial, findings()->fingerprint.serial)
READOUT(uint32_t, rlk_glue_found_serial_is_unique, rlk_serial_is_unique(findings()->fingerprint.serial))
READOUT(uint32_t, rlk_glue_found_chip_is_known, findings()->chip.family != RLK_FAMILY_UNKNOWN)
/* The devices of the one family, or the names of all families that fit. */
static const char *found_devices(void)
{
    static char label[RLK_CHIP_TEXT_BYTES];
    const struct rlk_findings *found = findings();
    if (found->chip.family == RLK_FAMILY_UNKNOWN) {
        return "";
    }
    bool is_settled = (found->candidates & (found->candidates - 1U)) == 0;
    if (is_settled) {
        return rlk_chip_devices(found->chip.family);
    }
    (void)rlk_chip_label(found->candidates, label, sizeof label);
    return label;
}

/* Why the page does not update the device: it never tries what is experimental. "" if it does. */
static const char *refusal_name(const struct rlk_chip *chip)
{
    enum rlk_error refusal = chip->tier == RLK_TIER_EXPERIMENTAL ? RLK_E_CHIP_EXPERIMENTAL : chip->refusal;
    return refusal == RLK_OK ? "" : rlk_error_name(refusal);
}

READOUT(const char *, rlk_glue_found_chip, findings()->chip.family ? findings()->chip.name : "")
READOUT(const char *, rlk_glue_found_devices, found_devices())
READOUT(const char *, rlk_glue_found_tier, rlk_tier_name(findings()->chip.tier))
READOUT(const char *, rlk_glue_found_refusal, refusal_name(&findings()->chip))
READOUT_AT(const char *, rlk_glue_found_evidence, evidence_name(index))
READOUT(uint32_t, rlk_glue_found_has_empty_check, findings()->chip.has_empty_check)
READOUT(uint32_t, rlk_glue_found_flash_bytes, (uint32_t)rlk_layout_total_bytes(flash_layout()))
READOUT(uint32_t, rlk_glue_found_flash_sectors, rlk_layout_sector_count(flash_layout()))
READOUT(uint32_t, rlk_glue_found_flash_addr, findings()->chip.flash_addr)
READOUT(uint32_t, rlk_glue_found_transfer_bytes, findings()->transfer_bytes)
READOUT(uint32_t, rlk_glue_found_flash_read_refused, findings()->flash_read_refused)
READOUT(uint32_t, rlk_glue_found_flash_was_read, findings()->flash_was_read)
READOUT(uint32_t, rlk_glue_found_options_read_refused, findings()->options_read_refused)
READOUT(uint32_t, rlk_glue_found_options_were_read, findings()->options_were_read)
READOUT(const char *, rlk_glue_found_protection, protection_name(rlk_findings_protection(findings())))
READOUT(uint32_t, rlk_glue_image_is_plausible, rlk_session_image_is_plausible(&session))

/* Makes the index-th option field the one that the four read-outs below are about; 0 beyond the last. */
static uint32_t option_field(uint32_t index)
{
    const struct rlk_findings *found = findings();
    return found->options_bytes > 0 && rlk_options_field(&found->chip, found->options, index, &field);
}

READOUT_AT(uint32_t, rlk_glue_option_select, option_field(index))
READOUT(const char *, rlk_glue_option_name, field.name)
READOUT(uint32_t, rlk_glue_option_value, field.value)
READOUT(uint32_t, rlk_glue_option_bits, field.bits)
READOUT(const char *, rlk_glue_option_meaning, field.meaning)

RLK_EXPORT void rlk_glue_plan_make(void);

void rlk_glue_plan_make(void)
{
    rlk_session_plan(&session, &plan);
}

READOUT_AT(const char *, rlk_glue_plan_stage, index < plan.stage_count ? rlk_stage_name(plan.stages[index]) : NULL)
READOUT(uint32_t, rlk_glue_plan_estimate_ms, plan.estimate_ms)
READOUT(uint32_t, rlk_glue_plan_image_bytes, plan.image_bytes)
READOUT(uint32_t, rlk_glue_plan_sectors_touched, plan.sectors_touched)
READOUT(uint32_t, rlk_glue_plan_loses_everything, plan.loses_everything)
READOUT(uint32_t, rlk_glue_plan_keeps_rest, plan.keeps_rest)
READOUT(uint32_t, rlk_glue_plan_ends_protected, plan.ends_protected)
READOUT(uint32_t, rlk_glue_plan_needs_person, plan.needs_person_after_unprotect)
READOUT(uint32_t, rlk_glue_plan_needs_power_cycle, plan.needs_power_cycle_after_seal)

READOUT(const char *, rlk_glue_progress_stage, rlk_stage_name(rlk_session_progress(&session).stage))
READOUT(uint32_t, rlk_glue_progress_permille, rlk_session_progress(&session).done_permille)
READOUT(uint32_t, rlk_glue_progress_left_ms, rlk_session_progress(&session).left_ms)

READOUT(int32_t, rlk_glue_fault_error, (int32_t)fault()->error)
READOUT(const char *, rlk_glue_fault_stage, rlk_stage_name(fault()->stage))
READOUT(uint32_t, rlk_glue_fault_has_addr, fault()->has_addr)
READOUT(uint32_t, rlk_glue_fault_addr, fault()->addr)
READOUT(uint32_t, rlk_glue_fault_dfu_state, fault()->dfu_state)
READOUT(uint32_t, rlk_glue_fault_dfu_status, fault()->dfu_status)
READOUT(const char *, rlk_glue_fault_field, fault()->field)

READOUT(uint32_t, rlk_glue_next_action, (uint32_t)rlk_session_next_action(&session))
