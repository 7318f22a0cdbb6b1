/* Open: reach the device, read its descriptors by control transfer (a browser gives no interface names). */
#include "stage.h"

#include "exchange_machine.h"

#include <string.h>

enum { DESCRIPTOR_DEVICE = 1, DESCRIPTOR_CONFIGURATION = 2, DESCRIPTOR_STRING = 3, ENGLISH = 0x0409 };
enum {
    DEVICE_BYTES = 18,
    CONFIGURATION_HEAD_BYTES = 9,
    STRING_BYTES_MAX = 255,
    SETTLE_MS = 20000,
    LOST_PATIENCE_MS = 10000,
    FIRST_PATIENCE_MS = 3000
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
    return session->visits <= 1;
}

static enum rlk_action bring_back_action(const struct rlk_session *session)
{
    /* Once sealed, the flash is not empty any more: replugging alone would start the application. */
    enum rlk_action unheld = session->evidence.seal == RLK_SEAL_WRITTEN ? RLK_ACTION_ENTER_DFU : RLK_ACTION_REPLUG;
    return session->wish.way_back == RLK_WAY_BACK_BOOT0 ? RLK_ACTION_HOLD_BOOT0_AND_REPLUG : unheld;
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

static void issue_return_after_seal(struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    bool by_boot0 = session->wish.way_back == RLK_WAY_BACK_BOOT0;
    bool is_dead = chip->power_cycle_after_seal == RLK_POWER_CYCLE_YES;
    rlk_issue_reopen(session, by_boot0 && !is_dead ? RLK_ACTION_KEEP_BOOT0_HELD : RLK_ACTION_NONE,
                     by_boot0 ? RLK_ACTION_HOLD_BOOT0_AND_REPLUG : RLK_ACTION_ENTER_DFU,
                     is_dead ? 0U : 2U * chip->return_max_ms);
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

/* What it means that the device did not come: the stage of the job tells, not the host's reason. */
static enum rlk_error absence_error(const struct rlk_session *session, enum rlk_error host_reason)
{
    if (session->evidence.seal == RLK_SEAL_WRITTEN) {
        return RLK_E_PROOF_MISSING;
    }
    if (session->evidence.consent == RLK_CONSENT_SPENT) {
        return RLK_E_DEVICE_NOT_BACK;
    }
    if (host_reason != RLK_OK) {
        return host_reason;
    }
    return session->reopen_reason == RLK_REOPEN_FIRST ? RLK_E_NO_DEVICE : RLK_E_DEVICE_LOST;
}

static void on_reopen(struct rlk_session *session, const struct rlk_result *result)
{
    if (result->outcome->kind != RLK_OUTCOME_OK) {
        rlk_stage_fail(session, absence_error(session, result->outcome->error), 0);
        return;
    }
    session->visits++;
    session->alternate = -1;
    rlk_exchange_reset(&session->exchange, session->findings.fingerprint.dfu.interface_number);
    rlk_gate_forget_pointer(&session->gate);
    rlk_step_next(session);
}

static void issue_device(struct rlk_session *session)
{
    rlk_issue_descriptor(session, DESCRIPTOR_DEVICE, 0, 0, DEVICE_BYTES);
}

static void on_device(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_device_descriptor device;
    if (rlk_device_descriptor_parse(&device, result->outcome->data, result->outcome->bytes) != RLK_OK) {
        rlk_stage_fail(session, RLK_E_DESCRIPTOR_BAD, 0);
    } else if (is_first_visit(session)) {
        session->findings.fingerprint.device = device;
        rlk_step_next(session);
    } else if (memcmp(&device, &session->findings.fingerprint.device, sizeof device) != 0) {
        rlk_stage_fail(session, RLK_E_WRONG_DEVICE, 0);
    } else {
        rlk_step_next(session);
    }
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

static void issue_serial(struct rlk_session *session)
{
    issue_string(session, session->findings.fingerprint.device.serial_string);
}

static void on_serial(struct rlk_session *session, const struct rlk_result *result)
{
    char serial[RLK_STRING_TEXT_BYTES];
    char *known = session->findings.fingerprint.serial;
    take_string(serial, result);
    if (is_first_visit(session)) {
        memcpy(known, serial, sizeof serial);
        rlk_step_next(session);
    } else if (rlk_serial_is_unique(known) && rlk_serial_is_unique(serial) && strcmp(known, serial) != 0) {
        rlk_stage_fail(session, RLK_E_WRONG_DEVICE, 0);
    } else {
        session->evidence.is_open = true;
        rlk_stage_end(session);
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
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
        return;
    }
    session->exchange.interface_number = fingerprint->dfu.interface_number;
    fingerprint->layout_count = 0;
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

static void on_alternate(struct rlk_session *session, const struct rlk_result *result)
{
    struct rlk_fingerprint *fingerprint = &session->findings.fingerprint;
    char text[RLK_STRING_TEXT_BYTES];
    take_string(text, result);
    (void)rlk_layout_parse(&fingerprint->layouts[fingerprint->layout_count], text, strlen(text), NULL);
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
