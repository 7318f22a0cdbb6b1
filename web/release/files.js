// @ts-check
// The files that a release names: images for the device, pictures for the person.
import { RelockError } from '../../wasm-glue/values.js';
import { sha256 } from './signature.js';

/** @typedef {{file: string, size: number, sha256: string}} Named as release.json writes it */

const AT_ONCE = 3;

/** @type {Record<string, string>} */
const PICTURE_TYPES = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp' };

/** @param {any} document release.json @returns {Named[]} its pictures, one as often as it is named */
function picturesOf({ enter = [] }) {
    return enter.flatMap((/** @type {{pictures?: Record<string, Named>}} */ step) =>
        Object.values(step.pictures ?? {}));
}

/** @param {any} document release.json @returns {Named[]} each file once, images first */
export function filesOf(document) {
    const named = [...document.images, ...picturesOf(document)];
    return [...new Map(named.map((entry) => [entry.file, entry])).values()];
}

/**
 * @param {Named} named @param {Uint8Array<ArrayBuffer> | null} bytes null if it was longer than it may be
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the very same bytes
 * @throws {RelockError} RELEASE_FILE_SIZE, RELEASE_FILE_CHANGED
 */
export async function checkFile({ file, size, sha256: digest }, bytes) {
    if (bytes?.length !== size) {
        throw new RelockError('RELEASE_FILE_SIZE', { file });
    }
    if (await sha256(bytes) !== digest) {
        throw new RelockError('RELEASE_FILE_CHANGED', { file });
    }
    return bytes;
}

/**
 * @param {import('./sources.js').Source} source
 * @param {Named[]} wanted
 * @param {Pick<import('./check.js').Check, 'reuse' | 'onProgress'>} options
 * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>} all of them, checked
 * @throws {RelockError} RELEASE_NOT_FOUND, RELEASE_NOT_REACHED, RELEASE_FILE_SIZE, RELEASE_FILE_CHANGED
 */
export async function takeFiles(source, wanted, { reuse, onProgress }) {
    const total = wanted.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    /** @param {number} bytes */
    const onBytes = (bytes) => {
        done += bytes;
        onProgress(done, total);
    };
    /** @param {Named} named @returns {Promise<Uint8Array<ArrayBuffer>>} */
    const take = async (named) => {
        const kept = await reuse(named.file, named.sha256);
        if (kept) {
            onBytes(kept.length);
            return kept;
        }
        return checkFile(named, await source.file(named.file, named.size, onBytes));
    };
    const queue = [...wanted];
    /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
    const files = new Map();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (let named = queue.shift(); named; named = queue.shift()) {
            files.set(named.file, await take(named).catch((error) => {
                queue.length = 0;
                throw error;
            }));
        }
    }));
    return files;
}

/**
 * @param {any} document release.json @param {Map<string, Uint8Array<ArrayBuffer>>} files
 * @returns {Map<string, Blob>} its pictures, by file name
 */
export function pictureBlobs(document, files) {
    return new Map(picturesOf(document).map(({ file }) => {
        const type = PICTURE_TYPES[file.slice(file.lastIndexOf('.') + 1)];
        return [file, new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (files.get(file))], { type })];
    }));
}
