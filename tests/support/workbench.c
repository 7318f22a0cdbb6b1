#include "workbench.h"

#include "random.h"
#include "relock/transcript.h"
#include <stdlib.h>
#include <string.h>

enum { DNLOAD = 1, OPERATIONS_MAX = 100000 };

void workbench_load_image(struct workbench *bench, uint32_t addr, const uint8_t *data, uint32_t bytes)
{
    rlk_image_init(&bench->image, bench->image_bytes, sizeof bench->image_bytes, 0xFF);
    const struct rlk_image_file file = {data, bytes, RLK_IMAGE_BINARY, true, addr};
    if (rlk_image_load(&bench->image, &file, NULL) != RLK_OK) {
        abort();
    }
}

void workbench_set_image(struct workbench *bench, uint32_t addr, uint32_t bytes)
{
    static const uint8_t vectors[] = {0x00, 0x10, 0x00, 0x20, 0x41, 0x01, 0x00, 0x08};
    static uint8_t data[WORKBENCH_IMAGE_MAX];
    uint64_t seed = addr;
    for (uint32_t i = 0; i < bytes; i++) {
        data[i] = (uint8_t)(random_next(&seed) & 0xFEU);
    }
    memcpy(data, vectors, bytes < sizeof vectors ? bytes : sizeof vectors);
    workbench_load_image(bench, addr, data, bytes);
}

void workbench_init(struct workbench *bench, const char *profile, unsigned level, uint32_t image_bytes)
{
    memset(bench, 0, sizeof *bench);
    sim_init(&bench->device, sim_profile_find(profile), level, true);
    bench->transport.device = &bench->device;
    workbench_set_image(bench, FLASH_ADDR, image_bytes);
    bench->wish.job = RLK_JOB_UPDATE;
    bench->wish.end_protected = true;
    bench->wish.way_back = RLK_WAY_BACK_BOOT0;
    bench->wish.image = &bench->image;
    bench->wish.keep_room = bench->keep_room;
    bench->wish.keep_room_bytes = sizeof bench->keep_room;
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    sim_transport_control(&bench->transport, operation, buffer, outcome);
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_select_alternate(&((struct workbench *)context)->transport, operation, outcome);
}

static void rest(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_sleep(&((struct workbench *)context)->transport, operation, outcome);
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_reopen(&((struct workbench *)context)->transport, operation, outcome);
}

static void plan_fault(struct workbench *bench)
{
    if (bench->fault_after_yes != SIM_FAULT_NONE && bench->asked[RLK_QUESTION_CONFIRM_PLAN] == 1) {
        struct sim_fault fault = {.kind = bench->fault_after_yes, .at = bench->device.fault_transfers};
        sim_fault_add(&bench->device, fault);
    }
}

static void ask(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    enum workbench_answer answer = bench->answers[operation->question];
    bench->asked[operation->question]++;
    if (operation->question == RLK_QUESTION_CONFIRM_PLAN) {
        rlk_session_plan(&bench->session, &bench->plan);
        plan_fault(bench);
    }
    outcome->kind = answer == ANSWER_CANCELLED ? RLK_OUTCOME_FAILED : RLK_OUTCOME_OK;
    outcome->is_yes = answer != ANSWER_NO;
    outcome->digest = operation->digest ^ (answer == ANSWER_STALE ? 1U : 0U);
}

static void record(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    struct rlk_journal_entry *entry = &bench->records[bench->record_count % WORKBENCH_RECORDS_MAX];
    bench->records_asked++;
    if (bench->records_asked == bench->fails_record) {
        outcome->kind = RLK_OUTCOME_FAILED;
        return;
    }
    if (rlk_journal_decode(entry, operation->entry, operation->entry_bytes) != RLK_OK) {
        abort();
    }
    bench->record_count++;
    outcome->kind = RLK_OUTCOME_OK;
}

static void fetch(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    bench->fetches_asked++;
    if (bench->fetches_asked == bench->fails_fetch) {
        outcome->kind = RLK_OUTCOME_FAILED;
        return;
    }
    rlk_fetch_from_image(&bench->image, operation, buffer, outcome);
}

static void store(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    outcome->kind = bench->store_outcome;
    if (outcome->kind == RLK_OUTCOME_OK && operation->offset + operation->bytes <= sizeof bench->stored) {
        memcpy(&bench->stored[operation->offset], operation->data, operation->bytes);
        bench->stored_bytes = operation->offset + operation->bytes;
    }
}

static void keep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    (void)operation;
    bench->keeps_asked++;
    outcome->kind = bench->keep_outcome;
}

static void note_stage(struct workbench *bench, enum rlk_stage stage)
{
    bool is_new = bench->stage_count == 0 || bench->stages[bench->stage_count - 1] != stage;
    if (is_new && bench->stage_count < WORKBENCH_STAGES_MAX) {
        bench->stages[bench->stage_count++] = stage;
    }
}

static void note_progress(struct workbench *bench)
{
    const struct rlk_progress progress = rlk_session_progress(&bench->session);
    const uint32_t permille = progress.done_permille;
    bench->progress_fell = bench->progress_fell || permille < bench->permille || permille > 1000U;
    bench->permille = permille;
    note_stage(bench, progress.stage);
}

static void ask_twice(struct workbench *bench, const struct rlk_operation *operation)
{
    const struct rlk_operation before = *operation;
    const struct rlk_operation *again = rlk_session_next(&bench->session);
    bool is_same = again->kind == before.kind && again->index == before.index && again->request == before.request &&
                   again->value == before.value && again->length == before.length && again->data == before.data &&
                   again->duration_ms == before.duration_ms && again->digest == before.digest;
    bench->asking_twice_differed = bench->asking_twice_differed || !is_same;
}

static void write_transcript(struct workbench *bench, const struct rlk_operation *operation,
                             const struct rlk_outcome *outcome)
{
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    if (bench->transcript == NULL) {
        return;
    }
    rlk_transcript_operation(operation, line);
    (void)fprintf(bench->transcript, "%s\n", line);
    if (operation->kind != RLK_OPERATION_DONE) {
        rlk_transcript_outcome(operation, outcome, line);
        (void)fprintf(bench->transcript, "%s\n", line);
    }
}

static void observe(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct workbench *bench = context;
    bool is_unprotect = operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == DNLOAD &&
                        operation->value == 0 && operation->length == 1 && operation->data[0] == 0x92;
    bench->unprotects += is_unprotect ? 1U : 0U;
    if (!bench->ignores_progress) {
        note_progress(bench);
    }
    ask_twice(bench, operation);
    write_transcript(bench, operation, outcome);
    if (bench->on_operation != NULL) {
        bench->on_operation(operation, outcome);
    }
    if (bench->operations++ > OPERATIONS_MAX) {
        abort();
    }
}

static void forget_what_happened(struct workbench *bench)
{
    bench->stage_count = 0;
    bench->record_count = 0;
    bench->records_asked = 0;
    bench->fetches_asked = 0;
    bench->keeps_asked = 0;
    memset(bench->asked, 0, sizeof bench->asked);
    bench->unprotects = 0;
    bench->operations = 0;
    bench->permille = 0;
    bench->progress_fell = false;
    bench->asking_twice_differed = false;
    bench->stored_bytes = 0;
}

void workbench_run(struct workbench *bench)
{
    const struct rlk_host host = {.context = bench,
                                  .control = control,
                                  .select_alternate = select_alternate,
                                  .sleep = rest,
                                  .reopen = reopen,
                                  .ask = ask,
                                  .record = record,
                                  .fetch = fetch,
                                  .store = store,
                                  .keep = keep,
                                  .observe = observe};
    forget_what_happened(bench);
    bench->transport.is_open = false;
    rlk_session_init(&bench->session, &bench->wish);
    bench->done = rlk_drive(&bench->session, &host);
}

void workbench_remember(struct workbench *bench)
{
    static struct rlk_journal_entry newest;
    if (bench->record_count > 0) {
        newest = bench->records[(bench->record_count - 1U) % WORKBENCH_RECORDS_MAX];
        bench->wish.journal = &newest;
    }
}

/* Padding is nobody's, or somebody else's. */
static bool holds_segment(const struct workbench *bench, const struct rlk_segment *segment, const uint8_t *flash)
{
    const uint8_t *wanted = &bench->image.bytes[segment->offset];
    uint32_t at = 0;
    while (at < segment->length && (flash[at] == wanted[at] || !rlk_image_gives(&bench->image, segment->addr + at))) {
        at++;
    }
    return at == segment->length;
}

bool workbench_flash_is_image(const struct workbench *bench)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&bench->device, &size);
    for (size_t i = 0; i < bench->image.segment_count; i++) {
        const struct rlk_segment *segment = &bench->image.segments[i];
        if (!holds_segment(bench, segment, &flash[segment->addr - FLASH_ADDR])) {
            return false;
        }
    }
    return true;
}

bool workbench_flash_is_untouched(const struct workbench *bench)
{
    static struct sim_device fresh;
    uint32_t size = 0;
    const struct sim_counters *counters = sim_counters(&bench->device);
    sim_init(&fresh, sim_profile_find(sim_profile_of(&bench->device)), 0, true);
    const uint8_t *flash = sim_flash(&fresh, &size);
    return memcmp(sim_flash(&bench->device, &size), flash, size) == 0 && counters->regressions == 0 &&
           counters->option_writes == 0 && counters->sectors_erased == 0 && counters->blocks_programmed == 0;
}
