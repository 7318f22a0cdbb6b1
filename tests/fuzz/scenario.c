#include "scenario.h"

#include "identity.h"

#include <string.h>

/*
 * Bytes: profile, a basic one up to 127; level, end state, person, BOOT0, accept-any, runs; job, way back, polling,
 * what the host does not allow; family, or what a release says of families or option fields; image size (2); image
 * address; answers; failing record and fetch. Zeros are the usual: a locked update by BOOT0, with a helpful person who
 * agrees.
 */

enum { FLAG_OPEN = 0x04, FLAG_ABSENT = 0x08, FLAG_OTHER_BOOT0 = 0x10, FLAG_ANY_IMAGE = 0x20, RUNS_SHIFT = 6 };
enum { TRUSTZONE_UNSAID = 0x40, NOTHING_EXPERIMENTAL = 0x80 };
enum { FAMILIES_FROM = 64, FIELDS_FROM = 128, EVERY_PROFILE_FROM = 128 };
enum { KNOBS_MAX = 3, KNOB_BYTES = 64 };

static const unsigned levels[] = {1, 0, 1, 2};

static const enum rlk_job jobs[] = {RLK_JOB_UPDATE, RLK_JOB_WRITE, RLK_JOB_LOOK,   RLK_JOB_READ,
                                    RLK_JOB_UPDATE, RLK_JOB_WRITE, RLK_JOB_UPDATE, RLK_JOB_UPDATE};

/* Where the byte's polling would be said a second time. */
enum { SHORT_JOBS_FROM = 192 };

static const enum rlk_job short_jobs[] = {RLK_JOB_VERIFY, RLK_JOB_UNPROTECT, RLK_JOB_PROTECT, RLK_JOB_OPTIONS};

static const enum rlk_way_back ways[] = {RLK_WAY_BACK_BOOT0, RLK_WAY_BACK_EMPTY_CHECK, RLK_WAY_BACK_UNSAID,
                                         RLK_WAY_BACK_NONE};

/* Flash, flash not at its start, its end, and what is no flash at all: RAM, OTP and option bytes of the families. */
static const uint32_t image_addrs[] = {0x08000000U, 0x08000000U, 0x08000800U, 0x08004000U, 0x08007FF0U, 0x080FFFF0U,
                                       0x20000000U, 0x1FFF7800U, 0x1FFFC000U, 0x1FFFF800U, 0x1FFF0000U, 0x08000007U};

static void take_image(struct fuzz_input *input, struct host *host)
{
    uint32_t bytes = 1U + fuzz_take(input, 2) % HOST_IMAGE_BYTES;
    host_set_image(host, image_addrs[fuzz_take_below(input, sizeof image_addrs / sizeof image_addrs[0])], bytes);
    host->wish.read_addr = host->image.segments[0].addr;
    host->wish.read_bytes = bytes % HOST_STORED_BYTES;
}

/* Where the simulator keeps a field, by its own documents: never by the engine's table. All places of each name. */
static const struct field {
    const char *profiles; /* how their names begin */
    const char *name;
    uint8_t offset, shift, bits;
} fields[] = {{"stm32f2", "BOR_LEV", 0, 2, 2},   {"stm32f4", "BOR_LEV", 0, 2, 2},    {"stm32f7", "BOR_LEV", 0, 2, 2},
              {"stm32h7", "BOR_LEV", 0, 2, 2},   {"stm32l0", "BOR_LEV", 4, 0, 4},    {"stm32l1", "BOR_LEV", 4, 0, 4},
              {"stm32l4", "BOR_LEV", 1, 0, 3},   {"stm32g4", "BOR_LEV", 1, 0, 3},    {"stm32l5", "BOR_LEV", 1, 0, 3},
              {"stm32u5", "BOR_LEV", 1, 0, 3},   {"stm32u3", "BOR_LEV", 1, 0, 3},    {"stm32wba", "BOR_LEV", 1, 0, 3},
              {"stm32wb5", "BOR_LEV", 1, 1, 3},  {"stm32u0", "BOR_LEV", 1, 1, 2},    {"stm32f0", "nRST_STOP", 2, 1, 1},
              {"stm32f1", "nRST_STOP", 2, 1, 1}, {"stm32f3", "nRST_STOP", 2, 1, 1},  {"stm32f2", "nRST_STOP", 0, 6, 1},
              {"stm32f4", "nRST_STOP", 0, 6, 1}, {"stm32f7", "nRST_STOP", 0, 6, 1},  {"stm32l0", "nRST_STOP", 4, 5, 1},
              {"stm32l1", "nRST_STOP", 4, 5, 1}, {"stm32l4", "nRST_STOP", 1, 4, 1},  {"stm32g4", "nRST_STOP", 1, 4, 1},
              {"stm32wb", "nRST_STOP", 1, 4, 1}, {"stm32l5", "nRST_STOP", 1, 4, 1},  {"stm32u5", "nRST_STOP", 1, 4, 1},
              {"stm32u3", "nRST_STOP", 1, 4, 1}, {"stm32u0", "nRST_STOP", 1, 5, 1},  {"stm32g0", "nRST_STOP", 1, 5, 1},
              {"stm32c0", "nRST_STOP", 1, 5, 1}, {"stm32f0", "DATA0", 4, 0, 8},      {"stm32f1", "DATA0", 4, 0, 8},
              {"stm32f3", "DATA0", 4, 0, 8},     {"stm32f0", "nBOOT1", 2, 4, 1},     {"stm32f3", "nBOOT1", 2, 4, 1},
              {"stm32l4", "nBOOT1", 2, 7, 1},    {"stm32g4", "nBOOT1", 2, 7, 1},     {"stm32wb5", "nBOOT1", 2, 7, 1},
              {"stm32g0", "nBOOT1", 3, 1, 1},    {"stm32c0", "nBOOT1", 3, 1, 1},     {"stm32u0", "nBOOT1", 3, 1, 1},
              {"stm32l0", "nBOOT1", 5, 7, 1},    {"stm32f042", "BOOT_SEL", 2, 7, 1}, {"stm32f303", "BOOT_SEL", 2, 7, 1},
              {"stm32f042", "nBOOT0", 2, 3, 1},  {"stm32f303", "nBOOT0", 2, 3, 1},   {"stm32l4", "nBOOT0", 3, 3, 1},
              {"stm32g4", "nBOOT0", 3, 3, 1},    {"stm32wb5", "nBOOT0", 3, 3, 1},    {"stm32g0", "nBOOT0", 3, 2, 1},
              {"stm32c0", "nBOOT0", 3, 2, 1},    {"stm32u0", "nBOOT0", 3, 2, 1},     {"stm32l4", "nSWBOOT0", 3, 2, 1},
              {"stm32g4", "nSWBOOT0", 3, 2, 1},  {"stm32wb5", "nSWBOOT0", 3, 2, 1}};

/* By the number that an input has. */
static const char *const wishable[] = {"BOR_LEV", "nRST_STOP", "DATA0",     "nBOOT1",    "BOOT_SEL", "BOR_LEV",
                                       "nBOOT0",  "nSWBOOT0",  "nRST_STOP", "nRST_STOP", "nBOOT1",   "nBOOT0"};

static void allow(struct sim_device *device, const struct rlk_option_wish *wish)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct field *field = &fields[i];
        const uint32_t mask = ((1U << field->bits) - 1U) << field->shift;
        if (strcmp(field->name, wish->field) == 0 &&
            strncmp(sim_profile_of(device), field->profiles, strlen(field->profiles)) == 0) {
            (void)sim_allow_option_bits(device, field->offset, (uint8_t)mask, (uint8_t)(wish->value << field->shift));
        }
    }
}

/* Families as the corpus numbers them: the simulated ones have the first numbers and the bits of a release's mask. */
static const enum rlk_family numbered[] = {RLK_FAMILY_UNKNOWN,   RLK_FAMILY_STM32F04X, RLK_FAMILY_STM32F07X,
                                           RLK_FAMILY_STM32F405, RLK_FAMILY_STM32L4,   RLK_FAMILY_STM32L47X};

static enum rlk_family family_of(uint32_t number)
{
    if (number < sizeof numbered / sizeof numbered[0]) {
        return numbered[number];
    }
    return number < RLK_FAMILY_COUNT ? (enum rlk_family)number : RLK_FAMILY_UNKNOWN;
}

/* Bit 0 is the device's own family, whatever that is. */
static rlk_family_mask families_of(uint32_t bits, enum rlk_family own)
{
    rlk_family_mask families = (bits & 1U) != 0 ? RLK_FAMILY_BIT(own) : 0;
    for (uint32_t i = 1; i < sizeof numbered / sizeof numbered[0]; i++) {
        families |= (bits >> i & 1U) != 0 ? RLK_FAMILY_BIT(numbered[i]) : 0;
    }
    return families;
}

/* A family's number beyond the last: a release's families, or an option field that it wishes. */
static void take_release(struct host *host, uint32_t choice)
{
    const enum rlk_family own = identity_of(sim_profile_of(&host->device))->family;
    if (choice < FIELDS_FROM) {
        host->wish.families = choice >= FAMILIES_FROM ? families_of(choice % 64U, own) : 0;
        return;
    }
    host->option =
        (struct rlk_option_wish){wishable[choice % (sizeof wishable / sizeof wishable[0])], choice / 8U % 16U};
    host->wish.options = &host->option;
    host->wish.option_count = 1;
    allow(&host->device, &host->option);
}

static void take_wish(struct fuzz_input *input, struct host *host, uint32_t flags)
{
    uint32_t choice = fuzz_take(input, 1);
    uint32_t family = fuzz_take(input, 1);
    host->wish.job = choice < SHORT_JOBS_FROM ? jobs[choice % 8U] : short_jobs[choice % 4U];
    host->wish.way_back = ways[choice / 8U % 4U];
    host->wish.poll = (enum rlk_poll)(choice / 32U % RLK_POLLS);
    host->wish.allow_experimental = (choice & NOTHING_EXPERIMENTAL) == 0;
    host->wish.trustzone_is_off = (choice & TRUSTZONE_UNSAID) == 0;
    host->wish.family = family_of(family);
    host->wish.end_protected = (flags & FLAG_OPEN) == 0;
    take_release(host, family);
    host->wish.accept_any_image = (flags & FLAG_ANY_IMAGE) != 0;
}

const char *scenario_profile(uint32_t number)
{
    return number < EVERY_PROFILE_FROM
               ? sim_profile_name(number % sim_profile_count())
               : sim_every_profile_name((number - EVERY_PROFILE_FROM) % sim_every_profile_count());
}

struct scenario scenario_take(struct fuzz_input *input, struct host *host)
{
    struct scenario scenario = {.profile = scenario_profile(fuzz_take(input, 1))};
    uint32_t flags = fuzz_take(input, 1);
    scenario.level = levels[flags % 4U];
    scenario.runs = 1U + (flags >> RUNS_SHIFT);
    scenario.boot0_is_high = (flags & FLAG_OTHER_BOOT0) == 0;
    host_begin(host, scenario.profile, scenario.level, scenario.boot0_is_high);
    host->transport.person = (flags & FLAG_ABSENT) != 0 ? SIM_PERSON_ABSENT : SIM_PERSON_HELPFUL;
    take_wish(input, host, flags);
    take_image(input, host);
    uint32_t answers = fuzz_take(input, 1);
    for (unsigned i = 0; i < RLK_QUESTIONS; i++) {
        host->answers[i] = (enum host_answer)(answers >> (2U * i) & 3U);
    }
    host->fails_record = fuzz_take(input, 1);
    host->fails_fetch = fuzz_take(input, 1);
    return scenario;
}

void scenario_claim_truly(const struct scenario *scenario, struct host *host)
{
    const struct identity *identity = identity_of(scenario->profile);
    const bool is_claimed = host->wish.family != RLK_FAMILY_UNKNOWN;
    host->wish.family = is_claimed ? identity->family : RLK_FAMILY_UNKNOWN;
    host->wish.trustzone_is_off &= sim_knobs(&host->device)->tzen == 0;
    if ((host->wish.families & identity->lookalikes) != 0) {
        host->wish.families |= RLK_FAMILY_BIT(identity->family);
    }
}

void scenario_take_journal(struct fuzz_input *input, struct host *host)
{
    uint32_t choice = fuzz_take(input, 1);
    host->has_journal = choice % 2U != 0;
    host->journal.phase = (enum rlk_journal_phase)(choice / 2U % RLK_JOURNAL_PHASES);
    host->journal.end_protected = choice < 128U;
    host->journal.family = family_of(fuzz_take_below(input, RLK_FAMILY_COUNT));
    host->journal.way_back = (enum rlk_way_back)fuzz_take_below(input, RLK_WAY_BACK_NONE + 1U);
    host->journal.image_digest = host->image.digest + fuzz_take(input, 1);
    host->journal.image_bytes = (uint32_t)host->image.size;
    (void)fuzz_take_bytes(input, (uint8_t *)host->journal.serial, fuzz_take(input, 1) % RLK_JOURNAL_SERIAL_BYTES);
}

/* What a byte means for the knobs that are no switches: `least` and more, in steps, below `count` of them. */
static const struct range {
    const char *name;
    uint32_t least, step, count;
} ranges[] = {{"seal_reload", 0, 1, 3},       {"regression_reload", 0, 1, 3},  {"refused_upload", 0, 1, 3},
              {"leave_answer", 0, 1, 3},      {"typical_percent", 10, 4, 256}, {"announced_ms", 0, 65793, 256},
              {"transfer_limit", 0, 128, 16}, {"stalls_every", 0, 1, 256},     {"protected_sectors", 0, 1, 8},
              {"pcrop_sectors", 0, 1, 8},     {"options_served", 0, 4, 64}};

static uint32_t knob_value(const char *name, uint32_t taken)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (strcmp(ranges[i].name, name) == 0) {
            return ranges[i].least + ranges[i].step * (taken % ranges[i].count);
        }
    }
    return taken % 2U;
}

static void take_knob(struct fuzz_input *input, struct host *host)
{
    const char *name = sim_knob_name(fuzz_take(input, 1) % KNOB_BYTES);
    uint32_t taken = fuzz_take(input, 1);
    if (name != NULL) {
        fuzz_demand(sim_knob_set(&host->device, name, knob_value(name, taken)), "a knob with a name can be set");
    }
}

void scenario_take_habits(struct fuzz_input *input, struct host *host)
{
    uint32_t knobs = fuzz_take_below(input, KNOBS_MAX + 1U);
    uint32_t faults = fuzz_take_below(input, SIM_FAULTS_MAX + 1U);
    for (uint32_t i = 0; i < knobs; i++) {
        take_knob(input, host);
    }
    for (uint32_t i = 0; i < faults; i++) {
        struct sim_fault fault = {.kind = fuzz_take_below(input, SIM_FAULT_KINDS)};
        fault.at = fuzz_take(input, 2) % 1024U;
        (void)sim_fault_add(&host->device, fault);
    }
}
