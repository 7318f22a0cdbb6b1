// @ts-check
/** What else is in the sectors that the page's engine erases: handed over before the erase, joined, and as a file. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexOf, joinKept } from '../../web/job/kept-rest.js';
import { firmware, newEngine, simulate, update } from './support.mjs';

const IMAGE = firmware('blinky-small.bin');
const HEX = firmware('blinky-small.hex');
const FLASH_ADDR = 0x08000000;

/** @param {number} addr @param {...number} bytes */
const range = (addr, ...bytes) => ({ addr, bytes: Uint8Array.from(bytes) });

/** @param {string} text of a file that holds what it says, by relock's own reader */
function read(text) {
    const engine = newEngine();
    return engine.loadFile(new TextEncoder().encode(text), null);
}

/** @param {string} text @returns {Map<number, number>} the bytes by address, read without relock */
function bytesOf(text) {
    const bytes = new Map();
    let upper = 0;
    for (const line of text.trim().split('\n')) {
        const record = Buffer.from(line.slice(1), 'hex');
        assert.equal(record.reduce((sum, byte) => sum + byte, 0) & 0xff, 0, line);
        if (record[3] === 4) {
            upper = record.readUInt16BE(4) * 0x10000;
        } else if (record[3] === 0) {
            record.subarray(4, -1).forEach((byte, index) => bytes.set(upper + record.readUInt16BE(1) + index, byte));
        }
    }
    return bytes;
}

for (const [profile, family] of [['stm32f405', undefined], ['stm32l476', undefined], ['stm32h743', 'STM32H74X']]) {
    describe(`an open ${profile}`, () => {
        it('hands over all of the rest before the first erase, and ends with it', async () => {
            const parts = { engine: newEngine(), ...simulate(/** @type {string} */ (profile), { rdpLevel: 0 }) };
            parts.engine.loadFile(IMAGE.subarray(0, 1024 + 16), FLASH_ADDR + 0x100);
            const size = 0x20000;
            const before = parts.device.flash(0, size);
            /** @type {ReturnType<typeof parts.engine.kept>} */
            let kept = [];
            const { error, ending } = await update(parts, { wayBack: 'boot0', family, allowExperimental: true }, {
                keep: async (ranges) => {
                    assert.deepEqual(parts.device.flash(0, size), before, 'nothing is erased yet');
                    kept = ranges;
                } });
            assert.equal(error, null);
            assert.equal(ending, 'proven');
            const expected = before.slice();
            expected.set(IMAGE.subarray(0, 1024 + 16), 0x100);
            assert.deepEqual(parts.device.flash(0, size), expected);

            const file = bytesOf(hexOf(kept));
            const unit = family ? 32 : 16;
            const has = [0, 0x100, 0x100 + 1024 + 16].map((offset) => file.has(FLASH_ADDR + offset));
            assert.deepEqual(has, [true, false, true]);
            assert.ok(kept.every(({ addr, bytes }) => addr % unit === 0 && bytes.length % 16 === 0));
            file.forEach((byte, addr) => assert.equal(byte, expected[addr - FLASH_ADDR], addr.toString(16)));
            assert.equal(read(hexOf(kept)).bytes, file.size);
        });

        it('is not erased if it cannot be stored', async () => {
            const parts = { engine: newEngine(), ...simulate(/** @type {string} */ (profile), { rdpLevel: 0 }) };
            parts.engine.loadFile(HEX, null);
            const before = parts.device.flash(0, 0x20000);
            const { error } = await update(parts, { wayBack: 'boot0', family, allowExperimental: true },
                { keep: () => Promise.reject(new Error('full')) });
            assert.equal(error?.name, 'JOURNAL_FAILED');
            assert.deepEqual(parts.device.flash(0, 0x20000), before);
        });
    });
}

describe('what two runs have kept', () => {
    it('is joined, and what was kept first holds', () => {
        const first = [range(0x110, 1, 2), range(0x100, 3, 4)];
        assert.deepEqual(joinKept(first, [range(0xff, 9, 9, 9, 9), range(0x111, 9, 9), range(0x200, 5)]),
            [range(0xff, 9), range(0x100, 3, 4), range(0x102, 9), range(0x110, 1, 2), range(0x112, 9),
                range(0x200, 5)]);
        assert.deepEqual(joinKept([], [range(2, 1)]), [range(2, 1)]);
        assert.deepEqual(joinKept([range(0, 1, 2, 3)], [range(1, 9)]), [range(0, 1, 2, 3)]);
    });

    it('is a file that crosses 64 KiB', () => {
        const text = hexOf([range(0x0800fff8, ...Array(16).keys()), range(0x08020000, 7)]);
        assert.equal(text, [':020000040800F2', ':08FFF8000001020304050607E5', ':020000040801F1',
            ':0800000008090A0B0C0D0E0F9C', ':020000040802F0', ':0100000007F8', ':00000001FF', ''].join('\n'));
    });
});
