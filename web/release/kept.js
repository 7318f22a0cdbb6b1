// @ts-check
// Releases that are kept for use without a network: one cache for each, and the mark that it is whole comes last. What
// is read from here has passed no check yet.

/** Several sites may share an origin; no path holds a space. */
const PREFIX = `relock-release-${new URL('../../', import.meta.url).pathname} `;
const SHA256 = /^[0-9a-f]{64}$/;
const WHOLE = '.whole'; // no file of a release begins with a dot

/** @param {string} file @returns {string} caches want addresses; this one leads nowhere */
const address = (file) => `https://kept.invalid/${file}`;

/**
 * One kept release.
 * @typedef {object} Copy
 * @property {string} key of its cache
 * @property {string} sha256 of its release.json, as it was when it was kept
 * @property {(file: string) => Promise<Uint8Array<ArrayBuffer> | null>} read null if it is not there
 */

/**
 * @typedef {object} KeptReleases
 * @property {(name: string) => Promise<Copy[]>} copies that are whole
 * @property {(name: string, sha256: string, files: Map<string, Uint8Array<ArrayBuffer>>) => Promise<boolean>} keep
 * replaces all copies of this name; false if there is no room
 * @property {(key: string) => Promise<void>} remove
 */

/**
 * @param {CacheStorage} storage
 * @param {string} name of a release
 * @returns {Promise<{key: string, sha256: string}[]>} its caches, also those that are not whole
 */
async function cachesOf(storage, name) {
    const start = `${PREFIX}${name}-`;
    return (await storage.keys()).filter((key) => key.startsWith(start))
        .map((key) => ({ key, sha256: key.slice(start.length) })).filter((found) => SHA256.test(found.sha256));
}

/** @param {CacheStorage} storage @param {string} key @param {string} file @returns {ReturnType<Copy['read']>} */
async function readFrom(storage, key, file) {
    const answer = await (await storage.open(key)).match(address(file));
    return answer ? new Uint8Array(await answer.arrayBuffer()) : null;
}

/**
 * @param {CacheStorage} storage @param {string} key @param {Map<string, Uint8Array<ArrayBuffer>>} files
 */
async function write(storage, key, files) {
    await storage.delete(key);
    const cache = await storage.open(key);
    for (const [file, bytes] of files) {
        await cache.put(address(file), new Response(bytes));
    }
    await cache.put(address(WHOLE), new Response(''));
}

/**
 * @param {CacheStorage | undefined} storage undefined where the browser has none: then nothing is kept
 * @param {LockManager | undefined} locks so that two tabs do not write at once
 * @returns {KeptReleases}
 */
export function keptReleases(storage = globalThis.caches, locks = globalThis.navigator?.locks) {
    if (!storage) {
        return { copies: async () => [], keep: async () => false, remove: async () => {} };
    }
    /** @param {() => Promise<boolean>} work */
    const alone = async (work) => await (locks ? locks.request('relock-keep', work) : work());
    return {
        copies: async (name) => {
            const found = await cachesOf(storage, name).catch(() => []);
            const whole = await Promise.all(found.map(({ key }) => readFrom(storage, key, WHOLE).catch(() => null)));
            return found.filter((_, index) => whole[index] !== null)
                .map((entry) => ({ ...entry, read: (file) => readFrom(storage, entry.key, file) }));
        },
        keep: (name, sha256, files) => alone(async () => {
            const key = `${PREFIX}${name}-${sha256}`;
            try {
                await write(storage, key, files);
                const others = (await cachesOf(storage, name)).filter((found) => found.key !== key);
                await Promise.all(others.map((found) => storage.delete(found.key)));
                return true;
            } catch {
                await storage.delete(key).catch(() => {});
                return false;
            }
        }),
        remove: async (key) => void await storage.delete(key),
    };
}
