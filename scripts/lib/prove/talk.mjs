// @ts-check
/** How scripts/prove-on-hardware talks: plain lines of at most 79 columns, and one typed line at a time. */

import { readSync } from 'node:fs';

const COLUMNS = 79;
const TEXT_MAX = 200;
const LINE_FEED = 10;
const PAUSE_MS = 50;

/** @param {string} text one paragraph */
function wrap(text) {
    let column = 0;
    return text.split(' ').reduce((lines, word) => {
        const fits = column > 0 && column + 1 + word.length <= COLUMNS;
        const before = fits ? ' ' : column > 0 ? '\n' : '';
        column = fits ? column + 1 + word.length : word.length;
        return lines + before + word;
    }, '');
}

/** Paragraphs, an empty line before each. @param {string[]} paragraphs */
export function say(...paragraphs) {
    process.stdout.write(paragraphs.map((text) => `\n${wrap(text)}\n`).join(''));
}

/** @param {string} title */
export function headline(title) {
    process.stdout.write(`\n== ${title}\n`);
}

/** One byte, or none at the end of input. @param {Buffer} byte */
function readByte(byte) {
    for (;;) {
        try {
            return readSync(0, byte, 0, 1, null);
        } catch (error) {
            const { code } = /** @type {NodeJS.ErrnoException} */ (error);
            if (code !== 'EAGAIN') {
                return 0;
            }
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
        }
    }
}

/**
 * The next typed line, without what relock will read after it: so byte by byte.
 * @param {string} prompt
 * @returns {string | null} null at the end of input
 */
export function ask(prompt) {
    process.stdout.write(prompt);
    const byte = Buffer.alloc(1);
    /** @type {number[]} */
    const bytes = [];
    while (readByte(byte) === 1) {
        if (byte[0] === LINE_FEED) {
            return Buffer.from(bytes).toString('utf8').trim();
        }
        bytes.push(byte[0]);
    }
    process.stdout.write('\n');
    return null;
}

/** What was typed, as a recording may hold it: printable ASCII, one line. @param {string | null} text */
export function sanitise(text) {
    const plain = (text ?? '').normalize('NFKD').replace(/[\u0300-\u036f]/g, '').replace(/[^ -~]/g, '?');
    return plain.replace(/ +/g, ' ').trim().slice(0, TEXT_MAX).trim() || 'not said';
}
