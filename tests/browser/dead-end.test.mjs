// @ts-check
// Where a link, or a site, ends: the way on where there is one, and no focus that jumps.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertRefused, openLink, openMaker, untilReady } from './link-support.mjs';
import { Release } from './release-server.mjs';
import { LIMIT, inState, openBrowser, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

describe('a dead end that may be none in a moment', () => {
    it('lets one try again when the site could not be loaded', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        host.answers.set('site.json', (_, response) => response.writeHead(503).end());
        const { page } = await openLink(browser, test, host.link());
        await inState(page, 'site-refused');
        host.answers.delete('site.json');
        await press(page, 'Try again');
        await untilReady(page);
    });

    it('lets one try again after what a publication can look like', LIMIT, async (test) => {
        const { host, release, keys } = await openMaker(test);
        host.spoil('acme-lamp/release.json', (bytes) => Buffer.concat([bytes, Buffer.from('\n')]));
        const { page } = await openLink(browser, test, host.link());
        await assertRefused(page, 'SIGNATURE_WRONG', /Acme Service Desk/);
        release.channelChanges = { current: 8 };
        host.publish(release);
        await press(page, 'Try again');
        await assertRefused(page, 'RELEASE_NOT_CURRENT', /Acme Service Desk/);
        host.publish(new Release({ keys, document: { sequence: 8 } }));
        await press(page, 'Try again');
        await untilReady(page);
    });
});

describe('the focus at a dead end', () => {
    it('is on the heading at first, and stays on the menu when another language is chosen', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        for (const [link, state] of [[host.link('release=nothing'), 'link-refused'], [host.url, 'no-link']]) {
            const { page } = await openLink(browser, test, link);
            await inState(page, state);
            const focused = () => page.evaluate(() => document.activeElement?.id);
            assert.equal(await focused(), 'link-title', state);
            const english = await page.locator('#link-title').innerText();
            await page.locator('#language').focus();
            await page.locator('#language').selectOption('de');
            await page.locator('html[lang="de"]').waitFor();
            assert.notEqual(await page.locator('#link-title').innerText(), english);
            assert.equal(await focused(), 'language', state);
        }
    });
});
