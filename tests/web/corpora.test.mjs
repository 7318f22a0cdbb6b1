// @ts-check
// The fuzz targets' corpora through the shipped wasm: what the native targets say of each file (replay --say), the wasm
// must say too. RELOCK_FUZZ_TARGETS names another folder of native programs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RelockError } from '../../wasm-glue/values.js';
import { newEngine } from './support.mjs';

const TARGETS = process.env.RELOCK_FUZZ_TARGETS
    ?? fileURLToPath(new URL('../../build/debug/tests/fuzz', import.meta.url));
const CORPUS = fileURLToPath(new URL('../fuzz/corpus', import.meta.url));

/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {Record<string, any>} Given what a target was given, as it said it */
/** @typedef {{file: string, given: Given, lines: string[]}} Case */

/** @param {string} name @returns {Case[]} */
function saidNatively(name) {
    const text = execFileSync(`${TARGETS}/fuzz_${name}`, ['--say', `${CORPUS}/${name}`],
        { encoding: 'latin1', maxBuffer: 1 << 29 });
    return text.split(/^# /m).slice(1).flatMap((part) => {
        const [file, ...cases] = part.split(/^= /m);
        return cases.map((said) => {
            const [given, ...lines] = said.replace(/\n$/, '').split('\n');
            return { file: file.trim(), given: JSON.parse(given), lines };
        });
    });
}

/** @param {string} digits */
const bytesOf = (digits) => Uint8Array.from(Buffer.from(digits, 'hex'));

/** @param {() => string[]} action @param {(error: RelockError) => string} tell @returns {string[]} */
function orError(action, tell) {
    try {
        return action();
    } catch (error) {
        if (error instanceof RelockError) {
            return [tell(error)];
        }
        throw error;
    }
}

/** @param {RelockEngine} engine @param {Given} given */
function sayHex(engine, given) {
    const text = bytesOf(given.text);
    if (engine.fileFormat(text).name !== 'intel-hex') {
        return ['not hex'];
    }
    return orError(() => {
        const { bytes, crc32, segments } = engine.loadFile(text, null);
        return [`${bytes} bytes crc ${crc32}`, ...segments.map(({ addr, bytes: length }) => `${addr} ${length}`)];
    }, (error) => `${error.name} line ${error.place.line} addr ${error.place.addr ?? 'none'}`);
}

/** @param {RelockEngine} engine @param {Given} given */
function sayImage(engine, given) {
    const file = bytesOf(given.file);
    return [engine.fileFormat(file).name, ...orError(() => {
        const { bytes, crc32, segments } = engine.loadFile(file, given.addr);
        return [`${bytes} bytes crc ${crc32}`, ...segments.map(({ addr, bytes: length }) => `${addr} ${length}`)];
    }, (error) => error.name)];
}

/** @param {RelockEngine} engine @param {Given} given */
function sayJournal(engine, given) {
    return orError(() => {
        const entry = engine.decodeJournal(Buffer.from(given.line, 'hex').toString('latin1'));
        return [`OK ${entry.phase} ${entry.family} ${entry.endProtected ? 1 : 0} ${entry.wayBack} ${entry.imageBytes} ${entry.serial}`];
    }, (error) => error.name);
}

/** @param {RelockEngine} engine */
function sayFindings(engine) {
    const { product, serial, flashSectors, protection, options } = engine.findings();
    return [`found ${product} ${serial} ${flashSectors} ${protection}`,
        ...options.map(({ name, value, bits, meaning }) => `option ${name} ${value} ${bits} ${meaning}`)];
}

/**
 * The same outcomes, one after the other: the engine must ask for the same operations.
 * @param {RelockEngine} engine
 * @param {Given} given
 * @param {string[]} lines
 */
function saySession(engine, given, lines) {
    const said = [];
    engine.loadFile(bytesOf(given.image), given.addr);
    engine.begin({ job: given.job, endProtected: given.endProtected, wayBack: given.wayBack, poll: given.poll,
        allowExperimental: given.allowExperimental, trustzoneIsOff: given.trustzoneIsOff, family: given.family,
        withImage: true, journal: given.journal || undefined });
    for (const answer of lines.filter((line) => line.startsWith('< '))) {
        if (engine.next().kind === 'done') {
            break;
        }
        const { data, error, ...outcome } = JSON.parse(answer.slice(2));
        engine.setOutcome({ ...outcome, data: bytesOf(data), error: error || undefined });
        said.push(engine.transcriptOperation(), answer);
        engine.complete();
    }
    engine.next();
    return [...said, engine.transcriptOperation(), ...sayFindings(engine)];
}

/** @type {Record<string, (engine: RelockEngine, given: Given, lines: string[]) => string[]>} */
const say = { hex: sayHex, image: sayImage, journal: sayJournal, session: saySession };

describe('the corpora through the shipped wasm', () => {
    for (const name of ['hex', 'image', 'journal', 'layout', 'descriptors', 'options', 'session', 'device']) {
        it(`${name}: says what the native engine says`, (context) => {
            const engine = newEngine();
            const cases = saidNatively(name);
            for (const { file, given, lines } of cases) {
                assert.deepEqual(say[given.kind](engine, given, lines), lines, file);
            }
            context.diagnostic(`${cases.length} cases`);
            assert.ok(cases.length > 5);
        });
    }
});
