// @ts-check
// Files that the visitor keeps.
import { el } from '../dom.js';

const KEPT_MS = 10000;

/** Hands a file to the browser. @param {string} text @param {string} name @param {string} type */
export function saveFile(text, name, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    el('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
