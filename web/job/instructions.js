// @ts-check
// What to do while the device is awaited, in words: by the name of the action that the engine asks for.
import { hasText, t } from '../texts.js';

/**
 * @param {string} action the name of what the engine asks for
 * @param {{isLost: boolean, isPowerOff: boolean}} why isLost: it went away unasked; isPowerOff: replugging USB alone
 * may not be enough
 * @returns {{title: string, text: string} | undefined} undefined if the engine's own words have to do
 */
export function instructionFor(action, { isLost, isPowerOff }) {
    const special = isLost ? 'lost.' : isPowerOff ? 'powerOff.' : '';
    const key = [`wait.${special}${action}`, `wait.${action}`].find((one) => hasText(`${one}.title`));
    return key === undefined ? undefined : { title: t(`${key}.title`), text: t(`${key}.text`) };
}
