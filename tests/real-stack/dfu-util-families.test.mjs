// @ts-check
/**
 * dfu-util 0.11 against the families that dfu-util.test.mjs has not: it lists, writes, reads back, protects by an
 * option write, is refused, and unprotects. One family of each kind of ROM and of option bytes; all of them if
 * RELOCK_FAMILIES is "all" (./scripts/test-real --all-families), or those it names ("stm32f413,stm32f767"); eight at a
 * time: so many sockets the guest has.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, FAST } from './devices.mjs';
import { DfuUtil, makeBytes, makeFile, until, withByte } from './dfu-util.mjs';
import { Guest, ROOT } from './guest.mjs';

const FLASH = '0x08000000';
const IMAGE = '/tmp/family.bin';
const IMAGE_BYTES = 4928; // whole flash words of every family: dfu-util fills nothing up
const SAMPLE_BYTES = 512;
const AT_ONCE = 8;

/**
 * What the sources say of each family (listings, CubeProgrammer's tables, ST's OpenBootloader), written again and not
 * taken from the simulator.
 * @typedef {object} Family
 * @property {string} ver bcdDevice
 * @property {string} flash what the first alternate announces behind its address
 * @property {number} alternates
 * @property {string} options address
 * @property {[number, number]} bytes of option bytes that are read, and written
 * @property {number} alternate that announces them; -1: none does
 * @property {number} rdp offset of the byte to write
 * @property {number} complement how far behind it; 0: none
 * @property {number} level1
 * @property {boolean} needsPower for the new level
 * @property {number} erased
 * @property {number[]} [pairs] words in force; the word to program follows each
 * @property {boolean} [losesStatus] the first GETSTATUS after 0x92 and after an option write lasts until the reset, and
 * is lost: dfu-util calls that a failure, `will-reset` or not
 * @property {boolean} [staysRefused] a refused read leaves state 15, which dfu-util does not know and does not clear
 * @property {boolean} [erasesOptions] announces option bytes as erasable, which they are not: dfu-util erases first
 * @property {boolean} [isTooQuick] a command is done before it is asked for: dfu-util demands dfuDNBUSY and gives up
 */

/** @type {Family} */
const A = {
    ver: '2200', flash: '', alternates: 4, options: '0x1FFFC000', bytes: [16, 16], alternate: 1, rdp: 1, complement: 0,
    level1: 0xbb, needsPower: false, erased: 0xff };
const F1 = { ...A, alternates: 2, options: '0x1FFFF800', rdp: 0, complement: 1 };
const F7 = { ...A, alternates: 3, options: '0x1FFF0000' };
const L0 = {
    ...A, alternates: 3, options: '0x1FF80000', bytes: /** @type {[number, number]} */ ([32, 32]), rdp: 0, complement: 2,
    needsPower: true, erased: 0x00 };
/** @type {Family} */
const B = {
    ...A, ver: '0200', alternates: 3, options: '0x1FFF7800', bytes: [48, 48], rdp: 0, complement: 4, needsPower: true,
    losesStatus: true };
const G0 = { ...B, alternate: -1 };
const H7 = { ...B, alternates: 2, options: '0x5200201C', rdp: 5, complement: 0, pairs: [0x00, 0x0c, 0x14, 0x1c, 0x24] };
/** @type {Family} */
const C = {
    ...B, options: '0x40022040', bytes: [64, 48], complement: 0, level1: 0xdc, isTooQuick: true };

/** @type {Record<string, Family>} */
const SHARE = {
    stm32f105: { ...F1, flash: '128*002Kg' },
    stm32f427: { ...A, flash: '04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg' },
    stm32f722: { ...F7, alternates: 4, flash: '04*016Kg,01*64Kg,03*128Kg', bytes: [48, 48] },
    stm32l072: { ...L0, flash: '1536*128g' },
    stm32g431: { ...B, flash: '64*02Kg', bytes: [40, 40] },
    stm32u083: {
        ...B, ver: '0220', alternates: 4, flash: '128*02Kg', options: '0x40022020', bytes: [136, 100], complement: 0,
        staysRefused: true },
    stm32h743: { ...H7, flash: '16*128Kg', bytes: [128, 128] },
    stm32u585: { ...C, flash: '256*08Kg' },
};

/** @type {Record<string, Family>} */
const REST = {
    stm32f105_v1: { ...F1, ver: '2000', flash: '128*002Kg', erasesOptions: true },
    stm32f303: { ...F1, flash: '128*0002Kg' },
    stm32f373: { ...F1, flash: '128*0002Kg' },
    stm32f205: { ...A, flash: '04*016Kg,01*064Kg,07*128Kg' },
    stm32f401: { ...A, flash: '04*016Kg,01*064Kg,03*128Kg' },
    stm32f411: { ...A, flash: '04*016Kg,01*064Kg,03*128Kg' },
    stm32f412: { ...A, flash: '04*016Kg,01*064Kg,07*128Kg' },
    stm32f413: { ...A, flash: '04*016Kg,01*064Kg,011*128Kg' },
    stm32f446: { ...A, flash: '04*016Kg,01*064Kg,03*128Kg' },
    stm32f745: { ...F7, flash: '04*032Kg,01*128Kg,03*256Kg', bytes: [32, 32] },
    stm32f767: { ...F7, flash: '04*032Kg,01*128Kg,07*256Kg', bytes: [32, 32] },
    stm32l152: { ...L0, flash: '1024*256 g' },
    stm32l4r5: { ...A, alternates: 3, flash: '512*0004Kg', options: '0x1FF00000', bytes: [40, 40], rdp: 0, complement: 4,
        needsPower: true },
    stm32g474: { ...B, flash: '256*02Kg' },
    stm32g491: { ...B, flash: '256*02Kg' },
    stm32g0b1: { ...G0, flash: '256*02Kg', bytes: [128, 128] },
    stm32c071: { ...G0, flash: '64*02Kg', bytes: [116, 112], staysRefused: true },
    stm32wb55: { ...B, flash: '256*04Kg', options: '0x1FFF8000', bytes: [128, 8] },
    stm32h723: { ...H7, flash: '8*128Kg', bytes: [88, 88] },
    stm32h7a3: { ...H7, alternates: 3, flash: '256*08Kg', bytes: [297, 296], pairs: [...H7.pairs, 0x10c, 0x114, 0x11c] },
    stm32l552: { ...C, flash: '256*02Kg', bytes: [48, 48], isTooQuick: false },
    stm32u375: { ...C, flash: '256*04Kg' },
    stm32wba65: { ...C, flash: '256*08Kg' },
};

/** @type {Guest} */
let guest;
/** @type {Buffer} */
let image;

before(async () => {
    guest = await Guest.join();
    image = await makeFile(guest, IMAGE, `head -c ${IMAGE_BYTES} ${ROOT}/tests/firmware/blinky-large.bin`);
});

after(() => guest?.close());

/** A device in the hands of somebody who has nothing but dfu-util. */
class Owner {
    /** @param {Family} family @param {import('./devices.mjs').Device} device */
    constructor(family, device) {
        this.family = family;
        this.device = device;
        this.tool = new DfuUtil(guest, device);
    }

    async isListed() {
        const { path } = await this.tool.place();
        const { stdout } = await guest.run(['dfu-util', '-l']);
        const rows = stdout.split('\n').filter((row) => row.startsWith('Found DFU') && row.includes(`path="${path}"`));
        assert.equal(rows.length, this.family.alternates, stdout);
        const first = rows.find((row) => row.includes('alt=0,'));
        assert.match(first ?? '', new RegExp(`\\[0483:df11\\] ver=${this.family.ver}, `));
        assert.ok(first?.replaceAll(' ', '').includes(`/${FLASH}/${this.family.flash.replaceAll(' ', '')}"`), first);
    }

    async isNotUnderstood() {
        const { flash_crc32: crc } = await this.device.truth();
        const reading = await this.tool.read(FLASH, SAMPLE_BYTES);
        assert.match(reading.output, /Wrong state after command "SET_ADDRESS" download/);
        assert.equal((await this.device.truth()).flash_crc32, crc);
    }

    async writesAndReadsBack() {
        const { code, output } = await this.tool.write(IMAGE, FLASH);
        assert.equal(code, 0, output);
        assert.match(output, /File downloaded successfully/);
        assert.deepEqual((await this.tool.read(FLASH, IMAGE_BYTES)).content, image);
        assert.deepEqual((await this.device.flash()).subarray(0, IMAGE_BYTES), image);
    }

    /** Where no alternate announces them, dfu-util has to be forced. */
    get optionPlace() {
        const { alternate, options } = this.family;
        return alternate < 0 ? { alternate: 0, address: `${options}:force` } : { alternate, address: options };
    }

    async sealsIt() {
        const { rdp, complement, level1, pairs = [], bytes, losesStatus } = this.family;
        const { alternate, address } = this.optionPlace;
        const read = await this.tool.read(address, bytes[0], alternate);
        assert.equal(read.content.length, bytes[0], read.output);
        const truth = await this.device.truth();
        assert.equal(read.content.toString('hex'), truth.options.toLowerCase().slice(0, 2 * bytes[0]));
        const block = withByte(read.content, rdp, level1, complement);
        for (const word of pairs) {
            read.content.copy(block, word + 4, word, word + 4);
        }
        block[rdp] = level1;
        const file = `/tmp/options-${this.device.busId}.bin`;
        await makeBytes(guest, file, block.subarray(0, bytes[1]));
        const { code, output } = await this.tool.write(file, `${address}:will-reset`, alternate);
        assert.equal(code === 0, !losesStatus, output);
        await until(this.device, 'stored level 1', ({ stored_level: level }) => level === 1);
        await this.comesBack();
        assert.equal((await this.device.truth()).level, 1);
    }

    async cannotBeSealed() {
        const { options, bytes } = this.family;
        const { content } = await this.tool.read(options, bytes[0], 1);
        const file = `/tmp/options-${this.device.busId}.bin`;
        await makeBytes(guest, file, content);
        const { code, output } = await this.tool.write(file, `${options}:will-reset`, 1);
        assert.notEqual(code, 0);
        assert.match(output, /ERASE_PAGE not correctly executed/);
        assert.equal((await this.device.truth()).counters.option_writes, 0);
    }

    async comesBack() {
        if (this.family.needsPower) {
            await this.device.hand('power-cycle');
        }
        await this.tool.untilBack();
    }

    async isRefused() {
        const { code, output, content } = await this.tool.read(FLASH, SAMPLE_BYTES);
        assert.notEqual(code, 0, output);
        assert.equal(content.length, 0);
        assert.equal((await this.device.truth()).counters.regressions, 0);
    }

    async unprotectsAndFindsItBlank() {
        if (this.family.staysRefused) {
            const { code, output } = await this.tool.run('-a', '0', '-s', ':unprotect:force');
            assert.notEqual(code, 0);
            assert.match(output, /state\(15\)/);
            await this.device.hand('power-cycle');
            await this.tool.untilBack();
        }
        const { code, output } = await this.tool.run('-a', '0', '-s', ':unprotect:force');
        assert.equal(code === 0, !this.family.losesStatus, output);
        await until(this.device, 'was regressed', ({ counters }) => counters.regressions === 1);
        await this.comesBack();
        const { content } = await this.tool.read(FLASH, SAMPLE_BYTES);
        assert.ok(content.length === SAMPLE_BYTES && content.every((byte) => byte === this.family.erased));
        const truth = await this.device.truth();
        assert.equal(truth.level, 0);
    }
}

const FIRST_STEP = /** @type {const} */ (['is listed', 'isListed']);
const WRITTEN = /** @type {const} */ (['is written, and the same is read back', 'writesAndReadsBack']);
const ERASED = /** @type {const} */ ([FIRST_STEP, WRITTEN, ['is not protected by an erase', 'cannotBeSealed']]);
const TOO_QUICK = /** @type {const} */ ([FIRST_STEP, ['is not understood, and not changed', 'isNotUnderstood']]);
const STEPS = /** @type {const} */ ([
    FIRST_STEP,
    WRITTEN,
    ['is protected by an option write', 'sealsIt'],
    ['is not read at level 1', 'isRefused'],
    ['is unprotected, found again, and blank', 'unprotectsAndFindsItBlank'],
]);

/** @param {Family} family */
const stepsOf = ({ isTooQuick, erasesOptions }) => (isTooQuick ? TOO_QUICK : erasesOptions ? ERASED : STEPS);

/** @param {import('node:test').TestContext} all @param {[string, Family][]} families */
async function workWith(all, families) {
    const bench = await Bench.open(families.map(([profile]) => ({ profile, level: 0, knobs: FAST })));
    try {
        await bench.plugInto(guest);
        await Promise.all(families.map(([profile, family], index) => all.test(profile, async (one) => {
            const owner = new Owner(family, bench.devices[index]);
            for (const [name, deed] of stepsOf(family)) {
                await one.test(name, () => owner[deed]());
            }
        })));
    } finally {
        await bench.close(guest);
    }
}

/** @returns {[string, Family][]} */
function chosen() {
    const wanted = process.env.RELOCK_FAMILIES ?? '';
    const every = Object.entries({ ...SHARE, ...REST });
    const named = every.filter(([profile]) => wanted.split(',').includes(profile));
    return wanted === '' ? Object.entries(SHARE) : wanted === 'all' ? every : named;
}

test('dfu-util works with each kind of ROM and of option bytes', { concurrency: true }, async (all) => {
    const families = chosen();
    assert.ok(families.length > 0);
    for (let first = 0; first < families.length; first += AT_ONCE) {
        await workWith(all, families.slice(first, first + AT_ONCE));
    }
});
