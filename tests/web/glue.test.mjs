// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failure, firmware, newDevice, newEngine, wasm } from './support.mjs';

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);

describe('the wasm files', () => {
    for (const name of ['relock', 'sim']) {
        it(`${name}.wasm imports nothing`, () => {
            assert.deepEqual(WebAssembly.Module.imports(wasm(name)), []);
        });
    }
});

describe('names', () => {
    const engine = newEngine();

    it('gives every error a code, a kind and a next action', () => {
        const names = engine.errorNames();
        const actions = new Set(engine.actions().map((action) => action.name));
        assert.ok(names.length > 50);
        for (const name of names) {
            const error = engine.error(name);
            assert.equal(error.name, name);
            assert.match(error.code, /^RLK-\d{4}$/);
            assert.notEqual(error.kind, '');
            assert.ok(actions.has(error.action.name));
        }
    });

    it('answers an unknown error as an internal one', () => {
        assert.equal(engine.error('NO_SUCH_NAME').name, 'INTERNAL');
    });

    it('names the families', () => {
        assert.ok(engine.families().some(({ name, devices }) => name === 'STM32F405' && devices.includes('F407')));
    });

    it('names the simulated devices', () => {
        assert.ok(newDevice().profiles().some(({ name, title }) => name === 'stm32f405' && title.includes('F405')));
    });
});

describe('firmware files', () => {
    it('loads Intel HEX and the same as binary alike', () => {
        const engine = newEngine();
        const hex = engine.loadFile(firmware('blinky-small.hex'), null);
        const binary = engine.loadFile(firmware('blinky-small.bin'), 0x08000000);
        assert.deepEqual(hex, binary);
        assert.equal(hex.segments[0].addr, 0x08000000);
    });

    it('loads a file that needs more memory than there is, twice', () => {
        const engine = newEngine();
        const file = new Uint8Array(4 * 1024 * 1024).fill(7);
        file.set(firmware('blinky-small.bin'));
        assert.equal(engine.loadFile(file, 0x08000000).bytes, file.length);
        assert.equal(engine.loadFile(file, 0x08000000).bytes, file.length);
        assert.equal(engine.loadFile(firmware('blinky-small.hex'), null).segments.length, 1);
    });

    for (const [title, text, name, line] of /** @type {[string, string, string, number][]} */ ([
        ['a wrong checksum', ':020000040800F2\n:00000001FF\n', 'IMAGE_EMPTY', 0],
        ['a damaged line', ':020000040800F2\n:0100000001FF\n:00000001FF\n', 'HEX_CHECKSUM', 2],
        ['a missing end', ':020000040800F2\n:0400000001020304F2\n', 'HEX_TRUNCATED', 0],
        ['nothing', '', 'FILE_EMPTY', 0],
    ])) {
        it(`refuses ${title}`, () => {
            const error = failure(() => newEngine().loadFile(bytes(text), null));
            assert.equal(error.name, name);
            assert.ok(line === 0 || error.place.line === line);
        });
    }

    it('refuses a binary without an address', () => {
        assert.equal(failure(() => newEngine().loadFile(firmware('blinky-small.bin'), null)).name, 'BINARY_WITHOUT_ADDRESS');
    });

    it('refuses a file that is too large before it copies it', () => {
        const engine = newEngine();
        const file = new Uint8Array(engine.fileBytesMax() + 1);
        assert.equal(failure(() => engine.loadFile(file, 0x08000000)).name, 'FILE_TOO_LARGE');
    });
});

describe('a file that comes while a session runs', () => {
    it('is refused, and the image stays', () => {
        const engine = newEngine();
        const image = engine.loadFile(firmware('blinky-small.hex'), null);
        const other = firmware('blinky-small.bin').subarray(0, 64);
        engine.begin({ job: 'update', withImage: true, endProtected: true, wayBack: 'boot0' });
        assert.equal(failure(() => engine.loadFile(other, 0x08000000)).name, 'INTERNAL');
        assert.equal(failure(() => engine.fileFormat(other)).name, 'INTERNAL');
        assert.deepEqual(engine.imageSummary(), image);
        assert.equal(engine.next().kind, 'reopen');
        engine.setOutcome({ kind: 'gone', error: 'NO_DEVICE' });
        engine.complete();
        assert.equal(engine.next().kind, 'done');
        assert.equal(engine.loadFile(other, 0x08000000).bytes, 64);
    });
});

describe('the journal line', () => {
    it('is refused when it is damaged', () => {
        assert.equal(failure(() => newEngine().decodeJournal('relock-journal-1 nonsense')).name, 'JOURNAL_MALFORMED');
    });
});
