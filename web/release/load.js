// @ts-check
// Brings a release to the page: from the places that the site names, or from what was kept here if none can be reached.
import { RelockError } from '../../wasm-glue/values.js';
import { browserSeen } from '../seen.js';
import { checkImages, checkRelease, keySetOf } from './check.js';
import { readDocument } from './document.js';
import { filesOf, pictureBlobs } from './files.js';
import { Floor } from './floor.js';
import { keptReleases } from './kept.js';
import { findSigner, sha256 } from './signature.js';
import { hostSource, keptSource } from './sources.js';

/** @typedef {{file: string, bytes: Uint8Array<ArrayBuffer>, address: number | null}} Image address: of a raw binary */

/**
 * A release that may be used.
 * @typedef {object} Release
 * @property {any} document release.json, as the strict reader gives it
 * @property {Uint8Array<ArrayBuffer>} bytes of release.json
 * @property {Uint8Array<ArrayBuffer> | null} proof the bytes of release.json.sig; null if there is none
 * @property {string | null} signedBy the id of the key; null if it is not signed and the site takes such ones
 * @property {Image[]} images in the release's order
 * @property {Map<string, Blob>} pictures by file name
 * @property {'network' | 'cache'} from
 * @property {boolean} isKept it is on this computer now, as a whole
 * @property {number} estimateMs how long the update takes, about
 */

/**
 * @typedef {object} Options
 * @property {string} name of the release, as parseLink gives it
 * @property {import('../site.js').Site} site
 * @property {import('./document.js').Reader} documents
 * @property {import('../seen.js').SeenStore} [seen]
 * @property {import('./kept.js').KeptReleases} [kept]
 * @property {typeof globalThis.fetch} [fetch]
 * @property {() => number} [now] in milliseconds since 1970
 * @property {(done: number, total: number) => void} [onProgress] in bytes of files
 * @property {URL} [base] the page's folder
 * @property {typeof import('./download.js').PATIENCE} [patience]
 */

/** @typedef {Required<Omit<Options, 'patience'>> & Pick<Options, 'patience'>} Complete */

/** The page's folder, two above this file. */
const PAGE = new URL('../../', import.meta.url);

/** Said of what was kept only; the copy itself is as good as before. */
const NOT_THE_COPY = new Set(['RELEASE_EXPIRED', 'KEY_EXPIRED', 'SIGNATURE_NOT_CHECKED', 'RELEASE_MEMORY_DAMAGED']);

/**
 * Also seen where a host is read in the middle of a publication: half of it is the old release, half the new one. The
 * next moment may have all of it.
 */
export const MAY_BE_HALF = ['SIGNATURE_WRONG', 'RELEASE_FILE_CHANGED', 'RELEASE_FILE_SIZE', 'RELEASE_NOT_CURRENT'];

/** From the one that says most to the one that says least. */
const VAGUE = ['RELEASE_NOT_REACHED', 'RELEASE_NOT_FOUND'];

/** @param {RelockError[]} errors one or more @returns {RelockError} what is told if every place failed */
function mostTelling(errors) {
    return errors.find(({ name }) => !VAGUE.includes(name)) ?? errors.find(({ name }) => name === VAGUE[0])
        ?? errors[0];
}

/** @param {any} document @param {Map<string, Uint8Array<ArrayBuffer>>} files @returns {Image[]} */
function imagesOf(document, files) {
    return document.images.map((/** @type {{file: string, address?: string}} */ { file, address }) => ({
        file, bytes: files.get(file), address: address === undefined ? null : Number(address) }));
}

/**
 * @param {import('./check.js').Checked} checked @param {Pick<Release, 'from' | 'isKept'>} rest
 * @returns {Release}
 */
function toRelease({ document, bytes, signedBy, estimateMs, texts, files }, rest) {
    return { document, bytes, proof: texts.get('release.json.sig') ?? null, signedBy, estimateMs,
        images: imagesOf(document, files), pictures: pictureBlobs(document, files), ...rest };
}

/** @param {Uint8Array} one @param {Uint8Array | null} other */
const areEqual = (one, other) => one.length === other?.length && one.every((byte, index) => byte === other[index]);

/** Files that a kept copy has already, so that a second visit downloads documents only. */
class Reuse {
    #count = 0;

    /** @param {import('./kept.js').Copy | undefined} copy */
    constructor(copy) {
        this.copy = copy;
    }

    /** @type {import('./check.js').Check['reuse']} */
    get = async (file, digest) => {
        const bytes = await this.copy?.read(file).catch(() => null) ?? null;
        const isGood = bytes !== null && await sha256(bytes) === digest;
        this.#count += isGood ? 1 : 0;
        return isGood ? bytes : null;
    };

    /**
     * @param {import('./check.js').Checked} checked
     * @returns {Promise<boolean>} whether the copy holds exactly this
     */
    async isAll({ document, texts }) {
        if (!this.copy || this.#count !== filesOf(document).length) {
            return false;
        }
        for (const [file, text] of texts) {
            if (!areEqual(text, await this.copy.read(file).catch(() => null))) {
                return false;
            }
        }
        return true;
    }
}

/** @param {Complete} options @param {import('./check.js').Checked} checked @param {Reuse} reuse */
async function keep({ name, kept }, checked, reuse) {
    return await reuse.isAll(checked)
        || kept.keep(name, await sha256(checked.bytes), new Map([...checked.texts, ...checked.files]));
}

/**
 * @param {Complete} options @param {Floor} floor
 * @param {string} place @param {import('./kept.js').Copy | undefined} copy whose files need no download
 * @returns {Promise<Release>}
 */
async function fromPlace(options, floor, place, copy) {
    const { name, site, documents, base, now, onProgress } = options;
    const reuse = new Reuse(copy);
    const checked = await checkRelease(hostSource(new URL(place, base), name, options),
        { name, site, documents, floor, nowMs: now(), reuse: reuse.get, onProgress });
    await floor.keep();
    return toRelease(checked, { from: 'network', isKept: await keep(options, checked, reuse) });
}

/**
 * @param {Complete} options @param {Floor} floor
 * @returns {Promise<Release>} from the first place that has a good one; a place that may have been read in the middle
 * of a publication is asked once more
 */
async function fromPlaces(options, floor) {
    const [copy] = await options.kept.copies(options.name);
    /** @type {RelockError[]} */
    const errors = [];
    for (const place of options.site.releases) {
        const ask = () => fromPlace(options, floor, place, copy);
        try {
            return await ask().catch((error) => {
                if (error instanceof RelockError && MAY_BE_HALF.includes(error.name)) {
                    return ask();
                }
                throw error;
            });
        } catch (error) {
            if (!(error instanceof RelockError)) {
                throw error;
            }
            errors.push(error);
        }
    }
    throw mostTelling(errors);
}

/**
 * @param {Complete} options @param {Floor} floor @param {import('./kept.js').Copy} copy
 * @returns {Promise<Release>}
 */
async function fromCopy({ name, site, documents, now, onProgress }, floor, copy) {
    const checked = await checkRelease(keptSource(copy),
        { name, site, documents, floor, nowMs: now(), reuse: async () => null, onProgress });
    if (await sha256(checked.bytes) !== copy.sha256) {
        throw new RelockError('RELEASE_FILE_CHANGED', { file: 'release.json' });
    }
    await floor.keep();
    return toRelease(checked, { from: 'cache', isKept: true });
}

/**
 * @param {Complete} options @param {Floor} floor @param {RelockError} reason why no place helped
 * @returns {Promise<Release>} what was kept here; a copy that is not as it was kept is removed, and that is said
 */
async function fromKept(options, floor, reason) {
    let first = reason;
    for (const copy of await options.kept.copies(options.name)) {
        try {
            return await fromCopy(options, floor, copy);
        } catch (error) {
            if (!(error instanceof RelockError)) {
                throw error;
            }
            if (!NOT_THE_COPY.has(error.name)) {
                await options.kept.remove(copy.key);
            }
            first = first === reason ? new RelockError(error.name, { ...error.place, isKept: true }) : first;
        }
    }
    throw first;
}

/**
 * Gets a release, checks it as docs/release-format.md says, and keeps it for use without a network. Several places are
 * tried in order; whatever one of them did wrong, another one is believed only as far as its signatures go. What was
 * kept is used only if no place can be reached.
 * @param {Options} options
 * @returns {Promise<Release>}
 * @throws {RelockError} RELEASE_…, SIGNATURE_…, KEY_…, DOCUMENT_…: with file and path
 */
export async function loadRelease(options) {
    /** @type {Complete} */
    const complete = { seen: browserSeen, kept: keptReleases(), fetch: globalThis.fetch.bind(globalThis), now: Date.now,
        onProgress: () => {}, base: PAGE, ...options };
    const floor = new Floor(complete.seen, complete.name);
    try {
        return await fromPlaces(complete, floor);
    } catch (error) {
        // If a newer one was seen just now, and got lost on its way, the old one is not offered in its place.
        if (error instanceof RelockError && error.name === VAGUE[0] && !floor.isRaised) {
            return fromKept(complete, floor, error);
        }
        throw error;
    }
}

/**
 * Compares the images once more, directly before the engine gets them.
 * @param {Pick<Release, 'document' | 'images'>} release
 * @throws {RelockError} RELEASE_FILE_SIZE, RELEASE_FILE_CHANGED
 */
export async function verifyAgain({ document, images }) {
    await checkImages(document, images);
}

/**
 * What the journal kept of a job that was begun with a release.
 * @typedef {object} Begun
 * @property {Uint8Array<ArrayBuffer>} bytes of release.json
 * @property {Uint8Array<ArrayBuffer> | null} proof of release.json.sig; null if it was not signed
 * @property {Pick<Image, 'file' | 'bytes'>[]} images
 */

/**
 * @param {Begun} begun @param {Pick<Options, 'site' | 'documents' | 'seen'>} options
 * @returns {Promise<string | null>} the key that signed it, of those that this site was built with or has changed to;
 * whether that key has expired since does not count. Null if there is none, or if that cannot be told
 */
async function signerOfBegun({ bytes, proof }, { site, documents, seen = browserSeen }) {
    if (!proof || site.keys.length === 0) {
        return null;
    }
    const changed = await seen.keys(keySetOf(site)).catch(() => null);
    try {
        const { signatures } = readDocument(documents, 'signature', 'release.json.sig', proof);
        return await findSigner({ kind: 'release', bytes, signatures, keys: [...site.keys, ...changed?.keys ?? []],
            nowMs: -Infinity });
    } catch (error) {
        if (error instanceof RelockError) {
            return null;
        }
        throw error;
    }
}

/**
 * Makes a release of what the journal kept of a job that has begun. It was verified when the job began, and goes on
 * whatever was published, withdrawn or has expired since: the device is waiting for it. Its signature is looked at
 * again, since other sites, and this one before it had a key, write into the same journal.
 * @param {Begun} begun
 * @param {Pick<Options, 'site' | 'documents' | 'seen'>} options
 * @returns {Promise<Release>} without pictures; signedBy is null if no key of this site signed it
 * @throws {RelockError} DOCUMENT_…, RELEASE_FILE_SIZE, RELEASE_FILE_CHANGED: the journal is damaged
 */
export async function reviveRelease(begun, options) {
    const { bytes, proof, images } = begun;
    const document = readDocument(options.documents, 'release', 'release.json', bytes);
    const estimateMs = options.documents.estimateMs();
    await checkImages(document, images);
    const files = new Map(images.map((image) => [image.file, image.bytes]));
    return { document, bytes, proof, signedBy: await signerOfBegun(begun, options), estimateMs,
        images: imagesOf(document, files), pictures: new Map(), from: 'cache', isKept: true };
}
