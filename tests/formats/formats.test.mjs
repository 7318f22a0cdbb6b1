// @ts-check
/** Firmware files that other programs wrote, and what they say of Relock's: the same data at the same places. */

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { largeHex, smallBin, smallHex } from '../cli/relock.mjs';
import { dfuseFile } from './dfuse-writer.mjs';
import { Formats } from './support.mjs';
import { uf2File } from './uf2-writer.mjs';

const FLASH = 0x08000000;
const AT_FLASH = ['--address', '0x08000000'];
const STM32F4 = 0x57755a57;

const work = new Formats();
after(() => work.close());

const small = readFileSync(smallBin);
const whole = work.info(smallHex);
// As Relock writes it again: whole pieces of 16 bytes.
const padded = Buffer.concat([small, Buffer.alloc(whole.bytes - small.length, 0xff)]);
copyFileSync(smallHex, work.path('small.hex'));
copyFileSync(largeHex, work.path('large.hex'));

describe('GNU binutils', () => {
    for (const [name, origin, ...flags] of /** @type {[string, number, ...string[]][]} */ ([
        ['at-the-start', FLASH],
        ['above-a-bootloader', 0x08004000],
        ['with-headers-below', 0x08004000, '-Wl,-z,max-page-size=0x10000'],
        ['stripped', 0x08002000, '-s'],
        ['with-debug-information', 0x08002000, '-g'],
    ])) {
        test(`a program ${name}: ELF, Intel HEX, S-records and binary are the same`, () => {
            const elf = work.link(name, origin, ...flags);
            work.tool('arm-none-eabi-objcopy', '-O', 'ihex', elf, `${name}.hex`);
            work.tool('arm-none-eabi-objcopy', '-O', 'srec', elf, `${name}.srec`);
            work.tool('arm-none-eabi-objcopy', '-O', 'binary', '--gap-fill', '0xff', elf, `${name}.bin`);
            const image = work.info(elf);
            assert.equal(image.format, 'elf');
            assert.equal(image.segments[0].addr, `0x0${origin.toString(16)}`);
            assert.equal(image.segments.length, 2);
            assert.ok(image.vectors.stack_is_in_ram && image.vectors.reset_is_in_image);
            work.same(image, work.info(`${name}.hex`));
            work.same(image, work.info(`${name}.srec`));
            work.convert(elf, `${name}-by-relock.bin`);
            const binary = readFileSync(work.path(`${name}.bin`));
            assert.ok(readFileSync(work.path(`${name}-by-relock.bin`)).subarray(0, binary.length).equals(binary));
            assert.equal(work.info(`${name}.srec`).entry, image.entry);
        });
    }

    test('an object file, and a program for this computer, are named', () => {
        work.link('to-be-compiled', FLASH);
        work.tool('arm-none-eabi-gcc', '-mcpu=cortex-m4', '-mthumb', '-DVECTOR=0', '-c', 'to-be-compiled.c', '-o', 'object.o');
        assert.equal(work.refusal('object.o'), 'ELF_NOT_LINKED');
        assert.equal(work.refusal(process.execPath), 'FILE_TOO_LARGE');
        assert.equal(work.refusal('/bin/true'), 'ELF_64_BIT');
        work.tool('arm-none-eabi-gcc', '-mbig-endian', '-mthumb', '-mcpu=cortex-m4', '-DVECTOR=0', '-c', 'to-be-compiled.c', '-o', 'big.o');
        assert.equal(work.refusal('big.o'), 'ELF_OTHER_MACHINE');
    });

    test('what Relock converts is read back alike', () => {
        for (const [ending, format] of [['hex', 'ihex'], ['srec', 'srec']]) {
            work.convert(smallHex, `ours.${ending}`);
            work.tool('arm-none-eabi-objcopy', '-I', format, '-O', 'binary', `ours.${ending}`, 'theirs.bin');
            assert.ok(readFileSync(work.path('theirs.bin')).equals(small), ending);
        }
    });
});

describe('srecord', () => {
    const words = ['small.hex', '-intel'];
    for (const [name, ...format] of [
        ['S19', '-motorola', '-address-length=2'],
        ['S28', '-motorola', '-address-length=3'],
        ['S37', '-motorola', '-address-length=4'],
        ['Intel HEX in long lines', '-intel', '-line-length=520'],
        ['Intel HEX, 16 bits', '-intel', '-address-length=3'],
    ]) {
        test(name, () => {
            // Short addresses reach no flash at 0x08000000.
            const low = /length=[23]/.test(format.join());
            const moved = low ? [...words, '-offset', `-${FLASH}`] : words;
            work.tool('srec_cat', ...moved, '-o', 'theirs', ...format);
            const theirs = work.info('theirs');
            assert.equal(theirs.crc32, whole.crc32);
            assert.deepEqual(theirs.segments, [{ addr: low ? '0x00000000' : '0x08000000', bytes: whole.bytes }]);
        });
    }

    test('a large file in S-records with their count', () => {
        work.tool('srec_cat', 'large.hex', '-intel', '-o', 'large.s37', '-motorola');
        assert.match(readFileSync(work.path('large.s37'), 'latin1'), /^S[56]/m);
        work.same(work.info(largeHex), work.info('large.s37'));
    });

    test('shuffled and split files', () => {
        work.tool('srec_cat', 'small.hex', '-intel', '-split', '64', '0', '16', '-o', 'part.s37', '-motorola');
        const { segments } = work.info('part.s37');
        assert.equal(segments.length, 1);
        work.tool('srec_cat', 'small.hex', '-intel', '-crop', '0x08000000', '0x08000064', '0x08000200', '0x08000304', '-o', 'crop.hex', '-intel');
        assert.deepEqual(work.info('crop.hex').segments,
            [{ addr: '0x08000000', bytes: 112 }, { addr: '0x08000200', bytes: 272 }]);
    });

    test('reads what Relock converts', () => {
        for (const [ending, format] of [['hex', '-intel'], ['srec', '-motorola']]) {
            work.convert(largeHex, `check.${ending}`);
            work.tool('srec_cmp', `check.${ending}`, format, 'large.hex', '-intel');
        }
    });
});

describe('dfu-util', () => {
    const suffixed = (/** @type {string[]} */ ...ids) => {
        writeFileSync(work.path('suffixed.bin'), small);
        work.tool('dfu-suffix', ...ids, '-a', 'suffixed.bin');
        return 'suffixed.bin';
    };

    test('a suffix is checked and left out', () => {
        const image = work.info(suffixed('-v', '0483', '-p', 'df11', '-d', '2200'), ...AT_FLASH);
        work.same(whole, image);
        assert.equal(image.format, 'dfu-binary');
        assert.deepEqual(image.dfu, { vendor_id: 0x0483, product_id: 0xdf11, bcd_device: 0x2200 });
        assert.equal(work.info(suffixed(), ...AT_FLASH).dfu.vendor_id, 0xffff);
        assert.equal(work.refusal('suffixed.bin'), 'BINARY_WITHOUT_ADDRESS');
    });

    test('a damaged file is refused', () => {
        const bytes = readFileSync(work.path(suffixed()));
        bytes[100] ^= 1;
        writeFileSync(work.path('damaged.bin'), bytes);
        assert.equal(work.refusal('damaged.bin', ...AT_FLASH), 'DFU_CHECKSUM');
    });

    test('accepts the suffix of what Relock converts', () => {
        work.convert(smallHex, 'ours.dfu');
        assert.match(work.tool('dfu-suffix', '-c', 'ours.dfu'), /Vendor ID:\s+0x0483[^]*BCD DFU:\s+0x011A/);
    });
});

describe('DfuSe', () => {
    /** @param {Parameters<typeof dfuseFile>[0]} targets */
    const write = (targets) => {
        writeFileSync(work.path('their.dfu'), dfuseFile(targets));
        return 'their.dfu';
    };
    const half = small.length >> 1;
    const [first, second] = [small.subarray(0, half), small.subarray(half)];

    test('one target, several, and elements in any order', () => {
        for (const targets of [
            [{ name: 'ST...', elements: [{ addr: FLASH, data: small }] }],
            [{ elements: [{ addr: FLASH + half, data: second }, { addr: FLASH, data: first }] }],
            [{ elements: [{ addr: FLASH, data: first }] }, { elements: [{ addr: FLASH + half, data: second }] }],
        ]) {
            work.same(whole, work.info(write(targets)));
        }
    });

    test("dfu-util's own packer", () => {
        copyFileSync(smallBin, work.path('small.bin'));
        work.tool('dfuse-pack', '-b', '0x08000000:small.bin', 'packed.dfu');
        work.same(whole, work.info('packed.dfu'));
    });

    test('option bytes are refused, by address and by name', () => {
        const level2 = Uint8Array.from([0xff, 0xcc, 0xff, 0xff]);
        const firmware = { elements: [{ addr: FLASH, data: small }] };
        assert.equal(work.refusal(write([firmware, { elements: [{ addr: 0x1fffc000, data: level2 }] }])), 'IMAGE_HITS_OPTION_BYTES');
        assert.equal(work.refusal(write([firmware, { alternate: 1, name: 'Option Bytes', elements: [{ addr: 0x1fffc000, data: level2 }] }])),
            'DFU_OTHER_TARGET');
    });

    test("Relock's own is as this description has it", () => {
        work.convert(smallHex, 'ours.dfu');
        const theirs = dfuseFile([{ name: 'Internal Flash', elements: [{ addr: FLASH, data: padded }] }]);
        assert.ok(readFileSync(work.path('ours.dfu')).equals(theirs));
    });
});

describe('UF2', () => {
    test('carries its addresses and its family', () => {
        writeFileSync(work.path('their.uf2'), uf2File(FLASH, small, STM32F4));
        const image = work.info('their.uf2', '--family', 'stm32f405');
        work.same(whole, image);
        assert.equal(image.series, 'STM32F4');
        assert.equal(work.refusal('their.uf2', '--family', 'stm32l4'), 'IMAGE_OF_ANOTHER_FAMILY');
        writeFileSync(work.path('unsaid.uf2'), uf2File(FLASH, small, null));
        work.same(whole, work.info('unsaid.uf2'));
    });
});

describe('round trips', () => {
    for (const ending of ['hex', 'srec', 's37', 'bin', 'dfu']) {
        test(`to .${ending} and back`, () => {
            for (const from of ['small.hex', 'large.hex']) {
                work.convert(from, `there.${ending}`);
                work.same(work.info(from), work.info(`there.${ending}`, ...AT_FLASH));
                work.convert(`there.${ending}`, 'back.hex', ...AT_FLASH);
                work.same(work.info(from), work.info('back.hex'));
            }
        });
    }

    test('gaps are filled in a binary only', () => {
        const far = { addr: FLASH + 0x4000, data: small.subarray(0, 32) };
        writeFileSync(work.path('gap.dfu'), dfuseFile([{ elements: [{ addr: FLASH, data: small.subarray(0, 32) }, far] }]));
        work.convert('gap.dfu', 'gap.bin');
        const bytes = readFileSync(work.path('gap.bin'));
        assert.equal(bytes.length, 0x4020);
        assert.ok(bytes.subarray(32, 0x4000).every((byte) => byte === 0xff));
        work.convert('gap.dfu', 'gap.srec');
        work.same(work.info('gap.dfu'), work.info('gap.srec'));
        writeFileSync(work.path('wide.dfu'), dfuseFile([{ elements: [{ addr: FLASH, data: small.subarray(0, 32) },
            { addr: FLASH + (8 << 20), data: small.subarray(0, 16) }] }]));
        const { error, code } = work.runJson(['image', 'convert', 'wide.dfu', 'wide.bin']);
        assert.deepEqual([error, code], ['IMAGE_GAP_TOO_LARGE', 2]);
    });
});

describe('gzip', () => {
    test('of any format', () => {
        work.convert(smallHex, 'zip.dfu');
        for (const [name, bytes] of /** @type {[string, Buffer][]} */ ([
            ['zip.hex.gz', readFileSync(smallHex)], ['zip.bin.gz', small], ['zip.dfu.gz', readFileSync(work.path('zip.dfu'))]])) {
            writeFileSync(work.path(name), gzipSync(bytes));
            const image = work.info(name, ...AT_FLASH);
            work.same(whole, image);
            assert.equal(image.compressed, true);
        }
        const [first, second] = [small.subarray(0, 1000), small.subarray(1000)];
        writeFileSync(work.path('members.gz'), Buffer.concat([gzipSync(first), gzipSync(second)]));
        work.same(whole, work.info('members.gz', ...AT_FLASH));
    });

    test('damaged, cut off, too much, or twice: refused', () => {
        const good = gzipSync(small);
        const bad = Buffer.from(good);
        bad[bad.length - 6] ^= 1;
        for (const [bytes, error] of /** @type {[Buffer, string][]} */ ([
            [bad, 'GZIP_DAMAGED'],
            [good.subarray(0, good.length - 1), 'GZIP_DAMAGED'],
            [Buffer.concat([good, Buffer.from('more')]), 'GZIP_DAMAGED'],
            [gzipSync(Buffer.alloc((32 << 20) + 1)), 'FILE_TOO_LARGE'],
            [gzipSync(Buffer.alloc(32 << 20)), 'FILE_TOO_LARGE'],
            [gzipSync(Buffer.alloc(0)), 'FILE_EMPTY'],
            [gzipSync(good), 'FILE_COMPRESSED'],
        ])) {
            writeFileSync(work.path('bad.gz'), bytes);
            assert.equal(work.refusal('bad.gz', ...AT_FLASH), error);
        }
    });
});

describe('what is no firmware', () => {
    for (const [title, bytes, error] of /** @type {[string, string, string][]} */ ([
        ['an archive', 'PK\x03\x04and so on', 'FILE_UNKNOWN_FORMAT'],
        ['a web page', '<!DOCTYPE html><title>Not found</title>', 'FILE_UNKNOWN_FORMAT'],
        ['nothing', '', 'FILE_EMPTY'],
    ])) {
        test(`${title} is named`, () => {
            writeFileSync(work.path('no-firmware'), bytes, 'latin1');
            assert.equal(work.refusal('no-firmware', ...AT_FLASH), error);
        });
    }

    test('a fault in a binary file is told by its byte', () => {
        const bytes = uf2File(FLASH, small, null);
        bytes.writeUInt32LE(99, 512 + 20);
        writeFileSync(work.path('bad.uf2'), bytes);
        const { ending } = work.runJson(['image', 'info', 'bad.uf2']);
        assert.deepEqual([ending?.error.name, ending?.error.offset], ['UF2_COUNT', 512]);
        assert.match(work.run(['image', 'info', 'bad.uf2']).stdout, /At byte 512\./);
    });
});

describe('the form of `relock image`', () => {
    for (const words of [[], ['info'], ['info', 'a', 'b'], ['convert', 'small.hex'], ['convert', 'small.hex', 'no-ending'],
        ['convert', 'small.hex', 'x.hex', '--format', 'elf'], ['fly', 'a']]) {
        test(`relock image ${words.join(' ')}: refused, with the form`, () => {
            const { code, stderr } = work.run(['image', ...words]);
            assert.equal(code, 2);
            assert.match(stderr, /^relock: .*image/);
        });
    }

    test('an output that cannot be written', () => {
        const { error, code, ending } = work.runJson(['image', 'convert', 'small.hex', 'no/such/folder.hex']);
        assert.deepEqual([error, code, ending?.error.file], ['FILE_NOT_WRITTEN', 1, 'no/such/folder.hex']);
    });

    test('--format decides, not the name', () => {
        work.convert('small.hex', 'odd.hex', '--format', 'srec');
        assert.equal(work.info('odd.hex').format, 's-record');
    });
});

describe('the verbs that take a firmware file', () => {
    test('a release holds Intel HEX or raw bytes, whatever it was made of', () => {
        const elf = work.link('to-release', FLASH);
        work.convert(elf, 'to-release.dfu');
        writeFileSync(work.path('to-release.dfu.gz'), gzipSync(readFileSync(work.path('to-release.dfu'))));
        for (const [index, file] of [elf, 'to-release.dfu', 'to-release.dfu.gz'].entries()) {
            const { code, stdout } = work.run(['release', 'new', `lamp-${index}`, '--product', 'Lamp', '--release-version', '1',
                '--sequence', '1', '--family', 'stm32f405', '--end', 'protected', '--return', 'boot0', file]);
            assert.equal(code, 0, stdout);
            const { images } = JSON.parse(readFileSync(work.path(`lamp-${index}/release.json`), 'utf8'));
            assert.equal(images.length, 1);
            assert.match(images[0].file, /\.hex$/);
            work.same(work.info(elf), work.info(`lamp-${index}/${images[0].file}`));
        }
        const refused = work.runJson(['release', 'new', 'lamp-bad', '--product', 'Lamp', '--release-version', '1', '--sequence',
            '1', '--family', 'stm32f405', '--end', 'protected', '--return', 'boot0', '/bin/true']);
        assert.deepEqual([refused.error, refused.ending?.error.file], ['ELF_64_BIT', '/bin/true']);
    });

    test('take all of these formats', () => {
        const elf = work.link('to-update', FLASH);
        work.convert(elf, 'to-update.dfu');
        writeFileSync(work.path('to-update.hex.gz'), gzipSync(readFileSync(smallHex)));
        for (const file of [elf, 'to-update.dfu', 'to-update.hex.gz']) {
            const { code, ending } = work.runJob(['update', file, '--protect', 'on', '--return', 'boot0', '--yes', '--sim', 'stm32f405']);
            assert.equal(code, 0, `${file}: ${ending?.error?.name}`);
            assert.equal(ending?.ending, 'proven');
        }
    });
});
