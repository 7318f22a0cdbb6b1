// @ts-check
// Keys and signatures of makers, by Node's own Ed25519: tool and page are judged by another hand than their own.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** @typedef {{id: string, public: string, sign: (prefix: string, bytes: Uint8Array) => string}} Key */

const KEY_ID_BYTES = 8;

/** @param {Uint8Array | string} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** @param {unknown} value @returns {Buffer} as the bytes that are signed and served */
export const jsonBytes = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/** @returns {Key} a new one */
export function makeKey() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(/** @type {string} */ (publicKey.export({ format: 'jwk' }).x), 'base64url');
    return {
        id: sha256(raw).slice(0, 2 * KEY_ID_BYTES),
        public: raw.toString('hex'),
        sign: (prefix, bytes) => sign(null, Buffer.concat([Buffer.from(`${prefix}\0`), bytes]), privateKey).toString('hex'),
    };
}

/** @param {Key[]} keys @param {string} prefix @param {Uint8Array} bytes @returns {Buffer} the .sig of these bytes */
export function signatureOf(keys, prefix, bytes) {
    return jsonBytes({ format: 'relock-signature-1',
        signatures: keys.map((key) => ({ key: key.id, signature: key.sign(prefix, bytes) })) });
}
