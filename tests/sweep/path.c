#include "path.h"

#include "relock/digest.h"
#include "relock/transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPERATIONS_MAX = 20000,
    IMAGE_BYTES = 7 * 2048 + 304,
    SMALL_IMAGE_BYTES = 2 * 2048 + 304,
    IMAGE_ROOM = 32768,
    KEEP_ROOM = 262144,
    HOURS_MAX_US = 2,
    HAND_MS = 1000
};

static const uint64_t virtual_time_max_us = (uint64_t)HOURS_MAX_US * 3600U * 1000000U;

/* Of single faults eight blocks, of pairs three: first, middle, and a short tail. */
struct test_image {
    struct rlk_image image;
    uint8_t bytes[IMAGE_ROOM];
};
static struct test_image images[2];

/* Of the run under way. Beside the path, which is copied where pairs are tried: those have neither. */
static uint8_t flash_before[SIM_FLASH_MAX_BYTES];
static uint8_t keep_room[KEEP_ROOM];
static bool trace_is_on;

void path_set_trace(bool is_on)
{
    trace_is_on = is_on;
}

/* A plausible vector table, no two blocks alike, nothing blank. */
static void make_image(struct test_image *out, size_t size)
{
    static uint8_t data[IMAGE_BYTES];
    uint32_t state = 0x1234567U;
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525U + 1013904223U;
        data[i] = (uint8_t)(state >> 24);
    }
    const uint8_t vectors[8] = {0x00, 0x10, 0x00, 0x20, 0x41, 0x01, 0x00, 0x08};
    memcpy(data, vectors, sizeof vectors);
    rlk_image_init(&out->image, out->bytes, sizeof out->bytes, 0xFF);
    const struct rlk_image_file file = {data, size, RLK_IMAGE_BINARY, true, 0x08000000U};
    if (rlk_image_load(&out->image, &file, NULL) != RLK_OK) {
        fputs("the sweep's own image does not load\n", stderr);
        exit(2);
    }
}

static const struct rlk_image *image_of(const struct path *path)
{
    struct test_image *test_image = &images[path->scenario.is_pair];
    if (test_image->image.segment_count == 0) {
        make_image(test_image, path->scenario.is_pair ? SMALL_IMAGE_BYTES : IMAGE_BYTES);
    }
    return &test_image->image;
}

bool path_flash_equals_image(const struct path *path)
{
    uint32_t size = 0;
    const struct rlk_image *image = image_of(path);
    const struct rlk_segment *segment = &image->segments[0];
    return memcmp(sim_flash(&path->device, &size), &image->bytes[segment->offset], segment->length) == 0;
}

bool path_flash_is_as_before(const struct path *path)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&path->device, &size);
    return memcmp(flash, flash_before, size) == 0;
}

bool path_rest_is_as_before(const struct path *path)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&path->device, &size);
    const uint32_t end = image_of(path)->segments[0].length;
    return memcmp(&flash[end], &flash_before[end], size - end) == 0;
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
    const struct path *path = context;
    rlk_fetch_from_image(image_of(path), operation, buffer, outcome);
}

/* The law of transcripts: no 0x92 without a yes and its completed record; one yes, one 0x92. */
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
    if (path_flash_equals_image(path) && sim_stored_rdp_level(&path->device) == 1) {
        path->has_erased_finished = true;
    }
    path->confirmed = 0;
}

/* All but SET ADDRESS and leave. */
static bool is_change(const struct rlk_operation *operation)
{
    return operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == 1 && operation->length > 0 &&
           (operation->value != 0 || operation->data[0] != 0x21);
}

static _Noreturn void give_up(const struct path *path)
{
    char id[SCENARIO_ID_BYTES];
    scenario_id(&path->scenario, id);
    fprintf(stderr, "%s: does not end\n", id);
    abort();
}

static void observe(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct path *path = context;
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    hold_law(path, operation);
    path->has_sent_change |= is_change(operation);
    path->operations++;
    if (path->operations > OPERATIONS_MAX || sim_now_us(&path->device) > virtual_time_max_us) {
        give_up(path);
    }
    if (trace_is_on) {
        rlk_transcript_operation(operation, line);
        puts(line);
        rlk_transcript_outcome(operation, outcome, line);
        puts(line);
    }
}

static void come_to_transfer(struct path *path)
{
    if (path->before_transfer != NULL) {
        path->before_transfer(path);
    }
}

static bool is_device_descriptor(const struct rlk_operation *operation)
{
    return operation->kind == RLK_OPERATION_CONTROL_IN && operation->request_type == 0x80 && operation->request == 6 &&
           operation->value == 0x0100;
}

/* Does a fault flip bits of the next transfer? */
static bool is_flipped(const struct path *path)
{
    bool is_hit = false;
    for (size_t i = 0; i < SCENARIO_FAULTS_MAX; i++) {
        const struct sim_fault *fault = &path->scenario.faults[i];
        bool flips = fault->kind == SIM_FAULT_FLIP_ONE || fault->kind == SIM_FAULT_FLIP_TWO;
        is_hit |= flips && fault->at == path->device.fault_transfers;
    }
    return is_hit;
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct path *path = context;
    come_to_transfer(path);
    path->was_heard_as_another |= is_device_descriptor(operation) && is_flipped(path);
    sim_transport_control(&path->transport, operation, buffer, outcome);
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct path *path = context;
    come_to_transfer(path);
    sim_transport_select_alternate(&path->transport, operation, outcome);
}

static void pause_for(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_sleep(&((struct path *)context)->transport, operation, outcome);
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_reopen(&((struct path *)context)->transport, operation, outcome);
}

uint32_t path_changes(const struct path *path)
{
    const struct sim_counters *counters = sim_counters(&path->device);
    return counters->blocks_programmed + counters->sectors_erased + counters->option_writes + counters->regressions;
}

static void begin_run(struct path *path)
{
    path->journal_before = path->journal;
    struct rlk_wish wish = {.job = RLK_JOB_UPDATE,
                            .end_protected = true,
                            .way_back = path->scenario.way_back,
                            .family = path->scenario.family,
                            .allow_experimental = path->scenario.family != RLK_FAMILY_UNKNOWN,
                            .trustzone_is_off = path->scenario.family == RLK_FAMILY_STM32L5,
                            .image = image_of(path),
                            .journal = path->has_journal ? &path->journal_before : NULL};
    if (!path->scenario.is_pair) {
        wish.keep_room = keep_room;
        wish.keep_room_bytes = sizeof keep_room;
    }
    if (path->scenario.is_open) {
        uint32_t size = 0;
        const uint8_t *flash = sim_flash(&path->device, &size);
        memcpy(flash_before, flash, size);
        wish.job = RLK_JOB_WRITE;
        wish.end_protected = false;
    }
    if (path->scenario.fields != NULL) {
        wish.options = path->scenario.fields->wishes;
        wish.option_count = path->scenario.fields->count;
    }
    path->operations = 0;
    path->first_transfer = path->device.fault_transfers;
    path->changes_before = path_changes(path);
    path->confirmed = 0;
    path->has_erased_finished = false;
    path->has_sent_change = false;
    path->result.runs++;
    rlk_session_init(&path->session, &wish);
}

static const struct rlk_operation *drive_run(struct path *path)
{
    struct rlk_host host = {.context = path,
                            .control = control,
                            .select_alternate = select_alternate,
                            .sleep = pause_for,
                            .reopen = reopen,
                            .ask = answer_yes,
                            .record = keep_record,
                            .fetch = fetch,
                            .observe = observe};
    return rlk_drive(&path->session, &host);
}

static void note_first_run(struct path *path)
{
    path->result.transfers = sim_counters(&path->device)->transfers;
    path->result.flash_operations = path_changes(path);
}

static void fail(struct path *path, const struct rlk_operation *done, const char *why)
{
    snprintf(path->result.reason, sizeof path->result.reason, "%s (run %u ended %s, %s, next %s; level %u)", why,
             path->result.runs, rlk_stage_name(done->ending), rlk_error_name(done->error),
             rlk_action_name(rlk_session_next_action(&path->session)), sim_rdp_level(&path->device));
}

/* Nobody pulls a cable in the very milliseconds in which the sentence that asks for it appears. */
static void do_action(struct path *path)
{
    sim_sleep(&path->device, path->scenario.is_pair ? HAND_MS : 0);
    sim_person_do(&path->device, rlk_session_next_action(&path->session));
    uint32_t coming_ms = sim_ms_until_on_bus(&path->device);
    sim_sleep(&path->device, coming_ms == UINT32_MAX ? 0 : coming_ms);
}

/* True if the path is over, for good or ill. */
static bool conclude_run(struct path *path, const struct rlk_operation *done)
{
    const char *why = path_judge_run(path, done);
    bool is_proven = done->ending == RLK_ENDING_PROVEN;
    if (path->result.runs == 1) {
        note_first_run(path);
    }
    if (why != NULL) {
        fail(path, done, why);
    }
    path->result.is_given_up = why == NULL && path_is_given_up(path, done);
    path->result.is_good = why == NULL && (is_proven || path->result.is_given_up);
    return why != NULL || path->result.is_good;
}

void path_walk(struct path *path)
{
    while (!conclude_run(path, drive_run(path))) {
        do_action(path);
        begin_run(path);
    }
}

static void enter_by_application(struct sim_device *device)
{
    sim_knobs(device)->boot0_fixed = 1;
    sim_unplug(device);
    sim_plug(device);
    sim_enter_rom_by_jump(device);
    sim_sleep(device, sim_ms_until_on_bus(device));
    sim_faults_clear(device);
}

static void allow_fields(struct sim_device *device, const struct scenario_fields *fields)
{
    for (size_t i = 0; i < SCENARIO_ALLOWED_MAX && fields->allowed[i].mask != 0; i++) {
        if (!sim_allow_option_bits(device, fields->allowed[i].offset, fields->allowed[i].mask,
                                   fields->allowed[i].value)) {
            fputs("the sweep allows what is no field\n", stderr);
            exit(2);
        }
    }
}

static void prepare_device(struct path *path)
{
    const struct scenario *s = &path->scenario;
    sim_init(&path->device, sim_profile_find(s->profile), s->is_open ? 0 : 1, true);
    if (!s->has_own_reloads) {
        sim_knobs(&path->device)->seal_reload = s->seal_reload;
        sim_knobs(&path->device)->regression_reload = s->regression_reload;
    }
    if (s->way_back == RLK_WAY_BACK_EMPTY_CHECK) {
        sim_set_boot0(&path->device, false);
    }
    if (s->fields != NULL) {
        allow_fields(&path->device, s->fields);
    }
    if (s->boot0_is_out_of_reach) {
        enter_by_application(&path->device);
    }
    for (size_t i = 0; i < SCENARIO_FAULTS_MAX; i++) {
        if (s->faults[i].kind != SIM_FAULT_NONE) {
            sim_fault_add(&path->device, s->faults[i]);
        }
    }
}

void path_begin(struct path *path, const struct scenario *scenario)
{
    memset(path, 0, sizeof *path);
    path->scenario = *scenario;
    prepare_device(path);
    path->transport.device = &path->device;
    path->transport.person = scenario->person;
    begin_run(path);
}
