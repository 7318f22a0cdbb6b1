// @ts-check
/**
 * dfu-util 0.11 as Debian ships it, over Linux's own USB stack, against every simulated device. It shares nothing with
 * this project, so where it and the simulator agree, they do so from the same public sources, read by different people.
 * All devices are on the bus at once and each is addressed by its port: dfu-util waits 35 s for an STM32F405's mass
 * erase, and the others need not.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, FAST } from './devices.mjs';
import { DfuUtil, makeBytes, makeLarge, makeSmall, until, withByte } from './dfu-util.mjs';
import { Guest, ROOT } from './guest.mjs';

const FLASH = '0x08000000';
const EX_IOERR = 74;
const SAMPLE_BYTES = 2048;
const LEVEL_1 = 0xbb;
const IMAGE = '/tmp/image.bin';
const OTHER_IMAGE = '/tmp/other.bin';

/**
 * What the sources say of each chip, written again and not taken from the simulator: alternates (dfu-util's device
 * logs, ST's forum, Inertial Sense's SDK), the first sector, where the option bytes are (CubeProgrammer's tables), and
 * in them the bit nRST_STDBY, which every manual has and nothing here depends on.
 * @typedef {object} Chip
 * @property {number} flashBytes
 * @property {number} sectorBytes of the first sector
 * @property {string[]} alternates
 * @property {string} options address
 * @property {{ offset: number, mask: number, complement: number }} harmless complement: how far behind; 0: none
 * @property {number} rdp offset
 * @property {boolean} needsPower whether the new level is seen from the next power-on only
 * @property {boolean} diesWhenSealed whether it is not seen on the bus until then
 * @property {boolean} losesOptions whether a regression brings the factory's option bytes back
 */

const OTP_L4 = '@OTP Memory /0x1FFF7000/01*0001Ke';
const FEATURE = '@Device Feature/0xFFFF0000/01*004 e';
const F0 = {
    options: '0x1FFFF800', harmless: { offset: 2, mask: 0x04, complement: 1 }, rdp: 0, needsPower: true,
    diesWhenSealed: false, losesOptions: true };
const L4 = {
    sectorBytes: 2048, options: '0x1FFF7800', harmless: { offset: 1, mask: 0x20, complement: 4 }, rdp: 0,
    needsPower: true, diesWhenSealed: true, losesOptions: false };

/** @param {string} flash @param {string} address @param {number} bytes @param {string[]} others */
const alternates = (flash, address, bytes, others = []) =>
    [`@Internal Flash  /${FLASH}/${flash}`, `@Option Bytes  /${address}/01*0${bytes} e`, ...others];

/** @type {Record<string, Chip>} */
const CHIPS = {
    stm32f405: {
        flashBytes: 1 << 20, sectorBytes: 16384, options: '0x1FFFC000', rdp: 1,
        needsPower: false, diesWhenSealed: false, losesOptions: false,
        harmless: { offset: 0, mask: 0x80, complement: 0 },
        alternates: alternates('04*016Kg,01*064Kg,07*128Kg', '0x1FFFC000', 16,
            ['@OTP Memory /0x1FFF7800/01*512 e,01*016 e', FEATURE]),
    },
    stm32f042: {
        ...F0, flashBytes: 32 << 10, sectorBytes: 1024, alternates: alternates('032*0001Kg', F0.options, 16) },
    stm32f072: {
        ...F0, flashBytes: 128 << 10, sectorBytes: 2048, alternates: alternates('064*0002Kg', F0.options, 16) },
    stm32l432: {
        ...L4, flashBytes: 256 << 10,
        alternates: alternates('0128*0002Kg', L4.options, 40, [OTP_L4, FEATURE]) },
    stm32l452: {
        ...L4, flashBytes: 512 << 10,
        alternates: alternates('0256*0002Kg', L4.options, 40, [OTP_L4, FEATURE]) },
    stm32l476: {
        ...L4, flashBytes: 1 << 20,
        alternates: alternates('512*0002Kg', L4.options, 40, [OTP_L4, FEATURE]) },
};

/** @type {Guest} */
let guest;
/** @type {Bench} */
let bench;
/** @type {Buffer} */
let image;

before(async () => {
    guest = await Guest.join();
    image = await makeSmall(guest, IMAGE);
    await makeLarge(guest, OTHER_IMAGE, SAMPLE_BYTES, 0);
    const profiles = [...Object.keys(CHIPS), 'stm32f072'];
    bench = await Bench.open(profiles.map((profile) => ({ profile, level: 0, knobs: FAST })));
    await bench.plugInto(guest);
});

after(async () => {
    await bench?.close(guest);
    guest?.close();
});

/** A device in the hands of somebody who has nothing but dfu-util. */
class Owner {
    /** @param {string} profile @param {import('./devices.mjs').Device} device */
    constructor(profile, device) {
        this.chip = CHIPS[profile];
        this.device = device;
        this.tool = new DfuUtil(guest, device);
    }

    async options() {
        const { code, output, content } = await this.tool.read(this.chip.options, this.optionBytes, 1);
        assert.equal(code, 0, output);
        return content;
    }

    get optionBytes() {
        return Number(/01\*0*(\d+)/.exec(this.chip.alternates[1])?.[1]);
    }

    /** @param {Buffer} options @param {string} [modifier] */
    async writeOptions(options, modifier = '') {
        const file = `/tmp/options-${this.device.busId}.bin`;
        await makeBytes(guest, file, options);
        return this.tool.write(file, this.chip.options + modifier, 1);
    }

    async writesAndReadsBack() {
        const old = await this.device.flash();
        const { code, output } = await this.tool.write(IMAGE, FLASH);
        assert.equal(code, 0, output);
        assert.match(output, /File downloaded successfully/);
        const { content } = await this.tool.read(FLASH, image.length);
        assert.deepEqual(content, image);
        const flash = await this.device.flash();
        const erased = Math.ceil(image.length / this.chip.sectorBytes) * this.chip.sectorBytes;
        assert.deepEqual(flash.subarray(0, image.length), image);
        assert.ok(flash.subarray(image.length, erased).every((byte) => byte === 0xff));
        assert.deepEqual(flash.subarray(erased), old.subarray(erased), 'the other sectors are as they were');
    }

    /** It erases what an alternate's layout knows, and the option bytes' does not know flash. */
    async cannotWriteOverWhatIsThere() {
        const { flash_crc32: crc } = await this.device.truth();
        const { code, output } = await this.tool.write(OTHER_IMAGE, `${FLASH}:force`, 1);
        assert.notEqual(code, 0, output);
        assert.match(output, /failed!|Failed to write whole chunk/);
        assert.equal((await this.device.truth()).flash_crc32, crc, 'nothing became of it');
    }

    async erasesAllWritesAndLeaves() {
        const output = await this.tool.mustRun('-a', '0', '-s', `${FLASH}:mass-erase:force:leave`, '-D', IMAGE);
        assert.match(output, /Performing mass erase/);
        assert.match(output, /Transitioning to dfuMANIFEST state/);
        const truth = await until(this.device, 'ran its application', ({ runs_application: runs }) => runs);
        assert.equal(truth.on_bus, false);
        const flash = await this.device.flash();
        assert.equal(flash.length, this.chip.flashBytes);
        assert.deepEqual(flash.subarray(0, image.length), image);
        assert.ok(flash.subarray(image.length).every((byte) => byte === 0xff));
        await this.device.hand('reset');
        await this.tool.untilBack();
    }

    async changesAnOptionBit() {
        const { offset, mask, complement } = this.chip.harmless;
        const options = await this.options();
        assert.equal(options.toString('hex'), (await this.device.truth()).options.toLowerCase());
        const wanted = withByte(options, offset, options[offset] ^ mask, complement);
        const { code, output } = await this.writeOptions(wanted, ':will-reset');
        assert.equal(code, 0, output);
        await this.tool.untilBack();
        assert.deepEqual(await this.options(), wanted);
        this.wanted = wanted;
        assert.equal((await this.device.truth()).level, 0);
    }

    /** Without `will-reset` it calls the reset a failure, as it does on a chip. */
    async sealsIt() {
        const { rdp, harmless } = this.chip;
        const sealed = withByte(await this.options(), rdp, LEVEL_1, harmless.complement);
        const { code, output } = await this.writeOptions(sealed);
        assert.notEqual(code, 0, output);
        await until(this.device, 'stored level 1', (truth) => truth.stored_level === 1);
        if (!this.chip.diesWhenSealed) {
            await this.tool.untilBack();
        }
        if (this.chip.needsPower) {
            await this.device.hand('power-cycle');
            await this.tool.untilBack();
        }
        assert.equal((await this.device.truth()).level, 1);
    }

    async isRefused() {
        const { flash_crc32: crc } = await this.device.truth();
        const reading = await this.tool.read(FLASH, SAMPLE_BYTES);
        assert.notEqual(reading.code, 0, reading.output);
        assert.equal(reading.content.length, 0);
        const writing = await this.tool.write(IMAGE, FLASH);
        assert.equal(writing.code, EX_IOERR, writing.output);
        assert.match(writing.output, /not correctly executed/);
        assert.match(writing.output, /DFU state\(10\) = dfuERROR, status\(11\)/, 'what the refused reading left behind');
        assert.equal((await this.device.truth()).flash_crc32, crc);
    }

    async unprotectsAndFindsIt() {
        const said = await this.tool.mustRun('-a', '0', '-s', ':unprotect:force');
        assert.match(said, /Device disconnects, erases flash and resets now/);
        await this.tool.untilBack();
        if ((await this.device.truth()).level === 1) {
            assert.ok(this.chip.needsPower && !this.chip.diesWhenSealed);
            await this.device.hand('power-cycle');
            await this.tool.untilBack();
        }
        const { code, output, content } = await this.tool.read(FLASH, SAMPLE_BYTES);
        assert.equal(code, 0, output);
        assert.ok(content.length === SAMPLE_BYTES && content.every((byte) => byte === 0xff));
        assert.ok((await this.device.flash()).every((byte) => byte === 0xff));
        const truth = await this.device.truth();
        assert.equal(truth.level, 0);
        assert.equal(truth.counters.regressions, 1);
        const kept = (await this.options()).equals(this.wanted ?? Buffer.alloc(0));
        assert.equal(kept, !this.chip.losesOptions, 'the other option bytes');
    }
}

test('dfu-util lists every chip, alternate and serial number', async () => {
    const { code, stdout, output } = await guest.run(['dfu-util', '-l']);
    assert.equal(code, 0, output);
    assert.match(stdout, /^dfu-util 0\.11$/m);
    for (const [index, [profile, chip]] of Object.entries(CHIPS).entries()) {
        const { path, address } = await new DfuUtil(guest, bench.devices[index]).place();
        const rows = stdout.split('\n').filter((row) => row.startsWith('Found DFU') && row.includes(`path="${path}"`));
        assert.equal(rows.length, chip.alternates.length, `${profile}\n${stdout}`);
        chip.alternates.forEach((name, alternate) => {
            const tail = `devnum=${address}, cfg=1, intf=0, path="${path}", alt=${alternate}, name="${name}", serial=`;
            assert.ok(rows.some((row) => row.startsWith('Found DFU: [0483:df11] ver=2200, ') && row.includes(tail)), stdout);
        });
    }
});

const STEPS = /** @type {const} */ ([
    ['writes, and reads the same back', 'writesAndReadsBack'],
    ['does not write over what was not erased', 'cannotWriteOverWhatIsThere'],
    ['erases all, writes and leaves', 'erasesAllWritesAndLeaves'],
    ['reads the option bytes, and changes a bit of them', 'changesAnOptionBit'],
    ['protects it by an option write', 'sealsIt'],
    ['neither reads nor writes at level 1', 'isRefused'],
    ['unprotects, finds it again, and finds it blank', 'unprotectsAndFindsIt'],
]);

test('dfu-util does all of its work', { concurrency: true }, async (all) => {
    const works = Object.keys(CHIPS).map((profile, index) => all.test(profile, async (one) => {
        const owner = new Owner(profile, bench.devices[index]);
        for (const [name, deed] of STEPS) {
            await one.test(name, () => owner[deed]());
        }
    }));
    await Promise.all([...works, all.test('64 KiB cost relock no more transfers than dfu-util', compareTransfers)]);
});

/** The small one of ./scripts/bench --peers. */
async function compareTransfers() {
    const device = bench.devices[bench.devices.length - 1];
    const tool = new DfuUtil(guest, device);
    const bytes = 64 << 10;
    const first = await makeLarge(guest, '/tmp/first.bin', bytes, 0);
    const second = await makeLarge(guest, '/tmp/second.bin', bytes, 1000);
    const start = (await device.truth()).counters.transfers;
    await tool.mustRun('-a', '0', '-s', FLASH, '-D', '/tmp/first.bin');
    assert.deepEqual((await tool.read(FLASH, bytes)).content, first);
    const between = (await device.truth()).counters.transfers;
    const { path } = await tool.place();
    const words = ['write', '/tmp/second.bin', '--address', FLASH, '--port', path, '--yes', '--new-job'];
    const { code, output } = await guest.run([`${ROOT}/build/release/cli/relock`, ...words]);
    assert.equal(code, 0, output);
    const end = (await device.truth()).counters.transfers;
    assert.deepEqual((await device.flash()).subarray(0, bytes), second);
    assert.ok(end - between <= between - start, `relock ${end - between}, dfu-util ${between - start}`);
}
