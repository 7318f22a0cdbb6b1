// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { violationsOf } from '../support/transcript_law.mjs';
import { LIMIT, answerToPlan, inState, openBrowser, openPage, overflow, picture, press, tabTo } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @param {import('playwright-core').Page} page @param {string} [profile] */
async function plugInSimulated(page, profile) {
    await press(page, 'Try with a simulated device');
    await inState(page, 'profile');
    if (profile) {
        await page.check(`#profile-${profile}`);
    }
    await press(page, 'Plug it in, with BOOT0 held');
}

describe('the simulated device', () => {
    it('is updated by clicking through, and ends proven', LIMIT, async (test) => {
        const { page, problems, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=8`);
        await inState(page, 'start');
        await picture(page, '1-start');
        await plugInSimulated(page);
        await inState(page, 'file');
        await picture(page, '2-file');
        await answerToPlan(page);
        await picture(page, '4-plan');
        await press(page, 'Erase everything, write and protect');
        await inState(page, 'work');
        await picture(page, '5-work');
        await inState(page, 'ending');
        assert.match(await page.locator('#step-ending').innerText(), /Proven/);
        await press(page, 'Release BOOT0 and replug the simulated device');
        await page.getByText('runs its new firmware').waitFor();
        await picture(page, '7-proven');
        const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the transcript')]);
        const transcript = readFileSync(await download.path(), 'utf8');
        assert.match(transcript, /> out 21 1 0 0 \[92\]/);
        assert.deepEqual(violationsOf(transcript), []);
        assert.deepEqual(problems, []);
        assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)
            .filter((name) => name === 'relock').length), 1);
    });

});

describe('the person at the simulated device', () => {
    it('asks for hands where the chip needs them, and refuses a way back that the chip lacks', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=20`);
        await plugInSimulated(page, 'stm32f072');
        await inState(page, 'file');
        await page.setInputFiles('#file', { name: 'x.bin', mimeType: '', buffer: Buffer.from('no vector table here') });
        await page.locator('[data-error="BINARY_WITHOUT_ADDRESS"]').waitFor();
        await picture(page, '3-file-error');
        await page.locator('#file').setInputFiles([]);
        await page.setInputFiles('#file', new URL('../firmware/blinky-small.hex', import.meta.url).pathname);
        await press(page, 'Use this file');
        await inState(page, 'wishes');
        assert.ok(await page.locator('#way-empty-check').isDisabled());
        await page.check('#end-protected');
        await page.check('#way-none');
        await press(page, 'Show me the plan');
        await page.locator('[data-error="WAY_BACK_IS_NONE"]').waitFor();
        await picture(page, '3-no-way-back');
        await page.check('#way-boot0');
        await press(page, 'Show me the plan');
        await inState(page, 'plan');
        await press(page, 'Erase everything, write and protect');
        await inState(page, 'waiting');
        await picture(page, '6-waiting');
        const hands = page.locator('button.hand');
        while (await page.getAttribute('body', 'data-state') !== 'ending') {
            await hands.click({ timeout: 1000 }).catch(() => {});
            await page.waitForTimeout(300);
        }
        assert.match(await page.locator('#step-ending').innerText(), /Proven/);
    });

});

describe('a chip with the empty check', () => {
    it('comes back by a replug, and is not called proven before it has shown it', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=20`);
        await plugInSimulated(page, 'stm32l432');
        await answerToPlan(page, { way: 'empty-check', family: 'STM32L4' });
        await press(page, 'Erase everything, write and protect');
        let count = 0;
        while (await page.getAttribute('body', 'data-state') !== 'ending') {
            const name = count > 3 ? 'Stop here, go on later' : 'Replug the simulated device';
            await page.getByRole('button', { name }).click({ timeout: 500 }).then(() => {
                count += 1;
            }, () => {});
            await page.waitForTimeout(500);
        }
        assert.match(await page.locator('#step-ending').innerText(), /Proven|Written, not proven[^]*RLK-6006/);
        await picture(page, '7-empty-check');
    });
});

describe('other ways through the simulation', () => {
    it('can be refused at the plan', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=50`);
        await plugInSimulated(page);
        await answerToPlan(page);
        await press(page, 'Cancel');
        await inState(page, 'ending');
        assert.match(await page.locator('#step-ending').innerText(), /Not done[^]*RLK-4001/);
        await picture(page, '7-not-done');
    });

    it('asks about a file that is no firmware for this chip', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=50`);
        await plugInSimulated(page);
        await inState(page, 'file');
        await page.setInputFiles('#file', { name: 'odd.bin', mimeType: '', buffer: Buffer.alloc(4096, 'odd') });
        await page.fill('#address', '0x08000000');
        await press(page, 'Use this file');
        await page.check('#end-open');
        await page.check('#way-boot0');
        await press(page, 'Show me the plan');
        await inState(page, 'odd-image');
        await picture(page, '4-odd-image');
        await press(page, 'Stop');
        await inState(page, 'ending');
        assert.match(await page.locator('#step-ending').innerText(), /Not done[^]*RLK-1040/);
    });
});

describe('without a mouse', () => {
    it('is updated by the keyboard alone, with the focus on each new step', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=50`);
        await inState(page, 'start');
        const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
        await tabTo(page, '#try');
        await page.keyboard.press('Enter');
        await inState(page, 'profile');
        assert.match(await focused(), /The simulated device/);
        await tabTo(page, '#step-profile button');
        await page.keyboard.press('Enter');
        await inState(page, 'file');
        assert.match(await focused(), /firmware file/);
        await tabTo(page, '#step-file button.plain');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Use this file' }).waitFor();
        await tabTo(page, '#step-file button.main');
        await page.keyboard.press('Enter');
        await inState(page, 'wishes');
        await tabTo(page, '#end-protected');
        await page.keyboard.press('Space');
        await tabTo(page, '#way-boot0');
        await page.keyboard.press('Space');
        await tabTo(page, '#step-wishes button.main');
        await page.keyboard.press('Enter');
        await inState(page, 'plan');
        assert.match(await focused(), /The plan/);
        await tabTo(page, '#step-plan button.danger');
        await page.keyboard.press('Enter');
        await inState(page, 'ending');
        assert.match(await focused(), /Proven/);
        assert.match(await page.locator('#announcer').innerText(), /Proven/);
    });
});

describe('the page', () => {
    it('fits 320 pixels and large text, and has forced colours', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test, { viewport: { width: 320, height: 800 },
            forcedColors: 'active' });
        await page.goto(url);
        await inState(page, 'start');
        assert.equal(await overflow(page), 0);
        await page.setViewportSize({ width: 640, height: 800 });
        await page.evaluate(() => {
            document.documentElement.style.fontSize = '200%';
        });
        assert.equal(await overflow(page), 0);
    });

    it('says what to do where there is no WebUSB', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.addInitScript(() => {
            Reflect.deleteProperty(Navigator.prototype, 'usb');
        });
        await page.goto(url);
        await inState(page, 'start');
        assert.match(await page.locator('#no-usb').innerText(), /Chrome, Edge[^]*relock update/);
        assert.ok(await page.locator('#connect').isDisabled());
        await picture(page, '1-start-no-usb');
    });

    it('refuses to work in a frame', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.route('**/frame.html', (route) => route.fulfill({ contentType: 'text/html',
            body: `<iframe src="${url}"></iframe>` }));
        // The header alone forbids framing; without it the page itself must.
        await page.route(url, async (route) => {
            const answer = await route.fetch();
            const headers = Object.entries(answer.headers()).filter(([name]) => name !== 'content-security-policy');
            await route.fulfill({ response: answer, headers: Object.fromEntries(headers) });
        });
        await page.goto(`${url}frame.html`);
        const frame = page.frames()[1];
        await frame.locator('#framed').waitFor();
        assert.ok(await frame.locator('#start').isHidden());
    });
});
