// @ts-check
// What every release passes before anything of it is used, wherever it comes from: signatures over the bytes that came,
// then the strict reader, then name, expiry, channel and what was seen before, then each file.
import { RelockError } from '../../wasm-glue/values.js';
import { inFile, readDocument } from './document.js';
import { checkFile, filesOf, takeFiles } from './files.js';
import { checkKeyIds, findSigner, isExpired, sha256 } from './signature.js';

/** @typedef {import('./signature.js').Signed} Signed */
/** @typedef {import('../seen.js').Key} Key */
/** @typedef {import('./document.js').Reader} Reader documents.wasm */

/**
 * What one check goes by.
 * @typedef {object} Check
 * @property {string} name of the release, from the link
 * @property {import('../site.js').Site} site
 * @property {Reader} documents
 * @property {import('./floor.js').Floor} floor
 * @property {number} nowMs since 1970
 * @property {(file: string, sha256: string) => Promise<Uint8Array<ArrayBuffer> | null>} reuse a file that is here
 * @property {(done: number, total: number) => void} onProgress in bytes of files
 */

/**
 * A release that passed.
 * @typedef {object} Checked
 * @property {any} document
 * @property {Uint8Array<ArrayBuffer>} bytes of release.json
 * @property {string | null} signedBy
 * @property {number} estimateMs
 * @property {Map<string, Uint8Array<ArrayBuffer>>} texts all documents, as they came
 * @property {Map<string, Uint8Array<ArrayBuffer>>} files
 */

const DOCUMENTS = ['channel.json', 'release.json'];
const CHANGE_OF_KEYS = 'keys.json';
/** @param {string} file */
const signatureOf = (file) => `${file}.sig`;

/** @param {string} file @param {unknown} error @returns {null} if it only is not there and need not be; else throws */
function mayBeMissing(file, error) {
    if (file.startsWith(CHANGE_OF_KEYS) && error instanceof RelockError && error.name === 'RELEASE_NOT_FOUND') {
        return null;
    }
    if (file.endsWith('.sig') && error instanceof RelockError && error.name === 'RELEASE_NOT_FOUND') {
        throw new RelockError('SIGNATURE_MISSING', { file });
    }
    throw error;
}

/**
 * @param {import('./sources.js').Source} source @param {boolean} isSigned whether signatures are wanted
 * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>} what is there, by file
 */
async function getDocuments(source, isSigned) {
    const names = isSigned ? [...DOCUMENTS, CHANGE_OF_KEYS].flatMap((file) => [file, signatureOf(file)]) : DOCUMENTS;
    const asked = names.map((file) => source.document(file).catch((error) => mayBeMissing(file, error)));
    asked.forEach((answer) => void answer.catch(() => {}));
    const texts = new Map();
    for (const [index, answer] of asked.entries()) {
        const bytes = await answer;
        if (bytes) {
            texts.set(names[index], bytes);
        }
    }
    return texts;
}

/**
 * @param {Check} check @param {Map<string, Uint8Array<ArrayBuffer>>} texts @param {Signed} kind @param {Key[]} keys
 * @returns {Promise<string>} who signed that document
 */
async function signerOf({ documents, nowMs }, texts, kind, keys) {
    const file = `${kind}.json`;
    const proof = texts.get(signatureOf(file));
    if (!proof) {
        throw new RelockError('SIGNATURE_MISSING', { file: signatureOf(file) });
    }
    const { signatures } = readDocument(documents, 'signature', signatureOf(file), proof);
    const bytes = /** @type {Uint8Array} */ (texts.get(file));
    return findSigner({ kind, bytes, signatures, keys, nowMs }).catch((error) => {
        throw inFile(error, file);
    });
}

/** @param {import('../site.js').Site} site @returns {string} under which changes of its keys are remembered */
export function keySetOf({ keys }) {
    return keys.map(({ id }) => id).join();
}

/**
 * The keys that count now: those of the newest keys.json that was seen, otherwise the site's own.
 * @param {Check} check @param {Map<string, Uint8Array<ArrayBuffer>>} texts
 * @returns {Promise<Key[]>}
 */
async function trustedKeys(check, texts) {
    const { site, floor, documents } = check;
    await checkKeyIds(site.keys, 'site.json');
    const builtWith = keySetOf(site);
    const seen = await floor.keys(builtWith);
    const keys = seen?.keys ?? site.keys;
    const bytes = texts.get(CHANGE_OF_KEYS);
    const digest = bytes && await sha256(bytes);
    if (!bytes || !digest || digest === seen?.sha256) {
        return keys;
    }
    await signerOf(check, texts, 'keys', keys);
    const changed = readDocument(documents, 'keys', CHANGE_OF_KEYS, bytes);
    await checkKeyIds(changed.keys, CHANGE_OF_KEYS);
    if (changed.edition < (seen?.edition ?? 0)) {
        throw new RelockError('RELEASE_OLDER', { file: CHANGE_OF_KEYS, path: 'edition' });
    }
    await floor.raiseKeys({ builtWith, edition: changed.edition, sha256: digest, keys: changed.keys });
    return changed.keys;
}

/** @param {Check} check @param {Map<string, Uint8Array<ArrayBuffer>>} texts @returns {Promise<string | null>} */
async function checkSignatures(check, texts) {
    const { site } = check;
    if (site.keys.length === 0) {
        if (site.unsigned === 'say') {
            return null;
        }
        throw new RelockError('SIGNATURE_MISSING', { file: 'release.json' });
    }
    const keys = await trustedKeys(check, texts);
    await signerOf(check, texts, 'channel', keys);
    return signerOf(check, texts, 'release', keys);
}

/**
 * @param {Check} check @param {string} file @param {any} document
 * @throws {RelockError} RELEASE_OF_ANOTHER_NAME, RELEASE_EXPIRED
 */
function checkDocument({ name, nowMs }, file, document) {
    if (document.name !== name) {
        throw new RelockError('RELEASE_OF_ANOTHER_NAME', { file, path: 'name' });
    }
    if (isExpired(document.expires, nowMs)) {
        throw new RelockError('RELEASE_EXPIRED', { file, path: 'expires' });
    }
}

/**
 * @param {import('../seen.js').Seen} seen @param {any} channel @param {any} release
 * @throws {RelockError} RELEASE_WITHDRAWN, RELEASE_OLDER, RELEASE_NOT_CURRENT
 */
function checkChannel(seen, channel, release) {
    const withdrawn = channel.edition < seen.edition ? seen.withdrawn : channel.withdrawn;
    if (withdrawn.includes(release.sequence)) {
        throw new RelockError('RELEASE_WITHDRAWN', { file: 'channel.json', path: 'withdrawn' });
    }
    if (channel.edition < seen.edition) {
        throw new RelockError('RELEASE_OLDER', { file: 'channel.json', path: 'edition' });
    }
    if (release.sequence < seen.sequence) {
        throw new RelockError('RELEASE_OLDER', { file: 'release.json', path: 'sequence' });
    }
    if (channel.current !== release.sequence) {
        throw new RelockError('RELEASE_NOT_CURRENT', { file: 'channel.json', path: 'current' });
    }
}

/** @param {Check} check @param {any} channel @param {any} release judges both, and notes what was seen */
async function judge(check, channel, release) {
    checkDocument(check, 'channel.json', channel);
    checkDocument(check, 'release.json', release);
    const { edition, withdrawn } = channel;
    try {
        checkChannel(await check.floor.seen(), channel, release);
    } catch (error) {
        check.floor.raise({ edition, withdrawn, sequence: 0 });
        await check.floor.keep();
        throw error;
    }
    check.floor.raise({ edition, withdrawn, sequence: release.sequence });
}

/**
 * @param {import('./sources.js').Source} source
 * @param {Check} check
 * @returns {Promise<Checked>}
 * @throws {RelockError} the first thing that is wrong, with its file and place
 */
export async function checkRelease(source, check) {
    const texts = await getDocuments(source, check.site.keys.length > 0);
    const signedBy = await checkSignatures(check, texts);
    const [channelBytes, bytes] = DOCUMENTS.map((file) => /** @type {Uint8Array<ArrayBuffer>} */ (texts.get(file)));
    const channel = readDocument(check.documents, 'channel', 'channel.json', channelBytes);
    const document = readDocument(check.documents, 'release', 'release.json', bytes);
    const estimateMs = check.documents.estimateMs();
    await judge(check, channel, document);
    const files = await takeFiles(source, filesOf(document), check);
    return { document, bytes, signedBy, estimateMs, texts, files };
}

/**
 * @param {any} document release.json
 * @param {{file: string, bytes: Uint8Array<ArrayBuffer>}[]} images
 * @throws {RelockError} RELEASE_FILE_SIZE, RELEASE_FILE_CHANGED: not the bytes that the release names
 */
export async function checkImages(document, images) {
    if (images.length !== document.images.length) {
        throw new RelockError('RELEASE_FILE_CHANGED', { file: 'release.json', path: 'images' });
    }
    for (const [index, named] of document.images.entries()) {
        if (images[index].file !== named.file) {
            throw new RelockError('RELEASE_FILE_CHANGED', { file: images[index].file, path: `images[${index}]` });
        }
        await checkFile(named, images[index].bytes);
    }
}
