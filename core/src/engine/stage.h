/*
 * Stages: each is a short list of steps. A step issues one thing (an exchange or an operation) and, when it is over,
 * says where to go on. A stage records evidence; it never names another stage.
 *
 * What a step is handed back is a result: for an exchange its verdict, for an operation its outcome. Unexpected losses
 * of the device never reach a step: the session answers them by reopening (session.c), except where the step asked for
 * an exchange that resets the chip. The gate is opened by the step that sends what resets the chip, and closed after
 * it.
 */
#ifndef RELOCK_STAGE_H
#define RELOCK_STAGE_H

#include "relock/session.h"

struct rlk_result {
    enum rlk_verdict verdict;          /* exchanges */
    const struct rlk_outcome *outcome; /* of the last operation; never NULL */
};

struct rlk_step {
    void (*issue)(struct rlk_session *session);
    void (*resume)(struct rlk_session *session, const struct rlk_result *result);
};

struct rlk_stage_script {
    const struct rlk_step *steps;
    void (*enter)(struct rlk_session *session); /* may be NULL; may end the stage or fail */
};

extern const struct rlk_stage_script rlk_stage_open;
extern const struct rlk_stage_script rlk_stage_identify;
extern const struct rlk_stage_script rlk_stage_probe;
extern const struct rlk_stage_script rlk_stage_confirm;
extern const struct rlk_stage_script rlk_stage_look_again;
extern const struct rlk_stage_script rlk_stage_unprotect;
extern const struct rlk_stage_script rlk_stage_blank;
extern const struct rlk_stage_script rlk_stage_erase;
extern const struct rlk_stage_script rlk_stage_write;
extern const struct rlk_stage_script rlk_stage_verify;
extern const struct rlk_stage_script rlk_stage_options;
extern const struct rlk_stage_script rlk_stage_power_cycle;
extern const struct rlk_stage_script rlk_stage_read;
extern const struct rlk_stage_script rlk_stage_leave;

/* Where a step goes on. Without a call, the same step is issued again. */
void rlk_step_to(struct rlk_session *session, uint8_t step);
void rlk_step_next(struct rlk_session *session);
void rlk_stage_end(struct rlk_session *session);
/* Ends the stage with the session's fault; the first one sticks. addr: the device address concerned, or 0 if none is;
 * rlk_stage_fail_at for one that may be 0. */
void rlk_stage_fail(struct rlk_session *session, enum rlk_error error, uint32_t addr);
void rlk_stage_fail_at(struct rlk_session *session, enum rlk_error error, uint32_t addr);

/* The next step if the exchange went well, otherwise the fault that the verdict stands for. */
void rlk_step_expect_ok(struct rlk_session *session, const struct rlk_result *result);
/* What a verdict means when it was not asked for. */
enum rlk_error rlk_verdict_error(enum rlk_verdict verdict);

/* Issuing: exactly one of these in each issue function (or rlk_stage_end, rlk_stage_fail). */
void rlk_issue_idle(struct rlk_session *session);
void rlk_issue_set_address(struct rlk_session *session, uint32_t addr);
void rlk_issue_erase(struct rlk_session *session, const struct rlk_sector *sector);
void rlk_issue_upload(struct rlk_session *session, uint16_t block, uint16_t length);
void rlk_issue_upload_options(struct rlk_session *session);
void rlk_issue_list_opcodes(struct rlk_session *session);
void rlk_issue_download(struct rlk_session *session, uint16_t block, const uint8_t *data, uint16_t length);
void rlk_issue_unprotect(struct rlk_session *session);
void rlk_issue_write_options(struct rlk_session *session); /* session->buffer, chip.options_bytes */
void rlk_issue_leave(struct rlk_session *session);
void rlk_issue_descriptor(struct rlk_session *session, uint8_t type, uint8_t index, uint16_t language, uint16_t length);
void rlk_issue_select_alternate(struct rlk_session *session, int alternate);
void rlk_issue_reopen(struct rlk_session *session, enum rlk_action meanwhile, enum rlk_action action,
                      uint32_t patience_ms);
void rlk_issue_ask(struct rlk_session *session, enum rlk_question question);
void rlk_issue_record(struct rlk_session *session, enum rlk_journal_phase phase);
void rlk_issue_fetch(struct rlk_session *session, uint32_t offset, uint32_t bytes);
void rlk_issue_store(struct rlk_session *session, uint32_t offset, const uint8_t *data, uint32_t bytes);
void rlk_issue_keep(struct rlk_session *session); /* the host is to hold what rlk_session_kept says */
/* Nothing to do: the step resumes at once with an OK result. */
void rlk_issue_nothing(struct rlk_session *session);

/* What a question's answer is bound to: device, plan, image, end state, way back, wished option fields, and how often
 * this session opened the device, so that unplugging voids it. */
uint64_t rlk_session_digest(const struct rlk_session *session, enum rlk_question question);

/* Promise 8: builds the block to be written, with the wished fields, from findings.options into session->buffer, and
 * judges that very block, not the one that is there, and the second block as it is. A job that does not end protected
 * leaves level 0 in it; judged it is at level 1 all the same. RLK_OK, or RLK_E_OPTIONS_LOST, RLK_E_OPTIONS_MALFORMED,
 * RLK_E_PROTECTION_CONTRADICTORY or RLK_E_CHIP_CONTRADICTS_CLAIM (an open device with a byte of level 1; what else the
 * chip can be is then in findings.candidates), the errors of rlk_options_apply, RLK_E_DOOR_WOULD_CLOSE (OPTIONS:
 * RLK_E_OPTIONS_CLOSE_DOOR) or RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2 with the field in the session's fault;
 * RLK_E_OPTIONS_UNREADABLE if an open device did not give its second block. */
enum rlk_error rlk_options_prepare(struct rlk_session *session);

/* Progress within the stage: blocks or sectors. */
void rlk_progress_begin(struct rlk_session *session, uint32_t total);
void rlk_progress_step(struct rlk_session *session);

/* Called by the session when a stage is entered, and when one is over. */
void rlk_progress_stage_begins(struct rlk_session *session);
void rlk_progress_stage_ends(struct rlk_session *session);
uint32_t rlk_stage_estimate_ms(const struct rlk_session *session, enum rlk_stage stage);

/* The row's typical time, in ms, to erase a sector of so many bytes. */
uint32_t rlk_sector_erase_typical_ms(const struct rlk_chip *chip, uint32_t sector_bytes);

#endif
