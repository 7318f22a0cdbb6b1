// @ts-check
// What this browser has seen of releases: a host that serves older files than before is noticed by it. It only ever
// rises, and it is written only for what was verified.

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
 * Changes one entry in one transaction, so that two tabs cannot lower what the other one wrote.
 * @param {string} key
 * @param {((value: any) => any) | null} change null only reads
 * @returns {Promise<any>} what is there then; undefined if nothing is
 */
async function transact(key, change) {
    const opening = indexedDB.open('relock-seen', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('seen');
    const database = await settled(opening);
    try {
        const transaction = database.transaction('seen', change ? 'readwrite' : 'readonly', { durability: 'strict' });
        const finished = new Promise((resolve, reject) => {
            transaction.oncomplete = () => resolve(undefined);
            transaction.onabort = () => reject(transaction.error);
        });
        const entries = transaction.objectStore('seen');
        let value = await settled(entries.get(key));
        if (change) {
            value = change(value);
            entries.put(value, key);
        }
        await finished;
        return value;
    } finally {
        database.close();
    }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * Several sites may share an origin: each has its own memory of names, and of the keys that it was built with. What was
 * written before that was so counts as well.
 * @param {string} folder of the page, ends in '/'
 * @param {typeof transact} [change] what the entries are in
 * @returns {SeenStore}
 */
export function seenStore(folder, change = transact) {
    const nameKey = (/** @type {string} */ name) => `release:${folder}:${name}`;
    const keysKey = (/** @type {string} */ builtWith) => `keys:${builtWith}`;
    return {
        release: async (name) => higher(await change(`release:${name}`, null) ?? NOTHING,
            await change(nameKey(name), null) ?? NOTHING),
        raise: (name, seen) => change(nameKey(name), (before) => higher(before ?? NOTHING, seen)),
        keys: async (builtWith) => {
            const [old, own] = [await change('keys', null), await change(keysKey(builtWith), null)];
            const same = old?.builtWith === builtWith ? old : null;
            return own ? newer(same, own) : same;
        },
        raiseKeys: (keys) => change(keysKey(keys.builtWith), (before) => newer(before ?? null, keys)),
    };
}

/** The browser's own database. */
export const browserSeen = seenStore(new URL('../', import.meta.url).pathname);
