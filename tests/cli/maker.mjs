// @ts-check
/** Releases and keys for the tests: made and signed here, so that the tool is judged by another hand than its own. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { makeKey, sha256, signatureOf } from '../support/keys.mjs';
import { smallHex } from './relock.mjs';

/** @typedef {Record<string, any>} Document */
/** @typedef {{ releases: string, folder: string, key: TestKey }} Published */

export { sha256 };

/** A key pair of this test run. */
export class TestKey {
    constructor() {
        const { id, public: digits, sign } = makeKey();
        this.id = id;
        this.public = digits;
        this.sign = sign;
    }

    /** As a .pub file. @param {string} file @param {string} [expires] */
    write(file, expires) {
        writeFileSync(file, JSON.stringify({ format: 'relock-key-1', id: this.id, public: this.public, expires }));
        return file;
    }
}

/** Signs `name` in the folder as it is now. @param {string} folder @param {string} name @param {TestKey[]} keys */
export function signFile(folder, name, ...keys) {
    const bytes = readFileSync(path.join(folder, name));
    writeFileSync(path.join(folder, `${name}.sig`), signatureOf(keys, `relock-${path.basename(name, '.json')}-v1`, bytes));
}

/** What `release new` must be told, and every text that it can be told. */
export const WANTED = [
    ...['--product', 'Lamp', '--release-version', '2.0', '--sequence', '7', '--family', 'stm32f405'],
    ...['--end', 'protected', '--return', 'boot0'],
];
export const TEXTS = [
    ...['--notes', 'Brighter.', '--lost', 'Your colours.', '--enter', 'Hold the button.', '--after', 'Replug.'],
    ...['--hold', 'Hold it.', '--let-go', 'Let go.', '--contact', 'Acme', '--email', 'help@example.com'],
];

/** @param {string} folder @param {string} [name] @returns {Document} */
export const readDocument = (folder, name = 'release.json') => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

/**
 * Changes a document by hand, as a maker does.
 * @param {string} folder @param {Document} changes @param {string} [name]
 */
export const editDocument = (folder, changes, name = 'release.json') =>
    put(folder, name, JSON.stringify({ ...readDocument(folder, name), ...changes }));

const image = readFileSync(smallHex);

/** @returns {Document} */
export function sampleRelease() {
    return {
        format: 'relock-release-1',
        name: 'lamp',
        product: 'Lamp',
        version: '1.0',
        sequence: 5,
        created: '2026-01-01T00:00:00Z',
        languages: ['en'],
        chip: { families: ['STM32F405'] },
        images: [{ file: 'lamp.hex', size: image.length, sha256: sha256(image) }],
        end: 'protected',
        return: 'boot0',
        enter: [{ text: { en: 'Hold the button and plug it in.' } }],
        lost: [{ en: 'Your colours.' }],
        contact: { name: 'Acme', email: 'help@example.com' },
    };
}

/** @returns {Document} */
export function sampleChannel() {
    return {
        format: 'relock-channel-1',
        name: 'lamp',
        edition: 3,
        current: 5,
        withdrawn: [],
        created: '2026-01-01T00:00:00Z',
    };
}

/**
 * Publishes a release below `releases`: signed, whatever it says.
 * @param {string} releases a folder
 * @param {{ release?: Document, channel?: Document, key?: TestKey, folder?: string }} [wanted]
 * @returns {Published}
 */
export function publish(releases, { release = {}, channel = {}, key = new TestKey(), folder: name = 'lamp' } = {}) {
    const folder = path.join(releases, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'lamp.hex'), image);
    writeFileSync(path.join(folder, 'release.json'), JSON.stringify({ ...sampleRelease(), ...release }));
    writeFileSync(path.join(folder, 'channel.json'), JSON.stringify({ ...sampleChannel(), ...channel }));
    signFile(folder, 'release.json', key);
    signFile(folder, 'channel.json', key);
    return { releases, folder, key };
}

/**
 * keys.json above the releases, signed.
 * @param {string} releases @param {TestKey[]} keys @param {TestKey[]} signers @param {number} edition
 */
export function publishKeys(releases, keys, signers, edition = 1) {
    const document = {
        format: 'relock-keys-1',
        edition,
        created: '2026-01-01T00:00:00Z',
        keys: keys.map((key) => ({ id: key.id, public: key.public })),
    };
    writeFileSync(path.join(releases, 'keys.json'), JSON.stringify(document));
    signFile(releases, 'keys.json', ...signers);
}

/**
 * A static server on this computer; `meddle` may answer a path itself (true) before the folder does.
 * @param {string} root
 * @param {(url: string, response: import('node:http').ServerResponse) => boolean} [meddle]
 * @returns {Promise<{ address: string, paths: string[], close: () => void }>}
 */
export function serve(root, meddle = () => false) {
    /** @type {string[]} */
    const paths = [];
    const server = createServer((request, response) => {
        const url = request.url ?? '';
        paths.push(url);
        if (meddle(url, response)) {
            return;
        }
        try {
            response.end(readFileSync(path.join(root, url)));
        } catch {
            response.writeHead(404).end();
        }
    });
    return new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
            const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
            const close = () => {
                server.closeAllConnections();
                server.close();
            };
            resolve({ address: `http://127.0.0.1:${port}`, paths, close });
        });
    });
}

/** @param {string} folder @param {string} name @param {string} text */
export function put(folder, name, text) {
    writeFileSync(path.join(folder, name), text);
}

/** @param {string} folder @param {string} name @param {string} from @param {string} to */
export function swap(folder, name, from, to) {
    const text = readFileSync(path.join(folder, name), 'utf8');
    assert.ok(text.includes(from));
    put(folder, name, text.replace(from, to));
}

/**
 * Those whose devices are updated by releases: what the tests of it share.
 * @param {import('./relock.mjs').Workspace} workspace
 */
export function visitors(workspace) {
    let count = 0;

    /**
     * A folder for releases, and a locked device, of one test's own.
     * @param {string} [profile]
     * @param {string[]} [more]
     */
    function scene(profile = 'stm32f405', more = []) {
        const releases = workspace.path(`releases-${count}`);
        const device = workspace.makeDevice(`device-${count++}.sim`, profile, more);
        return { releases, device };
    }

    /**
     * @param {string} place @param {string} device @param {string[]} words
     * @param {Record<string, string>} [environment]
     */
    const update = (place, device, words, environment = {}) =>
        workspace.runJob(['update', '--release', place, '--sim', device, '--yes', ...words], environment);

    /** What is remembered is remembered per test. */
    const ownState = () => ({ XDG_STATE_HOME: workspace.path(`state-${count}`) });

    /**
     * The device was not even opened: its file is byte for byte what it was.
     * @param {string} place @param {string} device @param {string[]} words @param {string} error
     * @param {Record<string, string>} [environment]
     */
    function assertRefused(place, device, words, error, environment = ownState()) {
        const before = readFileSync(device);
        const { code, ending, transcript } = update(place, device, words, environment);
        assert.equal(ending?.error?.name, error, JSON.stringify(ending));
        assert.notEqual(code, 0);
        assert.equal(ending?.begun, false);
        assert.equal(transcript, '');
        assert.ok(readFileSync(device).equals(before));
        return { code, ending };
    }

    return { scene, update, ownState, assertRefused };
}
