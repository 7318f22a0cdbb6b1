// @ts-check
// The one class that owns the memory of documents.wasm: documents as plain values, exactly as the core read them.
import { RelockError } from './values.js';
import { WasmModule } from './wasm-module.js';

/** @typedef {'release' | 'channel' | 'keys' | 'signature' | 'site'} DocumentKind */

/** Reads documents of the release format (docs/release-format.md). */
export class Documents {
    #wasm;
    #kinds;
    /** By enum rlk_json_kind. @type {((node: number) => any)[]} */
    #makers;
    #hasRelease = false;

    /** @param {WebAssembly.Module} module of documents.wasm */
    constructor(module) {
        this.#wasm = new WasmModule(module);
        this.#kinds = this.#wasm.names('rlk_doc_kind_name');
        const x = this.#wasm.exports;
        this.#makers = [
            () => null,
            () => false,
            () => true,
            (node) => x.rlk_doc_number(node) >>> 0,
            (node) => this.#text(x.rlk_doc_text(node), x.rlk_doc_text_bytes(node)),
            (node) => this.#children(node).map((child) => this.#value(child)),
            (node) => this.#object(node),
        ];
    }

    /**
     * Reads and judges a document.
     * @param {DocumentKind} kind
     * @param {Uint8Array} bytes as they came
     * @returns {any} an object without a prototype, of the fields of docs/release-format.md
     * @throws {RelockError} DOCUMENT_*, with the place: path ("images[0].sha256", "" for the whole), offset in bytes
     */
    read(kind, bytes) {
        const index = this.#kinds.indexOf(kind);
        if (index < 0) {
            throw new RelockError('INTERNAL');
        }
        this.#hasRelease = false;
        this.#check(this.#wasm.exports.rlk_doc_read(index, this.#give(bytes)));
        this.#hasRelease = kind === 'release';
        return this.#value(0);
    }

    /**
     * Reads any strict JSON of at most 64 KiB, 8 levels and 4096 values.
     * @param {Uint8Array} bytes
     * @returns {any} null, a boolean, a number, a text, an array, or an object without a prototype
     * @throws {RelockError} DOCUMENT_TOO_LARGE, DOCUMENT_SYNTAX, DOCUMENT_TOO_DEEP, DOCUMENT_TOO_MANY,
     * DOCUMENT_DUPLICATE_KEY, DOCUMENT_NUMBER, DOCUMENT_TEXT
     */
    parse(bytes) {
        this.#hasRelease = false;
        this.#check(this.#wasm.exports.rlk_doc_parse(this.#give(bytes)));
        return this.#value(0);
    }

    /**
     * How long the update of a protected device takes, about. Only right after a release was read.
     * @returns {number} milliseconds
     * @throws {RelockError} INTERNAL if the last thing that was read is no release
     */
    estimateMs() {
        if (!this.#hasRelease) {
            throw new RelockError('INTERNAL');
        }
        return this.#wasm.exports.rlk_doc_estimate_ms() >>> 0;
    }

    /** @param {Uint8Array} bytes @returns {number} how many the core is given: enough to see that it is too much */
    #give(bytes) {
        const x = this.#wasm.exports;
        const given = bytes.subarray(0, x.rlk_doc_input_bytes());
        this.#wasm.view(x.rlk_doc_input(), given.length).set(given);
        return given.length;
    }

    /** @param {number} number */
    #check(number) {
        const x = this.#wasm.exports;
        if (number < 0) {
            throw new RelockError(this.#wasm.text(x.rlk_doc_error_name(number)),
                { path: this.#wasm.text(x.rlk_doc_path()), offset: x.rlk_doc_offset() >>> 0 });
        }
    }

    /** @param {number} address @param {number} length */
    #text(address, length) {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#wasm.view(address, length));
    }

    /** @param {number} node @returns {number[]} */
    #children(node) {
        const x = this.#wasm.exports;
        const found = [];
        for (let child = x.rlk_doc_first(node); child !== 0; child = x.rlk_doc_next(child)) {
            found.push(child);
        }
        return found;
    }

    /** @param {number} node */
    #object(node) {
        const made = Object.create(null);
        for (const child of this.#children(node)) {
            made[this.#name(child)] = this.#value(child);
        }
        return made;
    }

    /** @param {number} node a member of an object */
    #name(node) {
        const address = this.#wasm.exports.rlk_doc_key(node) >>> 0;
        const bytes = new Uint8Array(this.#wasm.memory.buffer);
        return this.#text(address, bytes.indexOf(0, address) - address);
    }

    /** @param {number} node @returns {any} at most 8 levels deep */
    #value(node) {
        return this.#makers[this.#wasm.exports.rlk_doc_kind(node)](node);
    }
}
