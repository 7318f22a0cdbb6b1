#include "scenario.h"

#include <string.h>

/*
 * Bytes: profile; level, end state, person, BOOT0, accept-any, runs; job, way back, polling; family, or what a release
 * says of families or option fields; image size (2); image address; answers; failing record and fetch. Zeros are the
 * usual: a locked update by BOOT0, with a helpful person who agrees.
 */

enum { FLAG_OPEN = 0x04, FLAG_ABSENT = 0x08, FLAG_OTHER_BOOT0 = 0x10, FLAG_ANY_IMAGE = 0x20, RUNS_SHIFT = 6 };
enum { FAMILIES_FROM = 64, FIELDS_FROM = 128 };
enum { KNOBS_MAX = 3, PERCENT_STEP = 4, PERCENT_MIN = 10 };

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

/* Where the simulator keeps a field, by its own documents: never by the engine's table. */
static const struct field {
    const char *profiles; /* how their names begin */
    const char *name;
    uint8_t offset, shift, bits;
} fields[] = {{"stm32f4", "BOR_LEV", 0, 2, 2},   {"stm32f4", "nRST_STOP", 0, 6, 1},  {"stm32f0", "DATA0", 4, 0, 8},
              {"stm32f0", "nBOOT1", 2, 4, 1},    {"stm32f042", "BOOT_SEL", 2, 7, 1}, {"stm32l4", "BOR_LEV", 1, 0, 3},
              {"stm32l4", "nBOOT0", 3, 3, 1},    {"stm32l4", "nSWBOOT0", 3, 2, 1},   {"stm32f0", "nRST_STOP", 2, 1, 1},
              {"stm32l4", "nRST_STOP", 1, 4, 1}, {"stm32l4", "nBOOT1", 2, 7, 1},     {"stm32f042", "nBOOT0", 2, 3, 1}};

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

static rlk_family_mask families_of(uint32_t bits)
{
    rlk_family_mask families = 0;
    for (uint32_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        families |= (bits >> i & 1U) != 0 ? RLK_FAMILY_BIT(numbered[i]) : 0;
    }
    return families;
}

/* A family's number beyond the last: a release's families, or an option field that it wishes. */
static void take_release(struct host *host, uint32_t choice)
{
    if (choice < FIELDS_FROM) {
        host->wish.families = choice >= FAMILIES_FROM ? families_of(choice % 64U) : 0;
        return;
    }
    host->option =
        (struct rlk_option_wish){fields[choice % (sizeof fields / sizeof fields[0])].name, choice / 8U % 16U};
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
    host->wish.family = family_of(family);
    host->wish.end_protected = (flags & FLAG_OPEN) == 0;
    take_release(host, family);
    host->wish.accept_any_image = (flags & FLAG_ANY_IMAGE) != 0;
}

struct scenario scenario_take(struct fuzz_input *input, struct host *host)
{
    struct scenario scenario = {
        .profile = sim_profile_name(fuzz_take_below(input, (uint32_t)sim_profile_count())),
    };
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

/* What each profile is, and what its descriptors let it pass for: nobody can tell those apart but by a claim. */
static const struct identity {
    const char *profile;
    enum rlk_family family;
    rlk_family_mask lookalikes;
} identities[] = {
    {"stm32f042", RLK_FAMILY_STM32F04X, 0},
    {"stm32f072", RLK_FAMILY_STM32F07X, 0},
    {"stm32f405", RLK_FAMILY_STM32F405, 0},
    {"stm32l432", RLK_FAMILY_STM32L4, 1U << RLK_FAMILY_STM32L47X},
    {"stm32l452", RLK_FAMILY_STM32L4, 1U << RLK_FAMILY_STM32L47X},
    {"stm32l476", RLK_FAMILY_STM32L47X, 1U << RLK_FAMILY_STM32L4},
};

void scenario_claim_truly(const struct scenario *scenario, struct host *host)
{
    bool is_claimed = host->wish.family != RLK_FAMILY_UNKNOWN;
    host->wish.family = RLK_FAMILY_UNKNOWN;
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
        const struct identity *identity = &identities[i];
        if (strcmp(identity->profile, scenario->profile) != 0) {
            continue;
        }
        host->wish.family = is_claimed ? identity->family : RLK_FAMILY_UNKNOWN;
        if ((host->wish.families & identity->lookalikes) != 0) {
            host->wish.families |= (rlk_family_mask)1 << identity->family;
        }
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

/* Small values are what most knobs know; the one in percent gets 10 to 1030. */
static void take_knob(struct fuzz_input *input, struct host *host)
{
    const char *name = sim_knob_name(fuzz_take(input, 1) % 32U);
    uint32_t value = fuzz_take(input, 1);
    bool is_percent = name != NULL && strcmp(name, "typical_percent") == 0;
    bool is_reload = name != NULL && strstr(name, "reload") != NULL;
    if (name != NULL) {
        value = is_percent ? PERCENT_MIN + PERCENT_STEP * value : value % (is_reload ? 3U : 2U);
        fuzz_demand(sim_knob_set(&host->device, name, value), "a knob with a name can be set");
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
