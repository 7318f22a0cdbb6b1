// @ts-check
// The language of the page itself: what index.html holds in English is replaced, and the visitor may choose another.
import { byId, el, isAtWork } from './dom.js';
import { LANGUAGES, direction, hasText, language, loadTexts, t } from './texts.js';

/**
 * Says what stands in the document in the language that is spoken, as far as its texts are loaded: `data-t="key"` for
 * an element's text, and `data-t-attr="attribute:key …"` for its attributes.
 * @param {ParentNode} [root]
 */
export function translatePage(root = document) {
    document.documentElement.lang = language();
    document.documentElement.dir = direction();
    for (const element of root.querySelectorAll('[data-t]')) {
        const key = element.getAttribute('data-t') ?? '';
        element.textContent = hasText(key) ? t(key) : element.textContent;
    }
    for (const element of root.querySelectorAll('[data-t-attr]')) {
        for (const pair of element.getAttribute('data-t-attr')?.split(' ') ?? []) {
            const [attribute, key] = pair.split(':');
            if (hasText(key)) {
                element.setAttribute(attribute, t(key));
            }
        }
    }
}

/** Keeps the choice in the address, for a reload or a bookmark; no cookie does. @param {string} tag */
function keepInAddress(tag) {
    const address = new URL(location.href);
    address.searchParams.set('lang', tag);
    history.replaceState(history.state, '', address);
}

/**
 * Fills the menu of languages; it is hidden while anything is at work.
 * @param {readonly string[]} tags what the site offers
 * @param {() => void} onChange draws anew what is on the screen; index.html's own texts are there by then
 */
export function showLanguageMenu(tags, onChange) {
    const menu = /** @type {HTMLSelectElement} */ (byId('language'));
    const offered = LANGUAGES.filter(({ tag }) => tags.includes(tag));
    menu.replaceChildren(...offered.map(({ tag, name }) => el('option', { value: tag, lang: tag }, name)));
    menu.value = language();
    menu.addEventListener('change', async () => {
        const before = language();
        await loadTexts(menu.value, []).catch(() => {
            menu.value = language(); // it cannot be had now
        });
        if (isAtWork()) {
            await loadTexts(before, []); // a job began meanwhile, in this one
            return;
        }
        translatePage();
        keepInAddress(language());
        onChange();
    });
    byId('languages').hidden = offered.length < 2;
}
