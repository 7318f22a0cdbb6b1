// @ts-check
// The page without a network: all of one version, or nothing.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ReleaseSite } from './release-server.mjs';
import { LIMIT, keepPage, openBrowser, openPage } from './support.mjs';
import { SITE } from '../web/support.mjs';

const BUILD_LINE = 'const BUILD = null;';
const BELOW = 'update/'; // a site need not be at the top of its host

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./support.mjs').Test} Test */
/** @typedef {{path: string, bytes: number, sha256: string}} Listed */

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @param {string} folder @returns {string[]} files below it */
function filesOf(folder) {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
}

/** A host with the page in a folder of its own. */
class Site extends ReleaseSite {
    page = join(this.folder, BELOW);

    /**
     * Builds the site again, as of now, with the list of its files in sw.js.
     * @param {Record<string, string>} [changes] texts put in the place of files
     * @param {(files: Listed[]) => Listed[]} [lie] of the list
     * @returns {string} its version
     */
    build(changes = {}, lie = (files) => files) {
        cpSync(SITE, this.page, { recursive: true });
        Object.entries(changes).forEach(([path, text]) => writeFileSync(join(this.page, path), text));
        const listed = lie(filesOf(this.page).filter((path) => path !== 'sw.js').map((path) => {
            const bytes = readFileSync(join(this.page, path));
            return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
        }));
        const version = createHash('sha256').update(JSON.stringify(listed)).digest('hex').slice(0, 16);
        const worker = readFileSync(join(SITE, 'sw.js'), 'utf8');
        assert.equal(worker.split(BUILD_LINE).length, 2);
        writeFileSync(join(this.page, 'sw.js'),
            worker.replace(BUILD_LINE, () => `const BUILD = ${JSON.stringify({ version, files: listed })};`));
        return version;
    }

    /** @param {Parameters<Site['build']>} options @returns {string} the name of its cache */
    buildCache(...options) {
        return `relock-app-/${BELOW} ${this.build(...options)}`;
    }

    get address() {
        return this.url + BELOW;
    }
}

/** @param {Test} test @returns {Promise<Site>} */
async function openSite(test) {
    const site = new Site(mkdtempSync(join(tmpdir(), 'relock-offline-')));
    cpSync(SITE, site.page, { recursive: true });
    await site.open();
    test.after(() => {
        site.close();
        rmSync(site.folder, { recursive: true, force: true });
    });
    return site;
}

/** @param {Page} page @returns {Promise<string[]>} */
const cacheNames = (page) => page.evaluate(async () => (await caches.keys()).sort());

/** @param {Page} page @param {string} path @returns {Promise<string>} what it gets; 'failed' if that is nothing */
const get = (page, path) => page.evaluate((url) =>
    fetch(url).then((answer) => answer.text(), () => 'failed'), path);

/** @param {Page} page waits until the page's own scripts have run */
const started = (page) => page.locator('body:not([data-state="loading"])').waitFor();

/** @param {Page} page @param {string} path @param {string} text put in the place of a kept file */
const poison = (page, path, text) => page.evaluate(async ([url, body]) => {
    const [name] = await caches.keys();
    await (await caches.open(name)).put(url, new Response(body, { headers: { 'Content-Type': 'text/javascript' } }));
}, /** @type {const} */ ([path, text]));

describe('a page that was not built as a site', () => {
    it('keeps nothing and leaves no worker behind', LIMIT, async (test) => {
        const site = await openSite(test);
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        assert.equal(await keepPage(page), false);
        await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
        assert.deepEqual(await cacheNames(page), []);
    });
});

describe('a built page', () => {
    it('is kept as a whole and comes back without a network', LIMIT, async (test) => {
        const site = await openSite(test);
        const name = site.buildCache();
        const { page, problems } = await openPage(browser, test);
        await page.goto(`${site.address}?lang=en#ticket=17`);
        assert.equal(await keepPage(page), true);
        assert.deepEqual(await cacheNames(page), [name]);
        assert.ok(await page.evaluate(() => navigator.serviceWorker.controller !== null), 'it looks after the open page too');
        const kept = await page.evaluate(async (key) => (await (await caches.open(key)).keys()).length, name);
        assert.equal(kept, filesOf(site.page).length - 1);
        site.isDown = true;
        site.asked.length = 0;
        for (const rest of ['?lang=en#ticket=17', '', 'index.html', '?release=acme-lamp&lang=de']) {
            await page.goto(site.address + rest);
            await started(page);
            assert.equal(await page.locator('#broken').isVisible(), false, rest);
        }
        assert.deepEqual(problems.filter((problem) => !/ERR_|fetch/.test(problem)), []);
        assert.equal(await keepPage(page), true, 'still, without a network');
    });

    it('leaves everything else to the network', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        await keepPage(page);
        site.answers.set('update/releases/acme-lamp/release.json', (_, response) => void response.end('from the host'));
        site.answers.set('other', (_, response) => void response.end('beside the site'));
        site.answers.set('update/site.json', (_, response) => void response.end('with a query'));
        assert.equal(await get(page, 'releases/acme-lamp/release.json'), 'from the host');
        assert.equal(await get(page, '../other'), 'beside the site');
        assert.equal(await get(page, 'site.json?x'), 'with a query');
        assert.equal(await get(page, 'site.json'), readFileSync(join(site.page, 'site.json'), 'utf8'));
        const posted = await page.evaluate(async () => (await fetch('index.html', { method: 'POST', body: 'x' })).status);
        assert.equal(posted, 200);
        assert.equal(site.asked.at(-1), 'update/index.html', 'only what is got is answered from here');
    });
});

describe('a built page, once more', () => {
    it('is not kept at all if one file is wrong, missing, redirected or longer', LIMIT, async (test) => {
        /** @type {Record<string, (site: Site) => void>} */
        const troubles = {
            wrong: (site) => void site.build({}, (files) =>
                files.map((file) => (file.path === 'web/link.js' ? { ...file, sha256: '0'.repeat(64) } : file))),
            missing: (site) => void site.build({}, (files) => [...files, { ...files[0], path: 'nowhere.js' }]),
            longer: (site) => void site.build({}, (files) =>
                files.map((file) => (file.path === 'web/link.js' ? { ...file, bytes: file.bytes - 1 } : file))),
            redirected: (site) => {
                site.build();
                site.answers.set('update/web/link.js', (_, response) => {
                    response.writeHead(302, { Location: '/update/copy.js' }).end();
                });
                site.answers.set('update/copy.js', (_, response) => {
                    response.writeHead(200, { 'Content-Type': 'text/javascript' })
                        .end(readFileSync(join(SITE, 'web/link.js')));
                });
            },
        };
        for (const [name, trouble] of Object.entries(troubles)) {
            const site = await openSite(test);
            trouble(site);
            const { page } = await openPage(browser, test);
            await page.goto(site.address);
            assert.equal(await keepPage(page), false, name);
            assert.deepEqual(await cacheNames(page), [], name);
        }
    });

    it('has its headers without a network too', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        await keepPage(page);
        site.isDown = true;
        const answer = await page.goto(site.address);
        assert.equal(answer?.headers()['x-content-type-options'], 'nosniff');
        assert.match(answer?.headers()['content-type'] ?? '', /^text\/html/);
    });
});

const MARK = 'web/texts.js';

/** @param {Page} page @param {string} address opens it again, with no other page in between */
async function visitAgain(page, address) {
    await page.goto('about:blank');
    // The newer one gets to work when the browser has noticed that nobody uses the older one.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.goto(address);
    await started(page);
}

/** @param {Page} page lets the browser look for a newer version, and waits until it has made up its mind */
const lookForNewer = (page) => page.evaluate(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations();
    await registration.update().catch(() => {});
    const { installing } = registration;
    await new Promise((resolve) => {
        const look = () => installing && installing.state === 'installing' || resolve(undefined);
        installing?.addEventListener('statechange', look);
        look();
    });
});

/** @param {Listed[]} files @returns {Listed[]} marked as a site's build marks them */
const withOptional = (files) => files.map((file) =>
    (/^web\/texts\/(?!en\/|languages)|sim/.test(file.path) ? { ...file, optional: true } : file));

/** @param {Page} page @returns {Promise<string[]>} folders of texts in the cache, and whether the simulator is in it */
const optionalKept = (page) => page.evaluate(async () => {
    const [name] = (await caches.keys()).slice(-1);
    const paths = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    const folders = paths.map((path) => /web\/texts\/([\w-]+)\//.exec(path)?.[1] ?? /sim\.wasm$/.exec(path)?.[0] ?? '');
    return [...new Set(folders)].filter(Boolean).sort();
});

describe('files that most visitors do not need', () => {
    it('are kept for the language that is spoken, and once they were asked for, in newer versions too', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build({}, withOptional);
        const { page } = await openPage(browser, test, { locale: 'en' });
        await page.goto(site.address);
        await started(page);
        assert.equal(await keepPage(page), true);
        assert.deepEqual(await optionalKept(page), ['de', 'en']);
        await get(page, 'sim.wasm');
        await page.waitForFunction(async () => (await caches.match(new URL('sim.wasm', document.baseURI).href)) !== undefined);
        site.build({ [MARK]: `${readFileSync(join(SITE, MARK), 'utf8')}// the second version\n` }, withOptional);
        await lookForNewer(page);
        await visitAgain(page, site.address);
        site.isDown = true;
        await page.reload();
        assert.deepEqual(await optionalKept(page), ['de', 'en', 'sim.wasm']);
        assert.equal(await get(page, 'web/texts/fr/start.js'), 'failed');
    });
});

describe('a newer version', () => {
    it('takes over on the next visit, not under an open page', LIMIT, async (test) => {
        const site = await openSite(test);
        const text = readFileSync(join(SITE, MARK), 'utf8');
        const first = site.buildCache();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        assert.equal(await keepPage(page), true);
        const second = site.buildCache({ [MARK]: `${text}// the second version\n` });
        await lookForNewer(page);
        assert.deepEqual(await cacheNames(page), [first, second].sort());
        assert.equal(await get(page, MARK), text, 'the open page stays as it is');
        await page.reload();
        assert.equal(await get(page, MARK), text, 'as long as it is open');
        await visitAgain(page, site.address);
        assert.equal(await get(page, MARK), `${text}// the second version\n`);
        assert.deepEqual(await cacheNames(page), [second]);
        site.isDown = true;
        await page.reload();
        assert.equal(await get(page, MARK), `${text}// the second version\n`);
    });

    it('of which one file is bad changes nothing', LIMIT, async (test) => {
        const site = await openSite(test);
        const text = readFileSync(join(SITE, MARK), 'utf8');
        const first = site.buildCache();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        assert.equal(await keepPage(page), true);
        site.build({ [MARK]: `${text}// the second version\n` }, (files) =>
            files.map((file) => (file.path === 'relock.wasm' ? { ...file, sha256: 'f'.repeat(64) } : file)));
        await lookForNewer(page);
        await visitAgain(page, site.address);
        assert.deepEqual(await cacheNames(page), [first]);
        assert.equal(await get(page, MARK), text);
        assert.equal(await keepPage(page), true, 'the first one is still whole');
    });
});

describe('two sites on one host', () => {
    const OTHER = 'update-ovens/';

    it('keep their pages beside each other', LIMIT, async (test) => {
        const site = await openSite(test);
        const first = site.buildCache();
        cpSync(site.page, join(site.folder, OTHER), { recursive: true });
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        assert.equal(await keepPage(page), true);
        await page.goto(site.url + OTHER);
        assert.equal(await keepPage(page), true);
        const other = first.replace(BELOW, OTHER);
        assert.deepEqual(await cacheNames(page), [first, other].sort());
        const second = site.buildCache({ [MARK]: `${readFileSync(join(SITE, MARK), 'utf8')}// the second version\n` });
        await page.goto(site.address);
        await lookForNewer(page);
        await visitAgain(page, site.address);
        assert.deepEqual(await cacheNames(page), [second, other].sort(), 'a newer version takes its own place only');
        site.isDown = true;
        await page.goto(site.url + OTHER);
        await started(page);
        assert.equal(await page.locator('#broken').isVisible(), false);
    });
});

describe('the version that runs', () => {
    /** @param {Page} page @param {string} wasm */
    const runningVersion = (page, wasm) => page.evaluate(async (digest) => {
        const module = new URL('web/browser/offline.js', document.baseURI).href;
        return (await import(module)).runningVersion(digest);
    }, wasm);
    const WASM = createHash('sha256').update(readFileSync(join(SITE, 'relock.wasm'))).digest('hex');

    it('is told by what serves it, whatever the host has by now', LIMIT, async (test) => {
        const site = await openSite(test);
        const version = site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        assert.equal(await runningVersion(page, WASM), '', 'nothing serves it yet');
        await keepPage(page);
        assert.equal(await runningVersion(page, WASM), version);
        assert.equal(await runningVersion(page, '0'.repeat(64)), '', 'another program runs');
        assert.notEqual(site.build({ [MARK]: '// the second version\n' }), version);
        await lookForNewer(page);
        assert.equal(await runningVersion(page, WASM), version);
        site.isDown = true;
        assert.equal(await runningVersion(page, WASM), version);
    });
});

describe('a kept file that was changed', () => {
    it('is mended from the network, and never runs', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        await keepPage(page);
        await poison(page, 'web/link.js', 'globalThis.isPoisoned = true; export const parseLink = () => ({});');
        await page.reload();
        await started(page);
        assert.equal(await page.evaluate(() => 'isPoisoned' in globalThis), false);
        assert.equal(await get(page, 'web/link.js'), readFileSync(join(SITE, 'web/link.js'), 'utf8'));
        await poison(page, 'web/job/flow.js', 'globalThis.isPoisoned = true;');
        assert.equal(await keepPage(page), true);
        site.isDown = true;
        for (const path of ['web/link.js', 'web/job/flow.js']) {
            assert.equal(await get(page, path), readFileSync(join(SITE, path), 'utf8'), 'it was mended');
        }
    });

    it('is not served without a network, and the page does not count as kept', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        await keepPage(page);
        site.isDown = true;
        await poison(page, 'web/link.js', 'globalThis.isPoisoned = true;');
        assert.equal(await get(page, 'web/link.js'), 'failed');
        assert.equal(await keepPage(page), false);
    });

    it('is not mended with a file of another version', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        await keepPage(page);
        writeFileSync(join(site.page, 'web/link.js'), '// of the second version\n');
        await poison(page, 'web/link.js', '// poison\n');
        assert.equal(await get(page, 'web/link.js'), 'failed');
    });
});

describe('the policy for scripts', () => {
    it('lets nothing but the page\'s own two begin', LIMIT, async (test) => {
        const site = await openSite(test);
        site.build();
        const { page } = await openPage(browser, test);
        await page.goto(site.address);
        await started(page);
        const outcome = await page.evaluate(async () => {
            const { scriptUrl } = await import(String(new URL('web/browser/trusted.js', document.baseURI)));
            const names = ['timers', 'offline', '../evil.js', 'constructor', '__proto__'];
            const urls = names.map((name) => String(scriptUrl(name)));
            const plain = await navigator.serviceWorker.register('sw.js').then(() => 'registered', (error) => error.name);
            return { urls, plain };
        });
        assert.deepEqual(outcome.urls.slice(0, 2), [`${site.address}web/browser/timer-worker.js`, `${site.address}sw.js`]);
        outcome.urls.slice(2).forEach((url) => assert.doesNotMatch(url, /\.js/));
        assert.equal(outcome.plain, 'TypeError');
    });
});
