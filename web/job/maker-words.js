// @ts-check
// What the maker of a device says in the middle of an update, each at its second: hold BOOT0, release it, what comes
// afterwards. `document` is release.json everywhere; null where a file is written, and nobody says anything.
import { seesDevice } from '../../wasm-glue/webusb-transport.js';
import { el } from '../dom.js';
import { makerText } from '../maker-text.js';
import { t } from '../texts.js';

/** @typedef {any} Document release.json, as the strict reader gives it */

/** Where BOOT0 is held while this is asked of a person. */
const HELD = new Set(['KEEP_BOOT0_HELD', 'HOLD_BOOT0_AND_REPLUG']);

/** @param {Document | null} document @returns {HTMLElement | null} where BOOT0 is and how it is held */
function holdText(document) {
    return document?.boot0 ? makerText(document.boot0.hold, document.languages, 'p') : null;
}

/** @param {Document | null} document @returns {HTMLElement | null} how it is brought into DFU mode, without pictures */
function enterList(document) {
    const steps = document?.enter ?? [];
    return steps.length === 0 ? null : el('ol', { class: 'prose' }, ...steps.map((/** @type {any} */ { text }) =>
        makerText(text, document.languages, 'li')));
}

/** @param {string} action @param {Document | null} document @returns {HTMLElement | null} what its maker adds to it */
export function addedTo(action, document) {
    return HELD.has(action) ? holdText(document) : action === 'ENTER_DFU' ? enterList(document) : null;
}

/**
 * The person says, for this device, that BOOT0 is held: a release knows only that it can be.
 * @param {Document | null} document
 * @param {import('../../wasm-glue/values.js').Plan} plan
 * @returns {{parts: HTMLElement[], isHeld: () => boolean}} isHeld says so on the spot if it was not confirmed
 */
export function askBoot0(document, plan) {
    if (document?.return !== 'boot0' || !(plan.losesEverything || plan.endsProtected)) {
        return { parts: [], isHeld: () => true };
    }
    const problem = el('p', { id: 'boot0-problem', class: 'bad', role: 'alert' });
    const box = el('input', { type: 'checkbox', id: 'boot0-held', 'aria-describedby': 'boot0-problem', change: () => {
        problem.textContent = '';
    } });
    const hold = holdText(document);
    return {
        parts: [el('div', { class: 'instruction is-calling' }, el('p', {}, el('strong', {}, t('link.boot0.hold'))), hold,
            el('div', { class: 'check' }, box, el('label', { for: 'boot0-held' }, t('link.boot0.confirm'))), problem)],
        isHeld: () => {
            if (!box.checked) {
                problem.textContent = t('link.boot0.missing');
                box.focus();
            }
            return box.checked;
        },
    };
}

/** @param {string} action @param {Document | null} document @returns {HTMLElement | null} that BOOT0 is released now */
export function releaseText(action, document) {
    return action === 'RELEASE_BOOT0_AND_REPLUG' && document?.boot0
        ? makerText(document.boot0.release, document.languages, 'p') : null;
}

/** @param {Document | null} document @returns {HTMLElement | null} what to do once all is well */
export function afterwards(document) {
    const texts = document?.after ?? [];
    return texts.length === 0 ? null : el('div', {}, el('h3', {}, t('link.after')), el('ul', { class: 'prose' },
        ...texts.map((/** @type {import('../maker-text.js').Text} */ text) => makerText(text, document.languages, 'li'))));
}

/**
 * A button that looks for the device's application on USB. It appearing is for the person to see; it proves nothing of
 * what was written.
 * @param {Document | null} document
 * @returns {HTMLElement | null} null if the maker did not say how it appears
 */
export function applicationPart(document) {
    if (!document?.application) {
        return null;
    }
    const { vendor, product } = document.application;
    const said = el('p', { role: 'status' });
    const look = el('button', { type: 'button', class: 'plain', click: async () => {
        const isSeen = await seesDevice(Number.parseInt(vendor, 16), Number.parseInt(product, 16));
        said.textContent = t(isSeen ? 'link.application.seen' : 'link.application.unseen', { vendor, product });
    } }, t('link.application.look'));
    return el('div', {}, el('h3', {}, t('link.application.title')),
        el('p', {}, t('link.application.text', { vendor, product })), el('div', { class: 'buttons' }, look), said);
}
