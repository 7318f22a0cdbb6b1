// @ts-check
// Starts the page: what works here, what was interrupted, and the three buttons.
import { RelockEngine } from '../wasm-glue/relock.js';
import { hasWebUsb } from '../wasm-glue/webusb-transport.js';
import { byId, command, el } from './dom.js';
import { checkSetup, connect, demo, resume } from './flow.js';
import { Journal, browserStore } from './journal.js';
import { Page } from './page.js';
import { createSleep } from './timers.js';
import { Transcript } from './transcript.js';

/** @typedef {import('./flow.js').Parts} Parts */

const COMMAND = 'relock update firmware.hex --protect on --return boot0';
const DEMO_SPEED = 1;

let isRunning = false;

/** @param {string} name @returns {Promise<WebAssembly.Module>} */
async function loadWasm(name) {
    const answer = await fetch(new URL(`../${name}.wasm`, import.meta.url));
    return WebAssembly.compile(await answer.arrayBuffer());
}

/** @returns {Promise<Parts>} */
async function makeParts() {
    const engine = new RelockEngine(await loadWasm('relock'));
    return {
        page: new Page(), engine, loadWasm, transcript: new Transcript(), sleep: createSleep(),
        journal: new Journal(browserStore, (line) => engine.decodeJournal(line)),
    };
}

/** Says which address, browser or command does it: browsers hide USB from pages that others could change. */
function explainMissingUsb() {
    const box = byId(globalThis.isSecureContext ? 'no-usb' : 'insecure');
    box.hidden = false;
    box.append(command(COMMAND, 'the command line that does the same'));
    byId('connect').setAttribute('disabled', '');
}

/** @type {Record<string, {title: string, text: string}>} */
const RESUME = {
    erasing: { title: 'Your device may be empty now, that is expected', text: 'The update was interrupted after it had begun.' },
    empty: { title: 'Your device is empty now, that is expected', text: 'The update was interrupted after the erase.' },
    sealing: { title: 'The firmware is written, the proof is missing', text: 'The update was interrupted while the protection was set.' },
};

/** @param {Parts} parts @param {Awaited<ReturnType<Journal['pending']>>[0]} entry @param {boolean} isUsbHere */
function showResume(parts, entry, isUsbHere) {
    const { title, text } = RESUME[entry.phase] ?? RESUME.erasing;
    const problem = el('div', { 'aria-live': 'polite' });
    const forget = el('button', { type: 'button', class: 'plain', click: async () => {
        if (confirm('Forget this job? The device stays as it is, and the firmware file that was kept here is removed.')) {
            await parts.journal.forget(entry.key);
            location.reload();
        }
    } }, 'Forget this job');
    const other = el('button', { type: 'button', class: 'plain', click: () => {
        byId('choices').hidden = false;
        other.remove();
    } }, 'Do something else');
    const heading = el('h2', { tabindex: '-1', id: 'resume-title' }, title);
    byId('resume').replaceChildren(heading, el('p', {}, `${text} The file ${entry.job.name} is still here. Plug the device in`
        + `${entry.job.wayBack === 'boot0' ? ' with BOOT0 held' : ''}, then go on.`),
        el('div', { class: 'buttons' }, el('button', { type: 'button', class: 'main', id: 'go-on',
            disabled: !isUsbHere, click: () => void run(() => resume(parts, entry, problem)) }, 'Go on'), other, forget), problem);
    byId('resume').hidden = false;
    byId('choices').hidden = true;
    parts.page.state = 'resume';
    parts.page.focus(heading);
}

/**
 * Lets one flow run at a time, and says so if one breaks.
 * @param {() => Promise<void>} flow
 */
async function run(flow) {
    if (isRunning) {
        return;
    }
    isRunning = true;
    try {
        await flow();
    } catch (error) {
        byId('broken').hidden = false;
        throw error;
    } finally {
        isRunning = false;
    }
}

/** @returns {number} how much faster than a real device the simulated one is */
function demoSpeed() {
    const asked = Number(new URLSearchParams(location.search).get('speed'));
    return asked > 0 ? asked : DEMO_SPEED;
}

async function main() {
    if (window.top !== window.self) {
        byId('framed').hidden = false;
        return;
    }
    const parts = await makeParts();
    const isUsbHere = hasWebUsb();
    byId('connect').addEventListener('click', () => void run(() => connect(parts, byId('start-problem'))));
    byId('try').addEventListener('click', () => void run(() => demo(parts, demoSpeed())));
    byId('check').addEventListener('click', () => void run(() => checkSetup(parts, isUsbHere)));
    if (!isUsbHere) {
        explainMissingUsb();
    }
    byId('start').hidden = false;
    parts.page.state = 'start';
    const [entry] = await parts.journal.pending().catch(() => {
        byId('no-journal').hidden = false;
        return [];
    });
    if (entry) {
        showResume(parts, entry, isUsbHere);
    }
}

main().catch(() => {
    byId('broken').hidden = false;
});
