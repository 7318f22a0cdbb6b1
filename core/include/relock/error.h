/*
 * Errors: one enum, with name, English sentence and next action, from the one list in error_list.h; the actions are
 * those of action_list.h.
 */
#ifndef RELOCK_ERROR_H
#define RELOCK_ERROR_H

#include <stdint.h>

/* 0 is success; every failure is negative, and -number is what a user reads out as "RLK-number". */
enum rlk_error {
    RLK_OK = 0,
#define RLK_ERROR(name, number, class_, action, sentence) RLK_E_##name = -(number),
#include "relock/error_list.h"
#undef RLK_ERROR
};

enum rlk_error_class {
    RLK_CLASS_NONE,       /* no error */
    RLK_CLASS_FAILED,     /* something went wrong on the way */
    RLK_CLASS_USAGE,      /* what was asked for cannot be done: file, address, option */
    RLK_CLASS_NO_DEVICE,  /* there is no device, or none that may be opened */
    RLK_CLASS_REFUSED,    /* refused before any loss */
    RLK_CLASS_NOT_PROVEN, /* written and sealed, but the proof is missing */
    RLK_CLASS_PARKED      /* waits for a person; the same command goes on */
};

/* What a person or a script does next. Following it converges: the fault sweep holds that. */
enum rlk_action {
#define RLK_ACTION(name, sentence) RLK_ACTION_##name,
#include "relock/action_list.h"
#undef RLK_ACTION
    RLK_ACTION_COUNT
};

/* All four give static strings or values and never fail; an unknown number is answered as RLK_E_INTERNAL. */
const char *rlk_error_name(enum rlk_error error);     /* "HEX_CHECKSUM"; "OK" for 0 */
const char *rlk_error_sentence(enum rlk_error error); /* one English sentence */
enum rlk_error_class rlk_error_class_of(enum rlk_error error);
enum rlk_action rlk_error_action(enum rlk_error error);

/* "HOLD_BOOT0_AND_REPLUG", and what that means for a person, in English. NULL beyond the last. */
const char *rlk_action_name(enum rlk_action action);
const char *rlk_action_sentence(enum rlk_action action);

/* The index-th error of the list, for those who must name all of them (translations, docs); RLK_OK beyond the last. */
enum rlk_error rlk_error_at(unsigned index);

#endif
