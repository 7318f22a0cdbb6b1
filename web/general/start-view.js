// @ts-check
// The general first screen: what can be done here, what happens in an update, and what the protection is worth.
import { byId, el } from '../dom.js';
import { t } from '../texts.js';
import { whomToAsk } from '../whom-to-ask.js';

/**
 * What the first screen's buttons do; each is called in the click.
 * @typedef {object} Deeds
 * @property {() => void} connect
 * @property {() => void} check
 * @property {() => void} demo
 */

/** @param {string[]} keys @returns {HTMLElement[]} */
const items = (keys) => keys.map((key) => el('li', {}, t(key)));

/** @param {string} key of the heading @param {string} id @param {...import('../dom.js').Child} children */
const section = (key, id, ...children) =>
    el('section', { 'aria-labelledby': id }, el('h2', { id }, t(key)), ...children);

/** @param {string} id @param {'main' | 'plain'} look @param {() => void} click */
const choice = (id, look, click) => el('div', { class: 'choice' },
    el('button', { id, type: 'button', class: look, click }, t(`start.${id}`)), el('p', {}, t(`start.${id}Note`)));

/** @returns {HTMLElement} */
function whatHappens() {
    const erased = el('li', {}, t('start.happens3'), ' ', el('strong', {}, t('start.happens3Erased')), ' ',
        t('start.happens3Back'));
    return section('start.happens', 'what-happens', el('ol', { class: 'prose' },
        ...items(['start.happens1', 'start.happens2']), erased, ...items(['start.happens4', 'start.happens5'])),
    el('p', {}, t('start.interrupted')));
}

/**
 * Shows it, in the language that is spoken.
 * @param {Deeds} deeds
 * @param {{problem: HTMLElement, help: HTMLElement[], isUsbHere: boolean}} parts problem: it stays the same one, since
 * a click may be about to say something there
 */
export function showStart({ connect, check, demo }, { problem, help, isUsbHere }) {
    problem.replaceChildren();
    byId('start').replaceChildren(
        el('h1', {}, t('start.title')), el('p', { class: 'lead' }, t('start.lead')),
        el('section', { id: 'choices', class: 'panel', 'aria-label': t('start.choices') },
            choice('connect', 'main', connect), problem, choice('try', 'plain', demo), choice('check', 'plain', check)),
        el('div', { id: 'start-help' }, ...help), whatHappens(),
        section('start.need', 'need', el('ul', { class: 'prose' },
            ...items(['start.needFile', 'start.needCable', 'start.needChip']))),
        section('start.worth', 'protects', el('p', {}, t('start.worthLevels')), el('p', {}, t('start.worthPrivate'))),
        whomToAsk() ?? '');
    byId('connect').toggleAttribute('disabled', !isUsbHere);
    byId('start').hidden = false;
}
