// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadSite } from '../../web/site.js';
import { PAGE, Visit, jsonBytes, makeKey, trusted } from './release-support.mjs';

const GOOD = { format: 'relock-site-1', brand: 'Acme', languages: ['en'], keys: [trusted(makeKey())], unsigned: 'refuse',
    contact: { name: 'Acme', email: 'help@acme.example' }, releases: ['releases/'], files: false };

/** @param {Uint8Array | (() => Response)} answer */
function load(answer) {
    const { host, documents } = new Visit([]);
    host.files.set(`${PAGE}site.json`, answer);
    return loadSite({ documents, fetch: host.fetch, base: new URL(PAGE) });
}

describe('the site', () => {
    it('is what site.json says', async () => {
        assert.deepEqual(JSON.parse(JSON.stringify(await load(jsonBytes(GOOD)))), GOOD);
    });

    it('is nothing without it: no default takes its place', async () => {
        for (const status of [404, 500]) {
            await assert.rejects(load(() => new Response('', { status })),
                { name: 'SITE_NOT_LOADED', place: { file: 'site.json', status } });
        }
        await assert.rejects(load(jsonBytes({ ...GOOD, unsigned: undefined })),
            (/** @type {any} */ error) => error.name === 'DOCUMENT_FIELD_MISSING' && error.place.file === 'site.json');
        await assert.rejects(load(jsonBytes({ ...GOOD, unsigned: 'say' })), /^DOCUMENT_/, 'keys, and unsigned ones taken');
        await assert.rejects(load(new Uint8Array(65537).fill(0x20)), { name: 'DOCUMENT_TOO_LARGE' });
    });
});
