// @ts-check
// A whole locked update with a device, for those who do not see the page, and for those who have no mouse.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertProven, doAsTold, openLink, openMaker, untilReady } from './link-support.mjs';
import { FIRMWARE, LIMIT, inState, openBrowser, openUsbPage, press, tabTo } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

const SAID_MAX = 16; // eight stages, four times that a fifth of the whole was done within one, two calls, the ending
const SHOWN_MIN = 100;
const FIFTH = 20;

/** Notes what the live region says, and how often the bar moves. Runs in the page. */
function listen() {
    const heard = /** @type {any} */ (globalThis);
    [heard.said, heard.shown] = [[], 0];
    const announcer = /** @type {HTMLElement} */ (document.getElementById('announcer'));
    new MutationObserver((changes) => {
        heard.said.push(...changes.flatMap(({ addedNodes }) => [...addedNodes].map(({ textContent }) => textContent)));
    }).observe(announcer, { childList: true });
    new MutationObserver((changes) => {
        heard.shown += changes.length;
    }).observe(document.body, { subtree: true, attributeFilter: ['value'] });
}

/** @param {Page} page @returns {Promise<{said: string[], shown: number}>} */
const heard = (page) => page.evaluate(() => {
    const { said, shown } = /** @type {any} */ (globalThis);
    return { said, shown };
});

describe('the live region', () => {
    it('says stages, calls and the ending of a whole update, and not every percent', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        const device = bus.plugIn('stm32f405');
        await page.evaluate(listen);
        await press(page, 'Connect a device');
        await inState(page, 'file');
        await page.setInputFiles('#file', FIRMWARE.replace('small', 'large'));
        await press(page, 'Use this file');
        await inState(page, 'wishes');
        await page.check('#end-protected');
        await page.check('#way-boot0');
        await press(page, 'Show me the plan');
        await inState(page, 'plan');
        await page.locator('#step-plan button').first().click();
        await doAsTold(page, device);
        await assertProven(page, device);
        const { said, shown } = await heard(page);
        assert.ok(shown >= SHOWN_MIN, `the bar moved ${shown} times only`);
        assert.ok(said.length <= SAID_MAX, said.join('\n'));
        assert.equal(said.at(-1), 'Proven: the update is done');
        for (const stage of ['Removing the protection', 'Writing the firmware', 'Reading back and comparing', 'Setting the protection']) {
            assert.ok(said.some((text) => text.startsWith(stage)), `${stage} is not said: ${said.join(', ')}`);
        }
        const steps = said.flatMap((text) => {
            const [, stage, percent] = /^(.*)\. (\d+) percent\.$/.exec(text) ?? [];
            return stage ? [{ stage, percent: Number(percent) }] : [];
        });
        const early = steps.filter(({ stage, percent }, index) =>
            stage === steps[index - 1]?.stage && percent - steps[index - 1].percent < FIFTH);
        assert.deepEqual(early, [], 'within a stage it waits for a fifth of the whole');
    });
});

describe('without a mouse', () => {
    it('a link is opened, agreed to, and ends proven, with the focus on each new step', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        await untilReady(page);
        const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
        await tabTo(page, '#link-connect');
        await page.keyboard.press('Enter');
        await inState(page, 'plan');
        assert.match(await focused(), /The plan/);
        await tabTo(page, '#step-plan button.danger');
        await page.keyboard.press('Enter');
        await page.getByText('Hold BOOT0 first').waitFor();
        assert.ok(await page.evaluate(() => document.activeElement?.id === 'boot0-held'), 'what is missing has the focus');
        await page.keyboard.press('Space');
        await tabTo(page, '#step-plan button.danger');
        await page.keyboard.press('Enter');
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.match(await focused(), /Proven/);
        await tabTo(page, '#step-ending button.plain');
        await page.keyboard.press('Enter');
        await inState(page, 'link');
    });
});
