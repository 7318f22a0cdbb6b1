#include "replay/replay_report.h"
#include <string.h>

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

const char *replay_session_job(const json_t *session)
{
    return text_at(session, "job");
}

size_t replay_session_lines(const json_t *session)
{
    return json_array_size(json_object_get(session, "lines"));
}

const char *replay_session_line(const json_t *session, size_t index)
{
    return json_string_value(json_array_get(json_object_get(session, "lines"), index));
}

static bool are_texts(const json_t *lines)
{
    bool are = json_is_array(lines);
    for (size_t i = 0; are && i < json_array_size(lines); i++) {
        are = json_is_string(json_array_get(lines, i));
    }
    return are;
}

/* False: `field` names what is wrong. */
static bool sessions_are_good(const json_t *sessions, char *field, size_t room)
{
    size_t lines = 0;
    snprintf(field, room, "sessions");
    if (!json_is_array(sessions) || json_array_size(sessions) > REPLAY_SESSIONS_MAX) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        const json_t *session = json_array_get(sessions, i);
        snprintf(field, room, "sessions[%zu].lines", i);
        lines += replay_session_lines(session);
        if (!are_texts(json_object_get(session, "lines")) || lines > REPLAY_LINES_MAX) {
            return false;
        }
    }
    return true;
}

static enum rlk_error judge(struct replay_report *report, const char *path, struct problem *problem)
{
    char field[64] = "format";
    const json_t *tree = report->tree;
    report->sessions = json_object_get(tree, "sessions");
    bool is_good = strcmp(text_at(tree, "format"), "relock-report-1") == 0 &&
                   sessions_are_good(report->sessions, field, sizeof field);
    return is_good ? RLK_OK : problem_set_field(problem, RLK_E_REPORT_MALFORMED, path, field);
}

static void take(struct replay_report *report)
{
    const json_t *tree = report->tree;
    const json_t *release = json_object_get(tree, "release");
    const json_t *device = json_object_get(tree, "device");
    report->created = text_at(tree, "created");
    report->ticket = text_at(tree, "ticket");
    report->ending = text_at(tree, "ending");
    report->product = text_at(release, "product");
    report->version = text_at(release, "version");
    report->family = text_at(device, "family");
    report->devices = text_at(device, "devices");
    json_int_t bytes = json_integer_value(json_object_get(json_object_get(device, "flash"), "bytes"));
    report->flash_bytes = bytes > 0 && bytes <= UINT32_MAX ? (uint32_t)bytes : 0;
    report->protection = text_at(json_object_get(tree, "protection"), "before");
}

enum rlk_error replay_report_read(struct replay_report *report, const char *path, struct problem *problem)
{
    struct content content;
    json_error_t where;
    enum content_state state = content_read(&content, path, REPLAY_FILE_BYTES_MAX);
    *report = (struct replay_report){.tree = NULL};
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_REPORT_MALFORMED);
    if (error != RLK_OK) {
        content_free(&content);
        return error;
    }
    report->tree = json_loadb((const char *)content.bytes, content.length, JSON_REJECT_DUPLICATES, &where);
    content_free(&content);
    if (report->tree == NULL) {
        error = problem_set(problem, RLK_E_REPORT_MALFORMED, path);
        problem->place.offset = where.position > 0 ? (size_t)where.position : 0;
        return error;
    }
    error = judge(report, path, problem);
    if (error == RLK_OK) {
        take(report);
    }
    return error;
}

void replay_report_free(struct replay_report *report)
{
    json_decref(report->tree);
    *report = (struct replay_report){.tree = NULL};
}
