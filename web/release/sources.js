// @ts-check
// Where a release can come from. Both kinds are read in the same way, and trusted as little.
import { RelockError } from '../../wasm-glue/values.js';
import { DOCUMENT_BYTES_MAX, withinLimit } from './document.js';
import { download } from './download.js';

/** Documents that lie beside all releases; the others lie in the release's folder. */
const COMMON = new Set(['keys.json', 'keys.json.sig']);

/**
 * @typedef {object} Source
 * @property {boolean} isKept true if it is this browser's own copy
 * @property {(file: string) => Promise<Uint8Array<ArrayBuffer>>} document rejects with RELEASE_NOT_FOUND,
 * RELEASE_NOT_REACHED, DOCUMENT_TOO_LARGE
 * @property {(file: string, bytes: number, onBytes: (bytes: number) => void) =>
 * Promise<Uint8Array<ArrayBuffer> | null>} file of at most so many bytes; null if it is longer. Rejects with
 * RELEASE_NOT_FOUND, RELEASE_NOT_REACHED
 */

/**
 * @param {URL} place ends in '/' @param {string} name of the release
 * @param {import('./download.js').Download} options
 * @returns {Source} a host's folder
 */
export function hostSource(place, name, options) {
    const folder = new URL(`${name}/`, place);
    return {
        isKept: false,
        document: async (file) => {
            const url = new URL(file, COMMON.has(file) ? place : folder);
            const bytes = await download(options, { url, file, limit: DOCUMENT_BYTES_MAX, cache: 'no-store' });
            return withinLimit(bytes, file);
        },
        file: (file, limit, onBytes) =>
            download(options, { url: new URL(file, folder), file, limit, cache: 'no-cache', onBytes }),
    };
}

/** @param {import('./kept.js').Copy} copy @returns {Source} what this browser kept */
export function keptSource(copy) {
    /** @param {string} file */
    const read = async (file) => {
        const bytes = await copy.read(file);
        if (!bytes) {
            throw new RelockError('RELEASE_NOT_FOUND', { file });
        }
        return bytes;
    };
    return {
        isKept: true,
        document: async (file) => {
            const bytes = await read(file);
            return withinLimit(bytes.length > DOCUMENT_BYTES_MAX ? null : bytes, file);
        },
        file: async (file, limit) => {
            const bytes = await read(file);
            return bytes.length > limit ? null : bytes;
        },
    };
}
