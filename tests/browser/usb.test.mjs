// @ts-check
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LIMIT, answerToPlan, assertAccessible, inState, openBrowser, openUsbPage, picture, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {Awaited<ReturnType<typeof openUsbPage>>} Opened */

/** @param {import('../../wasm-glue/sim.js').SimDevice} device @param {boolean} boot0 a person replugs it */
function replug(device, boot0) {
    device.unplug();
    device.sleep(300);
    device.boot0 = boot0;
    device.plug();
}

/**
 * Does what the page asks for until it has come to an ending.
 * @param {Opened} opened @param {import('../../wasm-glue/sim.js').SimDevice} device
 */
async function help({ page }, device) {
    let done = '';
    for (;;) {
        await page.waitForTimeout(100);
        const state = await page.getAttribute('body', 'data-state');
        const asked = await page.locator('.instruction h3').first().innerText({ timeout: 200 }).catch(() => '');
        if (state === 'ending') {
            return;
        }
        if (state === 'waiting' && asked !== done && /plug/i.test(asked)) {
            done = asked;
            replug(device, true);
        } else if (state !== 'waiting') {
            done = '';
        }
    }
}

const FLASH_IN_WORK = 2048; // the first block goes last, so this one is the first that changes

/**
 * Waits until the device itself is being written: what the page shows of it may last for a moment only.
 * @param {import('../../wasm-glue/sim.js').SimDevice} device
 */
async function untilWriting(device) {
    const until = performance.now() + 30000;
    while (device.truth().regressions === 0 || device.flash(FLASH_IN_WORK, 1)[0] === 0xff) {
        assert.ok(performance.now() < until, 'the device is not being written');
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
}

/** @param {Opened} opened @param {string} confirm the confirm button's text */
async function toWork({ page }, confirm = 'Erase everything, write and protect') {
    await press(page, 'Connect a device');
    await answerToPlan(page);
    await press(page, confirm);
}

/** @param {Opened} opened */
const endingText = ({ page }) => page.locator('#step-ending').innerText();

/** @param {Opened} opened @returns {Promise<any[]>} what the journal holds */
const journal = ({ page }) => page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open('relock');
    request.onsuccess = () => {
        const all = request.result.transaction('journal').objectStore('journal').getAll();
        all.onsuccess = () => {
            request.result.close();
            resolve(all.result.map(({ key, phase, job }) => ({ key, phase, hasFile: job !== null })));
        };
    };
}));

describe('the locked update through WebUSB', () => {
    it('ends proven, keeps the journal line and drops the file and the permission', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        const device = opened.bus.plugIn('stm32f072');
        await toWork(opened);
        await help(opened, device);
        assert.match(await endingText(opened), /Proven/);
        assert.deepEqual(device.truth().violations, []);
        assert.equal(device.truth().rdpLevel, 1);
        const [entry] = await journal(opened);
        assert.deepEqual([entry.phase, entry.hasFile], ['proven', false]);
        assert.equal(opened.bus.plugged[0].isGranted, false);
        assert.deepEqual(opened.problems, []);
    });

    // The serial numbers of the one are its own, those of the other are shared by all of its kind.
    for (const [profile, question, button] of [['stm32f405', 'look-again', 'Only look again'],
        ['stm32f072', 'same-device', 'It is that one: only look']]) {
        it(`asks before it does a finished device again: ${question}`, LIMIT, async (test) => {
            const opened = await openUsbPage(browser, test);
            const device = opened.bus.plugIn(profile);
            await toWork(opened);
            await help(opened, device);
            await press(opened.page, 'Start again');
            await inState(opened.page, 'start');
            await press(opened.page, 'Connect a device');
            await answerToPlan(opened.page, {}, question);
            await picture(opened.page, `4-${question}`);
            await press(opened.page, button);
            await inState(opened.page, 'ending');
            assert.match(await endingText(opened), /Proven/);
            assert.equal(device.truth().regressions, 1);
        });
    }
});

describe('a way that is not straight', () => {
    it('shows a reconnect button when the permission is lost, and only then', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        const device = opened.bus.plugIn('stm32f042', { serial: null });
        await toWork(opened);
        const reconnect = opened.page.locator('#reconnect');
        await reconnect.waitFor();
        await picture(opened.page, '6-reconnect');
        opened.bus.knobs.chooser = 'refuse';
        await reconnect.click();
        await opened.page.getByText('No device was chosen').waitFor();
        opened.bus.knobs.chooser = 'first';
        while (await opened.page.getAttribute('body', 'data-state') !== 'ending') {
            if (!device.isOnBus && device.msUntilOnBus === Infinity) {
                replug(device, true);
            }
            const asked = await opened.page.locator('.instruction h3').first().innerText({ timeout: 200 }).catch(() => '');
            if (/plug (it|the device) in again/.test(asked) && !await reconnect.isVisible()) {
                replug(device, true);
                await opened.page.waitForTimeout(1500);
            }
            await reconnect.click({ timeout: 300 }).catch(() => {});
            await opened.page.waitForTimeout(300);
        }
        assert.match(await endingText(opened), /Proven/);
    });

});

describe('a job that was interrupted', () => {
    it('goes on when the device was unplugged in the middle', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        const device = opened.bus.plugIn('stm32f405');
        await toWork(opened);
        await untilWriting(device);
        device.unplug();
        await opened.page.getByText('The device is gone. Looking for it').waitFor({ timeout: 2000 });
        const asked = opened.page.locator('.instruction h3');
        await asked.waitFor({ timeout: 4000 });
        assert.equal(await asked.innerText(), 'The device is gone: plug it in again, with BOOT0 held');
        assert.ok(await opened.page.locator('#reconnect').isHidden());
        await picture(opened.page, '7-unplugged');
        device.plug();
        // It may be at work for a moment only: what counts is that it waits no longer.
        await opened.page.waitForFunction(() => document.body.dataset.state !== 'waiting', undefined, { timeout: 20000 });
        await help(opened, device);
        assert.match(await endingText(opened), /Proven/);
        assert.equal(device.truth().regressions, 1);
        assert.deepEqual(device.truth().violations, []);
    });

    it('goes on after a reload in the middle, without a second erase', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        const device = opened.bus.plugIn('stm32f405');
        await toWork(opened);
        await untilWriting(device);
        opened.page.on('dialog', (dialog) => void dialog.accept());
        await opened.page.reload();
        await inState(opened.page, 'resume');
        assert.match(await opened.page.locator('#resume').innerText(), /Your device is empty now, that is expected/);
        await picture(opened.page, '8-resume');
        await opened.page.click('#go-on');
        await opened.page.locator('#step-plan button').first().click({ timeout: 5000 }).catch(() => {});
        await help(opened, device);
        assert.match(await endingText(opened), /Proven/);
        assert.equal(device.truth().regressions, 1);
        assert.deepEqual(device.truth().violations, []);
    });
});

describe('before anything is lost', () => {
    it('a refused chooser is explained on the spot', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        await press(opened.page, 'Connect a device');
        await opened.page.locator('#start-problem [data-error="NO_DEVICE"]').waitFor();
        await assertAccessible(opened.page);
    });

    it('two devices are refused, and one of them is not', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        const first = opened.bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        const second = opened.bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        opened.bus.plugged[1].isGranted = true;
        await press(opened.page, 'Connect a device');
        await opened.page.locator('[data-error="SEVERAL_DEVICES"]').waitFor();
        await picture(opened.page, '9-two-devices');
        second.unplug();
        await press(opened.page, 'Try again');
        await inState(opened.page, 'file');
        assert.equal(first.truth().regressions + second.truth().regressions, 0);
    });

});

describe('the set-up', () => {
    for (const [knob, value, error] of /** @type {const} */ ([['openError', 'SecurityError', 'NO_PERMISSION'],
        ['claimError', 'NetworkError', 'DEVICE_TAKEN']])) {
        it(`${error} is explained, and cured`, LIMIT, async (test) => {
            const opened = await openUsbPage(browser, test);
            opened.bus.plugIn('stm32f405');
            opened.bus.knobs[knob] = value;
            await press(opened.page, 'Connect a device');
            await opened.page.locator(`[data-error="${error}"]`).waitFor();
            await picture(opened.page, `9-${error.toLowerCase().replaceAll('_', '-')}`);
            opened.bus.knobs[knob] = '';
            await press(opened.page, 'Try again');
            await inState(opened.page, 'file');
        });
    }

    it('"Test my set-up" looks and changes nothing', LIMIT, async (test) => {
        const opened = await openUsbPage(browser, test);
        const device = opened.bus.plugIn('stm32f405');
        await press(opened.page, 'Test my set-up');
        await press(opened.page, 'Choose the device');
        await inState(opened.page, 'checked');
        await picture(opened.page, '9-checked');
        assert.equal(device.truth().regressions, 0);
        assert.deepEqual(await journal(opened), []);
    });
});
