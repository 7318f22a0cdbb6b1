#include "host.h"

#include "random.h"
#include "relock/transcript.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PROFILES_MAX = 64, LEVELS = 3, HEAD_BYTES = offsetof(struct sim_device, flash) };

/* A new device costs megabytes of pseudo-random bytes: what it holds is made once for each profile, and the rest for
 * each kind. */
struct template
{
    uint8_t flash[SIM_FLASH_MAX_BYTES];
    uint32_t flash_bytes; /* 0: not made yet */
    uint8_t heads[LEVELS][2][HEAD_BYTES];
    bool is_made[LEVELS][2];
};

static size_t index_of(const char *profile)
{
    size_t index = 0;
    while (index < sim_every_profile_count() && strcmp(sim_every_profile_name(index), profile) != 0) {
        index++;
    }
    fuzz_demand(index < PROFILES_MAX, "there is room for the profile");
    return index;
}

static void make(struct template *template, const char *profile, unsigned level, unsigned boot0)
{
    static struct sim_device made;
    uint32_t size = 0;
    sim_init(&made, sim_profile_find(profile), level, boot0 != 0);
    const uint8_t *flash = sim_flash(&made, &size);
    fuzz_demand(template->flash_bytes == 0 || memcmp(template->flash, flash, size) == 0, "all hold the same at first");
    memcpy(template->flash, flash, size);
    memcpy(template->heads[level][boot0], &made, HEAD_BYTES);
    template->flash_bytes = size;
    template->is_made[level][boot0] = true;
}

void host_change_device(struct host *host, const char *profile, unsigned level, bool boot0_high)
{
    static struct template templates[PROFILES_MAX];
    struct template *template = &templates[index_of(profile)];
    const unsigned boot0 = boot0_high ? 1 : 0;
    const uint32_t arrival = host->device.arrival;
    fuzz_demand(level < LEVELS, "a level is one of three");
    if (!template->is_made[level][boot0]) {
        make(template, profile, level, boot0);
    }
    memcpy(&host->device, template->heads[level][boot0], HEAD_BYTES);
    memcpy(host->device.flash, template->flash, template->flash_bytes);
    host->device.arrival += arrival;
}

void host_begin(struct host *host, const char *profile, unsigned level, bool boot0_high)
{
    memset(&host->transport, 0, sizeof *host - offsetof(struct host, transport));
    host->device.arrival = 0;
    host_change_device(host, profile, level, boot0_high);
    host->transport.device = &host->device;
}

void host_set_image(struct host *host, uint32_t addr, uint32_t bytes)
{
    static const uint8_t vectors[] = {0x00, 0x10, 0x00, 0x20, 0x41, 0x01, 0x00, 0x08};
    static uint8_t data[HOST_IMAGE_BYTES];
    uint64_t seed = addr;
    for (uint32_t i = 0; i < bytes; i++) {
        data[i] = (uint8_t)(random_next(&seed) & 0xFEU);
    }
    memcpy(data, vectors, bytes < sizeof vectors ? bytes : sizeof vectors);
    rlk_image_init(&host->image, host->image_bytes, sizeof host->image_bytes, 0xFF);
    const struct rlk_image_file file = {data, bytes, RLK_IMAGE_BINARY, true, addr};
    fuzz_demand(rlk_image_load(&host->image, &file, NULL) == RLK_OK, "the host's image loads");
}

/* True if a hook has answered. */
static bool lies(struct host *host, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    return host->lie != NULL && host->lie(host, operation, buffer, outcome);
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct host *host = context;
    if (!lies(host, operation, buffer, outcome)) {
        sim_transport_control(&host->transport, operation, buffer, outcome);
    }
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct host *host = context;
    if (!lies(host, operation, NULL, outcome)) {
        sim_transport_select_alternate(&host->transport, operation, outcome);
    }
}

static void rest(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    sim_transport_sleep(&((struct host *)context)->transport, operation, outcome);
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct host *host = context;
    if (!lies(host, operation, NULL, outcome)) {
        sim_transport_reopen(&host->transport, operation, outcome);
    }
}

static void ask(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct host *host = context;
    enum host_answer answer = host->answers[operation->question];
    if (!lies(host, operation, NULL, outcome)) {
        outcome->kind = answer == HOST_CANCELLED ? RLK_OUTCOME_FAILED : RLK_OUTCOME_OK;
        outcome->is_yes = answer != HOST_NO;
        outcome->digest = operation->digest ^ (answer == HOST_STALE ? 1U : 0U);
        host->yes_to_plan += answer == HOST_YES && operation->question == RLK_QUESTION_CONFIRM_PLAN ? 1U : 0U;
    }
}

static void record(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct host *host = context;
    host->records++;
    if (host->records == host->fails_record) {
        outcome->kind = RLK_OUTCOME_FAILED;
    } else if (!lies(host, operation, NULL, outcome)) {
        enum rlk_error error = rlk_journal_decode(&host->journal, operation->entry, operation->entry_bytes);
        outcome->kind = error == RLK_OK ? RLK_OUTCOME_OK : RLK_OUTCOME_FAILED;
        host->has_journal = true;
    }
}

static void fetch(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct host *host = context;
    host->fetches++;
    if (host->fetches == host->fails_fetch) {
        outcome->kind = RLK_OUTCOME_FAILED;
    } else if (!lies(host, operation, buffer, outcome)) {
        rlk_fetch_from_image(&host->image, operation, buffer, outcome);
    }
}

static void store(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct host *host = context;
    if (lies(host, operation, NULL, outcome)) {
        return;
    }
    fuzz_demand(operation->offset + operation->bytes <= sizeof host->stored, "what was asked for has room");
    memcpy(&host->stored[operation->offset], operation->data, operation->bytes);
    host->stored_bytes = operation->offset + operation->bytes;
    outcome->kind = RLK_OUTCOME_OK;
}

static void keep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    if (!lies(context, operation, NULL, outcome)) {
        outcome->kind = RLK_OUTCOME_OK;
    }
}

/* What the page's engine cannot be told is left out: a range to read, an answer given beforehand, and what is told to
 * it by releases only, which tests/parity compares. */
static bool speaks(const struct host *host)
{
    const struct rlk_wish *wish = &host->wish;
    return fuzz_is_speaking() && wish->job != RLK_JOB_READ && !wish->accept_any_image && wish->families == 0 &&
           wish->option_count == 0;
}

/* The file that the image was loaded from: one piece, without its padding. */
static void say_image(const struct rlk_image *image)
{
    const struct rlk_segment *segment = &image->segments[0];
    uint32_t first = 0;
    uint32_t end = segment->length;
    while (!rlk_image_gives(image, segment->addr + first)) {
        first++;
    }
    while (!rlk_image_gives(image, segment->addr + end - 1U)) {
        end--;
    }
    (void)printf("\"addr\":%" PRIu32 ",\"image\":\"", segment->addr + first);
    fuzz_say_hex(&image->bytes[first], end - first);
    (void)printf("\"}\n");
}

static void say_wish(const struct host *host)
{
    const struct rlk_wish *wish = &host->wish;
    const struct rlk_chip *claim = rlk_chip_row(wish->family);
    char line[RLK_JOURNAL_LINE_BYTES] = "";
    if (wish->journal != NULL) {
        (void)rlk_journal_encode(wish->journal, line);
    }
    (void)printf("= "
                 "{\"kind\":\"session\",\"job\":\"%s\",\"endProtected\":%s,\"wayBack\":\"%s\",\"poll\":\"%s\","
                 "\"family\":\"%s\",\"allowExperimental\":%s,\"trustzoneIsOff\":%s,",
                 rlk_job_name(wish->job), wish->end_protected ? "true" : "false", rlk_way_back_name(wish->way_back),
                 rlk_poll_name(wish->poll), claim == NULL ? "" : claim->name,
                 wish->allow_experimental ? "true" : "false", wish->trustzone_is_off ? "true" : "false");
    (void)printf("\"journal\":\"%s\",", line);
    say_image(&host->image);
}

static void say_outcome(const struct rlk_outcome *outcome)
{
    (void)printf("< {\"kind\":\"%s\",\"isYes\":%s,\"digest\":[%" PRIu32 ",%" PRIu32 "],\"error\":\"%s\",\"data\":\"",
                 rlk_outcome_kind_name(outcome->kind), outcome->is_yes ? "true" : "false", (uint32_t)outcome->digest,
                 (uint32_t)(outcome->digest >> 32), outcome->error == RLK_OK ? "" : rlk_error_name(outcome->error));
    fuzz_say_hex(outcome->data, outcome->data == NULL ? 0 : outcome->bytes);
    (void)printf("\"}\n");
}

static void say_findings(const struct host *host)
{
    static const char *const protections[] = {"unknown", "open", "level-1"};
    const struct rlk_findings *found = &host->session.findings;
    int alternate = found->chip.family == RLK_FAMILY_UNKNOWN
                        ? -1
                        : rlk_fingerprint_flash_alternate(&found->fingerprint, &found->chip);
    const struct rlk_layout *flash = alternate < 0 ? NULL : &found->fingerprint.layouts[alternate];
    struct rlk_option_field field;
    (void)printf("found %s %s %" PRIu32 " %s\n", found->fingerprint.product, found->fingerprint.serial,
                 flash == NULL ? 0 : rlk_layout_sector_count(flash), protections[rlk_findings_protection(found)]);
    for (size_t i = 0; found->options_bytes > 0 && rlk_options_field(&found->chip, found->options, i, &field); i++) {
        (void)printf("option %s %" PRIu32 " %u %s\n", field.name, field.value, field.bits, field.meaning);
    }
}

static void observe(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct host *host = context;
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    laws_watch(&host->laws, operation, outcome);
    if (!speaks(host)) {
        return;
    }
    (void)rlk_transcript_operation(operation, line);
    (void)puts(line);
    if (operation->kind == RLK_OPERATION_DONE) {
        say_findings(host);
    } else {
        say_outcome(outcome);
    }
}

void host_run(struct host *host)
{
    const struct rlk_host table = {.context = host,
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
    struct rlk_journal_entry before = host->journal;
    host->wish.image = host->image.segment_count > 0 ? &host->image : NULL;
    host->wish.journal = host->has_journal ? &before : NULL;
    host->wish.keep_room = host->keep_room;
    host->wish.keep_room_bytes = sizeof host->keep_room;
    host->records = 0;
    host->fetches = 0;
    host->yes_to_plan = 0;
    host->stored_bytes = 0;
    host->transport.is_open = false;
    if (speaks(host)) {
        say_wish(host);
    }
    rlk_session_init(&host->session, &host->wish);
    laws_begin(&host->laws, &host->session);
    host->done = rlk_drive(&host->session, &table);
    host->session.wish.journal = NULL;
}
