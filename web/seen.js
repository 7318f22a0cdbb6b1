// @ts-check
// What this browser has seen of releases: a host that serves older files than before is noticed by it. It only ever
// rises, and it is written only for what was verified.
import { settled, transact } from './database.js';

/**
 * What was seen of a release's name.
 * @typedef {object} Seen
 * @property {number} edition the highest of channel.json
 * @property {number} sequence the highest of release.json
 * @property {number[]} withdrawn sequence numbers, as the newest channel lists them
 */

/** @typedef {{id: string, public: string, expires?: string}} Key a trusted key, as the documents write it */

/**
 * What the newest keys.json said. It counts for the keys that the site was built with, and for no others.
 * @typedef {object} SeenKeys
 * @property {string} builtWith the ids of the site's own keys, in order
 * @property {number} edition
 * @property {string} sha256 of keys.json
 * @property {Key[]} keys
 */

/**
 * Where it is kept. Everything here rejects if the browser cannot keep anything.
 * @typedef {object} SeenStore
 * @property {(name: string) => Promise<Seen>} release what was seen of a name; zeros if nothing was
 * @property {(name: string, seen: Seen) => Promise<void>} raise
 * @property {(builtWith: string) => Promise<SeenKeys | null>} keys
 * @property {(keys: SeenKeys) => Promise<void>} raiseKeys
 */

/** @type {Seen} */
const NOTHING = { edition: 0, sequence: 0, withdrawn: [] };

/**
 * @param {Seen} one @param {Seen} other
 * @returns {Seen} the higher of each
 */
export function higher(one, other) {
    return {
        edition: Math.max(one.edition, other.edition),
        sequence: Math.max(one.sequence, other.sequence),
        withdrawn: other.edition >= one.edition ? other.withdrawn : one.withdrawn,
    };
}

/** @param {SeenKeys | null} one @param {SeenKeys} other @returns {SeenKeys} the newer, if both are of the same site */
export function newer(one, other) {
    return one && one.builtWith === other.builtWith && one.edition > other.edition ? one : other;
}

/**
 * Where the entries are, by key.
 * @callback Change changes one entry in one transaction, so that two tabs cannot lower what the other one wrote
 * @param {string} key
 * @param {((value: any) => any) | null} make null only reads
 * @returns {Promise<any>} what is there then; undefined if nothing is
 */

/** @type {Change} */
const changeHere = (key, make) => transact({ database: 'relock-seen', store: 'seen' }, make ? 'readwrite' : 'readonly',
    async (entries) => {
        const value = await settled(entries.get(key));
        const made = make ? make(value) : value;
        if (make) {
            entries.put(made, key);
        }
        return made;
    });

/**
 * Several sites may share an origin: each has its own memory of names, and of the keys that it was built with.
 * @param {string} folder of the page, ends in '/'
 * @param {Change} [change]
 * @returns {SeenStore}
 */
export function seenStore(folder, change = changeHere) {
    const nameKey = (/** @type {string} */ name) => `release:${folder}:${name}`;
    const keysKey = (/** @type {string} */ builtWith) => `keys:${builtWith}`;
    return {
        release: async (name) => await change(nameKey(name), null) ?? NOTHING,
        raise: (name, seen) => change(nameKey(name), (before) => higher(before ?? NOTHING, seen)),
        keys: async (builtWith) => await change(keysKey(builtWith), null) ?? null,
        raiseKeys: (keys) => change(keysKey(keys.builtWith), (before) => newer(before ?? null, keys)),
    };
}

/** The browser's own database. */
export const browserSeen = seenStore(new URL('../', import.meta.url).pathname);
