// @ts-check
// Reaching a device, and the first look at it, which changes nothing.
import { WebUsbTransport } from '../../wasm-glue/webusb-transport.js';
import { buttons, chosen, el, radios } from '../dom.js';
import { faultPlace } from './fault-place.js';
import { errorBox, tellError } from './error-view.js';
import { fetchWords, fetchReport, fetchTree, notWhole } from './later.js';
import { platform } from '../browser/platform.js';
import { restrict } from './release-job.js';
import { reportPart } from '../report/report-part.js';
import { runSession } from './session-loop.js';
import { noteChip } from './spoken-code.js';
import { deviceCard } from './steps.js';
import { errorText, t } from '../texts.js';
import { transcriptNote } from './transcript.js';
import { whomToAsk } from '../whom-to-ask.js';
import { differenceCard, isWrongDevice } from './wrong-device.js';

/** @typedef {import('./flow.js').Parts} Parts */
/** @typedef {import('./wrong-device.js').Wanted} Wanted */
/** @typedef {import('../../wasm-glue/values.js').ErrorText} ErrorText */
/** @typedef {import('../../wasm-glue/values.js').Findings} Findings */
/** @typedef {import('../../wasm-glue/values.js').Wish} Wish */

/**
 * A device and whether it is simulated.
 * @typedef {object} Reach
 * @property {import('../../wasm-glue/transport.js').Transport} transport
 * @property {import('../../wasm-glue/sim-transport.js').SimTransport | null} sim
 */

/** @type {import('../../wasm-glue/transport.js').Person} */
export const NOBODY = { signal: new AbortController().signal, waiting: () => {} };

/**
 * What a policy or an earlier visit has granted needs no chooser. What may be needed later is got meanwhile: no device
 * is worked with before all that can happen to it can be told.
 * @param {Parts} parts @param {HTMLElement} problem
 * @param {{release?: import('../release/load.js').Release, ticket?: string}} [about] what the device is wanted for;
 * otherwise the ticket of the link counts
 * @returns {Promise<WebUsbTransport | null>} null if no device was chosen, and `problem` says so
 */
export async function chooseDevice(parts, problem, about = {}) {
    const { engine, sleep } = parts;
    const openDenied = platform() === 'windows' ? 'DRIVER_MISSING' : 'NO_PERMISSION';
    const transport = new WebUsbTransport({ sleep, openDenied });
    const words = fetchWords();
    const refusal = await transport.chooseOrUseGranted().then(() => null, (/** @type {Error} */ error) => error);
    if (!refusal && await words) {
        void Promise.all([fetchReport(), fetchTree()]);
        problem.replaceChildren();
        return transport;
    }
    problem.replaceChildren(...refusal ? await refusalParts(parts, engine.error(refusal.name), about) : [notWhole()]);
    await transport.close({ forget: false });
    return null;
}

/**
 * @param {Parts} parts @param {ErrorText} error of the browser's chooser
 * @param {{release?: import('../release/load.js').Release, ticket?: string}} about
 * @returns {Promise<HTMLElement[]>}
 */
async function refusalParts(parts, error, { release, ticket = parts.link?.ticket ?? '' }) {
    const box = await tellError(error);
    const about = { release: release ?? null, ticket, isSimulated: false, error };
    return await fetchWords() ? [box, reportPart(parts, about)] : [box];
}

/**
 * @param {Parts} parts @param {Reach['transport']} transport @param {Omit<Wish, 'job'>} which devices will do
 * @returns {Promise<{found: Findings, error: ErrorText | null}>} error: why it cannot be updated here, if that is known
 */
async function lookOnce({ engine, transcript }, transport, which) {
    transcript.begin('look');
    const host = { ask: async () => false, person: () => NOBODY, record: async () => {},
        observe: (/** @type {string[]} */ lines) => transcript.add(lines, engine.progress().stage) };
    const ending = await runSession({ engine, wish: { job: 'look', ...which }, transport, host });
    const found = engine.findings();
    const error = ending.error ?? (found.refusal ? engine.error(found.refusal) : null);
    transcript.end(engine, { ...ending, error });
    noteChip(found);
    return { found, error };
}

/**
 * Looks at the device; changes nothing. On failure, and if this page does not update such a device, it shows why and
 * offers to try again.
 * @param {Parts} parts @param {Reach} reach
 * @param {Wanted | null} [wanted] null: any device will do
 * @param {string} [family] that was named before, for devices that do not tell; '' if none was
 * @returns {Promise<Findings>}
 */
export async function look(parts, { transport }, wanted = null, family = '') {
    const { page, engine } = parts;
    const step = page.step('device', t('device.title'));
    const which = wanted ? restrict(engine, wanted.release, wanted.serial) : {};
    let claim = '';
    for (;;) {
        step.show(el('p', { role: 'status' }, t('device.looking')));
        const { found, error } = await lookOnce(parts, transport, claim ? { ...which, family: claim } : which);
        if (!error) {
            step.finish(deviceCard(found));
            return claim ? { ...found, claim } : found;
        }
        if (error.name === 'AMBIGUOUS_CHIP' && !wanted && !claim) {
            claim = family || await askFamily(parts, step, error);
            continue;
        }
        await showLookFailure(parts, step, transport, error, wanted);
        claim = '';
    }
}

/**
 * Which of the chips that a device could be it is, where they need different treatment. With a release the maker has
 * said it; here it is a person with a file of their own.
 * @param {Parts} parts @param {import('./page.js').Step} step @param {ErrorText} error
 * @returns {Promise<string>} the family's name
 */
async function askFamily({ page, engine }, step, error) {
    const candidates = engine.families().filter(({ isCandidate }) => isCandidate);
    const group = radios('family', t('wishes.family'), candidates.map(({ name, devices }) => ({ value: name, label: devices })));
    page.state = 'which-chip';
    page.announce(errorText(error));
    const { row, choice } = buttons([{ text: t('resume.goOn'), value: true, may: () => {
        page.announce(t('wishes.family'));
        return chosen(group, 'family') !== '';
    } }]);
    step.show(el('p', {}, errorText(error)), group, el('p', { class: 'note' }, t('wishes.familyNote')), row);
    await choice;
    return chosen(group, 'family');
}

/**
 * @param {Parts} parts @param {ErrorText} error @param {Wanted | null} wanted
 * @returns {import('../dom.js').Child[]}
 */
function failureParts({ engine }, error, wanted) {
    const found = engine.findings();
    const difference = wanted && isWrongDevice(error.name)
        ? [differenceCard(error.name, found, wanted, engine), el('p', {}, t('link.wrong.help'))] : [];
    return [errorBox(error, { place: faultPlace(engine) }), ...difference, found.chipIsKnown && deviceCard(found)];
}

/** @param {Parts} parts @param {ErrorText} error @returns {boolean} whether another device is needed */
const isOther = ({ engine }, error) => isWrongDevice(error.name) || engine.findings().refusal === error.name;

/**
 * @param {Parts} parts @param {import('./page.js').Step} step @param {Reach['transport']} transport
 * @param {ErrorText} error @param {Wanted | null} wanted
 */
async function showLookFailure(parts, step, transport, error, wanted) {
    const { page, transcript } = parts;
    const isWrong = isOther(parts, error);
    page.state = 'failed';
    page.announce(errorText(error));
    for (;;) {
        const { row, choice } = buttons([{ text: t(isWrong ? 'link.wrong.another' : 'step.tryAgain'), value: 'again' },
            { text: t('step.saveTranscript'), value: 'save', look: 'plain' }]);
        const about = { release: wanted?.release ?? null, ticket: wanted?.ticket ?? parts.link?.ticket ?? '',
            isSimulated: !(transport instanceof WebUsbTransport) };
        step.show(...failureParts(parts, error, wanted), row, transcriptNote(), whomToAsk(), reportPart(parts, about));
        if (await choice === 'again') {
            break;
        }
        transcript.save();
    }
    if (transport instanceof WebUsbTransport) {
        // Within the click: the device may have lost the page's permission while it was replugged.
        await (isWrong ? transport.chooseAnother() : transport.chooseOrUseGranted()).catch(() => {});
    }
}
