// @ts-check
// Help where it is needed: before anything is begun, at a device that does not show up, without WebUSB, at dead ends.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertRefused, openLink, openMaker, toPlan, untilReady } from './link-support.mjs';
import { LIMIT, assertAccessible, inState, openBrowser, openPage, openUsbPage, overflow, picture, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

/** A browser on another system. @param {import('playwright-core').BrowserContext} context @param {string} system */
const pretend = (context, system) => context.addInitScript((platform) => {
    Object.defineProperty(Navigator.prototype, 'userAgentData', { get: () => ({ platform }) });
}, system);

/** A browser without WebUSB. @param {import('playwright-core').BrowserContext} context */
const withoutUsb = (context) => context.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'usb');
});

/** @param {Page} page @returns {Promise<string | null>} the node of the tree that is shown */
const node = (page) => page.getAttribute('.tree', 'data-node');

/** @param {Page} page @param {string} key @param {RegExp} text moves the focus by keyboard until it is on that */
async function tabTo(page, key, text) {
    for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press(key);
        if (text.test(await page.evaluate(() => document.activeElement?.textContent ?? ''))) {
            return;
        }
    }
    assert.fail(`no way to ${text} by keyboard`);
}

describe('a device that does not show up', () => {
    it('is asked about one thing at a time, by keyboard, there and back', LIMIT, async (test) => {
        const { page, problems } = await openUsbPage(browser, test);
        await inState(page, 'start');
        await page.locator('#start-help summary', { hasText: 'The device does not show up' }).focus();
        await page.keyboard.press('Enter');
        assert.equal(await node(page), 'cable');
        await tabTo(page, 'Tab', /^Yes$/);
        await page.keyboard.press('Enter');
        assert.equal(await node(page), 'boot0');
        assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /BOOT0 held/, 'the question is read next');
        await tabTo(page, 'Tab', /^No$/);
        await page.keyboard.press('Enter');
        assert.equal(await node(page), 'boot0-do');
        await tabTo(page, 'Tab', /^Back$/);
        await page.keyboard.press('Enter');
        assert.equal(await node(page), 'boot0');
        assert.deepEqual(problems, []);
    });

    it('leads to the maker in the end, and can be read by all in each state', LIMIT, async (test) => {
        const { page } = await openUsbPage(browser, test);
        await inState(page, 'start');
        await page.locator('#start-help summary', { hasText: 'The device does not show up' }).click();
        await page.setViewportSize({ width: 320, height: 900 });
        const seen = [];
        for (const answer of ['No', 'It still does not', 'I do not know', 'It still does not', 'Yes', 'It still does not', 'No',
            'It still does not', 'Yes', 'It still does not', 'I do not know']) {
            seen.push(await node(page));
            await assertAccessible(page);
            assert.equal(await overflow(page), 0);
            await page.locator('.tree').getByRole('button', { name: answer, exact: true }).click();
        }
        assert.equal(await node(page), 'maker');
        assert.equal(new Set(seen).size, seen.length);
        assert.ok(await page.locator('.tree .contact').isVisible());
        await picture(page, '20-help-tree');
        await page.locator('.tree').getByRole('button', { name: 'From the beginning' }).click();
        assert.equal(await node(page), 'cable');
    });

});

describe('the tree on the page of a link, and below an error', () => {
    it('names the contact of the release', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.link());
        await untilReady(page);
        await page.locator('#link-help summary', { hasText: 'The device does not show up' }).click();
        for (const answer of ['Yes', 'Yes', 'No', 'Yes', 'No', 'Yes']) {
            await page.locator('#link-help .tree').getByRole('button', { name: answer, exact: true }).click({ timeout: 2000 })
                .catch(async () => assert.fail(`${answer} at ${await node(page)}`));
        }
        assert.equal(await node(page), 'locked');
        assert.match(await page.locator('.tree .contact').innerText(), /Acme Support/);
    });

    it('is helped where no device was chosen', LIMIT, async (test) => {
        const { page } = await openUsbPage(browser, test);
        await inState(page, 'start');
        await press(page, 'Connect a device');
        const box = page.locator('#start-problem [data-error="NO_DEVICE"]');
        await box.waitFor();
        await box.locator('summary').click();
        assert.equal(await box.locator('.tree').getAttribute('data-node'), 'cable');
        await assertAccessible(page);
    });
});

describe('what a system needs', () => {
    it('is shown on Windows before anything is begun: start, link, test of the set-up', LIMIT, async (test) => {
        const { page, context, url } = await openUsbPage(browser, test);
        await pretend(context, 'Windows');
        await page.goto(url);
        await inState(page, 'start');
        const guide = page.locator('#start-help [data-guide="windows"]');
        assert.ok(await guide.isVisible());
        assert.equal(await guide.locator('li').count(), 5);
        assert.match(await guide.innerText(), /0483 DF11[^]*WinUSB/);
        await picture(page, '21-help-windows');
        await press(page, 'Test my set-up');
        await inState(page, 'browser');
        assert.ok(await page.locator('#step-browser [data-guide="windows"]').isVisible());
        await assertAccessible(page);
        const { host } = await openMaker(test);
        await page.goto(host.link());
        await untilReady(page);
        const [help, button] = await Promise.all(['[data-guide="windows"]', '#link-connect'].map((selector) =>
            page.locator(selector).boundingBox()));
        assert.ok(help && button && help.y < button.y, 'it stands before the button');
        await assertAccessible(page);
    });

    it('is a line to copy on Linux', LIMIT, async (test) => {
        const { page, context, url } = await openUsbPage(browser, test);
        await pretend(context, 'Linux');
        await context.grantPermissions(['clipboard-read', 'clipboard-write']);
        await page.goto(url);
        await inState(page, 'start');
        await page.locator('#start-help summary', { hasText: 'On Linux' }).click();
        await page.getByRole('button', { name: 'Copy the command that adds the udev rule' }).click();
        await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(copied, /^echo 'SUBSYSTEM=="usb".*70-relock-stm32-dfu\.rules/);
        assert.match(await page.locator('#start-help').innerText(), /snap connect chromium:raw-usb/);
        await assertAccessible(page);
    });

    /** @type {[string, RegExp][]} */
    const others = [['Chrome OS', /Manage USB devices/], ['Android', /OTG/], ['macOS', /needs no driver/]];
    for (const [system, words] of others) {
        it(`is said on ${system}`, LIMIT, async (test) => {
            const { page, context, url } = await openUsbPage(browser, test);
            await pretend(context, system);
            await page.goto(url);
            await inState(page, 'start');
            await page.locator('#start-help summary').first().click();
            assert.match(await page.locator('#start-help').innerText(), words);
            await assertAccessible(page);
        });
    }
});

describe('a browser without WebUSB', () => {
    it('is told which one can, and the command for the same release', LIMIT, async (test) => {
        const { host, keys } = await openMaker(test);
        const { page, context } = await openPage(browser, test);
        await withoutUsb(context);
        await pretend(context, 'Android');
        await page.goto(host.link());
        await inState(page, 'link');
        await page.locator('#no-usb .which-browser').waitFor();
        const text = await page.locator('#no-usb').innerText();
        assert.match(text, /Use Chrome\. Firefox on Android/);
        assert.ok(text.includes(`relock update --release ${host.url}releases/acme-lamp/ --key ${keys[0].public}`), text);
        assert.ok(await page.locator('#link-connect').isDisabled());
        await picture(page, '22-help-no-usb');
    });

    it('is told that an iPhone has none', LIMIT, async (test) => {
        const { page, context, url } = await openPage(browser, test);
        await withoutUsb(context);
        await pretend(context, 'iPhone');
        await page.goto(url);
        await page.locator('#no-usb .which-browser').waitFor();
        const text = await page.locator('#no-usb').innerText();
        assert.match(text, /No browser on an iPhone or iPad/);
        assert.match(text, /relock update firmware\.hex --protect on --return boot0/);
        await assertAccessible(page);
    });
});

describe('a dead end', () => {
    it('has a code for the telephone, and somebody to ask', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        bus.plugIn('stm32f405');
        await toPlan(page);
        const number = await page.locator('#steps > .step').count();
        await press(page, 'Cancel');
        await inState(page, 'ending');
        const ending = page.locator('#step-ending');
        assert.match(await ending.innerText(), new RegExp(`RLK-4001, step ${number + 1}, F405`));
        assert.match(await ending.locator('.contact').innerText(), /Acme Support/);
        await assertAccessible(page);
    });

    it('without a device or a step has the code alone', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.link('release=never-made'));
        await assertRefused(page, 'RELEASE_NOT_FOUND', /Acme Service Desk/);
        assert.match(await page.locator('#link [data-error]').innerText(), /Code RLK-8031$/m);
    });
});
