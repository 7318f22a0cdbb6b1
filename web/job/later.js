// @ts-check
// What is no part of a first visit: it is got when it is needed. Once the page is kept on this computer it comes from
// there, so that it is here without a network, too.
import { el } from '../dom.js';
import { addTextsNow, t } from '../texts.js';

/**
 * @template T
 * @param {Promise<T>} loading @param {import('../texts.js').Part} part its words
 * @returns {Promise<T | null>} null if they cannot be had now
 */
const get = (loading, part) => Promise.all([loading, addTextsNow([part])]).then(([module]) => module, () => null);

/** @returns {Promise<typeof import('../report/report-view.js') | null>} what makes reports */
export const fetchReport = () => get(import('../report/report-view.js'), 'report');

/** @returns {Promise<typeof import('../help/help-tree.js') | null>} why a device does not show up */
export const fetchTree = () => get(import('../help/help-tree.js'), 'tree');

/** @returns {Promise<typeof import('./update.js')>} what does the work and shows it; here once fetchWords was true */
export const fetchUpdate = () => import('./update.js');

/** @returns {Promise<boolean>} whether the work can be done, and it and all its errors told, now. Never rejects */
export const fetchWords = () => Promise.all([addTextsNow(['work', 'errors']), fetchUpdate()]).then(() => true, () => false);

/** @returns {string} of a page that is not whole, as index.html has it */
const codeOfBroken = () => document.querySelector('#broken .note')?.textContent ?? '';

/** @param {string} [code] @returns {HTMLElement} said in the place of what could not be got */
export const notWhole = (code = codeOfBroken()) => el('div', { class: 'error' }, el('p', {}, t('page.broken')),
    el('p', { class: 'note' }, code));

/**
 * Something closed, whose inside is made when it is opened.
 * @param {string} title
 * @param {() => Promise<HTMLElement | null>} make null if it cannot be had now: the next opening tries again
 * @returns {HTMLElement}
 */
export function lateFold(title, make) {
    const fold = el('details', { class: 'help' }, el('summary', {}, title));
    /** @type {HTMLElement | null} */
    let inside = null;
    let isMaking = false;
    fold.addEventListener('toggle', async () => {
        if (!fold.open || inside || isMaking) {
            return;
        }
        isMaking = true;
        inside = await make();
        isMaking = false;
        fold.replaceChildren(/** @type {Node} */ (fold.firstChild), inside ?? notWhole());
    });
    return fold;
}
