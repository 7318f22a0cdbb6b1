/*
 * What the tool says, in one of two forms: text for people, or one JSON object per line.
 */
#ifndef RELOCK_CLI_OUTPUT_H
#define RELOCK_CLI_OUTPUT_H

#include "relock/document.h"
#include "relock/session.h"
#include "sim/sim.h"
#include <stdbool.h>
#include <stdio.h>

/* One device on the bus, as `list` shows it. Strings are clean. */
struct device_view {
    const char *port;
    const char *serial;  /* "" if it has none or could not be read */
    const char *product; /* likewise */
    bool is_simulated;
    enum rlk_error error; /* why it cannot be opened, or RLK_OK */
};

struct plan_view {
    const struct rlk_plan *plan;
    enum rlk_job job;
    const struct rlk_image *image; /* NULL if the job has none */
    bool image_is_plausible;
    const struct rlk_findings *found;
    const char *copies_folder; /* where the copy of what is kept will be; "" if nothing says where */
};

enum ending_kind {
    ENDING_OF_LOOK,
    ENDING_OF_READ,
    ENDING_OF_WRITE,
    ENDING_OF_UPDATE,
    ENDING_OF_DRY_RUN,
    ENDING_OF_TOOL,
    ENDING_OF_VERIFY,
    ENDING_OF_UNPROTECT,
    ENDING_OF_PROTECT,
    ENDING_OF_ERASE,
    ENDING_OF_OPTIONS,
    ENDING_KINDS
};

struct ending_view {
    enum ending_kind kind;
    enum rlk_stage ending; /* RLK_ENDING_* */
    enum rlk_error error;
    enum rlk_action action;
    int exit_code;
    bool end_protected;                  /* UPDATE: what was asked for */
    bool was_only_looked;                /* UPDATE: the finished device was looked at, not written again */
    bool was_begun;                      /* something was erased or written, now or before */
    bool was_there;                      /* it was as asked, and nothing was sent */
    bool needs_any_image;                /* DRY_RUN: the job would be refused without --any-image */
    bool is_empty;                       /* UNPROTECT: all of the flash was read, and is blank */
    const struct rlk_fault *fault;       /* NULL if there was no session */
    const struct rlk_image_place *place; /* NULL if no file is concerned */
    const char *file;                    /* the file concerned, or NULL */
    /* Where in a document; NULL, or path "" and offset 0, if none is concerned. */
    const struct rlk_document_place *document;
    const char *chip;    /* the family's name, or NULL */
    unsigned violations; /* simulated device: promises broken, by its own count */
};

#define SPOKEN_BYTES 64U

/* What is said on the telephone, "RLK-5004, verify, F405": the error, the stage in which it was met, the chip; what is
 * not known is left out. `text` has SPOKEN_BYTES. */
void output_spoken(const struct ending_view *view, char *text);

struct output;

struct output_functions {
    void (*notice)(struct output *output, const char *text);
    void (*command)(struct output *output,
                    const char *text); /* that the notice before speaks of, to be typed as it is */
    void (*device)(struct output *output, const struct device_view *device);
    void (*findings)(struct output *output, const struct rlk_findings *findings);
    void (*options)(struct output *output, const struct rlk_findings *findings);
    void (*plan)(struct output *output, const struct plan_view *view);
    void (*answer)(struct output *output, enum rlk_question question, uint64_t digest, bool is_yes, const char *why);
    void (*stage)(struct output *output, enum rlk_stage stage);
    void (*progress)(struct output *output, const struct rlk_progress *progress);
    void (*waiting)(struct output *output, enum rlk_reopen_reason reason);
    void (*person)(struct output *output, enum rlk_reopen_reason reason, enum rlk_action action);
    /* What is kept through the erases, and the file with its copy. */
    void (*kept)(struct output *output, const struct rlk_session *session, const char *path);
    void (*simulated)(struct output *output, const struct sim_device *device);
    void (*ending)(struct output *output, const struct ending_view *view);
};

struct output {
    const struct output_functions *functions;
    enum ending_kind kind; /* of the job that is spoken of */
    FILE *stream;
    bool is_terminal; /* text: a bar that moves, instead of lines */
    bool has_bar;     /* text: the bar's line is open */
    bool was_said;    /* progress: something was shown already */
    uint32_t last_permille;
    uint64_t last_ms;
};

/* Text on standard output, or JSON lines. */
void output_init(struct output *output, bool is_json);

extern const struct output_functions output_text_functions;
extern const struct output_functions output_json_functions;

/* What a stage is called for people: "Remove the protection; the chip erases itself". NULL if it is not worth a line.
 */
const char *stage_title(enum ending_kind kind, enum rlk_stage stage);
/* "update", "erase": what JSON calls the job. */
const char *ending_kind_name(enum ending_kind kind);
/* A job that sets option fields: the block that it will write, of the length that the family has (RLK_OPTIONS_BYTES_MAX
 * at most). False if it cannot be told. */
/* An erase of all that can be erased: the index-th group of sectors that cannot. False beyond the last, and for other
 * jobs. */
bool plan_leaves_out(const struct plan_view *view, size_t index, struct rlk_sector_group *group);
bool options_after(const struct plan_view *view, uint8_t *block);
/* Why the option bytes were not read: a name for JSON and a sentence or two for people. False if they were. */
bool options_gap(const struct rlk_findings *found, const char **name, char *text, size_t room);
/* The same of the second block. False also for a family that has none, and where the first one was not read. */
bool second_block_gap(const struct rlk_findings *found, const char **name, char *text, size_t room);
const char *protection_name(enum rlk_protection protection); /* "open", "level 1", "unknown" */
const char *ending_word(const struct ending_view *view);     /* "PROVEN", "WRITTEN, NOT PROVEN", "NOT DONE", "DONE" */

#endif
