// @ts-check
// Every language says all that English says, and says it of the present English; and the page uses what there is.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ENGLISH, PARTS, TRANSLATED, findProblems, flat, pluralForms, readNoted, readTexts, shortHash,
    wantedTexts } from '../../scripts/lib/texts.mjs';
import { newEngine } from './support.mjs';

/** @typedef {Record<string, string>} Texts */

const ROOT = new URL('../../', import.meta.url);
const englishParts = await readTexts(ENGLISH);
const english = flat(englishParts);
const noted = readNoted();

/** Texts that are right although they are English's, letter for letter: the word is the same in these languages. */
const SAME = new Map(Object.entries({
    'file.checksum': TRANSLATED,
    'device.chip': ['de', 'es'],
    'device.flash': ['de', 'fr', 'es'],
    'device.protection': ['fr'],
    'error.code': ['de', 'fr'],
    'link.version': ['de', 'fr'],
    'link.resume.release': ['fr'],
}));

/** Words of the field that stay as they are in every language. */
const TERMS = new RegExp([
    'BOOT0|DFU|RDP|SWD|USB|OTG|WinUSB|Zadig|Relock|ST|STM32\\w*|Intel|HEX|RAM|JSON|snap|udev|0x[0-9A-F]{2,}|0483|DF11',
    'https?|localhost|Chrome|Edge|Opera|Brave|Firefox|Windows|Linux|Android|macOS|ChromeOS',
].map((words) => `\\b(?:${words})\\b`).join('|'), 'g');

/** Ways to address a visitor that these translations do not use. */
const TOO_FAMILIAR = new Map(Object.entries({
    de: /\b(du|dein|deine|deinem|deinen|deiner|dir|dich|euch|euer)\b/i,
    fr: /\b(tu|toi|ton|ta|tes)\b/i,
    es: /\b(tú|tu|tus|te|ti|contigo|vosotros|vuestro)\b/i,
}));

/** @param {string} text @returns {string[]} sorted */
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** @param {string} text @returns {string[]} each once, sorted */
const terms = (text) => [...new Set(text.match(TERMS) ?? [])].sort();

/** @param {string} key @returns {string} the English text that is closest to a key of a translation */
const origin = (key) => english[key] ?? english[key.replace(/\.\w+$/, '.other')];

/** @param {string} text @returns {string[]} what no text may have in any language */
function mistakesIn(text) {
    return Object.entries({
        'is empty': /^\s*$/,
        'begins or ends with a space': /^\s|\s$/,
        'has a doubled space': /\s\s/,
        'holds markup': /[<>]|&[a-z]+;/,
        'has a doubled stop': /\.\.|,,|\u3002\u3002|\u3001\u3001/,
        'is unfinished': /TODO|FIXME|\?\?\?|XXX/,
        'has a placeholder that is none': /\{(?!\w+\})|(?<!\{\w+)\}/,
        'has a straight quotation mark': /"/,
    }).filter(([, pattern]) => pattern.test(text)).map(([mistake]) => mistake);
}

describe('English', () => {
    it('has no key in two parts', () => {
        const all = [...englishParts.values()].flatMap((texts) => Object.keys(texts));
        assert.deepEqual(all.filter((key, index) => all.indexOf(key) !== index), []);
    });

    for (const [key, text] of Object.entries(english)) {
        it(`${key} is well-formed`, () => {
            assert.match(key, /^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9_-]+)+$/);
            assert.deepEqual(mistakesIn(text), []);
        });
    }
});

for (const tag of TRANSLATED) {
    const parts = await readTexts(tag);
    const texts = flat(parts);

    describe(`the translation ${tag}`, () => {
        it('says exactly what English says, and of the present English (see scripts/texts)', () => {
            assert.deepEqual(findProblems(wantedTexts(tag, english), texts, noted[tag] ?? {}), []);
        });

        it('keeps each text in the part in which English has it', () => {
            for (const part of PARTS) {
                const wanted = wantedTexts(tag, englishParts.get(part) ?? {});
                assert.deepEqual(Object.keys(parts.get(part) ?? {}).filter((key) => !wanted.has(key)), [], part);
            }
        });

        it('is well-formed', () => {
            assert.deepEqual(Object.entries(texts).flatMap(([key, text]) => mistakesIn(text).map((one) => `${key} ${one}`)), []);
        });

        it('has the placeholders of English', () => {
            const wrong = Object.entries(texts).filter(([key, text]) =>
                placeholders(text).join() !== placeholders(origin(key) ?? '').join());
            assert.deepEqual(wrong, []);
        });

        it('leaves nothing in English', () => {
            const left = Object.entries(texts).filter(([key, text]) => text === origin(key)
                && /\p{L}{3}/u.test(text.replace(/\{\w+\}|KiB|MiB|min|bytes?/g, '')) && !SAME.get(key)?.includes(tag));
            assert.deepEqual(left, []);
        });

        it('keeps the words of the field', () => {
            const lost = Object.entries(texts).flatMap(([key, text]) =>
                terms(origin(key) ?? '').filter((term) => !text.includes(term)).map((term) => `${key}: ${term}`));
            assert.deepEqual(lost, []);
        });

        it('is polite', () => {
            const pattern = TOO_FAMILIAR.get(tag);
            assert.deepEqual(Object.entries(texts).filter(([, text]) => pattern?.test(text)), []);
        });
    });
}

describe('the check of a translation', () => {
    const wanted = wantedTexts('ja', { 'a.b': 'One', 'c.one': '{count} day', 'c.other': '{count} days' });

    it('wants the plural forms of the language, and no others', () => {
        assert.deepEqual([...wanted.keys()], ['a.b', 'c.other']);
        assert.deepEqual(pluralForms('pl').sort(), ['few', 'many', 'one']);
        assert.deepEqual(pluralForms('fr').sort(), ['one', 'other']);
    });

    it('finds what is missing, stale or unknown', () => {
        const notedHere = { 'a.b': shortHash('Two'), 'c.other': shortHash('{count} day\n{count} days') };
        assert.deepEqual(findProblems(wanted, { 'a.b': 'x', 'd.e': 'y' }, notedHere), [{ key: 'a.b', what: 'stale' },
            { key: 'c.other', what: 'missing' }, { key: 'd.e', what: 'unknown' }]);
        assert.deepEqual(findProblems(wanted, { 'a.b': 'x', 'c.other': 'y' }, { ...notedHere, 'a.b': shortHash('One') }), []);
    });
});

/** @param {URL} folder @returns {string[]} the page's modules, without its texts */
function sources(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (entry.isDirectory()) {
            return entry.name === 'texts' ? [] : sources(new URL(`${entry.name}/`, folder));
        }
        return entry.name.endsWith('.js') ? [readFileSync(new URL(entry.name, folder), 'utf8')] : [];
    });
}

const html = readFileSync(new URL('public/index.html', ROOT), 'utf8');
const code = sources(new URL('web/', ROOT)).join('\n').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
const areas = new Set(Object.keys(english).map((key) => key.split('.')[0]));

/** Keys as they are called for: a plural without its form. */
const keys = new Set(Object.keys(english).map((key) => {
    const base = key.replace(/\.(one|other)$/, '');
    return `${base}.one` in english && `${base}.other` in english ? base : key;
}));

describe('the page', () => {
    const literals = new Set([...code.matchAll(/['`]([a-z]\w*(?:\.[\w-]+)+)['`]/g)].map(([, literal]) => literal));
    const patterns = [...code.matchAll(/`([a-z]\w*\.(?:[\w.-]|\$\{[^}]*\})*)`/g)].map(([, text]) => text)
        .filter((text) => text.includes('${')).map((text) =>
            new RegExp(`^${text.replace(/\./g, '\\.').replace(/\$\{[^}]*\}/g, '[\\w.-]*')}$`));
    const inDocument = new Set([...html.matchAll(/data-t="([^"]+)"|[\w-]+:([a-z]\w*\.[\w.]+)/g)]
        .map(([, one, other]) => one ?? other));

    it('asks for no text that there is not', () => {
        const isFile = /\.(js|css|json|wasm|txt|svg|hex|html)$/;
        const unknown = [...literals].filter((literal) => areas.has(literal.split('.')[0]) && !isFile.test(literal)
            && ![...Object.keys(english)].some((key) => key === literal || key.startsWith(`${literal}.`)));
        assert.deepEqual(unknown, []);
        assert.deepEqual([...inDocument].filter((key) => areas.has(key.split('.')[0]) && !(key in english)), []);
    });

    it('uses every text that there is', () => {
        const called = (/** @type {string} */ key) => literals.has(key) || inDocument.has(key)
            || patterns.some((pattern) => pattern.test(key)) || [...literals].some((literal) =>
            ['title', 'text', 'yes', 'no'].some((end) => `${literal}.${end}` === key));
        assert.deepEqual([...keys].filter((key) => !/^(error|action)\.[A-Z]/.test(key) && !called(key)), []);
    });
});

describe('index.html', () => {
    const plain = html.replace(/<(script|noscript|style)\b[^]*?<\/\1>/g, '');

    it('says in English what the texts say', () => {
        const found = [...plain.matchAll(/<(\w+)\b[^>]*\bdata-t="([^"]+)"[^>]*>([^<]*)<\/\1>/g)];
        assert.equal(found.length, [...plain.matchAll(/\bdata-t="/g)].length, 'each holds text only');
        for (const [, , key, text] of found) {
            assert.equal(text.replace(/\s+/g, ' ').trim(), english[key].replace('{brand}', 'Relock'), key);
        }
    });

    it('says nothing that could not be translated', () => {
        const rest = plain.replace(/<(\w+)\b[^>]*\bdata-t="[^"]+"[^>]*>[^<]*<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
        assert.deepEqual(rest.split(/\s+/).filter((word) => word && !/^RLK-\d{4}$/.test(word)), ['Relock']);
    });

    it('has a code wherever the page ends, and it is the core’s', () => {
        const engine = newEngine();
        const boxes = [...plain.matchAll(/<div id="([\w-]+)" class="error"/g)].map(([, id]) => id);
        const codes = [...plain.matchAll(/data-code-of="(\w+)">([^<]*)</g)];
        assert.deepEqual(boxes, ['framed', 'broken', 'no-usb', 'insecure', 'no-journal']);
        assert.deepEqual(codes.map(([, name, shown]) => [name, shown]), ['PAGE_FRAMED', 'PAGE_NOT_WHOLE', 'NO_WEBUSB', 'PAGE_INSECURE',
            'JOURNAL_FAILED'].map((name) => [name, engine.error(name).code]));
        assert.match(html, new RegExp(`<noscript>[^]*${engine.error('PAGE_NOT_WHOLE').code}[^]*</noscript>`));
    });

    it('has its attributes from the texts, too', () => {
        for (const [tag] of plain.matchAll(/<[a-z][^>]*>/g)) {
            const pairs = new Map((/data-t-attr="([^"]*)"/.exec(tag)?.[1] ?? '').split(' ').filter(Boolean)
                .map((pair) => /** @type {[string, string]} */ (pair.split(':'))));
            for (const [, name, text] of tag.matchAll(/\b(aria-label|title|placeholder|alt)="([^"]+)"/g)) {
                assert.ok(pairs.has(name), `${name} of ${tag}`);
                assert.equal(text, english[pairs.get(name) ?? '']);
            }
        }
        assert.match(plain, new RegExp(`name="description" content="${english['page.description']}"`));
    });
});

describe('the style sheets', () => {
    for (const name of readdirSync(new URL('public/', ROOT)).filter((file) => file.endsWith('.css'))) {
        it(`${name} knows a beginning and an end, not left and right`, () => {
            const style = readFileSync(new URL(`public/${name}`, ROOT), 'utf8');
            const sided = /^\s*(?:[\w-]*-)?(?:left|right)(?:-[\w-]+)?\s*:.*|:\s*(?:left|right)\s*;|float:.*/gm;
            assert.deepEqual(style.match(sided), null);
            const sides = [...style.matchAll(/^\s*(?:margin|padding|inset|border-width|border-radius):\s*([^;]+);/gm)]
                .filter(([, values]) => values.split(/\s+/).length === 4);
            assert.deepEqual(sides.map(([text]) => text.trim()), [], 'four values name left and right');
        });
    }
});
