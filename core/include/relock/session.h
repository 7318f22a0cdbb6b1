/*
 * A session: the whole job as a value. Sans I/O: rlk_session_next says what to do now (asking twice gives the same
 * answer), rlk_session_complete reports how it went and moves the machine. No allocation, no clock, no globals.
 *
 *     struct rlk_session session;
 *     rlk_session_init(&session, &wish);
 *     for (;;) {
 *         const struct rlk_operation *operation = rlk_session_next(&session);
 *         if (operation->kind == RLK_OPERATION_DONE) break;
 *         struct rlk_outcome outcome = do_it(operation);
 *         rlk_session_complete(&session, &outcome);
 *     }
 *
 * rlk_drive (drive.h) is this loop over a table of functions.
 */
#ifndef RELOCK_SESSION_H
#define RELOCK_SESSION_H

#include "relock/chip.h"
#include "relock/director.h"
#include "relock/error.h"
#include "relock/gate.h"
#include "relock/image.h"
#include "relock/journal.h"
#include "relock/options.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_BLOCK_BYTES_MAX 2048U /* the largest transfer that is used, whatever the device announces */
#define RLK_BLOCKS_MAX      4096U
#define RLK_KEPT_RANGES_MAX 32U /* pieces of other data that a session keeps through its erases */

/* When the device is asked whether an erase or a programming is done. */
enum rlk_poll {
    RLK_POLL_BY_ROW,    /* not said: at the announced time, unless the chip's row is RLK_EARLY_POLL_USUAL */
    RLK_POLL_ANNOUNCED, /* never before the announced time */
    RLK_POLL_EXPECTED,  /* at the row's typical time, if that is shorter and the row is not RLK_EARLY_POLL_UNSAFE */
    RLK_POLLS
};

/* What is wished. Everything pointed to is the caller's and must outlive the session. */
struct rlk_wish {
    enum rlk_job job;
    bool end_protected; /* UPDATE: the end state. PROTECT ends protected, UNPROTECT open; others change nothing of it */
    /* UPDATE of a protected device, UNPROTECT: how it gets back into the ROM. UPDATE that ends protected, PROTECT and
     * OPTIONS: the way that must stay open. */
    enum rlk_way_back way_back;
    enum rlk_family family; /* a claim, or RLK_FAMILY_UNKNOWN */
    bool accept_any_image;  /* the vector table question has been answered already */
    enum rlk_poll poll;     /* WRITE, UPDATE */
    /* WRITE of nothing but erased bytes, which is an erase of a range: for the estimate of time, and for what to do
     * about a range that ends outside. */
    bool image_is_blank;
    uint64_t nonce; /* any number of this session's own: a yes to another session is no yes to this one */
    const struct rlk_image *image;           /* WRITE, UPDATE, VERIFY; LOOK may have one; others leave it alone */
    uint32_t read_addr, read_bytes;          /* READ; read_bytes 0: nothing */
    const struct rlk_journal_entry *journal; /* what the journal holds of this device; NULL if nothing */

    /*
     * WRITE, UPDATE of an open device: what else is in a sector that must be erased is read before, twice, into this
     * room of the caller's, written back with the image and verified like it. There it stays until the session is
     * over; a device that loses power meanwhile has it nowhere else, but for what the host has made of the operation
     * KEEP. What is in the padding of the image, or completes a unit of programming that it has begun, is a range of
     * its own, which goes back with the image's block. What cannot be kept (no room, more than RLK_KEPT_RANGES_MAX
     * ranges, more than RLK_BLOCKS_MAX blocks in all, more partial cells than an image notes) ends the job before its
     * sector is erased: RLK_E_SECTOR_SHARED with the first byte that would be lost. After a lost connection a device
     * that holds something else there is RLK_E_WRONG_DEVICE.
     */
    uint8_t *keep_room;
    size_t keep_room_bytes;    /* 0: none; keep_room may be NULL then */
    bool erases_whole_sectors; /* the user has said that it may be lost: it is neither looked at nor kept */

    /*
     * Which device is meant, by a release or a link: judged in the stage identify, by every job, before anything is
     * read from flash or changed.
     *
     * families: the device must be one of these; 0: any. Of what the device could be by its descriptors, those that
     * are not among them are left out: that the device is one of the release's is the release's claim, as `family` is
     * the user's. Candidates that are left are merged to their worst, or end in RLK_E_AMBIGUOUS_CHIP, as ever. None
     * left: RLK_E_WRONG_CHIP; none to begin with: RLK_E_UNKNOWN_CHIP, as ever.
     */
    rlk_family_mask families;
    /* Families of tier experimental may be changed, if `family` names one: a host's own decision, never a release's. */
    bool allow_experimental;
    /* The maker says that TrustZone was never switched on in this device: where the option bytes of a protected device
     * cannot be read, nothing else tells. A block that was read and says otherwise is believed instead. */
    bool trustzone_is_off;
    const char *const *layouts; /* the flash alternate's string must be one of these, byte for byte, or WRONG_LAYOUT */
    size_t layout_count;        /* 0: any */
    const char *serial;         /* the serial number that it must have, or WRONG_SERIAL; NULL: any */

    /*
     * UPDATE that ends protected: option fields to set with the protection byte, in one write; at most
     * RLK_OPTION_WISHES_MAX. An update that ends open with wished fields is refused (RLK_E_OPTION_WISH_CONTRADICTORY).
     * Other jobs leave these alone, but for OPTIONS, which is about nothing else: see below.
     *
     * Judged before anything is lost: are there such fields and values (all families that the device can be must have
     * them: RLK_E_OPTION_*), would they close the door whatever else the block holds (rlk_options_judge_wish), and,
     * where the block can be read, would the block that results. Judged again over the block that is there after the
     * regression, right before it is written. The consent and the journal's idea of the job cover them: the same
     * firmware with other fields is another job, and a device that was finished with these very fields is looked at
     * again, not read: at level 1 nobody can.
     *
     * What cannot be shown: the write itself resets the chip, and at level 1 the block is refused. So "proven" proves
     * flash and protection; of the fields it says that this block was judged, let out by the gate and taken.
     *
     * OPTIONS: the fields are set at level 0, which stays, on families of tier full only (RLK_E_OPTIONS_NOT_SETTABLE).
     * The block that results is judged as if the device were protected with it later (RLK_E_OPTIONS_CLOSE_DOOR). Here
     * "proven" means that the block was read twice afterwards and has all of them. None wished:
     * RLK_E_OPTION_FIELD_UNKNOWN. A block that says level 1 while flash can be read is a seal that waits for a power
     * cycle, and is left alone: RLK_E_PROTECTION_CONTRADICTORY.
     */
    const struct rlk_option_wish *options;
    size_t option_count;
};

enum rlk_operation_kind {
    RLK_OPERATION_CONTROL_OUT,
    RLK_OPERATION_CONTROL_IN,
    RLK_OPERATION_SELECT_ALTERNATE,
    RLK_OPERATION_SLEEP,
    RLK_OPERATION_REOPEN,
    RLK_OPERATION_ASK,
    RLK_OPERATION_RECORD,
    RLK_OPERATION_FETCH,
    RLK_OPERATION_STORE,
    RLK_OPERATION_KEEP, /* rlk_session_kept is about to be erased: kept durably, where there is such a place, before OK
                         */
    RLK_OPERATION_DONE,
    RLK_OPERATION_KINDS
};

/* Why the device is to be opened (again). */
enum rlk_reopen_reason {
    RLK_REOPEN_FIRST, /* the first time: the host picks the device and claims its DFU interface */
    RLK_REOPEN_LOST,  /* a transfer was lost: close, open again; the device may have gone */
    /* From here on the device was sent away: a host waits for it to leave and to come back, and only then is it back.
     */
    RLK_REOPEN_AFTER_UNPROTECT, /* the chip erases itself and resets; it comes back, or a person brings it back */
    RLK_REOPEN_POWER_CYCLE,     /* a person removes and restores power */
    RLK_REOPEN_AFTER_SEAL,      /* the option write resets the chip */
    RLK_REOPEN_REASONS
};

enum rlk_question {
    RLK_QUESTION_CONFIRM_PLAN, /* findings, plan and losses are shown; go? */
    RLK_QUESTION_LOOK_AGAIN,   /* known as finished: yes = only look, no = do it all again */
    RLK_QUESTION_SAME_DEVICE,  /* the same, but the chip has no serial of its own: yes = it is that very device, look */
    RLK_QUESTION_ODD_IMAGE,    /* the first words are no vector table: use it all the same? */
    RLK_QUESTIONS
};

/* What the data of a transfer is: transcripts hold firmware as length and CRC only. */
enum rlk_content_kind {
    RLK_DATA_NONE,
    RLK_DATA_DESCRIPTOR,
    RLK_DATA_STATUS,
    RLK_DATA_COMMAND,
    RLK_DATA_FIRMWARE,
    RLK_DATA_OPTIONS
};

/* One thing for the host to do. Only the fields of its kind mean something; the others are zero. */
struct rlk_operation {
    enum rlk_operation_kind kind;
    uint32_t index;      /* running number from 0 */
    uint32_t timeout_ms; /* CONTROL_*, SELECT_ALTERNATE: deadline of the transfer. Others: 0 */

    uint8_t request_type; /* CONTROL_*: bmRequestType */
    uint8_t request;      /* bRequest */
    uint16_t value;       /* wValue */
    uint16_t windex;      /* wIndex */
    uint16_t length;      /* wLength */
    enum rlk_content_kind content;
    const uint8_t *data; /* CONTROL_OUT, STORE: what to send or keep; valid until rlk_session_complete */

    uint8_t alternate;    /* SELECT_ALTERNATE */
    uint32_t duration_ms; /* SLEEP */

    enum rlk_reopen_reason reason; /* REOPEN */
    const char *serial;            /* REOPEN: the serial number it had, not always unique; NULL the first time */
    enum rlk_action meanwhile;     /* REOPEN: what a person keeps doing while it is awaited (KEEP_BOOT0_HELD) or NONE */
    enum rlk_action action;        /* REOPEN: what a person is to do once patience is over */
    uint32_t patience_ms; /* REOPEN: how long it may take by itself; 0: only a person brings it back, tell at once */

    enum rlk_question question; /* ASK */
    uint64_t digest;            /* ASK: what the answer is bound to */

    const char *entry;  /* RECORD: the journal line; must be durable before it is completed with OK */
    size_t entry_bytes; /* its length without the NUL */

    uint32_t offset; /* FETCH: into the image's bytes; STORE: into the range that is read */
    uint32_t bytes;  /* FETCH, STORE: how many; at most RLK_BLOCK_BYTES_MAX */

    enum rlk_stage ending; /* DONE: RLK_ENDING_* */
    enum rlk_error error;  /* DONE: why, RLK_OK if all is as asked */
};

/* How an operation went. A host that cannot tell TIMEOUT, GONE and FAILED apart may use any of them. */
enum rlk_outcome_kind {
    RLK_OUTCOME_OK,
    RLK_OUTCOME_STALL,
    RLK_OUTCOME_TIMEOUT,
    RLK_OUTCOME_GONE,
    RLK_OUTCOME_FAILED,
    RLK_OUTCOMES
};

struct rlk_outcome {
    enum rlk_outcome_kind kind;
    const uint8_t *data; /* CONTROL_IN, FETCH: what came; the engine copies what it keeps */
    size_t bytes;        /* of data */
    bool is_yes;         /* ASK */
    uint64_t digest;     /* ASK: the digest that the person was shown */
    uint32_t elapsed_ms; /* how long it took, for the time left; 0 if unknown */
    enum rlk_error
        error; /* REOPEN, RECORD, FETCH, STORE, KEEP that did not go well: the host's own reason, or RLK_OK */
};

/* The first fault, as found: it sticks. */
struct rlk_fault {
    enum rlk_error error; /* RLK_OK: none */
    enum rlk_stage stage;
    bool has_addr;
    uint32_t addr;     /* the device address concerned */
    uint8_t dfu_state; /* of the last GETSTATUS answer, 0xFF if none */
    uint8_t dfu_status;
    const char *field; /* a named option field, or NULL */
};

/* What was found out. Strings are sanitised: printable ASCII. */
struct rlk_findings {
    struct rlk_fingerprint fingerprint;
    rlk_family_mask candidates;
    struct rlk_chip chip;    /* the effective row; family UNKNOWN until identified */
    uint16_t transfer_bytes; /* the fixed size of block addressing */
    uint8_t opcodes[16];     /* the GET list */
    size_t opcode_count;
    bool flash_read_refused; /* first witness: exactly errVENDOR, twice */
    bool address_refused;    /* SET ADDRESS itself was refused for the option bytes */
    bool flash_was_read;
    bool options_read_refused; /* second witness, one way */
    bool options_were_read;    /* second witness, the other way: twice the same */
    enum rlk_protection protection;
    uint8_t options[RLK_OPTIONS_BYTES_MAX];
    size_t options_bytes;
    bool second_options_were_read; /* twice the same, at level 0, where the device announces a second block */
    uint8_t second_options[RLK_SECOND_OPTIONS_BYTES_MAX]; /* as long as the first */
    bool first_words_known;                               /* level 0: the vector table that is in the device now */
    uint32_t first_words[2];
};

struct rlk_progress {
    enum rlk_stage stage;
    uint32_t done_permille;           /* of the whole plan, never falls */
    uint32_t stage_done, stage_total; /* blocks, sectors or 0 */
    uint32_t left_ms;                 /* estimate; UINT32_MAX while a person is awaited */
};

/* What the plan would do, for people. Bytes and counts; times are estimates. */
struct rlk_plan {
    enum rlk_stage stages[RLK_PLAN_STAGES_MAX];
    size_t stage_count;
    uint32_t estimate_ms;
    uint32_t image_bytes;
    uint32_t sectors_touched;
    bool loses_everything; /* the regression erases all flash, and RAM */
    bool loses_sectors;    /* level 0: what else is in the touched sectors, as the wish says that it may */
    bool keeps_rest;       /* level 0: what else is in the touched sectors is read first and written back */
    bool ends_protected;
    bool needs_person_after_unprotect; /* the empty check counts from power-on only: unplug and replug */
    bool needs_power_cycle_after_seal;
    const struct rlk_option_wish *options; /* option fields that are set with the protection: the wish's */
    size_t option_count;                   /* 0 where nothing is sealed */
};

struct rlk_session; /* defined in session_state.h, included at the end; callers need its size only */

/* Starts a session. The wish is copied; what it points to is not. Never fails: a senseless wish ends at the first
 * operation with its error. */
void rlk_session_init(struct rlk_session *session, const struct rlk_wish *wish);

/* What to do now. The same operation until it is completed. Never NULL. */
const struct rlk_operation *rlk_session_next(struct rlk_session *session);

/* How it went. Ignored once the session is done. Bytes beyond what was asked for are ignored. */
void rlk_session_complete(struct rlk_session *session, const struct rlk_outcome *reported);

/* Read-outs; valid any time. */
const struct rlk_findings *rlk_session_findings(const struct rlk_session *session);
/* The protection that these findings show. UNKNOWN where a family's option bytes are not known to us, whatever its
 * flash answers: a product's own bootloader reads it at every level. */
enum rlk_protection rlk_findings_protection(const struct rlk_findings *findings);
/* The device's bootloader gives access to the row's second option block. Not every chip that has one announces it. */
bool rlk_findings_announce_second_block(const struct rlk_findings *findings);
const struct rlk_fault *rlk_session_fault(const struct rlk_session *session);
struct rlk_progress rlk_session_progress(const struct rlk_session *session);
void rlk_session_plan(const struct rlk_session *session, struct rlk_plan *plan);
const struct rlk_evidence *rlk_session_evidence(const struct rlk_session *session);
/* The vector table of the wished image suits the family, or there is nothing to judge yet. */
bool rlk_session_image_is_plausible(const struct rlk_session *session);
/* What the journal knows a job by: the image, and the wished option fields if there are any. The same firmware with
 * other fields is another job. Jobs without an image have a digest each, and no size (image_bytes 0), which no image
 * has. */
uint64_t rlk_session_job_digest(const struct rlk_session *session);
/* The ranges that are kept through the erases, and where in wish.keep_room their bytes are; NULL beyond the last. They
 * are complete when the operation KEEP comes; a repair after a failed verify may add some, and KEEP comes again. */
size_t rlk_session_kept_count(const struct rlk_session *session);
const struct rlk_segment *rlk_session_kept(const struct rlk_session *session, size_t index);
/* The same as a host stores them, so that they can be written back by themselves: what shares a unit of programming
 * with the image has the image's part of it, too, because no chip takes the rest alone. Address and length of the
 * index-th one, its offset says nothing, length 0 beyond the last; and a byte of it, `at` < length. */
struct rlk_segment rlk_session_kept_copy(const struct rlk_session *session, size_t index);
uint8_t rlk_session_kept_copy_byte(const struct rlk_session *session, size_t index, uint32_t at);
/* Something that changes the device (0x92, an erase, a write) was sent in this session. */
bool rlk_session_has_begun(const struct rlk_session *session);
/* Erases and programming are polled at the expected time now: by wish and row, and nothing spoke against it so far.
 * False until the chip is known. */
bool rlk_session_polls_early(const struct rlk_session *session);
/* They were, until the device did not answer such a poll as one that holds it: a STALL, a lost transfer, another state
 * than dfuDNBUSY once and then dfuDNLOAD-IDLE. The announced times hold for the rest of the session. */
bool rlk_session_polled_too_early(const struct rlk_session *session);
/* After DONE: what a person does last, e.g. RELEASE_BOOT0_AND_REPLUG; RLK_ACTION_NONE if nothing. */
enum rlk_action rlk_session_next_action(const struct rlk_session *session);

/* Names, lower-case with dashes: "control-out", "after-unprotect", "confirm-plan", "stall". NULL beyond the last. */
const char *rlk_poll_name(enum rlk_poll poll); /* "by-row", "announced", "expected" */
const char *rlk_operation_kind_name(enum rlk_operation_kind kind);
const char *rlk_reopen_reason_name(enum rlk_reopen_reason reason);
const char *rlk_question_name(enum rlk_question question);
const char *rlk_outcome_kind_name(enum rlk_outcome_kind kind);

#include "relock/session_state.h"

#endif
