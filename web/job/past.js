// @ts-check
// What this browser remembers of the device that was just looked at, and what the person makes of it.
import { buttons, el } from '../dom.js';
import { errorBox } from './error-view.js';
import { keptNote } from './kept-rest.js';
import { isPending, journalKey } from '../journal.js';
import { backToStart } from './page.js';
import { t } from '../texts.js';
import { whomToAsk } from '../whom-to-ask.js';

/** @typedef {import('./flow.js').Parts} Parts */
/** @typedef {import('../journal.js').Entry} Entry */
/** @typedef {import('../../wasm-glue/values.js').Findings} Findings */

/**
 * What a job goes on from.
 * @typedef {object} Past
 * @property {string} key of the device
 * @property {string | undefined} line undefined if nothing is remembered
 * @property {import('../journal.js').Job | null} job the job that is gone on with, if the person wants that
 * @property {import('../journal.js').KeptRange[]} [kept] what else was in the sectors of this device
 */

/**
 * Reads what is kept under a key. Nothing goes on while that cannot be told: an entry that cannot be read is not none.
 * @param {Parts} parts @param {string} key
 * @returns {Promise<Entry | undefined>}
 */
export async function recall({ page, engine, journal }, key) {
    for (;;) {
        try {
            const entry = await journal.entry(key);
            if (!entry || journal.isSound(entry)) {
                return entry;
            }
        } catch {
            const step = page.step('no-journal', t('past.unreadable'));
            const { row, choice } = buttons([{ text: t('step.tryAgain'), value: true }]);
            step.show(errorBox(engine.error('JOURNAL_FAILED')), el('p', {}, t('past.unreadableText')), row,
                whomToAsk());
            await choice;
            step.finish(el('p', {}, t('step.triedAgain')));
            continue;
        }
        await askToForget({ page, engine, journal }, key);
    }
}

/** @param {Pick<Parts, 'page' | 'engine' | 'journal'>} parts @param {string} key of an entry that is damaged */
async function askToForget({ page, engine, journal }, key) {
    const step = page.step('damaged', t('past.damaged'));
    const { row, choice } = buttons([{ text: t('past.forget'), value: true }]);
    step.show(errorBox(engine.error('JOURNAL_MALFORMED')), el('p', {}, t('past.damagedText')), row, whomToAsk());
    await choice;
    await journal.forget(key).catch(() => {});
    step.finish(el('p', {}, t('past.forgotten')));
}

/**
 * @param {import('../journal.js').Job} begun @param {import('./release-job.js').ReleaseJob} asked
 * @returns {boolean}
 */
function isSameRelease(begun, asked) {
    return 'release' in begun && begun.release.length === asked.release.length
        && begun.release.every((byte, index) => byte === asked.release[index]);
}

/**
 * @param {Findings} found
 * @param {import('../journal.js').Job} begun @param {import('./release-job.js').ReleaseJob | null} asked
 * @returns {{text: string, no: string | null, after: string}} what is asked of a job that was begun, and what a no
 * means; null if there can be none: what was begun to end protected never ends open
 */
function pastWords({ serialIsUnique }, begun, asked) {
    if (asked && serialIsUnique) {
        return begun.endProtected && !asked.endProtected ? { text: t('link.past.only'), no: null, after: '' }
            : { text: t('link.past.which'), no: t('link.past.no'), after: t('link.past.noAfter') };
    }
    const kind = serialIsUnique ? 'unique' : 'shared';
    return { text: t(`past.${kind}`), no: t(`past.${kind}No`), after: t(`past.${kind}After`) };
}

/**
 * Finds out what a job with this device goes on from, before anything else is asked.
 * @param {Parts} parts @param {Findings} found
 * @param {import('./release-job.js').ReleaseJob | null} [asked] the job of a link; null if it is not known yet
 * @returns {Promise<Past>}
 */
export async function askPast(parts, found, asked = null) {
    const { page, journal } = parts;
    const key = journalKey(found);
    const entry = await recall(parts, key);
    if (!isPending(entry)) {
        return { key, line: entry?.line, job: null };
    }
    const { kept = [] } = entry;
    if (asked && found.serialIsUnique && isSameRelease(entry.job, asked)) {
        return { key, line: entry.line, job: entry.job, kept };
    }
    const words = pastWords(found, entry.job, asked);
    const file = entry.job.name;
    const keeps = 'release' in entry.job ? t('past.keepsRelease', { name: file }) : t('past.keeps', { file });
    const step = page.step('begun', t('past.begun'));
    const { row, choice } = buttons([{ text: t('past.goOn'), value: true },
        ...(words.no === null ? [] : [{ text: words.no, value: false, look: /** @type {const} */ ('plain') }])]);
    step.show(el('p', {}, keeps, ' ', words.text), keptNote(kept, 'kept.stored'), row);
    if (await choice) {
        step.finish(el('p', {}, t('past.goingOn', { file })));
        return { key, line: entry.line, job: entry.job, kept };
    }
    step.finish(el('p', {}, words.after));
    if (found.serialIsUnique) {
        return { key, line: entry.line, job: null, kept };
    }
    await journal.forget(key);
    return { key, line: undefined, job: null };
}

/**
 * A job that was chosen before the device was seen: the device must be the one that it belongs to.
 * @param {Pick<Parts, 'page' | 'engine'>} parts @param {Findings} found @param {string} key of the job
 * @returns {boolean} false: it is another device, and the page says so
 */
export function isDeviceOf({ page, engine }, found, key) {
    if (journalKey(found) === key) {
        return true;
    }
    const step = page.step('other-device', t('past.other'));
    step.show(errorBox(engine.error('WRONG_DEVICE')), el('p', {}, t('past.otherText')),
        el('div', { class: 'buttons' }, backToStart('main')), whomToAsk());
    return false;
}
