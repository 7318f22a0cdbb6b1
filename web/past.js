// @ts-check
// What this browser remembers of the device that was just looked at, and what the person makes of it.
import { buttons, el } from './dom.js';
import { errorBox } from './error-view.js';
import { isPending, journalKey } from './journal.js';

/** @typedef {import('./flow.js').Parts} Parts */
/** @typedef {import('./journal.js').Entry} Entry */
/** @typedef {import('../wasm-glue/values.js').Findings} Findings */

/**
 * What a job goes on from.
 * @typedef {object} Past
 * @property {string} key of the device
 * @property {string | undefined} line undefined if nothing is remembered
 * @property {import('./journal.js').Job | null} job the job that is gone on with, if the person wants that
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
            const step = page.step('no-journal', 'What this browser remembers cannot be read');
            const { row, choice } = buttons([{ text: 'Try again', value: true }]);
            step.show(errorBox(engine.error('JOURNAL_FAILED')), el('p', {}, 'A job with this device may have been begun, and this page'
                + ' cannot tell. Nothing is done to the device.'), row);
            await choice;
            step.finish(el('p', {}, 'Tried again.'));
            continue;
        }
        await askToForget({ page, engine, journal }, key);
    }
}

/** @param {Pick<Parts, 'page' | 'engine' | 'journal'>} parts @param {string} key of an entry that is damaged */
async function askToForget({ page, engine, journal }, key) {
    const step = page.step('damaged', 'What this browser remembers is damaged');
    const { row, choice } = buttons([{ text: 'Forget this entry', value: true }]);
    step.show(errorBox(engine.error('JOURNAL_MALFORMED')), el('p', {}, 'Once it is forgotten, this device is treated as one that this'
        + ' browser does not know. The device itself stays as it is.'), row);
    await choice;
    await journal.forget(key).catch(() => {});
    step.finish(el('p', {}, 'Forgotten.'));
}

const SHARED = {
    text: 'Many devices of this kind share their serial number, so only you can tell whether this is that very device.',
    no: 'It is another one: forget the old job',
    after: 'The old job is forgotten, and its file is removed from this browser.',
};
const UNIQUE = {
    text: 'Go on with it, or choose another file: then that one is written instead.',
    no: 'Choose another file',
    after: 'Another file is written instead.',
};

/**
 * Finds out what a job with this device goes on from, before anything else is asked.
 * @param {Parts} parts @param {Findings} found
 * @returns {Promise<Past>}
 */
export async function askPast(parts, found) {
    const { page, journal } = parts;
    const key = journalKey(found);
    const entry = await recall(parts, key);
    if (!isPending(entry)) {
        return { key, line: entry?.line, job: null };
    }
    const words = found.serialIsUnique ? UNIQUE : SHARED;
    const step = page.step('begun', 'A job was begun and not finished');
    const { row, choice } = buttons([{ text: 'It is that device: go on with its job', value: true }, { text: words.no, value: false,
        look: 'plain' }]);
    step.show(el('p', {}, `This browser keeps a job with the file ${entry.job.name}. ${words.text}`), row);
    if (await choice) {
        step.finish(el('p', {}, `Going on with ${entry.job.name}.`));
        return { key, line: entry.line, job: entry.job };
    }
    step.finish(el('p', {}, words.after));
    if (found.serialIsUnique) {
        return { key, line: entry.line, job: null };
    }
    await journal.forget(key);
    return { key, line: undefined, job: null };
}

/**
 * A job that was chosen before the device was seen: the device must be the one that it belongs to.
 * @param {import('./page.js').Page} page @param {Findings} found @param {string} key of the job
 * @returns {Promise<boolean>} false: it is another device, and the page says so
 */
export async function isDeviceOf(page, found, key) {
    if (journalKey(found) === key) {
        return true;
    }
    const step = page.step('other-device', 'This is another device');
    step.show(el('p', {}, 'This job belongs to a device with another serial number. Nothing was done to this one. Plug in the'
        + ' device that the job belongs to, or start a new job with this one.'), el('div', { class: 'buttons' },
        el('button', { type: 'button', class: 'main', click: () => location.reload() }, 'Back to the start')));
    return false;
}
