// @ts-check
/**
 * draw-board.mjs FILE: draws the picture of the sample release, a board whose BOOT0 button is held, as a PNG.
 */

import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

const WIDTH = 320;
const HEIGHT = 180;

/** Red, green and blue of each colour. */
const PALETTE = [
    [250, 250, 247], // paper
    [28, 92, 74], // board
    [20, 66, 54], // its edge
    [40, 44, 48], // chip
    [196, 160, 76], // metal
    [214, 218, 222], // plug
    [200, 56, 44], // the button
    [120, 126, 132], // cable
    [255, 214, 102], // light
];

const pixels = new Uint8Array(WIDTH * HEIGHT);

/** @param {(x: number, y: number) => boolean} isInside @param {number} color */
function fill(isInside, color) {
    for (let y = 0; y < HEIGHT; y++) {
        for (let x = 0; x < WIDTH; x++) {
            if (isInside(x, y)) {
                pixels[y * WIDTH + x] = color;
            }
        }
    }
}

/** @param {number} left @param {number} top @param {number} width @param {number} height @param {number} color */
function rectangle(left, top, width, height, color) {
    fill((x, y) => x >= left && x < left + width && y >= top && y < top + height, color);
}

/** @param {number} middleX @param {number} middleY @param {number} radius @param {number} color */
function disc(middleX, middleY, radius, color) {
    fill((x, y) => (x - middleX) ** 2 + (y - middleY) ** 2 <= radius ** 2, color);
}

function drawBoard() {
    rectangle(0, 84, 60, 14, 7); // the cable and its plug
    rectangle(44, 74, 40, 34, 5);
    rectangle(78, 30, 206, 122, 2); // the board
    rectangle(82, 34, 198, 114, 1);
    for (let pin = 0; pin < 8; pin++) {
        rectangle(150 + pin * 9, 56, 4, 70, 4);
        rectangle(142, 64 + pin * 7, 86, 3, 4);
    }
    rectangle(146, 60, 78, 62, 3); // the chip
    disc(155, 69, 3, 5);
    disc(256, 60, 17, 4); // the button: held, with a ring of light
    disc(256, 60, 13, 8);
    disc(256, 60, 9, 6);
    disc(256, 124, 9, 5); // the other one
    disc(256, 124, 6, 3);
}

/** @param {Buffer} bytes */
function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }
    return (crc ^ 0xffffffff) >>> 0;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
}

function encode() {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(WIDTH, 0);
    header.writeUInt32BE(HEIGHT, 4);
    header.set([8, 3, 0, 0, 0], 8); // eight bits, palette
    const rows = Buffer.alloc((WIDTH + 1) * HEIGHT);
    for (let y = 0; y < HEIGHT; y++) {
        rows.set(pixels.subarray(y * WIDTH, (y + 1) * WIDTH), y * (WIDTH + 1) + 1);
    }
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        chunk('IHDR', header),
        chunk('PLTE', Buffer.from(PALETTE.flat())),
        chunk('IDAT', deflateSync(rows, { level: 9 })),
        chunk('IEND', Buffer.alloc(0)),
    ]);
}

drawBoard();
writeFileSync(process.argv[2], encode());
