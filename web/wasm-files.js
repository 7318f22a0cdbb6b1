// @ts-check
// The wasm files as they were loaded, and what they were: a report says which program ran.
import { sha256 } from './release/signature.js';

/** @type {Map<string, Promise<string>>} */
const digests = new Map();

/** @param {string} name @returns {Promise<WebAssembly.Module>} */
export async function loadWasm(name) {
    const answer = await fetch(new URL(`../${name}.wasm`, import.meta.url));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    digests.set(name, globalThis.isSecureContext ? sha256(bytes) : Promise.resolve(''));
    return WebAssembly.compile(bytes);
}

/** @param {string} name @returns {Promise<string>} its SHA-256; '' if it was not loaded, or cannot be told */
export async function wasmDigest(name) {
    return await digests.get(name) ?? '';
}
