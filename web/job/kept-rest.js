// @ts-check
// What else was in flash sectors that a job has erased: joined, offered to the person, as a file for `relock write`.
import { el } from '../dom.js';
import { saveFile } from '../browser/save-file.js';
import { t } from '../texts.js';

/** @typedef {import('../../wasm-glue/values.js').KeptRange} KeptRange */

const [DATA, END, UPPER_ADDRESS] = [0, 1, 4]; // of Intel HEX
const LINE_BYTES = 16;
const FILE = 'flash-sectors.hex';

/** @param {KeptRange} range @param {KeptRange} other @returns {KeptRange[]} what is not of the other one */
function cut({ addr, bytes }, other) {
    const inside = (/** @type {number} */ at) => Math.min(Math.max(at - addr, 0), bytes.length);
    const [from, to] = [inside(other.addr), inside(other.addr + other.bytes.length)];
    return [{ addr, bytes: bytes.slice(0, from) }, { addr: addr + to, bytes: bytes.slice(to) }]
        .filter((piece) => piece.bytes.length > 0);
}

/**
 * @param {KeptRange[]} before by an earlier run: it is what was there first
 * @param {KeptRange[]} now what this run found, which may be a part of it that was written back
 * @returns {KeptRange[]} by address
 */
export function joinKept(before, now) {
    const more = before.reduce((pieces, range) => pieces.flatMap((piece) => cut(piece, range)), now);
    return [...before, ...more].sort((one, other) => one.addr - other.addr);
}

/** @param {number} type @param {number} offset @param {Iterable<number>} bytes */
function hexRecord(type, offset, bytes) {
    const data = [...bytes];
    const all = [data.length, offset >> 8, offset & 0xff, type, ...data];
    const sum = all.reduce((total, byte) => total + byte, 0);
    return `:${[...all, -sum & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase()}`;
}

/** @param {KeptRange} range @returns {KeptRange[]} lines that end where a line of 16 bytes does */
function linesOf({ addr, bytes }) {
    const lines = [];
    for (let at = 0; at < bytes.length;) {
        const end = Math.min(bytes.length, at + LINE_BYTES - (addr + at) % LINE_BYTES);
        lines.push({ addr: addr + at, bytes: bytes.subarray(at, end) });
        at = end;
    }
    return lines;
}

/** @param {KeptRange[]} kept @returns {string} as Intel HEX */
export function hexOf(kept) {
    const records = [];
    let upper = -1;
    for (const { addr, bytes } of kept.flatMap(linesOf)) {
        if (addr >>> 16 !== upper) {
            upper = addr >>> 16;
            records.push(hexRecord(UPPER_ADDRESS, 0, [upper >> 8, upper & 0xff]));
        }
        records.push(hexRecord(DATA, addr & 0xffff, bytes));
    }
    return [...records, hexRecord(END, 0, []), ''].join('\n');
}

/**
 * @param {KeptRange[]} kept @param {'kept.before' | 'kept.stored' | 'kept.last'} key what is said of it
 * @returns {HTMLElement | null} null if there is nothing
 */
export function keptNote(kept, key) {
    return kept.length === 0 ? null : el('div', { class: 'kept' }, el('p', {}, t(key)), el('div', { class: 'buttons' },
        el('button', { type: 'button', class: 'plain', click: () => saveFile(hexOf(kept), FILE, 'text/plain') }, t('kept.save'))));
}
