// @ts-check
// The end of a job: proven, written but not proven, or not done; and what comes next.
import { el } from './dom.js';
import { errorBox } from './error-view.js';
import { ENDINGS, LOOKED_AGAIN, OPEN_PROOF, PROTECTED_PROOF, STAGES, actionText, hex } from './texts.js';
import { handButton } from './work-view.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('./session-loop.js').Ending} Ending */
/** @typedef {import('../wasm-glue/sim-transport.js').SimTransport} SimTransport */

/** @param {RelockEngine} engine @returns {string} where the first fault was, '' if nowhere */
export function faultPlace(engine) {
    const fault = engine.fault();
    if (!fault || fault.error.kind !== 'failed') {
        return '';
    }
    const stage = STAGES[fault.stage];
    return [stage && `while: ${stage.toLowerCase()}`, fault.addr && `address ${hex(fault.addr)}`, fault.field && `field ${fault.field}`,
        fault.dfuState !== 0xff && `device state ${fault.dfuState}, status ${fault.dfuStatus}`].filter(Boolean).join(', ');
}

/** @typedef {Ending & {endProtected: boolean, lookedOnly: boolean, mayGoOn: boolean}} Result */

/** @param {Result} result @returns {string} */
function verdict({ ending, endProtected, lookedOnly }) {
    if (ending !== 'proven') {
        return ENDINGS[ending].text;
    }
    return lookedOnly ? LOOKED_AGAIN : `${ENDINGS.proven.text} ${endProtected ? PROTECTED_PROOF : OPEN_PROOF}`;
}

/**
 * What is left for the person to do.
 * @param {RelockEngine} engine
 * @param {SimTransport | null} sim
 */
function lastThing(engine, sim) {
    const action = engine.nextAction();
    if (action.name === 'NONE') {
        return null;
    }
    const done = el('p', { role: 'status' });
    const hand = handButton(sim, action.name, () => {
        done.textContent = sim?.device.truth().isRunningApplication ? 'The simulated device runs its new firmware.'
            : 'The simulated device was replugged.';
    });
    return el('div', { class: 'instruction is-calling' }, el('p', {}, actionText(action)),
        hand && el('div', { class: 'buttons' }, hand), done);
}

/**
 * Shows the ending.
 * @param {Page} page
 * @param {RelockEngine} engine
 * @param {Result} ending lookedOnly: nothing was written; mayGoOn: the journal holds this very job
 * @param {object} parts
 * @param {SimTransport | null} parts.sim
 * @param {import('./transcript.js').Transcript} parts.transcript
 */
export function showEnding(page, engine, ending, { sim, transcript }) {
    const title = ending.lookedOnly && ending.ending === 'proven' ? 'Proven: still protected' : ENDINGS[ending.ending].title;
    const step = page.step('ending', title);
    document.body.dataset.ending = ending.ending;
    const again = ending.mayGoOn ? 'Go on with this job' : 'Start again';
    step.body.parentElement?.classList.add(`is-${ending.ending}`);
    step.show(el('p', {}, verdict(ending)),
        ending.error && errorBox(ending.error, { place: faultPlace(engine), isKept: ending.mayGoOn }),
        !ending.error && lastThing(engine, sim),
        el('div', { class: 'buttons' },
            el('button', { type: 'button', class: ending.ending === 'proven' ? 'plain' : 'main', click: () => location.reload() }, again),
            el('button', { type: 'button', class: 'plain', click: () => transcript.save() }, 'Save the transcript')));
    page.announce(title);
}
