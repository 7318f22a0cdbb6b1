// @ts-check
// The permission to use the device: it is given back at every end, unless the visitor keeps it or a job that was begun
// needs the device to come back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { begin, openLink, openMaker, pause, spoilKept, toPlan, untilReady } from './link-support.mjs';
import { LIMIT, answerToPlan, inState, openBrowser, openUsbPage, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */


/** @param {Page} page @returns {Promise<(string | null | undefined)[]>} serial numbers of devices that it may use */
const granted = (page) => page.evaluate(async () =>
    (await navigator.usb.getDevices()).map(({ serialNumber }) => serialNumber));

/** @param {Page} page @param {import('../../wasm-glue/sim.js').SimDevice} device that the page may use */
async function plugBack(page, device) {
    device.plug();
    for (let look = 0; look < 20 && (await granted(page)).length === 0; look += 1) {
        await pause(100);
    }
}

/** @param {import('./support.mjs').Test} test @param {object} [document] of the release */
async function openWithDevice(test, document) {
    const { host } = await openMaker(test, { document });
    const opened = await openLink(browser, test, host.link());
    opened.bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
    await untilReady(opened.page);
    return opened;
}

/** @param {Page} page the work stops, and stays to be gone on with */
async function stop(page) {
    await page.locator('.instruction h3').waitFor();
    await press(page, 'Stop here, go on later');
    await inState(page, 'ending');
}

describe('the permission, where nothing was begun,', () => {
    it('is given back after a no at the plan of a link', LIMIT, async (test) => {
        const { page } = await openWithDevice(test);
        await toPlan(page);
        assert.deepEqual(await granted(page), ['AAAAAAAAAAAA']);
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.deepEqual(await granted(page), []);
    });

    it('stays after a no if the visitor has ticked that it shall', LIMIT, async (test) => {
        const { page } = await openWithDevice(test);
        await toPlan(page);
        await page.check('#keep');
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.deepEqual(await granted(page), ['AAAAAAAAAAAA']);
    });

    it('is given back after a refusal', LIMIT, async (test) => {
        const { page } = await openWithDevice(test, { return: 'none', boot0: undefined });
        await press(page, 'Connect the device');
        await page.locator('#step-ending [data-error="WAY_BACK_IS_NONE"]').waitFor();
        assert.deepEqual(await granted(page), []);
    });

    it('is given back after a no to a file', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        bus.plugIn('stm32f405');
        await press(page, 'Connect a device');
        await answerToPlan(page);
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.deepEqual(await granted(page), []);
    });

    it('is given back after a test of the set-up', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        bus.plugIn('stm32f405');
        await press(page, 'Test my set-up');
        await press(page, 'Choose the device');
        await inState(page, 'checked');
        assert.deepEqual(await granted(page), []);
    });
});

describe('the permission, where a job was begun,', () => {
    it('stays while the job needs the device, and only for that one', LIMIT, async (test) => {
        const { page, bus, device } = await begin(browser, test, { serial: 'AAAAAAAAAAAA' });
        device.unplug();
        await stop(page);
        await plugBack(page, device);
        assert.deepEqual(await granted(page), ['AAAAAAAAAAAA']);
        device.unplug();
        bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        await page.reload();
        await page.locator('#go-on:not([disabled])').click();
        await inState(page, 'other-device');
        assert.deepEqual(await granted(page), []);
        await plugBack(page, device);
        assert.deepEqual(await granted(page), ['AAAAAAAAAAAA'], 'the other device is given back');
    });

    it('is given back by a device that takes the place of another before the plan', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        const first = bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        await press(page, 'Connect a device');
        await inState(page, 'file');
        first.unplug();
        bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        bus.plugged[1].isGranted = true;
        await answerToPlan(page, {}, 'ending');
        assert.deepEqual(await granted(page), []);
    });

    it('stays if what is kept of the job cannot be used', LIMIT, async (test) => {
        const { page } = await begin(browser, test, { serial: 'AAAAAAAAAAAA' });
        await page.reload();
        await inState(page, 'resume');
        await spoilKept(page);
        await page.reload();
        await page.locator('#go-on:not([disabled])').click();
        await inState(page, 'damaged-job');
        assert.deepEqual(await granted(page), ['AAAAAAAAAAAA']);
    });

    it('stays if it cannot be told what was begun', LIMIT, async (test) => {
        const { page } = await openWithDevice(test);
        await toPlan(page);
        await page.evaluate(() => {
            IDBFactory.prototype.open = () => {
                throw new DOMException('broken', 'UnknownError');
            };
        });
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.deepEqual(await granted(page), ['AAAAAAAAAAAA']);
    });
});
