// @ts-check
/** A file gives single bytes; all around them stays, whatever is programmed at once. */

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

/** @type {[string, string[]][]} */
const devices = [
    ['stm32f405', []], ['stm32f072', []], ['stm32l476', []],
    ['stm32h743', ['--family', 'STM32H74x']], ['stm32l072', ['--family', 'STM32L07x']],
];

/** @param {number} type @param {number} offset @param {number[]} data @returns {string} an Intel HEX record */
function record(type, offset, data) {
    const bytes = [data.length, offset >> 8, offset & 0xff, type, ...data];
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    return `:${[...bytes, -sum & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase()}\n`;
}

/** @param {Map<number, number[]>} pieces by their offsets in flash @returns {string} the file */
function fileOf(pieces) {
    const path = workspace.path('bytes.hex');
    const records = [...pieces].map(([offset, data]) => record(0, offset, data));
    writeFileSync(path, [record(4, 0, [0x08, 0x00]), ...records, record(1, 0, [])].join(''));
    return path;
}

/** The true flash. @param {string} file */
function flashOf(file) {
    const out = workspace.path('flash.bin');
    assert.equal(workspace.run(['sim', 'read', file, out]).code, 0);
    return readFileSync(out);
}

/** @param {Buffer} before @param {Map<number, number[]>} pieces */
function expected(before, pieces) {
    const flash = Buffer.from(before);
    for (const [offset, data] of pieces) {
        flash.set(data, offset);
    }
    return flash;
}

const SERIAL = [0x53, 0x4e, 0x34, 0x32];
const pieces = new Map([[0x204, SERIAL], [0x20d, [0x11]], [0x21f, [0x22, 0x33]], [0x241, [...Array(31).keys()]]]);

for (const [profile, more] of devices) {
    test(`${profile}: exactly the bytes of the file change, and they verify`, () => {
        const device = workspace.makeDevice(`${profile}.sim`, profile, ['--level', '0']);
        const before = flashOf(device);
        const words = [fileOf(pieces), ...more, '--sim', device];
        const { code, ending } = workspace.runJob(['write', ...words, '--any-image', '--yes']);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.ok(flashOf(device).equals(expected(before, pieces)));
        assert.equal(workspace.runJob(['verify', ...words]).code, 0);
        assert.equal(workspace.runJob(['write', ...words, '--any-image', '--yes']).code, 0);
        assert.deepEqual(workspace.truth(device).violations, []);
    });

    test(`${profile}, killed between erase and write: the copy brings the rest back, in the same cells, too`, () => {
        const device = workspace.makeDevice(`killed-${profile}.sim`, profile, ['--level', '0']);
        const before = flashOf(device);
        const words = ['write', fileOf(pieces), ...more, '--any-image', '--yes', '--sim'];
        const trial = workspace.path(`trial-${profile}.sim`);
        copyFileSync(device, trial);
        const { transcript } = workspace.runJob([...words, trial]);
        const operations = transcript.split('\n').filter((line) => /^> /.test(line));
        const erase = operations.findIndex((line) => /\[41 /.test(line));
        const first = operations.findIndex((line, index) => index > erase && /^> out 21 1 [1-9]/.test(line));
        assert.equal(workspace.run([...words, device], { RELOCK_SIM_KILL_AT: String(first) }).signal, 'SIGKILL');
        assert.ok(!flashOf(device).equals(before));
        assert.equal(workspace.runJob([...words, device]).code, 0);
        const folder = workspace.path('state/relock');
        const [copy] = readdirSync(folder).filter((name) => name.endsWith('.hex')).map((name) => `${folder}/${name}`);
        const back = workspace.runJob(['write', copy, ...more, '--any-image', '--yes', '--sim', device]);
        assert.equal(back.code, 0, JSON.stringify(back.ending));
        assert.ok(flashOf(device).equals(expected(before, pieces)));
        assert.ok(!existsSync(copy));
    });
}

test('convert writes the bytes that a file has, and no others', () => {
    const out = workspace.path('again.hex');
    for (const format of ['hex', 'srec']) {
        assert.equal(workspace.run(['image', 'convert', fileOf(pieces), workspace.path(`between.${format}`), '--format', format]).code, 0);
        assert.equal(workspace.run(['image', 'convert', workspace.path(`between.${format}`), out]).code, 0);
        const device = workspace.makeDevice(`${format}.sim`, 'stm32f405', ['--level', '0']);
        const before = flashOf(device);
        assert.equal(workspace.runJob(['write', out, '--any-image', '--yes', '--sim', device]).code, 0);
        assert.ok(flashOf(device).equals(expected(before, pieces)));
    }
});
