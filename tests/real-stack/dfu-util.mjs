// @ts-check
/** dfu-util in the guest, told by the port which one of several devices it is to work on; and files for it. */

import assert from 'node:assert/strict';
import { ROOT, pause } from './guest.mjs';

const STATUS = '/sys/devices/platform/vhci_hcd.0/status';
const IN_USE = '006';
const BACK_MS = 60000;
const LOOK_MS = 150;
const RUN_MS = 120000;
const STATE_MS = 30000;
const SMALL = `${ROOT}/tests/firmware/blinky-small.bin`;
const LARGE = `${ROOT}/tests/firmware/blinky-large.bin`;

/** @typedef {import('./guest.mjs').Guest} Guest */
/** @typedef {import('./devices.mjs').Device} Device */
/** @typedef {{ path: string, address: string }} Place port and address on the guest's bus */

/**
 * Where the guest's kernel has a device of a USB/IP server now; null while it has it nowhere.
 * A row of the kernel's table: `hs  0000 006 002 00010003 000005 1-1`: port, state, speed, the server's bus and device
 * number, socket, the guest's own port.
 * @param {Guest} guest @param {Device} device @returns {Promise<Place | null>}
 */
export async function placeOf(guest, device) {
    const number = Number(device.busId.split('-')[1]);
    const rows = (await guest.read(STATUS)).toString().split('\n').map((row) => row.trim().split(/\s+/));
    const row = rows.find((words) => words[2] === IN_USE && (Number.parseInt(words[4], 16) & 0xffff) === number);
    if (!row) {
        return null;
    }
    const address = await guest.read(`/sys/bus/usb/devices/${row[6]}/devnum`).catch(() => null);
    return address && { path: row[6], address: address.toString().trim() };
}

/** The unmodified program, on one device. */
export class DfuUtil {
    /** @param {Guest} guest @param {Device} device @param {number} [limitMs] of one run */
    constructor(guest, device, limitMs = RUN_MS) {
        this.guest = guest;
        this.device = device;
        this.limitMs = limitMs;
        this.address = '';
    }

    async place() {
        const place = await placeOf(this.guest, this.device);
        assert.ok(place, `${this.device.busId} is not on the guest's bus`);
        this.address = place.address;
        return place;
    }

    /** @param {string[]} words */
    async run(...words) {
        const { path } = await this.place();
        return this.guest.run(['dfu-util', '-d', ',0483:df11', '-p', path, ...words], { limitMs: this.limitMs });
    }

    /** Its standard output and error, of a run that has to succeed. @param {string[]} words */
    async mustRun(...words) {
        const { code, output } = await this.run(...words);
        assert.equal(code, 0, output);
        return output;
    }

    /** @param {string} file @param {string} address with modifiers behind */
    write(file, address, alternate = 0) {
        return this.run('-a', String(alternate), '-s', address, '-D', file);
    }

    /** What it reads; it never overwrites a file. @param {string} address @param {number} bytes */
    async read(address, bytes, alternate = 0) {
        const file = `/tmp/read-${this.device.busId}-${Date.now()}`;
        const { code, output } = await this.run('-a', String(alternate), '-s', `${address}:${bytes}`, '-U', file);
        const content = await this.guest.read(file).catch(() => Buffer.alloc(0));
        return { code, output, content };
    }

    /** Waits until the guest's kernel has the device again: at another address than when it was last spoken to. */
    async untilBack() {
        const deadline = Date.now() + BACK_MS;
        for (;;) {
            const place = await placeOf(this.guest, this.device);
            if (place && place.address !== this.address) {
                this.address = place.address;
                return;
            }
            if (Date.now() > deadline) {
                await this.tellWhereItIs();
            }
            await pause(LOOK_MS);
        }
    }

    async tellWhereItIs() {
        const { on_bus: isOnBus, arrival } = await this.device.truth();
        const ports = (await this.guest.read(STATUS)).toString().split('\n').filter((row) => !/ 004 /.test(row));
        const log = (await this.guest.run(['sh', '-c', 'dmesg | tail -n 30'])).stdout;
        assert.fail(`${this.device.busId} did not come back; the last address was ${this.address}; for the simulator it is ` +
            `${isOnBus ? 'on' : 'off'} the bus since arrival ${arrival}; for the kernel:\n${ports.join('\n')}\n${log}`);
    }
}

/**
 * Makes a file in the guest by a shell command's output: the host's own files are read-only there.
 * @param {Guest} guest @param {string} path @param {string} command
 */
export async function makeFile(guest, path, command) {
    const made = await guest.run(['sh', '-c', `{ ${command}; } >'${path}'`]);
    assert.equal(made.code, 0, made.output);
    return guest.read(path);
}

/** @param {Guest} guest @param {string} path @param {Uint8Array} bytes */
export function makeBytes(guest, path, bytes) {
    const octal = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    return makeFile(guest, path, `printf '${octal}'`);
}

/**
 * A small program that can run, filled up to whole double words, because dfu-util fills nothing up.
 * @param {Guest} guest @param {string} path
 */
export const makeSmall = (guest, path) => makeFile(guest, path, `cat ${SMALL}; printf '\\377\\377\\377\\377'`);

/**
 * A program of any size that can run. Two with another `shift` differ in every sector.
 * @param {Guest} guest @param {string} path @param {number} bytes @param {number} shift
 */
export function makeLarge(guest, path, bytes, shift) {
    const rounds = Array(Math.ceil((bytes + shift) / 100000) + 1).fill(LARGE).join(' ');
    return makeFile(guest, path, `{ head -c 256 ${LARGE}; cat ${rounds} | tail -c +${shift + 257}; } | head -c ${bytes}`);
}

/**
 * @param {Buffer} options @param {number} offset @param {number} byte
 * @param {number} complement how far behind; 0: none
 */
export function withByte(options, offset, byte, complement) {
    const changed = Buffer.from(options);
    changed[offset] = byte;
    if (complement > 0) {
        changed[offset + complement] = ~byte & 0xff;
    }
    return changed;
}

/**
 * Waits until the simulator says that it is so.
 * @param {Device} device @param {string} what @param {(truth: any) => boolean} isSo
 */
export async function until(device, what, isSo) {
    const deadline = Date.now() + STATE_MS;
    for (;;) {
        const truth = await device.truth();
        if (isSo(truth)) {
            return truth;
        }
        assert.ok(Date.now() < deadline, `it never ${what}: ${JSON.stringify(truth)}`);
        await pause(LOOK_MS);
    }
}
