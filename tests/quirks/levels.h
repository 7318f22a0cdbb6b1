/* Devices with any of the 256 values in their protection byte, and what no job may ever send to one. */
#ifndef RELOCK_TESTS_LEVELS_H
#define RELOCK_TESTS_LEVELS_H

#include "scene.h"

enum { LEVELS_BYTES = 256, LEVELS_START_MS = 20000 };

/* A device of the profile at that level, and the wish to update it. Its options can be read at level 1, so that the
 * byte is seen, on ROMs that hide them, too. From now on all that is sent is judged: commands, flash and option blocks
 * only in the jobs that they belong to; no option block with level 2, level 0.5 or the bytes of an OEM key. */
void levels_make(const struct profile_case *profile, unsigned level);
/* The device as it was, and nothing sent yet; what else was done since levels_make stays. */
void levels_take_fresh(void);
/* levels_take_fresh from now on takes this one. */
void levels_keep(void);
/* The byte is stored, and not in force. */
void levels_store(uint8_t byte);

bool levels_is_2(uint8_t byte);
bool levels_is_half(uint8_t byte);
const struct rlk_chip *levels_row(void);
/* Why a device whose flash was read is not protected with that byte stored; RLK_OK for those of level 1 that Relock
 * writes itself, and for those that mean another level. After a run: the device has said what it announces. */
enum rlk_error levels_contradiction(uint8_t byte);

/* Neither flash nor options were changed, nor was anything sent that does. */
void levels_assert_untouched(void);
/* Of the protection the same; flash may have been written. */
void levels_assert_protection_untouched(void);

/* For each family whose protection may be changed, or for each of the others. */
void levels_each(bool is_updatable, void (*check)(const struct profile_case *profile));

#endif
