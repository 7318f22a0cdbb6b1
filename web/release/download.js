// @ts-check
// Gets bytes from a host that is not trusted: no redirect, no cookies, never more than was allowed, never for ever.
import { RelockError } from '../../wasm-glue/values.js';

/** How long a host may take, in milliseconds. */
export const PATIENCE = { silenceMs: 20000, documentMs: 60000, slowestBytesPerMs: 2 };

/** Answers that say that there is no such file; some hosts do not let on which files they have. */
const NOT_THERE = new Set([403, 404, 410]);

/**
 * @typedef {object} Download
 * @property {typeof globalThis.fetch} fetch
 * @property {typeof PATIENCE} [patience]
 */

/**
 * @typedef {object} Wanted
 * @property {URL} url
 * @property {string} file as errors name it
 * @property {number} limit in bytes
 * @property {'no-store' | 'no-cache'} cache documents must be the host's own of now; files are held to their hash
 * @property {(bytes: number) => void} [onBytes] each piece as it comes
 */

/** Ends a download that is silent for too long, or that never ends. */
class Watch {
    #controller = new AbortController();
    #silence;
    #whole;

    /** @param {Download} download @param {number} limit in bytes */
    constructor({ patience = PATIENCE }, limit) {
        this.patience = patience;
        this.end = () => this.#controller.abort();
        this.#silence = setTimeout(this.end, patience.silenceMs);
        this.#whole = setTimeout(this.end, patience.documentMs + limit / patience.slowestBytesPerMs);
    }

    get signal() {
        return this.#controller.signal;
    }

    /** Something came. */
    heard() {
        clearTimeout(this.#silence);
        this.#silence = setTimeout(this.end, this.patience.silenceMs);
    }

    /** Frees the connection too, if the answer was not read to its end. */
    stop() {
        this.end();
        clearTimeout(this.#silence);
        clearTimeout(this.#whole);
    }
}

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @param {number} limit @param {(bytes: number) => void} heard
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} all of it; null if there is more than `limit`
 */
async function drain(body, limit, heard) {
    const reader = body.getReader();
    const pieces = [];
    let length = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) {
            break;
        }
        length += value.length;
        if (length > limit) {
            void reader.cancel().catch(() => {});
            return null;
        }
        heard(value.length);
        pieces.push(value);
    }
    const bytes = new Uint8Array(length);
    pieces.reduce((offset, piece) => {
        bytes.set(piece, offset);
        return offset + piece.length;
    }, 0);
    return bytes;
}

/** @param {Response} response @param {string} file throws unless it is the file */
function checkStatus({ status }, file) {
    if (status !== 200) {
        throw new RelockError(NOT_THERE.has(status) ? 'RELEASE_NOT_FOUND' : 'RELEASE_NOT_REACHED', { file, status });
    }
}

/**
 * @param {Download} options
 * @param {Wanted} wanted
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null if it is longer than `limit`; no more than that was read
 * @throws {RelockError} RELEASE_NOT_FOUND, RELEASE_NOT_REACHED
 */
export async function download(options, { url, file, limit, cache, onBytes }) {
    const watch = new Watch(options, limit);
    try {
        const response = await options.fetch(url, { method: 'GET', redirect: 'error', credentials: 'omit', cache,
            referrerPolicy: 'no-referrer', signal: watch.signal });
        checkStatus(response, file);
        watch.heard();
        return response.body ? await drain(response.body, limit, (bytes) => {
            watch.heard();
            onBytes?.(bytes);
        }) : new Uint8Array(0);
    } catch (error) {
        throw error instanceof RelockError ? error : new RelockError('RELEASE_NOT_REACHED', { file });
    } finally {
        watch.stop();
    }
}
