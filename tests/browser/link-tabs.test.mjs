// @ts-check
// One job at a time: a link that is still loading, a language that comes late, and a second tab do not get into it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { assertProven, begin, doAsTold, journalOf, openLink, openMaker, pause, toPlan, untilReady } from './link-support.mjs';
import { Release, sha256 } from './release-server.mjs';
import { FIRMWARE, LIMIT, assertAccessible, inState, openBrowser, picture, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

const LARGE = FIRMWARE.replace('small', 'large');
const SETTLE_MS = 1000; // for what must not happen

/** A release that differs in its firmware too. @param {import('./release-server.mjs').Key[]} keys */
function newerRelease(keys) {
    const firmware = readFileSync(LARGE);
    const release = new Release({ keys, document: { sequence: 8, version: '2.2.0',
        images: [{ file: 'new.hex', size: firmware.length, sha256: sha256(firmware) }] } });
    release.files = new Map([['new.hex', /** @type {Uint8Array} */ (firmware)]]);
    return release;
}

/** @returns {{done: Promise<void>, finish: () => void}} */
function promised() {
    let finish = () => {};
    /** @type {Promise<void>} */
    const done = new Promise((resolve) => {
        finish = resolve;
    });
    return { done, finish };
}

/**
 * Lets a file wait.
 * @param {import('./release-server.mjs').ReleaseSite} host @param {string} path
 * @returns {{isAsked: Promise<void>, letGo: () => void}}
 */
function hold(host, path) {
    const [asked, free] = [promised(), promised()];
    host.answers.set(path, async (_, response) => {
        asked.finish();
        await free.done;
        const type = path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream';
        response.writeHead(200, { 'Content-Type': type }).end(readFileSync(`${host.folder}/${path}`));
    });
    return { isAsked: asked.done, letGo: free.finish };
}

/** @param {Page} page goes on where it is asked about the plan once more */
async function answerAgain(page) {
    await page.locator('body[data-state="work"], body[data-state="plan"]').waitFor();
    if (await page.getAttribute('body', 'data-state') === 'plan') {
        await page.locator('#boot0-held').check({ timeout: 1000 }).catch(() => {});
        await page.locator('#step-plan button').first().click();
    }
}

/** @param {Page} page @returns {Promise<string>} */
const language = (page) => page.evaluate(() => document.documentElement.lang);

/** A job that was interrupted, and a newer release whose download waits. @param {import('./support.mjs').Test} test */
async function beginAndPublish(test) {
    const begun = await begin(browser, test);
    await begun.page.reload();
    await inState(begun.page, 'resume');
    await begun.page.locator('#go-on:not([disabled])').waitFor();
    begun.host.publish(newerRelease(begun.keys));
    return { ...begun, download: hold(begun.host, 'releases/acme-lamp/new.hex') };
}

describe('a link that is still loading', () => {
    it('is not left for the job that was put aside, by a change of language', LIMIT, async (test) => {
        const { page, download } = await beginAndPublish(test);
        await press(page, 'Do something else');
        await download.isAsked;
        await page.selectOption('#language', 'de');
        await page.locator('html[lang="de"]').waitFor();
        await pause(SETTLE_MS);
        assert.ok(await page.locator('#resume').isHidden());
        download.letGo();
        await untilReady(page);
    });

    it('does not get into a job that has begun meanwhile', LIMIT, async (test) => {
        const { page, device, download, problemsNow } = await beginAndPublish(test);
        device.unplug();
        await pause(300); // the browser notices late that it has left
        await press(page, 'Go on'); // the browser's chooser is open, with nothing to choose
        await press(page, 'Do something else');
        await download.isAsked;
        device.boot0 = true;
        device.plug();
        await page.locator('#work:not([hidden])').waitFor();
        download.letGo();
        await answerAgain(page);
        await pause(SETTLE_MS);
        assert.ok(await page.locator('#link').isHidden());
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.match(await page.locator('#work-title').innerText(), /Going on|Go on/i);
        assert.equal(await page.locator('[data-error]').count(), 0);
        assert.deepEqual(problemsNow(), []);
    });

    it('waits with its own firmware until the chooser of another job is closed', LIMIT, async (test) => {
        const { page, device, bus, download } = await beginAndPublish(test);
        device.unplug();
        await pause(300);
        await press(page, 'Go on');
        await press(page, 'Do something else');
        await download.isAsked;
        download.letGo();
        await inState(page, 'link');
        await pause(SETTLE_MS);
        assert.equal(await page.locator('#link[data-is-ready]').count(), 0);
        bus.knobs.chooser = 'refuse';
        await untilReady(page);
    });
});

describe('the engine', () => {
    it('gets all of a job at once, and begins with it', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        bus.plugIn('stm32f405');
        await untilReady(page);
        await page.evaluate(async (module) => {
            const { prototype } = (await import(module)).RelockEngine;
            /** @type {string[]} */
            const calls = [];
            Object.assign(globalThis, { calls });
            for (const name of ['loadRelease', 'loadFiles', 'begin']) {
                const real = prototype[name];
                prototype[name] = function noted(/** @type {any[]} */ ...args) {
                    calls.push(name);
                    queueMicrotask(() => calls.push('turn'));
                    return real.apply(this, args);
                };
            }
        }, '/wasm-glue/relock.js');
        await press(page, 'Connect the device');
        await inState(page, 'plan');
        const calls = await page.evaluate(() => /** @type {any} */ (globalThis).calls);
        assert.match(calls.join(' '), /loadRelease loadFiles begin turn turn turn$/);
    });
});

/** @param {import('./support.mjs').Test} test two tabs that show the same job */
async function twoTabs(test) {
    const begun = await begin(browser, test);
    await begun.page.reload();
    await inState(begun.page, 'resume');
    const second = await begun.context.newPage();
    second.on('dialog', (dialog) => void dialog.accept());
    await second.goto(begun.host.link());
    await inState(second, 'resume');
    return { ...begun, second };
}

describe('a second tab', () => {
    it('neither does again nor forgets what was finished in the first one', LIMIT, async (test) => {
        const { page, second, device, changes } = await twoTabs(test);
        await press(page, 'Go on');
        await answerAgain(page);
        await doAsTold(page, device);
        await assertProven(page, device);
        const kept = await journalOf(second);
        changes.length = 0;
        for (const deed of ['Go on', 'Forget this job']) {
            await second.locator('#resume-problem').evaluate((problem) => problem.replaceChildren());
            await press(second, deed);
            await second.locator('#resume-problem [data-error="JOB_CHANGED"]').waitFor();
        }
        await picture(second, '14-job-changed');
        assert.deepEqual([changes, await journalOf(second)], [[], kept]);
        assert.equal(kept[0].phase, 'proven');
        await press(second, 'Back to the start');
        await untilReady(second);
    });

    it('does not forget what the first one is doing', LIMIT, async (test) => {
        const { page, second, device } = await twoTabs(test);
        await press(page, 'Go on');
        await answerAgain(page);
        await press(second, 'Forget this job');
        await second.locator('#resume-problem [data-error="WORK_IN_ANOTHER_TAB"]').waitFor();
        await assertAccessible(second);
        assert.equal((await journalOf(second)).length, 1);
        await doAsTold(page, device);
        await assertProven(page, device);
    });

    it('still forgets what nobody does', LIMIT, async (test) => {
        const { page, second } = await twoTabs(test);
        await page.close();
        await press(second, 'Forget this job');
        await untilReady(second);
        assert.deepEqual(await journalOf(second), []);
    });
});

describe('a tab that is opened during the work', () => {
    it('does not call it interrupted', LIMIT, async (test) => {
        const { page, context, host, device } = await begin(browser, test);
        const second = await context.newPage();
        await second.goto(host.link());
        await inState(second, 'elsewhere');
        assert.match(await second.locator('#resume').innerText(), /Another tab of this page is at work/);
        assert.doesNotMatch(await second.locator('#resume').innerText(), /interrupted|empty now/);
        assert.equal(await second.locator('#go-on').count(), 0);
        await picture(second, '14-elsewhere');
        await doAsTold(page, device);
        await assertProven(page, device);
        await press(second, 'Try again');
        await untilReady(second);
    });
});

describe('a language that comes late', () => {
    it('does not draw the first screen over the work', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        bus.plugIn('stm32f405');
        await untilReady(page);
        const texts = hold(host, 'web/texts/de/link.js');
        await page.selectOption('#language', 'de');
        await texts.isAsked;
        await toPlan(page);
        const answer = page.waitForResponse('**/web/texts/de/link.js');
        texts.letGo();
        await answer;
        await pause(SETTLE_MS);
        assert.ok(await page.locator('#link').isHidden());
        assert.equal(await page.getAttribute('body', 'data-state'), 'plan');
        assert.equal(await language(page), 'en');
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.match(await page.locator('#step-ending').innerText(), /Not done/);
    });

    it('does not hide why no device could be chosen', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        await untilReady(page);
        await press(page, 'Connect the device');
        await page.selectOption('#language', 'de');
        await page.getByRole('button', { name: 'Gerät verbinden' }).waitFor();
        bus.knobs.chooser = 'refuse';
        await page.locator('#link-problem [data-error]').waitFor();
    });
});
