/*
 * Quirks by name: where a ROM departs from AN3156, and what Relock does about it.
 */
#ifndef RELOCK_QUIRK_H
#define RELOCK_QUIRK_H

#include <stddef.h>
#include <stdint.h>

enum rlk_quirk {
#define RLK_QUIRK(constant, what, answer) RLK_QUIRK_##constant,
#include "relock/quirk_list.h"
    RLK_QUIRK_COUNT
};

typedef uint64_t rlk_quirk_mask;
#define RLK_QUIRK_BIT(constant) ((rlk_quirk_mask)1 << RLK_QUIRK_##constant)

/* "FIRST_CONTACT_ERROR"; what the ROM does; what Relock does about it: English, static. NULL beyond the last. Not
 * linked where nobody asks. */
const char *rlk_quirk_name(enum rlk_quirk quirk);
const char *rlk_quirk_what(enum rlk_quirk quirk);
const char *rlk_quirk_answer(enum rlk_quirk quirk);

#endif
