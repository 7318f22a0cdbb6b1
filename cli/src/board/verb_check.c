#include "board/check.h"
#include "board/door.h"
#include "job/job.h"
#include "output/json.h"
#include "output/text.h"
#include "verbs.h"

#define COLUMNS     79U
#define TEXT_COLUMN 30U /* two blanks, verdict, name, blanks */

static const char *answer_name(enum check_verdict answer)
{
    return answer == CHECK_OBSTACLE ? "no" : answer == CHECK_FINE ? "yes" : "unknown";
}

static void print_json(FILE *stream, const struct check *check, const struct rlk_findings *found)
{
    struct json json;
    json_begin_event(&json, stream, "check");
    json_text(&json, "answer", answer_name(check->answer));
    json_text(&json, "family", found->chip.name);
    json_text(&json, "layout", found->fingerprint.flash_string);
    json_open(&json, "items", '[');
    for (size_t i = 0; i < check->count; i++) {
        json_open(&json, NULL, '{');
        json_text(&json, "name", check->items[i].name);
        json_text(&json, "verdict", check_verdict_name(check->items[i].verdict));
        json_text(&json, "text", check->items[i].text);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_end_event(&json);
}

static void print_text(FILE *stream, const struct check *check, const struct rlk_findings *found)
{
    static const char *const answers[] = {
        [CHECK_FINE] = "Yes: as far as the board shows it, customers can update boards like this one.",
        [CHECK_NOTE] = "",
        [CHECK_UNKNOWN] = "Not known: this board, as it is now, does not show enough.",
        [CHECK_OBSTACLE] = "No: customers could not update boards like this one.",
    };
    (void)found;
    fputs("\nCan your customers update boards like this one?\n", stream);
    for (size_t i = 0; i < check->count; i++) {
        const struct check_item *item = &check->items[i];
        fprintf(stream, "  %-9s %-16s  ", check_verdict_name(item->verdict), item->name);
        text_wrap(stream, item->text, TEXT_COLUMN, TEXT_COLUMN, COLUMNS);
    }
    fprintf(stream, "\n%s\n", answers[check->answer]);
    fflush(stream);
}

/* Which of the families it is decides whether the named way leads back. */
static bool is_ambiguous(const struct rlk_findings *found, enum rlk_way_back way_back)
{
    return way_back == RLK_WAY_BACK_EMPTY_CHECK && found->options_were_read && !found->chip.has_empty_check &&
           door_has_empty_check(found);
}

static enum rlk_error answer(const struct job *job, const struct rlk_session *session)
{
    static const enum rlk_error errors[] = {
        [CHECK_FINE] = RLK_OK,
        [CHECK_NOTE] = RLK_OK,
        [CHECK_UNKNOWN] = RLK_E_PROTECTED,
        [CHECK_OBSTACLE] = RLK_E_CUSTOMERS_CANNOT,
    };
    const struct rlk_findings *found = rlk_session_findings(session);
    struct check check;
    check_make(&check, found, job->arguments->way_back);
    (job->arguments->json ? print_json : print_text)(job->output->stream, &check, found);
    if (check.answer != CHECK_UNKNOWN || found->protection != RLK_PROTECTION_OPEN) {
        return errors[check.answer];
    }
    return is_ambiguous(found, job->arguments->way_back) ? RLK_E_AMBIGUOUS_CHIP : RLK_E_OPTIONS_UNREADABLE;
}

int verb_check(const struct arguments *arguments, struct output *output)
{
    struct job job = job_look(arguments, output);
    job.on_success = answer;
    job.mend = RLK_ACTION_MEND_WHAT_IS_LISTED;
    return job_run(&job);
}
