// @ts-check
// A built site on a real nginx: what it sends with each file, at the top and below a path; what Chromium makes of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Release, jsonBytes, makeKey, siteDocument } from '../browser/release-server.mjs';
import { LIMIT, inState, openBrowser, openPage, picture, press } from '../browser/support.mjs';
import { serve } from '../../scripts/serve.mjs';
import { binary } from '../cli/relock.mjs';
import { SITE } from '../web/support.mjs';
import { openNginx } from './nginx.mjs';

/** @type {Record<string, string>} */
const TYPES = {
    '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json; charset=utf-8', '.sig': 'application/json; charset=utf-8',
    '.webmanifest': 'application/manifest+json; charset=utf-8', '.hex': 'text/plain; charset=utf-8',
    '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp',
    '.bin': 'application/octet-stream',
};
const BELOW = 'tools/lamp/';
const HIDDEN = ['_headers', '_nginx.conf', '.relock-site'];
const PICTURES = ['a.png', 'b.jpg', 'c.webp'];
/** Readable as buttons; as letters on the page's paper they would not be. */
const PALE = { accent: '#ffe800', accentText: '#000000', accentDark: '#000080', accentTextDark: '#ffffff' };
const key = makeKey();
const folder = mkdtempSync(join(tmpdir(), 'relock-hosting-'));
const site = join(folder, 'site');

/** @type {Awaited<ReturnType<typeof openNginx>>} */
let nginx;
/** @type {import('../browser/support.mjs').Browser} */
let browser;
/** @type {{top: string, below: string, bare: string, framing: string}} */
let urls;
/** @type {Record<string, string>} by name in lower case */
let wanted;

/** @param {string} from @returns {string[]} the paths of all files below it */
function filesBelow(from) {
    return readdirSync(from, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory()
        ? filesBelow(join(from, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name]));
}

/** A release with every kind of file. */
function makeRelease() {
    const release = new Release({ keys: [key] });
    PICTURES.forEach((name) => release.files.set(name, Buffer.from(`not a picture, but served as one: ${name}`)));
    release.files.set('config.bin', Buffer.alloc(64, 1));
    return release;
}

/** Builds the site: with a release, a report address, and a place of releases elsewhere. */
function buildSite() {
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'site.json'), jsonBytes(siteDocument([key], {
        colors: PALE, releases: ['releases/', 'https://cdn.acme.example/r/'], report: 'https://reports.acme.example/in', files: true })));
    makeRelease().write(join(folder, 'releases/acme-lamp'));
    const { status, stdout } = spawnSync(binary, ['site', 'build', site, '--site', join(folder, 'site.json'), '--page', SITE,
        '--releases', join(folder, 'releases')], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
    // What a release does not name is not copied by the build; a maker may put it there by hand.
    [...PICTURES, 'config.bin'].forEach((name) => writeFileSync(join(site, 'releases/acme-lamp', name), makeRelease().files.get(name) ?? ''));
}

/** @returns {Record<string, string>} what _headers says, by name in lower case */
function readHeaders() {
    const lines = readFileSync(join(site, '_headers'), 'utf8').split('\n').filter((line) => line.startsWith('  '));
    return Object.fromEntries(lines.map((line) => [line.slice(2, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
}

before(async () => {
    buildSite();
    wanted = readHeaders();
    const frames = join(folder, 'framing');
    mkdirSync(frames);
    const snippet = `include ${site}/_nginx.conf;`;
    nginx = await openNginx([
        `root ${site}; ${snippet}`,
        `location / { return 404; } location /${BELOW} { alias ${site}/; ${snippet} }`,
        // A host that sends none of the headers, as GitHub Pages does.
        `root ${site}; types { text/html html; text/javascript js; application/wasm wasm; text/css css; image/svg+xml svg; }`,
        `root ${frames}; types { text/html html; }`,
    ]);
    const [top, below, bare, framing] = nginx.ports.map((port) => `http://localhost:${port}/`);
    // Another origin than the site's: another host, too.
    urls = { top, below: `${below}${BELOW}`, bare, framing: framing.replace('localhost', '127.0.0.1') };
    Object.entries({ 'guarded.html': urls.top, 'bare.html': urls.bare }).forEach(([name, url]) =>
        writeFileSync(join(frames, name), `<!doctype html><title>x</title><iframe src="${url}" width="900" height="600"></iframe>`));
    browser = await openBrowser();
});
after(async () => {
    await browser?.close();
    await nginx?.close();
    rmSync(folder, { recursive: true, force: true });
});

/** @param {Response} answer that must have each header, once */
function assertHeaders(answer) {
    for (const [name, value] of Object.entries(wanted)) {
        assert.equal(answer.headers.get(name), value, `${name} of ${answer.url}`);
    }
    assert.equal(answer.headers.get('strict-transport-security'), null);
    assert.equal(answer.headers.get('set-cookie'), null);
}

for (const place of /** @type {const} */ (['top', 'below'])) {
    describe(`the site ${place === 'top' ? 'at the top' : `below /${BELOW}`}`, () => {
        it('sends every file whole, with its type and each header', async () => {
            const names = filesBelow(site).filter((name) => !HIDDEN.includes(name));
            const kinds = new Set(names.map((name) => extname(name)));
            assert.deepEqual([...kinds].filter((kind) => !(kind in TYPES)), []);
            assert.deepEqual(Object.keys(TYPES).filter((kind) => !kinds.has(kind)), []);
            for (const name of names) {
                const answer = await fetch(`${urls[place]}${name}`);
                assert.equal(answer.status, 200, name);
                assert.equal(answer.headers.get('content-type'), TYPES[extname(name)], name);
                assertHeaders(answer);
                assert.ok(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(join(site, name))), name);
            }
        });

        it('sends index.html for the folder, whatever is asked of it', async () => {
            for (const query of ['', '?release=acme-lamp&lang=de']) {
                const answer = await fetch(`${urls[place]}${query}`);
                assertHeaders(answer);
                assert.equal(await answer.text(), readFileSync(join(site, 'index.html'), 'utf8'));
            }
        });

        it('does not find what is not there, or is for hosts only; the headers are there all the same', async () => {
            for (const name of [...HIDDEN, 'nothing', 'releases/acme-lamp/nothing.json', 'web/nothing.js']) {
                const answer = await fetch(`${urls[place]}${name}`);
                assert.equal(answer.status, 404, name);
                assertHeaders(answer);
            }
        });

    });

    describe(`a browser, ${place === 'top' ? 'at the top' : `below /${BELOW}`}`, () => {
        it('is told when nothing changed, instead of being sent it again', async () => {
            for (const name of ['sw.js', 'site.json', 'relock.wasm', 'releases/acme-lamp/channel.json']) {
                const tag = (await fetch(`${urls[place]}${name}`)).headers.get('etag') ?? assert.fail('no ETag');
                const again = await fetch(`${urls[place]}${name}`, { headers: { 'If-None-Match': tag } });
                assert.equal(again.status, 304, name);
                assert.equal(again.headers.get('cache-control'), 'no-cache');
            }
        });

        it('gets wasm and scripts compressed', async () => {
            for (const name of ['relock.wasm', 'web/main.js', 'style.css']) {
                const answer = await fetch(`${urls[place]}${name}`, { headers: { 'Accept-Encoding': 'gzip' } });
                assert.equal(answer.headers.get('content-encoding'), 'gzip', name);
                assert.equal((await answer.arrayBuffer()).byteLength, statSync(join(site, name)).size);
            }
        });

        it('shows the page without one violation of its policy', LIMIT, async (test) => {
            const { page, problems } = await openPage(browser, test);
            /** @type {string[]} */
            const warnings = [];
            page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
            await page.addInitScript(() => {
                document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
                    console.error(`policy: ${violatedDirective} ${blockedURI}`));
            });
            const answer = await page.goto(urls[place]);
            assert.equal(answer?.headers()['content-security-policy'], wanted['content-security-policy']);
            await inState(page, 'start');
            assert.equal(await page.locator('#brand').innerText(), 'Acme');
            assert.equal(await page.evaluate(() => `${isSecureContext} ${'usb' in navigator}`), 'true true');
            await page.goto(`${urls[place]}?release=acme-lamp`);
            await page.getByText('Warmer light.').waitFor();
            // There is no keys.json, and there need not be one.
            assert.deepEqual([...problems, ...warnings].filter((text) => !/status of 404/.test(text)), []);
        });

        it('keeps the whole site for use without a network', LIMIT, async (test) => {
            const { page, context, problems } = await openPage(browser, test);
            await page.goto(urls[place]);
            await inState(page, 'start');
            assert.ok(await page.evaluate(async (module) => (await import(module)).keepPage(), `${urls[place]}web/browser/offline.js`));
            await context.setOffline(true);
            await page.reload();
            await inState(page, 'start');
            assert.deepEqual(problems, []);
        });
    });
}

describe('a brand with colours that are pale on paper', () => {
    it('can be read: the start, a link, the steps of a job; in the light and in the dark', LIMIT, async (test) => {
        const { page } = await openPage(browser, test);
        await page.goto(urls.top);
        await inState(page, 'start');
        await picture(page, 'h-start');
        assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()),
            PALE.accentDark);
        await press(page, 'Try with a simulated device');
        await inState(page, 'profile');
        await picture(page, 'h-steps');
        await page.goto(`${urls.top}?release=acme-lamp`);
        await page.getByText('Warmer light.').waitFor();
        await picture(page, 'h-link');
    });
});

describe('scripts/serve.mjs', () => {
    it('sends the same as nginx', async (test) => {
        const server = await serve({ folder: site });
        test.after(() => server.close());
        for (const name of filesBelow(site)) {
            const [mine, theirs] = await Promise.all([`http://localhost:${server.port}/`, urls.top].map((url) => fetch(url + name)));
            assert.equal(mine.status, theirs.status, name);
            assertHeaders(mine);
            if (mine.ok) {
                assert.equal(mine.headers.get('content-type'), theirs.headers.get('content-type'), name);
            }
        }
    });

    it('does not serve a folder whose _headers it does not understand', async () => {
        const odd = join(folder, 'odd');
        mkdirSync(odd);
        for (const text of ['', '/web/*\n  X-A: b\n', '/*\nX-A: b\n', '/*\n  X-A: b\n/web/*\n  X-A: c\n']) {
            writeFileSync(join(odd, '_headers'), text);
            await assert.rejects(serve({ folder: odd }), /_headers is not what/);
        }
    });
});

describe('the policy', () => {
    it('is the same in the header and in the page, but for what only a header can say', async () => {
        const html = await (await fetch(urls.top)).text();
        const meta = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
        assert.equal(wanted['content-security-policy'], `${meta}; frame-ancestors 'none'`);
        assert.match(meta ?? '', /; connect-src 'self' https:\/\/cdn\.acme\.example https:\/\/reports\.acme\.example;/);
    });

    it('lets the page reach those places, and no other', LIMIT, async (test) => {
        const { page } = await openPage(browser, test);
        /** @type {string[]} */
        const reached = [];
        await page.route(/^https:/, async (route) => {
            reached.push(new URL(route.request().url()).host);
            await route.fulfill({ body: '{}', headers: { 'Access-Control-Allow-Origin': '*' } });
        });
        await page.goto(urls.top);
        await page.evaluate(async () => {
            for (const host of ['cdn.acme.example', 'reports.acme.example', 'acme.example', 'evil.example', 'cdn.acme.example:8443']) {
                await fetch(`https://${host}/x`).catch(() => null);
            }
        });
        assert.deepEqual(reached, ['cdn.acme.example', 'reports.acme.example']);
    });
});

describe('inside a frame of another origin', () => {
    it('the page is not shown at all, if the header is sent', LIMIT, async (test) => {
        const { page } = await openPage(browser, test);
        /** @type {string[]} */
        const said = [];
        page.on('console', (message) => said.push(message.text()));
        await page.goto(`${urls.framing}guarded.html`);
        assert.equal(page.frames().length, 2);
        assert.match(page.frames()[1].url(), /^chrome-error:/);
        assert.match(said.join('\n'), /frame-ancestors 'none'/);
    });

    it('the page refuses to work by itself, if it is not', LIMIT, async (test) => {
        const { page } = await openPage(browser, test);
        await page.goto(`${urls.framing}bare.html`);
        const frame = page.frames()[1];
        assert.equal(frame.url(), urls.bare);
        await frame.locator('#framed').waitFor();
        for (const id of ['start', 'work', 'connect']) {
            assert.ok(await frame.locator(`#${id}`).isHidden(), id);
        }
    });
});
