// @ts-check
// What this browser remembers of a job that has begun: the engine's journal line, and the firmware itself, a file or a
// whole release, so that a reload in the middle loses nothing. A finished job keeps its line only, so that a finished
// device is not erased by mistake.
import { settled, transact } from './database.js';

/**
 * What is needed to go on with the job of a file.
 * @typedef {object} FileJob
 * @property {string} name of the file
 * @property {Uint8Array} file
 * @property {number | null} address of a raw binary
 * @property {boolean} endProtected
 * @property {string} wayBack
 * @property {string} family
 */

/** @typedef {FileJob | import('./job/release-job.js').ReleaseJob} Job */

/** @typedef {import('../wasm-glue/values.js').KeptRange} KeptRange */

/**
 * @typedef {{key: string, line: string, phase: string, savedAt: number, job: Job | null, kept?: KeptRange[]}} Entry
 * kept: what else was in the flash sectors, while the device may not have it
 */

/**
 * Where entries are kept.
 * @typedef {object} Store
 * @property {(key: string) => Promise<Entry | undefined>} get
 * @property {(entry: Entry) => Promise<void>} put settles when the entry would survive a power failure
 * @property {(key: string) => Promise<void>} remove
 * @property {() => Promise<Entry[]>} all
 */

const FINISHED = new Set(['none', 'proven']);

/**
 * @param {{serial: string, serialIsUnique: boolean}} findings
 * @returns {string} the device's key: many share a serial
 */
export function journalKey({ serial, serialIsUnique }) {
    return serialIsUnique ? serial : 'single';
}

/** @param {Entry | undefined} entry @returns {entry is Entry & {job: Job}} true if its job is not finished */
export function isPending(entry) {
    return entry !== undefined && entry.job !== null && !FINISHED.has(entry.phase);
}

/** @param {Entry[]} entries @returns {(Entry & {job: Job})[]} jobs that were begun and not finished, newest first */
export function pendingOf(entries) {
    return entries.filter(isPending).sort((one, other) => other.savedAt - one.savedAt);
}

/** The journal of this browser. */
export class Journal {
    #store;
    #decode;

    /**
     * @param {Store} store
     * @param {(line: string) => {phase: string}} decode the engine's; throws for a damaged line
     */
    constructor(store, decode) {
        this.#store = store;
        this.#decode = decode;
    }

    /**
     * @param {string} key
     * @returns {Promise<Entry | undefined>} what is kept of this device; rejects if the browser cannot tell
     */
    async entry(key) {
        return this.#store.get(key);
    }

    /** @param {Entry} entry @returns {boolean} whether its line can be understood */
    isSound({ line }) {
        try {
            this.#decode(line);
            return true;
        } catch {
            return false;
        }
    }

    /**
     * Keeps a line, durably, with its job while the job is not finished.
     * @param {string} key @param {string} line @param {Job} job @param {KeptRange[]} [kept]
     */
    async record(key, line, job, kept = []) {
        const phase = this.phaseOf(line);
        const pending = FINISHED.has(phase) ? { job: null } : { job, kept };
        await this.#store.put({ key, line, phase, savedAt: Date.now(), ...pending });
    }

    /** @param {string} line @returns {string} */
    phaseOf(line) {
        return this.#decode(line).phase;
    }

    /** @returns {Promise<(Entry & {job: Job})[]>} jobs that were begun and not finished, the newest first */
    async pending() {
        return pendingOf(await this.#store.all());
    }

    /** @param {string} key */
    async forget(key) {
        await this.#store.remove(key);
    }
}

const PLACE = { database: 'relock', store: 'journal', keyPath: 'key' };

/** @type {Store} the browser's own database */
export const browserStore = {
    get: (key) => transact(PLACE, 'readonly', (entries) => settled(entries.get(key))),
    put: async (entry) => void await transact(PLACE, 'readwrite', (entries) => settled(entries.put(entry))),
    remove: (key) => transact(PLACE, 'readwrite', (entries) => settled(entries.delete(key))),
    all: () => transact(PLACE, 'readonly', (entries) => settled(entries.getAll())),
};

/** Asks the browser not to clear what is kept here when the disk is full; a no changes nothing else. */
export function askToKeep() {
    void navigator.storage?.persist?.().catch(() => {});
}
