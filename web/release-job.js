// @ts-check
// A release as a job: what is kept of it until the device is done, how it gets into the engine, and what its maker says
// in the middle of the work.
import { reviveRelease, verifyAgain } from './release/load.js';

/** @typedef {import('./release/load.js').Release} Release */
/** @typedef {import('../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('../wasm-glue/values.js').Wish} Wish */

/**
 * What the journal keeps of a release's job; the job of a file has no `release`.
 * @typedef {object} ReleaseJob
 * @property {string} name for people
 * @property {string} product
 * @property {string} version
 * @property {Uint8Array<ArrayBuffer>} release the exact bytes of release.json
 * @property {{file: string, bytes: Uint8Array<ArrayBuffer>}[]} images
 * @property {string | null} signedBy
 * @property {string} ticket of the link
 * @property {string} serial that the device must have, '' if any may
 * @property {boolean} endProtected
 * @property {string} wayBack
 */

/**
 * @param {Release} release verified
 * @param {{ticket: string, serial: string}} link
 * @returns {ReleaseJob}
 */
export function jobOf({ document, bytes, images, signedBy }, { ticket, serial }) {
    return {
        name: `${document.product} ${document.version}`, product: document.product, version: document.version,
        release: bytes, images: images.map((image) => ({ file: image.file, bytes: image.bytes })), signedBy, ticket,
        serial,
        endProtected: document.end === 'protected', wayBack: document.return,
    };
}

/**
 * @param {object} job of the journal
 * @param {import('./release/check.js').Reader} documents
 * @returns {Promise<Release | null>} what was begun, whatever became of it since; null if it was begun with a file
 * @throws {import('../wasm-glue/values.js').RelockError} the journal is damaged
 */
export async function releaseOf(job, documents) {
    if (!('release' in job)) {
        return null;
    }
    const { release, images, signedBy } = /** @type {ReleaseJob} */ (job);
    return reviveRelease({ bytes: release, images, signedBy }, documents);
}

/**
 * Gives the release to the engine, so that a look knows which device is meant.
 * @param {RelockEngine} engine @param {Release} release @param {string} serial '' if any will do
 * @returns {Pick<Wish, 'withRelease' | 'serial'>} what to wish for, besides the job
 */
export function restrict(engine, release, serial) {
    engine.loadRelease(release.bytes);
    return { withRelease: true, serial: serial || undefined };
}

/**
 * Gives a release's firmware to the engine. Its files are compared with the release once more, just before.
 * @param {RelockEngine} engine @param {Release} release
 * @throws {import('../wasm-glue/values.js').RelockError} with the place
 */
export async function loadImages(engine, release) {
    await verifyAgain(release);
    engine.loadFiles(release.images.map(({ bytes, address }) => ({ file: bytes, address })));
}
