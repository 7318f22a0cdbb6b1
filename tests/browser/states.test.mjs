// @ts-check
// Every state of the page in a second language, as a visitor sees it: it fits at 320, 390 and 1280 pixels, light and
// dark, axe finds nothing, and no English is left. And pictures of each in English, where no other test takes one.
// RELOCK_STATES=en,ja names other languages; the pictures are in build/screenshots.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ENGLISH, flat, readTexts } from '../../scripts/lib/texts.mjs';
import { DEAD_ENDS, assertHelpAtDeadEnd } from './dead-ends.mjs';
import { STATES, openScene } from './states.mjs';
import { LIMIT, inState, openBrowser, picture, snap } from './support.mjs';

const TAGS = (process.env.RELOCK_STATES ?? 'de').split(',');
/** @type {Record<string, string>} states whose picture in English another test takes, and its name */
const PICTURED = {
    link: '10-link', 'link-unsigned': '10-link-unsigned', 'link-windows': '21-help-windows', 'link-offline': '10-link-offline',
    'link-tree': '20-help-tree', 'link-no-usb': '22-help-no-usb', 'no-link': '10-no-link', 'site-refused': '10-site-refused',
    'refused-malformed': '10-link-malformed', 'refused-not-found': '10-link-not-found', 'refused-not-reached': '10-link-not-reached',
    'several-devices': '9-two-devices', plan: '11-link-plan', work: '5-work', unplugged: '7-unplugged', reconnect: '6-reconnect',
    proven: '12-link-proven', 'proven-application': '12-link-application', 'not-done': '7-not-done', report: '30-report',
    'report-sent': '31-report-sent', resume: '13-link-resume', 'resume-several': '13-link-resume-two', elsewhere: '14-elsewhere',
    'job-changed': '14-job-changed', 'damaged-job': '13-link-damaged', 'other-device': '8-other-device', begun: '13-link-begun',
    damaged: '2-damaged', start: '1-start', 'start-no-usb': '1-start-no-usb', 'file-error': '3-file-error',
    'way-none': '3-no-way-back', 'odd-image': '4-odd-image', checked: '9-checked', 'no-permission': '9-no-permission',
    'device-taken': '9-device-taken', 'wrong-chip': '11-link-wrong-chip', 'wrong-layout': '11-link-wrong-layout',
    'wrong-serial': '11-link-wrong-serial', 'look-again': '4-look-again', 'same-device': '4-same-device',
};
/** States in which the menu of languages is enough to have them in English. */
const BY_MENU = /^(refused-|insecure$|no-journal$)/;

/** @param {import('./states.mjs').State} state @returns {boolean} whether its picture in English is wanted from here */
const isWanted = ({ name }) => !process.env.RELOCK_STATES && !(name in PICTURED);

/** @param {import('playwright-core').Page} page @param {import('./states.mjs').State} state in another language */
async function snapByMenu(page, { name, shows }) {
    await page.selectOption('#language', ENGLISH);
    await page.locator(`html[lang="${ENGLISH}"]`).waitFor();
    await page.locator(shows ?? 'h1').first().waitFor();
    await snap(page, `50-${ENGLISH}-${name}`);
}
const TELLING = 12; // shorter texts stand in others

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

const english = flat(await readTexts(ENGLISH));

/** @param {Record<string, string>} texts of another language @returns {string[]} what only English says */
function onlyEnglish(texts) {
    const own = new Set(Object.values(texts));
    return Object.values(english).flatMap((text) => text.split(/\{\w+\}/)).map((text) => text.trim())
        .filter((text) => text.length >= TELLING && ![...own].some((other) => other.includes(text)));
}

/** @param {import('playwright-core').Page} page @returns {Promise<string>} without what is marked as English */
const readable = (page) => page.evaluate(() => {
    const copy = /** @type {HTMLElement} */ (document.body.cloneNode(true));
    copy.querySelectorAll('[lang="en"], [hidden], option, pre, script, noscript').forEach((part) => part.remove());
    const attributes = [...copy.querySelectorAll('[aria-label], [alt], [title]')].flatMap((part) =>
        ['aria-label', 'alt', 'title'].map((name) => part.getAttribute(name) ?? ''));
    return [document.title, copy.textContent, ...attributes].join('\n');
});

/**
 * @param {import('./support.mjs').Test} test @param {string} tag of a language
 * @param {import('./states.mjs').State} state @param {Record<string, string>} texts
 * @returns {Promise<import('playwright-core').Page>} in that state
 */
async function pageIn(test, tag, state, texts) {
    const { page } = await openScene(browser, test, tag, state, texts);
    await inState(page, state.state, 20000);
    if (state.shows) {
        await page.locator(state.shows).first().waitFor({ timeout: 20000 });
    }
    await assertHelpAtDeadEnd(page, state.name);
    return page;
}

for (const tag of TAGS) {
    const texts = flat(await readTexts(tag));
    const foreign = tag === ENGLISH ? [] : onlyEnglish(texts);

    describe(`the page in ${tag}`, () => {
        for (const state of STATES) {
            it(state.name, LIMIT, async (test) => {
                const page = await pageIn(test, tag, state, texts);
                await picture(page, `50-${tag}-${state.name}`);
                assert.equal(await page.getAttribute('body', 'data-state'), state.state, 'it stayed so');
                const read = await readable(page);
                assert.deepEqual(foreign.filter((text) => read.includes(text)), []);
                assert.equal(await page.getAttribute('html', 'lang'), state.name === 'framed' ? 'en' : tag);
                if (isWanted(state) && BY_MENU.test(state.name)) {
                    await snapByMenu(page, state);
                }
            });
        }
    });
}

describe('pictures in English', () => {
    for (const state of STATES.filter((one) => isWanted(one) && !BY_MENU.test(one.name))) {
        it(state.name, LIMIT, async (test) => {
            const page = await pageIn(test, ENGLISH, state, english);
            await snap(page, `50-${ENGLISH}-${state.name}`);
            assert.equal(await page.getAttribute('body', 'data-state'), state.state, 'it stayed so');
        });
    }

    it('are taken of all other states, too', () => {
        const folder = new URL('./', import.meta.url);
        const tests = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
        const taken = [...tests.matchAll(/picture\((?:\w+, )?(?:'([\w-]+)'|`([\w-]+)\$\{)/g)];
        const isTaken = (/** @type {string} */ name) =>
            taken.some(([, whole, beginning]) => (whole ? whole === name : name.startsWith(beginning)));
        assert.deepEqual(Object.values(PICTURED).filter((name) => !isTaken(name)), []);
        const names = STATES.map(({ name }) => name);
        assert.deepEqual(Object.keys(PICTURED).filter((name) => !names.includes(name)), []);
    });
});

describe('the states', () => {
    /** @param {URL} folder @returns {string} the page's modules, in one */
    const sources = (folder) => readdirSync(folder, { withFileTypes: true }).map((entry) => (entry.isDirectory()
        ? sources(new URL(`${entry.name}/`, folder)) : readFileSync(new URL(entry.name, folder), 'utf8'))).join('\n');

    it('are all there are', () => {
        const named = [...sources(new URL('../../web/', import.meta.url))
            .matchAll(/\b(?:setState\(|page\.step\(|page\.state = )'([\w-]+)'/g)].map(([, name]) => name);
        const asked = Object.keys(english).flatMap((key) => /^ask\.([\w-]+)\.title$/.exec(key)?.[1] ?? []);
        const passing = ['device']; // over as soon as the device has answered
        const covered = new Set([...STATES.map(({ state }) => state), ...passing, 'loading']);
        assert.ok(named.length > 20 && asked.length === 3);
        assert.deepEqual([...new Set([...named, ...asked])].filter((name) => !covered.has(name)), []);
    });

    it('have each dead end that is known', () => {
        const names = STATES.map(({ name }) => name);
        assert.deepEqual(Object.keys(DEAD_ENDS).filter((name) => !names.includes(name)), []);
    });
});
