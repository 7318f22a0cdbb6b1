// @ts-check
// The first visit of a link, in each language: it is light, and nothing that it leaves for later is missing later.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { VISIT_LIMITS } from '../../scripts/lib/visit-limits.mjs';
import { LANGUAGES } from '../../web/texts/languages.js';
import { openLink, openMaker, pause, untilReady } from './link-support.mjs';
import { LIMIT, inState, openBrowser, shown, textsOf } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** Notes what was loaded when the release was shown. Runs in the page. */
function noteFirst() {
    addEventListener('DOMContentLoaded', () => {
        new MutationObserver((_, observer) => {
            if (document.body.dataset.state === 'link') {
                observer.disconnect();
                Object.assign(globalThis, { first: performance.getEntriesByType('resource').map(({ name }) => name) });
            }
        }).observe(document.body, { attributes: true });
    });
}

/** @param {string} folder of the site @param {string[]} paths @returns {number} as a good host sends them */
const packed = (folder, paths) => [...new Set(paths)].filter((path) => !path.startsWith('releases/') && path !== 'sw.js')
    .reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path || 'index.html'))).length, 0);

/** @param {Page} page @param {string} tag waits until everything is on this computer, and that is said */
async function untilKept(page, tag) {
    await page.locator('#link-status', { hasText: shown((await textsOf(tag, 'link'))['link.ready.offline']) }).waitFor();
}

/** A first visit of a whole site. @param {import('./support.mjs').Test} test @param {string} tag */
async function visit(test, tag) {
    const { host } = await openMaker(test, { isOffline: true });
    const opened = await openLink(browser, test, 'about:blank');
    /** @type {string[]} the page's own; what the service worker gets to keep comes later, and is not counted */
    const asked = [];
    opened.page.on('request', (request) => {
        if (request.url().startsWith(host.url)) {
            asked.push(new URL(request.url()).pathname.slice(1));
        }
    });
    await opened.page.addInitScript(noteFirst);
    await opened.page.goto(host.link(`release=acme-lamp&lang=${tag}`));
    await untilReady(opened.page);
    await untilKept(opened.page, tag);
    const first = (await opened.page.evaluate(() => /** @type {any} */ (globalThis).first))
        .map((/** @type {string} */ name) => new URL(name).pathname.slice(1));
    return { ...opened, host, asked, first };
}

/** @param {Page} page @param {string} path @returns {Promise<boolean>} whether it is kept on this computer */
const isKept = (page, path) =>
    page.evaluate(async (file) => Boolean(await caches.match(new URL(file, location.href))), path);

describe('a first visit', () => {
    for (const { tag } of LANGUAGES) {
        it(`is light in ${tag}, and all that it left is here without a network`, LIMIT, async (test) => {
            const { host, page, bus, asked, first, problemsNow } = await visit(test, tag);
            assert.ok(first.includes('documents.wasm') && !first.includes('relock.wasm'));
            assert.ok(asked.includes('relock.wasm'));
            const [interactive, whole] = [packed(host.folder, ['', ...first]), packed(host.folder, asked)];
            assert.ok(interactive <= VISIT_LIMITS.interactive, `${interactive} bytes until the button can be pressed`);
            assert.ok(whole <= VISIT_LIMITS.whole, `${whole} bytes in all`);
            assert.deepEqual(asked.filter((path) => /sim|demo|general|file-steps|tree|report-view/.test(path)), []);
            assert.deepEqual(asked.filter((path) => /texts\/.*\//.test(path)),
                ['link', 'help'].map((part) => `web/texts/${tag}/${part}.js`));
            for (const part of ['work', 'errors', 'report', 'tree']) {
                assert.ok(await isKept(page, `web/texts/${tag}/${part}.js`), part);
            }
            host.isDown = true;
            bus.knobs.chooser = 'refuse';
            await page.click('#link-connect');
            const box = page.locator('#link-problem [data-error="NO_DEVICE"]');
            await box.waitFor();
            const errors = await textsOf(tag, 'errors');
            assert.ok((await box.innerText()).includes(shown(errors['help.enterDfu'])));
            await page.locator('#link-help > details > summary').last().click();
            await page.getByText(shown((await textsOf(tag, 'tree'))['help.tree.cable.ask'])).waitFor();
            assert.deepEqual(problemsNow(), []);
        });
    }

    it('keeps the language that is changed to, before it says again that all is here', LIMIT, async (test) => {
        const { host, page } = await visit(test, 'en');
        assert.equal(await isKept(page, 'web/texts/ja/errors.js'), false);
        await page.selectOption('#language', 'ja');
        await untilKept(page, 'ja');
        assert.equal(await isKept(page, 'web/texts/ja/errors.js'), true);
        host.isDown = true;
        await page.reload();
        await untilReady(page);
        assert.equal(await page.getAttribute('html', 'lang'), 'ja');
    });
});

describe('a page that could not be kept', () => {
    it('has got the words of errors before one is met', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link('release=acme-lamp&lang=de'));
        await untilReady(page);
        await page.waitForLoadState('networkidle');
        assert.ok(host.asked.includes('web/texts/de/errors.js'));
        host.isDown = true;
        bus.knobs.chooser = 'refuse';
        await page.click('#link-connect');
        await page.getByText((await textsOf('de', 'errors'))['error.NO_DEVICE']).waitFor();
    });

    it('begins nothing as long as it could not say what goes wrong, and does once it can', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus, changes } = await openLink(browser, test, 'about:blank');
        const device = bus.plugIn('stm32f405');
        await page.route('**/errors.js', (route) => route.abort());
        await page.goto(host.link('release=acme-lamp&lang=de'));
        await untilReady(page);
        const { transfers } = device.truth();
        await page.click('#link-connect');
        await page.locator('#link-problem').getByText((await textsOf('de', 'link'))['page.broken']).waitFor();
        await pause(300);
        assert.equal(device.truth().transfers, transfers);
        assert.equal(await page.getAttribute('body', 'data-state'), 'link');
        await page.unroute('**/errors.js');
        await page.click('#link-connect');
        await inState(page, 'plan');
        assert.deepEqual(changes, []);
    });
});
