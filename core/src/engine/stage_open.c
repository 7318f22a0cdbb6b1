/* Open: reach the device, read its descriptors by control transfer (a browser gives no interface names). */
#include "engine/stage.h"

#include "engine/blocks.h"
#include "engine/exchange_machine.h"

#include <string.h>

enum { TRIES_MAX = 4, DESCRIPTOR_DEVICE = 1, DESCRIPTOR_CONFIGURATION = 2, DESCRIPTOR_STRING = 3, ENGLISH = 0x0409 };
enum {
    DEVICE_BYTES = 18,
    CONFIGURATION_HEAD_BYTES = 9,
    STRING_BYTES_MAX = 255,
    SETTLE_MS = 20000,
    LOST_PATIENCE_MS = 10000,
    FIRST_PATIENCE_MS = 3000,
    OPTION_WRITE_MS = 1000
};
enum {
    STEP_REOPEN,
    STEP_DEVICE,
    STEP_SERIAL,
    STEP_CONFIGURATION_HEAD,
    STEP_CONFIGURATION,
    STEP_PRODUCT,
    STEP_ALTERNATES
};

static bool is_first_visit(const struct rlk_session *session)
{
    return !session->evidence.is_known;
}

/* Once the firmware is in, the flash is not empty any more, and the empty check brings nothing back. */
static enum rlk_action bring_back_action(const struct rlk_session *session)
{
    if (session->wish.way_back != RLK_WAY_BACK_BOOT0 && session->evidence.seal == RLK_SEAL_WRITTEN) {
        return RLK_ACTION_ENTER_DFU;
    }
    return session->wish.way_back == RLK_WAY_BACK_BOOT0 ? RLK_ACTION_HOLD_BOOT0_AND_REPLUG : RLK_ACTION_REPLUG;
}

static void issue_return_after_unprotect(struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    bool by_boot0 = session->wish.way_back == RLK_WAY_BACK_BOOT0;
    /* With the empty check alone a person must replug; but never before the erase is surely over. */
    uint32_t settle_ms = by_boot0 ? SETTLE_MS : 0U;
    rlk_issue_reopen(session, by_boot0 ? RLK_ACTION_KEEP_BOOT0_HELD : RLK_ACTION_NONE, bring_back_action(session),
                     chip->mass_erase_max_ms + chip->return_max_ms + settle_ms);
}

/* A person who is asked for a power cycle must not be quicker than the option write: power that fails in its middle
 * leaves a damaged block. */
static void issue_return_after_seal(struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    bool by_boot0 = session->wish.way_back == RLK_WAY_BACK_BOOT0;
    bool is_dead = chip->power_cycle_after_seal == RLK_POWER_CYCLE_YES;
    rlk_issue_reopen(session, by_boot0 && !is_dead ? RLK_ACTION_KEEP_BOOT0_HELD : RLK_ACTION_NONE,
                     by_boot0 ? RLK_ACTION_HOLD_BOOT0_AND_REPLUG : RLK_ACTION_ENTER_DFU,
                     is_dead ? OPTION_WRITE_MS : 2U * chip->return_max_ms);
}

static void issue_reopen(struct rlk_session *session)
{
    switch (session->reopen_reason) {
    case RLK_REOPEN_AFTER_UNPROTECT:
        issue_return_after_unprotect(session);
        break;
    case RLK_REOPEN_AFTER_SEAL:
        issue_return_after_seal(session);
        break;
    case RLK_REOPEN_POWER_CYCLE:
        rlk_issue_reopen(session, RLK_ACTION_NONE, bring_back_action(session), 0);
        break;
    case RLK_REOPEN_LOST:
        rlk_issue_reopen(session, RLK_ACTION_NONE, bring_back_action(session), LOST_PATIENCE_MS);
        break;
    default:
        rlk_issue_reopen(session, RLK_ACTION_NONE, RLK_ACTION_ENTER_DFU, FIRST_PATIENCE_MS);
        break;
    }
}

/* What the host says of itself is kept; that nobody came means what the job has done so far makes of it. */
static enum rlk_error absence_error(const struct rlk_session *session, enum rlk_error host_reason)
{
    bool is_absence = host_reason == RLK_OK || host_reason == RLK_E_NO_DEVICE;
    bool is_given_up = host_reason == RLK_E_INTERRUPTED;
    if (session->evidence.seal == RLK_SEAL_WRITTEN && (is_absence || is_given_up)) {
        return session->goal.job == RLK_JOB_UPDATE ? RLK_E_PROOF_MISSING : RLK_E_OPTIONS_NOT_SHOWN;
    }
    if (!is_absence) {
        return host_reason;
    }
    if (session->was_emptied) {
        return RLK_E_DEVICE_NOT_BACK;
    }
    return session->evidence.is_known ? RLK_E_DEVICE_LOST : RLK_E_NO_DEVICE;
}

static void on_reopen(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind != RLK_OUTCOME_OK) {
        rlk_stage_fail(session, absence_error(session, result->outcome->error), 0);
        return;
    }
    session->visits++;
    session->alternate = -1;
    session->tries = 0;
    rlk_exchange_reset(&session->exchange, session->findings.fingerprint.dfu.interface_number);
    rlk_gate_forget_pointer(&session->gate);
    rlk_step_next(session);
}

static void issue_string(struct rlk_session *session, uint8_t index)
{
    if (index == 0) {
        rlk_issue_nothing(session);
    } else {
        rlk_issue_descriptor(session, DESCRIPTOR_STRING, index, ENGLISH, STRING_BYTES_MAX);
    }
}

/* A string that cannot be read is empty: some hosts and ROMs have none. */
static void take_string(char *text, const struct rlk_result *result)
{
    text[0] = '\0';
    if (result->outcome->kind == RLK_OUTCOME_OK && result->outcome->data != NULL) {
        (void)rlk_string_descriptor_parse(text, result->outcome->data, result->outcome->bytes);
    }
}

/* One more time, the same step: what is said once may have been misheard. False if it was tried often enough. */
static bool try_again(struct rlk_session *session)
{
    session->tries++;
    return session->tries < TRIES_MAX;
}

/* A device that comes back is told from another by the layout of its flash, which says more than its device descriptor,
 * and by its serial. */
static void issue_device(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    if (is_first_visit(session)) {
        rlk_issue_descriptor(session, DESCRIPTOR_DEVICE, 0, 0, DEVICE_BYTES);
    } else {
        int alternate = rlk_fingerprint_flash_alternate(&findings->fingerprint, &findings->chip);
        issue_string(session, findings->fingerprint.dfu.alternate_string[alternate]);
    }
}

static void take_device(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_device_descriptor device;
    if (rlk_device_descriptor_parse(&device, result->outcome->data, result->outcome->bytes) == RLK_OK) {
        session->findings.fingerprint.device = device;
        session->tries = 0;
        rlk_step_next(session);
    } else if (!try_again(session)) {
        rlk_stage_fail(session, RLK_E_DESCRIPTOR_BAD, 0);
    }
}

static bool is_same_map(const struct rlk_layout *a, const struct rlk_layout *b)
{
    bool is_same = a->group_count == b->group_count;
    for (size_t i = 0; i < a->group_count && is_same; i++) {
        const struct rlk_sector_group *x = &a->groups[i];
        const struct rlk_sector_group *y = &b->groups[i];
        is_same = x->start_addr == y->start_addr && x->count == y->count && x->sector_bytes == y->sector_bytes &&
                  x->access == y->access;
    }
    return is_same;
}

static void compare_layout(struct rlk_session *session, const struct rlk_result *result)
{
    char text[RLK_STRING_TEXT_BYTES];
    struct rlk_layout layout;
    const struct rlk_layout *known = rlk_session_flash_layout(session);
    take_string(text, result);
    (void)rlk_layout_parse(&layout, text, strlen(text), NULL);
    if (is_same_map(&layout, known)) {
        session->tries = 0;
        rlk_step_next(session);
    } else if (!try_again(session)) {
        rlk_stage_fail(session, RLK_E_WRONG_DEVICE, 0);
    }
}

static void on_device(struct rlk_session *session, const struct rlk_result *result)
{
    if (is_first_visit(session)) {
        take_device(session, result);
    } else {
        compare_layout(session, result);
    }
}

static void issue_serial(struct rlk_session *session)
{
    issue_string(session, session->findings.fingerprint.device.serial_string);
}

/* The journal and every later visit go by the serial, so the first time it must be read the same twice. */
static void take_serial(struct rlk_session *session, const char *serial)
{
    char *known = session->findings.fingerprint.serial;
    bool is_missing = serial[0] == '\0' && session->findings.fingerprint.device.serial_string != 0;
    if (is_missing && try_again(session)) {
        return; /* that it cannot be read at all takes more than two failures */
    }
    bool is_confirmed = session->tries > 0 && strcmp(known, serial) == 0;
    memcpy(known, serial, RLK_STRING_TEXT_BYTES);
    if (is_confirmed || session->findings.fingerprint.device.serial_string == 0) {
        rlk_step_next(session);
    } else if (!try_again(session)) {
        rlk_stage_fail(session, RLK_E_TRANSPORT_UNSTABLE, 0);
    }
}

static void compare_serial(struct rlk_session *session, const char *serial)
{
    const char *known = session->findings.fingerprint.serial;
    bool must_be_same = rlk_serial_is_unique(known) || session->wish.serial != NULL;
    if (!must_be_same || strcmp(known, serial) == 0) {
        session->evidence.is_open = true;
        rlk_stage_end(session);
    } else if (!try_again(session)) {
        rlk_stage_fail(session, RLK_E_WRONG_DEVICE, 0);
    }
}

static void on_serial(struct rlk_session *session, const struct rlk_result *result)
{
    char serial[RLK_STRING_TEXT_BYTES] = {0};
    take_string(serial, result);
    if (is_first_visit(session)) {
        take_serial(session, serial);
    } else {
        compare_serial(session, serial);
    }
}

static void issue_configuration_head(struct rlk_session *session)
{
    rlk_issue_descriptor(session, DESCRIPTOR_CONFIGURATION, 0, 0, CONFIGURATION_HEAD_BYTES);
}

static void on_configuration_head(struct rlk_session *session, const struct rlk_result *result)
{
    uint16_t total = rlk_configuration_total_length(result->outcome->data, result->outcome->bytes);
    if (total == 0 || total > RLK_CONFIG_BYTES_MAX) {
        rlk_stage_fail(session, RLK_E_DESCRIPTOR_BAD, 0);
    } else {
        session->buffer_bytes = total;
        rlk_step_next(session);
    }
}

static void issue_configuration(struct rlk_session *session)
{
    rlk_issue_descriptor(session, DESCRIPTOR_CONFIGURATION, 0, 0, (uint16_t)session->buffer_bytes);
}

static void on_configuration(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_fingerprint *fingerprint = &session->findings.fingerprint;
    enum rlk_error error = rlk_dfu_interface_parse(&fingerprint->dfu, result->outcome->data, result->outcome->bytes);
    if (error == RLK_OK && !fingerprint->dfu.is_dfu_mode) {
        error = RLK_E_DESCRIPTOR_NO_DFU;
    }
    /* It holds the transfer size, by which blocks are placed; a verify with a wrong one would agree with the writing.
     */
    if (error == RLK_OK && !fingerprint->dfu.has_functional) {
        error = RLK_E_DESCRIPTOR_BAD;
    }
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
        return;
    }
    session->exchange.interface_number = fingerprint->dfu.interface_number;
    fingerprint->layout_count = 0;
    fingerprint->flash_string[0] = '\0';
    session->tries = 0;
    rlk_step_next(session);
}

static void issue_product(struct rlk_session *session)
{
    issue_string(session, session->findings.fingerprint.device.product_string);
}

static void on_product(struct rlk_session *session, const struct rlk_result *result)
{
    take_string(session->findings.fingerprint.product, result);
    rlk_step_next(session);
}

static void issue_alternate(struct rlk_session *session)
{
    const struct rlk_fingerprint *fingerprint = &session->findings.fingerprint;
    issue_string(session, fingerprint->dfu.alternate_string[fingerprint->layout_count]);
}

/* The chip is not known yet: as any row has it. */
static bool begins_where_flash_does(const struct rlk_layout *layout)
{
    const struct rlk_chip *row = NULL;
    bool is_so = false;
    for (unsigned family = RLK_FAMILY_UNKNOWN + 1; (row = rlk_chip_row((enum rlk_family)family)) != NULL; family++) {
        is_so = is_so || (layout->group_count > 0 && layout->groups[0].start_addr == row->flash_addr);
    }
    return is_so;
}

static void on_alternate(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_fingerprint *fingerprint = &session->findings.fingerprint;
    char text[RLK_STRING_TEXT_BYTES];
    take_string(text, result);
    struct rlk_layout *layout = &fingerprint->layouts[fingerprint->layout_count];
    if (rlk_layout_parse(layout, text, strlen(text), NULL) != RLK_OK && try_again(session)) {
        return;
    }
    session->tries = 0;
    if (begins_where_flash_does(layout)) {
        memcpy(fingerprint->flash_string, text, sizeof text);
    }
    fingerprint->layout_count++;
    if (fingerprint->layout_count >= fingerprint->dfu.alternate_count) {
        session->evidence.is_open = true;
        rlk_stage_end(session);
    }
}

static const struct rlk_step steps[] = {
    [STEP_REOPEN] = {issue_reopen, on_reopen},
    [STEP_DEVICE] = {issue_device, on_device},
    [STEP_SERIAL] = {issue_serial, on_serial},
    [STEP_CONFIGURATION_HEAD] = {issue_configuration_head, on_configuration_head},
    [STEP_CONFIGURATION] = {issue_configuration, on_configuration},
    [STEP_PRODUCT] = {issue_product, on_product},
    [STEP_ALTERNATES] = {issue_alternate, on_alternate},
};

const struct rlk_stage_script rlk_stage_open = {steps, NULL};
