// @ts-check
// What the tests of links share: a page on a maker's site with simulated devices, and a person who does what it says.
import assert from 'node:assert/strict';
import { Release, makeKey, openSite } from './release-server.mjs';
import { CONFIRM, FLASH_IN_WORK, inState, openUsbPage, pause, press } from './support.mjs';

export { CONFIRM, journalOf, pause } from './support.mjs';

/** @typedef {import('./support.mjs').Browser} Browser */
/** @typedef {import('./support.mjs').Test} Test */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../../wasm-glue/sim.js').SimDevice} SimDevice */
/** @typedef {import('../support/fake-bus.mjs').FakeBus} FakeBus */

const DFU_DNLOAD = 1;
const SET_ADDRESS = 0x21;
const READ_COMMANDS = 0x00;
const DO_MS = 20000;
const LOOK_MS = 100;

/**
 * A maker with a key and a site, and a release on it.
 * @param {Test} test
 * @param {{document?: object, site?: object, isSigned?: boolean, isOffline?: boolean}} [options]
 */
export async function openMaker(test, { document, site, isSigned = true, isOffline } = {}) {
    const keys = isSigned ? [makeKey()] : [];
    const host = await openSite(test, { keys, site, isOffline });
    const release = new Release({ document, keys });
    host.publish(release);
    return { host, release, keys };
}

/** What was sent to devices that can change one. @param {FakeBus} bus @returns {string[]} filled as it happens */
export function watchChanges(bus) {
    /** @type {string[]} */
    const seen = [];
    const { call } = bus;
    bus.call = function watched(method, args) {
        const [, , setup, data] = args;
        const isDownload = method === 'control' && setup.requestType === SET_ADDRESS && setup.request === DFU_DNLOAD
            && data?.length > 0;
        const isHarmless = isDownload && setup.value === 0 && (data[0] === SET_ADDRESS || data[0] === READ_COMMANDS);
        if (isDownload && !isHarmless) {
            seen.push(`block ${setup.value}, ${data.length} bytes, first ${data[0].toString(16)}`);
        }
        return call.call(this, method, args);
    };
    return seen;
}

/** A visitor on a link. @param {Browser} browser @param {Test} test @param {string} url */
export async function openLink(browser, test, url) {
    const opened = await openUsbPage(browser, test, url);
    const changes = watchChanges(opened.bus);
    // That an optional file is not there is told on the console, too.
    const problemsNow = () => opened.problems.filter((text) => !/Failed to load resource/.test(text));
    return { ...opened, changes, problemsNow };
}

/** @param {Page} page waits until the release is shown and the button can be pressed */
export async function untilReady(page) {
    await inState(page, 'link', DO_MS);
    await page.locator('#link[data-is-ready] #link-connect:not([disabled])').waitFor({ timeout: DO_MS });
}

/** @param {Page} page from the link's page to the plan */
export async function toPlan(page) {
    await untilReady(page);
    await press(page, 'Connect the device');
    await inState(page, 'plan', DO_MS);
}

/** @param {Page} page says yes to the plan, and that BOOT0 is held where that is asked */
export async function sayYes(page) {
    const held = page.locator('#boot0-held');
    if (await held.count() > 0) {
        await held.check();
    }
    await press(page, CONFIRM);
}

/** What a person is asked for, by the engine's name of it and in words; '' if for nothing. Runs in the page. */
function readInstruction() {
    const { state } = document.body.dataset;
    const instruction = state === 'waiting' ? document.querySelector('.instruction') : null;
    return { state, asks: instruction?.getAttribute('data-asks') ?? '', words: instruction?.textContent ?? '' };
}

/**
 * Does what the page asks for until it has come to an ending, in whatever language.
 * @param {Page} page @param {SimDevice} device
 * @param {(asks: string) => boolean} [isEnough] told what is asked for whenever the device is waited for: nothing more
 * is done then
 */
export async function doAsTold(page, device, isEnough = () => false) {
    let done = '';
    for (;;) {
        await pause(LOOK_MS);
        const { state, asks, words } = await page.evaluate(readInstruction);
        if (state === 'ending' || (asks !== '' && isEnough(asks))) {
            return;
        }
        if (await page.locator('#reconnect').isVisible() && device.isOnBus) {
            // What is shown may have moved on since.
            await page.locator('#reconnect').click({ timeout: 1000 }).catch(() => {});
        } else if (words !== done && /REPLUG|ENTER_DFU/.test(asks)) {
            replug(device, /HOLD_BOOT0|ENTER_DFU/.test(asks));
        }
        done = words;
    }
}

/** @param {SimDevice} device @param {boolean} isHeld BOOT0 */
export function replug(device, isHeld) {
    device.unplug();
    device.sleep(300);
    device.boot0 = isHeld;
    device.plug();
}

/** @param {SimDevice} device waits until it is being written */
export async function untilWriting(device) {
    const deadline = performance.now() + 30000;
    while (device.truth().regressions === 0 || device.flash(FLASH_IN_WORK, 1)[0] === 0xff) {
        assert.ok(performance.now() < deadline, 'the device is not being written');
        await pause(5);
    }
}

/**
 * One bit of the firmware that the browser keeps for its only job is another one.
 * @param {import('playwright-core').Page} page
 */
export const spoilKept = (page) => page.evaluate(async (module) => {
    const { browserStore } = await import(module);
    const [entry] = await browserStore.all();
    entry.job.images[0].bytes[100] ^= 1;
    await browserStore.put(entry);
}, '/web/journal.js');

/**
 * A job in its middle.
 * @param {Browser} browser @param {Test} test
 * @param {{fragment?: string, serial?: string}} [options] of the link; of the device, its profile's if left out
 */
export async function begin(browser, test, { fragment, serial } = {}) {
    const maker = await openMaker(test);
    const opened = await openLink(browser, test, maker.host.link('release=acme-lamp', fragment));
    opened.page.on('dialog', (dialog) => void dialog.accept());
    const device = opened.bus.plugIn('stm32f405', { serial });
    await toPlan(opened.page);
    await sayYes(opened.page);
    await untilWriting(device);
    return { ...maker, ...opened, device };
}

/** @param {Page} page @param {SimDevice} device one erase, protected, never treated badly, and the page says so */
export async function assertProven(page, device) {
    assert.match(await page.locator('#step-ending').innerText(), /Proven/);
    const { rdpLevel, regressions, violations } = device.truth();
    assert.deepEqual({ rdpLevel, regressions, violations }, { rdpLevel: 1, regressions: 1, violations: [] });
}

/**
 * @param {Page} page
 * @param {string} error its name
 * @param {RegExp} contact whom the page names
 */
export async function assertRefused(page, error, contact) {
    await inState(page, 'link-refused', DO_MS);
    const box = page.locator(`#link [data-error="${error}"]`);
    await box.waitFor();
    assert.match(await box.innerText(), /RLK-\d{4}/);
    assert.match(await page.locator('#link .contact').innerText(), contact);
    assert.equal(await page.locator('#link-connect').count(), 0);
    assert.ok(await page.locator('#start').isHidden());
    assert.ok(await page.locator('#work').isHidden());
}
