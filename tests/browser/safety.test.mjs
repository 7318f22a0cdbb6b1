// @ts-check
// What must not happen: another file, another device, a lost memory, foreign code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { FIRMWARE, LIMIT, answerToPlan, inState, openBrowser, openPage, openUsbPage, picture, press } from './support.mjs';

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:;"
    + " connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none';"
    + " require-trusted-types-for 'script'; trusted-types relock";

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

const MODULE = '/web/journal.js';

/** @param {Page} page @param {object} entry kept as if by an earlier visit */
const keep = (page, entry) => page.evaluate(async ([module, kept]) => (await import(module)).browserStore.put(kept),
    /** @type {const} */ ([MODULE, entry]));

/** @param {Page} page @returns {Promise<{key: string, name: string | undefined}[]>} */
const kept = (page) => page.evaluate(async (module) => (await (await import(module)).browserStore.all())
    .map((/** @type {any} */ { key, job }) => ({ key, name: job?.name })), MODULE);

/** @param {Page} page starts an update and leaves it in the middle */
async function interrupt(page) {
    await press(page, 'Connect a device');
    await answerToPlan(page);
    await press(page, 'Erase everything, write and protect');
    // Each of these lasts for a moment only; which of them is seen does not matter.
    const atWork = /Removing the protection;|Checking what is blank|Writing the firmware/;
    await page.getByText(atWork).first().waitFor({ timeout: 30000 });
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await inState(page, 'resume');
}

describe('another file', () => {
    it('that is read too late is dropped', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        bus.plugIn('stm32f405');
        await press(page, 'Connect a device');
        await inState(page, 'file');
        await page.evaluate(() => {
            const real = Blob.prototype.arrayBuffer;
            Blob.prototype.arrayBuffer = async function arrayBuffer() {
                if (/** @type {any} */ (this).name === 'slow.hex') {
                    await new Promise((resolve) => Object.assign(globalThis, { readNow: resolve }));
                }
                return real.call(this);
            };
        });
        const slow = { name: 'slow.hex', mimeType: '', buffer: readFileSync(FIRMWARE.replace('small', 'large')) };
        await page.setInputFiles('#file', slow);
        await page.setInputFiles('#file', FIRMWARE);
        await page.getByRole('button', { name: 'Use this file' }).waitFor();
        await page.evaluate(() => /** @type {any} */ (globalThis).readNow());
        await page.waitForTimeout(200);
        assert.match(await page.locator('#step-file').innerText(), /blinky-small\.hex/);
        await page.setInputFiles('#file', slow);
        assert.equal(await page.getByRole('button', { name: 'Use this file' }).count(), 0);
    });
});

describe('another device', () => {
    it('does not go on with the job of the first', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        const first = bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        await interrupt(page);
        first.unplug();
        const second = bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        await page.waitForTimeout(300); // the browser notices late that the first one has left
        await press(page, 'Go on');
        await inState(page, 'other-device');
        assert.match(await page.locator('#step-device').innerText(), /BBBBBBBBBBBB/);
        await picture(page, '8-other-device');
        assert.equal(second.truth().regressions, 0);
        assert.deepEqual((await kept(page)).map(({ key }) => key), ['AAAAAAAAAAAA']);
        await press(page, 'Back to the start');
        await inState(page, 'resume');
    });

    it('does not take the first one\'s place before the plan', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        const first = bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        await press(page, 'Connect a device');
        await inState(page, 'file');
        first.unplug();
        const second = bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        bus.plugged[1].isGranted = true;
        await answerToPlan(page, {}, 'ending');
        assert.ok(await page.locator('#step-other-device').isVisible());
        assert.equal(second.truth().regressions, 0);
        assert.deepEqual(await kept(page), []);
    });

    it('with a shared serial number is asked about, and the old job is forgotten', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        const first = bus.plugIn('stm32f072', { boot0: true });
        await press(page, 'Connect a device');
        await answerToPlan(page);
        await press(page, 'Erase everything, write and protect');
        await inState(page, 'work');
        await page.waitForTimeout(500);
        page.on('dialog', (dialog) => void dialog.accept());
        await page.reload();
        await inState(page, 'resume');
        assert.match(await page.locator('#resume-title').innerText(), /may be empty now/);
        first.unplug();
        bus.plugIn('stm32f072', { boot0: true });
        await press(page, 'Do something else');
        await press(page, 'Connect a device');
        await inState(page, 'begun');
        await picture(page, '2-begun');
        await press(page, 'It is another one: forget the old job');
        await inState(page, 'file');
        assert.match(await page.locator('#step-begun').innerText(), /The old job is forgotten/);
        assert.deepEqual(await kept(page), []);
    });
});

describe('what is remembered', () => {
    const DAMAGED = { key: 'single', line: 'relock-journal-2 phase=x', phase: 'proven', savedAt: 1, job: null };

    it('is forgotten on demand when it is damaged', LIMIT, async (test) => {
        const { page, bus, problems } = await openUsbPage(browser, test);
        bus.plugIn('stm32f072');
        await keep(page, DAMAGED);
        await press(page, 'Connect a device');
        await page.locator('[data-error="JOURNAL_MALFORMED"]').waitFor();
        await picture(page, '2-damaged');
        await press(page, 'Forget this entry');
        await inState(page, 'file');
        assert.deepEqual(await kept(page), []);
        await page.evaluate(() => {
            navigator.storage.persist = async () => Object.assign(globalThis, { isAsked: true }).isAsked;
        });
        await answerToPlan(page);
        assert.ok(await page.evaluate(() => /** @type {any} */ (globalThis).isAsked));
        assert.deepEqual(problems, []);
    });

    it('stops the job while it cannot be read', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        bus.plugIn('stm32f072');
        await page.evaluate(() => {
            const real = IDBFactory.prototype.open;
            Object.assign(globalThis, { cure: () => Object.assign(IDBFactory.prototype, { open: real }) });
            IDBFactory.prototype.open = () => {
                throw new DOMException('broken', 'UnknownError');
            };
        });
        await press(page, 'Connect a device');
        await page.locator('#step-no-journal [data-error="JOURNAL_FAILED"]').waitFor();
        await page.evaluate(() => /** @type {any} */ (globalThis).cure());
        await press(page, 'Try again');
        await inState(page, 'file');
    });

});

describe('the database', () => {
    it('is read without a lock, and every connection is closed', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(url);
        await inState(page, 'start');
        const seen = await page.evaluate(async (module) => {
            const { browserStore } = await import(module);
            /** @type {(string | undefined)[]} */
            const calls = [];
            const { transaction, close } = IDBDatabase.prototype;
            IDBDatabase.prototype.transaction = function begin(/** @type {Parameters<typeof transaction>} */ ...args) {
                calls.push(args[1]);
                return transaction.apply(this, args);
            };
            IDBDatabase.prototype.close = function end() {
                calls.push('close');
                close.call(this);
            };
            await browserStore.all();
            await browserStore.get('x');
            await browserStore.put({ key: 'x', line: () => {} }).catch((/** @type {Error} */ error) => calls.push(error.name));
            return calls;
        }, MODULE);
        assert.deepEqual(seen, ['readonly', 'close', 'readonly', 'close', 'readwrite', 'close', 'DataCloneError']);
    });
});

describe('a page that cannot reach USB', () => {
    it('shows the job that was begun, but does not go on with it', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.addInitScript(() => {
            Reflect.deleteProperty(Navigator.prototype, 'usb');
        });
        await page.goto(url);
        await keep(page, { key: 'single', line: 'x', phase: 'empty', savedAt: 1, job: { name: 'a.hex', wayBack: 'boot0' } });
        await page.reload();
        await inState(page, 'resume');
        assert.ok(await page.locator('#go-on').isDisabled());
        assert.ok(await page.locator('#no-usb').isVisible());
    });

    it('asks for https where that is what is missing', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.route('http://relock.test/**', async (route) => {
            const { pathname } = new URL(route.request().url());
            await route.fulfill({ response: await route.fetch({ url: new URL(pathname, url).href }) });
        });
        await page.goto('http://relock.test/');
        await inState(page, 'start');
        assert.match(await page.locator('#insecure').innerText(), /https[^]*localhost[^]*relock update/);
        assert.ok(await page.locator('#no-usb').isHidden());
        assert.ok(await page.locator('#connect').isDisabled());
    });
});

describe('foreign code and foreign places', () => {
    it('are refused by the policy, word for word', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        let isReached = false;
        await page.route('http://127.0.0.1:9/**', async (route) => {
            isReached = true;
            await route.fulfill({ body: 'x', headers: { 'Access-Control-Allow-Origin': '*' } });
        });
        await page.goto(url);
        await inState(page, 'start');
        assert.equal(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content'), POLICY);
        const names = await page.evaluate(async () => {
            /** @param {() => unknown} action */
            const failure = async (action) => {
                try {
                    await action();
                    return 'none';
                } catch (error) {
                    return /** @type {Error} */ (error).name;
                }
            };
            const property = 'inner' + 'HTML';
            return [
                await failure(() => Reflect.set(document.body, property, '<b>x</b>')),
                await failure(() => fetch('http://127.0.0.1:9/x')),
                await failure(() => /** @type {any} */ (globalThis).trustedTypes.createPolicy('other', {})),
            ];
        });
        assert.deepEqual(names, ['TypeError', 'TypeError', 'TypeError']);
        assert.equal(isReached, false);
    });
});
