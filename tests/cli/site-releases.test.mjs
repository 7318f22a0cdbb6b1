// @ts-check
/** `relock site build --releases`: only what the site's own page would take is published, and in the right order. */

import assert from 'node:assert/strict';
import {
    cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
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

test('how many releases were checked is said in words that agree', () => {
    const { folder } = publish([new Release()]);
    const words = ['site', 'build', path.join(folder, 'other'), '--site', path.join(folder, 'site.json'), '--page', SITE];
    assert.match(workspace.run(words).stdout, /\b0\s+releases\s+checked\./);
    assert.match(workspace.run([...words, '--releases', path.join(folder, 'releases')]).stdout, /\b1\s+release\s+checked\./);
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
    ['one that is not current', 'RELEASE_NOT_CURRENT', () => publish([withChannel(new Release(), { current: 6 })])],
    ['a document that is none', 'DOCUMENT_SYNTAX', () => publish([new Release()],
        { spoil: spoiled('release.json', () => Buffer.from('{')) })],
    ['a withdrawal that somebody else signed', 'KEY_UNKNOWN', () => publish([withChannel(new Release({ keys: [otherKey] }),
        { withdrawn: [7] })], { keys: [key] })],
    ['a withdrawn one with an image that was changed', 'RELEASE_FILE_CHANGED', () => publish([withChannel(new Release(),
        { withdrawn: [7] })], { spoil: spoiled('lamp.hex', flipped) })],
    ['a signature that is none, where no keys are trusted', 'DOCUMENT_SYNTAX', () => publish([new Release({ keys: [key] })],
        { spoil: spoiled('release.json.sig', () => Buffer.from('root:x:0:0')) })],
    ['a keys.json that is none, where no keys are trusted', 'DOCUMENT_FIELD_MISSING', () => publish([new Release()],
        { spoil: (releases) => writeFileSync(path.join(releases, 'keys.json'), '{"format":"relock-keys-1"}') })],
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

const clock = () => new Release({ document: { name: 'acme-clock' }, keys: [key] });

/** @type {[string, Release, RegExp][]} */
const OVER = [
    ['withdrawn', withChannel(new Release({ keys: [key] }), { edition: 2, withdrawn: [7] }), /acme-lamp: release 7 was withdrawn/],
    ['expired', new Release({ document: { expires: '2026-01-03T00:00:00Z' }, keys: [key] }), /acme-lamp: release 7 has expired/],
    ['of a channel that has expired', withChannel(new Release({ keys: [key] }), { expires: '2026-01-03T00:00:00Z' }),
        /acme-lamp: release 7 has expired, or its channel has/],
];

for (const [what, over, notice] of OVER) {
    test(`a release that is ${what} is published so, with a notice, and the others with it`, () => {
        const { code, site, folder, stdout, notices, built } = publish([clock(), over], { keys: [key] });
        assert.equal(code, 0, stdout);
        assert.match(notices, notice);
        assert.doesNotMatch(notices, /acme-clock/);
        assert.equal(built?.releases, 2);
        for (const name of ['channel.json', 'channel.json.sig', 'release.json', 'release.json.sig', 'lamp.hex']) {
            assert.deepEqual(readFileSync(published(site, name)), readFileSync(path.join(folder, 'releases/acme-lamp', name)));
        }
        assert.ok(existsSync(path.join(site, 'releases/acme-clock/channel.json')));
    });
}

test('a withdrawal takes the place of the channel that offered the release', () => {
    const first = publish([new Release({ keys: [key] })], { keys: [key] });
    const { code, stdout } = publish([OVER[0][1]], { keys: [key], to: first.site });
    assert.equal(code, 0, stdout);
    assert.deepEqual(JSON.parse(readFileSync(published(first.site, 'channel.json'), 'utf8')).withdrawn, [7]);
});

test('without trusted keys signatures and keys.json are published too: others may look at them', () => {
    const keys = jsonBytes({ format: 'relock-keys-1', edition: 1, created: '2026-01-02T03:04:05Z',
        keys: [{ id: key.id, public: key.public }] });
    const { code, stdout, site } = publish([new Release({ keys: [key] })],
        { spoil: (releases) => writeFileSync(path.join(releases, 'keys.json'), keys) });
    assert.equal(code, 0, stdout);
    assert.deepEqual(readdirSync(path.join(site, 'releases')).sort(), ['acme-lamp', 'keys.json']);
    assert.deepEqual(readdirSync(published(site, '')).sort(),
        ['channel.json', 'channel.json.sig', 'lamp.hex', 'release.json', 'release.json.sig']);
});

const LINKED = ['release.json', 'release.json.sig', 'channel.json', 'channel.json.sig', 'lamp.hex', '../keys.json', '../acme-lamp'];
for (const name of LINKED) {
    for (const keys of [[], [key]]) {
        test(`refused: ${name} is a link, on a site with ${keys.length} keys; nothing is written`, () => {
            const spoil = (/** @type {string} */ releases) => {
                const file = path.join(releases, 'acme-lamp', name);
                const aside = path.join(releases, '../aside');
                if (existsSync(file)) {
                    renameSync(file, aside);
                } else {
                    writeFileSync(aside, 'root:x:0:0');
                }
                symlinkSync(aside, path.resolve(file));
            };
            const { error, code, site, notices, stdout } = publish([new Release({ keys: [key] })], { keys, spoil });
            assert.equal(error?.name, 'SITE_SOURCE_UNUSABLE', stdout);
            assert.equal(code, 2);
            assert.match(notices, /is a link or no file/);
            assert.ok(!existsSync(site));
        });
    }
}

test('refused: another name for the folder of a release', () => {
    const { error, notices } = publish([new Release()],
        { spoil: (releases) => symlinkSync('acme-lamp', path.join(releases, 'other-lamp')) });
    assert.equal(error?.name, 'SITE_SOURCE_UNUSABLE');
    assert.match(notices, /other-lamp is a link/);
});

/** @param {string} site all that is published, by path */
const contentOf = (site) => Object.fromEntries(readdirSync(path.join(site, 'releases'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => [entry.name, readFileSync(path.join(entry.parentPath, entry.name), 'latin1')]));

/** @param {number} edition @param {string} [created] */
const withKeys = (edition, created = '2026-01-02T03:04:05Z') => (/** @type {string} */ releases) => {
    const bytes = jsonBytes({ format: 'relock-keys-1', edition, created, keys: [{ id: key.id, public: key.public }] });
    writeFileSync(path.join(releases, 'keys.json'), bytes);
    writeFileSync(path.join(releases, 'keys.json.sig'), signatureOf([key], 'relock-keys-v1', bytes));
};

const signed = (document = {}, channel = {}) => withChannel(new Release({ document, keys: [key] }), channel);

/** @type {[string, () => Release, Parameters<typeof publish>[1], RegExp][]} */
const OLDER = [
    ['an older edition', () => signed({}, { edition: 4 }), {}, /channel\.json has edition 5 and would become 4, which is older/],
    ['the same edition with other content', () => signed({}, { edition: 5, withdrawn: [6] }), {},
        /channel\.json has edition 5 too, with other content\. Raise `edition`/],
    ['a lower sequence in a newer edition', () => signed({ sequence: 6 }, { edition: 6 }), {},
        /release\.json has sequence 7 and would become 6, which is older/],
    ['the same sequence with other content', () => signed({ version: '9.9' }, { edition: 6 }), {},
        /release\.json has sequence 7 too, with other content\. Raise `sequence`/],
    ['older keys', () => signed({}, { edition: 5 }), { spoil: withKeys(2) }, /keys\.json has edition 3 and would become 2/],
    ['other keys of the same edition', () => signed({}, { edition: 5 }), { spoil: withKeys(3, '2026-01-03T03:04:05Z') },
        /keys\.json has edition 3 too, with other content/],
];

for (const [what, release, options, notice] of OLDER) {
    test(`refused: ${what} than what is published; nothing is written`, () => {
        const first = publish([signed({}, { edition: 5 })], { keys: [key], spoil: withKeys(3) });
        assert.equal(first.code, 0, first.stdout);
        rmSync(path.join(first.site, 'index.html'));
        const before = contentOf(first.site);
        const { code, error, notices } = publish([release()], { keys: [key], to: first.site, ...options });
        assert.deepEqual([error?.code, error?.name, code], [8057, 'SITE_RELEASE_OLDER', 4]);
        assert.match(notices, notice);
        assert.deepEqual(contentOf(first.site), before);
        assert.ok(!existsSync(path.join(first.site, 'index.html')));
    });
}

test('signed anew, the same documents take their place', () => {
    const first = publish([new Release({ keys: [key] })], { keys: [key, otherKey] });
    const both = [key, otherKey];
    const { code, stdout } = publish([new Release({ keys: both })], { keys: both, to: first.site });
    assert.equal(code, 0, stdout);
    assert.equal(JSON.parse(readFileSync(published(first.site, 'release.json.sig'), 'utf8')).signatures.length, 2);
});

test('a published file that was damaged is put right', () => {
    const first = publish([new Release()]);
    writeFileSync(published(first.site, 'lamp.hex'), 'damaged');
    const { code, stdout } = publish([new Release()], { to: first.site });
    assert.equal(code, 0, stdout);
    const own = readFileSync(path.join(first.folder, 'releases/acme-lamp/lamp.hex'));
    assert.deepEqual(readFileSync(published(first.site, 'lamp.hex')), own);
});

/** @type {[string, string][]} */
const OWNERS = [['release.json', 'mine'], ['channel.json', '{}'], ['channel.json.sig', 'mine'], ['lamp.hex', 'mine']];

for (const [name, text] of OWNERS) {
    test(`refused: the owner's own ${name} is in the way; nothing is written`, () => {
        const built = workspace.path(`owners-${count++}`);
        assert.equal(workspace.run(['site', 'build', built, '--page', SITE]).code, 0);
        mkdirSync(published(built, ''), { recursive: true });
        writeFileSync(published(built, name), text);
        const { code, error, notices } = publish([new Release({ keys: [key] })], { keys: [key], to: built });
        assert.deepEqual([error?.name, code], ['SITE_NOT_BUILT', 1]);
        assert.match(notices, new RegExp(`acme-lamp/${name.replaceAll('.', '\\.')} is in the way`));
        assert.deepEqual(readdirSync(published(built, '')), [name]);
        assert.equal(readFileSync(published(built, name), 'utf8'), text);
    });
}

test('a file that lies there already, and is the same, is none in the way', () => {
    const first = publish([new Release()]);
    const built = workspace.path('same');
    assert.equal(workspace.run(['site', 'build', built, '--page', SITE]).code, 0);
    cpSync(path.join(first.folder, 'releases'), path.join(built, 'releases'), { recursive: true });
    const { code, stdout } = publish([new Release()], { to: built });
    assert.equal(code, 0, stdout);
});
