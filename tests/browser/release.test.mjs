// @ts-check
// How a release reaches the page in a real browser: its fetch, its policy, its Ed25519, its caches and its memory.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Release, makeKey, openSite, sha256 } from './release-server.mjs';
import { FIRMWARE, LIMIT, keepPage, openBrowser, openPage } from './support.mjs';

const KEY = makeKey();
const FOLDER = 'releases/acme-lamp/';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./support.mjs').Test} Test */

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @param {Test} test @param {Parameters<typeof openSite>[1]} [options] a page of a site with one signed release */
async function openRelease(test, options) {
    const site = await openSite(test, { keys: [KEY], ...options });
    site.publish(new Release({ keys: [KEY] }));
    const { page, context } = await openPage(browser, test);
    await page.goto(site.url);
    return { site, page, context };
}

/** @param {Page} page @param {string} [name] loads it as the page does, and tells what came of it */
const load = (page, name = 'acme-lamp') => page.evaluate(async (wanted) => {
    const from = (/** @type {string} */ path) => import(String(new URL(path, document.baseURI)));
    const [{ Documents }, { loadSite }, { loadRelease }] = await Promise.all(
        ['wasm-glue/documents.js', 'web/site.js', 'web/release/load.js'].map(from));
    const wasm = await WebAssembly.compile(await (await fetch('documents.wasm')).arrayBuffer());
    const documents = new Documents(wasm);
    try {
        const release = await loadRelease({ name: wanted, site: await loadSite({ documents }), documents });
        const [image] = release.images;
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', image.bytes));
        return { signedBy: release.signedBy, from: release.from, isKept: release.isKept,
            sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    } catch (error) {
        const { name: told, place } = /** @type {any} */ (error);
        return { error: told, ...place };
    }
}, name);

/** @param {Page} page changes a file of the kept release as a script of the page could */
const poison = (page, /** @type {string} */ file) => page.evaluate(async (address) => {
    const key = /** @type {string} */ ((await caches.keys()).find((name) => name.startsWith('relock-release-')));
    const cache = await caches.open(key);
    const bytes = new Uint8Array(await /** @type {Response} */ (await cache.match(address)).arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(address, new Response(bytes));
}, `https://kept.invalid/${file}`);

/** @param {Page} page @returns {Promise<string[]>} */
const keptReleases = (page) => page.evaluate(async () =>
    (await caches.keys()).filter((name) => name.startsWith('relock-release-')));

const GOOD = { signedBy: KEY.id, from: 'network', isKept: true, sha256: sha256(readFileSync(FIRMWARE)) };

describe('a release in a browser', () => {
    it('is checked and kept, and comes back without a network', LIMIT, async (test) => {
        const { site, page } = await openRelease(test, { isOffline: true });
        assert.deepEqual(await load(page), GOOD);
        assert.equal((await keptReleases(page)).length, 1);
        await keepPage(page);
        site.isDown = true;
        await page.reload();
        assert.deepEqual(await load(page), { ...GOOD, from: 'cache' });
    });

    it('that was changed on this computer is refused, removed, and got anew', LIMIT, async (test) => {
        for (const [file, error] of [['lamp.hex', 'RELEASE_FILE_CHANGED'], ['release.json', 'SIGNATURE_WRONG'],
            ['channel.json', 'SIGNATURE_WRONG']]) {
            const { site, page } = await openRelease(test, { isOffline: true });
            await load(page);
            await keepPage(page);
            await poison(page, file);
            site.isDown = true;
            assert.deepEqual(await load(page), { error, file, isKept: true });
            assert.deepEqual(await keptReleases(page), []);
            site.isDown = false;
            assert.deepEqual(await load(page), GOOD);
        }
    });
});

describe('what a browser remembers of releases', () => {
    it('older than what this browser has seen is refused, on a later visit too', LIMIT, async (test) => {
        const { site, page } = await openRelease(test);
        assert.deepEqual(await load(page), GOOD);
        const older = new Release({ keys: [KEY], document: { sequence: 6 } });
        site.publish(older);
        await page.reload();
        assert.deepEqual(await load(page), { error: 'RELEASE_OLDER', file: 'release.json', path: 'sequence' });
        older.channelChanges = { edition: 2, current: 7, withdrawn: [6] };
        site.publish(older);
        assert.equal((await load(page)).error, 'RELEASE_WITHDRAWN');
    });

    it('leaves the highest of what two tabs have seen', LIMIT, async (test) => {
        const { site, page, context } = await openRelease(test);
        const other = await context.newPage();
        await other.goto(site.url);
        const raise = (/** @type {Page} */ tab, /** @type {number[]} */ numbers) => tab.evaluate(async (all) => {
            const { browserSeen } = await import(String(new URL('web/seen.js', document.baseURI)));
            await Promise.all(all.map((sequence) => browserSeen.raise('x', { edition: 1, sequence, withdrawn: [] })));
            return (await browserSeen.release('x')).sequence;
        }, numbers);
        await Promise.all([raise(page, [5, 3, 19, 4]), raise(other, [7, 2, 18, 1])]);
        assert.equal(await raise(other, [1]), 19);
    });

    it('comes without cookies, and none are set', LIMIT, async (test) => {
        const { site, page, context } = await openRelease(test);
        await context.addCookies([{ name: 'session', value: 'secret', url: site.url }]);
        /** @type {(string | undefined)[]} */
        const cookies = [];
        const bytes = readFileSync(join(site.folder, FOLDER, 'release.json'));
        site.answers.set(`${FOLDER}release.json`, (request, response) => {
            cookies.push(request.headers.cookie, request.headers.referer);
            response.writeHead(200, { 'Set-Cookie': 'tracker=1' }).end(bytes);
        });
        assert.deepEqual(await load(page), GOOD);
        assert.deepEqual(cookies, [undefined, undefined]);
        assert.deepEqual((await context.cookies()).map(({ name }) => name), ['session']);
    });
});

describe('a host on the wire', () => {
    it('that redirects is not followed', LIMIT, async (test) => {
        const { site, page } = await openRelease(test);
        for (const file of ['release.json', 'lamp.hex']) {
            for (const status of [301, 302, 307, 308]) {
                site.answers.set(`${FOLDER}${file}`, (_, response) => {
                    response.writeHead(status, { Location: `/${FOLDER}copy` }).end();
                });
                site.answers.set(`${FOLDER}copy`, (_, response) => {
                    response.end(readFileSync(join(site.folder, FOLDER, file)));
                });
                assert.deepEqual(await load(page), { error: 'RELEASE_NOT_REACHED', file });
            }
            site.answers.clear();
        }
        assert.ok(!site.asked.includes(`${FOLDER}copy`));
    });

    it('that sends 10 MB is cut off long before', LIMIT, async (test) => {
        const { site, page } = await openRelease(test);
        let sent = 0;
        site.answers.set(`${FOLDER}release.json`, (_, response) => {
            const more = () => {
                while (!response.destroyed && sent < 1e7) {
                    sent += 65536;
                    if (!response.write(Buffer.alloc(65536, 0x20))) {
                        response.once('drain', more);
                        return;
                    }
                }
                response.end();
            };
            more();
        });
        assert.deepEqual(await load(page), { error: 'DOCUMENT_TOO_LARGE', file: 'release.json', offset: 65536 });
        assert.ok(sent < 1e7, `${sent} bytes were sent`);
    });
});

describe('a file on the wire', () => {
    it('that goes away in the middle', LIMIT, async (test) => {
        const { site, page } = await openRelease(test);
        const bytes = readFileSync(join(site.folder, FOLDER, 'lamp.hex'));
        site.answers.set(`${FOLDER}lamp.hex`, (_, response) => {
            response.writeHead(200, { 'Content-Length': bytes.length });
            response.write(bytes.subarray(0, 1000), () => response.destroy());
        });
        assert.deepEqual(await load(page), { error: 'RELEASE_NOT_REACHED', file: 'lamp.hex' });
    });

    it('that packs what it sends is unpacked by the browser, and counted after that', LIMIT, async (test) => {
        const { site, page } = await openRelease(test);
        const { gzipSync } = await import('node:zlib');
        const bytes = readFileSync(join(site.folder, FOLDER, 'lamp.hex'));
        const headers = { 'Content-Encoding': 'gzip' };
        site.answers.set(`${FOLDER}lamp.hex`, (_, response) => {
            response.writeHead(200, headers).end(gzipSync(bytes));
        });
        assert.deepEqual(await load(page), GOOD);
        await page.evaluate(async () => {
            await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
        });
        site.answers.set(`${FOLDER}lamp.hex`, (_, response) => {
            response.writeHead(200, headers).end(gzipSync(Buffer.alloc(3e7)));
        });
        assert.deepEqual(await load(page), { error: 'RELEASE_FILE_SIZE', file: 'lamp.hex' });
    });
});

describe('another origin', () => {
    /** @param {Test} test @param {string} [folder] @returns {Promise<{url: string, asked: string[]}>} for everybody */
    async function openMirror(test, folder = '') {
        /** @type {string[]} */
        const asked = [];
        const server = createServer((request, response) => {
            const path = String(request.url).slice(1);
            asked.push(path);
            response.setHeader('Access-Control-Allow-Origin', '*');
            try {
                response.end(readFileSync(join(folder, path)));
            } catch {
                response.writeHead(404).end();
            }
        });
        await new Promise((resolve) => {
            server.listen(0, '127.0.0.1', () => resolve(undefined));
        });
        test.after(() => {
            server.close();
            server.closeAllConnections();
        });
        return { url: `http://localhost:${/** @type {any} */ (server.address()).port}/`, asked };
    }

    /** @param {Test} test @param {string} mirror a place that only this test names: sites may name https only */
    async function openWith(test, mirror) {
        const opened = await openRelease(test);
        const module = join(opened.site.folder, 'web/site.js');
        writeFileSync(module, readFileSync(module, 'utf8').replace(/return (readDocument\(.*\));/,
            `return { ...$1, releases: ['${mirror}releases/'] };`));
        assert.match(readFileSync(module, 'utf8'), /releases: \['http/);
        return opened;
    }

    it('that the site was not built with is not even asked', LIMIT, async (test) => {
        const mirror = await openMirror(test);
        const { page } = await openWith(test, mirror.url);
        await page.reload();
        assert.equal((await load(page)).error, 'RELEASE_NOT_REACHED');
        assert.deepEqual(mirror.asked, []);
    });

    it('that the site was built with serves what is signed', LIMIT, async (test) => {
        const source = await openSite(test, { keys: [KEY] });
        source.publish(new Release({ keys: [KEY] }));
        const mirror = await openMirror(test, source.folder);
        const { site, page } = await openWith(test, mirror.url);
        const index = join(site.folder, 'index.html');
        const text = readFileSync(index, 'utf8');
        const origin = new URL(mirror.url).origin;
        writeFileSync(index, text.replace("connect-src 'self'", `connect-src 'self' ${origin}`));
        assert.notEqual(readFileSync(index, 'utf8'), text);
        await page.reload();
        assert.deepEqual(await load(page), GOOD);
        assert.ok(mirror.asked.includes(`${FOLDER}lamp.hex`) && !site.asked.includes(`${FOLDER}lamp.hex`));
    });
});
