// @ts-check
// A job that was begun from a link and not finished: what this browser kept brings it to its end, whatever became of
// network and release.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertProven, assertRefused, begin, doAsTold, openLink, openMaker, sayYes, spoilKept, toPlan, untilReady,
    untilWriting } from './link-support.mjs';
import { Release } from './release-server.mjs';
import { LIMIT, answerToPlan, inState, openBrowser, picture, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

const JOURNAL = '/web/journal.js';

/** @param {Page} page @param {string} selector */
const textOf = (page, selector) => page.locator(selector).innerText();

/** @param {Page} page goes on with it, where it is asked once more too */
async function goOn(page) {
    await inState(page, 'resume', 20000);
    assert.match(await textOf(page, '#resume'), /Your device is empty now, that is expected/);
    await press(page, 'Go on');
    await page.locator('body[data-state="work"], body[data-state="plan"]').waitFor();
    if (await page.getAttribute('body', 'data-state') === 'plan') {
        await page.locator('#boot0-held').check({ timeout: 1000 }).catch(() => {});
        await page.locator('#step-plan button').first().click();
    }
}

describe('a job that was begun from a link', () => {
    it('goes on after a reload, although the release was withdrawn meanwhile', LIMIT, async (test) => {
        const { page, device, host, release } = await begin(browser, test);
        release.channelChanges = { edition: 2, current: 8, withdrawn: [7] };
        host.publish(release);
        await page.reload();
        await inState(page, 'resume');
        assert.match(await textOf(page, '#resume'), /Acme Lamp, version 2\.1\.0[^]*withdrawn/);
        await picture(page, '13-link-resume');
        await goOn(page);
        await doAsTold(page, device);
        await assertProven(page, device);
        await press(page, 'Start again');
        await assertRefused(page, 'RELEASE_WITHDRAWN', /Acme Service Desk/);
    });

    it('goes on without a network', LIMIT, async (test) => {
        const { host } = await openMaker(test, { isOffline: true });
        const { page, bus } = await openLink(browser, test, host.link());
        page.on('dialog', (dialog) => void dialog.accept());
        const device = bus.plugIn('stm32f405');
        await untilReady(page);
        await page.getByText('Everything is on this computer now').waitFor();
        await toPlan(page);
        await sayYes(page);
        await untilWriting(device);
        host.isDown = true;
        await page.reload();
        await goOn(page);
        await doAsTold(page, device);
        await assertProven(page, device);
    });
});

describe('jobs that were begun', () => {
    it('are all listed, the newest first', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.link());
        await untilReady(page);
        await page.evaluate(async (module) => {
            const { browserStore } = await import(module);
            const job = { name: 'old.hex', file: new Uint8Array(4), address: null, endProtected: true, wayBack: 'boot0', family: '' };
            await browserStore.put({ key: 'AAAAAAAAAAAA', line: 'x', phase: 'empty', savedAt: 1, job });
            await browserStore.put({ key: 'BBBBBBBBBBBB', line: 'x', phase: 'erasing', savedAt: 2, job: { ...job, name: 'new.hex' } });
        }, '/web/journal.js');
        await page.reload();
        await inState(page, 'resume');
        assert.match(await textOf(page, '#resume'), /new\.hex[^]*Other jobs[^]*old\.hex/);
        assert.equal(await page.getByRole('button', { name: /^Go on/ }).count(), 2);
        await picture(page, '13-link-resume-two');
        await press(page, 'Do something else');
        await untilReady(page);
    });
});

describe('a finished device', () => {
    it('is only looked at again, from the same link', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        await toPlan(page);
        await sayYes(page);
        await doAsTold(page, device);
        await press(page, 'Start again');
        await untilReady(page);
        await press(page, 'Connect the device');
        await inState(page, 'look-again');
        await press(page, 'Only look again');
        await inState(page, 'ending');
        await assertProven(page, device);
    });
});

describe('what was kept of a job', () => {
    it('is not used if it was changed', LIMIT, async (test) => {
        const { page, device, changes } = await begin(browser, test);
        await page.reload();
        await inState(page, 'resume');
        await spoilKept(page);
        await page.reload();
        await inState(page, 'resume');
        changes.length = 0;
        await press(page, 'Go on');
        await page.locator('#step-damaged-job [data-error="RELEASE_FILE_CHANGED"]').waitFor();
        await picture(page, '13-link-damaged');
        assert.deepEqual(changes, []);
        assert.equal(device.truth().regressions, 1);
    });

    it('of a firmware file is as it was before there were releases', LIMIT, async (test) => {
        const { host } = await openMaker(test, { site: { files: true } });
        const { page, bus } = await openLink(browser, test, host.url);
        page.on('dialog', (dialog) => void dialog.accept());
        const device = bus.plugIn('stm32f405');
        await press(page, 'Connect a device');
        await answerToPlan(page);
        await sayYes(page);
        await untilWriting(device);
        await page.reload();
        await inState(page, 'resume');
        assert.deepEqual(await page.evaluate(async (module) => {
            const [{ job }] = await (await import(module)).browserStore.all();
            return Object.keys(job).sort();
        }, JOURNAL), ['address', 'endProtected', 'family', 'file', 'name', 'wayBack']);
        await goOn(page);
        await doAsTold(page, device);
        await assertProven(page, device);
    });
});

describe('a newer release for a device in the middle of an older one', () => {
    it('can be written instead', LIMIT, async (test) => {
        const { page, device, host, keys } = await begin(browser, test);
        host.publish(new Release({ keys, document: { sequence: 8, version: '2.2.0' } }));
        await page.reload();
        await inState(page, 'resume');
        await press(page, 'Do something else');
        await untilReady(page);
        assert.match(await textOf(page, '#link'), /2\.2\.0/);
        await press(page, 'Connect the device');
        await inState(page, 'begun');
        await picture(page, '13-link-begun');
        await press(page, 'No: write the update of this link instead');
        await inState(page, 'plan');
        await page.locator('#boot0-held').check();
        await page.locator('#step-plan button').first().click();
        await doAsTold(page, device);
        await assertProven(page, device);
    });
});
