/*
 * A workbench whose wish is a write of an open device, and what went over the wire while it was looked at what else is
 * in its sectors. The truth is the simulator's flash: outside the image, against what it was before.
 */
#ifndef RELOCK_TESTS_KEEP_BENCH_H
#define RELOCK_TESTS_KEEP_BENCH_H

#include "workbench.h"

enum { BLOCK = 2048, F405_SECTOR = 16384, F072_SECTOR = 2048, IMAGE_BYTES = 5 * BLOCK + 304 };
enum { REST_BYTES = F405_SECTOR - IMAGE_BYTES, REST_BLOCKS = 3 };

extern struct workbench keep_bench;
extern uint8_t keep_before[SIM_FLASH_MAX_BYTES]; /* the flash, when the run began */

/* What went over the wire, and what is done to the device meanwhile. */
extern struct keep_seen {
    uint32_t looks;     /* uploads in the stage erase */
    uint32_t addresses; /* SET ADDRESS in it */
    uint32_t erases;
    uint32_t looks_at_erase; /* of them before the first erase */
    uint32_t records_at_keep;
    uint32_t pointer_addr, last_block_addr;
    uint32_t flips[4];     /* after so many looks a bit of the next transfer is flipped */
    uint32_t spoil_offset; /* this byte of the flash is changed when the first verify begins; 0: none */
    bool was_spoilt;
    uint32_t other_offset;   /* gone right after KEEP; another byte is there when it is back; 0: none */
    uint32_t blocks_at_look; /* of the image's last segment, from the first look on; 0: as it is */
} keep_seen;

uint8_t *keep_flash(void);

/* An open device and an image of so many bytes at the start of its flash, in which another program is. */
void keep_set_up(const char *profile, uint32_t image_bytes);
/* Another segment of the image, of bytes that are not blank. */
void keep_add_segment(uint32_t addr, uint32_t bytes);
/* Of 16 bytes of the image's first segment these are its file's only, the others are padding. From low addresses up. */
void keep_add_partial_cell(uint32_t addr, uint16_t given);
/* Notes what is sent; set by keep_set_up. */
void keep_watch(const struct rlk_operation *operation, const struct rlk_outcome *outcome);
void keep_run(void);

void keep_assert_ended(enum rlk_stage ending, enum rlk_error error);
void keep_assert_rest_is_as_before(void);
/* Proven, with the image and all of the rest. */
void keep_assert_kept(void);
/* The index-th range, with the bytes that were there. */
void keep_assert_range(size_t index, uint32_t addr, uint32_t bytes);
/* Nothing was changed. */
void keep_assert_refused(enum rlk_error error, uint32_t addr);

#endif
