// @ts-check
// bench-engine.mjs SITE: what the engine costs per operation in Node, through the shipped wasm and its JavaScript.
// A locked update of a simulated device is recorded, then its outcomes are played into fresh sessions without a device.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RelockEngine } from '../wasm-glue/relock.js';
import { SimDevice } from '../wasm-glue/sim.js';
import { SimTransport } from '../wasm-glue/sim-transport.js';
import { runSession } from '../web/job/session-loop.js';

const IMAGE_BYTES = 64 * 1024;
const FLASH_ADDR = 0x08000000;
const SEED = 0x2545f491;
const RUNS = 20;
/** @type {import('../wasm-glue/values.js').Wish} */
const WISH = { nonce: new Uint32Array(2), job: 'update', endProtected: true, wayBack: 'boot0', withImage: true };

/** @typedef {import('../wasm-glue/values.js').Outcome} Outcome */

/** @returns {Uint8Array} pseudo-random bytes (Xorshift 32) behind a plausible vector table */
function makeImage() {
    const bytes = new Uint8Array(IMAGE_BYTES);
    const words = new DataView(bytes.buffer);
    let state = SEED;
    for (let offset = 0; offset < IMAGE_BYTES; offset += 4) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        words.setUint32(offset, state >>> 0, true);
    }
    words.setUint32(0, 0x20001000, true);
    words.setUint32(4, FLASH_ADDR + 0x101, true);
    return bytes;
}

/** @param {RelockEngine} engine */
function begin(engine) {
    engine.loadFile(makeImage(), FLASH_ADDR);
    engine.begin(WISH);
}

/** An engine that keeps what it is told. */
class RecordingEngine extends RelockEngine {
    /** @type {(Outcome | null)[]} null for a fetch, which the engine answers itself */
    outcomes = [];

    /** @param {Outcome} outcome */
    setOutcome(outcome) {
        this.outcomes.push({ ...outcome, data: outcome.data?.slice() });
        super.setOutcome(outcome);
    }

    setFetched() {
        this.outcomes.push(null);
        super.setFetched();
    }
}

/** @param {WebAssembly.Module} relock @param {WebAssembly.Module} sim @returns {Promise<(Outcome | null)[]>} */
async function record(relock, sim) {
    const device = new SimDevice(sim);
    device.init('stm32f405');
    const transport = new SimTransport(device, { sleep: async () => {}, speed: Infinity });
    const engine = new RecordingEngine(relock);
    engine.loadFile(makeImage(), FLASH_ADDR);
    const person = () => ({ signal: new AbortController().signal, waiting: () => {} });
    const host = { ask: async () => true, record: async () => {}, person };
    const { ending } = await runSession({ engine, transport, host, wish: WISH });
    if (ending !== 'proven') {
        throw new Error(`the recorded job ended ${ending}`);
    }
    return engine.outcomes;
}

/** @param {RelockEngine} engine @param {(Outcome | null)[]} outcomes @returns {number} milliseconds */
function play(engine, outcomes) {
    begin(engine);
    const since = performance.now();
    for (const outcome of outcomes) {
        engine.next();
        if (outcome === null) {
            engine.setFetched();
        } else {
            engine.setOutcome(outcome);
        }
        engine.complete();
    }
    const took = performance.now() - since;
    if (engine.next().ending !== 'proven') {
        throw new Error('the recorded job does not play');
    }
    return took;
}

const site = process.argv[2];
const [relock, sim] = ['relock', 'sim'].map((name) => new WebAssembly.Module(readFileSync(join(site, `${name}.wasm`))));
const outcomes = await record(relock, sim);
const engine = new RelockEngine(relock);
const best = Math.min(...Array.from({ length: RUNS }, () => play(engine, outcomes)));
const each = Math.round(best * 1e6 / outcomes.length);
console.log(`engine, wasm in Node ${process.version}: ${each} ns per operation, the JavaScript around it included`
    + ` (${outcomes.length} operations)`);
