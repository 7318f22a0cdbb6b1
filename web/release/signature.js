// @ts-check
// Who signed a document, and whether a file is the one that was named. All of it over the very bytes that are used.
import { RelockError } from '../../wasm-glue/values.js';

/** @typedef {import('../seen.js').Key} Key */
/** @typedef {{key: string, signature: string}} Signature as the documents write it */
/** @typedef {'release' | 'channel' | 'keys'} Signed */

const KEY_ID_DIGITS = 16;

/** @param {Uint8Array} bytes @returns {string} two lower-case digits for each */
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {string} digits pairs of hexadecimal digits @returns {Uint8Array<ArrayBuffer>} */
function fromHex(digits) {
    return new Uint8Array((digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

/**
 * @param {string | undefined} expires a time of a document; undefined is never
 * @param {number} nowMs since 1970
 * @returns {boolean}
 */
export function isExpired(expires, nowMs) {
    return expires !== undefined && nowMs >= Date.parse(expires);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>} SHA-256 in hexadecimal digits
 * @throws {RelockError} SIGNATURE_NOT_CHECKED: this page was not opened in a way that lets it compute one
 */
export async function sha256(bytes) {
    if (!globalThis.crypto?.subtle) {
        throw new RelockError('SIGNATURE_NOT_CHECKED');
    }
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/**
 * @param {Key[]} keys @param {string} file that names them
 * @throws {RelockError} KEY_MALFORMED: an id is not that of its key
 */
export async function checkKeyIds(keys, file) {
    for (const [index, { id, public: digits }] of keys.entries()) {
        if ((await sha256(fromHex(digits))).slice(0, KEY_ID_DIGITS) !== id) {
            throw new RelockError('KEY_MALFORMED', { file, path: `keys[${index}].id` });
        }
    }
}

/** @param {Signed} kind @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} what is signed */
function signedBytes(kind, bytes) {
    const prefix = new TextEncoder().encode(`relock-${kind}-v1\0`);
    const all = new Uint8Array(prefix.length + bytes.length);
    all.set(prefix);
    all.set(bytes, prefix.length);
    return all;
}

/**
 * @param {Key} key @param {Uint8Array<ArrayBuffer>} message @param {string} signature
 * @returns {Promise<boolean>} whether it is this key's
 * @throws {RelockError} SIGNATURE_NOT_CHECKED: this browser does not know Ed25519
 */
async function fits(key, message, signature) {
    try {
        const imported = await crypto.subtle.importKey('raw', fromHex(key.public), 'Ed25519', false, ['verify']);
        return await crypto.subtle.verify('Ed25519', imported, fromHex(signature), message);
    } catch {
        throw new RelockError('SIGNATURE_NOT_CHECKED');
    }
}

/** What is told if no signature holds: the worst that was found. */
const WORST_FIRST = ['SIGNATURE_WRONG', 'KEY_EXPIRED', 'KEY_UNKNOWN'];

/**
 * Looks for one signature that holds. One by a key that is not trusted neither helps nor harms.
 * @param {object} options
 * @param {Signed} options.kind
 * @param {Uint8Array} options.bytes of the document
 * @param {Signature[]} options.signatures
 * @param {Key[]} options.keys that are trusted
 * @param {number} options.nowMs since 1970
 * @returns {Promise<string>} the id of the key that signed it
 * @throws {RelockError} SIGNATURE_WRONG, KEY_EXPIRED, KEY_UNKNOWN, SIGNATURE_NOT_CHECKED
 */
export async function findSigner({ kind, bytes, signatures, keys, nowMs }) {
    const message = signedBytes(kind, bytes);
    const found = new Set(['KEY_UNKNOWN']);
    for (const { key: id, signature } of signatures) {
        const key = keys.find((one) => one.id === id);
        if (key && isExpired(key.expires, nowMs)) {
            found.add('KEY_EXPIRED');
        } else if (key && await fits(key, message, signature)) {
            return id;
        } else if (key) {
            found.add('SIGNATURE_WRONG');
        }
    }
    throw new RelockError(/** @type {string} */ (WORST_FIRST.find((name) => found.has(name))));
}
