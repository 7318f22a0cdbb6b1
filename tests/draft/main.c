/*
 * draft PROFILE LEVEL WAY-BACK JOB BYTES [end=open] [family=NAME] [KNOB=VALUE]...: a first draft of a file for
 * tests/transcripts: the conversation that the simulator leads to, with the tokens of talk.h. A person then checks it
 * against the sources, changes what a ROM may answer, and says in comments what it shows.
 */
#include "relock/transcript.h"
#include "workbench.h"
#include <stdlib.h>
#include <string.h>

enum { STRING_DESCRIPTOR = 3 };

static struct workbench bench;

static bool is_blank(const uint8_t *data, size_t bytes)
{
    size_t i = 0;
    while (i < bytes && data[i] == 0xFF) {
        i++;
    }
    return i == bytes;
}

/* "<image O N>" or "<blank N>"; what is neither is left to the person. */
static void print_firmware(const uint8_t *data, size_t bytes)
{
    for (size_t offset = 0; offset + bytes <= bench.image.size; offset += RLK_IMAGE_ALIGNMENT_BYTES) {
        if (memcmp(&bench.image.bytes[offset], data, bytes) == 0) {
            (void)printf(" <image %zu %zu>\n", offset, bytes);
            return;
        }
    }
    (void)printf(is_blank(data, bytes) ? " <blank %zu>\n" : " <image ? %zu>\n", bytes);
}

static bool is_string(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    return operation->content == RLK_DATA_DESCRIPTOR && outcome->bytes > 2 && outcome->data[1] == STRING_DESCRIPTOR;
}

static void print_string(const uint8_t *data, size_t bytes)
{
    (void)printf("< ok <string ");
    for (size_t i = 2; i < bytes; i += 2) {
        (void)putchar(data[i]);
    }
    (void)printf(">\n");
}

static void print_operation(const struct rlk_operation *operation)
{
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    rlk_transcript_operation(operation, line);
    char *image = strstr(line, " image=");
    if (operation->kind == RLK_OPERATION_RECORD && image != NULL) {
        (void)printf("%.*s *\n", (int)(image - line), line);
    } else if (operation->kind == RLK_OPERATION_ASK) {
        (void)printf("> ask %s <digest>\n", rlk_question_name(operation->question));
    } else if (operation->kind == RLK_OPERATION_CONTROL_OUT && operation->content == RLK_DATA_FIRMWARE) {
        (void)printf("> out 21 1 %u %u", (unsigned)operation->value, (unsigned)operation->windex);
        print_firmware(operation->data, operation->length);
    } else {
        (void)puts(line);
    }
}

static void print_outcome(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    char line[RLK_TRANSCRIPT_LINE_BYTES];
    bool has_data = operation->kind == RLK_OPERATION_CONTROL_IN && outcome->kind == RLK_OUTCOME_OK;
    rlk_transcript_outcome(operation, outcome, line);
    if (operation->kind == RLK_OPERATION_ASK && outcome->kind == RLK_OUTCOME_OK) {
        (void)printf("< ok %s <digest>\n", outcome->is_yes ? "yes" : "no");
    } else if (has_data && operation->content == RLK_DATA_FIRMWARE) {
        (void)printf("< ok");
        print_firmware(outcome->data, outcome->bytes);
    } else if (has_data && is_string(operation, outcome)) {
        print_string(outcome->data, outcome->bytes);
    } else {
        (void)puts(line);
    }
}

static void print_both(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    if (operation->kind == RLK_OPERATION_REOPEN) {
        (void)putchar('\n');
    }
    print_operation(operation);
    if (operation->kind != RLK_OPERATION_DONE) {
        print_outcome(operation, outcome);
    }
}

static bool take_setting(char *setting)
{
    char *value = strchr(setting, '=');
    if (value == NULL) {
        return false;
    }
    *value++ = '\0';
    if (strcmp(setting, "end") == 0) {
        bench.wish.end_protected = strcmp(value, "open") != 0;
        return true;
    }
    if (strcmp(setting, "family") == 0) {
        const struct rlk_chip *chip = rlk_chip_find(value);
        bench.wish.family = chip != NULL ? chip->family : RLK_FAMILY_UNKNOWN;
        return chip != NULL;
    }
    return sim_knob_set(&bench.device, setting, (uint32_t)strtoul(value, NULL, 0));
}

static enum rlk_way_back find_way_back(const char *name)
{
    enum rlk_way_back way = RLK_WAY_BACK_NONE;
    while (way > RLK_WAY_BACK_UNSAID && strcmp(rlk_way_back_name(way), name) != 0) {
        way--;
    }
    return way;
}

static enum rlk_job find_job(const char *name)
{
    enum rlk_job job = RLK_JOB_UPDATE;
    while (job > RLK_JOB_LOOK && strcmp(rlk_job_name(job), name) != 0) {
        job--;
    }
    return job;
}

static void print_head(void)
{
    const struct rlk_chip *claim = rlk_chip_row(bench.wish.family);
    const char *end = bench.wish.end_protected ? " protected" : " open";
    (void)printf("# What this shows, and by which source.\n\nwish: %s%s", rlk_job_name(bench.wish.job),
                 bench.wish.job == RLK_JOB_UPDATE ? end : "");
    if (bench.wish.way_back != RLK_WAY_BACK_UNSAID) {
        (void)printf(" %s", rlk_way_back_name(bench.wish.way_back));
    }
    (void)printf("%s%s\nimage: 0x%08X %zu\n", claim != NULL ? " " : "", claim != NULL ? claim->name : "",
                 (unsigned)bench.image.segments[0].addr, bench.image.size);
}

int main(int argc, char **argv)
{
    bool is_usable = argc >= 6 && sim_profile_find(argv[1]) != NULL;
    if (is_usable) {
        workbench_init(&bench, argv[1], (unsigned)strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[5], NULL, 10));
        bench.wish.way_back = find_way_back(argv[3]);
        bench.wish.job = find_job(argv[4]);
        bench.on_operation = print_both;
        sim_set_boot0(&bench.device, bench.wish.way_back != RLK_WAY_BACK_EMPTY_CHECK);
    }
    for (int i = 6; i < argc && is_usable; i++) {
        is_usable = take_setting(argv[i]);
    }
    if (!is_usable) {
        (void)fputs("usage: draft PROFILE LEVEL WAY-BACK JOB BYTES [end=open] [family=NAME] [KNOB=VALUE]...\n", stderr);
        return 2;
    }
    print_head();
    workbench_run(&bench);
    return 0;
}
