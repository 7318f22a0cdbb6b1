// @ts-check
// Sleeps that a hidden tab does not slow down.
import { scriptUrl } from './trusted.js';

/** @typedef {import('../../wasm-glue/transport.js').Sleep} Sleep */

/** @type {Sleep} */
const sleepHere = (ms) => new Promise((resolve) => {
    setTimeout(resolve, ms);
});

/** @returns {Sleep} by a worker; by the page's own timers if the browser will not start one */
export function createSleep() {
    /** @type {Map<number, {ms: number, resolve: () => void}>} */
    const pending = new Map();
    let count = 0;
    let isBroken = false;
    const worker = new Worker(scriptUrl('timers'), { type: 'module' });
    worker.onmessage = ({ data }) => {
        pending.get(data)?.resolve();
        pending.delete(data);
    };
    worker.onerror = () => {
        isBroken = true;
        pending.forEach(({ ms, resolve }) => void sleepHere(ms).then(resolve));
        pending.clear();
    };
    return (ms) => {
        if (isBroken || !Number.isFinite(ms)) {
            return sleepHere(ms);
        }
        return new Promise((resolve) => {
            count += 1;
            pending.set(count, { ms, resolve: () => resolve() });
            worker.postMessage({ id: count, ms });
        });
    };
}
