// @ts-check
/** Writes DfuSe files from their description (UM0391), apart from Relock's own writer. */

import { crc32 } from './crc32.mjs';

/** @typedef {{addr: number, data: Uint8Array}} Element */
/** @typedef {{alternate?: number, name?: string, elements: Element[]}} Target */

const NAME_BYTES = 255;

/** @param {number} value @param {number} bytes the lowest first */
const number = (value, bytes) => Array.from({ length: bytes }, (_, index) => (value / 2 ** (8 * index)) & 0xff);

/** @param {string} text */
const ascii = (text) => [...text].map((letter) => letter.charCodeAt(0));

/** @param {Element} element */
const elementBytes = ({ addr, data }) => [...number(addr, 4), ...number(data.length, 4), ...data];

/** @param {Target} target */
function targetBytes({ alternate = 0, name = '', elements }) {
    const body = elements.flatMap(elementBytes);
    const field = [...ascii(name), ...new Array(NAME_BYTES - name.length).fill(0)];
    return [...ascii('Target'), alternate, ...number(name ? 1 : 0, 4), ...field, ...number(body.length, 4),
        ...number(elements.length, 4), ...body];
}

/**
 * @param {Target[]} targets
 * @param {{vendor?: number, product?: number, version?: number}} [ids]
 * @returns {Uint8Array}
 */
export function dfuseFile(targets, { vendor = 0x0483, product = 0xdf11, version = 0xffff } = {}) {
    const body = targets.flatMap(targetBytes);
    const whole = [...ascii('DfuSe'), 1, ...number(body.length + 11, 4), targets.length, ...body,
        ...number(version, 2), ...number(product, 2), ...number(vendor, 2), ...number(0x011a, 2), ...ascii('UFD'), 16];
    return Uint8Array.from([...whole, ...number(~crc32(whole) >>> 0, 4)]);
}
