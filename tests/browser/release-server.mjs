// @ts-check
// Makes what a maker makes (keys, releases, sites), in a folder of its own, and serves it with whatever goes wrong
// between a host and a browser.
import { execFileSync } from 'node:child_process';
import {
    cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { FIRMWARE } from './support.mjs';
import { jsonBytes, makeKey, sha256, signatureOf } from '../support/keys.mjs';
import { SITE } from '../web/support.mjs';
import { binary } from '../cli/relock.mjs';

/** @typedef {import('./support.mjs').Test} Test */
/** @typedef {import('../support/keys.mjs').Key} Key */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {(request: Request, response: Response) => void} Answer */

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
    '.wasm': 'application/wasm', '.json': 'application/json', '.sig': 'application/json', '.svg': 'image/svg+xml',
    '.png': 'image/png', '.webmanifest': 'application/manifest+json' };
const HEADERS = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' };

export { jsonBytes, makeKey, sha256, signatureOf };

/** @param {object} [changes] @returns {any} the document of a release as a good maker writes it */
export function releaseDocument(changes = {}) {
    const firmware = readFileSync(FIRMWARE);
    return {
        format: 'relock-release-1', name: 'acme-lamp', product: 'Acme Lamp', version: '2.1.0', sequence: 7,
        created: '2026-01-02T03:04:05Z', languages: ['en', 'de'],
        notes: { en: 'Warmer light.\nNo more flicker.', de: 'Wärmeres Licht.\nKein Flackern mehr.' },
        chip: { families: ['STM32F405'] },
        images: [{ file: 'lamp.hex', size: firmware.length, sha256: sha256(firmware) }],
        end: 'protected', return: 'boot0',
        enter: [{ text: { en: 'Unplug the lamp.', de: 'Ziehen Sie den Stecker der Lampe.' } },
            { text: { en: 'Hold the small button, and plug it in.', de: 'Halten Sie die kleine Taste gedrückt und stecken Sie ein.' } }],
        boot0: { hold: { en: 'Hold the small button next to the socket.' }, release: { en: 'Let the small button go.' } },
        lost: [{ en: 'Your saved colours.', de: 'Ihre gespeicherten Farben.' }],
        after: [{ en: 'Choose your colours again.' }],
        contact: { name: 'Acme Support', email: 'help@acme.example', phone: '+49 30 1234567' },
        ...changes,
    };
}

/** What a release is made of before it is written; tests spoil it. */
export class Release {
    /** @type {Map<string, Uint8Array>} beside the documents, by name */
    files = new Map([['lamp.hex', /** @type {Uint8Array} */ (readFileSync(FIRMWARE))]]);
    /** @type {Record<string, unknown>} */
    channelChanges = {};

    /** @param {{document?: object, keys?: Key[]}} options changes to the document; keys that sign */
    constructor({ document = {}, keys = [] } = {}) {
        this.document = releaseDocument(document);
        this.keys = keys;
    }

    /** @returns {any} */
    get channel() {
        return { format: 'relock-channel-1', name: this.document.name, edition: 1, current: this.document.sequence, withdrawn: [],
            created: '2026-01-02T03:04:05Z', ...this.channelChanges };
    }

    /** @param {string} folder writes it there, signed */
    write(folder) {
        mkdirSync(folder, { recursive: true });
        this.files.forEach((bytes, name) => writeFileSync(join(folder, name), bytes));
        this.#writeSigned(folder, 'release', jsonBytes(this.document));
        this.#writeSigned(folder, 'channel', jsonBytes(this.channel));
    }

    /** @param {string} folder @param {'release' | 'channel'} kind @param {Buffer} bytes */
    #writeSigned(folder, kind, bytes) {
        writeFileSync(join(folder, `${kind}.json`), bytes);
        if (this.keys.length > 0) {
            writeFileSync(join(folder, `${kind}.json.sig`), signatureOf(this.keys, `relock-${kind}-v1`, bytes));
        }
    }
}

/** @param {Key[]} keys that are trusted @param {object} [changes] @returns {any} */
export function siteDocument(keys, changes = {}) {
    return {
        format: 'relock-site-1', brand: 'Acme', languages: ['en', 'de', 'fr', 'es', 'zh-Hans', 'ja'],
        keys: keys.map((key) => ({ id: key.id, public: key.public })), unsigned: keys.length > 0 ? 'refuse' : 'say',
        contact: { name: 'Acme Service Desk', phone: '+49 30 7654321' }, releases: ['releases/'], files: false, ...changes,
    };
}

/** A site in a folder of its own, and a server for it. */
export class ReleaseSite {
    /** @type {Map<string, Answer>} answers in the place of a file, by path */
    answers = new Map();
    /** @type {string[]} paths that were asked for */
    asked = [];
    isDown = false;
    url = '';
    #server = createServer((request, response) => this.#answer(request, response));

    /** @param {string} folder */
    constructor(folder) {
        this.folder = folder;
    }

    /** @param {Request} request @param {Response} response */
    #answer(request, response) {
        if (this.isDown) {
            request.socket.destroy();
            return;
        }
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        const path = decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname).slice(1);
        this.asked.push(path);
        const special = this.answers.get(path);
        const file = join(this.folder, path);
        if (special) {
            special(request, response);
        } else if (existsSync(file) && statSync(file).isFile()) {
            const type = /** @type {Record<string, string>} */ (TYPES)[extname(file)] ?? 'application/octet-stream';
            response.writeHead(200, { ...HEADERS, 'Content-Type': type }).end(readFileSync(file));
        } else {
            response.writeHead(404, { ...HEADERS, 'Content-Type': 'text/plain' }).end('Not found\n');
        }
    }

    /** @returns {Promise<void>} */
    async open() {
        await new Promise((resolve) => {
            this.#server.listen(0, '127.0.0.1', () => resolve(undefined));
        });
        this.url = `http://localhost:${/** @type {import('node:net').AddressInfo} */ (this.#server.address()).port}/`;
    }

    close() {
        this.#server.close();
        this.#server.closeAllConnections();
    }

    /** @param {Release} release puts it where the link's name looks @param {string} [name] */
    publish(release, name = release.document.name) {
        const folder = join(this.folder, 'releases', name);
        rmSync(folder, { recursive: true, force: true });
        release.write(folder);
    }

    /** @param {string} path below releases/ @param {(bytes: Buffer) => Uint8Array} change spoils a published file */
    spoil(path, change) {
        const file = join(this.folder, 'releases', path);
        writeFileSync(file, change(readFileSync(file)));
    }

    /** @param {string} [query] @param {string} [fragment] @returns {string} */
    link(query = 'release=acme-lamp', fragment = '') {
        return `${this.url}?${query}${fragment && `#${fragment}`}`;
    }
}

/**
 * @param {string} folder @param {Buffer} document site.json
 * @param {boolean} isBuilt by `relock site build`, with the service worker at work; otherwise it is the bare page, and
 * site.json may be anything
 */
function assemble(folder, document, isBuilt) {
    if (isBuilt) {
        const place = mkdtempSync(join(tmpdir(), 'relock-settings-'));
        writeFileSync(join(place, 'site.json'), document);
        execFileSync(binary, ['site', 'build', folder, '--site', join(place, 'site.json'), '--page', SITE]);
        rmSync(place, { recursive: true });
    } else {
        cpSync(SITE, folder, { recursive: true });
        writeFileSync(join(folder, 'site.json'), document);
    }
}

/**
 * A maker's site, served until the test ends.
 * @param {Test} test
 * @param {{keys?: Key[], site?: object, isOffline?: boolean}} [options] keys that are trusted; changes to site.json;
 * isOffline: a built one, which works without a network
 */
export async function openSite(test, { keys = [], site = {}, isOffline = false } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'relock-site-'));
    assemble(folder, jsonBytes(siteDocument(keys, site)), isOffline);
    const served = new ReleaseSite(folder);
    await served.open();
    test.after(() => {
        served.close();
        rmSync(folder, { recursive: true, force: true });
    });
    return served;
}
