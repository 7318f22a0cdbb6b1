// @ts-check
// The steps that ask: each shows itself, waits for an answer, and leaves a summary behind.
import { buttons, el, facts } from '../dom.js';
import { unsignedNote } from '../link-view.js';
import { keptNote } from './kept-rest.js';
import { askBoot0 } from './maker-words.js';
import { duration, hasText, hex, language, list, size, t, tn } from '../texts.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('../../wasm-glue/values.js').Findings} Findings */

/** @param {Findings} found @returns {[string, string][]} */
function witnesses(found) {
    const flash = found.flashReadRefused ? 'device.refusedTwice' : found.flashWasRead ? 'device.answered' : 'device.notTried';
    const options = found.optionsReadRefused ? 'device.refusedTwice'
        : found.optionsWereRead ? 'device.answeredTwice' : 'device.notTried';
    return [[t('device.readFlash'), t(flash)], [t('device.readOptions'), t(options)]];
}

/** @param {Findings} found @returns {HTMLElement | null} */
function optionTable(found) {
    if (found.options.length === 0) {
        return null;
    }
    const rows = found.options.map(({ name, value, bits, meaning }) => el('tr', {}, el('th', { scope: 'row' }, name),
        el('td', {}, bits > 1 ? hex(value, Math.ceil(bits / 4)) : String(value)), el('td', { lang: 'en' }, meaning)));
    const heads = ['device.optionField', 'device.optionValue', 'device.optionMeaning'].map((key) =>
        el('th', { scope: 'col' }, t(key)));
    return el('details', {}, el('summary', {}, t('device.options')), el('div', { class: 'scroll', tabindex: '0', role: 'region',
        'aria-label': t('device.options') }, el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...rows))));
}

/** @param {Findings} found @returns {string} which chip it is, or all that it could be */
export function chipText({ candidates, product }) {
    const either = new Intl.ListFormat(language(), { type: 'disjunction' });
    return either.format(candidates) || product || t('device.unknown');
}

/** @param {Findings} found @returns {HTMLElement} the device as a card */
export function deviceCard(found) {
    const serial = found.serial && (found.serialIsUnique ? found.serial : t('device.sharedSerial', { serial: found.serial }));
    return el('div', { class: 'card' },
        facts([
            [t('device.chip'), chipText(found)],
            [t('device.support'), found.chipIsKnown && t(`device.tier.${found.tier}`)],
            [t('device.protection'), el('strong', {}, t(`device.protection.${found.protection}`))],
            ...(found.protection === 'unknown' ? [] : witnesses(found)),
            [t('device.flash'), found.flashBytes > 0 && tn('device.flashSectors', found.flashSectors, { size: size(found.flashBytes) })],
            [t('device.serial'), serial],
        ]),
        found.chipIsKnown && howKnown(found),
        optionTable(found));
}

/** @param {Findings} found */
function howKnown(found) {
    return el('details', {}, el('summary', {}, t('device.howKnown')), facts([
        [t('device.knownFrom'), list(found.evidence.map((kind) => t(`device.evidence.${kind}`)))],
        [t('device.shownBy'), t('device.signs', { ids: `${hex(found.vendorId, 4)}:${hex(found.productId, 4)}`,
            version: hex(found.bcdDevice, 4), bytes: tn('size.bytes', found.transferBytes) })],
    ]));
}

/** @param {import('../../wasm-glue/values.js').Plan} plan @returns {string} what will be lost */
function losses(plan) {
    if (plan.losesEverything) {
        return t('plan.losesEverything');
    }
    const lost = plan.keepsRest ? tn('plan.keepsRest', plan.sectorsTouched) : t('plan.losesNothing');
    return plan.endsProtected ? `${lost} ${t('plan.lockedIn')}` : lost;
}

/** @param {import('../../wasm-glue/values.js').Plan} plan @returns {string} the button names the loss */
function confirmText(plan) {
    const protect = plan.endsProtected ? 'Protect' : '';
    return plan.keepsRest && !plan.losesEverything ? tn(`plan.yes.sectors${protect}`, plan.sectorsTouched)
        : t(`plan.yes.${plan.losesEverything ? 'everything' : 'nothing'}${protect}`);
}

/** @param {import('../../wasm-glue/values.js').Plan} plan @returns {string} '' if nothing but waiting */
function yourPart(plan) {
    return [plan.needsPerson && t('plan.replug'), plan.needsPowerCycle && t('plan.powerCycle')].filter(Boolean).join(' ');
}

/**
 * @param {import('../../wasm-glue/values.js').Plan} plan @param {boolean} endProtected
 * @returns {[string, string][]} how the device ends, and what is sealed into it
 */
function endRows({ options }, endProtected) {
    const sealed = options.map(({ field, value }) => `${field} = ${value > 1 ? hex(value, 2) : value}`);
    return [[t('link.end'), t(endProtected ? 'link.end.protected' : 'link.end.open')], [t('plan.sealed'), sealed.join(', ')]];
}

/**
 * Shows plan, time and losses, and asks.
 * @param {Page} page @param {RelockEngine} engine
 * @param {object} options
 * @param {boolean} options.isSimulated
 * @param {any} options.document of the release, null if there is none
 * @param {boolean} options.endProtected what is asked for; the plan itself may find the protection set already
 * @param {boolean} [options.isUnsigned]
 * @param {import('../journal.js').KeptRange[]} [options.kept] what else was in the sectors before an earlier run
 * @returns {Promise<{isYes: boolean, keepPermission: boolean}>}
 */
export async function askPlan(page, engine,
    { isSimulated, document: release, endProtected, isUnsigned = false, kept = [] }) {
    const step = page.step('plan', t('plan.title'));
    const plan = engine.plan();
    const stages = plan.stages.map((stage) => `plan.do.${stage}`).filter(hasText).map((key) => el('li', {}, t(key)));
    const time = t('plan.about', { duration: duration(plan.estimateMs) });
    const keep = el('input', { type: 'checkbox', id: 'keep' });
    const danger = plan.losesEverything ? 'danger' : 'main';
    const boot0 = askBoot0(release, plan);
    const { row, choice } = buttons([{ text: confirmText(plan), value: true, look: danger,
        may: boot0.isHeld },
        { text: t('plan.cancel'), value: false, look: 'plain' }]);
    step.show(isUnsigned && unsignedNote(), keptNote(kept, 'kept.before'),
        el('ol', { class: 'plan' }, ...stages),
        facts([[t('plan.time'), time], [t('plan.lost'), el('strong', {}, losses(plan))], [t('plan.yourPart'), yourPart(plan)],
            ...endRows(plan, endProtected)]),
        ...(isSimulated ? [] : [
            el('p', { class: 'note' }, t('plan.fileIsKept')),
            plan.keepsRest && !plan.losesEverything && el('p', { class: 'note' }, t('plan.restIsStored')),
            el('div', { class: 'check' }, keep, el('label', { for: 'keep' }, t('plan.keepPermission')))]), ...boot0.parts, row);
    const isYes = await choice;
    step.finish(facts([[t('plan.time'), time], [t('plan.lost'), losses(plan)], ...endRows(plan, endProtected),
        [t('plan.yourAnswer'), isYes ? confirmText(plan) : t('plan.cancelled')]]));
    return { isYes, keepPermission: keep.checked };
}

/** Questions to which yes is the safe answer. */
const SAFE_YES = new Set(['look-again']);

/** @param {Page} page @param {string} question @returns {Promise<boolean>} */
export async function askQuestion(page, question) {
    const [yes, no] = [t(`ask.${question}.yes`), t(`ask.${question}.no`)];
    const isYesSafe = SAFE_YES.has(question);
    const step = page.step(question, t(`ask.${question}.title`));
    const { row, choice } = buttons([{ text: yes, value: true, look: isYesSafe ? 'main' : 'plain' },
        { text: no, value: false, look: isYesSafe ? 'plain' : 'main' }]);
    step.show(el('p', {}, t(`ask.${question}.text`)), row);
    const isYes = await choice;
    step.finish(el('p', {}, isYes ? yes : no));
    return isYes;
}
