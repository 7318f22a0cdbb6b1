// @ts-check
// What this page is: whose it is, which keys it trusts, where its releases are. Fixed when the site was built.
import { RelockError } from '../wasm-glue/values.js';
import { DOCUMENT_BYTES_MAX, readDocument, withinLimit } from './release/document.js';
import { download } from './release/download.js';

/**
 * site.json (docs/release-format.md), as the strict reader gives it.
 * @typedef {object} Site
 * @property {string} brand
 * @property {string} [logo] a file beside the page
 * @property {Record<string, string>} [colors]
 * @property {string[]} languages
 * @property {import('./seen.js').Key[]} keys
 * @property {'refuse' | 'say'} unsigned
 * @property {{name: string, email?: string, phone?: string, web?: string}} contact
 * @property {string[]} releases places, relative to the page or https
 * @property {string} [report]
 * @property {boolean} files
 */

const FILE = 'site.json';
const PAGE = new URL('../', import.meta.url);

/**
 * @param {object} options
 * @param {import('./release/document.js').Reader} options.documents
 * @param {typeof globalThis.fetch} [options.fetch]
 * @param {URL} [options.base] the page's folder
 * @returns {Promise<Site>}
 * @throws {RelockError} SITE_NOT_LOADED: it could not be fetched; DOCUMENT_…: it is malformed. Nothing starts then
 */
export async function loadSite({ documents, fetch = globalThis.fetch.bind(globalThis), base = PAGE }) {
    const bytes = await download({ fetch },
        { url: new URL(FILE, base), file: FILE, limit: DOCUMENT_BYTES_MAX, cache: 'no-cache' }).catch((error) => {
        throw error instanceof RelockError ? new RelockError('SITE_NOT_LOADED', error.place) : error;
    });
    return readDocument(documents, 'site', FILE, withinLimit(bytes, FILE));
}
