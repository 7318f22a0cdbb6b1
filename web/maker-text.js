// @ts-check
// The texts of a release: by its maker, in languages of the maker's own, and shown as text, whatever is in them.
import { el } from './dom.js';
import { language } from './texts.js';

/** @typedef {Record<string, string>} Text by language */

/** @param {string} tag @returns {string} its language alone, without script and region */
const base = (tag) => tag.split('-')[0].toLowerCase();

/**
 * @param {string[]} there languages that are there, the best one first
 * @param {string} wanted
 * @returns {string | undefined} the one that serves the wanted language best; undefined if there is none at all
 */
export function bestLanguage(there, wanted) {
    return there.find((tag) => tag.toLowerCase() === wanted.toLowerCase())
        ?? there.find((tag) => base(tag) === base(wanted)) ?? there[0];
}

/**
 * @param {Text} text
 * @param {string[]} languages of the document: the first one is always there
 * @returns {{tag: string, words: string}} in the page's language if it is there, otherwise in the document's first one
 */
export function wordsOf(text, languages) {
    const tag = bestLanguage(languages.filter((one) => one in text), language()) ?? languages[0];
    return { tag, words: text[tag] ?? '' };
}

/**
 * @param {Text} text @param {string[]} languages of the document
 * @param {'span' | 'p' | 'li'} [tagName]
 * @returns {HTMLElement} it says which language it is in where that is not the page's
 */
export function makerText(text, languages, tagName = 'span') {
    const { tag, words } = wordsOf(text, languages);
    const shown = el(tagName === 'li' ? 'span' : tagName, { class: 'maker', dir: 'auto',
        lang: tag === language() ? undefined : tag }, words);
    return tagName === 'li' ? el('li', {}, shown) : shown; // its mark stays where those of the others are
}
