// @ts-check
// An error as a box: what happened, where, what to do on this system, and a code for the telephone.
import { el } from '../dom.js';
import { guideSteps, notShowingUp } from '../help/help-view.js';
import { topicOf } from '../help/help.js';
import { fetchWords, notWhole } from './later.js';
import { spokenCode } from './spoken-code.js';
import { actionText, errorText, hasText, t } from '../texts.js';

/** @typedef {import('../../wasm-glue/values.js').ErrorText} ErrorText */

/**
 * @param {ErrorText} error
 * @returns {HTMLElement} what can be said without the words of errors: which one it is
 */
const wordless = (error) => el('div', { 'data-error': error.name }, notWhole(`${error.code} (${error.name})`));

/**
 * Needs the words of errors (fetchWords, or the part `errors`); without them it only names the error.
 * @param {ErrorText} error
 * @param {{place?: string, isKept?: boolean}} [options] place: where it happened, '' if there is nothing to say;
 * isKept: the job is kept in this browser
 * @returns {HTMLElement}
 */
export function errorBox(error, { place = '', isKept = false } = {}) {
    if (!hasText('error.code')) {
        return wordless(error);
    }
    const { texts, hasGuide, hasTree } = topicOf(error.name, { isKept });
    return el('div', { class: 'error', 'data-error': error.name },
        el('p', {}, el('strong', {}, errorText(error)), place && ` (${place})`),
        error.action.name !== 'NONE' && el('p', {}, actionText(error.action)),
        ...texts.map((key) => el('p', {}, t(key))), hasGuide && guideSteps(), hasTree && notShowingUp(),
        el('p', { class: 'note' }, t('error.code', { code: spokenCode(error.code) })));
}

/**
 * The same where the words of errors may not be here yet.
 * @param {ErrorText} error
 * @returns {Promise<HTMLElement>} never rejects
 */
export async function tellError(error) {
    await fetchWords();
    return errorBox(error);
}
