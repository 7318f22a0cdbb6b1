#include "output/json.h"
#include "output/problem.h"
#include "output/text.h"
#include "replay/replay_device.h"
#include "replay/replay_words.h"
#include "verbs.h"
#include <inttypes.h>
#include <string.h>

#define COLUMNS     79U
#define TEXT_COLUMN 12U
#define FIELD_BYTES 200U

enum { VERDICTS = REPLAY_NOT_COMPARED + 1 };

/* One report on its way. */
struct replay {
    const struct arguments *arguments;
    struct output *output;
    struct replay_report report;
    struct replay_device device;
    struct problem problem;
    unsigned counts[VERDICTS];
};

/* What was sent, what came of it, and what comes of it now. */
struct exchange {
    size_t session;
    struct replay_line asked, answered;
    bool has_answer;
    enum replay_verdict verdict;
    char meaning[REPLAY_TEXT_BYTES], answer[REPLAY_TEXT_BYTES], simulated[REPLAY_TEXT_BYTES];
};

/* The report's own texts are nobody's: only printable ASCII reaches a terminal. */
static const char *clean(char *to, const char *text)
{
    text_clean(to, FIELD_BYTES, text);
    return to;
}

static void head_json(const struct replay *replay)
{
    const struct replay_report *report = &replay->report;
    struct json json;
    json_begin_event(&json, replay->output->stream, "report");
    json_text(&json, "created", report->created);
    json_text(&json, "product", report->product);
    json_text(&json, "version", report->version);
    json_text(&json, "ticket", report->ticket);
    json_text(&json, "family", report->family);
    json_text(&json, "devices", report->devices);
    json_text(&json, "protection", report->protection);
    json_text(&json, "ending", report->ending);
    json_text(&json, "profile", replay->device.device != NULL ? sim_profile_of(replay->device.device) : NULL);
    json_end_event(&json);
}

static const char *how_it_is_replayed(const struct replay *replay)
{
    if (json_array_size(replay->report.sessions) == 0) {
        return "No device was reached, so nothing can be replayed; the file says under \"errors\" why.";
    }
    return replay->device.device != NULL
               ? "Replayed on a simulated device, with BOOT0 held. Where it answers otherwise, the line "
                 "begins with an exclamation mark; what follows may differ for that reason only."
               : "No simulated device is of this family: what was said is shown, and compared with nothing.";
}

static void head_text(const struct replay *replay)
{
    const struct replay_report *report = &replay->report;
    const struct {
        const char *label, *text;
    } rows[] = {{"Made", report->created},  {"Product", report->product}, {"Version", report->version},
                {"Ticket", report->ticket}, {"Device", report->devices},  {"Protection", report->protection},
                {"Ending", report->ending}};
    char text[FIELD_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fprintf(replay->output->stream, "  %-10s  %s\n", rows[i].label,
                rows[i].text[0] != '\0' ? clean(text, rows[i].text) : "not said");
    }
    replay->output->functions->notice(replay->output, how_it_is_replayed(replay));
}

static void exchange_json(const struct replay *replay, const struct exchange *exchange)
{
    struct json json;
    bool is_compared = exchange->verdict != REPLAY_NOT_COMPARED;
    json_begin_event(&json, replay->output->stream, "replayed");
    json_number(&json, "session", exchange->session);
    json_number(&json, "ms", exchange->asked.ms);
    json_text(&json, "operation", exchange->asked.words);
    json_text(&json, "meaning", exchange->meaning);
    json_text(&json, "answer", exchange->has_answer ? exchange->answered.words : NULL);
    json_text(&json, "answer_meaning", exchange->has_answer ? exchange->answer : NULL);
    json_text(&json, "verdict", replay_verdict_name(exchange->verdict));
    json_text(&json, "simulated", is_compared ? exchange->simulated : NULL);
    json_end_event(&json);
}

static void exchange_text(const struct replay *replay, const struct exchange *exchange)
{
    FILE *stream = replay->output->stream;
    fprintf(stream, "%8" PRIu32 " ms ", exchange->asked.ms);
    text_wrap(stream, exchange->meaning, TEXT_COLUMN, TEXT_COLUMN, COLUMNS);
    fprintf(stream, "            %s\n", exchange->asked.words);
    if (exchange->has_answer) {
        fprintf(stream, "            %s\n", exchange->answered.words);
        fprintf(stream, "            = %s\n", exchange->answer);
    }
    if (exchange->verdict == REPLAY_DIFFERENT) {
        fprintf(stream, "          ! the simulator: %s\n", exchange->simulated);
    } else if (exchange->verdict == REPLAY_OTHER_TIME) {
        fprintf(stream, "          ~ the simulator: %s\n", exchange->simulated);
    }
}

/* Shows the next exchange of a session, from line `index` on; returns how many lines it took, 0 if they are none. */
static size_t show_exchange(struct replay *replay, size_t session_index, size_t index)
{
    const json_t *session = json_array_get(replay->report.sessions, session_index);
    struct exchange exchange = {.session = session_index, .verdict = REPLAY_NOT_COMPARED};
    const struct rlk_outcome *now = &replay->device.answer;
    if (!replay_line_read(&exchange.asked, replay_session_line(session, index)) || exchange.asked.is_answer) {
        return 0;
    }
    exchange.has_answer =
        exchange.asked.operation.kind != RLK_OPERATION_DONE && index + 1 < replay_session_lines(session);
    if (exchange.has_answer && (!replay_line_read(&exchange.answered, replay_session_line(session, index + 1)) ||
                                !exchange.answered.is_answer)) {
        return 0;
    }
    const struct rlk_operation *asked = &exchange.asked.operation;
    replay_words_of_operation(&exchange.asked, exchange.meaning);
    replay_device_do(&replay->device, asked);
    replay_words_of_answer(asked, now->kind, now->data, now->bytes, false, exchange.simulated);
    if (exchange.has_answer) {
        const struct replay_line *answered = &exchange.answered;
        exchange.verdict = replay_device_compare(&replay->device, asked, answered);
        replay_words_of_answer(asked, answered->outcome, answered->bytes, answered->length, answered->is_hidden,
                               exchange.answer);
    }
    replay->counts[exchange.verdict]++;
    (replay->arguments->json ? exchange_json : exchange_text)(replay, &exchange);
    return exchange.has_answer ? 2 : 1;
}

static enum rlk_error show_session(struct replay *replay, size_t index)
{
    const json_t *session = json_array_get(replay->report.sessions, index);
    char job[FIELD_BYTES];
    if (!replay->arguments->json) {
        fprintf(replay->output->stream, "\nSession %zu: %s\n", index + 1, clean(job, replay_session_job(session)));
    }
    for (size_t line = 0; line < replay_session_lines(session);) {
        size_t taken = show_exchange(replay, index, line);
        if (taken == 0) {
            char field[64];
            snprintf(field, sizeof field, "sessions[%zu].lines[%zu]", index, line);
            return problem_set_field(&replay->problem, RLK_E_REPORT_MALFORMED, replay->arguments->words[0], field);
        }
        line += taken;
    }
    return RLK_OK;
}

static void show_counts(const struct replay *replay)
{
    const unsigned *counts = replay->counts;
    struct json json;
    if (!replay->arguments->json) {
        fprintf(replay->output->stream,
                "\n%u answers alike, %u otherwise, %u with another time to wait, %u not compared\n",
                counts[REPLAY_SAME], counts[REPLAY_DIFFERENT], counts[REPLAY_OTHER_TIME], counts[REPLAY_NOT_COMPARED]);
        return;
    }
    json_begin_event(&json, replay->output->stream, "comparison");
    json_number(&json, "same", counts[REPLAY_SAME]);
    json_number(&json, "different", counts[REPLAY_DIFFERENT]);
    json_number(&json, "other_time", counts[REPLAY_OTHER_TIME]);
    json_number(&json, "not_compared", counts[REPLAY_NOT_COMPARED]);
    json_end_event(&json);
}

static int show_all(struct replay *replay)
{
    enum rlk_error error = RLK_OK;
    (replay->arguments->json ? head_json : head_text)(replay);
    for (size_t i = 0; error == RLK_OK && i < json_array_size(replay->report.sessions); i++) {
        error = show_session(replay, i);
    }
    if (error != RLK_OK) {
        return problem_end(&replay->problem, replay->output);
    }
    show_counts(replay);
    return end_early(replay->output, RLK_OK, NULL);
}

static int begin(struct replay *replay)
{
    const char *path = replay->arguments->words[0];
    enum rlk_error error = replay_report_read(&replay->report, path, &replay->problem);
    if (error != RLK_OK) {
        return problem_end(&replay->problem, replay->output);
    }
    return replay_device_make(&replay->device, &replay->report) ? show_all(replay)
                                                                : end_early(replay->output, RLK_E_INTERNAL, NULL);
}

int verb_replay(const struct arguments *arguments, struct output *output)
{
    struct replay replay = {.arguments = arguments, .output = output};
    if (arguments->word_count != 1) {
        fputs("relock: `replay REPORT` wants one report\n", stderr);
        return EXIT_USAGE;
    }
    int exit_code = begin(&replay);
    replay_device_free(&replay.device);
    replay_report_free(&replay.report);
    return exit_code;
}
