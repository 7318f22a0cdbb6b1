// @ts-check
// relock.wasm with a release: several files as one image, and what the release wishes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runSession } from '../../web/job/session-loop.js';
import { failure, firmware, helpful, newEngine, simulate } from './support.mjs';

const FLASH = 0x08000000;
const F405_LAYOUT = '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg';
const SMALL = JSON.parse(readFileSync(new URL('../documents/good/release-small.json', import.meta.url), 'utf8'));

/** @param {object} [changes] to a small release for STM32F405 */
const release = (changes) => new TextEncoder().encode(JSON.stringify({ ...SMALL, ...changes }));

/** A HEX line. @param {number} address @param {number} type @param {number[]} data */
function hexLine(address, type, data) {
    const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    return `:${[...bytes, -sum & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join('')}\n`;
}

/** @param {number} offset into flash @param {number[]} data */
function hexFile(offset, data) {
    return new TextEncoder().encode(hexLine(0, 4, [0x08, 0x00]) + hexLine(offset, 0, data) + hexLine(0, 1, []));
}

describe('several files as one image', () => {
    const file = firmware('blinky-small.bin');
    const cut = 16 * 64;
    const parts = [{ file: file.slice(0, cut), address: FLASH }, { file: file.slice(cut), address: FLASH + cut }];

    it('gives what one file gives, in any order, and again', () => {
        const engine = newEngine();
        const whole = engine.loadFile(file, FLASH);
        assert.deepEqual(engine.loadFiles([{ file, address: FLASH }]), whole);
        assert.deepEqual(engine.loadFiles(parts), whole);
        assert.deepEqual(engine.loadFiles([...parts].reverse()), whole);
        assert.deepEqual(engine.imageSummary(), whole);
    });

    it('takes Intel HEX without an address and raw bytes with one, whatever they look like', () => {
        const engine = newEngine();
        const hex = hexFile(0x100, [1, 2, 3]);
        const { segments } = engine.loadFiles([{ file, address: FLASH + 0x4000 }, { file: hex, address: null },
            { file: hex, address: FLASH + 0x8000 }]);
        assert.deepEqual(segments.map(({ addr }) => addr), [FLASH + 0x100, FLASH + 0x4000, FLASH + 0x8000]);
        assert.equal(segments[0].bytes, 16);
        assert.equal(segments[2].bytes, Math.ceil(hex.length / 16) * 16);
    });

    it('loads files that need more memory than there is', () => {
        const engine = newEngine();
        const large = new Uint8Array(2 * 1024 * 1024).fill(7);
        const addresses = [FLASH, FLASH + 0x400000, FLASH + 0x800000];
        const summary = engine.loadFiles(addresses.map((address) => ({ file: large, address })));
        assert.equal(summary.bytes, 3 * large.length);
        assert.equal(summary.segments.length, 3);
    });

    it('says which file is wrong, where, and keeps no image', () => {
        const bad = new TextEncoder().encode(':020000040800F2\n:0000000\n');
        /** @type {[{file: Uint8Array, address: number | null}[], string, number, number][]} */
        const cases = [
            [[parts[0], { file: bad, address: null }], 'HEX_SYNTAX', 1, 2],
            [[parts[0], { file: file.slice(0, 16), address: FLASH + cut - 8 }], 'IMAGE_OVERLAP', 1, 0],
            [[{ file, address: null }], 'BINARY_WITHOUT_ADDRESS', 0, 0],
            [[parts[0], { file: new Uint8Array(0), address: FLASH + 0x8000 }], 'FILE_EMPTY', 1, 0],
            [[{ file: new Uint8Array(0), address: null }], 'FILE_EMPTY', 0, 0],
            [[parts[0], { file: new Uint8Array(33 * 1024 * 1024), address: FLASH }], 'FILE_TOO_LARGE', 1, 0],
            [[{ file: new Uint8Array(8 << 20), address: FLASH }, { file: bad, address: 0 }], 'FILE_TOO_LARGE', 1, 0],
        ];
        for (const [files, name, index, line] of cases) {
            const engine = newEngine();
            const error = failure(() => engine.loadFiles(files));
            assert.deepEqual([error.name, error.place.index, error.place.line ?? 0], [name, index, line]);
            assert.equal(engine.imageSummary().bytes, 0);
        }
        assert.equal(newEngine().loadFiles([]).bytes, 0);
    });
});

describe('a release', () => {
    it('that is wrong is refused with its place, and is then not wished', () => {
        const engine = newEngine();
        const image = engine.loadFile(firmware('blinky-small.bin'), FLASH);
        engine.loadRelease(release());
        /** @type {[Uint8Array, string, string][]} */
        const cases = [
            [new TextEncoder().encode('{"format": "relock-release-1",}'), 'DOCUMENT_SYNTAX', ''],
            [release({ images: [{ ...SMALL.images[0], sha256: 'x' }] }), 'DOCUMENT_FIELD_VALUE', 'images[0].sha256'],
            [release({ options: [{ field: 'DATA0', value: 1 }] }), 'DOCUMENT_FIELD_VALUE', 'options[0].field'],
            [new Uint8Array(100000).fill(32), 'DOCUMENT_TOO_LARGE', ''],
        ];
        for (const [document, name, path] of cases) {
            const error = failure(() => engine.loadRelease(document));
            assert.deepEqual([error.name, error.place.path], [name, path]);
            assert.equal(failure(() => engine.begin({ job: 'look', withRelease: true })).name, 'INTERNAL');
        }
        assert.deepEqual(engine.imageSummary(), image, 'the firmware is still there');
    });

    it('decides alone how the device ends, comes back and which it is', () => {
        const engine = newEngine();
        engine.loadRelease(release());
        for (const extra of [{ endProtected: true }, { wayBack: 'boot0' }, { family: 'STM32F405' }]) {
            assert.equal(failure(() => engine.begin({ job: 'update', withRelease: true, ...extra })).name, 'INTERNAL');
        }
    });

    it('is not exchanged while a session runs', () => {
        const engine = newEngine();
        engine.loadRelease(release());
        engine.begin({ job: 'look', withRelease: true });
        assert.equal(failure(() => engine.loadRelease(release())).name, 'INTERNAL');
        assert.equal(failure(() => engine.loadFiles([])).name, 'INTERNAL');
    });
});

/**
 * Runs an update with a release on a simulated device.
 * @param {object} changes to the release
 * @param {Partial<import('../../wasm-glue/values.js').Wish>} [wish]
 * @param {string} [profile]
 */
async function updateBy(changes, wish, profile = 'stm32f405') {
    const engine = newEngine();
    const { device, transport } = simulate(profile);
    device.allowOptionBits(0, 0x0c, 0x04);
    engine.loadFile(firmware('blinky-small.bin'), FLASH);
    engine.loadRelease(release(changes));
    /** @type {import('../../wasm-glue/values.js').Plan[]} */
    const plans = [];
    const ending = await runSession({ engine, transport,
        wish: { job: 'update', withImage: true, withRelease: true, ...wish },
        host: { ask: async () => {
            plans.push(engine.plan());
            return true;
        }, person: helpful(transport, 'boot0'), record: async () => {}, observe: () => {} } });
    return { engine, truth: device.truth(), error: engine.fault()?.error.name ?? 'OK', plan: plans[0],
        action: ending.error?.action.name };
}

describe('an update by a release', () => {
    it('ends protected with the wished fields, and the plan names them', async () => {
        const { error, truth, plan } = await updateBy({ options: [{ field: 'BOR_LEV', value: 1 }],
            chip: { families: ['stm32f405'], layouts: [F405_LAYOUT] } }, { serial: '3573365D3433' });
        assert.equal(error, 'OK');
        assert.deepEqual(truth.violations, []);
        assert.equal(truth.rdpLevel, 1);
        assert.deepEqual(plan.options, [{ field: 'BOR_LEV', value: 1 }]);
    });

    it('ends open if the release says so', async () => {
        const { error, truth, plan } = await updateBy({ end: 'open' });
        assert.equal(error, 'OK');
        assert.equal(truth.rdpLevel, 0);
        assert.deepEqual(plan.options, []);
    });

    it('does not touch another device, and tells what it found', async () => {
        /** @type {[object, object, string][]} */
        const cases = [
            [{ chip: { families: ['STM32L4'] } }, {}, 'WRONG_CHIP'],
            [{ chip: { families: ['STM32F405'], layouts: [`${F405_LAYOUT} `] } }, {}, 'WRONG_LAYOUT'],
            [{}, { serial: '3573365D3434' }, 'WRONG_SERIAL'],
            [{}, { serial: '' }, 'WRONG_SERIAL'],
            [{ return: 'none' }, {}, 'WAY_BACK_IS_NONE'],
            [{ options: [{ field: 'nWRP', value: 1 }] }, {}, 'DOOR_WOULD_CLOSE'],
        ];
        for (const [changes, wish, name] of cases) {
            const { engine, error, truth, plan } = await updateBy(changes, wish);
            assert.equal(error, name);
            assert.equal(truth.rdpLevel, 1);
            assert.equal(truth.regressions, 0);
            assert.equal(plan, undefined);
            const { chip, flashString, serial } = engine.findings();
            assert.deepEqual([chip, flashString, serial], ['STM32F405', F405_LAYOUT, '3573365D3433']);
        }
    });

    it('asks no customer to name the chip', async () => {
        const { error, action, truth } = await updateBy({ chip: { families: ['STM32F105', 'STM32F30x'] } }, {}, 'stm32f303');
        assert.deepEqual([error, action, truth.regressions], ['AMBIGUOUS_CHIP', 'ASK_MAKER', 0]);
    });

    it('knows serial numbers that no device can have', () => {
        const engine = newEngine();
        for (const serial of ['x'.repeat(200), '3573365D3433\0']) {
            assert.equal(failure(() => engine.begin({ job: 'look', serial })).name, 'WRONG_SERIAL');
        }
    });
});
