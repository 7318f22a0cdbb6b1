// @ts-check
// The core's errors and actions in words for this page, and what else helps with them. Where there is nothing here, the
// core's own sentences count: they are written once, in core/include/relock/error_list.h and action_list.h, and the
// build puts them into this file as it is served (scripts/lib/core-texts.mjs).

export const TEXTS = {
    'error.INTERRUPTED': 'The work was interrupted; starting the same job again goes on with it.',
    'action.CONFIRM_OR_SAY_YES': 'Start again, look at the plan, and press the button that names what will be done.',
    'action.GIVE_FAMILY': 'Say which chip it is, in the step before the plan.',
    'action.NAME_THE_EXPERIMENT': 'This page never tries it. Ask the maker of the device whether it can be updated in another way.',
    'action.SAY_WHOLE_SECTORS': 'Ask the maker of the device: only who knows that it may be lost can go on, and not on this page.',
    'action.FILL_THE_GAPS': 'Ask the maker of the firmware for a file without gaps, such as a raw binary.',
    'action.SAY_ANY_IMAGE': 'Choose another file: only who knows that this one is for the device can use it, and not on this page.',
    'action.SAY_TRUSTZONE': 'Ask the maker of the device: only who knows that TrustZone was never switched on in it can go on, and not on this page.',
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
    'action.ASK_FOR_A_NEW_LINK': 'Ask whoever gave you this link for a new one.',
    'action.MEND_WHAT_IS_LISTED': 'Mend what is listed above, then try again.',
    'action.FREE_THE_JOURNAL': 'Use a normal window, not a private one, and make room on the disk; then start again.',

    'help.code.step': 'step {number}',

    'help.enterDfu': 'Plug the device in while its BOOT0 button or pin is held, or choose “firmware update” in its own menu. A DFU device shows nothing on its screen, as a rule. The list in the browser then has “STM32 BOOTLOADER” or “DFU in FS Mode”.',
    'help.DEVICE_TAKEN': 'Another tab with this page, STM32CubeProgrammer, or a virtual machine may hold it.',
    'help.SEVERAL_DEVICES': 'Serial numbers do not tell these devices apart. Unplug all but the one that is meant, then try again.',
    'help.PROTECTION_UNCLEAR': 'Some of these bootloaders answer wrongly on USB 3 ports. A USB 2 hub between device and computer is the cure that usually works.',
    'help.TRANSPORT_UNSTABLE': 'Some of these bootloaders answer wrongly on USB 3 ports. A USB 2 hub between device and computer is the cure that usually works.',
    'help.JOURNAL_FAILED': 'The browser refuses to keep data for this page: a private window, or a full disk. Use a normal window.',
    'help.SEAL_NOT_RECORDED': 'The device is not protected now: anybody who has it can read the firmware. Go on with this job once the browser can keep data again.',
    'help.LEVEL_2': 'Level 2 is final by design of the chip: no program and no probe can change it. The device works on with the firmware that it has.',
    'help.WAY_BACK_IS_NONE': 'Ask its maker how BOOT0 is reached. If it can be, start again and choose that way back.',
    'help.JOURNAL_MALFORMED': 'What this browser kept of the device cannot be understood, so it is not used.',
    'help.kept.DEVICE_NOT_BACK': 'What is needed to go on is kept in this browser. You may close this page and come back.',
    'help.kept.INTERRUPTED': 'What is needed to go on is kept in this browser. You may close this page and come back.',

    'place.stage': 'while: {stage}',
    'place.addr': 'address {addr}',
    'place.field': 'field {field}',
    'place.device': 'device state {state}, status {status}',
    'place.line': 'line {line}',
    'place.offset': 'byte {offset}',
    'error.code': 'Code {code}',
};
