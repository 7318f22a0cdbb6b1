/*
 * The image cut into transfers, and which sectors they touch: what is equal, what must be erased, what must be written.
 *
 * Invariants once rlk_blocks_settle has run: a block that must be written lies only in sectors that are blank or will
 * be erased; every block that touches a sector to be erased must be written.
 */
#ifndef RELOCK_BLOCKS_H
#define RELOCK_BLOCKS_H

#include "relock/session.h"

/* One transfer's worth of the image, or of what is kept. */
struct rlk_block {
    uint32_t addr;
    uint32_t image_offset; /* of what is kept: into wish.keep_room */
    uint16_t length;       /* of the transfer: whole units of the chip's programming */
    uint16_t image_bytes;  /* of them from the image; the rest, at the end of a segment, is erased */
    uint16_t number;       /* wBlockNum when the address pointer stands at the segment's start */
};

/* How many transfers the image takes; RLK_BLOCKS_MAX + 1 if more than a session can track. */
uint32_t rlk_blocks_count(const struct rlk_image *image, uint16_t transfer_bytes);
/* The same with the first ranges that were found to be kept. */
uint32_t rlk_blocks_count_with(const struct rlk_session *session, size_t kept_ranges);

/* How many transfers a group of sectors takes; and how many blocks the stage blank reads at most: the image's, or
 * without one all of the flash. */
uint32_t rlk_group_blocks_count(const struct rlk_session *session, const struct rlk_sector_group *group);
uint32_t rlk_blank_blocks_count(const struct rlk_session *session);

/* The cursor at the first block; moves it on. False if there is none (left). */
bool rlk_cursor_begin(struct rlk_session *session);
bool rlk_cursor_next(struct rlk_session *session);
/* Moves to the first block from the cursor on (itself included) that must be written; false if none is left. */
bool rlk_cursor_to_work(struct rlk_session *session);
struct rlk_block rlk_cursor_block(const struct rlk_session *session);
/* Is it kept within a unit of programming that the image has begun? Then it goes with the image's block, and is none of
 * its own. */
bool rlk_kept_is_patch(const struct rlk_session *session, const struct rlk_segment *range);
/* What is kept of that address; NULL if nothing is. */
const uint8_t *rlk_kept_byte(const struct rlk_session *session, uint32_t addr);
/* The segment of the image, or the kept range, that the cursor is in; and which of the two. */
const struct rlk_segment *rlk_cursor_segment(const struct rlk_session *session);
bool rlk_cursor_is_in_kept(const struct rlk_session *session);

enum rlk_block_class rlk_block_class_get(const struct rlk_session *session, uint32_t index);
void rlk_block_class_set(struct rlk_session *session, uint32_t index, enum rlk_block_class block_class);
void rlk_blocks_forget(struct rlk_session *session);

/* Blocks that are neither equal nor blank have their sectors erased, and all that lies in those is written. */
void rlk_blocks_settle(struct rlk_session *session);
bool rlk_block_must_be_written(const struct rlk_session *session, const struct rlk_block *block, uint32_t index);
/* Marks the sectors that a block touches as to be erased; true if one was not marked before. */
bool rlk_sectors_mark(struct rlk_session *session, const struct rlk_block *block);
/* Does it lie wholly in sectors that are marked? */
bool rlk_block_will_be_erased(const struct rlk_session *session, const struct rlk_block *block);
bool rlk_sector_must_be_erased(const struct rlk_session *session, uint32_t sector_index);
uint32_t rlk_sectors_to_erase_count(const struct rlk_session *session);
uint32_t rlk_blocks_to_write_count(struct rlk_session *session); /* the cursor stays where it is */
/* How many sectors the image touches. */
uint32_t rlk_sectors_touched_count(const struct rlk_session *session);

const struct rlk_layout *rlk_session_flash_layout(const struct rlk_session *session);

#endif
