// @ts-check
/**
 * The same write and read-back by dfu-util and by relock, both real, on two simulated devices that are the same, in the
 * guest that RELOCK_GUEST names. Counts are the device's own, of what the programs send; what the kernel asks when a
 * device arrives is not among them. More DFU requests than the allowed share of dfu-util's are a failure. Standard
 * requests are printed and not judged: libusb and the kernel decide on them as much as the programs do.
 */

import assert from 'node:assert/strict';
import { Bench } from '../tests/real-stack/devices.mjs';
import { DfuUtil, makeLarge } from '../tests/real-stack/dfu-util.mjs';
import { Guest, ROOT } from '../tests/real-stack/guest.mjs';

const FLASH = '0x08000000';
const IMAGE = '/tmp/peers.bin';
const BLOCK_BYTES = 2048;
const PER_WRITTEN_BLOCK = 3;
const PER_READ_BLOCK = 1;
const PER_ERASED_SECTOR = 3;
const RUN_MS = 600000;

/** @typedef {{ profile: string, kib: number, isBlank: boolean, share: number }} Row share: of dfu-util's requests */
/** @typedef {{ transfers: number, requests: number, modelled: number, real: number, erased: number }} Cost */

/** @type {Row[]} */
const ROWS = [
    { profile: 'stm32f405', kib: 64, isBlank: false, share: 1 },
    { profile: 'stm32f405', kib: 512, isBlank: false, share: 0.6 },
    { profile: 'stm32l476', kib: 64, isBlank: false, share: 1 },
    // Each sector is as large as a block, and is looked at: 8 requests where dfu-util, which erases blank ones, has 10.
    { profile: 'stm32l476', kib: 512, isBlank: false, share: 0.82 },
    { profile: 'stm32f072', kib: 64, isBlank: false, share: 1 },
    { profile: 'stm32f072', kib: 128, isBlank: false, share: 0.75 },
    { profile: 'stm32f405', kib: 512, isBlank: true, share: 0.75 },
    { profile: 'stm32l476', kib: 512, isBlank: true, share: 0.75 },
    { profile: 'stm32f072', kib: 128, isBlank: true, share: 0.75 },
];

/**
 * @param {import('../tests/real-stack/devices.mjs').Device} device
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Cost>}
 */
async function cost(device, work) {
    const before = await device.truth();
    const start = Date.now();
    await work();
    const real = (Date.now() - start) / 1000;
    const after = await device.truth();
    const spent = (/** @type {string} */ name) => after.counters[name] - before.counters[name];
    return {
        transfers: spent('transfers'),
        requests: spent('transfers') - spent('standard_requests'),
        modelled: (after.now_us - before.now_us) / 1e6,
        real,
        erased: spent('sectors_erased') - spent('sectors_erased_blank'),
    };
}

/** @param {DfuUtil} tool @param {Row} row */
async function prepare(tool, { isBlank }) {
    if (isBlank) {
        await tool.mustRun('-a', '0', '-s', ':unprotect:force');
        await tool.untilBack();
        await tool.device.hand('power-cycle');
        await tool.untilBack();
    }
    assert.equal((await tool.device.truth()).level, 0);
}

/** @param {DfuUtil} tool @param {Buffer} image */
async function byDfuUtil(tool, image) {
    await tool.mustRun('-a', '0', '-s', FLASH, '-D', IMAGE);
    const { content, output } = await tool.read(FLASH, image.length);
    assert.deepEqual(content, image, output);
}

/** @param {Guest} guest @param {DfuUtil} tool @param {Buffer} image */
async function byRelock(guest, tool, image) {
    const { path } = await tool.place();
    const words = ['write', IMAGE, '--address', FLASH, '--port', path, '--yes', '--new-job'];
    const { code, output } = await guest.run([`${ROOT}/build/release/cli/relock`, ...words], { limitMs: RUN_MS });
    assert.equal(code, 0, output);
    assert.deepEqual((await tool.device.flash()).subarray(0, image.length), image);
}

/** @param {Guest} guest @param {Row} row @returns {Promise<{ theirs: Cost, ours: Cost }>} */
async function compare(guest, row) {
    const image = await makeLarge(guest, IMAGE, row.kib * 1024, 0);
    const device = { profile: row.profile, level: row.isBlank ? 1 : 0 };
    const bench = await Bench.open([device, device], { time: 'virtual' });
    try {
        await bench.plugInto(guest);
        const [one, other] = bench.devices.map((each) => new DfuUtil(guest, each, RUN_MS));
        await prepare(one, row);
        await prepare(other, row);
        return {
            theirs: await cost(one.device, () => byDfuUtil(one, image)),
            ours: await cost(other.device, () => byRelock(guest, other, image)),
        };
    } finally {
        await bench.close(guest);
    }
}

/** @param {Row} row @param {{ theirs: Cost, ours: Cost }} costs @returns {boolean} whether the count is as promised */
function print(row, { theirs, ours }) {
    const blocks = (row.kib * 1024) / BLOCK_BYTES;
    const least = (PER_WRITTEN_BLOCK + PER_READ_BLOCK) * blocks + PER_ERASED_SECTOR * theirs.erased;
    const share = ours.requests / theirs.requests;
    const cells = [
        row.profile.padEnd(9), String(row.kib).padStart(4), row.isBlank ? 'blank' : 'used ', '|',
        String(least).padStart(6), String(ours.requests).padStart(6), String(theirs.requests).padStart(8),
        share.toFixed(3).padStart(6), row.share.toFixed(2).padStart(7), '|',
        String(ours.transfers).padStart(6), String(theirs.transfers).padStart(8), '|',
        ours.modelled.toFixed(1).padStart(6), theirs.modelled.toFixed(1).padStart(8), '|',
        ours.real.toFixed(1).padStart(6), theirs.real.toFixed(1).padStart(8)];
    console.log(cells.join(' '));
    if (share > row.share) {
        console.log(`FAILED: ${row.profile}, ${row.kib} KiB: more than ${row.share} of dfu-util's DFU requests`);
    }
    return share <= row.share;
}

const HEAD = `                     | DFU requests                          | all transfers   | modelled s      | guest's s
device     KiB flash |  least relock dfu-util  share allowed | relock dfu-util | relock dfu-util | relock dfu-util`;
const LEGEND = `
flash      what it holds before: another program (in its first half), or nothing, as a regression leaves it
least      ${PER_WRITTEN_BLOCK} per written block + ${PER_READ_BLOCK} per block read back + ${PER_ERASED_SECTOR} per sector that is not blank
relock     one 'relock write --yes', which checks what is there, erases what it must, writes, reads back and compares
dfu-util   'dfu-util -D', then 'dfu-util -U' of the same range; comparing is left to its user
transfers  DFU requests and standard ones of the programs: descriptors, configuration, alternate setting
modelled   the device's own clock, which passes as it announces or as its work demands, plus wire time
guest's    an emulated computer's; a transfer is several times slower there than on a real one`;

const guest = await Guest.join();
console.log(HEAD);
let failures = 0;
for (const row of ROWS) {
    failures += print(row, await compare(guest, row)) ? 0 : 1;
}
console.log(LEGEND);
guest.close();
process.exitCode = failures > 0 ? 1 : 0;
