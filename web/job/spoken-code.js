// @ts-check
// One short line that can be read over a telephone: which error, at which step on the screen, with which chip.
import { t } from '../texts.js';

let chip = '';

/** @param {{chipIsKnown: boolean, chip: string}} found what was found of the device that is being worked with */
export function noteChip(found) {
    chip = found.chipIsKnown ? found.chip.replace(/^STM32/, '') : '';
}

/** @returns {number} the number of the step that the page is at, 0 before the first one */
function stepOnScreen() {
    return document.querySelectorAll('#steps > .step').length;
}

/**
 * @param {string} code of an error, `RLK-2107`
 * @returns {string} `RLK-2107, step 5, F405`; what is not known is left out
 */
export function spokenCode(code) {
    const number = stepOnScreen();
    return [code, number > 0 && t('help.code.step', { number }), chip].filter(Boolean).join(', ');
}
