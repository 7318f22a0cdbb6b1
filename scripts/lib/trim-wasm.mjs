// @ts-check
// trim-wasm.mjs FILE...: makes wasm files smaller for whoever gets them gzipped, without changing what they do. Their
// data was cut at every few zeros into hundreds of pieces, each with an address of its own: shorter as it is, longer
// when packed. And they export helpers of their runtime that nobody calls.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAGIC_BYTES = 8;
const [EXPORTS, DATA, DATA_COUNT] = [7, 11, 12]; // WebAssembly core specification 2.0, §5.5.2
const [I32_CONST, END] = [0x41, 0x0b];
const KEPT = /^(?:memory|_initialize|(?:rlk|sim_glue)_\w+)$/;

/** Reads a wasm file from a place on. */
class Reader {
    /** @param {Uint8Array} bytes */
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    /** @returns {boolean} */
    get isAtEnd() {
        return this.at >= this.bytes.length;
    }

    /** @returns {number} unsigned LEB128 of at most 32 bits; a signed one that is not negative reads the same */
    number() {
        let [value, shift, byte] = [0, 0, 0x80];
        while (byte >= 0x80) {
            byte = this.bytes[this.at];
            value += (byte & 0x7f) * 2 ** shift;
            shift += 7;
            this.at += 1;
        }
        return value;
    }

    /** @param {number} length @returns {Uint8Array} */
    take(length) {
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
    }
}

/** @param {number} value @returns {number[]} unsigned LEB128 */
const unsigned = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))]);

/** @param {number} value not negative @returns {number[]} signed LEB128 */
const signed = (value) => (value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(Math.floor(value / 0x80))]);

/** @param {Uint8Array} section @returns {number[]} with what the page calls, and no more */
function trimExports(section) {
    const reader = new Reader(section);
    const kept = [];
    for (let left = reader.number(); left > 0; left -= 1) {
        const from = reader.at;
        const name = Buffer.from(reader.take(reader.number())).toString();
        reader.take(1);
        reader.number();
        kept.push(...(KEPT.test(name) ? [section.subarray(from, reader.at)] : []));
    }
    return [...unsigned(kept.length), ...kept.flatMap((entry) => [...entry])];
}

/** @param {Uint8Array} section @returns {{addr: number, bytes: Uint8Array}[]} */
function readPieces(section) {
    const reader = new Reader(section);
    return Array.from({ length: reader.number() }, () => {
        const [mode, opcode] = reader.take(2);
        const addr = reader.number();
        const [end] = reader.take(1);
        if (mode !== 0 || opcode !== I32_CONST || end !== END) {
            throw new Error('data is not where it is said to be by a plain number');
        }
        return { addr, bytes: reader.take(reader.number()) };
    });
}

/** @param {Uint8Array} section @returns {number[]} the same data in one piece: memory is zero before it is filled */
function joinData(section) {
    const pieces = readPieces(section);
    const begin = Math.min(...pieces.map(({ addr }) => addr));
    const joined = new Uint8Array(Math.max(...pieces.map(({ addr, bytes }) => addr + bytes.length)) - begin);
    pieces.forEach(({ addr, bytes }) => joined.set(bytes, addr - begin));
    return [1, 0, I32_CONST, ...signed(begin), END, ...unsigned(joined.length), ...joined];
}

/** @type {Map<number, (section: Uint8Array) => Iterable<number>>} by section */
const CHANGES = new Map([[EXPORTS, trimExports], [DATA, joinData], [DATA_COUNT, () => [1]]]);

/**
 * @param {Uint8Array} wasm a module that has data
 * @returns {Uint8Array} a module that does the same
 * @throws {Error} if its data is placed in a way that this does not know
 */
export function trimWasm(wasm) {
    const reader = new Reader(wasm);
    const trimmed = [...reader.take(MAGIC_BYTES)];
    while (!reader.isAtEnd) {
        const [id] = reader.take(1);
        const section = reader.take(reader.number());
        const changed = [...CHANGES.get(id)?.(section) ?? section];
        trimmed.push(id, ...unsigned(changed.length));
        changed.forEach((byte) => trimmed.push(byte)); // too many for one call
    }
    return Uint8Array.from(trimmed);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    process.argv.slice(2).forEach((path) => writeFileSync(path, trimWasm(readFileSync(path))));
}
