// @ts-check
// documents.wasm over the corpus in tests/documents, beside JSON.parse and the JSON Schemas in docs/schema: what it
// reads is what JSON.parse reads, and what it accepts the schemas accept.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Documents } from '../../wasm-glue/documents.js';
import { RelockError } from '../../wasm-glue/values.js';
import { DOCUMENT_BYTES_MAX } from '../../web/release/document.js';
import { firmware, newEngine, simulate, update, wasm } from './support.mjs';

/** @typedef {import('../../wasm-glue/documents.js').DocumentKind} DocumentKind */
/** @typedef {{file: string, kind: DocumentKind, error: string, path: string, refusedBy: string}} Row */

const CORPUS = fileURLToPath(new URL('../documents', import.meta.url));
const SCHEMAS = fileURLToPath(new URL('../../docs/schema', import.meta.url));
const KINDS = /** @type {DocumentKind[]} */ (['release', 'channel', 'keys', 'signature', 'site']);

const documents = new Documents(wasm('documents'));
// strictRequired is a matter of taste: it wants properties repeated inside anyOf.
const ajv = new Ajv2020({ strict: true, strictRequired: false });
const schemas = new Map(KINDS.map((kind) =>
    [kind, ajv.compile(JSON.parse(readFileSync(`${SCHEMAS}/${kind}.schema.json`, 'utf8')))]));

/** @type {Row[]} */
const rows = readFileSync(`${CORPUS}/manifest.tsv`, 'utf8').trim().split('\n').slice(1).map((line) => {
    const [file, kind, error, path, refusedBy] = line.split('\t');
    return { file, kind: /** @type {DocumentKind} */ (kind), error, path: path === '-' ? '' : path, refusedBy };
});

/** @param {Row} row */
const bytesOf = (row) => readFileSync(`${CORPUS}/${row.file}`);
/** @param {string} text */
const encode = (text) => new TextEncoder().encode(text);

/** @param {any} value @returns {any} the same with ordinary objects, after a look that there were none */
function ordinary(value) {
    if (Array.isArray(value)) {
        return value.map(ordinary);
    }
    if (value === null || typeof value !== 'object') {
        return value;
    }
    assert.equal(Object.getPrototypeOf(value), null);
    return Object.fromEntries(Object.keys(value).map((name) => [name, ordinary(value[name])]));
}

/** @param {() => unknown} action @returns {RelockError} */
function refusal(action) {
    try {
        action();
    } catch (error) {
        assert.ok(error instanceof RelockError, String(error));
        return error;
    }
    throw new assert.AssertionError({ message: 'it was accepted' });
}

/** @param {() => unknown} action @returns {any} what it gave; undefined if it threw */
function orUndefined(action) {
    try {
        return action();
    } catch {
        return undefined;
    }
}

/** Always the same numbers below `count`. @param {number} seed */
function lot(seed) {
    let state = seed >>> 0;
    return (/** @type {number} */ count) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * count);
    };
}

describe('the corpus of documents', () => {
    it('is all named in its manifest', () => {
        const files = ['good', 'bad'].flatMap((folder) => readdirSync(`${CORPUS}/${folder}`).map((name) => `${folder}/${name}`));
        assert.deepEqual(rows.map(({ file }) => file).sort(), files.sort());
        assert.ok(rows.filter(({ error }) => error === 'OK').length >= 12);
        assert.ok(rows.filter(({ error }) => error !== 'OK').length >= 90);
    });

    for (const row of rows.filter(({ error }) => error === 'OK')) {
        it(`${row.file} is read as JSON.parse reads it, and fits the schema`, () => {
            const bytes = bytesOf(row);
            const plain = JSON.parse(bytes.toString('utf8'));
            assert.deepEqual(ordinary(documents.read(row.kind, bytes)), plain);
            const fits = schemas.get(row.kind);
            assert.ok(fits?.(plain), JSON.stringify(fits?.errors));
        });
    }

    it('has no bad document that is accepted, or refused for another reason', () => {
        for (const row of rows.filter(({ error }) => error !== 'OK')) {
            const error = refusal(() => documents.read(row.kind, bytesOf(row)));
            assert.deepEqual([error.name, error.place.path], [row.error, row.path], row.file);
            assert.ok(Number(error.place.offset) <= bytesOf(row).length, row.file);
        }
    });

    it('is refused by the schemas where the manifest says so, and only there', () => {
        const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        for (const row of rows.filter(({ error }) => error !== 'OK')) {
            const plain = orUndefined(() => JSON.parse(decoder.decode(bytesOf(row))));
            const isAccepted = plain !== undefined && schemas.get(row.kind)?.(plain) === true;
            const isParsed = plain !== undefined;
            assert.equal(isParsed && !isAccepted, row.refusedBy === 'schema', row.file);
        }
    });
});

const NAMES = ['', 'a', 'b', 'name', '__proto__', 'constructor', 'toString', '\u00e9', '\u6f22', '\u{1f600}', '"', '\\', '\n', '\u2028'];
const TEXTS = [...NAMES, '\u0001', '\u007f', '\u00a0', '\ufeff', '\uffff', '\u{10ffff}', '<script>', 'x'.repeat(300)];

/** @param {(count: number) => number} below @param {number} depth @returns {any} */
function randomValue(below, depth) {
    const makers = [
        () => null,
        () => below(2) === 1,
        () => below(2 ** 32),
        () => below(12),
        () => Array.from({ length: below(4) }, () => TEXTS[below(TEXTS.length)]).join(''),
        () => Array.from({ length: below(5) }, () => randomValue(below, depth + 1)),
        () => Object.fromEntries(Array.from({ length: below(5) },
            () => [NAMES[below(NAMES.length)], randomValue(below, depth + 1)])),
    ];
    return makers[below(depth < 8 ? makers.length : makers.length - 2)]();
}

/** Some characters as escapes, blanks between tokens. @param {string} text @param {(count: number) => number} below */
function disguise(text, below) {
    const escape = (/** @type {string} */ unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return text.replace(/"(?:[^"\\]|\\.)*"|[[\]{},:]/g, (token) => (token[0] === '"'
        ? token.replace(/\\.[0-9a-f]*|[^"]/gu, (part) => (part[0] !== '\\' && below(4) === 0
            ? Array.from({ length: part.length }, (_, index) => escape(part[index])).join('') : part))
        : ['', ' ', '\n', '\t\r'][below(4)] + token));
}

describe('strict JSON', () => {
    it('is read as JSON.parse reads it, whatever it holds', () => {
        const below = lot(1);
        for (let round = 0; round < 3000; round += 1) {
            const value = randomValue(below, 0);
            const text = disguise(JSON.stringify(value), below);
            assert.deepEqual(ordinary(documents.parse(encode(text))), ordinary(JSON.parse(text, (_, made) =>
                (made !== null && typeof made === 'object' && !Array.isArray(made)
                    ? Object.assign(Object.create(null), made) : made))), text);
        }
    });

    it('is never read otherwise than by JSON.parse after a damage, and often refused', () => {
        const below = lot(2);
        const bits = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', '\u0000', '\u00e9', 'u', ' '];
        let refused = 0;
        for (let round = 0; round < 5000; round += 1) {
            const text = JSON.stringify(randomValue(below, 0));
            const at = below(text.length + 1);
            const damaged = (text.slice(0, at) + bits[below(bits.length)] + text.slice(at + below(2)))
                .replace(/\p{Cs}/gu, '?'); // a pair may have been split
            const read = orUndefined(() => documents.parse(encode(damaged)));
            refused += read === undefined ? 1 : 0;
            assert.ok(read === undefined || JSON.stringify(read) === JSON.stringify(JSON.parse(damaged)), damaged);
        }
        assert.ok(refused > 1000 && refused < 5000, String(refused));
    });

    it('may be as long for the page as for the core', () => {
        const { rlk_doc_input_bytes: room } = /** @type {any} */ (new WebAssembly.Instance(wasm('documents')).exports);
        assert.equal(DOCUMENT_BYTES_MAX, room() - 1, 'there is room for one more, which tells that it is too much');
    });

    it('is refused if it is too much, however much', () => {
        for (const length of [65537, 10_000_000]) {
            const error = refusal(() => documents.read('release', new Uint8Array(length).fill(0x20)));
            assert.deepEqual([error.name, error.place.offset], ['DOCUMENT_TOO_LARGE', 65536]);
        }
    });

    it('gives objects that no name can make dangerous', () => {
        const read = /** @type {any} */ (documents.parse(encode('{"__proto__":{"x":1},"constructor":2}')));
        assert.deepEqual(Object.keys(read), ['__proto__', 'constructor']);
        assert.equal(read.x, undefined);
        assert.equal(Object.getPrototypeOf(read), null);
    });
});

/** All texts and numbers of a tree, as [holder, key]. @param {any} value @returns {[any, string | number][]} */
function leaves(value) {
    return Object.keys(value).flatMap((key) => (value[key] !== null && typeof value[key] === 'object'
        ? leaves(value[key]) : [/** @type {[any, string]} */ ([value, key])]));
}

/** @param {any} value @param {(count: number) => number} below @returns {any} nearly the same */
function almost(value, below) {
    if (typeof value !== 'string') {
        return [0, 1, 2 ** 32 - 1, 'x', true, null][below(6)];
    }
    const at = below(value.length + 1);
    const bits = ['', '-', '.', '/', ':', '@', 'a', 'Z', '0', '9', ' ', '#', '\n', '\u00e9', '|', '+', '_', '~', '\\', 'x'.repeat(60)];
    return value.slice(0, at) + bits[below(bits.length)] + value.slice(at + below(3));
}

describe('documents and schemas', () => {
    it('agree: what is read fits the schema, after any change of a value', () => {
        const below = lot(3);
        const good = rows.filter(({ error, file }) => error === 'OK' && !file.includes('64-kib'));
        let accepted = 0;
        for (let round = 0; round < 8000; round += 1) {
            const row = good[below(good.length)];
            const changed = JSON.parse(bytesOf(row).toString('utf8'));
            const [holder, key] = ((all) => all[below(all.length)])(leaves(changed));
            holder[key] = almost(holder[key], below);
            const read = orUndefined(() => documents.read(row.kind, encode(JSON.stringify(changed))));
            accepted += read === undefined ? 0 : 1;
            assert.ok(read === undefined || schemas.get(row.kind)?.(changed), `${row.file} ${key}: ${holder[key]}`);
        }
        assert.ok(accepted > 500 && accepted < 7500, String(accepted));
    });
});

/** All properties of a schema, as [name, schema]. @param {any} schema @returns {[string, any][]} */
function properties(schema) {
    const parts = Object.values(schema).filter((part) => part !== null && typeof part === 'object' && !Array.isArray(part));
    return [...Object.entries(schema.properties ?? {}), ...parts.flatMap(properties)];
}

describe('the schemas', () => {
    for (const kind of KINDS) {
        it(`say what each field of ${kind} is`, () => {
            const schema = JSON.parse(readFileSync(`${SCHEMAS}/${kind}.schema.json`, 'utf8'));
            assert.ok(properties(schema).length > 3);
            const missing = properties(schema).filter(([, { description }]) => !description).map(([name]) => name);
            assert.deepEqual(missing, []);
        });
    }
});

/** WCAG 2.2's relative luminance. @param {string} color */
function luminance(color) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
        const channel = parseInt(color.slice(at, at + 2), 16) / 255;
        return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('colours', () => {
    it('are judged as floating point judges them', () => {
        const below = lot(4);
        const site = JSON.parse(readFileSync(`${CORPUS}/good/site-full.json`, 'utf8'));
        const color = () => `#${below(2 ** 24).toString(16).padStart(6, '0')}`;
        let readable = 0;
        for (let round = 0; round < 4000; round += 1) {
            const [accent, accentText] = round < 256
                ? ['#ffffff', `#${round.toString(16).padStart(2, '0').repeat(3)}`] : [color(), color()];
            site.colors = { accent, accentText, accentDark: '#000000', accentTextDark: '#ffffff' };
            const [darker, lighter] = [luminance(accent), luminance(accentText)].sort((a, b) => a - b);
            const isReadable = (lighter + 0.05) / (darker + 0.05) >= 4.5;
            readable += isReadable ? 1 : 0;
            const read = orUndefined(() => documents.read('site', encode(JSON.stringify(site))));
            assert.equal(read !== undefined, isReadable, `${accent} ${accentText}`);
        }
        assert.ok(readable > 400 && readable < 3600, String(readable));
    });
});

describe('Documents', () => {
    const release = readFileSync(`${CORPUS}/good/release-small.json`);

    it('estimates the release that was read last, and nothing else', () => {
        documents.read('release', release);
        assert.ok(documents.estimateMs() > 1000 && documents.estimateMs() < 60_000);
        documents.read('channel', readFileSync(`${CORPUS}/good/channel.json`));
        assert.equal(refusal(() => documents.estimateMs()).name, 'INTERNAL');
        documents.read('release', release);
        refusal(() => documents.read('release', encode('{')));
        assert.equal(refusal(() => documents.estimateMs()).name, 'INTERNAL');
    });

    it('knows no other kinds', () => {
        assert.equal(refusal(() => documents.read(/** @type {any} */ ('report'), release)).name, 'INTERNAL');
    });

    it('names errors that the engine knows too', () => {
        const names = new Set(newEngine().errorNames());
        rows.filter(({ error }) => error !== 'OK').forEach(({ error }) => assert.ok(names.has(error), error));
    });
});

describe('the estimate of a release', () => {
    const cases = [
        { profile: 'stm32f405', family: 'STM32F405', file: 'blinky-large.hex' },
        { profile: 'stm32f405', family: 'STM32F405', file: 'blinky-small.bin' },
        { profile: 'stm32f072', family: 'STM32F07x', file: 'blinky-small.hex' },
        { profile: 'stm32l432', family: 'STM32L4', file: 'blinky-large.bin' },
    ];
    for (const { profile, family, file } of cases) {
        it(`is about that of the plan: ${file} on ${profile}`, async () => {
            const release = JSON.parse(readFileSync(`${CORPUS}/good/release-small.json`, 'utf8'));
            const isHex = file.endsWith('.hex');
            release.chip.families = [family];
            release.images = [{ file, size: firmware(file).length, sha256: '0'.repeat(64),
                ...(isHex ? {} : { address: '0x08000000' }) }];
            documents.read('release', encode(JSON.stringify(release)));
            const engine = newEngine();
            engine.loadFile(firmware(file), isHex ? null : 0x08000000);
            let plannedMs = 0;
            await update({ engine, ...simulate(profile) }, { family }, { ask: async () => {
                plannedMs = engine.plan().estimateMs;
                return false;
            } });
            const ratio = documents.estimateMs() / plannedMs;
            assert.ok(ratio > 0.75 && ratio < 1.33, `${documents.estimateMs()} ms, planned ${plannedMs} ms`);
        });
    }
});
