#include "proof_replay.h"

#include "proof_answer.h"
#include "relock/drive.h"
#include "relock/transcript.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMAL = 10, STAMP_DIGITS_MAX = 9, DIGEST_DIGITS = 16, WISH_BYTES = 128, VALUE_BYTES = 16 };

/* One section on its way. */
struct play {
    const struct proof_file *file;
    const struct proof_section *section;
    const struct rlk_image *image;
    struct proof_problem *problem;
    struct rlk_session session;
    struct rlk_wish wish;
    struct rlk_journal_entry journal;
    struct proof_memory memory;
    unsigned next; /* lines of the conversation that were played */
    unsigned unprotects;
    unsigned long last_ms;
    bool is_done;
    struct rlk_operation done;
};

/* What a whole recording consists of: each of them must end proven. */
static const struct {
    const char *section;
    enum rlk_job job;
    bool ends_protected, is_from_level_1;
} parts[] = {
    {"info", RLK_JOB_LOOK, false, false},          {"update", RLK_JOB_UPDATE, true, false},
    {"update-again", RLK_JOB_UPDATE, true, false}, {"update-from-level-1", RLK_JOB_UPDATE, true, true},
    {"info-again", RLK_JOB_LOOK, true, false},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static unsigned line_number(const struct play *play, unsigned index)
{
    return play->section->first_line + index;
}

/* The index-th line of the conversation without its time, or NULL behind the last; times never run backwards. */
static const char *conversation_line(const struct play *play, unsigned index, unsigned long *ms)
{
    const char *line = index < play->section->line_count ? play->file->lines[line_number(play, index) - 1] : NULL;
    char *end = NULL;
    if (line == NULL || line[0] < '0' || line[0] > '9' || strspn(line, "0123456789") > STAMP_DIGITS_MAX) {
        return NULL;
    }
    *ms = strtoul(line, &end, DECIMAL);
    return *end == ' ' ? end + 1 : NULL;
}

static const char *take_line(struct play *play)
{
    unsigned long ms = 0;
    const char *line = conversation_line(play, play->next, &ms);
    bool is_later = ms >= play->last_ms;
    play->last_ms = ms;
    play->next++;
    return is_later ? line : NULL;
}

static bool fail_here(struct play *play, const char *wanted, const char *said)
{
    return proof_fail(play->problem, line_number(play, play->next - 1),
                      "%s:\n    the recording:  %s\n    the engine:     %s", play->section->name, wanted, said);
}

/* Questions carry a digest that no two sessions share; `asked` becomes the recorded one. */
static bool is_same_operation(const struct rlk_operation *operation, const char *said, const char *recorded,
                              char asked[DIGEST_DIGITS + 1])
{
    asked[0] = '\0';
    size_t length = strlen(said);
    if (operation->kind != RLK_OPERATION_ASK || strlen(recorded) != length) {
        return strcmp(said, recorded) == 0;
    }
    const char *digest = recorded + length - DIGEST_DIGITS;
    (void)snprintf(asked, DIGEST_DIGITS + 1, "%s", digest);
    return strncmp(said, recorded, length - DIGEST_DIGITS) == 0 && strspn(digest, "0123456789abcdef") == DIGEST_DIGITS;
}

static enum rlk_error error_by_name(const char *name)
{
    for (unsigned i = 0; rlk_error_at(i) != RLK_OK; i++) {
        if (strcmp(rlk_error_name(rlk_error_at(i)), name) == 0) {
            return rlk_error_at(i);
        }
    }
    return RLK_OK;
}

/* Why the host could not do something is not in a transcript. If the session ends for it, its ending says so. */
static enum rlk_error host_reason(const struct play *play)
{
    unsigned long ms = 0;
    const char *line = conversation_line(play, play->next, &ms);
    bool is_end = line != NULL && strncmp(line, "> done ", strlen("> done ")) == 0;
    return is_end ? error_by_name(strrchr(line, ' ') + 1) : RLK_OK;
}

static bool take_answer(struct play *play, const struct rlk_operation *operation, const char *asked)
{
    struct rlk_outcome outcome;
    const char *line = take_line(play);
    if (line == NULL) {
        return fail_here(play, "(no line with a time that follows)", "waits for an answer");
    }
    if (!proof_answer_read(&play->memory, operation, asked, line, &outcome)) {
        return fail_here(play, line, "this can be no answer");
    }
    if (operation->kind == RLK_OPERATION_FETCH && outcome.kind == RLK_OUTCOME_OK) {
        rlk_fetch_from_image(play->image, operation, play->memory.data, &outcome);
    }
    bool is_hosts_own = operation->kind == RLK_OPERATION_REOPEN || operation->kind >= RLK_OPERATION_RECORD;
    if (is_hosts_own && outcome.kind != RLK_OUTCOME_OK) {
        outcome.error = host_reason(play);
    }
    rlk_session_complete(&play->session, &outcome);
    return true;
}

static bool play_operation(struct play *play)
{
    char said[RLK_TRANSCRIPT_LINE_BYTES];
    char asked[DIGEST_DIGITS + 1];
    const struct rlk_operation *operation = rlk_session_next(&play->session);
    const char *line = take_line(play);
    rlk_transcript_operation(operation, said);
    if (line == NULL || !is_same_operation(operation, said, line, asked)) {
        return fail_here(play, line != NULL ? line : "(no line with a time that follows)", said);
    }
    play->unprotects += strcmp(said, "> out 21 1 0 0 [92]") == 0 ? 1U : 0U;
    proof_memory_follow(&play->memory, operation, rlk_session_findings(&play->session));
    if (operation->kind == RLK_OPERATION_DONE) {
        play->done = *operation;
        play->is_done = true;
        return true;
    }
    /* Where relock itself was ended, its last line is a request without an answer. */
    bool was_cut = play->next == play->section->line_count && strcmp(play->section->ending, "none") == 0;
    return was_cut || take_answer(play, operation, asked);
}

static bool take_word(struct rlk_wish *wish, const char *word)
{
    const struct rlk_chip *chip = rlk_chip_find(word);
    for (unsigned way = RLK_WAY_BACK_BOOT0; way <= RLK_WAY_BACK_EMPTY_CHECK; way++) {
        if (strcmp(word, rlk_way_back_name((enum rlk_way_back)way)) == 0) {
            wish->way_back = (enum rlk_way_back)way;
            return true;
        }
    }
    wish->family = chip != NULL ? chip->family : wish->family;
    wish->end_protected = wish->end_protected || strcmp(word, "protected") == 0;
    wish->trustzone_is_off = wish->trustzone_is_off || strcmp(word, "trustzone-off") == 0;
    return chip != NULL || strcmp(word, "protected") == 0 || strcmp(word, "trustzone-off") == 0;
}

/* "look", "look STM32F405", "update protected boot0 STM32F405", "update protected boot0 trustzone-off STM32L5" */
static bool take_wish(struct play *play)
{
    char words[WISH_BYTES];
    char *rest = NULL;
    struct rlk_wish *wish = &play->wish;
    (void)snprintf(words, sizeof words, "%s", play->section->wish);
    const char *job = strtok_r(words, " ", &rest);
    bool is_update = job != NULL && strcmp(job, "update") == 0;
    bool is_good = is_update || (job != NULL && strcmp(job, "look") == 0);
    for (const char *word = strtok_r(NULL, " ", &rest); is_good && word != NULL; word = strtok_r(NULL, " ", &rest)) {
        is_good = take_word(wish, word);
    }
    wish->job = is_update ? RLK_JOB_UPDATE : RLK_JOB_LOOK;
    wish->image = is_update ? play->image : NULL;
    wish->erases_whole_sectors = is_update; /* what else is in the chip is nothing that a recording could hold */
    wish->allow_experimental = is_update && wish->family != RLK_FAMILY_UNKNOWN;
    return is_good ||
           proof_fail(play->problem, play->section->line + 1, "this wish means nothing: %s", play->section->wish);
}

static bool take_journal(struct play *play)
{
    const char *line = play->section->journal;
    if (strcmp(line, "none") == 0) {
        return true;
    }
    play->wish.journal = &play->journal;
    return rlk_journal_decode(&play->journal, line, strlen(line)) == RLK_OK ||
           proof_fail(play->problem, play->section->line + 2, "this is no journal entry");
}

/* The head of the section must say what its end shows. */
static bool check_ending(struct play *play)
{
    const struct proof_section *section = play->section;
    char ending[WISH_BYTES] = "none";
    if (play->is_done) {
        (void)snprintf(ending, sizeof ending, "%s %s", rlk_stage_name(play->done.ending),
                       rlk_error_name(play->done.error));
    }
    if (strcmp(section->ending, ending) != 0) {
        return proof_fail(play->problem, section->line + 4, "%s: the ending that is played is \"%s\", not \"%s\"",
                          section->name, ending, section->ending);
    }
    bool is_proven = play->is_done && play->done.ending == RLK_ENDING_PROVEN;
    return (strcmp(section->exit_code, "0") == 0) == is_proven ||
           proof_fail(play->problem, section->line + 3, "%s: exit code and ending do not agree", section->name);
}

static bool play_section(struct play *play)
{
    play->memory.image = play->image;
    if (!take_wish(play) || !take_journal(play)) {
        return false;
    }
    rlk_session_init(&play->session, &play->wish);
    while (!play->is_done && play->next < play->section->line_count) {
        if (!play_operation(play)) {
            return false;
        }
    }
    if (play->next < play->section->line_count) {
        return proof_fail(play->problem, line_number(play, play->next), "%s: goes on behind its end",
                          play->section->name);
    }
    return check_ending(play);
}

/* This section is what a whole recording has in this place. */
static bool is_part(const struct play *play, size_t index)
{
    const struct proof_section *section = play->section;
    if (index >= PARTS || strcmp(section->name, parts[index].section) != 0 || play->wish.job != parts[index].job ||
        !play->is_done || play->done.ending != RLK_ENDING_PROVEN) {
        return false;
    }
    enum rlk_protection protection = rlk_session_findings(&play->session)->protection;
    bool is_update = parts[index].job == RLK_JOB_UPDATE;
    return (!is_update || play->wish.end_protected) &&
           (!parts[index].ends_protected || protection == RLK_PROTECTION_LEVEL_1) &&
           (!parts[index].is_from_level_1 || play->unprotects == 1);
}

static bool check_value(const struct proof_file *file, enum proof_key key, const char *wanted,
                        struct proof_problem *problem)
{
    return strcmp(file->header[key], wanted) == 0 ||
           proof_fail(problem, file->header_lines[key], "the conversations say \"%s\", not \"%s\"", wanted,
                      file->header[key]);
}

static bool is_settled(const struct rlk_findings *findings)
{
    return findings->chip.family != RLK_FAMILY_UNKNOWN && findings->candidates == RLK_FAMILY_BIT(findings->chip.family);
}

/* The header says of the device what the last session found that came to know it. */
static bool check_header(const struct proof_file *file, const struct rlk_findings *findings,
                         struct proof_problem *problem)
{
    char rom[VALUE_BYTES] = "not known";
    char transfer[VALUE_BYTES] = "not known";
    const char *layout = "not known";
    if (findings->chip.family != RLK_FAMILY_UNKNOWN) {
        (void)snprintf(rom, sizeof rom, "0x%04x", (unsigned)findings->fingerprint.device.bcd_device);
        (void)snprintf(transfer, sizeof transfer, "%u", (unsigned)findings->transfer_bytes);
        layout = findings->fingerprint.flash_string;
    }
    return check_value(file, PROOF_FAMILY, is_settled(findings) ? findings->chip.name : "not known", problem) &&
           check_value(file, PROOF_ROM_VERSION, rom, problem) &&
           check_value(file, PROOF_TRANSFER_BYTES, transfer, problem) &&
           check_value(file, PROOF_LAYOUT, layout, problem);
}

static bool check_kind(const struct proof_file *file, struct proof_result *result, struct proof_problem *problem)
{
    const char *device = file->header[PROOF_DEVICE];
    static const char simulated[] = "simulated ";
    result->is_simulated = strncmp(device, simulated, strlen(simulated)) == 0;
    return result->is_simulated || strcmp(device, "real") == 0 ||
           proof_fail(problem, file->header_lines[PROOF_DEVICE], "a device is \"real\" or \"simulated\" by a profile");
}

bool proof_replay(const struct proof_file *file, const struct rlk_image *image, const char *image_hash,
                  struct proof_result *result, struct proof_problem *problem)
{
    static struct play play;
    static struct rlk_findings findings;
    findings = (struct rlk_findings){0};
    *result = (struct proof_result){.is_whole = file->section_count == PARTS};
    if (!check_kind(file, result, problem) || !check_value(file, PROOF_IMAGE, image_hash, problem)) {
        return false;
    }
    for (size_t i = 0; i < file->section_count; i++) {
        play = (struct play){.file = file, .section = &file->sections[i], .image = image, .problem = problem};
        if (!play_section(&play)) {
            return false;
        }
        result->is_whole = is_part(&play, i) && result->is_whole;
        if (rlk_session_findings(&play.session)->chip.family != RLK_FAMILY_UNKNOWN) {
            findings = *rlk_session_findings(&play.session);
        }
    }
    if (file->section_count == 0) {
        return proof_fail(problem, file->line_count, "there is no section");
    }
    result->family = is_settled(&findings) ? findings.chip.family : RLK_FAMILY_UNKNOWN;
    result->is_whole = result->is_whole && result->family != RLK_FAMILY_UNKNOWN;
    return check_header(file, &findings, problem) &&
           check_value(file, PROOF_RESULT, result->is_whole ? "whole" : "stopped", problem);
}
