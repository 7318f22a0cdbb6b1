// @ts-check
/** `relock site check`: what a host sends otherwise than it was built is said, whatever it is; nothing else is. */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { Release, jsonBytes, makeKey, siteDocument } from '../browser/release-server.mjs';
import { SITE } from '../web/support.mjs';
import { Workspace, parseEvents } from './relock.mjs';

/** @typedef {{status: number, headers: Record<string, string>, bytes: Buffer}} Answer */

const workspace = new Workspace();
const site = workspace.path('site');
const key = makeKey();
/** @type {Record<string, string>} */
let headers;
before(() => {
    const releases = workspace.path('releases');
    new Release({ document: { name: 'acme-clock' }, keys: [makeKey()] }).write(join(releases, 'acme-clock'));
    new Release().write(join(releases, 'acme-lamp'));
    writeFileSync(join(releases, 'keys.json'), jsonBytes({ format: 'relock-keys-1', edition: 1, created: '2026-01-02T03:04:05Z',
        keys: [{ id: key.id, public: key.public }] }));
    writeFileSync(workspace.path('site.json'), jsonBytes(siteDocument([])));
    const { code, stdout } = workspace.run(['site', 'build', site, '--page', SITE, '--site', workspace.path('site.json'),
        '--releases', releases]);
    assert.equal(code, 0, stdout);
    headers = Object.fromEntries(readFileSync(join(site, '_headers'), 'utf8').split('\n')
        .filter((line) => line.startsWith('  ')).map((line) => line.trim().split(/: (.*)/)));
});
after(() => workspace.close());

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'application/javascript', '.json': 'application/json',
    '.webmanifest': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.hex': 'text/plain' };

/** @param {string} path @returns {Answer} as a good host answers it, otherwise than Relock's own server */
function goodAnswer(path) {
    try {
        const type = /** @type {Record<string, string>} */ (TYPES)[extname(path)] ?? 'application/octet-stream';
        return { status: 200, headers: { ...headers, 'Content-Type': type, 'Cache-Control': 'private, max-age=0' },
            bytes: readFileSync(join(site, path)) };
    } catch {
        return { status: 404, headers: {}, bytes: Buffer.from('no') };
    }
}

/**
 * Checks the site on a host of one's own.
 * @param {(answer: Answer, path: string) => Answer | null} spoil what the host sends instead; null: it hangs up
 */
async function check(spoil) {
    const server = createServer((request, response) => {
        const { pathname } = new URL(request.url ?? '', 'http://localhost');
        const path = pathname.slice('/below/'.length) || 'index.html';
        const answer = spoil(goodAnswer(path), path);
        if (answer) {
            response.writeHead(answer.status, answer.headers).end(answer.bytes);
        } else {
            request.socket.destroy();
        }
    });
    await new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const result = await run(site, `http://127.0.0.1:${port}/below/`);
    server.close();
    server.closeAllConnections();
    return result;
}

/** @param {string} folder @param {string} url */
async function run(folder, url) {
    const running = workspace.start(['site', 'check', folder, url, '--json']);
    const { code } = await running.end;
    const events = parseEvents(running.output);
    const notices = events.filter(({ event }) => event === 'notice').map(({ text }) => text);
    return { code, notices, error: events.find(({ event }) => event === 'ending')?.error };
}

test('Relock\'s own server, and another good host, have nothing to be said of', async () => {
    const server = await serve({ folder: site });
    const own = await run(site, `http://localhost:${server.port}/`);
    await server.close();
    for (const { code, notices } of [own, await check((answer) => answer)]) {
        assert.equal(code, 0, notices.join('\n'));
        assert.equal(notices.length, 1);
        assert.match(notices[0], /^\d\d+ files were fetched and compared\.$/);
    }
});

/** @param {object} change @returns {(answer: Answer) => Answer} headers with a change; undefined takes one away */
const withHeaders = (change) => (answer) => {
    const all = Object.entries({ ...answer.headers, ...change }).filter(([, value]) => value !== undefined);
    return { ...answer, headers: Object.fromEntries(all) };
};

/** @param {string} name @param {(answer: Answer) => Answer | null} change @returns {Parameters<typeof check>[0]} */
const only = (name, change) => (answer, path) => (path === name ? change(answer) : answer);

const elsewhere = { Location: '/elsewhere' };

/** @type {[string, Parameters<typeof check>[0], RegExp][]} */
const BAD_HOSTS = [
    ['sends no policy', withHeaders({ 'Content-Security-Policy': undefined }),
        /Content-Security-Policy is missing \((\d+) of \1\)/],
    ['sends a weaker policy', withHeaders({ 'Content-Security-Policy': "default-src 'self'" }),
        /Content-Security-Policy is not what _headers says, but: default-src 'self' /],
    ['lets the page be cached', withHeaders({ 'Cache-Control': 'max-age=600' }), /Cache-Control is not .* but: max-age=600 /],
    ['guesses types', only('relock.wasm', withHeaders({ 'Content-Type': 'application/octet-stream' })),
        /^relock\.wasm: Content-Type is application\/octet-stream instead of application\/wasm \(1 of/],
    ['sends no type', only('web/main.js', withHeaders({ 'Content-Type': undefined })), /main\.js: Content-Type is missing/],
    ['changes a file', only('web/main.js', (answer) => ({ ...answer, bytes: Buffer.concat([answer.bytes, Buffer.from(' ')]) })),
        /^web\/main\.js: its bytes are not those that were built/],
    ['injects into the page', only('index.html', (answer) => ({ ...answer,
        bytes: Buffer.from(answer.bytes.toString().replace('</body>', '<script src="x"></script></body>')) })), /^index\.html: its bytes/],
    ['lost a file', only('sw.js', (answer) => ({ ...answer, status: 404 })), /^sw\.js: it is not there/],
    ['keeps an old channel', only('releases/acme-lamp/channel.json', (answer) => ({ ...answer,
        bytes: Buffer.from(answer.bytes.toString().replace('"edition": 1', '"edition": 0')) })), /^releases\/acme-lamp\/channel\.json: its bytes/],
    ['has another release', only('releases/acme-lamp/release.json', (answer) => ({ ...answer, bytes: Buffer.from('{}') })),
        /^releases\/acme-lamp\/release\.json: its bytes/],
    ['lost a signature', only('releases/acme-clock/channel.json.sig', (answer) => ({ ...answer, status: 404 })),
        /^releases\/acme-clock\/channel\.json\.sig: it is not there/],
    ['lost a firmware', only('releases/acme-clock/lamp.hex', (answer) => ({ ...answer, status: 404 })),
        /^releases\/acme-clock\/lamp\.hex: it is not there/],
    ['lost the keys', only('releases/keys.json', (answer) => ({ ...answer, status: 404 })), /^releases\/keys\.json: it is not there/],
    ['redirects', only('site.json', (answer) => ({ ...answer, status: 302, headers: elsewhere })),
        /^site\.json: it does not come, or is redirected/],
    ['hangs up', only('relock.wasm', () => null), /^relock\.wasm: it does not come/],
    ['has an index.html for everything', (answer) => (answer.status === 404 ? goodAnswer('index.html') : answer),
        /must be answered with 404, and is not/],
];

for (const [what, spoil, notice] of BAD_HOSTS) {
    test(`a host that ${what}`, async () => {
        const { code, error, notices } = await check(spoil);
        assert.equal(code, 1);
        assert.equal(error?.name, 'SITE_NOT_AS_BUILT');
        assert.equal(notices.length, 2, notices.join('\n'));
        assert.match(notices[0], notice);
    });
}

test('what a host sends is shown as text only', async () => {
    const { notices } = await check(withHeaders({ 'Referrer-Policy': `\u009b31m${'x'.repeat(5000)}` }));
    assert.match(notices[0], /Referrer-Policy is not what _headers says, but: \?31mx{1,160} \(/);
});

test('a folder that was not built, an address that is none', async () => {
    const folder = workspace.path('other');
    mkdirSync(folder);
    const url = 'http://localhost:9/';
    assert.equal((await run(folder, url)).error?.name, 'SITE_SOURCE_UNUSABLE');
    writeFileSync(join(folder, 'index.html'), 'x');
    assert.equal((await run(folder, url)).code, 1);
    for (const bad of ['http://acme.example/', 'https://acme.example', 'https://acme.example/x', 'ftp://localhost/', 'x']) {
        const { code, error, notices } = await run(site, bad);
        assert.deepEqual([code, error?.name], [2, 'SITE_SOURCE_UNUSABLE'], bad);
        assert.match(notices[0], /no address of a site/);
    }
});

test('releases that cannot be read are refused before anything is fetched; what is none of a release is not asked for', async () => {
    const folder = workspace.path('damaged');
    cpSync(site, folder, { recursive: true });
    mkdirSync(join(folder, 'releases/notes'));
    writeFileSync(join(folder, 'releases/notes/mine.txt'), 'mine');
    writeFileSync(join(folder, 'releases/acme-lamp/mine.txt'), 'mine');
    const server = await serve({ folder: site });
    const good = await run(folder, `http://localhost:${server.port}/`);
    await server.close();
    assert.equal(good.code, 0, good.notices.join('\n'));
    writeFileSync(join(folder, 'releases/acme-lamp/release.json'), '{}');
    const { error, notices } = await run(folder, 'http://localhost:9/');
    assert.equal(error?.name, 'SITE_SOURCE_UNUSABLE');
    assert.match(notices[0], /acme-lamp\/release\.json is no release/);
});
