/*
 * A session against the simulator with habits, faults and a person of the fuzzer's choice, run up to four times, with
 * what it said to do done in between. The simulator judges: it must find nothing to hold against the session, and what
 * the ending says must be true.
 */
#include "identity.h"
#include "scenario.h"
#include "truth.h"

#include <string.h>

static struct host host;
static bool may_deceive; /* a bit was flipped, or bytes were lost, somewhere */
static bool cuts_power;

/* What is said of the way back is true: whoever says BOOT0 can reach it and holds it, and it leads to the ROM after a
 * regression, too; whoever counts on the empty check does not hold it. */
static void keep_ones_word(void)
{
    bool by_boot0 = host.wish.way_back == RLK_WAY_BACK_BOOT0;
    if (by_boot0) {
        sim_knobs(&host.device)->boot0_fixed = 0;
        sim_knobs(&host.device)->boot_add_lost = 0;
    }
    sim_set_boot0(&host.device, by_boot0);
}

/* TrustZone is on only in chips that have it; option words are lost by the regression of an L1 only, which has no way
 * back in them. */
static void keep_to_the_chip(const struct scenario *scenario)
{
    const rlk_family_mask with_trustzone = RLK_FAMILY_BIT(RLK_FAMILY_STM32L5) | RLK_FAMILY_BIT(RLK_FAMILY_STM32U5) |
                                           RLK_FAMILY_BIT(RLK_FAMILY_STM32U3) | RLK_FAMILY_BIT(RLK_FAMILY_STM32WBA6);
    if ((RLK_FAMILY_BIT(identity_of(scenario->profile)->family) & with_trustzone) == 0) {
        sim_knobs(&host.device)->tzen = 0;
    }
    if (identity_of(scenario->profile)->family != RLK_FAMILY_STM32L1) {
        sim_knobs(&host.device)->options_invalid_after_regress = 0;
    }
}

static void note_faults(void)
{
    may_deceive = false;
    cuts_power = false;
    for (uint32_t i = 0; i < host.device.fault_count; i++) {
        uint32_t kind = host.device.faults[i].kind;
        may_deceive |= kind == SIM_FAULT_FLIP_ONE || kind == SIM_FAULT_FLIP_TWO || kind == SIM_FAULT_SHORT;
        cuts_power |= kind == SIM_FAULT_POWER_CUT || kind == SIM_FAULT_GONE || kind == SIM_FAULT_GONE_AFTER;
    }
}

static void check_judgement(void)
{
    const char *violation = NULL;
    for (size_t i = 0; (violation = sim_violation(&host.device, i)) != NULL; i++) {
        fuzz_demand(may_deceive && truth_flip_explains(violation), violation);
    }
}

/* Padding is nobody's, or somebody else's. */
static bool holds_segment(const uint8_t *flash, const struct rlk_segment *segment)
{
    const uint8_t *wanted = &host.image.bytes[segment->offset];
    uint32_t i = 0;
    while (i < segment->length && (flash[i] == wanted[i] || !rlk_image_gives(&host.image, segment->addr + i))) {
        i++;
    }
    return i == segment->length;
}

static bool flash_is_image(void)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&host.device, &size);
    for (size_t i = 0; i < host.image.segment_count; i++) {
        const struct rlk_segment *segment = &host.image.segments[i];
        uint64_t offset = (uint64_t)segment->addr - 0x08000000U;
        if (offset + segment->length > size || !holds_segment(&flash[offset], segment)) {
            return false;
        }
    }
    return true;
}

static bool store_is_flash(void)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&host.device, &size);
    uint64_t offset = (uint64_t)host.wish.read_addr - 0x08000000U;
    return offset + host.stored_bytes <= size && host.stored_bytes == host.wish.read_bytes &&
           memcmp(&flash[offset], host.stored, host.stored_bytes) == 0;
}

/* A bootloader that is part of the flash reads and writes at any level: by what a host can see, the device is open. */
static bool shows_level_1(void)
{
    return sim_rdp_level(&host.device) == 1 && sim_knobs(&host.device)->bootloader_in_flash == 0;
}

static void check_update(bool is_proven)
{
    fuzz_demand(flash_is_image(), "what is said to be written is written");
    if (is_proven && host.wish.end_protected) {
        fuzz_demand(sim_rdp_level(&host.device) == 1, "what is said to be protected is protected");
        fuzz_demand(cuts_power || truth_options_are_sealed(&host.device, &host.session.findings.chip),
                    "the option bytes are whole");
    } else if (is_proven) {
        fuzz_demand(!shows_level_1(), "what is said to be open is open");
    }
}

static void check_look(void)
{
    bool is_protected = host.session.findings.protection == RLK_PROTECTION_LEVEL_1;
    fuzz_demand(host.session.findings.protection != RLK_PROTECTION_UNKNOWN, "a look finds something out");
    fuzz_demand(may_deceive || is_protected == shows_level_1(), "what was found is so");
}

static bool has_wished_fields(void)
{
    uint32_t size = 0;
    return rlk_options_hold(&host.session.findings.chip, sim_options(&host.device, &size), host.wish.options,
                            host.wish.option_count);
}

static void check_short_job(void)
{
    unsigned level = sim_rdp_level(&host.device);
    if (host.wish.job == RLK_JOB_VERIFY) {
        fuzz_demand(may_deceive || flash_is_image(), "what is said to be equal is equal");
    } else if (host.wish.job == RLK_JOB_PROTECT) {
        fuzz_demand(may_deceive || level == 1, "what is said to be protected is protected");
    } else if (host.wish.job == RLK_JOB_UNPROTECT) {
        fuzz_demand(may_deceive || level == 0, "what is said to be open is open");
    } else if (host.wish.job == RLK_JOB_OPTIONS) {
        fuzz_demand(level == 0 && (may_deceive || has_wished_fields()), "fields that are said to be set are set");
    }
}

static void check_ending(void)
{
    bool is_proven = host.done->ending == RLK_ENDING_PROVEN;
    if (host.wish.job == RLK_JOB_UPDATE && host.done->ending != RLK_ENDING_NOT_DONE) {
        check_update(is_proven);
    } else if (host.wish.job == RLK_JOB_WRITE && is_proven) {
        fuzz_demand(flash_is_image(), "what is said to be written is written");
    } else if (host.wish.job == RLK_JOB_LOOK && is_proven) {
        check_look();
    } else if (host.wish.job == RLK_JOB_READ && is_proven) {
        fuzz_demand(may_deceive || store_is_flash(), "what was read is what is there");
    } else if (is_proven) {
        check_short_job();
    }
}

/* An open device whose BOOT0 nobody can reach is lost if its power fails while it is written: no host can help that. */
static bool is_lost_by_power(const struct sim_counters *counters)
{
    return cuts_power && counters->regressions == 0 && counters->option_writes == 0;
}

/* Who relies on the empty check says that the application leads into the ROM. It alone does where power that failed
 * inside an option write has left nBOOT_SEL of G0 or C0 erased: BOOT0 is ignored then. */
static bool application_leads_back(void)
{
    const enum rlk_family family = identity_of(sim_profile_of(&host.device))->family;
    const bool may_ignore_boot0 = family == RLK_FAMILY_STM32G0B1 || family == RLK_FAMILY_STM32C071;
    const bool is_said = host.wish.way_back == RLK_WAY_BACK_EMPTY_CHECK || (cuts_power && may_ignore_boot0);
    return is_said && (sim_is_running_application(&host.device) || flash_is_image());
}

static void check_device(uint32_t yes_to_erase)
{
    const struct sim_counters *counters = sim_counters(&host.device);
    fuzz_demand(counters->regressions <= yes_to_erase, "one yes, one regression");
    fuzz_demand(!sim_is_stranded(&host.device) || is_lost_by_power(counters) || application_leads_back(),
                "no device is stranded");
    fuzz_demand(sim_stored_rdp_level(&host.device) != 2, "no device is at level 2");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t yes_to_erase = 0;
    struct scenario scenario = scenario_take(&input, &host);
    scenario_take_habits(&input, &host);
    if (scenario.level == 2) {
        return 0;
    }
    note_faults();
    keep_to_the_chip(&scenario);
    scenario_claim_truly(&scenario, &host);
    keep_ones_word();
    for (unsigned i = 0; i < scenario.runs; i++) {
        host_run(&host);
        yes_to_erase += host.yes_to_plan;
        check_judgement();
        check_ending();
        check_device(yes_to_erase);
        sim_person_do(&host.device, rlk_session_next_action(&host.session));
    }
    return 0;
}
