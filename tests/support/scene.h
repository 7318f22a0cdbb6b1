/*
 * One scene at a time: a simulated device of any family with knobs, a wish, and what went over the wire. Helpers for
 * suites that ask the same of many devices. The failures that they report name the device.
 */
#ifndef RELOCK_TESTS_SCENE_H
#define RELOCK_TESTS_SCENE_H

#include "every_profile.h"

#define SCENE_IMAGE_BYTES (3U * 2048U + 304U)

struct scene {
    struct workbench bench;
    const struct profile_case *profile;
    uint8_t options[SIM_OPTIONS_MAX_BYTES]; /* as stored right before they were written for the first time */
    uint32_t pointer_addr;                  /* of the last SET ADDRESS */
    uint32_t unprotects_sent, erases_sent, blocks_sent;
    uint32_t erased_elsewhere, sent_elsewhere; /* anywhere but in main flash */
    uint32_t longest_block_bytes;
    uint32_t statuses, clears, descriptors_alone; /* GETSTATUS, CLRSTATUS, functional descriptors */
    uint32_t reopens[RLK_REOPEN_REASONS], patience_ms[RLK_REOPEN_REASONS];
    uint32_t slept_ms;
    uint32_t options_sent_bytes;             /* of the last block that went elsewhere */
    uint32_t resets_before, resets_at_write; /* the device's count until its regression; until its first programming */
};

extern struct scene scene;

/* A device of that profile and level, and the wish to update it, with all that its family needs to be said. */
void scene_set(const char *profile, unsigned level);
/* A knob of the simulator by its name; fails if there is none. */
void scene_knob(const char *name, uint32_t value);
/* A bit of the stored option bytes, complements included. */
void scene_option_bits(size_t offset, uint8_t mask, uint8_t value);
/* Where a regression loses option words: the wish names them all, as their maker would. Elsewhere nothing. */
void scene_wish_lost_words(void);
/* Runs the wish to its end. */
void scene_run(void);

void scene_assert_ended(enum rlk_stage ending, enum rlk_error error);
void scene_assert_field(const char *field);
/* Proven: image, level, one option write, no more than one 0x92, and of the options only the protection changed, and
 * what scene_wish_lost_words wishes. */
void scene_assert_sealed(void);
/* Nothing that changes anything was sent, and nothing is changed. */
void scene_assert_untouched(void);
/* Written and compared, and left open. */
void scene_assert_open_with_image(void);

#endif
