// @ts-check
// Whom the visitor asks at a dead end: the site's contact, until a release names its own.
import { contactBox } from './contact.js';
import { byId } from './dom.js';

/** @typedef {import('./contact.js').Contact} Contact */

/** @type {Contact | null} */
let contact = null;

/** @param {Contact} who from now on */
export function askAt(who) {
    contact = who;
}

/** @returns {HTMLElement | null} null as long as nobody is known */
export function whomToAsk() {
    return contact && contactBox(contact);
}

/** Something of the page is missing, or broke: says so, and whom to ask if that is known by then. */
export function showBroken() {
    byId('broken').hidden = false;
    byId('broken-whom').replaceChildren(whomToAsk() ?? '');
}
