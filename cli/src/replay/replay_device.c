#include "replay/replay_device.h"
#include <stdlib.h>
#include <string.h>

enum { IN_STANDARD = 0x80, IN_CLASS = 0xA1, GET_DESCRIPTOR = 6, UPLOAD = 2, GETSTATUS = 3, STRING = 3, DEVICE = 1 };
enum { STATUS_BYTES = 6, SERIAL_INDEX_AT = 16, DEVICE_BYTES = 18, FIRST_DATA_BLOCK = 2 };
enum { BUFFER_BYTES = UINT16_MAX + 1, PATIENCE_MS = 60000, TRANSFER_MS = 60000, SLEEP_MAX_MS = 600000 };
enum { USUAL_SERIAL_INDEX = 3 };

static const struct {
    const char *family, *profile;
} models[] = {
    {"STM32F04x", "stm32f042"}, {"STM32F07x", "stm32f072"}, {"STM32F405", "stm32f405"},
    {"STM32L4", "stm32l432"},   {"STM32L4", "stm32l452"},   {"STM32L47x", "stm32l476"},
};

/* The model of the family whose flash is as large, else its first one. NULL: there is none. */
static const struct sim_profile *profile_of(const struct replay_report *report, struct sim_device *device)
{
    const struct sim_profile *first = NULL;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        const struct sim_profile *profile =
            strcmp(models[i].family, report->family) == 0 ? sim_profile_find(models[i].profile) : NULL;
        uint32_t bytes = 0;
        if (profile != NULL) {
            sim_init(device, profile, 1, true);
            (void)sim_flash(device, &bytes);
        }
        if (profile != NULL && bytes == report->flash_bytes) {
            return profile;
        }
        first = first == NULL ? profile : first;
    }
    return first;
}

/* The first option block that the report shows, read from another memory than flash. */
static void take_options(struct sim_device *device, const json_t *session)
{
    struct replay_line line;
    struct rlk_operation asked = {.kind = RLK_OPERATION_DONE};
    unsigned alternate = 0;
    uint32_t bytes = 0;
    uint8_t *options = sim_options_mutable(device, &bytes);
    for (size_t i = 0; i < replay_session_lines(session); i++) {
        if (!replay_line_read(&line, replay_session_line(session, i))) {
            return;
        }
        bool is_block = line.is_answer && asked.kind == RLK_OPERATION_CONTROL_IN && asked.request_type == IN_CLASS &&
                        asked.request == UPLOAD && asked.value >= FIRST_DATA_BLOCK && alternate != 0;
        if (is_block && !line.is_hidden && line.length == bytes) {
            memcpy(options, line.bytes, bytes);
            return;
        }
        asked = line.is_answer ? asked : line.operation;
        alternate = asked.kind == RLK_OPERATION_SELECT_ALTERNATE ? asked.alternate : alternate;
    }
}

bool replay_device_make(struct replay_device *replayed, const struct replay_report *report)
{
    struct sim_device *device = calloc(1, sim_device_size());
    *replayed = (struct replay_device){.serial_index = USUAL_SERIAL_INDEX, .buffer = calloc(1, BUFFER_BYTES)};
    const struct sim_profile *profile = device != NULL ? profile_of(report, device) : NULL;
    if (device == NULL || replayed->buffer == NULL || profile == NULL) {
        free(device);
        return device != NULL && replayed->buffer != NULL;
    }
    bool is_open = strcmp(report->protection, "open") == 0;
    sim_init(device, profile, is_open ? 0 : 1, true);
    if (is_open) {
        take_options(device, json_array_get(report->sessions, 0));
    }
    replayed->device = device;
    replayed->transport = (struct sim_transport){.device = device, .person = SIM_PERSON_HELPFUL};
    return true;
}

void replay_device_free(struct replay_device *replayed)
{
    free(replayed->device);
    free(replayed->buffer);
    *replayed = (struct replay_device){.device = NULL};
}

static void sleep_once_more(struct sim_transport *transport, struct rlk_operation *operation,
                            struct rlk_outcome *outcome)
{
    operation->duration_ms = operation->duration_ms < SLEEP_MAX_MS ? operation->duration_ms : SLEEP_MAX_MS;
    sim_transport_sleep(transport, operation, outcome);
}

void replay_device_do(struct replay_device *replayed, const struct rlk_operation *operation)
{
    struct rlk_operation again = *operation;
    struct rlk_outcome *answer = &replayed->answer;
    *answer = (struct rlk_outcome){.kind = RLK_OUTCOME_OK};
    if (replayed->device == NULL) {
        return;
    }
    again.timeout_ms = TRANSFER_MS;
    again.patience_ms = operation->reason == RLK_REOPEN_POWER_CYCLE ? 0 : PATIENCE_MS;
    switch (operation->kind) {
    case RLK_OPERATION_CONTROL_OUT:
    case RLK_OPERATION_CONTROL_IN:
        sim_transport_control(&replayed->transport, &again, replayed->buffer, answer);
        break;
    case RLK_OPERATION_SELECT_ALTERNATE:
        sim_transport_select_alternate(&replayed->transport, &again, answer);
        break;
    case RLK_OPERATION_SLEEP:
        sleep_once_more(&replayed->transport, &again, answer);
        break;
    case RLK_OPERATION_REOPEN:
        sim_transport_reopen(&replayed->transport, &again, answer);
        break;
    default:
        break;
    }
}

/* A number of its own for each device, and often blotted out. */
static bool is_serial(const struct replay_device *replayed, const struct rlk_operation *operation)
{
    return operation->request_type == IN_STANDARD && operation->request == GET_DESCRIPTOR &&
           operation->value == (STRING << 8 | replayed->serial_index);
}

static enum replay_verdict compare_status(const uint8_t *one, const uint8_t *other)
{
    bool is_same_state = one[0] == other[0] && one[4] == other[4];
    bool is_same_time = memcmp(one + 1, other + 1, 3) == 0;
    return !is_same_state ? REPLAY_DIFFERENT : is_same_time ? REPLAY_SAME : REPLAY_OTHER_TIME;
}

static enum replay_verdict compare_bytes(const struct replay_device *replayed, const struct rlk_operation *operation,
                                         const struct replay_line *answered)
{
    const struct rlk_outcome *now = &replayed->answer;
    bool is_status = operation->request_type == IN_CLASS && operation->request == GETSTATUS;
    if (is_serial(replayed, operation)) {
        return REPLAY_NOT_COMPARED;
    }
    if (now->bytes != answered->length) {
        return REPLAY_DIFFERENT;
    }
    if (is_status && now->bytes == STATUS_BYTES) {
        return compare_status(now->data, answered->bytes);
    }
    if (answered->is_hidden) {
        return REPLAY_NOT_COMPARED;
    }
    return memcmp(now->data, answered->bytes, now->bytes) == 0 ? REPLAY_SAME : REPLAY_DIFFERENT;
}

static void note_serial_index(struct replay_device *replayed, const struct rlk_operation *operation,
                              const struct replay_line *answered)
{
    if (operation->kind == RLK_OPERATION_CONTROL_IN && operation->request_type == IN_STANDARD &&
        operation->request == GET_DESCRIPTOR && operation->value == DEVICE << 8 && answered->length == DEVICE_BYTES) {
        replayed->serial_index = answered->bytes[SERIAL_INDEX_AT];
    }
}

enum replay_verdict replay_device_compare(struct replay_device *replayed, const struct rlk_operation *operation,
                                          const struct replay_line *answered)
{
    note_serial_index(replayed, operation, answered);
    bool is_device = operation->kind <= RLK_OPERATION_SELECT_ALTERNATE || operation->kind == RLK_OPERATION_REOPEN;
    if (replayed->device == NULL || !is_device) {
        return REPLAY_NOT_COMPARED;
    }
    if (answered->outcome != replayed->answer.kind) {
        return REPLAY_DIFFERENT;
    }
    bool has_bytes = operation->kind == RLK_OPERATION_CONTROL_IN && answered->outcome == RLK_OUTCOME_OK;
    return has_bytes ? compare_bytes(replayed, operation, answered) : REPLAY_SAME;
}

const char *replay_verdict_name(enum replay_verdict verdict)
{
    static const char *const names[] = {
        [REPLAY_SAME] = "same",
        [REPLAY_OTHER_TIME] = "other-time",
        [REPLAY_DIFFERENT] = "different",
        [REPLAY_NOT_COMPARED] = "not-compared",
    };
    return names[verdict];
}
