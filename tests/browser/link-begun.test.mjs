// @ts-check
// What a job that was begun may claim of itself: its signature, its ticket, its end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { assertProven, begin as beginJob, doAsTold, pause, replug, untilReady } from './link-support.mjs';
import { Release } from './release-server.mjs';
import { LIMIT, inState, openBrowser, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

/** @param {import('./support.mjs').Test} test a job in its middle, with the ticket CASE-17 */
const begin = (test) => beginJob(browser, test, { fragment: 'ticket=CASE-17', serial: 'AAAAAAAAAAAA' });

/** @param {Page} page makes of the kept job what a site without a key would have written */
const takeSignature = (page) => page.evaluate(async (module) => {
    const { browserStore } = await import(module);
    const [entry] = await browserStore.all();
    await browserStore.put({ ...entry, job: { ...entry.job, proof: null, signedBy: 'forged' } });
}, '/web/journal.js');

/** @param {Page} page */
async function goOn(page) {
    await inState(page, 'resume', 20000);
    await page.locator('#go-on:not([disabled])').click();
}

/** @param {Page} page @returns {Promise<any>} the report of what is shown */
async function reportOf(page) {
    await page.locator('.report-offer > details > summary').click();
    await page.locator('.report-offer .report').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the report')]);
    return JSON.parse(readFileSync(await download.path(), 'utf8'));
}

describe('the signature of a job that was begun', () => {
    it('holds after a reload, and is not spoken of', LIMIT, async (test) => {
        const { page, keys } = await begin(test);
        await page.reload();
        await goOn(page);
        await inState(page, 'plan', 20000);
        assert.equal(await page.locator('#step-plan .unsigned').count(), 0);
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.equal((await reportOf(page)).release.key, keys[0].id);
    });

    it('that is missing is said in the plan, and an empty device is brought to its end', LIMIT, async (test) => {
        const { page, device } = await begin(test);
        await page.reload();
        await inState(page, 'resume');
        await takeSignature(page);
        await page.reload();
        await goOn(page);
        await inState(page, 'plan', 20000);
        assert.match(await page.locator('#step-plan .unsigned').innerText(), /This update is not signed/);
        await page.locator('#boot0-held').check({ timeout: 1000 }).catch(() => {});
        await page.locator('#step-plan button').first().click();
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.equal((await reportOf(page)).release.key, null);
    });

    it('that is missing ends it while the device is untouched', LIMIT, async (test) => {
        const { page, bus, device, changes } = await begin(test);
        await page.reload();
        await inState(page, 'resume');
        await takeSignature(page);
        device.unplug();
        const untouched = bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        await pause(500);
        changes.length = 0;
        await page.reload();
        await goOn(page);
        await page.locator('#step-damaged-job [data-error="SIGNATURE_MISSING"]').waitFor({ timeout: 20000 });
        assert.match(await page.locator('#step-damaged-job').innerText(), /cannot be used/);
        assert.deepEqual(changes, []);
        assert.equal(untouched.truth().regressions, 0);
    });
});

describe('the ticket of a job that was begun', () => {
    it('is its own, whatever link is open now', LIMIT, async (test) => {
        const { page, host, bus, device } = await begin(test);
        await page.goto('about:blank');
        await page.goto(host.link('release=acme-lamp', 'ticket=OTHER-5'));
        await inState(page, 'resume');
        device.unplug();
        const wrong = bus.plugIn('stm32f072', { serial: 'BBBBBBBBBBBB' });
        await pause(500);
        await goOn(page);
        await page.locator('#step-device [data-error="WRONG_CHIP"]').waitFor({ timeout: 20000 });
        assert.equal((await reportOf(page)).ticket, 'CASE-17');
        assert.match(await page.locator('#step-device').innerText(), /transcript holds the serial number/);
        wrong.unplug();
        replug(device, true);
        await pause(500);
        await page.reload();
        await goOn(page);
        await inState(page, 'plan', 20000);
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.equal((await reportOf(page)).ticket, 'CASE-17');
        assert.match(await page.locator('#step-ending').innerText(), /transcript holds the serial number/);
    });
});

describe('a job that was begun to end protected', () => {
    it('is not offered to be replaced by one that ends open', LIMIT, async (test) => {
        const { page, host, keys } = await begin(test);
        const open = new Release({ keys, document: { sequence: 8, version: '2.2.0', end: 'open' } });
        open.channelChanges = { edition: 2 };
        host.publish(open);
        await page.reload();
        await inState(page, 'resume');
        await press(page, 'Do something else');
        await untilReady(page);
        await press(page, 'Connect the device');
        await inState(page, 'begun', 20000);
        const step = page.locator('#step-begun');
        assert.match(await step.innerText(), /with the update Acme Lamp 2\.1\.0\.[^]*begun to end protected/);
        assert.deepEqual(await step.getByRole('button').allInnerTexts(), ['It is that device: go on with its job']);
        await step.getByRole('button').click();
        await inState(page, 'plan', 20000);
    });
});
