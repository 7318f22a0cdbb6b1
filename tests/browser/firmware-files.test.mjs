// @ts-check
// The page with firmware files of other formats than Intel HEX: what a person sees of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { dfuseFile } from '../formats/dfuse-writer.mjs';
import { uf2File } from '../formats/uf2-writer.mjs';
import { LIMIT, inState, openBrowser, openPage, press } from './support.mjs';

const FLASH = 0x08000000;
const small = readFileSync(new URL('../firmware/blinky-small.bin', import.meta.url));
const hex = readFileSync(new URL('../firmware/blinky-small.hex', import.meta.url));
const damaged = gzipSync(hex);
damaged[damaged.length - 6] ^= 1;
const blocks = uf2File(FLASH, small, null);
blocks.writeUInt32LE(99, 512 + 20);

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

describe('firmware files', () => {
    it('of every format are taken, also compressed, and what is wrong is said with its place', LIMIT, async (test) => {
        const { page, url } = await openPage(browser, test);
        await page.goto(`${url}?speed=20`);
        await press(page, 'Try with a simulated device');
        await press(page, 'Plug it in, with BOOT0 held');
        await inState(page, 'file');
        const give = async (/** @type {string} */ name, /** @type {Uint8Array} */ bytes) => {
            await page.locator('#file').setInputFiles([]);
            await page.setInputFiles('#file', { name, mimeType: '', buffer: Buffer.from(bytes) });
        };
        for (const [name, bytes] of /** @type {[string, Uint8Array][]} */ ([['a.hex.gz', gzipSync(hex)],
            ['a.dfu', dfuseFile([{ elements: [{ addr: FLASH, data: small }] }])], ['a.uf2', uf2File(FLASH, small, null)]])) {
            await give(name, bytes);
            await page.getByRole('button', { name: 'Use this file' }).waitFor();
            assert.match(await page.locator('#step-file .card').innerText(), new RegExp(`${name}[^]*45B2B1E6`, 'i'));
            assert.ok(await page.locator('#address').isHidden());
        }
        await give('a.bin.gz', gzipSync(small));
        await page.fill('#address', '0x08000000');
        await page.getByRole('button', { name: 'Use this file' }).waitFor();
        for (const [name, bytes, error] of /** @type {[string, Uint8Array, string][]} */ ([
            ['damaged.gz', damaged, 'GZIP_DAMAGED'], ['large.gz', gzipSync(Buffer.alloc((32 << 20) + 1)), 'FILE_TOO_LARGE'],
            ['twice.gz', gzipSync(gzipSync(hex)), 'FILE_COMPRESSED'], ['release.zip', Buffer.from('PK\x03\x04'), 'FILE_UNKNOWN_FORMAT'],
            ['blocks.uf2', blocks, 'UF2_COUNT']])) {
            await give(name, bytes);
            await page.locator(`[data-error="${error}"]`).waitFor();
            assert.equal(await page.getByRole('button', { name: 'Use this file' }).count(), 0);
        }
        assert.match(await page.locator('#step-file').innerText(), /byte 512/);
    });
});
