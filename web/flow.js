// @ts-check
// What happens after each of the page's buttons, in order.
import { SimDevice } from '../wasm-glue/sim.js';
import { SimTransport } from '../wasm-glue/sim-transport.js';
import { WebUsbTransport } from '../wasm-glue/webusb-transport.js';
import { buttons, el, radios, chosen } from './dom.js';
import { faultPlace, showEnding } from './ending-view.js';
import { errorBox } from './error-view.js';
import { askToKeep, isPending } from './journal.js';
import { askPast, isDeviceOf, recall } from './past.js';
import { platform } from './platform.js';
import { runSession } from './session-loop.js';
import { askFile, askPlan, askQuestion, askWishes, deviceCard } from './steps.js';
import { WorkView } from './work-view.js';

/**
 * What all flows need.
 * @typedef {object} Parts
 * @property {import('./page.js').Page} page
 * @property {import('../wasm-glue/relock.js').RelockEngine} engine
 * @property {import('./transcript.js').Transcript} transcript
 * @property {import('./journal.js').Journal} journal
 * @property {import('../wasm-glue/transport.js').Sleep} sleep
 * @property {(name: string) => Promise<WebAssembly.Module>} loadWasm
 */

/**
 * A device and how it is remembered.
 * @typedef {object} Reach
 * @property {import('../wasm-glue/transport.js').Transport} transport
 * @property {SimTransport | null} sim
 */

/** @typedef {import('./steps.js').Firmware & {endProtected: boolean, wayBack: string, family: string}} Job */

/** @type {import('../wasm-glue/transport.js').Person} */
const NOBODY = { signal: new AbortController().signal, waiting: () => {} };
const DESTRUCTIVE = new Set(['unprotect', 'blank', 'erase', 'write', 'verify', 'options', 'power-cycle', 'prove']);

/** @param {Parts} parts @returns {WebUsbTransport} */
function webUsb({ sleep }) {
    return new WebUsbTransport({ sleep, openDenied: platform() === 'windows' ? 'DRIVER_MISSING' : 'NO_PERMISSION' });
}

/**
 * Looks at the device; changes nothing. On failure it shows why and offers to try again.
 * @param {Parts} parts @param {Reach} reach
 * @returns {Promise<import('../wasm-glue/values.js').Findings>}
 */
async function look(parts, { transport }) {
    const { page, engine, transcript } = parts;
    const step = page.step('device', 'The device');
    for (;;) {
        step.show(el('p', { role: 'status' }, 'Looking at the device …'));
        transcript.begin('look');
        const host = { ask: async () => false, person: () => NOBODY, record: async () => {},
            observe: (/** @type {string[]} */ lines) => transcript.add(lines) };
        const { error } = await runSession({ engine, wish: { job: 'look' }, transport, host });
        const found = engine.findings();
        if (!error) {
            step.finish(deviceCard(found));
            return found;
        }
        await showLookFailure(parts, step, transport, error, found);
    }
}

/**
 * @param {Parts} parts @param {import('./page.js').Step} step @param {Reach['transport']} transport
 * @param {import('../wasm-glue/values.js').ErrorText} error @param {import('../wasm-glue/values.js').Findings} found
 */
async function showLookFailure({ page, engine, transcript }, step, transport, error, found) {
    page.state = 'failed';
    page.announce(error.sentence);
    for (;;) {
        const { row, choice } = buttons([{ text: 'Try again', value: 'again' },
            { text: 'Save the transcript', value: 'save', look: 'plain' }]);
        step.show(errorBox(error, { place: faultPlace(engine) }), found.chipIsKnown && deviceCard(found), row);
        if (await choice === 'again') {
            break;
        }
        transcript.save();
    }
    if (transport instanceof WebUsbTransport) {
        // Within the click: the device may have lost the page's permission while it was replugged.
        await transport.chooseOrUseGranted().catch(() => {});
    }
}

/**
 * Runs the update and shows its end.
 * @param {Parts} parts @param {Reach} reach
 * @param {{job: Job, line: string | undefined, key: string | null, isKept?: boolean}} options key: of the journal; null
 * leaves it alone; isKept: the journal holds this job already
 */
async function update(parts, { transport, sim }, { job, line, key, isKept = false }) {
    const { page, engine, transcript, journal } = parts;
    engine.loadFile(job.file, job.address);
    /** @type {WorkView | null} */
    let view = null;
    let [keepPermission, lookedOnly] = [false, false];
    const work = () => (view ??= new WorkView(page, engine, sim));
    const host = {
        ask: async (/** @type {import('../wasm-glue/values.js').Operation} */ { question }) => {
            if (key !== null && !await isDeviceOf(page, engine.findings(), key)) {
                return false;
            }
            if (question !== 'confirm-plan') {
                const isYes = await askQuestion(page, question);
                lookedOnly = (question === 'look-again' || question === 'same-device') && isYes;
                return isYes;
            }
            view?.finish('Waiting for your answer below.');
            view = null;
            const answer = await askPlan(page, engine, sim !== null);
            keepPermission = answer.keepPermission;
            return answer.isYes;
        },
        person: (/** @type {import('../wasm-glue/values.js').Operation} */ operation) =>
            operation.reason === 'first' ? NOBODY : work().person(operation),
        record: async (/** @type {string} */ entry) => {
            if (key !== null) {
                await journal.record(key, entry, job);
                isKept = true;
            }
        },
        observe: (/** @type {string[]} */ lines) => {
            transcript.add(lines);
            showWork(parts, sim !== null, work);
        },
    };
    if (key !== null) {
        askToKeep();
    }
    transcript.begin('update');
    const ending = await runSession({ engine, transport, host, wish: { job: 'update', withImage: true, journal: line,
        endProtected: job.endProtected, wayBack: job.wayBack, family: job.family || undefined } });
    /** @type {WorkView | null} */ (view)?.finish(ending.ending === 'not-done' ? 'Stopped.' : 'All steps were taken.');
    page.guard = false;
    await transport.close({ forget: ending.ending === 'proven' && !keepPermission });
    const mayGoOn = isKept && key !== null && isPending(await journal.entry(key).catch(() => undefined));
    showEnding(page, engine, { ...ending, endProtected: job.endProtected, lookedOnly, mayGoOn }, { sim, transcript });
}

/** @param {Parts} parts @param {boolean} isSimulated @param {() => WorkView} work */
function showWork({ page, engine }, isSimulated, work) {
    const isDestructive = DESTRUCTIVE.has(engine.progress().stage);
    page.guard = isDestructive && !isSimulated;
    // Whatever is done after a waiting: the device is back.
    if (isDestructive || page.state === 'waiting') {
        const view = work();
        view.calm();
        view.update();
    }
}

/**
 * From a device that can be reached to the end of the job.
 * @param {Parts} parts @param {Reach} reach @param {(() => Promise<File>) | null} sample
 */
async function wholeJob(parts, reach, sample) {
    const { page, engine } = parts;
    const found = await look(parts, reach);
    const { key, line, job } = reach.sim ? { key: null, line: undefined, job: null } : await askPast(parts, found);
    if (job) {
        await update(parts, reach, { job, line, key, isKept: true });
        return;
    }
    const firmware = await askFile(page, engine, sample);
    const wishes = await askWishes(page, found, engine);
    await update(parts, reach, { job: { ...firmware, ...wishes }, line, key });
}

/**
 * "Connect a device": called in the click.
 * @param {Parts} parts @param {HTMLElement} problem where a refused chooser is explained
 */
export async function connect(parts, problem) {
    const transport = await chooseDevice(parts, problem);
    if (transport) {
        parts.page.begin({ title: 'Update a device', isSimulated: false });
        await wholeJob(parts, { transport, sim: null }, null);
    }
}

/**
 * What a policy or an earlier visit has granted needs no chooser.
 * @param {Parts} parts @param {HTMLElement} problem
 * @returns {Promise<WebUsbTransport | null>} null if no device was chosen, and `problem` says so
 */
async function chooseDevice(parts, problem) {
    const transport = webUsb(parts);
    try {
        await transport.chooseOrUseGranted();
        problem.replaceChildren();
        return transport;
    } catch (error) {
        problem.replaceChildren(errorBox(parts.engine.error(/** @type {Error} */ (error).name)));
        await transport.close({ forget: false });
        return null;
    }
}

/** "Try with a simulated device". @param {Parts} parts @param {number} speed */
export async function demo(parts, speed) {
    const { page } = parts;
    const device = new SimDevice(await parts.loadWasm('sim'));
    page.begin({ title: 'Try with a simulated device', isSimulated: true });
    const step = page.step('profile', 'The simulated device');
    const profiles = radios('profile', 'Which chip shall it have?', device.profiles().map(({ name, title }) =>
        ({ value: name, label: title })));
    /** @type {HTMLInputElement | null} */ (profiles.querySelector('input[value="stm32f405"]'))?.setAttribute('checked', '');
    const { row, choice } = buttons([{ text: 'Plug it in, with BOOT0 held', value: true }]);
    step.show(el('p', {}, 'It is readout-protected and holds an old firmware. Nothing outside this page is touched.'), profiles, row);
    await choice;
    device.init(chosen(profiles, 'profile'));
    step.finish(el('p', {}, device.profiles().find(({ name }) => name === chosen(profiles, 'profile'))?.title));
    const sim = new SimTransport(device, { sleep: parts.sleep, speed });
    await wholeJob(parts, { transport: sim, sim }, async () => new File([await (await fetch('sample.hex')).blob()], 'sample.hex'));
}

/**
 * "Test my set-up": browser first, then cable, driver and DFU entry; changes nothing.
 * @param {Parts} parts @param {boolean} isUsbHere
 */
export async function checkSetup(parts, isUsbHere) {
    const { page, journal } = parts;
    page.begin({ title: 'Test my set-up', isSimulated: false });
    const step = page.step('browser', 'The browser');
    const canKeep = await journal.pending().then(() => true, () => false);
    const yes = (/** @type {boolean} */ good, /** @type {string} */ bad) => el('span', { class: good ? 'good' : 'bad' }, good ? 'yes' : bad);
    const list = el('ul', { class: 'checks' }, el('li', {}, 'Can reach USB devices: ', yes(isUsbHere, 'no; use Chrome, Edge, Opera or Brave')),
        el('li', {}, 'Can keep a job over a reload: ', yes(canKeep, 'no; use a normal, not a private window')));
    if (!isUsbHere) {
        step.show(list);
        return;
    }
    step.show(list, el('p', {}, 'Now plug the device in, in DFU mode, and choose it. Nothing is changed.'));
    const problem = el('div', { 'aria-live': 'polite' });
    step.body.append(problem);
    /** @type {WebUsbTransport | null} */
    let transport = null;
    while (!transport) {
        const { row, choice } = buttons([{ text: 'Choose the device', value: true }]);
        step.body.append(row);
        await choice;
        row.remove();
        transport = await chooseDevice(parts, problem);
    }
    step.finish(list);
    await look(parts, { transport, sim: null });
    await transport.close({ forget: false });
    const last = page.step('checked', 'All is well');
    last.show(el('p', {}, 'Browser, driver, cable and DFU mode work with this device. Nothing was changed.'), el('div', { class: 'buttons' },
        el('button', { type: 'button', class: 'main', click: () => location.reload() }, 'Back to the start'),
        el('button', { type: 'button', class: 'plain', click: () => parts.transcript.save() }, 'Save the transcript')));
}

/**
 * One button to go on with a job that was interrupted: called in the click.
 * @param {Parts} parts
 * @param {import('./journal.js').Entry & {job: import('./journal.js').Job}} entry
 * @param {HTMLElement} problem
 */
export async function resume(parts, entry, problem) {
    const transport = await chooseDevice(parts, problem);
    if (!transport) {
        return;
    }
    const { page } = parts;
    page.begin({ title: 'Go on with the update', isSimulated: false });
    const reach = { transport, sim: null };
    const found = await look(parts, reach);
    if (!await isDeviceOf(page, found, entry.key)) {
        await transport.close({ forget: false });
        return;
    }
    const kept = await recall(parts, entry.key);
    await update(parts, reach, { job: entry.job, line: kept?.line, key: entry.key, isKept: kept !== undefined });
}
