// @ts-check
/**
 * The test firmware of scripts/prove-on-hardware: the same bytes for everybody, so that a recording, which holds
 * lengths and checksums only, can be played back by anyone. As a program: prints it as Intel HEX.
 *
 * tests/proof/README.md says what is in it.
 */

import { fileURLToPath } from 'node:url';

const FLASH_ADDR = 0x08000000;
// Not a whole number of blocks; all lengths are multiples of 32 bytes, the largest flash word of any family.
const SEGMENTS = [
    { offset: 0x0000, bytes: 0x2420 },
    { offset: 0x3000, bytes: 0x1000 },
];
const STACK_ADDR = 0x20001000; // the smallest RAM of any family has 6 KiB
const CODE_OFFSET = 0x200; // 128 vectors, all to the loop; no interrupt is ever enabled
const VECTORS = CODE_OFFSET / 4;
const BRANCH_TO_ITSELF = 0xe7fe; // Thumb: b .
const SEED = 0x52654c6b;
const RECORD_BYTES = 16;

/** Marsaglia's xorshift32. @param {number} seed @returns {() => number} */
function randomWords(seed) {
    let state = seed;
    return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return state >>> 0;
    };
}

/** @returns {{ addr: number, bytes: Buffer }[]} the segments, in ascending order */
export function proofSegments() {
    const next = randomWords(SEED);
    const segments = SEGMENTS.map(({ offset, bytes }) => {
        const buffer = Buffer.alloc(bytes);
        for (let at = 0; at < bytes; at += 4) {
            buffer.writeUInt32LE(next(), at);
        }
        return { addr: FLASH_ADDR + offset, bytes: buffer };
    });
    const first = segments[0].bytes;
    for (let i = 0; i < VECTORS; i++) {
        first.writeUInt32LE(i === 0 ? STACK_ADDR : FLASH_ADDR + CODE_OFFSET + 1, 4 * i);
    }
    first.writeUInt16LE(BRANCH_TO_ITSELF, CODE_OFFSET);
    return segments;
}

/** @param {number[]} bytes without the checksum */
function record(bytes) {
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    return `:${Buffer.from([...bytes, -sum & 0xff]).toString('hex').toUpperCase()}\n`;
}

/** @returns {string} */
export function proofHex() {
    let text = record([2, 0, 0, 4, FLASH_ADDR >>> 24, (FLASH_ADDR >>> 16) & 0xff]);
    for (const { addr, bytes } of proofSegments()) {
        for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
            const low = (addr + at) & 0xffff;
            const part = bytes.subarray(at, at + RECORD_BYTES);
            text += record([part.length, low >> 8, low & 0xff, 0, ...part]);
        }
    }
    return text + record([0, 0, 0, 1]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    process.stdout.write(proofHex());
}
