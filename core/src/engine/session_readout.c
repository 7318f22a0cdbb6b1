/* What a host may read of a session, and the names of its enumerations. */
#include "relock/session.h"

#include "engine/stage.h"

const struct rlk_findings *rlk_session_findings(const struct rlk_session *session)
{
    return &session->findings;
}

enum rlk_protection rlk_findings_protection(const struct rlk_findings *findings)
{
    return findings->chip.options_addr == 0 ? RLK_PROTECTION_UNKNOWN : findings->protection;
}

bool rlk_findings_announce_second_block(const struct rlk_findings *findings)
{
    const struct rlk_fingerprint *fingerprint = &findings->fingerprint;
    const int alternate = rlk_fingerprint_options_alternate(fingerprint, &findings->chip);
    return findings->chip.options2_addr != 0 && alternate >= 0 && fingerprint->layouts[alternate].group_count == 2 &&
           findings->chip.options_bytes <= sizeof findings->second_options;
}

const struct rlk_fault *rlk_session_fault(const struct rlk_session *session)
{
    return &session->fault;
}

const struct rlk_evidence *rlk_session_evidence(const struct rlk_session *session)
{
    return &session->evidence;
}

size_t rlk_session_kept_count(const struct rlk_session *session)
{
    return session->keep.count;
}

const struct rlk_segment *rlk_session_kept(const struct rlk_session *session, size_t index)
{
    return index < session->keep.count ? &session->keep.ranges[index] : NULL;
}

struct rlk_segment rlk_session_kept_copy(const struct rlk_session *session, size_t index)
{
    const struct rlk_segment *range = rlk_session_kept(session, index);
    if (range == NULL) {
        return (struct rlk_segment){.length = 0};
    }
    /* A range that ends where this one begins has the image's part already. */
    const bool follows = index > 0 && range[-1].addr + range[-1].length == range->addr;
    const uint32_t begun = follows ? 0 : range->addr % session->findings.chip.program_bytes;
    return (struct rlk_segment){.addr = range->addr - begun, .length = begun + range->length};
}

uint8_t rlk_session_kept_copy_byte(const struct rlk_session *session, size_t index, uint32_t at)
{
    const struct rlk_segment *range = rlk_session_kept(session, index);
    const struct rlk_image *image = session->wish.image;
    const uint32_t addr = rlk_session_kept_copy(session, index).addr + at;
    const struct rlk_segment *segment = rlk_image_segment_at(image, addr);
    if (segment != NULL && (addr < range->addr || rlk_image_gives(image, addr))) {
        return image->bytes[segment->offset + (addr - segment->addr)];
    }
    return session->wish.keep_room[range->offset + (addr - range->addr)];
}

bool rlk_session_has_begun(const struct rlk_session *session)
{
    return session->has_begun;
}

static bool row_and_wish_poll_early(enum rlk_early_poll row, enum rlk_poll wish)
{
    return (row == RLK_EARLY_POLL_USUAL && wish != RLK_POLL_ANNOUNCED) ||
           (row == RLK_EARLY_POLL_HELD && wish == RLK_POLL_EXPECTED);
}

bool rlk_session_polls_early(const struct rlk_session *session)
{
    return !session->polled_too_early && row_and_wish_poll_early(session->findings.chip.early_poll, session->wish.poll);
}

bool rlk_session_polled_too_early(const struct rlk_session *session)
{
    return session->polled_too_early;
}

/* By 0x92 or the option write. */
static bool may_be_sent_away(enum rlk_job job)
{
    return job == RLK_JOB_UPDATE || job == RLK_JOB_UNPROTECT || job == RLK_JOB_PROTECT || job == RLK_JOB_OPTIONS;
}

/* A device that was emptied by us, or that lost power, has to be brought back the way it came. */
static enum rlk_action bring_back(const struct rlk_session *session, enum rlk_action action)
{
    bool by_boot0 = session->wish.way_back == RLK_WAY_BACK_BOOT0;
    bool is_replug = action == RLK_ACTION_REPLUG_AND_RUN_AGAIN ||
                     action == RLK_ACTION_HOLD_BOOT0_REPLUG_AND_RUN_AGAIN ||
                     action == RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN || action == RLK_ACTION_USE_USB2_HUB ||
                     action == RLK_ACTION_RUN_AGAIN;
    if (!is_replug || !may_be_sent_away(session->goal.job)) {
        return action;
    }
    if (session->evidence.seal == RLK_SEAL_WRITTEN && !by_boot0) {
        return RLK_ACTION_ENTER_DFU_AND_RUN_AGAIN;
    }
    bool is_dead_until_power_on = session->findings.chip.power_cycle_after_seal == RLK_POWER_CYCLE_YES;
    if (session->evidence.seal == RLK_SEAL_WRITTEN && is_dead_until_power_on) {
        return RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN;
    }
    if (session->evidence.consent != RLK_CONSENT_SPENT && session->evidence.seal != RLK_SEAL_WRITTEN) {
        return action;
    }
    return by_boot0 ? RLK_ACTION_HOLD_BOOT0_REPLUG_AND_RUN_AGAIN : RLK_ACTION_REPLUG_AND_RUN_AGAIN;
}

/* Flash that can be read beside a byte of level 1: one that is stored and not loaded yet shows at power-on. Never
 * advised for level 2. */
static bool may_be_loaded_at_power_on(const struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    return session->fault.error == RLK_E_PROTECTION_CONTRADICTORY && findings->flash_was_read &&
           findings->options_bytes > 0 && rlk_options_level(&findings->chip, findings->options) == RLK_RDP_LEVEL_1;
}

/* Some devices announce more flash than they have, and some flash can never be read. Of an open device that was heard
 * well, a range that the user chose is then the wrong one; what was lost on the wire has no such status. */
static bool is_beyond_what_is_there(const struct rlk_session *session)
{
    enum { STATE_ERROR = 10, STATUS_ERR_TARGET = 0x01, STATUS_ERR_ADDRESS = 0x08, STATUS_ERR_VENDOR = 0x0B };
    const struct rlk_fault *fault = &session->fault;
    const uint8_t status = fault->dfu_status;
    bool is_range = session->goal.job == RLK_JOB_READ || session->wish.image_is_blank;
    bool is_refusal = status == STATUS_ERR_TARGET || status == STATUS_ERR_ADDRESS || status == STATUS_ERR_VENDOR;
    bool read_is_refused =
        fault->error == RLK_E_READ_REFUSED && is_refusal && fault->addr > session->findings.chip.flash_addr;
    bool address_is_refused = fault->error == RLK_E_DEVICE_NONSENSE && status == STATUS_ERR_TARGET &&
                              (fault->stage == RLK_STAGE_BLANK || fault->stage == RLK_STAGE_READ);
    return is_range && session->findings.flash_was_read && fault->dfu_state == STATE_ERROR &&
           (read_is_refused || address_is_refused);
}

/* It is the user who wished for fields. With a release its maker names the family, and nobody else can. */
static enum rlk_action action_after_fault(const struct rlk_session *session)
{
    const enum rlk_error error = session->fault.error;
    if (rlk_error_action(error) == RLK_ACTION_GIVE_FAMILY && session->wish.families != 0) {
        return RLK_ACTION_ASK_MAKER;
    }
    if (may_be_loaded_at_power_on(session)) {
        return RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN;
    }
    if (is_beyond_what_is_there(session)) {
        return RLK_ACTION_CHOOSE_ANOTHER_RANGE;
    }
    bool is_of_wish = error == RLK_E_OPTION_FIELD_UNKNOWN || error == RLK_E_OPTION_VALUE_TOO_LARGE ||
                      error == RLK_E_OPTION_WISH_CONTRADICTORY;
    return is_of_wish && session->goal.job == RLK_JOB_OPTIONS ? RLK_ACTION_CHOOSE_OTHER_FIELDS
                                                              : rlk_error_action(error);
}

static enum rlk_action action_after_success(const struct rlk_session *session)
{
    /* Where only option bytes were asked for, nothing is left to be done if they were there already. */
    bool is_update = session->goal.job == RLK_JOB_UPDATE;
    bool has_sealed = session->evidence.seal == RLK_SEAL_WRITTEN;
    if ((!is_update && !has_sealed) || (session->evidence.has_left && !session->has_stayed)) {
        return RLK_ACTION_NONE;
    }
    return session->wish.way_back == RLK_WAY_BACK_BOOT0 ? RLK_ACTION_RELEASE_BOOT0_AND_REPLUG : RLK_ACTION_REPLUG;
}

enum rlk_action rlk_session_next_action(const struct rlk_session *session)
{
    if (!session->operation_is_ready || session->operation.kind != RLK_OPERATION_DONE) {
        return RLK_ACTION_NONE;
    }
    if (session->fault.error == RLK_OK) {
        return action_after_success(session);
    }
    return bring_back(session, action_after_fault(session));
}

static const char *const poll_names[RLK_POLLS] = {
    [RLK_POLL_BY_ROW] = "by-row", [RLK_POLL_ANNOUNCED] = "announced", [RLK_POLL_EXPECTED] = "expected"};

static const char *const kind_names[RLK_OPERATION_KINDS] = {[RLK_OPERATION_CONTROL_OUT] = "control-out",
                                                            [RLK_OPERATION_CONTROL_IN] = "control-in",
                                                            [RLK_OPERATION_SELECT_ALTERNATE] = "select-alternate",
                                                            [RLK_OPERATION_SLEEP] = "sleep",
                                                            [RLK_OPERATION_REOPEN] = "reopen",
                                                            [RLK_OPERATION_ASK] = "ask",
                                                            [RLK_OPERATION_RECORD] = "record",
                                                            [RLK_OPERATION_FETCH] = "fetch",
                                                            [RLK_OPERATION_STORE] = "store",
                                                            [RLK_OPERATION_KEEP] = "keep",
                                                            [RLK_OPERATION_DONE] = "done"};

static const char *const reason_names[RLK_REOPEN_REASONS] = {[RLK_REOPEN_FIRST] = "first",
                                                             [RLK_REOPEN_LOST] = "lost",
                                                             [RLK_REOPEN_AFTER_UNPROTECT] = "after-unprotect",
                                                             [RLK_REOPEN_POWER_CYCLE] = "power-cycle",
                                                             [RLK_REOPEN_AFTER_SEAL] = "after-seal"};

static const char *const question_names[RLK_QUESTIONS] = {[RLK_QUESTION_CONFIRM_PLAN] = "confirm-plan",
                                                          [RLK_QUESTION_LOOK_AGAIN] = "look-again",
                                                          [RLK_QUESTION_SAME_DEVICE] = "same-device",
                                                          [RLK_QUESTION_ODD_IMAGE] = "odd-image"};

static const char *const outcome_names[RLK_OUTCOMES] = {[RLK_OUTCOME_OK] = "ok",
                                                        [RLK_OUTCOME_STALL] = "stall",
                                                        [RLK_OUTCOME_TIMEOUT] = "timeout",
                                                        [RLK_OUTCOME_GONE] = "gone",
                                                        [RLK_OUTCOME_FAILED] = "failed"};

const char *rlk_poll_name(enum rlk_poll poll)
{
    return (unsigned)poll < RLK_POLLS ? poll_names[poll] : NULL;
}

const char *rlk_operation_kind_name(enum rlk_operation_kind kind)
{
    return (unsigned)kind < RLK_OPERATION_KINDS ? kind_names[kind] : NULL;
}

const char *rlk_reopen_reason_name(enum rlk_reopen_reason reason)
{
    return (unsigned)reason < RLK_REOPEN_REASONS ? reason_names[reason] : NULL;
}

const char *rlk_question_name(enum rlk_question question)
{
    return (unsigned)question < RLK_QUESTIONS ? question_names[question] : NULL;
}

const char *rlk_outcome_kind_name(enum rlk_outcome_kind kind)
{
    return (unsigned)kind < RLK_OUTCOMES ? outcome_names[kind] : NULL;
}
