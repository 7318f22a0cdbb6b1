// @ts-check
// bench-visit.mjs [RELOCK [PAGE]]: what the first visit of a link loads, in each language, and when its button can be
// pressed, in Chromium on a slow computer behind a slow line. Bytes are promises and fail when over; times are
// information.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { LANGUAGES } from '../web/texts/languages.js';
import { VISIT_LIMITS } from './lib/visit-limits.mjs';

/** What Lighthouse calls slow 4G, and a telephone of some years ago. */
const LINE = { bytesPerSecond: 1.6e6 / 8, latencyMs: 150 };
const CPU_SLOW_DOWN = 4;
const RUNS = 3;
const QUIET_MS = 3000;
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm',
    '.json': 'application/json', '.sig': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
    '.webmanifest': 'application/manifest+json' };

const { positionals } = parseArgs({ allowPositionals: true });
const [relock = 'build/release/cli/relock', pageFolder = 'build/wasm/site'] = positionals;

/** @param {string} folder @returns {Promise<{url: string, close: () => void}>} serves it gzipped, as hosts do */
async function serveZipped(folder) {
    const server = createServer((request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        const file = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
        if (!existsSync(file) || !statSync(file).isFile()) {
            response.writeHead(404).end();
            return;
        }
        response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
            'Content-Encoding': 'gzip', 'Cache-Control': 'no-cache' });
        response.end(gzipSync(readFileSync(file), { level: 9 }));
    });
    await new Promise((done) => {
        server.listen(0, '127.0.0.1', () => done(undefined));
    });
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return { url: `http://localhost:${port}/`, close: () => {
        server.close();
        server.closeAllConnections();
    } };
}

/** @typedef {{name: string, bytes: number, endMs: number}} Loaded */

/** Notes when the link's button can be pressed. Runs in the page. */
function watchButton() {
    const seen = /** @type {any} */ (globalThis);
    new seen.MutationObserver(() => {
        if (!seen.interactiveMs && seen.document.querySelector('#link-connect:not([disabled])')) {
            seen.interactiveMs = performance.now();
        }
    }).observe(seen.document, { subtree: true, childList: true, attributes: true });
}

/** @returns {Loaded[]} runs in the page */
function loadedFiles() {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return entries.map((entry) => ({ name: entry.name, bytes: /** @type {any} */ (entry).encodedBodySize,
        endMs: /** @type {any} */ (entry).responseEnd }));
}

/** @param {import('playwright-core').Browser} browser @param {string} link */
async function visit(browser, link) {
    const context = await browser.newContext();
    try {
        const page = await context.newPage();
        const session = await context.newCDPSession(page);
        await session.send('Network.enable');
        await session.send('Network.emulateNetworkConditions', { offline: false, latency: LINE.latencyMs,
            downloadThroughput: LINE.bytesPerSecond, uploadThroughput: LINE.bytesPerSecond });
        await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOW_DOWN });
        await page.addInitScript(watchButton);
        await page.goto(link);
        await page.waitForFunction(() => /** @type {any} */ (globalThis).interactiveMs > 0, undefined,
            { timeout: 60000 });
        await page.locator('#link[data-is-ready]').waitFor();
        await page.waitForLoadState('networkidle');
        await page.waitForTimeout(QUIET_MS);
        const interactiveMs = await page.evaluate(() => /** @type {any} */ (globalThis).interactiveMs);
        return { interactiveMs: /** @type {number} */ (interactiveMs), files: await page.evaluate(loadedFiles) };
    } finally {
        await context.close();
    }
}

/** @param {Loaded[]} files @returns {number} bytes of the page itself: no release, no picture, no simulator */
function ownBytes(files) {
    return files.filter(({ name }) => !/\/releases\//.test(name) && !/\/sim[-.\w]*\.(js|wasm)$/.test(name))
        .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** @param {string} title @param {number} bytes @param {number} limit @returns {boolean} whether it is within */
function report(title, bytes, limit) {
    const verdict = bytes <= limit ? '' : '  OVER';
    console.log(`${title.padEnd(52)} ${String(bytes).padStart(8)} gzip  limit ${limit}${verdict}`);
    return bytes <= limit;
}

/** @param {string} tag @param {Awaited<ReturnType<typeof visit>>} visit @returns {boolean} whether it is within */
function reportVisit(tag, { interactiveMs, files }) {
    const before = files.filter(({ endMs }) => endMs > 0 && endMs <= interactiveMs);
    return [report(`${tag}: until the button can be pressed (${before.length} files)`, ownBytes(before), VISIT_LIMITS.interactive),
        report(`${tag}: the whole first visit of a link (${files.length} files)`, ownBytes(files), VISIT_LIMITS.whole),
    ].every(Boolean);
}

const folder = mkdtempSync(join(tmpdir(), 'relock-visit-'));
const executablePath = BROWSERS.find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
try {
    execFileSync(resolve(relock), ['site', 'build', join(folder, 'site'), '--page', resolve(pageFolder),
        '--releases', resolve('public/releases')], { stdio: ['ignore', 'ignore', 'inherit'] });
    const host = await serveZipped(join(folder, 'site'));
    const [{ tag: first }, ...others] = LANGUAGES;
    const visits = [];
    for (let run = 0; run < RUNS; run += 1) {
        visits.push(await visit(browser, `${host.url}?release=sample&lang=${first}`));
    }
    visits.sort((one, other) => one.interactiveMs - other.interactiveMs);
    const { interactiveMs, files } = visits[Math.floor(RUNS / 2)];
    const release = files.filter(({ name }) => /\/releases\//.test(name));
    const isGood = [reportVisit(first, { interactiveMs, files })];
    for (const { tag } of others) {
        isGood.push(reportVisit(tag, await visit(browser, `${host.url}?release=sample&lang=${tag}`)));
    }
    host.close();
    console.log(`${`the sample release (${release.length} files, pictures too)`.padEnd(52)} `
        + `${String(release.reduce((sum, { bytes }) => sum + bytes, 0)).padStart(8)} gzip`);
    console.log(`${`the button can be pressed, CPU ${CPU_SLOW_DOWN}x slower, 1.6 Mbit/s, ${LINE.latencyMs} ms`.padEnd(52)} `
        + `${(interactiveMs / 1000).toFixed(2).padStart(8)} s     (median of ${RUNS})`);
    if (process.env.RELOCK_BENCH_FILES) {
        files.sort((one, other) => one.endMs - other.endMs).forEach(({ name, bytes, endMs }) => console.log(
            `  ${String(Math.round(endMs)).padStart(6)} ms ${String(bytes).padStart(7)}  ${name.replace(host.url, '')}`));
    }
    assert.ok(isGood.every(Boolean), 'the first visit is larger than it may be');
} finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
}
