/* What the stages that go over the image block by block have in common: the steps that most of them take. */
#ifndef RELOCK_STAGE_FLASH_H
#define RELOCK_STAGE_FLASH_H

#include "engine/blocks.h"
#include "engine/stage.h"

#include <string.h>

/* The main flash's alternate setting. */
void rlk_flash_issue_select(struct rlk_session *session);
void rlk_flash_on_select(struct rlk_session *session, const struct rlk_result *result);

/* The journal before the first change of the flash: the device is empty on purpose, or is being rewritten. Until then
 * an entry that knows it as sealed stands. */
void rlk_flash_issue_record(struct rlk_session *session);
void rlk_flash_on_record(struct rlk_session *session, const struct rlk_result *result);

/* One SET ADDRESS per segment, when the cursor enters it. */
void rlk_flash_issue_address(struct rlk_session *session);
void rlk_flash_on_address(struct rlk_session *session, const struct rlk_result *result);

/* The cursor's block, of the image or of what is kept, into session->buffer. */
void rlk_flash_issue_fetch(struct rlk_session *session);
void rlk_flash_on_fetch(struct rlk_session *session, const struct rlk_result *result);

/* Is it all as an erase leaves it? */
bool rlk_flash_is_blank(const struct rlk_session *session, const uint8_t *data, size_t bytes);

/* How many bytes of what was read from the cursor's block are what was taken for it, up to the first that is not; all
 * of block.length if none is. Padding counts only where something is kept. */
uint32_t rlk_flash_equal_bytes(const struct rlk_session *session, const uint8_t *data);

/* The cursor's block out of the device. */
void rlk_flash_issue_upload(struct rlk_session *session);

#endif
