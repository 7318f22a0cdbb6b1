#include "relock/error.h"
#include <stddef.h>

struct error_row {
    enum rlk_error error;
    const char *name;
    enum rlk_error_class error_class;
    enum rlk_action action;
    const char *sentence;
};

static const struct error_row errors[] = {
#define RLK_ERROR(name, number, class_, action, sentence)                                                              \
    {RLK_E_##name, #name, RLK_CLASS_##class_, RLK_ACTION_##action, sentence},
#include "relock/error_list.h"
#undef RLK_ERROR
};

#define ERROR_COUNT (sizeof errors / sizeof errors[0])

static const struct error_row success = {RLK_OK, "OK", RLK_CLASS_NONE, RLK_ACTION_NONE, "Done as asked."};

struct action_row {
    const char *name;
    const char *sentence;
};

static const struct action_row actions[RLK_ACTION_COUNT] = {
#define ROW(name, sentence) [RLK_ACTION_##name] = {#name, sentence}
    ROW(NONE, "Nothing more needs to be done."),
    ROW(RUN_AGAIN, "Start the same job again."),
    ROW(CONFIRM_OR_SAY_YES, "Start the job again, look at the plan and confirm it (a script says --yes)."),
    ROW(REPLUG_AND_RUN_AGAIN, "Unplug the device, plug it in again in DFU mode, then start the same job again."),
    ROW(HOLD_BOOT0_AND_REPLUG,
        "Hold the BOOT0 button (or fit its jumper), unplug the device and plug it in again; keep holding."),
    ROW(HOLD_BOOT0_REPLUG_AND_RUN_AGAIN, "Hold the BOOT0 button (or fit its jumper), unplug the device, plug it in "
                                         "again, then start the same job again."),
    ROW(RELEASE_BOOT0_AND_REPLUG,
        "Release the BOOT0 button (or remove its jumper), unplug the device and plug it in again."),
    ROW(KEEP_BOOT0_HELD, "Keep the BOOT0 button held (or its jumper fitted) until you are told to release it."),
    ROW(REPLUG, "Unplug the device and plug it in again."),
    ROW(POWER_CYCLE_AND_RUN_AGAIN, "Take all power from the device (USB, battery, debug probe), wait a few seconds, "
                                   "bring it back into DFU mode, then start the same job again."),
    ROW(ENTER_DFU, "Bring the device into DFU mode (hold BOOT0 while plugging it in, or do as its maker says)."),
    ROW(ENTER_DFU_AND_RUN_AGAIN, "Bring the device into DFU mode (hold BOOT0 while plugging it in, or do as its maker "
                                 "says), then start the same job again."),
    ROW(USE_USB2_HUB, "Put a USB 2.0 hub between computer and device, or use another port and cable, then start the "
                      "same job again."),
    ROW(INSTALL_DRIVER,
        "Install the WinUSB driver for the device once (for example with Zadig), then start the same job again."),
    ROW(GIVE_PERMISSION, "Allow access to the device (on Linux: install Relock's udev rule; for a browser from a snap "
                         "also connect raw-usb), then start the same job again."),
    ROW(CLOSE_OTHER_PROGRAM, "Close the other programs and browser tabs that use the device (STM32CubeProgrammer, "
                             "configurators), then start the same job again."),
    ROW(SWD_ONLY, "This cannot be helped over USB; the device needs a debug probe on its SWD pins, or its maker."),
    ROW(ASK_MAKER, "Ask the maker of the device, and tell them this error's code."),
    ROW(GIVE_FAMILY, "Name the chip's family (--family), then start the same job again."),
    ROW(NAME_THE_EXPERIMENT,
        "The maker can try it on the command line by naming the family (relock --family); the page "
        "never does."),
    ROW(WRITE_ONLY, "Write the firmware without touching the protection (relock write), or ask the maker."),
    ROW(SAY_TRUSTZONE, "Ask the maker; who knows that TrustZone was never switched on in this device can say so on the "
                       "command line (--trustzone off)."),
    ROW(WRITE_THE_FIRMWARE, "If it should be this firmware, write it (relock write or relock update); if not, choose "
                            "another file."),
    ROW(GIVE_ADDRESS, "Give the address where the binary belongs (--address; the maker of the firmware knows it), "
                      "then start the same job again."),
    ROW(SAY_WAY_BACK, "Say how the device gets back into DFU mode after the erase: BOOT0 held (--return boot0), or, "
                      "on chips with the empty check, unplug and replug (--return empty-check)."),
    ROW(SAY_PROTECTION, "Say whether the device shall end protected (--protect on) or open (--protect off)."),
    ROW(ASK_FOR_PROTECTION, "Start the job again so that the device ends protected (--protect on), as it was begun."),
    ROW(USE_UPDATE, "Use the whole update instead (relock update): it removes the protection, which erases the "
                    "device, and writes the firmware."),
    ROW(CHOOSE_ONE_DEVICE, "Unplug all but one device, or name the one that is meant (--port or --serial), then start "
                           "the same job again."),
    ROW(CONNECT_THE_SAME_DEVICE, "Connect the device that the work began with, at the same port and in DFU mode, then "
                                 "start the same job again."),
    ROW(CONNECT_THE_RIGHT_DEVICE, "Unplug this device and connect the one that the update is meant for."),
    ROW(CHOOSE_ANOTHER_FILE, "Choose another file; if this one should be right, get a fresh copy of it."),
    ROW(CHOOSE_ANOTHER_RANGE, "Choose an address and a size inside the device's main flash."),
    ROW(CHOOSE_OTHER_FIELDS, "Choose other fields or values: `relock options` shows those of this device."),
    ROW(CHOOSE_ANOTHER_OUTPUT, "Choose another place for the output file, one that can be written."),
    ROW(FREE_THE_JOURNAL, "Let the journal be written: make room, check the rights to its folder, leave private "
                          "windows, or remove a damaged journal; then start the same job again."),
    ROW(GO_ON_IN_THE_OTHER_TAB, "Go on in the other tab or window, or close it; then try again here."),
    ROW(RELOAD_THE_PAGE, "Reload this page; it then shows how things are now."),
    ROW(CHECK_CONNECTION, "Check the network connection, then try again."),
    ROW(ASK_FOR_A_NEW_LINK,
        "Check the name of the folder or link; if it is right, ask whoever gave it to you for a new "
        "one."),
    ROW(USE_ANOTHER_BROWSER, "Use a newer Chrome, Edge, Opera or Brave, or the command line."),
    ROW(NAME_A_KEY, "Name the maker's public key (--key), as its maker gave it to you."),
    ROW(MEND_WHAT_IS_LISTED, "Mend what is listed above, then start the same command again."),
    ROW(REFRESH_THE_RELEASE, "Keep release.json and channel.json, put the new firmware beside them, raise the sequence "
                             "number in release.json, then use `relock release refresh`."),
    ROW(REPORT_THIS, "Save the transcript and report this error to Relock's authors."),
#undef ROW
};

static const struct error_row *error_find(enum rlk_error error)
{
    for (size_t i = 0; i < ERROR_COUNT; i++) {
        if (errors[i].error == error) {
            return &errors[i];
        }
    }
    return NULL;
}

static const struct error_row *error_row(enum rlk_error error)
{
    if (error == RLK_OK) {
        return &success;
    }
    const struct error_row *row = error_find(error);
    return row != NULL ? row : error_find(RLK_E_INTERNAL);
}

static const struct action_row *action_row(enum rlk_action action)
{
    return (unsigned)action < RLK_ACTION_COUNT ? &actions[action] : NULL;
}

const char *rlk_error_name(enum rlk_error error)
{
    return error_row(error)->name;
}

const char *rlk_error_sentence(enum rlk_error error)
{
    return error_row(error)->sentence;
}

enum rlk_error_class rlk_error_class_of(enum rlk_error error)
{
    return error_row(error)->error_class;
}

enum rlk_action rlk_error_action(enum rlk_error error)
{
    return error_row(error)->action;
}

const char *rlk_action_name(enum rlk_action action)
{
    const struct action_row *row = action_row(action);
    return row != NULL ? row->name : NULL;
}

const char *rlk_action_sentence(enum rlk_action action)
{
    const struct action_row *row = action_row(action);
    return row != NULL ? row->sentence : NULL;
}

enum rlk_error rlk_error_at(unsigned index)
{
    return index < ERROR_COUNT ? errors[index].error : RLK_OK;
}
