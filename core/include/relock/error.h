/*
 * Errors: one enum, with name, English sentence and next action, from the one list in error_list.h.
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
    RLK_ACTION_NONE,
    RLK_ACTION_RUN_AGAIN,
    RLK_ACTION_CONFIRM_OR_SAY_YES,
    RLK_ACTION_REPLUG_AND_RUN_AGAIN,
    RLK_ACTION_HOLD_BOOT0_AND_REPLUG,
    RLK_ACTION_HOLD_BOOT0_REPLUG_AND_RUN_AGAIN,
    RLK_ACTION_RELEASE_BOOT0_AND_REPLUG,
    RLK_ACTION_KEEP_BOOT0_HELD,
    RLK_ACTION_REPLUG,
    RLK_ACTION_POWER_CYCLE_AND_RUN_AGAIN,
    RLK_ACTION_ENTER_DFU,
    RLK_ACTION_ENTER_DFU_AND_RUN_AGAIN,
    RLK_ACTION_USE_USB2_HUB,
    RLK_ACTION_INSTALL_DRIVER,
    RLK_ACTION_GIVE_PERMISSION,
    RLK_ACTION_CLOSE_OTHER_PROGRAM,
    RLK_ACTION_SWD_ONLY,
    RLK_ACTION_ASK_MAKER,
    RLK_ACTION_GIVE_FAMILY,
    RLK_ACTION_NAME_THE_EXPERIMENT,
    RLK_ACTION_WRITE_ONLY,
    RLK_ACTION_SAY_TRUSTZONE,
    RLK_ACTION_WRITE_THE_FIRMWARE,
    RLK_ACTION_GIVE_ADDRESS,
    RLK_ACTION_SAY_WAY_BACK,
    RLK_ACTION_SAY_PROTECTION,
    RLK_ACTION_ASK_FOR_PROTECTION,
    RLK_ACTION_USE_UPDATE,
    RLK_ACTION_CHOOSE_ONE_DEVICE,
    RLK_ACTION_CONNECT_THE_SAME_DEVICE,
    RLK_ACTION_CONNECT_THE_RIGHT_DEVICE,
    RLK_ACTION_CHOOSE_ANOTHER_FILE,
    RLK_ACTION_CHOOSE_ANOTHER_RANGE,
    RLK_ACTION_CHOOSE_OTHER_FIELDS,
    RLK_ACTION_CHOOSE_ANOTHER_OUTPUT,
    RLK_ACTION_FREE_THE_JOURNAL,
    RLK_ACTION_GO_ON_IN_THE_OTHER_TAB,
    RLK_ACTION_RELOAD_THE_PAGE,
    RLK_ACTION_CHECK_CONNECTION,
    RLK_ACTION_ASK_FOR_A_NEW_LINK,
    RLK_ACTION_USE_ANOTHER_BROWSER,
    RLK_ACTION_NAME_A_KEY,
    RLK_ACTION_MEND_WHAT_IS_LISTED,
    RLK_ACTION_REFRESH_THE_RELEASE,
    RLK_ACTION_REPORT_THIS,
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
