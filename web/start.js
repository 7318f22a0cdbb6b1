// @ts-check
// The general page: a device, a simulated one, or a test of the set-up. index.html holds what it says.
import { byId, isAtWork, setState } from './dom.js';
import { translatePage } from './page-language.js';
import { language, loadTexts } from './texts.js';

const DEMO_SPEED = 1;

/** @returns {number} how much faster than a real device the simulated one is */
function demoSpeed() {
    const asked = Number(new URLSearchParams(location.search).get('speed'));
    return asked > 0 ? asked : DEMO_SPEED;
}

/** @param {import('./work.js').Work} work shows it, in the language that is spoken */
function showStart({ isUsbHere, helpBeforehand, explainMissingUsb }) {
    byId('start-problem').replaceChildren();
    byId('start-help').replaceChildren(...helpBeforehand());
    byId('start').hidden = false;
    if (!isUsbHere) {
        explainMissingUsb();
        byId('connect').setAttribute('disabled', '');
    }
}

/** @param {import('./main.js').Basis} basis */
export async function openStart({ view, loadWork }) {
    const [work, { checkSetup, connect }] = await Promise.all([loadWork(), import('./general-flow.js'),
        loadTexts(language(), ['start'])]);
    translatePage(document.body);
    const { parts, isUsbHere } = work;
    const problem = byId('start-problem');
    byId('connect').addEventListener('click', () => work.runAlone(problem, () => connect(parts, problem)));
    byId('check').addEventListener('click', () => work.runAlone(problem, () => checkSetup(parts, isUsbHere)));
    byId('try').addEventListener('click', () =>
        work.run(async () => (await import('./demo.js')).demo(parts, demoSpeed())));
    if (isAtWork()) {
        return;
    }
    view(() => showStart(work));
    showStart(work);
    setState('start');
    await work.keepPage(language());
}
