// @ts-check
// The page opens on jobs that were begun: nothing is asked of a network first.
import { setState } from './dom.js';
import { browserStore } from './journal.js';
import { enableResume, showResume } from './resume-view.js';

/** @typedef {import('./work.js').Work} Work */

/**
 * @param {import('./main.js').Basis} basis @param {import('./resume-view.js').Pending[]} entries one or more
 * @param {() => void} other
 */
export async function openResume({ view, loadWork }, entries, other) {
    /** @type {Work | null} */
    let work = null;
    const enable = () => work?.isUsbHere && enableResume();
    const draw = () => {
        const heading = showResume(entries, { other, goOn: (entry, problem) => work?.resume(entry, problem),
            forget: async ({ key }) => {
                await browserStore.remove(key);
                location.reload();
            } });
        enable();
        return heading;
    };
    view(draw);
    draw().focus();
    work = await loadWork();
    enable();
    if (!work.isUsbHere) {
        work.explainMissingUsb();
    }
    setState('resume');
}
