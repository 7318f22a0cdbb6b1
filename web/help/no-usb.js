// @ts-check
// A browser, or an address, from which no USB device can be reached: what does it instead.
import { byId, command } from '../dom.js';
import { t } from '../texts.js';

const COMMAND = 'relock update firmware.hex --protect on --return boot0';

/** @returns {'NO_WEBUSB' | 'PAGE_INSECURE'} the error that it is, where there is no WebUSB */
export const whyNoUsb = () => (globalThis.isSecureContext ? 'NO_WEBUSB' : 'PAGE_INSECURE');

/** Where index.html tells of each. */
const BOXES = { NO_WEBUSB: 'no-usb', PAGE_INSECURE: 'insecure' };

/**
 * Says which address, browser or command does it: browsers hide USB from pages that others could change.
 * @param {string} [line] the command that does the same
 */
export function explainMissingUsb(line = COMMAND) {
    const box = byId(BOXES[whyNoUsb()]);
    byId(`${box.id}-command`).replaceChildren(command(line, t('command.same')));
    box.hidden = false;
}
