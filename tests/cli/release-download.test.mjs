// @ts-check
/** Releases over the network: what comes is held to the release, and how it comes to a few plain rules. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import path from 'node:path';
import { after, test } from 'node:test';
import { TestKey, publish, publishKeys, serve } from './maker.mjs';
import { Workspace, eventOf, parseEvents } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

let count = 0;

/**
 * Does not wait in this process: the server is in it.
 * @param {string[]} words @param {Record<string, string>} environment
 */
async function run(words, environment = {}) {
    const running = workspace.start([...words, '--json'], environment);
    const { code } = /** @type {any} */ (await running.end);
    const events = parseEvents(running.output);
    return { code, events, ending: eventOf(events, 'ending') };
}

/**
 * Publishes, serves, and tries to update a device that must stay as it is unless `error` is null.
 * @param {string | null} error
 * @param {{
 *     spoil?: (published: import('./maker.mjs').Published) => void,
 *     meddle?: (url: string, response: import('node:http').ServerResponse) => boolean,
 *     place?: (address: string) => string,
 *     environment?: Record<string, string>,
 *     words?: string[],
 * }} [setting]
 */
async function attempt(error, { spoil, meddle, place = (address) => `${address}/lamp`, environment, words = [] } = {}) {
    const releases = workspace.path(`releases-${count}`);
    const device = workspace.makeDevice(`device-${count++}.sim`, 'stm32f405');
    const published = publish(releases);
    spoil?.(published);
    const before = readFileSync(device);
    const server = await serve(releases, meddle);
    const said = ['update', '--release', place(server.address), '--key', published.key.public, '--sim', device, '--yes'];
    const state = { XDG_STATE_HOME: workspace.path(`state-${count}`) };
    const result = await run([...said, ...words], { ...state, ...environment });
    server.close();
    assert.equal(result.ending?.error?.name ?? null, error, JSON.stringify(result.ending));
    assert.equal(readFileSync(device).equals(before), error !== null);
    return { ...result, paths: server.paths, device };
}

test('the same release from a server is proven', async () => {
    const { code, device, paths } = await attempt(null);
    assert.equal(code, 0);
    assert.equal(workspace.truth(device).level, 1);
    assert.deepEqual([...new Set(paths)].sort(), [
        '/keys.json',
        '/lamp/channel.json',
        '/lamp/channel.json.sig',
        '/lamp/lamp.hex',
        '/lamp/release.json',
        '/lamp/release.json.sig',
    ]);
});

test('an address with a slash at its end, and localhost by name', async () => {
    const place = (/** @type {string} */ address) => `${address.replace('127.0.0.1', 'localhost')}/lamp/`;
    assert.equal((await attempt(null, { place })).code, 0);
});

test('keys.json above the release is honoured', async () => {
    const fresh = new TestKey();
    const { code } = await attempt(null, {
        spoil: ({ releases, key }) => {
            publish(releases, { key: fresh });
            publishKeys(releases, [fresh], [key]);
        },
    });
    assert.equal(code, 0);
});

/** @type {[string, string, string][]} */
const redirects = [
    ['a redirect of the release', '/lamp/release.json', 'RELEASE_NOT_REACHED'],
    ['a redirect of the image', '/lamp/lamp.hex', 'RELEASE_NOT_REACHED'],
    ['a redirect of a signature', '/lamp/channel.json.sig', 'RELEASE_NOT_REACHED'],
    ['a redirect of keys.json', '/keys.json', 'RELEASE_NOT_REACHED'],
];

for (const [what, from, error] of redirects) {
    test(`${what} is not followed`, async () => {
        const { paths } = await attempt(error, {
            meddle: (url, response) => {
                if (url === from) {
                    response.writeHead(302, { location: `/moved${from}` }).end();
                }
                return url === from;
            },
        });
        assert.ok(!paths.some((url) => url.startsWith('/moved')));
    });
}

test('a server that fails, and one that is not there', async () => {
    const meddle = (/** @type {string} */ _, /** @type {import('node:http').ServerResponse} */ response) => {
        response.writeHead(500).end();
        return true;
    };
    await attempt('RELEASE_NOT_REACHED', { meddle });
    await attempt('RELEASE_NOT_REACHED', { place: () => 'http://127.0.0.1:9/lamp' });
    await attempt('RELEASE_NOT_FOUND', { place: (address) => `${address}/none` });
});

/** @type {[string, string, string, (file: string) => void][]} */
const sizes = [
    ['an image that is shorter', 'lamp.hex', 'RELEASE_FILE_SIZE', (file) => truncateSync(file, 100)],
    ['an image that is one byte longer', 'lamp.hex', 'RELEASE_FILE_SIZE', (file) => appendFileSync(file, '\n')],
    ['an image of 10 MB', 'lamp.hex', 'RELEASE_FILE_SIZE', (file) => writeFileSync(file, Buffer.alloc(10e6))],
    ['an empty image', 'lamp.hex', 'RELEASE_FILE_SIZE', (file) => truncateSync(file, 0)],
    ['another image', 'lamp.hex', 'RELEASE_FILE_CHANGED', (file) => flip(file)],
    ['a document of 10 MB', 'release.json', 'DOCUMENT_TOO_LARGE', (file) => writeFileSync(file, Buffer.alloc(10e6, 0x20))],
    ['an empty document', 'release.json', 'SIGNATURE_WRONG', (file) => truncateSync(file, 0)],
    ['an image that is not there', 'lamp.hex', 'RELEASE_NOT_REACHED', (file) => rmSync(file)],
    ['a signature that is not there', 'release.json.sig', 'SIGNATURE_MISSING', (file) => rmSync(file)],
];

/** @param {string} file */
function flip(file) {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
}

for (const [what, name, error, spoil] of sizes) {
    test(`${what}: ${error}`, async () => {
        await attempt(error, { spoil: ({ folder }) => spoil(path.join(folder, name)) });
    });
}

test('a connection that is cut in the middle of an image', async () => {
    await attempt('RELEASE_FILE_SIZE', {
        meddle: (url, response) => {
            if (url === '/lamp/lamp.hex') {
                response.writeHead(200, { 'content-length': '5000' });
                response.write('x'.repeat(100), () => response.destroy());
            }
            return url === '/lamp/lamp.hex';
        },
    });
});

test('a body without end is not read to its end', async () => {
    await attempt('DOCUMENT_TOO_LARGE', {
        meddle: (url, response) => {
            if (url === '/lamp/release.json') {
                const piece = Buffer.alloc(65536, 0x20);
                const pour = () => response.write(piece, (error) => error ?? pour());
                pour();
            }
            return url === '/lamp/release.json';
        },
    });
});

const refusedAddresses = [
    'http://example.com/lamp',
    'ftp://127.0.0.1/lamp',
    'file:///etc/lamp',
    'https://user@127.0.0.1/lamp',
    'https://127.0.0.1/lamp?x=1',
    'https://127.0.0.1/a/../lamp',
    'https://127.0.0.1/%2e%2e/lamp',
    'https://127.0.0.1:/lamp',
    'https://[::2]/lamp',
    'http://127.0.0.1.example.com/lamp',
    'http://localhost.example.com/lamp',
    'https://exa mple.com/lamp',
    'https:///lamp',
    'https://example.com',
    'HTTPS://example.com/lamp',
];

for (const address of refusedAddresses) {
    test(`${address} is no address for a release`, async () => {
        const { code, paths } = await attempt('LINK_MALFORMED', { place: () => address });
        assert.equal(code, 4);
        assert.deepEqual(paths, []);
    });
}

test('no proxy of the environment is asked', async () => {
    const proxy = 'http://127.0.0.1:9';
    const environment = { http_proxy: proxy, HTTP_PROXY: proxy, all_proxy: proxy, ALL_PROXY: proxy, no_proxy: '' };
    assert.equal((await attempt(null, { environment })).code, 0);
});

test('a certificate that nobody vouches for', async () => {
    const [key, cert] = [workspace.path('tls.key'), workspace.path('tls.crt')];
    const made = spawnSync('openssl', [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    let requests = 0;
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
        requests++;
        response.end('{}');
    });
    const port = await new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve(/** @type {any} */ (server.address()).port));
    });
    await attempt('RELEASE_NOT_REACHED', { place: () => `https://localhost:${port}/lamp` });
    server.close();
    assert.equal(requests, 0);
});

test('Ctrl-C ends a download that hangs', async () => {
    const { folder, releases, key } = publish(workspace.path(`releases-${count++}`));
    const server = await serve(releases, (url) => url === '/lamp/lamp.hex');
    const running = workspace.start(['release', 'verify', `${server.address}/lamp`, '--key', key.public, '--json']);
    while (!server.paths.includes('/lamp/lamp.hex')) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    running.child.kill('SIGINT');
    const { code } = /** @type {any} */ (await running.end);
    server.close();
    assert.equal(code, 4, folder);
    assert.equal(eventOf(parseEvents(running.output), 'ending')?.error.name, 'INTERRUPTED');
});
