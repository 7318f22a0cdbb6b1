// @ts-check
// Whom to ask: the maker's contact, as a release or the site names it. The strict reader has checked each of its
// fields.
import { el } from './dom.js';
import { t } from './texts.js';

/** @typedef {{name: string, email?: string, phone?: string, web?: string}} Contact */

/** @param {string} href @param {string} text @returns {HTMLElement} */
const link = (href, text) => el('a', { href, dir: 'ltr', rel: 'noopener noreferrer' }, text);

/**
 * @param {Contact} contact
 * @returns {HTMLElement}
 */
export function contactBox({ name, email, phone, web }) {
    const ways = [
        email && link(`mailto:${email}`, email),
        phone && link(`tel:${phone.replace(/[^+0-9]/g, '')}`, phone),
        web && link(web, web),
    ].filter((way) => way instanceof Node);
    return el('div', { class: 'contact' }, el('p', {}, el('strong', {}, t('link.contact'))),
        el('p', {}, el('span', { dir: 'auto' }, name)), el('ul', {}, ...ways.map((way) => el('li', {}, way))));
}
