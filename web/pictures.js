// @ts-check
// The pictures of a release. Each was checked against the release before it comes here.
import { el } from './dom.js';
import { bestLanguage, wordsOf } from './maker-text.js';
import { language } from './texts.js';

/**
 * @typedef {object} Step of a release: how to enter DFU mode
 * @property {import('./maker-text.js').Text} text
 * @property {Record<string, {file: string}>} [pictures] by language
 * @property {import('./maker-text.js').Text} [alt]
 */

/**
 * @param {Step} step
 * @param {string[]} languages of the release
 * @param {Map<string, Blob>} pictures of the release, by file name
 * @returns {HTMLElement | null} null if the step has none
 */
export function stepPicture({ pictures: named = {}, alt = {} }, languages, pictures) {
    const tag = bestLanguage(languages.filter((one) => one in named), language());
    const blob = tag === undefined ? undefined : pictures.get(named[tag].file);
    if (!blob) {
        return null;
    }
    const url = URL.createObjectURL(blob); // for as long as the page: it may be shown again
    return el('img', { class: 'step-picture', src: url, alt: wordsOf(alt, languages).words, decoding: 'async' });
}
