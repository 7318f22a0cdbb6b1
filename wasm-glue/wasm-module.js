// @ts-check
// What relock.wasm and sim.wasm have in common: no imports, flat exports, memory that only JavaScript grows.

const PAGE_BYTES = 65536;
const ascii = new TextDecoder('latin1');

/**
 * A bare wasm instance. Nobody else holds its memory; each access makes a fresh view: growing detaches the old ones.
 */
export class WasmModule {
    /** @param {WebAssembly.Module} module */
    constructor(module) {
        const instance = new WebAssembly.Instance(module, {});
        /** @type {Record<string, Function>} */
        this.exports = /** @type {any} */ (instance.exports);
        this.memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
        /** The module's own memory ends here; what is grown beyond is the caller's. */
        this.arenaStart = this.memory.buffer.byteLength;
        this.exports._initialize?.();
    }

    /**
     * @param {number} address
     * @param {number} length in bytes
     * @returns {Uint8Array} a view that is valid until the memory grows
     */
    view(address, length) {
        return new Uint8Array(this.memory.buffer, address >>> 0, length);
    }

    /**
     * @param {number} address
     * @param {number} length in bytes
     * @returns {Uint8Array<ArrayBuffer>} a copy that stays valid
     */
    copy(address, length) {
        return /** @type {Uint8Array<ArrayBuffer>} */ (this.view(address, length).slice());
    }

    /**
     * @param {number} address of a NUL-terminated text of printable ASCII; 0 is none
     * @returns {string} '' if there is none
     */
    text(address) {
        const start = address >>> 0;
        if (start === 0) {
            return '';
        }
        const bytes = new Uint8Array(this.memory.buffer);
        return ascii.decode(bytes.subarray(start, bytes.indexOf(0, start)));
    }

    /**
     * Grows the memory until it reaches `bytes` beyond the arena's start.
     * @param {number} bytes
     */
    reserve(bytes) {
        const missing = this.arenaStart + bytes - this.memory.buffer.byteLength;
        if (missing > 0) {
            this.memory.grow(Math.ceil(missing / PAGE_BYTES));
        }
    }

    /**
     * All names that an export answers for 0, 1, 2 … until it answers none.
     * @param {string} name of the export
     * @returns {string[]}
     */
    names(name) {
        const found = [];
        for (let index = 0; this.exports[name](index) !== 0; index += 1) {
            found.push(this.text(this.exports[name](index)));
        }
        return found;
    }
}
