/*
 * Probe: is the device protected? Two witnesses, the flash and the option bytes, each asked twice. Only exactly
 * errVENDOR after an UPLOAD counts as a refusal (AN3156 table 4); a stall, a timeout or noise never does. Nothing is
 * changed. The same script proves the seal at the end.
 */
#include "engine/stage.h"

#include <string.h>

enum {
    FIRST_WORDS_BYTES = 16,
    FIRST_DATA_BLOCK = 2,
    WITNESS_FLASH = 0,
    WITNESS_OPTIONS = 1,
    TRIES_MAX = 3,
    OPCODE_READ_UNPROTECT = 0x92
};
enum {
    STEP_SELECT,
    STEP_IDLE,
    STEP_LIST,
    STEP_READ_PLAIN,
    STEP_ADDRESS,
    STEP_READ_FIRST,
    STEP_READ_SECOND,
    STEP_OTHER_BLOCK_ADDRESS,
    STEP_OTHER_BLOCK_READ,
    STEP_OTHER_BLOCK_READ_AGAIN,
    STEP_JUDGE
};

static bool asks_flash(const struct rlk_session *session)
{
    return session->witness == WITNESS_FLASH;
}

/* What this witness has said is void: before it is asked, and when its two answers differ. */
static void forget_witness(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    if (asks_flash(session)) {
        findings->flash_read_refused = false;
        findings->flash_was_read = false;
        findings->first_words_known = false;
    } else {
        findings->options_read_refused = false;
        findings->options_were_read = false;
        findings->options_bytes = 0;
        findings->second_options_were_read = false;
    }
}

static void call_witness(struct rlk_session *session, uint8_t witness)
{
    session->witness = witness;
    session->tries = 0;
    forget_witness(session);
}

static void enter(struct rlk_session *session)
{
    session->findings.protection = RLK_PROTECTION_UNKNOWN;
    call_witness(session, WITNESS_OPTIONS);
    call_witness(session, WITNESS_FLASH);
}

static void fail_unclear(struct rlk_session *session, const struct rlk_result *result)
{
    bool is_noise = result->verdict == RLK_VERDICT_NONSENSE || result->verdict == RLK_VERDICT_STUCK;
    rlk_stage_fail(session, is_noise ? RLK_E_TRANSPORT_UNSTABLE : RLK_E_PROTECTION_UNCLEAR, 0);
}

static void issue_select(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    int alternate = asks_flash(session) ? rlk_fingerprint_flash_alternate(&findings->fingerprint, &findings->chip)
                                        : rlk_fingerprint_options_alternate(&findings->fingerprint, &findings->chip);
    rlk_issue_select_alternate(session, alternate);
}

static void on_select(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind == RLK_OUTCOME_OK) {
        rlk_step_next(session);
    } else {
        rlk_stage_fail(session, RLK_E_DEVICE_NONSENSE, 0);
    }
}

static void on_ready(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict == RLK_VERDICT_OK) {
        rlk_step_next(session);
    } else {
        fail_unclear(session, result);
    }
}

static void issue_list(struct rlk_session *session)
{
    if (session->findings.opcode_count > 0 || !asks_flash(session)) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_list_opcodes(session);
    }
}

/* A list without 0x92 is asked for once more, because it ends the job. A ROM that gives no list is not trusted with
 * 0x92, but it can still be looked at. */
static void on_list(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    rlk_step_next(session);
    if (result->verdict != RLK_VERDICT_OK || result->outcome->data == NULL) {
        return;
    }
    size_t count = result->outcome->bytes;
    findings->opcode_count = count < sizeof findings->opcodes ? count : sizeof findings->opcodes;
    memcpy(findings->opcodes, result->outcome->data, findings->opcode_count);
    if (memchr(findings->opcodes, OPCODE_READ_UNPROTECT, findings->opcode_count) == NULL && session->tries == 0) {
        session->tries++;
        findings->opcode_count = 0;
        rlk_step_to(session, STEP_IDLE);
    }
}

static void issue_address(struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    rlk_issue_set_address(session, asks_flash(session) ? chip->flash_addr : chip->options_addr);
}

/* Some ROMs refuse even SET ADDRESS under protection (F4, field reports). The UPLOAD decides all the same. */
static void on_address(struct rlk_session *session, const struct rlk_result *result)
{
    session->address_refused = result->verdict == RLK_VERDICT_REFUSED;
    session->findings.address_refused = session->address_refused && !asks_flash(session);
    if (result->verdict == RLK_VERDICT_OK || session->address_refused) {
        rlk_step_next(session);
    } else {
        fail_unclear(session, result);
    }
}

static void issue_read(struct rlk_session *session)
{
    if (asks_flash(session)) {
        rlk_issue_upload(session, FIRST_DATA_BLOCK, FIRST_WORDS_BYTES);
    } else {
        rlk_issue_upload_options(session);
    }
}

/* Before a power cycle that would be asked for next, one sign is enough: nothing is lost by asking. */
static bool is_brief(const struct rlk_session *session, enum rlk_protection seen)
{
    const struct rlk_evidence *evidence = &session->evidence;
    bool would_power_cycle = seen == RLK_PROTECTION_LEVEL_1
                                 ? evidence->consent == RLK_CONSENT_SPENT && !session->seal_was_sent
                                 : evidence->seal == RLK_SEAL_WRITTEN;
    const enum rlk_job job = session->goal.job;
    bool changes_level = job == RLK_JOB_UPDATE || job == RLK_JOB_UNPROTECT || job == RLK_JOB_PROTECT;
    return would_power_cycle && !evidence->is_power_cycled && changes_level;
}

static void end_briefly(struct rlk_session *session, enum rlk_protection seen)
{
    session->findings.protection = seen;
    session->evidence.protection = seen;
    rlk_stage_end(session);
}

/* Protected flash refuses wherever the pointer stands (it stands at the flash's start after a reset, AN3156 §5.1). So a
 * read without SET ADDRESS can only give a refusal; anything else is asked again with the address set. */
static void issue_read_plain(struct rlk_session *session)
{
    if (asks_flash(session)) {
        rlk_issue_upload(session, FIRST_DATA_BLOCK, FIRST_WORDS_BYTES);
    } else {
        rlk_issue_nothing(session);
    }
}

static void on_read_plain(struct rlk_session *session, const struct rlk_result *result)
{
    session->address_refused = false;
    rlk_step_next(session);
    if (!asks_flash(session)) {
        return;
    }
    if (result->verdict == RLK_VERDICT_REFUSED) {
        session->findings.flash_read_refused = true;
        rlk_step_to(session, STEP_READ_SECOND);
        if (is_brief(session, RLK_PROTECTION_LEVEL_1)) {
            end_briefly(session, RLK_PROTECTION_LEVEL_1);
        }
    } else if (result->verdict == RLK_VERDICT_OK && is_brief(session, RLK_PROTECTION_OPEN)) {
        end_briefly(session, RLK_PROTECTION_OPEN);
    }
}

/* What was read although the address was refused may be anything. */
static bool is_usable_reading(const struct rlk_session *session, const struct rlk_result *result)
{
    return result->verdict == RLK_VERDICT_OK && !session->address_refused;
}

static void take_first_words(struct rlk_session *session, const uint8_t *data)
{
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t *b = &data[4U * i];
        session->findings.first_words[i] =
            (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
    session->findings.first_words_known = true;
}

static void on_read_first(struct rlk_session *session, const struct rlk_result *result)
{
    if (is_usable_reading(session, result)) {
        size_t bytes = asks_flash(session) ? FIRST_WORDS_BYTES : session->findings.chip.options_bytes;
        memcpy(session->first_read, result->outcome->data, bytes);
    }
    session->findings.flash_was_read |= asks_flash(session) && is_usable_reading(session, result);
    session->findings.options_were_read |= !asks_flash(session) && is_usable_reading(session, result);
    session->findings.flash_read_refused |= asks_flash(session) && result->verdict == RLK_VERDICT_REFUSED;
    session->findings.options_read_refused |= !asks_flash(session) && result->verdict == RLK_VERDICT_REFUSED;
    if (asks_flash(session) && is_usable_reading(session, result)) {
        take_first_words(session, session->first_read);
        rlk_step_to(session, STEP_JUDGE);
    } else if (is_usable_reading(session, result) || result->verdict == RLK_VERDICT_REFUSED) {
        rlk_step_next(session);
    } else {
        fail_unclear(session, result);
    }
}

/* The second answer must be the first one again. */
static bool is_same_answer(const struct rlk_session *session, const struct rlk_result *result)
{
    const struct rlk_findings *findings = &session->findings;
    bool was_refused = asks_flash(session) ? findings->flash_read_refused : findings->options_read_refused;
    if (was_refused) {
        return result->verdict == RLK_VERDICT_REFUSED;
    }
    return is_usable_reading(session, result) &&
           memcmp(session->first_read, result->outcome->data, findings->chip.options_bytes) == 0;
}

static void on_read_second(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    if (!is_same_answer(session, result)) {
        forget_witness(session);
        session->tries++;
        rlk_step_to(session, STEP_SELECT);
        if (session->tries >= TRIES_MAX) {
            fail_unclear(session, result);
        }
        return;
    }
    if (findings->options_were_read && !asks_flash(session)) {
        findings->options_bytes = findings->chip.options_bytes;
        memcpy(findings->options, session->first_read, findings->options_bytes);
    }
    session->tries = 0;
    rlk_step_next(session);
}

/* The second block is no witness. It is read where it can be, to be shown, and to be judged before anything is lost. */
static bool reads_other_block(const struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    return !asks_flash(session) && findings->flash_was_read && findings->options_were_read &&
           rlk_findings_announce_second_block(findings);
}

static void issue_other_block_address(struct rlk_session *session)
{
    if (reads_other_block(session)) {
        rlk_issue_set_address(session, session->findings.chip.options2_addr);
    } else {
        rlk_issue_nothing(session);
    }
}

static void issue_other_block_read(struct rlk_session *session)
{
    if (reads_other_block(session)) {
        rlk_issue_upload_options(session);
    } else {
        rlk_issue_nothing(session);
    }
}

/* False if the answer is none that can be gone on with. A look goes on without the block. */
static bool is_other_block_given(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->verdict == RLK_VERDICT_NONSENSE || result->verdict == RLK_VERDICT_STUCK) {
        fail_unclear(session, result);
    } else if (result->verdict != RLK_VERDICT_OK) {
        rlk_step_to(session, STEP_JUDGE);
    }
    return result->verdict == RLK_VERDICT_OK;
}

static void on_other_block_address(struct rlk_session *session, const struct rlk_result *result)
{
    if (is_other_block_given(session, result)) {
        rlk_step_next(session);
    }
}

static void on_other_block_read(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    if (is_other_block_given(session, result)) {
        rlk_step_next(session);
        if (reads_other_block(session)) {
            memcpy(findings->second_options, result->outcome->data, findings->chip.options_bytes);
        }
    }
}

static void on_other_block_read_again(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_findings *findings = &session->findings;
    if (!is_other_block_given(session, result)) {
        return;
    }
    rlk_step_next(session);
    if (!reads_other_block(session)) {
        return;
    }
    findings->second_options_were_read =
        memcmp(findings->second_options, result->outcome->data, findings->chip.options_bytes) == 0;
    if (!findings->second_options_were_read && ++session->tries < TRIES_MAX) {
        rlk_step_to(session, STEP_OTHER_BLOCK_ADDRESS);
    }
}

/* A family whose option bytes are never looked at has one witness, which is enough for a look, and not for more. */
static enum rlk_error judge_flash_alone(struct rlk_session *session)
{
    session->findings.protection = RLK_PROTECTION_LEVEL_1;
    return session->goal.job == RLK_JOB_LOOK ? RLK_OK : RLK_E_FLASH_UNREADABLE;
}

static enum rlk_error judge(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    if (findings->flash_was_read) {
        /* Whatever a byte says: flash that can be read is not level 1. */
        findings->protection = RLK_PROTECTION_OPEN;
        return RLK_OK;
    }
    if (findings->chip.options_addr == 0) {
        return judge_flash_alone(session);
    }
    if (findings->options_read_refused) {
        findings->protection = RLK_PROTECTION_LEVEL_1;
        return RLK_OK;
    }
    if (rlk_options_check(&findings->chip, findings->options, findings->options_bytes) != RLK_OK) {
        return RLK_E_PROTECTION_UNCLEAR;
    }
    enum rlk_rdp_level level = rlk_options_level(&findings->chip, findings->options);
    if (level != RLK_RDP_LEVEL_1) {
        return level == RLK_RDP_LEVEL_2 ? RLK_E_LEVEL_2 : RLK_E_PROTECTION_CONTRADICTORY;
    }
    findings->protection = RLK_PROTECTION_LEVEL_1;
    return RLK_OK;
}

/* Once the flash was read the device is open; its options are read too as long as there is no yes, to be shown and
 * judged before the question, and whenever they are what the job is about. */
static bool needs_second_witness(const struct rlk_session *session)
{
    return asks_flash(session) && session->findings.chip.options_addr != 0 &&
           (!session->findings.flash_was_read || session->evidence.consent == RLK_CONSENT_NONE ||
            session->goal.job == RLK_JOB_OPTIONS);
}

/* A block whose DNLOAD was lost on the wire may have arrived all the same: then the level tells. */
static void conclude_seal(struct rlk_session *session)
{
    if (session->seal_was_sent && session->findings.protection == RLK_PROTECTION_LEVEL_1) {
        session->evidence.seal = RLK_SEAL_WRITTEN;
    }
}

/* OPTIONS: are the wished fields there? What was read was read twice. */
static enum rlk_error judge_fields(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    const struct rlk_wish *wish = &session->wish;
    if (session->goal.job != RLK_JOB_OPTIONS || findings->protection != RLK_PROTECTION_OPEN) {
        return RLK_OK;
    }
    if (!findings->options_were_read) {
        return RLK_E_OPTIONS_UNREADABLE;
    }
    enum rlk_error error = rlk_options_check(&findings->chip, findings->options, findings->options_bytes);
    if (error != RLK_OK) {
        return error;
    }
    bool has_them = rlk_options_hold(&findings->chip, findings->options, wish->options, wish->option_count) &&
                    rlk_options_level(&findings->chip, findings->options) == RLK_RDP_LEVEL_0;
    session->evidence.content = has_them ? RLK_CONTENT_EQUAL : RLK_CONTENT_READY;
    return RLK_OK;
}

/* The journal has this job as under way, and it is over. */
static bool ends_protected_now(const struct rlk_session *session)
{
    const struct rlk_evidence *evidence = &session->evidence;
    bool was_begun = session->goal.job == RLK_JOB_PROTECT && evidence->past == RLK_PAST_BEGUN;
    return session->goal.end_protected && session->findings.protection == RLK_PROTECTION_LEVEL_1 &&
           (evidence->seal == RLK_SEAL_WRITTEN || was_begun);
}

static void issue_judgement(struct rlk_session *session)
{
    if (needs_second_witness(session)) {
        call_witness(session, WITNESS_OPTIONS);
        rlk_step_to(session, STEP_SELECT);
        return;
    }
    enum rlk_error error = judge(session);
    conclude_seal(session);
    if (error == RLK_OK) {
        error = judge_fields(session);
    }
    if (error != RLK_OK) {
        /* Under a seal, option bytes that say "open" speak against it. */
        session->evidence.protection =
            error == RLK_E_PROTECTION_CONTRADICTORY ? RLK_PROTECTION_OPEN : RLK_PROTECTION_UNKNOWN;
        rlk_stage_fail(session, error, 0);
    } else if (ends_protected_now(session)) {
        rlk_issue_record(session, RLK_JOURNAL_PROVEN);
    } else {
        session->evidence.protection = session->findings.protection;
        rlk_stage_end(session);
    }
}

/* The proof stands even if its record could not be kept. */
static void on_recorded(struct rlk_session *session, const struct rlk_result *result)
{
    (void)result;
    session->evidence.protection = session->findings.protection;
    rlk_stage_end(session);
}

static const struct rlk_step steps[] = {
    [STEP_SELECT] = {issue_select, on_select},
    [STEP_IDLE] = {rlk_issue_idle, on_ready},
    [STEP_LIST] = {issue_list, on_list},
    [STEP_READ_PLAIN] = {issue_read_plain, on_read_plain},
    [STEP_ADDRESS] = {issue_address, on_address},
    [STEP_READ_FIRST] = {issue_read, on_read_first},
    [STEP_READ_SECOND] = {issue_read, on_read_second},
    [STEP_OTHER_BLOCK_ADDRESS] = {issue_other_block_address, on_other_block_address},
    [STEP_OTHER_BLOCK_READ] = {issue_other_block_read, on_other_block_read},
    [STEP_OTHER_BLOCK_READ_AGAIN] = {issue_other_block_read, on_other_block_read_again},
    [STEP_JUDGE] = {issue_judgement, on_recorded},
};

const struct rlk_stage_script rlk_stage_probe = {steps, enter};
