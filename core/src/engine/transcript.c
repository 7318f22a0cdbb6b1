#include "relock/transcript.h"

#include "line.h"
#include "relock/digest.h"

enum { HEX_DIGIT_PAIR = 2, HEX_DIGITS_OF_DIGEST = 16, HEX_DIGITS_OF_CRC = 8, SHOWN_BYTES_MAX = 600 };

static bool may_be_shown(const struct rlk_operation *operation)
{
    return operation->content != RLK_DATA_FIRMWARE;
}

static void add_data(struct rlk_line *line, const struct rlk_operation *operation, const uint8_t *data, size_t bytes)
{
    if (bytes == 0 || data == NULL) {
        return;
    }
    if (!may_be_shown(operation)) {
        rlk_line_add(line, " ");
        rlk_line_add_number(line, (uint32_t)bytes);
        rlk_line_add(line, " bytes crc ");
        rlk_line_add_hex(line, rlk_crc32(0, data, bytes), HEX_DIGITS_OF_CRC, 'a');
        return;
    }
    rlk_line_add(line, " [");
    for (size_t i = 0; i < bytes && i < SHOWN_BYTES_MAX; i++) {
        rlk_line_add(line, i == 0 ? "" : " ");
        rlk_line_add_hex(line, data[i], HEX_DIGIT_PAIR, 'a');
    }
    rlk_line_add(line, "]");
}

static void add_digest(struct rlk_line *line, uint64_t digest)
{
    rlk_line_add(line, " ");
    rlk_line_add_hex(line, digest, HEX_DIGITS_OF_DIGEST, 'a');
}

static void add_number(struct rlk_line *line, uint32_t value)
{
    rlk_line_add(line, " ");
    rlk_line_add_number(line, value);
}

static void add_control(struct rlk_line *line, const struct rlk_operation *operation)
{
    rlk_line_add(line, operation->kind == RLK_OPERATION_CONTROL_IN ? "in " : "out ");
    rlk_line_add_hex(line, operation->request_type, HEX_DIGIT_PAIR, 'a');
    add_number(line, operation->request);
    add_number(line, operation->value);
    add_number(line, operation->windex);
    if (operation->kind == RLK_OPERATION_CONTROL_IN) {
        add_number(line, operation->length);
    } else {
        add_data(line, operation, operation->data, operation->length);
    }
}

static void add_reopen(struct rlk_line *line, const struct rlk_operation *operation)
{
    rlk_line_add(line, "reopen ");
    rlk_line_add(line, rlk_reopen_reason_name(operation->reason));
    rlk_line_add(line, " ");
    rlk_line_add(line, rlk_action_name(operation->meanwhile));
    rlk_line_add(line, " ");
    rlk_line_add(line, rlk_action_name(operation->action));
}

static void add_ask(struct rlk_line *line, const struct rlk_operation *operation)
{
    rlk_line_add(line, "ask ");
    rlk_line_add(line, rlk_question_name(operation->question));
    add_digest(line, operation->digest);
}

static void add_done(struct rlk_line *line, const struct rlk_operation *operation)
{
    rlk_line_add(line, "done ");
    rlk_line_add(line, rlk_stage_name(operation->ending));
    rlk_line_add(line, " ");
    rlk_line_add(line, rlk_error_name(operation->error));
}

static void add_plain(struct rlk_line *line, const struct rlk_operation *operation)
{
    rlk_line_add(line, rlk_operation_kind_name(operation->kind));
    switch (operation->kind) {
    case RLK_OPERATION_SELECT_ALTERNATE:
        add_number(line, operation->alternate);
        break;
    case RLK_OPERATION_SLEEP:
        add_number(line, operation->duration_ms);
        break;
    case RLK_OPERATION_RECORD:
        rlk_line_add(line, " ");
        rlk_line_add(line, operation->entry);
        break;
    case RLK_OPERATION_KEEP:
        break;
    default:
        add_number(line, operation->offset);
        add_number(line, operation->bytes);
        break;
    }
}

size_t rlk_transcript_operation(const struct rlk_operation *operation, char *text)
{
    struct rlk_line line;
    rlk_line_init(&line, text, RLK_TRANSCRIPT_LINE_BYTES);
    rlk_line_add(&line, "> ");
    switch (operation->kind) {
    case RLK_OPERATION_CONTROL_OUT:
    case RLK_OPERATION_CONTROL_IN:
        add_control(&line, operation);
        break;
    case RLK_OPERATION_REOPEN:
        add_reopen(&line, operation);
        break;
    case RLK_OPERATION_ASK:
        add_ask(&line, operation);
        break;
    case RLK_OPERATION_DONE:
        add_done(&line, operation);
        break;
    default:
        add_plain(&line, operation);
        break;
    }
    return line.length;
}

size_t rlk_transcript_outcome(const struct rlk_operation *operation, const struct rlk_outcome *outcome, char *text)
{
    struct rlk_line line;
    rlk_line_init(&line, text, RLK_TRANSCRIPT_LINE_BYTES);
    rlk_line_add(&line, "< ");
    rlk_line_add(&line, rlk_outcome_kind_name(outcome->kind));
    if (outcome->kind != RLK_OUTCOME_OK) {
        return line.length;
    }
    if (operation->kind == RLK_OPERATION_CONTROL_IN) {
        add_data(&line, operation, outcome->data, outcome->bytes);
    } else if (operation->kind == RLK_OPERATION_ASK) {
        rlk_line_add(&line, outcome->is_yes ? " yes" : " no");
        add_digest(&line, outcome->digest);
    }
    return line.length;
}
