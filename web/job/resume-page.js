// @ts-check
// The page opens on jobs that were begun: nothing is asked of a network first.
import { el, setState } from '../dom.js';
import { fetchWords, fetchReport, fetchTree } from './later.js';
import { isWorkElsewhere } from '../browser/locks.js';
import { enableResume, showElsewhere, showResume } from './resume-view.js';
import { addTexts } from '../texts.js';

/** @typedef {import('../main.js').Basis} Basis */
/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('./resume-view.js').Pending} Pending */

/** @param {Pending[]} entries @returns {(entry: Pending) => HTMLElement} each one's live region, also if drawn anew */
function makeProblems(entries) {
    const problems = new Map(entries.map(({ key }, index) =>
        [key, el('div', { id: index === 0 ? 'resume-problem' : undefined, 'aria-live': 'polite' })]));
    return ({ key }) => /** @type {HTMLElement} */ (problems.get(key));
}

/** @param {Basis} basis */
async function openElsewhere({ view, loadWork }) {
    const [{ errorBox }] = await Promise.all([loadWork(), addTexts(['errors'])]);
    const draw = () => showElsewhere(errorBox('WORK_IN_ANOTHER_TAB'));
    view(draw);
    draw().focus();
    setState('elsewhere');
}

/**
 * @param {Basis} basis @param {Pending[]} entries one or more
 * @param {() => void} other
 */
export async function openResume(basis, entries, other) {
    if (await isWorkElsewhere()) {
        await openElsewhere(basis);
        return;
    }
    const { view, loadWork } = basis;
    const problemOf = makeProblems(entries);
    let isLeft = false;
    /** @type {Work | null} */
    let work = null;
    const enable = () => work?.isUsbHere && enableResume();
    const clear = () => entries.forEach((entry) => problemOf(entry).replaceChildren());
    const draw = () => {
        clear(); // it is in the language of before
        const heading = showResume(entries, { problemOf, goOn: (entry, problem) => {
            clear(); // one report at a time
            work?.resume(entry, problem);
        },
            forget: async (entry, problem) => (await loadWork()).forget(entry, problem),
            other: () => {
                isLeft = true;
                other();
            } });
        enable();
        return heading;
    };
    view(draw);
    draw().focus();
    work = await loadWork();
    void Promise.all([fetchWords(), fetchReport(), fetchTree()]); // the network may go before the device is back
    if (isLeft) {
        return;
    }
    enable();
    if (!work.isUsbHere) {
        work.explainMissingUsb();
    }
    setState('resume');
}
