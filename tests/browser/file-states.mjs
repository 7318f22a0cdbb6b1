// @ts-check
// The states of the general page, where a visitor brings a file.
import { GENERAL } from './chip-states.mjs';
import { FIRMWARE, inState } from './support.mjs';

/** @typedef {import('./states.mjs').Scene} Scene */
/** @typedef {import('./states.mjs').State} State */

/** @param {Scene} scene */
export const withoutUsb = ({ context }) => context.addInitScript(() => {
    [navigator, Navigator.prototype].forEach((place) => Reflect.deleteProperty(place, 'usb'));
});

/** @type {State[]} without a link */
export const FILES = [
    { name: 'start', state: 'start', ...GENERAL },
    { name: 'start-no-usb', state: 'start', shows: '#no-usb', ...GENERAL, arrange: withoutUsb },
    { name: 'start-no-device', state: 'start', shows: '#start-problem [data-error="NO_DEVICE"]', ...GENERAL, arrange: ({ bus }) => {
        bus.knobs.chooser = 'refuse';
    }, act: ({ page }) => page.click('#connect') },
    { name: 'profile', state: 'profile', ...GENERAL, act: ({ page }) => page.click('#try') },
    { name: 'file-error', state: 'file', shows: '[data-error]', ...GENERAL, profile: 'stm32f405', act: async ({ page }) => {
        await page.click('#connect');
        await inState(page, 'file');
        await page.setInputFiles('#file', { name: 'x.bin', mimeType: '', buffer: Buffer.from('no vector table here') });
        await page.locator('#step-file [data-error]').waitFor();
    } },
    { name: 'way-none', state: 'wishes', shows: '[data-error="WAY_BACK_IS_NONE"]', ...GENERAL, profile: 'stm32f405', act: async ({ page }) => {
        await page.click('#connect');
        await inState(page, 'file');
        await page.setInputFiles('#file', FIRMWARE);
        await page.locator('#step-file button.main').click();
        await page.check('#end-protected');
        await page.check('#way-none');
        await page.locator('#step-wishes button.main').click();
    } },
    { name: 'odd-image', state: 'odd-image', ...GENERAL, profile: 'stm32f405', act: async ({ page }) => {
        await page.click('#connect');
        await inState(page, 'file');
        await page.setInputFiles('#file', { name: 'x.bin', mimeType: '', buffer: Buffer.alloc(4096, 7) });
        await page.locator('#address').fill('0x08000000');
        await page.locator('#step-file button.main').click();
        await inState(page, 'wishes');
        await page.check('#end-protected');
        await page.check('#way-boot0');
        await page.locator('#step-wishes button.main').click();
    } },
    { name: 'browser', state: 'browser', ...GENERAL, act: ({ page }) => page.click('#check') },
    { name: 'check-no-usb', state: 'browser', shows: '[data-error="NO_WEBUSB"]', ...GENERAL, arrange: withoutUsb,
        act: ({ page }) => page.click('#check') },
    { name: 'check-no-device', state: 'browser', shows: '[data-error="NO_DEVICE"]', ...GENERAL, arrange: ({ bus }) => {
        bus.knobs.chooser = 'refuse';
    }, act: async ({ page }) => {
        await page.click('#check');
        await page.locator('#step-browser > .body > .buttons button.main').click();
    } },
    { name: 'checked', state: 'checked', ...GENERAL, profile: 'stm32f405', act: async ({ page }) => {
        await page.click('#check');
        await page.locator('#step-browser > .body > .buttons button.main').click();
    } },
];
