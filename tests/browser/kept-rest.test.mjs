// @ts-check
/** What else is in the sectors of an open device is not lost with the page: it is stored, told of, and can be saved. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FLASH_IN_WORK, LIMIT, answerToPlan, inState, journalOf, openBrowser, openUsbPage, pause, picture,
    press } from './support.mjs';

const RELOCK = process.env.RELOCK_BIN ?? fileURLToPath(new URL('../../build/debug/cli/relock', import.meta.url));
const SECTOR_BYTES = 16384;
const CONFIRM = 'Replace 1 sector, write and protect';
const SAVE = 'Save what else was in the sectors';
const CELL_BYTES = 16; // what is kept begins where one does, with what the firmware has of it
const FIRMWARE = readFileSync(fileURLToPath(new URL('../firmware/blinky-small.bin', import.meta.url)));

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('./support.mjs').Browser} */
let browser;
/** @type {string} */
let folder;
before(async () => {
    browser = await openBrowser();
    folder = mkdtempSync(join(tmpdir(), 'relock-kept-'));
});
after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
});

/** @param {import('./support.mjs').Test} test @param {string} [end] of an update of an F405 that is open and full */
async function begin(test, end = 'protected') {
    const { page, bus } = await openUsbPage(browser, test);
    page.on('dialog', (dialog) => void dialog.accept());
    const device = bus.plugIn('stm32f405', { rdpLevel: 0 });
    const full = device.flash(0, SECTOR_BYTES);
    await press(page, 'Connect a device');
    await answerToPlan(page, { end });
    return { page, device, full };
}

/** @param {Page} page @returns {Promise<Uint8Array>} what the saved file holds, as `relock image` reads it */
async function save(page) {
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, SAVE)]);
    assert.equal(download.suggestedFilename(), 'flash-sectors.hex');
    const [hex, bin] = [join(folder, 'kept.hex'), join(folder, 'kept.bin')];
    await download.saveAs(hex);
    rmSync(bin, { force: true });
    execFileSync(RELOCK, ['image', 'convert', hex, bin, '--format', 'bin']);
    return readFileSync(bin);
}

/** @param {string} kept @returns {Uint8Array} the sector of a board that was erased, and then got both */
function bringBack(kept) {
    const [sim, firmware, flash] = ['board.sim', 'firmware.bin', 'flash.bin'].map((name) => join(folder, name));
    const env = { ...process.env, XDG_STATE_HOME: folder };
    const relock = (/** @type {string[]} */ ...words) => execFileSync(RELOCK, words, { env });
    relock('sim', 'make', sim, '--profile', 'stm32f405', '--level', '0');
    writeFileSync(firmware, FIRMWARE);
    relock('erase', '--address', '0x08000000', '--size', String(SECTOR_BYTES), '--yes', '--sim', sim);
    relock('write', kept, '--any-image', '--yes', '--sim', sim);
    relock('write', firmware, '--address', '0x08000000', '--yes', '--sim', sim);
    relock('sim', 'read', sim, flash);
    return Uint8Array.from(readFileSync(flash).subarray(0, SECTOR_BYTES));
}

/** @param {{flash: (offset: number, length: number) => Uint8Array}} device waits until it lacks what is to go back */
async function untilErased(device) {
    const deadline = performance.now() + 20000;
    while (device.flash(SECTOR_BYTES - 1, 1)[0] !== 0xff || device.flash(FLASH_IN_WORK, 1)[0] !== 0xff) {
        assert.ok(performance.now() < deadline, 'the sector is never erased');
        await pause(1);
    }
}

/** @param {Page} page what the journal holds, and how many ranges */
const entriesOf = async (page) => (await journalOf(page)).map(({ phase, rest = 0 }) => ({ phase, rest }));

/** @param {Page} page */
const stepText = (page, name = 'plan') => page.locator(`#step-${name}`).innerText();

describe('what else is in the sectors, in the page', () => {
    it('is stored before they are erased, written back, and forgotten once the job is proven', LIMIT, async (test) => {
        const { page, device, full } = await begin(test);
        const plan = await stepText(page);
        for (const said of ['Only what the firmware replaces in 1 sector of the flash. What else is in it is read first and',
            'From then on nobody can read the flash, and removing the protection again erases all of it.',
            'What else is in these sectors is stored in this browser before they are erased']) {
            assert.ok(plan.includes(said), plan);
        }
        await press(page, CONFIRM);
        await inState(page, 'ending', 30000);
        assert.match(await stepText(page, 'ending'), /Proven/);
        assert.equal(await page.getByRole('button', { name: SAVE }).count(), 0);
        const expected = full.slice();
        expected.set(FIRMWARE);
        assert.deepEqual(device.flash(0, SECTOR_BYTES), expected);
        assert.deepEqual(await entriesOf(page), [{ phase: 'proven', rest: 0 }]);
    });
});

describe('what else was in the sectors, after an interruption', () => {
    it('can be saved after a reload between erase and write, until the page is closed', LIMIT, async (test) => {
        const { page, device, full } = await begin(test);
        await press(page, CONFIRM);
        await untilErased(device);
        await page.reload();
        await inState(page, 'resume', 20000);
        assert.match(await page.locator('#resume').innerText(), /What else was in the flash sectors is stored here, too\./);
        assert.deepEqual(await entriesOf(page), [{ phase: 'erasing', rest: 2 }]);
        await page.locator('#go-on:not([disabled])').click();
        await inState(page, 'plan');
        assert.match(await stepText(page), /this update does not write it back\. Save it as a file/);
        await picture(page, '8-kept-plan');
        full.set(FIRMWARE);
        const rest = full.slice(FIRMWARE.length - FIRMWARE.length % CELL_BYTES);
        assert.deepEqual(Uint8Array.from(await save(page)), rest);
        await page.locator('#step-plan button.main, #step-plan button.danger').first().click();
        await inState(page, 'ending', 30000);
        const ending = await stepText(page, 'ending');
        assert.match(ending, /Proven/);
        assert.match(ending, /was not written back\. Save it as a file now: once this page is closed/);
        assert.deepEqual(Uint8Array.from(await save(page)), rest);
        assert.deepEqual(await entriesOf(page), [{ phase: 'proven', rest: 0 }]);
    });

    it('can be saved where the work stopped, and `relock write` brings it back', LIMIT, async (test) => {
        const { page, device, full } = await begin(test, 'open');
        await press(page, 'Replace 1 sector, write');
        await untilErased(device);
        device.unplug();
        await inState(page, 'waiting', 20000);
        await press(page, 'Stop here, go on later');
        await inState(page, 'ending', 20000);
        assert.match(await stepText(page, 'ending'), /What else was in the flash sectors is stored in this browser\. Save it as a file/);
        await save(page);
        const expected = full.slice();
        expected.set(FIRMWARE);
        assert.deepEqual(bringBack(join(folder, 'kept.hex')), expected);
    });
});
