#include "scenario.h"

#include "relock/digest.h"
#include "relock/transcript.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MAX = 5, OPERATIONS_MAX = 20000, IMAGE_BYTES = 7 * 2048 + 304, HOURS_MAX_US = 2 };

static const uint64_t virtual_time_max_us = (uint64_t)HOURS_MAX_US * 3600U * 1000000U;

/* What one path carries from run to run: the device, the journal, and what was asked and answered. */
struct path {
    const struct scenario *scenario;
    struct sim_device device;
    struct sim_transport transport;
    struct rlk_session session;
    struct rlk_journal_entry journal;
    bool has_journal;
    uint32_t yes_to_erase; /* plans confirmed */
    uint64_t confirmed;    /* digest of the last yes to a plan; 0 none, spent by 0x92 */
    bool erasing_recorded; /* since that yes */
    uint32_t operations;
    const char *broken_law;
};

static struct rlk_image image;
static uint8_t image_bytes[32768];
static bool trace_is_on;

void scenario_set_trace(bool is_on)
{
    trace_is_on = is_on;
}

static const char *const reload_names[] = {"at-once", "at-reset", "at-power-on"};

void scenario_id(const struct scenario *s, char *text)
{
    snprintf(text, SCENARIO_ID_BYTES, "%s/%s%s/seal-%s/unprotect-%s/%s/%s@%" PRIu32, s->profile,
             rlk_way_back_name(s->way_back), s->boot0_is_out_of_reach ? "-only" : "", reload_names[s->seal_reload],
             reload_names[s->regression_reload], s->person == SIM_PERSON_HELPFUL ? "helpful" : "absent",
             sim_fault_kind_name(s->fault.kind), s->fault.at);
}

/* Eight blocks with a short tail, a plausible vector table, no two blocks alike, nothing blank. */
static void make_image(void)
{
    static uint8_t data[IMAGE_BYTES];
    uint32_t state = 0x1234567U;
    for (size_t i = 0; i < sizeof data; i++) {
        state = state * 1664525U + 1013904223U;
        data[i] = (uint8_t)(state >> 24);
    }
    const uint8_t vectors[8] = {0x00, 0x10, 0x00, 0x20, 0x41, 0x01, 0x00, 0x08};
    memcpy(data, vectors, sizeof vectors);
    rlk_image_init(&image, image_bytes, sizeof image_bytes, 0xFF);
    if (rlk_image_load_binary(&image, data, sizeof data, 0x08000000U, NULL) != RLK_OK) {
        fputs("the sweep's own image does not load\n", stderr);
        exit(2);
    }
}

static void answer_yes(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct path *path = context;
    outcome->kind = RLK_OUTCOME_OK;
    outcome->is_yes = true;
    outcome->digest = operation->digest;
    if (operation->question == RLK_QUESTION_CONFIRM_PLAN) {
        path->yes_to_erase++;
        path->confirmed = operation->digest;
        path->erasing_recorded = false;
    }
}

static void keep_record(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct path *path = context;
    outcome->kind = rlk_journal_decode(&path->journal, operation->entry, operation->entry_bytes) == RLK_OK
                        ? RLK_OUTCOME_OK
                        : RLK_OUTCOME_FAILED;
    path->has_journal = outcome->kind == RLK_OUTCOME_OK;
    path->erasing_recorded |= path->has_journal && path->journal.phase == RLK_JOURNAL_ERASING;
}

static void fetch(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    (void)context;
    rlk_fetch_from_image(&image, operation, buffer, outcome);
}

/* The law of transcripts: no 0x92 without a yes and its completed record; one yes, one 0x92. */
static bool flash_equals_image(const struct path *path)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&path->device, &size);
    const struct rlk_segment *segment = &image.segments[0];
    return memcmp(flash, &image.bytes[segment->offset], segment->length) == 0;
}

static void hold_law(struct path *path, const struct rlk_operation *operation)
{
    bool is_unprotect = operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == 1 &&
                        operation->value == 0 && operation->length > 0 && operation->data[0] == 0x92;
    if (!is_unprotect) {
        return;
    }
    if (path->confirmed == 0 || !path->erasing_recorded) {
        path->broken_law = "0x92 without a yes and its record";
    }
    if (flash_equals_image(path) && sim_stored_rdp_level(&path->device) == 1) {
        path->broken_law = "0x92 to a device that is finished";
    }
    path->confirmed = 0;
}

static void observe(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct path *path = context;
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    hold_law(path, operation);
    path->operations++;
    if (path->operations > OPERATIONS_MAX || sim_now_us(&path->device) > virtual_time_max_us) {
        fputs("a path does not end\n", stderr);
        abort();
    }
    if (trace_is_on) {
        rlk_transcript_operation(operation, line);
        puts(line);
        rlk_transcript_outcome(operation, outcome, line);
        puts(line);
    }
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    sim_transport_control(&((struct path *)context)->transport, operation, buffer, outcome);
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_select_alternate(&((struct path *)context)->transport, operation, outcome);
}

static void pause_for(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_sleep(&((struct path *)context)->transport, operation, outcome);
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_reopen(&((struct path *)context)->transport, operation, outcome);
}

static const struct rlk_operation *run_command(struct path *path)
{
    struct rlk_wish wish = {.job = RLK_JOB_UPDATE,
                            .end_protected = true,
                            .way_back = path->scenario->way_back,
                            .family = path->scenario->family,
                            .image = &image,
                            .journal = path->has_journal ? &path->journal : NULL};
    struct rlk_journal_entry before = path->journal;
    wish.journal = path->has_journal ? &before : NULL;
    struct rlk_host host = {.context = path,
                            .control = control,
                            .select_alternate = select_alternate,
                            .sleep = pause_for,
                            .reopen = reopen,
                            .ask = answer_yes,
                            .record = keep_record,
                            .fetch = fetch,
                            .observe = observe};
    path->operations = 0;
    path->confirmed = 0;
    rlk_session_init(&path->session, &wish);
    return rlk_drive(&path->session, &host);
}

/* A host that is shown another state by a flipped bit cannot know better than to believe it. */
static bool is_deceived(const struct path *path, const char *violation)
{
    bool flips = path->scenario->fault.kind == SIM_FAULT_FLIP_ONE || path->scenario->fault.kind == SIM_FAULT_FLIP_TWO;
    return flips &&
           (strncmp(violation, "CLRSTATUS outside dfuERROR", 26) == 0 || strncmp(violation, "ABORT in state", 14) == 0);
}

static const char *broken_rule(const struct path *path)
{
    const char *violation = NULL;
    for (size_t i = 0; (violation = sim_violation(&path->device, i)) != NULL; i++) {
        if (!is_deceived(path, violation)) {
            return violation;
        }
    }
    return NULL;
}

/* Power that fails in the middle of the option write leaves a block that loads as level 1 and cannot be read any more:
 * nobody outside the chip can tell. */
static bool options_are_whole(const struct path *path)
{
    uint32_t size = 0;
    const struct rlk_chip *chip = &path->session.findings.chip;
    const uint8_t *options = sim_options(&path->device, &size);
    uint32_t kind = path->scenario->fault.kind;
    bool cuts_power = kind == SIM_FAULT_POWER_CUT || kind == SIM_FAULT_GONE || kind == SIM_FAULT_GONE_AFTER;
    return cuts_power || (rlk_options_check(chip, options, chip->options_bytes) == RLK_OK &&
                          options[chip->rdp_write_offset] == chip->rdp_level1);
}

/* The simulator's truth against the ending's word. */
static const char *contradiction(const struct path *path, const struct rlk_operation *done)
{
    if (path->broken_law != NULL) {
        return path->broken_law;
    }
    if (broken_rule(path) != NULL) {
        return broken_rule(path);
    }
    if (sim_counters(&path->device)->regressions > path->yes_to_erase) {
        return "erased twice on one yes";
    }
    /* A level that falls only at power-on hides the first erase from the next run: it asks anew, and nothing is left to
     * lose. Elsewhere one regression is all that a path ever needs. */
    if (sim_counters(&path->device)->regressions > 1 && path->scenario->regression_reload != SIM_RELOAD_AT_POWER_ON) {
        return "erased twice";
    }
    if (sim_counters(&path->device)->option_writes > sim_counters(&path->device)->regressions) {
        return "options written more often than once for each regression";
    }
    if (sim_is_stranded(&path->device)) {
        return "the device is stranded";
    }
    bool claims_written = done->ending == RLK_ENDING_PROVEN || done->ending == RLK_ENDING_NOT_PROVEN;
    if (claims_written && !flash_equals_image(path)) {
        return "the flash does not hold the image";
    }
    if (done->ending == RLK_ENDING_PROVEN && sim_rdp_level(&path->device) != 1) {
        return "proven, but not at level 1";
    }
    if (done->ending == RLK_ENDING_PROVEN && !options_are_whole(path)) {
        return "proven, but the option bytes are damaged";
    }
    return NULL;
}

/* A one-time fault of the wire is nobody's reason to open the case or to write to the maker. What was misread on the
 * first contact, before anything is lost, cannot be known as that. */
static const char *bad_advice(const struct path *path, enum rlk_action action)
{
    bool is_misread = path->scenario->fault.kind == SIM_FAULT_FLIP_ONE ||
                      path->scenario->fault.kind == SIM_FAULT_FLIP_TWO || path->scenario->fault.kind == SIM_FAULT_SHORT;
    bool is_lost = sim_counters(&path->device)->regressions > 0 || !is_misread;
    bool is_dead_end = action == RLK_ACTION_SWD_ONLY || action == RLK_ACTION_ASK_MAKER ||
                       action == RLK_ACTION_REPORT_THIS || action == RLK_ACTION_GIVE_FAMILY;
    return is_lost && is_dead_end ? "the printed action leads nowhere" : NULL;
}

static void fail(struct scenario_result *result, const struct path *path, const struct rlk_operation *done,
                 const char *why)
{
    snprintf(result->reason, sizeof result->reason, "%s (run %u ended %s, %s, next %s; level %u)", why, result->runs,
             rlk_stage_name(done->ending), rlk_error_name(done->error),
             rlk_action_name(rlk_session_next_action(&path->session)), sim_rdp_level(&path->device));
}

static void note_first_run(const struct path *path, struct scenario_result *result)
{
    const struct sim_counters *counters = sim_counters(&path->device);
    result->transfers = counters->transfers;
    result->flash_operations =
        counters->blocks_programmed + counters->sectors_erased + counters->option_writes + counters->regressions;
}

static void do_action(struct path *path, enum rlk_action action)
{
    sim_person_do(&path->device, action);
    uint32_t coming_ms = sim_ms_until_on_bus(&path->device);
    sim_sleep(&path->device, coming_ms == UINT32_MAX ? 0 : coming_ms);
}

/* One run of the command. True if the path is over, for good or ill. */
static bool run_once(struct path *path, struct scenario_result *result)
{
    const struct rlk_operation *done = run_command(path);
    enum rlk_action action = rlk_session_next_action(&path->session);
    if (result->runs == 1) {
        note_first_run(path, result);
    }
    const char *why = contradiction(path, done);
    bool is_proven = done->ending == RLK_ENDING_PROVEN;
    if (why == NULL && !is_proven) {
        why = result->runs == RUNS_MAX ? "does not converge" : bad_advice(path, action);
    }
    if (why != NULL) {
        fail(result, path, done, why);
    }
    result->is_good = why == NULL && is_proven;
    do_action(path, why == NULL && !is_proven ? action : RLK_ACTION_NONE);
    return why != NULL || is_proven;
}

static void follow(struct path *path, struct scenario_result *result)
{
    do {
        result->runs++;
    } while (!run_once(path, result) && result->runs < RUNS_MAX);
}

static void prepare_device(struct path *path)
{
    const struct scenario *s = path->scenario;
    sim_init(&path->device, sim_profile_find(s->profile), 1, true);
    struct sim_knobs *knobs = sim_knobs(&path->device);
    knobs->seal_reload = s->seal_reload;
    knobs->regression_reload = s->regression_reload;
    if (s->way_back == RLK_WAY_BACK_EMPTY_CHECK) {
        sim_set_boot0(&path->device, false);
    }
    if (s->boot0_is_out_of_reach) {
        knobs->boot0_fixed = 1;
        sim_unplug(&path->device);
        sim_plug(&path->device);
        sim_enter_rom_by_jump(&path->device);
        sim_sleep(&path->device, sim_ms_until_on_bus(&path->device));
        sim_faults_clear(&path->device);
    }
    if (s->fault.kind != SIM_FAULT_NONE) {
        sim_fault_add(&path->device, s->fault);
    }
}

void scenario_run(const struct scenario *scenario, struct scenario_result *result)
{
    static struct path path;
    if (image.segment_count == 0) {
        make_image();
    }
    memset(&path, 0, sizeof path);
    memset(result, 0, sizeof *result);
    path.scenario = scenario;
    prepare_device(&path);
    path.transport.device = &path.device;
    path.transport.person = scenario->person;
    follow(&path, result);
}
