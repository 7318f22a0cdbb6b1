// @ts-check
// The languages that the page speaks; a site may offer fewer. The first is what all others are translated from.

/**
 * @typedef {object} Language
 * @property {string} tag its BCP 47 tag, and the name of its folder here
 * @property {string} name what its own readers call it
 * @property {'ltr' | 'rtl'} direction of its script
 */

/** @type {readonly Language[]} */
export const LANGUAGES = [
    { tag: 'en', name: 'English', direction: 'ltr' },
    { tag: 'de', name: 'Deutsch', direction: 'ltr' },
    { tag: 'fr', name: 'Français', direction: 'ltr' },
    { tag: 'es', name: 'Español', direction: 'ltr' },
    { tag: 'zh-Hans', name: '简体中文', direction: 'ltr' },
    { tag: 'ja', name: '日本語', direction: 'ltr' },
];
