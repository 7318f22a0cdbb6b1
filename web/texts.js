// @ts-check
// All English of the page that is not in index.html. The sentences of errors and actions come from the engine; what is
// here is keyed by its names.

/** @type {Record<string, string>} the stages of a plan, as something that will be done; others go without saying */
export const PLAN_STAGES = {
    unprotect: 'Remove the protection: the chip erases itself and restarts',
    blank: 'Check which parts of the flash are blank',
    erase: 'Erase the sectors that need it',
    write: 'Write the firmware',
    verify: 'Read everything back and compare it',
    options: 'Check the option bytes and set the protection',
    'power-cycle': 'Ask you to unplug the device and plug it in again',
    prove: 'Bring the device back and see that it refuses to be read: the proof',
    read: 'Read the flash',
    leave: 'Start the firmware',
};

/** @type {Record<string, string>} the same, while it is done */
export const STAGES = {
    open: 'Reaching the device',
    identify: 'Finding out which chip it is',
    probe: 'Finding out whether it is protected',
    confirm: 'Waiting for your answer',
    'look-again': 'Waiting for your answer',
    unprotect: 'Removing the protection; the chip erases itself',
    blank: 'Checking what is blank',
    erase: 'Erasing',
    write: 'Writing the firmware',
    verify: 'Reading back and comparing',
    options: 'Setting the protection',
    'power-cycle': 'Waiting for the device to be plugged in again',
    prove: 'Proving that the device is protected',
    read: 'Reading',
    leave: 'Starting the firmware',
};

/** @type {Record<string, string>} */
export const PROTECTION = {
    'level-1': 'Readout-protected (RDP level 1)',
    open: 'Not protected (RDP level 0)',
    unknown: 'Not known for sure',
};

/** @type {Record<string, string>} */
export const EVIDENCE = {
    'st-document': 'documents by ST',
    'st-code': 'published code by ST',
    'field-report': 'reports by users',
    transcript: 'a transcript from this bootloader',
};

/** @type {Record<string, string>} */
export const TIERS = {
    full: 'Supported in full',
    experimental: 'Experimental: command line only',
    'write-only': 'Writing only; the protection cannot be changed',
    refused: 'Not supported',
};

/** @type {Record<string, {title: string, text: string}>} what to do while the device is awaited */
export const INSTRUCTIONS = {
    NONE: { title: 'The device restarts', text: 'It comes back by itself. Leave everything as it is.' },
    KEEP_BOOT0_HELD: {
        title: 'Keep BOOT0 held',
        text: 'The device restarts and comes back by itself, as long as BOOT0 is held. Leave the cable in.',
    },
    HOLD_BOOT0_AND_REPLUG: {
        title: 'Hold BOOT0, unplug the device, plug it in again',
        text: 'Keep BOOT0 held the whole time. The work goes on as soon as the device is back.',
    },
    RELEASE_BOOT0_AND_REPLUG: {
        title: 'Release BOOT0, unplug the device, plug it in again',
        text: 'The new firmware then starts.',
    },
    ENTER_DFU: {
        title: 'Bring the device back into DFU mode',
        text: 'Hold BOOT0 while you plug it in, or do as its maker says. The work goes on as soon as the device is back.',
    },
    REPLUG: {
        title: 'Unplug the device and plug it in again',
        text: 'The work goes on as soon as the device is back.',
    },
};

/** @type {typeof INSTRUCTIONS} the same for a device that went away unasked, in the middle of the work */
const LOST_INSTRUCTIONS = {
    HOLD_BOOT0_AND_REPLUG: {
        title: 'The device is gone: plug it in again, with BOOT0 held',
        text: 'Check the cable, too. The work goes on as soon as the device is back; the firmware file is still here.',
    },
    ENTER_DFU: {
        title: 'The device is gone: plug it in again, in DFU mode',
        text: 'Hold BOOT0 while you plug it in, or do as its maker says. The work goes on as soon as the device is back.',
    },
    REPLUG: {
        title: 'The device is gone: plug it in again',
        text: 'Check the cable, too. The work goes on as soon as the device is back; the firmware file is still here.',
    },
};

/** @type {typeof INSTRUCTIONS} the same where a chip may take over a change of its protection at power-on only */
const POWER_OFF_INSTRUCTIONS = {
    HOLD_BOOT0_AND_REPLUG: {
        title: 'Take all power away, then plug the device in again with BOOT0 held',
        text: 'Unplug USB and take out the battery and every other supply, a debug probe too, for a few seconds. This chip'
            + ' may take over the change of its protection only when it is switched on anew.',
    },
    ENTER_DFU: {
        title: 'Take all power away, then bring the device back into DFU mode',
        text: 'Unplug USB and take out the battery and every other supply, a debug probe too, for a few seconds. Then'
            + ' hold BOOT0 while you plug it in, or do as its maker says.',
    },
    REPLUG: {
        title: 'Take all power away, then plug the device in again',
        text: 'Unplug USB and take out the battery and every other supply, a debug probe too, for a few seconds. This chip'
            + ' may take over the change of its protection only when it is switched on anew.',
    },
};

/**
 * What to do while the device is awaited.
 * @param {string} action the name of what the engine asks for
 * @param {{isLost: boolean, isPowerOff: boolean}} why isLost: it went away unasked; isPowerOff: replugging USB alone
 * may not be enough
 * @returns {{title: string, text: string} | undefined} undefined if the engine's own words have to do
 */
export function instructionFor(action, { isLost, isPowerOff }) {
    const special = isLost ? LOST_INSTRUCTIONS : isPowerOff ? POWER_OFF_INSTRUCTIONS : INSTRUCTIONS;
    return special[action] ?? INSTRUCTIONS[action];
}

/** @type {Record<string, string>} next actions that the engine words for a command line, in words for this page */
const ACTIONS = {
    CONFIRM_OR_SAY_YES: 'Start again, look at the plan, and press the button that names what will be done.',
    GIVE_FAMILY: 'Say which chip it is, in the step before the plan.',
    GIVE_ADDRESS: 'Enter the start address; the maker of the firmware knows it.',
    SAY_WAY_BACK: 'Choose how the device gets back into its bootloader after the erase.',
    SAY_PROTECTION: 'Choose whether the device shall end protected or open.',
    ASK_FOR_PROTECTION: 'Start again and let the device end protected, as the job was begun.',
    USE_UPDATE: 'Use the whole update: it removes the protection, which erases the device, and writes the firmware.',
    CHOOSE_ONE_DEVICE: 'Unplug all devices but the one that is meant.',
    GIVE_PERMISSION: 'Let this computer open the device, then try again.',
    INSTALL_DRIVER: 'Install the WinUSB driver once, then try again.',
    HOLD_BOOT0_REPLUG_AND_RUN_AGAIN: 'Hold BOOT0, plug the device in again, then go on with this job.',
    POWER_CYCLE_AND_RUN_AGAIN: 'Take all power from the device (USB, battery, debug probe) and wait a few seconds. Plug it in'
        + ' again in DFU mode, then go on with this job.',
    CHOOSE_ANOTHER_OUTPUT: 'Let the browser save the file in another folder.',
    FREE_THE_JOURNAL: 'Use a normal window, not a private one, and make room on the disk; then start again.',
};

/** @param {import('../wasm-glue/values.js').ActionText} action @returns {string} */
export function actionText({ name, sentence }) {
    return ACTIONS[name] ?? sentence;
}

/** @type {Record<string, string>} what the simulated person's hands do */
export const HANDS = {
    HOLD_BOOT0_AND_REPLUG: 'Hold BOOT0 and replug the simulated device',
    RELEASE_BOOT0_AND_REPLUG: 'Release BOOT0 and replug the simulated device',
    ENTER_DFU: 'Hold BOOT0 and replug the simulated device',
    REPLUG: 'Replug the simulated device',
    POWER_CYCLE_AND_RUN_AGAIN: 'Replug the simulated device',
};

/** @type {Record<string, {title: string, text: string}>} */
export const ENDINGS = {
    proven: {
        title: 'Proven: the update is done',
        text: 'The firmware was read back and compared equal, and the device ended as you asked.',
    },
    'not-proven': {
        title: 'Written, not proven',
        text: 'The firmware was written and compared equal, and the protection was set. The device has not yet shown that the'
            + ' protection is in force.',
    },
    'not-done': { title: 'Not done', text: '' },
};

export const PROTECTED_PROOF = 'Afterwards the device refused to be read, by both witnesses: it is protected.';
export const LOOKED_AGAIN = 'The device refuses to be read, by both witnesses: it is still protected. Nothing was changed.'
    + ' Its firmware was compared equal when it was written.';
export const OPEN_PROOF = 'It is not protected, as you asked.';

/** @typedef {{text: string, command?: string, label?: string}} Help */

/** The rule is that of cli/udev, word for word; a test compares them. */
const LINUX_RULE = 'echo \'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0483", ATTR{idProduct}=="df11",'
    + ' MODE="0660", GROUP="plugdev", TAG+="uaccess"\' | sudo tee /etc/udev/rules.d/70-relock-stm32-dfu.rules'
    + ' && sudo udevadm control --reload && sudo udevadm trigger';

/** @type {Help[]} */
const LINUX = [
    { text: 'Linux needs a rule that lets you use the device. Enter this once in a terminal:',
        command: LINUX_RULE, label: 'the command that adds the udev rule' },
    { text: 'If your browser is a snap (Ubuntu), let it use USB devices too:',
        command: 'sudo snap connect chromium:raw-usb', label: 'the command for the snap' },
];

/** @type {Help[]} */
const WINDOWS = [
    { text: 'Windows needs the WinUSB driver for this device once. Plug the device in while it is in DFU mode, start Zadig'
        + ' (zadig.akeo.ie), choose “STM32 BOOTLOADER” (or “DFU in FS Mode”; USB ID 0483:DF11), choose WinUSB, and press'
        + ' “Install Driver” or “Replace Driver”. Make sure that nothing else is chosen there. Then replug the device.' },
    { text: 'STM32CubeProgrammer brings a driver that works too.' },
];

/** @type {Record<string, Help[]>} */
const PERMISSION = {
    linux: LINUX,
    windows: WINDOWS,
    chromeos: [{ text: 'On ChromeOS a device can be given to Android or Linux instead of the browser. Open Settings → “Manage'
        + ' USB devices”, switch the device off for both, and replug it. Managed Chromebooks may forbid USB devices.' }],
    android: [{ text: 'On Android use a USB-C or OTG adapter that carries data. If Android asks which app shall open the device,'
        + ' choose none, then allow it in the browser.' }],
    macos: [{ text: 'macOS needs no driver. If another program (STM32CubeProgrammer, a virtual machine) uses the device,'
        + ' close it, and replug the device.' }],
};

/** @type {Help[]} */
const ENTER_DFU = [
    { text: 'Plug the device in while its BOOT0 button or pin is held, or choose “firmware update” in its own menu. A DFU device'
        + ' shows nothing on its screen, as a rule. The list in the browser then has “STM32 BOOTLOADER” or “DFU in FS Mode”.' },
    { text: 'If it is not in the list: try another cable (many only charge), and another port.' },
];

/** @type {Record<string, Help[]>} more than the sentence and the next action, where there is more to say */
const HELP = {
    DEVICE_TAKEN: [{ text: 'Another tab with this page, STM32CubeProgrammer, or a virtual machine may hold it.' }],
    SEVERAL_DEVICES: [{ text: 'Serial numbers do not tell these devices apart. Unplug all but the one that is meant, then try'
        + ' again.' }],
    PROTECTION_UNCLEAR: [{ text: 'Some of these bootloaders answer wrongly on USB 3 ports. A USB 2 hub between device and computer'
        + ' is the cure that usually works.' }],
    JOURNAL_FAILED: [{ text: 'The browser refuses to keep data for this page: a private window, or a full disk. Use a normal'
        + ' window.' }],
    SEAL_NOT_RECORDED: [{ text: 'The device is not protected now: anybody who has it can read the firmware. Go on with this job once'
        + ' the browser can keep data again.' }],
    LEVEL_2: [{ text: 'Level 2 is final by design of the chip: no program and no probe can change it. The device works on with the'
        + ' firmware that it has.' }],
    WAY_BACK_IS_NONE: [{ text: 'Ask its maker how BOOT0 is reached. If it can be, start again and choose that way back.' }],
    JOURNAL_MALFORMED: [{ text: 'What this browser kept of the device cannot be understood, so it is not used.' }],
};

/** @type {Record<string, Help[]>} the same where the job is kept in this browser */
const HELP_WHERE_KEPT = {
    DEVICE_NOT_BACK: [{ text: 'What is needed to go on is kept in this browser. You may close this page and come back.' }],
    INTERRUPTED: [{ text: 'What is needed to go on is kept in this browser. You may close this page and come back.' }],
};

/**
 * @param {string} error the name of an error
 * @param {string} platform
 * @param {{isKept: boolean}} [job] isKept: in this browser, to be gone on with
 * @returns {Help[]} what else helps on this system
 */
export function helpFor(error, platform, { isKept } = { isKept: false }) {
    if (error === 'NO_PERMISSION' || error === 'DRIVER_MISSING') {
        return PERMISSION[platform] ?? [];
    }
    if (error === 'NO_DEVICE' || error === 'DESCRIPTOR_NO_DFU') {
        return platform === 'windows' ? [...ENTER_DFU, ...WINDOWS] : ENTER_DFU;
    }
    return HELP[error] ?? (isKept ? HELP_WHERE_KEPT[error] : null) ?? [];
}

/** @param {number} ms @returns {string} a time for people, rounded so that it does not jitter */
export function duration(ms) {
    const seconds = Math.ceil(ms / 1000);
    if (seconds < 60) {
        return seconds === 1 ? '1 second' : `${seconds} seconds`;
    }
    const minutes = Math.floor(seconds / 60);
    const rest = Math.floor((seconds % 60) / 10) * 10;
    return `${minutes} min${rest > 0 ? ` ${rest} s` : ''}`;
}

/** @param {number} bytes @returns {string} */
export function size(bytes) {
    if (bytes < 1024) {
        return `${bytes} bytes`;
    }
    const kib = bytes / 1024;
    return kib < 1024 || kib % 1024 !== 0 ? `${Number(kib.toFixed(1))} KiB` : `${kib / 1024} MiB`;
}

/** @param {number} number @param {number} [digits] @returns {string} */
export function hex(number, digits = 8) {
    return `0x${number.toString(16).toUpperCase().padStart(digits, '0')}`;
}
