#include "replay/replay_line.h"
#include "output/text.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMAL = 10, HEXADECIMAL = 16, NAME_MAX_BYTES = 40 };

/* What is still to be read; NULL once something was not as it must be. */
struct reader {
    const char *rest;
};

static uint32_t number(struct reader *reader, int base, uint32_t max)
{
    char *end = NULL;
    if (reader->rest == NULL || reader->rest[0] == '-' || reader->rest[0] == '+' || reader->rest[0] == ' ') {
        reader->rest = NULL;
        return 0;
    }
    unsigned long long value = strtoull(reader->rest, &end, base);
    bool is_good = end != reader->rest && value <= max && (*end == ' ' || *end == '\0' || *end == ']');
    reader->rest = is_good ? end : NULL;
    return is_good ? (uint32_t)value : 0;
}

static void literal(struct reader *reader, const char *text)
{
    size_t length = strlen(text);
    if (reader->rest != NULL) {
        reader->rest = strncmp(reader->rest, text, length) == 0 ? reader->rest + length : NULL;
    }
}

static bool has(struct reader *reader, const char *text)
{
    struct reader next = *reader;
    literal(&next, text);
    if (next.rest != NULL) {
        *reader = next;
    }
    return next.rest != NULL;
}

/* A word of letters, digits and "-" or "_". */
static void name(struct reader *reader, char word[NAME_MAX_BYTES])
{
    size_t length = reader->rest != NULL ? strcspn(reader->rest, " ") : 0;
    bool is_good = length > 0 && length < NAME_MAX_BYTES;
    word[0] = '\0';
    if (is_good) {
        memcpy(word, reader->rest, length);
        word[length] = '\0';
    }
    reader->rest = is_good ? reader->rest + length : NULL;
}

static uint32_t next_number(struct reader *reader, uint32_t max)
{
    literal(reader, " ");
    return number(reader, DECIMAL, max);
}

static void read_bytes(struct reader *reader, struct replay_line *line)
{
    do {
        uint32_t byte = number(reader, HEXADECIMAL, UINT8_MAX);
        if (reader->rest == NULL || line->length == REPLAY_DATA_MAX) {
            reader->rest = NULL;
            return;
        }
        line->bytes[line->length++] = (uint8_t)byte;
    } while (has(reader, " "));
    literal(reader, "]");
}

/* Any bytes will do in place of the firmware, if they are always the same and never look blank. */
static void read_hidden(struct reader *reader, struct replay_line *line)
{
    line->length = next_number(reader, REPLAY_DATA_MAX);
    literal(reader, " bytes crc ");
    (void)number(reader, HEXADECIMAL, UINT32_MAX);
    line->is_hidden = true;
    for (size_t i = 0; i < line->length; i++) {
        line->bytes[i] = (uint8_t)(i * 7U) & 0x7FU;
    }
}

/* Nothing, " [00 01]" or " 2048 bytes crc 1c291ca3". */
static void read_data(struct reader *reader, struct replay_line *line)
{
    if (reader->rest == NULL || reader->rest[0] == '\0') {
        return;
    }
    if (has(reader, " [")) {
        read_bytes(reader, line);
    } else {
        read_hidden(reader, line);
    }
}

static void read_control(struct reader *reader, struct replay_line *line)
{
    struct rlk_operation *operation = &line->operation;
    literal(reader, " ");
    operation->request_type = (uint8_t)number(reader, HEXADECIMAL, UINT8_MAX);
    operation->request = (uint8_t)next_number(reader, UINT8_MAX);
    operation->value = (uint16_t)next_number(reader, UINT16_MAX);
    operation->windex = (uint16_t)next_number(reader, UINT16_MAX);
    if (operation->kind == RLK_OPERATION_CONTROL_IN) {
        operation->length = (uint16_t)next_number(reader, UINT16_MAX);
        return;
    }
    read_data(reader, line);
    operation->length = (uint16_t)line->length;
    operation->data = line->bytes;
}

static enum rlk_action read_action(struct reader *reader)
{
    char word[NAME_MAX_BYTES];
    literal(reader, " ");
    name(reader, word);
    for (unsigned i = 0; i < RLK_ACTION_COUNT; i++) {
        if (strcmp(word, rlk_action_name((enum rlk_action)i)) == 0) {
            return (enum rlk_action)i;
        }
    }
    reader->rest = NULL;
    return (enum rlk_action)0;
}

static void read_reopen(struct reader *reader, struct replay_line *line)
{
    char word[NAME_MAX_BYTES];
    unsigned reason = 0;
    literal(reader, " ");
    name(reader, word);
    while (reason < RLK_REOPEN_REASONS && strcmp(word, rlk_reopen_reason_name((enum rlk_reopen_reason)reason)) != 0) {
        reason++;
    }
    line->operation.reason = (enum rlk_reopen_reason)reason;
    line->operation.meanwhile = read_action(reader);
    line->operation.action = read_action(reader);
    if (reason == RLK_REOPEN_REASONS) {
        reader->rest = NULL;
    }
}

static void read_alternate(struct reader *reader, struct replay_line *line)
{
    line->operation.alternate = (uint8_t)next_number(reader, UINT8_MAX);
}

static void read_sleep(struct reader *reader, struct replay_line *line)
{
    line->operation.duration_ms = next_number(reader, UINT32_MAX);
}

/* What the device has no part in: the words say it. */
static void read_rest(struct reader *reader, struct replay_line *line)
{
    (void)line;
    reader->rest = reader->rest != NULL ? strchr(reader->rest, '\0') : NULL;
}

static void read_operation(struct reader *reader, struct replay_line *line)
{
    static void (*const readers[RLK_OPERATION_KINDS])(struct reader * reader, struct replay_line * line) = {
        [RLK_OPERATION_CONTROL_OUT] = read_control,
        [RLK_OPERATION_CONTROL_IN] = read_control,
        [RLK_OPERATION_SELECT_ALTERNATE] = read_alternate,
        [RLK_OPERATION_SLEEP] = read_sleep,
        [RLK_OPERATION_REOPEN] = read_reopen,
        [RLK_OPERATION_ASK] = read_rest,
        [RLK_OPERATION_RECORD] = read_rest,
        [RLK_OPERATION_FETCH] = read_rest,
        [RLK_OPERATION_STORE] = read_rest,
        [RLK_OPERATION_KEEP] = read_rest,
        [RLK_OPERATION_DONE] = read_rest,
    };
    static const struct {
        const char *word;
        enum rlk_operation_kind kind;
    } transfers[] = {{"out", RLK_OPERATION_CONTROL_OUT}, {"in", RLK_OPERATION_CONTROL_IN}};
    char word[NAME_MAX_BYTES];
    unsigned kind = 0;
    name(reader, word);
    while (kind < RLK_OPERATION_KINDS && strcmp(word, rlk_operation_kind_name((enum rlk_operation_kind)kind)) != 0) {
        kind++;
    }
    for (size_t i = 0; i < sizeof transfers / sizeof transfers[0]; i++) {
        kind = strcmp(word, transfers[i].word) == 0 ? (unsigned)transfers[i].kind : kind;
    }
    if (kind == RLK_OPERATION_KINDS) {
        reader->rest = NULL;
        return;
    }
    line->operation.kind = (enum rlk_operation_kind)kind;
    readers[kind](reader, line);
}

static void read_answer(struct reader *reader, struct replay_line *line)
{
    char word[NAME_MAX_BYTES];
    unsigned kind = 0;
    name(reader, word);
    while (kind < RLK_OUTCOMES && strcmp(word, rlk_outcome_kind_name((enum rlk_outcome_kind)kind)) != 0) {
        kind++;
    }
    if (kind == RLK_OUTCOMES) {
        reader->rest = NULL;
        return;
    }
    line->outcome = (enum rlk_outcome_kind)kind;
    if (has(reader, " yes ") || has(reader, " no ")) {
        read_rest(reader, line);
        return;
    }
    read_data(reader, line);
}

bool replay_line_read(struct replay_line *line, const char *text)
{
    struct reader reader = {text};
    *line = (struct replay_line){.ms = 0};
    line->ms = number(&reader, DECIMAL, UINT32_MAX);
    literal(&reader, " ");
    text_clean(line->words, sizeof line->words, reader.rest != NULL ? reader.rest : "");
    line->is_answer = has(&reader, "< ");
    if (line->is_answer) {
        read_answer(&reader, line);
    } else {
        literal(&reader, "> ");
        read_operation(&reader, line);
    }
    return reader.rest != NULL && reader.rest[0] == '\0';
}
