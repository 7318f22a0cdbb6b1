// @ts-check
/** Writes UF2 files from their description (github.com/microsoft/uf2). */

const PAYLOAD_BYTES = 256;

/**
 * @param {number} addr @param {Uint8Array} data @param {number | null} family
 * @returns {Buffer}
 */
export function uf2File(addr, data, family) {
    const count = Math.ceil(data.length / PAYLOAD_BYTES);
    return Buffer.concat(Array.from({ length: count }, (_, index) => {
        const block = Buffer.alloc(512);
        const payload = data.subarray(index * PAYLOAD_BYTES, (index + 1) * PAYLOAD_BYTES);
        [0x0a324655, 0x9e5d5157, family === null ? 0 : 0x2000, addr + index * PAYLOAD_BYTES, payload.length, index,
            count, family ?? 0].forEach((word, at) => block.writeUInt32LE(word, at * 4));
        block.set(payload, 32);
        block.writeUInt32LE(0x0ab16f30, 508);
        return block;
    }));
}
