// @ts-check
// What happens after the button of a link, and after that of a job that was begun, in order.
import { el } from '../dom.js';
import { tellError } from './error-view.js';
import { isPending, journalKey } from '../journal.js';
import { fetchUpdate } from './later.js';
import { letGo } from './let-go.js';
import { backToStart } from './page.js';
import { askPast, isDeviceOf, recall } from './past.js';
import { chooseDevice, look } from './reach.js';
import { jobOf } from './release-job.js';
import { t } from '../texts.js';

/** @typedef {import('./reach.js').Reach} Reach */
/** @typedef {import('../release/load.js').Release} Release */
/** @typedef {import('./resume-view.js').Pending} Pending */

/**
 * What all flows need.
 * @typedef {object} Parts
 * @property {import('./page.js').Page} page
 * @property {import('../../wasm-glue/relock.js').RelockEngine} engine
 * @property {import('./transcript.js').Transcript} transcript
 * @property {import('../journal.js').Journal} journal
 * @property {import('../browser/wake-lock.js').ScreenWake} awake
 * @property {import('../../wasm-glue/transport.js').Sleep} sleep
 * @property {(name: string) => Promise<WebAssembly.Module>} loadWasm
 * @property {import('../site.js').Site} site
 * @property {import('../link.js').Link | null} link
 * @property {import('../../wasm-glue/documents.js').Documents} documents
 */

/**
 * What the chip was called when the job began may have been wrong.
 * @param {import('../journal.js').Job} job @param {{claim?: string}} found
 */
export const namedNow = (job, { claim }) => ('family' in job && claim ? { ...job, family: claim } : job);

/**
 * Goes on with a job that the journal holds.
 * @param {Parts} parts @param {Reach} reach @param {import('../journal.js').Job} job
 * @param {{key: string | null, line: string | undefined, kept?: import('../journal.js').KeptRange[]}} past
 */
export async function goOnWith(parts, reach, job, { key, line, kept }) {
    const { revive, update } = await fetchUpdate();
    const release = await revive(parts, reach, job);
    if (release !== undefined) {
        await update(parts, reach, { job, release, line, key, kept, isKept: line !== undefined });
    }
}

/**
 * "Connect the device" on the page of a link: called in the click. The release answers what only a maker can.
 * @param {Parts} parts @param {Release} release @param {HTMLElement} problem where a refused chooser is explained
 */
export async function connectRelease(parts, release, problem) {
    const transport = await chooseDevice(parts, problem, { release });
    if (!transport) {
        return;
    }
    const { product, version } = release.document;
    parts.page.begin({ title: t('link.work.title', { product, version }), isSimulated: false });
    const reach = { transport, sim: null };
    const job = jobOf(release, parts.link ?? { ticket: '', serial: '' });
    const found = await look(parts, reach, { release, serial: job.serial });
    const past = await askPast(parts, found, job);
    if (past.job) {
        await goOnWith(parts, reach, past.job, past);
    } else {
        const { update } = await fetchUpdate();
        await update(parts, reach, { job, release, line: past.line, key: past.key, kept: past.kept });
    }
}

/**
 * Reads once more what is shown of a job: another tab may have finished, forgotten or replaced it since. The place at
 * work is this page's by now, so that it stays as it is read.
 * @param {Parts} parts @param {Pending} shown
 * @param {HTMLElement} problem where it is said that it is another one now
 * @returns {Promise<Pending | null>} null if it is
 */
async function asShown({ engine, journal }, shown, problem) {
    const now = await journal.entry(shown.key).catch(() => null);
    if (now && isPending(now) && now.line === shown.line && now.savedAt === shown.savedAt) {
        return now;
    }
    problem.replaceChildren(await tellError(engine.error(now === null ? 'JOURNAL_FAILED' : 'JOB_CHANGED')),
        el('div', { class: 'buttons' }, backToStart('plain')));
    return null;
}

/**
 * "Forget this job".
 * @param {Parts} parts @param {Pending} shown
 * @param {HTMLElement} problem
 */
export async function forget(parts, shown, problem) {
    if (await asShown(parts, shown, problem)) {
        await parts.journal.forget(shown.key);
        location.reload();
    }
}

/**
 * One button to go on with a job that was interrupted: called in the click.
 * @param {Parts} parts
 * @param {Pending} shown
 * @param {HTMLElement} problem
 */
export async function resume(parts, shown, problem) {
    const entry = await asShown(parts, shown, problem);
    if (!entry) {
        return;
    }
    const ticket = 'ticket' in entry.job ? entry.job.ticket : '';
    const transport = await chooseDevice(parts, problem, { ticket });
    if (!transport) {
        return;
    }
    const { page } = parts;
    page.begin({ title: t('begin.resume'), isSimulated: false });
    const reach = { transport, sim: null };
    const { revive, update } = await fetchUpdate();
    const release = await revive(parts, reach, entry.job);
    if (release === undefined) {
        return;
    }
    const found = await look(parts, reach, release && { release, serial: '', ticket },
        'family' in entry.job ? entry.job.family : '');
    if (!isDeviceOf(parts, found, entry.key)) {
        await letGo(parts, reach, journalKey(found));
        return;
    }
    const kept = await recall(parts, entry.key);
    await update(parts, reach, { job: namedNow(entry.job, found), release, line: kept?.line, key: entry.key,
        kept: kept?.kept, isKept: Boolean(kept) });
}
