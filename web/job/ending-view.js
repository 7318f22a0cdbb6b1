// @ts-check
// The end of a job: proven, written but not proven, or not done; and what comes next.
import { el } from '../dom.js';
import { errorBox } from './error-view.js';
import { faultPlace } from './fault-place.js';
import { keptNote } from './kept-rest.js';
import { afterwards, applicationPart, releaseText } from './maker-words.js';
import { actionText, t } from '../texts.js';
import { transcriptNote } from './transcript.js';
import { whomToAsk } from '../whom-to-ask.js';
import { handButton } from './work-view.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('./session-loop.js').Ending} Ending */
/** @typedef {import('../../wasm-glue/sim-transport.js').SimTransport} SimTransport */

/** @typedef {Ending & {endProtected: boolean, lookedOnly: boolean, mayGoOn: boolean}} Result */

/** @param {Result} result @returns {string} */
function verdict({ ending, endProtected, lookedOnly }) {
    if (ending !== 'proven') {
        return ending === 'not-proven' ? t('ending.not-provenText') : '';
    }
    return lookedOnly ? t('ending.stillProtectedText')
        : `${t('ending.provenText')} ${t(endProtected ? 'ending.provenProtected' : 'ending.provenOpen')}`;
}

/**
 * What is left for the person to do.
 * @param {RelockEngine} engine
 * @param {SimTransport | null} sim
 * @param {any} document of the release; null if there is none
 */
function lastThing(engine, sim, document) {
    const action = engine.nextAction();
    if (action.name === 'NONE') {
        return null;
    }
    const done = el('p', { role: 'status' });
    const hand = handButton(sim, action.name, () => {
        done.textContent = t(sim?.device.truth().isRunningApplication ? 'demo.runsFirmware' : 'demo.replugged');
    });
    return el('div', { class: 'instruction is-calling' }, el('p', {}, actionText(action)),
        releaseText(action.name, document), hand && el('div', { class: 'buttons' }, hand), done);
}

/**
 * Shows the ending.
 * @param {Page} page
 * @param {RelockEngine} engine
 * @param {Result} ending lookedOnly: nothing was written; mayGoOn: the journal holds this very job
 * @param {object} parts
 * @param {SimTransport | null} parts.sim
 * @param {import('./transcript.js').Transcript} parts.transcript
 * @param {any} parts.document of the release; null if there is none
 * @param {HTMLElement} parts.report what is offered to the maker
 * @param {import('../journal.js').KeptRange[]} parts.kept what else was in the sectors, and may not be in the device
 */
export function showEnding(page, engine, ending, { sim, transcript, document, report, kept }) {
    const title = t(ending.lookedOnly && ending.ending === 'proven' ? 'ending.stillProtected' : `ending.${ending.ending}`);
    const step = page.step('ending', title);
    globalThis.document.body.dataset.ending = ending.ending;
    const again = t(ending.mayGoOn ? 'ending.goOn' : 'ending.startAgain');
    step.body.parentElement?.classList.add(`is-${ending.ending}`);
    step.show(el('p', {}, verdict(ending)),
        ending.error && errorBox(ending.error, { place: faultPlace(engine), isKept: ending.mayGoOn }),
        keptNote(kept, ending.ending === 'proven' ? 'kept.last' : 'kept.stored'),
        !ending.error && lastThing(engine, sim, document),
        ending.ending === 'proven' && afterwards(document), ending.ending !== 'not-done' && applicationPart(document),
        el('div', { class: 'buttons' },
            el('button', { type: 'button', class: ending.ending === 'proven' ? 'plain' : 'main', click: () => location.reload() }, again),
            el('button', { type: 'button', class: 'plain', click: () => transcript.save() }, t('step.saveTranscript'))),
        transcriptNote(), ending.error && whomToAsk(), report);
    page.announce(title);
}
