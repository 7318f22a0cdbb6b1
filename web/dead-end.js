// @ts-check
// Where a link, or a site, ends: what happened, whom to ask, and nothing else on the page.
import { RelockError } from '../wasm-glue/values.js';
import { contactBox } from './contact.js';
import { byId, el, setState } from './dom.js';
import { languageOf } from './link.js';
import { translatePage } from './page-language.js';
import { MAY_BE_HALF } from './release/load.js';
import { LANGUAGES, addTexts, chooseLanguage, loadTexts, t } from './texts.js';

/** @typedef {import('./main.js').Basis} Basis */

/**
 * @param {string} title @param {...import('./dom.js').Child} children a page with nothing else on it
 * @returns {HTMLElement} the heading
 */
function showOnly(title, ...children) {
    const heading = el('h1', { id: 'link-title', tabindex: '-1' }, title);
    byId('link').replaceChildren(heading, ...children.filter((child) => child instanceof Node));
    byId('link').hidden = false;
    document.title = title;
    return heading;
}

/**
 * The end of a link: what happened, and whom to ask.
 * @param {string} title
 * @param {HTMLElement} box what happened
 * @param {import('./contact.js').Contact | undefined} contact undefined if even that is not known
 * @param {() => void} [again] offers to try again
 * @returns {HTMLElement} the heading
 */
function showDeadEnd(title, box, contact, again) {
    return showOnly(title, el('p', {}, t('link.refused.nothing')), box, contact && contactBox(contact), again
        && el('div', { class: 'buttons' }, el('button', { type: 'button', class: 'main', click: again }, t('link.again'))));
}

/** What to do without a link. @param {import('./contact.js').Contact} contact @returns {HTMLElement} the heading */
function showNoLink(contact) {
    return showOnly(t('link.none.title'), el('p', {}, t('link.none.text')), el('p', {}, t('link.none.how')), contactBox(contact));
}

/** @type {Record<string, string>} */
const TITLES = { LINK_MALFORMED: 'link.malformed.title', RELEASE_NOT_REACHED: 'link.unreached.title' };
const MAY_TRY_AGAIN = new Set([...MAY_BE_HALF, 'RELEASE_NOT_REACHED', 'SITE_NOT_LOADED']);

/** @param {string} name of an error @returns {(() => void) | undefined} */
const againAfter = (name) => MAY_TRY_AGAIN.has(name) ? () => location.reload() : undefined;

/** @param {any} place of an error @returns {string} '' if there is nothing to say */
function placeText({ file, path }) {
    return file ? t(path ? 'link.refused.field' : 'link.refused.place', { file, path }) : '';
}

/**
 * The end of a link: what happened, whom to ask, and nothing else.
 * @param {Basis} basis @param {unknown} error
 */
export async function refuseLink({ site, view, loadWork }, error) {
    const { name, place } = error instanceof RelockError ? error : new RelockError('INTERNAL');
    const [{ errorBox }] = await Promise.all([loadWork(), addTexts(['errors']).catch(() => {})]);
    const draw = () => {
        setState('link-refused');
        return showDeadEnd(t(TITLES[name] ?? 'link.refused.title'), errorBox(name, placeText(place)), site.contact,
            againAfter(name));
    };
    view(draw);
    draw().focus();
}

/**
 * A site that cannot say what it is: nothing starts.
 * @param {RelockError} error @param {Basis['loadWasm']} loadWasm
 */
export async function refuseSite({ name, place }, loadWasm) {
    const language = chooseLanguage(languageOf(location.href), LANGUAGES.map(({ tag }) => tag), navigator.languages);
    const [module, { RelockEngine }, { errorBox }] = await Promise.all([loadWasm('relock'), import('../wasm-glue/relock.js'),
        import('./job/error-view.js'), loadTexts(language, ['link', 'errors', 'help'])]);
    translatePage();
    showDeadEnd(t('link.site.title'), errorBox(new RelockEngine(module).error(name), { place: placeText(place) }),
        undefined, againAfter(name)).focus();
    setState('site-refused');
}

/** A site for links only, opened without one. @param {Basis} basis */
export function openNoLink({ site, view }) {
    const draw = () => {
        setState('no-link');
        return showNoLink(site.contact);
    };
    view(draw);
    draw().focus();
}
