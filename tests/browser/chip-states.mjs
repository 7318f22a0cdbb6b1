// @ts-check
// The states in which the page says what chip it is, and that it does not update it or cannot tell it from others.
import { inState } from './support.mjs';

/** @typedef {import('./states.mjs').State} State */

/** @type {Pick<State, 'maker' | 'link'>} the general page, where a visitor brings a file */
export const GENERAL = { maker: { site: { files: true } }, link: [''] };

/** Simulated devices that the page does not update: the error that says so, what to do, and what it is. */
export const NOT_UPDATED = [
    { profile: 'stm32g431', error: 'CHIP_EXPERIMENTAL', action: 'NAME_THE_EXPERIMENT', devices: 'STM32G431, G441' },
    { profile: 'stm32l552', error: 'CHIP_EXPERIMENTAL', action: 'NAME_THE_EXPERIMENT', devices: 'STM32L552, L562' },
    { profile: 'custom', error: 'CHIP_WRITE_ONLY', action: 'WRITE_ONLY', devices: 'a product\'s own DfuSe bootloader' },
    { profile: 'stm32h563', error: 'CHIP_HAS_NO_LEVEL_1', action: 'ASK_MAKER',
        devices: 'STM32H503, H523, H533, H562, H563, H573 and relatives' },
    { profile: 'stm32c562', error: 'CHIP_HAS_NO_LEVEL_1', action: 'ASK_MAKER', devices: 'STM32C53x, C542, C55x, C56x, C59x, C5A3' },
    { profile: 'stm32n657', error: 'CHIP_HAS_NO_FLASH', action: 'ASK_MAKER',
        devices: 'STM32N6 and other ST devices without flash of their own' },
];

/** @type {State[]} */
export const CHIPS = [
    { name: 'which-chip', state: 'which-chip', shows: '#family-STM32F30x', ...GENERAL, profile: 'stm32f303',
        act: ({ page }) => page.click('#connect') },
    { name: 'several-chips', state: 'file', shows: '#step-device .facts', ...GENERAL, profile: 'stm32f405', act: async ({ page }) => {
        await page.click('#connect');
        await inState(page, 'file');
        await page.locator('#step-device summary').first().click();
    } },
    ...NOT_UPDATED.map(({ profile, error }) => /** @type {State} */ ({ name: `chip-${profile}`, state: 'failed', profile,
        shows: `#step-device [data-error="${error}"]`, ...GENERAL, act: ({ page }) => page.click('#connect') })),
];
