// @ts-check
// The core's errors and actions in words for this page. In English the core's own sentences count where there is
// nothing here: they are written once, in core/include/relock/error_list.h and core/src/error.c.

export const TEXTS = {
    'error.INTERRUPTED': 'The work was interrupted; starting the same job again goes on with it.',
    'action.CONFIRM_OR_SAY_YES': 'Start again, look at the plan, and press the button that names what will be done.',
    'action.GIVE_FAMILY': 'Say which chip it is, in the step before the plan.',
    'action.GIVE_ADDRESS': 'Enter the start address; the maker of the firmware knows it.',
    'action.SAY_WAY_BACK': 'Choose how the device gets back into its bootloader after the erase.',
    'action.SAY_PROTECTION': 'Choose whether the device shall end protected or open.',
    'action.ASK_FOR_PROTECTION': 'Start again and let the device end protected, as the job was begun.',
    'action.USE_UPDATE': 'Use the whole update: it removes the protection, which erases the device, and writes the firmware.',
    'action.CHOOSE_ONE_DEVICE': 'Unplug all devices but the one that is meant.',
    'action.GIVE_PERMISSION': 'Let this computer open the device, then try again.',
    'action.INSTALL_DRIVER': 'Install the WinUSB driver once, then try again.',
    'action.HOLD_BOOT0_REPLUG_AND_RUN_AGAIN': 'Hold BOOT0, plug the device in again, then go on with this job.',
    'action.POWER_CYCLE_AND_RUN_AGAIN': 'Take all power from the device (USB, battery, debug probe) and wait a few seconds. Plug it in again in DFU mode, then go on with this job.',
    'action.CHOOSE_ANOTHER_OUTPUT': 'Let the browser save the file in another folder.',
    'action.USE_ANOTHER_BROWSER': 'Use a newer Chrome, Edge, Opera or Brave.',
    'action.NAME_A_KEY': 'Ask whoever runs this page to name the maker’s public key in it.',
    'action.MEND_WHAT_IS_LISTED': 'Mend what is listed above, then try again.',
    'action.FREE_THE_JOURNAL': 'Use a normal window, not a private one, and make room on the disk; then start again.',
};
