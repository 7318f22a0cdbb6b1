// @ts-check
// All that reaches a device. It is loaded once the first screen stands.
import { RelockEngine } from '../../wasm-glue/relock.js';
import { hasWebUsb } from '../../wasm-glue/webusb-transport.js';
import { byId, el, isAtWork } from '../dom.js';
import { errorBox, tellError } from './error-view.js';
import { connectRelease, forget, resume } from './flow.js';
import { helpBeforehand, whichBrowser } from '../help/help-view.js';
import { Journal, browserStore } from '../journal.js';
import { takeWork } from '../browser/locks.js';
import { explainMissingUsb } from '../help/no-usb.js';
import { fetchWords, fetchReport, fetchTree } from './later.js';
import { keepPage } from '../browser/offline.js';
import { translatePage } from '../page-language.js';
import { Page } from './page.js';
import { giveImages, restrict } from './release-job.js';
import { verifyAgain } from '../release/load.js';
import { addTexts, t } from '../texts.js';
import { createSleep } from '../browser/timers.js';
import { Transcript } from './transcript.js';
import { ScreenWake } from '../browser/wake-lock.js';
import { showBroken } from '../whom-to-ask.js';

/** @typedef {import('./flow.js').Parts} Parts */
/** @typedef {import('../main.js').Basis} Basis */
/** @typedef {import('../release/load.js').Release} Release */

/**
 * What the first screen's buttons do; each is called in the click.
 * @typedef {object} Work
 * @property {Parts} parts
 * @property {boolean} isUsbHere
 * @property {() => HTMLElement[]} helpBeforehand
 * @property {typeof explainMissingUsb} explainMissingUsb
 * @property {(language: string) => Promise<boolean>} keepPage as offline.js's; where it cannot be kept, what may be
 * needed later is got now
 * @property {(error: string, place?: string) => HTMLElement} errorBox needs the words of errors
 * @property {(release: Release) => Promise<boolean>} prepare waits until no flow runs, and rejects if the engine cannot
 * use it; false: a job has begun on this page by then
 * @property {(flow: () => Promise<void>) => void} run a flow, if none runs
 * @property {(problem: HTMLElement, flow: () => Promise<void>) => void} runAlone the same, in one tab at a time
 * @property {(entry: import('./resume-view.js').Pending, problem: HTMLElement) => void} resume
 * @property {(entry: import('./resume-view.js').Pending, problem: HTMLElement) => void} forget
 * @property {(release: Release, problem: HTMLElement) => void} connectRelease
 */

const STYLES = ['steps.css', 'help.css'];

/** @param {string} name @returns {Promise<void>} rejects if it is not there */
function loadStyle(name) {
    return new Promise((resolve, reject) => {
        const href = new URL(`../../${name}`, import.meta.url).href;
        document.head.append(el('link', { rel: 'stylesheet', href, load: () => resolve(),
            error: () => reject(new Error(name)) }));
    });
}

/** @type {Promise<void> | null} whatever has the engine now */
let running = null;

/**
 * Lets one flow run at a time, and says so if one breaks.
 * @param {() => Promise<void>} flow
 */
async function run(flow) {
    if (running) {
        return;
    }
    running = flow();
    try {
        await running;
    } catch (error) {
        showBroken();
        throw error;
    } finally {
        running = null;
    }
}

/** @param {RelockEngine} engine @param {Release} release rejects if the engine cannot use it */
async function tryOut(engine, release) {
    await verifyAgain(release);
    restrict(engine, release, '');
    giveImages(engine, release);
}

/** @param {RelockEngine} engine @param {Release} release @returns {Promise<boolean>} as Work's prepare */
async function prepare(engine, release) {
    while (running) {
        await running.catch(() => {});
    }
    if (isAtWork()) {
        return false;
    }
    running = tryOut(engine, release);
    try {
        await running;
    } finally {
        running = null;
    }
    return true;
}

/**
 * Lets a flow with a device run in one tab at a time.
 * @param {Parts} parts
 * @param {HTMLElement} problem where it is said that another one is at work
 * @param {() => Promise<void>} flow
 */
async function runAlone(parts, problem, flow) {
    return run(async () => {
        const giveBack = await takeWork().catch(async (error) => {
            const again = el('button', { type: 'button', class: 'plain', click: () => void runAlone(parts, problem, flow) },
                t('step.tryAgain'));
            problem.replaceChildren(await tellError(parts.engine.error(error.name)),
                el('div', { class: 'buttons' }, again));
        });
        if (giveBack) {
            await flow().finally(giveBack);
        }
    });
}

/** @param {string} language @returns {Promise<boolean>} as Work's keepPage */
async function keepWhole(language) {
    const isKept = await keepPage(language);
    if (!isKept || !navigator.serviceWorker.controller) {
        await Promise.all([fetchWords(), fetchReport(), fetchTree()]);
    }
    return isKept;
}

/** @param {Basis} basis @returns {Promise<Work>} */
export async function makeWork({ site, link, documents, loadWasm }) {
    const [module] = await Promise.all([loadWasm('relock'), addTexts(['help']), ...STYLES.map(loadStyle)]);
    translatePage(document.body);
    const engine = new RelockEngine(module);
    /** @type {Parts} */
    const parts = {
        page: new Page(), engine, site, link, documents, loadWasm, transcript: new Transcript(), sleep: createSleep(),
        awake: new ScreenWake(), journal: new Journal(browserStore, (line) => engine.decodeJournal(line)),
    };
    const isUsbHere = hasWebUsb();
    if (!isUsbHere) {
        byId('no-usb-advice').replaceChildren(whichBrowser());
    }
    return {
        parts, isUsbHere,
        helpBeforehand, explainMissingUsb, keepPage: keepWhole,
        errorBox: (error, place = '') => errorBox(engine.error(error), { place }),
        prepare: (release) => prepare(engine, release),
        run: (flow) => void run(flow),
        runAlone: (problem, flow) => void runAlone(parts, problem, flow),
        resume: (entry, problem) => void runAlone(parts, problem, () => resume(parts, entry, problem)),
        forget: (entry, problem) => void runAlone(parts, problem, () => forget(parts, entry, problem)),
        connectRelease: (release, problem) =>
            void runAlone(parts, problem, () => connectRelease(parts, release, problem)),
    };
}
