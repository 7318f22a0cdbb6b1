// @ts-check
// What the browser tests share: one Chromium, one server, pages with or without a fake navigator.usb.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../../scripts/serve.mjs';
import { FakeBus } from '../support/fake-bus.mjs';
import { SITE, wasm } from '../web/support.mjs';

const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const AXE = readFileSync(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const FAKE_USB = fileURLToPath(new URL('../support/fake-usb-page.js', import.meta.url));
export const FIRMWARE = fileURLToPath(new URL('../firmware/blinky-small.hex', import.meta.url));
export const SCREENSHOTS = fileURLToPath(new URL('../../build/screenshots', import.meta.url));
export const WIDTHS = [390, 1280];
const NARROWEST = 320;
export const CONFIRM = 'Erase everything, write and protect';
export const FLASH_IN_WORK = 2048; // the first block goes last, so this one is the first that changes
const CLOSE_MS = 5000;
const SCHEMES = /** @type {const} */ (['light', 'dark']);

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{after: (clean: () => unknown) => void}} Test what a test is handed, or whatever cleans up after it */

/** Each browser test gets this: a hanging page fails its test and nothing else. */
export const LIMIT = { timeout: 60000 };

/** @param {number} ms @returns {Promise<void>} */
export const pause = (ms) => new Promise((resolve) => {
    setTimeout(resolve, ms);
});

/** @param {string} text as a text of the page is written @returns {string} as it is shown, in French too */
export const shown = (text) => text.replaceAll(/ (?=[:;?!\u00bb])|(?<=\u00ab) /g, '\u00a0');

/**
 * @param {string} tag of a language @param {string} part
 * @returns {Promise<Record<string, string>>} texts as they are served: English has the core's sentences, too
 */
export const textsOf = async (tag, part) =>
    (await import(pathToFileURL(`${SITE}/web/texts/${tag}/${part}.js`).href)).TEXTS;

/** One browser and one server for a test file. */
export async function openBrowser() {
    const executablePath = BROWSERS.find((path) => existsSync(path));
    assert.ok(executablePath, 'Debian\'s chromium is not installed');
    mkdirSync(SCREENSHOTS, { recursive: true });
    const server = await serve({ folder: SITE });
    const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
    return {
        browser,
        url: `http://localhost:${server.port}/`,
        close: async () => {
            // A browser that does not answer any more must not hold up the tests.
            await Promise.race([browser.close(), new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
            await server.close();
        },
    };
}

/** @typedef {Awaited<ReturnType<typeof openBrowser>>} Browser */

/**
 * A page in a context of its own; what goes wrong in its scripts fails the test that asks for `problems`.
 * @param {Browser} browser
 * @param {Test} test closes it at its end, however it ends
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function openPage({ browser, url }, test, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    test.after(() => context.close());
    const page = await context.newPage();
    /** @type {string[]} */
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    return { context, page, problems, url };
}

/**
 * A page whose navigator.usb is a fake over simulated devices.
 * @param {Browser} browser @param {Test} test @param {string} [url] another place than the built page's
 */
export async function openUsbPage(browser, test, url = browser.url) {
    const bus = new FakeBus(wasm('sim'));
    const opened = await openPage(browser, test);
    test.after(() => bus.close());
    await opened.context.exposeBinding('relockBus', (_, method, args) => bus.call(method, args));
    await opened.context.addInitScript({ path: FAKE_USB });
    await opened.page.goto(url);
    return { ...opened, bus };
}

/** @param {Page} page @param {string} name @param {number} [timeout] waits until the page is in that state */
export async function inState(page, name, timeout) {
    await page.locator(`body[data-state="${name}"]`).waitFor({ timeout });
}

/** @param {Page} page @param {string} name clicks the button of that name */
export async function press(page, name) {
    await page.getByRole('button', { name, exact: true }).click();
}

/** @param {Page} page @param {string} selector presses Tab until it has the focus */
export async function tabTo(page, selector) {
    for (let count = 0; count < 60; count += 1) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
            return;
        }
        await page.keyboard.press('Tab');
    }
    assert.fail(`the keyboard does not reach ${selector}`);
}

/**
 * Takes the page from the device's card to the plan.
 * @param {Page} page
 * @param {{end?: string, way?: string, family?: string}} [choices]
 * @param {string} [next] the state that the page is in then
 */
export async function answerToPlan(page, { end = 'protected', way = 'boot0', family } = {}, next = 'plan') {
    await inState(page, 'file');
    await page.setInputFiles('#file', FIRMWARE);
    await press(page, 'Use this file');
    await inState(page, 'wishes');
    if (family) {
        await page.check(`#family-${family}`);
    }
    await page.check(`#end-${end}`);
    await page.check(`#way-${way}`);
    await press(page, 'Show me the plan');
    await inState(page, next);
}

/** @param {Page} page @param {string[]} [only] these rules; fails if axe-core finds anything */
export async function assertAccessible(page, only) {
    if (!await page.evaluate(() => 'axe' in globalThis)) {
        await page.evaluate(AXE);
    }
    // The one rule of WCAG 2.2 AA itself is off unless it is asked for.
    const results = await page.evaluate((values) => /** @type {any} */ (globalThis).axe.run(document, {
        resultTypes: ['violations'], ...values ? { runOnly: { type: 'rule', values } }
            : { rules: { 'target-size': { enabled: true } } } }), only);
    assert.deepEqual(results.violations.map((/** @type {any} */ violation) =>
        `${violation.id}: ${violation.nodes.map((/** @type {any} */ node) => node.html.slice(0, 120)).join(' | ')}`), []);
}

/** @param {Page} page @returns {Promise<number>} by how many pixels it is wider than the window */
export async function overflow(page) {
    return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/**
 * Pictures in both widths and both schemes; the page must fit in all of them.
 * @param {Page} page @param {string} name
 * @param {(scheme: 'light' | 'dark') => Promise<void>} [look] at the page in each scheme
 */
export async function snap(page, name, look = async () => {}) {
    await page.setViewportSize({ width: NARROWEST, height: 900 });
    assert.ok(await overflow(page) <= 0, `${name} overflows at ${NARROWEST} pixels`);
    for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
            assert.ok(await overflow(page) <= 0, `${name} overflows at ${width} pixels`);
            await page.screenshot({ path: `${SCREENSHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
        }
        await look(colorScheme);
    }
}

/** @param {Page} page @param {string} name pictures, and the page must be accessible; dark differs in colours only */
export const picture = (page, name) => snap(page, name, (scheme) =>
    assertAccessible(page, scheme === 'dark' ? ['color-contrast'] : undefined));

/** @param {Page} page @returns {Promise<any[]>} what the journal holds */
export const journalOf = (page) => page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open('relock');
    request.onsuccess = () => {
        const { result: database } = request;
        if (!database.objectStoreNames.contains('journal')) {
            database.close();
            resolve([]);
            return;
        }
        const all = database.transaction('journal').objectStore('journal').getAll();
        all.onsuccess = () => {
            database.close();
            resolve(all.result.map(({ key, phase, job, kept = [] }) => ({ key, phase,
                ...(kept.length > 0 ? { rest: kept.length } : {}),
                job: job && { name: job.name, ticket: job.ticket, images: job.images?.length } })));
        };
    };
}));

/** @param {Page} page @returns {Promise<boolean>} whether it is kept on this computer now, in German too */
export const keepPage = (page) => page.evaluate(async () => {
    const module = new URL('web/browser/offline.js', document.baseURI).href;
    return (await import(module)).keepPage('de');
});
