// @ts-check
// Jobs that were begun and not finished: where things stand, and one button for each. All that they need is in this
// browser, so this is shown before anything is asked of a network.
import { byId, el } from '../dom.js';
import { t } from '../texts.js';
import { whomToAsk } from '../whom-to-ask.js';

/** @typedef {import('../journal.js').Entry & {job: import('../journal.js').Job}} Pending */

/**
 * @typedef {object} Deeds
 * @property {(entry: Pending, problem: HTMLElement) => void} goOn called in the click
 * @property {(entry: Pending, problem: HTMLElement) => void} forget
 * @property {() => void} other the person wants something else
 * @property {(entry: Pending) => HTMLElement} problemOf where it is said what is in the way; the same one each time
 */

const PHASES = new Set(['erasing', 'empty', 'sealing']);

/** @param {Pending} entry @returns {'erasing' | 'empty' | 'sealing'} */
const phaseOf = ({ phase }) => /** @type {any} */ (PHASES.has(phase) ? phase : 'erasing');

/** @param {Pending} entry */
const hasRest = ({ kept = [] }) => kept.length > 0;

/** @param {Pending} entry @returns {(HTMLElement | string)[]} what is kept */
function keptText(entry) {
    const { job } = entry;
    const rest = hasRest(entry) ? el('p', {}, t('resume.kept')) : '';
    if (!('release' in job)) {
        return [rest, el('p', {}, t(job.wayBack === 'boot0' ? 'resume.fileBoot0' : 'resume.file', { file: job.name }))];
    }
    return [rest, el('p', {}, el('strong', {}, t('link.resume.release', { product: job.product, version: job.version }))),
        el('p', {}, t('link.resume.begun')),
        el('p', {}, t(job.wayBack === 'boot0' ? 'link.resume.plugBoot0' : 'link.resume.plug'))];
}

/**
 * @param {Pending} entry @param {Deeds} deeds
 * @param {boolean} isFirst the newest one
 * @returns {{goOn: HTMLElement, forget: HTMLElement}}
 */
function buttonsFor(entry, { goOn, forget, problemOf }, isFirst) {
    const problem = problemOf(entry);
    const label = isFirst ? undefined : t('link.resume.goOnWith', { name: entry.job.name });
    return {
        goOn: el('button', { type: 'button', class: isFirst ? 'main go-on' : 'plain go-on', id: isFirst ? 'go-on' : undefined,
            'aria-label': label, disabled: true, click: () => goOn(entry, problem) }, t('resume.goOn')),
        forget: el('button', { type: 'button', class: 'plain', 'aria-label': isFirst ? undefined
            : t('link.resume.forgetNamed', { name: entry.job.name }), click: () => {
            if (confirm(hasRest(entry) ? `${t('resume.forgetAsk')} ${t('resume.forgetKept')}` : t('resume.forgetAsk'))) {
                forget(entry, problem);
            }
        } }, t('resume.forget')),
    };
}

/** @param {Pending[]} entries but the newest @param {Deeds} deeds */
function others(entries, deeds) {
    if (entries.length === 0) {
        return '';
    }
    return el('div', {}, el('h2', {}, t('link.resume.others')), el('ul', { class: 'jobs' }, ...entries.map((entry) => {
        const { goOn, forget } = buttonsFor(entry, deeds, false);
        return el('li', {}, el('p', {}, el('strong', {}, t(`resume.${phaseOf(entry)}.title`))), ...keptText(entry),
            el('div', { class: 'buttons' }, goOn, forget), deeds.problemOf(entry));
    })));
}

/**
 * Shows them. Their buttons are disabled until `enableResume` is called.
 * @param {Pending[]} entries one or more, the newest first
 * @param {Deeds} deeds
 * @returns {HTMLElement} the heading
 */
export function showResume(entries, deeds) {
    const [entry, ...rest] = entries;
    const { goOn, forget } = buttonsFor(entry, deeds, true);
    const other = el('button', { type: 'button', class: 'plain', click: () => {
        other.remove();
        deeds.other();
    } }, t('resume.other'));
    const heading = el('h1', { tabindex: '-1', id: 'resume-title' }, t(`resume.${phaseOf(entry)}.title`));
    byId('resume').replaceChildren(heading, el('p', {}, t(`resume.${phaseOf(entry)}.text`)), ...keptText(entry),
        el('div', { class: 'buttons' }, goOn, other, forget), deeds.problemOf(entry), others(rest, deeds), whomToAsk() ?? '');
    byId('resume').hidden = false;
    return heading;
}

/**
 * Another tab is at work: what this browser keeps is in use, and not interrupted.
 * @param {HTMLElement} box what that means
 * @returns {HTMLElement} the heading
 */
export function showElsewhere(box) {
    const heading = el('h1', { tabindex: '-1', id: 'resume-title' }, t('link.resume.elsewhere'));
    byId('resume').replaceChildren(heading, box, el('div', { class: 'buttons' },
        el('button', { type: 'button', class: 'main', click: () => location.reload() }, t('link.again'))),
    whomToAsk() ?? '');
    byId('resume').hidden = false;
    return heading;
}

/** What going on needs is here now. */
export function enableResume() {
    byId('resume').querySelectorAll('.go-on').forEach((button) => button.removeAttribute('disabled'));
}
