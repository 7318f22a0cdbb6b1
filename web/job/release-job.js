// @ts-check
// A release as a job: what is kept of it until the device is done, how it gets into the engine, and what its maker says
// in the middle of the work.
import { RelockError } from '../../wasm-glue/values.js';
import { reviveRelease } from '../release/load.js';

/** @typedef {import('../release/load.js').Release} Release */
/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('../../wasm-glue/values.js').Wish} Wish */

/**
 * What the journal keeps of a release's job; the job of a file has no `release`.
 * @typedef {object} ReleaseJob
 * @property {string} name for people
 * @property {string} product
 * @property {string} version
 * @property {Uint8Array<ArrayBuffer>} release the exact bytes of release.json
 * @property {{file: string, bytes: Uint8Array<ArrayBuffer>}[]} images
 * @property {Uint8Array<ArrayBuffer> | null} proof the exact bytes of release.json.sig; null if it is not signed
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
export function jobOf({ document, bytes, proof, images }, { ticket, serial }) {
    return {
        name: `${document.product} ${document.version}`, product: document.product, version: document.version,
        release: bytes, images: images.map((image) => ({ file: image.file, bytes: image.bytes })), proof, ticket,
        serial,
        endProtected: document.end === 'protected', wayBack: document.return,
    };
}

/**
 * @param {object} job of the journal
 * @param {{documents: import('../release/check.js').Reader, site: import('../site.js').Site}} options
 * @returns {Promise<Release | null>} what was begun, whatever became of it since; null if it was begun with a file
 * @throws {import('../../wasm-glue/values.js').RelockError} the journal is damaged
 */
export async function releaseOf(job, options) {
    if (!('release' in job)) {
        return null;
    }
    const { release, images, proof } = /** @type {ReleaseJob} */ (job);
    return reviveRelease({ bytes: release, images, proof }, options);
}

/**
 * A release that this site would refuse goes on only where it has begun: a device that may be empty needs it.
 * @param {RelockEngine} engine that has looked at the device
 * @param {Release} release @param {import('../site.js').Site} site
 * @param {string | undefined} line of the journal
 * @throws {import('../../wasm-glue/values.js').RelockError} SIGNATURE_MISSING: nothing was erased yet
 */
export function checkSigner(engine, { signedBy }, { keys, unsigned }, line) {
    const phase = line === undefined ? 'none' : engine.decodeJournal(line).phase;
    const isRefused = signedBy === null && (keys.length > 0 || unsigned === 'refuse');
    const isProtected = engine.findings().protection === 'level-1';
    const isUntouched = phase === 'none' || phase === 'proven' || (isProtected && phase !== 'sealing');
    if (isRefused && isUntouched) {
        throw new RelockError('SIGNATURE_MISSING', { file: 'release.json' });
    }
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
 * Gives a release's firmware to the engine.
 * @param {RelockEngine} engine @param {Release} release its files compared with it once more, by verifyAgain
 * @throws {import('../../wasm-glue/values.js').RelockError} with the place
 */
export function giveImages(engine, release) {
    engine.loadFiles(release.images.map(({ bytes, address }) => ({ file: bytes, address })));
}
