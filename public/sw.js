// @ts-check
// Keeps the page on this computer, so that it works without a network: all files of one version, or none of them.
// Releases are not its business; it lets everything that is not in its list pass.
//
// The list is written here when the site is built. It holds every file that the page may load, each as it is served:
// not this one, and nothing that is for the host only. Optional ones (other languages, the simulator) are kept once
// they were asked for. Without a list this worker takes itself away again.
'use strict';

const BUILD = null; // replaced when the site is built

/** @typedef {{path: string, bytes: number, sha256: string, optional?: boolean}} Listed path: relative to this file */

const worker = /** @type {any} */ (self);
const build = /** @type {{version: string, files: Listed[]} | null} */ (BUILD);

const INDEX = 'index.html';
const folder = new URL('./', worker.location.href);
const PREFIX = `relock-app-${folder.pathname} `; // other sites may share the origin; no path holds a space
const cacheName = `${PREFIX}${build?.version}`;
const listed = new Map(build?.files.map((file) => [file.path, file]));

/** What an answer that was taken apart must not say any more. */
const NOT_KEPT = ['content-encoding', 'content-length', 'transfer-encoding'];

/** @param {string} path @returns {string} hosts may redirect index.html to its folder, and some do */
const addressOf = (path) => new URL(path === INDEX ? './' : path, folder).href;

/** @param {ArrayBuffer} bytes @param {Listed} file @returns {Promise<boolean>} */
async function isRight(bytes, file) {
    if (bytes.byteLength !== file.bytes) {
        return false;
    }
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === file.sha256;
}

/**
 * @param {Response | undefined} answer @param {Listed} file
 * @returns {Promise<Response | null>} the same, read to its end; null if it is not exactly the file of this version
 */
async function checked(answer, file) {
    if (answer?.status !== 200) {
        return null;
    }
    const bytes = await answer.arrayBuffer();
    const headers = new Headers(answer.headers);
    NOT_KEPT.forEach((name) => headers.delete(name));
    return await isRight(bytes, file) ? new Response(bytes, { headers }) : null;
}

/**
 * What the page has just loaded is used again; if that is not it, the host is asked.
 * @param {Listed} file
 * @returns {Promise<Response>} rejects if the host does not have this version of it
 */
async function get(file) {
    for (const cache of /** @type {const} */ (['default', 'reload'])) {
        const answer = await checked(await fetch(addressOf(file.path), { cache, redirect: 'error' }), file);
        if (answer) {
            return answer;
        }
    }
    throw new Error(`${file.path} is not of version ${build?.version}`);
}

/** @param {Listed} file @returns {Promise<boolean>} whether an older version has it: then this one wants it, too */
async function wasKept({ path }) {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    const found = await Promise.all(names.map(async (name) => (await caches.open(name)).match(addressOf(path))));
    return found.some((answer) => answer !== undefined);
}

/** @returns {Promise<Listed[]>} what a new version begins with */
async function wanted() {
    const files = [...listed.values()];
    const isWanted = await Promise.all(files.map(async (file) => !file.optional || await wasKept(file)));
    return files.filter((_, index) => isWanted[index]);
}

/** All or nothing: the cache comes into being when every file is there and right. */
async function install() {
    if (await caches.has(cacheName)) {
        await mend(''); // only this file has changed
        return;
    }
    const files = await wanted();
    const answers = await Promise.all(files.map(async (file) => ({ file, answer: await get(file) })));
    const cache = await caches.open(cacheName);
    try {
        await Promise.all(answers.map(({ file, answer }) => cache.put(addressOf(file.path), answer)));
    } catch (error) {
        await caches.delete(cacheName);
        throw error;
    }
}

/**
 * No page uses an older version any more when this runs. A page that came from the network is taken over: from here on
 * it loads the rest from one version, whatever is published meanwhile.
 */
async function activate() {
    const isNewerComing = worker.registration.installing !== null;
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== cacheName);
    await Promise.all(isNewerComing ? [] : names.map((name) => caches.delete(name)));
    await worker.clients.claim();
}

/** @param {Request} request @returns {Listed | undefined} */
function find({ method, url }) {
    const asked = new URL(url);
    if (method !== 'GET' || !asked.href.startsWith(folder.href)) {
        return undefined;
    }
    const path = asked.pathname.slice(folder.pathname.length) || INDEX;
    return path === INDEX || asked.search === '' ? listed.get(path) : undefined;
}

/** @param {Listed} file @returns {Promise<Response | null>} null if it is not here, or is not right */
async function kept(file) {
    const cache = await caches.open(cacheName);
    return checked(await cache.match(addressOf(file.path)), file);
}

/** @param {Listed} file @returns {Promise<Response>} from the host; rejects if it cannot be had, or cannot be kept */
async function renew(file) {
    const answer = await get(file);
    await (await caches.open(cacheName)).put(addressOf(file.path), answer.clone());
    return answer;
}

/**
 * A kept file that is gone or damaged is fetched again, but only this version's: never two versions in one page.
 * @param {Listed} file
 */
async function answerTo(file) {
    return await kept(file) ?? renew(file).catch(() => get(file)); // there may be no room to keep it
}

/**
 * Makes sure that every file is here and is right. Rejects if one is not, and cannot be made so.
 * @param {string} also the folder of those optional ones that are needed, '' if none are
 */
async function mend(also) {
    const needed = [...listed.values()].filter(({ optional, path }) => !optional || (also && path.startsWith(also)));
    await Promise.all(needed.map(async (file) => await kept(file) ?? renew(file)));
}

if (build) {
    worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
    worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
    worker.addEventListener('fetch', (/** @type {any} */ event) => {
        const file = find(event.request);
        if (file) {
            event.respondWith(answerTo(file));
        }
    });
} else {
    worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.registration.unregister()));
}

worker.addEventListener('message', (/** @type {any} */ { data, ports }) => {
    if (data.ask === 'is-whole') {
        mend(data.also).then(() => ports[0].postMessage(build !== null), () => ports[0].postMessage(false));
    } else if (data.ask === 'version') {
        ports[0].postMessage(listed.get('relock.wasm')?.sha256 === data.wasm ? build?.version : '');
    }
});
