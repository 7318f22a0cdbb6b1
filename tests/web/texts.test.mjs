// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { platform } from '../../web/browser/platform.js';
import { SITE, newEngine } from './support.mjs';

/** @param {string} path @returns {Promise<any>} a module as it is served: there English has the core's sentences */
const served = (path) => import(pathToFileURL(`${SITE}/web/${path}`).href);
const { actionText, addTexts, addTextsNow, chooseLanguage, direction, duration, errorText, hasText, hex, language, list,
    loadTexts, setBrand, size, t, tn } = /** @type {typeof import('../../web/texts.js')} */ (await served('texts.js'));
const { instructionFor } = /** @type {typeof import('../../web/job/instructions.js')} */ (await served('job/instructions.js'));

const PARTS = /** @type {const} */ (['start', 'link', 'work', 'help', 'errors']);
const actions = newEngine().actions();

before(() => loadTexts('en', PARTS));

describe('the words for what the engine asks', () => {
    it('belong to actions that it has', () => {
        const names = new Set(actions.map(({ name }) => name));
        for (const part of ['work', 'errors']) {
            const source = readFileSync(new URL(`../../web/texts/en/${part}.js`, import.meta.url), 'utf8');
            const keys = /'(?:wait|wait\.lost|wait\.powerOff|hand|action)\.([A-Z][A-Z0-9_]+)/g;
            for (const [, name] of source.matchAll(keys)) {
                assert.ok(names.has(name), name);
            }
        }
    });

    it('are there for all that a device is awaited with', () => {
        for (const action of ['HOLD_BOOT0_AND_REPLUG', 'ENTER_DFU', 'REPLUG']) {
            const plain = instructionFor(action, { isLost: false, isPowerOff: false });
            const lost = instructionFor(action, { isLost: true, isPowerOff: false });
            const powerOff = instructionFor(action, { isLost: false, isPowerOff: true });
            assert.ok(plain, action);
            assert.match(lost?.title ?? '', /The device is gone: plug it in again/);
            assert.match(powerOff?.text ?? '', /battery/);
        }
        assert.ok(instructionFor('KEEP_BOOT0_HELD', { isLost: false, isPowerOff: true }));
        assert.equal(instructionFor('ASK_MAKER', { isLost: false, isPowerOff: false }), undefined);
    });

    it('never speak of the command line', () => {
        for (const action of actions) {
            assert.doesNotMatch(actionText(action), /--|command/, action.name);
        }
        const engine = newEngine();
        for (const name of engine.errorNames()) {
            assert.doesNotMatch(errorText(engine.error(name)), /--|command/, name);
        }
    });

    it('never ask to unplug and not to unplug at once', () => {
        for (const { name } of actions) {
            const { title, text } = instructionFor(name, { isLost: false, isPowerOff: false }) ?? { title: '', text: '' };
            assert.ok(!(/unplug/i.test(title + text) && /leave the cable|do not unplug/i.test(title + text)), title);
        }
    });
});

describe('the brand', () => {
    it('is known to every text, in every language', async () => {
        setBrand('Acme');
        assert.equal(t('page.title'), 'Acme: update a protected STM32');
        await loadTexts('de', []);
        assert.equal(t('page.title'), 'Acme: einen geschützten STM32 aktualisieren');
        setBrand('Relock');
        await loadTexts('en', []);
    });
});

describe('numbers', () => {
    it('say times, sizes and addresses for people', () => {
        assert.equal(duration(900), '1 second');
        assert.equal(duration(59000), '59 seconds');
        assert.equal(duration(95000), '1 min 30 s');
        assert.equal(duration(120000), '2 min');
        assert.equal(size(1), '1 byte');
        assert.equal(size(1024 * 1024), '1 MiB');
        assert.equal(size(6000), '5.9 KiB');
        assert.equal(hex(0x08000000), '0x08000000');
    });
});

describe('a language', () => {
    afterEach(() => loadTexts('en', []));

    it('is switched with all that is loaded', async () => {
        assert.deepEqual([language(), direction()], ['en', 'ltr']);
        await loadTexts('fr', []);
        assert.equal(language(), 'fr');
        assert.equal(size(6000), '5,9 Kio');
        assert.equal(tn('duration.seconds', 0), '0 seconde', 'French counts none as one');
        assert.equal(t('step.number', { number: 2 }), 'Étape 2\u00a0:', 'no line breaks before its marks');
        assert.equal(list(['a', 'b']), 'a, b');
        assert.doesNotMatch(errorText({ name: 'FILE_EMPTY' }), /The/);
    });

    it('that was asked for last counts, whichever is there first', async () => {
        const first = loadTexts('ja', []);
        await Promise.all([loadTexts('es', []), first]);
        assert.equal(language(), 'es');
    });

    it('is switched with what is still being loaded in another', async () => {
        const first = addTexts(['report']);
        const change = loadTexts('de', []);
        const during = addTexts(['start']);
        await first;
        assert.equal(language(), 'de');
        await Promise.all([change, during]);
        assert.equal(language(), 'de');
        assert.doesNotMatch(t('report.title'), /maker/);
    });

    it('that comes late brings what was asked for meanwhile, which does not wait for it', async () => {
        const change = loadTexts('fr', []);
        await addTextsNow(['tree']);
        assert.equal(language(), 'en');
        assert.equal(t('help.tree.yes'), 'Yes');
        await change;
        assert.equal(t('help.tree.yes'), 'Oui');
    });

    it('that there is not is English', async () => {
        await loadTexts('xx', []);
        assert.equal(language(), 'en');
    });

    it('does not know what nobody wrote', () => {
        assert.throws(() => t('no.such'), /no\.such/);
        assert.throws(() => t('step.number'), /step\.number\{number\}/);
        assert.ok(hasText('step.tryAgain') && !hasText('step.none'));
        assert.throws(() => errorText({ name: 'NO_SUCH' }), /error\.NO_SUCH/);
    });
});

describe('the choice of a language', () => {
    const ALL = ['en', 'de', 'fr', 'es', 'zh-Hans', 'ja'];
    /** @type {[string | null, string[], string[], string][]} */
    const CASES = [
        ['de', ALL, ['fr'], 'de'],
        ['de-AT', ALL, ['fr'], 'de'],
        ['xx', ALL, ['pt', 'fr-CH', 'en'], 'fr'],
        ['not a tag', ALL, ['es-MX'], 'es'],
        [null, ALL, ['zh-CN'], 'zh-Hans'],
        [null, ALL, ['zh-TW', 'en-US'], 'en'],
        [null, ALL, ['pt-BR'], 'en'],
        ['fr', ['de', 'en'], ['ja'], 'de'],
        [null, ['DE', 'zh'], ['zh-Hans-CN'], 'zh-Hans'],
        [null, ['xx'], ['de'], 'en'],
    ];
    for (const [asked, offered, preferred, chosen] of CASES) {
        it(`takes ${chosen} for ${asked} of ${offered} by ${preferred}`, () => {
            assert.equal(chooseLanguage(asked, offered, preferred), chosen);
        });
    }
});

describe('platform', () => {
    for (const [agent, expected] of [['Mozilla/5.0 (X11; Linux x86_64)', 'linux'], ['Mozilla/5.0 (X11; CrOS x86_64)', 'chromeos'],
        ['Mozilla/5.0 (Linux; Android 14)', 'android'], ['Mozilla/5.0 (Windows NT 10.0)', 'windows'],
        ['Mozilla/5.0 (Macintosh; Intel)', 'macos'], ['Mozilla/5.0 (iPhone; like Mac OS X)', 'ios'],
        ['curl', 'other']]) {
        it(`takes "${agent}" for ${expected}`, () => assert.equal(platform({ userAgent: agent }), expected));
    }
});
