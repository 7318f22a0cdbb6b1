// @ts-check
/**
 * Does in the guest what the host asks for: starts processes, reads and writes files, forwards ports, plugs cables.
 * One JSON object per line, each way; `id` ties answers to requests. A closed connection changes nothing.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Cable } from './cable.mjs';

const AGENT_PORT = 7000;
const CUSTOMER = { uid: 4711, gid: 4711 };

/** @type {Map<string, import('node:child_process').ChildProcess>} */
const processes = new Map();
/** @type {Map<string, Cable>} */
const cables = new Map();

/** @type {Set<number>} ports, for as long as the guest runs */
const forwarded = new Set();

/** @typedef {{ id: string, [name: string]: any }} Request */
/** @typedef {(message: object) => void} Send */

/** @type {Record<string, (request: Request, send: Send) => unknown>} */
const deeds = {
    /** argv, env, cwd, user: an answer for each piece of output, then one with `exit`. */
    start({ id, argv, env, cwd, user }, send) {
        const owner = user === 'customer' ? CUSTOMER : {};
        const home = user === 'customer' ? '/home/customer' : '/root';
        const child = spawn(argv[0], argv.slice(1), {
            cwd: cwd ?? home,
            env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...env },
            detached: true,
            ...owner,
        });
        processes.set(id, child);
        child.stdout.on('data', (bytes) => send({ out: bytes.toString('latin1') }));
        child.stderr.on('data', (bytes) => send({ err: bytes.toString('latin1') }));
        child.on('error', (error) => send({ exit: 127, signal: null, reason: String(error) }));
        child.on('close', (code, signal) => {
            processes.delete(id);
            send({ exit: code, signal });
        });
        child.stdin.on('error', () => {});
        return undefined;
    },
    /** of, text or null for the end */
    type({ of, text }) {
        const child = processes.get(of);
        if (text === null) {
            child?.stdin?.end();
        } else {
            child?.stdin?.write(text);
        }
        return {};
    },
    /** of, signal: to the whole group of processes that was started */
    signal({ of, signal }) {
        const child = processes.get(of);
        if (child?.pid !== undefined) {
            process.kill(-child.pid, signal);
        }
        return {};
    },
    read: ({ path }) => ({ base64: readFileSync(path).toString('base64') }),
    write({ path, text, mode }) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text, { mode });
        return {};
    },
    /** Connections to `port` of any of the guest's addresses go to `to` on its loopback, where browsers listen. */
    forward: ({ port, to }) =>
        new Promise((resolve, reject) => {
            if (forwarded.has(port)) {
                resolve({});
                return;
            }
            const server = createServer((near) => {
                const far = createConnection(to, '127.0.0.1');
                near.on('error', () => far.destroy());
                far.on('error', () => near.destroy());
                near.pipe(far).pipe(near);
            });
            server.on('error', reject);
            server.listen(port, '0.0.0.0', () => {
                forwarded.add(port);
                resolve({});
            });
        }),
    /** server, busId, in: whether the cable between guest and server is plugged in; it then keeps itself attached */
    async cable({ server, busId, isIn }) {
        const name = `${server}/${busId}`;
        await cables.get(name)?.unplug();
        cables.delete(name);
        if (isIn) {
            cables.set(name, new Cable(server, busId));
        }
        return {};
    },
    powerOff() {
        setTimeout(() => process.exit(0), 100);
        return {};
    },
};

/** @param {string} line @param {(message: object) => void} sendLine */
async function serve(line, sendLine) {
    const request = JSON.parse(line);
    const send = (/** @type {object} */ message) => sendLine({ id: request.id, ...message });
    try {
        const answer = await deeds[request.deed](request, send);
        if (answer !== undefined) {
            send({ answer });
        }
    } catch (error) {
        send({ failed: String(error) });
    }
}

createServer((socket) => {
    socket.on('error', () => {});
    const sendLine = (/** @type {object} */ message) => {
        if (!socket.destroyed) {
            socket.write(`${JSON.stringify(message)}\n`);
        }
    };
    createInterface({ input: socket }).on('line', (line) => void serve(line, sendLine));
}).listen(AGENT_PORT, '0.0.0.0', () => console.log('guest: agent ready'));
