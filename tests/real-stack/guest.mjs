// @ts-check
/**
 * A Linux guest with a USB stack of its own: Debian's kernel under QEMU without virtualisation, in the host's own root,
 * of which it keeps changes in memory. What runs in it is what is installed and built here. See docs/testing.md.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
export const OUTPUT = `${ROOT}/build/real-stack/output`;
const FOLDER = `${ROOT}/build/real-stack`;
const AGENT_PORT = 7000;
const DEVTOOLS_PORT = 7001;
const BOOT_MS = 120000;
const LOOK_MS = 250;
const PROCESS_MS = 120000;

/** @returns {Promise<number>} a TCP port that was free a moment ago */
function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
            server.close(() => resolve(port));
        });
    });
}

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {number} agentPort @param {number} devtoolsPort @param {string} name of its console's file */
function startMachine(agentPort, devtoolsPort, name) {
    const forwards = `hostfwd=tcp:127.0.0.1:${agentPort}-:${AGENT_PORT},hostfwd=tcp:127.0.0.1:${devtoolsPort}-:${DEVTOOLS_PORT}`;
    const log = openSync(`${OUTPUT}/${name}.qemu.log`, 'w');
    // Nehalem: a newer processor's AVX, emulated, is what Chromium's GPU process crashes on.
    return spawn('qemu-system-x86_64', [
        '-accel', 'tcg,thread=multi', '-cpu', 'Nehalem', '-smp', '2', '-m', '4096',
        '-nodefaults', '-no-reboot', '-display', 'none', '-monitor', 'none',
        '-kernel', `${FOLDER}/kernel/vmlinuz`, '-initrd', `${FOLDER}/initramfs.gz`,
        '-append', 'console=ttyS0 quiet panic=-1 mitigations=off',
        '-serial', `file:${OUTPUT}/${name}.console.log`,
        '-device', 'virtio-rng-pci',
        '-netdev', `user,id=net,${forwards}`, '-device', 'virtio-net-pci,netdev=net,romfile=',
        '-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap',
    ], { stdio: ['ignore', log, log] });
}

/** @typedef {{ env?: Record<string, string>, cwd?: string, user?: 'customer' }} StartOptions */

/** A process in the guest. */
export class GuestProcess {
    /** @param {Guest} guest @param {string} id */
    constructor(guest, id) {
        this.guest = guest;
        this.id = id;
        this.stdout = '';
        this.stderr = '';
        this.seen = 0;
        this.hasEnded = false;
        /** @type {(() => void)[]} */
        this.wakers = [];
        /** @type {Promise<{ code: number | null, signal: string | null }>} */
        this.end = new Promise((resolve) => { this.resolveEnd = resolve; });
    }

    get output() {
        return this.stdout + this.stderr;
    }

    /** @param {any} message from the agent */
    take(message) {
        this.stdout += message.out ? Buffer.from(message.out, 'latin1').toString() : '';
        this.stderr += message.err ? Buffer.from(message.err, 'latin1').toString() : '';
        if ('exit' in message || 'failed' in message) {
            this.stderr += message.reason ?? message.failed ?? '';
            this.hasEnded = true;
            this.resolveEnd?.({ code: message.exit ?? 127, signal: message.signal ?? null });
        }
        this.wakers.splice(0).forEach((wake) => wake());
    }

    /** Waits until standard output holds `text` behind what was awaited before. @param {string | RegExp} text */
    async until(text, limitMs = PROCESS_MS) {
        const deadline = Date.now() + limitMs;
        for (;;) {
            const found = this.find(text);
            if (found) {
                return found;
            }
            if (this.hasEnded || Date.now() > deadline) {
                throw new Error(`${this.hasEnded ? 'it ended' : 'too late'} without ${text}:\n${this.output}`);
            }
            await Promise.race([pause(LOOK_MS), new Promise((wake) => this.wakers.push(() => wake(undefined)))]);
        }
    }

    /** @param {string | RegExp} text @returns {string | null} */
    find(text) {
        const rest = this.stdout.slice(this.seen);
        const match = typeof text === 'string' ? { index: rest.indexOf(text), 0: text } : text.exec(rest);
        if (match === null || match.index < 0) {
            return null;
        }
        this.seen += match.index + match[0].length;
        return match[0];
    }

    /** @param {string | null} text null ends its input */
    type(text) {
        return this.guest.ask('type', { of: this.id, text });
    }

    /** @param {NodeJS.Signals} signal */
    signal(signal) {
        return this.guest.ask('signal', { of: this.id, signal });
    }
}

export class Guest {
    /** @param {number} agentPort @param {number} devtoolsPort */
    constructor(agentPort, devtoolsPort) {
        this.agentPort = agentPort;
        this.devtoolsPort = devtoolsPort;
        this.requests = 0;
        /** @type {Map<string, (message: any) => void>} */
        this.waiting = new Map();
        /** @type {import('node:net').Socket | null} */
        this.socket = null;
    }

    /** Starts a guest of one's own; `name` is that of its files below build/real-stack/output. */
    static async boot(name = 'guest') {
        if (!existsSync(`${FOLDER}/initramfs.gz`)) {
            throw new Error('no kernel yet: run scripts/lib/guest-kernel');
        }
        mkdirSync(OUTPUT, { recursive: true });
        rmSync(`${OUTPUT}/${name}.console.log`, { force: true }); // an earlier guest's would say that this one is ready
        const guest = new Guest(await freePort(), await freePort());
        const machine = startMachine(guest.agentPort, guest.devtoolsPort, name);
        machine.on('error', (error) => console.error(`qemu-system-x86_64: ${error.message}`));
        process.on('exit', () => machine.kill('SIGKILL'));
        const hasEnded = new Promise((resolve) => machine.on('close', resolve));
        guest.turnOff = async () => {
            await Promise.race([guest.ask('powerOff').catch(() => {}), pause(1000)]);
            await Promise.race([hasEnded, pause(5000)]);
            machine.kill('SIGKILL');
            guest.close();
        };
        const deadline = Date.now() + BOOT_MS;
        while (!/guest: agent ready/.test(readFileSync(`${OUTPUT}/${name}.console.log`, { encoding: 'utf8', flag: 'a+' }))) {
            if (machine.exitCode !== null || Date.now() > deadline) {
                machine.kill('SIGKILL');
                throw new Error(`the guest did not start; see ${OUTPUT}/${name}.console.log and ${name}.qemu.log`);
            }
            await pause(LOOK_MS);
        }
        await guest.connect();
        return guest;
    }

    /** The guest that scripts/test-real (or tests/real-stack/boot.mjs) started, named by RELOCK_GUEST. */
    static async join() {
        const ports = process.env.RELOCK_GUEST?.split(',').map(Number);
        if (ports?.length !== 2) {
            throw new Error('RELOCK_GUEST does not name a guest: run ./scripts/test-real');
        }
        const guest = new Guest(ports[0], ports[1]);
        await guest.connect();
        return guest;
    }

    /** What RELOCK_GUEST has to hold for `join`. */
    get name() {
        return `${this.agentPort},${this.devtoolsPort}`;
    }

    /** @type {() => Promise<void>} */
    turnOff = async () => this.close();

    async connect() {
        const socket = createConnection(this.agentPort, '127.0.0.1');
        this.socket = socket;
        await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
        socket.on('error', () => {});
        socket.on('close', () => [...this.waiting.values()].forEach((take) => take({ failed: 'the guest is gone' })));
        createInterface({ input: socket }).on('error', () => {}).on('line', (line) => {
            const message = JSON.parse(line);
            this.waiting.get(message.id)?.(message);
        });
    }

    close() {
        this.socket?.destroy();
    }

    /**
     * @param {string} deed @param {object} [details] @param {(message: any) => void} [take] of each answer
     * @returns {string} the request's id
     */
    send(deed, details = {}, take = () => {}) {
        const id = `${process.pid}.${this.requests++}`;
        this.waiting.set(id, take);
        this.socket?.write(`${JSON.stringify({ id, deed, ...details })}\n`);
        return id;
    }

    /** @param {string} deed @param {object} [details] @returns {Promise<any>} */
    ask(deed, details) {
        return new Promise((resolve, reject) => {
            const id = this.send(deed, details, (message) => {
                this.waiting.delete(id);
                if ('failed' in message) {
                    reject(new Error(`${deed}: ${message.failed}`));
                } else {
                    resolve(message.answer);
                }
            });
        });
    }

    /**
     * Starts a process. `user: 'customer'` is a plain user without any groups.
     * @param {string[]} argv
     * @param {StartOptions} [options]
     */
    start(argv, options = {}) {
        const running = new GuestProcess(this, '');
        running.id = this.send('start', { argv, ...options }, (message) => running.take(message));
        void running.end.then(() => this.waiting.delete(running.id));
        return running;
    }

    /**
     * Runs a process to its end.
     * @param {string[]} argv
     * @param {StartOptions & { limitMs?: number, input?: string }} [options]
     */
    async run(argv, options = {}) {
        const running = this.start(argv, options);
        await running.type(options.input ?? null);
        const limit = setTimeout(() => void running.signal('SIGKILL'), options.limitMs ?? PROCESS_MS);
        const { code, signal } = await running.end;
        clearTimeout(limit);
        return { code, signal, stdout: running.stdout, stderr: running.stderr, output: running.output };
    }

    /** @param {string} path @returns {Promise<Buffer>} */
    async read(path) {
        return Buffer.from((await this.ask('read', { path })).base64, 'base64');
    }

    /** @param {string} path @param {string} text @param {number} [mode] */
    write(path, text, mode = 0o644) {
        return this.ask('write', { path, text, mode });
    }

    /**
     * Plugs the cable to a device of a USB/IP server on the host in; it then follows the device.
     * @param {number} server its TCP port on the host
     */
    plug(server, busId = '1-1') {
        return this.ask('cable', { server, busId, isIn: true });
    }

    /** @param {number} server */
    unplug(server, busId = '1-1') {
        return this.ask('cable', { server, busId, isIn: false });
    }

    /** The guest's loopback port `port` becomes the host's `devtoolsPort`. @param {number} port */
    forwardDevtools(port) {
        return this.ask('forward', { port: DEVTOOLS_PORT, to: port });
    }
}
