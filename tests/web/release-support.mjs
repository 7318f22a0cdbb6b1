// @ts-check
// Hosts, memories and caches that do as they are told, for the tests of releases.
import { Documents } from '../../wasm-glue/documents.js';
import { seenStore } from '../../web/seen.js';
import { keptReleases } from '../../web/release/kept.js';
import { loadRelease } from '../../web/release/load.js';
import { jsonBytes, makeKey, releaseDocument, sha256, signatureOf } from '../browser/release-server.mjs';
import { wasm } from './support.mjs';

export { jsonBytes, makeKey, sha256, signatureOf };

/** @typedef {ReturnType<typeof makeKey>} SigningKey */
/** @typedef {(init: RequestInit) => Response | Promise<Response>} Answer */

export const PAGE = 'https://acme.example/update/';
export const NAME = 'acme-lamp';
export const NOW = Date.parse('2026-11-22T10:00:00Z');
const CREATED = '2026-01-02T03:04:05Z';
export const IMAGE = new Uint8Array(5000).map((_, index) => index * 7);
export const PICTURE = new Uint8Array(300).fill(9);

/** @param {Uint8Array} bytes @param {string} file */
const named = (bytes, file) => ({ file, size: bytes.length, sha256: sha256(bytes) });

/** @param {object} [changes] a release of one raw image and one picture that two languages share */
export function makeDocument(changes = {}) {
    return releaseDocument({
        images: [{ ...named(IMAGE, 'lamp.bin'), address: '0x08000000' }],
        enter: [{ text: { en: 'Hold the button.' }, alt: { en: 'The button' },
            pictures: { en: named(PICTURE, 'button.png'), de: named(PICTURE, 'button.png') } }],
        ...changes,
    });
}

/**
 * All files of a release, by path below the place.
 * @param {{key?: SigningKey[], document?: object, channel?: object, name?: string}} options
 * @returns {Record<string, Uint8Array>}
 */
export function makeFiles({ key = [], document = {}, channel = {}, name = NAME }) {
    const release = makeDocument(document);
    const documents = {
        release: jsonBytes(release),
        channel: jsonBytes({ format: 'relock-channel-1', name: release.name, edition: 1, current: release.sequence,
            withdrawn: [], created: CREATED, ...channel }),
    };
    const signed = Object.entries(documents).flatMap(([kind, bytes]) => [
        [`${name}/${kind}.json`, bytes],
        ...(key.length > 0 ? [[`${name}/${kind}.json.sig`, signatureOf(key, `relock-${kind}-v1`, bytes)]] : []),
    ]);
    return { ...Object.fromEntries(signed), [`${name}/lamp.bin`]: IMAGE, [`${name}/button.png`]: PICTURE };
}

/** @param {SigningKey} key @param {string} [expires] as documents name it */
export const trusted = (key, expires) => ({ id: key.id, public: key.public, ...(expires ? { expires } : {}) });

/** @typedef {Record<string, Uint8Array>} Files by path below a place */

/** @param {SigningKey[]} keys @param {SigningKey[]} by @param {number} [edition] @returns {Files} */
export function changeOfKeys(keys, by, edition = 1) {
    const bytes = jsonBytes({ format: 'relock-keys-1', edition, created: CREATED, keys: keys.map((key) => trusted(key)) });
    return { 'keys.json': bytes, 'keys.json.sig': signatureOf(by, 'relock-keys-v1', bytes) };
}

/** What a browser may be answered, by address. */
export class Host {
    /** @type {Map<string, Uint8Array | Answer>} */
    files = new Map();
    /** @type {{url: string, init: RequestInit}[]} */
    asked = [];
    isDown = false;

    /** @param {Record<string, Uint8Array>} files @param {string} [place] */
    publish(files, place = `${PAGE}releases/`) {
        Object.entries(files).forEach(([path, bytes]) => this.files.set(place + path, bytes));
        return this;
    }

    /** @param {string} path below the first place @param {Uint8Array | Answer} answer */
    replace(path, answer) {
        this.files.set(`${PAGE}releases/${path}`, answer);
        return this;
    }

    /** @param {string} path @param {(bytes: Uint8Array) => Uint8Array} change */
    spoil(path, change) {
        const url = `${PAGE}releases/${path}`;
        this.files.set(url, change(Uint8Array.from(/** @type {Uint8Array} */ (this.files.get(url)))));
        return this;
    }

    /** @param {string | URL | Request} url @param {RequestInit} [init] */
    fetch = async (url, init = {}) => {
        this.asked.push({ url: String(url), init });
        if (this.isDown) {
            throw new TypeError('Failed to fetch');
        }
        const answer = this.files.get(String(url));
        if (answer === undefined) {
            return new Response('not here', { status: 404 });
        }
        return typeof answer === 'function' ? answer(init) : new Response(Uint8Array.from(answer));
    };

    /** @returns {string[]} paths below the first place, in order of the alphabet */
    get paths() {
        return this.asked.map(({ url }) => url.replace(`${PAGE}releases/`, '')).sort();
    }
}

/** A cache storage in memory. */
export function memoryCaches() {
    /** @type {Map<string, Map<string, Uint8Array>>} */
    const all = new Map();
    const room = { bytes: Infinity };
    const open = async (/** @type {string} */ key) => {
        const entries = all.get(key) ?? new Map();
        all.set(key, entries);
        return {
            match: async (/** @type {string} */ url) => entries.has(url) ? new Response(entries.get(url)) : undefined,
            put: async (/** @type {string} */ url, /** @type {Response} */ response) => {
                const bytes = new Uint8Array(await response.arrayBuffer());
                if (bytes.length > room.bytes) {
                    throw new DOMException('full', 'QuotaExceededError');
                }
                entries.set(url, bytes);
            },
        };
    };
    /** @type {any} */
    const storage = { open, keys: async () => [...all.keys()],
        delete: async (/** @type {string} */ key) => all.delete(key) };
    return { all, room, storage: /** @type {CacheStorage} */ (storage) };
}

/** A database in memory. */
export function memoryDatabase() {
    /** @type {Map<string, any>} */
    const entries = new Map();
    /** @type {import('../../web/seen.js').Change} */
    const change = async (key, make) => {
        if (make) {
            entries.set(key, make(entries.get(key)));
        }
        return entries.get(key);
    };
    return { entries, change };
}

/** A browser's visit to a site: the same memory and caches over several loads. */
export class Visit {
    host = new Host();
    caches = memoryCaches();
    memory = memoryDatabase();
    seen = seenStore('/update/', this.memory.change);
    nowMs = NOW;
    /** @type {{kind: string, text: string}[]} documents that reached the reader */
    read = [];
    /** @type {any} */
    site;

    /** @param {SigningKey[]} keys that the site trusts @param {object} [site] */
    constructor(keys, site = {}) {
        this.site = { keys: keys.map((key) => trusted(key)), unsigned: keys.length > 0 ? 'refuse' : 'say',
            releases: ['releases/'], ...site };
        const documents = new Documents(wasm('documents'));
        this.documents = {
            read: (/** @type {any} */ kind, /** @type {Uint8Array} */ bytes) => {
                this.read.push({ kind, text: new TextDecoder().decode(bytes) });
                return documents.read(kind, bytes);
            },
            estimateMs: () => documents.estimateMs(),
        };
    }

    /** @param {Partial<import('../../web/release/load.js').Options>} [options] */
    load(options = {}) {
        return loadRelease({ name: NAME, site: this.site, documents: this.documents, seen: this.seen,
            kept: keptReleases(this.caches.storage, undefined), fetch: this.host.fetch, now: () => this.nowMs,
            base: new URL(PAGE), ...options });
    }

    /** @returns {string[]} names of the caches */
    get kept() {
        return [...this.caches.all.keys()];
    }
}
