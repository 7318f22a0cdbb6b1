// @ts-check
/**
 * A USB cable: keeps one device of a USB/IP server attached to the guest's kernel, by the kernel's own tool `usbip`.
 * A device that leaves the bus is a closed connection and a free port; it is attached again as soon as the server has
 * it back on the bus.
 */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HOST = '10.0.2.2';
const STATUS = '/sys/devices/platform/vhci_hcd.0/status';
const LOOK_MS = 100;
const RETRY_MS = 300;

/** The ports in use: `hs 0000 006 003 00010002 000003 1-1` → [[0, '00010002']] @returns {Map<number, string>} */
function portsInUse() {
    const rows = readFileSync(STATUS, 'latin1').split('\n').slice(1);
    const used = rows.map((row) => row.trim().split(/\s+/)).filter((words) => words.length >= 5 && words[2] !== '004');
    return new Map(used.map((words) => [Number(words[1]), words[4]]));
}

/**
 * One attach at a time: two at once may be given the same port, and what either added could not be told.
 * @type {Promise<unknown>}
 */
let lastAttach = Promise.resolve();

export class Cable {
    /** @param {number} server TCP port on the host @param {string} busId */
    constructor(server, busId) {
        this.server = String(server);
        this.busId = busId;
        this.isIn = true;
        /** @type {number | null} */
        this.port = null;
        this.device = '';
        this.attaching = this.keepAttached();
    }

    async keepAttached() {
        while (this.isIn) {
            const isAttached = this.isAttached() || (await this.attachInTurn());
            await new Promise((resolve) => setTimeout(resolve, isAttached ? LOOK_MS : RETRY_MS));
        }
    }

    /** A port that became free may be another cable's by now. */
    isAttached() {
        return this.port !== null && portsInUse().get(this.port) === this.device;
    }

    attachInTurn() {
        const turn = lastAttach.then(() => this.attach());
        lastAttach = turn;
        return turn;
    }

    /** Refused while the device is not on the bus. */
    async attach() {
        const before = portsInUse();
        try {
            await run('usbip', ['--tcp-port', this.server, 'attach', '-r', HOST, '-b', this.busId]);
        } catch {
            return false;
        }
        const added = [...portsInUse()].filter(([port]) => !before.has(port));
        [this.port, this.device] = added[0] ?? [null, ''];
        return this.port !== null;
    }

    async unplug() {
        this.isIn = false;
        await this.attaching;
        if (this.isAttached()) {
            await run('usbip', ['detach', '-p', String(this.port)]).catch(() => {});
        }
        this.port = null;
    }
}
