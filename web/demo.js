// @ts-check
// The whole job with a simulated device: loaded only by those who try it.
import { SimDevice } from '../wasm-glue/sim.js';
import { SimTransport } from '../wasm-glue/sim-transport.js';
import { buttons, chosen, el, radios } from './dom.js';
import { wholeJob } from './general/general-flow.js';
import { t } from './texts.js';

/** "Try with a simulated device". @param {import('./job/flow.js').Parts} parts @param {number} speed */
export async function demo(parts, speed) {
    const { page } = parts;
    const device = new SimDevice(await parts.loadWasm('sim'));
    page.begin({ title: t('begin.demo'), isSimulated: true });
    const step = page.step('profile', t('demo.title'));
    const profiles = radios('profile', t('demo.which'), device.profiles().map(({ name, title }) =>
        ({ value: name, label: title })));
    /** @type {HTMLInputElement | null} */ (profiles.querySelector('input[value="stm32f405"]'))?.setAttribute('checked', '');
    const { row, choice } = buttons([{ text: t('demo.plugIn'), value: true }]);
    step.show(el('p', {}, t('demo.about')), profiles, row);
    await choice;
    device.init(chosen(profiles, 'profile'));
    step.finish(el('p', {}, device.profiles().find(({ name }) => name === chosen(profiles, 'profile'))?.title));
    const sim = new SimTransport(device, { sleep: parts.sleep, speed });
    await wholeJob(parts, { transport: sim, sim }, async () => new File([await (await fetch('sample.hex')).blob()], 'sample.hex'));
}
