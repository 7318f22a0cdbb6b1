/*
 * Replays the files of tests/transcripts: given these answers, the session must ask for exactly these operations. The
 * format is that of relock/transcript.h with the tokens of talk.h; `wish:` and `image:` lines say what is asked for,
 * lines with a # are comments.
 */
#include "relock/transcript.h"
#include "talk.h"
#include "workbench.h"
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINE_BYTES = 4096, FILES_MAX = 64 };

struct replay {
    FILE *file;
    const char *name;
    unsigned line_number;
    struct workbench bench; /* its wish and image; the device is not used */
    struct talk talk;
    bool has_begun, is_done;
};

static void fail_here(const struct replay *replay, const char *said, const char *wanted)
{
    fail_msg("%s:%u:\n    the transcript:  %s\n    the session:     %s", replay->name, replay->line_number, wanted,
             said);
}

static bool read_line(struct replay *replay, char *line)
{
    bool is_there = fgets(line, LINE_BYTES, replay->file) != NULL;
    replay->line_number++;
    if (is_there) {
        line[strcspn(line, "\r\n")] = '\0';
    }
    return is_there;
}

static void take_word(struct rlk_wish *wish, const char *word)
{
    for (unsigned job = 0; job < RLK_JOBS; job++) {
        if (strcmp(word, rlk_job_name((enum rlk_job)job)) == 0) {
            wish->job = (enum rlk_job)job;
            return;
        }
    }
    for (unsigned way = RLK_WAY_BACK_BOOT0; way <= RLK_WAY_BACK_NONE; way++) {
        if (strcmp(word, rlk_way_back_name((enum rlk_way_back)way)) == 0) {
            wish->way_back = (enum rlk_way_back)way;
            return;
        }
    }
    if (rlk_chip_find(word) != NULL) {
        wish->family = rlk_chip_find(word)->family;
        return;
    }
    wish->end_protected = strcmp(word, "protected") == 0;
    assert_true(wish->end_protected || strcmp(word, "open") == 0);
}

static void take_wish(struct replay *replay, char *words)
{
    memset(&replay->bench.wish, 0, sizeof replay->bench.wish);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
        take_word(&replay->bench.wish, word);
    }
}

static void take_image(struct replay *replay, const char *numbers)
{
    char *end = NULL;
    unsigned long addr = strtoul(numbers, &end, 0);
    workbench_set_image(&replay->bench, (uint32_t)addr, (uint32_t)strtoul(end, NULL, 0));
    replay->talk.image = &replay->bench.image;
    replay->bench.wish.image = &replay->bench.image;
}

static void take_answer(struct replay *replay, const struct rlk_operation *operation, const char *line)
{
    struct rlk_outcome outcome;
    if (!talk_answer(&replay->talk, line, &outcome)) {
        fail_here(replay, "(this answer means nothing)", line);
    }
    if (operation->kind == RLK_OPERATION_FETCH && outcome.kind == RLK_OUTCOME_OK) {
        rlk_fetch_from_image(&replay->bench.image, operation, replay->talk.data, &outcome);
    }
    rlk_session_complete(&replay->bench.session, &outcome);
}

static void take_operation(struct replay *replay, const char *line)
{
    char said[RLK_TRANSCRIPT_LINE_BYTES];
    char answer[LINE_BYTES];
    if (!replay->has_begun) {
        rlk_session_init(&replay->bench.session, &replay->bench.wish);
        replay->has_begun = true;
    }
    const struct rlk_operation *operation = rlk_session_next(&replay->bench.session);
    rlk_transcript_operation(operation, said);
    if (!talk_matches(&replay->talk, line, said)) {
        fail_here(replay, said, line);
    }
    replay->is_done = operation->kind == RLK_OPERATION_DONE;
    if (!replay->is_done) {
        assert_true(read_line(replay, answer));
        take_answer(replay, operation, answer);
    }
}

static void take_line(struct replay *replay, char *line)
{
    assert_false(replay->is_done && line[0] == '>');
    if (line[0] == '>') {
        take_operation(replay, line);
    } else if (strncmp(line, "wish: ", 6) == 0) {
        take_wish(replay, line + 6);
    } else if (strncmp(line, "image: ", 7) == 0) {
        take_image(replay, line + 7);
    } else if (line[0] != '#' && line[0] != '\0') {
        fail_here(replay, "(this line means nothing)", line);
    }
}

static void test_replay(void **state)
{
    static struct replay replay;
    char line[LINE_BYTES];
    memset(&replay, 0, sizeof replay);
    replay.name = *state;
    replay.file = fopen(replay.name, "r");
    assert_non_null(replay.file);
    while (read_line(&replay, line)) {
        take_line(&replay, line);
    }
    (void)fclose(replay.file);
    assert_true(replay.is_done);
}

int main(void)
{
    struct CMUnitTest tests[FILES_MAX];
    glob_t found;
    size_t count = 0;
    if (glob(RELOCK_SOURCE_DIR "/tests/transcripts/*.txt", 0, NULL, &found) != 0) {
        return 1;
    }
    for (; count < found.gl_pathc && count < FILES_MAX; count++) {
        const char *name = strrchr(found.gl_pathv[count], '/') + 1;
        tests[count] = (struct CMUnitTest){name, test_replay, NULL, NULL, found.gl_pathv[count]};
    }
    int failed = _cmocka_run_group_tests("transcripts", tests, count, NULL, NULL);
    globfree(&found);
    return failed;
}
