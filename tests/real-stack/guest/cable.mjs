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
const STUCK_MS = 10000;
const NOT_KNOWN = '00000000';

/**
 * The ports in use: `hs 0000 006 003 00010002 000003 1-1` → [[0, '00010002']]: the server's numbers of bus and device,
 * not known until the kernel has given the device an address.
 * @returns {Map<number, string>}
 */
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
        this.device = busId.split('-').map((number) => Number(number).toString(16).padStart(4, '0')).join('');
        /** @type {number | null} */
        this.port = null;
        this.attachedAt = 0;
        this.attaching = this.keepAttached();
    }

    async keepAttached() {
        while (this.isIn) {
            const wasAttached = this.port !== null;
            if (this.isStuck()) {
                await this.detach();
            } else if (!this.isAttached()) {
                this.port = null;
                await (wasAttached ? null : this.attachInTurn());
            }
            await new Promise((resolve) => setTimeout(resolve, this.port !== null ? LOOK_MS : RETRY_MS));
        }
    }

    /** A port that became free may be another cable's by now. */
    isAttached() {
        const device = this.port === null ? undefined : portsInUse().get(this.port);
        return device === this.device || device === NOT_KNOWN;
    }

    /** The kernel can miss a connection that comes while it cleans up behind the last one. */
    isStuck() {
        const isKnown = this.port === null || portsInUse().get(this.port) !== NOT_KNOWN;
        return !isKnown && Date.now() - this.attachedAt > STUCK_MS;
    }

    attachInTurn() {
        const turn = lastAttach.then(() => this.attach());
        lastAttach = turn;
        return turn;
    }

    /** Refused while the device is not on the bus. @returns {Promise<boolean>} */
    async attach() {
        const before = portsInUse();
        try {
            await run('usbip', ['--tcp-port', this.server, 'attach', '-r', HOST, '-b', this.busId]);
        } catch {
            return false;
        }
        const added = [...portsInUse().keys()].filter((port) => !before.has(port));
        this.port = added[0] ?? null;
        this.attachedAt = Date.now();
        return this.port !== null;
    }

    async detach() {
        await run('usbip', ['detach', '-p', String(this.port)]).catch(() => {});
        this.port = null;
    }

    async unplug() {
        this.isIn = false;
        await this.attaching;
        if (this.isAttached()) {
            await this.detach();
        }
    }
}
