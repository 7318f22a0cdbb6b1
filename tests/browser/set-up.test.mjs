// @ts-check
// What a test of the set-up leaves behind.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LIMIT, inState, openBrowser, openUsbPage, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

describe('a test of the set-up', () => {
    it('leaves no permission behind, unless a job needs it', LIMIT, async (test) => {
        for (const phase of ['proven', 'empty']) {
            const { page, bus } = await openUsbPage(browser, test);
            await page.evaluate(async (told) => {
                const { browserStore } = await import(String(new URL('web/journal.js', document.baseURI)));
                const job = { name: 'old.hex', file: new Uint8Array(4), address: null, endProtected: true, wayBack: 'boot0', family: '' };
                await browserStore.put({ key: 'AAAAAAAAAAAA', line: 'x', phase: told, savedAt: 1, job });
            }, phase);
            await page.reload();
            if (phase === 'empty') {
                await press(page, 'Do something else');
            }
            bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
            await press(page, 'Test my set-up');
            await press(page, 'Choose the device');
            await inState(page, 'checked');
            assert.equal(bus.plugged[0].isGranted, phase === 'empty');
        }
    });
});
