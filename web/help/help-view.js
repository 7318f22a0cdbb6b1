// @ts-check
// Help on the screen: what a system needs once, which browser does it, and why a device does not show up.
import { command, el } from '../dom.js';
import { BROWSERS, GUIDES } from './help.js';
import { fetchTree, lateFold } from '../job/later.js';
import { platform } from '../browser/platform.js';
import { t } from '../texts.js';

/** @typedef {import('./help.js').Step} Step */

/** @param {Step} step @returns {import('../dom.js').Child[]} */
const stepParts = ({ text, see, command: line, label }) => [
    el('p', {}, t(text)),
    line && label && command(line, t(label)),
    see && el('p', { class: 'note' }, el('strong', {}, t('help.youSee')), ' ', t(see)),
];

/**
 * What this system needs, step by step.
 * @param {import('../browser/platform.js').Platform} [system]
 * @returns {HTMLElement | null} null if nothing is to be said
 */
export function guideSteps(system = platform()) {
    const guide = GUIDES[system];
    return guide ? el('div', { class: 'guide', 'data-guide': system }, guide.why && el('p', {}, t(guide.why)),
        el(guide.isOrdered ? 'ol' : 'ul', { class: 'prose' }, ...guide.steps.map((step) => el('li', {}, ...stepParts(step)))),
        guide.after && el('p', { class: 'note' }, t(guide.after))) : null;
}

/** @returns {HTMLElement} closed: "the device does not show up" */
export function notShowingUp() {
    return lateFold(t('help.tree.title'), async () => {
        const made = await fetchTree();
        return made && new made.Tree().body;
    });
}

/**
 * What a visitor may need before anything is begun. What everybody on this system must do is open to be read.
 * @returns {HTMLElement[]}
 */
export function helpBeforehand() {
    const guide = GUIDES[platform()];
    return [...(guide ? [el('details', { class: 'help', open: guide.isNeeded }, el('summary', {}, t(guide.title)),
        guideSteps())] : []), notShowingUp()];
}

/** @returns {HTMLElement} which browser of this system reaches USB devices */
export function whichBrowser() {
    return el('p', { class: 'which-browser' }, t(BROWSERS[platform()]));
}
