/*
 * parity FIRST COUNT: runs COUNT random scenarios on the simulator and prints each as a line of JSON after "= ", then
 * its transcripts, one per run. tests/web/parity.test.mjs does the same with the shipped wasm and compares.
 */
#include "identity.h"
#include "random.h"
#include "releases.h"
#include "workbench.h"
#include <stdlib.h>
#include <string.h>

enum { FIRMWARE_MAX = 131072, USUAL_BYTES = 10000, KNOBS_MAX = 3, FAULTS_MAX = 2, RUNS_MAX = 3, PERCENT = 100 };

struct knob {
    const char *name;
    uint32_t value;
};

struct scenario {
    const char *profile;
    const struct identity *identity;
    unsigned level, boot0, runs;
    enum sim_person person;
    struct rlk_wish wish;
    uint32_t addr, offset, bytes;
    struct knob knobs[KNOBS_MAX];
    size_t knob_count;
    struct sim_fault faults[FAULTS_MAX];
    size_t fault_count;
    enum workbench_answer answers[RLK_QUESTIONS];
    uint32_t fails_record, fails_fetch;
    char release[RELEASE_TEXT_BYTES]; /* "" if there is none; otherwise the wish is as it says */
};

static uint8_t firmware[FIRMWARE_MAX];
static uint32_t firmware_bytes;
static struct workbench bench;

static bool happens(uint64_t *seed, uint32_t percent)
{
    return random_below(seed, PERCENT) < percent;
}

static bool load_firmware(void)
{
    FILE *file = fopen(RELOCK_SOURCE_DIR "/tests/firmware/blinky-large.bin", "rb");
    if (file == NULL) {
        return false;
    }
    firmware_bytes = (uint32_t)fread(firmware, 1, sizeof firmware, file);
    return fclose(file) == 0 && firmware_bytes > 0;
}

static void choose_wish(struct scenario *s, uint64_t *seed)
{
    static const enum rlk_job jobs[] = {RLK_JOB_UPDATE, RLK_JOB_UPDATE, RLK_JOB_UPDATE, RLK_JOB_UPDATE, RLK_JOB_UPDATE,
                                        RLK_JOB_UPDATE, RLK_JOB_WRITE,  RLK_JOB_WRITE,  RLK_JOB_LOOK,   RLK_JOB_READ};
    static const enum rlk_way_back ways[] = {
        RLK_WAY_BACK_BOOT0,       RLK_WAY_BACK_BOOT0,       RLK_WAY_BACK_BOOT0,       RLK_WAY_BACK_BOOT0,
        RLK_WAY_BACK_EMPTY_CHECK, RLK_WAY_BACK_EMPTY_CHECK, RLK_WAY_BACK_EMPTY_CHECK, RLK_WAY_BACK_BOOT0,
        RLK_WAY_BACK_UNSAID,      RLK_WAY_BACK_NONE};
    s->wish.job = jobs[random_below(seed, 10)];
    s->wish.end_protected = happens(seed, 75);
    s->wish.way_back = ways[random_below(seed, 10)];
    s->wish.allow_experimental = happens(seed, 85);
    s->wish.trustzone_is_off = happens(seed, 50);
    if (happens(seed, identity_needs_name(s->identity) ? 80 : 40)) {
        s->wish.family =
            happens(seed, 90) ? s->identity->family : (enum rlk_family)(1U + random_below(seed, RLK_FAMILY_COUNT - 1U));
    }
    bool needs_open = s->wish.job == RLK_JOB_WRITE || s->wish.job == RLK_JOB_READ;
    s->level = happens(seed, needs_open ? 20 : 80) ? 1U : random_below(seed, 20) == 0 ? 2U : 0U;
}

static void choose_image(struct scenario *s, uint64_t *seed)
{
    static const uint32_t odd_addrs[] = {0x08000800U, 0x08004000U, 0x08007FF0U, 0x20000000U,
                                         0x1FFF7800U, 0x1FFFC000U, 0x1FFF0000U, 0x080FFFF0U};
    s->addr = happens(seed, 85) ? FLASH_ADDR : odd_addrs[random_below(seed, 8)];
    s->offset = happens(seed, 85) ? 0 : random_below(seed, firmware_bytes / 2U);
    s->bytes = 1U + random_below(seed, happens(seed, 80) ? 6000U : 12000U);
}

/* Any there is, with a value such as most of them know. */
static struct knob choose_any_knob(uint64_t *seed)
{
    uint32_t count = 0;
    while (sim_knob_name(count) != NULL) {
        count++;
    }
    struct knob knob = {.name = sim_knob_name(random_below(seed, count)), .value = random_below(seed, 3)};
    if (strcmp(knob.name, "typical_percent") == 0) {
        knob.value = 50U + 50U * knob.value;
    }
    return knob;
}

static void choose_knobs(struct scenario *s, uint64_t *seed)
{
    static const struct knob choices[] = {{"seal_reload", 0},
                                          {"seal_reload", 1},
                                          {"seal_reload", 2},
                                          {"regression_reload", 0},
                                          {"regression_reload", 1},
                                          {"regression_reload", 2},
                                          {"dead_after_seal", 0},
                                          {"dead_after_seal", 1},
                                          {"empty_check_at_reset", 1},
                                          {"set_address_refused", 1},
                                          {"set_address_refused", 0},
                                          {"options_readable_rdp1", 1},
                                          {"first_contact_error", 0},
                                          {"early_poll_stalls", 1},
                                          {"early_poll_stalls", 0},
                                          {"get_list_short", 1},
                                          {"unprotect_refused", 1},
                                          {"drops_writes", 1},
                                          {"options_reset_by_regression", 1},
                                          {"work_in_first_poll", 1},
                                          {"level1_looks_dead_on_usb3", 1},
                                          {"typical_percent", 150},
                                          {"typical_percent", 20},
                                          {"boot0_fixed", 1}};
    s->knob_count = random_below(seed, KNOBS_MAX + 1U);
    for (size_t i = 0; i < s->knob_count; i++) {
        s->knobs[i] =
            happens(seed, 60) ? choices[random_below(seed, sizeof choices / sizeof choices[0])] : choose_any_knob(seed);
    }
}

static void choose_trouble(struct scenario *s, uint64_t *seed)
{
    s->fault_count = random_below(seed, FAULTS_MAX + 1U);
    for (size_t i = 0; i < s->fault_count; i++) {
        s->faults[i].kind = 1U + random_below(seed, SIM_FAULT_KINDS - 1U);
        s->faults[i].at = random_below(seed, s->faults[i].kind == SIM_FAULT_POWER_CUT ? 12U : 200U);
    }
    for (size_t i = 0; i < RLK_QUESTIONS; i++) {
        s->answers[i] = happens(seed, 90) ? ANSWER_YES : (enum workbench_answer)random_below(seed, 4);
    }
    s->fails_record = happens(seed, 10) ? 1U + random_below(seed, 4) : 0;
    s->fails_fetch = happens(seed, 5) ? 1U + random_below(seed, 20) : 0;
    s->person = happens(seed, 80) ? SIM_PERSON_HELPFUL : SIM_PERSON_ABSENT;
}

static void choose_release(struct scenario *s, uint64_t *seed)
{
    static const char *const serials[] = {"3573365D3433", "FFFFFFFEFFFF", "207A38A4484E", "207A38A4484"};
    if (happens(seed, 40)) {
        release_write(s->release, s->identity->family, seed);
    }
    if (s->release[0] != '\0' && !release_wish(s->release, &s->wish)) {
        s->release[0] = '\0';
    }
    s->wish.serial = happens(seed, 8) ? serials[random_below(seed, 4)] : NULL;
}

/* Every other one is a basic device, and all come in turn. */
static void choose_profile(struct scenario *s, uint64_t number, uint64_t *seed)
{
    s->profile = number % 2U == 0 ? sim_profile_name(random_below(seed, (uint32_t)sim_profile_count()))
                                  : sim_every_profile_name((size_t)(number / 2U) % sim_every_profile_count());
    s->identity = identity_of(s->profile);
}

/* The first time that a device comes in its turn nothing goes wrong: a locked update, named and allowed. */
static bool is_first_of_device(uint64_t number)
{
    return number % 2U != 0 && number / 2U < sim_every_profile_count();
}

static void choose_usual(struct scenario *s)
{
    s->level = s->boot0 = s->runs = 1;
    s->wish.job = RLK_JOB_UPDATE;
    s->wish.end_protected = true;
    s->wish.way_back = RLK_WAY_BACK_BOOT0;
    s->wish.family = s->identity->family;
    s->wish.allow_experimental = true;
    s->wish.trustzone_is_off = true;
    s->addr = FLASH_ADDR;
    s->bytes = USUAL_BYTES;
}

static void choose_all(struct scenario *s, uint64_t *seed)
{
    choose_wish(s, seed);
    choose_image(s, seed);
    choose_knobs(s, seed);
    choose_trouble(s, seed);
    bool is_usual = happens(seed, 90);
    s->boot0 = (s->wish.way_back == RLK_WAY_BACK_BOOT0) == is_usual ? 1U : 0U;
    s->runs = 1U + random_below(seed, RUNS_MAX);
    s->wish.poll = happens(seed, 50) ? RLK_POLL_BY_ROW : (enum rlk_poll)random_below(seed, RLK_POLLS);
    choose_release(s, seed);
}

static struct scenario choose(uint64_t number)
{
    struct scenario s;
    uint64_t seed = number;
    memset(&s, 0, sizeof s);
    choose_profile(&s, number, &seed);
    if (is_first_of_device(number)) {
        choose_usual(&s);
    } else {
        choose_all(&s, &seed);
    }
    return s;
}

static void print_list(const struct scenario *s)
{
    static const char *const answers[] = {"yes", "no", "stale", "cancelled"};
    (void)printf("\"knobs\":[");
    for (size_t i = 0; i < s->knob_count; i++) {
        (void)printf("%s[\"%s\",%u]", i > 0 ? "," : "", s->knobs[i].name, (unsigned)s->knobs[i].value);
    }
    (void)printf("],\"faults\":[");
    for (size_t i = 0; i < s->fault_count; i++) {
        (void)printf("%s[\"%s\",%u]", i > 0 ? "," : "", sim_fault_kind_name(s->faults[i].kind),
                     (unsigned)s->faults[i].at);
    }
    (void)printf("],\"answers\":{");
    for (unsigned i = 0; i < RLK_QUESTIONS; i++) {
        (void)printf("%s\"%s\":\"%s\"", i > 0 ? "," : "", rlk_question_name((enum rlk_question)i),
                     answers[s->answers[i]]);
    }
    (void)printf("}");
}

static void print_scenario(uint64_t number, const struct scenario *s)
{
    const struct rlk_chip *claim = rlk_chip_row(s->wish.family);
    (void)printf("= {\"seed\":%lu,\"profile\":\"%s\",\"level\":%u,\"boot0\":%u,\"runs\":%u,\"isHelpful\":%s,",
                 (unsigned long)number, s->profile, s->level, s->boot0, s->runs,
                 s->person == SIM_PERSON_HELPFUL ? "true" : "false");
    (void)printf("\"job\":\"%s\",\"endProtected\":%s,\"wayBack\":\"%s\",\"poll\":\"%s\",\"family\":\"%s\",",
                 rlk_job_name(s->wish.job), s->wish.end_protected ? "true" : "false",
                 rlk_way_back_name(s->wish.way_back), rlk_poll_name(s->wish.poll), claim != NULL ? claim->name : "");
    (void)printf("\"allowExperimental\":%s,\"trustzoneIsOff\":%s,", s->wish.allow_experimental ? "true" : "false",
                 s->wish.trustzone_is_off ? "true" : "false");
    (void)printf("\"addr\":%u,\"offset\":%u,\"bytes\":%u,\"failsRecord\":%u,\"failsFetch\":%u,", (unsigned)s->addr,
                 (unsigned)s->offset, (unsigned)s->bytes, (unsigned)s->fails_record, (unsigned)s->fails_fetch);
    (void)printf("\"release\":%s,", s->release[0] != '\0' ? s->release : "null");
    if (s->wish.serial != NULL) {
        (void)printf("\"serial\":\"%s\",", s->wish.serial);
    }
    print_list(s);
    (void)printf("}\n");
}

static void set_up(const struct scenario *s)
{
    workbench_init(&bench, s->profile, s->level, 16);
    workbench_load_image(&bench, s->addr, &firmware[s->offset], s->bytes);
    bench.wish = s->wish;
    bench.wish.image = &bench.image;
    bench.wish.keep_room = bench.keep_room;
    bench.wish.keep_room_bytes = sizeof bench.keep_room;
    sim_set_boot0(&bench.device, s->boot0 != 0);
    for (size_t i = 0; i < s->knob_count; i++) {
        if (!sim_knob_set(&bench.device, s->knobs[i].name, s->knobs[i].value)) {
            abort();
        }
    }
    for (size_t i = 0; i < s->fault_count; i++) {
        sim_fault_add(&bench.device, s->faults[i]);
    }
    memcpy(bench.answers, s->answers, sizeof bench.answers);
    bench.fails_record = s->fails_record;
    bench.fails_fetch = s->fails_fetch;
    bench.transport.person = s->person;
    bench.transcript = stdout;
}

static void run(uint64_t number)
{
    struct scenario s = choose(number);
    print_scenario(number, &s);
    set_up(&s);
    for (unsigned i = 0; i < s.runs; i++) {
        workbench_run(&bench);
        workbench_remember(&bench);
        sim_person_do(&bench.device, rlk_session_next_action(&bench.session));
    }
}

int main(int argc, char **argv)
{
    if (argc != 3 || !load_firmware()) {
        (void)fputs("usage: parity FIRST COUNT\n", stderr);
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    for (uint64_t number = first; number < first + count; number++) {
        run(number);
    }
    return 0;
}
