// @ts-check
// What the tests of the page's modules share: the built wasm files, a person, and a run from start to end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RelockEngine } from '../../wasm-glue/relock.js';
import { SimDevice } from '../../wasm-glue/sim.js';
import { SimTransport } from '../../wasm-glue/sim-transport.js';
import { RelockError } from '../../wasm-glue/values.js';
import { runSession } from '../../web/job/session-loop.js';

/** The built page; RELOCK_SITE names another one. */
export const SITE = process.env.RELOCK_SITE ?? fileURLToPath(new URL('../../build/wasm/site', import.meta.url));
const modules = new Map();

/** @param {string} name @returns {WebAssembly.Module} */
export function wasm(name) {
    if (!modules.has(name)) {
        modules.set(name, new WebAssembly.Module(readFileSync(`${SITE}/${name}.wasm`)));
    }
    return modules.get(name);
}

export const newEngine = () => new RelockEngine(wasm('relock'));
export const newDevice = () => new SimDevice(wasm('sim'));

/** @param {string} name of a file in tests/firmware */
export function firmware(name) {
    return new Uint8Array(readFileSync(new URL(`../firmware/${name}`, import.meta.url)));
}

/** A simulated device behind a transport that does not wait. @param {string} profile @param {object} [state] */
export function simulate(profile, state) {
    const device = newDevice();
    device.init(profile, state);
    return { device, transport: new SimTransport(device, { sleep: async () => {}, speed: Infinity }) };
}

const REPLUGS_MAX = 3;
const BETWEEN_REPLUGS_MS = 10000;

/** @param {string} action @param {boolean} now @returns {boolean} whether BOOT0 is held after it */
function boot0After(action, now) {
    return /^(HOLD|KEEP)_BOOT0/.test(action) || (now && !action.startsWith('RELEASE_BOOT0'));
}

/** @typedef {import('../../web/job/session-loop.js').Host['person']} WhoHelps */

/**
 * A person who does what is asked, once it is asked, and gives up when that does not help.
 * @param {SimTransport} transport
 * @param {string} wayBack
 * @returns {WhoHelps}
 */
export function helpful(transport, wayBack) {
    return ({ action }) => {
        const patience = new AbortController();
        let [replugs, nextMs] = [0, 0];
        return { signal: patience.signal, waiting: ({ isLate }) => {
            // A replugged device needs a while to be back; nobody pulls it again at once.
            if (isLate && transport.device.nowMs > nextMs) {
                nextMs = transport.device.nowMs + BETWEEN_REPLUGS_MS;
                transport.replug(boot0After(action, transport.device.boot0 && wayBack === 'boot0'));
                replugs += 1;
                if (replugs > REPLUGS_MAX) {
                    patience.abort();
                }
            }
        } };
    };
}

/** A person who gives up at once. */
export function absent() {
    return { signal: AbortSignal.abort(), waiting: () => {} };
}

/**
 * Runs an update of a simulated device.
 * @param {{engine: RelockEngine, transport: SimTransport}} parts
 * @param {Partial<import('../../wasm-glue/values.js').Wish>} wish
 * @param {Partial<import('../../web/job/session-loop.js').Host>} [host]
 */
export async function update({ engine, transport }, wish, host = {}) {
    /** @type {string[]} */
    const lines = [];
    /** @type {string[]} */
    const records = [];
    const ending = await runSession({ engine, transport,
        wish: { job: 'update', withImage: true, endProtected: true, wayBack: 'boot0', ...wish },
        host: { ask: async () => true, person: helpful(transport, wish.wayBack ?? 'boot0'),
            record: async (line) => void records.push(line), observe: (more) => void lines.push(...more), ...host } });
    return { ...ending, lines, records };
}

/** @param {() => unknown} action that must fail with a name @returns {RelockError} */
export function failure(action) {
    try {
        action();
    } catch (error) {
        assert.ok(error instanceof RelockError);
        return error;
    }
    assert.fail('it did not fail');
}
