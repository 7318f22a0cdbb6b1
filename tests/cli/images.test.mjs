// @ts-check
/** Firmware files that do not fit, or are none: refused before anything is lost, and named for what they are. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { dfuseFile } from '../formats/dfuse-writer.mjs';
import { uf2File } from '../formats/uf2-writer.mjs';
import { Workspace, smallBin, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const FLASH = 0x08000000;
const small = readFileSync(smallBin);
const [STM32F4, STM32F0, STM32WB, ESP32] = [0x57755a57, 0x647824b6, 0x70d16653, 0x1c5f21b0];

/** @param {string} name @param {string | Uint8Array} content @returns {string} its path */
function file(name, content) {
    writeFileSync(workspace.path(name), content, 'latin1');
    return workspace.path(name);
}

/** @param {number} family @returns {string} */
const uf2 = (family) => file(`${family.toString(16)}.uf2`, uf2File(FLASH, small, family));

/** @param {number[]} addrs @returns {string} 32 bytes at each, the first ones a vector table */
const parts = (...addrs) => file('parts.dfu', dfuseFile([{ elements: addrs.map((addr) =>
    ({ addr, data: small.subarray(0, 32) })) }]));

/** @param {string} path @param {string[]} more */
const info = (path, ...more) => workspace.runJson(['image', 'info', path, ...more]);

const update = ['update', '--protect', 'on', '--return', 'boot0', '--yes'];
const write = ['write', '--yes'];

/** What a job ends with, and whether the device is as it was. @param {string[]} words @param {string} level */
function onDevice(words, level) {
    const device = workspace.makeDevice('device.sim', 'stm32f405', ['--level', level]);
    const state = () => {
        const { counters, flash_crc32: crc, options, level: found } = workspace.truth(device);
        const changes = ['regressions', 'sectors_erased', 'blocks_programmed', 'option_writes']
            .map((name) => counters[name]);
        return JSON.stringify([changes, crc, options, found]);
    };
    const before = state();
    const { ending, code } = workspace.runJob([...words, '--sim', device]);
    return { error: ending?.error?.name ?? null, code, next: ending?.next_action, isUntouched: state() === before };
}

let releases = 0;

/** What `release new` says. @param {number} id @param {string[]} families @param {string[]} more */
function makeRelease(id, families, ...more) {
    const folder = workspace.path(`lamp-${releases++}`);
    const { error, code } = workspace.runJson(['release', 'new', folder, '--product', 'Lamp', '--release-version', '1',
        '--sequence', '1', '--end', 'protected', '--return', 'boot0', ...more, uf2(id),
        ...families.flatMap((family) => ['--family', family])]);
    assert.equal(existsSync(folder), code === 0);
    return error;
}

describe('a UF2 family id', () => {
    for (const [what, words, level] of /** @type {[string, string[], string][]} */ ([
        ['a locked update', update, '1'], ['an update of an open device', update, '0'], ['a write', write, '0']])) {
        test(`of another family: ${what} is refused before any loss, whatever is said`, () => {
            for (const more of [[], ['--family', 'STM32F405'], ['--any-image']]) {
                const result = onDevice([...words, uf2(STM32F0), ...more], level);
                assert.deepEqual([result.error, result.code, result.isUntouched], ['IMAGE_OF_ANOTHER_FAMILY', 4, true]);
            }
        });
    }

    test('that is unknown must be accepted, and is only by --any-image', () => {
        const refused = onDevice([...update, uf2(ESP32)], '1');
        assert.deepEqual([refused.error, refused.code, refused.next], ['IMAGE_OF_UNKNOWN_FAMILY', 4, 'SAY_ANY_IMAGE']);
        assert.ok(refused.isUntouched);
        assert.equal(onDevice([...update, uf2(ESP32), '--any-image'], '1').code, 0);
    });

    test('of the device’s own family is written', () => {
        assert.equal(onDevice([...update, uf2(STM32F4)], '1').code, 0);
    });

    test('does not fit a family whose name only begins alike', () => {
        assert.equal(info(uf2(STM32WB), '--family', 'STM32WBA6').error, 'IMAGE_OF_ANOTHER_FAMILY');
        assert.notEqual(info(uf2(STM32WB), '--family', 'STM32WB55').error, 'IMAGE_OF_ANOTHER_FAMILY');
    });

    test('is judged by `release new`, where it is lost, against each family', () => {
        assert.equal(makeRelease(STM32F4, ['stm32f405', 'stm32f412']), null);
        assert.equal(makeRelease(STM32F0, ['stm32f405']), 'IMAGE_OF_ANOTHER_FAMILY');
        assert.equal(makeRelease(STM32F0, ['stm32f405'], '--any-image'), 'IMAGE_OF_ANOTHER_FAMILY');
        assert.equal(makeRelease(STM32F0, ['stm32f04x', 'stm32f405']), 'IMAGE_OF_ANOTHER_FAMILY');
        assert.equal(makeRelease(ESP32, ['stm32f405']), 'IMAGE_OF_UNKNOWN_FAMILY');
        assert.equal(makeRelease(ESP32, ['stm32f405'], '--any-image'), null);
    });

    test('that a conversion loses is named', () => {
        const { notices, code } = workspace.runJson(['image', 'convert', uf2(STM32F0), workspace.path('f0.hex')]);
        assert.equal(code, 0);
        assert.match(notices.join(), /0x647824b6, STM32F0\) is not kept/);
    });
});

describe('`image info --family` says what the device’s job says', () => {
    for (const [what, addr, error, code] of /** @type {[string, number, string, number][]} */ ([
        ['nothing', 0, 'IMAGE_OUTSIDE_FLASH', 2],
        ['option bytes', 0x1fffc000, 'IMAGE_HITS_OPTION_BYTES', 2],
        ['OTP', 0x1fff7800, 'IMAGE_HITS_OTP', 2],
        ['RAM', 0x20000000, 'IMAGE_HITS_RAM', 2],
        ['RAM in the code region', 0x10000000, 'IMAGE_HITS_RAM', 2],
        ['system memory', 0x1fff0000, 'IMAGE_HITS_SYSTEM_MEMORY', 2],
    ])) {
        test(`of a file that reaches into ${what}`, () => {
            const path = file('there.bin', small.subarray(0, 32));
            const at = ['--address', `0x${addr.toString(16).padStart(8, '0')}`];
            const alone = info(path, '--family', 'stm32f405', ...at);
            const job = workspace.runJob(['update', path, ...at, '--protect', 'on', '--return', 'boot0', '--yes', '--sim', 'stm32f405']);
            for (const { ending, code: found } of [alone, job]) {
                assert.deepEqual([ending?.error.name, ending?.error.addr, found], [error, at[1], code]);
            }
            assert.match(workspace.run(['image', 'info', path, '--family', 'stm32f405', ...at]).stdout, new RegExp(`At ${at[1]}\\.`));
        });
    }

    test('of a reset vector outside of the flash, and of a stack outside of the RAM', () => {
        for (const [offset, word, wrong, text] of /** @type {[number, number, string, RegExp][]} */ ([
            [4, 0x09000001, 'reset', /the reset vector/], [0, 0xffffffff, 'stack_pointer', /the stack pointer/]])) {
            const bytes = Buffer.from(small);
            bytes.writeUInt32LE(word, offset);
            const words = [file('odd.bin', bytes), '--address', '0x08000000', '--family', 'stm32f405'];
            const { events, ending, code } = info(words[0], ...words.slice(1));
            const image = events.find(({ event }) => event === 'image');
            assert.deepEqual([image?.fits, image?.wrong_vector], [false, wrong]);
            assert.deepEqual([ending?.error.name, ending?.error.addr, code], ['IMAGE_NOT_BOOTABLE', `0x0800000${offset}`, 4]);
            const { stdout } = workspace.run(['image', 'info', ...words]);
            assert.match(stdout, text);
            assert.doesNotMatch(stdout, /confirmed/);
        }
    });

    test('of a part that begins inside a flash word, and what helps is done by what helps', () => {
        const path = parts(FLASH, FLASH + 0x30);
        const job = (/** @type {string[]} */ ...words) => workspace.runJob(['write', ...words, '--any-image', '--family',
            'STM32H74x', '--sim', 'stm32h743', '--level', '0', '--yes']);
        for (const { ending, code } of [info(path, '--family', 'stm32h74x'), job(path)]) {
            assert.deepEqual([ending?.error.name, ending?.error.addr, ending?.next_action, code],
                ['IMAGE_MISALIGNED', '0x08000030', 'FILL_THE_GAPS', 4]);
        }
        assert.equal(workspace.run(['image', 'convert', path, workspace.path('filled.bin')]).code, 0);
        assert.equal(job(workspace.path('filled.bin'), '--address', '0x08000000').code, 0);
    });
});

describe('what is no firmware, or not as it should be, is named', () => {
    const records = readFileSync(smallHex, 'latin1');
    const utf16 = Buffer.from(`\ufeff${records}`, 'utf16le');
    for (const [name, content, error] of /** @type {[string, string | Uint8Array, string][]} */ ([
        ['marked.hex', `\xef\xbb\xbf${records}`, 'TEXT_NOT_ASCII'],
        ['utf16.hex', utf16, 'TEXT_NOT_ASCII'],
        ['utf16be.hex', Buffer.from(utf16).swap16(), 'TEXT_NOT_ASCII'],
        ['settings.json', '\n { "a": 1 }', 'FILE_UNKNOWN_FORMAT'],
        ['page.html', '\r\n\r\n<!DOCTYPE html>', 'FILE_UNKNOWN_FORMAT'],
        ['a.xz', '\xfd7zXZ\0\0\x04', 'FILE_UNKNOWN_FORMAT'],
        ['a.bz2', 'BZh91AY&SY\0', 'FILE_UNKNOWN_FORMAT'],
        ['a.zst', '\x28\xb5\x2f\xfd\0', 'FILE_UNKNOWN_FORMAT'],
        ['a.tar', `firmware.hex${'\0'.repeat(245)}ustar\0`, 'FILE_UNKNOWN_FORMAT'],
    ])) {
        test(name, () => {
            assert.equal(info(file(name, content)).error, error);
            assert.equal(info(file(name, content), '--address', '0x08000000').error, error);
        });
    }

    test('text before the records, by its line', () => {
        const { ending } = info(file('commented.hex', `\r\n; made by a tool\r\n\r\n${records}`));
        assert.deepEqual([ending?.error.name, ending?.error.line], ['HEX_SYNTAX', 2]);
    });

    test('a mark of DOS behind the last record is none of these', () => {
        assert.equal(info(file('dos.hex', `${records}\x1a`)).error, null);
    });
});

describe('`image convert`', () => {
    test('names the gap that a raw binary would have to fill', () => {
        const words = ['image', 'convert', parts(FLASH, FLASH + (32 << 20)), workspace.path('far.bin')];
        const { ending, notices, code } = workspace.runJson(words);
        assert.deepEqual([ending?.error.name, ending?.error.addr, ending?.next_action, code],
            ['IMAGE_GAP_TOO_LARGE', '0x08000020', 'CHOOSE_ANOTHER_FORMAT', 2]);
        assert.match(notices.join(), /0x08000020 to 0x09ffffff, 33554400 bytes/);
        assert.ok(!existsSync(workspace.path('far.bin')));
    });

    test('to "-" writes to standard output, and nothing else goes there', () => {
        assert.equal(workspace.run(['image', 'convert', smallHex, workspace.path('there.hex')]).code, 0);
        const { stdout, stderr, code } = workspace.run(['image', 'convert', smallHex, '-', '--format', 'hex']);
        assert.deepEqual([stdout, code], [readFileSync(workspace.path('there.hex'), 'latin1'), 0]);
        assert.match(stderr, /Wrote standard output/);
        assert.ok(!existsSync(workspace.path('-')));
        const failed = workspace.run(['image', 'convert', file('no.hex', 'PK\x03\x04'), '-', '--format', 'hex']);
        assert.deepEqual([failed.stdout, failed.code], ['', 2]);
        assert.equal(workspace.run(['image', 'convert', smallHex, '-', '--format', 'hex', '--json']).code, 2);
        assert.equal(workspace.run(['image', 'convert', smallHex, '-']).code, 2);
    });
});

test('a dry run says that --any-image will be needed', () => {
    const odd = file('odd.bin', Buffer.alloc(64, 0x77));
    const words = ['update', odd, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0', '--sim', 'stm32f405'];
    const dry = workspace.run([...words, '--dry-run']);
    assert.equal(dry.code, 0);
    assert.match(dry.stdout.replace(/\s+/g, ' '), /nothing was changed\. Without --any-image the job would be refused/);
    assert.equal(workspace.runJson([...words, '--dry-run']).ending?.needs_any_image, true);
    assert.equal(workspace.run([...words, '--yes']).code, 4);
    for (const more of [[...words, '--any-image'], ['update', smallHex, ...words.slice(4)]]) {
        const { ending, code } = workspace.runJson([...more, '--dry-run']);
        assert.deepEqual([code, ending?.needs_any_image], [0, undefined]);
    }
});
