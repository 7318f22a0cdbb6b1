// @ts-check
/** `relock site build --releases`: only what the site's own page would take is published, and in the right order. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Release, jsonBytes, makeKey, signatureOf, siteDocument } from '../browser/release-server.mjs';
import { SITE } from '../web/support.mjs';
import { Workspace, eventOf, parseEvents } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());
const [key, otherKey] = [makeKey(), makeKey()];
let count = 0;

/**
 * Publishes releases on a site.
 * @param {Release[]} releases
 * @param {{keys?: import('../browser/release-server.mjs').Key[], spoil?: (folder: string) => void, to?: string}}
 *     [options] trusted keys; what happens to the folder of releases; where to
 */
function publish(releases, { keys = [], spoil = () => {}, to } = {}) {
    const folder = workspace.path(`maker-${count++}`);
    const site = to ?? path.join(folder, 'site');
    mkdirSync(path.join(folder, 'releases'), { recursive: true });
    writeFileSync(path.join(folder, 'site.json'), jsonBytes(siteDocument(keys)));
    releases.forEach((release) => release.write(path.join(folder, 'releases', release.document.name)));
    spoil(path.join(folder, 'releases'));
    const result = workspace.run(['site', 'build', site, '--site', path.join(folder, 'site.json'), '--page', SITE, '--json',
        '--releases', path.join(folder, 'releases')]);
    const events = parseEvents(result.stdout);
    const notices = events.filter(({ event }) => event === 'notice').map(({ text }) => text).join('\n');
    return { ...result, site, folder, notices, built: eventOf(events, 'site'), error: eventOf(events, 'ending')?.error };
}

/** @param {string} site @param {string} name */
const published = (site, name) => path.join(site, 'releases/acme-lamp', name);

test('an unsigned release, where that is allowed: its files, and nothing that lies beside them', () => {
    const { code, stdout, site, folder, built } = publish([new Release()], { spoil: (releases) => {
        writeFileSync(path.join(releases, 'acme-lamp/secret.key'), 'secret');
        writeFileSync(path.join(releases, 'notes.txt'), 'secret');
    } });
    assert.equal(code, 0, stdout);
    assert.equal(built?.releases, 1);
    assert.deepEqual(readdirSync(path.join(site, 'releases')), ['acme-lamp']);
    assert.deepEqual(readdirSync(published(site, '')).sort(), ['channel.json', 'lamp.hex', 'release.json']);
    for (const name of readdirSync(published(site, ''))) {
        assert.deepEqual(readFileSync(published(site, name)), readFileSync(path.join(folder, 'releases/acme-lamp', name)));
    }
    assert.doesNotMatch(readFileSync(path.join(site, 'sw.js'), 'utf8'), /"releases\//);
});

test('signed releases, with a change of keys beside them', () => {
    const next = makeKey();
    const keys = jsonBytes({ format: 'relock-keys-1', edition: 1, created: '2026-01-02T03:04:05Z',
        keys: [{ id: next.id, public: next.public }] });
    const second = new Release({ document: { name: 'acme-clock' }, keys: [next] });
    const spoil = (/** @type {string} */ releases) => {
        writeFileSync(path.join(releases, 'keys.json'), keys);
        writeFileSync(path.join(releases, 'keys.json.sig'), signatureOf([key], 'relock-keys-v1', keys));
    };
    const { code, stdout, site, built } = publish([new Release({ keys: [next] }), second], { keys: [key], spoil });
    assert.equal(code, 0, stdout);
    assert.equal(built?.releases, 2);
    assert.deepEqual(readdirSync(path.join(site, 'releases')).sort(), ['acme-clock', 'acme-lamp', 'keys.json', 'keys.json.sig']);
    assert.ok(existsSync(published(site, 'release.json.sig')));
});

test('what is named is written before what names it, and the channel last', () => {
    const { site } = publish([new Release({ keys: [key] })], { keys: [key] });
    const times = ['lamp.hex', 'release.json', 'release.json.sig', 'channel.json', 'channel.json.sig']
        .map((name) => statSync(published(site, name), { bigint: true }).mtimeNs);
    assert.deepEqual([...times].sort((a, b) => Number(a - b)), times);
});

test('a newer release replaces the older one; a build without --releases leaves all of them', () => {
    const first = publish([new Release()]);
    const newer = new Release({ document: { sequence: 8, version: '2.2.0' } });
    newer.channelChanges = { edition: 2 };
    const second = publish([newer], { to: first.site });
    assert.equal(second.code, 0, second.stdout);
    assert.equal(JSON.parse(readFileSync(published(first.site, 'release.json'), 'utf8')).sequence, 8);
    const without = workspace.run(['site', 'build', first.site, '--page', SITE]);
    assert.equal(without.code, 0, without.stdout);
    assert.ok(existsSync(published(first.site, 'channel.json')));
});

/** @param {Release} release @param {object} changes */
const withChannel = (release, changes) => Object.assign(release, { channelChanges: changes });

/** @param {string} name @param {(bytes: Buffer) => Uint8Array} change */
const spoiled = (name, change) => (/** @type {string} */ releases) => {
    const file = path.join(releases, 'acme-lamp', name);
    writeFileSync(file, change(readFileSync(file)));
};

/** @param {Buffer} bytes with one bit changed in the middle */
const flipped = (bytes) => {
    bytes[bytes.length >> 1] ^= 1;
    return bytes;
};

/** @type {[string, string, () => ReturnType<typeof publish>][]} */
const REFUSED = [
    ['one that is not signed, where keys are trusted', 'SIGNATURE_MISSING', () => publish([new Release()], { keys: [key] })],
    ['one that somebody else signed', 'KEY_UNKNOWN', () => publish([new Release({ keys: [otherKey] })], { keys: [key] })],
    ['a document that was changed', 'SIGNATURE_WRONG', () => publish([new Release({ keys: [key] })],
        { keys: [key], spoil: spoiled('release.json', (bytes) => Buffer.from(bytes.toString().replace('boot0', 'empty-check'))) })],
    ['a channel that was changed', 'SIGNATURE_WRONG', () => publish([new Release({ keys: [key] })],
        { keys: [key], spoil: spoiled('channel.json', (bytes) => Buffer.concat([bytes, Buffer.from('\n')])) })],
    ['an image that was changed', 'RELEASE_FILE_CHANGED', () => publish([new Release()], { spoil: spoiled('lamp.hex', flipped) })],
    ['an image that was cut off', 'RELEASE_FILE_SIZE', () => publish([new Release()],
        { spoil: spoiled('lamp.hex', (bytes) => bytes.subarray(0, -1)) })],
    ['one that lies under another name', 'RELEASE_OF_ANOTHER_NAME', () => publish([], { spoil: (releases) =>
        new Release().write(path.join(releases, 'acme-clock')) })],
    ['one that has expired', 'RELEASE_EXPIRED', () => publish([new Release({ document: { expires: '2026-01-03T00:00:00Z' } })])],
    ['one that is withdrawn', 'RELEASE_WITHDRAWN', () => publish([withChannel(new Release(), { withdrawn: [7] })])],
    ['one that is not current', 'RELEASE_NOT_CURRENT', () => publish([withChannel(new Release(), { current: 6 })])],
    ['a document that is none', 'DOCUMENT_SYNTAX', () => publish([new Release()],
        { spoil: spoiled('release.json', () => Buffer.from('{')) })],
    ['a good one beside a bad one', 'RELEASE_FILE_CHANGED', () => publish([new Release(),
        new Release({ document: { name: 'acme-clock' } })], { spoil: spoiled('lamp.hex', flipped) })],
    ['no release at all', 'SITE_SOURCE_UNUSABLE', () => publish([])],
];

for (const [what, name, run] of REFUSED) {
    test(`refused: ${what}; nothing is written`, () => {
        const { code, error, site, stdout } = run();
        assert.equal(error?.name, name, stdout);
        assert.notEqual(code, 0);
        assert.ok(!existsSync(site));
    });
}

test('a folder that is a link leads nowhere', () => {
    const first = publish([new Release()]);
    const outside = workspace.path('outside');
    mkdirSync(outside);
    symlinkSync(outside, path.join(first.site, 'releases/acme-clock'));
    const { code, notices } = publish([new Release({ document: { name: 'acme-clock' } })], { to: first.site });
    assert.equal(code, 1);
    assert.match(notices, /no way to releases\/acme-clock/);
    assert.deepEqual(readdirSync(outside), []);
});
