// @ts-check
// The general page: a device, a simulated one, or a test of the set-up.
import { el, isAtWork, setState } from '../dom.js';
import { addTexts, language } from '../texts.js';

const DEMO_SPEED = 1;

/** @returns {number} how much faster than a real device the simulated one is */
function demoSpeed() {
    const asked = Number(new URLSearchParams(location.search).get('speed'));
    return asked > 0 ? asked : DEMO_SPEED;
}

/** @param {import('../main.js').Basis} basis */
export async function openStart({ view, loadWork }) {
    const [work, { checkSetup, connect }, { showStart }] = await Promise.all([loadWork(), import('./general-flow.js'),
        import('./start-view.js'), addTexts(['start', 'work', 'errors'])]);
    if (isAtWork()) {
        return;
    }
    const { parts, isUsbHere, helpBeforehand, explainMissingUsb } = work;
    const problem = el('div', { id: 'start-problem', 'aria-live': 'polite' });
    const deeds = {
        connect: () => work.runAlone(problem, () => connect(parts, problem)),
        check: () => work.runAlone(problem, () => checkSetup(parts, isUsbHere)),
        demo: () => work.run(async () => (await import('../demo.js')).demo(parts, demoSpeed())),
    };
    const draw = () => {
        showStart(deeds, { problem, help: helpBeforehand(), isUsbHere });
        if (!isUsbHere) {
            explainMissingUsb();
        }
        void work.keepPage(language());
    };
    view(draw);
    draw();
    setState('start');
}
