// @ts-check
// What somebody agrees to is said before: how the device ends, what is sealed into it, and which command does the same.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openLink, openMaker, toPlan } from './link-support.mjs';
import { Release, makeKey, openSite } from './release-server.mjs';
import { LIMIT, inState, openBrowser, openPage, picture, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @returns {Promise<string>} */
const plan = (page) => page.locator('#step-plan').innerText();

/**
 * @param {import('./support.mjs').Test} test @param {object} document of the release
 * @returns {Promise<Page>} at its plan
 */
async function planOf(test, document) {
    const { host } = await openMaker(test, { document });
    const { page, bus } = await openLink(browser, test, host.link());
    bus.plugIn('stm32f405');
    await toPlan(page);
    return page;
}

describe('the plan of a link', () => {
    it('names the option bytes that are sealed, and that the device ends protected', LIMIT, async (test) => {
        const page = await planOf(test, { options: [{ field: 'BOR_LEV', value: 2 }, { field: 'nRST_STOP', value: 0 }] });
        assert.match(await plan(page), /Afterwards\s+the device is protected against reading/);
        assert.match(await plan(page), /Set together with the protection\s+BOR_LEV = 0x02, nRST_STOP = 0/);
        await picture(page, '15-plan-options');
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.match(await plan(page), /BOR_LEV = 0x02/, 'it stays there to be read');
    });

    it('says that the device ends open', LIMIT, async (test) => {
        const page = await planOf(test, { end: 'open' });
        assert.match(await plan(page), /Afterwards\s+the device is not protected against reading/);
        assert.doesNotMatch(await plan(page), /Set together/);
    });
});

/**
 * @param {import('./support.mjs').Test} test
 * @param {{keys: any[], signers: any[], fragment?: string, site?: object}} options
 * @returns {Promise<string>} the command that a browser without WebUSB is told, after the release's address
 */
async function commandOf(test, { keys, signers, fragment = '', site }) {
    const host = await openSite(test, { keys, site });
    host.publish(new Release({ keys: signers }));
    const { page, context } = await openPage(browser, test);
    await context.addInitScript(() => {
        Reflect.deleteProperty(Navigator.prototype, 'usb');
    });
    await page.goto(host.link('release=acme-lamp', fragment));
    const text = await page.locator('#no-usb-command code').innerText();
    const place = `relock update --release ${host.url}releases/acme-lamp/ `;
    assert.ok(text.startsWith(place), text);
    return text.slice(place.length);
}

describe('the command line that does the same', () => {
    it('trusts the key that signed, and means the device of the link', LIMIT, async (test) => {
        const keys = [makeKey(), makeKey()];
        assert.equal(await commandOf(test, { keys, signers: [keys[1]], fragment: 'serial=3B5F6A2C1D0E' }),
            `--key ${keys[1].public} --serial 3B5F6A2C1D0E`);
    });

    it('says that nothing is checked where the release is not signed', LIMIT, async (test) => {
        assert.equal(await commandOf(test, { keys: [], signers: [] }), '--unsigned');
    });
});
