// @ts-check
// The page in every language: all of its screens fit and are in it, also in one that runs from right to left.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LANGUAGES } from '../../web/texts/languages.js';
import { openLink, openMaker, untilReady } from './link-support.mjs';
import { LIMIT, assertAccessible, inState, openBrowser, openPage, overflow, picture, textsOf } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

const NARROW = { viewport: { width: 320, height: 800 } };

/** A language that nobody speaks: it runs from right to left and is 40 % longer than English. */
const PSEUDO = { tag: 'ar-XB', name: 'Pseudo', direction: 'rtl' };
const ARABIC_ALEF = 0x0627;
const LETTERS = 26;
const LONGER = 1.4;

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @param {string} text English @returns {string} placeholders and numbers stay, words grow */
function pseudoText(text) {
    const longer = (/** @type {string} */ word) => word.repeat(2).slice(0, Math.ceil(word.length * LONGER));
    return text.split(/(\{\w+\})/).map((part, index) => (index % 2 ? part : part.replace(/[A-Za-z]+/g, (word) =>
        longer(word).replace(/./g, (letter) => String.fromCodePoint(ARABIC_ALEF + letter.charCodeAt(0) % LETTERS))))).join('');
}

/** Lets a page speak the language that nobody speaks. @param {Page} page */
async function teachPseudo(page) {
    await page.route('**/web/texts/languages.js', (route) => route.fulfill({ contentType: 'text/javascript',
        body: `export const LANGUAGES = ${JSON.stringify([...LANGUAGES, PSEUDO])};` }));
    await page.route(`**/web/texts/${PSEUDO.tag}/*.js`, async (route) => {
        const part = /([a-z]+)\.js$/.exec(route.request().url())?.[1] ?? '';
        const texts = Object.entries(await textsOf('en', part)).map(([key, text]) => [key, pseudoText(text)]);
        await route.fulfill({ contentType: 'text/javascript',
            body: `export const TEXTS = ${JSON.stringify(Object.fromEntries(texts))};` });
    });
    await page.route('**/site.json', async (route) => {
        const site = await (await route.fetch()).json();
        await route.fulfill({ json: { ...site, languages: [...site.languages, PSEUDO.tag] } });
    });
}

/** @type {[string, (page: Page) => Promise<unknown>][]} from each state of the simulated update to the next */
const WALK = [
    ['start', (page) => page.click('#try')],
    ['profile', (page) => page.click('#step-profile button.main')],
    ['file', async (page) => {
        await page.click('#step-file button.plain');
        await page.click('#step-file button.main');
    }],
    ['wishes', async (page) => {
        await page.check('#end-protected');
        await page.check('#way-boot0');
        await page.click('#step-wishes button.main');
    }],
    ['plan', (page) => page.click('#step-plan button.danger')],
    ['ending', (page) => page.click('#step-ending button.hand')],
];

/** @param {Page} page @param {string} name opens all that can be opened, then the page must fit */
async function assertFits(page, name) {
    await page.evaluate(() => {
        for (const fold of document.querySelectorAll('details')) {
            fold.open = true;
        }
    });
    assert.ok(await overflow(page) <= 0, `${name} is ${await overflow(page)} pixels too wide`);
}

/** @param {Page} page through the whole simulated update @param {(state: string) => Promise<void>} look */
async function walk(page, look) {
    for (const [state, go] of WALK) {
        await inState(page, state);
        await assertFits(page, state);
        await look(state);
        await go(page);
    }
    await page.locator('#step-ending [role="status"]').filter({ hasText: /./ }).waitFor();
}

/** @param {Page} page */
const htmlOf = (page) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

describe('a whole update, 320 pixels wide', () => {
    for (const { tag, direction } of LANGUAGES) {
        it(`fits and is accessible in ${tag}`, LIMIT, async (test) => {
            const { page, problems, url } = await openPage(browser, test, NARROW);
            await page.goto(`${url}?speed=50&lang=${tag}`);
            await inState(page, 'start');
            const texts = await textsOf(tag, 'link');
            assert.deepEqual(await htmlOf(page), [tag, direction]);
            assert.equal(await page.title(), texts['page.title'].replace('{brand}', 'Relock').replaceAll(/ (?=:)/g, '\u00a0'));
            await walk(page, async (state) => (state === 'plan' ? assertAccessible(page) : undefined));
            assert.deepEqual(problems, []);
        });
    }

    it('fits and is accessible from right to left, with longer texts', LIMIT, async (test) => {
        const { page, problems, url } = await openPage(browser, test, NARROW);
        await teachPseudo(page);
        await page.goto(`${url}?speed=50&lang=${PSEUDO.tag}`);
        await inState(page, 'start');
        assert.deepEqual(await htmlOf(page), [PSEUDO.tag, 'rtl']);
        await walk(page, async (state) => {
            await assertAccessible(page);
            const left = await page.evaluate(() => document.querySelector('main h1:not([hidden])')?.textContent);
            assert.doesNotMatch(left ?? '', /[A-Za-z]{3}/, state);
        });
        const head = await page.locator('#step-ending h2').boundingBox();
        const number = await page.locator('#step-ending .number').boundingBox();
        assert.ok(head && number && number.x > head.x + head.width / 2, 'a step begins at the right');
        assert.deepEqual(problems, []);
    });
});

/** Of the simulated update; states.test.mjs takes those of all other states. @param {Page} page @param {string} name */
async function pictureOf(page, name) {
    await picture(page, name);
    await page.setViewportSize(NARROW.viewport);
}

describe('pictures in a second language', () => {
    it('show a whole update', LIMIT, async (test) => {
        const { page, problems, url } = await openPage(browser, test, NARROW);
        await page.goto(`${url}?speed=50&lang=de`);
        await walk(page, (state) => pictureOf(page, `40-de-${state}`));
        assert.deepEqual(problems, []);
    });
});

describe('a link, 320 pixels wide', () => {
    for (const { tag, direction } of [...LANGUAGES, PSEUDO]) {
        it(`fits and is accessible in ${tag}`, LIMIT, async (test) => {
            const { host } = await openMaker(test);
            const { page, bus, problemsNow } = await openLink(browser, test, 'about:blank');
            await page.setViewportSize(NARROW.viewport);
            if (tag === PSEUDO.tag) {
                await teachPseudo(page);
            }
            bus.plugIn('stm32f405');
            await page.goto(host.link(`release=acme-lamp&lang=${tag}`));
            await untilReady(page);
            assert.deepEqual(await htmlOf(page), [tag, direction]);
            await assertFits(page, 'link');
            await assertAccessible(page);
            await page.click('#link-connect');
            await inState(page, 'plan');
            await assertFits(page, 'plan');
            assert.deepEqual(problemsNow(), []);
        });
    }

    it('follows the menu, with its own title', LIMIT, async (test) => {
        const { host } = await openMaker(test);
        const { page, bus } = await openLink(browser, test, host.link());
        await untilReady(page);
        await page.selectOption('#language', 'fr');
        const title = (await textsOf('fr', 'link'))['link.title'].replace('{product}', 'Acme Lamp');
        await page.getByRole('heading', { name: title }).waitFor();
        assert.equal(await page.title(), title);
        assert.equal(await page.locator('#brand').innerText(), 'Acme');
        bus.plugIn('stm32f405');
        await page.getByRole('button', { name: 'Connecter l’appareil' }).click();
        await inState(page, 'plan');
        assert.equal(new URL(page.url()).search, '?release=acme-lamp&lang=fr');
    });
});

describe('the language', () => {
    it('is the browser\'s, of those that the page speaks', LIMIT, async (test) => {
        for (const [locale, expected] of [['fr-CA', 'fr'], ['zh-CN', 'zh-Hans'], ['pt-BR', 'en']]) {
            const { page, url } = await openPage(browser, test, { locale });
            await page.goto(url);
            await inState(page, 'start');
            assert.deepEqual(await htmlOf(page), [expected, 'ltr']);
        }
    });

    it('is chosen in the menu without a reload, kept in the address, and not changed while at work', LIMIT, async (test) => {
        const { page, problems, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=50`);
        await inState(page, 'start');
        await page.evaluate(() => {
            document.documentElement.dataset.same = 'page';
        });
        assert.deepEqual(await page.locator('#language option').allInnerTexts(), LANGUAGES.map(({ name }) => name));
        await page.getByLabel('Language', { exact: true }).selectOption('de');
        await page.getByRole('button', { name: 'Gerät verbinden' }).waitFor();
        assert.deepEqual(await htmlOf(page), ['de', 'ltr']);
        assert.equal(await page.locator('html').getAttribute('data-same'), 'page');
        assert.equal(new URL(page.url()).search, '?speed=50&lang=de');
        assert.equal((await page.context().cookies()).length, 0);
        await page.reload();
        await inState(page, 'start');
        assert.deepEqual(await htmlOf(page), ['de', 'ltr']);
        await page.click('#try');
        await inState(page, 'profile');
        assert.ok(await page.locator('#languages').isHidden());
        assert.match(await page.locator('#step-profile').innerText(), /Welchen Chip soll es haben\?/);
        assert.deepEqual(problems, []);
    });

    it('falls back to English where a part of it cannot be loaded', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.route('**/web/texts/de/start.js', (route) => route.fulfill({ status: 404, body: '' }));
        await page.goto(`${url}?lang=de`);
        await inState(page, 'start');
        await page.getByText('Das Gerät erscheint nicht').waitFor();
        await page.getByRole('button', { name: 'Try with a simulated device' }).click();
        await inState(page, 'profile');
        assert.match(await page.locator('#step-profile').innerText(), /Which chip shall it have\?/);
    });
});
