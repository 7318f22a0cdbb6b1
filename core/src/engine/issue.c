/* What steps ask for: exchanges and operations, each with its deadline from the row. */
#include "engine/exchange_machine.h"
#include "engine/stage.h"
#include "relock/digest.h"

#include <string.h>

enum {
    UNKNOWN_CHIP_BUSY_MAX_MS = 5000,
    COMMAND_BUSY_MAX_MS = 2000,
    STANDARD_IN = 0x80,
    GET_DESCRIPTOR = 6,
    STANDARD_TIMEOUT_MS = 5000,
    LIST_BYTES = 64,
    OPTIONS_BLOCK = 2
};
enum { OPCODE_SET_ADDRESS = 0x21, OPCODE_ERASE = 0x41, OPCODE_READ_UNPROTECT = 0x92 };

static void issue_exchange(struct rlk_session *session, const struct rlk_exchange_request *request)
{
    session->is_in_exchange = true;
    session->is_resetting = request->kind == RLK_EXCHANGE_RESETTING;
    rlk_exchange_begin(&session->exchange, request);
    if (session->exchange.verdict != RLK_VERDICT_NONE) {
        session->is_in_exchange = false;
        rlk_issue_nothing(session);
    }
}

/* Set-address and the like do nothing to the flash, but some ROMs announce a full program time for them. */
static uint32_t command_busy_max_ms(const struct rlk_session *session)
{
    uint32_t block_ms = session->findings.chip.program_max_ms_per_block;
    return block_ms > COMMAND_BUSY_MAX_MS ? block_ms : COMMAND_BUSY_MAX_MS;
}

void rlk_issue_idle(struct rlk_session *session)
{
    struct rlk_exchange_request request = {.kind = RLK_EXCHANGE_IDLE, .busy_max_ms = UNKNOWN_CHIP_BUSY_MAX_MS};
    issue_exchange(session, &request);
}

/* When the work is to be polled first. FS device cores stall a poll that comes too early, and announce less than the
 * data sheet's time (L43x: 21 ms for an erase of 22 to 25 ms). OTG cores hold it until the work is done; generation B
 * has held the GETSTATUS before it for that long, and there is nothing left to wait for. */
static void time_polls(const struct rlk_session *session, struct rlk_exchange_request *request, uint32_t typical_ms)
{
    enum rlk_rom_generation generation = session->findings.chip.generation;
    request->busy_typical_ms = generation == RLK_ROM_A_FS ? typical_ms + 1U : 0U;
    if (rlk_session_polls_early(session)) {
        request->expected_ms = generation == RLK_ROM_B ? 1U : typical_ms;
    }
}

static struct rlk_exchange_request command_request(struct rlk_session *session, uint8_t opcode, uint32_t addr,
                                                   uint32_t busy_max_ms)
{
    session->command[0] = opcode;
    for (unsigned i = 0; i < 4; i++) {
        session->command[1 + i] = (uint8_t)(addr >> (8U * i));
    }
    return (struct rlk_exchange_request){
        .kind = RLK_EXCHANGE_WRITE, .length = 5, .data = session->command, .busy_max_ms = busy_max_ms};
}

/* Polled as announced, always: there is next to nothing to gain, and at level 1 its refusal is a witness, which must
 * not be in doubt. */
void rlk_issue_set_address(struct rlk_session *session, uint32_t addr)
{
    struct rlk_exchange_request request =
        command_request(session, OPCODE_SET_ADDRESS, addr, command_busy_max_ms(session));
    issue_exchange(session, &request);
}

void rlk_issue_erase(struct rlk_session *session, const struct rlk_sector *sector)
{
    const struct rlk_chip *chip = &session->findings.chip;
    struct rlk_exchange_request request =
        command_request(session, OPCODE_ERASE, sector->start_addr, chip->sector_erase_max_ms);
    time_polls(session, &request, rlk_sector_erase_typical_ms(chip, sector->bytes));
    issue_exchange(session, &request);
}

static void issue_read(struct rlk_session *session, enum rlk_exchange_kind kind, uint16_t block, uint16_t length,
                       bool data_is_options)
{
    struct rlk_exchange_request request = {.kind = kind,
                                           .block = block,
                                           .length = length,
                                           .busy_max_ms = command_busy_max_ms(session),
                                           .data_is_options = data_is_options};
    request.refusal_may_be_state_15 = (session->findings.chip.quirks & RLK_QUIRK_BIT(REFUSAL_IN_STATE_15)) != 0;
    issue_exchange(session, &request);
}

void rlk_issue_upload(struct rlk_session *session, uint16_t block, uint16_t length)
{
    issue_read(session, RLK_EXCHANGE_READ, block, length, false);
}

void rlk_issue_upload_options(struct rlk_session *session)
{
    issue_read(session, RLK_EXCHANGE_READ, OPTIONS_BLOCK, session->findings.chip.options_bytes, true);
}

void rlk_issue_list_opcodes(struct rlk_session *session)
{
    issue_read(session, RLK_EXCHANGE_LIST, 0, LIST_BYTES, false);
}

void rlk_issue_download(struct rlk_session *session, uint16_t block, const uint8_t *data, uint16_t length)
{
    const struct rlk_chip *chip = &session->findings.chip;
    uint32_t program_us = (length + 15U) / 16U * chip->program_typical_us_per_byte_x16;
    uint32_t program_ms = (program_us + 999U) / 1000U;
    struct rlk_exchange_request request = {.kind = RLK_EXCHANGE_WRITE,
                                           .block = block,
                                           .length = length,
                                           .data = data,
                                           .busy_max_ms = chip->program_max_ms_per_block};
    request.first_status_may_be_last =
        chip->generation == RLK_ROM_C || (chip->quirks & RLK_QUIRK_BIT(NO_BUSY_STATE)) != 0;
    time_polls(session, &request, program_ms);
    issue_exchange(session, &request);
}

void rlk_issue_unprotect(struct rlk_session *session)
{
    session->command[0] = OPCODE_READ_UNPROTECT;
    struct rlk_exchange_request request = {.kind = RLK_EXCHANGE_RESETTING,
                                           .length = 1,
                                           .data = session->command,
                                           .busy_max_ms = session->findings.chip.mass_erase_max_ms};
    issue_exchange(session, &request);
}

void rlk_issue_write_options(struct rlk_session *session)
{
    struct rlk_exchange_request request = {.kind = RLK_EXCHANGE_RESETTING,
                                           .block = OPTIONS_BLOCK,
                                           .length = session->findings.chip.options_write_bytes,
                                           .data = session->buffer,
                                           .busy_max_ms = command_busy_max_ms(session),
                                           .data_is_options = true};
    issue_exchange(session, &request);
}

void rlk_issue_leave(struct rlk_session *session)
{
    struct rlk_exchange_request request = {
        .kind = RLK_EXCHANGE_RESETTING, .data = session->command, .busy_max_ms = command_busy_max_ms(session)};
    issue_exchange(session, &request);
}

static struct rlk_operation *begin_operation(struct rlk_session *session, enum rlk_operation_kind kind)
{
    session->operation.kind = kind;
    session->operation_is_ready = true;
    return &session->operation;
}

void rlk_issue_descriptor(struct rlk_session *session, uint8_t type, uint8_t index, uint16_t language, uint16_t length)
{
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_CONTROL_IN);
    operation->request_type = STANDARD_IN;
    operation->request = GET_DESCRIPTOR;
    operation->value = (uint16_t)(type << 8 | index);
    operation->windex = language;
    operation->length = length;
    operation->timeout_ms = STANDARD_TIMEOUT_MS;
    operation->content = RLK_DATA_DESCRIPTOR;
}

void rlk_issue_select_alternate(struct rlk_session *session, int alternate)
{
    if (session->alternate == alternate) {
        rlk_issue_nothing(session);
        return;
    }
    session->alternate = alternate;
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_SELECT_ALTERNATE);
    operation->alternate = (uint8_t)alternate;
    operation->timeout_ms = STANDARD_TIMEOUT_MS;
}

void rlk_issue_reopen(struct rlk_session *session, enum rlk_action meanwhile, enum rlk_action action,
                      uint32_t patience_ms)
{
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_REOPEN);
    operation->reason = session->reopen_reason;
    operation->serial = session->evidence.is_known ? session->findings.fingerprint.serial : NULL;
    operation->meanwhile = meanwhile;
    operation->action = action;
    operation->patience_ms = patience_ms;
}

void rlk_issue_ask(struct rlk_session *session, enum rlk_question question)
{
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_ASK);
    operation->question = question;
    operation->digest = rlk_session_digest(session, question);
}

void rlk_issue_record(struct rlk_session *session, enum rlk_journal_phase phase)
{
    const struct rlk_image *image = session->wish.image;
    struct rlk_journal_entry entry = {
        .phase = phase,
        .family = session->findings.chip.family,
        .end_protected = session->goal.end_protected,
        .way_back = session->wish.way_back,
        .image_digest = rlk_session_job_digest(session),
        .image_bytes = image == NULL ? 0U : (uint32_t)image->size,
    };
    memcpy(entry.serial, session->findings.fingerprint.serial, sizeof entry.serial - 1U); /* cut, as the journal says */
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_RECORD);
    operation->entry_bytes = rlk_journal_encode(&entry, session->journal_line);
    operation->entry = session->journal_line;
    session->journal_phase = phase;
}

void rlk_issue_fetch(struct rlk_session *session, uint32_t offset, uint32_t bytes)
{
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_FETCH);
    operation->offset = offset;
    operation->bytes = bytes;
}

void rlk_issue_store(struct rlk_session *session, uint32_t offset, const uint8_t *data, uint32_t bytes)
{
    struct rlk_operation *operation = begin_operation(session, RLK_OPERATION_STORE);
    operation->offset = offset;
    operation->data = data;
    operation->bytes = bytes;
    operation->content = RLK_DATA_FIRMWARE;
}

void rlk_issue_keep(struct rlk_session *session)
{
    (void)begin_operation(session, RLK_OPERATION_KEEP);
}

static void add_text(uint64_t *digest, const char *text)
{
    rlk_digest_add_bytes(digest, text, strlen(text));
}

static void add_wished_options(uint64_t *digest, const struct rlk_wish *wish)
{
    for (size_t i = 0; i < wish->option_count; i++) {
        add_text(digest, wish->options[i].field);
        rlk_digest_add_u32(digest, wish->options[i].value);
    }
}

uint64_t rlk_session_job_digest(const struct rlk_session *session)
{
    const struct rlk_image *image = session->wish.image;
    uint64_t digest;
    rlk_digest_init(&digest);
    if (image == NULL) {
        rlk_digest_add_u32(&digest, (uint32_t)session->goal.job);
    } else {
        digest = image->digest;
    }
    add_wished_options(&digest, &session->wish);
    return digest;
}

uint64_t rlk_session_digest(const struct rlk_session *session, enum rlk_question question)
{
    const struct rlk_findings *findings = &session->findings;
    uint64_t digest;
    rlk_digest_init(&digest);
    rlk_digest_add_u32(&digest, (uint32_t)session->wish.nonce);
    rlk_digest_add_u32(&digest, (uint32_t)(session->wish.nonce >> 32));
    rlk_digest_add_u32(&digest, findings->fingerprint.device.bcd_device);
    rlk_digest_add_bytes(&digest, findings->options, findings->options_bytes);
    rlk_digest_add_u32(&digest, (uint32_t)question);
    add_text(&digest, findings->fingerprint.serial);
    rlk_digest_add_u32(&digest, (uint32_t)findings->candidates);
    rlk_digest_add_u32(&digest, (uint32_t)(findings->candidates >> 32));
    rlk_digest_add_u32(&digest, (uint32_t)session->evidence.protection);
    rlk_digest_add_u32(&digest, (uint32_t)session->goal.job);
    rlk_digest_add_u32(&digest, session->goal.end_protected ? 1U : 0U);
    rlk_digest_add_u32(&digest, (uint32_t)session->wish.way_back);
    rlk_digest_add_u32(&digest, session->wish.trustzone_is_off ? 1U : 0U);
    rlk_digest_add_u32(&digest, session->wish.erases_whole_sectors ? 1U : 0U);
    add_wished_options(&digest, &session->wish);
    rlk_digest_add_u32(&digest, session->visits);
    if (session->wish.image != NULL) {
        rlk_digest_add_u32(&digest, (uint32_t)session->wish.image->digest);
        rlk_digest_add_u32(&digest, (uint32_t)(session->wish.image->digest >> 32));
    }
    return digest;
}

/* What the byte says is "open" in another family that announces the same: then it is that one, not the one named. */
static rlk_family_mask families_that_are_open(const struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    rlk_family_mask families = rlk_chip_candidates(&findings->fingerprint) & ~findings->candidates;
    for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
        const struct rlk_chip *row = rlk_chip_row((enum rlk_family)family);
        bool is_open = row->options_addr == findings->chip.options_addr &&
                       row->rdp_read_offset < findings->options_bytes &&
                       findings->options[row->rdp_read_offset] == row->rdp_level0;
        families &= is_open ? families : ~RLK_FAMILY_BIT(family);
    }
    return families;
}

/* Of a device whose flash can be read: level 0's byte, or the one that Relock writes itself and that may not be loaded
 * yet. Where that is to be written, any other that means level 1 contradicts the flash. */
static enum rlk_error judge_level(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    const enum rlk_rdp_level level = rlk_options_level(&findings->chip, findings->options);
    const bool is_canonical = findings->options[findings->chip.rdp_read_offset] == findings->chip.rdp_level1;
    const bool may_be = session->goal.end_protected && (level != RLK_RDP_LEVEL_1 || is_canonical);
    if (session->evidence.protection != RLK_PROTECTION_OPEN || level == RLK_RDP_LEVEL_0 || may_be) {
        return RLK_OK;
    }
    const rlk_family_mask families = families_that_are_open(session);
    if (families == 0) {
        return RLK_E_PROTECTION_CONTRADICTORY;
    }
    findings->candidates = families;
    return RLK_E_CHIP_CONTRADICTS_CLAIM;
}

/* The block with the wished fields at level 1, into session->buffer. */
static enum rlk_error build_options(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    const struct rlk_wish *wish = &session->wish;
    const struct rlk_chip *chip = &findings->chip;
    memcpy(session->buffer, findings->options, findings->options_bytes);
    enum rlk_error error =
        rlk_options_judge_lost(chip, session->buffer, wish->options, wish->option_count, &session->fault.field);
    if (error != RLK_OK) {
        return error;
    }
    rlk_options_mend(chip, session->buffer, wish->options, wish->option_count);
    error = rlk_options_check(chip, session->buffer, findings->options_bytes);
    if (error == RLK_OK) {
        error = judge_level(session);
    }
    if (error == RLK_OK) {
        error = rlk_options_apply(chip, wish->options, wish->option_count, session->buffer, &session->fault.field);
    }
    if (error == RLK_OK) {
        error = rlk_options_judge_change(chip, findings->options, session->buffer, &session->fault.field);
    }
    return error == RLK_OK ? rlk_options_build(chip, session->buffer, true, session->buffer) : error;
}

enum rlk_error rlk_options_prepare(struct rlk_session *session)
{
    const struct rlk_findings *findings = &session->findings;
    const struct rlk_chip *chip = &findings->chip;
    const bool ends_protected = session->goal.end_protected;
    const char **field = &session->fault.field;
    enum rlk_error error = build_options(session);
    if (error == RLK_OK) {
        error = rlk_options_judge_door(chip, session->buffer, session->wish.way_back, field);
    }
    if (error == RLK_OK && findings->protection == RLK_PROTECTION_OPEN && !findings->second_options_were_read &&
        rlk_findings_announce_second_block(findings)) {
        return RLK_E_OPTIONS_UNREADABLE;
    }
    if (error == RLK_OK && findings->second_options_were_read) {
        error = rlk_options_judge_second(chip, findings->second_options, field);
    }
    if (error == RLK_E_DOOR_WOULD_CLOSE && !ends_protected) {
        return RLK_E_OPTIONS_CLOSE_DOOR;
    }
    return error == RLK_OK && !ends_protected ? rlk_options_build(chip, session->buffer, false, session->buffer)
                                              : error;
}
