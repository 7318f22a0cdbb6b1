// @ts-check
// Chips that look alike, and chips that the page does not update: who is asked what, and that nothing is changed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LANGUAGES } from '../../web/texts/languages.js';
import { NOT_UPDATED } from './chip-states.mjs';
import { assertProven, doAsTold, openLink, openMaker, sayYes, toPlan, watchChanges } from './link-support.mjs';
import {
    CONFIRM, FIRMWARE, LIMIT, answerToPlan, inState, openBrowser, openUsbPage, press, shown, textsOf,
} from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/**
 * A visitor of the general page who connects a device.
 * @param {import('./support.mjs').Test} test @param {string} profile @param {string} [tag] of the language
 */
async function connectFile(test, profile, tag = 'en') {
    const opened = await openUsbPage(browser, test, `${browser.url}?lang=${tag}`);
    opened.page.on('dialog', (dialog) => void dialog.accept());
    const changes = watchChanges(opened.bus);
    const device = opened.bus.plugIn(profile);
    await opened.page.click('#connect');
    return { ...opened, changes, device };
}

/** @param {Page} page @param {string} heading @returns {Promise<string>} what the device's card says under it */
const onCard = (page, heading) => page.locator('#step-device .facts > div', { has: page.locator('dt', { hasText: heading }) })
    .first().locator('dd').innerText();

const families = (/** @type {Page} */ page) => page.locator('[name="family"]').evaluateAll((inputs) =>
    inputs.map((input) => /** @type {HTMLInputElement} */ (input).value));

describe('chips that look alike', () => {
    it('are not asked for where they need the same, and all are named', LIMIT, async (test) => {
        const { page, device } = await connectFile(test, 'stm32f405');
        await inState(page, 'file');
        assert.equal(await onCard(page, 'Chip'), 'STM32F405, F407, F415, F417, STM32F412, or STM32F205, F207, F215, F217');
        assert.equal(await onCard(page, 'Support'), 'Supported in full');
        await page.locator('#step-device summary').first().click();
        assert.equal(await onCard(page, 'Known from'), 'documents by ST, published code by ST');
        await answerToPlan(page);
        assert.deepEqual(await families(page), []);
        await press(page, CONFIRM);
        await doAsTold(page, device);
        await assertProven(page, device);
    });

    it('are asked for with the wishes where only the way back differs', LIMIT, async (test) => {
        const { page } = await connectFile(test, 'stm32l432');
        await inState(page, 'file');
        await page.setInputFiles('#file', FIRMWARE);
        await press(page, 'Use this file');
        await inState(page, 'wishes');
        assert.deepEqual(await families(page), ['STM32L4', 'STM32L47x', '']);
        assert.ok(await page.locator('#way-empty-check').isDisabled());
        await page.check('#family-STM32L4');
        assert.ok(await page.locator('#way-empty-check').isEnabled());
    });

    it('are asked for once, before anything else, where they need different bytes; then it goes on', LIMIT, async (test) => {
        const { page, device, changes } = await connectFile(test, 'stm32f303');
        await inState(page, 'which-chip');
        assert.deepEqual(await families(page), ['STM32F105', 'STM32F30x', 'STM32F37x']);
        await press(page, 'Go on');
        assert.equal(await page.getAttribute('body', 'data-state'), 'which-chip', 'nobody guesses');
        await page.check('#family-STM32F30x');
        await press(page, 'Go on');
        await answerToPlan(page);
        assert.equal(await page.locator('[name="family"]').count(), 0);
        assert.equal(await onCard(page, 'Chip'), 'STM32F302, F303');
        assert.deepEqual(changes, []);
        await press(page, CONFIRM);
        await doAsTold(page, device);
        await assertProven(page, device);
    });

    it('are asked for again after an answer that cannot be right', LIMIT, async (test) => {
        const { page, changes } = await connectFile(test, 'stm32u585');
        await inState(page, 'which-chip');
        assert.deepEqual(await families(page), ['STM32U5', 'STM32WBA6']);
        await page.check('#family-STM32U5');
        await press(page, 'Go on');
        await inState(page, 'failed');
        await page.locator('#step-device [data-error="CHIP_EXPERIMENTAL"]').waitFor();
        await press(page, 'Choose another device');
        await inState(page, 'which-chip');
        assert.deepEqual(changes, []);
    });
});

describe('a chip that was named', () => {
    it('is not asked for again by a job that is gone on with', LIMIT, async (test) => {
        const { page, device, bus } = await connectFile(test, 'stm32f303');
        await page.check('#family-STM32F30x');
        await press(page, 'Go on');
        await answerToPlan(page);
        await press(page, CONFIRM);
        await page.locator('body[data-state="work"], body[data-state="waiting"]').waitFor();
        while (device.truth().regressions === 0) {
            await page.waitForTimeout(20);
        }
        await page.reload();
        bus.knobs.chooser = 'first';
        await page.locator('#go-on:not([disabled])').click();
        await inState(page, 'plan');
        assert.deepEqual(await families(page), []);
    });

    it('wrongly, on a protected device, is asked for again, and the job then ends proven', LIMIT, async (test) => {
        const { page, device, bus } = await connectFile(test, 'stm32f303');
        await page.check('#family-STM32F105');
        await press(page, 'Go on');
        await answerToPlan(page);
        await press(page, CONFIRM);
        await doAsTold(page, device);
        const box = page.locator('#step-ending [data-error="CHIP_CONTRADICTS_CLAIM"]');
        assert.match(await box.innerText(), /Say which chip it is/);
        assert.equal(device.truth().rdpLevel, 0);
        await page.reload();
        bus.knobs.chooser = 'first';
        await page.locator('#go-on:not([disabled])').click();
        await inState(page, 'which-chip');
        await page.check('#family-STM32F30x');
        await press(page, 'Go on');
        await inState(page, 'plan');
        await press(page, 'Replace 3 sectors, write and protect');
        await doAsTold(page, device);
        await assertProven(page, device);
    });
});

describe('a release', () => {
    for (const [profile, family] of [['stm32f303', 'STM32F30x'], ['stm32f405', 'STM32F405'], ['stm32l432', 'STM32L4']]) {
        it(`names the chip, so that nobody is asked: ${profile}`, LIMIT, async (test) => {
            const { host } = await openMaker(test, { document: { chip: { families: [family] } } });
            const { page, bus } = await openLink(browser, test, host.link());
            page.on('dialog', (dialog) => void dialog.accept());
            const device = bus.plugIn(profile);
            /** @type {string[]} */
            const states = [];
            await page.exposeFunction('noteState', (/** @type {string} */ state) => states.push(state));
            await page.evaluate(() => {
                const note = () => /** @type {any} */ (globalThis).noteState(document.body.dataset.state);
                new MutationObserver(note).observe(document.body, { attributes: true });
            });
            await toPlan(page);
            await sayYes(page);
            await doAsTold(page, device);
            await assertProven(page, device);
            assert.ok(states.includes('work') && !states.includes('which-chip') && !states.includes('wishes'), states.join());
        });
    }
});

describe('a chip that the page does not update', () => {
    for (const { tag } of LANGUAGES) {
        it(`is named, and what to do is said, in ${tag}`, { timeout: 120000 }, async (test) => {
            const texts = await textsOf(tag, 'errors');
            for (const { profile, error, action, devices } of NOT_UPDATED) {
                const { context, page, changes, device, problems } = await connectFile(test, profile, tag);
                await inState(page, 'failed');
                const box = page.locator(`#step-device [data-error="${error}"]`);
                const said = await box.innerText();
                for (const key of [`error.${error}`, `action.${action}`]) {
                    assert.ok(said.includes(shown(texts[key])), `${profile} ${key} ${said}`);
                }
                assert.ok((await page.locator('#step-device .card').innerText()).includes(devices), profile);
                assert.deepEqual([changes, problems], [[], []]);
                assert.equal(device.truth().regressions, 0);
                await context.close();
            }
        });
    }

    it('is not called open where nobody can know its level', LIMIT, async (test) => {
        for (const [profile, level] of [['custom', 'Not known for sure'], ['stm32g431', 'Readout-protected (RDP level 1)']]) {
            const { context, page } = await connectFile(test, profile);
            await inState(page, 'failed');
            assert.equal(await onCard(page, 'Protection'), level);
            await context.close();
        }
    });

    it('is no good set-up either', LIMIT, async (test) => {
        const { page, bus } = await openUsbPage(browser, test);
        bus.plugIn('stm32g431');
        await page.click('#check');
        await press(page, 'Choose the device');
        await inState(page, 'failed');
        await page.locator('#step-device [data-error="CHIP_EXPERIMENTAL"]').waitFor();
    });

    it('is not updated by a release for it either', LIMIT, async (test) => {
        const { host } = await openMaker(test, { document: { chip: { families: ['STM32G431'] } } });
        const { page, bus, changes } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32g431');
        await page.click('#link-connect');
        await page.locator('#step-device [data-error="CHIP_EXPERIMENTAL"]').waitFor();
        assert.deepEqual([changes, device.truth().regressions], [[], 0]);
    });
});
