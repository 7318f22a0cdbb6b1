// @ts-check
// Help as data: what is said where. The page shows it (help-view.js), and docs/troubleshooting.md is made from it. Keys
// are those of texts/LANGUAGE/help.js; what goes with an error is in errors.js, beside its sentence.

/** @typedef {import('../browser/platform.js').Platform} Platform */

/**
 * One thing to do.
 * @typedef {object} Step
 * @property {string} text key
 * @property {string} [see] key: what one will see
 * @property {string} [command] to be typed
 * @property {string} [label] key: what the command is
 */

/**
 * What has to be done once on a system so that a page may use the device.
 * @typedef {object} Guide
 * @property {string} title key
 * @property {string} [why] key
 * @property {boolean} isOrdered its steps are taken one after the other; otherwise each is for those whom it concerns
 * @property {boolean} isNeeded by everybody on this system, before the first time
 * @property {Step[]} steps
 * @property {string} [after] key: what is no step
 */

/** The rule is that of cli/udev, word for word; a test compares them. */
const UDEV_COMMAND = 'echo \'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0483", ATTR{idProduct}=="df11",'
    + ' MODE="0660", GROUP="plugdev", TAG+="uaccess"\' | sudo tee /etc/udev/rules.d/70-relock-stm32-dfu.rules'
    + ' && sudo udevadm control --reload && sudo udevadm trigger';

/** @type {Partial<Record<Platform, Guide>>} */
export const GUIDES = {
    windows: {
        title: 'help.setup.windows', why: 'help.setup.windowsWhy', isOrdered: true, isNeeded: true,
        steps: [
            { text: 'help.windows.plug', see: 'help.windows.plugSee' },
            { text: 'help.windows.zadig', see: 'help.windows.zadigSee' },
            { text: 'help.windows.choose', see: 'help.windows.chooseSee' },
            { text: 'help.windows.install', see: 'help.windows.installSee' },
            { text: 'help.windows.replug', see: 'help.windows.replugSee' },
        ],
        after: 'help.windows.cube',
    },
    linux: {
        title: 'help.setup.linux', isOrdered: false, isNeeded: false,
        steps: [
            { text: 'help.linux.rule', command: UDEV_COMMAND, label: 'help.linux.ruleLabel', see: 'help.linux.ruleSee' },
            { text: 'help.linux.snap', command: 'sudo snap connect chromium:raw-usb', label: 'help.linux.snapLabel' },
            { text: 'help.linux.remote' },
        ],
    },
    chromeos: {
        title: 'help.setup.chromeos', isOrdered: false, isNeeded: false,
        steps: [{ text: 'help.chromeos.share' }, { text: 'help.chromeos.managed' }],
    },
    android: {
        title: 'help.setup.android', isOrdered: false, isNeeded: false,
        steps: [{ text: 'help.android.adapter' }, { text: 'help.android.app' }, { text: 'help.android.power' }],
    },
    macos: {
        title: 'help.setup.macos', isOrdered: false, isNeeded: false,
        steps: [{ text: 'help.macos.driver' }, { text: 'help.macos.allow' }],
    },
};

/** @type {Record<Platform, string>} key: which browser does it */
export const BROWSERS = {
    windows: 'help.browser.computer', macos: 'help.browser.computer', other: 'help.browser.computer',
    linux: 'help.browser.linux', chromeos: 'help.browser.chromeos', android: 'help.browser.android', ios: 'help.browser.ios',
};

/**
 * What goes with an error, besides its sentence and its action.
 * @typedef {object} Topic
 * @property {boolean} [hasGuide] the guide of the system
 * @property {boolean} [hasTree] "the device does not show up"
 * @property {string[]} [texts] keys
 * @property {string[]} [kept] keys, where the job is kept in this browser
 */

/** @type {Readonly<Record<string, Topic>>} by the error's name */
export const TOPICS = {
    NO_PERMISSION: { hasGuide: true },
    DRIVER_MISSING: { hasGuide: true },
    NO_DEVICE: { texts: ['help.enterDfu'], hasTree: true },
    DESCRIPTOR_NO_DFU: { texts: ['help.enterDfu'], hasTree: true },
    DEVICE_TAKEN: { texts: ['help.DEVICE_TAKEN'] },
    SEVERAL_DEVICES: { texts: ['help.SEVERAL_DEVICES'] },
    PROTECTION_UNCLEAR: { texts: ['help.PROTECTION_UNCLEAR'] },
    TRANSPORT_UNSTABLE: { texts: ['help.TRANSPORT_UNSTABLE'] },
    JOURNAL_FAILED: { texts: ['help.JOURNAL_FAILED'] },
    JOURNAL_MALFORMED: { texts: ['help.JOURNAL_MALFORMED'] },
    SEAL_NOT_RECORDED: { texts: ['help.SEAL_NOT_RECORDED'] },
    LEVEL_2: { texts: ['help.LEVEL_2'] },
    WAY_BACK_IS_NONE: { texts: ['help.WAY_BACK_IS_NONE'] },
    DEVICE_NOT_BACK: { kept: ['help.kept.DEVICE_NOT_BACK'], hasTree: true },
    INTERRUPTED: { kept: ['help.kept.INTERRUPTED'] },
};

/**
 * @param {string} error the name of an error
 * @param {{isKept: boolean}} [job] isKept: in this browser, to be gone on with
 * @returns {{hasGuide: boolean, hasTree: boolean, texts: string[]}} texts: keys
 */
export function topicOf(error, { isKept } = { isKept: false }) {
    const { texts = [], kept = [], hasGuide = false, hasTree = false } = TOPICS[error] ?? {};
    return { hasGuide, hasTree, texts: [...texts, ...(isKept ? kept : [])] };
}
