// @ts-check
// What happens after the buttons of the general page, in order.
import { buttons, el } from '../dom.js';
import { askFile, askWishes } from './file-steps.js';
import { goOnWith, namedNow } from '../job/flow.js';
import { helpBeforehand } from '../help/help-view.js';
import { whyNoUsb } from '../help/no-usb.js';
import { errorBox } from '../job/error-view.js';
import { journalKey } from '../journal.js';
import { backToStart } from '../job/page.js';
import { askPast } from '../job/past.js';
import { letGo } from '../job/let-go.js';
import { chooseDevice, look } from '../job/reach.js';
import { t } from '../texts.js';
import { transcriptNote } from '../job/transcript.js';
import { update } from '../job/update.js';
import { whomToAsk } from '../whom-to-ask.js';

/** @typedef {import('../job/flow.js').Parts} Parts */
/** @typedef {import('../job/reach.js').Reach} Reach */

/**
 * From a device that can be reached to the end of the job.
 * @param {Parts} parts @param {Reach} reach @param {(() => Promise<File>) | null} sample
 */
export async function wholeJob(parts, reach, sample) {
    const { page, engine } = parts;
    const found = await look(parts, reach);
    /** @type {import('../job/past.js').Past | {key: null, line: undefined, job: null, kept?: undefined}} */
    const past = reach.sim ? { key: null, line: undefined, job: null } : await askPast(parts, found);
    if (past.job) {
        await goOnWith(parts, reach, namedNow(past.job, found), past);
        return;
    }
    const firmware = await askFile(page, engine, sample);
    const wishes = await askWishes(page, found, engine);
    await update(parts, reach, { job: { ...firmware, ...wishes }, release: null, line: past.line, key: past.key,
        kept: past.kept });
}

/**
 * "Connect a device": called in the click.
 * @param {Parts} parts @param {HTMLElement} problem where a refused chooser is explained
 */
export async function connect(parts, problem) {
    const transport = await chooseDevice(parts, problem);
    if (transport) {
        parts.page.begin({ title: t('begin.update'), isSimulated: false });
        await wholeJob(parts, { transport, sim: null }, null);
    }
}

/**
 * "Test my set-up": browser first, then cable, driver and DFU entry; changes nothing.
 * @param {Parts} parts @param {boolean} isUsbHere
 */
export async function checkSetup(parts, isUsbHere) {
    const { page, engine, journal } = parts;
    page.begin({ title: t('begin.check'), isSimulated: false });
    const step = page.step('browser', t('check.browser'));
    const canKeep = await journal.pending().then(() => true, () => false);
    const yes = (/** @type {boolean} */ good, /** @type {string} */ bad) => el('span', { class: good ? 'good' : 'bad' }, good ? t('check.yes') : bad);
    const list = el('ul', { class: 'checks' }, el('li', {}, t('check.usb'), ' ', yes(isUsbHere, t('check.usbNo'))),
        el('li', {}, t('check.keep'), ' ', yes(canKeep, t('check.keepNo'))));
    if (!isUsbHere) {
        step.show(list, errorBox(engine.error(whyNoUsb())), whomToAsk());
        return;
    }
    step.show(list, ...helpBeforehand(), el('p', {}, t('check.plugIn')));
    const problem = el('div', { 'aria-live': 'polite' });
    step.body.append(problem);
    /** @type {Awaited<ReturnType<typeof chooseDevice>>} */
    let transport = null;
    while (!transport) {
        const { row, choice } = buttons([{ text: t('check.choose'), value: true }]);
        step.body.append(row);
        await choice;
        row.remove();
        transport = await chooseDevice(parts, problem);
        if (!transport) {
            problem.append(whomToAsk() ?? '');
        }
    }
    step.finish(list);
    const reach = { transport, sim: null };
    await letGo(parts, reach, journalKey(await look(parts, reach)));
    const last = page.step('checked', t('check.well'));
    last.show(el('p', {}, t('check.wellText')), el('div', { class: 'buttons' },
        backToStart('main'),
        el('button', { type: 'button', class: 'plain', click: () => parts.transcript.save() }, t('step.saveTranscript'))), transcriptNote());
}
