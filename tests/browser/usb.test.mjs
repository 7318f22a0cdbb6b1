// @ts-check
import { after, before, describe, it } from 'node:test';
import { CONTRACT, prepare } from './usb-contract.mjs';
import * as scenarios from './usb-scenarios.mjs';
import { LIMIT, assertAccessible, openBrowser, openUsbPage, picture } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('./usb-scenarios.mjs').Desk} Desk */

/** @param {import('../../wasm-glue/sim.js').SimDevice} device @returns {import('./usb-scenarios.mjs').Hands} */
const handsOn = (device) => ({
    unplug: async () => device.unplug(),
    plug: async () => device.plug(),
    replug: async (isHeld) => {
        device.unplug();
        device.sleep(300);
        device.boot0 = isHeld;
        device.plug();
    },
    truth: async () => {
        const { rdpLevel, regressions, violations } = device.truth();
        return { level: rdpLevel, regressions, violations, isOnBus: device.isOnBus };
    },
    flash: async (offset, length) => device.flash(offset, length),
    loseAnswer: async () => device.addFault('timeout', device.truth().transfers),
});

/** @param {import('./support.mjs').Test} test @param {boolean} isManaged @returns {Promise<Desk>} one with a fake */
async function fakeDesk(test, isManaged) {
    const { page, problems, bus } = await openUsbPage(browser, test);
    bus.isManaged = isManaged;
    page.on('dialog', (dialog) => void dialog.accept());
    /** @param {'openError' | 'claimError'} knob @param {string} error */
    const fail = (knob, error) => async () => {
        bus.knobs[knob] = error;
        return async () => {
            bus.knobs[knob] = '';
        };
    };
    const reload = async () => {
        await page.reload();
    };
    return {
        page, problems, slowness: 1, isManaged, reload,
        plugIn: async (profile, options) => handsOn(bus.plugIn(profile, options)),
        pick: async (open, chooser = 'first') => {
            bus.knobs.chooser = isManaged ? 'refuse' : chooser; // nobody needs it then
            await open();
        },
        granted: () => page.evaluate(async () => (await navigator.usb.getDevices()).length),
        picture: (name) => picture(page, name),
        kill: reload, // a fake device knows of no browser
        forbid: fail('openError', 'SecurityError'),
        occupy: fail('claimError', 'NetworkError'),
    };
}

/** @param {import('./usb-scenarios.mjs').Scenario} scenario @param {(desk: Desk) => Promise<void>} [more] */
const tell = ({ name, isManaged = false, run }, more = async () => {}) => it(name, LIMIT, async (test) => {
    const desk = await fakeDesk(test, isManaged);
    await run(desk);
    await more(desk);
});

describe('the locked update through WebUSB', () => {
    tell(scenarios.lockedUpdate('stm32f072'));
    // The serial numbers of the one are its own, those of the other are shared by all of its kind.
    tell(scenarios.finishedAlready('stm32f405', 'look-again', 'Only look again'));
    tell(scenarios.finishedAlready('stm32f072', 'same-device', 'It is that one: only look'));
});

describe('a way that is not straight', () => {
    tell(scenarios.withoutSerial('stm32f042'));
});

describe('a job that was interrupted', () => {
    tell(scenarios.unplugged('stm32f405'));
    tell(scenarios.interrupted('stm32f405', 'reload'));
});

describe('before anything is lost', () => {
    tell(scenarios.refusedChooser, ({ page }) => assertAccessible(page));
    tell(scenarios.twoDevices);
});

describe('the set-up', () => {
    tell(scenarios.closedDoor('NO_PERMISSION', 'forbid'));
    tell(scenarios.closedDoor('DEVICE_TAKEN', 'occupy'));
    tell(scenarios.setUpTest);
});

describe('the fake itself behaves as the real navigator.usb does', () => {
    CONTRACT.forEach(({ run, ...clause }) => tell({ ...clause, run: async (desk) => {
        await prepare(desk);
        await run(desk);
    } }));
});
