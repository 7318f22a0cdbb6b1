// @ts-check
import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, smallBin, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const hex = readFileSync(smallHex, 'utf8');

/** @param {number} address @param {number[]} bytes @param {number} type */
function record(address, bytes, type = 0) {
    const body = [bytes.length, address >> 8, address & 0xff, type, ...bytes];
    const sum = body.reduce((total, byte) => total + byte, 0);
    return ':' + [...body, (256 - (sum & 0xff)) & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join('') + '\n';
}

const end = record(0, [], 1);
/** @param {number} half the upper half of the addresses that follow */
const upper = (half) => record(0, [half >> 8, half & 0xff], 4);
const data = [1, 2, 3, 4, 5, 6, 7, 8];

/** @type {[string, string, string | Buffer][]} */
const badFiles = [
    ['FILE_EMPTY', 'empty', ''],
    ['BINARY_WITHOUT_ADDRESS', 'binary', readFileSync(smallBin)],
    ['HEX_TRUNCATED', 'no end record', hex.slice(0, hex.lastIndexOf(':00000001'))],
    ['HEX_CHECKSUM', 'one digit wrong', upper(0x0800) + record(0, data).replace(/..\n$/, '00\n') + end],
    ['HEX_SYNTAX', 'a line that is none', upper(0x0800) + record(0, data) + 'hello\n' + end],
    ['IMAGE_OVERLAP', 'two contents for one address', upper(0x0800) + record(0, data) + record(4, [9, 9, 9, 9]) + end],
    ['IMAGE_EMPTY', 'no data', upper(0x0800) + end],
    ['HEX_AFTER_END', 'goes on behind its end', upper(0x0800) + record(0, data) + end + record(8, data)],
    ['IMAGE_OUTSIDE_FLASH', 'below flash', upper(0x0000) + record(0, data) + end],
    ['IMAGE_HITS_RAM', 'linked for RAM', upper(0x2000) + record(0, data) + end],
    ['IMAGE_HITS_OPTION_BYTES', 'option bytes', upper(0x1fff) + record(0xc000, data) + end],
];

badFiles.forEach(([name, what, content], index) => {
    test(`${what}: ${name}, exit 2, and nothing is lost`, () => {
        const file = workspace.path(`bad-${index}`);
        writeFileSync(file, content);
        const device = workspace.makeDevice(`bad-${index}.sim`, 'stm32f405');
        const before = workspace.truth(device);
        const words = ['update', file, '--protect', 'on', '--return', 'boot0', '--sim', device, '--yes'];
        const { code, ending } = workspace.runJob(words);
        assert.equal(ending?.error?.name, name);
        assert.equal(code, 2);
        assert.equal(workspace.truth(device).flash_crc32, before.flash_crc32);
    });
});

test('an image that begins inside a flash word of the chip: refused, and it is said', () => {
    const file = workspace.path('misaligned.hex');
    writeFileSync(file, upper(0x0800) + record(0x30, data) + end);
    const words = ['write', file, '--any-image', '--family', 'STM32H74x', '--sim', 'stm32h743', '--level', '0', '--yes'];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 4);
    assert.equal(ending?.error?.name, 'IMAGE_MISALIGNED');
    assert.equal(ending?.error?.addr, '0x08000030');
    const said = workspace.run(words);
    assert.match(said.stdout, /RLK-1042 IMAGE_MISALIGNED/);
    assert.match(said.stdout.replaceAll(/\s+/g, ' '), /begins in the middle of what this family programs at once; nothing was changed/);
});

test('the line of a bad HEX file is named', () => {
    const file = workspace.path('line.hex');
    writeFileSync(file, upper(0x0800) + record(0, data) + 'hello\n' + end);
    const { stdout } = workspace.run(['update', file, '--protect', 'on', '--sim', 'stm32f405']);
    assert.match(stdout, /line\.hex:3: /);
    assert.match(stdout, /RLK-1010 HEX_SYNTAX/);
});

test('a file that is not there, a folder, a file that is far too large', () => {
    const huge = workspace.path('huge.hex');
    writeFileSync(huge, ':');
    truncateSync(huge, 33 * 1024 * 1024);
    const names = ['nowhere', workspace.folder, huge].map((file) => {
        const { code, ending } = workspace.runJob(['write', file, '--sim', 'stm32f405', '--address', '0x08000000']);
        assert.equal(code, 2);
        return ending?.error.name;
    });
    assert.deepEqual(names, ['FILE_UNREADABLE', 'FILE_UNREADABLE', 'FILE_TOO_LARGE']);
});

test('a binary over 8 MiB', () => {
    const large = workspace.path('large.bin');
    writeFileSync(large, Buffer.alloc(8 * 1024 * 1024 + 1, 0x5a));
    const { code, ending } = workspace.runJob(['write', large, '--sim', 'stm32f405', '--address', '0x08000000']);
    assert.equal(code, 2);
    assert.equal(ending?.error.name, 'FILE_TOO_LARGE');
});

test('first words that are no vector table: refused without --any-image, --yes does not cover it', () => {
    const file = workspace.path('odd.bin');
    writeFileSync(file, Buffer.from(Array.from({ length: 64 }, (_, index) => (index * 37) & 0xff)));
    const words = ['update', file, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0', '--yes'];
    const device = workspace.makeDevice('odd.sim', 'stm32f405');
    const refused = workspace.runJob([...words, '--sim', device]);
    assert.equal(refused.code, 4);
    assert.equal(refused.ending?.error.name, 'IMAGE_NOT_BOOTABLE');
    assert.equal(workspace.truth(device).counters.regressions, 0);
    const accepted = workspace.runJob([...words, '--sim', device, '--any-image']);
    assert.equal(accepted.code, 0, JSON.stringify(accepted.ending));
});

test('a binary with an address', () => {
    const words = ['update', smallBin, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0', '--yes'];
    const { code, ending } = workspace.runJob([...words, '--sim', 'stm32f072']);
    assert.equal(code, 0, JSON.stringify(ending));
});

test('help: what takes firmware takes every format, and says so', () => {
    for (const verb of ['update', 'write', 'verify', 'release']) {
        const { stdout } = workspace.run([verb, '--help']);
        assert.match(stdout.replace(/\s+/g, ' '), /firmware .*relock image --help/, verb);
        assert.doesNotMatch(stdout, /Intel HEX/, verb);
    }
});
