#include "replay/replay_words.h"
#include <inttypes.h>
#include <stdio.h>

enum { DNLOAD = 1, UPLOAD, GETSTATUS, CLRSTATUS, GETSTATE, ABORT };
enum { SET_ADDRESS = 0x21, ERASE = 0x41, READ_UNPROTECT = 0x92 };
enum { CLASS_OUT = 0x21, CLASS_IN = 0xA1, STANDARD_IN = 0x80, FIRST_DATA_BLOCK = 2, ADDRESS_COMMAND_BYTES = 5 };
enum { STATUS_BYTES = 6, STRING = 3 };

static uint32_t address_in(const uint8_t *bytes)
{
    return bytes[1] | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3] << 16 | (uint32_t)bytes[4] << 24;
}

static void command_words(const struct replay_line *line, char *text)
{
    bool has_address = line->length == ADDRESS_COMMAND_BYTES;
    uint8_t command = line->bytes[0];
    if (has_address && command == SET_ADDRESS) {
        snprintf(text, REPLAY_TEXT_BYTES, "set the address to 0x%08" PRIx32, address_in(line->bytes));
    } else if (has_address && command == ERASE) {
        snprintf(text, REPLAY_TEXT_BYTES, "erase the sector at 0x%08" PRIx32, address_in(line->bytes));
    } else if (line->length == 1 && command == READ_UNPROTECT) {
        snprintf(text, REPLAY_TEXT_BYTES, "READ UNPROTECT: remove the protection, which erases everything");
    } else {
        snprintf(text, REPLAY_TEXT_BYTES, "a command that Relock does not use (0x%02x)", command);
    }
}

static void download_words(const struct replay_line *line, char *text)
{
    if (line->length == 0) {
        snprintf(text, REPLAY_TEXT_BYTES, "leave DFU mode and start the firmware");
    } else if (line->operation.value < FIRST_DATA_BLOCK) {
        command_words(line, text);
    } else {
        snprintf(text, REPLAY_TEXT_BYTES, "write block %u: %zu bytes%s", line->operation.value - FIRST_DATA_BLOCK,
                 line->length, line->is_hidden ? " of firmware" : "");
    }
}

static void upload_words(const struct rlk_operation *operation, char *text)
{
    if (operation->value == 0) {
        snprintf(text, REPLAY_TEXT_BYTES, "which commands are there?");
    } else {
        snprintf(text, REPLAY_TEXT_BYTES, "read block %d: %u bytes", operation->value - FIRST_DATA_BLOCK,
                 operation->length);
    }
}

static void descriptor_words(const struct rlk_operation *operation, char *text)
{
    static const char *const kinds[] = {"", "device", "configuration", "string"};
    unsigned kind = operation->value >> 8;
    snprintf(text, REPLAY_TEXT_BYTES, "USB: the %s descriptor %u", kind < 4 ? kinds[kind] : "other",
             operation->value & 0xFFU);
}

static void control_words(const struct replay_line *line, char *text)
{
    static const char *const plain[] = {
        [GETSTATUS] = "how did it go? (GETSTATUS)",
        [CLRSTATUS] = "clear the error (CLRSTATUS)",
        [GETSTATE] = "which state? (GETSTATE)",
        [ABORT] = "back to idle (ABORT)",
    };
    const struct rlk_operation *operation = &line->operation;
    bool is_class = operation->request_type == CLASS_OUT || operation->request_type == CLASS_IN;
    if (is_class && operation->request == DNLOAD) {
        download_words(line, text);
    } else if (is_class && operation->request == UPLOAD) {
        upload_words(operation, text);
    } else if (is_class && operation->request >= GETSTATUS && operation->request <= ABORT) {
        snprintf(text, REPLAY_TEXT_BYTES, "%s", plain[operation->request]);
    } else if (operation->request_type == STANDARD_IN) {
        descriptor_words(operation, text);
    } else {
        snprintf(text, REPLAY_TEXT_BYTES, "a request that Relock does not use");
    }
}

void replay_words_of_operation(const struct replay_line *line, char *text)
{
    static const char *const plain[RLK_OPERATION_KINDS] = {
        [RLK_OPERATION_ASK] = "the person is asked",
        [RLK_OPERATION_RECORD] = "the journal is written",
        [RLK_OPERATION_FETCH] = "firmware is fetched",
        [RLK_OPERATION_STORE] = "what was read is kept",
        [RLK_OPERATION_KEEP] = "what else is in the sectors is kept",
        [RLK_OPERATION_DONE] = "the end",
    };
    const struct rlk_operation *operation = &line->operation;
    switch (operation->kind) {
    case RLK_OPERATION_CONTROL_OUT:
    case RLK_OPERATION_CONTROL_IN:
        control_words(line, text);
        break;
    case RLK_OPERATION_SELECT_ALTERNATE:
        snprintf(text, REPLAY_TEXT_BYTES, "choose memory %u", operation->alternate);
        break;
    case RLK_OPERATION_SLEEP:
        snprintf(text, REPLAY_TEXT_BYTES, "wait %" PRIu32 " ms", operation->duration_ms);
        break;
    case RLK_OPERATION_REOPEN:
        snprintf(text, REPLAY_TEXT_BYTES, "open the device (%s)", rlk_reopen_reason_name(operation->reason));
        break;
    default:
        snprintf(text, REPLAY_TEXT_BYTES, "%s", plain[operation->kind]);
        break;
    }
}

/* DFU 1.1, tables 6.1.2 and A.2. */
static void status_words(const uint8_t *status, char *text)
{
    static const char *const states[] = {"appIDLE",          "appDETACH",   "dfuIDLE",
                                         "dfuDNLOAD-SYNC",   "dfuDNBUSY",   "dfuDNLOAD-IDLE",
                                         "dfuMANIFEST-SYNC", "dfuMANIFEST", "dfuMANIFEST-WAIT-RESET",
                                         "dfuUPLOAD-IDLE",   "dfuERROR"};
    static const char *const errors[] = {"OK",         "errTARGET",       "errFILE",     "errWRITE",
                                         "errERASE",   "errCHECK_ERASED", "errPROG",     "errVERIFY",
                                         "errADDRESS", "errNOTDONE",      "errFIRMWARE", "errVENDOR",
                                         "errUSBR",    "errPOR",          "errUNKNOWN",  "errSTALLEDPKT"};
    uint32_t poll_ms = status[1] | (uint32_t)status[2] << 8 | (uint32_t)status[3] << 16;
    const char *state = status[4] < sizeof states / sizeof states[0] ? states[status[4]] : "no such state";
    const char *error = status[0] < sizeof errors / sizeof errors[0] ? errors[status[0]] : "no such status";
    int used = snprintf(text, REPLAY_TEXT_BYTES, "%s, %s", state, error);
    if (poll_ms != 0) {
        snprintf(text + used, REPLAY_TEXT_BYTES - (size_t)used, ", ask again in %" PRIu32 " ms", poll_ms);
    }
}

/* USB 2.0, table 9-16: UTF-16, of which this shows ASCII. */
static void string_words(const uint8_t *data, size_t length, char *text)
{
    size_t used = 0;
    text[used++] = '"';
    for (size_t i = 2; i + 1 < length && used + 2 < REPLAY_TEXT_BYTES; i += 2) {
        bool is_plain = data[i + 1] == 0 && data[i] >= ' ' && data[i] <= '~';
        text[used++] = is_plain ? (char)data[i] : '?';
    }
    text[used++] = '"';
    text[used] = '\0';
}

void replay_words_of_answer(const struct rlk_operation *asked, enum rlk_outcome_kind outcome, const uint8_t *data,
                            size_t length, bool is_hidden, char *text)
{
    static const char *const words[RLK_OUTCOMES] = {
        [RLK_OUTCOME_OK] = "done",
        [RLK_OUTCOME_STALL] = "refused (STALL)",
        [RLK_OUTCOME_TIMEOUT] = "no answer in time",
        [RLK_OUTCOME_GONE] = "the device was gone",
        [RLK_OUTCOME_FAILED] = "the transfer failed",
    };
    bool is_status = asked->kind == RLK_OPERATION_CONTROL_IN && asked->request_type == CLASS_IN &&
                     asked->request == GETSTATUS && length == STATUS_BYTES;
    bool is_string = asked->kind == RLK_OPERATION_CONTROL_IN && asked->request_type == STANDARD_IN &&
                     asked->value >> 8 == STRING && length >= 2;
    if (outcome == RLK_OUTCOME_OK && is_status) {
        status_words(data, text);
    } else if (outcome == RLK_OUTCOME_OK && is_string) {
        string_words(data, length, text);
    } else if (outcome == RLK_OUTCOME_OK && length > 0) {
        snprintf(text, REPLAY_TEXT_BYTES, "%zu bytes%s", length, is_hidden ? " of firmware" : "");
    } else {
        snprintf(text, REPLAY_TEXT_BYTES, "%s", words[outcome]);
    }
}
