/* Transcripts: any operation and any outcome make one printable line that fits, and never show firmware. */
#include "fuzz.h"
#include "relock/transcript.h"
#include "talk.h"
#include <string.h>

enum { SHOWN_BYTES_MAX = 600, FIRMWARE_LINE_MAX = 80 };

struct data {
    uint8_t bytes[RLK_BLOCK_BYTES_MAX];
    char entry[RLK_JOURNAL_LINE_BYTES];
};

static void take_operation(struct fuzz_input *input, struct data *data, struct rlk_operation *operation)
{
    memset(operation, 0, sizeof *operation);
    operation->kind = (enum rlk_operation_kind)fuzz_take_below(input, RLK_OPERATION_KINDS);
    operation->request_type = (uint8_t)fuzz_take(input, 1);
    operation->request = (uint8_t)fuzz_take(input, 1);
    operation->value = (uint16_t)fuzz_take(input, 2);
    operation->windex = (uint16_t)fuzz_take(input, 2);
    operation->length = (uint16_t)(fuzz_take(input, 2) % (RLK_BLOCK_BYTES_MAX + 1U));
    operation->content = (enum rlk_content_kind)fuzz_take_below(input, RLK_DATA_OPTIONS + 1U);
    operation->data = fuzz_take_below(input, 8) == 0 ? NULL : data->bytes;
    operation->alternate = (uint8_t)fuzz_take(input, 1);
    operation->duration_ms = fuzz_take(input, 4);
    operation->reason = (enum rlk_reopen_reason)fuzz_take_below(input, RLK_REOPEN_REASONS);
    operation->meanwhile = (enum rlk_action)fuzz_take_below(input, RLK_ACTION_COUNT);
    operation->action = (enum rlk_action)fuzz_take_below(input, RLK_ACTION_COUNT);
    operation->question = (enum rlk_question)fuzz_take_below(input, RLK_QUESTIONS);
    operation->digest = (uint64_t)fuzz_take(input, 4) << 32 | fuzz_take(input, 4);
    operation->offset = fuzz_take(input, 4);
    operation->bytes = fuzz_take(input, 4);
    operation->ending = (enum rlk_stage)(RLK_ENDING_PROVEN + fuzz_take_below(input, 3));
    operation->error = rlk_error_at(fuzz_take(input, 1));
    operation->entry = data->entry;
    operation->entry_bytes = strlen(data->entry);
}

static void take_outcome(struct fuzz_input *input, const struct data *data, struct rlk_outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    outcome->kind = (enum rlk_outcome_kind)fuzz_take_below(input, RLK_OUTCOMES);
    outcome->bytes = fuzz_take(input, 2) % (RLK_BLOCK_BYTES_MAX + 1U);
    outcome->data = fuzz_take_below(input, 8) == 0 ? NULL : data->bytes;
    outcome->is_yes = fuzz_take_below(input, 2) != 0;
    outcome->digest = (uint64_t)fuzz_take(input, 4) << 32 | fuzz_take(input, 4);
}

static void take_data(struct fuzz_input *input, struct data *data)
{
    struct rlk_journal_entry entry = {.phase = (enum rlk_journal_phase)fuzz_take_below(input, RLK_JOURNAL_PHASES)};
    (void)fuzz_take_bytes(input, (uint8_t *)entry.serial, sizeof entry.serial - 1U);
    (void)rlk_journal_encode(&entry, data->entry);
    (void)fuzz_take_bytes(input, data->bytes, sizeof data->bytes);
}

static void check_line(const char *line, size_t length, char mark)
{
    fuzz_demand(length == strlen(line) && length < RLK_TRANSCRIPT_LINE_BYTES - 1U, "a line fits");
    fuzz_demand(length > 2 && line[0] == mark && line[1] == ' ', "a line says whose it is");
    for (size_t i = 0; i < length; i++) {
        fuzz_demand(line[i] >= ' ' && line[i] <= '~', "a line is one line of printable text");
    }
}

/* What a reader of the tests makes of it is what it was. */
static void check_read_back(const struct rlk_operation *operation, const struct rlk_outcome *outcome, const char *line)
{
    static struct talk talk;
    struct rlk_outcome read;
    bool has_data = outcome->data != NULL && outcome->bytes > 0 && operation->kind == RLK_OPERATION_CONTROL_IN;
    bool is_shown = has_data && operation->content != RLK_DATA_FIRMWARE && outcome->bytes <= SHOWN_BYTES_MAX;
    if (outcome->kind == RLK_OUTCOME_OK && has_data && !is_shown) {
        return;
    }
    fuzz_demand(talk_answer(&talk, line, &read) && read.kind == outcome->kind, "an outcome is read as written");
    if (outcome->kind == RLK_OUTCOME_OK && is_shown) {
        fuzz_demand(read.bytes == outcome->bytes && memcmp(read.data, outcome->data, read.bytes) == 0,
                    "its bytes are read as written");
    } else if (outcome->kind == RLK_OUTCOME_OK && operation->kind == RLK_OPERATION_ASK) {
        fuzz_demand(read.is_yes == outcome->is_yes && read.digest == outcome->digest, "an answer is read as written");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct data kept;
    struct fuzz_input input = {data, size};
    struct rlk_operation operation;
    struct rlk_outcome outcome;
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    take_operation(&input, &kept, &operation);
    take_outcome(&input, &kept, &outcome);
    take_data(&input, &kept);
    operation.entry_bytes = strlen(kept.entry);
    bool is_transfer = operation.kind == RLK_OPERATION_CONTROL_IN || operation.kind == RLK_OPERATION_CONTROL_OUT;
    bool is_firmware = is_transfer && operation.content == RLK_DATA_FIRMWARE;
    check_line(line, rlk_transcript_operation(&operation, line), '>');
    fuzz_demand(!is_firmware || strlen(line) <= FIRMWARE_LINE_MAX, "firmware is not shown");
    check_line(line, rlk_transcript_outcome(&operation, &outcome, line), '<');
    fuzz_demand(!is_firmware || strlen(line) <= FIRMWARE_LINE_MAX, "firmware is not shown");
    check_read_back(&operation, &outcome, line);
    return 0;
}
