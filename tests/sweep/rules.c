/*
 * What must hold at the end of each run, whatever the faults were: the simulator's truth against the ending's word.
 *
 *   - Following the printed actions ends proven, within three runs and two more for each fault.
 *   - The law of transcripts; one erase for each yes, one option write for each erase; never stranded; no violation.
 *   - No ending claims more than the flash, the option bytes and the level show.
 *   - Of the wished option fields all are there, or none.
 *   - What else an open device holds is there after a run that ends proven, and all of it after one that changed
 * nothing.
 *   - No action that leads nowhere.
 *
 * The exceptions, each of which is only made for a path with the fault that explains it, are what no host can know: a
 * state that was flipped into another (is_deceived), power that fails inside the option write (options_are_whole,
 * is_stranded), an answer misread before anything was changed (was_misled), a failure whose status was flipped
 * (was_covered_up), and an identity that was flipped (was_heard_as_another). And what no host can mend: power that
 * fails inside the regression of an L0 or L1 (is_beyond_help).
 */
#include "path.h"
#include "truth.h"

/* Three runs where nobody is at hand and nothing goes wrong, and two more for each fault. */
enum { RUNS_MAX_PLAIN = 3, RUNS_MAX_PER_FAULT = 2 };

static bool has_fault(const struct path *path, uint32_t kinds)
{
    for (size_t i = 0; i < SCENARIO_FAULTS_MAX; i++) {
        if (((kinds >> path->scenario.faults[i].kind) & 1U) != 0) {
            return true;
        }
    }
    return false;
}

enum {
    FLIPS = 1U << SIM_FAULT_FLIP_ONE | 1U << SIM_FAULT_FLIP_TWO,
    MISREADS = FLIPS | 1U << SIM_FAULT_SHORT,
    POWER_CUTS = 1U << SIM_FAULT_POWER_CUT | 1U << SIM_FAULT_GONE | 1U << SIM_FAULT_GONE_AFTER
};

static bool is_deceived(const struct path *path, const char *violation)
{
    return has_fault(path, FLIPS) && truth_flip_explains(violation);
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

static bool options_are_whole(const struct path *path)
{
    return has_fault(path, POWER_CUTS) || truth_options_are_sealed(&path->device, &path->session.findings.chip);
}

static const char *broken_count(const struct path *path)
{
    const struct sim_counters *counters = sim_counters(&path->device);
    if (counters->regressions > path->yes_to_erase) {
        return "erased twice on one yes";
    }
    /* A level that falls only at power-on hides the first erase from the next run: it asks anew, and nothing is left to
     * lose. Elsewhere one regression is all that a path ever needs. */
    bool is_hidden = path->device.knobs.regression_reload == SIM_RELOAD_AT_POWER_ON || path->was_heard_as_another;
    if (counters->regressions > 1 && !is_hidden) {
        return "erased twice";
    }
    if (counters->option_writes > counters->regressions) {
        return "options written more often than once for each regression";
    }
    return NULL;
}

static const char *false_claim(const struct path *path, enum rlk_stage ending)
{
    bool claims_written = ending == RLK_ENDING_PROVEN || ending == RLK_ENDING_NOT_PROVEN;
    if (claims_written && !path_flash_equals_image(path)) {
        return "the flash does not hold the image";
    }
    const unsigned level = path->scenario.is_open ? 0 : 1;
    if (ending == RLK_ENDING_PROVEN && sim_rdp_level(&path->device) != level) {
        return level == 0 ? "proven, but not open any more" : "proven, but not at level 1";
    }
    if (ending == RLK_ENDING_PROVEN && level == 1 && !options_are_whole(path)) {
        return "proven, but the option bytes are damaged";
    }
    return NULL;
}

/* Sealed with all wished fields, or as the device came: with none. Power that fails inside the option write is
 * options_are_whole's. Each wish has a field that the device does not come with. */
static const char *false_fields(const struct path *path, enum rlk_stage ending)
{
    const struct scenario_fields *fields = path->scenario.fields;
    const struct rlk_chip *chip = &path->session.findings.chip;
    uint32_t size = 0;
    const uint8_t *options = sim_options(&path->device, &size);
    if (fields == NULL || has_fault(path, POWER_CUTS) || chip->family == RLK_FAMILY_UNKNOWN) {
        return NULL;
    }
    const bool holds_all = rlk_options_hold(chip, options, fields->wishes, fields->count);
    const bool was_written = sim_counters(&path->device)->option_writes > 0;
    if (ending == RLK_ENDING_PROVEN && !holds_all) {
        return "proven, but without the wished fields";
    }
    return holds_all == was_written ? NULL : "the wished fields without the option write, or the other way round";
}

static const char *harmed_rest(const struct path *path, enum rlk_stage ending)
{
    if (!path->scenario.is_open) {
        return NULL;
    }
    if (ending == RLK_ENDING_PROVEN && !path_rest_is_as_before(path)) {
        return "proven, but what else was in the flash is not";
    }
    return path->has_sent_change || path_flash_is_as_before(path) ? NULL : "another flash, and nothing was sent";
}

static const char *broken_law(const struct path *path)
{
    if (path->has_erased_finished && !path->was_heard_as_another) {
        return "0x92 to a device that is finished";
    }
    return path->broken_law;
}

/* Power that fails inside the option write of G0 and C0 leaves nBOOT_SEL erased: BOOT0 is ignored from then on, and
 * only the application leads back (RM0444's caution on interrupted option changes). */
static bool is_stranded(const struct path *path)
{
    const enum rlk_family family = path->scenario.family;
    const bool may_ignore_boot0 = family == RLK_FAMILY_STM32G0B1 || family == RLK_FAMILY_STM32C071;
    const bool is_spoilt =
        has_fault(path, POWER_CUTS) && !truth_options_are_sealed(&path->device, &path->session.findings.chip);
    const bool is_excused = may_ignore_boot0 && is_spoilt && path_flash_equals_image(path);
    return sim_is_stranded(&path->device) && !is_excused;
}

static const char *contradiction(const struct path *path, enum rlk_stage ending)
{
    const char *const found[] = {broken_law(path),          broken_rule(path),
                                 broken_count(path),        is_stranded(path) ? "the device is stranded" : NULL,
                                 false_claim(path, ending), false_fields(path, ending),
                                 harmed_rest(path, ending)};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        if (found[i] != NULL) {
            return found[i];
        }
    }
    return NULL;
}

/* A transfer that failed, and the status after it flipped to one that says that it did not. */
static bool was_covered_up(const struct path *path)
{
    const struct sim_fault *faults = path->scenario.faults;
    bool is_flip = (FLIPS >> faults[1].kind & 1U) != 0;
    bool is_failure = faults[0].kind != SIM_FAULT_POWER_CUT; /* whose place counts something else */
    return is_flip && is_failure && faults[1].at == faults[0].at + 1U && faults[0].at >= path->first_transfer;
}

/* A misread answer in this run, in which nothing on the device has changed. */
static bool was_misled(const struct path *path)
{
    bool is_misread = false;
    for (size_t i = 0; i < SCENARIO_FAULTS_MAX; i++) {
        const struct sim_fault *fault = &path->scenario.faults[i];
        is_misread |= (MISREADS >> fault->kind & 1U) != 0 && fault->at >= path->first_transfer;
    }
    return is_misread && path_changes(path) == path->changes_before;
}

static bool is_dead_end(const struct path *path)
{
    enum rlk_action action = rlk_session_next_action(&path->session);
    return action == RLK_ACTION_SWD_ONLY || action == RLK_ACTION_ASK_MAKER || action == RLK_ACTION_REPORT_THIS ||
           action == RLK_ACTION_GIVE_FAMILY;
}

/* A one-time fault of the wire is nobody's reason to open the case or to write to the maker. What was misread in a
 * run before it changes anything cannot be known as that. */
static const char *bad_advice(const struct path *path)
{
    return is_dead_end(path) && !was_misled(path) && !was_covered_up(path) ? "the printed action leads nowhere" : NULL;
}

/* Power that fails inside the regression of an L0 or L1 spoils its first option word, which then loads with WPRMOD (L1:
 * SPRMOD) set: PCROP everywhere, which the next regression is taken to keep (RM0367; whether a ROM clears it is not
 * known). Nothing is sealed then, and the way on leads by other tools. */
static bool is_beyond_help(const struct path *path)
{
    const enum rlk_family family = path->scenario.family;
    const bool has_mode = family == RLK_FAMILY_STM32L07X || family == RLK_FAMILY_STM32L1;
    uint32_t size = 0;
    return has_mode && has_fault(path, POWER_CUTS) && (sim_options(&path->device, &size)[1] & 1U) != 0;
}

bool path_is_given_up(const struct path *path, const struct rlk_operation *done)
{
    return done->ending == RLK_ENDING_NOT_DONE && is_beyond_help(path) && is_dead_end(path);
}

const char *path_judge_run(const struct path *path, const struct rlk_operation *done)
{
    const char *why = contradiction(path, done->ending);
    if (why != NULL || done->ending == RLK_ENDING_PROVEN || path_is_given_up(path, done)) {
        return why;
    }
    unsigned faults = path->scenario.is_pair ? 2 : 1;
    bool is_last = path->result.runs >= RUNS_MAX_PLAIN + faults * RUNS_MAX_PER_FAULT;
    return is_last ? "does not converge" : bad_advice(path);
}
