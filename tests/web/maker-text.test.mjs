// @ts-check
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { bestLanguage, wordsOf } from '../../web/maker-text.js';
import { loadTexts } from '../../web/texts.js';

describe('the language of a maker\'s text', () => {
    before(() => loadTexts('de', ['link']));

    /** @type {[string[], string, string | undefined][]} */
    const CHOICES = [
        [['en', 'de'], 'de', 'de'],
        [['en', 'de-AT'], 'de', 'de-AT'],
        [['en', 'DE'], 'de', 'DE'],
        [['zh-Hans', 'en'], 'zh-Hans', 'zh-Hans'],
        [['en', 'pt-BR'], 'fr', 'en'],
        [['fr'], 'de', 'fr'],
        [[], 'de', undefined],
    ];
    for (const [there, wanted, best] of CHOICES) {
        it(`of ${there.join(', ') || 'none'} for ${wanted} is ${best}`, () => {
            assert.equal(bestLanguage(there, wanted), best);
        });
    }

    it('is the document\'s first one where the page\'s is missing', () => {
        assert.deepEqual(wordsOf({ en: 'Hold it.', de: 'Halten.' }, ['en', 'de']), { tag: 'de', words: 'Halten.' });
        assert.deepEqual(wordsOf({ en: 'Hold it.' }, ['en', 'de']), { tag: 'en', words: 'Hold it.' });
    });

    it('is never one that the document does not name', () => {
        assert.deepEqual(wordsOf(JSON.parse('{"en": "Hold it.", "__proto__": "x"}'), ['en']), { tag: 'en', words: 'Hold it.' });
    });
});
