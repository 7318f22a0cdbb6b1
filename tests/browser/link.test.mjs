// @ts-check
// From a link to a proven device, and every way of it that goes wrong without malice.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONFIRM, assertProven, assertRefused, doAsTold, journalOf, openLink, openMaker, pause, sayYes, toPlan,
    untilReady, untilWriting } from './link-support.mjs';
import { Release, sha256 } from './release-server.mjs';
import { LIMIT, assertAccessible, inState, openBrowser, openPage, overflow, picture, press } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string} selector */
const textOf = (page, selector) => page.locator(selector).innerText();

describe('a link', () => {
    it('tells of the release, and starts nothing by itself', LIMIT, async (test) => {
        const { host, keys } = await openMaker(test);
        const { page, bus, problemsNow, changes } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        const { transfers } = device.truth();
        await untilReady(page);
        const text = await textOf(page, '#link');
        for (const words of ['Update Acme Lamp', '2.1.0', 'Warmer light.', 'No more flicker.', 'Your saved colours.',
            'Everything that is in the device now', 'Hold the small button, and plug it in.', keys[0].id, 'help@acme.example',
            'about ']) {
            assert.ok(text.includes(words), `${words} is not on the page`);
        }
        assert.doesNotMatch(text, /not signed/);
        assert.equal(await page.title(), 'Update Acme Lamp');
        assert.equal(await textOf(page, '.top .name'), 'Acme');
        assert.ok(await page.locator('#start').isHidden());
        assert.equal(await page.getByRole('link', { name: 'Do something else with this page' }).count(), 0);
        await picture(page, '10-link');
        await page.waitForTimeout(500);
        assert.equal(device.truth().transfers, transfers);
        assert.deepEqual([changes, problemsNow()], [[], []]);
    });

    it('says plainly that a release is not signed', LIMIT, async (test) => {
        const { host } = await openMaker(test, { isSigned: false, site: { files: true } });
        const { page } = await openLink(browser, test, host.link());
        await untilReady(page);
        assert.match(await textOf(page, '#link'), /This update is not signed/);
        await picture(page, '10-link-unsigned');
        await page.getByRole('link', { name: 'Do something else with this page' }).click();
        await inState(page, 'start');
    });

    it('speaks the language that it names, and marks what the maker wrote in another', LIMIT, async (test) => {
        const { host } = await openMaker(test, { document: { after: [{ en: 'English only' }] } });
        const { page } = await openLink(browser, test, host.link('release=acme-lamp&lang=de'));
        await untilReady(page);
        assert.equal(await page.getAttribute('html', 'lang'), 'de');
        assert.match(await textOf(page, '#link'), /Kein Flackern mehr[^]*Halten Sie die kleine Taste/);
        const { host: english } = await openMaker(test, { document: { languages: ['en'], notes: { en: 'Only English.' },
            enter: [], lost: [], after: [], boot0: undefined } });
        await page.goto(english.link('release=acme-lamp&lang=fr'));
        await untilReady(page);
        assert.equal(await page.locator('#link [lang="en"]').innerText(), 'Only English.');
        assert.equal(await overflow(page), 0);
    });
});

describe('a whole update from a link', () => {
    it('of an F405 ends proven, with the maker\'s words at their time', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus, problemsNow } = await openLink(browser, test, host.link('release=acme-lamp', 'ticket=CASE-17'));
        const device = bus.plugIn('stm32f405');
        await toPlan(page);
        assert.match(await textOf(page, '#step-plan'), /Hold the small button next to the socket/);
        await picture(page, '11-link-plan');
        await press(page, CONFIRM);
        await page.getByText('Hold BOOT0 first').waitFor();
        assert.equal(device.truth().regressions, 0);
        await sayYes(page);
        await untilWriting(device);
        const [begun] = await journalOf(page);
        assert.deepEqual(begun.job, { name: 'Acme Lamp 2.1.0', ticket: 'CASE-17', images: 1 });
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.match(await textOf(page, '#step-ending'), /Let the small button go\.[^]*Choose your colours again\./);
        await picture(page, '12-link-proven');
        const [entry] = await journalOf(page);
        assert.deepEqual([entry.phase, entry.job], ['proven', null]);
        assert.equal(await page.evaluate(async () => (await navigator.usb.getDevices()).length), 0);
        assert.deepEqual(problemsNow(), []);
    });

});

describe('a whole update from a link, of another chip', () => {
    it('of an L432 with the empty check ends proven', LIMIT, async (test) => {
        const { host } = await openMaker(test, { document: { chip: { families: ['STM32L4'] }, return: 'empty-check',
            boot0: undefined } });
        const { page, bus } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32l432', { boot0: false });
        // Its empty flash is what keeps it in the bootloader, so it must have been brought there by its application.
        device.jump();
        device.sleep(3000);
        await toPlan(page);
        await sayYes(page);
        await doAsTold(page, device);
        await assertProven(page, device);
    });

    it('of an F072 ends proven, and the device is looked for', LIMIT, async (test) => {
        const { host } = await openMaker(test, { document: { chip: { families: ['STM32F07x'] },
            application: { vendor: '1209', product: 'acfe' } } });
        const { page, bus } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f072');
        await toPlan(page);
        await sayYes(page);
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.match(await textOf(page, '#step-ending'), /1209:acfe/i);
        bus.knobs.chooser = 'refuse';
        await press(page, 'Look for it');
        await page.getByText('That proves nothing').waitFor();
        bus.knobs.chooser = 'first';
        bus.application = { vendorId: 0x1209, productId: 0xacfe };
        await press(page, 'Look for it');
        await page.getByText('It was seen').waitFor();
        await picture(page, '12-link-application');
    });
});

describe('a way back that does not exist', () => {
    it('is refused before anything is lost', LIMIT, async (test) => {
        const { host } = await openMaker(test, { document: { return: 'none', boot0: undefined } });
        const { page, bus, changes } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        await untilReady(page);
        await press(page, 'Connect the device');
        await inState(page, 'ending');
        await page.locator('#step-ending [data-error="WAY_BACK_IS_NONE"]').waitFor();
        assert.equal(device.truth().regressions, 0);
        assert.deepEqual(changes, []);
    });
});

/** @type {{name: string, error: string, document?: object, fragment?: string, other?: string, wanted: RegExp}[]} */
const WRONG = [
    { name: 'chip', error: 'WRONG_CHIP', document: { chip: { families: ['STM32F07x'] } }, other: 'stm32f072', wanted: /F072/ },
    { name: 'flash layout', error: 'WRONG_LAYOUT', wanted: /@Internal Flash .*04\*016Kg[^]*128\*016Kg/, document: { chip: { families: ['STM32F405'],
        layouts: ['@Internal Flash  /0x08000000/128*016Kg'] } } },
    { name: 'serial number', error: 'WRONG_SERIAL', fragment: 'serial=20713597484E', wanted: /20713597484E/ },
];

describe('another device than is meant', () => {
    for (const { name, error, document, fragment, other, wanted } of WRONG) {
        it(`by its ${name} is left alone, and told`, LIMIT, async (test) => {
            const { host } = await openMaker(test, { document });
            const { page, bus, changes } = await openLink(browser, test, host.link('release=acme-lamp', fragment));
            const device = bus.plugIn('stm32f405', { serial: '111111111111' });
            await untilReady(page);
            await press(page, 'Connect the device');
            await page.locator(`#step-device [data-error="${error}"]`).waitFor();
            assert.match(await textOf(page, '#step-device'), /F405/);
            assert.match(await textOf(page, '#step-device'), wanted);
            await picture(page, `11-link-${error.toLowerCase().replaceAll('_', '-')}`);
            assert.deepEqual(changes, []);
            assert.equal(device.truth().regressions, 0);
            assert.deepEqual(await journalOf(page), []);
            if (other) {
                device.unplug();
                await pause(300);
                bus.plugIn(other);
                await press(page, 'Choose another device');
                await inState(page, 'plan');
            }
        });
    }
});

describe('two tabs', () => {
    it('do not work at the same time', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus, context } = await openLink(browser, test, host.link());
        bus.plugIn('stm32f405');
        await toPlan(page);
        const second = await context.newPage();
        await second.goto(host.link());
        await untilReady(second);
        await press(second, 'Connect the device');
        await second.locator('#link-problem [data-error="WORK_IN_ANOTHER_TAB"]').waitFor();
        await assertAccessible(second);
        await page.check('#keep'); // otherwise the permission goes with the job, for the other tab, too
        await press(page, 'Cancel');
        await inState(page, 'ending');
        await press(second, 'Try again');
        await inState(second, 'plan');
    });
});

describe('the page of a link', () => {
    it('refuses to work in a frame', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openPage(browser, test);
        host.answers.set('frame.html', (_, response) => {
            response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<iframe src="${host.link()}"></iframe>`);
        });
        await page.goto(`${host.url}frame.html`);
        const frame = page.frames()[1];
        await frame.locator('#framed').waitFor();
        assert.equal(await frame.locator('#link-connect').count(), 0);
        assert.equal(host.asked.includes('releases/acme-lamp/release.json'), false);
    });

    it('keeps the screen on while it works, and lets it go at the end', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        await page.evaluate(() => {
            const scope = /** @type {any} */ (globalThis);
            scope.wakes = [];
            Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request: async () => {
                scope.wakes.push('on');
                return { released: false, release: async () => scope.wakes.push('off') };
            } } });
        });
        const device = bus.plugIn('stm32f405');
        await toPlan(page);
        await sayYes(page);
        await doAsTold(page, device);
        assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).wakes), ['on', 'off']);
    });

    it('can be worked with the keyboard alone', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        await untilReady(page);
        const tabTo = async (/** @type {string} */ selector) => {
            for (let count = 0; count < 60; count += 1) {
                if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
                    return;
                }
                await page.keyboard.press('Tab');
            }
            assert.fail(`${selector} cannot be reached`);
        };
        await tabTo('#link-connect');
        await page.keyboard.press('Enter');
        await inState(page, 'plan');
        await tabTo('#boot0-held');
        await page.keyboard.press('Space');
        await tabTo('#step-plan button.danger');
        await page.keyboard.press('Enter');
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.match(await textOf(page, '#announcer'), /Proven/);
    });
});

describe('a damaged link', () => {
    /** @type {[string, string][]} */
    const LINKS = [['release=Acme%20Lamp', ''], ['release=../site.json', ''], ['release=a&release=b', ''], ['release=', ''],
        [`release=${'a'.repeat(65)}`, ''], ['release=acme-lamp&lang=%3Cb%3E', ''], ['release=acme-lamp', 'ticket=a%20b'],
        ['release=acme-lamp', `serial=${'1'.repeat(33)}`], ['release=acme-lamp', 'ticket=a&ticket=b']];

    it('is a clear page with nothing to press', { timeout: 120000 }, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.link(...LINKS[0]));
        for (const link of LINKS) {
            await page.goto('about:blank');
            await page.goto(host.link(...link));
            await assertRefused(page, 'LINK_MALFORMED', /Acme Service Desk/);
        }
        await picture(page, '10-link-malformed');
        assert.equal(host.asked.some((path) => path.startsWith('releases/')), false);
    });

    it('that names what is not there says so', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.link('release=no-such-lamp&protect=off&family=STM32L4'));
        await assertRefused(page, 'RELEASE_NOT_FOUND', /Acme Service Desk/);
        await picture(page, '10-link-not-found');
    });
});

describe('a site for links only', () => {
    it('tells who comes without one to ask for it', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.url);
        await inState(page, 'no-link');
        assert.match(await textOf(page, '#link'), /Open the link that you were sent[^]*Acme Service Desk/);
        assert.ok(await page.locator('#start').isHidden());
        await picture(page, '10-no-link');
    });
});

/** The smallest picture there is: one white dot. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==', 'base64');

describe('what a release shows', () => {
    it('has its pictures, in the language that is there', LIMIT, async (test) => {
        const named = { file: 'dot.png', size: PNG.length, sha256: sha256(PNG) };
        const { host, keys } = await openMaker(test);
        const release = new Release({ keys, document: { enter: [{ text: { en: 'Press it.', de: 'Drücken.' },
            pictures: { en: named }, alt: { en: 'A white dot' } }] } });
        release.files.set('dot.png', PNG);
        host.publish(release);
        const { page, problemsNow } = await openLink(browser, test, host.link('release=acme-lamp&lang=de'));
        await untilReady(page);
        const shown = page.getByAltText('A white dot');
        assert.equal(await shown.evaluate((image) => /** @type {HTMLImageElement} */ (image).naturalWidth), 1);
        assert.equal(await page.locator('.enter').innerText(), 'Drücken.');
        await assertAccessible(page);
        assert.deepEqual(problemsNow(), []);
    });

    for (const { late, delayMs, isTaken } of [{ late: 'a moment', delayMs: 1000, isTaken: true },
        { late: 'longer than a click counts', delayMs: 6000, isTaken: false }]) {
        it(`is pressed before the rest of the page is here, which takes ${late}`, LIMIT, async (test) => {
            const { host } = await openMaker(test);
            const wasm = readFileSync(join(host.folder, 'relock.wasm'));
            host.answers.set('relock.wasm', (_, response) => void setTimeout(() =>
                response.writeHead(200, { 'Content-Type': 'application/wasm' }).end(wasm), delayMs));
            const { page, bus, changes } = await openLink(browser, test, host.link());
            bus.plugIn('stm32f405');
            await press(page, 'Connect the device');
            assert.match(await textOf(page, '#link-status'), /Getting the rest of this page/);
            if (!isTaken) {
                await untilReady(page);
                await pause(500);
                assert.equal(await page.getAttribute('body', 'data-state'), 'link');
                await press(page, 'Connect the device');
            }
            await inState(page, 'plan', 20000);
            assert.deepEqual(changes, []);
        });
    }

    it('changes its language at once, and stays ready', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page } = await openLink(browser, test, host.link('release=acme-lamp', 'ticket=CASE-17'));
        await untilReady(page);
        await page.selectOption('#language', 'de');
        await page.getByText('Kein Flackern mehr').waitFor();
        assert.ok(await page.locator('#link-connect').isEnabled());
        assert.match(page.url(), /lang=de#ticket=CASE-17$/);
    });
});

describe('a second visit', () => {
    it('needs no network for a whole update, and says so', LIMIT, async (test) => {
        const { host } = await openMaker(test, { isOffline: true });
        const { page, bus, problemsNow } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        await untilReady(page);
        await page.getByText('Everything is on this computer now').waitFor();
        host.isDown = true;
        await page.reload();
        await untilReady(page);
        await page.getByText('This is the copy that was kept on this computer').waitFor();
        await picture(page, '10-link-offline');
        await press(page, 'Connect the device');
        await inState(page, 'plan');
        await sayYes(page);
        await doAsTold(page, device);
        await assertProven(page, device);
        assert.deepEqual(problemsNow(), []);
    });
});

describe('a browser that keeps nothing', () => {
    it('gets no release, since nothing that was seen before can be remembered', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus, context, changes } = await openLink(browser, test, 'about:blank');
        await context.addInitScript(() => {
            IDBFactory.prototype.open = () => {
                throw new DOMException('broken', 'UnknownError');
            };
        });
        const device = bus.plugIn('stm32f405');
        await page.goto(host.link());
        await assertRefused(page, 'RELEASE_MEMORY_DAMAGED', /Acme Service Desk/);
        await page.locator('#no-journal').waitFor();
        await assertAccessible(page);
        assert.equal(device.truth().regressions, 0);
        assert.deepEqual(changes, []);
    });
});

describe('two devices', () => {
    it('are refused on the page of a link, too', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus, changes } = await openLink(browser, test, host.link());
        bus.isManaged = true;
        bus.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        await untilReady(page);
        await press(page, 'Connect the device');
        await page.locator('#step-device [data-error="SEVERAL_DEVICES"]').waitFor();
        assert.deepEqual(changes, []);
    });
});

describe('a site that is not one', () => {
    it('does not start, and says why', LIMIT, async (test) => {
        const { host } = await openMaker(test, { site: { contact: { name: 'Nobody' } } });
        const { page } = await openLink(browser, test, host.link());
        await inState(page, 'site-refused');
        await page.locator('#link [data-error="DOCUMENT_FIELD_MISSING"]').waitFor();
        await picture(page, '10-site-refused');
        host.answers.set('site.json', (_, response) => response.writeHead(404).end());
        await page.reload();
        await page.locator('#link [data-error="SITE_NOT_LOADED"]').waitFor();
        assert.equal(host.asked.some((path) => path.startsWith('releases/')), false);
    });
});
