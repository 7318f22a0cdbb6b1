// @ts-check
// A trimmed wasm file does what it did, and is smaller only by what nobody needs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trimWasm } from '../../scripts/lib/trim-wasm.mjs';
import { wasm } from './support.mjs';

/** @param {string} text @returns {number[]} with its length before it */
const name = (text) => [text.length, ...Buffer.from(text)];

/** @param {number} id @param {number[]} body @returns {number[]} */
const section = (id, body) => [id, body.length, ...body];

const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCTION = [...section(1, [1, 0x60, 0, 1, 0x7f]), ...section(3, [1, 0])]; // () -> i32
const MEMORY = section(5, [1, 0, 1]);
const EXPORTS = section(7, [3, ...name('memory'), 2, 0, ...name('rlk_seven'), 0, 0, ...name('stackSave'), 0, 0]);
const CODE = section(10, [1, 4, 0, 0x41, 7, 0x0b]); // i32.const 7

/** @param {number[][]} pieces of data, each as it is encoded @returns {Uint8Array} a module */
const moduleOf = (...pieces) => Uint8Array.from([...HEAD, ...FUNCTION, ...MEMORY, ...EXPORTS,
    ...section(12, [pieces.length]), ...CODE, ...section(11, [pieces.length, ...pieces.flat()])]);

/** @param {Uint8Array} bytes @returns {any} its exports */
const run = (bytes) => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), {}).exports;

/** @param {number[]} addr signed LEB128 @param {string} text */
const piece = (addr, text) => [0, 0x41, ...addr, 0x0b, ...name(text)];

describe('a trimmed wasm file', () => {
    const whole = moduleOf(piece([0x90, 0x03], 'far'), piece([0x10], 'near'), piece([0xc0, 0x00], 'at 64'));

    it('has the same memory and the same functions', () => {
        const [before, after] = [run(whole), run(trimWasm(whole))];
        assert.equal(Buffer.from(after.memory.buffer, 400, 3).toString(), 'far');
        assert.ok(Buffer.from(after.memory.buffer).equals(Buffer.from(before.memory.buffer)));
        assert.equal(after.rlk_seven(), 7);
    });

    it('exports what the page calls, and no helpers', () => {
        assert.deepEqual(Object.keys(run(trimWasm(whole))), ['memory', 'rlk_seven']);
    });

    it('is refused where its data lies where it cannot be told', () => {
        assert.throws(() => trimWasm(moduleOf([1, ...name('passive')])));
        assert.throws(() => trimWasm(moduleOf([0, 0x23, 0, 0x0b, ...name('global')])));
    });

    for (const served of ['relock', 'sim', 'documents']) {
        it(`is ${served}.wasm`, () => {
            const names = WebAssembly.Module.exports(wasm(served)).map((entry) => entry.name);
            assert.deepEqual(names.filter((one) => !/^(?:rlk|sim_glue)_/.test(one)), ['memory', '_initialize']);
        });
    }
});
