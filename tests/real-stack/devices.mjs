// @ts-check
/**
 * Simulated devices on the host, served to a guest by `relock sim serve --usbip`, and the hands that hold their BOOT0
 * and pull their cables. What a device says of itself here only the simulator can know.
 */

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ROOT, pause } from './guest.mjs';

const run = promisify(execFile);
/** With sanitizers: what serves is on trial as much as what is served. */
const SIMULATOR = `${ROOT}/build/debug/cli/relock`;
const START_MS = 10000;
const ON_BUS_MS = 60000;
const LOOK_MS = 200;

/** What a real host's real waiting would make of a whole chip: flash at a twentieth of its typical times. */
export const FAST = { typical_percent: 5 };

/**
 * @typedef {object} Wanted
 * @property {string} profile
 * @property {number} [level] RDP level; 1 if left out
 * @property {boolean} [boot0] held; true if left out
 * @property {string} [serial] the profile's own if left out; 'none': it has none
 * @property {Record<string, number>} [knobs] as `relock sim damage --knob` takes them
 * @property {string[]} [faults] as `relock sim damage --fault` takes them
 */

/** One device, by the file that it lives in. */
export class Device {
    /** @param {string} file @param {string} busId */
    constructor(file, busId) {
        this.file = file;
        this.busId = busId;
    }

    /** @param {string[]} words of `relock sim` */
    async sim(...words) {
        return (await run(SIMULATOR, ['sim', ...words], { maxBuffer: 1 << 24 })).stdout;
    }

    /** @param {'press' | 'release' | 'unplug' | 'plug' | 'replug' | 'power-cycle' | 'reset' | 'jump'} deed */
    hand(deed) {
        return this.sim(deed, this.file);
    }

    /** Does what an error printed behind "Next:". @param {string} action */
    follow(action) {
        return this.sim('do', this.file, action);
    }

    /** @param {string[]} words of `relock sim damage FILE` */
    damage(...words) {
        return this.sim('damage', this.file, ...words);
    }

    /** Level, counters, violations: as only the simulator can know. @returns {Promise<any>} */
    async truth() {
        const lines = (await this.sim('show', this.file, '--json')).trim().split('\n');
        return JSON.parse(lines[lines.length - 1]);
    }

    /** All of its flash. */
    async flash() {
        const path = `${this.file}.flash`;
        await this.sim('read', this.file, path);
        return readFileSync(path);
    }
}

/** Devices on one USB/IP server. */
export class Bench {
    /**
     * @param {Wanted[]} wanted
     * @param {{ time?: 'real' | 'virtual' }} [options]
     */
    static async open(wanted, { time = 'real' } = {}) {
        const bench = new Bench();
        for (const [index, want] of wanted.entries()) {
            await bench.make(want, `1-${index + 1}`);
        }
        await bench.serve(time);
        return bench;
    }

    constructor() {
        this.folder = mkdtempSync(join(tmpdir(), 'relock-bench-'));
        /** @type {Device[]} */
        this.devices = [];
        this.port = 0;
        this.errors = '';
        /** @type {import('node:child_process').ChildProcess | null} */
        this.server = null;
    }

    /** The first device, or the only one. */
    get device() {
        return this.devices[0];
    }

    /** @param {Wanted} want @param {string} busId */
    async make({ profile, level = 1, boot0 = true, serial, knobs = {}, faults = [] }, busId) {
        const device = new Device(join(this.folder, `${busId}.sim`), busId);
        await device.sim('make', device.file, '--profile', profile, '--level', String(level),
            '--boot0', boot0 ? 'high' : 'low', ...(serial ? ['--serial', serial] : []),
            ...Object.entries(knobs).flatMap(([name, value]) => ['--knob', `${name}=${value}`]),
            ...faults.flatMap((fault) => ['--fault', fault]));
        this.devices.push(device);
    }

    /** @param {'real' | 'virtual'} time */
    async serve(time) {
        const server = spawn(SIMULATOR, ['sim', 'serve', '--usbip', '--port', '0', '--time', time, '--json',
            ...this.devices.map(({ file }) => file)]);
        this.server = server;
        server.stderr.on('data', (bytes) => { this.errors += bytes; });
        const lines = createInterface({ input: server.stdout });
        this.port = await new Promise((resolve, reject) => {
            const late = setTimeout(() => reject(new Error(`the server says nothing: ${this.errors}`)), START_MS);
            server.on('close', (code) => reject(new Error(`the server ended (${code}): ${this.errors}`)));
            lines.on('line', (line) => {
                const { port } = JSON.parse(line);
                if (typeof port === 'number') {
                    clearTimeout(late);
                    resolve(port);
                }
            });
        });
    }

    /** Puts every device on a guest's bus. @param {import('./guest.mjs').Guest} guest */
    async plugInto(guest) {
        for (const { busId } of this.devices) {
            await guest.plug(this.port, busId);
        }
        await untilOnBus(guest, this.devices.length);
    }

    /** @param {import('./guest.mjs').Guest} guest takes all cables out */
    async close(guest) {
        for (const { busId } of this.devices) {
            await guest.unplug(this.port, busId);
        }
        this.server?.kill('SIGTERM');
        await new Promise((resolve) => (this.server?.exitCode === null ? this.server.on('close', resolve) : resolve(0)));
        rmSync(this.folder, { recursive: true, force: true });
        assert.doesNotMatch(this.errors, /Sanitizer|runtime error/);
    }
}

const COUNT_BOOTLOADERS = 'udevadm settle --timeout=10; grep -l df11 /sys/bus/usb/devices/*/idProduct 2>/dev/null | wc -l';

/**
 * Waits until the guest's kernel has so many of ST's bootloaders, and udev has seen them.
 * @param {import('./guest.mjs').Guest} guest
 */
export async function untilOnBus(guest, count = 1, limitMs = ON_BUS_MS) {
    const deadline = Date.now() + limitMs;
    for (;;) {
        const { stdout } = await guest.run(['sh', '-c', COUNT_BOOTLOADERS]);
        if (Number(stdout) === count) {
            return;
        }
        assert.ok(Date.now() < deadline, `there are ${stdout.trim()} bootloaders on the guest's bus, not ${count}`);
        await pause(LOOK_MS);
    }
}
