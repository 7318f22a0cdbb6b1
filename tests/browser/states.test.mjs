// @ts-check
// Every state of the page in a second language, as a visitor sees it: it fits at 320, 390 and 1280 pixels, light and
// dark, axe finds nothing, and no English is left. RELOCK_STATES=en,ja names other languages; the pictures are in
// build/screenshots.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ENGLISH, flat, readTexts } from '../../scripts/lib/texts.mjs';
import { DEAD_ENDS, assertHelpAtDeadEnd } from './dead-ends.mjs';
import { STATES, openScene } from './states.mjs';
import { LIMIT, inState, openBrowser, picture } from './support.mjs';

const TAGS = (process.env.RELOCK_STATES ?? 'de').split(',');
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

for (const tag of TAGS) {
    const texts = flat(await readTexts(tag));
    const foreign = tag === ENGLISH ? [] : onlyEnglish(texts);

    describe(`the page in ${tag}`, () => {
        for (const state of STATES) {
            it(state.name, LIMIT, async (test) => {
                const { page } = await openScene(browser, test, tag, state, texts);
                await inState(page, state.state, 20000);
                if (state.shows) {
                    await page.locator(state.shows).first().waitFor({ timeout: 20000 });
                }
                await assertHelpAtDeadEnd(page, state.name);
                await picture(page, `50-${tag}-${state.name}`);
                assert.equal(await page.getAttribute('body', 'data-state'), state.state, 'it stayed so');
                const read = await readable(page);
                assert.deepEqual(foreign.filter((text) => read.includes(text)), []);
                assert.equal(await page.getAttribute('html', 'lang'), state.name === 'framed' ? 'en' : tag);
            });
        }
    });
}

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
