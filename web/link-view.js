// @ts-check
// What a link opens on: one release, told to somebody who knows nothing of DFU, and one button.
import { contactBox } from './contact.js';
import { byId, el, facts } from './dom.js';
import { makerText } from './maker-text.js';
import { stepPicture } from './pictures.js';
import { duration, t } from './texts.js';

/** @typedef {import('./release/load.js').Release} Release */
/** @typedef {import('./site.js').Site} Site */

/**
 * What the link's page lets others change.
 * @typedef {object} LinkView
 * @property {HTMLButtonElement} button connects the device
 * @property {HTMLElement} status a live region: what is being got, or that all is here
 * @property {HTMLElement} problem a live region below the button
 */

/** @param {string} title @param {string} id @param {...import('./dom.js').Child} children */
function section(title, id, ...children) {
    return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), ...children);
}

/** @param {...import('./dom.js').Child} items */
const list = (...items) => el('ul', { class: 'prose' }, ...items);

/** @param {any} release document @returns {HTMLElement} */
function losses({ lost, languages }) {
    return list(el('li', {}, el('strong', {}, t('link.lost.everything'))),
        ...lost.map((/** @type {import('./maker-text.js').Text} */ text) => makerText(text, languages, 'li')));
}

/** @type {Record<string, string[]>} what the way back asks of a person */
const HANDS = {
    boot0: ['link.need.boot0'],
    'empty-check': ['link.need.replug'],
};

/** @param {any} release document @returns {HTMLElement} */
function needs(release) {
    const keys = ['link.need.browser', 'link.need.cable', ...HANDS[release.return] ?? []];
    return list(...keys.map((key) => el('li', {}, t(key))));
}

/** @param {Release} release @returns {HTMLElement} */
function enterSteps({ document: { enter, languages }, pictures }) {
    if (enter.length === 0) {
        return el('p', {}, t('link.enter.unsaid'));
    }
    return el('ol', { class: 'prose enter' }, ...enter.map((/** @type {import('./pictures.js').Step} */ step) =>
        el('li', {}, makerText(step.text, languages, 'p'), stepPicture(step, languages, pictures))));
}

/** @returns {HTMLElement} nobody says that this is the maker's */
export const unsignedNote = () =>
    el('p', { class: 'unsigned' }, el('strong', {}, t('link.unsigned')), ' ', t('link.unsigned.means'));

/** @param {Release} release @param {Site} site @returns {HTMLElement} who says that this is the maker's */
function origin({ signedBy }, { brand }) {
    return signedBy ? el('p', {}, t('link.signed', { brand, key: signedBy }))
        : unsignedNote();
}

/** @param {Release} release @param {Site} site @returns {HTMLElement} */
function glance({ document: release, estimateMs }, { brand }) {
    return facts([
        [t('link.product'), el('span', { dir: 'auto' }, release.product)],
        [t('link.version'), el('span', { dir: 'auto' }, release.version)],
        [t('link.from'), el('span', { dir: 'auto' }, brand)],
        [t('link.time'), t('link.time.about', { time: duration(estimateMs) })],
        [t('link.end'), t(release.end === 'protected' ? 'link.end.protected' : 'link.end.open')],
    ]);
}

/**
 * Shows the release.
 * @param {Release} release verified
 * @param {Site} site
 * @returns {LinkView} its button does nothing yet
 */
export function showRelease(release, site) {
    const { document: told } = release;
    const button = el('button', { type: 'button', class: 'main', id: 'link-connect' }, t('link.connect'));
    const status = el('p', { class: 'note', id: 'link-status', role: 'status' });
    const problem = el('div', { id: 'link-problem', 'aria-live': 'polite' });
    const title = el('h1', { id: 'link-title', tabindex: '-1', dir: 'auto' },
        t('link.title', { product: told.product }));
    byId('link').replaceChildren(
        title, glance(release, site),
        ...(told.notes ? [section(t('link.new'), 'link-new', makerText(told.notes, told.languages, 'p'))] : []),
        section(t('link.lost'), 'link-lost', losses(told)),
        section(t('link.need'), 'link-need', needs(told)),
        section(t('link.enter'), 'link-enter', enterSteps(release)),
        el('div', { id: 'link-help' }),
        section(t('link.origin'), 'link-origin', origin(release, site)),
        el('section', { class: 'panel', 'aria-label': t('link.go') }, el('p', {}, t('link.go.note')),
            el('div', { class: 'buttons' }, button), status, problem),
        contactBox(told.contact),
        site.files ? el('p', { class: 'restart' }, el('a', { href: './' }, t('link.other'))) : '');
    byId('link').hidden = false;
    document.title = t('link.title', { product: told.product });
    return { button, status, problem };
}

/** Something is on its way, before there is a release to tell of. @returns {(done: number, total: number) => void} */
export function showLoading() {
    const bar = el('progress', { max: '1', 'aria-label': t('link.loading') });
    byId('link').replaceChildren(el('div', { role: 'status' }, el('h1', {}, t('link.loading'))), bar);
    byId('link').hidden = false;
    return (done, total) => {
        bar.value = total > 0 ? done / total : 0;
    };
}
