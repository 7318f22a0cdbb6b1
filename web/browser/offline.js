// @ts-check
// Whether the page itself is on this computer now. The work is sw.js's.
import { scriptUrl } from './trusted.js';

const ANSWER_MS = 10000;

/** @param {ServiceWorker} worker @returns {Promise<boolean>} false if it could not be installed */
function isActivated(worker) {
    return new Promise((resolve) => {
        const look = () => {
            if (worker.state === 'activated' || worker.state === 'redundant') {
                worker.removeEventListener('statechange', look);
                resolve(worker.state === 'activated');
            }
        };
        worker.addEventListener('statechange', look);
        look();
    });
}

/** @param {ServiceWorker} worker @param {object} question @returns {Promise<unknown>} null if it does not answer */
function ask(worker, question) {
    return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        const finish = (/** @type {unknown} */ answer) => {
            clearTimeout(late);
            port1.close();
            resolve(answer);
        };
        const late = setTimeout(() => finish(null), ANSWER_MS);
        port1.onmessage = ({ data }) => finish(data);
        worker.postMessage(question, [port2]);
    });
}

/**
 * Keeps the page for use without a network, all files of one version. An open page stays on its version; the next visit
 * gets the newer one. Not for a simulated device: what is tried out leaves nothing behind.
 * @param {string} language whose texts are kept, besides the English ones
 * @returns {Promise<boolean>} true once every file that the page needs is on this computer; false if it was not kept:
 * the page was not built as a site, it is not a secure context, the browser cannot, or there is no room. Never rejects
 */
export async function keepPage(language) {
    if (!globalThis.isSecureContext || !navigator.serviceWorker) {
        return false;
    }
    try {
        const options = /** @type {const} */ ({ updateViaCache: 'none' });
        const registration = await navigator.serviceWorker.register(scriptUrl('offline'), options);
        const worker = registration.active ?? registration.waiting ?? registration.installing;
        return worker !== null && await isActivated(worker)
            && await ask(worker, { ask: 'is-whole', also: `web/texts/${language}/` }) === true;
    } catch {
        return false;
    }
}

/**
 * Which version of the site runs. What the host would serve now may be another one.
 * @param {string} wasm SHA-256 of relock.wasm as it was loaded
 * @returns {Promise<string>} '' if that cannot be told: the page is not kept, or was loaded before another version was.
 * Never rejects
 */
export async function runningVersion(wasm) {
    const worker = globalThis.navigator?.serviceWorker?.controller;
    const version = worker && await ask(worker, { ask: 'version', wasm });
    return typeof version === 'string' ? version : '';
}
